"""What an implementation says about itself: the sets it solves, its conventions, how accurate it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import Any, TypeVar

from drmg_check.sets import set_family
from drmg_check.vocabulary import InputError, Number, exact, show
from drmg_check.words import (
    CONCEPTS,
    LEVELS,
    PRECISIONS,
    QUANTITIES,
    SIGNATURES,
    Concept,
    LevelName,
    Precision,
    Quantity,
)

F = TypeVar("F", bound=Callable[..., object])
DEFAULT_ACCURACY = Fraction(1, 10**9)
"""What is asked of an implementation that declares nothing: an error of 1e-9 of the span of V."""
_WORST_ACCURACY = Fraction(1, 4)
_POWERS = (Fraction(1, 2), Fraction(1), Fraction(2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Implementation:
    """The declaration of an implementation.

    Parameters
    ----------
    name : str
    level : one of :data:`drmg_check.words.LEVELS`
        What it computes: a worst-case expectation of one row, an equilibrium of one stage game, or something
        of a whole game.
    sets : tuple of str
        The sets that it solves, by short name (see :func:`drmg_check.sets.set_name`); the name says
        whether the adversary may leave the nominal support. A stage game has none.
    concept : {"nash", "cce", "ce"}
        Which equilibrium a stage-game solver, a planner or a learner aims at.
    quantity : {"reward", "cost"}
        Of a reward the worst case is the infimum, of a cost the supremum.
    radius_factor, radius_power : Fraction
        It wants ``radius_factor * rho ** radius_power`` for the radius ``rho`` of the set: ``factor=2``
        for the L1 radius of a TV ball, ``power=1/2`` for the root of a squared distance.
    accuracy : Fraction
        The error that it admits on top of rounding, as a fraction of ``max V - min V`` (if V is constant, of
        ``|V|``, or of 1 if that is 0); at most 1/4. Of an equilibrium: the gain of a deviation, as a fraction
        of ``H max |r|``. Each probability that it returns may be off by as much.
    accuracy_absolute : Fraction
        The error that it admits on top of that, in the unit of V whatever V is; of whole games at every step.
    precision : {"float64", "float32"}
        What it computes in. For float32 it is asked about float32 numbers, though as float64, and forgiven
        the rounding of that format.
    distribution : bool
        It returns a worst distribution beside the value.

    Raises
    ------
    InputError
        An unknown level, set or convention.

    Examples
    --------
    >>> Implementation(sets=("tv", "kl"), accuracy=Fraction(1, 10**6)).level
    'worst-case'
    """

    name: str = ""
    level: LevelName = "worst-case"
    sets: tuple[str, ...] = ()
    concept: Concept = "nash"
    quantity: Quantity = "reward"
    radius_factor: Fraction = field(default=Fraction(1))
    radius_power: Fraction = field(default=Fraction(1))
    accuracy: Fraction = DEFAULT_ACCURACY
    accuracy_absolute: Fraction = field(default=Fraction(0))
    precision: Precision = "float64"
    distribution: bool = False

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise InputError(f"level={self.level!r} is not judged; expected one of {', '.join(LEVELS)}")
        if self.concept not in CONCEPTS:
            raise InputError(f"concept={self.concept!r}; expected one of {', '.join(CONCEPTS)}")
        signature = SIGNATURES[self.level]
        if self.sets and not signature.sets:
            raise InputError(f"sets={self.sets!r}; a stage game has no uncertainty set, so declare none")
        if self.quantity != "reward" and not signature.costs:
            raise InputError("quantity='cost'; a learner is judged on rewards in [0, 1]: let it take those")
        if self.precision != "float64" and not signature.precisions:
            raise InputError(
                f"precision={self.precision!r}; a learner is judged in float64: let it return that"
            )
        if self.quantity not in QUANTITIES:
            raise InputError(f"quantity={self.quantity!r}; expected 'reward' or 'cost'")
        if self.precision not in PRECISIONS:
            raise InputError(f"precision={self.precision!r}; expected 'float64' or 'float32'")
        if self.radius_factor <= 0:
            raise InputError(f"radius_factor={show(self.radius_factor)}; expected a positive number")
        if self.radius_power not in _POWERS:
            raise InputError(f"radius_power={show(self.radius_power)}; expected 1/2, 1 or 2")
        if not 0 <= self.accuracy <= _WORST_ACCURACY:
            raise InputError(f"accuracy={show(self.accuracy)}; expected a fraction of the span in [0, 1/4]")
        if self.accuracy_absolute < 0:
            raise InputError(f"accuracy_absolute={show(self.accuracy_absolute)}; expected 0 or more")
        object.__setattr__(self, "sets", tuple(set_family(name).name for name in self.sets))


def implementation(
    sets: str | Sequence[str] = (),
    *,
    name: str = "",
    level: LevelName = "worst-case",
    concept: Concept = "nash",
    quantity: Quantity = "reward",
    radius_factor: Number = 1,
    radius_power: Number = 1,
    accuracy: Number = DEFAULT_ACCURACY,
    accuracy_absolute: Number = 0,
    precision: Precision = "float64",
    distribution: bool = False,
) -> Callable[[F], F]:
    """Declare a function to be an implementation; the parameters are those of :class:`Implementation`.

    >>> @implementation("tv", accuracy="1e-6")
    ... def worst_case(p, V, rho):
    ...     return ...
    """
    declared = Implementation(
        name=name,
        level=level,
        sets=(sets,) if isinstance(sets, str) else tuple(sets),
        concept=concept,
        quantity=quantity,
        radius_factor=exact(radius_factor, "radius_factor"),
        radius_power=exact(radius_power, "radius_power"),
        accuracy=exact(accuracy, "accuracy"),
        accuracy_absolute=exact(accuracy_absolute, "accuracy_absolute"),
        precision=precision,
        distribution=distribution,
    )

    def declare(function: F) -> F:
        vars(function)["drmg_implementation"] = declared
        return function

    return declare


def declared_by(function: object) -> Implementation | None:
    """Return what :func:`implementation` attached to a function, if anything.

    Raises
    ------
    InputError
        It is no function.

    Examples
    --------
    >>> @implementation("kl")
    ... def worst_case(p, V, rho):
    ...     return ...
    >>> declared_by(worst_case).sets, declared_by(len)
    (('kl',), None)
    """
    if not callable(function):
        kind = type(function).__name__
        raise InputError(f"target={function!r} has type {kind}; expected an address as text, or a function")
    declared = getattr(function, "drmg_implementation", None)
    return declared if isinstance(declared, Implementation) else None


def declaration_to_data(declared: Implementation) -> dict[str, object]:
    """Return the JSON form; exact numbers are strings.

    >>> declaration_to_data(Implementation(sets=("kl",)))["accuracy"]
    '1/1000000000'
    """
    data: dict[str, Any] = {entry.name: getattr(declared, entry.name) for entry in fields(declared)}
    data["sets"] = list(declared.sets)
    return {key: show(value) if isinstance(value, Fraction) else value for key, value in data.items()}


def declaration_from_data(data: Mapping[str, object]) -> Implementation:
    """Read what :func:`declaration_to_data` wrote, or what a harness says about itself.

    Raises
    ------
    InputError
        An unknown member, or an illegal value.

    Examples
    --------
    >>> declaration_from_data({"sets": ["kl"], "accuracy": "1e-6"}).accuracy
    Fraction(1, 1000000)
    """
    declared = Implementation()
    known = [entry.name for entry in fields(declared)]
    if unknown := sorted(set(data) - set(known)):
        raise InputError(f"a declaration has no member {unknown[0]!r}; expected some of {', '.join(known)}")
    changes: dict[str, Any] = dict(data)
    for key in ("radius_factor", "radius_power", "accuracy", "accuracy_absolute"):
        if key in changes:
            changes[key] = exact(changes[key], key)
    sets = changes.get("sets", ())
    if isinstance(sets, str):
        sets = (sets,)
    if not isinstance(sets, list | tuple) or not all(isinstance(name, str) for name in sets):
        raise InputError(f"sets={sets!r}; expected a list of short names such as 'tv'")
    for key, kind in (("name", str), ("distribution", bool)):
        if not isinstance(changes.get(key, kind()), kind):
            raise InputError(f"{key}={changes[key]!r}; expected a {kind.__name__}")
    return replace(declared, **(changes | {"sets": tuple(sets)}))
