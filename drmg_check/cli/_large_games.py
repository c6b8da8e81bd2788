"""Work on games with compressed rows: policies for them, and what it will take to plan or to prove them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from drmg_check.cli._certify_work import announce, clock

if TYPE_CHECKING:
    from drmg_check.documents import PolicyOrigin
    from drmg_check.models import JointPolicy, Model, SparsePolicy, StagedGame
    from drmg_check.planner import LargePlan
    from drmg_check.words import Concept


def planned_large(game: StagedGame, concept: Concept, jobs: int) -> LargePlan:
    """Plan an equilibrium of a game of many states, announced and shown."""
    from drmg_check.files import check_memory
    from drmg_check.planner import estimate_plan, plan_large

    needed = _bytes_of_rows(game) + _bytes_of_a_plan(game)
    check_memory(needed, f"planning {game.name!r}")
    announce("Planning", estimate_plan(game, concept).seconds, needed)
    with clock(f"planning, {concept}", game.horizon) as advance:
        return plan_large(game, concept, threads=jobs, progress=lambda _step: advance())


def policy_for_large(
    game: StagedGame, file: Path | None, named: str | None, concept: Concept | None, jobs: int
) -> tuple[JointPolicy | SparsePolicy, PolicyOrigin]:
    """Return the policy asked for, with compressed rules where that takes less, and where it comes from."""
    from drmg_check.documents import PolicyOrigin
    from drmg_check.models import JointPolicy, check_policy_fits, independent_rules, uniform_rules
    from drmg_check.readers import read_rules

    if sum(given is not None for given in (file, named, concept)) > 1:
        raise click.UsageError("Give one of POLICY, --policy and --concept.")
    if file is not None:
        policy = read_rules(file, game)
        check_policy_fits(game, policy)
        if isinstance(policy, JointPolicy):
            policy = independent_rules(policy)
        return policy, PolicyOrigin("file", str(file))
    if named is not None:
        return uniform_rules(game), PolicyOrigin("name", named)
    wanted: Concept = concept or "cce"
    return planned_large(game, wanted, jobs).policy, PolicyOrigin("plan", wanted)


def bytes_of_tables(game: Model, jobs: int) -> int:
    """Return about what proving takes beside the game: the rows as kernels read them, and one table."""
    n = game.n_states * game.n_joint_actions
    return _bytes_of_rows(game) + 24 * n + 8 * (len(game.stages) + 2 + 2 * jobs) * game.n_states


def _bytes_of_rows(game: Model) -> int:
    """Return what the rows take in the form that kernels read, of all steps."""
    from drmg_check.models import n_successors

    blocks = {id(stage.rows): stage.rows for stage in game.stages}.values()
    return sum(12 * int(n_successors(rows).sum()) for rows in blocks)


def _bytes_of_a_plan(game: StagedGame) -> int:
    """Return what the payoffs of a step take while they are solved, and the policy at the end."""
    n = game.n_states * game.n_joint_actions
    return 8 * n * (3 * game.n_agents + 3) + 40 * game.horizon * game.n_states * game.n_agents
