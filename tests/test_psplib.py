"""Files of the PSPLIB become instance folders in which the latest exit is the makespan."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest
from projects import draw_project, shortest

from sequencer import InstanceError, Limits, Status, UsageError, read, solve
from sequencer.cli import main
from sequencer.importing.folder import tables, write_folder
from sequencer.importing.project import Mode, Project, Resource
from sequencer.importing.psplib import convert, read_project

STARS = "*" * 72

#: Two workers, three tasks of 2, 3 and 2 days that need 2, 1 and 1; the last follows the first: 5 days.
SINGLE = f"""{STARS}
file with basedata            : none
{STARS}
projects                      :  1
jobs (incl. supersource/sink ):  5
horizon                       :  7
RESOURCES
  - renewable                 :  1   R
  - nonrenewable              :  0   N
  - doubly constrained        :  0   D
{STARS}
PROJECT INFORMATION:
pronr.  #jobs rel.date duedate tardcost  MPM-Time
    1      3      0        5        1        5
{STARS}
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           5
   4        1          1           5
   5        1          0
{STARS}
REQUESTS/DURATIONS:
jobnr. mode duration  R 1
------------------------------------------------------------------------
  1      1     0       0
  2      1     2       2
  3      1     3       1
  4      1     2       1
  5      1     0       0
{STARS}
RESOURCEAVAILABILITIES:
  R 1
    2
{STARS}
"""

#: A task is done in 2 days for 3 coins, 3 days for 2 or 5 days for none; with 5 coins for two in a row: 2 + 3 days.
MULTI = f"""{STARS}
jobs (incl. supersource/sink ):  4
horizon                       :  10
RESOURCES
  - renewable                 :  1   R
  - nonrenewable              :  1   N
  - doubly constrained        :  0   D
{STARS}
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          1           2
   2        3          1           3
   3        3          1           4
   4        1          0
{STARS}
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  N 1
------------------------------------------------------------------------
  1      1     0       0    0
  2      1     2       1    3
         2     3       1    2
         3     5       1    0
  3      1     2       1    3
         2     3       1    2
         3     5       1    0
  4      1     0       0    0
{STARS}
RESOURCEAVAILABILITIES:
  R 1  N 1
    1    5
{STARS}
"""

#: Two tasks of 2 and 3 days share one worker; the second starts at most 3 days after the first, both by day 1 or later,
#: and the end is 4 days after the start of the second: 1 + 2 + 4.
LAGS = """2\t1\t0\t0
0\t1\t2\t1\t2\t[1]\t[0]
1\t1\t2\t2\t3\t[2]\t[2]
2\t1\t2\t1\t3\t[-3]\t[4]
3\t1\t0
0\t1\t0\t0
1\t1\t2\t1
2\t1\t3\t1
3\t1\t0\t0
1
"""

TEXTS = {"small.sm": (SINGLE, 5), "small.mm": (MULTI, 5), "small.SCH": (LAGS, 7)}
SHARED = Path(__file__).parent.parent.parent / "shared" / "psplib"


def makespan(folder: Path, seconds: float = 60) -> tuple[Status, int | None]:
    outcome = solve(read(folder), limits=Limits(seconds=seconds, workers=1), haste=False)
    assert [level.term for level in outcome.levels] in (["exit"], [])
    return outcome.status, outcome.levels[0].value if outcome.levels else None


@pytest.mark.parametrize("name", TEXTS)
def test_a_small_file_of_each_kind_has_its_known_makespan(name: str, tmp_path: Path) -> None:
    text, expected = TEXTS[name]
    (tmp_path / name).write_text(text.replace("\n", "\r\n"), encoding="ascii")
    project = read_project(tmp_path / name)
    assert shortest(project) == expected
    write_folder(project, tmp_path / "folder")
    assert makespan(tmp_path / "folder") == (Status.OPTIMAL, expected)


@pytest.mark.parametrize(("modes", "lags"), [(1, False), (3, False), (4, False), (1, True)])
def test_folders_of_random_projects_have_their_makespans(modes: int, lags: bool, tmp_path: Path) -> None:
    answers = set()
    for seed in range(12):
        project = draw_project(seed, modes=modes, lags=lags, most=4 if modes == 1 else 3)
        expected = shortest(project)
        write_folder(project, tmp_path / str(seed))
        status, value = makespan(tmp_path / str(seed))
        assert value == expected, seed
        assert status is (Status.INFEASIBLE if expected is None else Status.OPTIMAL), seed
        answers.add(expected)
    assert len(answers) > 2, "all alike would show little"


def test_the_horizon_of_one_mode_is_that_of_a_schedule(tmp_path: Path) -> None:
    for seed in range(40):
        project, expected = draw_project(seed), shortest(draw_project(seed))
        assert expected is None or expected <= project.horizon
    (tmp_path / "small.sm").write_text(SINGLE, encoding="ascii")
    assert read_project(tmp_path / "small.sm").horizon == 5  # where the sum of durations would be 7


@pytest.mark.parametrize(
    ("old", "new", "row", "said"),
    [
        ("   2        1          1           4\n", "", 19, "job 2"),
        ("   2        1          1           4\n", "   2        1          2           4\n", 19, "job 2"),
        (
            "   2        1          1           4\n",
            "   2        1          1           9\n",
            19,
            "a number from 1 to 5",
        ),
        ("  3      1     3       1\n", "  3      1     x       1\n", 29, "'x'"),
        ("  3      1     3       1\n", "  3      1    -3       1\n", 29, "-3"),
        ("  R 1\n    2\n", "  R 1\n", 35, "the end of the file"),
        ("    2\n" + STARS, "    2   3\n" + STARS, 35, "the capacity of each of 1 resources"),
        ("doubly constrained        :  0", "doubly constrained        :  1", 0, "doubly constrained"),
        ("   4        1          1           5\n", "   4        1          2           2   5\n", 0, "jobs that wait"),
        ("jobs (incl. supersource/sink ):  5", "jobs", 36, "'jobs'"),
        ("projects", "pröjects", 0, "ASCII"),
    ],
)
def test_a_bad_file_is_a_fault_with_its_row(old: str, new: str, row: int, said: str, tmp_path: Path) -> None:
    text = SINGLE.replace(old, new)
    assert text != SINGLE
    (tmp_path / "bad.sm").write_text(text, encoding="utf-8")
    with pytest.raises(InstanceError) as caught:
        read_project(tmp_path / "bad.sm")
    (fault,) = caught.value.faults
    assert fault.file == "bad.sm"
    assert said in str(fault)
    if row:
        assert fault.row == row


def test_lags_of_several_modes_and_unknown_suffixes_are_faults(tmp_path: Path) -> None:
    (tmp_path / "bad.sch").write_text(
        LAGS.replace("1\t1\t2\t2\t3\t[2]\t[2]", "1\t2\t2\t2\t3\t[2]\t[2]"), encoding="ascii"
    )
    with pytest.raises(InstanceError, match="one mode"):
        read_project(tmp_path / "bad.sch")
    (tmp_path / "bad.txt").write_text(LAGS, encoding="ascii")
    with pytest.raises(InstanceError, match="suffix"):
        convert([tmp_path / "bad.txt"], tmp_path / "out")


def test_more_modes_than_stages_and_needs_without_a_duration_are_faults() -> None:
    resources = (Resource("N1", renewable=False, capacity=9),)
    dummy = (Mode(0, (0,)),)
    five = tuple(Mode(k + 1, (5 - k,)) for k in range(5))
    with pytest.raises(InstanceError, match="at most 4"):
        tables(Project(name="five", activities=(dummy, five, dummy), resources=resources))
    nothing = (Mode(0, (3,)), Mode(2, (1,)))
    with pytest.raises(InstanceError, match="without duration"):
        tables(Project(name="none", activities=(dummy, nothing, dummy), resources=resources))


def test_a_horizon_beyond_the_longest_plan_is_said() -> None:
    dummy = (Mode(0, ()),)
    project = Project(name="long", activities=(dummy, (Mode(700, ()),), dummy), resources=())
    files, notes = tables(project)
    assert "months = 600" in files["plan.toml"]
    assert len(notes) == 1
    assert "longer than 600 periods" in notes[0]


def test_the_command_writes_one_folder_or_one_for_each_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = []
    for stem in ("one", "two"):
        files.append(tmp_path / f"{stem}.sm")
        files[-1].write_text(SINGLE, encoding="ascii")
    assert main(["import", "psplib", str(files[0]), "--out", str(tmp_path / "alone")]) == 0
    assert len(read(tmp_path / "alone").packages) == 3
    assert main(["import", "psplib", *map(str, files), "--out", str(tmp_path / "both")]) == 0
    assert sorted(path.name for path in (tmp_path / "both").iterdir()) == ["one", "two"]
    assert main(["import", "psplib", str(files[0]), "--out", str(tmp_path / "alone")]) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert main(["import", "psplib", str(files[0]), "--out", str(tmp_path / "alone"), "--overwrite"]) == 0
    files[1].write_text(SINGLE.replace("RESOURCEAV", "nothing"), encoding="ascii")
    assert main(["import", "psplib", *map(str, files), "--out", str(tmp_path / "third")]) == 3
    assert not (tmp_path / "third").exists()
    with pytest.raises(UsageError, match="two files"):
        convert([files[0], files[0]], tmp_path / "fourth")


@pytest.mark.skipif(
    not SHARED.exists(), reason="the files of the PSPLIB are not here; the project does not contain them"
)
@pytest.mark.parametrize(
    ("kind", "names"), [("j30", ["j301_1.sm", "j3048_10.sm"]), ("j20mm", ["j2010_1.mm"]), ("maxj30", ["PSP9.SCH"])]
)
def test_instances_of_the_psplib_have_their_known_optima(kind: str, names: list[str], tmp_path: Path) -> None:
    with (SHARED / kind / "best_known.csv").open(encoding="utf-8") as file:
        best = {row["instance"]: row["ub"] for row in csv.DictReader(file)}
    with zipfile.ZipFile(SHARED / kind / "instances.zip") as archive:
        members = {Path(member).name: member for member in archive.namelist()}
        for name in names:
            (tmp_path / name).write_bytes(archive.read(members[name]))
    for name in names:
        folder = tmp_path / Path(name).stem
        convert([tmp_path / name], folder)
        assert makespan(folder, seconds=30) == (Status.OPTIMAL, int(best[name]))
