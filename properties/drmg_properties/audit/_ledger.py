"""Ledgers of claims by address, and the claims that a user names in them."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType, ModuleType
from typing import Any, TypeAlias

import msgspec

from drmg_check.runs import ClaimText, Event, Header
from drmg_check.vocabulary import InputError
from drmg_properties.audit._blame import author_place
from drmg_properties.claim import Claim, Ledger

AnyClaim: TypeAlias = Claim[Any]
DEFAULT_LEDGERS = ("mornavi", "drmg-check")
"""The paper's and our own; like everybody's, they are registered as entry points."""
GROUP = "drmg_check.ledgers"
_FORM = "the name of a registered ledger, module:NAME or ./file.py:NAME of a Ledger"


@dataclass(frozen=True, slots=True)
class Listed:
    """A claim as a ledger lists it: with the ledger, and the address under which workers find that.

    >>> entry = find_claim(list_claims(), "D5")
    >>> entry.claim.place, entry.ledger.id, entry.address
    ('Lemma 2', 'mornavi', 'mornavi')
    """

    claim: AnyClaim
    ledger: Ledger
    address: str


def installed_ledgers() -> dict[str, str]:
    """Return the ledgers that installed packages register as entry points: names and ``module:NAME``.

    >>> installed_ledgers()["mornavi"]
    'drmg_properties.claims.mornavi:LEDGER'
    """
    return {point.name: point.value for point in sorted(entry_points(group=GROUP))}


def load_ledger(address: str) -> Ledger:
    """Return the ledger at ``address``.

    Parameters
    ----------
    address : str
        A name that an installed package registers in the entry-point group ``drmg_check.ledgers``,
        ``"module:NAME"`` or ``"./file.py:NAME"``, of a Ledger or of a function that returns one; of a file
        with one ledger, ``"./file.py"``. Worker processes import it again, so the module must be importable,
        not typed in.

    Raises
    ------
    InputError
        The address names no ledger, or its module does not load.

    Examples
    --------
    >>> load_ledger("mornavi").name
    'the MORNAVI paper'
    """
    place, _, name = _registered(address).rpartition(":")
    with _interrupts() as pressed:
        try:
            module = _from_file(place) if place.endswith(".py") else import_module(place)
            ledger = _named(module, name)
            if callable(ledger):
                ledger = ledger()
        except BaseException as error:  # the module is the user's: it may raise anything, or exit
            if pressed:
                raise
            what = f"{type(error).__name__}: {error}{author_place(error)}{_hint(place, error)}"
            raise InputError(f"ledger={address!r}: {what}; expected {_FORM} that loads") from error
    if not isinstance(ledger, Ledger):
        raise InputError(
            f"ledger={address!r} is {ledger!r:.80}; expected a Ledger(id=..., name=..., source=..., "
            "claims=...)"
        )
    return ledger


def ledger_address(claim: ClaimText, events: Sequence[Event]) -> str:
    """Return where a run has its claim's ledger from; the id of the ledger where its header does not say.

    >>> from drmg_check.runs import example_audit
    >>> ledger_address(example_audit()[1].claim, example_audit())
    'mornavi'
    """
    header = events[0]
    known = header.ledger_addresses if isinstance(header, Header) else msgspec.UNSET
    return claim.ledger if isinstance(known, msgspec.UnsetType) else known.get(claim.ledger, claim.ledger)


def list_claims(addresses: Sequence[str] = DEFAULT_LEDGERS) -> tuple[Listed, ...]:
    """Return the claims of the ledgers at these addresses, ledger by ledger.

    Raises
    ------
    InputError
        An address names no ledger, or two of the ledgers have a claim of the same id.

    Examples
    --------
    >>> {entry.ledger.id for entry in list_claims()} == {"mornavi", "drmg-check"}
    True
    """
    listed: dict[str, Listed] = {}
    for address in dict.fromkeys(addresses):
        ledger = load_ledger(address)
        for claim in ledger.claims:
            if claim.id in listed:
                raise InputError(
                    f"claim {claim.id!r} is in ledger {listed[claim.id].ledger.id!r} and in {ledger.id!r}; "
                    "give one of them at a time"
                )
            listed[claim.id] = Listed(claim, ledger, address)
    return tuple(listed.values())


def _named(module: ModuleType, name: str) -> object:
    """Return what a module calls so; without a name, its only ledger."""
    ledgers = [known for known, value in vars(module).items() if isinstance(value, Ledger)]
    if not name and len(ledgers) == 1:
        return getattr(module, ledgers[0])
    if not name or not hasattr(module, name):
        names = ", ".join(ledgers) or "none"
        raise AttributeError(f"the module has no attribute {name!r}; its ledgers: {names}")
    return getattr(module, name)


def _hint(place: str, error: BaseException) -> str:
    """Point to the file of that name, where a module is looked for in vain."""
    file = Path(f"{place}.py")
    missing = isinstance(error, ModuleNotFoundError) and error.name == place and file.is_file()
    return f"; there is a file ./{file}, which ./{file}:NAME names" if missing else ""


def _from_file(place: str) -> ModuleType:
    path = Path(place)
    if not path.is_file():
        raise FileNotFoundError(f"no file {path}")
    name = f"drmg_ledger_{path.stem}"  # a name of its own: it must not shadow an installed module
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look there for their annotations
    folder = str(path.parent.absolute())
    if folder not in sys.path:
        sys.path.append(folder)  # for the modules beside it
    spec.loader.exec_module(module)
    return module


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
    if address.endswith(".py"):
        return f"{address}:"
    known = installed_ledgers()
    if address not in known:
        names = ", ".join(known) or "none"
        raise InputError(
            f"ledger={address!r} is registered by no installed package (registered: {names}); "
            f"expected {_FORM}"
        )
    return known[address]


def find_claim(listed: Sequence[Listed], claim_id: str) -> Listed:
    """Return the claim with this id, with its ledger.

    Raises
    ------
    InputError
        There is none; the message offers the closest one.

    Examples
    --------
    >>> find_claim(list_claims(), "D5").claim.title
    'Wasted steps of a geometric escape'
    >>> find_claim(list_claims(), "B8.corected")
    Traceback (most recent call last):
        ...
    drmg_check.vocabulary._errors.InputError: no claim 'B8.corected'; did you mean 'B8.corrected'?
    """
    for entry in listed:
        if entry.claim.id == claim_id:
            return entry
    raise InputError(f"no claim {claim_id!r}{did_you_mean(claim_id, [entry.claim.id for entry in listed])}")


def select_claims(listed: Sequence[Listed], patterns: Sequence[str]) -> tuple[Listed, ...]:
    """Return the claims whose id matches a shell pattern (``B*``, ``A[34]``), in ledger order.

    No pattern selects every claim.

    Raises
    ------
    InputError
        A pattern matches nothing.

    Examples
    --------
    >>> [entry.claim.id for entry in select_claims(list_claims(), ["D10*", "A1"])]
    ['A1', 'D10']
    """
    ids = [entry.claim.id for entry in listed]
    for pattern in patterns:
        if not any(fnmatchcase(claim_id, pattern) for claim_id in ids):
            raise InputError(f"no claim matches {pattern!r}{did_you_mean(pattern, ids)}")
    return tuple(
        entry
        for entry in listed
        if not patterns or any(fnmatchcase(entry.claim.id, pattern) for pattern in patterns)
    )


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Return the end of a message about an unknown ``word``: the closest one known, or where to look."""
    by_fold = {name.casefold(): name for name in known}
    # difflib's own 0.6 offers nothing for one wrong letter of two, whose ratio is 1/2
    close = get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.4)
    if close:
        return f"; did you mean {by_fold[close[0]]!r}?"
    return "; `drmg-check claims list` shows all"
