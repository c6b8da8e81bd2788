"""Proofs of Lemmas 4 and 16, (i)-(ii): next states that are drawn before the interaction (B10).

One state, two actions; an action leads to the good state with a probability of its own, and which action is
played next depends on all that was seen. Drawn as they are needed, or all at once before: the law of what is
seen is the same. It does not follow that the next states of an action are independent *given how often it was
played*, which is why no bound for a fixed number of draws may be used at a number that depends on the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product
from operator import eq
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from drmg_check.vocabulary import InputError
from drmg_oracles import binomial_probability
from drmg_properties.claim import Budget, Claim, Derivation, Generated, Neighbour, equal
from drmg_properties.strategies import fractions

MAX_EPISODES = 4
History: TypeAlias = tuple[bool, ...]
"""Whether the good state came, episode by episode: the actions follow from the rule."""


@dataclass(frozen=True, slots=True)
class Adaptive:
    """The chances of the good state after each action, and a rule: an action for each history.

    ``rule[k]`` is played after the history whose digits, with a 1 before them, are k in binary; rule[0]
    never.
    """

    chances: tuple[Fraction, Fraction]
    rule: tuple[bool, ...]

    def __post_init__(self) -> None:
        if not all(0 <= chance <= 1 for chance in self.chances):
            raise InputError(f"chances={self.chances}; expected probabilities")
        if len(self.rule) not in {2**T for T in range(1, MAX_EPISODES + 1)}:
            raise InputError(f"{len(self.rule)} actions; expected 2^T, T from 1 to {MAX_EPISODES}")

    @property
    def T(self) -> int:
        """The number of episodes."""
        return len(self.rule).bit_length() - 1

    def action(self, history: History) -> int:
        """Return what is played after a history."""
        return int(self.rule[int("1" + "".join(str(int(seen)) for seen in history), 2)])


def _chance(case: Adaptive, history: History) -> Fraction:
    """Return the probability of a history if next states are drawn when they are needed."""
    total = Fraction(1)
    for k, good in enumerate(history):
        chance = case.chances[case.action(history[:k])]
        total *= chance if good else 1 - chance
    return total


def _from_lists(case: Adaptive) -> dict[History, Fraction]:
    """Return the law of histories if a list of next states of each action is drawn before."""
    law: dict[History, Fraction] = {}
    for lists in product(product((False, True), repeat=case.T), repeat=2):
        weight = Fraction(1)
        for chance, drawn in zip(case.chances, lists, strict=True):
            for good in drawn:
                weight *= chance if good else 1 - chance
        history: History = ()
        used = [0, 0]
        for _ in range(case.T):
            action = case.action(history)
            history = (*history, lists[action][used[action]])
            used[action] += 1
        law[history] = law.get(history, Fraction(0)) + weight
    return law


def _lines(case: Adaptive) -> tuple[str, ...]:
    histories = (h for k in range(case.T) for h in product((False, True), repeat=k))
    rule = ", ".join(f"{''.join('gb'[not x] for x in h) or '-'}: {case.action(h)}" for h in histories)
    return (
        f"T = {case.T} episodes; good state with {case.chances[0]} after action 0, {case.chances[1]} after 1",
        f"action after each history (g good, b bad): {rule}",
    )


def same_law(case: Adaptive) -> Derivation:
    """State that both laws of histories have all of their mass in common."""
    law = _from_lists(case)
    common = sum((min(_chance(case, history), chance) for history, chance in law.items()), Fraction(0))
    return equal(
        common,
        1,
        lambda: (
            *_lines(case),
            *(
                f"{''.join('gb'[not x] for x in h)}: {_chance(case, h)} as needed, {chance} from lists"
                for h, chance in sorted(law.items())
            ),
            "left: the sum of the smaller ones",
        ),
    )


def given_visits(case: Adaptive) -> Derivation:
    """State that, given its number of visits, the good next states of action 0 are binomial."""
    joint: dict[tuple[int, int], Fraction] = {}
    for history in product((False, True), repeat=case.T):
        played = [case.action(history[:k]) for k in range(case.T)]
        N = played.count(0)
        good = sum(seen for seen, action in zip(history, played, strict=True) if not action)
        joint[N, good] = joint.get((N, good), Fraction(0)) + _chance(case, history)
    total = Fraction(0)
    for N in range(case.T + 1):
        visited = sum((joint.get((N, k), Fraction(0)) for k in range(N + 1)), Fraction(0))
        for k in range(N + 1):
            independent = visited * binomial_probability(N, case.chances[0], partial(eq, k))
            total += min(joint.get((N, k), Fraction(0)), independent)
    return equal(
        total,
        1,
        lambda: (*_lines(case), "left: what the law of (N, good) has in common with N times a binomial"),
    )


def _rules(budget: Budget) -> SearchStrategy[Adaptive]:
    chances = st.tuples(fractions(0, 1, 4), fractions(0, 1, 4))
    return st.integers(1, min(2 + budget.size, MAX_EPISODES)).flatmap(
        lambda T: st.builds(
            Adaptive, chances, st.lists(st.booleans(), min_size=2**T, max_size=2**T).map(tuple)
        )
    )


B10_PRESAMPLED = Claim(
    id="B10.presampled",
    place="Lemmas 4 and 16, proofs, (i)-(ii)",
    title="Next states drawn before the interaction",
    statement=(
        "If the next states of each (s, a, h) are drawn independently before, and handed out visit by visit, "
        "all that is seen has the same law as in the interaction."
    ),
    latex=r"P((s^{(N_1)}, s^{(N_2)}, \ldots) = x) = P((s_1, s_2, \ldots) = x) \quad \forall x",
    formalisation=(
        "One state, two actions, up to four episodes, any rule that plays by what was seen; the exact law of "
        "all histories, either way. The nearest wrong thing is what the lemmas make of it: given how often "
        "an action was played its next states would be independent draws."
    ),
    instance_type=Adaptive,
    search=Generated(_rules),
    derive=same_law,
    neighbours=(Neighbour("independent given the visits", given_visits),),
)

CLAIMS: tuple[Claim[Any], ...] = (B10_PRESAMPLED,)
