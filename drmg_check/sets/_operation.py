"""Operations: what a room does with a set, by one function for each class of sets.

A room declares ``enclosure: Operation[[Row, int], Enclosure] = operation("enclosure", __name__, "...")``,
registers a function for each class, ``@enclosure.register(TotalVariation)``, and calls
``enclosure(row.uncertainty, row, bits)``. A set that has no function gets one sentence, the same in every
room. Operations are recorded by their names, so that what there is can be listed (``drmg-check doctor
--sets``) and tested to be complete.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from types import MappingProxyType
from typing import Any, Concatenate, Generic, NoReturn, ParamSpec, TypeVar

from drmg_check.sets._base import UncertaintySet
from drmg_check.vocabulary import UnsupportedError

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, eq=False)
class Operation(Generic[P, R]):
    """A function of a set, and of what else ``P`` says, chosen by the class of the set.

    >>> from drmg_check.sets import KullbackLeibler, TotalVariation
    >>> unit: Operation[[], str] = Operation("unit", __name__, "what a radius is measured in")
    >>> _ = unit.register(KullbackLeibler)(lambda uncertainty: "nats")
    >>> unit(KullbackLeibler())
    'nats'
    >>> unit.has(TotalVariation)
    False

    Attributes
    ----------
    name : str
        A noun, as in "tv has no NAME".
    room : str
        The module that declares it.
    about : str
        What it returns, in a line.
    canonical : bool
        Its callers bring the set to its canonical form, so that it needs no function for L1.
    of : type
        What the sets have in common that it is about.
    """

    name: str
    room: str
    about: str
    canonical: bool = False
    of: type = UncertaintySet
    _dispatch: Any = field(init=False, repr=False)
    _chosen: dict[type, Callable[..., R]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        def lacking(uncertainty: object, *_args: object, **_named: object) -> NoReturn:
            raise lacks(uncertainty, self.name)

        object.__setattr__(self, "_dispatch", singledispatch(lacking))

    def __call__(self, uncertainty: object, /, *args: P.args, **named: P.kwargs) -> R:
        """Call the function of the set's class.

        Raises
        ------
        UnsupportedError
            There is none.
        """
        return self.function(uncertainty)(uncertainty, *args, **named)

    def function(self, uncertainty: object) -> Callable[Concatenate[Any, P], R]:
        """Return the function of the set's class; calling it saves half a microsecond of passing on."""
        cls = type(uncertainty)
        if cls not in self._chosen:
            self._chosen[cls] = self._dispatch.dispatch(cls)
        return self._chosen[cls]

    def register(
        self, *classes: type
    ) -> Callable[[Callable[Concatenate[Any, P], R]], Callable[Concatenate[Any, P], R]]:
        """Use the decorated function for these classes of sets."""

        def record(function: Callable[Concatenate[Any, P], R]) -> Callable[Concatenate[Any, P], R]:
            for cls in classes:
                self._dispatch.register(cls, function)
            self._chosen.clear()
            return function

        return record

    def has(self, cls: type) -> bool:
        """Whether there is a function for a class of sets."""
        return self._dispatch.dispatch(cls) is not self._dispatch.dispatch(object)


_OPERATIONS: dict[str, Operation[..., Any]] = {}
"""Filled while the rooms that declare operations are imported, and never after."""


def operation(
    name: str, room: str, about: str, *, canonical: bool = False, of: type = UncertaintySet
) -> Operation[..., Any]:
    """Declare an operation and record it by its name, which no other one has.

    >>> import drmg_oracles  # declares "enclosure"
    >>> operations()["enclosure"].about
    'a certified interval around the worst case'
    """
    assert name not in _OPERATIONS, f"the operation {name!r} is declared in {_OPERATIONS[name].room}, too"
    _OPERATIONS[name] = Operation(name, room, about, canonical, of)
    return _OPERATIONS[name]


def operations() -> Mapping[str, Operation[..., Any]]:
    """Return the operations of the rooms that are imported, by name.

    >>> import drmg_oracles
    >>> "enclosure" in operations()
    True
    """
    return MappingProxyType(_OPERATIONS)


def lacks(uncertainty: object, name: str) -> UnsupportedError:
    """Return the error that says what a set has not, and why if its file says so.

    >>> from drmg_check.sets import KullbackLeibler
    >>> str(lacks(KullbackLeibler(), "integers")).partition(";")[0]
    'kl has no integers: its worst case is irrational in general'
    """
    kind = getattr(uncertainty, "kind", type(uncertainty).__name__)
    reason = getattr(uncertainty, "without", {}).get(name)
    because = f": {reason}" if reason else ""
    return UnsupportedError(f"{kind} has no {name}{because}; `drmg-check doctor --sets` lists what there is")
