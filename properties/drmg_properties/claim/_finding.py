"""What a search of a claim has found, and how it is gathered instance by instance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Generic, TypeVar

from drmg_check.sets import Row
from drmg_check.vocabulary import DrmgError, InputError, Slack, UnsupportedError, Verdict
from drmg_properties.claim._claim import Claim
from drmg_properties.claim._codec import encode_instance
from drmg_properties.claim._derivation import Derivation
from drmg_properties.claim._tightness import Profile, Tightness, merged

I = TypeVar("I")  # noqa: E741 - the instance
SAMPLE = 250
"""How many relative slacks a finding keeps, for a histogram."""
MUCH = 2
"""An instance tells much more than the smallest one if it violates the claim by so many times as much."""


class ClaimError(DrmgError):
    """A claim is no function of its instance, or returns something else than a derivation."""


@dataclass(frozen=True, slots=True)
class Caught(Generic[I]):
    """What the search made of one false neighbour.

    Attributes
    ----------
    name : str
        What was changed in the statement.
    counterexample : instance or None
        On which the neighbour is false; None where the search did not find one.
    derivation : Derivation or None
        Of the neighbour on the counterexample.

    Examples
    --------
    >>> from drmg_properties.audit import find_claim, list_claims
    >>> from drmg_properties.claim import Budget, judge
    >>> (caught,) = judge(find_claim(list_claims(), "D5").claim, Budget(40, 1, 0)).caught
    >>> caught.name, caught.derivation.violated
    ('51/100 for 1/e', True)
    """

    name: str
    counterexample: I | None
    derivation: Derivation | None


@dataclass(frozen=True, slots=True)
class Derived(Generic[I]):
    """An instance and what the claim says of it.

    >>> from drmg_properties.claim import at_most
    >>> Derived("an instance", at_most(0, 1)).derivation.holds
    True
    """

    instance: I
    derivation: Derivation


@dataclass(frozen=True, slots=True)
class Witness(Derived[I]):
    """The instance that contradicts "there is an absolute constant" with the constant c.

    >>> from drmg_properties.claim import at_most
    >>> Witness("an instance", at_most(3, 1), Fraction(2)).constant
    Fraction(2, 1)
    """

    constant: Fraction


@dataclass(frozen=True, slots=True)
class Finding(Generic[I]):
    """What a search found: the verdict and the evidence for it.

    Attributes
    ----------
    instances : int
        That told something, or could not be decided.
    undecided : int
        Of these, the bounds of the slack contained 0, or the checker could not reach them.
    silent : int
        Others, on which the statement says nothing: they do not count as tried.
    smallest : Slack or None
        Of the counterexample, or of the instance with the least relative slack.
    relative : float or None
        The slack of that instance as a share of the larger side.
    slacks : tuple of float
        Relative slacks of a sample, in the order tried; that of the closest instance is among them.
    counterexample : instance or None
    caught : tuple of Caught
        What the same search made of the false neighbours.
    telling : Derived or None
        An instance that violates the claim by much more than the counterexample, which is the smallest one:
        that of the claim, the most violated of a family, or the worst that the search has met.
    family : tuple of Witness
        Those of each constant tried.
    rests_on : dict of Row to int
        Of the counterexample: the rows whose worst cases its two sides rest on, with the bits of a
        certificate of each.

    Examples
    --------
    >>> from drmg_properties.audit import find_claim, list_claims
    >>> from drmg_properties.claim import Budget, judge
    >>> finding = judge(find_claim(list_claims(), "B8").claim, Budget(40, 1, 0))
    >>> str(finding.verdict), finding.counterexample, finding.smallest.violated
    ('refuted', Count(n=1), True)
    """

    verdict: Verdict
    instances: int
    undecided: int
    silent: int
    smallest: Slack | None
    relative: float | None
    slacks: tuple[float, ...]
    counterexample: I | None
    note: str
    tightness: tuple[Tightness, ...] = ()
    caught: tuple[Caught[I], ...] = ()
    telling: Derived[I] | None = None
    family: tuple[Witness[I], ...] = ()
    rests_on: Mapping[Row, int] = field(default_factory=dict)


@dataclass(slots=True)
class Tally(Generic[I]):
    """What the search has seen so far."""

    instances: int = 0
    undecided: int = 0
    silent: int = 0
    closest: Derivation | None = None
    slacks: list[float] = field(default_factory=list)
    profile: Profile = field(default_factory=Profile)
    counterexample: I | None = None
    worst: Derived[I] | None = None
    shrinks: int = 0
    why_undecided: str = ""
    why_silent: str = ""

    def add(self, claim: Claim[I], instance: I, *, moved: bool = False) -> Derivation | None:
        """Check one instance; None where the statement says nothing, or the checker cannot reach it.

        One out of reach is undecided, unless the search has ``moved`` there from one within reach.
        """
        shrinking = self.counterexample is not None
        try:
            derivation = derive(claim, instance)
        except UnsupportedError as error:
            self.why_undecided = str(error)
            if not (shrinking or moved):
                self.instances += 1
                self.undecided += 1
            return None
        except InputError:
            if not moved:
                raise
            return None  # the search has left what only the claim's strategy knows to be legal
        if not derivation.tells:
            if not shrinking:
                self.silent += 1
                self.why_silent = derivation.silent
            return None
        if shrinking:
            self.shrinks += 1
        else:
            self._count(instance, derivation)
        if derivation.violated:
            self.counterexample, self.closest = instance, derivation
            if self.worst is None or derivation.relative < self.worst.derivation.relative:
                self.worst = Derived(instance, derivation)
        return derivation

    def _count(self, instance: I, derivation: Derivation) -> None:
        self.instances += 1
        self.undecided += not (derivation.holds or derivation.violated)
        if len(self.slacks) < SAMPLE:
            self.slacks.append(derivation.relative)
        self.profile.add(instance, derivation.relative)
        if self.closest is None or derivation.relative < self.closest.relative:
            self.closest = derivation

    def finding(self, note: str, sound: Verdict = Verdict.HOLDS) -> Finding[I]:
        """Return the verdict: refuted, not checkable where nothing told anything, else ``sound``."""
        if self.counterexample is not None:
            verdict = Verdict.REFUTED
        elif self.instances == self.undecided:
            verdict = Verdict.NOT_CHECKABLE
            if self.silent:
                note = f"no instance tells: {self.why_silent} on all {self.silent}"
            note = self.why_undecided or note
        else:
            # An undecided instance leaves a hole in an enumeration.
            verdict = Verdict.ON_A_LIST if sound == Verdict.PROVED and self.undecided else sound
        return Finding(
            verdict,
            self.instances,
            self.undecided,
            self.silent,
            self.closest.difference if self.closest else None,
            self.closest.relative if self.closest else None,
            with_closest(self.slacks, self.closest.relative if self.closest else None),
            self.counterexample,
            note,
            self.profile.tightness(),
            telling=self._telling(),
        )

    def _telling(self) -> Derived[I] | None:
        """Return the worst instance met, if it is much worse than the smallest one."""
        if self.worst is None or self.closest is None:
            return None
        return self.worst if self.worst.derivation.relative <= MUCH * self.closest.relative else None


def with_closest(slacks: Sequence[float], closest: float | None) -> tuple[float, ...]:
    """Return a sample of relative slacks that shows the closest one, which may have come late.

    >>> with_closest([0.5, 0.25], 0.125)
    (0.5, 0.25, 0.125)
    """
    sample = tuple(slacks[:SAMPLE])
    return sample if closest is None or closest in sample else (*sample, closest)


def together(before: Finding[I], further: Finding[I]) -> Finding[I]:
    """Return what two searches of one claim have found; the further one says how it ended.

    >>> empty = Tally[int]().finding("nothing to try")
    >>> together(empty, replace(empty, instances=2)).instances
    2
    """
    closest = min(before, further, key=lambda each: 1.0 if each.relative is None else each.relative)
    if further.counterexample is not None:
        closest = further
    return replace(
        further,
        instances=before.instances + further.instances,
        undecided=before.undecided + further.undecided,
        silent=before.silent + further.silent,
        smallest=closest.smallest,
        relative=closest.relative,
        slacks=with_closest((*before.slacks, *further.slacks), closest.relative),
        tightness=merged(before.tightness, further.tightness),
        caught=before.caught,
    )


def derive(claim: Claim[I], instance: I) -> Derivation:
    """Return what the claim says of the instance.

    Raises
    ------
    ClaimError
        ``derive`` returns something else than a Derivation.
    Exception
        Whatever the claim raises, with a note that holds the instance as JSON; UnsupportedError alone means
        that the instance is out of reach.

    Examples
    --------
    >>> from drmg_properties.audit import find_claim, list_claims
    >>> claim = find_claim(list_claims(), "D10").claim
    >>> derive(claim, claim.instance_type(M=2, N=2, H=3)).violated
    False
    """
    if not isinstance(instance, claim.instance_type):
        raise ClaimError(
            f"claim {claim.id}: its search yields {instance!r:.80} of type {type(instance).__name__}; "
            f"expected instances of instance_type={claim.instance_type.__name__}"
        )
    try:
        derivation = claim.derive(instance)
    except UnsupportedError:
        raise
    except BaseException as error:
        error.add_note(f"while checking claim {claim.id} on {encode_instance(claim, instance)}")
        raise
    if not isinstance(derivation, Derivation):
        raise ClaimError(
            f"claim {claim.id}: derive returned {derivation!r:.80} of type {type(derivation).__name__}; "
            "expected a Derivation, such as at_most(left, right, lines)"
        )
    return derivation
