"""NumPy's files, read without pickles: an array is accepted by its header before it is made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeAlias

import numpy as np

from drmg_check.vocabulary import Array, InputError

Accept: TypeAlias = Callable[[str, tuple[int, ...], "np.dtype[Any]"], None]
"""Raises what is wrong with an array of this key, shape and dtype."""


def read_npz(data: bytes | Path, accept: Accept, what: str = "NumPy archive") -> dict[str, Array]:
    """Return the arrays of an archive, of its bytes or its file, by their keys.

    Raises
    ------
    InputError
        What ``accept`` raises, a key twice, or bytes that are no such archive.

    Examples
    --------
    >>> stream = io.BytesIO()
    >>> np.savez(stream, a=[1.0])
    >>> read_npz(stream.getvalue(), lambda key, shape, dtype: None)
    {'a': array([1.])}
    """
    arrays: dict[str, Array] = {}
    with _told(what), zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data) as archive:
        for member in archive.infolist():
            key = member.filename.removesuffix(".npy")
            if key in arrays:
                raise InputError(f"key {key[:60]!r} is repeated; expected each once")
            arrays[key] = _array(partial(archive.open, member), key, accept)
    return arrays


def read_npy(data: bytes, key: str, accept: Accept, what: str = "NumPy file") -> Array:
    """Return the array of a file; errors as for :func:`read_npz`.

    >>> stream = io.BytesIO()
    >>> np.save(stream, [1.0])
    >>> read_npy(stream.getvalue(), "weights", lambda key, shape, dtype: None)
    array([1.])
    """
    with _told(what):
        return _array(partial(io.BytesIO, data), key, accept)


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except InputError:
        raise
    except Exception as error:  # neither zipfile nor NumPy promises what broken bytes raise
        raise InputError(f"not a {what}: {type(error).__name__}: {str(error)[:200]}") from error


def _array(opened: Callable[[], IO[bytes]], key: str, accept: Accept) -> Array:
    with opened() as stream:
        version = np.lib.format.read_magic(stream)
        read = (
            np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        )
        shape, _, dtype = read(stream)
        accept(key, shape, dtype)
    with opened() as stream:
        array: Array = np.lib.format.read_array(stream, allow_pickle=False)
        return array
