"""Checks as tests of pytest: each check of a target is one item."""

from __future__ import annotations

import warnings
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from drmg_check.referee._api import NonconformanceError, open_target, run_or_raise
from drmg_check.referee._expected import idle_patterns, read_expected, reason_to_fail
from drmg_check.referee._run import Validation, plan_validation
from drmg_check.referee.asking import Session
from drmg_check.vocabulary import DrmgError


class CheckItem(pytest.Item):
    """One check of the target; its name is the id of the check."""

    def __init__(self, *, validation: Validation, answers: Session[Any], k: int, **more: Any) -> None:  # noqa: ANN401
        super().__init__(**more)
        self._validation, self._answers, self._k = validation, answers, k

    def runtest(self) -> None:
        """Run the check."""
        run_or_raise(self._validation, self._answers, self._k)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401
        """Show what the check says, without a traceback of ours."""
        if isinstance(excinfo.value, NonconformanceError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return the headline of a failure."""
        return self.path, None, f"{self._validation.subject.address}: {self.name}"


def collect_checks(session: pytest.Session, config: pytest.Config) -> list[CheckItem]:
    """Start the target that the options name and return an item for each of its checks.

    Raises
    ------
    pytest.UsageError
        The target does not start, or an option is illegal.
    """
    options = config.option
    told = {"sets": options.drmg_set, "level": options.drmg_level}
    changes = {key: value for key, value in told.items() if value}
    try:
        expected = read_expected(Path(options.drmg_xfails)) if options.drmg_xfails else {}
        stack = ExitStack()
        subject, answers = stack.enter_context(open_target(options.drmg_target, changes))
        config.add_cleanup(stack.close)
        validation = plan_validation(
            subject, profile=options.drmg_profile, patterns=options.drmg_checks, expected=expected
        )
    except DrmgError as error:
        raise pytest.UsageError(str(error)) from error
    for sentence in idle_patterns(expected, validation.header.cases):
        warnings.warn(pytest.PytestWarning(sentence), stacklevel=2)
    items = []
    for k, check in enumerate(validation.checks):
        item: CheckItem = CheckItem.from_parent(
            session,
            name=check.id,
            nodeid=f"drmg-check::{check.id}",
            validation=validation,
            answers=answers,
            k=k,
        )
        if reason := reason_to_fail(expected, check.id):
            item.add_marker(pytest.mark.xfail(reason=reason, strict=False))
        items.append(item)
    return items
