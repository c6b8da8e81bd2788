"""A claim: a statement of a paper made executable, so that a run can find its verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar

from drmg_check.models import RobustMarkovGame
from drmg_check.vocabulary import Slack, UnsupportedError, Verdict
from drmg_properties.claim._tightness import Tightness

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

I = TypeVar("I")  # noqa: E741 - the instance
Reading: TypeAlias = Literal["literal", "intended", "corrected"]
Severity: TypeAlias = Literal[
    "none", "typo", "constant", "assumption missing", "proof", "result step false", "result false"
]


@dataclass(frozen=True, slots=True)
class Budget:
    """How hard to search.

    Parameters
    ----------
    max_examples : int
        Instances that Hypothesis may generate for one claim.
    size : int
        1 small, 2 medium, 3 large: how far exhaustive searches and generated games go.
    seed : int
    """

    max_examples: int
    size: int
    seed: int


@dataclass(frozen=True, slots=True)
class Generated(Generic[I]):
    """Search by Hypothesis: it generates, then shrinks what violates the claim to a minimal instance."""

    strategy: Callable[[Budget], SearchStrategy[I]]


@dataclass(frozen=True, slots=True)
class Exhaustive(Generic[I]):
    """Search by trying every instance of a finite list, smallest first.

    ``proves`` says that the list is the whole statement, so that finding no violation proves it.
    """

    instances: Callable[[Budget], Iterable[I]]
    proves: bool = False


@dataclass(frozen=True, slots=True)
class Sizes(Generic[I]):
    """A bound against the trivial one at the sizes listed: a violation makes the claim vacuous, not false.

    The slack at a size is (trivial bound) - (bound claimed); ``below(size)`` says from where on the bound
    claimed is the smaller one, as in ``"K < 3.1e22"``.
    """

    instances: Callable[[Budget], Iterable[I]]
    below: Callable[[I], str]


@dataclass(frozen=True, slots=True)
class Proof(Generic[I]):
    """A statement with a published proof: unproved if it survives its own search but a step is refuted.

    ``statement`` searches the statement itself; None where nothing finite can contradict it, as for a
    regret bound with unnamed constants.
    """

    steps: tuple[Claim[Any], ...]
    statement: Generated[I] | Exhaustive[I] | None = None


@dataclass(frozen=True, slots=True)
class Undecidable:
    """No search: no finite computation decides the statement, for the reason given."""

    reason: str


class Check(NamedTuple, Generic[I]):
    """A slack with its derivation, where several claims share both up to a parameter."""

    slack: Callable[[I], Slack]
    explain: Callable[[I], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Generic[I]):
    """One statement, its formalisation and how it is searched.

    ``slack(instance)`` is a certified interval that must be >= 0 for the claim to hold on the instance;
    ``explain(instance)`` derives it in lines that a reader can follow with pencil and fractions.
    ``slack`` may raise ``UnsupportedError`` for an instance that is out of its reach, ``on_game`` for a game
    outside the assumptions. ``on_game`` yields few instances (hundreds), sampling a large game evenly.
    ``expected`` is the ledger's verdict, used only to compare with the verdict found.
    """

    id: str
    ledger: str
    place: str
    title: str
    statement: str
    latex: str
    formalisation: str
    assumptions: tuple[str, ...]
    reading: Reading
    severity: Severity
    expected: Verdict
    corrected: str | None
    instance_type: type[I]
    search: Generated[I] | Exhaustive[I] | Sizes[I] | Proof[I] | Undecidable
    slack: Callable[[I], Slack]
    explain: Callable[[I], tuple[str, ...]]
    on_game: Callable[[RobustMarkovGame], Iterable[I]] | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """The instance of a claim that has none to try."""


def no_slack(_: Nothing) -> Slack:
    """Refuse: a claim without instances has no slack.

    Raises
    ------
    UnsupportedError
        Always.
    """
    raise UnsupportedError(
        "no instances: the verdict of this claim comes from the steps of its proof, if any"
    )


def no_lines(_: Nothing) -> tuple[str, ...]:
    """Return no derivation."""
    return ()


@dataclass(frozen=True, slots=True)
class Finding(Generic[I]):
    """What a search found: the verdict and the evidence for it."""

    verdict: Verdict
    instances: int
    undecided: int
    smallest: Slack | None
    slacks: tuple[float, ...]
    counterexample: I | None
    note: str
    tightness: tuple[Tightness, ...] = ()
