"""Worst kernels as JSON: indices from 0, every number an exact string."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from drmg_check.files import whole_file
from drmg_check.sets import FictitiousTotalVariation
from drmg_oracles.games import worst_path
from drmg_oracles.policies._certify import GapCertificate
from drmg_oracles.policies._document import certified_bounds, chances


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
        head = {"agent": i, "value": certified_bounds(agent.value), "action": action}
        yield msgspec.json.encode(head).decode()[:-1] + ',"rows":[\n'
        before = ""
        for visit in worst_path(game, certificate.policy, i, certificate.values.lo[i]):
            for row in visit.rows:
                yield before
                yield msgspec.json.encode([row.h, row.s, row.a, chances(row.worst.probabilities)]).decode()
                before = ",\n"
        yield "\n]}" + (",\n" if i + 1 < game.n_agents else "\n")
    yield "]}\n"
