"""Arguments that several commands take, how they are read, and those of the commands that ask what if."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from sequencer.exports.registry import FORMATS

TERMS = "exit, departure, risk, early_transfer, cost, change"
INSTANCE = "folder with plan.toml and the CSV files, or a workbook (.xlsx)"
STARTERS = ("minimal", "peacekeeping", "withdrawal")


def instance(command: argparse.ArgumentParser) -> None:
    """Add the folder asked about, ``--set`` and ``--json``."""
    command.add_argument("instance", metavar="INSTANCE", help=INSTANCE)
    changes(command)
    command.add_argument("--json", action="store_true", help="print one JSON object")


def changes(command: argparse.ArgumentParser) -> None:
    """Add ``--set``."""
    command.add_argument(
        "--set",
        dest="changes",
        metavar="ADDRESS=VALUE",
        action="append",
        default=[],
        help="change a number for this run; +N or -N changes it by N, ==-N sets it to -N; may be given again",
    )


def report(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``report``."""
    add = command.add_argument
    add("instance", metavar="INSTANCE", help=INSTANCE)
    add("plan", metavar="PLAN", help="a folder of solve --out, or a CSV file with package, option and transfer")
    add("--out", metavar="FILE", default="report.html", help="the page to write (default report.html)")
    add("--overwrite", action="store_true", help="replace FILE if there is one")
    add(
        "--audience",
        choices=("public", "partners", "mission"),
        default="public",
        help="public (default) leaves out readiness scores, threat, forces (also people whom the "
        "mission has), reserves and assessors; partners are shown readiness scores, too; mission is shown all",
    )
    language(command)
    add(
        "--binding",
        action="store_true",
        help="say what more of each number would bring; a few times as long as a solve",
    )
    add(
        "--seconds",
        type=seconds,
        default=10.0,
        metavar="N",
        help="limit of each question that is asked for the page (default 10)",
    )
    add(
        "--study",
        dest="studies",
        action="append",
        default=[],
        metavar="FILE",
        help="show what sweep --out, stress --out or stress --exits wrote, too; may be given again",
    )
    changes(command)


def language(command: argparse.ArgumentParser, what: str = "the page") -> None:
    """Add ``--language``."""
    command.add_argument("--language", choices=("en", "fr"), default="en", help=f"of {what} (default en)")


def new(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``new``."""
    add = command.add_argument
    add("target", metavar="DIR", help="the folder, which must be empty or not there yet; NAME.xlsx for a workbook")
    add("--from", dest="starter", choices=STARTERS, default=STARTERS[0], help="what to start from (default minimal)")
    add("--workbook", action="store_true", help="write an Excel workbook, DIR.xlsx")
    add("--overwrite", action="store_true", help="replace files of the same names; no other is touched")


def convert(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``convert``."""
    add = command.add_argument
    add("instance", metavar="INSTANCE", help=INSTANCE)
    add("--out", metavar="NAME", required=True, help="of a folder: the workbook (.xlsx); of a workbook: the folder")
    add("--overwrite", action="store_true", help="replace files of the same names; no other is touched")


def sweep(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``sweep``."""
    instance(command)
    add = command.add_argument
    add(
        "--vary",
        metavar="ADDRESS=VALUES",
        action="append",
        required=True,
        help="a number and its values: 4..12, 2030-01..2030-06, or 4,6,+2; given again, all combinations are solved",
    )
    add("--objective", metavar="TERM,...", help=f"terms in order, each TERM or TERM:TOLERANCE, of {TERMS}")
    add("--out", metavar="FILE", help="write a line for each run to a CSV file")
    add("--overwrite", action="store_true", help="replace FILE if there is one")
    add("--runs", metavar="FILE", help="keep answers in FILE as they come, and go on with those that are there")
    add("--reasons", action="store_true", help="say of each run what binds it; takes up to as long again for each term")
    add("--executor", default="processes", metavar="NAME", help="processes (default), or dask://HOST:PORT")
    add("--seconds", type=seconds, metavar="N", help="limit of each run (default 60)")
    add("--workers", type=count(256), metavar="N", help="threads of each run (default 1: runs share the cores)")
    add("--seed", type=count(2**31 - 1), metavar="N", help="seed of the searches (default 0)")
    add("--deterministic", action="store_true", help="the same bytes every time; --seconds in the solver's own units")
    add("--engine", metavar="NAME", help="auto (default), cpsat, milp (HiGHS) or milp-cbc")
    add("--quiet", action="store_true", help="no progress on stderr")


def stress(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``stress``."""
    instance(command)
    add = command.add_argument
    add("timetable", metavar="TIMETABLE", help="a CSV file with package, option and transfer")
    add("--scenarios", type=count(10**6), default=100, metavar="N", help="how many are drawn (default 100)")
    add("--seed", type=count(2**31 - 1), default=0, metavar="N", help="the same seed draws the same scenarios")
    add("--spread", type=float, default=0.0, metavar="POINTS", help="of scores without low and high (default 0)")
    add("--growth", type=float, default=0.0, metavar="PERCENT", help="less or more of each growth (default 0)")
    add("--threat", type=float, default=0.0, metavar="PERCENT", help="of places where it rises once (default 0)")
    add("--slip", action="append", default=[], metavar="EVENT=MONTHS", help="most months a calendar event slips by")
    add("--out", metavar="FILE", help="write the chances of the dates to a CSV file")
    add("--exits", metavar="FILE", help="write a line for each scenario, with its exit, to a CSV file")
    add("--overwrite", action="store_true", help="replace FILE if there is one")
    add("--quiet", action="store_true", help="no progress on stderr")


def brief(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``brief``."""
    add = command.add_argument
    add("reader", choices=("minister", "donor", "force"), help="whom the page is for; force: for the mission only")
    add("instance", metavar="INSTANCE", help=INSTANCE)
    changes(command)
    add("plan", metavar="PLAN", help="a folder of solve --out, or a CSV file with package, option and transfer")
    add("--donor", metavar="NAME", help="the donor whose page it is")
    add("--out", metavar="FILE", help="default: brief-minister.html, brief-donor-NAME.html or brief-force.html")
    add("--language", choices=("en", "fr"), default="en", help="of the page (default en)")
    add("--overwrite", action="store_true", help="replace FILE if there is one")
    add("--seconds", type=seconds, metavar="N", help="limit to ask what moves without the donor (default 30)")


def replan(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``replan``."""
    instance(command)
    command.add_argument(
        "published", metavar="PUBLISHED", help="the earlier plan: a timetable as CSV, or a folder of solve --out"
    )
    command.add_argument(
        "--as-of", metavar="YYYY-MM", help="the month before which all has happened (default: as_of in plan.toml)"
    )
    command.add_argument(
        "--actuals",
        metavar="FILE",
        help="what happened: a CSV file with package, transfer, option, stage, since; the rest went as published",
    )
    command.add_argument(
        "--most-change",
        type=count(10**9),
        metavar="N",
        help="move transfers that are to come by N months in all at most",
    )
    command.add_argument("--out", metavar="DIR", help="write timetable, answer and replan.csv to DIR")
    command.add_argument("--overwrite", action="store_true", help="replace files in DIR changed by hand")
    command.add_argument(
        "--objective",
        metavar="TERM,...",
        help=f"terms in order, each TERM or TERM:TOLERANCE, of {TERMS} (default: the plan's, change after the first)",
    )
    command.add_argument("--seconds", type=seconds, metavar="N", help="time limit of the solve (default 120)")
    command.add_argument("--workers", type=count(256), metavar="N", help="threads (default: one for each core)")
    command.add_argument("--seed", type=count(2**31 - 1), metavar="N", help="seed of the search (default 0)")
    command.add_argument("--engine", metavar="NAME", help="auto (default), cpsat, milp (HiGHS) or milp-cbc")
    command.add_argument("--quiet", action="store_true", help="no progress on stderr")


def export(command: argparse.ArgumentParser) -> None:
    """Add the arguments of ``export``."""
    add = command.add_argument
    formats = "; ".join(f"{name}: {format_.says}" for name, format_ in FORMATS.items())
    add("format", metavar="FORMAT", choices=tuple(FORMATS), help=formats)
    instance(command)
    add("plan", metavar="PLAN", help="a folder of solve --out, or a CSV file with package, option and transfer")
    add("--out", metavar="FILE", required=True, help="the file, or for csv and images the folder, to write")
    add("--overwrite", action="store_true", help="replace such files")
    add(
        "--audience",
        choices=("public", "partners", "mission"),
        default="public",
        help="only to mission it shows threat, forces, reserves and who assessed; readiness to partners, too (default "
        "public)",
    )
    add("--language", choices=("en", "fr"), default="en", help="of the sentences (default en)")


def seconds(text: str) -> float:
    """Return a positive number of seconds."""
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"a positive number is needed, not {text}")
    return number


def count(most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from 0 to ``most``."""

    def number(text: str) -> int:
        if not 0 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"a whole number from 0 to {most} is needed, not {text}")
        return int(text)

    return number
