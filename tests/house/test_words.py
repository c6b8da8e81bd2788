"""Variables are called what they hold; ``one`` and ``found`` say nothing."""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from pathlib import Path

from tests.house.tree import everything

PRONOUNS = ("one", "found")
MOST = tomllib.loads((Path(__file__).parent / "exceptions.toml").read_text(encoding="utf-8"))["pronouns"]


def test_fewer_and_fewer_variables_are_called_one_or_found():
    """The recorded numbers may be lowered, never raised."""
    counts = Counter(name for source in everything() for name in bound_names(source.tree) if name in PRONOUNS)
    assert {name: counts[name] for name in PRONOUNS if counts[name] > MOST[name]} == {}


def test_every_way_to_bind_a_name_is_counted():
    text = """
def one(found, *, one=1):
    found = [one for one in found]
    with found as one, lambda found: 0:
        pass
    for one, found in one: pass
    if (found := one): pass
"""
    assert Counter(bound_names(ast.parse(text))) == {"one": 5, "found": 5}


def bound_names(tree: ast.AST) -> list[str]:
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.arg):
            names.append(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.append(node.id)
    return names
