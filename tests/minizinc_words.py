"""How a fact is written as data of ``models/handover.mzn``: tables by column, names with their kind, blanks as sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias, TypeVar

from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.vocabulary import Event, Stage

Data: TypeAlias = dict[str, Any]
F = TypeVar("F")


def option_name(option: facts.Option) -> str:
    """Return the name of an option of one package."""
    return f"{option.package}:{option.name}"


def table(name: str, rows: Sequence[F], /, **columns: Callable[[F], Any]) -> Data:
    """Return the columns of a table."""
    return {f"{name}_{column}": [value(row) for row in rows] for column, value in columns.items()}


def named(kind: str, name: str) -> Data:
    """Return a name with its kind; a blank stays blank."""
    return maybe(f"{kind}:{name}" if name else None)


def names(kind: str, names: Iterable[str]) -> Data:
    """Return a set of names, each with its kind."""
    return set_of(f"{kind}:{name}" for name in sorted(names))


def set_of(names: Iterable[str]) -> Data:
    """Return a set of names of the model, or of packages."""
    return {"set": [{"e": name} for name in names]}


def maybe(value: int | str | None) -> Data:
    """Return what may be blank as a set of at most one number or name."""
    if value is None:
        return set_of([])
    return set_of([value]) if isinstance(value, str) else {"set": [value]}


def in_order(kind: type[Stage | Event], some: Iterable[str]) -> Data:
    return set_of(word.value for word in kind if word in set(some))


def everybody(instance: Instance, serves: frozenset[str] | None) -> Data:
    """Return the packages served; a blank means all."""
    return set_of(package.name for package in instance.packages if serves is None or package.name in serves)


def levels(levels: frozenset[int] | None) -> Data:
    """Return the levels at which a need is felt; none means any."""
    assert levels is None or levels
    return {"set": sorted(levels or ())}


def span(*, ends: bool = False) -> dict[str, Callable[[Any], Any]]:
    """Return the columns of the months in which a row holds; the last may be blank unless every row ends."""
    return {"from": lambda row: row.start, "to": lambda row: row.end if ends else maybe(row.end)}
