"""Random problems drawn around a plan, in which hardly a package can move: the plan just keeps every rule."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np

from sequencer.cpsat.allotment import allot
from sequencer.months import Calendar
from sequencer.problem import (
    Bridge,
    Cell,
    Clause,
    Closing,
    Demand,
    Gate,
    Line,
    Link,
    Measure,
    Path,
    PathOption,
    Problem,
    Reserve,
    Rule,
    Schedule,
    Share,
    Step,
    Supply,
    Term,
    Width,
    Window,
)
from sequencer.vocabulary import Event, Origin, Stage

MONTHS = 12
DRAWS = 20  # of a money rule, before there is none
CALENDAR = Calendar(2030, 1, 4)
EVENTS = tuple(Event)
ROW = Origin("plan.toml")
MEASURED = frozenset({Closing.READINESS, Closing.THREAT, Closing.TREND})


class Crowd:
    """One draw: some packages, a cell for each, and rules that these cells keep; all names begin as they are called."""

    def __init__(self, seed: int, called: str = "") -> None:
        self._random = random = Random(seed)  # noqa: S311 - tests
        self._called = called
        names = [f"{called}place{i}/{called}function" for i in range(random.randint(3, 6))]
        self._paths = {name: self._path(name) for name in names}
        self.plan = {name: self._cell(path) for name, path in self._paths.items()}
        self._schedule = Schedule(CALENDAR, self._paths, self.plan)
        dated = [self._link() for _ in range(4)] + [self._width() for _ in range(2)] + [self._gate() for _ in range(3)]
        kept: list[Rule] = [rule for rule in [*self._windows(), *dated] if not any(rule.breaches(self._schedule))]
        full = [self._supply(size) for size in (1, 3, MONTHS)] + [self._reserve() for _ in range(2)]
        terms = {name: self._term(name, maximum=name == "exit") for name in ("exit", "cost", "early_transfer")}
        problem = Problem(calendar=CALENDAR, horizon=MONTHS, paths=self._paths, rules=(*kept, *full), terms=terms)
        funded = (replace(problem, rules=(*problem.rules, self._bridge())) for _ in range(DRAWS))
        self.problem = next(filter(self._payable, funded), problem)

    def _payable(self, problem: Problem) -> bool:
        """Return whether all that the plan needs can be paid for."""
        return not any(problem.breaches(self.plan, allot(problem, self.plan)))

    def _path(self, name: str) -> Path:
        random = self._random
        options = (
            PathOption(f"{self._called}option{k}", *(random.randint(0, most) for most in (3, 1, 2, 3, 3)))
            for k in range(random.randint(1, 3))
        )
        return Path(name, tuple(options), range(random.choice([0, 0, 0, -2]), MONTHS))

    def _cell(self, path: Path) -> Cell:
        return Cell(self._random.randrange(len(path.options)), self._random.randint(MONTHS // 3, MONTHS - 1))

    def _names(self, least: int = 1) -> list[str]:
        return self._random.sample(list(self._paths), self._random.randint(least, len(self._paths)))

    def _windows(self) -> list[Window]:
        found = []
        for name, path in self._paths.items():
            for kind in self._random.sample(list(Closing), 2):
                table = [[self._random.choice([-1, 0, 0, 2]) for _ in path.months] for _ in path.options]
                over = np.array(table)
                measure = (
                    Measure(over + 3, 0 * over + 1, 3, at_least=False, unit="points") if kind in MEASURED else None
                )
                found.append(Window("W4", name, over, "months", "", self._clause(kind), (ROW,), measure))
        return found

    def _clause(self, kind: Closing) -> Clause:
        subject = self._random.choice(list(Stage)) if kind is Closing.STAGE else f"{self._called}subject"
        names = tuple(f"{self._called}{i}" for i in range(8)) if kind is Closing.FUNCTIONS else ()
        return Clause(kind, subject, self._random.choice(EVENTS), (2, 5), names, self._random.randint(0, 2))

    def _link(self) -> Link:
        random, names = self._random, list(self._paths)
        ends = random.choice(names), random.choice(EVENTS), random.choice(names), random.choice(EVENTS)
        return Link(*ends, random.choice([None, -1, 0, 1, 3]), random.choice([None, 0, 3, 6]))

    def _width(self) -> Width:
        events = self._random.sample(EVENTS, 2)
        members = tuple((name, self._random.choice(events)) for name in [*self._names(2), *self._names()])
        return Width(tuple(dict.fromkeys(members)), self._random.randint(2, 9))

    def _gate(self) -> Gate:
        first = self._random.randint(0, MONTHS - 2)
        months = range(first, self._random.randint(first + 1, MONTHS))
        waits, awaited = frozenset(self._names()), tuple(self._names())
        return Gate(
            f"{self._called}phase", months, waits, awaited, self._random.choice(EVENTS), self._random.randint(0, 2)
        )

    def _demands(self, most: int) -> tuple[Demand, ...]:
        found = []
        for name in self._names(2):
            begin, end = self._random.choice([(None, 1), (1, 3), (2, 3), (3, 4), (3, 5), (4, 5), (4, None), (3, 3)])
            lasts = self._random.randint(1, 3) if begin == end else None
            events = [None if at is None else EVENTS[at] for at in (begin, end)]
            amounts = tuple(self._random.choice([0, 1, most, most]) for _ in range(MONTHS))
            found.append(Demand(name, events[0], None if lasts else events[1], lasts, amounts, "", ROW))
        return tuple(found)

    def _supply(self, size: int) -> Supply:
        """Return a supply of which little or nothing is left in any of its buckets, which have some months each."""
        buckets = tuple(range(first, min(MONTHS, first + size)) for first in range(0, MONTHS, size))
        resource, unit = f"{self._called}resource{size}", self._random.choice(["", f"{self._called}teams", str(size)])
        pool = self._random.choice(["", f"{self._called}pool"])
        labels, origins = tuple(map(str, buckets)), ((ROW,),) * len(buckets)
        demands = tuple(d for most in (3, 2) for d in self._demands(most))
        need = Supply(
            resource=resource,
            unit=unit,
            owner="",
            pool=pool,
            buckets=buckets,
            labels=labels,
            capacity=(),
            origins=origins,
            demands=demands,
        )
        capacity = tuple(total + self._random.choice([0, 0, 1, 4]) for total in need.totals(self._schedule))
        return replace(need, capacity=capacity)

    def _reserve(self) -> Reserve:
        demands, k = self._demands(4), self._random.randint(1, 4)
        scope = self._random.choice(["country", f"{self._called}region"])
        none = Reserve(scope, k, (0,) * MONTHS, ((ROW,),) * MONTHS, demands)
        worst = [sum(need for need, _ in none.worst(needs)) for needs in none.needs(self._schedule)]
        people = tuple(need + self._random.choice([0, 0, 1, 3]) for need in worst)
        return Reserve(scope, k, people, none.origins, demands)

    def _bridge(self) -> Bridge:
        years = range(3), range(3, MONTHS)
        lines = tuple(self._line(j) for j in range(3))
        shares = (Share("donor", (1, 2), self._random.choice([300, 700, 1000]), ROW),)
        labels, demands = ("2030", "2031"), self._demands(3)
        return Bridge(
            resource="money",
            unit=f"{self._called}thousand",
            owner="",
            buckets=years,
            labels=labels,
            demands=demands,
            lines=lines,
            shares=shares,
        )

    def _line(self, j: int) -> Line:
        random = self._random
        waits = tuple(random.choice([None, None, (random.choice(list(self._paths)), Event.EXIT)]) for _ in range(2))
        return Line(
            name=f"line{j}",
            amounts=tuple(random.choice([0, 6, 25, 40]) for _ in range(2)),
            origins=((ROW,), (ROW,)),
            serves=random.choice([None, frozenset(self._names())]),
            conditions=waits,
            carried=random.choice([0, 1]),
            steps=random.choice([(), (Step(0, 1, 0, random.choice([None, 5]), random.choice([None, 5]), (ROW,)),)]),
            revenue=random.choice([(), self._demands(1)]),
        )

    def _term(self, name: str, *, maximum: bool) -> Term:
        tables = {
            package: np.array([[self._random.randint(0, 9) for _ in path.months] for _ in path.options])
            for package, path in self._paths.items()
            if self._random.random() < 0.8
        }
        return Term(name, "units", maximum, tables)
