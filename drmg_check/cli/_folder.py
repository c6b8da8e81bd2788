"""The folder of a run: one run at a time writes into it, and what cannot be written is named."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = ".drmg-lock"


@contextmanager
def only_run_in(folder: Path) -> Iterator[None]:
    """Make the folder, and hold it while the run lasts.

    The system gives the lock back when the process ends, however it ends: a lock file that a killed run left
    behind holds nothing. Where a system has no such locks (Windows), nothing is held.

    Raises
    ------
    InputError
        Another run holds the folder.
    OSError
        The folder cannot be made or written into.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        import fcntl
    except ImportError:
        yield
        return
    path = folder / LOCK
    while True:
        held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        try:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise _busy(folder, held) from None
            if not _is(path, held):  # its owner has just removed it: this lock holds nothing any more
                continue
            os.truncate(held, 0)
            os.write(held, str(os.getpid()).encode())
            try:
                yield
            finally:
                path.unlink(missing_ok=True)  # before the lock is given back
            return
        finally:
            os.close(held)


def write_file(path: Path, text: str) -> None:
    """Write a text as :func:`drmg_check.files.write_whole` does; it is imported when it is needed."""
    from drmg_check.files import write_whole

    write_whole(path, text)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Add the name of a file to an :class:`OSError` without one: a full disk says only that it is full."""
    try:
        yield
    except OSError as error:
        if error.filename is not None or error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error


def _is(path: Path, held: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(held))
    except FileNotFoundError:
        return False


def _busy(folder: Path, held: int) -> Exception:
    from drmg_check.vocabulary import InputError

    owner = os.read(held, 20).decode(errors="replace")
    return InputError(
        f"{folder} is in use by another run{f', process {owner}' if owner.isdecimal() else ''}; wait until "
        "it ends, or choose another --out"
    )


LeaveIfAsked = Callable[[], None]


@contextmanager
def leaving_at_a_good_moment() -> Iterator[LeaveIfAsked]:
    """Yield a function that raises KeyboardInterrupt once Ctrl-C was pressed.

    Whoever runs calls it where nothing is half done. A second Ctrl-C does not wait for that.
    """
    import signal
    from threading import Event

    pressed = Event()

    def press(*_: object) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    def check() -> None:
        if pressed.is_set():
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, press)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)
