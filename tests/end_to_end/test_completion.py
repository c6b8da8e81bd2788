"""The tab key completes commands, options, claims, games, sets and cases."""

import os
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
Command = Callable[..., tuple[object, str, str]]
LEDGER = "--ledger drmg_planted:everything"


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
def test_bash_completes(drmg_check: Run, tmp_path: Path, planted: ModuleType):
    """In a terminal, with its readline: Bash cuts words at colons, which no simulation would show."""
    import fcntl
    import pty
    import termios

    (tmp_path / "completion").write_text(drmg_check("completion", "bash").stdout, encoding="utf-8")
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 400, 0, 0))  # no line wraps
    folder = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "TERM": "dumb"}
    bash = subprocess.Popen(
        ["bash", "--norc", "--noprofile", "-i"],
        cwd=tmp_path,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    typed = {
        "sho": ["show"],
        "audit --res": ["audit", "--resume"],
        "audit --profile d": ["audit", "--profile", "deep"],
        "show zoo:fro": ["show", "zoo:frozen-lake"],
        "convert zoo:init": ["convert", "zoo:initial-shock"],
        "validate x:y --set reverse": ["validate", "x:y", "--set", "reverse-kl"],
        f"claims show {LEDGER} N": ["claims", "show", *LEDGER.split(), "N1"],
        f"replay {LEDGER} N": ["replay", *LEDGER.split(), "N1"],
        f"audit {LEDGER} --claims T1,N": ["audit", *LEDGER.split(), "--claims", "T1,N1"],
        "report compl": ["report", "completion"],
    }
    to_start, to_end = "\x01", "\x05"
    try:
        os.write(ours, b"source ./completion; bind 'set bell-style none'\r")
        for begun in typed:
            # What was completed becomes the arguments of printf; the program itself does not run.
            keys = f"drmg-check {begun}\t{to_start}printf '[%s]\\n' {to_end}end\r"
            os.write(ours, keys.encode())
        os.write(ours, b"exit\r")
        words = re.findall(r"^\[(.*)\]\r?$", _read_all(ours), re.MULTILINE)
    finally:
        bash.kill()
        bash.wait()
        os.close(ours)
    lines = " ".join(words).split(" end")
    assert [line.split()[1:] for line in lines if line] == list(typed.values())


def _read_all(terminal: int) -> str:
    read = b""
    while True:
        try:
            read += (some := os.read(terminal, 4096))
        except OSError:  # Linux: the other side is closed
            break
        if not some:
            break
    return read.decode(errors="replace")


def offered(
    command: Command, monkeypatch: pytest.MonkeyPatch, shell: str, line: str, word: str = ""
) -> list[str]:
    """Return what a shell is told at the end of a line."""
    words = line.split()
    monkeypatch.setenv("_DRMG_CHECK_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", f"drmg-check {line} {word}")
    monkeypatch.setenv("COMP_CWORD", word if shell == "fish" else str(len(words) + 1))
    code, out, err = command()
    assert (code, err) == (0, "")
    return out.splitlines()


def test_zsh_and_fish_are_told_names_and_what_they_mean(command: Command, monkeypatch: pytest.MonkeyPatch):
    zsh = offered(command, monkeypatch, "zsh", "show", "zoo:fro")
    assert zsh[:2] == ["plain", "zoo\\:frozen-lake"]
    assert "FrozenLake" in zsh[2]
    (fish,) = offered(command, monkeypatch, "fish", f"audit {LEDGER} --claims", "N")
    assert fish == "plain,N1\tA claim that prints"


def test_replay_offers_the_counterexamples_of_the_run(command: Command, monkeypatch: pytest.MonkeyPatch):
    words = ("--claims", "T1,F1,L1", "--game", "zoo:frozen-lake", "--jobs", 1, "-q")
    assert command("audit", *LEDGER.split(), *words)[0] == 0
    assert offered(command, monkeypatch, "bash", f"replay {LEDGER}") == [
        "plain,F1",
        "plain,L1",
        "plain,F1@zoo:frozen-lake",
    ]
    begun = "replay F1 @ zoo :"  # as Bash takes it apart
    assert offered(command, monkeypatch, "bash", begun, "fro") == ["plain,frozen-lake"]


def test_checks_are_offered_by_what_is_declared(command: Command, monkeypatch: pytest.MonkeyPatch):
    bash = partial(offered, command, monkeypatch, "bash")
    tv = bash("validate x:y --set tv --checks", "tv/orac")
    assert "plain,tv/oracle/small" in tv
    assert all(line.startswith("plain,tv/oracle/") for line in tv)
    assert bash("validate x:y --set kl --checks", "tv/") == [""]
    assert "plain,kl/smoke/one-state" in bash("validate x:y --checks", "kl/")
    assert "plain,tv/smoke/one-state,kl/smoke/one-state" in bash(
        "validate x:y --checks", "tv/smoke/one-state,kl/smoke/one"
    )
    gaps = bash("validate x:y --level gap --set tv --checks")
    assert gaps
    assert gaps != bash("validate x:y --set tv --checks")


def test_replay_offers_the_failures_of_a_validation(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (tmp_path / "mean.py").write_text("def worst(p, V, rho):\n    return float(p @ V)\n")
    words = ("mean.py:worst", "--set", "tv", "--checks", "tv/smoke/*", "-q")
    monkeypatch.chdir(tmp_path)
    assert command("validate", *words)[0] == 1
    assert offered(command, monkeypatch, "bash", "replay", "tv/") == ["plain,tv/smoke/two-states"]


@pytest.mark.parametrize(
    "line",
    [
        "validate x:y --level nothing --checks",
        "audit --ledger nothing:here --claims",
        "audit --game zoo:nothing",
        "replay --run nothing",
    ],
)
def test_the_tab_key_never_fails(command: Command, monkeypatch: pytest.MonkeyPatch, line: str):
    offered(command, monkeypatch, "bash", line)


def test_an_unknown_shell_is_named(command: Command):
    code, _, err = command("completion", "tcsh")
    assert code == 2
    assert "'tcsh' is not one of 'bash', 'zsh', 'fish'" in err
