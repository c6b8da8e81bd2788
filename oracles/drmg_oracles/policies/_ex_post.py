r"""The ex-post gap: what an agent can gain by a deviation when the kernel is known to it, at its worst.

Agent-wise robustness compares two infima: a policy is an equilibrium if no deviation has a larger robust
value. Ex post it must be one under every kernel of the set at once,

    gap_i = sup_P max_dev [ u_i(dev, P) - u_i(pi, P) ],   P in agent i's set,   gap = max_i gap_i.

It may be positive for every policy. **Law.** The agent-wise gain is at most the ex-post gain: if
``u_i(dev, P) <= u_i(pi, P) + e`` for all P, the infima over P compare alike. The converse is false.

**Upper bound.** At (h, s) let ``W`` and ``W + D`` be what pi and the deviation earn from the next step on,
under the kernel P that both meet. A deviation b changes the weight of the joint action a from ``pi(a)`` to
``dev(a) = pi_{-i}(a_{-i})`` or 0, so that the difference is, besides rewards,

    sum_a P_a . [ dev(a) D + (dev(a) - pi(a)) W ].

``D`` is at most the bound of the next step and ``W`` lies between the worst and the best case of pi, so each
bracket is at most a vector that does not depend on P, and each row takes its supremum alone. Where the next
step is the last, W and D depend on no kernel, and the bound is attained: games in which the kernel of one
step matters are solved exactly.

**Lower bound.** The gain of a best response to one kernel: the nominal one, the worst and the best for pi,
and the one that attains the suprema above for the deviations that the bound prefers. They are in the set by
the certificates of their rows. All is in fractions, rounded outward where they get long.
Source of the notion: He and Parker (2025), there with common nature.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from drmg_check.models import (
    JointPolicy,
    Model,
    RobustMarkovGame,
    Stage,
    action_distribution,
    check_policy_fits,
    exact_reward,
    independent,
    row_of,
)
from drmg_check.sets import ByRow, UncertaintySet
from drmg_check.vocabulary import Ends, UnsupportedError
from drmg_oracles import best_response_exactly, enclose, evaluate_exactly

ZERO = Fraction(0)
LONGEST = 1024  # bits of a denominator that is kept; beyond, bounds are rounded outward
PLACES = 256  # to multiples of 2^-256, far below what the enclosures of curved sets leave
Vector: TypeAlias = Sequence[Fraction]
Kernel: TypeAlias = dict[tuple[int, int, int], Vector]  # (h, s, a) -> distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class ExPostGain:
    """What one agent can gain at the initial state; every pair contains the true number.

    Attributes
    ----------
    name : str
    ex_post : (Fraction, Fraction)
        With a kernel known to it; negative only where obeying a correlated policy beats any response.
    agent_wise : (Fraction, Fraction)
        In robust values, as a certificate says it.

    Examples
    --------
    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")
    >>> gain = ex_post(game, uniform_policy(game)).agents[0]
    >>> [str(end) for end in gain.ex_post], [str(end) for end in gain.agent_wise]
    (['111/1280', '111/1280'], ['11/128', '11/128'])
    """

    name: str
    ex_post: Ends
    agent_wise: Ends


@dataclass(frozen=True, slots=True)
class ExPostCertificate:
    """The ex-post gains of all agents from a policy.

    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")
    >>> certificate = ex_post(game, uniform_policy(game))
    >>> certificate.gap[0] >= certificate.agent_wise_gap[0]
    True
    """

    agents: tuple[ExPostGain, ...]

    @property
    def gap(self) -> Ends:
        """The largest ex-post gain: at most 0 for an ex-post equilibrium."""
        return _largest([agent.ex_post for agent in self.agents])

    @property
    def agent_wise_gap(self) -> Ends:
        """The largest gain in robust values, at most that."""
        return _largest([agent.agent_wise for agent in self.agents])


def _largest(each: Sequence[Ends]) -> Ends:
    return max(low for low, _ in each), max(high for _, high in each)


def ex_post(game: Model, policy: JointPolicy) -> ExPostCertificate:
    """Bound what each agent can gain from a policy when it knows the kernel.

    Deviations are those of a Nash or coarse correlated gap: the others keep their marginal.

    Parameters
    ----------
    game : Model
        Of a finite horizon; an enclosure or two for each row and step, and the fractions of some kernels.
    policy : JointPolicy

    Raises
    ------
    InputError
        The policy belongs to another game.
    UnsupportedError
        A fictitious or s-rectangular set, or a game without a horizon or with compressed rows.

    Examples
    --------
    >>> from drmg_check.models import deterministic_policy
    >>> from drmg_check.sets import Interval
    >>> game = RobustMarkovGame(  # from 0 to the goal 1 or to 2: by action 0 with 2/5 to 3/5, by 1 with 1/2
    ...     transition=[[[0, "1/2", "1/2"]] * 2, [[0, 1, 0]] * 2, [[0, 0, 1]] * 2],
    ...     reward=[[[[0, 0]] * 3, [[0, 0], [1, 1], [0, 0]]]],
    ...     radius=[[[["1/10", 0], [0, 0], [0, 0]]] * 2],
    ...     uncertainty=Interval("nominal"), actions=(2,), horizon=2,
    ... )
    >>> cautious = ex_post(game, JointPolicy([[[0, 1]] * 3] * 2, (2,)))
    >>> [str(x) for x in (*cautious.gap, *cautious.agent_wise_gap)]
    ['1/10', '1/10', '0', '0']
    """
    check_policy_fits(game, policy)
    policy = independent(policy)
    for i, uncertainty in enumerate(game.uncertainty):
        if not isinstance(uncertainty, UncertaintySet | ByRow):
            raise UnsupportedError(
                f"agent {i} of {game.name!r} has a {uncertainty.kind} set, whose rows are not chosen each on "
                "its own; an ex-post gap needs sets of single rows"
            )
    if not isinstance(game, RobustMarkovGame):
        raise UnsupportedError(
            f"{game.name!r} is a {type(game).__name__}; ex-post gaps are of games with a horizon and dense "
            "rows"
        )
    values = evaluate_exactly(game, policy)
    start, agents = (0, game.initial_state), []
    for i in range(game.n_agents):
        best = best_response_exactly(game, policy, i)
        robust = best.lo[start] - values.hi[i][start], best.hi[start] - values.lo[i][start]
        upper, kernels = _upper_bound(_Play(game, policy, i))
        lower = max(_gain_under(_Play(game, policy, i), kernel) for kernel in kernels)
        agents.append(ExPostGain(name=game.agent_names[i], ex_post=(lower, upper), agent_wise=robust))
    return ExPostCertificate(tuple(agents))


@dataclass(frozen=True, slots=True)
class _Play:
    game: RobustMarkovGame
    policy: JointPolicy
    i: int

    def weights(self, h: int, s: int) -> tuple[Vector, Vector, Sequence[int]]:
        """Return ``pi(a)``, ``pi_{-i}(a_{-i})`` and agent i's own action, for every joint action."""
        actions = self.game.actions
        stride, n = 1, actions[self.i]
        for size in actions[self.i + 1 :]:
            stride *= size
        pi = action_distribution(self.policy, h, s)
        own = [a // stride % n for a in range(len(pi))]
        rest: dict[int, Fraction] = {}
        for a, weight in enumerate(pi):
            others = a - own[a] * stride
            rest[others] = rest.get(others, ZERO) + weight
        return pi, [rest[a - own[a] * stride] for a in range(len(pi))], own


def _upper_bound(play: _Play) -> tuple[Fraction, list[Kernel]]:
    """Return the bound at the initial state, and kernels of the set that are bad for the policy."""
    game, i, S = play.game, play.i, play.game.n_states
    D, L, U = ([ZERO] * S for _ in range(3))
    kernels: dict[str, Kernel] = {name: {} for name in ("nominal", "worst", "best", "telling")}
    for stage in reversed(game.stages):
        h, step = stage.step, _Step(stage, i)
        bounds = []
        for s in range(S):
            pi, others, own = play.weights(h, s)
            r = [exact_reward(stage, i, s, a) for a in range(len(pi))]
            low = [step.supremum(s, a, [-x for x in L]) for a in range(len(pi))]
            high = [step.supremum(s, a, U) for a in range(len(pi))]
            change: dict[tuple[int, bool], tuple[Fraction, Vector]] = {}
            for a, weight in enumerate(pi):
                kernels["nominal"][h, s, a] = row_of(stage, i, s, a, L).probabilities
                kernels["worst"][h, s, a], kernels["best"][h, s, a] = low[a][1], high[a][1]
                for used in (True, False):
                    dev = others[a] if used else ZERO
                    W = U if dev > weight else L
                    vector = [dev * d + (dev - weight) * w for d, w in zip(D, W, strict=True)]
                    change[a, used] = step.supremum(s, a, vector)
            gains = [
                sum(
                    (
                        change[a, own[a] == b][0] + (others[a] * (own[a] == b) - pi[a]) * r[a]
                        for a in range(len(pi))
                    ),
                    ZERO,
                )
                for b in range(game.actions[i])
            ]
            b = max(range(len(gains)), key=gains.__getitem__)
            for a in range(len(pi)):
                kernels["telling"][h, s, a] = change[a, own[a] == b][1]
            least = sum((x * (r[a] - low[a][0]) for a, x in enumerate(pi)), ZERO)
            most = sum((x * (r[a] + high[a][0]) for a, x in enumerate(pi)), ZERO)
            bounds.append((_up(gains[b]), -_up(-least), _up(most)))
        D, L, U = (list(column) for column in zip(*bounds, strict=True))
    return D[game.initial_state], list(kernels.values())


@dataclass(frozen=True, slots=True)
class _Step:
    stage: Stage
    i: int

    def supremum(self, s: int, a: int, V: Vector) -> tuple[Fraction, Vector]:
        """Return an upper bound on ``sup E_q V`` over the ball of (s, a), and a distribution near it."""
        row = row_of(self.stage, self.i, s, a, [-v for v in V])
        if not row.span:
            return V[0], row.probabilities
        proved = enclose(row)
        return -proved.lo, proved.worst_distribution


def _gain_under(play: _Play, kernel: Kernel) -> Fraction:
    """Return at most what the best response to one kernel gains over the policy under that kernel."""
    game, i, S = play.game, play.i, play.game.n_states
    obeyed, answered = [ZERO] * S, [ZERO] * S
    for stage in reversed(game.stages):
        h, following = stage.step, []
        for s in range(S):
            pi, others, own = play.weights(h, s)

            def Q(V: Vector, a: int, h: int = h, s: int = s, stage: Stage = stage) -> Fraction:
                return exact_reward(stage, i, s, a) + _mean(kernel[h, s, a], V)

            given = sum((x * Q(obeyed, a) for a, x in enumerate(pi) if x), ZERO)
            replies = [ZERO] * game.actions[i]
            for a, x in enumerate(others):
                if x:
                    replies[own[a]] += x * Q(answered, a)
            following.append((_up(given), -_up(-max(replies))))
        obeyed, answered = (list(column) for column in zip(*following, strict=True))
    return answered[game.initial_state] - obeyed[game.initial_state]


def _mean(q: Vector, V: Vector) -> Fraction:
    return sum((x * v for x, v in zip(q, V, strict=True) if x), ZERO)


def _up(x: Fraction) -> Fraction:
    if x.denominator.bit_length() <= LONGEST:
        return x
    return Fraction(-(-x.numerator * 2**PLACES // x.denominator), 2**PLACES)
