"""Commands that make instances: from a starter, from a workbook, from other people's files."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from sequencer import words
from sequencer.commands.status import OK
from sequencer.errors import UsageError


def new(options: argparse.Namespace) -> int:
    """Write an instance to start from."""
    from sequencer import starters  # noqa: PLC0415 - only this command needs it

    if not options.target.strip():
        raise UsageError("new needs the name of a folder")
    path = starters.begin(Path(options.target), options.starter, workbook=options.workbook, overwrite=options.overwrite)
    table, notes = ("sheet", "the sheet notes") if path.is_file() else ("table", f"{path / 'README.md'}")
    beside = "./" if str(path).startswith("-") else ""  # or commands would take it for an option
    quoted = shlex.quote(f"{beside}{path}")
    for line in (
        f"written: {path}; {notes} says what each {table} is for, all numbers are invented",
        f"  replace them by yours, then:  sequencer validate {quoted}",
        f"  and for the timetable:        sequencer solve {quoted} --out {shlex.quote(f'{beside}{path.stem}-plan')}",
    ):
        print(words.plain(line))  # noqa: T201
    return OK


def convert(options: argparse.Namespace) -> int:
    """Make a workbook of a folder, or a folder of a workbook."""
    from sequencer.importing import workbooks  # noqa: PLC0415 - only this command needs it

    if not options.out.strip():
        raise UsageError("--out needs the name of a workbook or a folder")
    workbooks.convert(Path(options.instance), Path(options.out), overwrite=options.overwrite)
    print(words.plain(f"written: {options.out}"))  # noqa: T201
    return OK


def import_(options: argparse.Namespace) -> int:
    """Make instances of files of the scheduling literature."""
    from sequencer.importing import psplib  # noqa: PLC0415 - only this command needs it

    made = psplib.convert([Path(name) for name in options.files], Path(options.out), overwrite=options.overwrite)
    for folder, said in made.items():
        print(words.plain(f"written: {folder}"))  # noqa: T201
        for note in said:
            sys.stderr.write(words.plain(f"sequencer: {note}") + "\n")
    return OK
