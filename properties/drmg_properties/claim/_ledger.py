"""A ledger: the claims of one paper, under one name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from drmg_check.vocabulary import InputError
from drmg_properties.claim._claim import Claim


@dataclass(frozen=True, slots=True)
class Ledger:
    """The claims of one paper.

    A package registers its own under the entry-point group ``drmg_check.ledgers``, as drmg-check does.

    Parameters
    ----------
    id : str
        Short, as the command line takes it: lower-case letters, digits and ``-``.
    name : str
        As reports call it: ``"The MORNAVI paper"``.
    source : str
        Where the statements stand: authors, title, year.
    claims : tuple of Claim
        In the order of the report.
    powerful : bool
        Whether a claim that is expected to hold is refused without a false neighbour. Without that, the power
        of its search is unknown, and reports say so.

    Raises
    ------
    InputError
        No claims, an id twice, a correction that is not there, or a claim without a false neighbour.

    Examples
    --------
    >>> from drmg_properties.audit import load_ledger
    >>> ledger = load_ledger("mornavi")
    >>> ledger.id, ledger.powerful, ledger.claims[0].id
    ('mornavi', True, 'A1')
    """

    id: str
    name: str
    source: str
    claims: tuple[Claim[Any], ...]
    powerful: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]*", self.id):
            raise InputError(f"ledger id={self.id!r}; expected lower-case letters, digits and '-'")
        listed = isinstance(self.claims, tuple | list) and self.claims
        if not listed or not all(isinstance(claim, Claim) for claim in self.claims):
            raise InputError(f"ledger {self.id}: claims={self.claims!r:.80}; expected a tuple of some Claim")
        known: set[str] = set()
        for claim in self.claims:
            if claim.id in known:
                raise InputError(f"ledger {self.id}: claim {claim.id!r} is there twice; expected unique ids")
            known.add(claim.id)
        for claim in self.claims:
            if claim.corrected is not None and claim.corrected not in known:
                raise InputError(
                    f"ledger {self.id}: claim {claim.id} has corrected={claim.corrected!r}, which is no "
                    "claim of the ledger; expected the id of the claim that states the correction"
                )
            if self.powerful and claim.needs_neighbour and not claim.neighbours:
                raise InputError(
                    f"ledger {self.id}: claim {claim.id} is expected to hold and has no false neighbour; add "
                    "a Neighbour: a stronger statement that is false, and that its search refutes"
                )
