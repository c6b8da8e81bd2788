"""Short names of uncertainty sets, as a declaration and a command line write them.

``tv``, ``tv:nominal``, ``cressie-read:3/2``, ``cressie-read:1/2:nominal``, ``wasserstein:2``: the kind,
then its parameters in order, without defaults. The ground metric of a Wasserstein set belongs to the row,
so a name stands for a family with one set for each number of states.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass
from fractions import Fraction
from functools import cache

from drmg_check.sets._all import UNCERTAINTY_SETS, GameSet
from drmg_check.sets._base import Maker, UncertaintySet, whatever_the_size
from drmg_check.sets._fictitious import FictitiousTotalVariation
from drmg_check.sets._json import game_set_from_data, parameters_of, uncertainty_from_data
from drmg_check.sets._s_rectangular import SRectangular
from drmg_check.vocabulary import InputError

MAX_GROUND = 256
"""States of a game with a ground metric: it costs states^3, for the triangle inequality is checked."""


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
    needed = [key for key, field in parameters_of(cls).items() if field.default is MISSING]
    if lacking := [key for key in needed if key not in parameters]:
        raise InputError(f"set={name!r} does not say {lacking[0]}; {_HOW}")
    uncertainty = uncertainty_from_data({"kind": kind, **parameters})
    return SetFamily(set_name(uncertainty), _family(uncertainty))


def set_for(given: UncertaintySet | str, states: int) -> UncertaintySet:
    """Return a set as it is, and of a short name the set for so many states.

    >>> set_for("wasserstein:2", 3).order
    2

    Raises
    ------
    InputError
        A name that is none, or a metric between more than 256 states.
    """
    if not isinstance(given, str):
        return given
    family = set_family(given)
    if states > MAX_GROUND and family.make(1).n_states is not None:
        raise InputError(f"{given} needs a metric between {states} states; expected at most {MAX_GROUND}")
    return family.make(states)


def game_set_for(name: str, states: int) -> GameSet:
    """Return the set of an agent that a short name means, ``fictitious-tv`` included; errors as before.

    An s-rectangular set is named by its ball.

    >>> game_set_for("fictitious-tv:nominal", 3)
    FictitiousTotalVariation(support='nominal')
    >>> game_set_for("s-rectangular:l1:nominal", 3).ball
    L1(support='nominal')
    """
    kind, _, support = name.strip().partition(":")
    if kind == SRectangular.kind:
        return SRectangular(set_for(support, states))
    if kind != FictitiousTotalVariation.kind:
        return set_for(name, states)
    return game_set_from_data({"kind": kind, "support": support} if support else kind)


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
