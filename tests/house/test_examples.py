"""Examples: those in docstrings run and print what they show, and every public name has one."""

from __future__ import annotations

import ast
import doctest
import io
from collections.abc import Iterator
from importlib import import_module

import pytest

from tests.house.tree import Function, Source, defined, definition, exports, judge, modules, packages, product


def documented(source: Source) -> Iterator[tuple[str, int, str]]:
    """Yield the name, line and docstring of a module and of all in it, compiled functions too."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Module | ast.ClassDef | Function):
            text = ast.get_docstring(node)
            if text and ">>>" in text:
                yield getattr(node, "name", source.module), node.body[0].lineno, text


WITH_EXAMPLES = [source for source in product() if any(documented(source))]


@pytest.mark.parametrize("source", WITH_EXAMPLES, ids=lambda source: source.module)
def test_examples_print_what_they_show(source: Source):
    """They see the names of their module, as ``pytest --doctest-modules`` would show them."""
    names = vars(import_module(source.module))
    runner = doctest.DocTestRunner(verbose=False)
    report = io.StringIO()
    for name, line, text in documented(source):
        test = doctest.DocTestParser().get_doctest(text, dict(names), name, str(source.path), line - 1)
        assert test.examples, f"{source.place}:{line}: the example of {name} cannot be read"
        runner.run(test, out=report.write)
    assert runner.failures == 0, report.getvalue()


def test_every_public_function_and_class_has_an_example():
    """A public name is one that a room exports; errors, constants and type aliases need no example.

    A room is a package of a root, as drmg_check.sets; what packages within it export is for the room alone.
    """
    without = {}
    for package in (package for package in packages() if package.count(".") < 2):
        for name in exports(package):
            origin, inner = definition(package, name)
            node = defined(origin, inner)
            if node is None or name.endswith("Error"):
                continue
            if ">>>" not in (ast.get_docstring(node) or ""):  # type: ignore[arg-type]
                without[f"{origin.rpartition('._')[0] or origin}.{name}"] = "its docstring shows no example"
    judge("examples", without)


def test_the_root_of_every_package_is_known():
    assert {"drmg_check.sets", "drmg_oracles", "drmg_properties.laws", "drmg_reports"} <= modules().keys()
