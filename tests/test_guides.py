"""The guides are true: their folder is a plan, their commands run, and print what is quoted."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from here import Here

from sequencer import Instance, Status, check, read, solve
from sequencer.cli import main
from sequencer.sensitivity import command
from sequencer.tables import schema

SHOWN = re.compile(r"^`([\w.]+)`.*?\n\n```(?:toml|csv)\n(.*?)^```", re.MULTILINE | re.DOTALL)

#: What a reader does: writes a file that is shown, or types commands; and what is then quoted of the answer.
STEP = re.compile(
    r"^`(?P<name>[\w.]+)`[^\n]*\n\n```csv\n(?P<file>.*?)^```"
    r"|^```sh\n(?P<typed>.*?)^```(?:\n\n```text\n(?P<quoted>.*?)^```)?",
    re.MULTILINE | re.DOTALL,
)
GUIDES = ("exports.md", "planner.md", "scenarios.md", "worked-case.md")

#: So few scenarios show that the command runs; readers take more.
FEW = ("--scenarios", "3")


@pytest.fixture(scope="module")
def blocks(top: Path) -> dict[str, str]:
    """Return the files that the page of tables shows, by name."""
    return dict(SHOWN.findall((top / "docs" / "tables.md").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def instance(top: Path) -> Instance:
    """Return the instance that these files make together."""
    return read(top / "docs" / "example")


def test_the_guide_shows_every_table(blocks: dict[str, str]) -> None:
    shown = {"readiness.csv" if name == "readiness_policing.csv" else name for name in blocks}
    assert shown == {"plan.toml", *(table.path for table in schema.tables().values())}


def test_the_folder_is_what_is_shown(top: Path, blocks: dict[str, str]) -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in (top / "docs" / "example").iterdir()}
    assert files == blocks


def test_the_plan_of_the_guide_is_solved_and_keeps_every_promise(instance: Instance) -> None:
    outcome = solve(instance)
    assert outcome.status is Status.OPTIMAL
    assert outcome.choices is not None
    assert check(instance, outcome.choices) == ()
    assert set(outcome.funding["source"]) == {"host", "customs fund", "japan/police", "union"}
    assert set(outcome.communities["community"]) == {"hill people", "coast people", "(not named)"}
    assert [entry.later for entry in outcome.haste] == [0, 3, 6]


def guides(top: Path) -> Iterator[tuple[str, str]]:
    """Yield name and text of every page in docs."""
    for path in sorted((top / "docs").glob("*.md")):
        yield path.name, path.read_text(encoding="utf-8")


def test_every_command_in_a_guide_is_run_by_a_test(top: Path) -> None:
    assert {name for name, text in guides(top) if "```sh\n" in text} == set(GUIDES)
    for name, text in guides(top):
        assert text.count("```sh\n") == sum(bool(step["typed"]) for step in STEP.finditer(text)), name
        assert text.count("```text\n") == sum(bool(step["quoted"]) for step in STEP.finditer(text)), name


@pytest.mark.parametrize("name", GUIDES)
def test_the_commands_of_a_guide_run_and_print_what_is_quoted(
    top: Path, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("docs", "instances"):
        (tmp_path / folder).symlink_to(top / folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "executor", lambda _: nullcontext(Here()))  # no processes for so few runs
    for step in STEP.finditer((top / "docs" / name).read_text(encoding="utf-8")):
        if step["name"]:
            Path(step["name"]).write_text(step["file"], encoding="utf-8")
            continue
        quoted = (step["quoted"] or "").splitlines()
        is_broken = any("promises broken" in line for line in quoted)
        for line in step["typed"].splitlines():
            assert typed(line) == (4 if is_broken else 0), line
        assert missing(quoted, capsys.readouterr().out.splitlines()) == [], step["typed"]


def typed(line: str) -> int:
    """Do what a reader types, and return the exit status."""
    program, *arguments = shlex.split(line)
    if program == "cp":
        recursive, source, target = arguments
        assert recursive == "-r"
        shutil.copytree(source, target)
        return 0
    assert program == "sequencer"
    return main([*arguments, *FEW] if arguments[0] == "stress" else arguments)


def missing(quoted: list[str], printed: list[str]) -> list[str]:
    """Return the quoted lines that were not printed, in their order; a line may be quoted up to any of its words."""
    rest = iter(" ".join(line.split()) for line in printed)
    return [line for line in quoted if not any(other.startswith(" ".join(line.split())) for other in rest)]


def test_what_is_not_printed_is_found() -> None:
    assert missing(["a b", "c"], ["  a   b d", "x", "c"]) == []
    assert missing(["c", "a"], ["a", "c"]) == ["a"]


def test_every_link_between_the_pages_leads_somewhere(top: Path) -> None:
    for name, text in guides(top):
        for target, _, part in re.findall(r"\]\((?!https?://)([^)#]*)(#([^)]*))?\)", text):
            path = top / "docs" / (target or name)
            assert path.exists(), (name, target)
            assert not part or part in anchors(path.read_text(encoding="utf-8")), (name, part)


def anchors(text: str) -> set[str]:
    """Return how the headings of a page are called in links to them."""
    headings = (re.sub(r"[^\w\- ]", "", line).strip() for line in re.findall(r"^#+ (.*)$", text, re.MULTILINE))
    return {heading.lower().replace(" ", "-") for heading in headings}
