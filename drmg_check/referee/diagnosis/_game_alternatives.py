r"""Other semantics of a game: what implementations compute in place of its robust values and gaps.

An alternative is a recursion with one part exchanged. Every convention and mistake of single rows is one,
applied to each row of the game. Beyond those, with h = 1, ..., H as in the paper:

    discounts    gamma (r + sigma), gamma r + sigma, gamma from the second step on
    clipping     of sigma, Q or V, at H, H - h + 1 or 1, with or without 0 as lower bound
    steps        one too many or too few, in reversed order, the first one for all
    indices      joint actions with the first agent fastest, agents exchanged, one radius for all places
    parts        kernel, rewards or radii alone of the first step, of the next one, in reversed order
    adversary    of the average over actions, at the first step only, that chooses the action as well
    policies     uniform, product of the marginals, the likeliest action, deviations of other kinds
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache, partial
from operator import itemgetter
from typing import TypeAlias

import numpy as np

from drmg_check.referee.diagnosis._alternatives import Alternative
from drmg_check.referee.diagnosis._mistakes import GRIDS, LARGEST_MULTIPLIERS
from drmg_check.referee.diagnosis._readings import (
    Reading,
    all_but_first,
    all_steps,
    backwards,
    everywhere,
    first_agent,
    first_for_all,
    game_steps,
    independent,
    likeliest,
    mean_over_actions,
    next_step,
    of_first_action,
    of_first_state,
    of_kernel,
    of_radii,
    of_rewards,
    one_more,
    policy_steps,
    reordered_game,
    reordered_policy,
    reversed_agents,
    transposed,
    uniform,
    unpaid_last,
    without_adversary,
)
from drmg_check.referee.diagnosis._recursion import (
    GameAlternative,
    Recursion,
    Tables,
    best_modification,
)
from drmg_check.referee.diagnosis._responses import (
    best_joint,
    deviating_once,
    nominal_answer,
    seeing,
    worst_answer,
)
from drmg_check.referee.diagnosis._rows import catalogue, value_of
from drmg_check.sets import Row, UncertaintySet
from drmg_check.vocabulary import Array, UnsupportedError

Change: TypeAlias = Callable[[Array], Array]

COSTS = "declare quantity='cost'"
_OTHER_STEPS: tuple[tuple[str, str, Callable[[int], slice | list[int]]], ...] = (
    ("of the first step for all", "the index h is missing", first_for_all),
    ("of the next step", "an index h is off by one", next_step),
    ("in reversed order", "that of step H - h + 1", backwards),
)
_RADII: dict[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "first": itemgetter(0),
    "largest": max,
    "smallest": min,
}
_OTHER_RADII: tuple[tuple[str, str, Change], ...] = (
    ("the mean radius of a state", "rho[i,h,s,a] averaged over a", mean_over_actions),
    ("the radius of the first action", "the index a is missing in rho", of_first_action),
    ("the radii of the first state", "the index s is missing in rho", of_first_state),
    ("radii with flipped axes", "rho[s,a] read as rho[a,s]", transposed),
)
_PARTS: dict[str, Callable[[Change], Reading]] = {
    "kernel": of_kernel,
    "rewards": of_rewards,
    "radii": of_radii,
}
_TOO_FINE = {
    *(f"a grid of {n} points" for n in GRIDS if n > 101),
    *(f"a multiplier of at most {most}" for most in LARGEST_MULTIPLIERS if most > 1),
}
"""What they cost is too little beside the values of a whole game, which are small numbers."""


@lru_cache(maxsize=64)
def lifted_rows(uncertainty: UncertaintySet) -> tuple[GameAlternative, ...]:
    """Return each alternative to a single row, applied to every row of the recursion."""
    return tuple(
        GameAlternative(f"{one.name} in each row", one.words, _by_rows(one), one.remedy)
        for one in catalogue(uncertainty)
        if one.name not in _TOO_FINE
    )


def _by_rows(one: Alternative) -> Recursion:
    return Recursion(row=partial(_by_row, one))


def _by_row(one: Alternative, _i: int, row: Row) -> Fraction:
    value = value_of(one, row)
    if value is None:
        raise UnsupportedError("the alternative says nothing about this row")
    return value


def negated_answers() -> Iterator[GameAlternative]:
    """Yield the answer with its sign changed."""
    yield GameAlternative("minus the answer", "the sign changed at the end", Recursion(write=np.negative))


def costs_of_responses(*, difference: bool) -> Iterator[GameAlternative]:
    """Yield rewards that a response, or what it gains, takes for costs."""
    how = Recursion(read=of_rewards(np.negative), write=np.positive if difference else np.negative)
    words = "the least that can be had while the adversary makes it large"
    yield GameAlternative("rewards taken for costs", words, how, COSTS)


def negated_rewards() -> Iterator[GameAlternative]:
    """Yield the answer for minus the rewards."""
    how = Recursion(read=of_rewards(np.negative))
    yield GameAlternative("the answer for -r", "the sign of r changed and not changed back", how)


def myopia() -> GameAlternative:
    """Return the recursion without what follows."""
    how = Recursion(combine=lambda r, sigma, left, H: r)
    return GameAlternative("the rewards of a step alone", "what follows is not added", how)


def radii() -> Iterator[GameAlternative]:
    """Yield radii of an agent that stand for others of the same agent."""
    for name, choose in _RADII.items():
        how = Recursion(read=of_radii(everywhere(choose)))
        yield GameAlternative(f"the {name} radius everywhere", "rho[i,h,s,a] taken for rho[i]", how)
    for name, words, change in _OTHER_RADII:
        yield GameAlternative(name, words, Recursion(read=of_radii(change)))


def other_games() -> Iterator[GameAlternative]:
    """Yield other games of several steps: agents, steps and adversaries taken for others."""
    yield from agents_exchanged()
    yield from adversaries_of_some_steps()
    words = "one worst case of the kernel averaged over the actions drawn, with the average radius"
    yield GameAlternative("an adversary of the average", words, Recursion(together=True))
    yield GameAlternative("no last reward", "V_H = 0 in place of V_{H+1} = 0", Recursion(read=unpaid_last))
    words = "everything of step H - h + 1"
    yield GameAlternative("the steps in reversed order", words, Recursion(read=all_steps(backwards)))
    words = "as if game and policy were stationary"
    yield GameAlternative("the first step for all", words, Recursion(read=all_steps(first_for_all)))
    words = "as if the game were stationary, but not the policy"
    how = Recursion(read=game_steps(first_for_all))
    yield GameAlternative("the game of the first step for all", words, how)
    yield from parts_of_other_steps()
    yield stale_values()
    how = Recursion(read=of_radii(lambda rho: everywhere(itemgetter(0))(first_agent(rho))))
    yield GameAlternative("one radius for all agents", "rho[0,0,0,0] at every place", how)
    words = "the last one counts twice"
    yield GameAlternative("one step too many", words, Recursion(read=all_steps(one_more)))
    words = "an index h is off by one"
    yield GameAlternative("the answer at the second step", words, Recursion(read=all_steps(all_but_first)))


def parts_of_other_steps() -> Iterator[GameAlternative]:
    """Yield kernel, rewards or radii, one of them alone, taken from other steps."""
    for part, of in _PARTS.items():
        for name, words, kept in _OTHER_STEPS:
            how = Recursion(read=of(partial(_steps_of, part, kept)))
            yield GameAlternative(f"the {part} {name}", words, how)


def _steps_of(part: str, kept: Callable[[int], slice | list[int]], array: Array) -> Array:
    chosen: Array = array[kept(len(array))] if part == "kernel" else array[:, kept(array.shape[1])]
    return chosen


def stale_values() -> GameAlternative:
    """Return the recursion that is one sweep behind."""
    words = "V_{h+2} in place of V_{h+1}, an update that comes too late"
    return GameAlternative("the values of the sweep before", words, Recursion(next_values=_two_ahead))


def _two_ahead(V: Array, h: int) -> Array:
    later: Array = V[min(h + 2, len(V) - 1)]
    return later


def agents_exchanged() -> Iterator[GameAlternative]:
    """Yield readings with rewards or radii of other agents."""
    for what, of in {"rewards": of_rewards, "radii": of_radii}.items():
        words = f"agents in reversed order in {'r' if what == 'rewards' else 'rho'}"
        yield GameAlternative(f"the other agent's {what}", words, Recursion(read=of(reversed_agents)))
        words = "the index i is missing"
        yield GameAlternative(f"the first agent's {what} for all", words, Recursion(read=of(first_agent)))


def adversaries_of_some_steps() -> Iterator[GameAlternative]:
    """Yield games that are nominal at some steps."""
    how = Recursion(read=without_adversary(slice(1, None)))
    yield GameAlternative("an adversary at the first step only", "later steps are nominal", how)
    how = Recursion(read=without_adversary(slice(0, 1)))
    yield GameAlternative("an adversary from the second step on", "the first step is nominal", how)


def other_policies() -> Iterator[GameAlternative]:
    """Yield other policies than the one that was asked about."""
    yield GameAlternative("the uniform policy", "pi is ignored", Recursion(read=uniform))
    yield GameAlternative("the likeliest joint action", "pi taken for its mode", Recursion(read=likeliest))
    how = Recursion(read=policy_steps(backwards))
    yield GameAlternative("the policy in reversed order", "that of step H - h + 1", how)
    how = Recursion(read=policy_steps(first_for_all))
    yield GameAlternative("the policy of the first step for all", "the index h is missing in pi", how)
    words = "pi read in column-major order"
    how = Recursion(read=reordered_policy)
    yield GameAlternative("the policy with agent 1's action fastest", words, how)


def index_errors() -> Iterator[GameAlternative]:
    """Yield answers that are written at other places."""
    how = Recursion(write=reversed_agents)
    yield GameAlternative("the agents in reversed order", "the answer of the other agent", how)
    how = Recursion(write=lambda V: np.stack([V[:, 0]] * V.shape[1], axis=1))
    yield GameAlternative("the answer in the first state for all", "the index s is missing", how)


def independence() -> GameAlternative:
    """Return the recursion with the product of the policy's marginals."""
    words = "the correlation is lost"
    return GameAlternative("the product of the marginals", words, Recursion(read=independent))


def other_responses() -> Iterator[GameAlternative]:
    """Yield deviations of other kinds."""
    words = "read in column-major order"
    yield GameAlternative("joint actions with agent 1's fastest", words, Recursion(read=_column_major))
    yield GameAlternative("the best joint action", "the others cooperate", Recursion(respond=best_joint))
    yield GameAlternative("the worst response", "min in place of max", Recursion(respond=worst_answer))
    words = "the maximum is taken inside the expectation"
    how = Recursion(respond=seeing)
    yield GameAlternative("a response that sees the others' actions", words, how)
    words = "the deviation of a correlated equilibrium"
    how = Recursion(respond=best_modification)
    yield GameAlternative("an answer to each recommendation", words, how)
    how = Recursion(respond=deviating_once)
    yield GameAlternative("a deviation at the first step only", "pi is obeyed afterwards", how)
    how = Recursion(respond=nominal_answer)
    yield GameAlternative("the nominal best response", "found without the adversary", how)


def _column_major(t: Tables) -> Tables:
    return reordered_policy(reordered_game(t))
