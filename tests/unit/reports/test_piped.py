"""A run that is piped says now and then how far it is."""

import io

import pytest
from rich.console import Console

from drmg_check.runs import example_audit
from drmg_reports import progress_handler
from drmg_reports.formats.terminal import _runs


@pytest.mark.parametrize("options", [{"quiet": True}, {"verbose": True}, {}])
def test_a_piped_run_prints_a_line_when_a_minute_is_over(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, bool]
):
    clock = iter(range(0, 10_000, 45))
    monkeypatch.setattr(_runs, "monotonic", lambda: next(clock))
    stream = io.StringIO()
    with progress_handler(Console(file=stream, width=80), **options) as watch:
        for event in example_audit():
            watch.show(event)
    assert ("of 2 done" in stream.getvalue()) == (not options)
