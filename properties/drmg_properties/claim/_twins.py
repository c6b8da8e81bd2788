"""The old form of a claim: a slack and its derivation as two functions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

from drmg_check.vocabulary import Bounds, Slack
from drmg_properties.claim._derivation import Derivation

I = TypeVar("I")  # noqa: E741 - the instance


class Check(NamedTuple, Generic[I]):
    """A slack with its derivation, where several claims share both up to a parameter."""

    slack: Callable[[I], Slack]
    explain: Callable[[I], tuple[str, ...]]


def twins(slack: Callable[[I], Slack], explain: Callable[[I], tuple[str, ...]]) -> Callable[[I], Derivation]:
    """Return the derivation of a claim whose sides are not told apart."""

    def derive(case: I) -> Derivation:
        value = slack(case)
        return Derivation(
            Bounds.of(0), value, lambda: explain(case), slack=value, scale=Fraction(1), names=("0", "slack")
        )

    return derive
