"""Charts as files of their own: all of a page, in light colours, with nothing to fetch, written all or none."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sequencer import Limits, UsageError, read, solve
from sequencer.answers.discretion import Audience
from sequencer.answers.export import csv_text
from sequencer.exports import FORMATS, Shown, write
from sequencer.phrases import Phrasebook
from sequencer.pictures import images, studies
from sequencer.pictures.images import NAMESPACE, charts, light
from sequencer.pictures.page import styles
from sequencer.pictures.told import Told
from sequencer.questions.explaining import Explanation
from sequencer.scenarios import Scenario, stress

TOP = Path(__file__).parent.parent / "instances"


def told(name: str = "tiny/worked-example", audience: Audience = Audience.MISSION, folder: Path | None = None) -> Told:
    """Return what a page is told of a plan, with the trial whose file is in a folder."""
    outcome = solve(read(TOP / name), limits=Limits(seconds=10, workers=1, deterministic=True), haste=False)
    found: tuple[studies.Study, ...] = ()
    if folder is not None and outcome.choices is not None:
        trial = stress(outcome.instance, outcome.choices, [Scenario.of(1, {}), Scenario.of(2, {})])
        for kind, frame in (("exits", trial.scenarios), ("dates", trial.packages)):
            (folder / f"{kind}.csv").write_text(csv_text(frame), encoding="utf-8")
        found = tuple(studies.read(folder / f"{kind}.csv", outcome.instance) for kind in ("exits", "dates"))
    return Told(Explanation(outcome=outcome, limits=Limits()), audience, Phrasebook.of("en"), found)


@cache
def plain() -> Told:
    return told()


def test_every_chart_of_a_page_is_a_file_of_its_own(tmp_path: Path) -> None:
    found = charts(told(folder=tmp_path))
    assert {"gantt", "curve", "dates"} <= set(found)
    for svg in found.values():
        root = ET.fromstring(svg)  # noqa: S314 - our own output
        assert root.tag == f"{{{NAMESPACE}}}svg"
        assert float(root.attrib["width"]) > 0
        assert float(root.attrib["height"]) > 0
        assert root[1].attrib["fill"] == "#ffffff"
        assert not re.search(r"var\(|@media|url\((?!#)|href=.(?!#)|<script|data-|tabindex", svg)


def test_colours_are_those_of_light_screens_written_out() -> None:
    style = light(styles())
    assert ".study .bar.high{fill:#1b4965}" in style
    assert "#6fb1de" not in style  # of dark screens
    assert "position" not in style
    assert ":hover" not in style


def test_a_style_for_some_media_is_left_out_however_deep() -> None:
    style = ":root{--a:#111;--b:var(--a)}@media print{.x{fill:red}@page{margin:0}}.y{stroke:var(--b);margin:0}/* } */"
    assert light(style).endswith("}.y{stroke:#111}")


def test_classes_around_a_drawing_come_along_and_those_of_keys_do_not(tmp_path: Path) -> None:
    found = charts(told(folder=tmp_path))
    around = ET.fromstring(found["curve"])[2].attrib["class"].split()  # noqa: S314 - our own output
    assert "study" in around
    around = ET.fromstring(found["gantt"])[2].attrib["class"].split()  # noqa: S314 - our own output
    assert "advisory" not in around


def test_others_than_the_mission_get_no_chart_of_forces() -> None:
    name = "tiny/reserve"
    mission, public = (charts(told(name, audience)) for audience in (Audience.MISSION, Audience.PUBLIC))
    assert len(public) < len(mission)
    force = read(TOP / name).guarantees[0].force
    assert not any(force in svg for svg in public.values())


@pytest.mark.parametrize(("kind", "head"), [("svg", b"<svg "), ("png", b"\x89PNG\r\n"), ("pdf", b"%PDF-")])
def test_charts_are_exported_as_each_kind(kind: str, head: bytes, tmp_path: Path) -> None:
    made = FORMATS[kind].make(Shown(plain().outcome, Audience.MISSION))
    assert isinstance(made, dict)
    assert list(made) == [f"{name}.{kind}" for name in charts(plain())]
    assert all(data.startswith(head) for data in made.values())
    write(made, tmp_path / "images")
    assert sorted(tmp_path.rglob("*.*")) == sorted(tmp_path / "images" / name for name in made)


def test_without_the_library_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UsageError, match=re.escape("pip install 'sequencer[images]'")):
        FORMATS["png"].make(Shown(plain().outcome, Audience.MISSION))


def test_a_chart_too_large_is_drawn_less_finely(monkeypatch: pytest.MonkeyPatch) -> None:
    svg = charts(plain())["gantt"]
    fine = images.png(svg)
    monkeypatch.setattr(images, "LARGEST", 10_000)
    coarse = images.png(svg)
    sizes = [int.from_bytes(data[16:20]) * int.from_bytes(data[20:24]) for data in (fine, coarse)]
    assert sizes[1] <= 11_000 < sizes[0]


def test_names_in_files_are_only_ever_text(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("belmont", "belmont<script>&"), encoding="utf-8")
    outcome = solve(read(folder), limits=Limits(seconds=10, workers=1, deterministic=True), haste=False)
    found = charts(Told(Explanation(outcome=outcome, limits=Limits()), Audience.MISSION, Phrasebook.of("en")))
    assert "belmont&lt;script&gt;&amp;" in found["gantt"]
    assert "<script" not in "".join(found.values())
    assert images.png(found["gantt"]).startswith(b"\x89PNG")
