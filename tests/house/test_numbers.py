"""Numbers in what computes, reads and judges say where they come from.

A threshold is as good as the reason for it. A *bare number* is a float literal other than the plain ones
below, a power with a large exponent, or a large number in a constant of a module. It needs a comment in its
statement or in the line above, a string below its constant, or a place in the docstring of what it stands in.
A comment above constants without an empty line between them speaks of all of them.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections import defaultdict
from itertools import pairwise

import pytest

from tests.house.tree import ROOT, Source, judge, product

ROOMS = (
    "drmg_check.kernels",
    "drmg_check.equilibria",
    "drmg_check.planner",
    "drmg_check.learners",
    "drmg_check.vocabulary",
    "drmg_check.models",
    "drmg_check.readers",
    "drmg_check.runs",
    "drmg_check.zoo",
    "drmg_oracles",
    "drmg_properties.audit",
    "drmg_properties.bounds",
    "drmg_properties.claim.",
    "drmg_properties.formulas",
    "drmg_properties.laws",
    "drmg_properties.strategies",
)
PLAIN = {0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 24.0}
"""Halves, squares and the factorials of Taylor's formula: a formula holds them and needs no source."""
LARGE = 8
"""Exponents and constants up to this count something; above, they decide something."""


def test_a_number_says_where_it_comes_from():
    judge(
        "numbers",
        {
            place: ", ".join(numbers)
            for source in product()
            if source.module.startswith(ROOMS)
            for place, numbers in bare_numbers(source).items()
        },
    )


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("LIMIT = 700", {"LIMIT": ["700"]}),
        ('LIMIT = 700\n"""Where exp overflows."""', {}),
        ("# Both are powers of ten.\nLOW = 1e-9\nHIGH = 1e9\n\nBARE = 30", {"BARE": ["30"]}),
        ("def f(x):\n    return x < 1e-9", {"f": ["1e-9"]}),
        ('def f(x):\n    """Stop at 1e-9."""\n    return x < 1e-9', {}),
        ("def f(x):\n    if x < 0.3:  # the series has no digit left\n        return 0.7", {"f": ["0.7"]}),
        ("def f(x):\n    # the square vanishes\n    return x < 2.0**-40", {}),
        ("class C:\n    def f(self, x=0.05):\n        return 0.5 * x", {"C.f": ["0.05"]}),
    ],
)
def test_a_bare_number_is_found_and_a_reason_is_enough(text: str, bare: dict[str, list[str]]):
    source = Source(ROOT / "room.py", "room", text, ast.parse(text))
    assert bare_numbers(source) == {f"room.py::{name}": numbers for name, numbers in bare.items()}


def bare_numbers(source: Source) -> dict[str, list[str]]:
    """Return the numbers without a source, by the function or the constant that holds them."""
    comments = {  # each with whether it has its line for itself: only then it speaks of the next one
        token.start[0]: token.line.lstrip().startswith("#")
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline)
        if token.type == tokenize.COMMENT
    }
    described = {id(node) for node in _described(source.tree, comments)}
    result = defaultdict(list)

    def visit(node: ast.AST, above: tuple[ast.AST, ...]) -> None:
        if isinstance(node, ast.Constant | ast.BinOp):
            constant = isinstance(above[1], ast.Assign | ast.AnnAssign)
            if _decides(node, constant):
                literal = ast.get_source_segment(source.text, node) or ""
                if not _explained(node, literal, above, comments, described):
                    result[f"{source.place}::{_name(above)}"].append(literal)
                return
        for child in ast.iter_child_nodes(node):
            visit(child, (*above, node))

    visit(source.tree, ())
    return dict(result)


def _decides(node: ast.Constant | ast.BinOp, constant: bool) -> bool:
    if isinstance(node, ast.BinOp):
        exponent = node.right.operand if isinstance(node.right, ast.UnaryOp) else node.right
        return (
            isinstance(node.op, ast.Pow)
            and isinstance(node.left, ast.Constant)
            and isinstance(exponent, ast.Constant)
            and exponent.value > LARGE
        )
    if isinstance(node.value, float):
        return node.value not in PLAIN
    return constant and type(node.value) is int and node.value > LARGE


def _explained(
    node: ast.expr, literal: str, above: tuple[ast.AST, ...], comments: dict[int, bool], described: set[int]
) -> bool:
    statement = next(outer for outer in reversed(above) if isinstance(outer, ast.stmt))
    last = node.end_lineno if hasattr(statement, "body") else statement.end_lineno
    assert last is not None
    if any(line in comments for line in range(statement.lineno, last + 1)) or id(statement) in described:
        return True
    if comments.get(statement.lineno - 1, False):
        return True
    scopes = [outer for outer in above if isinstance(outer, ast.Module | ast.ClassDef | ast.FunctionDef)]
    words = " ".join(ast.get_docstring(scope) or "" for scope in scopes)
    return literal in words or literal.replace("2.0**", "2^").replace("10**", "10^") in words


def _described(tree: ast.Module, comments: dict[int, bool]) -> list[ast.stmt]:
    """Return the constants with a string below them, or in a group with a comment above it."""
    described: list[ast.stmt] = []
    for statement, after in pairwise([*tree.body, ast.Pass()]):
        if not isinstance(statement, ast.Assign | ast.AnnAssign):
            continue
        before = described[-1] if described else None
        grouped = before is not None and before.end_lineno == statement.lineno - 1
        below = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        if below or grouped or comments.get(statement.lineno - 1, False):
            described.append(statement)
    return described


def _name(above: tuple[ast.AST, ...]) -> str:
    names = [outer.name for outer in above if isinstance(outer, ast.ClassDef | ast.FunctionDef)]
    if not names:
        names = [ast.unparse(above[1]).partition("=")[0].partition(":")[0].strip()]
    return ".".join(names)
