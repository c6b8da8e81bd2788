"""Law: whatever bytes a reader gets, it returns a legal object or raises one of the project's errors."""

import io
import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drmg_check.models import JointPolicy, RobustMarkovGame, uniform_policy
from drmg_check.readers import (
    PrismFiles,
    from_toy_text,
    game_from_data,
    game_from_json,
    game_from_nfg,
    game_from_npz,
    game_from_prism,
    game_to_json,
    policy_from_json,
    policy_to_json,
)
from drmg_check.vocabulary import DrmgError, InputError
from drmg_check.zoo import load, resolve_game

GAME = game_to_json(load("shaky-bridge"))
POLICY = policy_to_json(uniform_policy(load("good-bad-chain")))
NFG = 'NFG 1 R "g" { "a" "b" } { { "x" "y" } { "z" } } { { "" 1, 0.5 } { "" 1/3 2 } } 1 2'
PRISM = "2 3 4\n0 0 0 0.5 go\n0 0 1 0.5 go\n0 1 1 [0.9,1]\n1 0 1 1\n"
SIDE = '0="init"\n0: 0\n'


def npz() -> bytes:
    stream = io.BytesIO()
    np.savez(
        stream,
        P=np.eye(2)[:, None],
        P_axes="s a s'",
        r=1.0,
        radius=0.5,
        uncertainty="tv",
        horizon=np.int64(2),
    )
    return stream.getvalue()


def prism(text: bytes) -> RobustMarkovGame:
    decoded = text.decode("utf-8", "replace")
    return game_from_prism(PrismFiles(decoded, decoded, decoded, decoded, decoded), horizon=2)


READERS: dict[str, tuple[Callable[[bytes], RobustMarkovGame | JointPolicy], bytes]] = {
    "game": (game_from_json, GAME.encode()),
    "policy": (policy_from_json, POLICY.encode()),
    "nfg": (lambda data: game_from_nfg(data.decode("utf-8", "replace")), NFG.encode()),
    "npz": (game_from_npz, npz()),
    "prism": (
        lambda data: game_from_prism(PrismFiles(data.decode("utf-8", "replace")), horizon=2),
        PRISM.encode(),
    ),
    "prism with everything": (prism, PRISM.encode() + SIDE.encode()),
}


def attempt(read: Callable[[Any], RobustMarkovGame | JointPolicy], data: object) -> None:
    """Read, and write back what was read; only the project's own errors may come out."""
    try:
        result = read(data)
    except DrmgError as error:
        message = str(error)
        assert 0 < len(message) < 2000
        return
    text = game_to_json(result) if isinstance(result, RobustMarkovGame) else policy_to_json(result)
    assert text


@st.composite
def mutations(draw: st.DrawFn, data: bytes) -> bytes:
    """Cut, repeat, overwrite or insert pieces of a valid file."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 20)))
        tokens = st.sampled_from(
            [b"", b'"', b"{", b"}", b"[", b"]", b",", b"0", b"-1", b"9" * 40, b"NaN", b"1/0", b"\n"]
        )
        piece = draw(tokens | st.binary(max_size=6) | st.just(data[start:end] * 2))
        data = data[:start] + piece + data[end:]
    return data


@pytest.mark.parametrize("reader", READERS)
@given(data=st.binary(max_size=200))
@example(data=b"")
@example(data=b"PK\x03\x04")
@example(data=b"NFG 1 R")
@example(data=b"1 1\n0 0 1\n")
def test_arbitrary_bytes_are_refused_or_read(reader: str, data: bytes):
    attempt(READERS[reader][0], data)


@pytest.mark.parametrize("reader", READERS)
@given(data=st.data())
def test_a_damaged_file_is_refused_or_read(reader: str, data: st.DataObject):
    read, valid = READERS[reader]
    attempt(read, data.draw(mutations(valid)))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-2, 4)
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(
        ["1/3", "1e400", "1e-400", "-0", "0x1p-2000", "nan", "1/0", "tv", "kl", "wasserstein", "9" * 5000]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def places(node: object) -> list[tuple[Any, Any]]:
    """Every container and key of a document at which a value stands."""
    pairs = list(
        node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    )
    return [(node, key) for key, _ in pairs] + [place for _, child in pairs for place in places(child)]


@given(st.data())
def test_a_document_with_another_value_somewhere_is_refused_or_read(data: st.DataObject):
    document = deepcopy(json.loads(GAME))
    for _ in range(data.draw(st.integers(1, 2))):
        container, key = data.draw(st.sampled_from(places(document)))
        container[key] = data.draw(VALUES)
    attempt(game_from_data, document)
    try:
        text = json.dumps(document)
    except ValueError:
        return
    attempt(game_from_json, text)


@given(
    st.dictionaries(
        st.integers(0, 2), st.dictionaries(st.integers(0, 1), st.lists(VALUES, max_size=2)), max_size=3
    )
)
def test_a_table_of_anything_is_refused_or_read(table: Any):  # noqa: ANN401
    attempt(lambda data: from_toy_text(data, horizon=2, radius="1/10"), table)


@given(
    st.text(max_size=30)
    | st.from_regex(r"(random|good-bad-chain)\?(horizon|radius|seed)=.{0,8}", fullmatch=True)
)
def test_any_address_is_refused_or_resolved(address: str):
    """Neither a name nor a path nor a query raises anything but InputError."""
    for whole in (f"zoo:{address}", f"/nonexistent/{address}"):
        try:
            game = resolve_game(whole)
        except InputError:
            continue
        assert isinstance(game, RobustMarkovGame)
