"""The reserve: in every month any k relapses can be answered at once (statement, 5.4)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from folder_oracle.links import Plan
from folder_oracle.tables import Folder, Package, RefusedError


@dataclass(frozen=True)
class Scope:
    """The packages of a scope, how many of them may relapse at once, and the people there in each month."""

    members: frozenset[Package]
    k: int
    people: list[int]

    def broken(self, plan: Plan) -> Iterator[str]:
        """Yield the id if some k packages would need more people in a month than there are."""
        inside = [judged for package, judged in plan.items() if package in self.members]
        for month, people in enumerate(self.people):
            needs = [judged.relapse[month] for judged in inside]
            if any(sum(some) > people for some in itertools.combinations(needs, min(self.k, len(needs)))):
                yield "R1"


def scopes(folder: Folder) -> Iterator[Scope]:
    """Yield each scope in which relapses must be answerable; one without a force is a fault."""
    forces = [row for row in folder.rows("guarantees") if row.get("role") == "reserve"]
    for row in folder.rows("reserve"):
        scope, k = row["scope"], int(row["k"])
        covers = "*" if scope == "country" else f"region:{scope}"
        own = [force for force in forces if force["covers"] == covers]
        if scope != "country" and scope not in folder.region.values():
            raise RefusedError(f"{scope} is no region")
        if k and not own:
            raise RefusedError(f"{scope} has no force")
        spans = [(*folder.span(force), int(force["people"])) for force in own]
        people = [sum(n for start, end, n in spans if start <= m <= end) for m in range(folder.months)]
        members = (package for package in folder.packages if scope in {"country", folder.region[package[0]]})
        if k:
            yield Scope(frozenset(members), k, people)
