"""What holds a term at its best value, in sentences: first places and resources, then promises and months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sequencer import words
from sequencer.phrases import Phrasebook
from sequencer.problem import Gate, Link, Problem, Reserve, Supply, Width, Window
from sequencer.questions.worth import Reason
from sequencer.reasons.parts import Part
from sequencer.reasons.promises import Promises

NAMED = 12  # places and resources, before the rest is counted
LISTED = 4  # packages of a width


def held(reason: Reason, problem: Problem, book: Phrasebook) -> Iterator[str]:
    """Yield what stands against a better value, at two levels of detail; nothing where no contradiction was proven."""
    if reason.parts is None:
        return
    term = book.say(f"term.{reason.term}")
    groups = groups_of(reason, problem, book) or [book.say("binding.definition")]
    yield book.say("binding.groups", term=term, groups=book.many(groups, NAMED))
    lines = list(Promises(problem, book).lines(reason.parts))
    if lines:
        yield book.say("binding.parts")
    yield from (f"- {line}" for line in lines)
    if not reason.sure:
        yield book.say("binding.less")


def groups_of(reason: Reason, problem: Problem, book: Phrasebook) -> list[str]:
    """Return what each group of a reason is about: a place, or a resource or another rule."""
    return [_about(group, problem, book) for group in reason.groups]


def _about(group: Sequence[Part], problem: Problem, book: Phrasebook) -> str:  # noqa: PLR0911 - one for each kind
    rule = problem.rules[group[0].position]
    match rule:
        case Window():
            return book.say("binding.dates", place=words.spaced(rule.package.partition("/")[0]))
        case Supply():
            return words.spaced(rule.name)
        case Link():
            return book.say("binding.link", before=book.package(rule.before), after=book.package(rule.after))
        case Width():
            packages = book.many([book.package(name) for name in rule.about], LISTED)
            return book.say("binding.width", packages=packages)
        case Gate():
            return book.say("binding.gate", phase=words.spaced(rule.phase))
        case Reserve():
            return book.say("binding.reserve", scope=book.scope(rule.scope))
        case _:
            return book.say("binding.money")
