"""Search for a violation of a claim and compute its verdict.

A claim is refuted iff an instance with a certified negative slack was found, proved iff an exhaustive
search that covers the whole statement decided every instance, and otherwise holds on what was tried.
A bound that exceeds the trivial one at a size of interest is vacuous there. A statement that survives
but for a refuted step of its proof is unproved.
The search is a function of the claim and the budget alone: the same seed finds the same instance in
every process.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Generic, TypeVar

from drmg_check.models import RobustMarkovGame
from drmg_check.vocabulary import Slack, UnsupportedError, Verdict
from drmg_properties.claim._claim import (
    Budget,
    Claim,
    Exhaustive,
    Finding,
    Generated,
    Proof,
    Sizes,
    Undecidable,
)
from drmg_properties.claim._climb import climb, simplify
from drmg_properties.claim._codec import encode_instance
from drmg_properties.claim._hunt import Objection, hunt
from drmg_properties.claim._tightness import Profile

I = TypeVar("I")  # noqa: E741 - the instance
CLIMB = 2
"""The climb may try one instance for so many that Hypothesis may generate."""
SAMPLE = 250
"""How many slacks a finding keeps, for a histogram."""


@dataclass(slots=True)
class _Tally(Generic[I]):
    """What the search has seen so far."""

    instances: int = 0
    undecided: int = 0
    smallest: Slack | None = None
    slacks: list[float] = field(default_factory=list)
    profile: Profile = field(default_factory=Profile)
    counterexample: I | None = None
    shrinks: int = 0
    why_undecided: str = ""

    def add(self, claim: Claim[I], instance: I, *, moved: bool = False) -> Slack | None:
        """Check one instance; None when its checker says that it is out of reach.

        Such an instance is undecided, unless the search has ``moved`` there from one within reach.
        """
        shrinking = self.counterexample is not None
        try:
            slack = claim.slack(instance)
        except UnsupportedError as error:
            self.why_undecided = str(error)
            if not (shrinking or moved):
                self.instances += 1
                self.undecided += 1
            return None
        except Exception as error:
            error.add_note(f"while checking claim {claim.id} on {encode_instance(claim, instance)}")
            raise
        if shrinking:
            self.shrinks += 1
        else:
            self.instances += 1
            self.undecided += not (slack.holds or slack.violated)
            if len(self.slacks) < SAMPLE:
                self.slacks.append(float(slack.low))
            self.profile.add(instance, slack)
        if self.smallest is None or (slack.high, slack.low) < (self.smallest.high, self.smallest.low):
            self.smallest = slack
        if slack.violated:
            self.counterexample = instance
        return slack

    def finding(self, note: str, *, proves: bool = False) -> Finding[I]:
        if self.counterexample is not None:
            verdict = Verdict.REFUTED
        elif self.instances == self.undecided:
            verdict = Verdict.NOT_CHECKABLE
            note = self.why_undecided or note
        else:
            verdict = Verdict.PROVED if proves and not self.undecided else Verdict.HOLDS
        return Finding(
            verdict,
            self.instances,
            self.undecided,
            self.smallest,
            tuple(self.slacks),
            self.counterexample,
            note,
            self.profile.tightness(),
        )


def judge(claim: Claim[I], budget: Budget) -> Finding[I]:
    """Search for a violation as the claim says, and shrink it to a minimal instance.

    Returns
    -------
    Finding
        The verdict with its evidence. ``smallest`` is the least slack seen, shrinking included;
        ``instances`` and ``slacks`` count the search only.

    Raises
    ------
    Exception
        Whatever a checker raises, with a note that holds the instance as JSON;
        ``UnsupportedError`` alone counts as an undecided instance.
    """
    search = claim.search
    if isinstance(search, Undecidable):
        return _Tally[I]().finding(search.reason)
    if isinstance(search, Sizes):
        return _compare_sizes(claim, search, budget)
    if isinstance(search, Proof):
        return _judge_proof(claim, search, budget)
    return _look(claim, search, budget)


def judge_on_game(claim: Claim[I], game: RobustMarkovGame, budget: Budget) -> Finding[I]:
    """Check the claim on one game: on at most ``budget.max_examples`` of its instances, spread evenly.

    A game outside the claim's assumptions, or too large for its checker, is not checkable; the note
    says why.
    """
    if claim.on_game is None:
        return _Tally[I]().finding(f"claim {claim.id} has no form for a given game")
    try:
        instances = list(claim.on_game(game))
        count = min(len(instances), budget.max_examples)
        chosen = [instances[k * len(instances) // count] for k in range(count)]
        return _try_all(claim, chosen, proves=False)
    except UnsupportedError as error:
        return _Tally[I]().finding(str(error))


def _look(claim: Claim[I], search: Generated[I] | Exhaustive[I], budget: Budget) -> Finding[I]:
    if isinstance(search, Exhaustive):
        return _try_all(claim, search.instances(budget), proves=search.proves)
    return _generate(claim, search, budget)


def _compare_sizes(claim: Claim[I], search: Sizes[I], budget: Budget) -> Finding[I]:
    found = _try_all(claim, search.instances(budget), proves=False)
    if found.counterexample is None:
        return found
    return replace(
        found, verdict=Verdict.VACUOUS, note=f"says nothing for {search.below(found.counterexample)}"
    )


def _judge_proof(claim: Claim[I], search: Proof[I], budget: Budget) -> Finding[I]:
    """Judge the statement, then the steps of its proof in their order."""
    if search.statement is None:
        found = _Tally[I]().finding("no finite computation contradicts the statement")
    else:
        found = _look(claim, search.statement, budget)
    if found.verdict in (Verdict.REFUTED, Verdict.PROVED):
        return found
    refuted = [step.id for step in search.steps if _is_refuted(step, budget)]
    if not refuted:
        return found
    return replace(
        found,
        verdict=Verdict.UNPROVED,
        note=f"{found.note}; refuted steps of its proof: {', '.join(refuted)}",
    )


@lru_cache(maxsize=256)
def _is_refuted(step: Claim[Any], budget: Budget) -> bool:
    # Several statements rest on the same steps.
    return judge(step, budget).verdict == Verdict.REFUTED


def _try_all(claim: Claim[I], instances: Iterable[I], *, proves: bool) -> Finding[I]:
    tally = _Tally[I]()
    for instance in instances:
        tally.add(claim, instance)
        if tally.counterexample is not None:
            return tally.finding("stopped at the first violation, the smallest instance first")
    note = "the list is the whole statement" if proves else "no violation in the list"
    return tally.finding(note, proves=proves)


def _generate(claim: Claim[I], search: Generated[I], budget: Budget) -> Finding[I]:
    """Let Hypothesis search, then climb from the best instances that it has seen."""
    from hypothesis import target

    tally = _Tally[I]()
    seen: list[tuple[Slack, I]] = []

    def violate(instance: I) -> None:
        slack = tally.add(claim, instance)
        if slack is None:
            return
        if slack.violated:
            raise Objection
        seen.append((slack, instance))
        target(-float(slack.low))

    def check(instance: I) -> Slack | None:
        return tally.add(claim, instance, moved=True)

    if hunt(search.strategy(budget), violate, budget.max_examples, budget.seed):
        return tally.finding(f"violated by instance {tally.instances}, shrunk in {tally.shrinks} steps")
    generated = tally.instances
    found = climb(claim, seen, check, budget.max_examples // CLIMB, budget.seed)
    if found is None:
        climbed = tally.instances - generated
        return tally.finding(f"{generated} generated by Hypothesis, {climbed} by climbing from the best")
    simplify(claim, found, check, [instance for _, instance in seen], budget.max_examples)
    return tally.finding(
        f"violated by instance {tally.instances}, climbed to after {generated} generated; "
        f"simplified in {tally.shrinks} steps"
    )
