"""``import drmg_check`` is the api: complete, typed, and quick until something is used."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import drmg_check

ROOT = Path(drmg_check.__file__).parents[1]
SLOW = ("numba", "cvxpy", "numpy", "scipy", "hypothesis", "matplotlib")


def typed_names() -> dict[str, str]:
    """Return what a type checker sees, with the room of each."""
    tree = ast.parse(Path(drmg_check.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    return {
        alias.name: node.module or ""
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_type_checkers_see_what_there_is():
    assert typed_names() == drmg_check._PUBLIC


@pytest.mark.parametrize("name", drmg_check.__all__)
def test_every_name_loads(name: str):
    assert getattr(drmg_check, name) is not None
    assert name in dir(drmg_check)


def test_a_name_that_is_not_there_is_said_to_be():
    with pytest.raises(AttributeError, match="no attribute 'loads'"):
        _ = drmg_check.loads


def test_importing_it_imports_nothing_slow():
    code = f"import sys, drmg_check; print(sorted(set({SLOW!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_mypy_knows_the_types(tmp_path: Path):
    (tmp_path / "script.py").write_text(
        "import drmg_check as dc\n"
        'game = dc.load("random")\n'
        "reveal_type(game)\n"
        "reveal_type(dc.evaluate(game, dc.uniform_policy(game)).V)\n"
        'dc.certify(game, "uniform")\n'
        "dc.nothing\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", ROOT / "pyproject.toml", tmp_path / "script.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 'Revealed type is "drmg_check.models._game.RobustMarkovGame"' in done.stdout
    assert 'Argument 2 to "certify" has incompatible type "str"; expected "JointPolicy"' in done.stdout
    assert "numpy.ndarray" in done.stdout
    assert 'Module has no attribute "nothing"' in done.stdout
    assert done.stdout.count("error:") == 2
