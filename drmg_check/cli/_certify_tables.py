"""``drmg-check certify`` for large games: tables of doubles, one proved sweep a step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._console import console

if TYPE_CHECKING:
    from drmg_check.documents import PolicyOrigin
    from drmg_check.models import JointPolicy, Model

MOST_PLACES = 20_000  # (h, s) whose rules are compared with products: exact, 0.1 ms each


def certify_by_tables(game: Model, policy: JointPolicy, origin: PolicyOrigin, file: Path | None) -> int:
    """Prove values, best responses and gains of all agents, and write the tables if a file is given."""
    from rich.progress import Progress

    from drmg_check.documents import QUESTIONS, encode_tables, proved_agents
    from drmg_check.enclosures import tables
    from drmg_check.files import write_whole
    from drmg_reports import print_proved_agents

    terminal = console(stderr=True)
    steps = len(game.stages) * game.n_agents * len(QUESTIONS)
    stored = 8 * (len(game.stages) + 1) * game.n_states * game.n_agents * len(QUESTIONS)
    rows = game.n_states * game.n_joint_actions
    terminal.print(
        f"{steps} proved sweeps of {rows:,} rows; tables of {stored / 2**20:,.0f} MiB", soft_wrap=True
    )
    with Progress(console=terminal, transient=True, disable=not terminal.is_terminal) as bars:
        task = bars.add_task("proving", total=steps)
        proved = tables(
            game, policy, progress=lambda text: bars.update(task, advance=1, description=f"{text:<32}")
        )
    if file is not None:
        write_whole(file, encode_tables(proved))
    widest = max(float(table.d[0]) for table in proved)
    facts = {
        "game": f"{game.name}, from {game.state_names[game.initial_state]!r}, {game.criterion}",
        "policy": origin.name or origin.kind,
        "proof": f"bounds in float64, rounded outward; values are known to {widest:.0e}",
    }
    agents = proved_agents(proved, game.initial_state)
    print_proved_agents(console(), facts, game.agent_names, agents, product=_is_independent(policy))
    if file is not None:
        click.echo(f"\n{file}: the tables; verify-certificate proves any place of them again")
    return 0


def _is_independent(policy: JointPolicy) -> bool:
    """Return whether the policy is a product, as far as asking is cheap."""
    from drmg_check.models import is_product

    steps, states = policy.stored.shape[:2]
    return len(policy.actions) == 1 or (steps * states <= MOST_PLACES and is_product(policy))
