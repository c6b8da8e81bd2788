"""How much memory the machine can still give, so that a task that needs more is refused before it starts."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from drmg_check.vocabulary import InputError

MEMINFO = Path("/proc/meminfo")  # Linux; elsewhere all of the memory is taken for free
LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""Of a container, which may have less than its machine; both versions of Linux's control groups."""


def available_memory() -> int:
    """Return how many bytes a process can still take without swapping, as far as the system says.

    >>> available_memory() > 2**20
    True
    """
    free = [sizes] if (sizes := _of_machine()) else []
    for limit in LIMITS:
        with suppress(OSError, ValueError):  # "max" where there is none
            free.append(int(limit.read_text()))
    return min(free, default=2**63)


def check_memory(needed: int, what: str) -> None:
    """Refuse what needs more memory than there is, before any of it is allocated.

    Parameters
    ----------
    needed : int
        Bytes, from sizes that are announced and not yet trusted.
    what : str
        What needs them, as the subject of the sentence.

    Raises
    ------
    InputError
        With both numbers.

    Examples
    --------
    >>> check_memory(2**10, "the game")
    >>> check_memory(2**70, "the game")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    drmg_check.vocabulary._errors.InputError: the game needs about 1,180,591,620.7 TB of memory; ...
    """
    if needed > (free := available_memory()):
        raise InputError(
            f"{what} needs about {size_text(needed)} of memory; this machine has {size_text(free)} to spare: "
            "make it smaller, or take a larger machine"
        )


def size_text(size: int) -> str:
    """Return a number of bytes in words.

    >>> size_text(3_460_000_000), size_text(130)
    ('3.5 GB', '130 B')
    """
    for unit, name in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            return f"{size / unit:,.1f} {name}"
    return f"{size} B"


def _of_machine() -> int:
    with suppress(OSError, ValueError, IndexError):
        for line in MEMINFO.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return 0
