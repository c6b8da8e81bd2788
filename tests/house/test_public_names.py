"""The public names: those of the packages' ``__init__`` files, each with one meaning in the whole project."""

from __future__ import annotations

import ast
import tomllib
from collections import defaultdict
from pathlib import Path

import drmg_check
from tests.house.tree import definition, exports, judge, modules, packages, product

TABLE = Path(__file__).parent / "exceptions.toml"
SECOND_MEANINGS = tomllib.loads(TABLE.read_text(encoding="utf-8"))["second_meanings"]["classes"]


def test_a_public_name_means_one_thing():
    """Passing on the same object under the same name is no second meaning."""
    meanings = defaultdict(set)
    for package in packages():
        for name, module in exports(package).items():
            meanings[name].add(".".join(definition(module, name)))
    judge("homonyms", {name: sorted(origins) for name, origins in meanings.items() if len(origins) > 1})


def test_fewer_and_fewer_private_classes_have_a_public_name():
    """A reader who knows the public one is misled. The recorded number may be lowered, never raised."""
    public = defaultdict(set)
    for package in packages():
        for name, module in exports(package).items():
            public[name].add(".".join(definition(module, name)))
    second = [
        f"{source.place}: {name}"
        for source in product()
        for name in _types(source.tree)
        if name in public and f"{source.module}.{name}" not in public[name]
    ]
    assert len(second) <= SECOND_MEANINGS, "\n".join(second)


def test_an_init_holds_its_docstring_and_re_exports_in_order():
    """The package at the root and the vocabulary, whose old names load lazily, are the exceptions."""
    broken = {}
    for package in packages():
        if package == "drmg_check":
            continue
        tree = modules()[package].tree
        assert ast.get_docstring(tree), package
        lines = [node for node in tree.body[1:] if not _is_future(node)]
        if not all(_is_re_export(node) for node in lines):
            broken[package] = "it holds more than re-exports"
            continue
        names = [(node.module, *_isort_key(alias.name)) for node in lines for alias in node.names]
        if names != sorted(names):
            broken[package] = "its names are out of order"
    judge("inits", broken)


def _types(tree: ast.Module) -> list[str]:
    """Return the classes and type aliases of a module."""
    names = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names += [node.target.id] * ("TypeAlias" in ast.unparse(node.annotation))
    return names


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _is_re_export(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and all(alias.asname == alias.name for alias in node.names)


def _isort_key(name: str) -> tuple[int, str]:
    """Return isort's order: CONSTANTS, Classes, functions."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2), name


def test_every_lazy_name_of_the_root_is_the_one_of_its_room():
    for name in drmg_check.__all__:
        assert getattr(drmg_check, name) is not None
    for name, room in drmg_check._PUBLIC.items():
        assert name in exports(room), f"{room} exports no {name}"
