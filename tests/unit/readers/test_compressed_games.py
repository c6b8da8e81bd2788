"""Large games keep their rows compressed in every format, small ones stay what they were; nothing is lost."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import jsonschema
import msgspec
import numpy as np
import pytest

from drmg_check.models import (
    JointPolicy,
    RobustMarkovGame,
    SparsePolicy,
    SparseRows,
    Stage,
    StagedGame,
    action_distribution,
    joint_policy,
    nominal_row,
    product_policy,
    repeated,
    sparse_policy,
    support,
)
from drmg_check.readers import (
    PrismFiles,
    from_toy_text,
    game_from_prism,
    game_to_json,
    model_from_json,
    model_from_prism,
    model_from_toy_text,
    policy_from_npz,
    policy_to_npz,
    read_model,
    read_policy,
    read_rules,
    write_game,
    write_policy,
)
from drmg_check.readers import _game_json as game_json
from drmg_check.sets import Interval, KullbackLeibler, TotalVariation
from drmg_check.vocabulary import InputError, UnsupportedError
from drmg_check.zoo import load, resolve_game, resolve_model

Run = Callable[..., subprocess.CompletedProcess[str]]
SCHEMA = msgspec.json.decode(Path(game_json.__file__).with_name("game.schema.json").read_bytes())


def staged_game(exactly: bool, *, steps: int = 1) -> StagedGame:
    """Return a game of 3 states whose rows, rewards and radii are fractions, or not; steps may differ."""
    third = Fraction(1, 3) if exactly else 0.25
    stages = []
    for h in range(steps):
        rows = SparseRows(
            indptr=[0, 2, 3, 4, 5, 7, 8],
            indices=[0, 2, 1, h % 3, 2, 0, 1, 2],
            weights=[third, 1 - third, 1, 1, 1, 0.5, 0.5, 1],
            shape=(3, 2, 3),
        )
        stages.append(
            Stage(
                rows=rows,
                reward=np.array([[[h * third], [1], [2]], [[0], [third], [-1]]], dtype=object),
                radius=third,
                uncertainty=(TotalVariation(), KullbackLeibler()),
                actions=(2, 1),
                name="three",
                step=h,
            )
        )
    whole = repeated(stages[0], 4) if steps == 1 else tuple(stages)
    return StagedGame(stages=whole, initial_state=2, name="three", state_names=("a", "b", "c"))


def assert_same(game: StagedGame, other: object) -> None:
    assert isinstance(other, StagedGame)
    for attribute in ("name", "initial_state", "state_names", "actions", "horizon", "uncertainty"):
        assert getattr(game, attribute) == getattr(other, attribute)
    for stage, same in zip(game.stages, other.stages, strict=True):
        assert isinstance(same.rows, SparseRows)
        assert stage.rows.weights.dtype == same.rows.weights.dtype
        for name in ("indptr", "indices", "weights"):
            assert getattr(stage.rows, name).tolist() == getattr(same.rows, name).tolist()
        assert stage.reward.tolist() == same.reward.tolist()
        assert stage.radius.tolist() == same.radius.tolist()


@pytest.mark.parametrize("exactly", [True, False])
@pytest.mark.parametrize("steps", [1, 3])
def test_json_keeps_every_number_and_that_rows_are_compressed(exactly: bool, steps: int, tmp_path: Path):
    game = staged_game(exactly, steps=steps)
    write_game(game, tmp_path / "three.json")
    text = (tmp_path / "three.json").read_text()
    assert_same(game, read_model(tmp_path / "three.json"))
    assert game_to_json(model_from_json(text)) == text
    jsonschema.validate(msgspec.json.decode(text), SCHEMA)
    with pytest.raises(UnsupportedError, match=r"three\.json: its rows are compressed: show, convert"):
        resolve_game(str(tmp_path / "three.json"))


@pytest.mark.parametrize("exactly", [True, False])
def test_archives_keep_every_number(exactly: bool, tmp_path: Path):
    game = staged_game(exactly)
    write_game(game, tmp_path / "three.npz")
    assert_same(game, read_model(tmp_path / "three.npz"))
    with pytest.raises(UnsupportedError, match="same at every step"):
        write_game(staged_game(exactly, steps=3), tmp_path / "three.npz")


def test_rows_in_any_order_and_without_the_field_are_the_dense_game():
    text = game_to_json(load("initial-shock"))
    lines = text.splitlines()
    rows = [k for k, line in enumerate(lines) if line.startswith("[") and line.endswith(",")]
    lines[rows[0]], lines[rows[2]] = lines[rows[2]], lines[rows[0]]
    game = model_from_json(text)
    assert isinstance(game, RobustMarkovGame)
    assert game_to_json(game) == text
    marked = "\n".join(lines).replace('"transition":{', '"transition":{"compressed":true,')
    sparse = model_from_json(marked)
    assert isinstance(sparse, StagedGame)
    for s, a in np.ndindex(2, 4):
        assert nominal_row(sparse.stages[0], s, a) == nominal_row(game.stages[0], s, a)
    assert [stage.rho.tolist() for stage in sparse.stages] == [stage.rho.tolist() for stage in game.stages]


SMALL = game_to_json(staged_game(exactly=False))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('[0,0,[[0,"0.25"],', '[0,0,[[0,"0.25"],[0,"0.25"],', r"row \[0, 0\] lists a state twice"),
        ('[0,1,[[1,"1"]]]', '[0,0,[[1,"1"]]]', r"row \[0, 0\] is repeated"),
        ('[0,1,[[1,"1"]]]', '[0,2,[[1,"1"]]]', "beyond 3 states x 2 joint actions"),
        ('[0,1,[[1,"1"]]]', '[0,1,[[3,"1"]]]', "leads to state 3; expected 0 <= s' < 3"),
        ('[0,1,[[1,"1"]]]', '[0,1,[[1,"0"]]]', "no positive probability"),
        ('[0,1,[[1,"1"]]]', "[0,1,[]]", "no positive probability"),
        ('[0,1,[[1,"1"]]]', "[0,1,[[1,1]]]", "row of transition.0.* Expected `str`"),
        ('[0,1,[[1,"1"]]]', '[0,1,[[1,"0.1"]]]', "is no float64 number"),
        ('[0,1,[[1,"1"]]],\n', "", "kernel 0 has 5 rows; expected 3 states x 2"),
        ('[0,1,[[1,"1"]]]', '[0,1,[[1,"0.5"]]]', r"rows\[0, 1\] sums to 0.5"),
        ('"states":3', '"states":2147483648', "expected at most 2147483648 of each"),
        ('"horizon":4', '"horizon":0', "horizon"),
        ('"compressed":true', '"compressed":1', "compressed"),
        ('"compressed":true', '"compressd":true', "compressd"),
    ],
)
def test_what_is_wrong_in_json_is_one_sentence(old: str, new: str, message: str):
    assert old in SMALL
    with pytest.raises(InputError, match=message):
        model_from_json(SMALL.replace(old, new, 1))


def test_more_than_memory_holds_is_refused_by_what_is_announced(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("drmg_check.files._memory.available_memory", lambda: 2**30)
    with pytest.raises(
        InputError, match=r"in 200,000,000 rows over 4 steps needs about 6.4 GB of memory; .* has 1.1 GB"
    ):
        model_from_json(SMALL.replace('"states":3', '"states":100000000', 1))


def prism_of(states: int, transitions: int) -> PrismFiles:
    """Return a chain of two choices that goes on by one or two, in as many transitions as asked for."""
    lines, rewards = [], []
    for s in range(states):
        double = len(lines) + 2 * (states - s) <= transitions
        ahead = [(s + 1) % states, (s + 2) % states]
        lines += [f"{s} 0 {t} 0.5" for t in ahead] if double else [f"{s} 0 {ahead[0]} 1"]
        rewards.append(f"{s} {s % 7}")
    names = "\n".join(f"{s}:({s})" for s in range(states))
    return PrismFiles(
        transitions=f"{states} {states} {len(lines)}\n" + "\n".join(lines),
        states=f"(s)\n{names}",
        labels='0="init" 1="deadlock"\n5: 0\n',
        state_rewards=f"{states} {states}\n" + "\n".join(rewards),
    )


def test_a_prism_model_of_8607_states_is_read_by_its_15113_transitions():
    """As large as a small model of Storm's; an array of it would have 74 million numbers."""
    files = prism_of(8607, 15113)
    game = model_from_prism(files, horizon=30, radius="1/10")
    assert isinstance(game, StagedGame)
    rows = game.stages[0].rows
    assert (len(rows.indices), game.n_states, game.initial_state) == (15113, 8607, 5)
    states, weights = support(rows, 8000, 0)
    assert (states.tolist(), weights.tolist()) == ([8001, 8002], [0.5, 0.5])
    assert game.stages[29].r[0, 13, 0] == 6.0
    assert game.state_names[77] == "(77)"
    with pytest.raises(InputError, match="the kernel has 74080449 numbers"):
        game_from_prism(files, horizon=30)


def test_a_small_prism_model_is_the_game_that_it_was():
    files = prism_of(9, 15)
    same = model_from_prism(files, horizon=3, radius="1/10")
    assert game_to_json(same) == game_to_json(game_from_prism(files, horizon=3, radius="1/10"))


def test_compressed_prism_rows_are_those_of_the_array(monkeypatch: pytest.MonkeyPatch):
    intervals = "2 3 5\n0 0 0 [0.4,0.6]\n0 0 1 [0.4,0.6]\n0 1 1 [1,1]\n1 0 0 [0.2,0.4]\n1 0 1 [0.6,0.8]\n"
    for files in (prism_of(9, 15), PrismFiles(intervals)):
        dense = game_from_prism(files, horizon=3)
        monkeypatch.setattr("drmg_check.readers._table.fits_an_array", lambda **_: False)
        sparse = model_from_prism(files, horizon=3)
        monkeypatch.undo()
        assert isinstance(sparse, StagedGame)
        assert sparse.uncertainty == dense.uncertainty
        for s, a in np.ndindex(dense.n_states, dense.n_joint_actions):
            assert nominal_row(sparse.stages[2], s, a) == nominal_row(dense.stages[2], s, a)
        assert sparse.stages[0].reward.tolist() == dense.stages[0].reward.tolist()
        assert sparse.stages[0].radius.tolist() == dense.stages[0].radius.tolist()
    assert dense.uncertainty == (Interval("nominal"),)


def test_a_prism_file_that_announces_too_much_is_refused_before_it_is_built():
    text = "999999999 1 1\n0 999999998 0 1\n"
    with pytest.raises(InputError, match="expected at most"):
        model_from_prism(PrismFiles(text), horizon=3)


def test_a_large_table_of_gymnasium_stays_compressed():
    third = 0.3333333333333333
    table = {
        s: {
            a: [(third, (s + k) % 7000, 1.0 * (k == 2), k == 2 and s == 6999) for k in range(3)]
            for a in range(2)
        }
        for s in range(7000)
    }
    game = model_from_toy_text(table, horizon=50, radius="1/10")
    assert isinstance(game, StagedGame)
    assert game.n_states == 7001  # and the end
    assert nominal_row(game.stages[0], 6999, 1)[7000] == Fraction(1, 3)
    assert game.stages[0].reward[0, 3, 0] == Fraction(1, 3)
    small = {s: {0: [(0.25, 0, 1.0, False), (0.75, 1, 0.0, s == 1)]} for s in range(2)}
    assert game_to_json(model_from_toy_text(small, horizon=2, radius=0)) == game_to_json(
        from_toy_text(small, horizon=2, radius=0)
    )


def test_an_address_of_a_prism_file_gives_the_large_model(tmp_path: Path):
    (tmp_path / "chain.tra").write_text(prism_of(8607, 15113).transitions)
    game = resolve_model(f"{tmp_path / 'chain.tra'}?horizon=7&radius=1/5&uncertainty=kl")
    assert isinstance(game, StagedGame)
    assert (game.horizon, game.uncertainty) == (7, (KullbackLeibler(),))


def a_policy(way: str) -> SparsePolicy:
    if way == "joint":
        rule = SparseRows(
            indptr=[0, 2, 3, 5], indices=[0, 3, 2, 1, 3], weights=["1/3", "2/3", 1, 0.5, 0.5], shape=(1, 3, 4)
        )
        return SparsePolicy((rule,), (2, 2), horizon=4)
    own = SparseRows(indptr=[0, 2, 3, 4], indices=[0, 1, 1, 0], weights=["1/3", "2/3", 1, 1], shape=(1, 3, 2))
    other = SparseRows(indptr=[0, 1, 3, 4], indices=[1, 0, 1, 0], weights=[1, 0.25, 0.75, 1], shape=(1, 3, 2))
    return SparsePolicy((own, other), (2, 2), horizon=4)


@pytest.mark.parametrize("way", ["joint", "independent"])
def test_a_policy_is_written_and_read_without_loss(way: str, tmp_path: Path):
    policy = a_policy(way)
    write_policy(policy, tmp_path / "policy.npz")
    same = read_rules(tmp_path / "policy.npz")
    assert isinstance(same, SparsePolicy)
    assert same.is_independent == (way == "independent")
    written = read_policy(tmp_path / "policy.npz")
    assert isinstance(written, JointPolicy)
    for h, s in np.ndindex(4, 3):
        exactly = action_distribution(policy, h, s)
        assert exactly == action_distribution(same, h, s) == action_distribution(written, h, s)
        assert np.allclose(policy.rule(h)[s], [float(x) for x in exactly], rtol=2**-51, atol=0)
        assert same.rule(h)[s].tolist() == policy.rule(h)[s].tolist()


def test_a_joint_policy_and_its_compressed_form_are_the_same():
    joint = product_policy([[[["1/3", "2/3"]]] * 2, [[[1, 0]]] * 2])
    compressed = sparse_policy(joint)
    assert joint_policy(compressed).weights.tolist() == joint.weights.tolist()
    assert compressed.horizon == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"horizon": 0}, "horizon=0"),
        ({"states": 2}, "expected H S"),
        ({"pi_weights": [0.5, 0.4]}, "sums to 0.9"),
        ({"pi_indices": [0, 4]}, "indices reach 4"),
        ({"actions": None}, "the key actions is missing"),
        ({"pi_indices": None}, "the key pi_indices is missing"),
        ({"pi_0_indptr": [0, 1]}, "the key pi_0_indptr is too much"),
        ({"q": 1}, "key 'q' is unknown"),
    ],
)
def test_an_archive_that_is_no_policy_is_refused(changes: dict[str, object], message: str):
    good = {"actions": [2, 2], "states": 1, "horizon": 3, "pi_indptr": [0, 2], "pi_indices": [0, 3]}
    stream = io.BytesIO()
    arrays = good | {"pi_weights": [0.5, 0.5]} | changes
    np.savez(stream, **{key: value for key, value in arrays.items() if value is not None})
    with pytest.raises(InputError, match=message):
        policy_from_npz(stream.getvalue())


def test_rules_that_do_not_fit_together_are_refused():
    own = SparseRows(indptr=[0, 1], indices=[0], weights=[1.0], shape=(1, 1, 2))
    for rules, horizon in (((), 1), ((own,), 1), ((own, own, own), 1), ((own, own), -1)):
        with pytest.raises(InputError, match="rules have shapes"):
            SparsePolicy(rules, (2, 2), horizon)
    longer = SparseRows(indptr=[0, 1, 2], indices=[0, 0], weights=[1.0, 1.0], shape=(2, 1, 2))
    with pytest.raises(InputError, match="rules have shapes"):
        SparsePolicy((own, longer), (2, 2))


def test_policy_to_npz_takes_any_policy():
    stream = io.BytesIO()
    policy_to_npz(product_policy([[[["1/3", "2/3"]]], [[[1, 0]]]]), stream)
    assert policy_from_npz(stream.getvalue()).exact_rule(0, 0) == [Fraction(1, 3), 0, Fraction(2, 3), 0]
