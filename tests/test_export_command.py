"""The command ``export``: every format, from a folder and from a timetable, and nothing written over unasked."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from exporting import shown, solved

from sequencer import exports, read
from sequencer.answers import explained
from sequencer.answers.export import prepare, write
from sequencer.cli import main
from sequencer.errors import UsageError
from sequencer.exports import FORMATS, Audience, Shown, again
from sequencer.questions.explaining import Explanation, explain

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="session")
def plan(explanation: Explanation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an answer, with what binds in it."""
    folder = tmp_path_factory.mktemp("plan")
    prepare(folder, overwrite=False)
    write(solved("worked-example"), folder)
    explained.write(explanation, folder)
    return folder


@pytest.fixture(scope="session")
def explanation() -> Explanation:
    """Return an explanation that says what binds."""
    return explain(solved("worked-example"), packages=["arden/policing"], binding=True)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_from_a_folder_and_not_over_anything(
    name: str, worked: Path, plan: Path, tmp_path: Path, capsys: Captured
) -> None:
    out = tmp_path / "new" / "plan.out"
    command = ["export", name, str(worked), str(plan), "--out", str(out)]
    assert main(command) == 0
    assert str(out) in capsys.readouterr().out
    files = [out] if out.is_file() else sorted(out.iterdir())
    first = [file.read_bytes() for file in files]
    assert all(first)
    files[0].write_bytes(b"mine")
    assert main(command) == 2
    assert f"{files[0]}" in capsys.readouterr().err
    assert files[0].read_bytes() == b"mine"
    assert main([*command, "--overwrite"]) == 0
    assert [file.read_bytes() for file in files] == first
    assert not list(out.parent.glob(".new-*"))


@pytest.mark.parametrize("name", FORMATS)
def test_a_timetable_alone_is_enough(name: str, worked: Path, plan: Path, tmp_path: Path) -> None:
    file = shutil.copy(plan / "timetable.csv", tmp_path / "mine.csv")
    assert main(["export", name, str(worked), str(file), "--out", str(tmp_path / "out"), "--language", "fr"]) == 0


def test_the_proof_is_taken_over_from_the_folder_and_not_claimed_for_a_timetable(
    worked: Path, plan: Path, tmp_path: Path
) -> None:
    instance = read(worked)
    said = []
    for source in (plan, shutil.copy(plan / "timetable.csv", tmp_path / "mine.csv")):
        book = openpyxl.load_workbook(io.BytesIO(exports.workbook(again(instance, source))))
        said.append(next(row[1] for row in book["about"].iter_rows(values_only=True) if row[0] == "status"))
    assert said[0].startswith("OPTIMAL")
    assert said[1].startswith("FEASIBLE")


def test_what_binds_is_taken_from_the_folder_if_it_was_said_of_this_instance(worked: Path, plan: Path) -> None:
    instance = read(worked)
    frame = again(instance, plan).binding
    assert frame is not None
    assert len(frame)
    assert openpyxl.load_workbook(io.BytesIO(exports.workbook(again(instance, plan)))).sheetnames[-1] == "binding"
    assert again(instance.but({"packages.arden/policing.recurrent_cost": 11}), plan).binding is None


def test_an_explanation_given_in_python_says_the_same(worked: Path, plan: Path, explanation: Explanation) -> None:
    given, found = Shown.of(explanation, Audience.MISSION), again(read(worked), plan, Audience.MISSION)
    assert exports.workbook(given) == exports.workbook(found)
    assert Shown.of(dataclasses.replace(explanation, binding=None)).binding is None


def test_a_broken_file_of_what_binds_is_told(worked: Path, plan: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(plan, tmp_path / "plan"))
    (folder / "binding.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UsageError, match="lacks the columns"):
        again(read(worked), folder)
    for text in ("{", "[" * 100_000):
        (folder / "explanation.json").write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match="cannot read"):
            again(read(worked), folder)


def test_json_says_what_was_written(worked: Path, plan: Path, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "a.xml"
    assert main(["export", "project", str(worked), str(plan), "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"format": "project", "audience": "public", "written": str(out)}


def test_numbers_can_be_changed_for_the_run(worked: Path, plan: Path, tmp_path: Path, capsys: Captured) -> None:
    command = ["export", "csv", str(worked), str(plan), "--out", str(tmp_path / "out")]
    assert main([*command, "--set", "capacity.mentor_team.pool=0"]) == 2
    assert "breaks promises" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_without_a_plan_there_is_one_message(top: Path, tmp_path: Path, capsys: Captured) -> None:
    instance = top / "instances" / "infeasible" / "chain-too-long"
    out = tmp_path / "x.xlsx"
    assert main(["export", "xlsx", str(instance), str(tmp_path), "--out", str(out)]) == 2
    assert re.search("there is no timetable", capsys.readouterr().err)
    assert not out.exists()


def test_a_folder_is_never_replaced_by_a_file(worked: Path, plan: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "there").mkdir()
    command = ["export", "ical", str(worked), str(plan), "--out", str(tmp_path / "there"), "--overwrite"]
    assert main(command) == 2
    assert "is no file" in capsys.readouterr().err
    assert main(["export", "ical", str(worked), str(plan), "--out", " "]) == 2


@pytest.mark.parametrize("name", ["xlsx", "csv"])
def test_a_full_disk_leaves_everything_as_it_was(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = FORMATS[name].make(shown())
    exports.write(made, tmp_path / "out")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UsageError, match="No space left on device"):
        exports.write(made, tmp_path / "out", overwrite=True)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_every_name_of_the_package_can_be_imported() -> None:
    assert all(getattr(exports, name) is not None for name in exports.__all__)
    assert {one.value for one in Audience} == {"public", "partners", "mission"}
    for name, format_ in FORMATS.items():
        assert callable(getattr(exports, format_.function)), name
    with pytest.raises(AttributeError, match="nonsense"):
        _ = exports.nonsense
