"""The two hard instances of the MORNAVI paper (appendix D) and the chain that attains its Lemma 5."""

from __future__ import annotations

import numpy as np

from drmg_check.models import RobustMarkovGame
from drmg_check.readers import check_size
from drmg_check.sets import KullbackLeibler, TotalVariation
from drmg_check.vocabulary import InputError, Number, exact
from drmg_check.zoo._agents import equal_actions


def initial_shock(
    *,
    agents: int = 2,
    actions: int = 2,
    horizon: int = 4,
    radius: Number = "1/10",
    secret: tuple[int, ...] = (),
    hidden: bool = False,
    everywhere: bool = False,
) -> RobustMarkovGame:
    """Build Example 1, the "Initial Shock" game.

    States good (initial) and bad, both nominally absorbing, except that the secret joint action leads from
    bad to good. Reward 1 in good, and in bad for the secret; 0 else. The adversary (total variation,
    whole simplex) has radius ``radius`` at h = 1 in good, and 0 elsewhere.

    Parameters
    ----------
    agents, actions, horizon : the paper's N, M and H
    radius : the paper's rho, in [0, 1]
    secret : tuple of int
        The paper's a*, one action per agent; the last action of everybody when not given.
    hidden : bool
        Reward 0 in bad for the secret too, so that only the kernel knows it (the paper's known rewards
        give it away).
    everywhere : bool
        The radius at every (h, s, a), as Definition 1 of the paper has it.

    Raises
    ------
    InputError
        A size, radius or secret out of range.

    Examples
    --------
    >>> game = initial_shock(agents=3, secret=(0, 1, 0))
    >>> game.actions, game.transition[0, 1, 2].tolist(), float(game.rho[0, 0, 0, 0])
    ((2, 2, 2), [1.0, 0.0], 0.1)
    """
    each = equal_actions(agents, actions)
    check_size(states=2, actions=each, horizon=horizon)
    a = _joint(secret, each)
    A = actions**agents
    good, bad = 0, 1
    P = np.zeros((2, A, 2))
    P[good, :, good] = P[bad, :, bad] = 1
    P[bad, a] = [1, 0]
    r = np.zeros((2, A))
    r[good] = 1
    r[bad, a] = not hidden
    rho = np.full((horizon, 2, 1), exact(radius, "radius") if everywhere else exact(0), dtype=object)
    rho[0, good] = exact(radius, "radius")
    return RobustMarkovGame(
        transition=P,
        reward=r,
        radius=rho,
        uncertainty=(TotalVariation(),) * agents,
        actions=each,
        horizon=horizon,
        name="initial-shock",
        state_names=("good", "bad"),
    )


def corrupted_bandit(
    *,
    agents: int = 2,
    actions: int = 2,
    epsilon: Number = "1/10",
    radius: Number = "1/10",
    secret: tuple[int, ...] = (),
) -> RobustMarkovGame:
    """Build Example 2, the "Robust Corrupted Bandit", as a game of two steps.

    The paper puts the randomness, and the adversary, into the reward. Rewards of the model are known, so
    the draw becomes the first transition: from start, "win" has probability 1/2 + epsilon under the
    secret joint action and 1/2 under every other; the second step pays 1 in win and 0 in lose. The KL
    ball on the reward's Bernoulli law is then the KL ball on that row; at the absorbing states win and
    lose the same radius has no effect.

    Parameters
    ----------
    agents, actions : the paper's N and the number of actions of each agent
    epsilon : in [0, 1/2]
    radius : the paper's rho >= 0
    secret : tuple of int
        The paper's theta, one action per agent; the last action of everybody when not given.

    Raises
    ------
    InputError
        A size, radius, epsilon or secret out of range.

    Examples
    --------
    >>> [str(p) for p in corrupted_bandit(epsilon="1/5").transition[0, 0, -1]]
    ['0', '7/10', '3/10']
    """
    each = equal_actions(agents, actions)
    check_size(states=3, actions=each, horizon=2, rational=True)
    gain = exact(epsilon, "epsilon")
    if not 0 <= gain <= exact("1/2"):
        raise InputError(f"epsilon={gain}; expected 0 <= epsilon <= 1/2")
    start, win, lose = 0, 1, 2
    P = np.full((3, actions**agents, 3), exact(0), dtype=object)
    P[start, :, win] = P[start, :, lose] = exact("1/2")
    P[start, _joint(secret, each), [win, lose]] += [gain, -gain]
    P[win, :, win] = P[lose, :, lose] = exact(1)
    return RobustMarkovGame(
        transition=P,
        reward=np.array([[0], [1], [0]]),
        radius=np.array(exact(radius, "radius"), dtype=object),
        uncertainty=(KullbackLeibler(),) * agents,
        actions=each,
        horizon=2,
        name="corrupted-bandit",
        state_names=("start", "win", "lose"),
    )


def good_bad_chain(*, horizon: int = 4, radius: Number = "1/4") -> RobustMarkovGame:
    """Build the chain that attains the span bound of Lemma 5.

    Two absorbing states, reward 1 in good and 0 in bad, one agent with one action, total variation. The
    adversary moves mass rho from good to bad at every step, so that with k steps left
    ``V(good) - V(bad) = (1 - (1 - rho)^k) / rho``: k as rho vanishes, 1/rho as k grows.

    Parameters
    ----------
    horizon : H
    radius : rho in [0, 1]

    Examples
    --------
    >>> from drmg_check.models import uniform_policy
    >>> from drmg_check.planner import evaluate
    >>> game = good_bad_chain(horizon=2, radius="1/2")
    >>> evaluate(game, uniform_policy(game)).V[0, 0].tolist()
    [1.5, 0.0]
    """
    check_size(states=2, actions=(1,), horizon=horizon)
    return RobustMarkovGame(
        transition=np.eye(2)[:, None, :],
        reward=np.array([[1], [0]]),
        radius=np.array(exact(radius, "radius"), dtype=object),
        uncertainty=(TotalVariation(),),
        actions=(1,),
        horizon=horizon,
        name="good-bad-chain",
        state_names=("good", "bad"),
    )


def _joint(secret: tuple[int, ...], actions: tuple[int, ...]) -> int:
    """Return the index of the secret, by default everybody's last action."""
    chosen = secret or tuple(n - 1 for n in actions)
    if len(chosen) != len(actions) or not all(0 <= a < n for a, n in zip(chosen, actions, strict=True)):
        raise InputError(f"secret={secret}; expected {len(actions)} actions, each 0 <= a < {actions[0]}")
    return int(np.ravel_multi_index(chosen, actions))
