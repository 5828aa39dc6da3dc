"""Random months that are closed or scarce, and rows that tie dates of several packages together."""

from __future__ import annotations

from folder_oracle.pencil import PLACES, Pencil
from folder_oracle.tables import EVENTS, Package


def draw_closures(pencil: Pencil) -> None:
    """Draw months in which events may not take place, or a resource is scarce or plentiful."""
    random = pencil.random
    resources = pencil.tables.get("resources", [])
    for number in range(random.randint(1, 2) if pencil.maybe(0.6) else 0):
        start = random.randint(-13, pencil.months - 1)
        monthly = [row for row in resources if row["bucket"] in {"", "month"} or random.random() < 0.02]
        scarce = random.choice(monthly) if monthly and random.random() < 0.5 else None
        places = random.choice(["", pencil.places()])
        functions = random.choice(["", "*", pencil.functions()])
        events = random.choice(["", "", ";".join(random.sample(EVENTS, 2)), "exit"])
        if scarce:
            by_pool = {"place": ["", *PLACES, *pencil.regions()], "region": ["", *pencil.regions()]}
            places = random.choice(by_pool.get(str(scarce["per"]), [""])) if random.random() < 0.97 else places
            functions = functions if events else ""
        pencil.row(
            "calendar",
            name=f"closure {number}",
            places=places,
            functions=functions,
            events=events,
            from_=pencil.month(start),
            to=random.choice(["", pencil.month(start + random.randint(0, 2))]),
            yearly=random.choice(["", "yes", "no"]),
            resource=scarce["resource"] if scarce else "",
            capacity_factor=random.choice([0, 0.5, 0.333, 1.5, 2]) if scarce else "",
        )


def draw_links(pencil: Pencil) -> None:
    """Draw links, by name or by patterns with stars on one or both sides, widths and gates; a few mean no package."""
    random = pencil.random
    for _ in range(random.randint(1, 3) if pencil.maybe(0.8) else 0):
        one, other = random.choice(pencil.packages), random.choice(pencil.packages)
        if one == other and random.random() < 0.8:
            other = next((package for package in pencil.packages if package != one), one)
        several, phased = len(pencil.packages) > 1, "phases" in pencil.tables
        kind = random.choices(["link", "width", "gate"], [5, 3 * several, 2 * several * phased])[0]
        if kind == "gate":
            _draw_gate(pencil, one)
            continue
        before, after = random.choice(_sides(pencil, one, other))
        same = before == after
        events = random.sample(EVENTS, 2) if same else random.choices(["", "transfer", "exit", *EVENTS], k=2)
        if kind == "width":
            before, after = ("*/*", "") if random.random() < 0.4 else (before, after)
            width = {"width": random.randint(0, 6)}
            pencil.row("links", before=before, before_event=events[0], after=after, after_event=events[1], **width)
            continue
        low = random.choice(["", 0, 1, 2, -2, -1, "any"])
        high = random.choice([2, 3, 5]) if low == "any" else random.choice(["", "", "any", 3, 6])
        lags = {"minimum": low, "maximum": high}
        pencil.row("links", before=before, before_event=events[0], after=after, after_event=events[1], **lags)


def _sides(pencil: Pencil, one: Package, other: Package) -> list[tuple[str, str]]:
    """Return ways to write two packages as the sides of a row."""
    everywhere = len(pencil.packages) == 1 or pencil.random.random() < 0.3
    return [
        ("/".join(one), "/".join(other)),
        ("/".join(one), "/".join(other)),
        (f"*/{one[1]}", f"*/{other[1]}"),
        (f"{one[0]}/*", f"{other[0]}/*"),
        ("*/*", "*/*") if everywhere else ("/".join(one), "*/*"),
        (pencil.pattern(one), pencil.pattern(other)),
    ]


def _draw_gate(pencil: Pencil, package: Package) -> None:
    random = pencil.random
    named = ["/".join(random.choice(pencil.packages)), pencil.pattern(package)]
    excepted = random.sample(named, random.choice([0, 0, 1, 1, 2])) if len(pencil.packages) > 2 else named[:1]
    pencil.row(
        "links",
        before=random.choice(["*/*", pencil.pattern(package), "/".join(package)]),
        before_event=random.choice(["", *EVENTS]),
        minimum=random.choice(["", 0, 1, -2]),
        gate=random.choice(pencil.tables["phases"])["phase"],
        **{"except": ";".join(excepted)},
    )
