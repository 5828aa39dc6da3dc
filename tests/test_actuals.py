"""What really happened, as planners write it down: every fault is told, and nothing is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_replan import ARDEN, BELMONT, BEST, CLINICS

from sequencer import InstanceError, read
from sequencer.replanning.actuals import Actual, read_actuals
from sequencer.vocabulary import Stage

AS_OF = 7  # 2030-08


def written(worked: Path, folder: Path, text: str) -> dict[str, Actual]:
    """Return what is read of a text."""
    file = folder / "actuals.csv"
    file.write_text(text, encoding="utf-8")
    return read_actuals(file, read(worked), BEST, AS_OF)


def faults(worked: Path, folder: Path, text: str) -> list[str]:
    """Return the faults of a text."""
    with pytest.raises(InstanceError) as caught:
        written(worked, folder, text)
    return [str(fault) for fault in caught.value.faults]


def test_rows_are_read_by_package_or_by_place_and_function(worked: Path, tmp_path: Path) -> None:
    found = written(
        worked,
        tmp_path,
        "place;function;transfer;option;stage;since;note\n"
        "arden;policing;May 2030;;;;on time\nbelmont;policing;;none;joint;2030-07;\narden;clinics;;;;;\n",
    )
    assert list(found) == [ARDEN, BELMONT]
    assert (found[ARDEN].transfer, found[ARDEN].option, found[ARDEN].named) == (4, "intensive", False)
    assert (found[BELMONT].stage, found[BELMONT].since, found[BELMONT].named) == (Stage.JOINT, 6, True)
    assert found[ARDEN].origin.note == "on time"


def test_every_fault_is_told_at_once(worked: Path, tmp_path: Path) -> None:
    told = faults(
        worked,
        tmp_path,
        "package,transfer,option,stage,since\n"
        "arden/polcing,2030-05,,,\n"
        f"{ARDEN},2030-08,intense,,\n"
        f"{ARDEN},2030-05,,,\n"
        f"{BELMONT},2030-13,,jiont,\n"
        f"{CLINICS},,,,2030-06\n"
        ",2030-05,,,\n",
    )
    assert [fault.split(": found")[0] for fault in told] == [
        "actuals.csv, row 2, column package",
        "actuals.csv, row 3, column option",
        "actuals.csv, row 4, column package",
        "actuals.csv, row 5, column stage",
        "actuals.csv, row 5, column transfer",
        "actuals.csv, row 6, column stage",
        "actuals.csv, row 7, column package",
    ]
    assert "nearest: arden/policing" in told[0]
    assert "nearest: intensive" in told[1]
    assert "first in row 3" in told[2]


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (f"{BELMONT},2030-08,,,", "transfer", "a month before 2030-08: what comes later is planned"),
        (f"{BELMONT},,,joint,2030-09", "since", "a month up to 2030-08"),
        (f"{BELMONT},,,joint,", "since", "the first month of the stage joint"),
        (f"{BELMONT},2030-06,,joint,2030-05", "stage", "of a package that fell back, leave transfer blank"),
        (f"{BELMONT},2030-06,,mentored,2030-05", "since", "2030-06, which follows from transfer and option"),
        (f"{BELMONT},,,joint,2030-05", "stage", "joint since 2030-05, which with none ended in 2030-06"),
        (f"{BELMONT},,,support,2030-07", "stage", "a stage that the option none has"),
        (f"{ARDEN},,,,", "transfer", "nothing, but 2030-05 was published"),
    ],
)
def test_what_contradicts_itself_is_refused(worked: Path, tmp_path: Path, row: str, column: str, said: str) -> None:
    (told,) = faults(worked, tmp_path, f"package,transfer,option,stage,since\n{row}\n")
    assert told.startswith(f"actuals.csv, row 2, column {column}: ")
    assert said in told


def test_a_file_that_is_none_is_one_fault(worked: Path, tmp_path: Path) -> None:
    with pytest.raises(InstanceError, match=r"nowhere\.csv"):
        read_actuals(tmp_path / "nowhere.csv", read(worked), BEST, AS_OF)
    (told,) = faults(worked, tmp_path, "name,month\nx,y\n")
    assert "row 1" in told


def test_text_from_files_cannot_steer_a_terminal(worked: Path, tmp_path: Path) -> None:
    told = faults(worked, tmp_path, "package,transfer\n\x1b[31marden/policing,2030-05\n")
    assert told
    assert not any("\x1b" in fault for fault in told)


def test_another_option_alone_says_too_little(worked: Path, tmp_path: Path) -> None:
    told = faults(worked, tmp_path, f"package,option\n{ARDEN},none\n")
    assert [fault.split("; ")[0] for fault in told] == [
        'actuals.csv, row 2, column option: found "none"',
        "actuals.csv, row 2, column transfer: found nothing, but 2030-05 was published",
    ]
