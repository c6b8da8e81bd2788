"""How large an input may be: every limit is checked before anything of that size is allocated."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from drmg_check.vocabulary import InputError

MAX_ENTRIES = 2**25
"""A float64 array holds at most this many numbers (256 MiB), stored or as a view [m, H, S, A]."""
MAX_RATIONALS = 2**22
"""An array of Fractions holds at most this many; a Fraction costs about 30 times a float64."""
MAX_AGENTS = 32
"""NumPy has at most 64 axes, and joint actions have one axis per agent."""


def check_size(
    *, states: int, actions: Sequence[int], horizon: int, kernels: int = 1, rational: bool = False
) -> None:
    """Refuse a game that is too large to hold, before anything is allocated for it.

    Parameters
    ----------
    states, actions, horizon : S, the actions of each agent (product A) and H
        As announced by a file or a user, not yet trusted.
    kernels : int
        How many of the H kernels are stored: 1 when the game is stationary.
    rational : bool
        Whether the kernel holds Fractions.

    Raises
    ------
    InputError
        A size below 1, more than 32 agents, ``kernels * S * A * S`` or ``m * H * S * A`` above 2^25, or
        ``kernels * S * A * S`` above 2^22 with Fractions.

    Examples
    --------
    >>> check_size(states=10, actions=(2, 2), horizon=5)
    """
    m = len(actions)
    if states < 1 or horizon < 1 or kernels < 1 or m < 1 or any(n < 1 for n in actions):
        raise InputError(
            f"states={_brief(states)}, actions={_all(actions)}, horizon={_brief(horizon)}; "
            "expected numbers >= 1"
        )
    if m > MAX_AGENTS:
        raise InputError(f"actions has {m} entries; expected at most {MAX_AGENTS} agents")
    A = prod(actions)
    stored, view = kernels * states * A * states, m * horizon * states * A
    limit = MAX_RATIONALS if rational else MAX_ENTRIES
    if stored > limit:
        raise InputError(
            f"the kernel has {_brief(stored)} {'rational ' if rational else ''}numbers ({_brief(kernels)} x "
            f"{_brief(states)} states x {_brief(A)} joint actions x {_brief(states)} states); "
            f"expected at most {limit}"
        )
    if view > MAX_ENTRIES:
        raise InputError(
            f"agents x horizon x states x joint actions = {_brief(view)}; expected at most {MAX_ENTRIES}"
        )


def _brief(n: int) -> str:
    # 18 digits can be read; Python refuses to write some thousands
    return str(n) if abs(n) < 10**18 else f"about {'-' if n < 0 else ''}2^{n.bit_length()}"


def _all(actions: Sequence[int]) -> str:
    return f"({', '.join(_brief(n) for n in actions[:MAX_AGENTS])}{', ...' * (len(actions) > MAX_AGENTS)})"
