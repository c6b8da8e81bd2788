"""What is said of the power of a search: which stronger, false statements it has refuted."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from drmg_check.runs import FalseNeighbour, Result
from drmg_check.vocabulary import Verdict
from drmg_reports.runs import Audited

TRUE = tuple(str(verdict) for verdict in Verdict if verdict.is_true)


def neighbours_of(result: Result) -> tuple[FalseNeighbour, ...]:
    """Return the false neighbours of a claim; none of a claim, or of a record of an earlier version.

    >>> from drmg_check.runs import example_audit
    >>> neighbours_of(example_audit()[1])
    ()
    """
    return () if isinstance(result.neighbours, msgspec.UnsetType) else result.neighbours


def power_of(result: Result) -> str:
    """Say in a sentence what the search of a claim that is found true is worth; "" of any other.

    >>> from drmg_check.runs import example_audit
    >>> power_of(example_audit()[1])
    ''
    """
    neighbours = neighbours_of(result)
    if result.found not in TRUE and not neighbours:
        return ""
    if not neighbours:
        return "Power unknown: the claim names no false neighbour that its search should refute."
    caught = [neighbour.name for neighbour in neighbours if neighbour.refuted]
    missed = [neighbour.name for neighbour in neighbours if not neighbour.refuted]
    parts = []
    if caught:
        parts.append(f"The same search refutes {_count(caught)}: {'; '.join(caught)}.")
    if missed:
        parts.append(f"It does not refute {_count(missed)}: {'; '.join(missed)}.")
    return " ".join(parts)


def power_sentence(run: Audited) -> str:
    """Say of how many claims that are found true the search has shown its power; "" if there are none.

    >>> from drmg_check.runs import example_audit
    >>> from drmg_reports.runs import read_run
    >>> power_sentence(read_run(example_audit()))
    'Of 1 claims found true, the search of 1 refutes each false neighbour.'
    """
    results = [judgement.generated for judgement in run.judgements if judgement.generated is not None]
    true = [result for result in results if result.found in TRUE]
    if not true:
        return ""
    unknown = sum(not neighbours_of(result) for result in true)
    strong = sum(_all_refuted(neighbours_of(result)) for result in true)
    words = f"Of {len(true)} claims found true, the search of {strong} refutes each false neighbour"
    return f"{words}; of {unknown} the power is unknown." if unknown else f"{words}."


def _all_refuted(neighbours: Iterable[FalseNeighbour]) -> bool:
    flags = [neighbour.refuted for neighbour in neighbours]
    return bool(flags) and all(flags)


def _count(names: list[str]) -> str:
    return "a false neighbour" if len(names) == 1 else f"{len(names)} false neighbours"
