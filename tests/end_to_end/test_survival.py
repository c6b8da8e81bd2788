"""Runs that are killed, interrupted, crowded or out of space lose nothing and say what to do."""

from __future__ import annotations

import csv
import os
import random
import re
import resource
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import ModuleType

import msgspec
import numpy as np
import pytest

from drmg_check.runs import Check, Event, Header, Result, is_complete, read_events
from drmg_reports import render_html

Run = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., subprocess.Popen[str]]
GAME = ("--game", "zoo:good-bad-chain")
AUDIT = ("audit", "--ledger", "drmg_planted:slow_ones", *GAME)
VALIDATE = ("validate", "drmg_targets:textbook", "--set", "tv", "--profile", "quick")
VALIDATE = (*VALIDATE, "--checks", "tv/smoke/*,tv/law/[bms]*,tv/oracle/[sz]*")


def _in_the_child(limit: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # what runs in the background inherits that it is ignored
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


@pytest.fixture
def start(tmp_path: Path, planted: ModuleType) -> Iterator[Start]:
    """Start the command line in an empty folder; what a test leaves running is killed."""
    running = []

    def start(*words: object, code: str = "", limit: int = 0) -> subprocess.Popen[str]:
        """Run ``code`` in the place of the program; ``limit`` is the largest file it can write, in bytes."""
        how = ["-c", code] if code else ["-m", "drmg_check"]
        process = subprocess.Popen(
            [sys.executable, *how, *map(str, words)],
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "80"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            preexec_fn=partial(_in_the_child, limit),
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def chance() -> random.Random:
    """Draw from a seed that is printed when a test fails; KILL_SEED repeats it."""
    seed = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(10**6))
    print(f"KILL_SEED={seed}")
    return random.Random(seed)  # noqa: S311 - a choice of moments


def timeless(path: Path) -> tuple[Event, ...]:
    """Return the records of a run without times and speeds."""
    return tuple(
        msgspec.structs.replace(event, started="")
        if isinstance(event, Header)
        else msgspec.structs.replace(
            event, seconds=0.0, **({"speed": None} if isinstance(event, Check) else {})
        )
        for event in read_events(path)
    )


def wait_until(there: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Wait until something is there, or the process ended."""
    deadline = time.monotonic() + 300  # the first compilation of a kernel takes long
    while not there() and process.poll() is None:
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.005)


def lines_in(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def more_lines(path: Path, than: int) -> bool:
    return lines_in(path) > than


@pytest.mark.slow
@pytest.mark.parametrize(("words", "seconds"), [(AUDIT, 0.3), (VALIDATE, 0.6)], ids=["audit", "validate"])
def test_a_run_killed_at_random_moments_ends_as_if_it_had_not_been(
    drmg_check: Run,
    start: Start,
    tmp_path: Path,
    chance: random.Random,
    words: tuple[str, ...],
    seconds: float,
):
    """Kill -9, and sometimes a last line that is torn; no result is lost, none is there twice."""
    whole, pieces = (tmp_path / folder / f"{words[0]}.ndjson" for folder in ("whole", "pieces"))
    uninterrupted = start(*words, "--out", "whole")
    for _ in range(3):
        kept = pieces.read_bytes() if pieces.exists() else b""
        process = start(*words, "--out", "pieces", "--resume")
        wait_until(partial(more_lines, pieces, kept.count(b"\n")), process)
        time.sleep(chance.uniform(0, seconds))
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL, "the run ended before it was killed"
        assert pieces.read_bytes().startswith(kept[: kept.rfind(b"\n") + 1])
        cases = [event.case for event in read_events(pieces) if isinstance(event, Result | Check)]
        assert len(cases) == len(set(cases))
        if chance.random() < 0.5:
            with pieces.open("ab") as stream:
                stream.write(b'{"type":"result","case":"S')
    forgotten = drmg_check(*words, "--out", "pieces")
    assert forgotten.returncode == 2
    assert "is an unfinished run with" in forgotten.stderr
    assert drmg_check(*words, "--out", "pieces", "--resume").returncode == 0
    uninterrupted.communicate(timeout=60)
    assert timeless(pieces) == timeless(whole)
    assert render_html(timeless(pieces)) == render_html(timeless(whole))


@pytest.mark.parametrize("words", [AUDIT, VALIDATE], ids=["audit", "validate"])
def test_an_interrupt_says_how_to_go_on_and_that_line_goes_on(
    drmg_check: Run, start: Start, tmp_path: Path, words: tuple[str, ...]
):
    path = tmp_path / f"my results/{words[0]}.ndjson"
    process = start(*words, "--out", "my results")
    wait_until(partial(more_lines, path, 2), process)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    said = re.search(rf"Interrupted; (\d+) results are in my results/{words[0]}\.ndjson", stderr)
    assert said is not None
    before = path.read_bytes()
    assert int(said[1]) == before.count(b"\n") - 1
    line = shlex.split(stderr.strip().splitlines()[-1])
    assert drmg_check(*line[1:]).returncode == 0
    assert set(before.splitlines()) < set(path.read_bytes().splitlines())
    assert is_complete(read_events(path))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds child processes in /proc")
def test_workers_of_a_killed_run_end_by_themselves(start: Start, tmp_path: Path):
    """Even one that hangs in a claim."""
    process = start("audit", *GAME, "--ledger", "drmg_planted:misbehaving", "--claims", "T1,C3")
    wait_until(partial(more_lines, tmp_path / "drmg-audit/audit.ndjson", 1), process)
    workers = set()
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has ended since it was listed
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


def test_two_runs_do_not_share_a_folder(drmg_check: Run, start: Start, tmp_path: Path):
    """The lock of a killed run holds nothing, though its file is still there."""
    words = ("audit", "--ledger", "drmg_planted:misbehaving", "--claims", "T1,C3", *GAME)
    first = start(*words)
    wait_until((tmp_path / "drmg-audit/.drmg-lock").exists, first)
    wait_until((tmp_path / "drmg-audit/audit.ndjson").exists, first)
    second = drmg_check(*words, "--resume")
    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr == (
        f"Error: drmg-audit is in use by another run, process {first.pid}; wait until it ends, or choose "
        "another --out\n"
    )
    first.kill()
    first.communicate()
    assert (tmp_path / "drmg-audit/.drmg-lock").exists()
    third = drmg_check("audit", "--ledger", "drmg_planted:healthy", "--jobs", 1, *GAME, "--out", "drmg-audit")
    assert third.returncode in (0, 2)
    assert "in use" not in third.stderr
    assert not (tmp_path / "drmg-audit/.drmg-lock").exists()


def test_an_audit_without_space_names_the_file_and_goes_on_when_there_is_some(
    drmg_check: Run, start: Start, tmp_path: Path
):
    """A limit on the size of files stands for a disk that is full after some results."""
    words = ("audit", "--ledger", "drmg_planted:healthy", "--jobs", 1, *GAME)
    process = start(*words, "--out", "full", limit=2500)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 2
    assert stderr.startswith("Error: full/audit.ndjson: ")
    assert len(stderr.splitlines()) == 1
    assert 0 < lines_in(tmp_path / "full/audit.ndjson") < 9
    assert drmg_check(*words, "--out", "full", "--resume").returncode == 0
    assert drmg_check(*words, "--out", "whole").returncode == 0
    # The file of the run is named in replay lines of long counterexamples only, and there is none here.
    assert timeless(tmp_path / "full/audit.ndjson") == timeless(tmp_path / "whole/audit.ndjson")


@pytest.mark.slow
def test_learning_killed_at_random_moments_ends_as_if_it_had_not_been(
    drmg_check: Run, start: Start, tmp_path: Path, chance: random.Random
):
    """With checkpoints that come fifty times as often as usual, so that a kill hits many of them."""
    words = ("learn", "zoo:random-dirichlet", "--episodes", 10_000, "--seeds", 2, "--jobs", 2)
    hasty = "from drmg_check import cli, learners; learners._learn._SAVE_EVERY = 0.1; cli.main()"
    pieces = tmp_path / "pieces"
    uninterrupted = start(*words, "--out", "whole")
    killed = 0
    for _ in range(2):
        process = start(*words, "--out", "pieces", "--resume", code=hasty)
        wait_until(partial(newer_than, pieces.glob, time.time_ns()), process)
        time.sleep(chance.uniform(0, 0.3))
        process.kill()
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
    assert killed, "the run ended before it was killed"
    assert drmg_check(*words, "--out", "pieces", "--resume").returncode == 0
    uninterrupted.communicate(timeout=60)
    for name in ("curves.csv", "curves.svg", "learn.json", "learn.html", "policy-0.json", "policy-1.json"):
        assert (pieces / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name


def newer_than(glob: Callable[[str], Iterable[Path]], moment: int) -> bool:
    return any(path.stat().st_mtime_ns > moment for path in glob("seed-*.npz"))


def test_an_interrupted_learner_says_how_to_go_on_and_that_line_goes_on(
    drmg_check: Run, start: Start, tmp_path: Path
):
    words = ("learn", "zoo:random-dirichlet", "--episodes", 200_000, "--seeds", 2, "--jobs", 2)
    process = start(*words, "--replan-every", 20, "--out", "my run")
    wait_until((tmp_path / "my run/run.json").exists, process)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    assert "Interrupted; checkpoints are in my run. Go on with:" in stderr
    with np.load(tmp_path / "my run/seed-0.npz") as archive:
        assert 0 < archive["k"] < 200_000
    line = shlex.split(stderr.strip().splitlines()[-1])
    assert line[0] == "drmg-check"
    assert drmg_check(*line[1:]).returncode == 0
    with (tmp_path / "my run/curves.csv").open() as stream:
        assert {int(row["episodes"]) for row in csv.DictReader(stream)} >= {1, 200_000}


def test_a_learner_without_space_names_its_file(start: Start):
    process = start("learn", "zoo:shaky-bridge", "--episodes", 50, "--seeds", 1, limit=500)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 2
    assert stderr == (
        "Error: drmg-learn/seed-0.npz: cannot be written: File too large; mend that, or write elsewhere\n"
    )


READ_ONLY = Path("/sys/kernel")  # even for root


@pytest.mark.skipif(not READ_ONLY.is_dir(), reason="needs /sys, a folder that nobody can write into")
@pytest.mark.parametrize(
    "words",
    [
        ("audit", "--ledger", "drmg_planted:healthy", "--out"),
        ("learn", "zoo:shaky-bridge", "--episodes", "10", "--out"),
        ("experiment", "initial-shock", "--episodes", "10", "--seeds", "1", "--out"),
        ("validate", "drmg_targets:textbook", "--set", "tv", "--out"),
        ("certify", "zoo:initial-shock", "--policy", "uniform", "--policy-out"),
    ],
    ids=lambda words: words[0],
)
@pytest.mark.parametrize("there", [True, False], ids=["there", "not there"])
def test_a_folder_that_cannot_be_written_is_named(
    command: Callable[..., tuple[object, str, str]], words: tuple[str, ...], there: bool
):
    folder = READ_ONLY if there else READ_ONLY / "drmg"
    code, _, err = command(*words, folder / "p.json" if "--policy-out" in words else folder)
    assert code == 2
    last = err.splitlines()[-1]
    assert last.startswith(("Error: /sys/kernel", "Error: Invalid value"))
    assert "Traceback" not in err
