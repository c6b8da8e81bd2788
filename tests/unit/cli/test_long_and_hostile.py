"""No command floods the terminal, or shows a character that hides or reorders others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from drmg_check.models import RobustMarkovGame
from drmg_check.readers import write_game
from drmg_check.sets import Wasserstein

Command = Callable[..., tuple[object, str, str]]
LONG, HIDDEN = "9" * 5000, "\u202e"
HEADER = (
    '{"type":"header","schema":1,"tool_version":"0","profile":"ci","seed":0,"cases":["A"],'
    '"started":"","versions":{}}'
)


@pytest.fixture
def transport_game(tmp_path: Path) -> Path:
    """A game with a ground metric on 40 states."""
    S = 40
    ground = np.abs(np.subtract.outer(np.arange(S), np.arange(S)))
    game = RobustMarkovGame(
        transition=np.broadcast_to(np.eye(S)[:, None], (S, 1, S)),
        reward=np.zeros(()),
        radius=np.zeros(()),
        uncertainty=(Wasserstein(ground.tolist()),),
        actions=(1,),
        horizon=2,
    )
    write_game(game, tmp_path / "transport.json")
    return tmp_path / "transport.json"


def test_a_ground_metric_is_not_printed(command: Command, transport_game: Path):
    code, out, err = command("learn", transport_game, "--episodes", 1)
    assert (code, len(out) < 300) == (2, True)
    assert len(err) < 1600
    code, out, err = command("show", transport_game)
    assert (code, err) == (0, "")
    assert "Wasserstein(" in out
    assert len(out) < 1000


@pytest.mark.parametrize("what", [LONG, HIDDEN * 3], ids=["long", "hidden"])
@pytest.mark.parametrize("member", ["case", "type"])
@pytest.mark.parametrize("words", ["report {0}", "diff {0} {0}", "trend {0}", "replay A1 --run {0}"])
def test_what_a_record_holds_is_shown_shortened(
    command: Command, tmp_path: Path, words: str, member: str, what: str
):
    record = {"type": "footer", "results": 0, "unexpected": 0, "errors": 0, "skipped": 0, "seconds": 0}
    header = json.loads(HEADER)
    planned, kind = ([what], "footer") if member == "case" else (["A"], what)
    lines = [{**header, "cases": planned}, {**record, "type": kind}]
    path = tmp_path / "run.ndjson"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    code, out, err = command(*words.format(path).split())
    assert (code, out) == (2, "")
    assert len(err) < 1000
    assert HIDDEN not in err
    assert ("…" in err) == (what == LONG)


@pytest.mark.parametrize("words", ["show", "report", "verify-certificate", "claims show"])
@pytest.mark.parametrize("what", [LONG, f"{HIDDEN}x"], ids=["long", "hidden"])
def test_what_is_typed_is_shown_shortened(command: Command, words: str, what: str):
    code, out, err = command(*words.split(), what)
    assert (code, out) == (2, "")
    assert len(err) < 1600
    assert HIDDEN not in err


def test_the_failures_of_a_run_are_named_shortly(command: Command, tmp_path: Path):
    run = command("audit", "--ledger", "drmg_planted:sick", "--claims", "W1", "--jobs", 1, "--json")[1]
    (tmp_path / "long.ndjson").write_text(
        run.replace('"case":"W1"', f'"case":"{LONG}"').replace('"cases":["W1"]', f'"cases":["{LONG}"]'),
        encoding="utf-8",
    )
    code, out, err = command("report", tmp_path / "long.ndjson")
    assert (code, err) == (1, "")
    assert "FAILURE 999" in out
    assert len(out) < 2500


@pytest.mark.parametrize("words", ["", "claims"])
def test_a_group_alone_shows_all_of_its_help(command: Command, words: str):
    assert command(*words.split())[2] == command(*words.split(), "--help")[1]


def test_a_path_is_shown_as_it_is_after_writing(command: Command, tmp_path: Path):
    code, out, _ = command("convert", "zoo:random", f"{HIDDEN}.json")
    assert code == 0
    assert "⟨U+202E⟩.json: " in out
