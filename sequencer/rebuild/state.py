"""What the compiled search works on: where packages may go, and where they are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NEVER = 10**6  # a date that no condition counts


class Takes(NamedTuple):
    """What cells take of rows; J cells, C cuts.

    Attributes
    ----------
    at : int array, length J + 1
        Where the stretches of each cell begin: rows one after another of which it takes the same.
    row, stop, need : int array
        The first row of a stretch, the one after its last, and what is taken of each.
    cut : int array, shape (J, C)
        What each cell takes of each cut; cuts stand after the rows.
    """

    at: Ints
    row: Ints
    stop: Ints
    need: Ints
    cut: Ints


class Pairs(NamedTuple):
    """Conditions between the dates of two packages; P packages, Q conditions, D events.

    Attributes
    ----------
    at : int array, length P + 1
        Where the conditions of each package begin.
    other : int array, length Q
        The package it is with.
    event, there : int array, length Q
        The event of this package, and where the dates of that of the other begin.
    low, high : int array, length Q
        The least and the most that the date here may exceed the date there.
    dates : int array
    events_at : int array, length P + 1
        Where the events of each package with a condition begin, each with the months that count; D in all.
    dates_at : int array, length D
        Where their dates begin, one for each cell of the package.
    """

    at: Ints
    other: Ints
    event: Ints
    there: Ints
    low: Ints
    high: Ints
    dates: Ints
    events_at: Ints
    dates_at: Ints


class Relapses(NamedTuple):
    """What relapses need of reserves; J cells, S slots. A slot is a month of a reserve.

    Attributes
    ----------
    at : int array, length J + 1
        Where the entries of each cell in slots begin.
    slot, need : int array
        Slot, and what a relapse then needs.
    people, most : int array, length S
        Force of each slot, and how many relapses it must answer at once.
    """

    at: Ints
    slot: Ints
    need: Ints
    people: Ints
    most: Ints


class Board(NamedTuple):
    """Everything that says where a package may go; P packages, J cells, B places.

    It is told in groups, and compiled functions are handed the groups they read: each array handed on takes time to
    compile.

    Attributes
    ----------
    cells : int array, length P + 1
        Where the cells of each package begin; within a package they stand by their cost, the cheapest first.
    cost : float array, length J
    month : int array, length J
        Transfer month.
    takes : Takes
    pairs : Pairs
    relapses : Relapses
    soft : int array
        The rows in which some cells give instead of taking, and cuts, which came later than the plan; they may be
        broken for a time, at a price.
    largest : int array
        The largest entry of each of those.
    place : int array, length P
    members_at : int array, length B + 1
        Where the packages of each place begin.
    """

    cells: Ints
    cost: Floats
    month: Ints
    takes: Takes
    pairs: Pairs
    relapses: Relapses
    soft: Ints
    largest: Ints
    place: Ints
    members_at: Ints


class State(NamedTuple):
    """A plan, perhaps with packages left out, and what it leaves.

    Attributes
    ----------
    chosen : int array, length P
        The cell of each package, -1 for one that is left out.
    room : int array, length R + C
        What is left of each row and cut.
    worst : int array, shape (S, P + 1)
        What relapses need in each slot, the largest first.
    held : int array, length S
        How many there are.
    missing : float array, length P
        What a package left out costs.
    dear : float array
        What a unit costs by which a soft row is broken.
    order : int array, length J
        The cells of each package in the order in which they are tried.
    reach : int array, length P
        How many of them are tried.
    blocked : int array, length J
        The stretch that stood against each cell the last time, or -1.
    first, last : int array, length D
        Scratch: the dates that others leave to each event of a package.
    """

    chosen: Ints
    room: Ints
    worst: Ints
    held: Ints
    missing: Floats
    dear: Floats
    order: Ints
    reach: Ints
    blocked: Ints
    first: Ints
    last: Ints
