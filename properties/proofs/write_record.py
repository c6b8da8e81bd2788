"""Write record.json: each theorem that Coq accepted, the hash of its files, and its axioms.

Standard library only. The theorems must have been built: `make record` does both.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOTS = {"Drmg": "theories", "Claims": "claims", "Instances": "instances", "Theorems": "theorems"}
IMPORT = re.compile(r"^From (Drmg|Claims|Instances|Theorems) Require Import ([\w ]+)\.$", re.MULTILINE)
THEOREM = re.compile(r"^Theorem (\w+_(?:refuted|proved)) ", re.MULTILINE)
AXIOM = re.compile(r"^([\w.]+)(?= :|$)", re.MULTILINE)
MACHINE = re.compile(r"^(PrimInt63|Uint63)\..*")  # the processor's integers: dozens of axioms, of one kind
FLAGS = [flag for root, folder in ROOTS.items() for flag in ("-Q", folder, root)]


def main() -> None:
    """Ask Coq for the axioms of every theorem, and write the record."""
    files = sorted((HERE / "theorems").glob("*.v"))
    names = {path.stem: THEOREM.findall(path.read_text(encoding="utf-8")) for path in files}
    if wrong := [stem for stem, found in names.items() if len(found) != 1]:
        sys.exit(f"theorems/ of {wrong}; expected one theorem ID_refuted or ID_proved in each")
    theorems = {stem: found[0] for stem, found in names.items()}
    record = {
        "format": "drmg-theorems",
        "version": 1,
        "coq": version(),
        "theorems": {
            stem: {"theorem": theorems[stem], "sha256": digest(stem), "axioms": axioms}
            for stem, axioms in assumptions(theorems).items()
        },
    }
    (HERE / "record.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8", newline="\n")


def version() -> str:
    """Return the version of Coq."""
    return run(["coqc", "--print-version"]).split()[0]


def assumptions(theorems: dict[str, str]) -> dict[str, list[str]]:
    """Return the axioms that each theorem rests on, as Coq prints them."""
    lines = []
    for stem, theorem in theorems.items():
        lines += [f"Require Theorems.{stem}.", f'Goal True. idtac "== {stem}". Abort.']
        lines += [f"Print Assumptions Theorems.{stem}.{theorem}."]
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "asked.v"
        asked.write_text("\n".join(lines) + "\n", encoding="utf-8")
        said = run(["coqc", "-w", "none", *FLAGS, str(asked)])
    parts = re.split(r"^== (\w+)$", said, flags=re.MULTILINE)[1:]
    return {
        stem: sorted({re.sub(MACHINE, r"\1", name) for name in AXIOM.findall(text)} - {"Axioms"})
        for stem, text in zip(parts[::2], parts[1::2], strict=True)
    }


def digest(stem: str) -> str:
    """Return the hash of all that a theorem rests on, in the order in which it is needed."""
    text = "".join(path.read_text(encoding="utf-8") for path in needed(HERE / "theorems" / f"{stem}.v"))
    return hashlib.sha256(text.encode()).hexdigest()


def needed(path: Path) -> list[Path]:
    """Return a file after all that it imports, each once."""
    files: list[Path] = []
    for root, modules in IMPORT.findall(path.read_text(encoding="utf-8")):
        for module in modules.split():
            files += needed(HERE / ROOTS[root] / f"{module}.v")
    return list(dict.fromkeys([*files, path]))


def run(command: list[str]) -> str:
    """Return what a command prints; end with its errors."""
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return done.stdout


if __name__ == "__main__":
    main()
