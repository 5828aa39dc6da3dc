"""Random small instances and timetables, drawn in domain terms, for tests that compare independent readings."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from sequencer.instance import facts
from sequencer.instance.instance import Instance
from sequencer.months import Calendar
from sequencer.timetable import Choice
from sequencer.vocabulary import Bucket, Event, Origin, Per, Stage

HERE = Origin("test.csv", 2)
EVENTS = list(Event)
MIDWAY = [Stage.SUPPORT, Stage.PROVING, Stage.JOINT, Stage.MENTORED, Stage.ADVISORY]


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    """Draw an instance in which every kind of fact of the model may occur; some have no plan."""
    return Draw(Random(draw(st.integers(0, 2**32)))).instance()  # noqa: S311 - tests


@st.composite
def plans(draw: st.DrawFn) -> tuple[Instance, dict[str, Choice]]:
    """Draw an instance and a timetable for it, good or bad."""
    random = Random(draw(st.integers(0, 2**32)))  # noqa: S311 - tests
    instance = Draw(random).instance()
    return instance, timetable(random, instance)


def timetable(random: Random, instance: Instance) -> dict[str, Choice]:
    """Return a timetable whose months lie in the plan, or where the past of a package has settled them."""
    choices = {}
    for package in instance.packages:
        option = random.choice(instance.options_of[package.name])
        month = random.randrange(instance.plan.months)
        if package.fixed is not None and (package.fixed < 0 or random.random() < 0.8):
            month = package.fixed
        if package.since is not None and random.random() < 0.9:
            month = _settled(instance, package, option)
            handed_over = package.current_stage in {Stage.MENTORED, Stage.ADVISORY}
            month = (
                min(month, instance.plan.months - 1) if handed_over else max(0, min(month, instance.plan.months - 1))
            )
        choices[package.name] = Choice(option.name, month)
    return choices


def _settled(instance: Instance, package: facts.Package, option: facts.Option) -> int:
    """Return the transfer month that the current stage of a package settles."""
    function = instance.function[package.function]
    joint = function.joint if option.joint is None else option.joint
    mentored = function.mentored if option.mentored is None else option.mentored
    gates = [gate for gate in instance.criteria_of.get(package.name, ()) if gate.event is Event.TRANSFER]
    holds = [instance.plan.hold if gate.hold is None else gate.hold for gate in gates] or [instance.plan.hold]
    proving = max(0, max(holds) - joint)
    ahead = {
        Stage.SUPPORT: option.support + proving + joint,
        Stage.PROVING: proving + joint,
        Stage.JOINT: joint,
        Stage.MENTORED: 0,
        Stage.ADVISORY: -mentored,
    }
    assert package.current_stage is not None
    assert package.since is not None
    return package.since + ahead[package.current_stage]


class Draw:
    """Draws one instance from a source of randomness."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.months = random.randint(5, 13)
        self.strict = random.choice([0.15, 0.4, 1.0])  # few rules in some draws, so that many have a plan

    def maybe(self, chance: float) -> bool:
        """Return True about so often, more seldom where few rules are drawn."""
        return self.random.random() < chance * self.strict

    def instance(self) -> Instance:
        """Return the instance."""
        random, months = self.random, self.months
        places = tuple(
            facts.Place(
                name=name, region=random.choice(["east", "west"]), population=random.randint(0, 3000), origin=HERE
            )
            for name in ["ada", "bor", "cim"][: random.randint(1, 3)]
        )
        functions = tuple(
            facts.Function(
                name=name,
                sector="s",
                joint=random.randint(0, 2),
                mentored=random.randint(0, 2),
                advisory=random.randint(0, 1),
                weight=random.randint(0, 3),
                origin=HERE,
            )
            for name in ["policing", "clinics"][: random.randint(1, 2)]
        )
        names = [(place.name, function.name) for place in places for function in functions]
        chosen = random.sample(names, random.randint(1, min(3, len(names))))
        options, packages = [], []
        for place, function in chosen:
            name = f"{place}/{function}"
            mine = self.options(name)
            options += mine
            packages.append(self.package(name, place, function, mine))
        resources, capacity, guarantees = self.resources(places)
        criteria, readiness, gains = self.gates([p.name for p in packages], options)
        return Instance(
            calendar=Calendar(2030, random.randint(1, 12), random.choice([1, 4, 7])),
            plan=facts.Plan(
                title="drawn",
                months=months,
                money_unit="money",
                hold=random.randint(0, 2),
                mandate_end=random.randint(months // 2, months) if self.maybe(0.5) else None,
                mandate_requires=random.choice(["transfer", "exit", "departure"]),
                risk_margin=random.choice([0, 5000]),
                risk_months=random.randint(0, 14),
                objective=(facts.Goal(term="exit"), facts.Goal(term="risk"), facts.Goal(term="early_transfer")),
                origin=HERE,
            ),
            phases=self.phases([f.name for f in functions]),
            places=places,
            functions=functions,
            packages=tuple(packages),
            options=tuple(options),
            gains=gains,
            criteria=criteria,
            readiness=readiness,
            threat=tuple(row for place in places for row in self.threat(place.name)),
            limits=self.limits([p.name for p in packages]),
            resources=resources,
            capacity=capacity,
            guarantees=guarantees,
            needs=self.needs([p.name for p in packages], [r.name for r in resources]),
            links=self.links([p.name for p in packages]),
            calendar_events=self.closures(places, functions),
        )

    def options(self, name: str) -> list[facts.Option]:
        """Draw no options, or one or two."""
        random = self.random
        return [
            facts.Option(
                package=name,
                name=option,
                support=random.randint(0, 2),
                cost=random.randint(0, 9),
                joint=random.choice([None, 0, 1]),
                mentored=random.choice([None, 1]),
                advisory=random.choice([None, 0]),
                origin=HERE,
            )
            for option in ["light", "intensive"][: random.randint(0, 2)]
        ]

    def package(self, name: str, place: str, function: str, options: list[facts.Option]) -> facts.Package:
        """Draw a package: mostly open, sometimes fixed, midway or already handed over."""
        random = self.random
        kind = random.choices(["open", "fixed", "past", "midway"], [8, 1, 1, 1])[0]
        named = options[0].name if options else "none"
        return facts.Package(
            name=name,
            place=place,
            function=function,
            weight=random.choice([None, 0, 2]),
            earliest=random.randint(0, self.months) if self.maybe(0.3) else None,
            latest=random.randint(0, self.months) if self.maybe(0.3) else None,
            fixed={"fixed": random.randrange(self.months), "past": -random.randint(1, 4)}.get(kind),
            option=named if kind in {"past", "midway"} else random.choice([None, None, None, named]),
            current_stage=random.choice(MIDWAY) if kind == "midway" else None,
            since=-random.randint(0, 3) if kind == "midway" else None,
            recurrent_cost=random.randint(0, 5),
            holding_cost=random.randint(0, 5),
            handover_cost=random.randint(0, 5),
            origin=HERE,
        )

    def gates(
        self, names: list[str], options: list[facts.Option]
    ) -> tuple[tuple[facts.Criterion, ...], tuple[facts.Readiness, ...], tuple[facts.Gain, ...]]:
        """Draw readiness gates with their scores and gains."""
        random = self.random
        criteria, readiness, gains = [], [], []
        for name in names:
            for criterion in ["staff", "law"]:
                if not self.maybe(0.6):
                    continue
                score = random.randint(40, 90) * 1000
                readiness.append(
                    facts.Readiness(
                        package=name,
                        criterion=criterion,
                        score=score,
                        low=score - random.choice([0, 5500]),
                        high=score,
                        assessed=random.randint(-3, 3),
                        growth=random.choice([-500, 0, 1000, 3333]),
                        growth_after=random.choice([-2000, 0, 500]),
                        origin=HERE,
                    )
                )
                criteria += [
                    facts.Criterion(
                        package=name,
                        criterion=criterion,
                        event=event,
                        threshold=random.randint(45, 80) * 1000,
                        hold=random.choice([None, 0, 1, 3]),
                        origin=HERE,
                    )
                    for event in random.choice([[Event.TRANSFER], [Event.EXIT], [Event.TRANSFER, Event.EXIT]])
                ]
                gains += [
                    facts.Gain(
                        package=name,
                        option=option.name,
                        criterion=criterion,
                        gain=random.choice([-3000, 9000]),
                        origin=HERE,
                    )
                    for option in options
                    if option.package == name and random.random() < 0.6
                ]
        return tuple(criteria), tuple(readiness), tuple(gains)

    def threat(self, place: str) -> list[facts.Threat]:
        """Draw threat rows of a place: apart, with gaps, reaching before and beyond the plan."""
        random = self.random
        rows, month = [], -random.randint(0, 4)
        for _ in range(random.randint(1, 4)):
            end = month + random.randint(0, 4)
            rows.append(facts.Threat(place=place, start=month, end=end, level=random.randint(1, 5), origin=HERE))
            month = end + random.randint(1, 4)
        if random.random() < 0.5:
            rows.append(facts.Threat(place=place, start=month, end=None, level=random.randint(1, 5), origin=HERE))
        return rows

    def limits(self, names: list[str]) -> tuple[facts.Limit, ...]:
        """Draw threat limits and trends."""
        random = self.random
        return tuple(
            facts.Limit(
                package=name,
                event=event,
                limit=random.choice([None, 3, 4, 5]),
                trend=random.choice([0, 0, 1, 3]),
                origin=HERE,
            )
            for name in names
            for event in EVENTS
            if self.maybe(0.12)
        )

    def resources(
        self, places: tuple[facts.Place, ...]
    ) -> tuple[tuple[facts.Resource, ...], tuple[facts.Capacity, ...], tuple[facts.Guarantee, ...]]:
        """Draw resources of every bucket and pool, with capacities that change, and a presence force."""
        random = self.random
        resources, capacity = [], []
        for name in ["teams", "handovers", "money"][: random.randint(0, 3)]:
            per = random.choice(list(Per))
            resources.append(
                facts.Resource(
                    name=name,
                    bucket=random.choice(list(Bucket)),
                    unit="units",
                    owner=random.choice(["mission", "host", ""]),
                    per=per,
                    origin=HERE,
                )
            )
            pools = {Per.ALL: [""], Per.PLACE: [p.name for p in places], Per.REGION: ["east", "west"]}[per]
            for pool in pools:
                for source in ["", "b"][: random.randint(1, 2)]:
                    change = random.randint(1, self.months)
                    rows = ((0, change - 1), (change, None))
                    capacity += [
                        facts.Capacity(
                            resource=name,
                            pool=pool,
                            source=source,
                            start=start,
                            end=end,
                            amount=random.randint(0, 9),
                            origin=HERE,
                        )
                        for start, end in rows
                    ]
        guarantees = []
        if self.maybe(0.4):
            resources.append(facts.Resource(name="presence", bucket=Bucket.MONTH, owner="mission", origin=HERE))
            for force in ["first", "second", "third"][: random.randint(1, 3)]:
                start = random.choice([0, 0, self.months // 2])
                covers = frozenset(place.name for place in places if random.random() < 0.7)
                guarantees.append(
                    facts.Guarantee(
                        force=force,
                        resource="presence",
                        covers=covers,
                        start=start,
                        people=random.randint(0, 6),
                        origin=HERE,
                    )
                )
        return tuple(resources), tuple(capacity), tuple(guarantees)

    def needs(self, names: list[str], resources: list[str]) -> tuple[facts.Need, ...]:
        """Draw needs by stage and at events, some only at some threat levels, some per people."""
        random = self.random
        found = []
        for name in names:
            for resource in resources:
                stages = [stage for stage in random.sample(list(Stage), 3) if self.maybe(0.6)]
                found += [self._need(name, resource, stage=stage) for stage in stages]
                for event in random.sample(EVENTS, random.randint(0, 1)):
                    found.append(self._need(name, resource, event=event, months=random.choice([None, 1, 3])))
        return tuple(found)

    def _need(
        self,
        name: str,
        resource: str,
        *,
        stage: Stage | None = None,
        event: Event | None = None,
        months: int | None = None,
    ) -> facts.Need:
        random = self.random
        levels = random.choice([None, None, frozenset({3, 4, 5}), frozenset({1})])
        return facts.Need(
            package=name,
            resource=resource,
            stage=stage,
            event=event,
            months=months,
            levels=levels,
            amount=random.randint(0, 3),
            per_people=random.choice([None, None, 1000]),
            origin=HERE,
        )

    def links(self, names: list[str]) -> tuple[facts.Link, ...]:
        """Draw links with a minimum, a maximum or both; also between two events of one package."""
        random = self.random
        found = []
        for _ in range(2):
            if not self.maybe(0.6):
                continue
            before, after = random.choice(names), random.choice(names)
            events = random.choice(EVENTS), random.choice(EVENTS)
            if before == after and events[0] is events[1]:
                continue
            minimum, maximum = random.choice([(0, None), (-2, None), (1, 4), (None, 3), (-3, 3)])
            found.append(
                facts.Link(
                    before=before,
                    before_event=events[0],
                    after=after,
                    after_event=events[1],
                    minimum=minimum,
                    maximum=maximum,
                    origin=HERE,
                )
            )
        return tuple(found)

    def phases(self, functions: list[str]) -> tuple[facts.Phase, ...]:
        """Draw one phase, or two that admit only some functions or months."""
        random, months = self.random, self.months
        if not self.maybe(0.5):
            return (facts.Phase(name="all", start=0, end=months - 1, origin=HERE),)
        cut = random.randint(1, months - 1)
        return tuple(
            facts.Phase(
                name=name,
                start=start,
                end=end,
                origin=HERE,
                admits=random.choice([None, None, frozenset(functions[:1])]),
                months=random.choice([None, None, frozenset({start, end})]),
            )
            for name, start, end in (("one", 0, cut - 1), ("two", cut, months - 1))
        )

    def closures(
        self, places: tuple[facts.Place, ...], functions: tuple[facts.Function, ...]
    ) -> tuple[facts.Closure, ...]:
        """Draw calendar events."""
        random = self.random
        found = []
        for name in ["rain", "vote"]:
            if not self.maybe(0.5):
                continue
            start = random.randint(-8, self.months)
            found.append(
                facts.Closure(
                    name=name,
                    places=frozenset(p.name for p in places if random.random() < 0.8),
                    functions=frozenset(f.name for f in functions if random.random() < 0.8),
                    events=frozenset(random.sample(EVENTS, random.randint(1, 2))),
                    start=start,
                    end=start + random.randint(0, 2),
                    yearly=random.random() < 0.5,
                    origin=HERE,
                )
            )
        return tuple(found)
