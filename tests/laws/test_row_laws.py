"""The exact oracle and the numba kernel obey every law, on rows with ties, zeros and critical radii."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from drmg_check.kernels import worst_case_distributions, worst_case_expectations
from drmg_check.sets import UNCERTAINTY_SETS, Row, TotalVariation
from drmg_oracles import agrees, enclose
from drmg_properties.laws import LAWS, Law, Solve, check_law, check_worst_distribution
from drmg_properties.strategies import critical_radii, nominal_rows, uncertainty_sets, value_vectors


@st.composite
def law_rows(draw: DrawFn) -> Row:
    """Draw a row of any set, Wasserstein included, whose metric fixes the number of states."""
    S = draw(st.integers(1, 4))
    uncertainty, p, V = draw(uncertainty_sets(S)), draw(nominal_rows(S)), draw(value_vectors(S))
    return Row(uncertainty, p, V, draw(st.sampled_from(critical_radii(uncertainty, p, V))))


def by_oracle(row: Row) -> float:
    return float(enclose(row).lo)


def arrays(row: Row) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    P = np.array([[float(x) for x in row.probabilities]])
    return P, np.array([float(row.radius)]), np.array([float(v) for v in row.values])


def by_kernel(row: Row) -> float:
    return float(worst_case_expectations(row.uncertainty, *arrays(row))[0])


def broken(law: Law, solve: Solve, row: Row) -> str | None:
    violation = check_law(law, solve, row)
    return None if violation is None else f"{violation.sentence} on {row}"


@given(law_rows())
@settings(max_examples=60)
def test_the_oracle_obeys_every_law(row: Row):
    for law in LAWS:
        assert broken(law, by_oracle, row) is None


@given(law_rows())
def test_the_kernel_obeys_every_law(row: Row):
    for law in LAWS:
        assert broken(law, by_kernel, row) is None


@given(law_rows())
def test_the_kernels_worst_distribution_is_legal_and_attains_the_value(row: Row):
    if "distribution" in row.uncertainty.without:
        return
    q = worst_case_distributions(row.uncertainty, *arrays(row))[0]
    assert check_worst_distribution(list(q), by_kernel(row), row) is None


@given(law_rows(), st.integers(-400, 400))
@settings(max_examples=60)
def test_what_agrees_with_the_oracle_is_never_accused_by_a_law(row: Row, ulps: int):
    """A value pushed as far as `agrees` admits still passes every law, whichever way it is pushed."""

    def pushed(derived: Row) -> float:
        value = by_oracle(derived)
        moved = value + ulps * 2.0**-53 * (float(derived.span) + abs(value))
        return moved if agrees(moved, derived).accepted else value

    for law in LAWS:
        assert broken(law, pushed, row) is None


def test_every_law_speaks_about_some_row():
    discrete = tuple(tuple(Fraction(s != t) for t in range(4)) for s in range(4))
    parameters = {"cressie-read": {"alpha": Fraction(3, 2)}, "wasserstein": {"ground": discrete}}
    parameters |= {
        kind: {"weights": (1, 2, 3, 4)} for kind in ("weighted-l1", "weighted-interval", "ellipsoid")
    }
    parameters |= {"bounds": {"lower": (0,) * 4, "upper": (1,) * 4}, "scenarios": {"rows": ((1, 0, 0, 0),)}}
    sets = [cls(**parameters.get(kind, {})) for kind, cls in UNCERTAINTY_SETS.items()]
    rows = [
        Row.of(uncertainty, [1, 1, 0, 2], [3, 1, 0, 2], "1/4")
        for uncertainty in (*sets, TotalVariation("nominal"))
    ]
    assert [law.id for law in LAWS if not any(list(law.relations(row)) for row in rows)] == []
