"""Planting mistakes works: what is planted is what is said, a test that notices it is named, no test is not made up."""

from __future__ import annotations

import ast
import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from mutation.operators import Words
from mutation.places import mutants, planted

WORDS: Words = {"Stage": ("JOINT", "MENTORED", "ADVISORY")}

#: Code with a mistake that its test catches, one that changes nothing, one that hangs, and a line that nobody runs.
TOY = '''
def positive(numbers: list[int]) -> list[int]:
    """Return the numbers above 0."""
    return [number for number in numbers if number > 0]


def size(number: int) -> int:
    return number if number > 0 else -number


def halvings(number: int) -> int:
    steps = 0
    while number > 1:
        number //= 2
        steps += 1
    return steps


def unused(number: int) -> int:
    return -number
'''
TOY_TEST = """
from toy.sums import halvings, positive, size


def test_positive() -> None:
    assert positive([-1, 0, 1, 2]) == [1, 2]


def test_size() -> None:
    assert [size(number) for number in (-2, 0, 2)] == [2, 0, 2]


def test_halvings() -> None:
    assert halvings(9) == 3
"""


def changes(source: str) -> set[tuple[str, str]]:
    """Return the mistakes of a source: operator and what stands there then."""
    return {(mutant.operator, mutant.after) for mutant in mutants("toy.py", source, WORDS)}


@pytest.mark.parametrize(
    ("source", "operator", "after"),
    [
        ("a <= b", "boundary", "a < b"),
        ("a <= b", "negated", "a > b"),
        ("a == b", "negated", "a != b"),
        ("a <= b < c", "dropped-condition", "b < c"),
        ("a + b", "dropped-term", "a"),
        ("a - b", "dropped-term", "-b"),
        ("a - b", "swapped", "b - a"),
        ("a * b", "dropped-term", "b"),
        ("a and b and c", "dropped-condition", "a and c"),
        ("a and b", "and-or", "a or b"),
        ("a if b else c", "one-branch", "c"),
        ("[a for a in b if c > a]", "dropped-condition", "[a for a in b]"),
        ("[a for a in b if c]", "negated", "[a for a in b if not c]"),
        ("not a", "removed-not", "a"),
        ("min(a, b)", "min-max", "max(a, b)"),
        ("np.maximum(a, b)", "min-max", "np.minimum(a, b)"),
        ("max(0, a)", "dropped-bound", "a"),
        ("max(a, default=3)", "dropped-default", "max(a)"),
        ("range(a)", "one-less", "range(a - 1)"),
        ("a > 12", "one-more", "a > 13"),
        ("a[b]", "one-less", "a[b - 1]"),
        ("a[0]", "other-end", "a[-1]"),
        ("a[b:]", "one-more", "a[b + 1:]"),
        ("months.start", "other-end", "months.stop"),
        ("row.start <= a", "other-end", "row.end <= a"),
        ("Stage.MENTORED", "other-stage", "Stage.ADVISORY"),
        ("{a, b}", "dropped-element", "{b}"),
        ("f(x.one, y.one)", "swapped", "f(y.one, x.one)"),
        ("post(a)", "removed-statement", "pass"),
        ("a += b", "removed-statement", "pass"),
        ("a += b", "other-sign", "a -= b"),
        ("a[b] = c", "removed-statement", "pass"),
    ],
)
def test_an_operator_plants_what_it_says(source: str, operator: str, after: str) -> None:
    assert (operator, after) in changes(source)
    original = ast.unparse(ast.parse(source))
    every = list(mutants("toy.py", source, WORDS))
    for mutant in every:
        found = ast.unparse(planted(mutant, source, WORDS))
        assert found != original
        assert mutant.after.removesuffix(" ...") in found
        compile(planted(mutant, source, WORDS), "toy.py", "exec")


@pytest.mark.parametrize(
    "source",
    [
        '"""More than 3 words."""',
        "from a import b",
        "message = 'a' if b > 1 else 'c'",
        "return f'{a + 1}'",
        "__all__ = ['a', 'b']",
        "a: tuple[int, 3]",
        "def describe(a):\n    return a + 1",
        "if TYPE_CHECKING:\n    a = 1",
        "@cache(maxsize=3)\ndef f(a: b + 1 = c) -> d + 1:\n    '''Text'''",
    ],
)
def test_nothing_is_planted_in_words_types_and_imports(source: str) -> None:
    assert changes(source) == set()


def plant_all(
    folder: Path, test: str
) -> tuple[subprocess.CompletedProcess[str], dict[tuple[str, str], dict[str, str]]]:
    """Plant every mistake in the toy; return how that ended, and the results by code before and after."""
    for name, text in {
        "toy/__init__.py": "",
        "toy/sums.py": TOY,
        "tests/test_sums.py": test,
        "sequencer/vocabulary.py": "",
    }.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    out = folder / "results.csv"
    command = [sys.executable, "-m", "tests.mutation", "--only", "toy", "--least", "1", "--root", str(folder)]
    top, environment = Path(__file__).parent.parent, {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(  # noqa: S603 - our own program
        [*command, "--out", str(out)], cwd=top, env=environment, capture_output=True, text=True, check=False
    )
    if not out.exists():
        return done, {}
    with out.open(encoding="utf-8", newline="") as lines:
        return done, {(row["before"], row["after"]): row for row in csv.DictReader(lines)}


@pytest.mark.slow
def test_a_mistake_is_caught_survives_or_hangs(tmp_path: Path) -> None:
    done, found = plant_all(tmp_path, TOY_TEST)
    assert done.returncode == 1, done.stderr
    above, larger = "return [number for number in numbers if number", "return number if number"
    caught = found[f"{above} > 0]", f"{above} >= 0]"]
    assert (caught["verdict"], caught["by"]) == ("caught", "tests/test_sums.py::test_positive")
    same = found[f"{larger} > 0 else -number", f"{larger} >= 0 else -number"]
    assert (same["verdict"], same["by"]) == ("survived", "")
    hanging = found["number //= 2", "pass"]
    assert (hanging["verdict"], hanging["by"]) == ("time-out", "tests/test_sums.py::test_halvings")
    unseen = found["return -number", "return number"]
    assert (unseen["verdict"], unseen["by"]) == ("survived", "")
    assert "not explained: toy/sums.py" in done.stdout
    assert (tmp_path / "toy" / "sums.py").read_text(encoding="utf-8") == TOY


def test_a_test_that_fails_anyway_shows_nothing(tmp_path: Path) -> None:
    done, found = plant_all(tmp_path, TOY_TEST.replace("== 3", "== 4"))
    assert done.returncode == 1
    assert "TestsFailError: tests/test_sums.py: ['tests/test_sums.py::test_halvings']" in done.stderr
    assert not found
