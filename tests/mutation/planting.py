"""Lets the program be imported with a mistake in it; no file is touched."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType


class Planted(SourceFileLoader):
    """Loads a module from a syntax tree instead of its file."""

    def __init__(self, fullname: str, path: str, tree: ast.Module) -> None:
        super().__init__(fullname, path)
        self._tree = tree

    def get_code(self, fullname: str) -> CodeType | None:  # noqa: ARG002 - there is one module only
        """Return the code of the tree."""
        code: CodeType = compile(self._tree, self.path, "exec", dont_inherit=True)
        return code


class Finder:
    """Finds one module at a tree; all others are left to those who come after."""

    def __init__(self, file: Path, tree: ast.Module) -> None:
        self._file = file.resolve()
        self._tree = tree

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how the module is loaded, if it is this one."""
        if fullname.rpartition(".")[2] not in {self._file.stem, self._file.parent.name}:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None or Path(spec.origin).resolve() != self._file:
            return None
        places = None if spec.submodule_search_locations is None else list(spec.submodule_search_locations)
        loader = Planted(fullname, spec.origin, self._tree)
        return importlib.util.spec_from_file_location(
            fullname, spec.origin, loader=loader, submodule_search_locations=places
        )


def plant(file: Path, tree: ast.Module) -> None:
    """Let the module of a file be imported from a tree, from now on."""
    sys.meta_path.insert(0, Finder(file, tree))
