"""A workbook is read as the folder of the same tables is, and complains as the folder does, by sheet."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from sequencer import read, solve
from sequencer.errors import Fault, InstanceError, UsageError
from sequencer.importing.workbooks import convert
from sequencer.instance.digest import digest
from sequencer.instance.facts import Goal
from sequencer.tables.workbook.book import _told
from sequencer.tables.workbook.writing import write

HERE = Path(__file__).parent
SHIPPED = sorted(path.parent for path in (HERE.parent / "instances").glob("*/*/plan.toml"))
BROKEN = sorted(path.parent for path in (HERE / "broken").glob("*/expected.txt"))
LARGE = [path for path in SHIPPED if path.parent.name in ("historical", "national")]
SMALL = [path for path in SHIPPED if path not in LARGE]
EVERY = 6  # of the small and the broken folders, on an ordinary day

#: What only files can have, or only sheets cannot: nothing of it can be written as a workbook.
OF_FILES = {
    "binary", "broken_toml", "control_character", "empty_file", "no_plan", "odd_separator", "other_ending",
    "other_ending_required", "plan_broken_tables_read", "plan_empty_objective", "quote_open", "quote_swallows_rows",
    "unknown_table", "web_page",
}  # fmt: skip
#: What a cell can say though TOML cannot: a number written as text, a list of one.
FORGIVEN = {"plan_bad_negotiable", "plan_text_for_number"}
#: A workbook says these in other words: numbers with three decimals, a list that is half right.
IN_OTHER_WORDS = {"percent_as_fraction", "plan_bad_library", "plan_bad_tolerance", "infinite_numbers"}

Edit = Callable[[Workbook], None]


@pytest.fixture
def book(worked: Path, tmp_path: Path) -> Path:
    """Return the worked example as a workbook."""
    path = tmp_path / "plan of all.xlsx"
    write(worked, path)
    return path


def edited(path: Path, edit: Edit) -> Path:
    """Change a workbook as a planner would, and save it."""
    workbook = openpyxl.load_workbook(path)
    edit(workbook)
    workbook.save(path)
    return path


def faults(path: Path) -> list[str]:
    """Return the faults of a workbook."""
    with pytest.raises(InstanceError) as caught:
        read(path)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("folder", [*LARGE, *SMALL[::EVERY]], ids=lambda path: path.name)
def test_a_shipped_instance_is_the_same_as_a_workbook(folder: Path, tmp_path: Path) -> None:
    _same_as_workbook(folder, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("folder", SMALL, ids=lambda path: path.name)
def test_every_shipped_instance_is_the_same_as_a_workbook(folder: Path, tmp_path: Path) -> None:
    _same_as_workbook(folder, tmp_path)


def _same_as_workbook(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    convert(folder, path)
    before = path.read_bytes()
    assert digest(read(path)) == digest(read(folder))
    assert path.read_bytes() == before


@pytest.mark.parametrize("folder", SHIPPED[:: len(SHIPPED) // 8], ids=lambda path: path.name)
def test_a_workbook_becomes_the_folder_it_came_from(folder: Path, tmp_path: Path) -> None:
    convert(folder, tmp_path / "book.xlsx")
    convert(tmp_path / "book.xlsx", tmp_path / "folder")
    assert digest(read(tmp_path / "folder")) == digest(read(folder))
    assert {path.name for path in (tmp_path / "folder").glob("*.csv")} == {path.name for path in folder.glob("*.csv")}


def _as_folder(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    if folder.name in OF_FILES:
        with pytest.raises(InstanceError):
            write(folder, path)
        return
    write(folder, path)
    if folder.name in FORGIVEN:
        read(path)
        return
    with pytest.raises(InstanceError) as of_folder:
        read(folder)
    with pytest.raises(InstanceError) as of_book:
        read(path)
    found = sorted(map(_comparable, of_book.value.faults))
    if folder.name not in IN_OTHER_WORDS:
        assert found == sorted(_comparable(_renamed(fault)) for fault in of_folder.value.faults)
    assert all(fault.file.startswith("book.xlsx, sheet ") or fault.file.startswith("library/") for fault in found)


def _renamed(fault: Fault) -> Fault:
    name = "plan" if fault.file == "plan.toml" else fault.file.removesuffix(".csv")
    file = fault.file if fault.file.startswith("library/") else f"book.xlsx, sheet {name}"
    found = "no such sheet" if fault.found == "no such file" else _told(fault.found)
    return Fault(file, fault.row, fault.column, found, _told(fault.needed), _told(fault.hint))


def _comparable(fault: Fault) -> Fault:
    """Return a fault without the row of a key, which the header of the sheet moves, and without hints about CSV."""
    hint = "" if "delimiter" in fault.hint else fault.hint
    row = 0 if fault.file.endswith("sheet plan") else fault.row
    return Fault(fault.file, row, fault.column, fault.found, fault.needed, hint)


@pytest.mark.parametrize("folder", BROKEN[::EVERY], ids=lambda path: path.name)
def test_a_broken_folder_has_the_same_faults_as_a_workbook(folder: Path, tmp_path: Path) -> None:
    _as_folder(folder, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("folder", BROKEN, ids=lambda path: path.name)
def test_every_broken_folder_has_the_same_faults_as_a_workbook(folder: Path, tmp_path: Path) -> None:
    _as_folder(folder, tmp_path)


def test_faults_name_workbook_sheet_row_and_column_and_come_all_at_once(book: Path) -> None:
    def spoil(workbook: Workbook) -> None:
        needs = workbook["needs"]
        column = [cell.value for cell in needs[1]].index("amount") + 1
        needs.cell(2, column).value = "seven"
        needs.title = "other"
        needs.title = "Needs"
        workbook["packages"]["A3"] = "nowhere"
        workbook["plan"]["B4"] = 0

    said = faults(edited(book, spoil))
    assert 'plan of all.xlsx, sheet Needs, row 2, column amount: found "seven"; needed: a whole number' in said
    found = 'sheet packages, row 3, column place: found "nowhere"; needed: a place from the sheet places'
    assert f"plan of all.xlsx, {found}" in said
    assert "plan of all.xlsx, sheet plan, row 4, column months: found 0; needed: a whole number from 1 to 600" in said


def test_reasons_name_the_sheet(book: Path) -> None:
    assert read(book).capacity[0].origin.place == "sheet capacity row 2"


def cell(value: object, form: str = "General") -> Edit:
    """Return an edit that puts a value into the first amount of the sheet needs."""

    def edit(workbook: Workbook) -> None:
        sheet = workbook["needs"]
        column = [cell.value for cell in sheet[1]].index("amount") + 1
        placed = sheet.cell(2, column)
        placed.value = value
        placed.number_format = form

    return edit


@pytest.mark.parametrize(
    ("value", "form"),
    [(1.0, "General"), (0.9999999999999998, "General"), (1, "0.00"), ("1", "@"), (" 1 ", "@"), (1, "#,##0")],
)
def test_a_number_is_the_same_however_it_is_stored_and_shown(
    value: object, form: str, worked: Path, book: Path
) -> None:
    assert digest(read(edited(book, cell(value, form)))) == digest(read(worked))


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [
        (1.5, "General", 'found "1.5"; needed: a whole number'),
        (0.5, "0%", 'found "50%"; needed: a whole number (without the percent sign)'),
        (True, "General", 'found "TRUE"; needed: a whole number'),
        (datetime(2031, 5, 1), "mmm yyyy", 'found "2031-05-01"; needed: a whole number'),  # noqa: DTZ001
        (0.5, "hh:mm", "found the number 0.5 shown as a date; needed: a date (change the format of the cell)"),
        (0.5, "[h]:mm", "found a length of time; needed: a number, a month or text"),
        (1e300, "General", "found "),
        ("=1+1", "General", "found a formula without a result; needed: a value (open the workbook in Excel or"),
        ("#REF!", "General", 'found "#REF!"; needed: a value (a spreadsheet error: it could not compute this cell)'),
        ("1.234", "@", "needed: a whole number with one reading"),
        ("two", "General", 'found "two"; needed: a whole number'),
    ],
)
def test_what_is_no_such_number_is_refused(value: object, form: str, said: str, book: Path) -> None:
    (fault,) = faults(edited(book, cell(value, form)))
    assert fault.startswith("plan of all.xlsx, sheet needs, row 2, column amount: ")
    assert said in fault


@pytest.mark.parametrize("written", [date(2030, 5, 1), datetime(2030, 5, 17), "2030-05", "May 2030"])  # noqa: DTZ001
def test_dates_are_months(written: object, book: Path) -> None:
    def fix(workbook: Workbook) -> None:
        sheet = workbook["packages"]
        sheet.cell(1, sheet.max_column + 1).value = " Earliest "
        sheet.cell(2, sheet.max_column).value = written

    assert read(edited(book, fix)).packages[0].earliest == 4


def test_dates_may_count_from_1904(book: Path) -> None:
    def fix(workbook: Workbook) -> None:
        workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        sheet = workbook["packages"]
        sheet.cell(1, sheet.max_column + 1).value = "earliest"
        sheet.cell(2, sheet.max_column).value = datetime(2030, 5, 17)  # noqa: DTZ001

    assert read(edited(book, fix)).packages[0].earliest == 4


@pytest.mark.parametrize(("value", "form", "points"), [(62.125, "General", 62_125), (0.1 + 0.2, "0.0", 300)])
def test_points_are_exact(value: float, form: str, points: int, book: Path) -> None:
    def fix(workbook: Workbook) -> None:
        sheet = workbook["readiness"]
        at = [cell.value for cell in sheet[1]].index("score") + 1
        sheet.cell(2, at).value = value
        sheet.cell(2, at).number_format = form
        sheet.cell(2, [cell.value for cell in sheet[1]].index("low") + 1).value = None

    assert read(edited(book, fix)).readiness[0].score == points


def test_blank_rows_and_columns_and_untidy_headings_change_nothing(worked: Path, book: Path) -> None:
    def untidy(workbook: Workbook) -> None:
        sheet = workbook["packages"]
        for cell in sheet[1]:
            cell.value = f" {str(cell.value).upper()} "
        sheet.insert_rows(3, 2)
        sheet.insert_cols(1)
        workbook["threat"].insert_rows(1, 3)
        workbook["plan"].insert_rows(3)
        workbook.create_sheet("Sheet1")
        workbook.create_sheet("_scratch")["A1"] = "anything"
        workbook.create_sheet("Read me")["A1"] = "anything"

    instance = read(edited(book, untidy))
    assert digest(instance) == digest(read(worked))
    assert [package.origin.row for package in instance.packages][:2] == [2, 5]


def test_an_unknown_sheet_is_refused_with_the_nearest_name(book: Path) -> None:
    def add(workbook: Workbook) -> None:
        workbook.create_sheet("limit")["A1"] = "x"
        workbook.create_sheet("Budget 2")["A1"] = "x"
        workbook.create_sheet("Needs ")["A1"] = "x"

    said = faults(edited(book, add))
    found = (
        "plan of all.xlsx, sheet limit: found an unknown sheet; needed: the name of a table, or plan (nearest: limits)"
    )
    assert found in said
    assert any("sheet needs: found needs and Needs ; needed: one sheet of this name" in line for line in said)


def test_merged_cells_are_refused_where_a_value_is_read(worked: Path, book: Path) -> None:
    def merge(workbook: Workbook) -> None:
        workbook["packages"].merge_cells("A2:A3")
        workbook.create_sheet("notes").merge_cells("A1:C1")

    where = "plan of all.xlsx, sheet packages, row 2, column place: "
    said = (
        "found merged cells, A2:A3; needed: a value in each cell (unmerge them, and write the value wherever it counts)"
    )
    assert where + said in faults(edited(book, merge))
    assert digest(read(worked))  # the folder itself is as it was


def test_hidden_rows_and_sheets_are_read_and_told(worked: Path, book: Path, caplog: pytest.LogCaptureFixture) -> None:
    def hide(workbook: Workbook) -> None:
        workbook["packages"].row_dimensions[2].hidden = True
        workbook["needs"].sheet_state = "veryHidden"

    with caplog.at_level(logging.INFO, logger="sequencer"):
        assert digest(read(edited(book, hide))) == digest(read(worked))
    assert "plan of all.xlsx: 1 hidden row is read like the others on the sheet packages" in caplog.messages
    assert "plan of all.xlsx: the hidden sheet needs is read like the others" in caplog.messages


def test_the_sheet_plan_holds_all_that_plan_toml_holds(folder: Path, tmp_path: Path) -> None:
    (folder / "plan.toml").write_text(
        'title = "=1+1"\nfirst_month = 2030-01-01\nmonths = 14\nrisk_margin = 2.5\nhold = 1\nas_of = "2030-01"\n'
        'mandate_end = "2031-01"\nmandate_requires = "transfer"\nannounced_pledges = true\nlibrary = ["functions"]\n'
        'negotiable = ["criteria.*"]\nrisk_months = 4  # after a transfer\n'
        'objective = [{term = "exit", tolerance = 2}, "risk"]\n',
        encoding="utf-8",
    )
    path = tmp_path / "book.xlsx"
    write(folder, path)
    instance = read(path)
    assert digest(instance) == digest(read(folder))
    assert instance.plan.title == "=1+1"
    assert instance.plan.objective[0] == Goal(term="exit", tolerance=2)
    assert openpyxl.load_workbook(path)["plan"]["C13"].value == "after a transfer"
    convert(path, tmp_path / "back")
    assert digest(read(tmp_path / "back")) == digest(instance)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("name", "worth")], "row 1: found no columns key and value; needed: a header with key and value"),
        ([("key", "value"), ("hold", 1), ("Hold", 2)], "row 3: found the key hold twice; needed: each key once"),
        ([("key", "value"), ("", 1)], "row 2: found a value without a key; needed: a key of the sheet plan"),
        ([("key", "value"), ("hold", "=1+1")], "row 2: found a formula without a result; needed: a value"),
        ([("key", "value"), ("holds", 1)], 'row 2, column holds: found the key "holds"; needed: a key of the sheet'),
        ([("key", "value"), ('"\nx', 1)], "a key of the sheet plan"),
        ([], "sheet Plan: found an empty sheet; needed: the columns key and value"),
    ],
)
def test_a_sheet_plan_that_cannot_be_read(rows: list[tuple[object, ...]], said: str, book: Path) -> None:
    def replace(workbook: Workbook) -> None:
        del workbook["plan"]
        sheet = workbook.create_sheet("Plan")
        for row in rows:
            sheet.append(row)

    assert any(said in line for line in faults(edited(book, replace)))


def test_a_workbook_without_a_plan(book: Path) -> None:
    said = faults(edited(book, lambda workbook: workbook.remove(workbook["plan"])))
    assert "plan of all.xlsx, sheet plan: found no such sheet; needed: a sheet with the columns key and value" in said


def test_a_number_changed_in_a_workbook_changes_the_plan(book: Path) -> None:
    def more(workbook: Workbook) -> None:
        sheet = workbook["capacity"]
        column = [cell.value for cell in sheet[1]].index("amount") + 1
        sheet.cell(2, column).value += 1

    before = solve(read(book), haste=False).levels[0].value
    after = solve(read(edited(book, more)), haste=False).levels[0].value
    assert before is not None
    assert after is not None
    assert after < before


def test_what_looks_like_a_formula_is_written_as_text(folder: Path, tmp_path: Path) -> None:
    text = (folder / "places.csv").read_text(encoding="utf-8")
    header, *rows = text.splitlines()
    lines = [f"{header},source", *(f"{row},{said}" for row, said in zip(rows, ["'=1+1", "<script>"], strict=False))]
    (folder / "places.csv").write_text("\n".join([*lines, *rows[2:]]), encoding="utf-8")
    path = tmp_path / "book.xlsx"
    convert(folder, path)
    sheet = openpyxl.load_workbook(path)["places"]
    assert sheet.cell(2, sheet.max_column).data_type == "s"
    assert [place.origin.source for place in read(path).places][:2] == ["=1+1", "<script>"]
    convert(path, tmp_path / "back")
    assert ",'=1+1" in (tmp_path / "back" / "places.csv").read_text(encoding="utf-8")


def test_nothing_is_overwritten_unasked(worked: Path, book: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is there"):
        convert(worked, book)
    with pytest.raises(UsageError, match=r"ends in \.xlsx"):
        convert(worked, tmp_path / "book.xls")
    with pytest.raises(UsageError, match="a workbook already"):
        convert(book, tmp_path / "other.xlsx")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"holds mine\.txt"):
        convert(book, tmp_path / "full")
    convert(book, tmp_path / "full", overwrite=True)
    assert (tmp_path / "full" / "mine.txt").read_text(encoding="utf-8") == "mine"
    convert(worked, book, overwrite=True)


def test_what_a_sheet_cannot_hold_is_said(folder: Path, tmp_path: Path) -> None:
    (folder / "readiness_a_function_with_a_long_name.csv").write_text("place\narden\n", encoding="utf-8")
    with pytest.raises(UsageError, match="at most 31 characters"):
        write(folder, tmp_path / "book.xlsx")
    assert not (tmp_path / "book.xlsx").exists()


def test_the_reader_of_workbooks_is_loaded_for_workbooks_only(worked: Path) -> None:
    code = f"import sys; from sequencer import read; read({str(worked)!r}); sys.exit('openpyxl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own code
