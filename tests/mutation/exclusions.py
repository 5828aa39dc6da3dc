"""What no mistake is planted in, and why. Nothing else is left out."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

#: Functions that only make sentences, in every file: what they say is read by tests of wording, not of meaning.
SENTENCES = frozenset({"__str__", "describe", "label", "nearest", "reason", "rows", "sentence", "some"})

#: Variables and arguments that only hold text, or the rows that an answer cites.
TEXTS = frozenset({"hint", "message", "origins", "sense", "text", "upto", "yearly"})

#: Variables that, where they are assigned side by side, are only quoted in a sentence.
QUOTED = frozenset({"found", "has", "needed", "pays"})

#: An argument that only guards against mistakes of the caller: ``zip(..., strict=True)``.
GUARDS = frozenset({"strict"})

#: Single functions, by file, and the reason.
FUNCTIONS: Mapping[str, Mapping[str, str]] = {
    "sequencer/problem/link.py": {"_words": "wording of an event"},
    "sequencer/problem/bridge.py": {
        "_held_back": "makes the sentences that say why a line pays no more",
        "_left": "serves those sentences alone",
    },
    "sequencer/compile/windows.py": {"_hold": "wording of a hold", "_months": "wording of a number of months"},
    "sequencer/audit/finding.py": {"points": "wording of a score", "count": "wording of a number"},
    "sequencer/cpsat/search.py": {
        "_solver": "parameters of the solver: speed and repeatability",
        "best_for": "both formulations are right for every term: speed",
    },
}

RULE_ID = re.compile(r"[A-Z]\d+")

#: Functions of every file that only make the search faster.
SPEED = frozenset({"hint"})


def left_out(file: str, node: ast.AST) -> bool:
    """Return whether nothing is planted in a node, nor in what it contains."""
    match node:
        case ast.FunctionDef(name=name):
            return name in SENTENCES or name in SPEED or name in FUNCTIONS.get(file, {})
        case ast.Assign(targets=[ast.Tuple(elts=names)]):
            return all(isinstance(name, ast.Name) and name.id in QUOTED for name in names)
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AugAssign(target=ast.Name(id=name)):
            return name in TEXTS or name == "__all__"
        case ast.keyword(arg=name):
            return name in TEXTS or name in GUARDS
        case _:
            return _without_meaning(node)


def _without_meaning(node: ast.AST) -> bool:
    """Return whether a node is words, a type, an import, or only there for the type checker."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.AnnAssign(annotation=ast.Name(id="TypeAlias")) | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()))):  # " and ".join(...)
            return True
        case ast.Call(func=ast.Name(id="label" | "span") | ast.Attribute(attr="label" | "span")):  # a month in words
            return True
        case ast.IfExp(body=one, orelse=other) | ast.BoolOp(values=[one, other]):
            return _words(one) and _words(other)
        case _:
            return isinstance(node, ast.JoinedStr)


def _words(node: ast.AST) -> bool:
    """Return whether a node is text for people: not a rule id."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and RULE_ID.fullmatch(node.value) is None
    return _without_meaning(node)


#: Parts of a node that hold no code of the program's meaning: annotations, decorators, what is raised and its words.
PARTS: Mapping[type[ast.AST], frozenset[str]] = {
    ast.FunctionDef: frozenset({"decorator_list", "returns"}),
    ast.ClassDef: frozenset({"decorator_list", "bases", "keywords"}),
    ast.AnnAssign: frozenset({"annotation", "target"}),
    ast.arg: frozenset({"annotation"}),
    ast.Raise: frozenset({"exc", "cause"}),
}
