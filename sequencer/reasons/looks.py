"""Where a contradiction is looked for: some packages, and some of the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sequencer.engine.run import Caps
from sequencer.engine.tables import Masks, need_tables, open_masks
from sequencer.problem import Bridge, Gate, Link, Problem, Supply, Width, Window
from sequencer.reasons.dated import Dated
from sequencer.reasons.scope import Scope

MOST = 8  # scarce resources that are looked at alone


@dataclass(frozen=True, slots=True)
class Look:
    """Some packages, and some of the rules.

    Attributes
    ----------
    scope : str
        The place; empty for the country, unless there is one place only.
    packages : tuple of str
    rules : frozenset of int, or None
        Positions; None: all.
    shared : int or None
        The position of the one resource that is looked at with dates.
    is_certain : bool
        Whether that resource is known not to suffice.
    is_whole : bool
        Whether nothing is left out.
    is_priced : bool
        Whether its contradiction is looked for by prices of what is shared.
    """

    scope: str
    packages: tuple[str, ...]
    rules: frozenset[int] | None = None
    shared: int | None = None
    is_certain: bool = False
    is_whole: bool = False
    is_priced: bool = False


def looks(
    problem: Problem,
    scopes: Sequence[Scope],
    always: Caps,
    dated: Dated | None,
    scarce: Callable[[], Sequence[int]],
) -> Iterator[Look]:
    """Yield where to look, in this order: dates, resources that cannot suffice, places, resources, everything.

    ``dated`` knows which places cannot keep their dates: these are looked at first, each alone, and the dates of all
    together only where it knows no timetable that keeps them. None: all together are looked at at once.
    ``scarce`` is asked for the positions of rules about resources that prices prove to be too scarce: each of them with
    dates is looked at, then all of them together. Where it knows none, needs are added up.

    A resource cannot suffice if what every package needs at least, whatever else, is more than all there is; these come
    first since their contradiction is certain, the others by how near they are to that.
    """
    names, country = tuple(problem.paths), next(iter(scopes[-1].blocks))
    dates = frozenset(i for i, rule in enumerate(problem.rules) if isinstance(rule, Window | Link | Width | Gate))
    shared = [i for i in range(len(problem.rules)) if i not in dates]
    if dated is not None:
        blocks = scopes[0].blocks
        yield from (Look(place, blocks[place], dates) for place in dated.closed() if place in blocks)
    if dated is None or not dated.holds():
        yield Look(country, names, dates)
    found = scarce()
    yield from (Look(country, names, dates | {i}, i, is_priced=True) for i in found[:MOST])
    if len(found) > 1:
        yield Look(country, names, dates.union(found), is_priced=True)
    masks = open_masks(problem, [(term, cap) for term, cap in always if term.maximum])
    order = sorted(((tightness(problem, i, masks), i) for i in shared), key=lambda found: -found[0])
    yield from [Look(country, names, dates | {i}, i, is_certain=True) for share, i in order if share > 1]
    for scope in scopes[:1] if len(scopes) > 1 else ():
        for place, packages in scope.blocks.items():
            yield Look(place, packages)
    if len(shared) > 1:
        yield from (Look(country, names, dates | {i}, i) for share, i in order if share <= 1)
    yield Look(country, names, is_whole=True)


def tightness(problem: Problem, position: int, masks: Masks) -> float:
    """Return what all packages need of a resource at least, each in the open cell that needs least, by what there is.

    Parameters
    ----------
    problem : Problem
    position : int
        Of a rule about a resource; of a reserve, which is not used up, the answer is 0.
    masks : mapping of str to bool array, shape (K, T)
    """
    rule = problem.rules[position]
    if not isinstance(rule, Supply | Bridge):
        return 0.0
    needed, ended = 0, rule.ended if isinstance(rule, Supply) else 0  # what has ended has room for all
    for name, demands in rule.demands_of.items():
        tables = need_tables(rule.buckets, demands, problem.paths[name])[ended:].sum(axis=0)
        mask = masks[name]
        needed += int((tables[mask] if mask.any() else tables).min())
    there = sum(rule.capacity[ended:]) if isinstance(rule, Supply) else sum(sum(line.amounts) for line in rule.lines)
    return needed / max(1, there)
