"""Many solves of one instance: what was asked before is not asked again, and what is known helps what comes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any

from sequencer.engine.run import Stoppable
from sequencer.instance.changes import Value, but
from sequencer.instance.digest import digest
from sequencer.instance.facts import Goal
from sequencer.instance.instance import Instance
from sequencer.outcome import PARTS, Limits
from sequencer.running.many import Many
from sequencer.running.record import Record
from sequencer.sensitivity.answer import Answer
from sequencer.sensitivity.easier import no_harder
from sequencer.sensitivity.task import Changes, Other, Setting, Task, work
from sequencer.solving.informed import keep
from sequencer.timetable import Choices

EASIER = 3  # runs whose bounds are looked at, and
PLANS = 6  # timetables that are tried, before a run is searched

#: Told how many runs are done, of how many, after each.
Hear = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What one run asks; see ``Task``. ``name``: what it is called in others' answers."""

    name: str
    changes: Changes = ()
    caps: tuple[tuple[str, int], ...] = ()
    objective: tuple[Goal, ...] = ()

    @property
    def key(self) -> str:
        """What it asks, as text."""
        goals = [[goal.term, goal.tolerance] for goal in self.objective]
        return json.dumps([[[a, str(v), _kind(v)] for a, v in self.changes], self.caps, goals], ensure_ascii=False)


def _kind(value: Value) -> str:
    return "text" if isinstance(value, str) else "number"  # "+1" is a change, 1 a value


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose answer others may use."""

    question: Question
    instance: Instance
    answer: Answer


@dataclass
class Study:
    """Questions about one instance, and the answers so far.

    Attributes
    ----------
    setting : Setting
    stop : Stoppable
        Ends the study; what is done is kept.
    path : Path or None
        File of answers, gone on with if it is there.
    executor : Executor or None
        What does the work; None: a pool of processes.
    hear : callable or None
        Told after each run how many are done, of how many.

    Raises
    ------
    UsageError
        If the file cannot be used, or a change is not possible; before anything is solved.
    """

    setting: Setting
    stop: Stoppable
    path: Path | None = None
    executor: Executor | None = None
    hear: Hear | None = None
    lost: set[str] = field(default_factory=set)
    _asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._record = Record(self.path, _about(self.setting))
        room = max(1, _cores() // (self.setting.limits.workers or _cores()))
        self._many = Many(work, self.stop, self.executor, room)

    def __enter__(self) -> Study:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End what does the work, if it was made for it."""
        self._many.__exit__(kind, error, at)

    def ask(self, waves: Sequence[Sequence[Question]]) -> dict[str, Answer]:
        """Return the answers there are in the end, by the key of the question.

        Runs of a wave know of those before it and not of one another, so that what they find does not depend on which
        of them comes first.
        """
        instances = {q.key: but(self.setting.instance, q.changes) for wave in waves for q in wave}
        total, done = len(instances), 0
        for wave in waves:
            questions = {question.key: question for question in wave}
            new = [question for key, question in questions.items() if key not in self._record.known]
            done += len(questions) - len(new)
            self._tell(done, total)
            self._solve(new, instances, done, total)
            done += len(new)
            for key, question in questions.items():
                if key in self._record.known:
                    self._asked.append(Asked(question, instances[key], self._answer(key)))
            if self.stop.is_set():
                break
        return {key: self._answer(key) for key in instances if key in self._record.known}

    def _answer(self, key: str) -> Answer:
        return Answer.read(self._record.known[key])

    def _tell(self, done: int, total: int) -> None:
        if self.hear is not None:
            self.hear(done, total)

    def _solve(self, new: Sequence[Question], instances: Mapping[str, Instance], done: int, total: int) -> None:
        """Do what is not on record, and put it there as it comes."""
        heard = 0

        def hear(number: int, answer: Mapping[str, Any]) -> None:
            nonlocal heard
            heard += 1
            self._record.add(new[number].key, answer)
            self._tell(done + heard, total)

        tasks = [self._task(question, instances[question.key]) for question in new]
        lost = self._many.run(tasks, hear)
        self.lost |= {new[each.number].key for each in lost}

    def _task(self, question: Question, instance: Instance) -> Task:
        """Return a question with what is known that may help."""
        goals = question.objective or self.setting.objective
        easier = [asked for asked in self._asked if asked.answer.levels or not asked.answer.choices]
        easier = [
            asked
            for asked in easier
            if keep(dict(question.caps), asked.question.caps) and no_harder(asked.instance, instance)
        ]
        easier.sort(key=lambda asked: _bounds(asked.answer), reverse=True)
        return Task(
            setting=self.setting,
            changes=question.changes,
            caps=question.caps,
            objective=question.objective,
            easier=[
                Other(by=a.question.name, changes=a.question.changes, caps=a.question.caps, answer=a.answer)
                for a in easier[:EASIER]
            ],
            plans=list(self._plans(question, instance, goals))[:PLANS],
        )

    def _plans(self, question: Question, instance: Instance, goals: Sequence[Goal]) -> Iterator[tuple[str, Choices]]:
        """Yield timetables that may be plans: the best of those that are sure to be, then what would be better."""
        terms = [goal.term for goal in goals]
        held = [asked for asked in self._asked if asked.answer.choices and asked.answer.values]
        held.sort(key=lambda asked: _values(asked.answer, terms))
        sure = next((asked for asked in held if no_harder(instance, asked.instance)), None)
        better = held if sure is None else held[: held.index(sure)]
        seen = list[Choices]()
        for asked in (*([] if sure is None else [sure]), *sorted(better, key=lambda a: _apart(a.question, question))):
            choices = asked.answer.choices
            if choices is not None and choices not in seen:
                seen.append(choices)
                yield asked.question.name, choices


def _values(answer: Answer, terms: Sequence[str]) -> list[float]:
    values = answer.values or {}
    return [values.get(term, float("inf")) for term in terms]


def _bounds(answer: Answer) -> tuple[bool, list[float]]:
    """Return what an answer proves, as something to sort by: no plan at all proves most."""
    bounds = [float("-inf") if level.bound is None else level.bound for level in answer.levels]
    return not answer.levels, bounds


def _apart(one: Question, other: Question) -> int:
    """Return how many numbers two runs turn otherwise."""
    return len(set(one.changes) ^ set(other.changes))


def _about(setting: Setting) -> dict[str, Any]:
    """Return what must be the same for answers to be the same."""
    limits: Limits = setting.limits
    return {
        "digest": digest(setting.instance),
        "objective": [[goal.term, goal.tolerance] for goal in setting.objective],
        "limits": [limits.seconds, limits.workers, limits.seed, limits.deterministic],
        "engine": setting.engine,
        "reasons": setting.reasons,
        "versions": {part: version(part) for part in PARTS},
    }


def _cores() -> int:
    return os.cpu_count() or 1
