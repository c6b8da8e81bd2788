"""Sets as JSON: a kind and its parameters, numbers as exact strings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from fractions import Fraction
from typing import Any, cast

from drmg_check.sets._all import UNCERTAINTY_SETS, GameSet
from drmg_check.sets._base import UncertaintySet
from drmg_check.sets._by_row import ByRow
from drmg_check.sets._fictitious import FictitiousTotalVariation
from drmg_check.sets._s_rectangular import SRectangular
from drmg_check.vocabulary import InputError, show


def uncertainty_to_data(
    uncertainty: UncertaintySet, *, number: Callable[[Fraction], object] = show
) -> dict[str, object]:
    """Return the JSON form; ``number`` says how to write a rational, by default as an exact string.

    >>> from drmg_check.sets import CressieRead
    >>> uncertainty_to_data(CressieRead("3/2"))
    {'kind': 'cressie-read', 'alpha': '3/2', 'support': 'all'}
    """
    parameters = {name: _data(getattr(uncertainty, name), number) for name in parameters_of(uncertainty)}
    return {"kind": uncertainty.kind, **parameters}


def uncertainty_from_data(data: object, *, other_kinds: tuple[str, ...] = ()) -> UncertaintySet:
    """Read what :func:`uncertainty_to_data` wrote; a bare kind such as ``"kl"`` means its defaults.

    ``other_kinds`` are those that the caller reads itself, for the message that lists what is known.

    Raises
    ------
    InputError
        An unknown kind or parameter, or an illegal value.

    Examples
    --------
    >>> uncertainty_from_data({"kind": "cressie-read", "alpha": "3/2"})
    CressieRead(alpha=Fraction(3, 2), support='all')
    """
    if isinstance(data, str):
        data = {"kind": data}
    if not isinstance(data, dict) or not isinstance(data.get("kind"), str):
        raise InputError(f'uncertainty={data!r}; expected an object such as {{"kind": "tv"}}')
    kind = data["kind"]
    given = {str(key): value for key, value in data.items() if key != "kind"}
    cls = UNCERTAINTY_SETS.get(kind)
    if cls is None:
        known = ", ".join(sorted((*UNCERTAINTY_SETS, *other_kinds)))
        raise InputError(f"uncertainty kind={kind!r} is unknown; expected one of {known}")
    allowed = parameters_of(cls)
    if unknown := sorted(set(given) - set(allowed)):
        raise InputError(f"uncertainty {kind!r} has no parameter {unknown[0]!r}; expected {sorted(allowed)}")
    for name, field in allowed.items():
        if field.default is MISSING and name not in given:
            raise InputError(
                f"uncertainty {kind!r} is incomplete: no {name!r}; expected "
                f'{{"kind": "{kind}", "{name}": ...}}'
            )
    return cls.read(given)


def game_set_to_data(uncertainty: GameSet) -> dict[str, object]:
    """Return the JSON form of any set that a game may have.

    Examples
    --------
    >>> game_set_to_data(FictitiousTotalVariation())
    {'kind': 'fictitious-tv', 'support': 'all'}
    """
    if isinstance(uncertainty, FictitiousTotalVariation):
        return {"kind": uncertainty.kind, "support": uncertainty.support}
    if isinstance(uncertainty, ByRow):
        sets = [[uncertainty_to_data(ball) for ball in line] for line in uncertainty.sets]
        return {"kind": uncertainty.kind, "sets": sets}
    if isinstance(uncertainty, SRectangular):
        weights = {"weights": [show(weight) for weight in uncertainty.weights]} if uncertainty.weights else {}
        return {"kind": uncertainty.kind, "ball": uncertainty_to_data(uncertainty.ball), **weights}
    return uncertainty_to_data(uncertainty)


def game_set_from_data(data: object) -> GameSet:
    """Read what :func:`game_set_to_data` wrote; a bare kind such as ``"fictitious-tv"`` means its defaults.

    Raises
    ------
    InputError
        As for :func:`uncertainty_from_data`.

    Examples
    --------
    >>> game_set_from_data("fictitious-tv")
    FictitiousTotalVariation(support='all')
    """
    fictitious = FictitiousTotalVariation.kind
    if data == fictitious:
        return FictitiousTotalVariation()
    if isinstance(data, dict) and data.get("kind") == fictitious:
        uncertainty_from_data(data | {"kind": "tv"})  # the same parameters, refused alike
        return FictitiousTotalVariation(**{name: value for name, value in data.items() if name != "kind"})
    if isinstance(data, dict) and data.get("kind") == ByRow.kind:
        return _by_row(data)
    if isinstance(data, dict) and data.get("kind") == SRectangular.kind:
        return _s_rectangular(data)
    return uncertainty_from_data(data, other_kinds=(fictitious, ByRow.kind, SRectangular.kind))


def _by_row(data: dict[str, Any]) -> ByRow:
    sets = data.get("sets")
    if (
        set(data) != {"kind", "sets"}
        or not isinstance(sets, list)
        or not all(isinstance(x, list) for x in sets)
    ):
        raise InputError(
            'uncertainty "by-row" has other members; expected {"kind": "by-row", "sets": [[...], ...]}'
        )
    return ByRow(tuple(tuple(uncertainty_from_data(ball) for ball in line) for line in sets))


def _s_rectangular(data: dict[str, Any]) -> SRectangular:
    if "ball" not in data:
        raise InputError(
            f"uncertainty {SRectangular.kind!r} is incomplete: no 'ball'; expected "
            f'{{"kind": "{SRectangular.kind}", "ball": {{"kind": "l1"}}}}'
        )
    others = {str(key): value for key, value in data.items() if key not in ("kind", "ball")}
    return SRectangular.read(others, uncertainty_from_data(data["ball"]))


def parameters_of(uncertainty: UncertaintySet | type[UncertaintySet]) -> dict[str, Field[Any]]:
    """Return the parameters of a set, or of its class, in their order."""
    return {field.name: field for field in fields(cast("Any", uncertainty)) if field.init}


def _data(value: object, number: Callable[[Fraction], object]) -> object:
    if isinstance(value, Fraction):
        return number(value)
    if isinstance(value, tuple):
        return [_data(entry, number) for entry in value]
    return value
