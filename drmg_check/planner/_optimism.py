r"""What a learner believes beyond its data: bonuses, clips, operator, and the presets for them.

Bonuses of agent i at (h, s, a), with N = N_h(s, a) or 1, :math:`\hat P` as in equation (4) and K episodes:

* Bernstein (total variation, equation (19) of the MORNAVI paper), where M = (Vbar + Vlow)/2 and
  D = Vbar - Vlow at step h + 1:

      beta = sqrt(c1 iota Var_P^[M] / N) + c3 2 E_P^[D] / H + w + 1 / sqrt(K)

  with ``w = c2 H^2 S iota / sqrt(N)`` for ``literal_19``, which is how (19) and Theorem 1 print it,
  ``w = c2 H^2 S iota / N`` for ``per_N``, which is what its Lemmas 6, 7, 11 and (27) use, and for ``sqrt_S``
  besides ``/ N`` also ``c1 S iota`` in place of ``c1 iota``, which covers every V at once. The statements
  conflict: with ``literal_19`` Lemma 7 fails, already at the last step for large N, and the rate of
  the regret is lost; with ``per_N`` the optimism of Lemma 8 fails on a constructed game, because V depends
  on the data; ``sqrt_S`` is the repair, and costs a factor sqrt(S) in the rate.
* KL (equation (102)), where P^min is the least positive entry of the row:

      beta = 2 cf H / rho_i sqrt(iota / (N P^min)) + 1 / sqrt(K).

  It does not tend to that of a game without uncertainty as rho -> 0; a row of radius 0 takes the
  Bernstein bonus.

Every other set takes the Bernstein bonus. The worst cases of L1 and contamination sets are Lipschitz in the
nominal row, as that of total variation is; for the other sets it is a heuristic, which the observed rate
of violated optimism judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, log
from typing import Literal, TypeAlias, get_args

from drmg_check.models import FiniteHorizon
from drmg_check.sets import KullbackLeibler
from drmg_check.vocabulary import InputError
from drmg_check.words import Rate

DELTA = 0.05
"""The usual chance of failure; it stands below a logarithm."""

OperatorName: TypeAlias = Literal["full", "drop"]
Clip: TypeAlias = Literal["H", "span"]
Preset: TypeAlias = Literal["theory", "practical"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimism:
    """The constants of the bonuses and what else equations (5) and (6) leave open.

    Parameters
    ----------
    episodes : int
        The paper's K, in the term 1 / sqrt(K), which floors the width of the bounds near 2 H / sqrt(K):
        runs with different K are not comparable.
    iota : float
        The logarithmic factor.
    c1, c2, c3, cf : float >= 0
        Constants of the terms of variance, of count and of width, and of the KL bonus. ``c3 = 1`` multiplies
        widths by up to 1 + 4 / H at each step.
    rate : {"literal_19", "per_N", "sqrt_S"}
    operator : {"full", "drop"}
        "full" takes the worst case over the ball, as (5) prints it; "drop" leaves out ``rho min V`` of total
        variation, as the analysis does. They agree where a failure state has value 0, which
        an optimistic estimate that never saw that state does not know.
    clip : {"H", "span"}
        Qbar is at most H, as (5) prints it; or at most H - h + 1, for operator "drop" also at
        most 1 / rho_i, as (48) has it. That needs a failure state, so "full" does without.

    Raises
    ------
    InputError
        A number or word out of range.

    Examples
    --------
    >>> Optimism(episodes=100, iota=1.0, c1=1.0, c2=0.01, c3=0.0, cf=0.0, rate="per_N").clip
    'H'
    """

    episodes: int
    iota: float
    c1: float
    c2: float
    c3: float
    cf: float
    rate: Rate
    operator: OperatorName = "full"
    clip: Clip = "H"

    def __post_init__(self) -> None:
        if self.episodes < 1:
            raise InputError(f"episodes={self.episodes!r}; expected >= 1")
        for name in ("iota", "c1", "c2", "c3", "cf"):
            value = getattr(self, name)
            if not (isfinite(value) and value >= 0.0):
                raise InputError(f"{name}={value!r}; expected a finite number >= 0")
        for name, words in (("rate", Rate), ("operator", OperatorName), ("clip", Clip)):
            if getattr(self, name) not in get_args(words):
                raise InputError(f"{name}={getattr(self, name)!r}; expected one of {get_args(words)}")


def theory(
    game: FiniteHorizon, episodes: int, *, delta: float = DELTA, operator: OperatorName = "full"
) -> Optimism:
    """Return the constants as the paper states them, with every absolute constant 1.

    ``iota = log(S^2 A H^2 K^(3/2) / delta)`` as in (19); Lemma 4 has S^3. At any K of an experiment the
    bounds are vacuous: all Qbar are H, all actions tie, and ties are broken the same way for ever.

    Raises
    ------
    InputError
        No episodes, or delta outside (0, 1).

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> theory(game, 10_000).rate, round(theory(game, 10_000).iota, 2)
    ('literal_19', 22.36)
    """
    if not 0.0 < delta < 1.0:
        raise InputError(f"delta={delta!r}; expected 0 < delta < 1")
    S, A, H = game.n_states, game.n_joint_actions, game.horizon
    iota = log(S * S * A * H * H / delta) + 3.0 / 2.0 * log(max(episodes, 1))
    return Optimism(
        episodes=episodes,
        iota=iota,
        c1=1.0,
        c2=1.0,
        c3=1.0,
        cf=1.0,
        rate="literal_19",
        operator=operator,
    )


def practical(game: FiniteHorizon, episodes: int, *, operator: OperatorName = "full") -> Optimism:
    """Return constants under which learning shows within thousands of episodes, at the price of any proof.

    ``iota = 1``, ``c1 = 1``, ``c2 = 1/100``, ``c3 = 0``; for KL ``2 cf H / rho = 7/10`` at the least positive
    radius. Runs report how often optimism was violated.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> practical(game, 10_000).rate, practical(game, 10_000).iota
    ('per_N', 1.0)
    """
    radii = [
        float(rho[rho > 0.0].min(initial=float("inf")))
        for rho, uncertainty in zip(game.rho, game.uncertainty, strict=True)
        if isinstance(uncertainty, KullbackLeibler)
    ]
    least = min(radii, default=0.0)
    return Optimism(
        episodes=episodes,
        iota=1.0,
        c1=1.0,
        c2=0.01,  # the 1/100 that is promised
        c3=0.0,
        cf=0.35 * least / game.horizon if isfinite(least) else 0.0,  # half of the 7/10
        rate="per_N",
        operator=operator,
    )
