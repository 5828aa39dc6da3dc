"""Promises in sentences: what parts of rules say, in the language of a phrasebook."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import assert_never

import numpy as np

from sequencer import words
from sequencer.phrases import Phrasebook
from sequencer.problem import Bridge, Closing, Gate, Link, Problem, Reserve, Supply, Width, Window
from sequencer.reasons.parts import Part
from sequencer.vocabulary import MONTH, Event

LISTED = 6  # names, before the rest is counted


class Promises:
    """Says parts of the rules of one problem.

    Parameters
    ----------
    problem : Problem
    book : Phrasebook
    """

    def __init__(self, problem: Problem, book: Phrasebook) -> None:
        self._problem = problem
        self._book = book

    def lines(self, parts: Sequence[Part]) -> list[str]:
        """Return a sentence for each rule of which there are parts."""
        return [self.line(group) for group in self.together(parts)]

    def together(self, parts: Sequence[Part]) -> list[list[Part]]:
        """Return parts in groups that are told in one sentence: those of one rule that differ in months only."""
        ordered = sorted(parts, key=lambda part: (_alike(part), part.month or 0))
        return [list(group) for _, group in groupby(ordered, key=_alike)]

    def line(self, parts: Sequence[Part]) -> str:
        """Return the sentence for parts that are told together."""
        part, rule = parts[0], self._problem.rules[parts[0].position]
        match rule:
            case Window():
                said = self._window(rule)
            case Link():
                said = self._link(rule, part.id)
            case Width():
                names = self._book.many([self._book.package(name) for name in rule.about], LISTED)
                said = self._book.say("promise.width", packages=names, width=self._months(rule.width))
            case Gate():
                said = self._gate(rule)
            case Supply():
                said = self._supply(rule, parts)
            case Reserve():
                said = self._reserve(rule, parts)
            case Bridge():
                said = self._money(rule, parts)
            case _:
                assert_never(rule)
        return said[:1].upper() + said[1:]

    def cap(self, term: str, most: int) -> str:
        """Say that a term must stay at most at a value."""
        unit = self._problem.terms[term].unit
        value = self._month(most) if unit == MONTH else words.amount(most, unit)
        return self._book.sentence("promise.cap", term=self._book.say(f"term.{term}"), value=value)

    def _month(self, number: int) -> str:
        return self._book.month(self._problem.calendar, number)

    def _months(self, count: int) -> str:
        return self._book.say("word.months", count=count)

    def _window(self, window: Window) -> str:
        clause, book, measure = window.clause, self._book, window.measure
        months = [self._month(month) for month in clause.months]
        listed = [words.spaced(name) for name in clause.names] or months
        said = book.say(
            f"promise.window.{clause.kind.value}",
            subject=words.spaced(clause.subject),
            event=book.say(f"event.{(clause.event or Event.TRANSFER).value}"),
            month=months[0] if months else "",
            last=months[-1] if months else "",
            names=book.many(listed, LISTED) if listed else "",
            needed="" if measure is None else book.decimal(measure.needed, measure.scale),
        )
        package = book.package(window.package)
        if clause.kind in {Closing.FIXED, Closing.EARLIEST, Closing.LATEST}:
            return book.say("promise.plain", package=package, said=said)
        return book.say("promise.leaves", package=package, said=said, left=self._left(window))

    def _left(self, window: Window) -> str:
        """Say which transfer months a window leaves, with what holds by definition."""
        path, mask = self._problem.paths[window.package], ~window.closed
        for other in self._problem.windows[window.package]:
            if other.id == "P1":
                mask = mask & ~other.closed
        months = [path.months[column] for column in np.flatnonzero(mask.any(axis=0)).tolist()]
        if not months:
            return self._book.say("promise.left.none")
        first, last = self._month(months[0]), self._month(months[-1])
        if len(months) == 1:
            return self._book.say("promise.left.one", first=first)
        name = "all" if len(months) == months[-1] - months[0] + 1 else "some"
        return self._book.say(f"promise.left.{name}", first=first, last=last)

    def _link(self, link: Link, bound: str) -> str:
        lag = (link.minimum if bound == "L1" else link.maximum) or 0
        way = "later" if lag > 0 else "earlier" if lag < 0 else "same"
        before, after = (
            self._book.say(
                "promise.event", event=self._book.say(f"event.{event.value}"), package=self._book.package(name)
            )
            for name, event in ((link.before, link.before_event), (link.after, link.after_event))
        )
        name = f"obstacle.link.{'least' if bound == 'L1' else 'most'}_{way}"
        return self._book.say(name, before=before, after=after, lag=self._months(abs(lag)))

    def _event(self, package: str, event: Event) -> str:
        named = self._book.say(f"event.{event.value}")
        return self._book.say("promise.event", event=named, package=self._book.package(package))

    def _gate(self, gate: Gate) -> str:
        names = self._book.many([self._book.package(name) for name in gate.before], LISTED)
        event = self._book.say(f"event.{gate.event.value}")
        lag = self._months(gate.minimum)
        return self._book.say("promise.gate", phase=words.spaced(gate.phase), event=event, packages=names, lag=lag)

    def _supply(self, supply: Supply, parts: Sequence[Part]) -> str:
        buckets = sorted(int(part.at[1]) for part in parts)
        held = [supply.capacity[b] for b in buckets]
        least, most = words.number(min(held)), words.number(max(held))
        amount = least if least == most else self._book.say("promise.range", least=least, most=most)
        unit = "" if supply.unit == supply.resource else supply.unit
        labels = self._spans([(supply.buckets[b].start, supply.buckets[b].stop - 1) for b in buckets])
        pool, amount = words.spaced(supply.name), f"{amount} {unit}".strip()
        return self._book.say("promise.supply", pool=pool, amount=amount, when=labels)

    def _reserve(self, reserve: Reserve, parts: Sequence[Part]) -> str:
        months = sorted(int(part.at[1]) for part in parts)
        people = words.number(min(reserve.people[month] for month in months))
        scope = self._book.scope(reserve.scope)
        when = self._spans([(month, month) for month in months])
        return self._book.say("promise.reserve", scope=scope, people=people, count=reserve.k, when=when)

    def _money(self, rule: Bridge, parts: Sequence[Part]) -> str:
        part, book = parts[0], self._book
        kind = str(part.at[0])
        if kind == "unserved":
            return book.say(
                "promise.money.unserved", packages=book.many([book.package(p) for p in part.packages], LISTED)
            )
        if kind == "share":
            share = rule.shares[int(part.at[1])]
            donor, most = words.spaced(share.donor), book.decimal(share.thousandths, 10)
            return book.say("promise.money.share", donor=donor, share=most)
        line = rule.lines[int(part.at[1])]
        source = words.spaced(line.name)
        years = [int(each.at[2]) for each in parts]
        if kind in {"growth", "fall"}:
            return book.say(f"promise.money.{kind}", line=source)
        when = book.many([rule.labels[b] for b in years], LISTED)
        if kind == "condition":
            condition = line.conditions[years[0]]
            event, name = ("", "") if condition is None else (book.say(f"event.{condition[1].value}"), condition[0])
            return book.say("promise.money.condition", line=source, event=event, package=book.package(name))
        amount = words.amount(sum(line.amounts[b] for b in years), rule.unit)
        return book.say("promise.money.amount", line=source, amount=amount, when=when)

    def _spans(self, spans: Sequence[tuple[int, int]]) -> str:
        """Say stretches of months, those that touch as one."""
        joined: list[tuple[int, int]] = []
        for first, last in spans:
            if joined and joined[-1][1] + 1 == first:
                joined[-1] = joined[-1][0], last
            else:
                joined.append((first, last))
        said = [
            self._month(first)
            if first == last
            else self._book.say("promise.span", first=self._month(first), last=self._month(last))
            for first, last in joined
        ]
        return self._book.many(said, LISTED)


def _alike(part: Part) -> tuple[int, str]:
    """Return what parts have in common that are told in one sentence: all but the month or year."""
    kind = part.at[0] if part.at else ""
    told = part.at if kind == "share" or len(part.at) == 1 else part.at[:-1]
    return part.position, repr(told)
