"""What a claim says of one instance: two sides, how a reader comes to them, whether they tell anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import inf, log, log10
from numbers import Rational
from typing import TypeAlias

from drmg_check.vocabulary import Bounds, InputError, Slack, difference, distance
from drmg_properties.formulas import interval

Number: TypeAlias = Bounds | Fraction | int
Lines: TypeAlias = Callable[[], tuple[str, ...]]
CERTAIN = "a probability of at least 1 is allowed"
TRIVIAL = "the bound is beyond the trivial one"


NOTHING = "0"
"""The right side of what must not differ."""


def no_lines() -> tuple[str, ...]:
    """Return no derivation."""
    return ()


@dataclass(frozen=True, slots=True)
class Derivation:
    """The statement ``left <= right`` on one instance.

    Parameters
    ----------
    left, right : Bounds
        The two sides, each by itself. The engine forms the slack ``right - left``, which must be >= 0, and
        the relative slack that the search follows.
    lines : callable
        Derives both sides in lines that a reader can follow with a pencil. It is called for the instance that
        is shown only; the engine adds the sides and the slack.
    silent : str
        Why the statement says nothing on this instance, or "". Such an instance does not count as tried.
    strict : bool
        The statement is ``left < right``.
    slack : Slack, optional
        Where the difference is known better than from bounds on each side.
    scale : Fraction, optional
        What the slack is measured by, where neither side has the size of what is compared: of
        ``|x - y| <= 0`` the larger of ``|x|`` and ``|y|``. By default the larger magnitude of the two sides.
    names : (str, str)
        What the sides are called in the last line.
    logarithms : bool
        The two sides are natural logarithms of what the statement compares.

    Examples
    --------
    >>> statement = Derivation(Bounds.of(1), Bounds.of(2))
    >>> statement.violated, statement.difference.low, statement.relative
    (False, Fraction(1, 1), 0.5)
    """

    left: Bounds
    right: Bounds
    lines: Lines = no_lines
    silent: str = ""
    strict: bool = False
    slack: Slack | None = None
    scale: Fraction | None = None
    names: tuple[str, str] = ("left", "right")
    logarithms: bool = False

    def __post_init__(self) -> None:
        if not callable(self.lines):
            raise InputError(
                f"lines={self.lines!r:.80}; expected a function without arguments that returns a tuple of "
                'strings, as in lambda: ("x = 1",)'
            )

    @property
    def difference(self) -> Slack:
        """The slack, ``right - left``."""
        return self.slack or difference(self.right, self.left)

    @property
    def violated(self) -> bool:
        """Whether the instance certainly contradicts the statement."""
        slack = self.difference
        return slack.high <= 0 if self.strict else slack.violated

    @property
    def holds(self) -> bool:
        """Whether the statement is certainly true on the instance."""
        slack = self.difference
        return slack.low > 0 if self.strict else slack.holds

    @property
    def tells(self) -> bool:
        """Whether the statement could be false here: an instance that contradicts it always tells."""
        return self.violated or not self.silent

    @property
    def relative(self) -> float:
        """The slack as a share of the larger side, by the lower bound: 0 is tight, 1 is as loose as can be.

        Where both sides are 0 it is 1: nothing is compared.
        """
        slack = self.difference
        scale = max(self.left.magnitude, self.right.magnitude) if self.scale is None else self.scale
        if scale == 0:
            return 1.0
        try:
            return float((slack.high if slack.violated else slack.low) / scale)
        except OverflowError:
            return -inf if slack.violated else inf

    @property
    def log10_factor(self) -> float | None:
        """By which factor the left side certainly exceeds the right one, as the logarithm to base 10.

        None where no factor says it: a side is 0 or less.
        """
        left, right = self.left.low, self.right.high
        if self.logarithms:
            return float(left - right) / log(10)
        if left <= 0 or right <= 0:
            return None
        ratio = left / right
        return log10(ratio.numerator) - log10(ratio.denominator)  # floats would overflow

    @property
    def derivation(self) -> tuple[str, ...]:
        """The lines for a reader: those of the claim, then both sides and the slack."""
        left, right = self.names
        if right == NOTHING:
            return (*self.lines(), said(f"slack = -{left}", self.difference))
        sides = f"{said(left, self.left)}; {said(right, self.right)}"
        return (*self.lines(), sides, said(f"slack = {right} - {left}", self.difference))


def said(name: str, number: Bounds) -> str:
    """Say what a number is, or where it lies.

    >>> said("left", Bounds.of(1)), said("right", Bounds(Fraction(1), Fraction(2)))
    ('left = 1', 'right in [1, 2]')
    """
    shown = interval(number)
    return f"{name} {shown}" if shown.startswith("in ") else f"{name} = {shown}"


def at_most(
    left: Number, right: Number, lines: Lines = no_lines, *, silent: str = "", strict: bool = False
) -> Derivation:
    """State ``left <= right``, or ``left < right``.

    >>> at_most(Fraction(1, 2), 1).difference
    Slack(low=Fraction(1, 2), high=Fraction(1, 2))
    """
    return Derivation(known(left), known(right), lines, silent, strict)


def at_least(left: Number, right: Number, lines: Lines = no_lines, *, silent: str = "") -> Derivation:
    """State ``left >= right``.

    >>> at_least(1, 2).violated
    True
    """
    return Derivation(known(right), known(left), lines, silent, names=("right", "left"))


def equal(left: Number, right: Number, lines: Lines = no_lines, *, silent: str = "") -> Derivation:
    """State ``left = right``, as ``|left - right| <= 0``; it is measured by the larger side.

    >>> equal(Fraction(1, 3), Fraction(1, 3)).holds
    True
    """
    x, y = known(left), known(right)
    return Derivation(
        distance(x, y),
        Bounds.of(0),
        lambda: (*lines(), f"{said('left', x)}; {said('right', y)}"),
        silent,
        scale=max(x.magnitude, y.magnitude),
        names=("|left - right|", NOTHING),
    )


def chance_at_most(probability: Number, allowed: Number, lines: Lines = no_lines) -> Derivation:
    """State that a probability is at most what is allowed; where that is 1 or more, nothing is said.

    >>> chance_at_most(Fraction(1, 2), Fraction(3, 2)).tells
    False
    """
    right = known(allowed)
    silent = CERTAIN if right.high >= 1 else ""
    return Derivation(known(probability), right, lines, silent, names=("probability", "allowed"))


def bounded(left: Number, right: Number, trivial: Number, lines: Lines = no_lines) -> Derivation:
    """State ``left <= right`` where ``left <= trivial`` is known anyway; beyond that, nothing is said.

    >>> bounded(1, 5, trivial=4).silent
    'the bound is beyond the trivial one'
    """
    right = known(right)
    silent = TRIVIAL if right.high >= known(trivial).low else ""
    return Derivation(known(left), right, lines, silent)


def either(*alternatives: Derivation) -> Derivation:
    """State that one alternative at least is true: the one that is closest to it speaks.

    It tells nothing where an alternative does not tell.

    >>> either(at_most(3, 2), at_most(1, 2)).violated
    False
    """
    best = max(alternatives, key=lambda one: (one.holds, one.relative))
    silent = next((one.silent for one in alternatives if one.silent), "")
    return replace(best, silent=silent)


def in_logarithms(derivation: Derivation) -> Derivation:
    """State the same of numbers whose natural logarithms the two sides are: a factor is told by it.

    >>> round(in_logarithms(at_most(2303, 0)).log10_factor)
    1000
    """
    return replace(derivation, logarithms=True)


def both(*parts: Derivation) -> Derivation:
    """State that all parts are true: the one that is closest to being false speaks.

    It tells where a part tells. An identity that is met exactly cannot come closer to being false; it speaks
    only where there is nothing else, so that a search follows the inequalities beside it.

    >>> both(at_most(1, 3), at_most(1, 2)).right
    Bounds(low=Fraction(2, 1), high=Fraction(2, 1))
    """
    telling = [part for part in parts if part.tells] or list(parts)
    movable = [part for part in telling if not _is_met_exactly(part)] or telling
    return min(movable, key=lambda part: (part.holds, part.relative))


def _is_met_exactly(part: Derivation) -> bool:
    return part.scale is not None and part.left.magnitude == part.right.magnitude == 0


def known(number: Number) -> Bounds:
    """Return the bounds of a number that may be exact.

    Raises
    ------
    InputError
        A float, which has been rounded, or no number.

    Examples
    --------
    >>> known(3)
    Bounds(low=Fraction(3, 1), high=Fraction(3, 1))
    """
    if isinstance(number, Bounds):
        return number
    if not isinstance(number, Rational):
        raise InputError(
            f"{number!r:.80} of type {type(number).__name__} is a side of a derivation; expected an exact "
            "number, a Fraction or an integer, or Bounds that contain it"
        )
    return Bounds.of(Fraction(number))
