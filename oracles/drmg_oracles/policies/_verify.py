r"""Is a certificate of a policy true? Its numbers, proved again from the game and the policy that it holds.

The recursion of ``_certify.py`` is repeated in a few lines that share nothing with it. Every worst case is
proved by the stand-alone checker: a certificate from anywhere gives ``lo <= inf E_q L <= hi`` at a lower
bound L of the next values, and

    lo <= inf E_q V <= hi + max(U - L)      for L <= V <= U,

because the worst case is monotone and ``sigma(L + c) = sigma(L) + c``. The values of a discounted game are no
recursion: the certificate brings vectors L and U, and ``L <= T L`` and ``T U <= U``, with T the same rule at
the discounted values, prove that the fixed point lies between them. What remains to be believed is that
file, the readers of games and policies, and the sums and maxima here. A claim is proved if it contains the
interval that comes out; this one is computed in 64 bits more than the claim, so that it is the narrower one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, partial
from math import ceil, floor, frexp, prod
from typing import TypeAlias

import numpy as np

from drmg_check.documents import Certified, CertifiedAgent, CertifiedBounds, Question
from drmg_check.models import (
    DiscountedGame,
    JointPolicy,
    Model,
    Stage,
    action_distribution,
    check_policy_fits,
    exact_reward,
    is_product,
    marginal,
    row_of,
    state_problem,
)
from drmg_check.readers import model_from_json, policy_from_json
from drmg_check.sets import FictitiousTotalVariation, Row, SRectangular, StateProblem
from drmg_check.vocabulary import CertificateError, Ends, InputError, approximately
from drmg_oracles import checker
from drmg_oracles.games import EXACT_BITS, averaged_game
from drmg_oracles.policies._certify import BITS
from drmg_oracles.rows import certificate_to_json, enclose
from drmg_oracles.state_checker import verify_state
from drmg_oracles.states import enclose_state, state_certificate

EXTRA_BITS = 64  # so that the truth is known better than it is claimed
Weights: TypeAlias = dict[int, Fraction]  # joint action -> probability
ActionValues: TypeAlias = Callable[[int], Ends]  # joint action -> bounds on Q
Rule: TypeAlias = Callable[["SeenPolicy", Weights, ActionValues], Ends]
"""From what the policy draws at a place and bounds on Q there to bounds on the value."""


def verify_certificate(document: Certified) -> int:
    """Prove the values, best responses, gains and gaps of a certificate again.

    The departures, worst rows and passages that it shows besides are illustrations, and not verified.

    Parameters
    ----------
    document : Certified

    Returns
    -------
    int
        The number of worst cases that the stand-alone checker proved.

    Raises
    ------
    CertificateError
        A number does not follow; the message says which, and what is proved.
    InputError
        The game or the policy that it holds cannot be read.

    Examples
    --------
    >>> from drmg_check import certify, load, uniform_policy
    >>> from drmg_oracles.policies import certificate_document
    >>> game = load("initial-shock")
    >>> verify_certificate(certificate_document(certify(game, uniform_policy(game))))
    16
    """
    try:
        game, policy = model_from_json(document.game_text), policy_from_json(document.policy_text)
        check_policy_fits(game, policy)
    except InputError as error:
        raise InputError(f"the game or the policy that the certificate holds: {error}") from error
    if document.product != (game.n_agents == 1 or is_product(policy)):
        kind = "correlated" if document.product else "a product"
        raise CertificateError(f"product={document.product}, but the policy is {kind}")
    proof = _Proof((document.bits or BITS) + EXTRA_BITS, EXACT_BITS if document.bits is None else 0)
    for i, agent in enumerate(document.agents):
        _verify_agent(game, policy, i, agent, proof)
    return proof.rows


@dataclass(slots=True)
class _Proof:
    """Worst cases, each proved by the checker; equal rows once.

    Numbers stay exact while their denominators have at most ``longest`` bits, as in the recursion that is
    verified; intervals are rounded outward at ``2^-bits`` of the scale.
    """

    bits: int
    longest: int
    rows: int = 0
    known: dict[Row | StateProblem, Ends] = field(default_factory=dict)

    def worst_case(self, row: Row | StateProblem) -> Ends:
        """Prove the worst case of a row, or of a state whose rows share a budget."""
        if row not in self.known:
            try:
                self.known[row] = self._proved(row)
            except checker.RefusedError as error:
                raise CertificateError(f"a worst case cannot be proved: {error}") from error
            self.rows += 1
        return self.known[row]

    def _proved(self, row: Row | StateProblem) -> Ends:
        if isinstance(row, Row):
            return checker.verify(certificate_to_json(enclose(row, bits=self.bits)))
        return verify_state(state_certificate(enclose_state(row, bits=self.bits)))


@dataclass(frozen=True, slots=True)
class SeenPolicy:
    """A policy in a game, as agent i sees it; joint actions are in C order of the agents' own.

    ``draw(h, s)`` returns the probabilities of the joint actions.
    """

    game: Model
    draw: Callable[[int, int], tuple[Fraction, ...]]
    i: int

    def own_action(self, a: int) -> int:
        return a // self._stride % self.game.actions[self.i]

    def playing(self, a: int, k: int) -> int:
        """Return the joint action ``a`` with ``k`` in the place of agent i's own action."""
        return a + (k - self.own_action(a)) * self._stride

    @property
    def _stride(self) -> int:
        return prod(self.game.actions[self.i + 1 :])


def _verify_agent(game: Model, policy: JointPolicy, i: int, agent: CertifiedAgent, proof: _Proof) -> None:
    uncertainty = game.uncertainty[i]
    fictitious = isinstance(uncertainty, FictitiousTotalVariation)
    obeying = deviating = SeenPolicy(game, partial(action_distribution, policy), i)
    if fictitious:  # the agent faces the others' averages, alone
        own = partial(marginal, policy, i)
        obeying = SeenPolicy(averaged_game(game, policy, i, obeying=True), own, 0)
        deviating = SeenPolicy(averaged_game(game, policy, i, obeying=False), own, 0)
    value = _proved(obeying, "value", agent, proof)
    _check(agent, "value", agent.value, value)
    _check(agent, "best_response", agent.best_response, _proved(deviating, "response", agent, proof))
    if game.n_agents == 1 or is_product(policy):
        return  # a recommendation tells nothing, and a document whose ce_gain is not the gain is refused
    if (agent.ce_gain is None) != (fictitious or isinstance(uncertainty, SRectangular)):
        raise CertificateError(f"agent {agent.name!r}: a ce_gain is known if and only if its set is of rows")
    if agent.ce_gain is not None:
        low, high = _proved(obeying, "modification", agent, proof)
        _check(agent, "ce_gain", agent.ce_gain, (max(low - value[1], Fraction(0)), high - value[0]))


def _proved(play: SeenPolicy, question: Question, agent: CertifiedAgent, proof: _Proof) -> Ends:
    """Return bounds on what the agent gets at the initial state, by the rule of a question."""
    if isinstance(play.game, DiscountedGame):
        return _bracketed(play, play.game, question, agent, proof)
    return _start(play, RULES[question], proof)


def _bracketed(
    play: SeenPolicy, game: DiscountedGame, question: Question, agent: CertifiedAgent, proof: _Proof
) -> Ends:
    """Prove the vectors of a question, and return their entries at the initial state."""
    ends = [bracket.ends for bracket in agent.brackets if bracket.question == question]
    if len(ends) != 1 or len(ends[0][0]) != game.n_states:
        raise CertificateError(
            f"agent {agent.name!r}: there are {len(ends)} brackets of the {question}; expected one, of "
            f"{game.n_states} states"
        )
    L, U = ends[0]
    drawn = [{a: w for a, w in enumerate(play.draw(0, s)) if w} for s in range(game.n_states)]
    for V, is_lower in ((L, True), (U, False)):
        following = [(game.discounts[play.i] * v,) * 2 for v in V]
        worth = _worths(game.stage, play, RULES[question], following, proof, None)
        for s, weights in enumerate(drawn):
            low, high = worth(s, weights)
            if V[s] > low if is_lower else high > V[s]:
                word, back_up = ("lower", low) if is_lower else ("upper", high)
                raise CertificateError(
                    f"agent {agent.name!r}: the {word} bound of the {question} in state {s}, "
                    f"{approximately(V[s])}, does not follow; its backup is {approximately(back_up)}"
                )
    return L[game.initial_state], U[game.initial_state]


def _start(play: SeenPolicy, rule: Rule, proof: _Proof) -> Ends:
    """Return bounds on the agent's value at the initial state, if the rule says what is played."""
    game = play.game
    following = [(Fraction(0), Fraction(0))] * game.n_states
    largest = max(float(np.abs(stage.r[play.i]).max()) for stage in game.stages)
    scale = Fraction(len(game.stages) * largest)
    # a power of two: what lies on the coarser grid of a claim must lie on this one, or it is not proved
    grid = Fraction(2) ** (frexp(max(float(scale), 1.0))[1] - proof.bits)
    for stage in reversed(game.stages):
        drawn = [play.draw(stage.step, s) for s in range(game.n_states)]
        worth = _worths(stage, play, rule, following, proof, grid)
        following = [
            _outward(worth(s, {a: w for a, w in enumerate(weights) if w}), grid, proof.longest)
            for s, weights in enumerate(drawn)
        ]
    return following[game.initial_state]


def _worths(
    stage: Stage,
    play: SeenPolicy,
    rule: Rule,
    following: Sequence[Ends],
    proof: _Proof,
    grid: Fraction | None,
) -> Callable[[int, Weights], Ends]:
    """Return ``(s, what is drawn) -> bounds on the value`` by the rule."""
    if isinstance(stage.uncertainty[play.i], SRectangular):
        return _shared(stage, play, rule, following, proof, grid)
    return partial(_by_rule, play, rule, _action_values(stage, play.i, following, proof, grid))


def _by_rule(play: SeenPolicy, rule: Rule, Q: Callable[[int, int], Ends], s: int, weights: Weights) -> Ends:
    return rule(play, weights, partial(Q, s))


def _shared(
    stage: Stage,
    play: SeenPolicy,
    rule: Rule,
    following: Sequence[Ends],
    proof: _Proof,
    grid: Fraction | None,
) -> Callable[[int, Weights], Ends]:
    """Return ``(s, what is drawn) -> bounds on the value`` where the rows of a state share a budget."""
    joint, own = range(stage.n_joint_actions), range(stage.actions[play.i])
    exactly = tuple(low for low, _ in following)

    def proved(s: int, weights: Weights, lows: tuple[Fraction, ...]) -> Ends:
        if rule is _average:
            choices, shares = [0 for _ in joint], [weights.get(a, Fraction(0)) for a in joint]
        else:
            choices = [play.own_action(a) for a in joint]
            shares = [
                sum((weights.get(play.playing(a, k), Fraction(0)) for k in own), Fraction(0)) for a in joint
            ]
        low, high = proof.worst_case(state_problem(stage, play.i, s, lows, choices, shares))
        return low, high + max(top - bottom for bottom, (_, top) in zip(lows, following, strict=True))

    def worth(s: int, weights: Weights) -> Ends:
        try:
            return proved(s, weights, exactly)
        except InputError:  # a number too long for a certificate; where one is, certify rounds, too
            if grid is None:
                raise
            return proved(s, weights, tuple(floor(low / grid) * grid for low in exactly))

    return worth


def _action_values(
    stage: Stage, i: int, following: Sequence[Ends], proof: _Proof, grid: Fraction | None
) -> Callable[[int, int], Ends]:
    def worst_case(s: int, a: int, lows: tuple[Fraction, ...]) -> Ends:
        low, high = proof.worst_case(row_of(stage, i, s, a, lows))
        return low, high + max(top - bottom for bottom, (_, top) in zip(lows, following, strict=True))

    exactly = tuple(low for low, _ in following)
    shortly = tuple(floor(low / grid) * grid for low in exactly) if grid else exactly

    @cache
    def Q(s: int, a: int) -> Ends:
        reward = exact_reward(stage, i, s, a)
        try:
            low, high = worst_case(s, a, exactly)
        except InputError:  # a number too long for a certificate; where one is, certify rounds, too
            low, high = worst_case(s, a, shortly)
        return low + reward, high + reward

    return Q


def _average(_: SeenPolicy, weights: Weights, q: ActionValues) -> Ends:
    return _sum((w, q(a)) for a, w in weights.items())


def _best_answer(play: SeenPolicy, weights: Weights, q: ActionValues) -> Ends:
    """Return what the best own action earns, whatever is recommended."""
    own = range(play.game.actions[play.i])
    answers = [_sum((w, q(play.playing(a, k))) for a, w in weights.items()) for k in own]
    return max(low for low, _ in answers), max(high for _, high in answers)


def _best_modification(play: SeenPolicy, weights: Weights, q: ActionValues) -> Ends:
    """Return what the best answers to each recommendation earn together."""
    told: dict[int, Weights] = {}
    for a, w in weights.items():
        told.setdefault(play.own_action(a), {})[a] = w
    return _sum((Fraction(1), _best_answer(play, given, q)) for given in told.values())


RULES: Mapping[Question, Rule] = {
    "value": _average,
    "response": _best_answer,
    "modification": _best_modification,
}
"""What is played, by the question that values answer."""


def _sum(terms: Iterable[tuple[Fraction, Ends]]) -> Ends:
    pairs = [(w * low, w * high) for w, (low, high) in terms]
    return sum((low for low, _ in pairs), Fraction(0)), sum((high for _, high in pairs), Fraction(0))


def _outward(bounds: Ends, grid: Fraction, longest: int) -> Ends:
    """Round outward what is an interval, or a number whose denominator has more than so many bits."""
    low, high = bounds
    if low == high and low.denominator.bit_length() <= longest:
        return bounds
    return floor(low / grid) * grid, ceil(high / grid) * grid


def _check(agent: CertifiedAgent, name: str, claim: CertifiedBounds, proved: Ends) -> None:
    (least, most), (low, high) = claim.pair, proved
    if least <= low and high <= most:
        return
    said = "is wrong" if high < least or most < low else "does not follow"
    claimed, shown = (f"[{approximately(a)}, {approximately(b)}]" for a, b in ((least, most), (low, high)))
    raise CertificateError(f"agent {agent.name!r}: {name} in {claimed} {said}; proved is {shown}")
