"""What the columns of the long tables mean, as a Table Schema: the one declaration of their names and order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    """A column; ``unit`` ``money`` stands for the plan's own."""

    name: str
    type: str
    description: str
    unit: str = ""

    def described(self, money: str) -> dict[str, Any]:
        """Return the column as a Table Schema has it."""
        said = {"name": self.name, "type": self.type, "description": self.description}
        return said | ({"unit": money if self.unit == "money" else self.unit} if self.unit else {})


@dataclass(frozen=True, slots=True)
class Table:
    """A file: its columns, those that name a row, and which of them name a row of another file."""

    name: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    refers: Mapping[str, str] = field(default_factory=dict)

    def described(self, money: str) -> dict[str, Any]:
        """Return the table as a data package has it."""
        foreign = [
            {"fields": [own], "reference": {"resource": other, "fields": [TABLES[other].key[0]]}}
            for own, other in self.refers.items()
        ]
        schema: dict[str, Any] = {
            "fields": [each.described(money) for each in self.fields],
            "missingValues": [""],
            "primaryKey": list(self.key),
        }
        return {
            "name": self.name,
            "path": f"{self.name}.csv",
            "description": self.description,
            "encoding": "utf-8",
            "schema": schema | ({"foreignKeys": foreign} if foreign else {}),
        }


PACKAGE = Field("package", "string", "what is handed over: place/function")
MONTH = Field("month", "date", "first day of the month")

_ALL = (
    Table(
        "packages",
        "One row for each package.",
        (
            PACKAGE,
            Field("place", "string", "where it is"),
            Field("region", "string", "region of the place"),
            Field("function", "string", "what is handed over"),
            Field("institution", "string", "who holds it now"),
            Field("receiver", "string", "who receives it"),
            Field("option", "string", "how it is prepared"),
            Field("phase", "string", "phase of the transfer; empty where it passed before the plan"),
            Field("population", "integer", "people of the place", "people"),
        ),
        ("package",),
    ),
    Table(
        "months",
        "One row for each month of the plan.",
        (
            MONTH,
            Field("number", "integer", "months from the start of the plan", "months"),
            Field("fiscal_year", "integer", "calendar year in which the fiscal year of the month ends"),
            Field("phase", "string", "phase of the plan"),
        ),
        ("month",),
    ),
    Table(
        "stages",
        "One row for each stage that a package walks and that has a beginning, an end and a length.",
        (
            PACKAGE,
            Field("stage", "string", "support, proving, joint, mentored or advisory"),
            Field("start", "date", "first day"),
            Field("end", "date", "last day"),
            Field("months", "integer", "length", "months"),
        ),
        ("package", "stage"),
        {"package": "packages"},
    ),
    Table(
        "events",
        "One row for each package and event; months may lie before or after the plan.",
        (
            PACKAGE,
            Field("event", "string", "support_start, support_end, joint_start, transfer, advisory_start or exit"),
            MONTH,
        ),
        ("package", "event"),
        {"package": "packages"},
    ),
    Table(
        "status",
        "One row for each package and month of the plan.",
        (
            PACKAGE,
            MONTH,
            Field("stage", "string", "the stage it is in"),
            Field("local", "integer", "1 from the transfer on, else 0"),
            Field("autonomous", "integer", "1 from the exit on, else 0"),
        ),
        ("package", "month"),
        {"package": "packages", "month": "months"},
    ),
    Table(
        "supplies",
        "One row for each pool of a resource and period: what is needed and what is there.",
        (
            Field("resource", "string", "what is needed"),
            Field("source", "string", "whose pool, or which sources; empty where there is one"),
            Field("period", "string", "month, phase, fiscal year or plan"),
            Field("from", "date", "first day of its first month"),
            Field("to", "date", "first day of its last month"),
            Field("need", "integer", "needed by all packages together, in the unit of the row"),
            Field("capacity", "integer", "there, in the unit of the row"),
            Field("unit", "string", "what is counted"),
        ),
        ("resource", "source", "period"),
        {"from": "months", "to": "months"},
    ),
    Table(
        "money",
        "One row for each fiscal year and line of money; empty without a money rule.",
        (
            Field("fiscal_year", "integer", "calendar year in which it ends"),
            Field("from", "date", "first day of its first month within the plan"),
            Field("to", "date", "first day of its last month within the plan"),
            Field("source", "string", "budget line or pledge"),
            Field("donor", "string", "empty for the host"),
            Field("paid", "integer", "paid from the line in that year", "money"),
            Field("there", "integer", "in the line that year, without what was carried over", "money"),
            Field("unit", "string", "unit of the amounts"),
        ),
        ("fiscal_year", "source"),
        {"from": "months", "to": "months"},
    ),
    Table(
        "levels",
        "One row for each aim, in order.",
        (
            Field("level", "integer", "1 is the first aim"),
            Field("term", "string", "what is made as small, or as early, as can be"),
            Field("value", "number", "reached by this plan, in the unit of the row; empty for a date"),
            Field("bound", "number", "no plan is below it; empty where unknown"),
            Field("value_date", "date", "reached by this plan, where it is a date"),
            Field("bound_date", "date", "no plan is earlier; empty where unknown"),
            Field("unit", "string", "what is counted"),
            Field("proven", "integer", "1 where none is better, proven, else 0"),
            Field("proof", "string", "exact, or numeric where it rests on floating point; empty without a bound"),
        ),
        ("level",),
    ),
)

TABLES: Mapping[str, Table] = {table.name: table for table in _ALL}
