"""A certificate of a policy in words and columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from drmg_check.cli._console import print_facts
from drmg_reports.words import about, bounds_text

if TYPE_CHECKING:
    from fractions import Fraction

    from rich.console import Console

    from drmg_check.models import Model
    from drmg_oracles import WorstRow
    from drmg_oracles.policies import AgentCertificate, Departure, GapCertificate

SHOWN = 3  # places of each agent
SOLID = "\u00a0"  # a space at which no line is broken


def print_certificate(
    out: Console, certificate: GapCertificate, origin: str, written: Path | None = None
) -> None:
    """Print a certificate: the gaps, each agent's values, the best deviations, the worst kernels."""
    game = certificate.game
    print_facts(out, certificate_facts(certificate, origin, written) | _gaps(certificate))
    out.print()
    _print_table(out, certificate)
    agents = list(enumerate(certificate.agents))
    deviations = {agent.name: list(deviation_lines(game, i, agent)) for i, agent in agents}
    _print_blocks(out, "best deviation, place by place", deviations)
    kernels = {agent.name: list(worst_lines(game, i, agent)) for i, agent in agents}
    _print_blocks(out, "worst kernel along the path", kernels)


def certificate_facts(
    certificate: GapCertificate, origin: str, written: Path | None = None
) -> dict[str, str]:
    """Return which game and which policy were certified."""
    game = certificate.game
    kind = "independent agents" if certificate.product else "correlated"
    return {
        "game": f"{game.name}, from {game.state_names[game.initial_state]!r}, {game.criterion}",
        "policy": f"{origin} ({kind})" + (f", written to {written}" if written else ""),
    }


def _gaps(certificate: GapCertificate) -> dict[str, str]:
    if certificate.product:
        return {
            "NE gap": f"{bounds_text(certificate.gap('nash'))}, the CCE and CE gap of independent agents too"
        }
    known = all(agent.ce_gain is not None for agent in certificate.agents)
    ce = bounds_text(certificate.gap("ce")) if known else "not known with a fictitious set"
    return {"CCE gap": bounds_text(certificate.gap("cce")), "CE gap": ce}


def _print_table(out: Console, certificate: GapCertificate) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from drmg_check.vocabulary import visible

    gains = ("gain",) if certificate.product else ("CCE gain", "CE gain")
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False, header_style="dim")
    for name in ("", "robust value", "best response", *gains):
        table.add_column(name)
    digits = 5 if certificate.product else 4  # so that the columns fit into 80 characters
    for agent in certificate.agents:
        pairs = [agent.value, agent.response, agent.gain, *([] if certificate.product else [agent.ce_gain])]
        cells = [bounds_text(pair, digits) if pair else "not known" for pair in pairs]
        table.add_row(Text(visible(agent.name), style="bold"), *map(Text, cells))
    out.print(table)


def _print_blocks(out: Console, what: str, blocks: Mapping[str, Sequence[str]]) -> None:
    """Print the lines of each agent below its name, once for agents whose lines are the same."""
    from drmg_check.vocabulary import visible

    names: dict[tuple[str, ...], list[str]] = {}
    for name, lines in blocks.items():
        names.setdefault(tuple(lines), []).append(name)
    for lines, same in names.items():
        if lines:
            out.print(f"\n{visible(', '.join(same))}: {what}", style="bold", soft_wrap=True)
        for line in lines:
            parts = wrap(visible(line), out.width - 2, initial_indent="  ", subsequent_indent="    ")
            out.print("\n".join(parts).replace(SOLID, " "), soft_wrap=True)


def deviation_lines(game: Model, i: int, agent: AgentCertificate) -> Iterator[str]:
    """Say where an agent's best deviations depart from the policy, if they certainly may gain."""
    if agent.gain[1] > 0:
        yield from _departure_lines(game, i, agent.departures)
    if agent.ce_gain is not None and agent.ce_gain[1] > 0:
        yield from _departure_lines(game, i, agent.ce_departures)


def _departure_lines(game: Model, i: int, departures: Sequence[Departure]) -> Iterator[str]:
    """Say the departures that matter most, in the order of play."""
    names = game.action_names[i]
    for one in sorted(departures[:SHOWN], key=lambda departure: (departure.h, departure.s)):
        if one.told is not None:
            change = f"told {names[one.told]}, play {names[one.play]}"
        else:
            change = f"play {names[one.play]} instead of {_mixture(names, one.instead)}"
        gain = _whole(bounds_text(one.gain))
        yield f"step {one.h + 1}, state {game.state_names[one.s]}: {change}, gains {gain}"


def _mixture(names: Sequence[str], instead: Sequence[tuple[int, Fraction]]) -> str:
    if len(instead) == 1:
        return names[instead[0][0]]
    if len(instead) > 4:
        return f"mixing {len(instead)} actions"
    return "mixing " + ", ".join(f"{names[k]} ({about(weight)})" for k, weight in instead)


def worst_lines(game: Model, i: int, agent: AgentCertificate) -> Iterator[str]:
    """Say the rows that cost most, in the order of play; actions that are answered alike share a line."""
    shown: dict[tuple[int, int, str], list[WorstRow]] = {}
    for row in agent.worst_rows:
        key = (row.h, row.s, _shift(game, row))
        if row.loss > 0 and (key in shown or len(shown) < SHOWN):
            shown.setdefault(key, []).append(row)
    for (h, s, shift), rows in sorted(shown.items()):
        actions = ", ".join(_action(game, i, row) for row in sorted(rows, key=lambda row: row.a))
        yield f"step {h + 1}, state {game.state_names[s]}, {actions}: {shift}"
    rest = agent.moved_rows - sum(map(len, shown.values()))
    if shown and rest:
        yield f"and {rest:,} more row{'s' if rest > 1 else ''}; --kernel-out writes all"


def _action(game: Model, i: int, row: WorstRow) -> str:
    from drmg_check.models import joint_action
    from drmg_check.sets import FictitiousTotalVariation

    if isinstance(game.uncertainty[i], FictitiousTotalVariation):
        return f"own action {game.action_names[i][row.a]}"
    played = [names[k] for names, k in zip(game.action_names, joint_action(game, row.a), strict=True)]
    return played[0] if len(played) == 1 else f"({', '.join(played)})"


def _shift(game: Model, row: WorstRow) -> str:
    """Say which probabilities change most: ``good 1 -> 9/10, bad 0 -> 1/10``."""
    from fractions import Fraction

    nothing = Fraction(0)
    p, q = row.nominal.probabilities, row.worst.probabilities
    change = {s: abs(q.get(s, nothing) - p.get(s, nothing)) for s in {*p, *q}}
    most = sorted((s for s in change if change[s]), key=lambda s: (-change[s], s))
    text = [
        _whole(f"{game.state_names[s]} {about(p.get(s, nothing))} -> {about(q.get(s, nothing))}")
        for s in most[:SHOWN]
    ]
    return ", ".join(text) + (f" and {len(most) - SHOWN} more" if len(most) > SHOWN else "")


def _whole(text: str) -> str:
    """Keep a text on one line."""
    return text.replace(" ", SOLID)
