"""``drmg-check show`` and ``drmg-check convert``: games by name or file, summed up and written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._completion import games
from drmg_check.cli._console import console, print_facts
from drmg_check.cli._options import new_file

if TYPE_CHECKING:
    from drmg_check.models import Model
    from drmg_check.vocabulary import Array


@click.command()
@click.argument("game", metavar="[GAME]", required=False, shell_complete=games)
def show(game: str | None) -> int:
    """Sum up a game, or list the named ones.

    GAME is a file or zoo:NAME, with parameters as in zoo:NAME?horizon=3.
    """
    from drmg_check.zoo import named_games, resolve_game

    if game is None:
        facts = {f"zoo:{name}": named.description for name, named in named_games().items()}
    else:
        facts = _facts(resolve_game(game))
    print_facts(console(), facts)
    return 0


@click.command()
@click.argument("source", metavar="GAME", shell_complete=games)
@click.argument("target", metavar="OUT.json", type=new_file)
def convert(source: str, target: Path) -> int:
    """Write a game as JSON with exact numbers.

    GAME is a file or zoo:NAME; OUT.json is replaced as a whole or not at all.
    """
    from drmg_check.readers import write_game
    from drmg_check.vocabulary import brief, visible
    from drmg_check.zoo import resolve_game

    game = resolve_game(source)
    write_game(game, target)
    console().print(visible(f"{target}: {brief(game.name)}, {target.stat().st_size:,} bytes"), soft_wrap=True)
    return 0


def _facts(game: Model) -> dict[str, str]:
    import numpy as np

    from drmg_check.models import n_successors
    from drmg_check.vocabulary import brief

    r, rho = (np.stack([getattr(stage, name) for stage in game.stages]) for name in ("r", "rho"))
    support = np.stack([n_successors(stage.rows) for stage in game.stages])
    agents = {
        brief(
            name, 40
        ): f"reward {_span(r[:, i])}, {brief(repr(uncertainty), 160)}, radius {_span(rho[:, i])}"
        for i, (name, uncertainty) in enumerate(zip(game.agent_names, game.uncertainty, strict=True))
    }
    return {
        "name": brief(game.name),
        "agents": f"m = {game.n_agents}",
        "states": f"S = {game.n_states}, from {brief(repr(game.state_names[game.initial_state]))}",
        "actions": f"A = {' x '.join(map(str, game.actions))}",
        "horizon": game.criterion,
        "kernel": ("the same at each step" if game.is_stationary else "one for each step")
        + f", {_span(support)} successors a row",
        **agents,
    }


def _span(values: Array) -> str:
    low, high = float(values.min()), float(values.max())
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
