"""``drmg-check audit``: exit codes, files, interruption and resumption."""

import json
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

from drmg_check.runs import encode_event, in_plan_order, is_complete, read_events

Run = Callable[..., subprocess.CompletedProcess[str]]
GAME = ("--game", "zoo:good-bad-chain")
QUICKLY = (*GAME, "--jobs", "1")


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
