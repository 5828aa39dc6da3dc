"""Workbooks that are none, too large, damaged, or made to harm: one clear message each, and nothing else happens."""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from sequencer import read
from sequencer.cli import main
from sequencer.errors import InstanceError
from sequencer.instance.digest import digest
from sequencer.tables.workbook import archive, grid
from sequencer.tables.workbook.writing import write

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
"""
FETCH = b"""<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/passwd">]>
"""
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.fixture
def book(worked: Path, tmp_path: Path) -> Path:
    """Return the worked example as a workbook."""
    path = tmp_path / "book.xlsx"
    write(worked, path)
    return path


def fault(path: Path) -> str:
    """Return the only fault of a workbook."""
    with pytest.raises(InstanceError) as caught:
        read(path)
    (found,) = caught.value.faults
    return str(found)


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes], name: str = "") -> Path:
    """Change one part of a workbook."""
    with zipfile.ZipFile(path) as old:
        parts = {entry: old.read(entry) for entry in old.namelist()}
    parts[part] = change(parts.get(part, b""))
    target = path.with_name(name or path.name)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry, data in parts.items():
            new.writestr(entry, data)
    return target


def sheets(path: Path) -> dict[str, str]:
    """Return the part that holds each sheet, by name."""
    with zipfile.ZipFile(path) as there:
        names = re.findall(rb'<sheet [^>]*name="([^"]*)"', there.read("xl/workbook.xml"))
    return {name.decode(): f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(names, start=1)}


def sheet_of(path: Path, name: str) -> str:
    """Return the part that holds a sheet."""
    return sheets(path)[name]


def shared(path: Path) -> Path:
    """Store the texts of a workbook as Excel does: once, in a part of their own."""
    texts: list[bytes] = []

    def refer(found: re.Match[bytes]) -> bytes:
        texts.append(found[2])
        return found[1] + b' t="s"><v>%d</v></c>' % (len(texts) - 1)

    pattern = rb'(<c r="[A-Z0-9]+"(?: s="[0-9]+")?) t="inlineStr"><is>(<t[^<]*</t>)</is></c>'
    for part in sheets(path).values():
        rewritten(path, part, lambda data: re.sub(pattern, refer, data))
    written = b'<sst xmlns="%s">%s</sst>' % (MAIN.encode(), b"".join(b"<si>%s</si>" % text for text in texts))
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = b'<Relationship Id="rId77" Type="%s" Target="/xl/sharedStrings.xml"/></Relationships>' % kind
    rewritten(path, "xl/sharedStrings.xml", lambda _: written)
    return rewritten(path, "xl/_rels/workbook.xml.rels", lambda data: data.replace(b"</Relationships>", relation))


def test_texts_in_a_part_of_their_own(worked: Path, book: Path) -> None:
    shared(book)
    with zipfile.ZipFile(book) as there:
        assert b"inlineStr" not in there.read(sheet_of(book, "needs"))
    assert digest(read(book)) == digest(read(worked))


@pytest.mark.parametrize("bomb", [BOMB, FETCH], ids=["bomb", "fetch"])
@pytest.mark.parametrize("part", ["workbook.xml", "styles.xml", "sharedStrings.xml", "_rels/workbook.xml.rels"])
def test_entities_are_never_expanded(bomb: bytes, part: str, book: Path) -> None:
    shared(book)
    rewritten(book, f"xl/{part}", lambda data: bomb + (data.partition(b"?>")[2] if b"<?xml" in data else data))
    assert fault(book) == (
        "book.xlsx: found XML with a document type or entities, as no spreadsheet writes it; "
        "needed: an Excel workbook (.xlsx)"
    )


def test_entities_in_a_sheet_are_never_expanded(book: Path) -> None:
    rewritten(book, sheet_of(book, "needs"), lambda data: FETCH + data.replace(b"</v>", b"&c;</v>"))
    assert "sheet needs: found XML with a document type or entities" in fault(book)


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rewritten(book, "xl/worksheets/sheet99.xml", lambda _: b" " * (archive.UNPACKED + 1))
    assert book.stat().st_size < archive.UNPACKED / 10
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("something was unpacked"))
    assert "bytes when unpacked; needed: at most 30,000,000 bytes" in fault(book)


def test_a_part_that_is_longer_than_it_says_is_damaged(book: Path) -> None:
    data = book.read_bytes()
    with zipfile.ZipFile(book) as read_back:
        entry = read_back.getinfo("xl/workbook.xml")
    size = entry.file_size.to_bytes(4, "little")
    book.write_bytes(data.replace(size, (10).to_bytes(4, "little")))
    assert "found a damaged file" in fault(book)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (
            b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
            "found a cell in row 1,048,576; needed: at most",
        ),
        (b'<row r="3"><c r="XFD3"><v>1</v></c></row>', "row 3: found a cell in column 16,384; needed: at most 256"),
    ],
)
def test_a_cell_far_out_is_refused(cell: bytes, said: str, book: Path) -> None:
    rewritten(book, sheet_of(book, "needs"), lambda data: data.replace(b"</sheetData>", cell + b"</sheetData>"))
    assert said in fault(book)


def test_blank_cells_far_out_are_nothing(worked: Path, book: Path) -> None:
    blank = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/>'
    rewritten(book, sheet_of(book, "needs"), lambda data: data.replace(b"</sheetData>", blank + b"</mergeCells>", 1))
    assert digest(read(book)) == digest(read(worked))


def test_a_text_longer_than_a_cell_can_be_is_refused(book: Path) -> None:
    cell = b'<row r="9"><c r="A9" t="inlineStr"><is><t>%s</t></is></c></row></sheetData>' % (b"x" * 40_000)
    rewritten(book, sheet_of(book, "needs"), lambda data: data.replace(b"</sheetData>", cell))
    with pytest.raises(InstanceError, match="found a text of 40,000 characters; needed: at most 32,767"):
        read(book)


def test_a_formula_has_the_value_that_was_computed_last(worked: Path, book: Path) -> None:
    data = re.compile(rb"<c r=\"([A-Z]+2)\"([^>]*)><v>1</v>")
    part = sheet_of(book, "capacity")
    rewritten(book, part, lambda cells: data.sub(rb'<c r="\1"\2><f>2-1</f><v>1</v>', cells))
    with zipfile.ZipFile(book) as there:
        assert b"<f>2-1</f>" in there.read(part)
    assert digest(read(book)) == digest(read(worked))


def test_too_many_cells_are_refused(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "ELEMENTS", 2000)
    rewritten(
        book, sheet_of(book, "needs"), lambda data: data.replace(b"<sheetData>", b"<sheetData>" + b"<row/>" * 2000)
    )
    said = "sheet needs: found more than 2,000 cells and parts of cells; needed: a smaller workbook"
    with pytest.raises(InstanceError, match=said):
        read(book)


def test_every_limit_is_above_what_is_shipped(top: Path) -> None:
    longest = max(len(path.read_bytes().splitlines()) for path in (top / "instances").rglob("*.csv"))
    assert 10 * longest < grid.ROWS


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        (
            "old.xls",
            b"\xd0\xcf\x11\xe0" + b"\0" * 600,
            "found a spreadsheet of the kind .xls; needed: an Excel",
        ),
        ("old.xlsb", b"PK", "found a spreadsheet of the kind .xlsb"),
        ("sheet.ods", b"PK", "found a spreadsheet of the kind .ods"),
        (
            "locked.xlsx",
            b"\xd0\xcf\x11\xe0" + b"\0" * 600,
            "an old Excel workbook (.xls), or one with a password",
        ),
        ("csv.xlsx", b"place,region\n", "csv.xlsx: found a damaged file: File is not a zip file"),
        ("empty.xlsx", b"", "found a damaged file"),
        ("cut.xlsx", b"PK\x03\x04" + b"\0" * 90, "found a damaged file"),
    ],
)
def test_what_is_no_workbook(name: str, data: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    assert said in fault(tmp_path / name)
    assert main(["validate", str(tmp_path / name)]) == 3


def test_other_archives(book: Path, tmp_path: Path) -> None:
    assert "found an OpenDocument spreadsheet" in fault(rewritten(book, "mimetype", lambda _: b"x", "open.xlsx"))
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as other:
        other.writestr("hello.txt", "hello")
    assert "found a ZIP file that is no Excel workbook" in fault(tmp_path / "other.xlsx")


def test_macros_and_links_to_other_workbooks_are_left_alone(worked: Path, book: Path) -> None:
    target = rewritten(book, "xl/vbaProject.bin", lambda _: b"\xd0\xcf\x11\xe0", "book.xlsm")
    link = b'<Relationship Id="rId99" Type="x/externalLink" Target="file:///etc/passwd" TargetMode="External"/>'
    rewritten(target, "xl/_rels/workbook.xml.rels", lambda data: data.replace(b"</Rel", link + b"</Rel", 1))
    assert digest(read(target)) == digest(read(worked))


def test_sheets_that_lead_out_of_the_archive_are_not_there(book: Path) -> None:
    rewritten(book, "xl/_rels/workbook.xml.rels", lambda data: data.replace(b"worksheets/", b"../../../worksheets/"))
    with pytest.raises(InstanceError, match="an empty sheet"):
        read(book)


def test_numbers_and_texts_that_are_none(book: Path) -> None:
    part = sheet_of(book, "capacity")
    amount = [cell.value for cell in openpyxl.load_workbook(book)["capacity"][1]].index("amount")
    name = f"{'ABCDEFGH'[amount]}2".encode()

    def stored(kind: bytes, value: bytes) -> Callable[[bytes], bytes]:
        def change(data: bytes) -> bytes:
            before, cell, after = data.partition(b'<c r="%s"' % name)
            return before + cell + b' t="%s"><v>%s</v></c>' % (kind, value) + after.partition(b"</c>")[2]

        return change

    for kind, value in ((b"n", b"nan"), (b"n", b"1e999"), (b"n", b"x"), (b"s", b"-1"), (b"s", b"99999"), (b"s", b"x")):
        path = rewritten(book, part, stored(kind, value), "changed.xlsx")
        assert f'column amount: found "{value.decode()}" stored as a number or text' in fault(path)


def test_rows_and_cells_may_stand_one_after_the_other_without_their_names(worked: Path, book: Path) -> None:
    for name in ("plan", "places"):  # no blank cell lies between others
        part = sheet_of(book, name)
        rewritten(book, part, lambda data: re.sub(rb'<(row|c) r="[A-Z0-9]+"', rb"<\1", data))
        with zipfile.ZipFile(book) as there:
            assert b"r=" not in there.read(part).partition(b"<sheetData>")[2].partition(b"</row>")[0]
    assert digest(read(book)) == digest(read(worked))


def test_inline_rich_and_spoken_text(book: Path, worked: Path) -> None:
    rich = b'<is><r><t>ar</t></r><rPh sb="0" eb="1"><t>spoken</t></rPh><r><rPr/><t>den</t></r></is>'
    part = sheet_of(book, "packages")

    def change(data: bytes) -> bytes:
        before, cell, after = data.partition(b'<c r="A2"')
        return before + cell + b' t="inlineStr">' + rich + b"</c>" + after.partition(b"</c>")[2]

    assert digest(read(rewritten(book, part, change))) == digest(read(worked))


#: How many changes are drawn; each is read whole.
DRAWS = pytest.mark.parametrize("draws", [16, pytest.param(200, marks=pytest.mark.slow)])


@DRAWS
def test_nothing_but_faults_come_of_damage(book: Path, draws: int) -> None:
    """Whatever byte of a workbook is changed, it is read as before or refused; nothing else is raised."""
    whole, draw = book.read_bytes(), random.Random(7)  # noqa: S311 - repeatable on purpose
    refused = 0
    for _ in range(draws):
        data = bytearray(whole)
        for _ in range(draw.randrange(1, 4)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        book.write_bytes(data[: len(data) - draw.choice((0, 0, 0, 500))])
        try:
            read(book)
        except InstanceError:
            refused += 1
    assert refused > draws // 6


@DRAWS
def test_nothing_but_faults_come_of_strange_xml(book: Path, draws: int) -> None:
    shared(book)
    draw = random.Random(11)  # noqa: S311 - repeatable on purpose
    parts = [sheet_of(book, "needs"), "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"]
    refused = 0
    for turn in range(draws):

        def change(data: bytes) -> bytes:
            at = draw.randrange(len(data))
            piece = draw.choice((b"", b"9", b'"', b"<v>", b"</c>", b"-1", b"A", b"\0", b"<c>", b"1e9999", b" r='0'"))
            return data[:at] + piece + data[at + draw.randrange(12) :]

        path = rewritten(book, parts[turn % len(parts)], change, "changed.xlsx")
        try:
            read(path)
        except InstanceError:
            refused += 1
    assert refused > draws // 6


def test_hostile_names_are_shown_on_one_plain_line(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workbook = openpyxl.load_workbook(book)
    workbook.create_sheet("<script>x")["A1"] = "=1+1"
    workbook["packages"]["A2"] = "ar\nden<b>" + "x" * 5000
    workbook.save(book)
    assert main(["validate", str(book)]) == 3
    err = capsys.readouterr().err
    assert "sheet <script>x: found an unknown sheet" in err
    assert max(map(len, err.splitlines())) < 400
