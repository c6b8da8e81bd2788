"""The page of a certificate: proven values and gaps, the best deviation, the worst kernel along the path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from drmg_check.documents import Certified, CertifiedBounds, encode_document
from drmg_reports.formats.html._plain import plain_page
from drmg_reports.pictures import Picture, passages_picture
from drmg_reports.words import (
    GAP_NAMES,
    SOLID,
    best_deviations,
    bounds_text,
    certificate_facts,
    certificate_headline,
    certificate_lead,
    known_gaps,
    no_deviation,
    worst_lines,
)

NARROW = 350  # pixels that a telephone has for a picture


@dataclass(frozen=True, slots=True)
class Alike:
    """Agents of whom the same is said, and the picture of where their play goes."""

    names: tuple[str, ...]
    deviations: tuple[tuple[str, tuple[str, ...]], ...]  # by name, those that have places
    worst_rows: tuple[str, ...]
    gains: bool
    picture: Picture | None


def render_certificate(document: Certified) -> str:
    """Return a certificate as a single HTML page: offline, without scripts, every string escaped.

    The page is a pure function of the document and embeds it as JSON.
    """
    return plain_page(
        "certified.html",
        encode_document(document).decode(),
        kind="certificate",
        tool_version=document.tool_version,
        headline=certificate_headline(document),
        lead=certificate_lead(document),
        facts=tuple(certificate_facts(document).items()),
        certified=document,
        gaps=[(GAP_NAMES[concept], gap) for concept, gap in known_gaps(document).items()],
        groups=_alike(document),
        bounds_text=_bounds_text,
        no_deviation=no_deviation,
        narrow=NARROW,
    )


def _bounds_text(bounds: CertifiedBounds) -> str:
    return bounds_text(bounds.pair)


def _alike(document: Certified) -> list[Alike]:
    """Group the agents of whom the same is said and drawn."""
    groups: dict[object, list[int]] = {}
    for i, agent in enumerate(document.agents):
        said = (_deviations(document, i), _lines(worst_lines(document, i)))
        groups.setdefault((said, agent.gain, agent.ce_gain, agent.path), []).append(i)
    return [
        Alike(
            tuple(document.agents[i].name for i in members),
            _deviations(document, members[0]),
            _lines(worst_lines(document, members[0])),
            document.agents[members[0]].gain.pair[1] > 0,
            passages_picture(document.agents[members[0]].path, document.game, f"path {k}"),
        )
        for k, members in enumerate(groups.values())
    ]


def _deviations(document: Certified, i: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, _lines(lines)) for name, lines in best_deviations(document, i).items())


def _lines(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(line.replace(SOLID, " ").replace("->", "→") for line in lines)
