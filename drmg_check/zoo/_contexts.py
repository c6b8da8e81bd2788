"""The game of contexts, on which Lemma 4 of the MORNAVI paper fails: many states, with compressed rows."""

from __future__ import annotations

import numpy as np

from drmg_check.models import SparseRows, Stage, StagedGame
from drmg_check.sets import TotalVariation
from drmg_check.vocabulary import InputError, Number, exact

MOST_CONTEXTS = 10**6  # some 200 MB of arrays


def contexts(*, contexts: int = 4, radius: Number = "1/10") -> StagedGame:
    """Build two steps: from s0 to one of many contexts, drawn uniformly, where agent 2 decides for both.

    Agent 1 has one action, agent 2 has two, and both are paid 1 for the first of them in a context, and
    nothing else. Contexts and the failure state are never left. What agent 2 plays in each context is a
    function of how often play came there, so that the value of agent 1 depends on the data.

    Parameters
    ----------
    contexts : int from 1 to 10^6
    radius : in [0, 1], of total variation

    Raises
    ------
    InputError
        A number of contexts, or a radius, out of range.

    Examples
    --------
    >>> game = contexts(contexts=3)
    >>> game.n_states, game.actions, game.horizon, game.state_names
    (5, (1, 2), 2, ('s0', 'x1', 'x2', 'x3', 'failure'))
    """
    if not 1 <= contexts <= MOST_CONTEXTS:
        raise InputError(f"contexts={contexts}; expected 1 <= contexts <= {MOST_CONTEXTS:,}")
    S, inside = contexts + 2, np.arange(1, contexts + 1)
    lengths = np.repeat([contexts, 1], [2, 2 * (S - 1)])
    own = np.repeat(np.arange(1, S), 2)
    drawn = np.full(2 * contexts, 1.0 / contexts)
    rows = SparseRows(
        indptr=np.concatenate(([0], np.cumsum(lengths))),
        indices=np.concatenate((inside, inside, own)),
        weights=np.concatenate((drawn, np.ones(len(own)))),
        shape=(S, 2, S),
    )
    reward = np.zeros((2, S, 2))
    reward[:, inside, 0] = 1.0
    sets = (TotalVariation(), TotalVariation())
    first, second = (
        Stage(
            rows=rows,
            reward=reward,
            radius=np.array(exact(radius, "radius")),
            uncertainty=sets,
            actions=(1, 2),
            step=h,
        )
        for h in range(2)
    )
    names = ("s0", *(f"x{k}" for k in inside), "failure")
    return StagedGame(stages=(first, second), name="contexts", state_names=names)
