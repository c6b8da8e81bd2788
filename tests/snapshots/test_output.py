"""What the terminal shows, to the letter, 80 columns wide.

Update the snapshots with ``pytest tests/snapshots --snapshot-update`` and read the difference.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import click
import msgspec
import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from drmg_check.cli._main import drmg_check
from drmg_check.runs import Event, Header, encode_event, in_plan_order
from drmg_properties.audit import audit, list_claims, plan

Command = Callable[..., tuple[object, str, str]]


class Terminal(SingleFileSnapshotExtension):
    """One text file a snapshot, as a terminal shows it."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture
def terminal(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compare with the text file of the test."""
    return snapshot.use_extension(Terminal)


def every_command(group: click.Group = drmg_check, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of each command and of each group of commands."""
    yield words
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, (*words, name))
        else:
            yield (*words, name)


COMMANDS = {
    "aduit": "aduit",
    "bound": "bound -S 3 -A 2,2 -H 3 --radius 1/2",
    "bound-formulas": "bound -H 1 --radius 0 --formulas",
    "claims-list": "claims list --ledger drmg_planted:everything",
    "claims-list-filtered": "claims list A* B1* --severity constant --text bound --text the",
    "claims-show": "claims show F2 --ledger drmg_planted:healthy",
    "claims-run": "claims run T9 --ledger drmg_planted:healthy",
    "experiment": "experiment",
    "learn": "learn zoo:shaky-bridge --episodes 20 --seeds 2",
    "protocol-transcript": "protocol --transcript",
    "replay": 'replay F1 --ledger drmg_planted:healthy --instance {"x":"8"}',
    "show": "show",
    "show-game": "show zoo:initial-shock",
    "show-unknown": "show zoo:tax",
    "certify": "certify zoo:initial-shock --policy uniform",
    "convert": "convert zoo:initial-shock game.json",
    **{"-".join(("help", *words)): " ".join((*words, "--help")) for words in every_command()},
}


def shown(code: object, out: str, err: str) -> str:
    """Return all that a command showed, and how it ended."""
    return f"{out}{err}exit code {code}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_command(command: Command, terminal: SnapshotAssertion, name: str):
    text = shown(*command(*COMMANDS[name].split(" ")))
    assert max(map(len, text.splitlines())) <= 80
    assert text == terminal


@pytest.mark.parametrize("width", [80, 120])
def test_the_list_of_claims_shows_whole_titles_at_any_width(
    command: Command, terminal: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch, width: int
):
    monkeypatch.setenv("COLUMNS", str(width))
    words = "claims list --ledger drmg_planted:everything --ledger rectangularity_claims:LEDGER"
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "examples/ledger"))
    text = shown(*command(*words.split()))
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    assert text == terminal


@pytest.mark.parametrize("ledger", ["healthy", "sick", "died"])
def test_report(
    command: Command, tmp_path: Path, planted: ModuleType, terminal: SnapshotAssertion, ledger: str
):
    """The summary with which an audit ends, too."""
    address = f"drmg_planted:{'sick' if ledger == 'sick' else 'healthy'}"
    events: list[Event] = []
    planned = plan(list_claims([address]), ["zoo:frozen-lake", "zoo:taxi"])
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


def test_comparisons(command: Command, tmp_path: Path, planted: ModuleType, terminal: SnapshotAssertion):
    """Of a run with one that is sick, and of many; the last run is cut off in the middle of a line."""
    recorded = []
    for ledger in ("healthy", "sick"):
        events: list[Event] = []
        planned = plan(list_claims([f"drmg_planted:{ledger}"]), [])
        audit(planned, jobs=2, emit=events.append)
        header = msgspec.structs.replace(planned.header, started="2026-11-20T09:30:00Z", versions={})
        timeless = [msgspec.structs.replace(event, seconds=0.25) for event in in_plan_order(events)[1:]]
        recorded.append(b"".join(map(encode_event, (header, *timeless))))
    # The same ledger gone wrong: a verdict, a slack and two results less.
    as_was = b'"as expected","found":"holds on a list"'
    gone_wrong = recorded[0].replace(as_was, b'"unexpected","found":"refuted"', 1)
    assert gone_wrong != recorded[0]
    for name, data in (("a", recorded[0]), ("b", recorded[1]), ("c", gone_wrong[: len(gone_wrong) * 2 // 3])):
        (tmp_path / f"{name}.ndjson").write_bytes(data)
    lines = ("diff a.ndjson b.ndjson", "diff a.ndjson c.ndjson", "diff c.ndjson a.ndjson --strict")
    texts = [
        f"$ drmg-check {line}\n{shown(*command(*line.split()))}"
        for line in (*lines, "trend a.ndjson c.ndjson a.ndjson --svg t.svg", "diff a.ndjson d.ndjson")
    ]
    text = "\n".join(texts)
    assert (tmp_path / "t.svg").read_text("utf-8").startswith("<?xml")
    assert re.sub(r"line \d+\)", "line N)", text) == terminal
