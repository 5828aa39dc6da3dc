"""What lifting brings, what numbers bring together only, and values that are not proven: against trying all plans."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from engines import open_timetables
from test_phrases import UNSAID
from turned_plans import LIMITS, drawn, levers, plans, turned, value
from valued import SMALL

from sequencer import Outcome, Status
from sequencer.answers.explained import binding as told
from sequencer.cpsat.allotment import allot
from sequencer.problem import Cell
from sequencer.questions.binding import Binding, binding
from sequencer.questions.levels.mosts import farthest
from sequencer.questions.turned import Turned
from sequencer.questions.turning import Turning
from sequencer.reasons import lifting
from sequencer.reasons.parts import parts_of

CHECKED = 12  # numbers that are compared, for each draw


def lifting_agrees(outcome: Outcome, found: Binding) -> Counter[str]:
    """Compare what is said of lifting with all timetables of the lifted problem."""
    problem, said = outcome.problem, Counter[str]()
    turning, parts = Turning(outcome.instance), parts_of(problem)
    for position, reason in enumerate(found.reasons):
        caps = [(problem.terms[one.term], (one.value or 0) + one.tolerance) for one in outcome.levels[:position]]
        for address, told_of in list(reason.lifted.items())[:CHECKED]:
            lifted = lifting.without(problem, [part for part in parts if address in turning.of([part])])
            masks = {name: np.argwhere(lifted.open_cells(name)) for name in lifted.paths}
            if math.prod(map(len, masks.values())) > SMALL:
                continue
            cells = [[Cell(int(k), lifted.paths[n].months[int(t)]) for k, t in at] for n, at in masks.items()]
            every = (dict(zip(masks, plan, strict=True)) for plan in itertools.product(*cells))
            values = [
                problem.value(problem.terms[reason.term], plan)
                for plan in every
                if all(problem.value(term, plan) <= most for term, most in caps)
                and not any(lifted.breaches(plan, allot(lifted, plan)))
            ]
            gain = reason.value - min(values)
            read = any(row.address == address and row.improvement > gain for row in found.rows)  # a term reads it
            assert read or told_of.improvement <= gain, (address, told_of, gain)
            assert read or told_of.better is None or told_of.better == (gain > 0), (address, told_of, gain)
            said[str(told_of.better)] += 1
    return said


def test_what_lifting_brings_is_what_trying_all_timetables_says() -> None:
    said = Counter[str]()
    for seed in range(30):
        found = drawn(seed)
        if found is not None:
            said += lifting_agrees(found[0], binding(found[0], limits=LIMITS))
    assert said["True"], said
    assert said["True"] + said["False"] > said["None"], said


def joined(outcome: Outcome, found: Binding) -> Counter[str]:
    """Compare sets of numbers that are worth something together only with all plans."""
    said, known = Counter[str](), levers(outcome.instance)
    for reason in found.reasons:
        for joint in reason.joint:
            changes = {a: min(joint.units, farthest(known[a], joint.units)) for a in joint.addresses}
            for left_out in (None, *joint.addresses):
                kept = {a: units for a, units in changes.items() if a != left_out}
                changed = Turned.by(outcome.instance, kept, known)
                if not kept or changed is None or open_timetables(changed.instance) > SMALL:
                    continue
                gain = reason.value - value(plans(changed.instance), outcome, reason.term)
                if left_out is None:
                    assert gain >= joint.improvement > 0
                    said["sets"] += 1
                elif joint.sure:
                    assert gain == 0, (joint, left_out)
                    said["members"] += 1
        if reason.nothing and reason.alone:
            changed = Turned.by(outcome.instance, {a: farthest(known[a], 3) for a in reason.alone}, known)
            if changed is not None and open_timetables(changed.instance) <= SMALL:
                assert value(plans(changed.instance), outcome, reason.term) == reason.value
                said["nothing"] += 1
    return said


@pytest.mark.slow
def test_numbers_worth_something_together_only_are_what_trying_all_plans_says() -> None:
    said = Counter[str]()
    for seed in range(60):
        found = drawn(seed)
        if found is not None:
            said += joined(found[0], binding(found[0], limits=LIMITS))
    assert said["sets"], said
    assert said["members"], said


def test_what_prices_say_of_a_value_that_is_not_proven_is_never_too_little() -> None:
    """The plan shown may be bad: no changed instance is better than it by more than what is told."""
    compared = 0
    for seed in range(40):
        found = drawn(seed)
        if found is None:
            continue
        outcome, random = found
        levels = tuple(replace(level, bound=None) for level in outcome.levels)
        asked = binding(replace(outcome, status=Status.FEASIBLE, levels=levels), limits=LIMITS)
        known = levers(outcome.instance)
        values = {level.term: level.value or 0 for level in levels}
        for row in random.sample(asked.within, min(CHECKED, len(asked.within))):
            changed = turned(outcome.instance, known[row.address], row.units)
            assert changed is not None
            assert row.most > row.without >= 0
            if open_timetables(changed) <= SMALL:
                assert values[row.term] - value(plans(changed), outcome, row.term) <= row.most, row
                compared += 1
        frame = told.binding(outcome.instance, asked)
        assert len(frame) == len(asked.within)
        assert set(frame["improvement"]) <= {0}
        assert not any(UNSAID.search(line) for line in told.sentences(outcome.instance, asked))
    assert compared > 3
