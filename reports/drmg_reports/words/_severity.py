"""What refutations mean for a paper: what is false, told apart from constants and typos."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from drmg_check.vocabulary import Verdict
from drmg_reports.runs import Judgement


@dataclass(frozen=True, slots=True)
class Damage:
    """Refuted claims that mean the same for the paper.

    >>> Damage("typo", "is a typo", "are typos", ()).kind
    'typo'
    """

    kind: str
    single: str
    several: str
    claims: tuple[Judgement, ...]

    @property
    def words(self) -> str:
        """The number of claims and what they mean: ``"2 are typos"``."""
        n = len(self.claims)
        return f"{n} {self.single if n == 1 else self.several}"


KINDS = (
    ("statement", ("result false",), "result is false", "results are false"),
    ("step", ("result step false", "proof"), "step of a proof is false", "steps of proofs are false"),
    ("assumption", ("assumption missing",), "lacks an assumption", "lack an assumption"),
    ("constant", ("constant",), "is wrong in a constant", "are wrong in a constant"),
    ("typo", ("typo",), "is a typo", "are typos"),
    ("other", ("none",), "has no severity", "have no severity"),
)
"""What is false comes first; the severities that mean so, and the words."""


def damages(judgements: Iterable[Judgement]) -> tuple[Damage, ...]:
    """Sort the refuted claims by what they mean, leaving out what does not occur.

    >>> from drmg_check.runs import example_audit
    >>> from drmg_reports.runs import read_run
    >>> [damage.words for damage in damages(read_run(example_audit()).judgements)]
    ['1 is wrong in a constant']
    """
    refuted = [judgement for judgement in judgements if judgement.status == Verdict.REFUTED]
    groups = (
        Damage(kind, single, several, tuple(each for each in refuted if each.claim.severity in severities))
        for kind, severities, single, several in KINDS
    )
    return tuple(damage for damage in groups if damage.claims)
