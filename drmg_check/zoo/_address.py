"""Addresses ``NAME?parameter=value&...``: how they are taken apart, and what a wrong one is told."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin
from urllib.parse import parse_qsl

import msgspec

from drmg_check.vocabulary import InputError, Number

_FORMS = {int: "an integer, as in 3", float: "a number, as in 0.5", bool: "true or false", str: "a text"}


def parse_query(query: str, hints: Mapping[str, Any], subject: str) -> dict[str, object]:
    """Return the parameters of a query, each read as the type that its hint names.

    Raises
    ------
    InputError
        A query that is no list of parameters, an unknown or repeated parameter, a value of another type.
    """
    values: dict[str, object] = {}
    for key, text in parse_pairs(query).items():
        if key not in hints:
            raise InputError(f"{subject} has no parameter {key[:60]!r}; {suggest(key, hints)}")
        values[key] = _value(text, hints[key], key)
    return values


def parse_pairs(query: str) -> dict[str, str]:
    """Return the parameters of a query as they are written, each once.

    >>> parse_pairs("radius=1/5&name=two words")
    {'radius': '1/5', 'name': 'two words'}
    """
    values: dict[str, str] = {}
    for key, text in _pairs(query):
        if key in values:
            raise InputError(f"?{query[:60]} has the parameter {key!r} twice; expected it once")
        values[key] = text
    return values


def suggest(name: str, known: Mapping[str, object]) -> str:
    """Say what was meant: the closest known name, or all of them."""
    close = get_close_matches(name[:60], known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"expected one of {', '.join(known)}"


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return (
            parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=100) if query else []
        )
    except ValueError as error:
        raise InputError(
            f"?{query[:60]} is no list of parameters; expected ?name=value&name=value"
        ) from error


def _value(text: str, hint: Any, name: str) -> object:  # noqa: ANN401 - a type annotation
    if hint == Number:
        return text
    try:
        return msgspec.convert(
            text.split(",") if get_origin(hint) is tuple else text, type=hint, strict=False
        )
    except ValueError as error:
        raise InputError(f"{name}={text!r} cannot be read; expected {_form(hint)}") from error


def _form(hint: Any) -> str:  # noqa: ANN401 - a type annotation
    if get_origin(hint) is tuple:
        return "integers separated by commas, as in 2,2"
    if get_origin(hint) is Literal:
        return f"one of {', '.join(get_args(hint))}"
    return _FORMS[hint]
