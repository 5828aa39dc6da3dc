"""The places of a file in which a mistake can be planted."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice

from .exclusions import PARTS, left_out
from .operators import Mistake, Words, mistakes

SHOWN = 76  # characters of code that tell a mistake from others


@dataclass(frozen=True)
class Mutant:
    """A mistake in a file.

    Attributes
    ----------
    number : int
        Its position among the mistakes of the file.
    lines : range
        Those of the statement it is in; of a statement that contains others, those of its head.
    before, after : str
        The code around it.
    """

    file: str
    number: int
    line: int
    column: int
    lines: range = field(repr=False)
    function: str
    operator: str
    before: str
    after: str

    @property
    def id(self) -> str:
        """File, line, column and operator."""
        return f"{self.file}:{self.line}:{self.column}:{self.operator}"

    @property
    def package(self) -> str:
        """The folder of its file."""
        return self.file.rpartition("/")[0]

    def rank(self, seed: int) -> str:
        """Return its place in a shuffled order, which edits elsewhere do not change."""
        said = (str(seed), self.file, self.function, self.operator, self.before, self.after)
        return sha256("\n".join(said).encode()).hexdigest()


@dataclass(frozen=True)
class Place:
    """A node and where it hangs: in a field of its parent, or at a position of a list there."""

    node: ast.AST
    above: tuple[ast.AST, ...]  # from the module down to the parent
    name: str
    position: int | None

    def put(self, node: ast.AST) -> None:
        """Let another node stand there."""
        if self.position is None:
            setattr(self.above[-1], self.name, node)
        else:
            getattr(self.above[-1], self.name)[self.position] = node

    @property
    def statement(self) -> ast.stmt:
        """The innermost statement it is in."""
        return next(node for node in reversed((*self.above, self.node)) if isinstance(node, ast.stmt))

    @property
    def function(self) -> str:
        """The names of the classes and functions it is in, with dots."""
        names = [n.name for n in (*self.above, self.node) if isinstance(n, ast.ClassDef | ast.FunctionDef)]
        return ".".join(names)


def mutants(file: str, source: str, words: Words) -> Iterator[Mutant]:
    """Yield every mistake that can be planted in a file, in a fixed order."""
    for number, (place, (operator, new)) in enumerate(_all(file, ast.parse(source), words)):
        shown = _shown(place)
        before = _code(shown.node)
        place.put(new)
        after = _code(new if shown is place else shown.node)
        place.put(place.node)
        line, column = _position(place.node)
        yield Mutant(file, number, line, column, _head(place.statement), place.function, operator, before, after)


def planted(mutant: Mutant, source: str, words: Words) -> ast.Module:
    """Return the syntax tree of a file with a mistake in it."""
    tree = ast.parse(source)
    place, (_, new) = next(islice(_all(mutant.file, tree, words), mutant.number, None))
    ast.copy_location(new, place.statement)
    place.put(new)
    return ast.fix_missing_locations(tree)


def _all(file: str, tree: ast.Module, words: Words) -> Iterator[tuple[Place, Mistake]]:
    at: Callable[[ast.AST], Iterator[Mistake]] = mistakes(words)
    for place in _places(file, tree, ()):
        for mistake in at(place.node):
            yield place, mistake


def _places(file: str, node: ast.AST, above: Sequence[ast.AST]) -> Iterator[Place]:
    """Yield the nodes below one, from top to bottom."""
    here = (*above, node)
    for name, value in ast.iter_fields(node):
        if name in PARTS.get(type(node), ()):
            continue
        for position, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not left_out(file, child):
                yield Place(child, here, name, position)
                yield from _places(file, child, here)


def _position(node: ast.AST) -> tuple[int, int]:
    """Return line and column of a node; a part of a comprehension has none, but its target has."""
    if isinstance(node, ast.expr | ast.stmt | ast.keyword | ast.arg):
        return node.lineno, node.col_offset
    return _position(next(ast.iter_child_nodes(node)))


def _head(statement: ast.stmt) -> range:
    """Return the lines of a statement, without those of the statements it contains."""
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
    return range(statement.lineno, max(last, statement.lineno) + 1)


def _shown(place: Place) -> Place:
    """Return the largest expression around a place that is short enough to show, or the place itself."""
    for i in range(len(place.above)):
        node = place.above[i]
        if isinstance(node, ast.expr | ast.comprehension | ast.Assign | ast.Return) and len(ast.unparse(node)) <= SHOWN:
            return Place(node, place.above[:i], "", None)
    return place


def _code(node: ast.AST) -> str:
    lines = ast.unparse(ast.fix_missing_locations(node)).strip().splitlines()
    return lines[0] if len(lines) == 1 else f"{lines[0]} ..."
