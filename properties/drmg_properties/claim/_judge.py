"""Search for a violation of a claim and compute its verdict.

A claim is refuted iff an instance was found that certainly contradicts it. It is proved iff a search that
covers the whole statement decided every instance; of another list it holds on the list, of generated
instances it holds. Instances on which the statement says nothing do not count: without one that tells, a
claim is not checkable. A bound that exceeds the trivial one at a size of interest is vacuous there. A
statement that survives but for a refuted step of its proof is unproved.

What a search is worth is measured by the claim's false neighbours: the same search must refute them.
The search is a function of the claim and the budget alone: the same seed finds the same instance in
every process. It follows the relative slack, so that it does not settle where both sides vanish.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar, assert_never

from drmg_check.models import RobustMarkovGame
from drmg_check.vocabulary import UnsupportedError, Verdict
from drmg_properties.claim._claim import (
    CONSTANTS,
    Budget,
    Claim,
    EveryConstant,
    Exhaustive,
    Existence,
    Generated,
    Proof,
    Sizes,
    Undecidable,
    as_claim,
)
from drmg_properties.claim._climb import climb, simplify
from drmg_properties.claim._codec import encode_instance
from drmg_properties.claim._derivation import Derivation
from drmg_properties.claim._finding import Caught, ClaimError, Derived, Finding, Tally, Witness, derive
from drmg_properties.claim._fresh import check_lines, check_same, confirmed
from drmg_properties.claim._hunt import Objection, hunt
from drmg_properties.formulas import interval

I = TypeVar("I")  # noqa: E741 - the instance
CLIMB = 2
"""The climb may try one instance for so many that Hypothesis may generate."""


def judge(claim: Claim[I], budget: Budget) -> Finding[I]:
    """Search for a violation as the claim says, and shrink it to a minimal instance.

    The claim's false neighbours are then searched with the same budget.

    Returns
    -------
    Finding
        The verdict with its evidence; ``instances`` and ``slacks`` count the search only, not the shrinking.

    Raises
    ------
    ClaimError
        The claim's derivation is no function of the instance, or no derivation.
    Exception
        Whatever ``derive`` raises, with a note that holds the instance as JSON;
        ``UnsupportedError`` alone counts as an undecided instance.

    Examples
    --------
    >>> from drmg_properties.audit import find_claim, list_claims
    >>> finding = judge(find_claim(list_claims(), "D5").claim, Budget(40, 1, 0))
    >>> str(finding.verdict), finding.instances, [neighbour.name for neighbour in finding.caught]
    ('holds on a list', 185, ['51/100 for 1/e'])
    """
    finding = confirmed(claim, _search(claim, budget))
    caught = tuple(_catch(claim, k, budget) for k in range(len(claim.neighbours)))
    return replace(finding, caught=caught, telling=_telling(claim, finding))


def _telling(claim: Claim[I], finding: Finding[I]) -> Derived[I] | None:
    """Return the claim's own choice, where it is violated at all, else that of the search."""
    if claim.telling is None or finding.counterexample is None:
        return finding.telling
    instance = claim.telling()
    derivation = derive(claim, instance)
    if not derivation.violated:
        raise ClaimError(
            f"claim {claim.id}: telling={encode_instance(claim, instance)} has a slack of "
            f"{interval(derivation.difference)}; expected an instance that violates the claim"
        )
    return Derived(instance, derivation)


def _catch(claim: Claim[I], k: int, budget: Budget) -> Caught[I]:
    neighbour = as_claim(claim, claim.neighbours[k])
    finding = _search(neighbour, budget)
    if (instance := finding.counterexample) is None:
        return Caught(claim.neighbours[k].name, None, None)
    again = derive(neighbour, instance)
    check_same(neighbour, finding.smallest, again)
    check_lines(neighbour, again)
    return Caught(claim.neighbours[k].name, instance, again)


def _search(claim: Claim[I], budget: Budget) -> Finding[I]:
    search = claim.search
    if isinstance(search, Generated):
        return _generate(claim, search, budget)
    if isinstance(search, Exhaustive):
        return _try_list(claim, search, budget)
    if isinstance(search, EveryConstant):
        return _try_constants(claim, search)
    if isinstance(search, Existence):
        return _find_example(claim, search, budget)
    if isinstance(search, Sizes):
        return _compare_sizes(claim, search, budget)
    if isinstance(search, Proof):
        return _judge_proof(claim, search, budget)
    if isinstance(search, Undecidable):
        return Tally[I]().finding(search.reason)
    assert_never(search)


def judge_on_game(claim: Claim[I], game: RobustMarkovGame, budget: Budget) -> Finding[I]:
    """Check the claim on one game: on at most ``budget.max_examples`` of its instances, spread evenly.

    A game outside the claim's assumptions, or too large for its checker, is not checkable; the note
    says why.

    >>> from drmg_check.zoo import load
    >>> from drmg_properties.audit import find_claim, list_claims
    >>> claim = find_claim(list_claims(), "B1").claim
    >>> str(judge_on_game(claim, load("initial-shock"), Budget(40, 1, 0)).verdict)
    'holds'
    """
    if claim.on_game is None:
        return Tally[I]().finding(f"claim {claim.id} has no form for a given game")
    try:
        instances = list(claim.on_game(game))
        count = min(len(instances), budget.max_examples)
        chosen = [instances[k * len(instances) // count] for k in range(count)]
        return confirmed(claim, _try_all(claim, chosen, "no violation on the game", Verdict.HOLDS))
    except UnsupportedError as error:
        return Tally[I]().finding(str(error))


def _try_list(claim: Claim[I], search: Exhaustive[I], budget: Budget) -> Finding[I]:
    note, sound = "no violation in the list", Verdict.ON_A_LIST
    if search.proves:
        note, sound = "the list is the whole statement", Verdict.PROVED
    return _try_all(claim, search.instances(budget), note, sound)


def _try_all(claim: Claim[I], instances: Iterable[I], note: str, sound: Verdict) -> Finding[I]:
    tally = Tally[I]()
    for instance in instances:
        tally.add(claim, instance)
        if tally.counterexample is not None:
            return tally.finding("stopped at the first violation, the smallest instance first")
    return tally.finding(note, sound)


def _try_constants(claim: Claim[I], search: EveryConstant[I]) -> Finding[I]:
    """Refute by the witness of the smallest constant, if the witness of every constant contradicts."""
    tried = ", ".join(f"{int(c):,}" for c in CONSTANTS)
    tally, family = Tally[I](), list[Witness[I]]()
    for c in CONSTANTS:
        single = Tally[I]()
        instance = search.witness(c)
        derivation = single.add(claim, instance)
        if derivation is None or not derivation.violated:
            tally.add(claim, instance)
            return tally.finding(f"the witness of c = {int(c):,} does not contradict the statement")
        family.append(Witness(instance, derivation, c))
    tally.add(claim, family[0].instance)
    finding = tally.finding(f"a family of instances contradicts every constant: tried at c = {tried}")
    most = max(family, key=lambda witness: (-witness.derivation.relative, witness.constant))
    return replace(finding, telling=None if most is family[0] else most, family=tuple(family))


def _find_example(claim: Claim[I], search: Existence[I], budget: Budget) -> Finding[I]:
    tally, last = Tally[I](), None
    for instance in search.candidates(budget):
        derivation = derive(claim, instance)
        if derivation.holds:
            tally.add(claim, instance)
            return tally.finding("an example proves it", Verdict.PROVED)
        last = instance
    if search.complete and last is not None:
        tally.add(claim, last)
        return tally.finding("no candidate is an example, and the list is complete")
    return Tally[I]().finding("no example among the candidates")


def _compare_sizes(claim: Claim[I], search: Sizes[I], budget: Budget) -> Finding[I]:
    finding = _try_all(claim, search.instances(budget), "no violation in the list", Verdict.ON_A_LIST)
    if finding.counterexample is None:
        return finding
    return replace(
        finding, verdict=Verdict.VACUOUS, note=f"says nothing for {search.below(finding.counterexample)}"
    )


def _judge_proof(claim: Claim[I], search: Proof[I], budget: Budget) -> Finding[I]:
    """Judge the statement, then the steps of its proof in their order."""
    if search.statement is None:
        finding = Tally[I]().finding("no finite computation contradicts the statement")
    else:
        finding = _search(replace(claim, search=search.statement), budget)
    if finding.verdict in (Verdict.REFUTED, Verdict.PROVED):
        return finding
    refuted = [step.id for step in search.steps if _is_refuted(step, budget)]
    if not refuted:
        return finding
    return replace(
        finding,
        verdict=Verdict.UNPROVED,
        note=f"{finding.note}; refuted steps of its proof: {', '.join(refuted)}",
    )


@lru_cache(maxsize=256)
def _is_refuted(step: Claim[Any], budget: Budget) -> bool:
    # Several statements rest on the same steps. A claim and a budget decide a search.
    return _search(step, budget).verdict == Verdict.REFUTED


def _generate(claim: Claim[I], search: Generated[I], budget: Budget) -> Finding[I]:
    """Try the corners, let Hypothesis search, then climb from the best instances seen."""
    from hypothesis import target
    from hypothesis.strategies import SearchStrategy

    tally = Tally[I]()
    seen: list[tuple[float, I]] = []

    def violate(instance: I) -> None:
        derivation = tally.add(claim, instance)
        if derivation is None:
            return
        if derivation.violated:
            raise Objection
        seen.append((derivation.relative, instance))
        target(-derivation.relative)

    def check(instance: I) -> Derivation | None:
        return tally.add(claim, instance, moved=True)

    def simplified(violation: I, how: str) -> Finding[I]:
        simplify(claim, violation, check, [instance for _, instance in seen], budget.max_examples)
        return tally.finding(
            f"violated by instance {tally.instances}, {how}; simplified in {tally.shrinks} steps"
        )

    for instance in search.corners(budget):
        derivation = tally.add(claim, instance)
        if derivation is not None:
            seen.append((derivation.relative, instance))
            if derivation.violated:
                return simplified(instance, "a corner")
    corners = tally.instances
    strategy = search.strategy(budget)
    if not isinstance(strategy, SearchStrategy):
        raise ClaimError(
            f"claim {claim.id}: the strategy of its search returned {strategy!r:.80}; expected a Hypothesis "
            "strategy, as in lambda budget: rows(TotalVariation())"
        )
    if hunt(strategy, violate, budget.max_examples, budget.seed):
        assert tally.counterexample is not None
        return simplified(tally.counterexample, "shrunk by Hypothesis")
    generated = tally.instances
    violation = climb(claim, seen, check, budget.max_examples // CLIMB, budget.seed)
    if violation is not None:
        return simplified(violation, f"climbed to after {generated} others")
    tried = f"{corners} corners, {generated - corners}" if corners else f"{generated}"
    climbed = tally.instances - generated
    return tally.finding(f"{tried} generated by Hypothesis, {climbed} by climbing from the best")
