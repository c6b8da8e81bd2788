"""Certificates and worst kernels as JSON: indices from 0, every number an exact string."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import msgspec

from drmg_check.files import whole_file
from drmg_check.sets import FictitiousTotalVariation
from drmg_check.vocabulary import show
from drmg_oracles import IntegerRow, WorstRow, worst_path
from drmg_oracles.policies._certify import AgentCertificate, Bounds, Departure, GapCertificate


def certificate_to_data(certificate: GapCertificate) -> dict[str, object]:
    """Return a certificate as dictionaries, lists and strings; a gap that does not exist is null.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> from drmg_oracles.policies import certify
    >>> certificate_to_data(certify(game, policy))["gaps"]["nash"]
    {'lo': '11/128', 'hi': '11/128'}
    """
    product = certificate.product
    known = product or all(agent.ce_gain is not None for agent in certificate.agents)
    return {
        "format": "drmg-gap-certificate",
        "version": 1,
        "game": certificate.game.name,
        "product": product,
        "bits": certificate.bits,
        "gaps": {
            "nash": _bounds(certificate.gap("nash")) if product else None,
            "cce": _bounds(certificate.gap("cce")),
            "ce": _bounds(certificate.gap("ce")) if known else None,
        },
        "agents": [_agent(agent) for agent in certificate.agents],
    }


def write_worst_kernels(certificate: GapCertificate, path: Path) -> int:
    """Write each agent's worst kernel where the policy's path can meet it; return the number of rows.

    A row is ``[h, s, a, [[s', probability], ...]]`` with a the joint action, or the agent's own one where its
    set is fictitious. Rows that are not listed are never met, and those of the last step change nothing.

    Raises
    ------
    InputError
        The path cannot be written. The file appears complete or not at all.

    Examples
    --------
    >>> from drmg_check.zoo import load
    >>> game = load("initial-shock")  # states good and bad, two agents, H = 4
    >>> from drmg_check.models import uniform_policy
    >>> policy = uniform_policy(game)
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from drmg_oracles.policies import certify
    >>> with TemporaryDirectory() as folder:
    ...     write_worst_kernels(certify(game, policy), Path(folder, "kernels.json"))
    40
    """
    count = 0
    with whole_file(path) as stream:
        for line in _kernel_lines(certificate):
            stream.write(line.encode())
            count += line.startswith("[")
    return count


def _kernel_lines(certificate: GapCertificate) -> Iterator[str]:
    game = certificate.game
    name = msgspec.json.encode(game.name).decode()
    yield f'{{"format":"drmg-worst-kernels","version":1,"game":{name},"agents":[\n'
    for i, agent in enumerate(certificate.agents):
        action = "own" if isinstance(game.uncertainty[i], FictitiousTotalVariation) else "joint"
        head = {"agent": i, "value": _bounds(agent.value), "action": action}
        yield msgspec.json.encode(head).decode()[:-1] + ',"rows":[\n'
        before = ""
        for visit in worst_path(game, certificate.policy, i, certificate.values.lo[i]):
            for row in visit.rows:
                yield before
                yield msgspec.json.encode([row.h, row.s, row.a, _distribution(row.worst)]).decode()
                before = ",\n"
        yield "\n]}" + (",\n" if i + 1 < game.n_agents else "\n")
    yield "]}\n"


def _agent(agent: AgentCertificate) -> dict[str, object]:
    return {
        "name": agent.name,
        "value": _bounds(agent.value),
        "best_response": _bounds(agent.response),
        "gain": _bounds(agent.gain),
        "ce_gain": None if agent.ce_gain is None else _bounds(agent.ce_gain),
        "departures": [_departure(departure) for departure in agent.departures],
        "ce_departures": [_departure(departure) for departure in agent.ce_departures],
        "moved_rows": agent.moved_rows,
        "worst_rows": [_row(row) for row in agent.worst_rows],
    }


def _departure(departure: Departure) -> dict[str, object]:
    return {
        "h": departure.h,
        "s": departure.s,
        "told": departure.told,
        "play": departure.play,
        "instead": [[k, show(weight)] for k, weight in departure.instead],
        "gain": _bounds(departure.gain),
        "reach": departure.reach,
    }


def _row(row: WorstRow) -> dict[str, object]:
    return {
        "h": row.h,
        "s": row.s,
        "a": row.a,
        "nominal": _distribution(row.nominal),
        "worst": _distribution(row.worst),
        "loss": row.loss,
    }


def _distribution(row: IntegerRow) -> list[list[object]]:
    return [[s, show(mass)] for s, mass in row.probabilities.items()]


def _bounds(bounds: Bounds) -> dict[str, str]:
    low, high = bounds
    return {"lo": _text(low), "hi": _text(high)}


def _text(value: Fraction) -> str:
    return show(value)
