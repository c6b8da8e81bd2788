"""``doctor --sets`` shows what there is for each set, at 80 columns, and fails if something is missing."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from drmg_check.sets import UNCERTAINTY_SETS, TotalVariation, UncertaintySet, operations, set_table

DOCS = Path(__file__).parents[3] / "docs"
Command = Callable[..., tuple[int, str, str]]


class Renamed(TotalVariation):
    """Total variation, by a name that no room knows: what it inherits it has."""

    kind = "renamed"


class Untaught(UncertaintySet):
    kind = "untaught"
    leaves_support = True


def test_every_set_and_operation_is_shown_within_80_columns(command: Command):
    code, out, err = command("doctor", "--sets")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert max(map(len, lines)) <= 80
    headings = [word for line in lines if line.startswith("      ") for word in line.split()]
    assert headings == list(UNCERTAINTY_SETS)
    tables = len([line for line in lines if line.startswith("      ")])
    for name in operations():
        assert len([line for line in lines if re.match(rf"{name}  ", line)]) == tables
    assert re.search(r"^enclosure +yes +as tv +yes", out, re.MULTILINE)
    assert "no distribution for wasserstein: a transport plan would be needed to judge it" in out


def test_json_has_every_cell(command: Command):
    code, out, _ = command("doctor", "--sets", "--json")
    data = json.loads(out)
    assert code == 0
    assert len(data["sets"]) == len(set_table()) == len(operations()) * len(UNCERTAINTY_SETS)
    assert {operation["name"] for operation in data["operations"]} == set(operations())
    assert {"operation": "enclosure", "kind": "l1", "has": True, "via": "tv", "reason": ""} in data["sets"]


def test_a_set_without_operations_is_missing_and_the_exit_code_says_so(
    command: Command, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(UNCERTAINTY_SETS, "untaught", Untaught)
    code, out, _ = command("doctor", "--sets")
    assert code == 1
    assert re.search(r"^kernel .*MISSING *$", out, re.MULTILINE)
    assert "no kernel for untaught: missing, and nobody says why" in " ".join(out.split())
    monkeypatch.setitem(UNCERTAINTY_SETS, "untaught", Renamed)
    assert command("doctor", "--sets")[0] == 0


def test_the_excerpt_in_the_docs_is_what_is_printed(command: Command):
    page = (DOCS / "conventions.md").read_text(encoding="utf-8")
    shown = page[page.index("$ drmg-check doctor --sets") :].partition("```")[0].splitlines()[1:]
    printed = [line.rstrip() for line in command("doctor", "--sets")[1].splitlines()]
    excerpt = [line.rstrip() for line in shown if line != "..."]
    assert len(excerpt) > 3
    assert [line for line in excerpt if line not in printed] == []
