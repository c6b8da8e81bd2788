"""The project as its source says it: modules, functions, imports and exported names; nothing is run."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
IMPORT_ROOTS = ("", "oracles", "properties", "reports")
PACKAGES = ("drmg_check", "drmg_oracles", "drmg_properties", "drmg_reports")
BESIDE = ("benchmarks", "docs", "examples", "reports", "tests")
"""Folders that hold code and do not ship."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, eq=False)
class Source:
    """One file: where it is, the module that it is imported as, its text and its tree."""

    path: Path
    module: str
    text: str
    tree: ast.Module

    @property
    def place(self) -> str:
        """Return the path as exceptions name it: from the root, with slashes."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @property
    def package(self) -> str:
        return self.module if self.is_package else self.module.rpartition(".")[0]


def read(path: Path, import_root: Path) -> Source:
    parts = path.relative_to(import_root).with_suffix("").parts
    module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = path.read_text(encoding="utf-8")
    return Source(path, module, text, ast.parse(text))


@cache
def product() -> tuple[Source, ...]:
    """Return every module that ships."""
    roots = [ROOT / folder for folder in IMPORT_ROOTS]
    return tuple(
        read(path, root)
        for root in roots
        for package in PACKAGES
        for path in sorted((root / package).glob("**/*.py"))
    )


@cache
def everything() -> tuple[Source, ...]:
    """Return the product and the code beside it."""
    shipped = {source.path for source in product()}
    beside = sorted(path for folder in BESIDE for path in (ROOT / folder).glob("**/*.py"))
    return product() + tuple(read(path, ROOT) for path in beside if path not in shipped)


@cache
def modules() -> dict[str, Source]:
    return {source.module: source for source in product()}


@cache
def packages() -> tuple[str, ...]:
    return tuple(source.module for source in product() if source.is_package)


def functions(source: Source) -> Iterator[tuple[str, Function]]:
    """Yield every function with the name that exceptions call it by: ``path::Class.method``."""

    def inside(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function | ast.ClassDef):
                name = f"{prefix}{child.name}"
                if isinstance(child, Function):
                    yield f"{source.place}::{name}", child
                yield from inside(child, f"{name}.")
            else:
                yield from inside(child, prefix)

    yield from inside(source.tree, "")


@dataclass(frozen=True)
class Import:
    """``from module import name``, or ``import module`` with an empty name."""

    module: str
    name: str
    line: int

    @property
    def target(self) -> str:
        """Return the module that is imported; a name may be a module itself."""
        inner = f"{self.module}.{self.name}"
        return inner if self.name and inner in modules() else self.module


def imports(source: Source) -> Iterator[Import]:
    """Yield what a module imports from the project, wherever in the file, under ``TYPE_CHECKING`` too."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PACKAGES:
            for alias in node.names:
                yield Import(node.module, alias.name, node.lineno)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] in PACKAGES:
                    yield Import(alias.name, "", node.lineno)


def exports(package: str) -> dict[str, str]:
    """Return the public names of a package, each with the module that its ``__init__`` takes it from."""
    return {
        item.name: item.module for item in imports(modules()[package]) if item.name and item.name[0] != "_"
    }


def definition(module: str, name: str) -> tuple[str, str]:
    """Follow a name from package to package to the module that defines it, and what it is called there."""
    for node in modules()[module].tree.body:
        if isinstance(node, ast.ImportFrom) and node.module in modules():
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    inner = f"{node.module}.{alias.name}"
                    return (inner, "") if inner in modules() else definition(node.module, alias.name)
    return module, name


def defined(module: str, name: str) -> ast.AST | None:
    """Return the function or class of that name at the top of a module, None for anything else."""
    for node in modules()[module].tree.body:
        if isinstance(node, Function | ast.ClassDef) and node.name == name:
            return node
    return None


@cache
def exceptions(rule: str) -> dict[str, str]:
    """Return the exceptions of a rule, each with its reason, a sentence; a key may be a pattern."""
    table = tomllib.loads((Path(__file__).parent / "exceptions.toml").read_text(encoding="utf-8"))[rule]
    for place, reason in table.items():
        assert reason[:1].isupper(), f"{rule}: {place} has no sentence as its reason: {reason!r}"
        assert reason.endswith("."), f"{rule}: {place} has no sentence as its reason: {reason!r}"
    return dict(table)


def judge(rule: str, broken: Mapping[str, object]) -> None:
    """Fail for what breaks a rule and is no exception, and for exceptions that are none any more."""
    allowed = exceptions(rule)
    new = [f"  {place}: {what}" for place, what in broken.items() if not _matches(place, allowed)]
    stale = [pattern for pattern in allowed if not any(fnmatchcase(place, pattern) for place in broken)]
    assert not new, "\n".join([f"{rule}: mend it, or give a reason in exceptions.toml", *new])
    assert not stale, f"{rule}: no exceptions any more, take them out of exceptions.toml: {stale}"


def _matches(place: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(place, pattern) for pattern in patterns)
