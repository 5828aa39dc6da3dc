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

    Packages that have begun already are left out: what has happened before the plan waits for nothing. So are single
    links between two events of one package: which month of its path is asked for is nothing that links alone say.

    Returns
    -------
    list of list of Link
        The links of a circle in their order; one circle for each knot of events.
    """
    edges = _edges(instance)
    knots = _knots(edges)
    inside: dict[int, list[Edge]] = {}
    for edge in edges:
        if knots[edge[0]] == knots[edge[1]]:
            inside.setdefault(knots[edge[0]], []).append(edge)
    found = (_circle(knot) for knot in inside.values() if any(link for *_, link in knot))
    return [circle for circle in found if len(circle) > 1]


def _edges(instance: Instance) -> list[Edge]:
    begun = {
        package.name
        for package in instance.packages
        if package.current_stage not in (None, Stage.INTERNATIONAL) or (package.fixed is not None and package.fixed < 0)
    }
    links: list[Edge] = [
        ((link.before, link.before_event), (link.after, link.after_event), link.minimum, link)
        for link in instance.links
        if link.minimum is not None and begun.isdisjoint((link.before, link.after))
    ]
    used: dict[str, set[Event]] = {}
    for before, after, *_ in links:
        for package, event in (before, after):
            used.setdefault(package, set()).add(event)
    return [*links, *(edge for package, named in used.items() for edge in _path(instance, package, named))]


def _path(instance: Instance, package: str, named: set[Event]) -> Iterator[Edge]:
    """Yield how far the events of one package lie from each other at least and at most, whatever its option."""
    chosen = instance.package[package].option
    options = [option for option in instance.options_of[package] if chosen in (None, option.name)]
    dates = [events(instance, option, 0) for option in options]
    for first, second in pairwise(event for event in Event if event in named):
        apart = [date[second] - date[first] for date in dates]
        yield (package, first), (package, second), min(apart), None
        yield (package, second), (package, first), -max(apart), None


def _knots(edges: Iterable[Edge]) -> dict[Node, int]:
    """Return the strongly connected component of each event, by number (Tarjan's algorithm without recursion)."""
    after: dict[Node, list[Node]] = {}
    for one, other, *_ in edges:
        after.setdefault(one, []).append(other)
        after.setdefault(other, [])
    seen: dict[Node, int] = {}
    low: dict[Node, int] = {}
    knots: dict[Node, int] = {}
    open_nodes: list[Node] = []
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


def _close(open_nodes: list[Node], node: Node, knots: dict[Node, int], number: int) -> None:
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
