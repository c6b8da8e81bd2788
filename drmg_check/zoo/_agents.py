"""Games in which every agent has the same number of actions."""

from __future__ import annotations

from drmg_check.readers import MAX_AGENTS
from drmg_check.vocabulary import InputError


def equal_actions(agents: int, actions: int) -> tuple[int, ...]:
    """Return ``(actions,) * agents``, once ``agents`` is known to be harmless."""
    if not 1 <= agents <= MAX_AGENTS:
        raise InputError(f"agents={agents}; expected 1 <= agents <= {MAX_AGENTS}")
    return (actions,) * agents
