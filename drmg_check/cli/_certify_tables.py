"""``drmg-check certify`` for large games: tables of doubles, one proved sweep a step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._certify_work import clock, duration
from drmg_check.cli._console import console

if TYPE_CHECKING:
    from drmg_check.documents import PolicyOrigin, Table
    from drmg_check.models import JointPolicy, Model, SparsePolicy

MOST_PLACES = 20_000  # (h, s) whose rules are compared with products: exact, 0.1 ms each


def certify_by_tables(
    game: Model, policy: JointPolicy | SparsePolicy, origin: PolicyOrigin, file: Path | None, jobs: int
) -> int:
    """Prove values, best responses and gains of all agents, and write the tables if a file is given."""
    from drmg_check.documents import QUESTIONS, proved_agents, write_tables
    from drmg_check.enclosures import proved_tables
    from drmg_check.files import whole_file
    from drmg_reports import print_proved_agents

    _announce(game, file, jobs)
    firsts: list[Table] = []
    steps = len(game.stages) * game.n_agents * len(QUESTIONS)
    with clock("proving", steps) as advance:

        def proved() -> Iterator[Table]:
            for table in proved_tables(game, policy, threads=jobs, progress=lambda _text: advance()):
                firsts.append(table.first())
                yield table

        if file is None:
            for _ in proved():
                pass
        else:
            with whole_file(file) as stream:
                write_tables(proved(), stream)
    widest = max(float(table.d[0]) for table in firsts)
    facts = {
        "game": f"{game.name}, from {game.state_names[game.initial_state]!r}, {game.criterion}",
        "policy": origin.name or origin.kind,
        "proof": f"bounds in float64, rounded outward; values are known to {widest:.0e}",
    }
    agents = proved_agents(firsts, game.initial_state)
    print_proved_agents(console(), facts, game.agent_names, agents, product=_is_independent(policy))
    if file is not None:
        click.echo(f"\n{file}: the tables; verify-certificate proves any place of them again")
    return 0


def _announce(game: Model, file: Path | None, jobs: int) -> None:
    """Say what is going to be computed and what it takes, and refuse what memory does not hold."""
    from drmg_check.cli._large_games import bytes_of_tables
    from drmg_check.documents import QUESTIONS
    from drmg_check.enclosures import seconds_of_a_sweep
    from drmg_check.files import check_memory, size_text

    sweeps, rows = len(game.stages) * len(QUESTIONS), game.n_states * game.n_joint_actions
    needed = bytes_of_tables(game, jobs)
    check_memory(needed, f"proving {game.name!r}")
    seconds = sum(sweeps * seconds_of_a_sweep(game.stages[0], i) for i in range(game.n_agents))
    size = 8 * (len(game.stages) + 1) * game.n_states * game.n_agents * len(QUESTIONS)
    terminal = console(stderr=True)
    terminal.print(
        f"{sweeps * game.n_agents} proved sweeps of {rows:,} rows: about {duration(seconds)} of CPU time, "
        f"and {size_text(needed)} beside the game{f'; tables of {size_text(size)}' if file else ''}",
        soft_wrap=True,
    )


def _is_independent(policy: JointPolicy | SparsePolicy) -> bool:
    """Return whether the policy is a product, as far as asking is cheap."""
    from drmg_check.models import SparsePolicy, is_product

    if isinstance(policy, SparsePolicy):
        return policy.is_independent
    steps, states = policy.stored.shape[:2]
    return len(policy.actions) == 1 or (steps * states <= MOST_PLACES and is_product(policy))
