"""An author's first ledger, written from the documentation alone, from ``claims new`` to the last replay."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., tuple[object, str, str]]
ROOT = Path(__file__).parents[2]
WRITTEN = ROOT / "tests/planted/discounted_ledger.py"
DOCS = "".join((ROOT / "docs" / page).read_text("utf-8") for page in ("claims.md", "ledger-reference.md"))
HERE = ("--ledger", "./discounted.py")


@pytest.fixture
def begun(command: Command, tmp_path: Path) -> Path:
    """Begin as the documentation says, and put four claims in the place of the skeleton's."""
    code, _, err = command("claims", "new", "discounted")
    assert (code, err) == (0, "")
    path = tmp_path / "discounted.py"
    assert path.exists()
    path.write_text(WRITTEN.read_text("utf-8"), "utf-8")
    return path


def test_what_the_author_uses_is_documented():
    """Each name that the ledger imports from us stands in the two pages on ledgers."""
    tree = ast.parse(WRITTEN.read_text("utf-8"))
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("drmg")
        for alias in node.names
    }
    assert len(names) > 12
    assert {name for name in names if not re.search(rf"\b{name}\b", DOCS)} == set()


def test_the_claims_are_listed(command: Command, begun: Path):
    code, out, err = command("claims", "list", *HERE)
    assert (code, err) == (0, "")
    assert "Caution costs at most half the radius times the span" in out
    assert out.splitlines()[-1] == "4 claims, expected: 3 holds, 1 refuted"


@pytest.mark.parametrize(
    ("id_", "neighbour"),
    [("S1", "nine tenths of it"), ("S2", "undiscounted"), ("S3", "by twice what mixing costs")],
)
def test_the_true_ones_hold_and_their_neighbours_are_caught(
    command: Command, begun: Path, id_: str, neighbour: str
):
    code, out, err = command("claims", "run", id_, *HERE, "--profile", "quick")
    assert (code, err) == (0, "")
    assert f"HOLDS {id_}" in out
    assert f"The same search refutes a false neighbour: {neighbour}." in " ".join(out.split())


def test_the_false_one_is_refuted_and_its_line_replays(command: Command, begun: Path):
    code, out, err = command("claims", "run", "S4", *HERE, "--profile", "quick")
    assert (code, err) == (0, "")
    assert "REFUTED S4" in out
    line = out.splitlines()[-1].strip()
    assert line.endswith("--ledger ./discounted.py")
    code, out, err = command(*shlex.split(line)[1:])
    assert (code, err) == (0, "")
    assert "< 0: this instance violates the claim." in out
    assert "The ledger expects the claim to be: refuted." in out


def test_the_whole_ledger_is_audited_and_its_record_replays(command: Command, begun: Path):
    code, out, err = command("audit", *HERE, "--profile", "quick", "--jobs", 1)
    assert (code, err) == (0, "")
    said = " ".join(out.split())
    assert "4 of 4 verdicts are as expected: of the first ledger of an author, 3 claims hold and 1 is" in said
    assert "(1 is wrong in a constant)" in said
    assert "Of 3 claims found true, the search of 3 refutes each false neighbour." in said
    code, out, err = command("replay", "drmg-audit/audit.ndjson")
    assert (code, err) == (0, "")
    assert "The record has the same slack." in out
