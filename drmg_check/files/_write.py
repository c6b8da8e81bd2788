"""Whole writes: a file appears complete or not at all, links are followed, and only files are replaced."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from drmg_check.files._read import FilePath
from drmg_check.vocabulary import InputError, check_type


def write_whole(path: FilePath, content: str | bytes) -> None:
    """Replace or make a file; text is written in UTF-8 with its line ends as they are.

    Raises
    ------
    InputError
        As for :func:`whole_file`.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_whole(f"{folder}/a.txt", "abc")
    ...     Path(folder, "a.txt").read_text()
    'abc'
    """
    with whole_file(path) as stream:
        stream.write(content.encode() if isinstance(content, str) else content)


@contextmanager
def whole_file(path: FilePath) -> Iterator[BinaryIO]:
    """Yield a stream; what is written to it is the file once the block ends without an exception.

    The file that a symbolic link names is replaced, and not the link; its permissions stay.

    Raises
    ------
    InputError
        The path is no regular file, or cannot be written; what was there is still there.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a.txt"
    ...     with whole_file(path) as stream:
    ...         _ = stream.write(b"abc")
    ...         early = path.exists()
    ...     early, path.read_bytes()
    (False, b'abc')
    """
    target = regular_target(path)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    _forget_the_killed(target)
    try:
        try:
            with temporary.open("wb") as stream:
                yield stream
            if target.exists():
                temporary.chmod(stat.S_IMODE(target.stat().st_mode))
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise _refusal(path, error.strerror or str(error), "mend that, or write elsewhere") from error
    except UnicodeError as error:
        raise _refusal(path, f"the text is not Unicode: {error}") from error


def _forget_the_killed(target: Path) -> None:
    """Delete what processes left of this file that were killed while they wrote it."""
    if os.name != "posix":  # elsewhere signal 0 kills
        return
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.tmp"):
        process = left.name.split(".")[-2]
        with suppress(OSError):
            if process.isascii() and process.isdecimal():
                try:
                    os.kill(int(process), 0)
                except (ProcessLookupError, OverflowError):
                    left.unlink()


def regular_target(path: FilePath) -> Path:
    """Return the file that writing to ``path`` means, at the end of all links; it need not exist.

    Raises
    ------
    InputError
        A directory, a pipe, a device, an empty path, or links in a circle.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     regular_target(f"{folder}/../new.txt").name
    'new.txt'
    """
    check_type(path, (str, os.PathLike), "path", "the path of a file")
    if not os.fspath(path):
        raise InputError("the path to write to is empty; expected that of a new or a regular file")
    try:
        mode, target = _mode(Path(path)), Path(path).resolve()
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle, before Python 3.13
        raise _refusal(path, getattr(error, "strerror", None) or str(error)) from error
    except ValueError as error:  # a null byte
        raise _refusal(path, str(error)) from error
    if stat.S_ISDIR(mode):
        raise _refusal(path, "is a directory")
    if not stat.S_ISREG(mode):  # a file in its place would destroy it, and writing to it may never end
        raise _refusal(path, "is no regular file, but a pipe or a device")
    return target


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode
    except FileNotFoundError:  # new, or what a link leads to is
        return stat.S_IFREG


def _refusal(
    path: FilePath, why: str, hint: str = "choose the path of a new or a regular file"
) -> InputError:
    return InputError(f"{path}: cannot be written: {why}; {hint}")
