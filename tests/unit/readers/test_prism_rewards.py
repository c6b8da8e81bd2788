"""Files beside PRISM's transitions say what they mean, or are refused: no wrong value is read from them."""

from pathlib import Path

import pytest

from drmg_check.models import uniform_policy
from drmg_check.planner import evaluate
from drmg_check.readers import PrismFiles, game_from_prism, read_game
from drmg_check.sets import CressieRead, TotalVariation, Wasserstein
from drmg_check.vocabulary import DrmgError, InputError, UnsupportedError
from drmg_check.zoo import resolve_game

TRANSITIONS = "2 2 3\n0 0 0 0.5\n0 0 1 0.5\n1 0 1 1\n"
CHAIN = "2 3\n0 0 0.5\n0 1 0.5\n1 1 1\n"


def folder_of(tmp_path: Path, **files: str) -> Path:
    """Write a model m.tra and files beside it, each named by its stem and suffix."""
    (tmp_path / "m.tra").write_text(TRANSITIONS)
    for name, text in files.items():
        stem, suffix = name.rsplit("_", 1)
        (tmp_path / f"{stem}.{suffix}").write_text(text)
    return tmp_path / "m.tra"


def value(address: str) -> float:
    game = resolve_game(address)
    return float(evaluate(game, uniform_policy(game)).V[0, 0, game.initial_state])


@pytest.mark.parametrize(
    "text",
    [
        "0 1\n1 3\n",  # no header
        "1 3\n",
        "2 2\n1 1\n2 3\n",  # counted from 1
        "2 1\n2 3\n",
        "7 2\n0 1\n1 3\n",  # of another model
        "2 2\n0 1\n",  # cut off
        "2 1\n0 1\n1 3\n",  # a line too many
        "2 2\n0 1\n0 1\n",  # repeated
        "2 2 2\n0 1\n1 3\n",  # the header of transitions
        "2 2\n0 1\n1 nan\n",
        "2 2\n0 1\n1 3 5\n",
        "2 2\n0 1\n-1 3\n",
        "0 1\n1 3\n2 2\n",  # the header last
        " \n",
    ],
)
def test_state_rewards_that_do_not_fit_are_refused(text: str):
    with pytest.raises(InputError):
        game_from_prism(PrismFiles(TRANSITIONS, state_rewards=text), horizon=2)
    with pytest.raises(InputError):
        game_from_prism(PrismFiles(CHAIN, state_rewards=text), horizon=2)


@pytest.mark.parametrize(
    "text",
    [
        "1 0 1 1\n",  # no header
        "2 2 1\n1 0 0 1000\n",  # no such transition
        "2 2 1\n1 1 1 1000\n",  # no such choice
        "2 2 1\n2 0 1 1000\n",  # no such state
        "2 2 1\n0 0 2 1000\n",
        "2 2 2\n1 0 1 1\n1 0 1 1\n",  # repeated: not added twice
        "2 2 2\n1 0 1 1\n",  # cut off
        "3 2 1\n1 0 1 1\n",  # of another model
        "2 5 1\n1 0 1 1\n",
        "2 1\n1 1 1\n",  # the lines of a chain
        "2 2 1\n1 1 1\n",
    ],
)
def test_transition_rewards_that_do_not_fit_are_refused(text: str):
    with pytest.raises(InputError):
        game_from_prism(PrismFiles(TRANSITIONS, transition_rewards=text), horizon=2)


@pytest.mark.parametrize("text", ["2 1\n1 0 1\n", "2 2\n1 1 1\n1 1 1\n", "1 1 1\n", "2 2 1\n1 0 1 1\n"])
def test_transition_rewards_of_a_chain_are_checked_alike(text: str):
    with pytest.raises(InputError):
        game_from_prism(PrismFiles(CHAIN, transition_rewards=text), horizon=2)


def test_a_header_may_count_the_choices_that_have_a_reward():
    for header in ("2 2 1", "2 1 1"):
        game = game_from_prism(PrismFiles(TRANSITIONS, transition_rewards=f"{header}\n0 0 1 8\n"), horizon=1)
        assert game.r[0, 0, :, 0].tolist() == [4.0, 0.0]


def test_a_reward_of_a_listed_transition_of_probability_0_is_never_paid():
    text = TRANSITIONS.replace("2 2 3", "2 2 4") + "1 0 0 0\n"
    game = game_from_prism(PrismFiles(text, transition_rewards="2 2 1\n1 0 0 1000\n"), horizon=1)
    assert not game.r.any()


def test_the_one_numbered_reward_structure_is_read(tmp_path: Path):
    path = folder_of(tmp_path, m1_srew="2 2\n0 1\n1 1\n")
    assert value(f"{path}?horizon=2") == 2.0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("m1_srew", "m2_srew"),
        ("m_srew", "m1_srew"),
        ("m.time_rews", "m.energy_trew"),
        ("m_1_srew", "m_2_rewt"),
    ],
)
def test_of_several_reward_structures_one_is_asked_for(tmp_path: Path, first: str, second: str):
    empty = {
        "srew": "2 1\n0 {}\n",
        "rews": "2 1\n0 {}\n",
        "trew": "2 2 1\n0 0 0 {}\n",
        "rewt": "2 2 1\n0 0 0 {}\n",
    }
    texts = {name: empty[name.rsplit("_", 1)[1]].format(k) for k, name in enumerate((first, second), 2)}
    path = folder_of(tmp_path, **texts)
    with pytest.raises(InputError, match=r"2 reward structures, .*m\.tra\?horizon=10&rewards=m"):
        resolve_game(f"{path}?horizon=1")
    assert value(f"{path}?horizon=1&rewards={first.rsplit('_', 1)[0]}") in (1.0, 2.0)
    with pytest.raises(InputError, match="no such file m7"):
        resolve_game(f"{path}?horizon=1&rewards=m7")


def test_the_rewards_of_another_model_are_not_of_this_one(tmp_path: Path):
    path = folder_of(tmp_path, m1_srew="2 1\n0 5\n", m1_tra=TRANSITIONS, other_srew="2 1\n0 7\n")
    assert value(f"{path}?horizon=1") == 0.0
    assert value(f"{tmp_path / 'm1.tra'}?horizon=1") == 5.0


@pytest.mark.parametrize(
    "labels",
    [
        "#DECLARATION\ninit goal\n#END\n0 goal\n1 init goal\n",
        "#DECLARATION\ngoal\ninit\n#END\n1 init\n",
        '0="init" 1="deadlock"\n1: 0\n',
        '0="deadlock" 4="init"\n1: 4 0\n0:\n',
        '# labels\n0="init"\n1: 0\n',
    ],
)
def test_the_initial_state_is_read_from_labels_of_either_tool(labels: str):
    assert game_from_prism(PrismFiles(TRANSITIONS, labels), horizon=1).initial_state == 1


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ("init 1\n", 'expected 0="init"'),
        ("1 init\n", 'expected 0="init"'),
        ("#DECLARATION\ninit\n1 init\n", "#END"),
        ("#DECLARATION\ngoal\n#END\n1 init\n", "'init' of state 1 is not declared"),
        ('0="init"\n1: 3\n', "'3' of state 1 is not declared"),
        ('0="init"\n1 0\n', "no index"),
        ('0="init"\n1\n', "expected: state: label label"),
        ('0="initial" 1="goal"\n1: 0\n', "there is a label 'initial'"),
        ("#DECLARATION\nStart\n#END\n1 Start\n", "there is a label 'Start'"),
        ('0="init" 1="goal"\n1: 0\n2: 1\n', "labelled goal=2; expected 0 <= s < 2"),
    ],
)
def test_labels_that_name_no_initial_state_for_sure_are_refused(labels: str, message: str):
    with pytest.raises(InputError, match=message):
        game_from_prism(PrismFiles(TRANSITIONS, labels), horizon=1)


def test_an_initial_state_can_be_chosen(tmp_path: Path):
    path = folder_of(tmp_path, m_lab='0="init"\n0: 0\n1: 0\n', m_srew="2 1\n1 3\n")
    with pytest.raises(UnsupportedError, match="initial_state=0"):
        resolve_game(f"{path}?horizon=1")
    assert value(f"{path}?horizon=1&initial_state=1") == 3.0
    with pytest.raises(InputError, match="initial_state=2"):
        resolve_game(f"{path}?horizon=1&initial_state=2")


def test_states_are_named_in_any_order():
    states = "(x)\n1:(7)\n0:(5)\n"
    assert game_from_prism(PrismFiles(TRANSITIONS, states=states), horizon=1).state_names == ("(5)", "(7)")


@pytest.mark.parametrize("states", ["(x)\n0:(5)\n0:(7)\n", "(x)\n0:(5)\n2:(7)\n", "(x)\n0 5\n1 7\n", "(x)\n"])
def test_states_named_twice_or_not_at_all_are_refused(states: str):
    with pytest.raises(InputError):
        game_from_prism(PrismFiles(TRANSITIONS, states=states), horizon=1)


def test_an_interval_from_0_to_0_is_an_impossible_transition():
    text = "3 3 6\n0 0 0 [0,0]\n0 0 1 [0.1,0.5]\n0 0 2 [0.5,0.9]\n1 0 1 1\n2 0 2 1\n2 0 0 [0,0]\n"
    with_zeros = game_from_prism(PrismFiles(text), horizon=1)
    without = "3 3 4\n0 0 1 [0.1,0.5]\n0 0 2 [0.5,0.9]\n1 0 1 1\n2 0 2 1\n"
    assert (with_zeros.transition == game_from_prism(PrismFiles(without), horizon=1).transition).all()
    with pytest.raises(DrmgError, match="row 0 0 are no ball"):
        game_from_prism(PrismFiles("1 1 1\n0 0 0 [0,0]\n"), horizon=1)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2 2 3 2\n0 0 0 0.5 0\n0 0 1 0.5 1\n1 0 1 1 1\n", "POMDP"),
        ("2 3\n0 0 3\n0 1 2.5\n1 1 1\n", "CTMC"),
        ("2 2\n0 1 0.25\n1 0 0.75\n", "CTMC"),
        ("2 2 2\n0 0 1 go\n1 0 1 stay\n", "LTS"),
        ("2 2 2\n0 0 1\n1 0 1\n", "LTS"),
        ("2 2\n0 1 go\n1 1 stay\n", "LTS"),
        ("mdp\n0 0 0 0.5\n", "Storm"),
        ("dtmc\n0 0 0.5\n", "Storm"),
        ("ctmc\n0 1 2\n", "CTMC"),
        ("ma\n0 1 2\n", "Storm"),
        ("STATES 2\nTRANSITIONS 3\n1 1 0.5\n1 2 0.5\n2 2 1\n", "MRMC"),
        ("2 2 3\n0 0.5:0 0.5:1\n1 1:1\n", "row form"),
        ("\n# Exported\n@type: MDP\n@parameters\n", "DRN"),
    ],
)
def test_a_relative_of_the_format_is_named(tmp_path: Path, text: str, name: str):
    (tmp_path / "m.tra").write_text(text)
    with pytest.raises(UnsupportedError, match=rf"m\.tra: .*{name}"):
        read_game(tmp_path / "m.tra", horizon=2)


@pytest.mark.parametrize(
    ("file", "text", "name"),
    [
        ("m.drn", "// Exported by storm\n@type: MDP\n", "DRN"),
        ("m.nm", "mdp\n\nmodule m\n x : bool;\nendmodule\n", "PRISM's language"),
        ("m.jani", '{\n "jani-version": 1, "name": "m"}\n', "JANI"),
        ("g.efg", 'EFG 2 R "g" { "a" }\n', "extensive game"),
        ("m.pomdp", "# tiger\ndiscount: 0.95\nvalues: reward\n", "Cassandra"),
        ("m.aut", 'des (0, 2, 2)\n(0, "a", 1)\n', "LTS"),
        ("m.csv", "idstatefrom,idaction,idstateto,probability,reward\n0,0,0,1,1\n", "bmdp-tool"),
    ],
)
def test_a_file_of_another_tool_is_named(tmp_path: Path, file: str, text: str, name: str):
    (tmp_path / file).write_text(text)
    with pytest.raises(UnsupportedError, match=rf"{file}: .*{name}"):
        read_game(tmp_path / file)


def test_a_refusal_of_intervals_names_the_file(tmp_path: Path):
    (tmp_path / "m.tra").write_text("2 2 3\n0 0 0 [0.1,0.3]\n0 0 1 [0.6,0.9]\n1 0 1 1\n")
    with pytest.raises(UnsupportedError, match=r"m\.tra: the intervals of row 0 0 are no ball"):
        read_game(tmp_path / "m.tra", horizon=2)


def test_files_may_begin_with_the_mark_of_their_byte_order(tmp_path: Path):
    for name, text in {"m.tra": TRANSITIONS, "m.srew": "2 1\n0 3\n", "m.lab": '0="init"\n0: 0\n'}.items():
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert value(f"{tmp_path / 'm.tra'}?horizon=1") == 3.0


@pytest.mark.parametrize(
    ("name", "uncertainty"),
    [
        ("tv:nominal", TotalVariation("nominal")),
        ("cressie-read:3/2", CressieRead("3/2")),  # type: ignore[arg-type]
        ("wasserstein:2", Wasserstein(((0, 1), (1, 0)), 2)),  # type: ignore[arg-type]
    ],
)
def test_a_set_has_its_short_name_in_every_address(tmp_path: Path, name: str, uncertainty: object):
    path = folder_of(tmp_path)
    assert resolve_game(f"{path}?horizon=1&radius=1/9&uncertainty={name}").uncertainty == (uncertainty,)
    assert resolve_game(f"zoo:random?agents=1&states=2&uncertainty={name}").uncertainty == (uncertainty,)


def test_a_set_that_lacks_a_parameter_is_told_how_to_write_it(tmp_path: Path):
    path = folder_of(tmp_path)
    with pytest.raises(InputError, match="as in tv:nominal, cressie-read:3/2"):
        resolve_game(f"{path}?horizon=1&uncertainty=cressie-read")


def test_an_interval_that_is_cut_at_0_is_narrower_than_the_ball():
    text = "3 3 5\n0 0 0 [0,0.3]\n0 0 1 [0.2,0.6]\n0 0 2 [0.3,0.7]\n1 0 1 1\n2 0 2 1\n"
    game = game_from_prism(PrismFiles(text), horizon=1)
    assert [str(p) for p in game.transition[0, 0, 0]] == ["1/10", "2/5", "1/2"]
    assert str(game.radius[0, 0, 0, 0]) == "1/5"
