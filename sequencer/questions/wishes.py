"""Wishes: what a planner would rather have, as rules added to the problem, or as a changed instance.

==============================  =====================================================================================
``aileu/policing=2028-03``      the transfer comes in this month; with ``<=`` by it, with ``>=`` not before it
``aileu/policing earlier``      the transfer comes before the month it has in the plan
``aileu by 2028-03``            all transfers of a place, a function or a package come by this month
``aileu before lautem``         each transfer comes before its counterpart: of packages, of the functions that both
                                places have, of the places that have both functions
``exit by 2030-06``             the latest exit comes by this month; ``departure``, too
``without donor japan``         this donor pays nothing, and nothing that it asks for counts any more: how fast what it
                                gives may change, what it waits for, and its share of a year
==============================  =====================================================================================
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sequencer.compile import compile_instance
from sequencer.errors import UsageError
from sequencer.instance.changes import month_of
from sequencer.instance.facts import Pledge
from sequencer.instance.instance import Instance
from sequencer.instance.levers import addresses
from sequencer.problem import Cell, Clause, Closing, Link, Problem, Rule, Window
from sequencer.vocabulary import Event, Origin

#: Id of what is wished, and where it stands.
WISH = "wish"
HERE = (Origin("the wish"),)

MONTH = r"(?P<month>[0-9]{4}-[0-9]{2})"
FORMS = {
    "without": re.compile(r"without\s+donor\s+(?P<name>.+)"),
    "dated": re.compile(rf"(?P<name>[^=<>]+?)\s*(?P<sense>=|<=|>=)\s*{MONTH}"),
    "earlier": re.compile(r"(?P<name>.+?)\s+earlier"),
    "by": re.compile(rf"(?P<name>.+?)\s+by\s+{MONTH}"),
    "before": re.compile(r"(?P<name>.+?)\s+before\s+(?P<other>.+)"),
}
EXAMPLES = (
    "'aileu/policing=2028-03', 'aileu/policing<=2028-03', 'aileu/policing earlier', 'aileu by 2028-03', "
    "'aileu before lautem', 'exit by 2030-06', 'without donor japan'"
)
MAXIMA = ("exit", "departure")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wished.

    Attributes
    ----------
    text : str
        As it was written.
    instance : Instance
        In which it is asked: changed where the wish is about a donor.
    problem : Problem
        With the rules that the wish adds, the last ones.
    packages : tuple of str
        Those it is about; empty where it is about all.
    kept : frozenset of str
        Addresses of numbers that the wish itself says: to change them would be to wish something else.
    """

    text: str
    instance: Instance
    problem: Problem
    packages: tuple[str, ...]
    kept: frozenset[str] = frozenset()


def wish(text: str, instance: Instance, problem: Problem, cells: Mapping[str, Cell]) -> Wish:
    """Return a wish about a plan as a problem.

    Parameters
    ----------
    text : str
        In one of the forms above.
    instance : Instance
    problem : Problem
        Compiled from it.
    cells : mapping of str to Cell
        The plan.

    Raises
    ------
    UsageError
        If it is not understood, or names what is not there; with the nearest names.
    """
    asked = text.strip()
    for form, pattern in FORMS.items():
        match = pattern.fullmatch(asked)
        if match is None:
            continue
        words = match.groupdict()
        if form == "without":
            return _without(asked, words["name"], instance)
        rules = _rules(form, words, instance, problem, cells)
        about = tuple(dict.fromkeys(name for rule in rules for name in _about(rule)))
        return Wish(asked, instance, replace(problem, rules=(*problem.rules, *rules)), about)
    raise UsageError(f"{text!r} is not understood; a wish is like {EXAMPLES}")


def _rules(
    form: str, words: Mapping[str, str], instance: Instance, problem: Problem, cells: Mapping[str, Cell]
) -> tuple[Rule, ...]:
    name = words["name"]
    if form == "before":
        return tuple(_earlier(problem, *pair, cells) for pair in _pairs(name, words["other"], instance))
    if form == "by" and name in MAXIMA:
        return _at_most(name, month_of(words["month"], instance.calendar), problem)
    if form == "by":
        month = month_of(words["month"], instance.calendar)
        return tuple(_dated(problem, package, "<=", month) for package in _named(name, instance))
    if name not in problem.paths:
        raise UsageError(f"there is no package {name!r}{_near(name, problem.paths)}")
    if form == "earlier":
        return (_dated(problem, name, "<=", cells[name].transfer - 1),)
    return (_dated(problem, name, words["sense"], month_of(words["month"], instance.calendar)),)


def _about(rule: Rule) -> tuple[str, ...]:
    if isinstance(rule, Window):
        return (rule.package,)
    return rule.about if isinstance(rule, Link) else ()


def _dated(problem: Problem, package: str, sense: str, month: int) -> Window:
    """Return the window that leaves a package the months that are wished."""
    path = problem.paths[package]
    off = np.array([list(path.months)] * len(path.options), dtype=np.int64) - month
    over = {"=": abs(off), "<=": off, ">=": -off}[sense]
    word = {"=": "in", "<=": "by", ">=": "not before"}[sense]
    return wished(package, over, f"the wish: transfer {word} {problem.calendar.label(month)}")


def wished(package: str, over: NDArray[np.int64], text: str) -> Window:
    """Return a window that closes the cells that are not wished; ``over`` says by how many months, shape (K, T)."""
    return Window(WISH, package, over, "months", text, Clause(Closing.WISH), HERE)


def _at_most(name: str, month: int, problem: Problem) -> tuple[Window, ...]:
    term = problem.terms.get(name)
    if term is None:
        raise UsageError(f"there is no {name} here: no package needs what the mission owns")
    text = f"the wish: {name} by {problem.calendar.label(month)}"
    return tuple(wished(package, table - month, text) for package, table in term.tables.items())


def _earlier(problem: Problem, first: str, second: str, cells: Mapping[str, Cell]) -> Rule:
    """Return the rule that one package transfers before another.

    A link is dropped where both come before the plan; then they are facts, and may be against the wish.
    """
    if cells[first].transfer < 0 and cells[second].transfer < 0:
        return _dated(problem, first, "<=", cells[second].transfer - 1)
    return Link(first, Event.TRANSFER, second, Event.TRANSFER, 1, None, origins=HERE)


def _pairs(first: str, second: str, instance: Instance) -> list[tuple[str, str]]:
    """Return the packages of one name, each with its counterpart."""
    names = {package.name for package in instance.packages}
    kinds = [
        {p.name: p.name for p in instance.packages},
        {p.place: "" for p in instance.packages},
        {p.function: "" for p in instance.packages},
    ]
    for word in (first, second):
        known = {key for kind in kinds for key in kind}
        if word not in known:
            raise UsageError(f"there is no package, place or function {word!r}{_near(word, known)}")
    if first in names and second in names:
        pairs = [(first, second)]
    elif {first, second} <= kinds[1].keys():
        pairs = [(f"{first}/{p.function}", f"{second}/{p.function}") for p in instance.packages if p.place == first]
    elif {first, second} <= kinds[2].keys():
        pairs = [(f"{p.place}/{first}", f"{p.place}/{second}") for p in instance.packages if p.function == first]
    else:
        raise UsageError(f"{first!r} and {second!r} are not alike: two packages, two places or two functions")
    pairs = [pair for pair in pairs if names.issuperset(pair) and pair[0] != pair[1]]
    if not pairs:
        raise UsageError(f"{first!r} and {second!r} have no counterparts: nothing would come before anything")
    return pairs


def _named(name: str, instance: Instance) -> Sequence[str]:
    """Return the packages of a name: one, or those of a place or of a function."""
    found = [p.name for p in instance.packages if name in {p.name, p.place, p.function}]
    if not found:
        known = {word for p in instance.packages for word in (p.name, p.place, p.function)} | set(MAXIMA)
        raise UsageError(f"there is no package, place, function or term {name!r}{_near(name, known)}")
    return found


def _without(text: str, donor: str, instance: Instance) -> Wish:
    """Return the instance in which a donor pays nothing: its sources remain with nothing in them, and ask for nothing.

    A source is never taken away, as without any there would be no rule about money. What it gives may end at once,
    however slowly it had to fall before: who asks what there is without a donor does not ask for its way out. What
    packages earn for a source of the donor's stays in it.
    """
    donors = sorted({pledge.donor for pledge in instance.pledges})
    if donor not in donors:
        raise UsageError(f"there is no donor {donor!r} with a pledge{_near(donor, donors)}")
    changed = replace(
        instance,
        pledges=tuple(_empty(pledge) if pledge.donor == donor else pledge for pledge in instance.pledges),
        donors=tuple(replace(one, max_share=None) if one.name == donor else one for one in instance.donors),
    )
    kept = {
        address
        for address, lever in addresses(changed, "pledge").items()
        if changed.pledges[lever.position].donor == donor
    }
    return Wish(text, changed, compile_instance(changed), (), frozenset(kept))


def _empty(pledge: Pledge) -> Pledge:
    """Return a pledge that gives nothing and asks for nothing."""
    return replace(pledge, amount=0, max_growth=None, max_fall=None, base=None, condition=None)


def _near(name: str, known: Sequence[str] | set[str] | Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.5)
    return f"; nearest: {', '.join(near)}" if near else ""
