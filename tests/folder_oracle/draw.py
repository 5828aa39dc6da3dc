"""Random small folders: every table of the statement may occur, rows overlap, and some make no sense together."""

from __future__ import annotations

from pathlib import Path

from folder_oracle.funding import draw_money
from folder_oracle.pencil import FUNCTIONS, PLACES, Pencil
from folder_oracle.supplies import draw_forces, draw_reserve, draw_resources
from folder_oracle.tables import EVENTS
from folder_oracle.ties import draw_closures, draw_links

DATES = ("earliest", "latest", "fixed")
OPTIONS = ("none", "light", "heavy")


class Draw(Pencil):
    """Draws one folder.

    Parameters
    ----------
    seed : int
        The same seed draws the same folder.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.options: list[str] = []

    def write(self, path: Path) -> None:
        """Draw the folder and write its files."""
        self.draw_places()
        self.draw_options()
        self.draw_readiness()
        self.draw_threat()
        self.draw_phases()
        draw_money(self)
        self.draw_packages()
        draw_links(self)
        draw_resources(self)
        draw_forces(self)
        draw_reserve(self)
        draw_closures(self)
        path.mkdir(parents=True, exist_ok=True)
        (path / "plan.toml").write_text(self.plan(), encoding="utf-8")
        self.write_tables(path)

    def plan(self) -> str:
        """Return the text of ``plan.toml``; departure is asked for only where the mission owns something."""
        random = self.random
        terms = ["exit", "risk", "early_transfer", "cost", *(["departure"] if self.owned else [])]
        terms += ["change"] if "published" in self.tables else []
        goals = [
            f'"{term}"' if random.random() < 0.7 else f'{{term = "{term}", tolerance = {random.choice([0, 1, 2, 90])}}}'
            for term in random.sample(terms, random.randint(1, 4))
        ]
        lines = [
            f'first_month = "{self.date(0)}"',
            f"months = {self.months}",
            f"fiscal_year_start = {self.fiscal_start}",
            f"hold = {random.choice([0, 0, 1, 2])}",
            f"risk_margin = {random.choice([0, 5, 2.5])}",
            f"risk_months = {random.choice([0, 3, 12])}",
            *([f"announced_pledges = {random.choice(['true', 'false'])}"] if random.random() < 0.5 else []),
            *([f"objective = [{', '.join(goals)}]"] if random.random() < 0.9 else []),
        ]
        if self.mandate_end is not None:
            requires = random.choice(["transfer", "exit", "departure" if self.owned else "exit"])
            requires = "departure" if random.random() < 0.02 else requires
            lines += [f'mandate_end = "{self.date(self.mandate_end)}"', f'mandate_requires = "{requires}"']
        return "\n".join([*lines, ""])

    def draw_places(self) -> None:
        """Draw places and functions."""
        random = self.random
        for place, region in self.region.items():
            people = "" if random.random() < 0.01 else 100 * random.randint(0, 30) + random.choice([0, 1, 500])
            self.row("places", place=place, region=region, population=people)
        for function, sector in self.sector.items():
            self.row(
                "functions",
                function=function,
                sector=sector,
                joint_months=random.choice(["", 0, 1, 2]),
                mentored_months=random.choice([0, 1, 2, 3]),
                advisory_months=random.choice([0, 0, 1, 2]),
                fragile=random.choice(["", "joint", "mentored;advisory"]),
                weight=random.choice(["", 0, 1, 2]),
            )

    def draw_options(self) -> None:
        """Draw options that all packages share, and options of some."""
        random = self.random
        if random.random() < 0.5:
            return
        self.options = random.sample(OPTIONS, random.randint(1, 3))
        shared = ["*/*"] if random.random() < 0.8 else self.patterns()
        for option in self.options:
            for pattern in dict.fromkeys([*shared, *(self.patterns() if random.random() < 0.2 else [])]):
                self.row(
                    "options",
                    packages=pattern,
                    option=option,
                    support_months="" if option == "none" else random.randint(0, 3),
                    support_cost=random.randint(0, 1 if self.funded else 30),
                    joint_months=random.choice(["", "", 0, 1]),
                    mentored_months=random.choice(["", "", 0, 2]),
                    advisory_months=random.choice(["", "", 1, 0]),
                )

    def draw_readiness(self) -> None:
        """Draw criteria with their scores, and what support adds to them."""
        random = self.random
        for criterion in random.sample(["staff", "law"], random.choice([0, 0, 1, 1, 2])):
            for event in random.choice([["transfer"], ["transfer"], ["exit"], ["transfer", "exit"]]):
                for pattern in self.patterns():
                    self.row(
                        "criteria",
                        packages=pattern,
                        criterion=criterion,
                        event="" if event == "transfer" and random.random() < 0.5 else event,
                        threshold=random.randint(30, 60),
                        hold=random.choice(["", "", 0, 1, 2, 3]),
                    )
            for pattern in dict.fromkeys(["*/*", *self.patterns()]):
                self._score(pattern, criterion)
            for pattern in self.patterns() if self.options and random.random() < 0.7 else []:
                gain = random.choice([5, 10, 20, -5, 2.5])
                self.row("gains", packages=pattern, option=self._offered(), criterion=criterion, gain=gain)

        self._draw_wide()

    def _draw_wide(self) -> None:
        """Draw a file of its own for the scores of a function: places by criteria, each cell a score or blank."""
        random = self.random
        tested = list(
            dict.fromkeys(row["criterion"] for row in self.tables.get("criteria", []) if row["packages"] == "*/*")
        )
        function = random.choice(self.packages)[1]
        if not tested or random.random() < 0.75:
            return
        places = [place for place, what in self.packages if what == function]
        for place in random.choice([["*"], ["*", places[0]], [";".join(places)]]):
            scores = {str(criterion): random.choice(["", random.randint(45, 85), "52.5"]) for criterion in tested}
            growth = {"assessed": random.choice(["", self.month(-2)]), "growth": random.choice(["", 1, -0.5])}
            self.row(f"readiness_{function}", place=place, **growth, **scores)

    def _score(self, pattern: str, criterion: str) -> None:
        random, score = self.random, self.random.randint(45, 85)
        self.row(
            "readiness",
            packages=pattern,
            criterion=criterion,
            score=score if random.random() < 0.6 else f"{score - 1}.{random.randint(1, 9)}",
            low=random.choice(["", max(0, score - 1 - random.randint(0, 20))]),
            assessed=random.choice(["", self.month(random.randint(-8, 4))]),
            growth=random.choice(["", 0, 1, 2, 1.125, -1, 5]),
            growth_after=random.choice(["", -3, -0.5, 1, 0, -20]),
        )

    def _offered(self) -> str:
        return self.random.choice(self.options)

    def draw_threat(self) -> None:
        """Draw threat rows for all places with gaps between them, rows that override them, and limits."""
        random = self.random
        everywhere = "*" if random.random() < 0.96 else "arden"
        starts = sorted(random.sample(range(-6, self.months + 3), random.randint(1, 4)))
        for start, after in zip(starts, [*starts[1:], None], strict=True):
            end = None if after is None else max(start, after - random.choice([1, 1, 2, 4]))
            if after is None and random.random() < 0.4:
                end = start + random.randint(0, 4)
            blank = start == starts[0] and after is None and random.random() < 0.5 and (end is None or end >= 0)
            self._threat(everywhere, None if blank else start, end)
        for places in random.sample([random.choice(self.regions()), *PLACES], random.choice([0, 0, 1, 1, 2])):
            start = random.randint(-4, self.months - 1)
            end = random.choice([None, start + random.randint(0, 4)])
            blank = random.random() < 0.3 and (end is None or end >= 0)
            self._threat(places if random.random() < 0.9 else ";".join(PLACES), None if blank else start, end)
        for pattern in self.patterns() if self.maybe(0.8) else []:
            event = random.choice(["", "exit", random.choice(EVENTS)])
            limit, trend = random.choice([("", 1), ("", 2), (3, ""), (4, 0), (4, 2), (5, 3), (3, 1)])
            self.row("limits", packages=pattern, event=event, limit=limit, trend=trend)

    def _threat(self, places: str, start: int | None, end: int | None) -> None:
        self.row("threat", places=places, **self.span(start, end), level=self.random.choice([1, 2, 2, 3, 3, 4, 5]))

    def draw_phases(self) -> None:
        """Draw no phases, or two or three that partition the plan; now and then they do not."""
        random = self.random
        if not self.maybe(0.6):
            return
        starts = [0, *sorted(random.sample(range(1, self.months), random.choice([1, 1, 2])))]
        for number, start in enumerate(starts):
            last = number == len(starts) - 1
            end = self.months - 1 if last else starts[number + 1] - 1
            end -= random.random() < 0.01
            months = random.sample(range(start, end + 1), min(end + 1 - start, random.randint(2, 5)))
            self.row(
                "phases",
                phase=f"phase {number}",
                **self.span(start if number or random.random() < 0.5 else None, None if last else end),
                admits=random.choice(["", "", "*", self.functions(), ";".join(FUNCTIONS)]),
                months=";".join(map(self.month, months)) if random.random() < 0.25 else "",
            )

    def draw_packages(self) -> None:
        """Draw packages: mostly open, sometimes settled, past or midway; and when some were to transfer before."""
        random = self.random
        for place, function in self.packages:
            kind = random.choices(["open", "fixed", "past", "midway", "both"], [74, 7, 10, 8, 1])[0]
            settled = random.random() < (0.25 if kind in {"open", "fixed"} else 0.95)
            stage, since = self._stage(function) if kind in {"midway", "both"} else ("", "")
            if kind == "open" and random.random() < 0.03:
                stage, since = "international", random.choice(["", self.month(-random.randint(0, 3))])
            dates = self._dates(kind)
            self.row(
                "packages",
                place=place,
                function=function,
                weight=random.choice(["", "", 0, 3]),
                **{name: self.month(dates[name]) if name in dates else "" for name in DATES},
                option=(self._offered() if self.options else "none") if settled else "",
                current_stage=stage,
                since=since,
                recurrent_cost=random.choice([0, 0, 0, 1]) if self.funded else random.randint(0, 9),
                holding_cost=random.randint(0, 9),
                handover_cost=random.randint(0, 4 if self.funded else 30),
                revenue=random.choice(["", "", "", 1]),
                revenue_to=random.choice(["", *self.lines]) if random.random() < 0.5 else "",
            )
        if random.random() < 0.4:
            for place, function in random.sample(self.packages, random.randint(1, len(self.packages))):
                transfer = self.month(random.randint(-1, self.months - 1))
                self.row("published", place=place, function=function, transfer=transfer)

    def _dates(self, kind: str) -> dict[str, int]:
        """Draw the months that bound or settle a transfer."""
        random = self.random
        if kind == "fixed":
            return {"fixed": random.randint(self.months // 3, self.months - 3)}
        if kind in {"past", "both"}:
            return {"fixed": -random.randint(1, 6)}
        if kind == "open" and self.long:
            earliest = random.randint(2, self.months - 7)
            return {"earliest": earliest, "latest": earliest + random.randint(1, 5)}
        bounds = {"earliest": self.months // 2, "latest": self.months} if kind == "open" else {}
        return {name: random.randint(0, top) for name, top in bounds.items() if self.maybe(0.3)}

    def _stage(self, function: str) -> tuple[str, str]:
        """Return a stage that is mostly one the function has, and the month it began in."""
        random = self.random
        row = next(row for row in self.tables["functions"] if row["function"] == function)
        lengths = {stage: int(str(row[f"{stage}_months"] or 0)) for stage in ("joint", "mentored", "advisory")}
        stages = [stage for stage, length in lengths.items() if length] or ["proving"]
        stage = random.choice([*stages, *stages, "support", "proving", "autonomous"])
        ago = random.randrange(lengths["joint"]) if stage == "joint" else random.randint(0, 3)
        return stage, self.month(-ago)
