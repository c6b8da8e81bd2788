"""Write the numbers of stored counterexamples as Coq definitions: ../counterexamples/*.json as instances/*.v.

Standard library only. A file is written for each theorem that imports its instance; the same counterexamples
give the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
COUNTEREXAMPLES = HERE.parent / "counterexamples"
UNARY = 1000  # Coq writes naturals in unary: beyond, they are made from binary ones
RESERVED = {"S": "n_states", "R": "payoffs"}  # names of Coq's own
SKIPPED = {"uncertainty", "format", "version", "policy"}


def main() -> None:
    """Write every instance that a theorem imports, and remove the others."""
    wanted = {path.stem for path in (HERE / "theorems").glob("*.v") if imports_instance(path)}
    texts = {}
    for source in sorted(COUNTEREXAMPLES.glob("*.json")):
        if (name := coq_name(source.stem)) in wanted:
            texts[name] = instance(json.loads(source.read_text(encoding="utf-8")), source.name)
    if missing := wanted - texts.keys():
        sys.exit(f"theorems import instances of {sorted(missing)}; expected a counterexample of each")
    folder = HERE / "instances"
    for old in folder.glob("*.v"):
        if old.stem not in texts:
            old.unlink()
    for name, text in texts.items():
        (folder / f"{name}.v").write_text(text, encoding="utf-8", newline="\n")


def imports_instance(theorem: Path) -> bool:
    """Say whether a theorem rests on the numbers of a counterexample."""
    return f"From Instances Require Import {theorem.stem}." in theorem.read_text(encoding="utf-8")


def coq_name(claim: str) -> str:
    """Return the file name of a claim: Coq's names have no dots and hyphens.

    >>> coq_name("C1.one-visit")
    'C1_one_visit'
    """
    return re.sub(r"\W", "_", claim)


def instance(data: dict[str, Any], source: str) -> str:
    """Return the Coq file of a counterexample."""
    lines = [
        f"(** The instance of {data['claim']}. Written from {source}; do not edit. *)",
        "From Coq Require Import Reals List ZArith.",
        "From Drmg Require Import Rows Games.",
        "Import ListNotations.",
        "Open Scope R_scope.",
        "",
        *definitions(data["instance"], source),
    ]
    return "\n".join(lines) + "\n"


def definitions(fields: dict[str, Any], source: str) -> Iterator[str]:
    """Yield a definition for each number of an instance, those of nested instances as well."""
    for name, value in fields.items():
        if name in SKIPPED:
            continue
        if name == "game":
            yield from game(value, source)
        elif isinstance(value, dict):
            yield from definitions(value, source)
        else:
            kind, term = rendered(value, source)
            yield f"Definition {RESERVED.get(name, name)} : {kind} := {term}."


def rendered(value: object, source: str) -> tuple[str, str]:
    """Return type and term of a number, a vector or a matrix."""
    if isinstance(value, bool):
        return "bool", "true" if value else "false"
    if isinstance(value, int):
        return "nat", str(value) if value < UNARY else f"Z.to_nat {value}%Z"
    if isinstance(value, str):
        return "R", real(Fraction(value))
    if isinstance(value, list) and all(isinstance(x, str) for x in value):
        return "vec", vector(value)
    if isinstance(value, list) and all(isinstance(x, int) for x in value):
        return "list nat", "[" + "; ".join(map(str, value)) + "]%nat"
    if isinstance(value, list) and all(isinstance(row, list) for row in value):
        if all(isinstance(x, str) for row in value for x in row):
            return "nat -> vec", matrix(value)
        if all(isinstance(x, int) for row in value for x in row):
            return "list (list nat)", "[" + "; ".join(
                "[" + "; ".join(map(str, row)) + "]" for row in value
            ) + "]%nat"
    sys.exit(
        f"{source}: {value!r:.80} is outside the templates: numbers, vectors, matrices, games of one agent"
    )


def game(data: dict[str, Any], source: str) -> Iterator[str]:
    """Yield horizon, rewards and rows of a game with one agent and the same stage at every step."""
    states, (actions,) = data["states"], data["actions"]
    rewards, kernels, radii = data["reward"], data["transition"]["kernels"], data["radius"]
    if rewards["shape"][:2] != [1, 1] or len(kernels) != 1 or len(radii["values"]) != 1:
        sys.exit(f"{source}: a game of several agents or stages; expected one of each")
    table = [rewards["values"][s * actions : (s + 1) * actions] for s in range(states)]
    rows = [[["0"] * states for _ in range(actions)] for _ in range(states)]
    for state, action, entries in kernels[0]:
        for successor, mass in entries:
            rows[state][action][successor] = mass
    lines = ["; ".join(vector(row) for row in of_state) for of_state in rows]
    yield f"Definition horizon : nat := {data['horizon']}."
    yield f"Definition states : nat := {states}."
    yield f"Definition actions : nat := {actions}."
    yield f"Definition radius : R := {real(Fraction(radii['values'][0]))}."
    yield f"Definition reward : nat -> vec := {matrix(table)}."
    table_of_rows = "; ".join(f"[{line}]" for line in lines)
    yield f"Definition row (s a : nat) : vec := nth a (nth s [{table_of_rows}] nil) (vector nil)."


def real(x: Fraction) -> str:
    """Return a rational as a term of R."""
    if x.denominator == 1:
        return str(x.numerator) if x >= 0 else f"(- {-x.numerator})"
    return f"({x.numerator} / {x.denominator})" if x >= 0 else f"(- ({-x.numerator} / {x.denominator}))"


def vector(numbers: list[str]) -> str:
    """Return a row of numbers as a term."""
    return "vector [" + "; ".join(real(Fraction(x)) for x in numbers) + "]"


def matrix(rows: list[list[str]]) -> str:
    """Return a table of numbers as a term."""
    return "matrix [" + "; ".join("[" + "; ".join(real(Fraction(x)) for x in row) + "]" for row in rows) + "]"


if __name__ == "__main__":
    main()
