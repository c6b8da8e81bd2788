"""Every writer replaces files as a whole, follows links, and leaves pipes, devices and folders alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from drmg_check.files import write_whole
from drmg_check.vocabulary import InputError

Command = Callable[..., tuple[object, str, str]]
WRITERS = [
    ("convert", "zoo:random"),
    ("bound", "--svg"),
    *(
        ("certify", "zoo:initial-shock", "--policy", "uniform", option)
        for option in ("--policy-out", "--kernel-out", "--html")
    ),
]


def special(path: Path, kind: str) -> str:
    """Make something that is no file, and return what is said of it."""
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link to a pipe":
        os.mkfifo(path.with_name("pipe"))
        path.symlink_to(path.with_name("pipe"))
    elif kind == "circle":
        path.symlink_to(path.name)
    return "no regular file" if "pipe" in kind else "levels of symbolic links|Symlink loop"


@pytest.mark.parametrize("kind", ["pipe", "link to a pipe", "circle"])
def test_what_is_no_file_is_refused_and_stays(tmp_path: Path, kind: str):
    path = tmp_path / "x.json"
    said = special(path, kind)
    before = path.lstat()
    with pytest.raises(InputError, match=rf"x\.json: cannot be written: .*({said}).*; choose the path"):
        write_whole(path, "new")
    assert os.path.samestat(path.lstat(), before)


@pytest.mark.parametrize("words", WRITERS, ids=lambda words: f"{words[0]} {words[-1]}")
def test_commands_refuse_a_pipe_and_follow_a_link(command: Command, tmp_path: Path, words: tuple[str, ...]):
    pipe, link, target = tmp_path / "pipe", tmp_path / "link", tmp_path / "target"
    os.mkfifo(pipe)
    code, _, err = command(*words, pipe)
    assert code == 2
    assert f"{pipe}: cannot be written: is no regular file" in err
    assert pipe.is_fifo()
    target.write_text("old")
    target.chmod(0o600)
    link.symlink_to(target)
    assert command(*words, link)[0] == 0
    assert link.is_symlink()
    assert target.read_text() not in ("", "old")
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_link_to_what_is_not_there_yet_is_followed(tmp_path: Path):
    (tmp_path / "link").symlink_to("new")
    write_whole(tmp_path / "link", "text")
    assert (tmp_path / "new").read_text() == "text"
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize(
    ("path", "message"),
    [("", "is empty"), ("a\0b", "null"), (".", "is a directory"), ("no/x", "No such file")],
)
def test_other_paths_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, message: str):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=message):
        write_whole(path, "text")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file(tmp_path: Path):
    (tmp_path / "x").write_text("old")
    with pytest.raises(InputError, match="not Unicode"):
        write_whole(tmp_path / "x", "\ud800")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("x", "old")]


def test_a_page_that_cannot_be_written_is_refused_before_anything_is_computed(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    for late in ("drmg_oracles.policies.certify", "drmg_check.cli._experiment._run"):
        monkeypatch.setattr(late, None)
    for option in ("--policy-out", "--kernel-out", "--html"):
        assert command("certify", "zoo:initial-shock", option, tmp_path / "pipe")[0] == 2
    code, _, err = command("experiment", "scaling", "--out", tmp_path / "file/below")
    said = f"Error: {tmp_path}/file/below: Not a directory; mend that, or choose another path\n"
    assert (code, err) == (2, said)


@pytest.mark.parametrize(
    "words",
    [
        ("verify-certificate",),
        ("claims", "verify"),
        ("report",),
        ("show",),
        ("certify", "zoo:initial-shock"),
        ("validate", "drmg_targets:textbook", "--set", "tv", "--xfails"),
    ],
    ids=" ".join,
)
def test_readers_refuse_a_pipe_at_once(command: Command, tmp_path: Path, words: tuple[str, ...]):
    os.mkfifo(tmp_path / "pipe")
    code, out, err = command(*words, tmp_path / "pipe")
    assert code in ((1, 2) if words[0] == "claims" else (2,))
    assert f"{tmp_path}/pipe: is no regular file" in f"{out}{err}"
