"""Best responses, best modifications and equilibrium gaps of a joint policy, by the same recursion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod

import numpy as np

from drmg_check.files import Steps
from drmg_check.models import (
    JointPolicy,
    Model,
    action_distribution,
    check_policy_fits,
    row_set,
    state_problem,
)
from drmg_check.sets import FictitiousTotalVariation, SRectangular
from drmg_check.vocabulary import Array, Ends, InputError, IntArray, UnsupportedError
from drmg_oracles.games._bellman import (
    ActionValues,
    Rule,
    evaluate_exactly,
    mean,
    rounding_of,
    value_bounds,
)
from drmg_oracles.games._fictitious import averaged_game, own_policy
from drmg_oracles.games._fixed_point import Between
from drmg_oracles.games._s_rectangular import Resume, answering, mixtures, obeying, shared_bounds
from drmg_oracles.states import StateEnclosure, enclose_state


@dataclass(frozen=True, slots=True, eq=False)
class ExactBestResponse:
    """Bounds on agent i's best deviation, and a deviation that attains them.

    Attributes
    ----------
    lo, hi : object array [H + 1, S]
        Bounds on its value.
    deviation : int array [H, S], or [H, S, A_i] for a modification
        What agent i plays, whatever it is told or for each recommendation. It maximises the lower bound, and
        the smallest of tied actions is taken; where ``lo < hi`` its value is at most ``hi - lo`` below the
        maximum.
    gain_lo, gain_hi : object array of the same shape
        Bounds on what that earns at (h, s) over obeying there once, all later steps being the deviation's;
        for a modification given the recommendation. With a fictitious set obeying means playing the own
        marginal.
    mixture : object array [H, S, A_i] of Fractions, or None
        With an s-rectangular set, where a best response may have to be mixed, the probabilities with which
        it plays; ``deviation`` is then its likeliest action, and what it gains is what the mixture gains.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> response = best_response_exactly(game, policy, 0)
    >>> response.deviation[0].tolist(), response.gain_lo[0].tolist()  # 1 earns 15/32 in bad
    ([0, 1], [Fraction(0, 1), Fraction(15, 32)])
    """

    lo: Array
    hi: Array
    deviation: IntArray
    gain_lo: Array
    gain_hi: Array
    mixture: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ExactGap:
    """Bounds ``lo[i, s] <= gap_i(s) <= hi[i, s]`` at step 0, object arrays [m, S] of Fractions.

    ``at_initial`` is the largest over agents at the game's initial state, ``overall`` over states as well
    (the paper's gap at all s).

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> gap_exactly(game, policy).overall  # over all states, that is in bad
    (Fraction(285, 256), Fraction(285, 256))
    """

    lo: Array
    hi: Array
    at_initial: Ends
    overall: Ends


def best_response_exactly(
    game: Model, policy: JointPolicy, i: int, *, bits: int | None = None, steps: Steps | None = None
) -> ExactBestResponse:
    """Return ``max over agent i's Markov policies of V_i`` against the marginal ``pi_{-i}``, eq. (2)-(3).

    The other agents keep the joint distribution of their own actions; agent i no longer sees the
    correlation. Parameters and errors as for :func:`evaluate_exactly`.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> best_response_exactly(game, policy, 0).lo[0].tolist()
    [Fraction(313, 80), Fraction(49, 16)]
    """
    _check_agent(game, policy, i)
    if isinstance(game.uncertainty[i], FictitiousTotalVariation):
        alone = averaged_game(game, policy, i, obeying=False)
        return best_response_exactly(alone, own_policy(policy, i), 0, bits=bits, steps=steps)
    if isinstance(game.uncertainty[i], SRectangular):
        return _respond_mixed(game, policy, i, bits, steps)
    chosen, stride = _Deviation(game, ()), prod(game.actions[i + 1 :])

    def others(h: int, s: int) -> dict[int, Fraction]:
        weights: dict[int, Fraction] = {}
        for given in _by_recommendation(policy, i, h, s).values():
            for rest, weight in given.items():
                weights[rest] = weights.get(rest, Fraction(0)) + weight
        return weights

    def improve(h: int, s: int, q: ActionValues) -> Ends:
        joint = {a: w for a, w in enumerate(action_distribution(policy, h, s)) if w}
        options = _answers(game, i, others(h, s), q)
        obeying = mean((w, q(a)) for a, w in joint.items())
        return chosen.record((h, s), options, obeying, Fraction(1))

    def answered(h: int, s: int) -> Iterable[tuple[int, Fraction]]:
        own = int(chosen.deviation[h, s]) * stride
        return ((rest + own, weight) for rest, weight in others(h, s).items())

    return chosen.result(value_bounds(game, i, Rule(improve, answered), bits, steps, chosen.arrays))


def best_modification_exactly(
    game: Model, policy: JointPolicy, i: int, *, bits: int | None = None, steps: Steps | None = None
) -> ExactBestResponse:
    r"""Return ``max over phi_{h,s}: A_i -> A_i of V_i^{phi o pi}``: the best answer to each recommendation.

    By backward induction ``V_h(s) = sum_{a_i} max_b sum_{a_{-i}} pi(a_i, a_{-i}) Q_h(s, (b, a_{-i}))``: each
    recommendation is answered on its own. One that never comes is obeyed.

    Raises
    ------
    InputError
        The policy belongs to another game, or there is no agent i.
    UnsupportedError
        A fictitious set: two recommendations that are answered alike share one ball, around the average
        over both, so that they cannot be answered each on its own. An s-rectangular set: all recommendations
        share one budget.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> best_modification_exactly(game, policy, 0).deviation[0].tolist()  # told 0 and told 1
    [[0, 0], [1, 1]]
    """
    _check_agent(game, policy, i)
    if isinstance(game.uncertainty[i], FictitiousTotalVariation):
        raise UnsupportedError(
            f"agent {i} of {game.name!r} has a fictitious set: recommendations answered alike share one "
            "ball, so a CE gap is no sum over them; ask for the NE / CCE gap"
        )
    row_set(game.stages[0], i)  # an s-rectangular set is refused: all recommendations share one budget
    chosen, stride = _Deviation(game, (game.actions[i],)), prod(game.actions[i + 1 :])

    def modify(h: int, s: int, q: ActionValues) -> Ends:
        answered = []
        for k, given in _by_recommendation(policy, i, h, s).items():
            options = _answers(game, i, given, q)
            answered.append(chosen.record((h, s, k), options, options[k], sum(given.values(), Fraction(0))))
        return mean((Fraction(1), best) for best in answered)

    def answers(h: int, s: int) -> Iterable[tuple[int, Fraction]]:
        for k, given in _by_recommendation(policy, i, h, s).items():
            own = int(chosen.deviation[h, s, k]) * stride
            yield from ((rest + own, weight) for rest, weight in given.items())

    return chosen.result(value_bounds(game, i, Rule(modify, answers), bits, steps, chosen.arrays))


def gap_exactly(game: Model, policy: JointPolicy, *, bits: int | None = None) -> ExactGap:
    """Return ``V_i^{dagger, pi_{-i}} - V_i^pi`` at step 0: the CCE gap, and the NE gap of a product policy.

    The gap of a correlated policy may be negative: a deviation gives up the correlation. Parameters and
    errors as for :func:`evaluate_exactly`.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> gap_exactly(game, policy).at_initial
    (Fraction(11, 128), Fraction(11, 128))
    """
    values = evaluate_exactly(game, policy, bits=bits)
    best = [best_response_exactly(game, policy, i, bits=bits) for i in range(game.n_agents)]
    return _gap(
        np.stack([b.lo[0] for b in best]) - values.hi[:, 0],
        np.stack([b.hi[0] for b in best]) - values.lo[:, 0],
        game.initial_state,
    )


def ce_gap_exactly(game: Model, policy: JointPolicy, *, bits: int | None = None) -> ExactGap:
    r"""Return ``max_phi V_i^{phi o pi} - V_i^pi`` at step 0, over modifications ``phi_{h,s}: A_i -> A_i``.

    The gap is never negative, phi may be the identity. Parameters as for :func:`evaluate_exactly`, errors
    as for :func:`best_modification_exactly`.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> ce_gap_exactly(game, policy).at_initial  # the same, for a product policy tells nobody anything
    (Fraction(11, 128), Fraction(11, 128))
    """
    best = [best_modification_exactly(game, policy, i, bits=bits) for i in range(game.n_agents)]
    values = evaluate_exactly(game, policy, bits=bits)
    lo: Array = np.stack([b.lo[0] for b in best]) - values.hi[:, 0]
    lo[lo < 0] = Fraction(0)
    return _gap(lo, np.stack([b.hi[0] for b in best]) - values.lo[:, 0], game.initial_state)


class _Deviation:
    """Collects the deviation of one agent and its gains while the recursion runs backwards."""

    def __init__(self, game: Model, recommendations: tuple[int, ...]) -> None:
        shape = (len(game.stages), game.n_states, *recommendations)
        self.deviation = np.zeros(shape, dtype=np.int64)
        self.deviation[:] = np.arange(shape[-1]) if recommendations else 0
        self.lo, self.hi = (np.full(shape, Fraction(0), dtype=object) for _ in range(2))
        self.arrays = self.deviation, self.lo, self.hi

    def record(self, where: tuple[int, ...], options: list[Ends], obeying: Ends, weight: Fraction) -> Ends:
        """Choose among the options, whose weights sum to ``weight``; return bounds on the maximum."""
        best = max(low for low, _ in options), max(high for _, high in options)
        self.deviation[where] = max(range(len(options)), key=lambda b: options[b][0])
        self.lo[where] = (best[0] - obeying[1]) / weight
        self.hi[where] = (best[1] - obeying[0]) / weight
        return best

    def result(self, values: Between) -> ExactBestResponse:
        for array in self.arrays:
            array.setflags(write=False)
        return ExactBestResponse(values.lo, values.hi, self.deviation, self.lo, self.hi)


def _respond_mixed(
    game: Model, policy: JointPolicy, i: int, bits: int | None, steps: Steps | None
) -> ExactBestResponse:
    """Return the best response of an agent with an s-rectangular set."""
    chosen, mixture, stages = _Deviation(game, ()), mixtures(game, i), game.stages
    asked, obeyed = answering(policy, i), obeying(policy)
    rounding = rounding_of(game, i, bits)

    def note(h: int, s: int, proved: StateEnclosure, V: list[Fraction], width: Fraction) -> None:
        drawn = obeyed(h, s)
        stays = enclose_state(
            state_problem(stages[h], i, s, V, drawn.choices, drawn.shares), bits=rounding.precision
        )
        mixture[h, s] = proved.policy
        chosen.deviation[h, s] = max(range(len(proved.policy)), key=proved.policy.__getitem__)
        chosen.lo[h, s], chosen.hi[h, s] = proved.lo - stays.hi - width, proved.hi - stays.lo + width

    resume = Resume(steps, (chosen.deviation, chosen.lo, chosen.hi, mixture))
    values = shared_bounds(game, i, asked, rounding, note=note, resume=resume)
    mixture.setflags(write=False)
    return replace(chosen.result(values), mixture=mixture)


def _check_agent(game: Model, policy: JointPolicy, i: int) -> None:
    check_policy_fits(game, policy)
    if not 0 <= i < game.n_agents:
        raise InputError(f"i={i!r}; expected an agent 0 <= i < {game.n_agents}")


def _answers(game: Model, i: int, others: dict[int, Fraction], q: ActionValues) -> list[Ends]:
    """Return for each action b of agent i the sum over the others' (unnormalised) weights of ``Q(b, .)``."""
    stride = prod(game.actions[i + 1 :])
    return [mean((w, q(rest + b * stride)) for rest, w in others.items()) for b in range(game.actions[i])]


def _by_recommendation(policy: JointPolicy, i: int, h: int, s: int) -> dict[int, dict[int, Fraction]]:
    """Split ``pi_h(.|s)`` by agent i's action; keys of the inner dict are joint actions with a_i set to 0."""
    stride, n = prod(policy.actions[i + 1 :]), policy.actions[i]
    result: dict[int, dict[int, Fraction]] = {}
    for a, weight in enumerate(action_distribution(policy, h, s)):
        if weight:
            own = (a // stride) % n
            result.setdefault(own, {})[a - own * stride] = weight
    return result


def _gap(lo: Array, hi: Array, initial: int) -> ExactGap:
    lo.setflags(write=False)
    hi.setflags(write=False)
    return ExactGap(lo, hi, (max(lo[:, initial]), max(hi[:, initial])), (lo.max(), hi.max()))
