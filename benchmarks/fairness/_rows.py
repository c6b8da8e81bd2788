"""The rows on which honest code is judged: mutated, drawn and adversarial ones, and the hardest known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.hill_climb import Input, families, mutated
from drmg_check.referee.asking import row_as_given
from drmg_check.referee.levels._row_questions import generated_rows
from drmg_check.sets import Row, uncertainty_from_data
from drmg_check.targets import set_family
from drmg_oracles import rows_by_family
from drmg_properties import hunt

HARD = Path(__file__).parents[2] / "oracles" / "vectors" / "hard-inputs.json"
MOST_STATES = 14


def adversarial_rows(name: str, number: int, examples: int = 60, mutations: int = 800) -> Iterator[Row]:
    """Yield rows of a set: mutations, Hypothesis, then the vectors' families; another number, others."""
    family = set_family(name)
    rng = np.random.default_rng([number, sum(name.encode())])
    population: list[Input] = list(families(family.make(1), rng))
    for _ in range(mutations):
        case = mutated(population[int(rng.integers(len(population)))], rng)
        population[int(rng.integers(len(population)))] = case
        if len(case.nominal) <= MOST_STATES:
            yield row_as_given(Row.of(case.uncertainty, case.nominal, case.values, case.radius))
    drawn: list[Row] = []
    hunt(generated_rows(family), drawn.append, examples, number)
    yield from drawn
    for adverse in rows_by_family(family.make, f"fairness {number}", MOST_STATES):
        yield row_as_given(adverse.row)


def hardest_rows() -> list[Row]:
    """Return the frozen inputs on which a kernel once failed, as an implementation is given them."""
    return [
        row_as_given(
            Row.of(
                uncertainty_from_data(data["uncertainty"]), data["nominal"], data["values"], data["radius"]
            )
        )
        for data in json.loads(HARD.read_text(encoding="ascii"))
    ]
