"""Ledgers of claims by address, and the claims that a user names in them."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from fnmatch import fnmatchcase
from importlib import import_module
from importlib.metadata import entry_points
from threading import current_thread, main_thread
from types import FrameType
from typing import Any, TypeAlias

from drmg_check.vocabulary import InputError
from drmg_properties import Claim

AnyClaim: TypeAlias = Claim[Any]
DEFAULT_LEDGER = "drmg_properties.claims:ledger"
GROUP = "drmg_check.ledgers"


def installed_ledgers() -> dict[str, str]:
    """Return the ledgers that installed packages register as entry points: names and ``module:function``."""
    return {point.name: point.value for point in sorted(entry_points(group=GROUP))}


def load_ledger(address: str = DEFAULT_LEDGER) -> tuple[AnyClaim, ...]:
    """Return the claims of the ledger at ``address``.

    Parameters
    ----------
    address : str
        ``"module:function"``, or a name that an installed package registers for it in the entry-point group
        ``drmg_check.ledgers``. Calling the function without arguments returns the claims in report order.
        Worker processes import it again, so the module must be importable, not typed in.

    Raises
    ------
    InputError
        The address names no such function, it returns something else, or an id is there twice.
    """
    module, _, name = _registered(address).partition(":")
    with _interrupts() as pressed:
        try:
            function = getattr(import_module(module), name)
            claims = tuple(function()) if callable(function) else ()
        except BaseException as error:  # the module is the user's: it may raise anything, or exit
            if pressed:
                raise
            raise InputError(
                f"ledger={address!r}: {type(error).__name__}: {error}; expected the module:function of a "
                "ledger that loads"
            ) from error
    if not claims or not all(isinstance(claim, Claim) for claim in claims):
        raise InputError(f"ledger={address!r} returns no claims; expected a function that returns some Claim")
    ids = [claim.id for claim in claims]
    for claim_id in ids:
        if ids.count(claim_id) > 1 or "@" in claim_id or "," in claim_id:
            raise InputError(f"ledger={address!r}: id={claim_id!r}; expected unique ids without '@' and ','")
    return claims


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Yield a list that grows when somebody presses Ctrl-C: code may raise KeyboardInterrupt by itself."""
    pressed: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or current_thread() is not main_thread():
        yield pressed  # there is nobody to press it
        return
    handle = before

    def note(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        handle(number, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)


def _registered(address: str) -> str:
    if ":" in address:
        return address
    known = installed_ledgers()
    if address not in known:
        names = ", ".join(known) or "none"
        raise InputError(
            f"ledger={address!r} is registered by no installed package (registered: {names}); expected one "
            "of these, or the module:function of a ledger"
        )
    return known[address]


def find_claim(claims: Sequence[AnyClaim], claim_id: str) -> AnyClaim:
    """Return the claim with this id.

    Raises
    ------
    InputError
        There is none; the message offers the closest one.
    """
    for claim in claims:
        if claim.id == claim_id:
            return claim
    raise InputError(f"no claim {claim_id!r}{did_you_mean(claim_id, [claim.id for claim in claims])}")


def select_claims(claims: Sequence[AnyClaim], patterns: Sequence[str]) -> tuple[AnyClaim, ...]:
    """Return the claims whose id matches a shell pattern (``B*``, ``A[34]``), in ledger order.

    No pattern selects every claim.

    Raises
    ------
    InputError
        A pattern matches nothing.
    """
    ids = [claim.id for claim in claims]
    for pattern in patterns:
        if not any(fnmatchcase(claim_id, pattern) for claim_id in ids):
            raise InputError(f"no claim matches {pattern!r}{did_you_mean(pattern, ids)}")
    return tuple(
        claim for claim in claims if not patterns or any(fnmatchcase(claim.id, one) for one in patterns)
    )


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Return the end of a message about an unknown ``word``: the closest one known, or where to look."""
    by_fold = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.4)
    if close:
        return f"; did you mean {by_fold[close[0]]!r}?"
    return "; `drmg-check claims list` shows all"
