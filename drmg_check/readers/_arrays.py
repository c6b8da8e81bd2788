"""Arrays of exact numbers in JSON: a shape, strings, and whether they are floats or fractions."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from math import prod
from typing import Literal, TypeAlias

import msgspec
import numpy as np

from drmg_check.readers._json import Size
from drmg_check.readers._limits import MAX_ENTRIES, MAX_RATIONALS
from drmg_check.vocabulary import Array, InputError, exact, show

Kind: TypeAlias = Literal["float64", "rational"]

_MAX_CHARACTERS = 4000  # what `exact` reads


class Dense(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An array in C order; axes of length 1 broadcast."""

    numbers: Kind
    shape: tuple[Size, ...]
    values: tuple[str, ...]


def kind_of(array: Array) -> Kind:
    """Return how the numbers of an array are stored."""
    return "float64" if array.dtype == np.float64 else "rational"


def writer(kind: Kind, name: str) -> Callable[[object], str]:
    """Return the function that writes one number of such an array exactly."""
    return _float_text if kind == "float64" else lambda value: _fraction_text(exact(value), name)


def parser(kind: Kind) -> Callable[[str, str], Fraction | float]:
    """Return the function that reads one number of such an array; its arguments are text and name.

    Equal texts are parsed once: kernels repeat a few numbers many times.
    """
    read: Callable[[str, str], Fraction | float] = _float if kind == "float64" else exact
    seen: dict[str, Fraction | float] = {}

    def parse(text: str, name: str) -> Fraction | float:
        if text not in seen:
            seen[text] = read(text, name)
        return seen[text]

    return parse


def empty(kind: Kind, shape: tuple[int, ...]) -> Array:
    """Return an array of zeros that holds such numbers."""
    return np.zeros(shape) if kind == "float64" else np.full(shape, Fraction(0), dtype=object)


def compact(array: Array) -> Array:
    """Return the array with length 1 along every axis on which it is constant."""
    for axis, stride in enumerate(array.strides):
        first = array[(slice(None),) * axis + (slice(1),)]
        if stride == 0 or bool((array == first).all()):
            array = first
    return array


def dense_to_data(array: Array, name: str) -> dict[str, object]:
    """Return an array as the data of a :class:`Dense`; :func:`from_dense` reads it without loss."""
    small, kind = compact(array), kind_of(array)
    write = writer(kind, name)
    return {
        "numbers": kind,
        "shape": list(small.shape),
        "values": [write(value) for value in small.ravel().tolist()],
    }


def from_dense(data: Dense, shape: tuple[int, ...], name: str, *, limit: int = MAX_ENTRIES) -> Array:
    """Return the array, small as it was written, once it broadcasts to ``shape``.

    Raises
    ------
    InputError
        A shape that does not broadcast, another number of values, or a value that is no number.
    """
    if len(data.shape) != len(shape) or any(
        n not in (1, full) for n, full in zip(data.shape, shape, strict=True)
    ):
        raise InputError(f"{name}.shape={data.shape}; expected lengths 1 or {shape}")
    size, limit = prod(data.shape), limit if data.numbers == "float64" else MAX_RATIONALS
    if size > limit:
        raise InputError(f"{name} has {size} {data.numbers} numbers; expected at most {limit}")
    if len(data.values) != size:
        raise InputError(f"{name} has {len(data.values)} values; expected {size} for shape {data.shape}")
    parse, array = parser(data.numbers), empty(data.numbers, (size,))
    for k, text in enumerate(data.values):
        array[k] = parse(text, f"{name}.values[{k}]")
    return array.reshape(data.shape)


def _float(text: str, name: str) -> float:
    if text.startswith(("0x", "-0x")) and len(text) < 32:
        try:
            x = float.fromhex(text)
        except (ValueError, OverflowError):
            x = math.nan
        if x.hex() == text:  # as this module writes it: nothing was rounded
            return x
    value = exact(text, name)
    x = float(value)
    if Fraction(x) != value:
        raise InputError(
            f'{name}={text[:60]!r} is no float64 number; write it as a hex float or use "rational"'
        )
    return x


def _float_text(value: object) -> str:
    x = float(value)  # type: ignore[arg-type]
    if x.is_integer() and abs(x) < 2**53:  # beyond, not every integer is a float
        return str(int(x))
    # At most 15 digits, so that the shortest decimal is the exact one.
    if abs(x) < 2**16 and (x * 2**10).is_integer():
        return repr(x)
    return x.hex()


def _fraction_text(value: Fraction, name: str) -> str:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) < 3 * _MAX_CHARACTERS:
        text = show(value)
        if len(text) <= _MAX_CHARACTERS:
            return text
    raise InputError(
        f"{name} holds a fraction too long to write; expected at most {_MAX_CHARACTERS} characters"
    )
