"""A run is read back as it was written, and a file that tells no consistent story is refused."""

from importlib.resources import files
from pathlib import Path

import msgspec
import pytest

from drmg_check.runs import (
    ClaimText,
    Counterexample,
    Event,
    Footer,
    Header,
    Result,
    decode_event,
    encode_event,
    example_audit,
    example_validation,
    in_plan_order,
    is_complete,
    read_events,
    whole_lines,
)
from drmg_check.vocabulary import InputError

CLAIM = ClaimText(
    id="A3",
    ledger="mornavi",
    place="Corollary 2, eq. (10)",
    title="The dual of TV",
    statement="σ = sup …",
    latex="\\sigma",
    formalisation="rows",
    assumptions=("ρ in [0, 1]",),
    reading="literal",
    severity="constant",
    expected="refuted",
    corrected="A3c",
)


def result(case: str, outcome: str = "as expected") -> Result:
    return Result(
        case=case,
        claim=CLAIM,
        subject="generated",
        outcome=outcome,
        found="refuted",
        instances=7,
        undecided=0,
        smallest_slack_low="-1/4",
        smallest_slack_high="-1/4",
        slacks=(-0.25, 0.1 + 0.2, 5e-324),
        counterexample=Counterexample(
            instance='{"x": "1/3"}', lines=("a line\n", "‮"), slack_low="-1/4", slack_high="-1/4"
        ),
        note="",
        replay="drmg-check replay A3",
        seconds=0.5,
    )


HEADER = Header(
    tool_version="0.1.0",
    profile="ci",
    seed=0,
    cases=("A3", "B1", "B2"),
    started="2026-11-20T00:00:00Z",
    versions={"python": "3.11.7"},
)
FOOTER = Footer(results=3, unexpected=0, errors=0, skipped=0, seconds=1.0)
RUN: tuple[Event, ...] = (HEADER, result("B1"), result("A3"), result("B2"), FOOTER)


def write(path: Path, *lines: bytes | Event) -> Path:
    path.write_bytes(b"".join(line if isinstance(line, bytes) else encode_event(line) for line in lines))
    return path


@pytest.mark.parametrize("event", RUN, ids=lambda event: type(event).__name__)
def test_an_event_is_one_line_and_reads_back_as_itself(event: Event):
    line = encode_event(event)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert decode_event(line) == event


def test_a_run_reads_back_in_the_order_of_the_file(tmp_path: Path):
    events = read_events(write(tmp_path / "run.ndjson", *RUN))
    assert events == RUN
    assert is_complete(events)


def test_plan_order_is_the_order_of_the_header():
    assert [getattr(event, "case", "") for event in in_plan_order(RUN)] == ["", "A3", "B1", "B2", ""]


@pytest.mark.parametrize("keep", [1, 2, 3, 4])
def test_a_run_that_died_keeps_its_whole_lines(tmp_path: Path, keep: int):
    """However the next line is torn."""
    whole = b"".join(map(encode_event, RUN[:keep]))
    line = encode_event(RUN[keep])
    for cut in (0, 1, len(line) // 2, len(line) - 1):
        path = write(tmp_path / "run.ndjson", whole, line[:cut])
        assert read_events(path) == RUN[:keep]
        assert not is_complete(read_events(path))
        assert whole_lines(path) == len(whole)


def changed(event: Event, **members: object) -> bytes:
    return msgspec.json.encode(msgspec.to_builtins(event) | members) + b"\n"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((), "no header"),
        ((b'{"type":"header","sch',), "no header"),
        ((b"\n",), "line 1"),
        ((b"not json\n",), "line 1"),
        ((b"\xff\xfe\n",), "line 1"),
        ((b"[" * 100_000 + b"\n",), "line 1"),
        ((b"null\n",), "expected the header"),
        ((result("A3"),), "expected the header"),
        ((changed(HEADER, schema=99),), "schema=99"),
        ((changed(HEADER, surprise=1),), "surprise"),
        ((HEADER, changed(result("A3"), surprise=1)), r"line 2.*surprise"),
        ((HEADER, changed(result("A3"), outcome="fine")), r"line 2.*outcome"),
        ((HEADER, changed(result("A3"), seconds=None)), r"line 2.*seconds"),
        ((HEADER, changed(result("A3"), type="verdict")), r"line 2.*verdict"),
        ((HEADER, HEADER), "second header"),
        ((HEADER, result("A3"), result("A3")), "twice"),
        ((HEADER, result("A4")), "not among"),
        ((*RUN, result("A3")), "follows the footer"),
        ((*RUN, FOOTER), "follows the footer"),
        ((*RUN[:3], FOOTER), "no result for 'B2'"),
        ((*RUN[:4], msgspec.structs.replace(FOOTER, errors=1)), "counts"),
    ],
)
def test_a_hostile_file_is_refused_with_its_place(tmp_path: Path, lines: tuple[bytes | Event], message: str):
    with pytest.raises(InputError, match=message):
        read_events(write(tmp_path / "run.ndjson", *lines))


def test_a_missing_file_is_an_input_error(tmp_path: Path):
    with pytest.raises(InputError, match=r"nothing\.ndjson.*No such file"):
        read_events(tmp_path / "nothing.ndjson")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a device that never ends")
def test_a_device_is_refused_before_it_is_read():
    for read in (read_events, whole_lines):
        with pytest.raises(InputError, match="no regular file"):
            read("/dev/zero")


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_numbers_that_json_would_lose_are_refused_before_they_are_written(value: float):
    with pytest.raises(InputError, match="finite"):
        msgspec.structs.replace(result("A3"), slacks=(0.0, value))
    with pytest.raises(InputError, match="finite"):
        msgspec.structs.replace(FOOTER, seconds=value)


def test_the_examples_tell_a_consistent_story():
    """They are files of the package: the footer counts what is there, in the order that the header plans."""
    for name, events in (("audit", example_audit()), ("validation", example_validation())):
        assert read_events(files("drmg_check.runs") / f"{name}.example.ndjson") == events
        assert in_plan_order(events) == events
        assert is_complete(events)


def test_a_notebook_shows_a_failed_check_with_its_line_and_escapes_it():
    *_, failed, _ = example_validation()
    shown = failed._repr_html_()
    assert shown.startswith("<p><b>failed</b> <code>tv/oracle/small</code>")
    assert failed.replay.replace("'", "&#x27;").replace('"', "&quot;") in shown
    hostile = msgspec.structs.replace(failed, title="<script>", failure=None, reason="<img>")
    assert "<script>" not in hostile._repr_html_()
    assert "<img>" not in hostile._repr_html_()
