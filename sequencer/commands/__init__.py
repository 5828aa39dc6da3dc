"""The commands: each reads, asks one question, prints the answer and returns the exit status."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path
from types import FrameType

from sequencer import notes
from sequencer.commands.status import BAD_INPUT, INTERNAL, INTERRUPTED, OK, USAGE
from sequencer.errors import InstanceError, SequencerError, UsageError

#: The module and the function of each command: pandas and solvers take time to import, so only the one asked for is.
COMMANDS = {
    "bench": "sequencer.bench.harness:bench",
    "brief": "sequencer.pictures.briefs.command:run",
    "check": "sequencer.commands.looking:check",
    "compare": "sequencer.commands.looking:compare",
    "convert": "sequencer.commands.beginning:convert",
    "explain": "sequencer.commands.solving:explain",
    "export": "sequencer.exports.command:run",
    "import": "sequencer.commands.beginning:import_",
    "levers": "sequencer.commands.looking:levers",
    "new": "sequencer.commands.beginning:new",
    "replan": "sequencer.commands.solving:replan",
    "report": "sequencer.commands.solving:report",
    "schema": "sequencer.commands.looking:schema",
    "solve": "sequencer.commands.solving:solve",
    "stress": "sequencer.commands.looking:stress",
    "sweep": "sequencer.sensitivity.command:run",
    "validate": "sequencer.commands.looking:validate",
    "version": "sequencer.commands.looking:version",
}


def run(options: argparse.Namespace) -> int:
    """Run the command asked for; every error ends in a message on stderr and its exit status."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open to the end
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a narrow terminal encoding must not cost the answer
    try:
        with notes.shown(quiet=getattr(options, "quiet", False)):
            status = _command("version" if options.version else options.command, options)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has gone; what is still buffered must not fail when the interpreter flushes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except (Exception, KeyboardInterrupt) as error:
        status, said = _failure(error)
        _complain(said)
    return status


def _command(name: str, options: argparse.Namespace) -> int:
    module, _, function = COMMANDS[name].partition(":")
    status: int = getattr(import_module(module), function)(options)
    return status


def _failure(error: BaseException) -> tuple[int, str]:
    """Return the exit status of an error, and what to say."""
    match error:
        case InstanceError():
            return BAD_INPUT, str(error)
        case UsageError():
            return USAGE, f"sequencer: {error}"
        case KeyboardInterrupt() | ImportError() if KeyboardInterrupt in {
            *(type(error), type(error.__cause__), type(error.__context__))  # as compiled modules say it
        }:
            return INTERRUPTED, "sequencer: interrupted before it was done"
        case OSError():
            return INTERNAL, f"sequencer: cannot write the answer: {error.strerror or error}"
        case SequencerError():
            return INTERNAL, f"sequencer: internal error, please report it: {error}"
        case _:
            lines = "".join(traceback.format_exception(error))
            return INTERNAL, f"sequencer: internal error, please report it:\n{lines}"


def _complain(said: str) -> None:
    from sequencer.answers.terminal import Terminal  # noqa: PLC0415 - only where there is something to complain about

    Terminal(sys.stderr).complain(said)


def _as_interrupt(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's signature
    raise KeyboardInterrupt
