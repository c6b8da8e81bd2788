"""A certificate of a policy as its page wants it: bounds as texts, deviations and worst rows in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from drmg_check.cli._certify_text import SOLID, deviation_lines, worst_lines
from drmg_check.documents import Certified, CertifiedAgent, Proven
from drmg_check.version import __version__
from drmg_check.vocabulary import show
from drmg_oracles.policies import AgentCertificate, Concept, GapCertificate, passages
from drmg_reports.words import bounds_text

_NAMES: dict[Concept, str] = {"nash": "NE gap", "cce": "CCE gap", "ce": "CE gap"}


def certified_page(certificate: GapCertificate, facts: Mapping[str, str]) -> Certified:
    """Return what the page of a certificate shows; ``facts`` are shown at its top."""
    game = certificate.game
    known = all(agent.ce_gain is not None for agent in certificate.agents)
    correlated: tuple[Concept, ...] = ("cce", "ce") if known else ("cce",)
    concepts: tuple[Concept, ...] = ("nash",) if certificate.product else correlated
    return Certified(
        tool_version=__version__,
        game=game.name,
        facts=tuple(facts.items()),
        horizon=len(game.stages),
        states=tuple(game.state_names),
        product=certificate.product,
        gaps=tuple((_NAMES[one], _proven(certificate.gap(one))) for one in concepts),
        agents=tuple(_agent(certificate, i, agent) for i, agent in enumerate(certificate.agents)),
    )


def _agent(certificate: GapCertificate, i: int, agent: AgentCertificate) -> CertifiedAgent:
    game = certificate.game
    return CertifiedAgent(
        name=agent.name,
        value=_proven(agent.value),
        response=_proven(agent.response),
        gain=_proven(agent.gain),
        ce_gain=None if agent.ce_gain is None else _proven(agent.ce_gain),
        deviation=_words(deviation_lines(game, i, agent)),
        worst_rows=_words(worst_lines(game, i, agent)),
        path=passages(certificate, i),
    )


def _proven(pair: tuple[Fraction, Fraction]) -> Proven:
    return Proven(bounds_text(pair), show(pair[0]), show(pair[1]))


def _words(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(line.replace(SOLID, " ").replace("->", "→") for line in lines)
