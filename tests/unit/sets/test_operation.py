"""An operation finds the function of a set's class; a set that has none gets one sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import pytest

from drmg_check.sets import (
    L1,
    Contamination,
    FictitiousTotalVariation,
    KullbackLeibler,
    Operation,
    SupportedSet,
    TotalVariation,
    operation,
    operations,
)
from drmg_check.sets._operation import _OPERATIONS
from drmg_check.vocabulary import UnsupportedError


@dataclass(frozen=True, slots=True)
class Triangular(SupportedSet):
    kind: ClassVar[str] = "triangular"
    without: ClassVar[dict[str, str]] = {"picture": "nobody has drawn it"}


@pytest.fixture
def doubled() -> Iterator[Operation[[Fraction], Fraction]]:
    """Declare an operation for the time of one test."""
    declared: Operation[[Fraction], Fraction] = operation("doubling", __name__, "twice a number")

    @declared.register(TotalVariation)
    def _tv(_: TotalVariation, x: Fraction) -> Fraction:
        return 2 * x

    yield declared
    del _OPERATIONS["doubling"]


def test_the_function_of_the_class_is_called(doubled: Operation[[Fraction], Fraction]):
    assert doubled(TotalVariation("nominal"), Fraction(3)) == 6
    assert doubled.function(TotalVariation())(TotalVariation(), Fraction(3)) == 6
    assert doubled.has(TotalVariation)
    assert not doubled.has(L1)


@pytest.mark.parametrize(
    "uncertainty", [L1(), KullbackLeibler(), Triangular(), FictitiousTotalVariation()], ids=lambda u: u.kind
)
def test_a_set_without_one_is_told_where_to_look(doubled: Operation[..., Fraction], uncertainty: object):
    sentence = f"{uncertainty.kind} has no doubling; `drmg-check doctor --sets` lists what there is"
    with pytest.raises(UnsupportedError, match=f"^{sentence}$"):
        doubled(uncertainty, Fraction(3))
    with pytest.raises(UnsupportedError, match=f"^{sentence}$"):
        doubled.function(uncertainty)(uncertainty, Fraction(3))


def test_the_reason_of_the_set_is_in_the_sentence():
    picture: Operation[[], str] = Operation("picture", __name__, "a picture")
    with pytest.raises(UnsupportedError, match=r"^triangular has no picture: nobody has drawn it; `drmg"):
        picture(Triangular())


def test_a_function_for_a_base_class_serves_its_subclasses():
    named: Operation[[], str] = Operation("name", __name__, "a name")
    named.register(SupportedSet)(lambda uncertainty: f"supported {uncertainty.kind}")
    named.register(Contamination)(lambda uncertainty: "Huber's")
    assert (named(Triangular()), named(Contamination())) == ("supported triangular", "Huber's")
    assert not named.has(KullbackLeibler)


def test_operations_are_recorded_once_by_their_names(doubled: Operation[..., Fraction]):
    assert operations()["doubling"] is doubled
    with pytest.raises(AssertionError, match=r"'doubling' is declared in .*test_operation"):
        operation("doubling", "elsewhere", "twice a number")
    with pytest.raises(TypeError, match="assignment"):
        operations()["tripling"] = doubled  # type: ignore[index]
