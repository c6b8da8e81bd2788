"""Instances as JSON and back, exactly: what a run writes, ``drmg-check replay`` reads.

The form follows the types. A Fraction is an exact string, a tuple an array, a dataclass an object
with one member per field; a row, an uncertainty set, a game and a policy have the forms of
the vocabulary and of game files. Text from a stranger is refused with the path of the entry that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec

from drmg_check.models import JointPolicy, RobustMarkovGame
from drmg_check.readers import game_from_data, game_to_data, policy_from_data, policy_to_data
from drmg_check.sets import UncertaintySet, uncertainty_from_data, uncertainty_to_data
from drmg_check.vocabulary import InputError, exact, show
from drmg_properties.claim._claim import Claim

I = TypeVar("I")  # noqa: E741 - the instance
Form: TypeAlias = Any  # a type as an annotation writes it: a class, a union, tuple[...]


def encode_instance(claim: Claim[I], instance: I) -> str:
    """Write an instance of the claim as one line of JSON; equal instances give equal text.

    >>> from drmg_check.sets import Row, TotalVariation
    >>> from drmg_properties.audit import find_claim, list_claims
    >>> claim = find_claim(list_claims(), "B3.corrected").claim
    >>> encode_instance(claim, Row.of(TotalVariation(), ["1/2", "1/2"], [0, 1], "1/4"))
    '{"uncertainty":{"kind":"tv","support":"all"},"nominal":["1/2","1/2"],"values":["0","1"],"radius":"1/4"}'
    """
    return msgspec.json.encode(_encode(claim.instance_type, instance)).decode()


def decode_instance(claim: Claim[I], text: str) -> I:
    """Read what :func:`encode_instance` wrote, or what a person typed.

    Raises
    ------
    InputError
        No JSON, a missing, unknown or misshapen entry (named by its path), or an instance outside the
        claim's domain.

    Examples
    --------
    >>> from drmg_properties.audit import find_claim, list_claims
    >>> claim = find_claim(list_claims(), "D10").claim
    >>> decode_instance(claim, '{"M": 2, "N": 2, "H": 3}')
    Shock(M=2, N=2, H=3)
    """
    try:
        data = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise InputError(f"the instance of claim {claim.id} is no JSON: {error}") from error
    return cast("I", _decode(claim.instance_type, data, "instance"))


def _encode(form: Form, value: object) -> object:
    if form in _CODECS:
        return _CODECS[form][0](value)
    origin: object = get_origin(form)
    if origin in (Union, UnionType):
        return None if value is None else _encode(_only_member(form), value)
    if origin is tuple:
        values = cast("tuple[object, ...]", value)
        return [_encode(entry, x) for entry, x in zip(_entries(form, len(values)), values, strict=True)]
    if is_dataclass(form):
        return {name: _encode(entry, getattr(value, name)) for name, entry in _members(form).items()}
    return value


def _decode(form: Form, data: object, path: str) -> object:
    if form in _CODECS:
        try:
            return _CODECS[form][1](data)
        except InputError as error:
            raise InputError(f"{path}: {error}") from error
    origin: object = get_origin(form)
    if origin in (Union, UnionType):
        return None if data is None else _decode(_only_member(form), data, path)
    if origin is tuple:
        if not isinstance(data, list):
            raise InputError(f"{path}={_short(data)}; expected an array")
        entries = _entries(form, len(data))
        if len(entries) != len(data):
            raise InputError(f"{path} has {len(data)} entries; expected {len(entries)}")
        return tuple(
            _decode(e, x, f"{path}[{k}]") for k, (e, x) in enumerate(zip(entries, data, strict=True))
        )
    if is_dataclass(form):
        return _decode_members(form, data, path)
    if origin is Literal:
        if data not in get_args(form):
            raise InputError(f"{path}={_short(data)}; expected one of {', '.join(map(repr, get_args(form)))}")
        return data
    if type(data) is not form:
        raise InputError(f"{path}={_short(data)}; expected {form.__name__}")
    return data


def _decode_members(form: Form, data: object, path: str) -> object:
    members = _members(form)
    if not isinstance(data, dict):
        raise InputError(f"{path}={_short(data)}; expected an object with {', '.join(members)}")
    if unknown := sorted(set(data) - set(members)):
        raise InputError(f"{path} has an unknown member {unknown[0]!r}; expected {', '.join(members)}")
    if missing := [name for name in members if name not in data]:
        raise InputError(f"{path} lacks {missing[0]!r}; expected {', '.join(members)}")
    values = {name: _decode(entry, data[name], f"{path}.{name}") for name, entry in members.items()}
    try:
        return cast("object", form(**values))
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _members(form: Form) -> dict[str, Any]:
    hints = get_type_hints(form)
    return {field.name: hints[field.name] for field in fields(form) if field.init}


def _entries(form: Form, length: int) -> tuple[Any, ...]:
    entries = get_args(form)
    return (entries[0],) * length if entries[1:] == (Ellipsis,) else entries


def _only_member(form: Form) -> Form:
    (member,) = (entry for entry in get_args(form) if entry is not NoneType)
    return member


def _short(data: object) -> str:
    text = repr(data)
    return text if len(text) <= 60 else text[:57] + "..."


def _number(data: object) -> Fraction:
    if isinstance(data, float):
        raise InputError(f'{data!r} is a rounded number; write it exactly, as "1/3" or "0.1"')
    return exact(data)


_LABELS = ("name", "initial_state", "agent_names", "state_names", "action_names")


def _short_game_data(game: RobustMarkovGame) -> dict[str, object]:
    data = dict(game_to_data(game))
    bare = game_from_data({key: value for key, value in data.items() if key not in _LABELS})
    for label in _LABELS:
        if getattr(bare, label) == getattr(game, label):
            data.pop(label, None)  # what the reader fills in by itself only lengthens the line
    return data


_CODECS: dict[Any, tuple[Callable[[Any], object], Callable[[Any], object]]] = {
    Fraction: (show, _number),
    UncertaintySet: (uncertainty_to_data, uncertainty_from_data),
    RobustMarkovGame: (_short_game_data, game_from_data),
    JointPolicy: (policy_to_data, policy_from_data),
}
