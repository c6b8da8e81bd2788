"""The limits that keep a file one idea and a function one step; who exceeds one gives a reason."""

from __future__ import annotations

import ast

from tests.house.tree import Function, everything, functions, judge

MOST_PARAMETERS = 6  # more are a dataclass without a name
MOST_LINES_OF_A_FUNCTION = 60  # what fits on a screen
MOST_LINES_OF_A_FILE = 400
MOST_PATHS = 20  # radon's grade D begins above


def test_a_function_has_at_most_six_parameters():
    judge(
        "parameters",
        {
            name: f"{count} parameters"
            for source in everything()
            for name, function in functions(source)
            if (count := _parameters(function)) > MOST_PARAMETERS
        },
    )


def test_a_function_has_at_most_sixty_lines():
    judge(
        "lines_of_a_function",
        {
            name: f"{length} lines"
            for source in everything()
            for name, function in functions(source)
            if (length := _length(function)) > MOST_LINES_OF_A_FUNCTION
        },
    )


def test_a_function_is_no_more_complex_than_twenty():
    judge(
        "complexity",
        {
            name: f"complexity {paths}"
            for source in everything()
            for name, function in functions(source)
            if (paths := complexity(function)) > MOST_PATHS
        },
    )


def test_a_file_has_at_most_four_hundred_lines():
    judge(
        "lines_of_a_file",
        {
            source.place: f"{length} lines"
            for source in everything()
            if (length := source.text.count("\n")) > MOST_LINES_OF_A_FILE
        },
    )


def test_complexity_counts_what_radon_counts():
    text = """
def f(x, y):
    if x and y or x:
        return [k for k in x if k]
    for k in x:
        try:
            pass
        except ValueError:
            pass
    return 1 if y else (lambda: 2 if x else 3)
"""
    (function,) = ast.parse(text).body
    assert isinstance(function, ast.FunctionDef)
    assert complexity(function) == 1 + 1 + 2 + 2 + 1 + 1 + 1 + 1


def _length(function: Function) -> int:
    """Return the lines from ``def`` to the end, the docstring not counted: documentation is no complexity."""
    assert function.end_lineno is not None
    length = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None and len(function.body) > 1:
        assert first.end_lineno is not None
        length -= first.end_lineno - first.lineno + 1
    return length


def _parameters(function: Function) -> int:
    """Return the number of named parameters, that of the object itself not counted."""
    arguments = function.args.posonlyargs + function.args.args
    own = bool(arguments) and arguments[0].arg in ("self", "cls")
    return len(arguments) - own + len(function.args.kwonlyargs)


def complexity(function: ast.AST) -> int:
    """Return McCabe's number: one, and one more for every place where the way forks."""
    total = 1
    for node in ast.walk(function):
        if isinstance(node, ast.BoolOp):
            total += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            total += 1 + len(node.ifs)
        elif isinstance(
            node,
            ast.If | ast.IfExp | ast.For | ast.AsyncFor | ast.While | ast.ExceptHandler | ast.match_case,
        ):
            total += 1
    return total
