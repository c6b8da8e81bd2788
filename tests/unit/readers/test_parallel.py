"""A parallel environment is enumerated only when asked, and only if it does always the same."""

import random
import re
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest

from drmg_check.readers import from_parallel
from drmg_check.vocabulary import InputError

try:
    from pettingzoo import ParallelEnv as Base
except ImportError:  # the extra is not installed: the same interface
    Base = object


DICE = random.SystemRandom()


class Pursuit(Base):
    """Two agents on a ring of five cells; the hunter is paid when it meets the prey, which then leaves."""

    CELLS = 5
    metadata = {"name": "pursuit"}  # noqa: RUF012 - as PettingZoo asks for it

    def __init__(self) -> None:
        self.possible_agents = ["hunter", "prey"]
        self.np_random = np.random.default_rng(0)

    def action_space(self, agent: str) -> SimpleNamespace:
        return SimpleNamespace(n={"hunter": 3, "prey": 2}[agent])

    def reset(self, seed: int | None = None, options: object = None) -> tuple[dict, dict]:
        self.agents = list(self.possible_agents)
        self.cells = {"hunter": 0, "prey": 2}
        self.steps = 0
        return {}, {}

    def state(self) -> np.ndarray:
        return np.array(list(self.cells.values()))

    def step(self, acts: dict[str, int]) -> tuple[dict, dict, dict, dict, dict]:
        assert set(acts) == set(self.agents)
        self.steps += 1
        for agent, act in acts.items():
            self.cells[agent] = (self.cells[agent] + act - (agent == "hunter")) % self.CELLS
        caught = "prey" in self.agents and len(set(self.cells.values())) == 1
        rewards = {agent: float(caught) * (1 if agent == "hunter" else -1) for agent in self.agents}
        left = {agent: caught and agent == "prey" for agent in self.agents}
        self.agents = [agent for agent in self.agents if not left[agent]]
        return {}, rewards, left, dict.fromkeys(left, False), {}


class Gusty(Pursuit):
    """As before, but wind may move the prey."""

    def step(self, acts: dict[str, int]) -> tuple[dict, dict, dict, dict, dict]:
        self.cells["prey"] = (self.cells["prey"] + self.np_random.integers(2)) % self.CELLS
        return super().step(acts)


class Unseeded(Pursuit):
    """Chance that no copy carries."""

    def step(self, acts: dict[str, int]) -> tuple[dict, dict, dict, dict, dict]:
        self.cells["prey"] = (self.cells["prey"] + DICE.choice(range(self.CELLS))) % self.CELLS
        return super().step(acts)


class Limited(Pursuit):
    """Ends after three steps, of which its state says nothing."""

    def step(self, acts: dict[str, int]) -> tuple[dict, dict, dict, dict, dict]:
        observations, rewards, left, truncated, infos = super().step(acts)
        if self.steps == 3:
            truncated, self.agents = dict.fromkeys(truncated, True), []
        return observations, rewards, left, truncated, infos


def test_the_game_pays_and_leads_where_the_environment_does():
    H = 4
    game = from_parallel(Pursuit(), horizon=H, radius="1/10", most_states=100)
    assert (game.agent_names, game.actions, game.horizon) == (("hunter", "prey"), (3, 2), H)
    rng = np.random.default_rng(1)
    for _ in range(200):
        env, s = Pursuit(), 0
        env.reset()
        for _step in range(H):
            joint = rng.integers(game.actions)
            acts = dict(zip(game.agent_names, map(int, joint), strict=True))
            _, rewards, *_ = env.step({agent: acts[agent] for agent in env.agents})
            a = int(np.ravel_multi_index(tuple(joint), game.actions))
            assert game.r[:, 0, s, a].tolist() == [rewards.get(agent, 0.0) for agent in game.agent_names]
            s = int(game.P[0, s, a].argmax())
            assert game.P[0, s, a].sum() == 1.0


def test_an_agent_that_has_left_changes_nothing_more():
    game = from_parallel(Pursuit(), horizon=6, radius=0, most_states=100)
    alone = [s for s in range(game.n_states) if len({tuple(row) for row in game.P[0, s].tolist()}) == 3]
    assert alone  # only the hunter's three actions lead to different states there
    assert (game.r[:, 0, alone] == 0).all()


def test_nothing_is_enumerated_until_it_is_asked_for():
    class Counted(Pursuit):
        tried = 0

        def step(self, acts: dict[str, int]) -> tuple[dict, dict, dict, dict, dict]:
            Counted.tried += 1
            return super().step(acts)

    with pytest.raises(InputError) as refused:
        from_parallel(Counted(), horizon=4, radius="1/10")
    assert re.search(r"about [\d.e-]+ s each|[\d.e-]+ s each", str(refused.value))
    assert "6 joint actions" in str(refused.value)
    assert "most_states=1000" in str(refused.value)
    assert Counted.tried < 50


def test_an_environment_that_is_given_is_left_as_it_is():
    env = Pursuit()
    env.reset()
    env.cells["prey"] = 4
    from_parallel(env, horizon=3, radius=0, most_states=100)
    assert env.cells == {"hunter": 0, "prey": 4}


def test_too_many_states_are_refused():
    with pytest.raises(InputError, match="more than most_states=3 states are reached"):
        from_parallel(Pursuit(), horizon=4, radius=0, most_states=3)


@pytest.mark.parametrize("kind", [Gusty, Unseeded, Limited])
def test_chance_and_hidden_counts_are_refused(kind: type[Pursuit]):
    with pytest.raises(InputError, match="one state and the joint action"):
        from_parallel(kind(), horizon=6, radius=0, most_states=200)


def test_a_count_of_steps_in_the_state_is_enough():
    game = from_parallel(
        Limited(), horizon=6, radius=0, most_states=200, state=lambda env: (env.steps, *env.cells.values())
    )
    ended = [s for s in range(game.n_states) if (game.P[0, s, :, s] == 1).all()]
    assert ended


def test_other_objects_and_actions_are_refused():
    with pytest.raises(InputError, match="without reset, step"):
        from_parallel(object(), horizon=2, radius=0, most_states=5)

    class Continuous(Pursuit):
        def action_space(self, agent: str) -> SimpleNamespace:
            return SimpleNamespace(low=0.0)

    with pytest.raises(InputError, match="finitely many actions"):
        from_parallel(Continuous(), horizon=2, radius=0, most_states=5)


def test_an_environment_without_a_state_is_told_what_to_give():
    class Silent(Pursuit):
        def state(self) -> np.ndarray:
            raise NotImplementedError

    with pytest.raises(InputError, match="state=lambda env"):
        from_parallel(Silent(), horizon=2, radius=0, most_states=50)
    game = from_parallel(
        Silent(), horizon=2, radius=0, most_states=50, state=lambda env: tuple(env.cells.values())
    )
    assert game.P.shape[1] == from_parallel(Pursuit(), horizon=2, radius=0, most_states=50).n_states
    assert all(game.P[0, s, a].sum() == 1 for s, a in product(range(game.n_states), range(6)))
