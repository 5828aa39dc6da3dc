"""The command line: what can be asked, and what the exit status means. Nothing heavy is imported here."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from sequencer import arguments as shared
from sequencer.arguments import TERMS
from sequencer.arguments import count as _count
from sequencer.arguments import instance as _instance
from sequencer.arguments import seconds as _seconds

EPILOG = """exit status:
  0  a plan was found; the timetable or the folder is in order
  1  internal error
  2  the request cannot be understood, or would overwrite work
  3  bad input: every fault is listed
  4  infeasible, the timetable breaks a promise, a bound is not what its prices prove,
     or a benchmark falls behind its baseline
  6  no plan was found within the limits
  130  interrupted; the best plan so far was written
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the name of the program. Default: those of the process.
    """
    top = parser()
    options = top.parse_args(arguments)
    if not options.command and not options.version:
        top.print_help(sys.stderr)
        return 2
    try:
        run = import_module("sequencer.commands").run  # imports the reader, and the solver where one is needed
        status: int = run(options)
    except KeyboardInterrupt:  # before there was anything to lose
        return 130
    return status


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="sequencer",
        description="Plans how a mission leaves: an optimal handover timetable from CSV files or an Excel workbook.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="store_true", help="print the versions of the program and its solver")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    shared.new(commands.add_parser("new", help="write an instance to start from, as a folder or as an Excel workbook"))
    _solve(commands.add_parser("solve", help="find the best timetable, and say what holds it"))
    _explain(
        commands.add_parser("explain", help="say why: what stands before each date, what it rests on, why not else")
    )
    shared.report(commands.add_parser("report", help="write a plan as one page to read, print and pass on"))
    shared.replan(commands.add_parser("replan", help="plan again what is left of a published plan, and say what moved"))
    check = commands.add_parser("check", help="check a timetable against every promise, or bounds against their prices")
    _instance(check)
    check.add_argument("timetable", metavar="TIMETABLE", nargs="?", help="a CSV file with package, option and transfer")
    check.add_argument("--bound", metavar="FILE", help="evaluate the bounds in bounds.json of solve --out again")
    _compare(commands.add_parser("compare", help="set a timetable and what really happened side by side"))
    shared.stress(
        commands.add_parser("stress", help="try a timetable in scenarios: which dates hold, what breaks it first")
    )
    shared.export(commands.add_parser("export", help="write a plan for Excel, MS Project, calendars and others"))
    validate = commands.add_parser("validate", help="list every fault in a folder or workbook")
    _instance(validate)
    commands.add_parser("schema", help="print the Table Schema of the CSV files (datapackage.json)")
    _import(commands.add_parser("import", help="make instance folders from files of the scheduling literature"))
    shared.convert(commands.add_parser("convert", help="make an Excel workbook of a folder, or a folder of a workbook"))
    shared.brief(commands.add_parser("brief", help="write one page for a minister, a donor or whoever leads forces"))
    shared.sweep(
        commands.add_parser("sweep", help="solve for many values of some numbers, each told what others found")
    )
    _bench(commands.add_parser("bench", help="run engines side by side on sets of instances"))
    levers = commands.add_parser("levers", help="list every number that --set can change, as CSV")
    _instance(levers)
    return top


def _import(command: argparse.ArgumentParser) -> None:
    command.add_argument("format", choices=["psplib"], help="psplib: .sm, .mm and .sch files")
    command.add_argument("files", metavar="FILE", nargs="+", help="a file to import")
    command.add_argument(
        "--out", metavar="FOLDER", required=True, help="the folder of the instance; of several: of a folder for each"
    )
    command.add_argument("--overwrite", action="store_true", help="replace files in FOLDER")


def _compare(command: argparse.ArgumentParser) -> None:
    command.add_argument("instance", metavar="INSTANCE", help=shared.INSTANCE)
    command.add_argument(
        "plan", metavar="PLAN", help="a CSV file with package and transfer, or a folder of solve --out"
    )
    command.add_argument(
        "record", metavar="RECORD", help="a CSV file with package, or place and function, and transfer"
    )
    command.add_argument(
        "--after",
        metavar="FOLDER",
        help="RECORD is a timetable of this instance: what moved, what is needed and paid, which changed number is why",
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.add_argument("--out", metavar="FILE", help="write the comparison of the packages to a CSV file")
    command.add_argument("--overwrite", action="store_true", help="replace FILE if there is one")


def _bench(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("sets", metavar="SET", nargs="+", help="folder of instances, of PSPLIB files, or with seeds.csv")
    add(
        "--engines",
        default="auto",
        metavar="A,B",
        help="engines and peers, in the order they take turns (default auto)",
    )
    add(
        "--objectives",
        default="default",
        metavar="O,P",
        help=f"each default (the plan's), each, or TERM+TERM of {TERMS}",
    )
    add("--seconds", type=_seconds, default=60.0, metavar="N", help="limit of each run (default 60)")
    add("--repeat", type=_count(1000), default=1, metavar="N", help="runs of each, with the seeds 0, 1, … (default 1)")
    add("--every", type=_count(10**6), default=1, metavar="N", help="only every Nth instance of a set")
    add("--workers", type=_count(256), default=0, metavar="N", help="threads of each run (default: one for each core)")
    add("--memory", type=_count(2**31), default=0, metavar="MIB", help="end a run that holds more (default: any)")
    add("--out", metavar="FILE", help="CSV file of rows; those on record are not run again")
    add("--profile", metavar="FILE", help="performance profile of the seconds to proof, as SVG")
    add("--best", action="store_true", help="write what is known better now to best.csv of each set")
    add("--cache", metavar="DIR", help="where drawn instances are kept (default: in the user's cache)")
    add("--baseline", metavar="FILE", help="earlier rows; exit status 4 where these fall behind them")
    add("--reference", metavar="ENGINE", help="whose times, in both files, the speed of others is compared with")
    add("--margin-speed", type=float, default=0.5, metavar="X", help="rise of the ratio of times (default 0.5: half)")
    add("--margin-gap", type=float, default=0.5, metavar="X", help="rise of the mean gap, in points of a percent (0.5)")
    add("--margin-proven", type=float, default=0.1, metavar="X", help="part of the runs no longer proven (default 0.1)")


def _solve(command: argparse.ArgumentParser) -> None:
    _instance(command)
    command.add_argument("--out", metavar="DIR", help="write timetable, answer and report.html to DIR")
    shared.language(command, "report.html")
    command.add_argument("--overwrite", action="store_true", help="replace FILE, and files in DIR changed by hand")
    command.add_argument(
        "--objective", metavar="TERM,...", help=f"terms in order, each TERM or TERM:TOLERANCE, of {TERMS}"
    )
    command.add_argument("--seconds", type=_seconds, metavar="N", help="time limit of the whole solve (default 120)")
    command.add_argument("--workers", type=_count(256), metavar="N", help="threads (default: one for each core)")
    command.add_argument("--seed", type=_count(2**31 - 1), metavar="N", help="seed of the search (default 0)")
    command.add_argument(
        "--deterministic",
        action="store_true",
        help="the same bytes every time: one thread, and --seconds counted in the solver's own units",
    )
    command.add_argument("--engine", metavar="NAME", help="auto (default), cpsat, milp (HiGHS) or milp-cbc")
    command.add_argument(
        "--dump", metavar="FILE", help="write the model of the engine milp to FILE, as .mps or .lp, for other solvers"
    )
    command.add_argument(
        "--verify", action="store_true", help="prove every claim a second time, in as long again as --seconds at most"
    )
    command.add_argument(
        "--no-haste", dest="haste", action="store_false", help="do not look for what a later exit would change"
    )
    command.add_argument("--quiet", action="store_true", help="no progress on stderr")


def _explain(command: argparse.ArgumentParser) -> None:
    _instance(command)
    command.add_argument(
        "--why-not",
        dest="wishes",
        metavar="WISH",
        action="append",
        default=[],
        help="what you would rather have, such as 'aileu/policing=2028-03', 'aileu/policing earlier', "
        "'aileu before lautem', 'exit by 2030-06' or 'without donor japan'; may be given again",
    )
    command.add_argument(
        "--package",
        dest="packages",
        metavar="NAME",
        action="append",
        help="only this package's date, and proven with all others free to move; may be given again",
    )
    command.add_argument(
        "--binding",
        action="store_true",
        help="say what more of each number would bring; a few times as long as a solve",
    )
    command.add_argument(
        "--deciders",
        type=_count(10**6),
        default=0,
        metavar="N",
        help="prove of the N scores that decide most whether they move the plan, by up to two more solves each",
    )
    command.add_argument(
        "--cost",
        dest="costs",
        metavar="WHAT=N",
        action="append",
        default=[],
        help="what one unit costs in a repair, by unit (months, units, people, money) or address; may be given again",
    )
    command.add_argument("--language", choices=("en", "fr"), default="en", help="of the sentences (default en)")
    command.add_argument(
        "--out", metavar="DIR", help="write explanation.json, conditions.csv and .html, deciders.csv to DIR"
    )
    command.add_argument("--overwrite", action="store_true", help="replace such files in DIR")
    command.add_argument(
        "--objective", metavar="TERM,...", help=f"terms in order, each TERM or TERM:TOLERANCE, of {TERMS}"
    )
    command.add_argument("--seconds", type=_seconds, metavar="N", help="time limit of the solve (default 120)")
    command.add_argument(
        "--why-seconds",
        type=_seconds,
        metavar="N",
        default=10.0,
        help="time limit of each wish, of conflicts, and of each solve of --deciders (default 10)",
    )
    command.add_argument("--workers", type=_count(256), metavar="N", help="threads (default: one for each core)")
    command.add_argument("--seed", type=_count(2**31 - 1), metavar="N", help="seed of the search (default 0)")
    command.add_argument("--engine", metavar="NAME", help="auto (default), cpsat, milp (HiGHS) or milp-cbc")
    command.add_argument("--quiet", action="store_true", help="no progress on stderr")


if __name__ == "__main__":
    sys.exit(main())
