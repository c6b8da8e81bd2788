"""What a folder of results holds already is never overwritten unless it is a complete run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., tuple[object, str, str]]
AUDIT = ("audit", "--ledger", "drmg_planted:healthy", "--game", "zoo:good-bad-chain", "--jobs", 1)
VALIDATE = ("validate", "drmg_targets:textbook", "--set", "tv", "--profile", "quick")
VALIDATE = (*VALIDATE, "--checks", "tv/smoke/*")
HEADER = b'{"type":"header","schema":1,"tool_version":"0","profile":"ci","seed":0,"cases":["A"],'
HEADER += b'"started":"","versions":{}}\n'


@pytest.mark.parametrize(
    "kept",
    [HEADER + b"garbage\n", HEADER.replace(b'"schema":1', b'"schema":9'), b"hello", b"hello\n", b"\n"],
    ids=["a line of garbage", "another schema", "a word", "a line", "an empty line"],
)
@pytest.mark.parametrize("words", [AUDIT, VALIDATE], ids=["audit", "validate"])
@pytest.mark.parametrize("resume", [(), ("--resume",)], ids=["anew", "resumed"])
def test_a_file_that_is_no_readable_run_is_kept(
    command: Command, tmp_path: Path, words: tuple[object, ...], kept: bytes, resume: tuple[str, ...]
):
    path = tmp_path / f"{words[0]}.ndjson"
    path.write_bytes(kept)
    code, out, err = command(*words, "--out", tmp_path, *resume)
    assert (code, out) == (2, "")
    assert str(path) in err
    assert "move or delete it to start over, or choose another --out" in err
    assert path.read_bytes() == kept


@pytest.mark.parametrize("words", [AUDIT, VALIDATE], ids=["audit", "validate"])
def test_a_complete_run_and_the_beginning_of_a_header_are_replaced(
    command: Command, tmp_path: Path, words: tuple[object, ...]
):
    path = tmp_path / f"{words[0]}.ndjson"
    path.write_bytes(HEADER[:30])
    for _ in range(2):
        assert command(*words, "--out", tmp_path, "-q")[0] == 0
        assert path.read_bytes().startswith(HEADER[:30])


@pytest.mark.parametrize("words", [AUDIT, VALIDATE], ids=["audit", "validate"])
@pytest.mark.parametrize("there", [True, False], ids=["a pipe", "a link to one"])
def test_a_pipe_in_the_place_of_a_run_is_refused(
    command: Command, tmp_path: Path, words: tuple[object, ...], there: bool
):
    pipe, path = tmp_path / "pipe", tmp_path / f"{words[0]}.ndjson"
    os.mkfifo(path if there else pipe)
    if not there:
        path.symlink_to(pipe)
    code, out, err = command(*words, "--out", tmp_path)
    assert (code, out) == (2, "")
    assert f"{path} is no regular file" in err
    assert path.is_fifo()


def test_the_link_to_a_run_stays_a_link(command: Command, tmp_path: Path):
    (tmp_path / "runs").mkdir()
    path, target = tmp_path / "audit.ndjson", tmp_path / "runs/today.ndjson"
    path.symlink_to(target)
    assert command(*AUDIT, "--out", tmp_path, "-q")[0] == 0
    assert path.is_symlink()
    assert target.read_bytes().startswith(HEADER[:30])
