"""``drmg-check plan``: a robust equilibrium, written as a policy."""

from __future__ import annotations

from pathlib import Path

import click

from drmg_check.cli._certify_work import planned, work_that_may_be_stopped
from drmg_check.cli._completion import games
from drmg_check.cli._console import console, print_facts
from drmg_check.cli._options import JOBS, new_file
from drmg_check.words import CONCEPTS, Concept


@click.command(epilog="Exit codes: 0 planned, 2 usage or input.")
@click.argument("address", metavar="GAME", shell_complete=games)
@click.option(
    "--concept", type=click.Choice(CONCEPTS), default="cce", show_default=True, help="Which equilibrium."
)
@click.option(
    "--out", type=new_file, required=True, metavar="FILE", help="Where to write the policy: .json or .npz."
)
@click.option("--jobs", type=JOBS, default=1, show_default=True, help="Threads; the plan is the same.")
def plan(address: str, concept: Concept, out: Path, jobs: int) -> int:
    """Plan a robust equilibrium of a game and write it as a policy.

    GAME is a file or zoo:NAME. Every state of every step is a stage game, from the last step to the first;
    with one agent the plan is a robust optimum. Games with compressed rows may have a million states:
    then .npz holds what is played, and nothing else. certify proves how good the policy is.
    """
    from drmg_check.cli._large_games import planned_large
    from drmg_check.files import regular_target
    from drmg_check.models import StagedGame
    from drmg_check.readers import write_policy
    from drmg_check.vocabulary import brief, visible
    from drmg_check.zoo import resolve_model

    regular_target(out)
    game = resolve_model(address)
    facts = {"game": f"{brief(game.name)}, {game.criterion}", "concept": concept}
    with work_that_may_be_stopped() as work:
        if isinstance(game, StagedGame):
            large = planned_large(game, concept, jobs)
            write_policy(large.policy, out)
            values = [float(V[game.initial_state]) for V in large.V]
            facts["gap"] = f"at most {large.bound:.2g} at every state, as far as float64 goes"
            facts |= {
                brief(name, 40): f"robust value {value:.6g} from the start"
                for name, value in zip(game.agent_names, values, strict=True)
            }
        else:
            write_policy(planned(game, concept, work), out)
    print_facts(console(), facts)
    click.echo(visible(f"\n{out}: the policy; certify proves how good it is"))
    return 0
