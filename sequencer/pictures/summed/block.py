"""A block of plain words: a heading, paragraphs and lists in turn, and a table where numbers read better so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sequencer import words

#: A paragraph, or the points of a list.
Piece: TypeAlias = str | tuple[str, ...]

POINT = "- "


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, the heads of the columns, and rows of which the first cell is a head."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """What a page shows under a heading of its own."""

    title: str
    pieces: tuple[Piece, ...]
    table: Table | None = None


def block(title: str, lines: Iterable[str], table: Table | None = None) -> Block | None:
    """Return a block; lines that begin with a dash are points of a list. None where there is nothing to say."""
    pieces: list[str | list[str]] = []
    for line in map(words.plain, lines):
        if not line.startswith(POINT):
            pieces.append(line)
            continue
        if not pieces or isinstance(pieces[-1], str):
            pieces.append([])
        last = pieces[-1]
        if isinstance(last, list):
            last.append(line.removeprefix(POINT))
    if not pieces and table is None:
        return None
    return Block(title, tuple(each if isinstance(each, str) else tuple(each) for each in pieces), table)


def points(lines: Iterable[str]) -> list[str]:
    """Return lines as the points of a list."""
    return [f"{POINT}{line}" for line in lines]


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table | None:
    """Return a table; None without rows."""
    cells = tuple(tuple(map(words.plain, row)) for row in rows)
    return Table(caption, tuple(heads), cells) if cells else None
