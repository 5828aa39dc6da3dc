"""Links that wait for each other in a circle, so that none of their events can ever happen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import TypeAlias

from sequencer.instance.dates import events
from sequencer.instance.facts import Link
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Event, Stage

Node: TypeAlias = tuple[str, Event]
#: An event comes so many months after another, because of a link or (None) on the package's own path.
Edge: TypeAlias = tuple[Node, Node, int, Link | None]


def cycles(instance: Instance) -> list[list[Link]]:
    """Return circles of links whose minimum lags add up to more than the paths of their packages allow.

    Packages that have begun already are left out: what has happened already waits for nothing. So are single
    links between two events of one package: which month of its path is asked for is nothing that links alone say.

    Returns
    -------
    list of list of Link
        The links of a circle in their order; one circle for each knot of packages.
    """
    begun = {
        package.name
        for package in instance.packages
        if package.current_stage not in (None, Stage.INTERNATIONAL)
        or (package.fixed is not None and package.fixed < instance.plan.as_of)
    }
    links = [
        link for link in instance.links if link.minimum is not None and begun.isdisjoint((link.before, link.after))
    ]
    knots = _knots((link.before, link.after) for link in links)
    inside: dict[int, list[Link]] = {}
    for link in links:
        if knots[link.before] == knots[link.after]:
            inside.setdefault(knots[link.before], []).append(link)
    found = (_circle(_edges(instance, knot)) for knot in inside.values() if len(knot) > 1)
    return [circle for circle in found if len(circle) > 1]


def _edges(instance: Instance, links: Iterable[Link]) -> list[Edge]:
    edges: list[Edge] = []
    used: dict[str, set[Event]] = {}
    for link in links:
        before, after = (link.before, link.before_event), (link.after, link.after_event)
        edges.append((before, after, link.minimum or 0, link))
        for package, event in (before, after):
            used.setdefault(package, set()).add(event)
    return [*edges, *(edge for package, named in used.items() for edge in _path(instance, package, named))]


def _path(instance: Instance, package: str, named: set[Event]) -> Iterator[Edge]:
    """Yield how far the events of one package lie from each other at least and at most, whatever its option."""
    chosen = instance.package[package].option
    options = [option for option in instance.options_of[package] if chosen in (None, option.name)]
    dates = [events(instance, option, 0) for option in options]
    for first, second in pairwise(event for event in Event if event in named):
        apart = [date[second] - date[first] for date in dates]
        yield (package, first), (package, second), min(apart), None
        yield (package, second), (package, first), -max(apart), None


def _knots(pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Return the strongly connected component of each package, by number (Tarjan's algorithm without recursion)."""
    after: dict[str, list[str]] = {}
    for one, other in pairs:
        after.setdefault(one, []).append(other)
        after.setdefault(other, [])
    seen: dict[str, int] = {}
    low: dict[str, int] = {}
    knots: dict[str, int] = {}
    open_nodes: list[str] = []
    for root, first in after.items():
        trail = [] if root in seen else [(root, iter(first))]
        while trail:
            node, others = trail[-1]
            if node not in seen:
                seen[node] = low[node] = len(seen)
                open_nodes.append(node)
            following = next(others, None)
            if following is None:
                trail.pop()
                if trail:
                    low[trail[-1][0]] = min(low[trail[-1][0]], low[node])
                if low[node] == seen[node]:
                    _close(open_nodes, node, knots, seen[node])
            elif following not in seen:
                trail.append((following, iter(after[following])))
            elif following not in knots:
                low[node] = min(low[node], seen[following])
    return knots


def _close(open_nodes: list[str], node: str, knots: dict[str, int], number: int) -> None:
    while True:
        member = open_nodes.pop()
        knots[member] = number
        if member == node:
            return


def _circle(edges: list[Edge]) -> list[Link]:
    """Return the links of a circle of edges with a positive sum; empty if there is none (Bellman and Ford)."""
    earliest: dict[Node, int] = {node: 0 for edge in edges for node in edge[:2]}
    reason: dict[Node, Edge] = {}
    moved = True
    while moved:
        moved = False
        for edge in edges:
            before, after, lag, _ = edge
            if earliest[before] + lag > earliest[after]:
                earliest[after] = earliest[before] + lag
                reason[after] = edge
                moved = True
        circle = _returning(reason)
        if circle:
            links = [link for *_, link in circle if link]
            first = min(range(len(links)), key=lambda place: links[place].origin.row or 0)
            return links[first:] + links[:first]
    return []


def _returning(reason: Mapping[Node, Edge]) -> list[Edge]:
    """Return a circle among the edges that gave each event its month, in order; empty if there is none."""
    done: set[Node] = set()
    for start in reason:
        trail: dict[Node, None] = {}
        node = start
        while node in reason and node not in done and node not in trail:
            trail[node] = None
            node = reason[node][0]
        if node in trail:
            nodes = list(trail)
            return [reason[member] for member in reversed(nodes[nodes.index(node) :])]
        done.update(trail)
    return []


def said(circle: list[Link]) -> str:
    """Return a circle in words: every event with the next one that waits for it."""
    return ", ".join(
        f"{link.before} {link.before_event} → {link.after} {link.after_event} "
        f"({link.minimum} {'month' if link.minimum == 1 else 'months'}, row {link.origin.row})"
        for link in circle
    )
