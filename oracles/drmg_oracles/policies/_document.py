"""A certificate as a document: exact strings, indices from 0, with the game and the policy it is about."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import msgspec

from drmg_check.documents import (
    Certified,
    CertifiedAgent,
    CertifiedBounds,
    CertifiedBracket,
    CertifiedDeparture,
    CertifiedGame,
    CertifiedRow,
    PolicyOrigin,
)
from drmg_check.models import DiscountedGame, RobustMarkovGame
from drmg_check.readers import game_to_json, policy_to_json
from drmg_check.sets import FictitiousTotalVariation
from drmg_check.version import __version__
from drmg_check.vocabulary import Ends, UnsupportedError, show
from drmg_oracles.games import WorstRow
from drmg_oracles.policies._certify import AgentCertificate, GapCertificate
from drmg_oracles.policies._departure import Departure
from drmg_oracles.policies._passages import passages


def certificate_document(certificate: GapCertificate, origin: PolicyOrigin | None = None) -> Certified:
    """Return what reports and strangers read of a certificate.

    Parameters
    ----------
    certificate : GapCertificate
    origin : PolicyOrigin, optional
        Where the policy comes from; a program by default.

    Raises
    ------
    UnsupportedError
        The game is of a model that has no file format.
    InputError
        A fraction of the game or the policy has more than 4000 characters.

    Examples
    --------
    >>> from drmg_check import certify, load, uniform_policy
    >>> game = load("initial-shock")
    >>> certificate_document(certify(game, uniform_policy(game))).gap("nash")
    CertifiedBounds(lo='11/128', hi='11/128')
    """
    game = certificate.game
    if not isinstance(game, RobustMarkovGame | DiscountedGame):
        raise UnsupportedError(
            f"{game.name!r} is a {type(game).__name__}, which has no file format; use a game"
        )
    game_text = game_to_json(game)
    return Certified(
        tool_version=__version__,
        origin=origin or PolicyOrigin("program"),
        product=certificate.product,
        bits=certificate.bits,
        agents=tuple(_agent(certificate, i, agent) for i, agent in enumerate(certificate.agents)),
        game=msgspec.json.decode(game_text, type=CertifiedGame),
        game_text=game_text,
        policy_text=policy_to_json(certificate.policy),
    )


def certified_bounds(pair: Ends) -> CertifiedBounds:
    """Return bounds as exact strings."""
    return CertifiedBounds(*map(show, pair))


def chances(probabilities: Mapping[int, Fraction]) -> tuple[tuple[int, str], ...]:
    """Return a distribution as pairs (index, exact string)."""
    return tuple((k, show(chance)) for k, chance in probabilities.items())


def _agent(certificate: GapCertificate, i: int, agent: AgentCertificate) -> CertifiedAgent:
    own = isinstance(certificate.game.uncertainty[i], FictitiousTotalVariation)
    return CertifiedAgent(
        name=agent.name,
        value=certified_bounds(agent.value),
        best_response=certified_bounds(agent.response),
        gain=certified_bounds(agent.gain),
        ce_gain=None if agent.ce_gain is None else certified_bounds(agent.ce_gain),
        departures=tuple(map(_departure, agent.departures)),
        ce_departures=tuple(map(_departure, agent.ce_departures)),
        row_action="own" if own else "joint",
        moved_rows=agent.moved_rows,
        worst_rows=tuple(map(_row, agent.worst_rows)),
        path=passages(certificate, i),
        brackets=tuple(
            CertifiedBracket(question=question, lower=tuple(map(show, lower)), upper=tuple(map(show, upper)))
            for question, lower, upper in agent.brackets
        ),
    )


def _departure(departure: Departure) -> CertifiedDeparture:
    return CertifiedDeparture(
        h=departure.h,
        s=departure.s,
        told=departure.told,
        play=departure.play,
        instead=chances(dict(departure.instead)),
        gain=certified_bounds(departure.gain),
        reach=departure.reach,
    )


def _row(row: WorstRow) -> CertifiedRow:
    return CertifiedRow(
        h=row.h,
        s=row.s,
        a=row.a,
        nominal=chances(row.nominal.probabilities),
        worst=chances(row.worst.probabilities),
        loss=row.loss,
    )
