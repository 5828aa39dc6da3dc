"""Files that are no tables, plan.toml in all its forms, and the promise that nothing but `InstanceError` is raised."""

from __future__ import annotations

import os
import random
import shutil
import sys
from pathlib import Path

import pytest

from sequencer.errors import Fault, InstanceError
from sequencer.instance.facts import Goal
from sequencer.tables.read import read
from sequencer.tables.text import FileError, decode, is_odd, sheet

PLAIN = Path(__file__).parent / "odd" / "plain"
KNOWN = frozenset({"place", "region", "population"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the plain folder."""
    return Path(shutil.copytree(PLAIN, tmp_path / "instance"))


def faults(folder: Path) -> list[str]:
    """Return the faults of a folder."""
    with pytest.raises(InstanceError) as caught:
        read(folder)
    return [str(fault) for fault in caught.value.faults]


def test_no_folder(tmp_path: Path) -> None:
    assert "needed: a folder" in faults(tmp_path / "nowhere")[0]
    assert "needed: a folder" in faults(PLAIN / "plan.toml")[0]


def test_an_empty_folder(tmp_path: Path) -> None:
    assert [line.partition(":")[0] for line in faults(tmp_path)] == [
        "functions.csv", "packages.csv", "places.csv", "plan.toml",
    ]  # fmt: skip


def test_a_huge_file_is_not_read(folder: Path) -> None:
    with (folder / "options.csv").open("wb") as file:
        file.truncate(200_000_000)
    assert faults(folder) == ["options.csv: found 200,000,000 bytes; needed: at most 50,000,000 bytes"]


def test_a_folder_in_the_place_of_a_file(folder: Path) -> None:
    (folder / "options.csv").unlink()
    (folder / "options.csv").mkdir()
    assert faults(folder) == ["options.csv: found no regular file; needed: a CSV or TOML file"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_does_not_block(folder: Path) -> None:
    (folder / "options.csv").unlink()
    os.mkfifo(folder / "options.csv")
    assert faults(folder) == ["options.csv: found no regular file; needed: a CSV or TOML file"]


def test_links_to_files_are_followed(folder: Path, tmp_path: Path) -> None:
    expected = read(folder)
    shutil.move(folder / "needs.csv", tmp_path / "elsewhere.txt")
    (folder / "needs.csv").symlink_to(tmp_path / "elsewhere.txt")
    assert read(folder) == expected
    (folder / "needs.csv").unlink()
    (folder / "needs.csv").symlink_to(tmp_path / "nowhere")
    assert faults(folder) == ["needs.csv: found no such file; needed: a file that can be read"]


def test_a_file_that_may_not_be_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert (
        "needs.csv: found a file that cannot be opened: Permission denied; needed: a file that can be read"
        in faults(folder)
    )


@pytest.mark.skipif(sys.platform != "linux", reason="file names are told apart by case only here")
def test_names_of_files_are_compared_whatever_their_case(folder: Path) -> None:
    expected = read(folder)
    (folder / "needs.csv").rename(folder / "Needs.CSV")
    assert read(folder) == expected
    shutil.copy(folder / "Needs.CSV", folder / "needs.csv")
    assert faults(folder) == [
        "needs.csv: found Needs.CSV and needs.csv; needed: one file of this name, whatever its case"
    ]


def test_other_files_are_left_alone(folder: Path) -> None:
    expected = read(folder)
    for name in (
        "README.md",
        "timetable.csv",
        "supplies.csv",
        "tight.csv",
        "best.csv",
        "record.csv",
        "~$needs.csv",
        "~$links.xlsx",
        ".~lock.links.csv#",
        ".links.xlsx.swp",
        "links.csv.bak",
        "links.csv.orig",
        "Links.CSV~",
        "maps.xlsx",
        ".x.csv",
    ):
        (folder / name).write_bytes(b"\x00\xffanything")
    assert read(folder) == expected


ENDINGS = ["xlsx", "xls", "ods", "tsv", "txt", "numbers", "gsheet", "csv.txt", "CSV.gz", "json"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_table_with_another_ending_is_never_ignored(folder: Path, ending: str) -> None:
    (folder / "links.csv").unlink()
    (folder / f"Links.{ending}").write_bytes(b"PK\x03\x04")
    (found,) = faults(folder)
    assert found.startswith(f"Links.{ending}: found a table that is not CSV; needed: links.csv (")
    (folder / "links.csv").write_text("before,after\n", encoding="utf-8")
    (found,) = faults(folder)
    assert found.endswith("(links.csv is read; keep this elsewhere)")


def test_what_needs_a_table_with_another_ending_is_not_judged(folder: Path) -> None:
    """Else every need would lack its resource, and every package its place."""
    tables = sorted(path.name for path in folder.glob("*.csv"))
    for name in tables:
        (folder / name).rename((folder / name).with_suffix(".xlsx"))
        assert [line.partition(":")[0] for line in faults(folder)] == [name.replace(".csv", ".xlsx")]
        (folder / name).with_suffix(".xlsx").rename(folder / name)


def test_a_folder_named_like_a_table_is_no_table(folder: Path) -> None:
    expected = read(folder)
    (folder / "links").mkdir()
    assert read(folder) == expected
    (folder / "links.numbers").mkdir()  # some programs save a folder
    assert len(faults(folder)) == 1


@pytest.mark.parametrize("text", ["<!DOCTYPE html><html>", "\n <html>", "<?xml version='1.0'?>", "<table><tr>"])
def test_a_web_page_is_one_fault(folder: Path, text: str) -> None:
    (folder / "links.csv").write_text(text + "\n<td>a,b</td>\n" * 9, encoding="utf-8")
    assert faults(folder) == ["links.csv: found a web page or XML; needed: a CSV file (save it as CSV)"]


def test_text_guarded_against_formulas_is_read_without_the_guard(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("Baucau", "'=Baucau").replace("light", "'@light"), encoding="utf-8")
    instance = read(folder)
    assert [place.name for place in instance.places] == ["Aileu", "=Baucau", "national"]
    assert {option.name for option in instance.options} == {"none", "@light"}


def test_names_may_hold_joiners(folder: Path) -> None:
    name = "\u0645\u06cc\u200c\u0627\u0646\u062f\u0648\u0622\u0628"
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace("Baucau", name), encoding="utf-8")
    instance = read(folder)
    assert f"{name}/policing" in instance.package
    (folder / "packages.csv").write_text(f"place,function\n{name}x,policing\n", encoding="utf-8")
    assert f'found "{name}x"; needed: a place from places.csv (nearest: {name})' in faults(folder)[0]


def test_random_bytes_are_one_fault(folder: Path) -> None:
    (folder / "options.csv").write_bytes(random.Random(1).randbytes(5000))  # noqa: S311 - no secrets here
    (found,) = [line for line in faults(folder) if line.startswith("options.csv")]
    assert "text" in found


@pytest.mark.parametrize(
    "data",
    [b"a\x00b\x00\x00c", b"\xff\xfea", b"\x81\x8d", b"a,b\n1,\x02\n", "a\u0085b".encode(), b"\xfe\xff\xd8\x00\x00a"],
)
def test_bytes_that_are_no_text(data: bytes) -> None:
    with pytest.raises(FileError):
        decode(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(encoding: str) -> None:
    assert decode("place,région\nAiléu,1\n".encode(encoding)) == "place,région\nAiléu,1\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_that_gives_known_headings(delimiter: str) -> None:
    text = f"place{delimiter} Region{delimiter}population\n".replace(" R", "R") + f"a{delimiter}b{delimiter}1\n"
    read_sheet = sheet(text, KNOWN)
    assert (read_sheet.delimiter, read_sheet.rows) == (delimiter, [(2, ["a", "b", "1"])])


def test_rows_are_numbered_by_their_first_line() -> None:
    text = 'sep=,\r\nplace,region\r\n"a\r\nb",c\r\n\r\n , \r\nd,e,,\r\n'
    read_sheet = sheet(text, KNOWN)
    assert read_sheet.first == 2
    assert read_sheet.rows == [(3, ["a\r\nb", "c"]), (7, ["d", "e"])]


def test_plan_keys(folder: Path) -> None:
    (folder / "plan.toml").write_text(
        'first_month = 2009-01-01\nmonths = 36\nfiscal_year_start = 7\nmandate_end = 2011-12-31\nrisk_margin = 2.5\n'
        'objective = ["exit", {term = "cost", tolerance = 5}]\n',
        encoding="utf-8",
    )  # fmt: skip
    instance = read(folder)
    assert (instance.calendar.year, instance.calendar.month, instance.calendar.fiscal_start) == (2009, 1, 7)
    assert (instance.plan.title, instance.plan.mandate_end, instance.plan.risk_margin) == ("instance", 35, 2500)
    assert instance.plan.objective == (Goal(term="exit"), Goal(term="cost", tolerance=5))


@pytest.mark.parametrize(
    "text",
    [
        "", "=", "x", "\x00", "a = " + "[" * 5000, "months = " + "9" * 5000, "[months]\na = 1", "months = true",
        'first_month = "2009-01"\nmonths = 1e9', "objective = 3", "objective = [[]]", "objective = [{}]", "hold = nan",
        'first_month = "mandate_end"', "mandate_end = 1979-05-27T07:32:00Z", '"" = 1', '"a\\u0007b" = 2',
        "risk_margin = inf",
        "risk_margin = 1e999999", "first_month = 07:32:00", "title = [1]",
    ],
)  # fmt: skip
def test_plans_that_cannot_be_read(folder: Path, text: str) -> None:
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    assert any(line.startswith("plan.toml") for line in faults(folder))


PIECES = [
    b"", b",", b";", b"\t", b'"', b"\n", b"\r", b"*", b"/", b":", b"region:", b"sector:", b"\x00", b"\xff", b"\xc3",
    b"9" * 30, b"-", b".", b"mandate_end", b"2009-05", b"any", b"1,234", b"#REF!", b"policing", b"Aileu", b"=", b"[",
    b"{", b"sep=", b"'=", b"<html", b"Total", b"#N/A",
    "\u200c".encode(), b"AILEU", b"relapse", b"width",
    "é\u0301\u202e".encode(), b"1e400", b"\xef\xbb\xbf",
]  # fmt: skip


def _mutate(folder: Path, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 3)):
        path = rng.choice(sorted(folder.iterdir()))
        data = path.read_bytes()
        if rng.random() < 0.5:
            at, length = rng.randrange(len(data) + 1), rng.choice((0, 1, 1, 3, 20))
            data = data[:at] + rng.choice(PIECES) + data[at + length :]
        elif rng.random() < 0.9:
            lines = [line.split(b",") for line in data.split(b"\n")]
            line = rng.choice(lines)
            line[rng.randrange(len(line))] = rng.choice((*PIECES, rng.choice(rng.choice(lines))))
            data = b"\n".join(b",".join(line) for line in lines)
        else:
            lines_of_bytes = data.splitlines(keepends=True) or [b""]
            rng.shuffle(lines_of_bytes)
            data = b"".join(lines_of_bytes)
        path.write_bytes(data)


@pytest.mark.parametrize("seed", range(4))
def test_no_content_makes_the_reader_stumble(tmp_path: Path, seed: int) -> None:
    """Bytes and cells changed at random: an instance or faults, nothing else; every fault says what was needed."""
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    for step in range(int(os.environ.get("FUZZ", "60"))):
        folder = Path(shutil.copytree(PLAIN, tmp_path / str(step)))
        _mutate(folder, rng)
        for fault in _faults(folder):
            assert fault.file
            assert fault.found
            assert fault.needed
            assert not any(map(is_odd, str(fault)))
        shutil.rmtree(folder)


def _faults(folder: Path) -> tuple[Fault, ...]:
    try:
        read(folder)
    except InstanceError as error:
        return error.faults
    return ()
