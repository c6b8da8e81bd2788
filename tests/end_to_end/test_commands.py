"""The other commands, as a user runs them."""

import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from drmg_check.runs import Result, encode_event, read_events

Run = Callable[..., subprocess.CompletedProcess[str]]
HEAVY = ("numba", "cvxpy", "scipy", "matplotlib", "hypothesis", "mpmath", "flint", "numpy", "rich", "jinja2")


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["audit", "--help"], ["bound", "--help"], ["claims"]]
)
def test_help_imports_nothing_heavy(words: list[str]):
    """That is what keeps it below half a second on any machine."""
    code = (
        "import sys; sys.argv[0] = 'drmg-check'\n"
        "from drmg_check.cli import main\n"
        "try: main()\n"
        f"except SystemExit: print('heavy:', *(m for m in {HEAVY} if m in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stderr.splitlines()[-1] == "heavy:"


def test_the_installed_command_and_the_module_are_the_same(drmg_check: Run):
    script = Path(sys.executable).with_name("drmg-check")
    assert script.exists(), "install drmg-check into the environment of the tests"
    version = subprocess.run([script, "--version"], capture_output=True, encoding="utf-8", check=True).stdout
    assert version == drmg_check("--version").stdout


@pytest.mark.parametrize(
    ("words", "reader", "seen"),
    [
        ("claims list --ledger drmg_planted:slow_ones", "true", ""),
        ("validate drmg_targets:half_radius --set tv --checks 'tv/smoke/*' --json", "head -c 8", '{"type":'),
        ("validate drmg_targets:half_radius --set tv --checks 'tv/smoke/*'", "head -c 10", "drmg-check"),
    ],
)
def test_a_pipe_whose_reader_leaves_is_quiet(
    tmp_path: Path, planted: ModuleType, words: str, reader: str, seen: str
):
    command = f"{shlex.quote(sys.executable)} -m drmg_check {words} | {reader}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, seen, "")


def test_replay_derives_what_the_audit_recorded(drmg_check: Run, tmp_path: Path):
    words = ("--ledger", "drmg_planted:everything")
    drmg_check("audit", *words, "--claims", "F1,L1,W1", "--game", "zoo:frozen-lake", "--jobs", 1)
    expected = {"F1": 0, "F1@zoo:frozen-lake": 0, "L1": 0, "W1": 1}  # the ledger does not know of W1
    for case, code in expected.items():
        done = drmg_check("replay", case, *words)
        assert (done.returncode, done.stderr) == (code, ""), case
        assert "this instance violates the claim" in done.stdout
        assert "The record has the same slack." in done.stdout

    path = tmp_path / "drmg-audit/audit.ndjson"
    events = [
        msgspec.structs.replace(
            event, counterexample=msgspec.structs.replace(event.counterexample, slack_low="-2")
        )
        if isinstance(event, Result) and event.counterexample
        else event
        for event in read_events(path)
    ]
    (tmp_path / "changed.ndjson").write_bytes(b"".join(map(encode_event, events)))
    done = drmg_check("replay", "F1", *words, "--run", "changed.ndjson")
    assert done.returncode == 1
    assert "The record has another slack: [-2, -1]." in done.stdout


@pytest.mark.parametrize(
    ("claim", "x", "code", "said"),
    [
        ("F1", "8", 0, "slack = -1 < 0: this instance violates the claim."),
        ("F1", "7", 1, "slack = 0 >= 0: the claim holds on this instance."),
        ("T1", "1/3", 0, "slack = 1/3 >= 0: the claim holds on this instance."),
        ("T1", "-1/3", 1, "slack = -1/3 < 0: this instance violates the claim."),
        ("U1", "0", 1, "slack in [-1, 1] contains 0: undecided."),
    ],
)
def test_replaying_an_instance_exits_0_iff_it_shows_what_the_ledger_expects(
    drmg_check: Run, claim: str, x: str, code: int, said: str
):
    done = drmg_check(
        "replay", claim, "--ledger", "drmg_planted:everything", "--instance", json.dumps({"x": x})
    )
    assert (done.returncode, done.stderr) == (code, "")
    assert said in done.stdout


def test_report_renders_a_run_again_byte_by_byte(drmg_check: Run, tmp_path: Path):
    drmg_check("audit", "--ledger", "drmg_planted:healthy", "--game", "zoo:random", "--jobs", 1)
    done = drmg_check(
        "report",
        "drmg-audit/audit.ndjson",
        *("--html", "a.html"),
        *("--markdown", "a.md"),
        *("--junit", "a.xml"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "drmg-audit/audit.html").read_bytes()
    assert {(tmp_path / name).stat().st_size > 100 for name in ("a.md", "a.xml")} == {True}


def test_a_converted_game_is_the_same_game(drmg_check: Run, tmp_path: Path):
    assert drmg_check("convert", "zoo:corrupted-bandit", "game.json").returncode == 0
    assert drmg_check("show", "game.json").stdout == drmg_check("show", "zoo:corrupted-bandit").stdout
    assert drmg_check("convert", "game.json", "again.json").returncode == 0
    assert (tmp_path / "game.json").read_bytes() == (tmp_path / "again.json").read_bytes()


def test_bounds_are_printed_drawn_and_given_to_programs(drmg_check: Run, tmp_path: Path):
    done = drmg_check("bound", "-H", 3, "--svg", "bounds.svg")
    assert (done.returncode, done.stderr) == (0, "")
    assert "vacuous for K below" in done.stdout
    assert (tmp_path / "bounds.svg").read_text(encoding="utf-8").startswith("<?xml")
    data = json.loads(drmg_check("bound", "-H", 3, "--json").stdout)
    assert data["regret"]["theorem-2"]["bound"]["about"] in done.stdout
    refused = drmg_check("bound", "--radius", "-1")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "Error: radius=-1; expected >= 0\n"


def test_verify_certificate_proves_and_refuses(drmg_check: Run, tmp_path: Path):
    from drmg_check.sets import KullbackLeibler, Row
    from drmg_oracles import certificate_to_json, enclose

    data = certificate_to_json(enclose(Row.of(KullbackLeibler(), ["1/2", "1/2"], ["0", "1"], "1/10")))
    (tmp_path / "kl.json").write_text(json.dumps(data))
    done = drmg_check("verify-certificate", "kl.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("proved   kl.json: 0.2802053738385902")
    forged = data | {"lo": "0.9", "hi": "1"}
    (tmp_path / "some.jsonl").write_text(f"{json.dumps(data)}\n{json.dumps(forged)}\n{{}}\n")
    done = drmg_check("verify-certificate", "some.jsonl")
    assert done.returncode == 1
    assert [line[:27] for line in done.stdout.splitlines()] == [
        "proved   some.jsonl, line 1",
        "REFUSED  some.jsonl, line 2",
        "REFUSED  some.jsonl, line 3",
        "1 proved, 2 refused",
    ]


def test_vectors_are_proved_and_a_forged_one_is_refused(drmg_check: Run, tmp_path: Path):
    from drmg_check.sets import Row, TotalVariation
    from drmg_oracles import certificate_to_json, enclose

    row = Row.of(TotalVariation(), ["1/2", "1/2"], ["0", "1"], "1/4")
    vector = certificate_to_json(enclose(row)) | {
        "id": "tv/one/01",
        "flags": [],
        "comment": "",
        "between": ["0.25", "0.25"],
        "nearest": "0x1p-2",
    }
    index = {"format": "drmg-vectors", "version": 1, "files": {"tv.jsonl": 1}}
    (tmp_path / "index.json").write_text(json.dumps(index))
    (tmp_path / "tv.jsonl").write_text(json.dumps(vector) + "\n")
    done = drmg_check("vectors", "check", ".")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "1 case proved"
    (tmp_path / "tv.jsonl").write_text(json.dumps(vector | {"nearest": "0x1p-1"}) + "\n")
    done = drmg_check("vectors", "check", ".")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("REFUSED  tv/one/01: nearest=0x1p-1")


def test_doctor_finds_everything_in_the_environment_of_the_tests(drmg_check: Run):
    done = drmg_check("doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert "missing" not in done.stdout


def test_a_locale_without_marks_shows_question_marks(drmg_check: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = drmg_check("audit", "--ledger", "drmg_planted:healthy", "--game", "zoo:random")
    assert (done.returncode, done.stderr) == (0, "")
