"""``drmg-check certify --concept ex-post``: gains from a policy once the kernel is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drmg_check.cli._certify_work import clock
from drmg_check.cli._console import console

if TYPE_CHECKING:
    from drmg_check.documents import PolicyOrigin
    from drmg_check.models import JointPolicy, Model


def certify_ex_post(game: Model, policy: JointPolicy, origin: PolicyOrigin) -> int:
    """Bound the ex-post gap of a policy, and print it beside the agent-wise one."""
    from drmg_oracles.policies import ex_post
    from drmg_reports import print_ex_post

    with clock("bounding ex-post gains"):
        certificate = ex_post(game, policy)
    facts = {
        "game": f"{game.name}, from {game.state_names[game.initial_state]!r}, {game.criterion}",
        "policy": origin.name or origin.kind,
    }
    gains = [(agent.ex_post, agent.agent_wise) for agent in certificate.agents]
    print_ex_post(console(), facts, game.agent_names, gains)
    return 0
