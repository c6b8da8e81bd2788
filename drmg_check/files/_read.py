"""Bounded reads: a pipe, a device or an endless file is refused before it is waited for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from drmg_check.vocabulary import InputError, check_type

FilePath: TypeAlias = str | os.PathLike[str]
MAX_FILE_BYTES = 2**27
"""A file larger than 128 MiB is refused unread."""


def read_file(path: FilePath, most: int | None = None) -> bytes:
    """Do the same as :func:`read_bytes`; the message of an error starts with the path.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a.txt"
    ...     _ = path.write_text("abc")
    ...     read_file(path)
    b'abc'
    """
    try:
        return read_bytes(path, most)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def read_bytes(path: FilePath, most: int | None = None) -> bytes:
    """Return the content of a regular file of at most 128 MiB, or of ``most`` bytes.

    Raises
    ------
    InputError
        No such file, no regular file, too many bytes, or an error of the system. The message is to
        follow the path.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a.txt"
    ...     _ = path.write_text("abc")
    ...     read_bytes(path)
    b'abc'
    """
    file = regular_file(path)
    with _readable(), file.open("rb") as stream:
        data = stream.read((most or MAX_FILE_BYTES) + 1)
    if len(data) > (most or MAX_FILE_BYTES):
        raise InputError(f"has more than {most or MAX_FILE_BYTES} bytes; expected at most that many")
    return data


def regular_file(path: FilePath) -> Path:
    """Return the path of a regular file that is there; errors as for :func:`read_bytes`.

    >>> regular_file("")
    Traceback (most recent call last):
        ...
    drmg_check.vocabulary._errors.InputError: is an empty path; expected that of a file
    """
    check_type(path, (str, os.PathLike), "path", "the path of a file")
    with _readable():
        file = Path(path)
        if not os.fspath(path):
            raise InputError("is an empty path; expected that of a file")
        if file.is_dir():
            raise InputError("is a directory; expected a file")
        if not file.exists():
            raise InputError("no such file")
        if not file.is_file():  # a pipe or a device may never end
            raise InputError("is no regular file, but a pipe or a device; expected a file")
    return file


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except InputError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        why = getattr(error, "strerror", None) or error  # without the path, which may be very long
        raise InputError(f"cannot be read: {why}; expected the path of a file") from error
