"""The Coq files of a claim: its statement, its instance, its theorem, and what they import."""

from __future__ import annotations

import re
from pathlib import Path

from drmg_check.vocabulary import InputError

ROOTS = {"Drmg": "theories", "Claims": "claims", "Instances": "instances", "Theorems": "theorems"}
_IMPORT = re.compile(r"^From (Drmg|Claims|Instances|Theorems) Require Import ([\w ]+)\.$", re.MULTILINE)
_OWN = re.compile(r"^From (?:Claims|Instances|Theorems) Require Import [\w ]+\.\n", re.MULTILINE)


def folder() -> Path:
    """Return where the Coq files are: in the package where it is installed, else in the tree.

    >>> (folder() / "theories" / "Rows.v").is_file()
    True
    """
    package = Path(__file__).parents[1]
    installed = package / "proofs"
    return installed if installed.is_dir() else package.parent / "proofs"


def coq_name(claim: str) -> str:
    """Return the name of a claim's files: Coq's names have no dots and hyphens.

    >>> coq_name("C1.one-visit")
    'C1_one_visit'
    """
    return re.sub(r"\W", "_", claim)


def stated() -> tuple[str, ...]:
    """Return the names of the claims that have a theorem, in the order of their files.

    >>> "A3" in stated()
    True
    """
    return tuple(path.stem for path in sorted((folder() / "theorems").glob("*.v")))


def statement(claim: str) -> str:
    """Return the statement of a claim, as its file has it.

    Raises
    ------
    InputError
        No theorem is about that claim.

    Examples
    --------
    >>> "rho / 2 * pos (eta - least n V)" in statement("A3")
    True
    """
    path = folder() / "claims" / f"{coq_name(claim)}.v"
    if not path.is_file() or coq_name(claim) not in stated():
        raise InputError(
            f"claim {claim!r} has no theorem; `drmg-check prove` without an ID lists those that have one"
        )
    return path.read_text(encoding="utf-8")


def needed(path: Path) -> tuple[Path, ...]:
    """Return a file after all that it imports, each once.

    >>> [file.name for file in needed(folder() / "claims" / "A3.v")]
    ['Rows.v', 'A3.v']
    """
    files: list[Path] = []
    for root, modules in _IMPORT.findall(path.read_text(encoding="utf-8")):
        for module in modules.split():
            files += needed(folder() / ROOTS[root] / f"{module}.v")
    return tuple(dict.fromkeys([*files, path]))


def self_contained(claim: str) -> str:
    """Return one Coq file with statement, numbers and theorem of a claim; it imports the theories alone.

    Raises
    ------
    InputError
        No theorem is about that claim.

    Examples
    --------
    >>> text = self_contained("A3")
    >>> text.index("Definition claim_A3") < text.index("Definition nominal") < text.index("A3_refuted")
    True
    """
    statement(claim)
    files = needed(folder() / "theorems" / f"{coq_name(claim)}.v")
    own = [path for path in files if path.parent.name != ROOTS["Drmg"]]
    return "\n".join(_OWN.sub("", path.read_text(encoding="utf-8")) for path in own)
