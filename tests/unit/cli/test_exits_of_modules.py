"""A module of the user that exits is an error, and never a success."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from drmg_check.runs import Result, read_events
from drmg_properties.audit import load_ledger

Command = Callable[..., tuple[object, str, str]]
JUDGING = [("audit",), ("claims", "list"), ("claims", "run", "T1")]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import sys; sys.exit(0)", "SystemExit: 0"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt: "),
        ("def ledger(): raise SystemExit", "SystemExit: "),
    ],
)
@pytest.mark.parametrize("words", JUDGING, ids=" ".join)
def test_a_ledger_that_exits_is_refused(
    command: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    body: str,
    said: str,
):
    name = f"led{abs(hash((body, words)))}"
    (tmp_path / f"{name}.py").write_text(body)
    monkeypatch.syspath_prepend(str(tmp_path))
    code, out, err = command(*words, "--ledger", f"{name}:ledger")
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: ledger='{name}:ledger': {said}")
    assert f", {name}.py line 1); expected the name of a registered ledger" in err
    assert err.endswith(" of a Ledger that loads\n")


def test_ctrl_c_while_a_ledger_loads_is_an_interrupt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "led_pressed.py").write_text("import signal; signal.raise_signal(signal.SIGINT)")
    monkeypatch.syspath_prepend(str(tmp_path))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            load_ledger("led_pressed:ledger")
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.fixture
def exiting(planted: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A ledger with one claim, whose slack exits."""
    (tmp_path / "led_exiting.py").write_text(
        "from drmg_planted import planted\n"
        "from drmg_properties import Ledger\n"
        "def leave(number): raise SystemExit(0)\n"
        "def ledger(): return Ledger('led', 'one claim', 'nowhere', (planted('T1', leave, 'it leaves'),))\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    return "led_exiting:ledger"


@pytest.mark.parametrize(
    "words", [("audit", "--jobs", 1), ("claims", "run", "T1")], ids=["audit", "claims run"]
)
def test_a_claim_that_exits_has_not_been_judged(
    command: Command, tmp_path: Path, exiting: str, words: tuple[object, ...]
):
    code, out, _ = command(*words, "--ledger", exiting)
    assert code == 1
    assert "SystemExit: 0" in out
    if words[0] == "audit":
        events = read_events(tmp_path / "drmg-audit/audit.ndjson")
        (result,) = (event for event in events if isinstance(event, Result))
        assert result.outcome == "error"


def test_a_replay_that_exits_is_refused(command: Command, exiting: str):
    code, _, err = command("replay", "T1", "--instance", json.dumps({"x": "1"}), "--ledger", exiting)
    assert code == 2
    assert "sys.exit(0) was called by code that this command runs" in err


@pytest.mark.parametrize(
    ("body", "said"), [("def f(:", "SyntaxError"), ("raise SystemExit(0)", "SystemExit: 0")]
)
def test_a_target_that_does_not_load_is_named(command: Command, tmp_path: Path, body: str, said: str):
    (tmp_path / "broken.py").write_text(body)
    code, out, err = command("validate", "broken.py:f", "--set", "tv")
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: target='broken.py:f': {said}")
    assert "expected a module that can be imported" in err
