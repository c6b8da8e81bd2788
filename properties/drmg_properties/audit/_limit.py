"""A limit on the time of a claim, from within: so that a claim that never ends says where it is."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType


class OutOfTimeError(BaseException):
    """The limit has passed. It is no Exception: neither a claim nor Hypothesis should catch it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise in the block when its time is over, where the system has such an alarm.

    The alarm rings between two steps of Python; code that never returns to it is for who runs the process
    to end.

    Raises
    ------
    OutOfTimeError
        In the block, wherever it is.
    """
    if not hasattr(signal, "setitimer") or current_thread() is not main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise OutOfTimeError(f"no verdict within its limit of {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
