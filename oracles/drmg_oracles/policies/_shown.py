"""How a certificate looks where Python shows values: one line, or a table in a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from drmg_check.vocabulary import bounds_text, visible

if TYPE_CHECKING:
    from drmg_oracles.policies._certify import AgentCertificate, GapCertificate


def certificate_line(certificate: GapCertificate) -> str:
    """Return a certificate in a line, its numbers as a report shows them."""
    agents, gap = len(certificate.agents), "NE" if certificate.product else "CCE"
    bounds = bounds_text(certificate.gap("nash" if certificate.product else "cce"))
    name = certificate.game.name
    return f"GapCertificate({name!r}, {agents} agent{'s' * (agents != 1)}, {gap} gap {bounds})"


def agent_line(agent: AgentCertificate) -> str:
    """Return what one agent gets and could get in a line."""
    value, response, gain = map(bounds_text, (agent.value, agent.response, agent.gain))
    return f"AgentCertificate({agent.name!r}, value {value}, response {response}, gain {gain})"


def certificate_table(certificate: GapCertificate) -> str:
    """Return a table in HTML: a row for each agent, the gap below; every name is escaped."""
    gains = ["gain"] if certificate.product else ["CCE gain", "CE gain"]
    head = "".join(f"<th>{name}</th>" for name in ("", "robust value", "best response", *gains))
    rows = []
    for agent in certificate.agents:
        further = [] if certificate.product else [agent.ce_gain]
        pairs = [agent.value, agent.response, agent.gain, *further]
        cells = "".join(f"<td>{'not known' if pair is None else bounds_text(pair)}</td>" for pair in pairs)
        rows.append(f"<tr><th>{escape(visible(agent.name))}</th>{cells}</tr>")
    caption = escape(visible(certificate_line(certificate)))
    return (
        f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )
