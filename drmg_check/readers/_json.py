"""Strict JSON: typed decoding in which every surprise is one InputError."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, TypeAlias, TypeVar

import msgspec

from drmg_check.vocabulary import InputError

T = TypeVar("T")
# No axis of an array is as long; what sizes multiply to is checked apart, by check_size.
Size: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=2**31)]
Index: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**31)]

_TOKEN = re.compile(rb'[{}]|("(?:[^"\\]|\\.)*+")(\s*:)?', re.DOTALL)


class _Envelope(msgspec.Struct):
    format: str
    version: Index


def decode(text: str | bytes, form: type[T], *, name: str, version: int) -> T:
    """Decode one JSON document of the given format and version.

    Parameters
    ----------
    text : str or bytes (UTF-8)
    form : type
        The msgspec structure to fill; unknown fields are the structure's to refuse.
    name, version
        What the fields ``format`` and ``version`` must say.

    Raises
    ------
    InputError
        Anything else: malformed or truncated JSON, bytes that are not UTF-8, nesting without end, a
        repeated key, a field of the wrong type (the message has its path).
    """
    with refusals(name):
        data = (text.encode() if isinstance(text, str) else text).removeprefix(codecs.BOM_UTF8)
        _check_envelope(msgspec.json.decode(data, type=_Envelope), name, version)
        document = msgspec.json.decode(data, type=form)
        _refuse_repeated_keys(data)
    return document


def decoded(data: bytes) -> str:
    """Return the text of a file in UTF-8, without the mark of its byte order that editors put first.

    Raises
    ------
    InputError
        Other bytes; UTF-16 is named.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError("is UTF-16; save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"is not UTF-8: {error}") from error


def convert(data: object, form: type[T], *, name: str, version: int) -> T:
    """Do the same for a document that is data already: dictionaries, lists, strings, integers."""
    with refusals(name):
        _check_envelope(msgspec.convert(data, type=_Envelope), name, version)
        return msgspec.convert(data, type=form)


def encode(value: object) -> str:
    """Write one JSON value without spaces.

    Raises
    ------
    InputError
        Text that is not Unicode (a lone surrogate).
    """
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeError as error:
        raise InputError(f"a name is not Unicode text: {error}") from error


def lay_out(fields: dict[str, str]) -> str:
    """Write an object whose members are JSON already, one member a line."""
    return "{" + ",\n".join(f'"{key}":{value}' for key, value in fields.items()) + "}\n"


@contextmanager
def refusals(name: str) -> Iterator[None]:
    """Turn what decoders raise into an :class:`InputError`."""
    try:
        yield
    except InputError:
        raise
    except RecursionError as error:
        raise InputError(f"not a {name} document: nested too deeply") from error
    except ValueError as error:  # DecodeError, UnicodeError, and integers with too many digits
        raise InputError(f"not a {name} document: {error}") from error


def _check_envelope(envelope: _Envelope, name: str, version: int) -> None:
    if envelope.format != name:
        raise InputError(f'format={envelope.format[:60]!r}; expected "{name}"')
    if envelope.version != version:
        raise InputError(f"version={envelope.version}; this drmg-check reads version {version} of {name}")


def _refuse_repeated_keys(data: bytes) -> None:
    """Walk over the tokens of well-formed JSON; decoders silently keep the last of two equal keys."""
    scopes: list[set[str]] = []
    for token in _TOKEN.finditer(data):
        if token[0] == b"{":
            scopes.append(set())
        elif token[0] == b"}":
            scopes.pop()
        elif token[2] is not None:
            key = msgspec.json.decode(token[1], type=str)
            if key in scopes[-1]:
                raise InputError(f"key {key[:60]!r} appears twice; expected each key once")
            scopes[-1].add(key)
