"""``drmg-check show`` and ``drmg-check convert``: games by name or file, summed up and written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._completion import games
from drmg_check.cli._console import console, print_facts
from drmg_check.cli._options import new_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drmg_check.models import JointPolicy, Model, SparsePolicy
    from drmg_check.vocabulary import Array


@click.command()
@click.argument("game", metavar="[GAME]", required=False, shell_complete=games)
def show(game: str | None) -> int:
    """Sum up a game or a policy, or list the named games.

    GAME is a file or zoo:NAME, with parameters as in zoo:NAME?horizon=3 or zoo:NAME?discount=9/10, or the
    file of a policy.
    """
    from drmg_check.readers import is_policy_file, read_rules
    from drmg_check.zoo import named_games, resolve_model

    if game is None:
        facts = {f"zoo:{name}": named.description for name, named in named_games().items()}
    elif is_policy_file(game):
        facts = _facts_of_policy(read_rules(game))
    else:
        facts = _facts(resolve_model(game))
    print_facts(console(), facts)
    return 0


@click.command()
@click.argument("source", metavar="GAME", shell_complete=games)
@click.argument("target", metavar="OUT", type=new_file)
def convert(source: str, target: Path) -> int:
    """Write a game as JSON with exact numbers, or one with compressed rows as .npz.

    GAME is a file or zoo:NAME; OUT is replaced as a whole or not at all. A game that is too large for
    arrays keeps its rows compressed.
    """
    from drmg_check.models import RobustMarkovGame
    from drmg_check.readers import write_game
    from drmg_check.vocabulary import brief, visible
    from drmg_check.zoo import resolve_model

    game = resolve_model(source)
    if target.suffix == ".npz" and isinstance(game, RobustMarkovGame):
        raise click.UsageError(f"{target} would be an archive; games without compressed rows go to JSON.")
    write_game(game, target)
    console().print(visible(f"{target}: {brief(game.name)}, {target.stat().st_size:,} bytes"), soft_wrap=True)
    return 0


def _facts(game: Model) -> dict[str, str]:
    from drmg_check.files import size_text
    from drmg_check.models import FiniteHorizon, SparseRows, n_successors
    from drmg_check.vocabulary import brief

    blocks = list({id(stage.rows): stage.rows for stage in game.stages}.values())
    support = [n_successors(rows) for rows in blocks]
    numbers = list({id(stage.reward): stage for stage in game.stages}.values())  # once where steps share them
    r, rho = ([getattr(stage, name) for stage in numbers] for name in ("r", "rho"))
    agents = {}
    for i, (name, uncertainty) in enumerate(zip(game.agent_names, game.uncertainty, strict=True)):
        paid, feared = _span([x[i] for x in r]), _span([x[i] for x in rho])
        agents[brief(name, 40)] = f"reward {paid}, {brief(repr(uncertainty), 160)}, radius {feared}"
    sparse = [rows for rows in blocks if isinstance(rows, SparseRows)]
    entries = sum(len(rows.indices) for rows in sparse)
    held = sparse and (
        f"compressed: {sum(each.size for each in support):,} with {entries:,} entries, "
        f"{size_text(sum(rows.indptr.nbytes + rows.indices.nbytes + rows.weights.nbytes for rows in sparse))}"
    )
    return {
        "name": brief(game.name),
        "agents": f"m = {game.n_agents}",
        "states": f"S = {game.n_states}, from {brief(repr(game.state_names[game.initial_state]))}",
        "actions": f"A = {' x '.join(map(str, game.actions))}",
        "horizon": game.criterion if isinstance(game, FiniteHorizon) else f"none, {game.criterion}",
        "kernel": ("the same at each step" if game.is_stationary else "one for each step")
        + f", {_span(support)} successors a row",
        **({"rows": held} if held else {}),
        **agents,
    }


def _facts_of_policy(policy: JointPolicy | SparsePolicy) -> dict[str, str]:
    import numpy as np

    from drmg_check.models import SparsePolicy, is_product

    if isinstance(policy, SparsePolicy):
        counts = [np.diff(rows.indptr) for rows in policy.rules]
        played = np.multiply.reduce(counts)
        independent = policy.is_independent
    else:
        played = np.count_nonzero(policy.stored, axis=-1)
        independent = len(policy.actions) == 1 or is_product(policy)
    pure = float((played == 1).mean())
    return {
        "policy": "independent agents" if independent else "correlated",
        "agents": f"m = {len(policy.actions)}",
        "states": f"S = {policy.n_states:,}",
        "actions": f"A = {' x '.join(map(str, policy.actions))}",
        "horizon": f"H = {policy.horizon}",
        "played": f"{_span([played])} joint actions at a place, one at {pure:.1%} of the places",
    }


def _span(arrays: Sequence[Array]) -> str:
    low, high = min(float(each.min()) for each in arrays), max(float(each.max()) for each in arrays)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
