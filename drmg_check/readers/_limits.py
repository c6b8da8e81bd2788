"""How large an input may be: every limit is checked before anything of that size is allocated."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from drmg_check.files import check_memory
from drmg_check.vocabulary import InputError

MAX_ENTRIES = 2**25
"""A float64 array holds at most this many numbers (256 MiB), stored or as a view [m, H, S, A]."""
MAX_RATIONALS = 2**22
"""An array of Fractions holds at most this many; a Fraction costs about 30 times a float64."""
MAX_NONZEROS = 2**31
"""Compressed rows hold at most this many entries, if the machine has the memory: 100 GB."""
DISCOUNTED = (
    "the game is discounted and has no horizon: certify, show, convert and verify-certificate take it, all "
    "else needs a game of H steps"
)
COMPRESSED = (
    "its rows are compressed: show, convert, plan, certify and verify-certificate take such games; "
    "read_model reads them"
)
"""What a reader says that gives arrays only."""
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


def fits_an_array(*, states: int, actions: Sequence[int], horizon: int, kernels: int = 1) -> bool:
    """Return whether a game can be written out over all pairs of states; if not, its rows stay compressed.

    >>> [fits_an_array(states=S, actions=(4,), horizon=5) for S in (100, 10**5)]
    [True, False]
    """
    try:
        check_size(states=states, actions=actions, horizon=horizon, kernels=kernels)
    except InputError:
        return False
    return True


def check_nonzeros(
    *, nonzeros: int, states: int, actions: Sequence[int], horizon: int, rational: bool = False
) -> None:
    """Refuse a game with compressed rows that is too large to hold, before anything is allocated for it.

    Parameters
    ----------
    nonzeros : int
        How many entries all rows have together, as announced and not yet trusted.
    states, actions, horizon, rational
        As for :func:`check_size`; the number of states by itself has no limit.

    Raises
    ------
    InputError
        A size below 1, more than 32 agents, more than 2^31 entries or numbers ``[m, S, A]``, or more memory
        than the machine has.

    Examples
    --------
    >>> check_nonzeros(nonzeros=8_400_000, states=104_976, actions=(4, 4), horizon=50)
    """
    check_size(states=1, actions=[min(n, 1) for n in actions], horizon=min(horizon, 1))
    numbers = len(actions) * states * prod(actions)
    if states < 1 or max(nonzeros, numbers) > MAX_NONZEROS:
        raise InputError(
            f"the rows have {_brief(nonzeros)} entries, agents x states x joint actions = {_brief(numbers)}; "
            f"expected at most {MAX_NONZEROS} of each"
        )
    # An entry takes 16 bytes, and as much again and its number of a row while rows are put in order; a number
    # [m, S, A] takes 16 with its exact value. A Fraction takes 120 with the places that refer to it, a stage
    # 500 with all views of what it shares.
    needed = nonzeros * (160 if rational else 40) + numbers * 16 + horizon * 500
    check_memory(
        needed, f"a game of {nonzeros:,} entries in {states * prod(actions):,} rows over {horizon:,} steps"
    )


def _brief(n: int) -> str:
    # 18 digits can be read; Python refuses to write some thousands
    return str(n) if abs(n) < 10**18 else f"about {'-' if n < 0 else ''}2^{n.bit_length()}"


def _all(actions: Sequence[int]) -> str:
    return f"({', '.join(_brief(n) for n in actions[:MAX_AGENTS])}{', ...' * (len(actions) > MAX_AGENTS)})"
