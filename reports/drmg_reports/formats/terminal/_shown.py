"""How much of a run or a document is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """How much is shown: ``quiet`` leaves failures and the last line, ``verbose`` adds every detail.

    >>> Shown(quiet=True)
    Shown(quiet=True, verbose=False)
    """

    quiet: bool = False
    verbose: bool = False


NORMALLY = Shown()
"""Neither quiet nor verbose."""
