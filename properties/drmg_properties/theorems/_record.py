"""The committed build record: which theorems Coq accepted, of which files, and on which axioms they rest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from drmg_check.files import read_bytes
from drmg_check.vocabulary import InputError
from drmg_properties.theorems._files import coq_name, folder, needed

AXIOMS = {
    "ClassicalDedekindReals.sig_forall_dec": "the real numbers of Coq",
    "ClassicalDedekindReals.sig_not_dec": "the real numbers of Coq",
    "FunctionalExtensionality.functional_extensionality_dep": "functional extensionality",
    "Classical_Prop.classic": "classical logic",
    "PrimInt63": "integers of the processor, in interval arithmetic",
    "Uint63": "integers of the processor, in interval arithmetic",
}
"""All that a theorem may rest on. Floating-point numbers of the processor are not among it."""


@dataclass(frozen=True, slots=True)
class Theorem:
    """A theorem that Coq accepted.

    Parameters
    ----------
    claim : str
        The name of its files, as :func:`coq_name` has it.
    name : str
        ``"A3_refuted"`` or ``"B1_proved"``.
    sha256 : str
        Of all files that it rests on, in the order in which they are needed.
    axioms : tuple of str
    coq : str
        The version that accepted it.

    Examples
    --------
    >>> Theorem("A3", "A3_refuted", "", ("Classical_Prop.classic",), "8.16.1").proves
    False
    """

    claim: str
    name: str
    sha256: str
    axioms: tuple[str, ...]
    coq: str

    @property
    def proves(self) -> bool:
        """Whether it proves its claim; else it refutes it."""
        return self.name.endswith("_proved")

    @property
    def foundations(self) -> str:
        """The axioms in words, each once."""
        return ", ".join(dict.fromkeys(AXIOMS[axiom] for axiom in self.axioms))

    @property
    def current(self) -> bool:
        """Whether the files are those that were checked, and the axioms the known ones."""
        return self.sha256 == digest(self.claim) and set(self.axioms) <= AXIOMS.keys()


def digest(name: str) -> str:
    """Return the hash of all files that a theorem rests on.

    >>> len(digest("A3"))
    64
    """
    text = "".join(path.read_text(encoding="utf-8") for path in needed(folder() / "theorems" / f"{name}.v"))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def read_record() -> dict[str, Theorem]:
    """Return the theorems of the build record by the names of their files.

    Raises
    ------
    InputError
        There is no record of a known version.

    Examples
    --------
    >>> read_record()["A3"].name
    'A3_refuted'
    """
    data: Any = msgspec.json.decode(read_bytes(folder() / "record.json"))
    if (data.get("format"), data.get("version")) != ("drmg-theorems", 1):
        raise InputError(
            f"record.json: format={data.get('format')!r}, version={data.get('version')!r}; expected "
            "drmg-theorems, 1: run `make -C properties/proofs record`"
        )
    return {
        name: Theorem(name, entry["theorem"], entry["sha256"], tuple(entry["axioms"]), data["coq"])
        for name, entry in data["theorems"].items()
    }


def recorded(claim: str) -> Theorem | None:
    """Return the theorem about a claim, if Coq accepted it as its files are now.

    >>> recorded("A3").name, recorded("B11")
    ('A3_refuted', None)
    """
    theorem = read_record().get(coq_name(claim))
    return theorem if theorem is not None and theorem.current else None
