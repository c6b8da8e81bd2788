"""What can be wrong with an implementation, by name."""

from __future__ import annotations

from enum import StrEnum


class FailureKind(StrEnum):
    """What an implementation did, or what became of it instead of an answer.

    >>> FailureKind("wrong value") in DIAGNOSED
    True
    """

    WRONG_VALUE = "wrong value"
    """It left the certified interval by more than is forgiven."""
    LAW_BROKEN = "law broken"
    """Answers that are related to each other are not related so."""
    ILLEGAL_DISTRIBUTION = "illegal distribution"
    """The worst distribution is none, lies outside the ball, or does not attain the value."""
    ILLEGAL_POLICY = "illegal policy"
    """The policy is no distribution at some place, or for NASH no product."""
    NO_EQUILIBRIUM = "no equilibrium"
    """Somebody gains by deviating from the policy."""
    WRONG_REGRET = "wrong regret"
    """The regret is not the sum of the gaps of the policies that were played."""
    WRONG_BOUND = "wrong bound"
    """A bound of a learner fails in more runs than chance explains."""
    NOT_DETERMINISTIC = "not deterministic"
    """The same question got another answer."""
    CHANGES_ITS_INPUT = "changes its input"
    """It wrote into the arrays that it was given."""
    HANG = "hang"
    """No answer within the limit of time."""
    CRASH = "crash"
    """The process died."""
    OUT_OF_MEMORY = "out of memory"
    """The process, or the function, ran out of the memory that it may use."""
    GARBAGE = "garbage"
    """A line that is no reply, or a reply that holds no numbers."""
    EXCEPTION = "exception"
    """The function raised."""
    WRONG_DECLARATION = "wrong declaration"
    """The answer is of another kind or shape than was declared."""
    NOT_A_NUMBER = "not a number"
    """NaN or an infinity."""
    NOT_SUPPORTED = "not supported"
    """It says that it does not handle the question, which is no fault."""
    NOT_ASKED = "not asked"
    """The question cannot be asked, or is not asked any more: the referee's limit, and no fault."""


NO_FAULT = (FailureKind.NOT_SUPPORTED, FailureKind.NOT_ASKED)
"""Kinds of answers that there is nothing to judge in."""
DIAGNOSED = (
    FailureKind.WRONG_VALUE,
    FailureKind.LAW_BROKEN,
    FailureKind.NO_EQUILIBRIUM,
    FailureKind.ILLEGAL_POLICY,
    FailureKind.WRONG_REGRET,
)
"""Kinds for which a diagnosis looks for what the implementation computes instead."""
