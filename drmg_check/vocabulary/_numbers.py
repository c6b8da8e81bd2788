"""Numbers with an exact meaning: every number that enters drmg-check is a rational.

A string means what it says (``"1/3"``, ``"0.1"`` is one tenth, ``"0x1.8p-1"`` is a C99 hex float);
a float means its exact binary value. Files hold strings, so that nothing is lost on the way.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from drmg_check.vocabulary._errors import InputError, check_type

Number: TypeAlias = Fraction | int | float | str
Ends: TypeAlias = tuple[Fraction, Fraction]  # the lower and the upper end of an interval
FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
Array: TypeAlias = NDArray[Any]  # float64, or object holding Fractions

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,4})?", re.ASCII | re.IGNORECASE)
_RATIO = re.compile(r"[+-]?\d+/\d+", re.ASCII)
_HEX = re.compile(r"([+-]?)0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?\d{1,4}))?", re.ASCII | re.IGNORECASE)
_MAX_DIGITS = 4000  # a hostile file cannot make the parser build a gigabyte integer
_MAX_BITS = 12_000  # of a denominator; the smallest float64 has 1074
_MAX_SCALE_BITS = 4096  # float64 need 1,074; fractions of unrelated denominators have no end
_LARGEST = Fraction(sys.float_info.max)  # every number has a float64 view


def exact(value: object, name: str = "number") -> Fraction:
    """Return the rational that ``value`` means.

    Parameters
    ----------
    value : Fraction, int, float (Python or NumPy) or str
        Finite. A string is a ratio ``"p/q"``, a decimal or a C99 hex float.
    name : str
        How the error message calls the number.

    Raises
    ------
    InputError
        NaN, infinities, booleans, other types, and strings of any other form.

    Examples
    --------
    >>> exact("1/3"), exact("0.1"), exact(0.1)
    (Fraction(1, 3), Fraction(1, 10), Fraction(3602879701896397, 36028797018963968))
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool | np.bool_):
        raise InputError(f"{name}={value!r} is a truth value; expected a number")
    if isinstance(value, int | np.integer):
        return Fraction(int(value))
    if isinstance(value, float | np.floating):
        if not math.isfinite(value):
            raise InputError(f"{name}={float(value)!r} is not finite; expected a real number")
        return Fraction(float(value))
    if isinstance(value, str):
        return _parse(value, name)
    raise InputError(
        f"{name}={value!r} has type {type(value).__name__}; expected a Fraction, int, float or string"
    )


def _parse(text: str, name: str) -> Fraction:
    stripped = text.strip()
    if len(stripped) > _MAX_DIGITS:
        raise InputError(f"{name} has {len(stripped)} characters; expected at most {_MAX_DIGITS}")
    hexadecimal = _HEX.fullmatch(stripped)
    if not (hexadecimal or _RATIO.fullmatch(stripped) or _DECIMAL.fullmatch(stripped)):
        raise InputError(
            f'{name}={text[:60]!r} is no exact number; write a ratio "1/3", a decimal "0.25" '
            'or a hex float "0x1.8p-1"'
        )
    try:
        if hexadecimal:
            sign, whole, part, power = hexadecimal.groups()
            value = int(sign + whole + part, 16) * Fraction(2) ** (int(power or 0) - 4 * len(part))
        else:
            value = Fraction(stripped)
    except (ValueError, ZeroDivisionError) as error:
        raise InputError(f"{name}={text[:60]!r} is no number: {error}") from error
    if abs(value) > _LARGEST or value.denominator.bit_length() > _MAX_BITS:
        raise InputError(
            f"{name}={text[:60]!r} is out of range; expected a magnitude that float64 has "
            f"and a denominator below 2^{_MAX_BITS}"
        )
    return value


def show(value: Fraction) -> str:
    """Write a rational so that :func:`exact` reads it back: ``"3"``, ``"-1/3"``.

    >>> show(Fraction(-1, 3)), show(Fraction(3))
    ('-1/3', '3')
    """
    return str(value)


def in_digits(value: Fraction) -> str:
    """Write a rational as people write accuracies, in six digits if they mean exactly it, else as a fraction.

    >>> in_digits(Fraction(1, 10**9)), in_digits(Fraction(1, 4)), in_digits(Fraction(1, 3))
    ('1e-9', '0.25', '1/3')
    """
    text = f"{float(value):g}".replace("e-0", "e-").replace("e+0", "e")
    return text if Fraction(text) == value else show(value)


def approximately(value: Fraction) -> str:
    """Write a rational for an error message, however large it is.

    >>> approximately(Fraction(2, 3)), approximately(Fraction(10) ** 400)
    ('0.6666666666666666', 'more than 1.7976931348623157e+308')
    """
    try:
        return repr(float(value))
    except OverflowError:
        return f"more than {sys.float_info.max!r}"


def exact_tuple(values: Iterable[object], name: str = "values") -> tuple[Fraction, ...]:
    """Apply :func:`exact` to each entry, naming the entry ``name[k]`` in errors.

    Raises
    ------
    InputError
        As for :func:`exact`, or the values are none that can be gone through.

    Examples
    --------
    >>> exact_tuple(["1/3", 2, 0.5])
    (Fraction(1, 3), Fraction(2, 1), Fraction(1, 2))
    """
    check_type(values, Iterable, name, "numbers")
    if isinstance(values, str):
        raise InputError(f"{name}={values!r} is one string; expected numbers")
    return tuple(exact(value, f"{name}[{k}]") for k, value in enumerate(values))


def normalise(weights: Sequence[Fraction], name: str = "weights") -> tuple[Fraction, ...]:
    """Return the distribution ``weights / sum(weights)`` exactly.

    Raises
    ------
    InputError
        No weight, a negative weight, or a zero sum.

    Examples
    --------
    >>> normalise([Fraction(1), Fraction(3)])
    (Fraction(1, 4), Fraction(3, 4))
    """
    if not weights:
        raise InputError(f"{name}=() is empty; expected at least one weight")
    for k, weight in enumerate(weights):
        if weight.numerator < 0:
            raise InputError(f"{name}[{k}]={weight} is negative; expected a weight >= 0")
    whole, unit = _over_one_denominator(weights)
    total = sum(whole)
    if total == 0:
        raise InputError(f"{name} sums to 0; expected at least one positive weight")
    if total == unit:
        return tuple(weights)
    return tuple(Fraction(n, total) if n else weight for n, weight in zip(whole, weights, strict=True))


def _over_one_denominator(numbers: Sequence[Fraction]) -> tuple[list[int], int]:
    """Return integers and what to divide them by: their sum needs no gcd a term."""
    unit = lcm(*(x.denominator for x in numbers))
    return [x.numerator * (unit // x.denominator) for x in numbers], unit


def widened(values: object, name: str = "rows") -> Array:
    """Return the float64 distributions that an array of a shorter type means; any other array as it is.

    A row of float32, as JAX and PyTorch compute it, cannot sum to 1 as closely as a row of float64, in which
    games and policies are given. Over n states it must within ``n eps`` of its own type, and it means its
    weights in float64, divided by their float64 sum. Files of NumPy are read by this rule; in Python it is
    asked for, as in ``RobustMarkovGame(transition=widened(P), ...)``.

    Raises
    ------
    InputError
        A sum further from 1, or an entry that is no finite number.

    Examples
    --------
    >>> widened(np.array([0.1, 0.2, 0.7], dtype=np.float32)).sum().item()
    1.0
    """
    given = np.asarray(values)
    if given.dtype.kind != "f" or given.dtype.itemsize >= 8 or not given.ndim:
        return given
    array, eps = numbers_array(given, name), float(np.finfo(given.dtype).eps)
    total = array.sum(axis=-1, keepdims=True)
    for where in np.argwhere(np.abs(total[..., 0] - 1.0) > array.shape[-1] * eps)[:1].tolist():
        raise InputError(
            f"{name}{where} sums to {total[tuple(where)].item()!r}; expected 1 up to the rounding of "
            f"{given.dtype} ({array.shape[-1]} x {eps:.3g})"
        )
    result: Array = array / total
    return result


def check_distributions(weights: Array, name: str) -> None:
    """Refuse an array whose last axis is no distribution up to rounding: negative, or off 1 by over n 2^-52.

    Raises
    ------
    InputError
        Naming the first row that is wrong.

    Examples
    --------
    >>> check_distributions(np.array([[0.5, 0.5], [0.5, 0.25]]), "policy")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    drmg_check.vocabulary._errors.InputError: policy[1] sums to 0.75; expected 1 up to rounding (2 ...
    """
    n = weights.shape[-1]
    # Every float row within half of that of 1 passes without exact arithmetic: adding n floats
    # in float64 costs at most (n - 1) 2^-53 times their sum.
    suspect = np.ones(weights.shape[:-1], dtype=bool)
    if weights.dtype == np.float64:
        with np.errstate(over="ignore"):
            # a quarter of what is allowed: the sum of floats is off by less than the rest
            suspect = np.abs(weights.sum(axis=-1) - 1.0) > (n + 1) * 2.0**-54
    negative = np.argwhere(weights < 0)
    if negative.shape[0]:
        where = tuple(int(k) for k in negative[0])
        raise InputError(f"{name}{list(where)}={weights[where]} is negative; expected a probability")
    for index in np.argwhere(suspect).tolist():
        check_sum(weights[tuple(index)].tolist(), n, f"{name}{index}")


def check_sum(weights: Sequence[object], n: int, name: str) -> None:
    """Refuse weights over n states whose exact sum is off 1 by more than ``n 2^-52``.

    Raises
    ------
    InputError
        With the sum.

    Examples
    --------
    >>> check_sum([Fraction(1, 3), Fraction(2, 3)], 2, "row")
    >>> check_sum([Fraction(1, 3), Fraction(1, 3)], 2, "row")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    drmg_check.vocabulary._errors.InputError: row sums to 0.6666666666666666; expected 1 up to ...
    """
    whole, unit = _over_one_denominator([exact(x) for x in weights])
    total = Fraction(sum(whole), unit)
    if abs(total - 1) > Fraction(n, 2**52):  # a row divided by its float64 sum is off by no more
        raise InputError(
            f"{name} sums to {approximately(total)}; expected 1 up to rounding "
            f"({n} 2^-52); divide the row by its sum in float64 (drmg_check.vocabulary.widened does so for "
            "float32), or write exact ratios such as '1/3'"
        )


def on_one_scale(numbers: Array) -> Array:
    """Return multiples of the numbers that are integers, of type int64 if two of them can be added.

    A common denominator of more than 4096 bits is not worth it: then the numbers are returned as they are.

    >>> on_one_scale(np.array([Fraction(1, 2), Fraction(1, 3)], dtype=object))
    array([3, 2])
    """
    scale = 1
    for x in numbers.flat:
        scale = lcm(scale, x.denominator)
        if scale.bit_length() > _MAX_SCALE_BITS:
            return numbers
    scaled = [x.numerator * (scale // x.denominator) for x in numbers.flat]
    fits = max(map(abs, scaled), default=0) < 2**62  # the sum of two is below 2^63
    return np.array(scaled, dtype=np.int64 if fits else object).reshape(numbers.shape)


def numbers_array(values: object, name: str) -> Array:
    """Return ``values`` as a read-only float64 array or as an object array of Fractions.

    Float and integer arrays that float64 holds exactly stay (or become) float64; everything else is
    read entry by entry with :func:`exact`.

    Raises
    ------
    InputError
        A ragged array, or an entry that is no finite number (named by its indices).

    Examples
    --------
    >>> numbers_array([1, 2], "reward"), numbers_array(["1/3", 2], "reward")
    (array([1., 2.]), array([Fraction(1, 3), Fraction(2, 1)], dtype=object))
    """
    try:
        array: Array = np.asarray(values)
    except ValueError as error:
        raise InputError(f"{name} is no rectangular array: {error}") from error
    if array.dtype.kind == "f" and array.dtype.itemsize <= 8:
        bad = np.argwhere(~np.isfinite(array))
        if bad.shape[0]:
            where = tuple(int(k) for k in bad[0])
            raise InputError(
                f"{name}{list(where)}={float(array[where])!r} is not finite; expected a real number"
            )
        result: Array = array.astype(np.float64)
    elif array.dtype.kind in "iu" and (array.size == 0 or int(np.abs(array).max()) < 2**53):  # exact
        result = array.astype(np.float64)
    else:
        result = np.empty(array.shape, dtype=object)
        for where in np.ndindex(array.shape):
            value = array[where]
            result[where] = value if isinstance(value, Fraction) else exact(value, f"{name}{list(where)}")
    result.setflags(write=False)
    return result


def float_view(array: Array) -> FloatArray:
    """Return the float64 nearest to each entry; the array itself when it already is float64.

    >>> float_view(np.array([Fraction(1, 3), Fraction(1, 2)], dtype=object))
    array([0.33333333, 0.5       ])
    """
    if array.dtype == np.float64:
        return array
    try:
        view: FloatArray = np.array([float(value) for value in array.flat]).reshape(array.shape)
    except OverflowError as error:
        raise InputError(
            f"a number exceeds {sys.float_info.max!r}; expected a magnitude that float64 has"
        ) from error
    view.setflags(write=False)
    return view
