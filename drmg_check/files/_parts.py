"""Parts of long work, kept in a file while the work lasts, so that one that was stopped goes on.

A line of JSON is a part: the name of the computation and what it gave. Lines are appended and never changed,
so that a process that is killed leaves at most its last line torn, and that part is computed again. The first
line says of which work; whoever does the same work again goes on after the last part, and takes the file away
when nothing is left to do.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from io import BufferedRandom
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np

from drmg_check.vocabulary import Array, InputError, NumericalError

Part: TypeAlias = tuple[Array, ...]
_FORMAT = "drmg-parts"


class Steps(Protocol):
    """The parts of one computation, in the order in which they are computed.

    >>> with kept_parts(None, "") as parts:
    ...     steps: Steps = parts.steps("a sum")
    ...     steps.recall() is None
    True
    """

    def recall(self) -> Part | None:
        """Return the next part if an earlier run has computed it, or None."""

    def keep(self, part: Part) -> None:
        """Put down the part that was computed because there was none to recall."""


class Parts:
    """What of some work is done; see :func:`kept_parts`.

    Attributes
    ----------
    earlier : int
        How many parts an earlier run has left.
    kept : int
        How many parts the file holds.

    Examples
    --------
    >>> with kept_parts(None, "") as parts:  # nothing is kept, and all is computed
    ...     parts.earlier, parts.once("a sum", lambda: 1 + 1, str, int)
    (0, 2)
    """

    def __init__(
        self, file: BufferedRandom | None, left: dict[str, list[Any]], done: Callable[[], object]
    ) -> None:
        self._file, self._left, self._done = file, left, done
        self.earlier = self.kept = sum(map(len, left.values()))

    def steps(self, name: str) -> Steps:
        """Return the parts of the computation of this name."""
        return _Steps(self, name)

    def once(
        self,
        name: str,
        compute: Callable[[], Any],
        encode: Callable[[Any], Any],
        decode: Callable[[Any], Any],
    ) -> Any:  # noqa: ANN401 - whatever is computed
        """Return what ``compute`` gives, or what it gave in an earlier run: ``decode`` of its ``encode``."""
        if (known := self._next(name)) is not None:
            with _damage(name):
                return decode(known)
        value = compute()
        self._put(name, encode(value))
        return value

    def _next(self, name: str) -> Any:  # noqa: ANN401
        waiting = self._left.get(name)
        if not waiting:
            return None
        self._done()
        return waiting.pop(0)

    def _put(self, name: str, data: object) -> None:
        if self._file is not None:
            self._file.write(json.dumps([name, data], separators=(",", ":")).encode() + b"\n")
            self._file.flush()
            self.kept += 1
        self._done()


class _Steps:
    def __init__(self, parts: Parts, name: str) -> None:
        self._parts, self._name = parts, name

    def recall(self) -> Part | None:
        known = self._parts._next(self._name)
        with _damage(self._name):
            return None if known is None else tuple(map(_array, known))

    def keep(self, part: Part) -> None:
        self._parts._put(self._name, list(map(_data, part)))


@contextmanager
def kept_parts(path: Path | None, work: str, done: Callable[[], object] = lambda: None) -> Iterator[Parts]:
    """Keep the parts of some work in a file while it lasts; the file is gone when it has ended well.

    Parameters
    ----------
    path : Path or None
        None keeps nothing.
    work : str
        What the work depends on, as one line: parts of another one are refused.
    done : callable ()
        Called for each part that is computed or recalled.

    Raises
    ------
    InputError
        The file is of other work, damaged before its last line, or another process is at the same work.
    OSError
        The file cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "square.partial")
    ...     try:
    ...         with kept_parts(path, "squares") as parts:
    ...             parts.steps("2").keep((np.array([4]),))
    ...             raise KeyboardInterrupt
    ...     except KeyboardInterrupt:
    ...         pass
    ...     with kept_parts(path, "squares") as parts:
    ...         parts.earlier, parts.steps("2").recall(), parts.steps("2").recall()
    ...     path.exists()
    (1, (array([4]),), None)
    False
    """
    if path is None:
        yield Parts(None, {}, done)
        return
    path.touch()
    with path.open("r+b") as file:
        _hold(file, path)
        parts = Parts(file, _read(file, path, work), done)
        try:
            yield parts
        except BaseException as error:
            if parts.kept and not isinstance(error, NumericalError):  # which the same work would meet again
                raise
            path.unlink(missing_ok=True)
            raise
        path.unlink(missing_ok=True)  # before the lock is given back


def _hold(file: BufferedRandom, path: Path) -> None:
    """Keep other processes away while the file is open, however this one ends; Windows has no such locks."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise InputError(
            f"{path} is being written by another process at the same work; wait until it ends"
        ) from error


@contextmanager
def _damage(name: str) -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError, ArithmeticError, LookupError) as error:
        raise InputError(
            f"a part of {name!r} that an earlier run has kept is damaged: {error}; delete its file to start "
            "over"
        ) from error


def _read(file: BufferedRandom, path: Path, work: str) -> dict[str, list[Any]]:
    """Return what a file holds by name, and leave it where the next line begins."""
    left: dict[str, list[Any]] = {}
    header = json.dumps([_FORMAT, work]).encode() + b"\n"
    first = file.readline()
    if not first.endswith(b"\n"):
        file.seek(0)
        file.truncate()
        file.write(header)
        file.flush()
        return left
    if first != header:
        raise InputError(f"{path} holds parts of other work; delete it, or work in another folder")
    end = file.tell()
    for number, line in enumerate(file, 2):
        if not line.endswith(b"\n"):
            break  # a kill tore it
        try:
            name, data = json.loads(line)
            left.setdefault(str(name), []).append(data)
        except (ValueError, TypeError) as error:
            raise InputError(
                f"{path}, line {number}: no part: {error}; delete the file to start over"
            ) from error
        end += len(line)
    file.seek(end)
    file.truncate()
    return left


def _data(array: Array) -> list[Any]:
    """Return an array as JSON: fractions in hexadecimal, other numbers by their bytes.

    >>> _data(np.array([Fraction(1, 26), Fraction(-2)], dtype=object))
    ['O', [2], ['1/1a', '-2/1']]
    """
    if array.dtype == object:
        return [
            "O",
            list(array.shape),
            [f"{x.numerator:x}/{x.denominator:x}" for x in array.ravel().tolist()],
        ]
    return [array.dtype.str, list(array.shape), b64encode(np.ascontiguousarray(array).tobytes()).decode()]


def _array(data: list[Any]) -> Array:
    """Return the array of :func:`_data`.

    >>> _array(_data(np.array([[1.5, -0.0]]))).tolist()
    [[1.5, -0.0]]
    >>> _array(['O', [1], ['1/1a']]).tolist()
    [Fraction(1, 26)]
    """
    kind, shape, content = data
    if kind == "O":
        each = (text.split("/") for text in content)
        array: Array = np.empty(len(content), dtype=object)
        array[:] = [Fraction(int(top, 16), int(bottom, 16)) for top, bottom in each]
        return array.reshape(shape)
    return np.frombuffer(b64decode(content), dtype=np.dtype(kind)).reshape(shape).copy()
