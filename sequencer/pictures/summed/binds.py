"""What holds the dates, and what would help most: what is proven where it was asked, what is tight where it was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from sequencer.answers.conditions.sentences import packages
from sequencer.answers.discretion import Discretion
from sequencer.answers.explained.binding import gained, name, sentences, turned
from sequencer.answers.explained.holding import held
from sequencer.answers.explained.wishes import moves_line, price_line
from sequencer.instance.levers import addresses
from sequencer.pictures.summed.block import Block, block, points
from sequencer.pictures.summed.missing import contradiction
from sequencer.pictures.told import Told
from sequencer.questions.why import Tier, Why
from sequencer.questions.worth import Binding, Reason, Sure, Worth
from sequencer.reasons.local.clauses import Clauses
from sequencer.reasons.local.earlier import answer
from sequencer.reasons.local.locally import Local
from sequencer.reasons.local.obstacles import Begins
from sequencer.vocabulary import MONTH

HELPS = 5  # numbers that are named
HOLDERS = 3  # packages that hold the last exit, of which it is told why they do not come earlier
BINDING = "sequencer report --binding"
EARLIER = " earlier"  # how the wish for a package to come earlier ends

#: What the rules that hold packages are called, by their ids in models/problem.md.
RULES = {
    **dict.fromkeys(("P1", "W10"), "stage"),
    "W1": "readiness",
    **dict.fromkeys(("W2", "W3"), "threat"),
    "W4": "calendar",
    **dict.fromkeys(("W5", "W6", "W7"), "dates"),
    "W8": "mandate",
    **dict.fromkeys(("W9", "L4"), "phase"),
    **dict.fromkeys(("L1", "L2", "L3"), "others"),
    **dict.fromkeys(("S1", "S2", "S3", "S4", "S5", "S6", "S7"), "supply"),
    "R1": "reserve",
}


def binds(told: Told) -> Block | None:
    """Return what holds the dates; None without a plan."""
    if told.outcome.choices is None:
        return None
    binding = told.explanation.binding
    lines = _tight(told) if binding is None else _proven(told, binding)
    return block(told.book.say("summary.binds"), [*lines, *_last(told)])


def _tight(told: Told) -> Iterator[str]:
    """Yield which rules hold how many packages at their months: no more than that, and never called binding."""
    book, as_of = told.book, told.instance.plan.as_of
    by_rule: dict[str, set[str]] = {}
    hidden: set[str] = set()
    for each in told.outcome.held:
        if (told.outcome.choices or {})[each.package].transfer <= as_of:
            continue
        rule = RULES.get(each.rule, "aim")
        if told.seen.tight(each):
            by_rule.setdefault(rule, set()).add(each.package)
        else:
            hidden.add(rule)
    if by_rule:
        yield book.say("summary.tight")
        counts = Counter({rule: len(packages) for rule, packages in by_rule.items()}).most_common()
        rows = ((book.say(f"summary.rule.{rule}"), count) for rule, count in counts)
        yield from points(book.say("summary.held", what=what, count=count) for what, count in rows)
    if hidden:
        yield book.say("summary.withheld", count=len(hidden))


def _proven(told: Told, binding: Binding) -> Iterator[str]:
    """Yield which places and means stand against a better value of each thing the plan aims at, where it is proven."""
    for reason in binding.reasons:
        yield from islice(against(told, reason), 1)
    for term in binding.unproven:
        yield told.book.sentence("binding.unproven", term=told.book.say(f"term.{term}"))


def against(told: Told, reason: Reason) -> Iterator[str]:
    """Yield what stands against a better value of one term: first places and means, then promises and months."""
    problem, book = told.outcome.problem, told.book
    if reason.parts is None:
        yield book.sentence("summary.unproven_reason", term=book.say(f"term.{reason.term}"))
        return
    open_ = _seen(reason, told.seen)
    hidden = len(reason.parts) - len(open_.parts or ())
    if open_.parts or not hidden:
        yield from held(open_, problem, book)
    if hidden:
        yield book.say("summary.withheld", count=hidden)


def _seen(reason: Reason, seen: Discretion) -> Reason:
    """Return a reason without the parts that the audience may not read."""
    groups = (seen.parts(group) for group in reason.groups)
    return replace(reason, parts=seen.parts(reason.parts or ()), groups=tuple(group for group in groups if group))


def _last(told: Told) -> Iterator[str]:
    """Yield which packages hold the last exit, and why they do not come earlier."""
    book, rows = told.book, told.scene.rows
    leaves = max(row.exit for row in rows)
    if leaves <= told.instance.plan.as_of:
        return
    names = [row.package for row in rows if row.exit == leaves]
    yield book.say("summary.last", exit=book.month(told.calendar, leaves), packages=packages(names, book))
    known = {one.package: one for one in told.explanation.local}
    yield from points(alone(told, known[each]) for each in names[:HOLDERS] if each in known)
    for asked in told.explanation.earlier:
        yield from _why(told, asked)


def alone(told: Told, local: Local) -> str:
    """Return what stands against a package coming a month earlier alone, as far as the audience may read it."""
    book, problem, seen = told.book, told.outcome.problem, told.seen
    is_settled = local.transfer < problem.as_of or any(isinstance(one, Begins) for one in local.first)
    if told.is_mission or is_settled:
        return str(answer(local, problem, book))
    if not local.first:  # money, or what the plan aims at; what stands behind that may be secret
        return answer(local, problem, book).first
    clauses = Clauses(local.package, problem.calendar, problem.horizon, book)
    said = [clauses.obstacle(one) for one in local.first if seen.obstacle(one)]
    if hidden := len(local.first) - len(said):
        said.append(book.say("summary.withheld_reason", count=hidden))
    reasons = book.say("earlier.between").join(said)
    return book.say("summary.alone", package=book.package(local.package), reasons=reasons)


def _why(told: Told, asked: Why) -> Iterator[str]:
    """Yield whether any plan has a package earlier, all others free to move."""
    book, outcome = told.book, told.outcome
    name = {Tier.CANNOT: "cannot", Tier.COULD: "could", Tier.FREE: "free", Tier.UNKNOWN: "unknown"}[asked.tier]
    package = book.package(asked.wish.removesuffix(EARLIER))
    yield book.sentence(f"summary.why.{name}", package=package)
    for found in asked.conflicts:
        yield from contradiction(told, found, asked.problem)
    if asked.tier is Tier.COULD:
        yield from points(price_line(price, outcome, book) for price in asked.prices)
    if asked.tier in {Tier.COULD, Tier.FREE}:
        yield moves_line(asked, book)
    if asked.tier in {Tier.CANNOT, Tier.COULD}:
        yield book.say(f"why.{name}_proven" if asked.proven else "why.unproven")


def helps(told: Told) -> Block | None:
    """Return what more of each number would bring; where it was not asked, how to ask. None without a plan."""
    if told.outcome.choices is None:
        return None
    return block(told.book.say("summary.helps"), _helps(told))


def _helps(told: Told) -> Iterator[str]:
    book, binding = told.book, told.explanation.binding
    if binding is None:
        yield book.say("summary.help.unasked", option=BINDING)
        return
    levers, found = addresses(told.instance), shown(told, binding)
    for reason in found.reasons:
        first: dict[str, Worth] = {}  # the least units that bring anything
        for row in found.at(reason.term):
            first.setdefault(row.address, row)
        rows = list(first.values())[:HELPS]
        for row in rows:
            said = book.sentence(
                f"summary.help.{'earlier' if row.of == MONTH else 'smaller'}",
                number=name(levers[row.address], book),
                change=turned(row.units, levers[row.address], told.instance, book),
                term=book.say(f"term.{row.term}"),
                gain=gained(row.improvement, row.of, book),
                sure=book.say("binding.proven" if row.sure is Sure.PROVEN else "binding.at_least"),
            )
            yield f"- {said}"
        if not rows:
            yield book.sentence("summary.help.none", term=book.say(f"term.{reason.term}"))
    for term in binding.unproven:
        yield book.sentence("binding.unproven", term=book.say(f"term.{term}"))


def shown(told: Told, binding: Binding) -> Binding:
    """Return what binds without the numbers that the audience may not read."""
    if told.is_mission:
        return binding
    seen = told.seen.address
    return replace(
        binding,
        rows=tuple(row for row in binding.rows if seen(row.address)),
        within=tuple(row for row in binding.within if seen(row.address)),
        reasons=tuple(
            replace(
                reason,
                together=tuple(filter(seen, reason.together)),
                alone=tuple(filter(seen, reason.alone)),
                lifted={address: said for address, said in reason.lifted.items() if seen(address)},
                joint=tuple(joint for joint in reason.joint if all(map(seen, joint.addresses))),
            )
            for reason in binding.reasons
        ),
    )


def counted(told: Told, binding: Binding) -> Iterator[str]:
    """Yield what is said of the numbers that bring nothing by themselves: how many, and how sure that is."""
    some = {(row.term, row.address) for row in binding.rows if row.improvement > 0}
    rest = tuple(row for row in binding.rows if (row.term, row.address) not in some)
    yield from sentences(told.instance, replace(binding, rows=rest), told.book.language)
