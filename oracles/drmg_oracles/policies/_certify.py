r"""The certificate of a joint policy: what each agent gets, could get, and how.

For agent i and a joint policy pi, at the initial state,

    value     V_i^pi                     the robust value;
    response  max_{pi_i'} V_i^{pi_i', pi_{-i}}   against the marginal of the others;
    gain      response - value           NE if pi is a product, CCE in any case;
    CE gain   max_phi V_i^{phi o pi} - V_i^pi    over modifications of the recommendations.

All come from the exact recursion of :mod:`drmg_oracles` in fractions, or rounded outward, so that each
interval contains the true number; no float decides anything. For a product policy a recommendation tells
agent i nothing, ``sum_k max_b pi_i(k) E Q(b) = max_b E Q(b)``, so that the CE gain is the gain.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from operator import itemgetter
from typing import TypeAlias

import numpy as np

from drmg_check.documents import Question
from drmg_check.files import Parts
from drmg_check.models import (
    DiscountedGame,
    JointPolicy,
    Model,
    action_distribution,
    check_policy_fits,
    independent,
    is_product,
    marginal,
    n_successors,
)
from drmg_check.sets import FictitiousTotalVariation, SRectangular
from drmg_check.vocabulary import Array, Ends, InputError
from drmg_check.words import Concept
from drmg_oracles import (
    ExactBestResponse,
    ExactValues,
    WorstRow,
    best_modification_exactly,
    best_response_exactly,
    evaluate_exactly,
    worst_path,
)
from drmg_oracles.games import DEFAULT_BITS
from drmg_oracles.policies._departure import Departure
from drmg_oracles.policies._kept import (
    MODIFICATION,
    RESPONSE,
    VALUE,
    departures_once,
    moved_once,
    steps_of,
)
from drmg_oracles.policies._shown import agent_line, certificate_line, certificate_table

EXACT_ENTRIES = 100_000  # positive probabilities in all agents' kernels up to which fractions stay exact
BITS = DEFAULT_BITS
Bracket: TypeAlias = tuple[Question, Array, Array]
KEPT = 5  # departures and worst rows that a certificate shows of each agent


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AgentCertificate:
    """What one agent gets and could get, at the initial state; every pair contains the true number.

    Attributes
    ----------
    name : str
    value, response, gain : (Fraction, Fraction)
        As in the module; ``gain`` may be negative for a correlated policy.
    ce_gain : (Fraction, Fraction) or None
        None for a fictitious or an s-rectangular set, whose modifications are not known.
    departures : tuple of Departure
        The places on the best response's own path at which it certainly gains, those that matter most first;
        at most five. With an s-rectangular set, only those where a single action is the best answer.
    ce_departures : tuple of Departure
        The same for the best modification of a correlated policy.
    worst_rows : tuple of WorstRow
        The rows on the path by which the worst kernel takes most from the policy; at most five.
    moved_rows : int
        How many rows on the path the worst kernel moves.
    brackets : tuple of (question, lower, upper)
        Of a discounted game: bounds in all states for each question, which prove themselves; else empty.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> agent = certify(game, policy).agents[0]
    >>> agent.value[0], agent.response[0], agent.moved_rows
    (Fraction(2449, 640), Fraction(313, 80), 4)
    """

    name: str
    value: Ends
    response: Ends
    gain: Ends
    ce_gain: Ends | None
    departures: tuple[Departure, ...]
    ce_departures: tuple[Departure, ...]
    worst_rows: tuple[WorstRow, ...]
    moved_rows: int
    brackets: tuple[Bracket, ...] = ()

    def __repr__(self) -> str:
        return agent_line(self)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class GapCertificate:
    """Proven bounds on the values and gaps of a joint policy.

    Attributes
    ----------
    game, policy
    agents : tuple of AgentCertificate
    product : bool
        Whether the policy, as the certificate holds it, is exactly a product; else it has no NE gap.
    values : ExactValues
        Every agent's bounds at all (h, s).
    bits : int or None
        None if fractions stayed exact where they could; else bounds are multiples of ``2^-bits`` of the
        scale.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> certificate = certify(game, policy)
    >>> certificate
    GapCertificate('initial-shock', 2 agents, NE gap 11/128)
    >>> certificate.product, certificate.bits, certificate.gap("ce")
    (True, None, (Fraction(11, 128), Fraction(11, 128)))
    """

    game: Model
    policy: JointPolicy
    agents: tuple[AgentCertificate, ...]
    product: bool
    values: ExactValues
    bits: int | None

    def __repr__(self) -> str:
        return certificate_line(self)

    def _repr_html_(self) -> str:
        return certificate_table(self)

    def gap(self, concept: Concept) -> Ends:
        """Return bounds on the largest gain of any agent at the initial state.

        Raises
        ------
        InputError
            The NE gap of a correlated policy, or the CE gap of a correlated one with a fictitious or an
            s-rectangular set.
        """
        if concept == "nash" and not self.product:
            raise InputError("the policy is correlated, so it has no NE gap; ask for 'cce' or 'ce'")
        gains = [agent.ce_gain if concept == "ce" else agent.gain for agent in self.agents]
        known = [gain for gain in gains if gain is not None]
        if len(known) < len(gains):
            raise InputError(
                "the CE gap is not known, because of a fictitious or an s-rectangular set; ask for 'cce'"
            )
        return max(low for low, _ in known), max(high for _, high in known)


def certify(game: Model, policy: JointPolicy, *, parts: Parts | None = None) -> GapCertificate:
    """Return proven bounds on every agent's value, best response and gains.

    Parameters
    ----------
    game, policy
        Read as exact rationals; the policy may be correlated. Where rounding alone correlates it, the
        certificate is that of :func:`drmg_check.models.independent`, which it holds.
    parts : Parts, optional
        Where finished steps are kept and recalled, as of :func:`drmg_check.files.kept_parts`.

    Raises
    ------
    InputError
        The policy belongs to another game, or the parts are damaged.

    Notes
    -----
    Fractions stay exact in games of at most 100,000 positive probabilities, counted for each agent and step;
    beyond, all is rounded outward at 2^-128 of the scale, which costs about 0.1 ms a row of 50 states under
    total variation. The time grows like the rows that the policy or a deviation from it can meet.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> certify(game, policy).gap("nash")
    (Fraction(11, 128), Fraction(11, 128))
    """
    check_policy_fits(game, policy)
    policy = independent(policy)
    bits = precision(game)
    steps = [steps_of(parts, VALUE, i) for i in range(game.n_agents)]
    values = evaluate_exactly(game, policy, bits=bits, steps=steps)
    product = game.n_agents == 1 or is_product(policy)
    question = _Question(game, policy, values, bits, product, parts)
    agents = tuple(_certify_agent(question, i) for i in range(game.n_agents))
    return GapCertificate(game, policy, agents, product, values, bits)


def precision(game: Model) -> int | None:
    """Return the bits to which a certificate of the game is rounded; None if fractions stay exact."""
    entries = sum(int(n_successors(stage.rows).sum()) for stage in game.stages)
    return None if entries * game.n_agents <= EXACT_ENTRIES else BITS


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of each agent."""

    game: Model
    policy: JointPolicy
    values: ExactValues
    bits: int | None
    product: bool
    parts: Parts | None


def _certify_agent(asked: _Question, i: int) -> AgentCertificate:
    game, policy, values, bits, parts = asked.game, asked.policy, asked.values, asked.bits, asked.parts
    start = (0, game.initial_state)
    value = values.lo[i][start], values.hi[i][start]
    best = best_response_exactly(game, policy, i, bits=bits, steps=steps_of(parts, RESPONSE, i))
    response = best.lo[start], best.hi[start]
    gain = _difference(response, value, least=Fraction(0) if asked.product else None)
    ce_gain: Ends | None = gain
    ce_departures: tuple[Departure, ...] = ()
    brackets: list[Bracket] = [("value", values.lo[i, 0], values.hi[i, 0])]
    brackets.append(("response", best.lo[0], best.hi[0]))
    if not asked.product and isinstance(game.uncertainty[i], FictitiousTotalVariation | SRectangular):
        ce_gain = None
    elif not asked.product:
        answer = best_modification_exactly(game, policy, i, bits=bits, steps=steps_of(parts, MODIFICATION, i))
        ce_gain = _difference((answer.lo[start], answer.hi[start]), value, least=Fraction(0))
        ce_departures = departures_once(parts, MODIFICATION, i, lambda: _departures(game, policy, i, answer))
        brackets.append(("modification", answer.lo[0], answer.hi[0]))
    moved_rows, worst_rows = moved_once(parts, i, lambda: _worst_rows(game, policy, i, values))
    return AgentCertificate(
        name=game.agent_names[i],
        value=value,
        response=response,
        gain=gain,
        ce_gain=ce_gain,
        departures=departures_once(parts, RESPONSE, i, lambda: _departures(game, policy, i, best)),
        ce_departures=ce_departures,
        worst_rows=worst_rows,
        moved_rows=moved_rows,
        brackets=tuple(brackets) if isinstance(game, DiscountedGame) else (),
    )


def _difference(first: Ends, second: Ends, least: Fraction | None) -> Ends:
    """Return bounds on ``first - second``, which is known to be at least ``least``."""
    low, high = first[0] - second[1], first[1] - second[0]
    return (low, high) if least is None else (max(low, least), max(high, least))


def _worst_rows(
    game: Model, policy: JointPolicy, i: int, values: ExactValues
) -> tuple[int, tuple[WorstRow, ...]]:
    """Return how many rows of the path are moved, and those that cost most; keep no others."""
    count = 0
    kept: list[WorstRow] = []
    for visit in worst_path(game, policy, i, values.lo[i]):
        moved = [row for row in visit.rows if row.moved]
        count += len(moved)
        kept = heapq.nlargest(KEPT, kept + moved, key=lambda row: row.loss)
    return count, tuple(kept)


def _departures(game: Model, policy: JointPolicy, i: int, best: ExactBestResponse) -> tuple[Departure, ...]:
    """Return the departures that gain most on the deviation's own path."""
    departures = []
    for visit in worst_path(game, deviate(policy, i, best), i, best.lo):
        h, s = visit.h, visit.s
        own = tuple((k, w) for k, w in enumerate(marginal(policy, i, h, s)) if w)
        for told, chance in own if best.deviation.ndim == 3 else ((None, Fraction(1)),):
            where = (h, s) if told is None else (h, s, told)
            play = int(best.deviation[where])
            gain = best.gain_lo[where], best.gain_hi[where]
            if best.mixture is not None and best.mixture[h, s, play] != 1:
                continue  # no action by itself is what gains
            if gain[0] > 0 and own != ((play, Fraction(1)),) and told != play:
                weight = visit.reach * float(chance) * float(gain[1])
                departures.append((weight, Departure(h, s, told, play, own, gain, visit.reach)))
    return tuple(departure for _, departure in heapq.nlargest(KEPT, departures, key=itemgetter(0)))


def deviate(policy: JointPolicy, i: int, best: ExactBestResponse) -> JointPolicy:
    """Return the joint policy in which agent i deviates and the others draw as before."""
    A = prod(policy.actions)
    weights = np.full((policy.horizon, policy.n_states, A), Fraction(0), dtype=object)
    plays = np.array(np.unravel_index(np.arange(A), policy.actions))
    for h, s in np.ndindex(policy.horizon, policy.n_states):
        for a, weight in enumerate(action_distribution(policy, h, s)):
            if weight:
                each = plays[:, a].copy()
                where = (h, s) if best.deviation.ndim == 2 else (h, s, each[i])
                answer = {int(each[i]): Fraction(1)}
                if best.gain_hi[where] > 0:  # or it obeys: another best answer may miss where it gains
                    answer = _answer(best, where)
                for k, chance in answer.items():
                    each[i] = k
                    weights[h, s, np.ravel_multi_index(tuple(each), policy.actions)] += weight * chance
    return JointPolicy(weights, policy.actions)


def _answer(best: ExactBestResponse, where: tuple[int, ...]) -> dict[int, Fraction]:
    if best.mixture is None:
        return {int(best.deviation[where]): Fraction(1)}
    return {k: chance for k, chance in enumerate(best.mixture[where]) if chance}
