"""Where play goes under a policy: the first steps, nominal and in one agent's worst case, to be drawn."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from heapq import nlargest

from drmg_check.documents import CertifiedPassage
from drmg_check.models import DiscountedGame, action_distribution, marginal
from drmg_check.sets import FictitiousTotalVariation
from drmg_oracles import Visit, worst_path
from drmg_oracles.policies._certify import GapCertificate

STEPS, STATES = 8, 8  # beyond, a picture is no help


def passages(certificate: GapCertificate, i: int) -> tuple[CertifiedPassage, ...]:
    """Return where play goes from each place under the policy, step by step; in a discounted game nothing.

    Averaged over what the policy draws there. At most 8 steps, and at most the 8 states that are met most in
    them; the last step has no successors, since nothing that follows it is worth anything.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> from drmg_oracles.policies import certify
    >>> passages(certify(game, policy), 0)[0].successors  # state, nominal and worst probability
    ((0, 1.0, 0.9), (1, 0.0, 0.1))
    """
    game, policy = certificate.game, certificate.policy
    if isinstance(game, DiscountedGame):
        return ()  # it has no steps to be drawn one after the other
    visits: list[Visit] = []
    for visit in worst_path(game, policy, i, certificate.values.lo[i]):
        if visit.h >= STEPS:
            break
        visits.append(visit)
    met: dict[int, float] = defaultdict(float)
    for visit in visits:
        met[visit.s] += visit.reach
    kept = set(nlargest(STATES, met, key=lambda s: (s == game.initial_state, met[s], -s)))
    fictitious = isinstance(game.uncertainty[i], FictitiousTotalVariation)
    path = []
    for visit in visits:
        if visit.s in kept:
            where = visit.h, visit.s
            weights = marginal(policy, i, *where) if fictitious else action_distribution(policy, *where)
            path.append(
                CertifiedPassage(
                    h=visit.h, s=visit.s, reach=visit.reach, successors=_successors(visit, weights)
                )
            )
    return tuple(path)


def _successors(visit: Visit, weights: tuple[Fraction, ...]) -> tuple[tuple[int, float, float], ...]:
    nominal: dict[int, Fraction] = defaultdict(Fraction)
    worst: dict[int, Fraction] = defaultdict(Fraction)
    for row in visit.rows:
        for distribution, chances in ((row.nominal, nominal), (row.worst, worst)):
            for t, chance in distribution.probabilities.items():
                chances[t] += weights[row.a] * chance
    return tuple((t, float(nominal[t]), float(worst[t])) for t in sorted({*nominal, *worst}))
