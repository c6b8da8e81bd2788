"""The page of a certificate: proven values and gaps, the best deviation, the worst kernel along the path."""

from __future__ import annotations

from dataclasses import dataclass, replace

from drmg_check.documents import Certified, CertifiedAgent, encode_page
from drmg_check.vocabulary import brief, exact
from drmg_reports.formats.html._plain import plain_page
from drmg_reports.pictures import Picture, passages_picture


@dataclass(frozen=True, slots=True)
class Alike:
    """Agents of whom the same is said, and the picture of where their play goes."""

    names: tuple[str, ...]
    first: CertifiedAgent
    picture: Picture | None


def render_certified(certified: Certified) -> str:
    """Return a certificate as a single HTML page: offline, without scripts, every string escaped.

    The page is a pure function of the certificate and embeds it as JSON.
    """
    name, gap = certified.gaps[0]
    return plain_page(
        "certified.html",
        encode_page(certified).decode(),
        kind="certificate",
        tool_version=certified.tool_version,
        headline=f"{brief(certified.game)}: {name} {gap.text}",
        lead=_lead(certified),
        facts=certified.facts,
        certified=certified,
        groups=_alike(certified),
    )


def _lead(certified: Certified) -> str:
    name, gap = certified.gaps[0]
    if exact(gap.high) <= 0:
        what = {"NE gap": "a robust Nash equilibrium", "CE gap": "a robust correlated equilibrium"}
        return f"Proved: it is {what.get(name, 'a robust coarse correlated equilibrium')}, exactly."
    alone = "By deviating alone" if len(certified.agents) > 1 else "By deviating"
    least, most = (one.strip("[]") for one in (f"{gap.text}, {gap.text}").split(", ")[:2])
    if not gap.text.startswith("["):
        return f"Proved: {alone.lower()}, an agent can raise its robust value by {most}, and none by more."
    certain = f" One can raise it by {least}." if exact(gap.low) > 0 else ""
    return f"Proved: {alone.lower()}, no agent can raise its robust value by more than {most}.{certain}"


def _alike(certified: Certified) -> list[Alike]:
    """Group the agents that differ in their names only; two that share values may differ in what is said."""
    groups: dict[CertifiedAgent, list[str]] = {}
    for agent in certified.agents:
        groups.setdefault(replace(agent, name=""), []).append(agent.name)
    return [
        Alike(
            tuple(names),
            agent,
            passages_picture(agent.path, certified.states, certified.horizon, f"path {k}"),
        )
        for k, (agent, names) in enumerate(groups.items())
    ]
