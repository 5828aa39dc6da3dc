"""What a terminal shows: colour that repeats the words, one live line, and no character of a user's that steers it."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from sequencer.answers.terminal import NARROWEST, WIDTH, Terminal
from sequencer.months import Calendar
from sequencer.outcome import Limits
from sequencer.progress import Printer, Status, Waiting, shown, waiting
from sequencer.solving.levels import Progress
from sequencer.vocabulary import MONTH, RISK

SHOW, HIDE = "\x1b[?25h", "\x1b[?25l"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
STEERING = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
PATIENCE = 60.0  # seconds; a test that waits so long fails


class Screen(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:  # noqa: D102 - what it says is its class
        return True


@dataclass
class Session:
    """A program in a terminal of its own, and what it has shown so far; ``apart``: its standard output is a pipe."""

    process: subprocess.Popen[bytes]
    screen: int
    shown: str = ""

    def until(self, text: str | None) -> str:
        """Read on until a text is shown, or to the end; return all that was shown."""
        end = time.monotonic() + PATIENCE
        while text is None or text not in self.shown:
            assert time.monotonic() < end, f"not shown: {text!r}; shown: {self.shown!r}"
            if not select.select([self.screen], [], [], 0.1)[0]:
                continue
            try:
                more = os.read(self.screen, 65536)
            except OSError:  # how Linux says that nobody writes any more
                more = b""
            if not more:
                assert text is None, f"not shown: {text!r}; shown: {self.shown!r}"
                break
            self.shown += more.decode()
        return self.shown


@contextmanager
def session(*arguments: str, columns: int = 120, piped: bool = False, **environment: str) -> Iterator[Session]:
    """Run the program in a terminal of so many columns; with ``piped`` only its standard error is one."""
    screen, inside = pty.openpty()
    termios.tcsetwinsize(inside, (40, columns))
    kept = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}}
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "sequencer", *arguments],
        stdin=inside,
        stdout=subprocess.PIPE if piped else inside,
        stderr=inside,
        env=kept | {"TERM": "xterm-256color"} | environment,
        start_new_session=True,
    )
    os.close(inside)
    try:
        yield Session(process, screen)
    finally:
        process.kill()
        process.communicate()
        os.close(screen)


def test_a_solve_in_a_terminal_has_one_live_line_and_a_coloured_answer(worked: Path) -> None:
    with session("solve", str(worked)) as run:
        seen = run.until(None)
        assert run.process.wait(PATIENCE) == 0
    live, answer = seen[: seen.rindex(SHOW)], seen[seen.rindex(SHOW) :]
    assert live.count(HIDE) == 1
    assert re.search(r"\d+ s, \d+ s left.*  (looking for a plan|exit: best plan)", live)
    assert live.count("\n") == 1  # what leaves the line, before it is wiped: it was drawn again and again in one place
    assert "\x1b[1;32mOPTIMAL\x1b[0m: this timetable" in answer
    assert re.search(r"\x1b\[1mPhase \S+\x1b\[0m\r\n", answer)
    assert "\x1b[2m    " in answer  # what holds a package is less bright


def test_ctrl_c_in_a_terminal_ends_with_the_best_plan_and_a_cursor(timor: Path) -> None:
    with session("solve", str(timor), "--workers", "1", "--seconds", "500") as run:
        run.until("early_transfer: best plan")
        termios.tcsetwinsize(run.screen, (20, 50))  # while the line is drawn
        run.until("…")
        run.process.send_signal(signal.SIGINT)
        seen = run.until(None)
        assert run.process.wait(PATIENCE) == 130
    assert seen.count(HIDE) == seen.count(SHOW) == 1
    assert seen.index(SHOW) < seen.index("What holds each package")
    assert "Traceback" not in seen


def test_a_pipe_gets_plain_text_while_a_narrow_terminal_gets_the_live_line(worked: Path) -> None:
    with session("solve", str(worked), "--no-haste", columns=40, piped=True) as run:
        live = run.until(SHOW)
        assert run.process.stdout is not None
        answer = run.process.stdout.read().decode()
        assert run.process.wait(PATIENCE) == 0
    assert "OPTIMAL: this timetable" in answer
    assert "\x1b" not in answer
    drawn = [line for line in re.split(r"[\r\n]", STEERING.sub("", live)) if line]
    assert max(map(len, drawn)) <= 40
    assert any(line.endswith("…") for line in drawn)


def test_a_narrow_terminal_shows_rows_as_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    stream = Screen()
    Terminal(stream).table(("package", "plan", ""), [("a/b", "2030-01", "late"), ("c/d", "2030-02", "")])
    assert COLOUR.sub("", stream.getvalue()) == "  a/b\n    plan 2030-01\n    late\n  c/d\n    plan 2030-02\n"


@pytest.mark.parametrize(("name", "kept"), [("TERM", ""), ("NO_COLOR", "\x1b[1m")])
def test_colour_is_left_out_where_that_is_asked(monkeypatch: pytest.MonkeyPatch, name: str, kept: str) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(name, "dumb")
    stream = Screen()
    Terminal(stream).verdict("OPTIMAL", "OPTIMAL: proven")
    assert stream.getvalue() == (f"{kept}OPTIMAL\x1b[0m: proven\n" if kept else "OPTIMAL: proven\n")


def test_a_dumb_terminal_gets_lines_of_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with shown(Calendar(2030, 1), Limits(), Screen()) as tell:
        assert isinstance(tell, Printer)
    with shown(Calendar(2030, 1), Limits(), Screen(), quiet=True) as tell:
        assert tell is None


def test_faults_are_coloured_in_a_terminal_and_plain_in_a_pipe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen, pipe = Screen(), StringIO()
    for stream in (screen, pipe):
        Terminal(stream).complain("2 faults in the input\nplaces.csv, row 2: found \x1b[31mred; needed: a [bold]number")
    assert pipe.getvalue().splitlines() == [
        "2 faults in the input",
        "places.csv, row 2: found \\x1b[31mred; needed: a [bold]number",
    ]
    assert COLOUR.sub("", screen.getvalue()) == pipe.getvalue()
    assert screen.getvalue().startswith("\x1b[1;31m2 faults in the input\x1b[0m\n\x1b[1mplaces.csv, row 2\x1b[0m: ")


def test_colour_can_be_had_in_a_pipe_and_adds_nothing_to_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def printed() -> str:
        stream = StringIO()
        out = Terminal(stream)
        out.verdict("INFEASIBLE", "INFEASIBLE: no timetable")
        out.title("Phase [red]one[/red]")
        out.table(("package", "exit"), [("\x1b]0;x\x07:smile:", "2030-01")], whole=("exit",))
        return stream.getvalue()

    monkeypatch.setenv("TERM", "xterm")
    plain = printed()
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = printed()
    assert coloured.startswith("\x1b[1;31mINFEASIBLE\x1b[0m")
    assert COLOUR.sub("", coloured) == plain
    assert "\x1b" not in plain
    assert "Phase [red]one[/red]" in plain
    assert "\\x1b]0;x\\x07:smile:" in plain


@pytest.mark.parametrize(("columns", "width"), [("40", NARROWEST), ("100", 100), ("400", 400)])
def test_a_table_is_as_wide_as_the_terminal_allows(monkeypatch: pytest.MonkeyPatch, columns: str, width: int) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", columns)
    assert Terminal(Screen()).width == width
    assert Terminal(StringIO()).width == WIDTH


def test_a_live_line_says_how_much_time_is_left() -> None:
    now = [100.0]
    status = Status(Calendar(2030, 1), Limits(seconds=30), clock=lambda: now[0])
    assert status.__rich__().plain == "0 s, 30 s left  looking for a plan"
    now[0] = 110.0  # the search began 4 seconds ago: what was made ready before does not count
    status(Progress("exit", MONTH, 5, 3, 4.0))
    now[0] = 112.0
    assert status.__rich__().plain == "6 s, 24 s left  exit: best plan 2030-06, bound 2030-04, gap 2 months"
    now[0] = 140.0
    assert status.__rich__().plain.startswith("34 s, finishing  exit")
    status(Progress("cost", "USD\x1b[2J\nor so", 2, None, 34.0))
    assert status.__rich__().plain.endswith("cost: best plan 2, bound unknown, gap unknown  (USD\\x1b[2J or so)")
    status(Progress("risk", RISK, 23_278_143_000, 16_253_532_000, 34.0))
    assert len(status.__rich__().plain.partition("  (people")[0]) < 80  # bound and gap are seen in a usual terminal
    assert "risk: best plan 23 278 143, bound 16 253 532, gap 30.18 %  (people x level x points)" in (
        status.__rich__().plain
    )
    units = Status(Calendar(2030, 1), Limits(deterministic=True), clock=lambda: now[0])
    assert units.__rich__().plain.startswith("0 s  ")


def test_what_is_waited_for_is_told_on_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [7.0]
    line = Waiting("looking for reasons", clock=lambda: now[0])
    now[0] = 19.4
    assert line.__rich__().plain == "12 s  looking for reasons"
    monkeypatch.setenv("TERM", "xterm")
    screen, pipe, silent = Screen(), StringIO(), Screen()
    for stream, quiet in ((screen, False), (pipe, False), (silent, True)):
        with waiting("looking for reasons", stream, quiet=quiet):
            pass
    assert "looking for reasons" in screen.getvalue()
    assert screen.getvalue().count(HIDE) == screen.getvalue().count(SHOW) == 1
    assert pipe.getvalue() == silent.getvalue() == ""


def test_the_cursor_is_shown_again_whatever_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    with pytest.raises(KeyboardInterrupt), shown(Calendar(2030, 1), Limits(), screen):
        raise KeyboardInterrupt
    assert screen.getvalue().rindex(SHOW) > screen.getvalue().rindex(HIDE)
