"""The mistakes that are planted: for a node of a syntax tree, what might stand there by mistake."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias, TypeVar

#: The name of a mistake, and what stands there then.
Mistake: TypeAlias = tuple[str, ast.AST]
#: Yields what might stand in the place of a node.
Operator: TypeAlias = Callable[[ast.AST], Iterator[Mistake]]
#: The words of the enumerations that have an order, by enumeration.
Words: TypeAlias = Mapping[str, Sequence[str]]

N = TypeVar("N", bound=ast.AST)

BOUNDARY: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
NEGATED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
SIGN: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
TWINS = {"min": "max", "max": "min", "any": "all", "all": "any", "minimum": "maximum", "maximum": "minimum"}
RANGES = {"range", "arange"}
INDICES = {"b", "bucket", "i", "index", "j", "k", "month", "position", "step"}
PAIR = 2


def changed(node: N, **fields: object) -> N:
    """Return a copy of a node with other fields."""
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def without(items: Sequence[N], position: int) -> list[N]:
    """Return items without one of them."""
    return [*items[:position], *items[position + 1 :]]


def shifted(node: ast.expr, by: int) -> ast.expr:
    """Return an expression so much greater."""
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(abs(by)))


def called(node: ast.AST) -> str:
    """Return the last name of the function that is called; empty if there is none."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def says_something(node: ast.AST) -> bool:
    """Return whether a node is text."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def constants(node: ast.AST) -> Iterator[Mistake]:
    """Yield what is off by one, or the other truth value."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "other-truth", ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield "one-more", ast.Constant(node.value + 1)
        yield "one-less", ast.Constant(node.value - 1)


def comparisons(node: ast.AST) -> Iterator[Mistake]:
    """Yield a boundary that is in or out, the opposite, or one condition of a chain left out."""
    if not isinstance(node, ast.Compare):
        return
    for i, operator in enumerate(node.ops):
        for name, table in (("boundary", BOUNDARY), ("negated", NEGATED)):
            if type(operator) in table:
                yield name, changed(node, ops=[*node.ops[:i], table[type(operator)](), *node.ops[i + 1 :]])
    if len(node.ops) == PAIR:
        yield "dropped-condition", ast.Compare(node.left, node.ops[:1], node.comparators[:1])
        yield "dropped-condition", ast.Compare(node.comparators[0], node.ops[1:], node.comparators[1:])


def arithmetic(node: ast.AST) -> Iterator[Mistake]:
    """Yield the other sign, a term or factor left out, or the two sides swapped."""
    if not isinstance(node, ast.BinOp) or says_something(node.left) or says_something(node.right):
        return
    if type(node.op) in SIGN:
        yield "other-sign", changed(node, op=SIGN[type(node.op)]())
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.FloorDiv | ast.Mod | ast.BitAnd | ast.BitOr):
        yield "dropped-term", node.left
    if isinstance(node.op, ast.Add | ast.Mult | ast.BitAnd | ast.BitOr):
        yield "dropped-term", node.right
    if isinstance(node.op, ast.Sub):
        yield "dropped-term", ast.UnaryOp(ast.USub(), node.right)
        yield "swapped", changed(node, left=node.right, right=node.left)


def logic(node: ast.AST) -> Iterator[Mistake]:
    """Yield a condition left out, ``and`` for ``or``, a choice always taken, a filter that lets all pass."""
    if isinstance(node, ast.BoolOp):
        yield "and-or", changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        for i in range(len(node.values)):
            left = without(node.values, i)
            yield "dropped-condition", left[0] if len(left) == 1 else changed(node, values=left)
    elif isinstance(node, ast.IfExp):
        yield "one-branch", node.body
        yield "one-branch", node.orelse
    elif isinstance(node, ast.comprehension):
        for i in range(len(node.ifs)):
            yield "dropped-condition", changed(node, ifs=without(node.ifs, i))


def truths(node: ast.AST) -> Iterator[Mistake]:
    """Yield a test that is no comparison, negated."""
    if isinstance(node, ast.If | ast.IfExp | ast.While) and _plain(node.test):
        yield "negated", changed(node, test=ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.comprehension):
        for i, test in enumerate(node.ifs):
            if _plain(test):
                yield "negated", changed(node, ifs=[*node.ifs[:i], ast.UnaryOp(ast.Not(), test), *node.ifs[i + 1 :]])


def _plain(test: ast.expr) -> bool:
    negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    return not (isinstance(test, ast.Compare | ast.BoolOp | ast.NamedExpr) or negated)


def signs(node: ast.AST) -> Iterator[Mistake]:
    """Yield a ``not``, ``~`` or minus left out."""
    if isinstance(node, ast.UnaryOp):
        yield "removed-" + ("minus" if isinstance(node.op, ast.USub) else "not"), node.operand


def calls(node: ast.AST) -> Iterator[Mistake]:
    """Yield the twin of a function, a bound or an argument left out, arguments swapped."""
    if not isinstance(node, ast.Call):
        return
    name, arguments = called(node), node.args
    if name in TWINS:
        twin = TWINS[name]
        func = changed(node.func, attr=twin) if isinstance(node.func, ast.Attribute) else ast.Name(twin, ast.Load())
        yield "min-max", changed(node, func=func)
    if name in {"min", "max", "minimum", "maximum"} and len(arguments) == PAIR:
        yield from (("dropped-bound", kept) for kept in arguments if not isinstance(kept, ast.Starred))
    if name in {"abs", "reversed"} and len(arguments) == 1:
        yield "dropped-" + name, arguments[0]
    for i, (one, two) in enumerate(pairwise(arguments)):
        if _alike(one, two) or (name == "where" and i == 1):
            yield "swapped", changed(node, args=[*arguments[:i], two, one, *arguments[i + 2 :]])
    for i, keyword in enumerate(node.keywords):
        if keyword.arg in {"reverse", "default"}:
            yield "dropped-" + keyword.arg, changed(node, keywords=without(node.keywords, i))


def ranges(node: ast.AST) -> Iterator[Mistake]:
    """Yield a range with one more or less at either end."""
    if not isinstance(node, ast.Call) or called(node) not in RANGES:
        return
    for i, bound in enumerate(node.args):
        if not isinstance(bound, ast.Constant | ast.Starred | ast.UnaryOp):
            for by, word in ((1, "one-more"), (-1, "one-less")):
                yield word, changed(node, args=[*node.args[:i], shifted(bound, by), *node.args[i + 1 :]])


def _alike(one: ast.expr, two: ast.expr) -> bool:
    """Return whether two expressions have the same form, so that one is easily taken for the other."""
    if isinstance(one, ast.Attribute) and isinstance(two, ast.Attribute):
        return one.attr == two.attr or ast.dump(one.value) == ast.dump(two.value)
    if isinstance(one, ast.Subscript) and isinstance(two, ast.Subscript):
        return ast.dump(one.slice) == ast.dump(two.slice)
    return isinstance(one, ast.Call) and called(one) == called(two) and len(one.args) > 0


def entries(node: ast.AST) -> Iterator[Mistake]:
    """Yield the entry before or after, a stretch with one more or less, the other end."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
        return
    index = node.slice
    if isinstance(index, ast.Name) and index.id in INDICES:
        yield "one-less", changed(node, slice=shifted(index, -1))
    elif isinstance(index, ast.Constant) and index.value == 0:
        yield "other-end", changed(node, slice=ast.Constant(-1))
    elif isinstance(index, ast.UnaryOp) and isinstance(index.operand, ast.Constant) and index.operand.value == 1:
        yield "other-end", changed(node, slice=ast.Constant(0))
    elif isinstance(index, ast.Slice):
        yield "whole-stretch", node.value
        for end in ("lower", "upper"):
            bound = getattr(index, end)
            if bound is not None and not isinstance(bound, ast.Constant | ast.UnaryOp):
                yield "one-more", changed(node, slice=changed(index, **{end: shifted(bound, 1)}))


def names(words: Words) -> Operator:
    """Return an operator for the neighbour of a stage, event or bucket, and the other end of a stretch of months."""

    def neighbours(node: ast.AST) -> Iterator[Mistake]:
        if not isinstance(node, ast.Attribute):
            return
        owner = getattr(node.value, "id", getattr(node.value, "attr", ""))
        if owner in words and node.attr in words[owner]:
            known = words[owner]
            at = known.index(node.attr)
            for other in {known[max(at - 1, 0)], known[min(at + 1, len(known) - 1)]} - {node.attr}:
                yield f"other-{owner.lower()}", changed(node, attr=other)
        elif node.attr in {"start", "stop"} and owner == "months":
            yield "other-end", changed(node, attr="stop" if node.attr == "start" else "start")
        elif node.attr in {"start", "end"} and owner not in {"months", ""}:
            yield "other-end", changed(node, attr="end" if node.attr == "start" else "start")

    return neighbours


def members(node: ast.AST) -> Iterator[Mistake]:
    """Yield an element of a set, or one of the parts a list is joined from, left out."""
    if not isinstance(node, ast.Set | ast.List | ast.Tuple) or isinstance(getattr(node, "ctx", None), ast.Store):
        return
    for i, element in enumerate(node.elts):
        if isinstance(node, ast.Set) or isinstance(element, ast.Starred):
            yield "dropped-element", changed(node, elts=without(node.elts, i))


def statements(node: ast.AST) -> Iterator[Mistake]:
    """Yield a statement left out; ``+=`` for ``-=``."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield | ast.YieldFrom):
        yield "removed-statement", ast.Expr(ast.YieldFrom(ast.Tuple([], ast.Load())))
    elif isinstance(node, ast.Assign):
        if all(isinstance(target, ast.Subscript | ast.Attribute) for target in node.targets):
            yield "removed-statement", ast.Pass()
    elif isinstance(node, ast.Return):
        if node.value is None:
            yield "removed-statement", ast.Pass()
    elif isinstance(node, ast.Expr | ast.AugAssign | ast.Continue | ast.Break | ast.Raise):
        yield "removed-statement", ast.Pass()
    if isinstance(node, ast.AugAssign) and type(node.op) in SIGN:
        yield "other-sign", changed(node, op=SIGN[type(node.op)]())


def mistakes(words: Words) -> Operator:
    """Return what yields every mistake at a node; ``words`` are the enumerations whose neighbours are confused."""
    plain: Sequence[Operator] = (
        constants,
        comparisons,
        arithmetic,
        logic,
        truths,
        signs,
        calls,
        ranges,
        entries,
        members,
    )
    every = (*plain, names(words), statements)

    def at(node: ast.AST) -> Iterator[Mistake]:
        for operator in every:
            yield from operator(node)

    return at
