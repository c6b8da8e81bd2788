"""Closed and full streams: the work is done, files are written, and the exit code says how it went."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest


def run(folder: Path, words: str, *, closed: str = "", limit: int | None = None) -> int:
    """Run a command line from a shell that closes streams, as in ``>&-``; return the exit code.

    ``limit`` is the largest file in bytes: standard error goes to one, and a full disk is stood for.
    """
    line = f'exec "$0" -m drmg_check {words} {closed}'

    def limited() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    with (folder / "err").open("wb") as err:
        return subprocess.run(
            ["/bin/sh", "-c", line, sys.executable],
            cwd=folder,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.DEVNULL,
            stderr=err,
            preexec_fn=limited,
            timeout=120,
            check=False,
        ).returncode


@pytest.mark.parametrize("closed", [">&-", "<&- >&- 2>&-"], ids=["output", "everything"])
@pytest.mark.parametrize(
    ("words", "code"), [("doctor", 0), ("convert zoo:random game.json", 0), ("show nope", 2)]
)
def test_closed_streams_change_no_exit_code(tmp_path: Path, words: str, code: int, closed: str):
    assert run(tmp_path, words, closed=closed) == code
    said = (tmp_path / "err").read_text()
    assert said == ("Error: nope: no such file\n" if code and closed == ">&-" else "")
    assert (tmp_path / "game.json").exists() == ("game.json" in words)


@pytest.mark.parametrize("words", ["show nope", "bogus"])
def test_a_full_standard_error_changes_no_exit_code(tmp_path: Path, words: str):
    assert run(tmp_path, words, limit=0) == 2
    assert (tmp_path / "err").read_bytes() == b""
