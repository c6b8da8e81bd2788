"""What the terminal shows, to the letter, 80 columns wide.

Update the snapshots with ``pytest tests/snapshots --snapshot-update`` and read the difference.
"""

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import msgspec
import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from drmg_check.audit import audit, load_ledger, plan
from drmg_check.events import Event, Header, encode_event, in_plan_order

Command = Callable[..., tuple[object, str, str]]


class Terminal(SingleFileSnapshotExtension):
    """One text file a snapshot, as a terminal shows it."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture
def terminal(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compare with the text file of the test."""
    return snapshot.use_extension(Terminal)


COMMANDS = {
    "aduit": "aduit",
    "claims-list": "claims list --ledger drmg_planted:everything",
    "claims-show": "claims show F2 --ledger drmg_planted:healthy",
    "claims-run": "claims run T9 --ledger drmg_planted:healthy",
    "replay": 'replay F1 --ledger drmg_planted:healthy --instance {"x":"8"}',
    "show": "show",
    "show-game": "show zoo:initial-shock",
    "show-unknown": "show zoo:tax",
    "certify": "certify zoo:initial-shock --policy uniform",
    "convert": "convert zoo:initial-shock game.json",
    **{
        f"help-{name.replace(' ', '-')}".rstrip("-"): f"{name} --help".strip()
        for name in (
            "",
            "audit",
            "certify",
            "claims",
            "claims list",
            "claims run",
            "claims show",
            "convert",
            "doctor",
            "init-adapter",
            "protocol",
            "replay",
            "report",
            "show",
            "validate",
            "vectors",
            "vectors build",
            "vectors check",
            "verify-certificate",
        )
    },
}


def shown(code: object, out: str, err: str) -> str:
    """Return all that a command showed, and how it ended."""
    return f"{out}{err}exit code {code}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_command(command: Command, terminal: SnapshotAssertion, name: str):
    text = shown(*command(*COMMANDS[name].split(" ")))
    assert max(map(len, text.splitlines())) <= 80
    assert text == terminal


@pytest.mark.parametrize("ledger", ["healthy", "sick", "died"])
def test_report(
    command: Command, tmp_path: Path, planted: ModuleType, terminal: SnapshotAssertion, ledger: str
):
    """The summary with which an audit ends, too."""
    address = f"drmg_planted:{'sick' if ledger == 'sick' else 'healthy'}"
    events: list[Event] = []
    planned = plan(load_ledger(address), ["zoo:frozen-lake", "zoo:taxi"], ledger=address)
    audit(planned, jobs=2, emit=events.append)
    timeless = [
        event if isinstance(event, Header) else msgspec.structs.replace(event, seconds=0.25)
        for event in in_plan_order(events)
    ]
    kept = timeless[:4] if ledger == "died" else timeless
    (tmp_path / "run.ndjson").write_bytes(b"".join(map(encode_event, kept)))
    text = "\n".join(
        f"$ drmg-check report run.ndjson{option}\n{shown(*command('report', 'run.ndjson', *option.split()))}"
        for option in (" --quiet", "", " --verbose")
    )
    assert re.sub(r"line \d+\)", "line N)", text) == terminal


@pytest.mark.parametrize("target", ["half_radius", "textbook"])
def test_validation(command: Command, planted: ModuleType, terminal: SnapshotAssertion, target: str):
    """A wrong implementation and a right one, each judged by a few checks."""
    words = f"validate drmg_targets:{target} --set tv --profile quick --checks tv/[sl]*,tv/oracle/[sz]*"
    text = shown(*command(*words.split()))
    assert re.sub(r"in \d[\d.]* m?s\b", "in TIME", text) == terminal
