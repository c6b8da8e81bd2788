"""A claim: a statement of a paper made executable, so that a run can find its verdict."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, is_dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar, get_args

from drmg_check.models import RobustMarkovGame
from drmg_check.vocabulary import InputError, UnsupportedError, Verdict, brief
from drmg_properties.claim._derivation import Derivation

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

I = TypeVar("I")  # noqa: E741 - the instance
Reading: TypeAlias = Literal["literal", "intended", "corrected"]
Severity: TypeAlias = Literal[
    "none", "typo", "constant", "assumption missing", "proof", "result step false", "result false"
]
CONSTANTS = tuple(Fraction(c) for c in (1, 10**2, 10**4, 10**6))
"""The constants at which "there is an absolute constant" is tried."""


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

    Examples
    --------
    >>> Budget(max_examples=200, size=2, seed=0).size
    2
    """

    max_examples: int
    size: int
    seed: int


def no_corners(_: Budget) -> tuple[()]:
    """Return no instance."""
    return ()


@dataclass(frozen=True, slots=True)
class Generated(Generic[I]):
    """Search by Hypothesis: it generates, then shrinks what violates the claim to a minimal instance.

    ``corners`` are tried before: extreme instances, such as those on which a bound is tight, that simple
    numbers drawn at random meet seldom. The climb starts from them as well.

    >>> from hypothesis import strategies as st
    >>> search = Generated(lambda budget: st.integers(0, budget.size), corners=lambda budget: [budget.size])
    >>> list(search.corners(Budget(40, 3, 0)))
    [3]
    """

    strategy: Callable[[Budget], SearchStrategy[I]]
    corners: Callable[[Budget], Iterable[I]] = no_corners


@dataclass(frozen=True, slots=True)
class Exhaustive(Generic[I]):
    """Search by trying every instance of a finite list, smallest first.

    ``proves`` says that the list is the whole statement, so that finding no violation proves it. Of any other
    list the statement holds on the list, and no more.

    >>> list(Exhaustive(lambda budget: range(budget.size), proves=True).instances(Budget(40, 3, 0)))
    [0, 1, 2]
    """

    instances: Callable[[Budget], Iterable[I]]
    proves: bool = False


@dataclass(frozen=True, slots=True)
class EveryConstant(Generic[I]):
    """Refute "there is an absolute constant c" by a family: an instance for each c that contradicts it.

    ``witness(c)`` must contradict the statement with the constant c, for each c of :data:`CONSTANTS`. One
    that does not leaves the statement standing.

    >>> family = EveryConstant(lambda c: c + 1)  # contradicts "n <= c for every n", for each c
    >>> family.witness(Fraction(100))
    Fraction(101, 1)
    """

    witness: Callable[[Fraction], I]


@dataclass(frozen=True, slots=True)
class Existence(Generic[I]):
    """Prove "there is ..." by an example: an instance on which the derivation holds.

    ``complete`` says that the list is all there is, so that a list without an example refutes the statement.

    >>> list(Existence(lambda budget: [2, 4]).candidates(Budget(40, 1, 0)))
    [2, 4]
    """

    candidates: Callable[[Budget], Iterable[I]]
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Sizes(Generic[I]):
    """A bound against the trivial one at the sizes listed: a violation makes the claim vacuous, not false.

    The slack at a size is (trivial bound) - (bound claimed); ``below(size)`` says from where on the bound
    claimed is the smaller one, as in ``"K < 3.1e22"``.

    >>> search = Sizes(lambda budget: [10, 100], below=lambda n: f"n < {n}")
    >>> [search.below(size) for size in search.instances(Budget(40, 1, 0))]
    ['n < 10', 'n < 100']
    """

    instances: Callable[[Budget], Iterable[I]]
    below: Callable[[I], str]


@dataclass(frozen=True, slots=True)
class Proof(Generic[I]):
    """A statement with a published proof: unproved if it survives its own search but a step is refuted.

    ``statement`` searches the statement itself; None where nothing finite can contradict it, as for a
    regret bound with unnamed constants.

    >>> from drmg_properties.audit import find_claim, list_claims
    >>> theorem = find_claim(list_claims(), "G6").claim
    >>> theorem.search.steps[0].title
    "Bernstein's inequality for a value that depends on the data"
    """

    steps: tuple[Claim[Any], ...]
    statement: Generated[I] | Exhaustive[I] | None = None


@dataclass(frozen=True, slots=True)
class Undecidable:
    """No search: no finite computation decides the statement, for the reason given.

    >>> from drmg_properties.audit import find_claim, list_claims
    >>> find_claim(list_claims(), "G7").claim.search.reason
    'a quotation of theorems of other papers, whose proofs are not examined here'
    """

    reason: str


Search: TypeAlias = (
    Generated[I] | Exhaustive[I] | EveryConstant[I] | Existence[I] | Sizes[I] | Proof[I] | Undecidable
)


@dataclass(frozen=True, slots=True)
class Neighbour(Generic[I]):
    """The nearest wrong thing: a stronger statement that is false, by which the claim's search is measured.

    It is tried on the claim's own instances, with the same budget and seed; the search is worth something if
    it refutes it.

    Parameters
    ----------
    name : str
        What was changed, in a few words: ``"without the factor S"``.
    derive : callable
        The statement with the change.

    Examples
    --------
    >>> from drmg_properties.audit import find_claim, list_claims
    >>> [neighbour.name for neighbour in find_claim(list_claims(), "D5").claim.neighbours]
    ['51/100 for 1/e']
    """

    name: str
    derive: Callable[[I], Derivation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Generic[I]):
    """One statement, its formalisation and how it is searched.

    Parameters
    ----------
    id : str
        Unique in its ledger: ``"B12.corrected"``.
    place : str
        Where the paper says it: ``"Lemma 4, eq. (20)"``.
    title : str
        A few words, without a full stop.
    statement, latex : str
        What it says, in words and as a formula.
    formalisation : str
        What of it is checked, and how.
    assumptions : tuple of str
        What ``instance_type`` refuses to be without.
    reading : {"literal", "intended", "corrected"}
        Whether that is what the paper prints, what it must mean where the print makes no sense, or what is
        true instead.
    severity : Severity
        What a refutation means for the paper: ``"typo"``, what was meant is clear; ``"constant"``;
        ``"assumption missing"``, true under one that is not stated; ``"proof"``, a step that another may
        replace; ``"result step false"``, a step on which a result rests; ``"result false"``; ``"none"`` of a
        claim that holds.
    expected : Verdict
        The author's; a run computes its own and only compares.
    corrected : str or None
        The id of the claim that states what is true instead.
    instance_type : type
        A frozen dataclass that refuses what the statement does not cover. Its fields may be Fractions,
        integers, texts, tuples, rows, games, policies and such dataclasses: an instance is written as JSON.
    search : Search
        How instances are found, and what it means that none violates the claim.
    derive : callable
        The two sides of the statement on one instance, and their derivation. It is a function of the instance
        alone. It raises UnsupportedError for one that is out of its reach.
    neighbours : tuple of Neighbour
        Stronger statements that are false; a claim that holds needs one, or its power is unknown.
    on_game : callable, optional
        Few instances (hundreds) of one game, sampling a large one evenly. It raises UnsupportedError for a
        game outside the assumptions.
    telling : callable, optional
        An instance that violates the claim so much that it ends the discussion; it is shown beside the
        smallest one. By default the worst that the search has met, or the most violated of a family.
    address : callable, optional
        The address ``zoo:NAME?parameter=value`` of the game that an instance describes without holding it.

    Raises
    ------
    InputError
        An unknown reading or severity, an empty id, a neighbour's name twice, or a field of another type,
        such as a strategy for a function of a budget. The message names the claim and the field.

    Examples
    --------
    >>> from drmg_check.sets import Row, TotalVariation
    >>> from drmg_oracles import worst_case_exact
    >>> from drmg_properties.claim import at_most
    >>> coin = Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4")
    >>> claim = Claim(
    ...     id="1", place="Lemma 1", title="Fear costs", statement="The worst case is at most the mean.",
    ...     latex="s <= m", formalisation="A coin.", instance_type=Row,
    ...     search=Exhaustive(lambda budget: [coin]),
    ...     derive=lambda row: at_most(worst_case_exact(row), Fraction(1, 2)),
    ... )
    >>> claim.derive(coin).difference.low
    Fraction(1, 4)
    """

    id: str
    place: str
    title: str
    statement: str
    latex: str
    formalisation: str
    instance_type: type[I]
    search: Search[I]
    derive: Callable[[I], Derivation]
    expected: Verdict = Verdict.HOLDS
    assumptions: tuple[str, ...] = ()
    reading: Reading = "literal"
    severity: Severity = "none"
    corrected: str | None = None
    neighbours: tuple[Neighbour[I], ...] = ()
    on_game: Callable[[RobustMarkovGame], Iterable[I]] | None = None
    telling: Callable[[], I] | None = None
    address: Callable[[I], str] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not self.id or set(self.id) & set("@,~ "):
            raise InputError(f"id={self.id!r}; expected a name without '@', ',', '~' and spaces")
        for name, expected in _illegal_fields(self):
            value = " ".join(repr(getattr(self, name)).split())
            raise InputError(f"claim {self.id}: {name}={brief(value, 80)}; expected {expected}")
        for field, allowed in (("reading", Reading), ("severity", Severity)):
            value = getattr(self, field)
            if value not in get_args(allowed):
                known = ", ".join(map(repr, get_args(allowed)))
                raise InputError(f"claim {self.id}: {field}={value!r}; expected one of {known}")
        if self.expected not in tuple(Verdict):
            known = ", ".join(map(repr, map(str, Verdict)))
            raise InputError(f"claim {self.id}: expected={self.expected!r}; expected one of {known}")
        object.__setattr__(self, "expected", Verdict(self.expected))  # a text that says the same will do
        names = [neighbour.name for neighbour in self.neighbours]
        if len(set(names)) < len(names):
            raise InputError(f"claim {self.id}: neighbours={names}; expected different names")

    @property
    def needs_neighbour(self) -> bool:
        """Whether the claim is expected to be true of instances, so that its search has something to show."""
        return self.expected.is_true


TEXTS = ("place", "title", "statement", "latex", "formalisation")
OF_A_BUDGET = "to be a function of a Budget that returns"
SEARCHES = (Generated, Exhaustive, EveryConstant, Existence, Sizes, Proof, Undecidable)
PARTS = (
    ("strategy", f"{OF_A_BUDGET} a strategy, as in lambda budget: rows(TotalVariation())"),
    ("instances", f"{OF_A_BUDGET} instances, as in lambda budget: [first, second]"),
    ("corners", f"{OF_A_BUDGET} instances, as in lambda budget: [first, second]"),
    ("candidates", f"{OF_A_BUDGET} instances, as in lambda budget: [first, second]"),
    ("witness", "to be a function of a constant that returns an instance"),
    ("below", "to be a function of an instance that returns a text"),
)
"""What a search is made of, and what that has to be."""


def _illegal_fields(claim: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - its fields may be anything
    """Yield the fields that are something else than they are declared to be, and what was expected."""
    for name in TEXTS:
        if not isinstance(text := getattr(claim, name), str) or not text.strip():
            yield name, "a text"
    if not _is_tuple_of(str, claim.assumptions):
        yield "assumptions", "a tuple of texts"
    if not isinstance(claim.instance_type, type) or not is_dataclass(claim.instance_type):
        yield "instance_type", "a frozen dataclass, whose instances are tried"
    if not callable(claim.derive):
        yield "derive", "a function of an instance that returns a Derivation, as at_most(left, right, lines)"
    if not isinstance(claim.search, SEARCHES):
        yield "search", "one of " + ", ".join(search.__name__ for search in SEARCHES)
    for name, form in PARTS:
        if not callable(getattr(claim.search, name, print)):
            yield "search", f"its {name} {form}"
    if claim.telling is not None and not callable(claim.telling):
        yield "telling", "a function without arguments that returns an instance"
    if claim.address is not None and not callable(claim.address):
        yield "address", "a function of an instance that returns the address of a game"
    if not _is_tuple_of(Neighbour, claim.neighbours):
        yield "neighbours", "a tuple of Neighbour(name, derive)"


def _is_tuple_of(kind: type, value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(entry, kind) for entry in value)


def as_claim(claim: Claim[I], neighbour: Neighbour[I]) -> Claim[I]:
    """Return a false neighbour as a claim of its own, which its claim's search must refute.

    >>> from drmg_properties.audit import find_claim, list_claims
    >>> claim = find_claim(list_claims(), "D5").claim
    >>> as_claim(claim, claim.neighbours[0]).title
    'Wasted steps of a geometric escape, 51/100 for 1/e'
    """
    search = claim.search
    if isinstance(search, Exhaustive):
        search = replace(search, proves=False)
    if isinstance(search, Existence):  # it is refuted if no candidate of the claim is an example of it
        search = replace(search, complete=True)
    return replace(
        claim,
        id=f"{claim.id}/{re.sub(r'[^A-Za-z0-9.]+', '-', neighbour.name)}",
        title=f"{claim.title}, {neighbour.name}",
        statement=f"{claim.statement} Changed: {neighbour.name}.",
        derive=neighbour.derive,
        search=search,
        expected=Verdict.REFUTED,
        corrected=claim.id,
        neighbours=(),
    )


@dataclass(frozen=True, slots=True)
class Nothing:
    """The instance of a claim that has none to try.

    >>> Nothing()
    Nothing()
    """


def nothing_to_derive(_: Nothing) -> Derivation:
    """Refuse: a claim without instances has no sides.

    Raises
    ------
    UnsupportedError
        Always.

    Examples
    --------
    >>> nothing_to_derive(Nothing())  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    drmg_check.vocabulary._errors.UnsupportedError: no instances: the verdict of this claim comes ...
    """
    raise UnsupportedError(
        "no instances: the verdict of this claim comes from the steps of its proof, if any"
    )
