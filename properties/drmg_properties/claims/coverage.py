"""Coverage: what a ledger makes of each place of its paper, as data, and as a page."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from drmg_check.files import read_bytes
from drmg_check.vocabulary import InputError
from drmg_properties.claim import Ledger

Judged: TypeAlias = Literal["as said", "weaker", "other", "not checkable"]
HEAD = """# Coverage of the paper

Every numbered equation, lemma, theorem, example and table entry of the MORNAVI paper, and every sentence
of its text that says something checkable, in the order of the paper. *Weaker* or *other* is a claim that
checks less than the paper says, or something else, for the reason given; *not checkable* are quotations
and names. The verdict behind a claim is the one that the ledger expects, and that a run finds. `drmg-
check claims show ID` has the rest.

The page is written by `python docs/write_coverage.py` from `coverage.toml` in the folder of the ledger.

| place | what it says | claims | judged | why |
|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a paper, what stands there, and the claims about it.

    Parameters
    ----------
    where, says : str
    claims : tuple of str
        Ids, in the order of reading.
    judged : {"as said", "weaker", "other", "not checkable"}
    reason : str
        Why not as said; empty if so.

    Raises
    ------
    InputError
        No text, an unknown judgement, claims where there are none or none where there are some, or no reason.
    """

    where: str
    says: str
    claims: tuple[str, ...]
    judged: Judged = "as said"
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.where or not self.says:
            raise InputError(f"{self}; expected where it is and what it says")
        if self.judged not in get_args(Judged):
            raise InputError(f"{self.where}: judged={self.judged!r}; expected one of {get_args(Judged)}")
        if bool(self.reason) == (self.judged == "as said"):
            raise InputError(f"{self.where}: reason={self.reason!r}; expected one iff it is not as said")
        if not self.claims and self.judged != "not checkable":
            raise InputError(f"{self.where}: no claims; expected some, or 'not checkable'")


def read_places(path: Path) -> tuple[Place, ...]:
    """Read the places of a paper from TOML.

    Raises
    ------
    InputError
        The file cannot be read, or a place is illegal.
    """
    data = tomllib.loads(read_bytes(path).decode())
    return tuple(Place(**{**entry, "claims": tuple(entry["claims"])}) for entry in data["place"])


def equations(where: str) -> Iterator[int]:
    """Yield the numbers of the equations that a place names.

    >>> list(equations("Eq. (46)-(48), (50)"))
    [46, 47, 48, 50]
    """
    for first, last in re.findall(r"\((\d+)\)(?:-\((\d+)\))?", where):
        yield from range(int(first), int(last or first) + 1)


def coverage_page(places: Sequence[Place], ledger: Ledger) -> str:
    """Return the page: a row a place, with the expected verdict of each claim."""
    verdict = {claim.id: str(claim.expected) for claim in ledger.claims}
    rows = []
    for place in places:
        claims = ", ".join(f"`{name}` {verdict[name]}" for name in place.claims)
        cells = (place.where, place.says, claims or "-", place.judged, place.reason)
        rows.append("| " + " | ".join(cell.replace("|", "\\|").strip() for cell in cells) + " |")
    return HEAD + "\n".join(rows) + "\n"
