"""What holds for the equilibrium selected in every stage game."""

from math import prod

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from drmg_check.equilibria import Method, solve_stages, stage_gaps

SHAPES = st.sampled_from([(2, 2), (2, 3), (3, 3), (4, 3), (2, 2, 2), (2, 3, 2), (3, 3, 3), (2, 2, 2, 2)])
CONCEPTS = st.sampled_from(["nash", "cce", "ce"])
# Accepted gaps are at most 2^-34 of the largest payoff, and a gap grows at least quadratically with the
# distance from an equilibrium of these small games; so distances are about 2^-17 of it at worst.
SAME = 2.0**-14
HARD = settings(max_examples=settings().max_examples * 3 // 2)


@st.composite
def stage_games(draw: st.DrawFn) -> tuple[np.ndarray, tuple[int, ...]]:
    """Draw one stage game with small integer payoffs, rich in ties and symmetries."""
    actions = draw(SHAPES)
    top = draw(st.integers(1, 4))
    m, A = len(actions), prod(actions)
    numbers = draw(st.lists(st.integers(0, top), min_size=m * A, max_size=m * A))
    payoffs = np.array(numbers, dtype=float).reshape(m, *actions)
    symmetry = draw(st.sampled_from(["none", "agents", "actions", "zero-sum"]))
    if symmetry == "agents" and len(set(actions)) == 1:
        for i in range(1, m):  # agent i sees itself where agent 0 sees itself
            payoffs[i] = np.swapaxes(payoffs[0], 0, i)
    elif symmetry == "actions":
        for axis in range(1, m + 1):
            payoffs = payoffs + np.flip(payoffs, axis=axis)
    elif symmetry == "zero-sum" and m == 2:
        payoffs[1] = -payoffs[0]
    return payoffs.reshape(m, 1, A), actions


@HARD
@given(stage_games(), CONCEPTS)
def test_the_gap_is_zero_up_to_the_stated_accuracy(game: tuple[np.ndarray, tuple[int, ...]], concept: str):
    payoffs, actions = game
    solved = solve_stages(payoffs, actions, concept)
    assert solved.method[0] != Method.FAILED
    assert solved.gap[0] <= (2.0**-34 + 2.0**-39) * np.abs(payoffs).max()


@HARD
@given(stage_games(), CONCEPTS, st.data())
def test_relabelling_permutes_what_is_selected(
    game: tuple[np.ndarray, tuple[int, ...]], concept: str, data: st.DataObject
):
    """The distribution for CCE and CE; for NASH what it pays, since a symmetry may exchange actions."""
    payoffs, actions = game
    m = len(actions)
    agents = data.draw(st.permutations(range(m)))
    orders = [data.draw(st.permutations(range(n))) for n in actions]

    def relabelled(tensor: np.ndarray) -> np.ndarray:
        return np.transpose(tensor[np.ix_(*orders)], agents).ravel()

    renamed = np.array([relabelled(payoffs[i, 0].reshape(actions)) for i in agents])[:, None]
    before = solve_stages(payoffs, actions, concept)
    after = solve_stages(renamed, tuple(actions[i] for i in agents), concept)
    if concept == "nash":
        pays = (payoffs[:, 0] * before.x[0]).sum(axis=1)
        assert np.abs((renamed[:, 0] * after.x[0]).sum(axis=1) - pays[agents]).max() <= SAME
    else:
        assert np.abs(after.x[0] - relabelled(before.x[0].reshape(actions))).max() <= SAME


@HARD
@given(stage_games(), CONCEPTS)
def test_moving_or_scaling_an_agent_keeps_equilibria(game: tuple[np.ndarray, tuple[int, ...]], concept: str):
    """Gaps scale with the agent's payoffs and ignore what it is paid in any case."""
    payoffs, actions = game
    x = solve_stages(payoffs, actions, concept).x
    scaled = payoffs.copy()
    scaled[0] = 4.0 * scaled[0] + 8.0
    gaps = stage_gaps(scaled, x, actions, concept)
    assert gaps[0] <= 4.0 * (2.0**-34 + 2.0**-39) * np.abs(payoffs).max() + 2.0**-40


@HARD
@given(stage_games())
def test_every_nash_is_a_ce_and_every_ce_a_cce(game: tuple[np.ndarray, tuple[int, ...]]):
    """So the welfare of what is selected can only grow along that order."""
    payoffs, actions = game
    selected = {c: solve_stages(payoffs, actions, c) for c in ("nash", "ce", "cce")}
    welfare = [float(payoffs[:, 0].sum(axis=0) @ selected[c].x[0]) for c in ("nash", "ce", "cce")]
    assert welfare[0] <= welfare[1] + SAME
    assert welfare[1] <= welfare[2] + SAME
    assert stage_gaps(payoffs, selected["nash"].x, actions, "ce")[0] <= SAME
    assert stage_gaps(payoffs, selected["ce"].x, actions, "cce")[0] <= SAME
