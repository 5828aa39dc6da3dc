"""A phrasebook: templates by name, and how a language says months, numbers and lists."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from sequencer import words
from sequencer.months import Calendar
from sequencer.vocabulary import MONTH, RISK, SCORE

COUNTRY = "country"  # the scope of a reserve for all places

FOLDER = Path(__file__).parent

#: The languages there is a folder for, by their two letters.
LANGUAGES = tuple(sorted({path.parent.name for path in FOLDER.glob("*/*.toml")}))


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """What one language has to say.

    Attributes
    ----------
    language : str
        Two letters.
    templates : mapping of str to str
        By name, such as ``earlier.link``; fields in braces are filled in as they are, never read as templates.
    months : sequence of str
        The names of the twelve months.
    ones : frozenset of int
        The numbers that take the singular.
    point : str
        Stands before the decimals of a number.
    """

    language: str
    templates: Mapping[str, str]
    months: Sequence[str]
    ones: frozenset[int]
    point: str

    @classmethod
    @cache
    def of(cls, language: str) -> Phrasebook:
        """Return the phrasebook of a language.

        Raises
        ------
        KeyError
            If there is none.
        """
        if language not in LANGUAGES:
            raise KeyError(language)
        files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((FOLDER / language).glob("*.toml"))]
        grammar = next(file.pop("grammar") for file in files if "grammar" in file)
        templates = [entry for file in files for entry in _flat(file)]
        return cls(language, dict(templates), tuple(grammar["months"]), frozenset(grammar["ones"]), grammar["point"])

    def say(self, name: str, **values: str | int) -> str:
        """Return a template filled in; with ``count`` its form for so many, ``name.one`` or ``name.other``."""
        if "count" in values and name not in self.templates:
            name += ".one" if values["count"] in self.ones else ".other"
        shown = {key: words.number(value) if isinstance(value, int) else value for key, value in values.items()}
        return self.templates[name].format(**shown)

    def sentence(self, name: str, **values: str | int) -> str:
        """Return a template filled in, as a sentence begins: with a capital letter."""
        said = self.say(name, **values)
        return said[:1].upper() + said[1:]

    def month(self, calendar: Calendar, number: int) -> str:
        """Return a month as the language writes it, ``March 2028``."""
        year, month = calendar.label(number).split("-")
        return self.say("word.month", month=self.months[int(month) - 1], year=year)

    def decimal(self, value: int, scale: int) -> str:
        """Return a number in units of 1 / ``scale``, a power of ten, without needless decimals."""
        return f"{(Decimal(value) / scale).normalize():f}".replace(".", self.point)

    def amount(self, value: int, unit: str) -> str:
        """Return a value with its unit: the program's own units in this language, those of planners as they wrote."""
        if unit == RISK:
            return self.say("word.risk", count=round(value / SCORE))
        name = {MONTH: "word.months", "months": "word.months", "weighted months": "word.weighted"}.get(unit)
        return words.amount(value, unit) if name is None else self.say(name, count=value)

    def package(self, name: str) -> str:
        """Return a package, ``aileu/border_control``, as people name it: ``border control, aileu``."""
        place, _, function = name.partition("/")
        return self.say("word.package", function=words.spaced(function), place=words.spaced(place))

    def scope(self, name: str) -> str:
        """Return whose a reserve is: a region, or the whole country."""
        return self.say("obstacle.reserve.country") if name == COUNTRY else words.spaced(name)

    def many(self, things: Sequence[str], most: int = 6) -> str:
        """Return things as a list, cut short with a count."""
        shown = list(things[:most])
        if len(things) > most:
            shown.append(self.say("word.more", count=len(things) - most))
        if len(shown) == 1:
            return shown[0]
        return self.say("word.list", first=", ".join(shown[:-1]), last=shown[-1])


def _flat(tables: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in tables.items():
        found += [(prefix + key, value)] if isinstance(value, str) else _flat(value, f"{prefix}{key}.")
    return found
