"""``drmg-check audit``: exit codes, files, interruption and resumption."""

import json
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from drmg_check.events import Header, encode_event, in_plan_order, is_complete, read_events

Run = Callable[..., subprocess.CompletedProcess[str]]
GAME = ("--game", "zoo:good-bad-chain")
QUICKLY = (*GAME, "--jobs", "1")


def timeless(path: Path) -> list[object]:
    """Return the records of a run without their times."""
    return [
        msgspec.structs.replace(event, started="")
        if isinstance(event, Header)
        else msgspec.structs.replace(event, seconds=0.0)
        for event in read_events(path)
    ]


def test_a_clean_audit_exits_0_and_leaves_a_run_and_a_report(drmg_check: Run, tmp_path: Path):
    done = drmg_check("audit", "--ledger", "drmg_planted:healthy", *GAME)
    assert (done.returncode, done.stderr) == (0, "")
    assert "5 of 5 verdicts are as expected" in done.stdout
    assert "Written: drmg-audit/audit.html, drmg-audit/audit.ndjson" in done.stdout.splitlines()
    assert re.fullmatch(r"7 as expected in .*", done.stdout.splitlines()[-1])
    events = read_events(tmp_path / "drmg-audit/audit.ndjson")
    assert is_complete(events)
    assert events == in_plan_order(events)
    assert (tmp_path / "drmg-audit/audit.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert sorted(path.name for path in (tmp_path / "drmg-audit").iterdir()) == ["audit.html", "audit.ndjson"]
    assert [path.name for path in tmp_path.iterdir()] == ["drmg-audit"]


def test_findings_exit_1_and_every_failure_ends_in_a_line_that_reproduces_it(drmg_check: Run):
    done = drmg_check("audit", "--ledger", "drmg_planted:sick", *GAME)
    assert done.returncode == 1
    blocks = re.findall(r"FAILURE (\S+).*?Reproduce with:\n    (.+?)\n", done.stdout, re.DOTALL)
    assert [case for case, _ in blocks] == ["W1", "U1", "C1", "C2", "C4"]
    for case, said in (("W1", "this instance violates the claim"), ("C4", "ZeroDivisionError: no slack")):
        again = drmg_check(*shlex.split(dict(blocks)[case])[1:])
        assert again.returncode == 1
        assert said in again.stdout


def test_hostile_titles_reach_the_terminal_harmless(drmg_check: Run):
    out = drmg_check("audit", "--ledger", "drmg_planted:sick", "--claims", "H1", *QUICKLY).stdout
    assert "[bold]<script>" in out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\nFAILURE" not in out


def test_quiet_leaves_the_last_line(drmg_check: Run):
    out = drmg_check("audit", "--ledger", "drmg_planted:healthy", "-q", *QUICKLY).stdout
    assert len(out.splitlines()) == 1


def test_json_prints_the_events_and_nothing_else(drmg_check: Run, tmp_path: Path):
    out = drmg_check("audit", "--ledger", "drmg_planted:healthy", "--json", *QUICKLY).stdout
    # In one process the order of the cases is the order of the plan, so the output is the file.
    assert out == (tmp_path / "drmg-audit/audit.ndjson").read_text(encoding="utf-8")
    assert [json.loads(line)["type"] for line in out.splitlines()] == ["header", *["result"] * 7, "footer"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk that is always full")
def test_a_full_disk_exits_2_and_names_the_file(drmg_check: Run, tmp_path: Path):
    (tmp_path / "drmg-audit").mkdir()
    (tmp_path / "drmg-audit/audit.ndjson").symlink_to("/dev/full")
    done = drmg_check("audit", "--ledger", "drmg_planted:healthy", *QUICKLY)
    assert done.returncode == 2
    assert done.stderr == "Error: drmg-audit/audit.ndjson: No space left on device\n"


def start(tmp_path: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "drmg_check", "audit", "--ledger", "drmg_planted:slow_ones", *words]
    return subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )


def wait_for_results(path: Path, n: int) -> None:
    deadline = time.monotonic() + 60
    while not path.exists() or path.read_bytes().count(b"\n") <= n:
        assert time.monotonic() < deadline, "the audit gave no results"
        time.sleep(0.01)


@pytest.mark.slow
def test_a_run_that_is_killed_resumes_to_what_an_uninterrupted_one_finds(
    drmg_check: Run, tmp_path: Path, planted: ModuleType
):
    """Killed twice: after the first result, and in the middle of a line somewhat later."""
    words = ("--ledger", "drmg_planted:slow_ones", *GAME)
    whole = tmp_path / "whole"
    path = tmp_path / "drmg-audit/audit.ndjson"
    assert drmg_check("audit", *words).returncode == 0
    (tmp_path / "drmg-audit").rename(whole)
    for n, torn in ((1, b""), (5, b'{"type":"result","case":"S')):
        process = start(tmp_path, *GAME, "--resume")
        wait_for_results(path, n)
        process.kill()
        process.communicate()
        before = path.read_bytes().count(b"\n")
        assert n < before <= 12, "the test did not interrupt the run"
        with path.open("ab") as file:
            file.write(torn)
    done = drmg_check("audit", *words)
    assert done.returncode == 2
    assert "is an unfinished run with" in done.stderr
    assert drmg_check("audit", *words, "--resume").returncode == 0
    assert timeless(path) == timeless(whole / "audit.ndjson")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds child processes in /proc")
def test_workers_of_a_killed_run_end_by_themselves(tmp_path: Path, planted: ModuleType):
    """Even one that hangs in a claim."""
    process = start(tmp_path, *GAME, "--ledger", "drmg_planted:misbehaving", "--claims", "T1,C3")
    wait_for_results(tmp_path / "drmg-audit/audit.ndjson", 1)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    workers = set()
    for task in children.parents[1].iterdir():
        workers |= {int(pid) for pid in (task / "children").read_text().split()}
    assert workers
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 20
    while any(is_running(pid) for pid in workers):
        assert time.monotonic() < deadline, "a worker outlives the run"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def test_an_interrupt_says_how_to_go_on_and_that_line_goes_on(
    drmg_check: Run, tmp_path: Path, planted: ModuleType
):
    process = start(tmp_path, *GAME, "--out", "my results")
    wait_for_results(tmp_path / "my results/audit.ndjson", 2)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    assert re.search(r"Interrupted; \d+ results are in my results/audit\.ndjson", stderr)
    line = stderr.strip().splitlines()[-1]
    done = drmg_check(*shlex.split(line)[1:])
    assert done.returncode == 0
    assert is_complete(read_events(tmp_path / "my results/audit.ndjson"))


def test_resuming_a_complete_run_judges_nothing_again(drmg_check: Run, tmp_path: Path):
    words = ("audit", "--ledger", "drmg_planted:healthy", *QUICKLY)
    first = drmg_check(*words)
    before = (tmp_path / "drmg-audit/audit.ndjson").read_bytes()
    second = drmg_check(*words, "--resume")
    assert (second.returncode, second.stdout) == (0, first.stdout)
    assert (tmp_path / "drmg-audit/audit.ndjson").read_bytes() == before


def test_another_plan_is_not_resumed(drmg_check: Run, tmp_path: Path):
    drmg_check("audit", "--ledger", "drmg_planted:healthy", *QUICKLY)
    done = drmg_check("audit", "--ledger", "drmg_planted:healthy", *QUICKLY, "--seed", 1, "--resume")
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot resume: the run was started with seed=0, now seed=1" in done.stderr


def test_a_run_that_died_before_its_header_starts_over(drmg_check: Run, tmp_path: Path):
    (tmp_path / "drmg-audit").mkdir()
    (tmp_path / "drmg-audit/audit.ndjson").write_bytes(b'{"type":"hea')
    done = drmg_check("audit", "--ledger", "drmg_planted:healthy", "--resume", *QUICKLY)
    assert done.returncode == 0


def test_a_run_that_died_is_reported_as_such(drmg_check: Run, tmp_path: Path):
    drmg_check("audit", "--ledger", "drmg_planted:healthy", *QUICKLY)
    path = tmp_path / "drmg-audit/audit.ndjson"
    path.write_bytes(b"".join(map(encode_event, read_events(path)[:4])))
    done = drmg_check("report", path, "--html", "again.html")
    assert done.returncode == 1
    assert "3 as expected, 4 not run before the run died, after " in done.stdout
    assert (tmp_path / "again.html").exists()
