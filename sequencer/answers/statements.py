"""How answers are said to people: what is known of a level and of the whole, what haste costs, how sure inputs are."""

from __future__ import annotations

from collections.abc import Mapping

from sequencer import words
from sequencer.answers.evidence import UNSAID
from sequencer.months import Calendar
from sequencer.outcome import Haste, Level, Outcome, Reproof
from sequencer.vocabulary import MONTH

#: Above a list of rows that have no effect.
IDLE = "Rows without effect on this plan:"


def gap(level: Level) -> str:
    """Return the gap of a level as a share of its value, or months where it is a date."""
    if level.gap is None or level.value is None or level.bound is None:
        return "unknown"
    return words.amount(level.value - level.bound, MONTH) if level.unit == MONTH else f"{100 * level.gap:.2f} %"


def level(known: Level, calendar: Calendar) -> str:
    """Return what is known of a level, in a line."""
    if known.value is None:
        return f"{known.term}: no plan found"
    said = f"{known.term}: {words.value(known.value, known.unit, calendar)}"
    if known.achieved is not None and known.achieved > known.value:
        allowed = words.amount(known.tolerance, known.unit)
        said += f" at best, {words.value(known.achieved, known.unit, calendar)} in this plan (tolerance {allowed})"
    if known.proven:
        return f"{said}, proven best" + ("" if known.proof == "exact" else " (in floating point)")
    if known.bound is None:
        return f"{said}, not proven"
    return f"{said}, at least {words.value(known.bound, known.unit, calendar)}, gap {gap(known)}"


def headline(outcome: Outcome) -> str:
    """Return the answer in a sentence."""
    stopped = "; the search was interrupted" if outcome.interrupted else ""
    said = HEADLINES[outcome.status.value]
    if any(level.tolerance for level in outcome.levels):
        said = said.replace("of the objective", "of the objective and within its tolerances")
    return said + stopped


def verified(outcome: Outcome) -> list[str]:
    """Return what came of proving every claim a second time, a line for each; empty where it was not asked."""
    if outcome.verified is None:
        return []
    if not outcome.verified:
        return ["Second proof: nothing is claimed to be proven"]
    return [f"Second proof: {_claim(outcome, claim)}" for claim in outcome.verified]


def _claim(outcome: Outcome, claim: Reproof) -> str:
    if claim.term is None or claim.value is None:
        said = "no timetable keeps every promise"
    else:
        best = words.value(claim.value, outcome.problem.terms[claim.term].unit, outcome.instance.calendar)
        said = f"{claim.term} cannot be better than {best}"
    return f"{said}, confirmed by {claim.by}" if claim.confirmed else f"{said}: not confirmed in time ({claim.by})"


def haste(outcome: Outcome) -> list[str]:
    """Return what a later exit would change, a line for each; empty where it was not asked."""
    if len(outcome.haste) < 2 or not _prices(outcome.haste[0]):  # noqa: PLR2004 - this plan, and one with a later exit
        return []
    now, *later = outcome.haste
    label = outcome.instance.calendar.label
    has = ", ".join(f"{name} {_amount(outcome, name, value)}" for name, value in _prices(now).items())
    lines = [f"Price of haste: with its exit in {label(now.exit)} this plan has {has}"]
    for entry in later:
        months = words.amount(entry.later, MONTH)
        lines.append(f"  if the exit came {months} later (by {label(entry.exit)}): {_later(outcome, now, entry)}")
    return lines


def _later(outcome: Outcome, now: Haste, then: Haste) -> str:
    """Say what a plan with a later exit would have instead of what this plan has."""
    if then.achieved is None:
        return "no plan was found in the time left"
    before, after = _prices(now), _prices(then)
    if before == after:
        return f"{' and '.join(before)} would stay the same{'' if then.proven else ', as far as was found'}"
    said = [_change(outcome, name, before[name], after[name]) for name in after]
    if then.achieved != then.exit:
        said.append(f"the exit would be in {outcome.instance.calendar.label(then.achieved)}")
    if not then.proven:
        said.append("the best found, not proven best")
    elif not then.cheapest and then.cost is not None:
        said.append("a cheaper plan is not ruled out")
    return "; ".join(said)


def _change(outcome: Outcome, name: str, before: int, after: int) -> str:
    if before == after:
        return f"{name} the same"
    if before == 0:
        return f"{name} {_amount(outcome, name, after)} instead of 0"
    share = 100 * (after - before) / before
    digits = 0 if abs(share) >= 1 else 2
    return f"{name} {share:+.{digits}f} %, to {_amount(outcome, name, after)}"


def _prices(entry: Haste) -> dict[str, int]:
    """Return risk and cost, unless there are no data for them."""
    prices = {"risk": entry.risk, "cost": entry.cost}
    return {name: value for name, value in prices.items() if value is not None}


def _amount(outcome: Outcome, name: str, value: int) -> str:
    return words.amount(value, outcome.problem.terms[name].unit)


def evidence(counts: Mapping[str, int]) -> str:
    """Return in a sentence how sure the inputs are, given the number of rows by confidence."""
    total = sum(counts.values())
    said = [(word, count) for word, count in counts.items() if word != UNSAID]
    if not said:
        return f"Evidence: none of the {words.count(total, 'input')} says how sure it is"
    (first, most), *others = said
    parts = [f"{most} of {words.count(total, 'input')} {'is' if most == 1 else 'are'} {first}"]
    parts += [f"{count} {word}" for word, count in others[:WORDS]]
    rest = sum(count for _, count in others[WORDS:])
    parts += [f"{rest} something else"] * bool(rest)
    silent = counts.get(UNSAID, 0)
    parts += [f"{silent} {'does' if silent == 1 else 'do'} not say"] * bool(silent)
    return "Evidence: " + "; ".join(parts)


WORDS = 5  # of confidence that are told apart after the most frequent one

HEADLINES = {
    "OPTIMAL": "OPTIMAL: this timetable keeps every promise, and none is better in the order of the objective (proven)",
    "FEASIBLE": "FEASIBLE: this timetable keeps every promise; it is not proven best, more --seconds may help",
    "INFEASIBLE": "INFEASIBLE: no timetable keeps every promise (proven)",
    "UNKNOWN": "UNKNOWN: neither a timetable nor a proof that there is none was found in time; more --seconds may help",
}
