"""How implementations declare themselves, are found and are spoken to."""

import json
import math
from fractions import Fraction
from importlib.metadata import EntryPoint, EntryPoints
from inspect import signature
from pathlib import Path

import numpy as np
import pytest

from drmg_check.referee import open_target
from drmg_check.sets import CressieRead, Row, TotalVariation, UncertaintySet, Wasserstein
from drmg_check.targets import (
    GarbageError,
    Implementation,
    Reply,
    adapter,
    answer_request,
    declaration_from_data,
    declaration_to_data,
    declared_by,
    find_target,
    implementation,
    load_target,
    read_greeting,
    read_reply,
    set_family,
    set_name,
    set_on_the_wire,
    write_request,
)
from drmg_check.vocabulary import FloatArray, InputError
from drmg_check.words import LEVELS, SIGNATURES

NAMES = (
    "tv",
    "tv:nominal",
    "kl",
    "chi2",
    "cressie-read:3/2",
    "cressie-read:1/2:nominal",
    "interval:nominal",
    "wasserstein",
    "wasserstein:2",
)
TV = {"kind": "tv", "support": "all"}


def request(uncertainty: object = TV, **more: object) -> dict[str, object]:
    return {
        "cmd": "worst_case",
        "set": uncertainty,
        "S": 2,
        "p": [0.5, 0.5],
        "V": [0.0, 1.0],
        "rho": 0.25,
        "distribution": False,
        **more,
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_set_has_one_short_name(name: str):
    family = set_family(name)
    assert family.name == name
    assert set_name(family.make(3)) == name


@pytest.mark.parametrize(
    "name", ["", "tw", "tv:all:x", "tv:some", "kl:nominal", "cressie-read", "cressie-read:1", "wasserstein:x"]
)
def test_other_names_are_refused(name: str):
    with pytest.raises(InputError):
        set_family(name)


def test_a_declaration_reads_back():
    declared = Implementation(
        name="mine", sets=("tv:all", "kl"), quantity="cost", radius_power=Fraction(1, 2), accuracy=Fraction(0)
    )
    assert declared.sets == ("tv", "kl")
    data = json.loads(json.dumps(declaration_to_data(declared)))
    assert declaration_from_data(data) == declared


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"colour": "red"}, "no member 'colour'"),
        ({"sets": "kl:x"}, "no parameter 'support'"),
        ({"sets": [1]}, "list of short names"),
        ({"level": "oracle"}, "level='oracle'"),
        ({"quantity": "pain"}, "quantity='pain'"),
        ({"radius_factor": 0}, "radius_factor=0"),
        ({"radius_power": "1/3"}, "radius_power=1/3"),
        ({"accuracy": "1/2"}, "accuracy=1/2"),
        ({"accuracy": "a lot"}, "accuracy='a lot'"),
        ({"distribution": "yes"}, "distribution='yes'"),
        ({"name": 7}, "name=7"),
    ],
)
def test_an_illegal_declaration_is_refused(data: dict[str, object], words: str):
    with pytest.raises(InputError, match=words):
        declaration_from_data(data)


def test_the_decorator_leaves_the_function_as_it_is():
    @implementation("tv", accuracy="1e-6")
    def mine(p: FloatArray, V: FloatArray, rho: float) -> float:
        return rho

    assert mine(np.ones(1), np.ones(1), 0.5) == 0.5
    declared = declared_by(mine)
    assert declared is not None
    assert (declared.sets, declared.accuracy) == (("tv",), Fraction(1, 10**6))
    assert declared_by(len) is None


def test_requests_are_one_line_without_spaces_in_a_fixed_order():
    line = write_request(7, request()).decode()
    assert line == (
        '{"cmd":"worst_case","seq":7,"set":{"kind":"tv","support":"all"},"S":2,'
        '"p":[0.5,0.5],"V":[0.0,1.0],"rho":0.25,"distribution":false}\n'
    )


@pytest.mark.parametrize("x", [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0, 2.0**-1022])
def test_numbers_cross_the_wire_exactly(x: float):
    read = json.loads(write_request(1, request(V=[x, x])))["V"][0]
    assert read == x
    assert math.copysign(1, read) == math.copysign(1, x)


def test_sets_cross_the_wire_as_numbers():
    assert set_on_the_wire(CressieRead(Fraction(3, 2)))["alpha"] == 1.5
    ground = ((Fraction(0), Fraction(1)), (Fraction(1), Fraction(0)))
    assert set_on_the_wire(Wasserstein(ground, 2)) == {
        "kind": "wasserstein",
        "ground": [[0.0, 1.0], [1.0, 0.0]],
        "order": 2,
    }


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        (b'{"seq":1,"value":0.25}', Reply(value=0.25)),
        (b'{"seq":1,"value":1,"distribution":[1,0]}', Reply(value=1, distribution=(1.0, 0.0))),
        (b'{"seq":1,"unsupported":""}', Reply(unsupported="no reason given")),
        (b'{"seq":1,"error":"x","kind":"memory"}', Reply(error="x", kind="memory")),
        (b'{"seq":1,"value":inf}', Reply(value=math.inf)),
        (b'{"seq":1,"value": -Infinity}', Reply(value=-math.inf)),
        (b'{"seq":1,"value":0,"mutated":["p"]}', Reply(value=0, mutated=("p",))),
    ],
)
def test_replies_are_read(line: bytes, reply: Reply):
    assert read_reply(line + b"\n", 1) == reply


@pytest.mark.parametrize("text", ["nan", "-nan", "NaN", "nan(0x8000)", "-nan(ind)"])
def test_the_nan_of_any_c_library_is_read(text: str):
    value = read_reply(f'{{"seq":1,"value":{text}}}'.encode(), 1).value
    assert isinstance(value, float)
    assert math.isnan(value)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"0.25",
        b'{"seq":2,"value":0}',
        b'{"seq":true,"value":0}',
        b'{"value":0}',
        b'{"seq":1}',
        b'{"seq":1,"value":0,"error":"x"}',
        b'{"seq":1,"value":0,"distribution":"none"}',
        b'{"seq":1,"value":0,"distribution":[null]}',
        b'{"seq":1,"value":0,"mutated":1}',
        b"[" * 100_000,
    ],
)
def test_anything_else_is_garbage(line: bytes):
    with pytest.raises(GarbageError, match="answered"):
        read_reply(line, 1)


class Mute(Exception):  # noqa: N818 - as strangers name them
    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("\ud800 alone"), "RuntimeError: \\ud800 alone"),
        (KeyboardInterrupt(), "KeyboardInterrupt: "),
        (SystemExit("bye"), "SystemExit: bye"),
        (Mute(), "Mute: (an exception that cannot be printed)"),
    ],
)
def test_whatever_is_raised_is_an_answer_that_can_be_written(error: BaseException, words: str):
    def raises(p: FloatArray, V: FloatArray, rho: float) -> float:
        raise error

    line = json.dumps({"seq": 1} | answer_request(raises, request(set_on_the_wire(TotalVariation()))))
    reply = read_reply(line.encode(), 1)
    assert reply.error.startswith(words)
    assert reply.error.encode()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"hello", "expected"),
        (b'{"ready":2}', "'ready':2|\"ready\":2"),
        (b'{"failed":"no such module"}', "no such module"),
        (b'{"ready":1,"declaration":[]}', "expected an object"),
    ],
)
def test_a_wrong_greeting_is_refused(line: bytes, words: str):
    with pytest.raises(InputError, match=words):
        read_greeting(line)


def test_parameters_beyond_the_row_are_filled_in_where_they_are_wanted():
    seen: dict[str, object] = {}

    def wants(p: FloatArray, V: FloatArray, rho: float, uncertainty: UncertaintySet, alpha: float) -> float:
        seen.update(uncertainty=uncertainty, alpha=alpha)
        return rho

    third = CressieRead(Fraction(1, 3))
    assert answer_request(wants, request(set_on_the_wire(third))) == {"value": 0.25}
    assert seen == {"uncertainty": third, "alpha": 1 / 3}


@pytest.mark.parametrize(
    ("result", "value"),
    [(1, 1.0), (Fraction(1, 4), 0.25), (np.float32(0.5), 0.5), (np.array([0.25]), 0.25), (np.array(2), 2.0)],
)
def test_numbers_of_any_kind_are_values(result: object, value: float):
    assert answer_request(lambda *_: result, request()) == {"value": value}


@pytest.mark.parametrize("result", [None, "1", True, 1j, [1, 2], (1.0, [1.0]), np.ones(2)])
def test_anything_else_is_a_wrong_declaration(result: object):
    reply = answer_request(lambda *_: result, request())
    assert reply["kind"] == "declaration"
    assert reply["error"].endswith("expected one number")


def test_every_way_to_fail_is_an_answer():
    def raises(error: BaseException) -> dict[str, object]:
        def function(*_: object) -> float:
            raise error

        return answer_request(function, request())

    assert raises(NotImplementedError("later")) == {"unsupported": "later"}
    assert raises(MemoryError()) == {"error": "MemoryError: ", "kind": "memory"}
    assert raises(SystemExit(3))["error"].startswith("SystemExit: 3")  # type: ignore[attr-defined]
    assert raises(RecursionError("deep"))["error"].startswith("RecursionError: deep")  # type: ignore[attr-defined]


def test_a_change_of_the_input_is_told():
    def changes(p: FloatArray, V: FloatArray, rho: float) -> float:
        p[0] = 0.0
        V.resize(1, refcheck=False)
        return rho

    assert answer_request(changes, request()) == {"value": 0.25, "mutated": ["p", "V"]}


def test_a_file_is_loaded_with_its_neighbours(tmp_path: Path):
    (tmp_path / "neighbour_of_a_target.py").write_text("ONE = 1.0\n", encoding="utf-8")
    (tmp_path / "a_target.py").write_text(
        "from neighbour_of_a_target import ONE\nclass C:\n @staticmethod\n def f(p, V, rho): return ONE\n",
        encoding="utf-8",
    )
    assert load_target(f"{tmp_path}/a_target.py:C.f")(1, 2, 3) == 1.0


def test_an_entry_point_is_found_by_name(monkeypatch: pytest.MonkeyPatch):
    installed = EntryPoints([EntryPoint("mine", "package:solve", "drmg_check.implementations")])
    monkeypatch.setattr("drmg_check.targets._address.entry_points", lambda group: installed)
    assert find_target("mine").argv[-1] == "package:solve"
    with pytest.raises(InputError, match="did you mean 'mine'"):
        find_target("mime")


def test_a_command_is_split_like_a_shell_does():
    assert find_target("cmd: './my harness' --fast").argv == ("./my harness", "--fast")
    with pytest.raises(InputError, match="No closing quotation"):
        find_target("cmd: 'x")


@pytest.mark.parametrize(
    ("name", "further"),
    [("kl", set()), ("wasserstein:2", {"ground", "order"}), ("cressie-read:3/2", {"alpha"})],
)
@pytest.mark.parametrize("level", LEVELS)
def test_the_skeleton_of_an_adapter_declares_its_level_and_takes_what_it_is_given(
    level: str, name: str, further: set[str]
):
    scope: dict[str, object] = {}
    exec(adapter("mine.py", name, level), scope)  # noqa: S102 - the skeleton under test
    function = scope[level.replace("-", "_")]
    declared = declared_by(function)
    assert declared is not None
    assert (declared.level, declared.sets) == (level, () if level == "equilibrium" else (name,))
    given = SIGNATURES[level].arguments
    assert list(signature(function).parameters)[: len(given)] == list(given)
    filled = set(list(signature(function).parameters)[len(given) :]) - {"concept"}
    assert filled == (set() if level == "equilibrium" else further)


def test_a_skeleton_for_an_unknown_level_is_refused():
    with pytest.raises(InputError, match="level='policy' is not judged"):
        adapter("mine.py", "tv", "policy")


def test_a_file_that_is_named_like_what_it_adapts_does_not_hide_it(tmp_path: Path):
    """``xmlrpc`` stands for a library that nothing of ours imports."""
    adapter = tmp_path / "xmlrpc.py"
    adapter.write_text(
        "import xmlrpc.client\n\n\ndef solve(p, V, rho):\n    return float(p @ V)\n", encoding="utf-8"
    )
    with open_target(f"{adapter}:solve", {"sets": ["tv"]}) as (_, session):
        assert session.answer(Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], 0)).value == 0.5
