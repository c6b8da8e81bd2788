"""The events of a run: header, one result or check per case, footer. Engines emit them, reports read them.

A run is a sequence of these records, one JSON object a line (``type`` tells them apart). Numbers that
carry evidence are exact strings; a float here is only ever drawn or rounded for display. A file
without a footer is a run that died.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Literal, TypeAlias

import msgspec

from drmg_check.vocabulary import InputError, visible
from drmg_check.words import Direction, FailureKind, Grade

SCHEMA_VERSION = 1


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", kw_only=True):
    """Base of all records.

    >>> from drmg_check.runs import example_audit
    >>> all(isinstance(event, Record) for event in example_audit())
    True
    """


class TargetText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The implementation under test, and what it declares.

    >>> from drmg_check.runs import example_validation
    >>> example_validation()[0].target.address
    'mine.py:half_radius'
    """

    address: str
    name: str
    declaration: str  # JSON


class Header(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="header"):
    """What was going to be run, with what, from which seed.

    >>> from drmg_check.runs import example_audit
    >>> header = example_audit()[0]
    >>> header.cases, header.ledgers
    (('A3', 'A3.corrected'), {'mornavi': 'the MORNAVI paper'})
    """

    schema: int = SCHEMA_VERSION
    tool_version: str
    profile: str
    seed: int
    cases: tuple[str, ...]  # ids of all cases planned, in report order
    started: str  # UTC, ISO 8601, to the second
    versions: dict[str, str]  # of Python and the libraries that matter
    target: TargetText | msgspec.UnsetType = msgspec.UNSET  # of a validation; an audit writes none
    ledgers: dict[str, str] | msgspec.UnsetType = msgspec.UNSET  # names by id, of an audit
    ledger_addresses: dict[str, str] | msgspec.UnsetType = msgspec.UNSET  # by id: where `replay` loads them


class ClaimText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The statement under test, as it stands in the ledger.

    >>> from drmg_check.runs import example_audit
    >>> claim = example_audit()[1].claim
    >>> claim.id, claim.expected, claim.corrected
    ('A3', 'refuted', 'A3.corrected')
    """

    id: str
    ledger: str  # its id; the header names it
    place: str  # "Corollary 2, eq. (10)"
    title: str
    statement: str
    latex: str
    formalisation: str
    assumptions: tuple[str, ...]
    reading: str  # literal | intended | corrected
    severity: str
    expected: str
    corrected: str | None  # id of the claim that states the correction


class MovedRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the adversary makes of one row of a kernel; floats, since it is only ever drawn.

    >>> from drmg_check.runs import example_audit
    >>> example_audit()[1].counterexample.moves[0].worst
    (1.0, 0.0)
    """

    where: tuple[int, int, int, int] | None  # agent, h, s, joint action, from 0; None of a row by itself
    nominal: tuple[float, ...]
    worst: tuple[float, ...]

    def __post_init__(self) -> None:
        _check_finite((*self.nominal, *self.worst), f"move at {self.where}")


class Counterexample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An instance on which the claim fails, small and exact.

    >>> from drmg_check.runs import example_audit
    >>> example_audit()[1].counterexample.slack_high
    '-1/2'
    """

    instance: str  # JSON with exact strings; `drmg-check replay` reads it
    lines: tuple[str, ...]  # the same for people: inputs and both sides in fractions
    slack_low: str
    slack_high: str
    moves: tuple[MovedRow, ...] | msgspec.UnsetType = msgspec.UNSET  # where the instance has a worst case
    certificates: tuple[dict[str, Any], ...] | msgspec.UnsetType = msgspec.UNSET  # of worst cases it rests on
    address: str | msgspec.UnsetType = msgspec.UNSET  # of the game that the instance describes: zoo:NAME?...


class SlackCurve(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The smallest slack at some values of one parameter of the instances; floats, since it is only drawn.

    >>> SlackCurve(parameter="H", values=(1.0, 2.0), smallest=(0.5, 0.25)).parameter
    'H'
    """

    parameter: str  # "S", "A", "H", "m", "rho", or a number of the claim's own instances
    values: tuple[float, ...]  # increasing
    smallest: tuple[float, ...]

    def __post_init__(self) -> None:
        _check_finite((*self.values, *self.smallest), f"tightness in {self.parameter!r}")
        if len(self.values) != len(self.smallest):
            lengths = len(self.values), len(self.smallest)
            raise InputError(f"tightness in {self.parameter!r} has {lengths} entries; expected as many")


class FamilyPoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far the witness of one constant is from what is claimed with it; floats, since it is only drawn.

    >>> FamilyPoint(constant=100.0, log10_ratio=2.5).constant
    100.0
    """

    constant: float
    log10_ratio: float | None  # of the factor by which the claim fails; None: no factor of one side is enough

    def __post_init__(self) -> None:
        _check_finite((self.constant, self.log10_ratio or 0.0), "family of witnesses")


class FalseNeighbour(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stronger statement that is false, and what the claim's own search made of it.

    >>> from drmg_check.runs import example_audit
    >>> [neighbour.refuted for neighbour in example_audit()[2].neighbours]
    [True, True]
    """

    name: str  # what was changed: "without the factor S"
    instance: str  # JSON of the instance that refutes it; "" where the search did not find one
    lines: tuple[str, ...]  # its derivation
    slack_low: str
    slack_high: str

    @property
    def refuted(self) -> bool:
        """Whether the search has shown that it is false."""
        return bool(self.instance)


class Result(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="result"):
    """The verdict on one case: a claim, on generated instances or on one named game.

    >>> from drmg_check.runs import example_audit
    >>> result = example_audit()[1]
    >>> result.case, result.found, result.outcome
    ('A3', 'refuted', 'as expected')
    """

    case: str  # "A3", or "B1@zoo:frozen-lake"
    claim: ClaimText
    subject: str  # "generated", or the name of the game
    outcome: Literal["as expected", "unexpected", "skipped", "error"]
    found: str  # a Verdict; "" when skipped or error
    instances: int  # that tell something about the claim
    undecided: int  # certified interval contained 0, or out of the checker's reach
    smallest_slack_low: str  # "" when there was no instance
    smallest_slack_high: str
    slacks: tuple[float, ...]  # relative ones, a sample for the histogram, in the order tried, to four digits
    counterexample: Counterexample | None
    note: str  # why skipped, the error, or what the search did
    replay: str  # the line to paste
    seconds: float
    silent: int = 0  # instances on which the statement says nothing; they do not count as tried
    neighbours: tuple[FalseNeighbour, ...] | msgspec.UnsetType = msgspec.UNSET  # none: the power is unknown
    tightness: tuple[SlackCurve, ...] | msgspec.UnsetType = msgspec.UNSET  # over the instances of the search
    telling: Counterexample | msgspec.UnsetType = msgspec.UNSET  # one that fails by much more
    family: tuple[FamilyPoint, ...] | msgspec.UnsetType = msgspec.UNSET  # of witnesses
    relative: float | msgspec.UnsetType = (
        msgspec.UNSET
    )  # the smallest slack as slacks are: by the larger side

    def __post_init__(self) -> None:
        _check_finite((*self.slacks, self.seconds), f"result of case={self.case!r}")


class Failure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an implementation did wrong, on the smallest input found.

    >>> from drmg_check.runs import example_validation
    >>> failure = example_validation()[3].failure
    >>> str(failure.kind), failure.got, failure.low
    ('wrong value', '0.5', '0')
    """

    kind: FailureKind
    instance: str  # the row as JSON with exact strings; `drmg-check validate --row` reads it
    got: str
    low: str  # the certified interval, as exact strings; "" where none applies
    high: str
    direction: Direction | Literal[""]
    grade: Grade | Literal[""]  # how wrong; "" where no value was judged
    lines: tuple[str, ...]  # the same for people
    diagnosis: str  # what the implementation seems to compute instead; "" when unknown
    snippet: str  # Python that shows the failure with numpy alone
    severity: float = 0.0  # how wrong, as a share of the values in question; 1 of what is no answer

    def __post_init__(self) -> None:
        _check_finite((self.severity,), f"failure of kind {self.kind!r}")


class Speed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How fast an implementation answered what was new to it; the way there and back counts.

    >>> Speed(calls=10, seconds=0.02, slowest=0.005, size=3).calls
    10
    """

    calls: int
    seconds: float
    slowest: float  # seconds of one call
    size: int  # states of the slowest call

    def __post_init__(self) -> None:
        _check_finite((self.seconds, self.slowest), "speed")


class Check(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="check"):
    """What became of one check of an implementation, in the vocabulary of scikit-learn's estimator checks.

    >>> from drmg_check.runs import example_validation
    >>> check = example_validation()[3]
    >>> check.case, check.outcome, check.grade
    ('tv/oracle/small', 'failed', 'wrong')
    """

    case: str  # "tv/law/bounds"
    title: str
    outcome: Literal["passed", "failed", "skipped", "xfail"]
    reason: str  # why skipped, why expected to fail, or what went wrong
    expected_to_fail: bool
    judged: int  # answers judged
    not_supported: int  # answers that said so; never a fault
    grade: Grade | Literal[""]  # the worst grade among the values judged; "" when none was
    failure: Failure | None
    replay: str  # the line to paste
    seconds: float
    speed: Speed | None = None  # None when the check asked nothing new

    def __post_init__(self) -> None:
        _check_finite((self.seconds,), f"check {self.case!r}")

    def _repr_html_(self) -> str:
        """Return what a notebook shows of it: the outcome, and a failure with the line to paste."""
        outcome, case, title = map(_escaped, (self.outcome, self.case, self.title))
        said = f"<p><b>{outcome}</b> <code>{case}</code> {title}</p>"
        if self.failure is None:
            return said + (f"<p>{_escaped(self.reason)}</p>" if self.reason else "")
        diagnosis = [f"diagnosis: {self.failure.diagnosis}"] if self.failure.diagnosis else []
        lines = [*self.failure.lines, *diagnosis, self.replay]
        return f"{said}<pre>{_escaped(chr(10).join(lines))}</pre>"


class Footer(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="footer"):
    """The run is complete.

    >>> from drmg_check.runs import example_validation
    >>> example_validation()[-1].unexpected
    1
    """

    results: int  # checks included
    unexpected: int  # failed checks included
    errors: int
    skipped: int
    seconds: float

    def __post_init__(self) -> None:
        _check_finite((self.seconds,), "footer")


Event: TypeAlias = Header | Result | Check | Footer
Emit: TypeAlias = Callable[[Event], None]


def _escaped(text: str) -> str:
    return escape(visible(text))


def _check_finite(values: Sequence[float], what: str) -> None:
    # JSON has no infinity and no NaN: msgspec would write null and refuse its own file.
    for value in values:
        if not math.isfinite(value):
            raise InputError(f"{what} holds the number {value!r}; expected finite ones")
