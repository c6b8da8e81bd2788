"""What is of another type is an InputError that says what was got and what was expected."""

from collections.abc import Callable

import numpy as np
import pytest

from drmg_check.models import JointPolicy, RobustMarkovGame, product_policy, uniform_policy
from drmg_check.planner import best_response, evaluate, gaps
from drmg_check.readers import read_game, write_game
from drmg_check.referee import check_implementation
from drmg_check.sets import Row, TotalVariation, Wasserstein, uncertainty_from_data
from drmg_check.vocabulary import InputError, exact_tuple
from drmg_check.zoo import load, resolve_game
from drmg_oracles import enclose, evaluate_exactly

GAME = load("good-bad-chain")
PI = uniform_policy(GAME)


def game(**members: object) -> RobustMarkovGame:
    """Return a game of one state with these members."""
    numbers = {"transition": [[[1.0]]], "reward": 0, "radius": 0, "horizon": 1}
    rest = {"actions": (1,), "uncertainty": TotalVariation()}
    return RobustMarkovGame(**numbers | rest | members)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: check_implementation(None, "tv"), "target=None has type NoneType; expected an address"),
        (lambda: check_implementation(lambda p, V, rho: 0.0, None), "sets=None has type NoneType; expected"),
        (lambda: Row.of(TotalVariation(), 5, [0, 1], 0), "nominal=5 has type int; expected numbers"),
        (lambda: Row.of(TotalVariation(), [1], None, 0), "values=None has type NoneType; expected numbers"),
        (lambda: exact_tuple("12"), "values='12' is one string"),
        (lambda: TotalVariation(np.array([1, 2])), r"support=array\(\[1, 2\]\) is unknown; expected 'all'"),
        (lambda: Wasserstein(None), "ground=None has type NoneType; expected a square matrix"),
        (lambda: Wasserstein([0, 1]), r"ground\[0\]=0 has type int; expected numbers"),
        (lambda: uncertainty_from_data("wasserstein"), "'wasserstein' is incomplete: no 'ground'; expected"),
        (lambda: uncertainty_from_data("cressie-read"), "'cressie-read' is incomplete: no 'alpha'; expected"),
        (lambda: JointPolicy(PI.weights, None), "actions=None; expected one positive number of actions"),
        (lambda: JointPolicy(PI.weights, ("2", 1)), r"actions=\('2', 1\); expected one positive number"),
        (lambda: JointPolicy(None, (1,)), "policy.*None"),
        (lambda: product_policy(None), "marginals=None has type NoneType; expected one array"),
        (lambda: uniform_policy(None), "game=None has type NoneType; expected a RobustMarkovGame"),
        (lambda: game(actions=None), "actions=None; expected one positive number"),
        (lambda: game(initial_state="a"), "initial_state='a' has type str; expected 0 <= s < 1"),
        (lambda: game(uncertainty=None), r"uncertainty\[0\]=None has type NoneType; expected an uncertainty"),
        (lambda: game(uncertainty="tv"), r"uncertainty\[0\]='tv' has type str; expected an uncertainty set"),
        (lambda: game(state_names=5), "state_names=5 has type int; expected 1 strings"),
        (lambda: load(5), "address=5 has type int; expected the name of a game"),
        (lambda: resolve_game(None), "address=None has type NoneType; expected zoo:NAME"),
        (lambda: read_game(None), "None.*type NoneType; expected the path of a file"),
        (lambda: write_game(GAME, 5), "5.*type int; expected the path of a file"),
        (lambda: enclose(None), "row=None has type NoneType; expected a Row"),
        (lambda: evaluate(GAME, None), "policy=None has type NoneType; expected a JointPolicy"),
        (lambda: evaluate(None, PI), "game=None has type NoneType; expected a RobustMarkovGame"),
        (lambda: evaluate_exactly(GAME, 3), "policy=3 has type int; expected a JointPolicy"),
        (lambda: gaps(GAME, None), "policy=None has type NoneType; expected a JointPolicy"),
        (lambda: best_response(None, PI, 0), "game=None has type NoneType; expected a RobustMarkovGame"),
        (lambda: load("random?horizon=abc"), "horizon='abc' cannot be read; expected an integer, as in 3"),
        (
            lambda: load("initial-shock?secret=2,x"),
            "secret='2,x' cannot be read; expected integers separated",
        ),
    ],
)
def test_another_type_is_an_input_error(wrong: Callable[[], object], message: str):
    with pytest.raises(InputError, match=message):
        wrong()
