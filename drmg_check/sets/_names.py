"""Short names of uncertainty sets, as a declaration and a command line write them.

``tv``, ``tv:nominal``, ``cressie-read:3/2``, ``cressie-read:1/2:nominal``, ``wasserstein:2``: the kind,
then its parameters in order, without defaults. The ground metric of a Wasserstein set belongs to the row,
so a name stands for a family with one set for each number of states.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from drmg_check.sets._all import UNCERTAINTY_SETS
from drmg_check.sets._base import Maker, UncertaintySet, whatever_the_size
from drmg_check.sets._json import parameters_of, uncertainty_from_data
from drmg_check.vocabulary import InputError


@dataclass(frozen=True, slots=True)
class SetFamily:
    """A declared kind of set.

    Parameters
    ----------
    name : str
        Its short name.
    make : callable
        Number of states to set. A Wasserstein family measures distances between indices, ``|s - t|``.

    Examples
    --------
    >>> set_family("tv:nominal").make(3)
    TotalVariation(support='nominal')
    """

    name: str
    make: Maker


def set_name(uncertainty: UncertaintySet) -> str:
    """Return the short name of a set.

    >>> from drmg_check.sets import TotalVariation
    >>> set_name(TotalVariation("nominal"))
    'tv:nominal'
    """
    parameters = parameters_of(uncertainty)
    spelt = [name for name in uncertainty.named if name in parameters]
    values = [getattr(uncertainty, name) for name in spelt if _differs(uncertainty, name)]
    return ":".join([uncertainty.kind, *map(str, values)])


def _differs(uncertainty: UncertaintySet, name: str) -> bool:
    return bool(getattr(uncertainty, name) != parameters_of(uncertainty)[name].default)


def set_family(name: str) -> SetFamily:
    """Return the family that a short name means.

    >>> set_family("wasserstein:2").make(3).order
    2

    Raises
    ------
    InputError
        An unknown kind, or parameters that the kind does not have.
    """
    kind, *words = name.strip().split(":")
    cls = UNCERTAINTY_SETS.get(kind)
    if cls is None:
        raise InputError(f"set={name!r} is unknown; {_HOW}")
    if len(words) > len(cls.named):
        raise InputError(f"set={name!r} has the surplus part {words[len(cls.named)]!r}; {_HOW}")
    try:
        parameters = cls.spelt(dict(zip(cls.named, words, strict=False)))
    except ValueError as error:
        raise InputError(f"set={name!r}; {_HOW}") from error
    uncertainty = uncertainty_from_data({"kind": kind, **parameters})
    return SetFamily(set_name(uncertainty), _family(uncertainty))


def _family(uncertainty: UncertaintySet) -> Maker:
    if uncertainty.n_states is None:
        return whatever_the_size(uncertainty)

    @cache  # a metric of S states is checked in S^3 steps
    def make(states: int) -> UncertaintySet:
        return uncertainty.placed([Fraction(s) for s in range(states)])

    return make


_HOW = (
    f"expected one of {', '.join(sorted(UNCERTAINTY_SETS))}, with ':nominal' where the adversary stays on "
    "the nominal support, as in tv:nominal, cressie-read:3/2 or wasserstein:2"
)
