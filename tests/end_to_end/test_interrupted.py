"""Work that is cut short says what there is of it and leaves no halves; lines to paste reproduce."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from drmg_check.files import write_whole

LARGE = "zoo:random-dirichlet?states=120&actions=5&horizon=20"  # a minute, and more
MIDDLING = "zoo:random-dirichlet?states=60&actions=5&horizon=20"  # some 20 seconds
TARGET = """
import numpy as np

def worst_case(p, V, rho):
    return max(eta - p @ np.maximum(eta - V, 0) - rho / 2 * (eta - V.min()) for eta in V)

def half(V, P, r, rho):
    return r
"""


def begun(folder: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "drmg_check", *words]
    pipe = subprocess.PIPE
    # A shell that starts work in the background lets it ignore Ctrl-C; Python then does so, too.
    return subprocess.Popen(
        command,
        cwd=folder,
        stdout=pipe,
        stderr=pipe,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


@pytest.mark.parametrize(("asked", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_certificate_says_what_was_written(tmp_path: Path, asked: signal.Signals, code: int):
    words = ("certify", LARGE, "--policy", "uniform", "--policy-out", "p.json", "--kernel-out", "k.json")
    process = begun(tmp_path, *words)
    until(lambda: (tmp_path / "p.json").exists())
    time.sleep(1.0)
    process.send_signal(asked)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Interrupted; written: p.json: the policy." in err
    assert "Traceback" not in err
    left = [file.name for file in tmp_path.iterdir() if file.name != "p.json"]
    assert left == [] or (len(left) == 1 and f"The same command goes on after the steps in {left[0]}." in err)


def test_a_killed_certificate_goes_on_where_it_was(tmp_path: Path):
    words = ("certify", MIDDLING, "--policy", "uniform", "--json", "c.json")
    process = begun(tmp_path, *words)
    until(lambda: any(file.read_bytes().count(b"\n") > 10 for file in tmp_path.glob("*.partial")))
    process.kill()
    process.communicate()
    assert [file.suffix for file in tmp_path.iterdir()] == [".partial"]
    process = begun(tmp_path, *words)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    done = re.search(r"drmg-certify-[0-9a-f]{12}\.partial: (\d+) of (\d+) steps are done", err)
    assert done is not None
    assert 10 <= int(done[1]) < int(done[2])
    assert [file.name for file in tmp_path.iterdir()] == ["c.json"]


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_a_killed_process_left_is_taken_away_by_the_next(tmp_path: Path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / f".k.json.{dead.pid}.tmp").write_text("half")
    alive = tmp_path / f".k.json.{os.getppid()}.tmp"
    alive.write_text("being written")
    other = tmp_path / f".other.json.{dead.pid}.tmp"
    other.write_text("of another file")
    write_whole(tmp_path / "k.json", "whole")
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(["k.json", alive.name, other.name])


def test_a_reader_who_leaves_an_ndjson_stream_is_no_error(tmp_path: Path):
    (tmp_path / "mine.py").write_text(TARGET)
    command = shlex.join(
        [sys.executable, "-m", "drmg_check", "validate", "mine.py:worst_case", "--set", "tv"]
    )
    line = f"{command} --checks 'tv/oracle/*' --json | head -c 300; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("options", ['sets="tv"', '"tv", accuracy="1e-6", quantity="reward"'])
def test_a_line_from_python_reproduces_what_it_showed(tmp_path: Path, options: str):
    (tmp_path / "mine.py").write_text(TARGET)
    program = (
        "import drmg_check as dc\nfrom mine import worst_case\n"
        f"print(dc.check_implementation(worst_case, {options}, checks=['tv/oracle/small'], on_fail=None)"
        "[0].replay)"
    )
    line = run(tmp_path, [sys.executable, "-c", program])
    assert line.startswith("drmg-check validate mine.py:worst_case --set tv ")
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(line.replace("drmg-check", "drmg_check", 1))],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "FAILED tv/oracle/small" in done.stdout


def run(folder: Path, command: list[str]) -> str:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
