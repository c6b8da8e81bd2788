"""Short names of uncertainty sets, as a declaration and a command line write them.

``tv``, ``tv:nominal``, ``cressie-read:3/2``, ``cressie-read:1/2:nominal``, ``wasserstein:2``: the kind,
then its parameters in order, without defaults. The ground metric of a Wasserstein set belongs to the row,
so a name stands for a family with one set for each number of states.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from drmg_check.sets import UNCERTAINTY_SETS, CressieRead, UncertaintySet, Wasserstein, uncertainty_from_data
from drmg_check.vocabulary import InputError, show


@dataclass(frozen=True, slots=True)
class SetFamily:
    """A declared kind of set.

    Parameters
    ----------
    name : str
        Its short name.
    make : callable
        Number of states to set. A Wasserstein family measures distances between indices, ``|s - t|``.
    """

    name: str
    make: Callable[[int], UncertaintySet]


def set_name(uncertainty: UncertaintySet) -> str:
    """Return the short name of a set.

    >>> from drmg_check.sets import TotalVariation
    >>> set_name(TotalVariation("nominal"))
    'tv:nominal'
    """
    if isinstance(uncertainty, Wasserstein):
        return "wasserstein" if uncertainty.order == 1 else f"wasserstein:{uncertainty.order}"
    words: list[str] = [uncertainty.kind]
    if isinstance(uncertainty, CressieRead):
        words.append(show(uncertainty.alpha))
    if getattr(uncertainty, "support", "all") == "nominal":
        words.append("nominal")
    return ":".join(words)


def set_family(name: str) -> SetFamily:
    """Return the family that a short name means.

    Raises
    ------
    InputError
        An unknown kind, or parameters that the kind does not have.
    """
    kind, *words = name.strip().split(":")
    if kind == "wasserstein":
        order = _order(words, name)
        return SetFamily("wasserstein" if order == 1 else f"wasserstein:{order}", _on_a_line(order))
    data: dict[str, object] = {"kind": kind}
    if kind == "cressie-read" and words:
        data["alpha"] = words.pop(0)
    if words:
        data["support"] = words.pop(0)
    if words:
        raise InputError(f"set={name!r} has the surplus part {words[0]!r}; {_HOW}")
    if kind not in UNCERTAINTY_SETS:
        raise InputError(f"set={name!r} is unknown; {_HOW}")
    one = uncertainty_from_data(data)
    return SetFamily(set_name(one), lambda _: one)


_HOW = (
    f"expected one of {', '.join(sorted(UNCERTAINTY_SETS))}, with ':nominal' where the adversary stays on "
    "the nominal support, as in tv:nominal, cressie-read:3/2 or wasserstein:2"
)


def _order(words: list[str], name: str) -> int:
    if not words:
        return 1
    if len(words) > 1 or not words[0].isdecimal() or not words[0].isascii():
        raise InputError(f"set={name!r}; {_HOW}")
    return int(words[0][:3])


def _on_a_line(order: int) -> Callable[[int], UncertaintySet]:
    @cache  # a metric of S states is checked in S^3 steps
    def make(states: int) -> Wasserstein:
        return Wasserstein(
            tuple(tuple(Fraction(abs(s - t)) for t in range(states)) for s in range(states)), order
        )

    make(1)  # refuses an illegal order now
    return make
