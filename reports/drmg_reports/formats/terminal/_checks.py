"""A validation on the terminal: counts by group, each failure once, the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from drmg_check.runs import Check
from drmg_check.vocabulary import brief, visible
from drmg_check.words import GRADES
from drmg_reports.formats.terminal._layout import plain_table
from drmg_reports.formats.terminal._prose import Prose
from drmg_reports.formats.terminal._shown import Shown
from drmg_reports.runs import OUTCOMES, Validated, count_checks, same_failures
from drmg_reports.words import duration, one_line, program_title, validation_sentence

MOST_FAILURES = 3
"""Failures that are shown in full; ``verbose`` shows all."""


def validation_sections(run: Validated, shown: Shown) -> Iterator[Iterable[RenderableType]]:
    """Yield what there is to say about an implementation, part by part; a terminal shows the end."""
    if not shown.quiet:
        yield [_counts(run.checks)]
        if skipped := list(_skipped(run.checks)):
            yield skipped
    yield from _failures(run.checks, verbose=shown.verbose)
    if not shown.quiet:
        yield [Group(Text(one_line(validation_sentence(run.checks))))]


def validation_line(run: Validated) -> Text:
    """Return the line with which a validation ends."""
    tally = count_checks(run.checks)
    said = ", ".join(f"{n} {outcome}" for outcome, n in tally.items() if n or outcome == "passed")
    died = f", {len(run.missing)} not run" if run.missing else ""
    failed = tally["failed"] or run.missing
    return Text.assemble(
        (f"{said}{died} in {duration(run.seconds)}", "bold red" if failed else "bold green"),
    )


def _counts(checks: Sequence[Check]) -> Table:
    table = plain_table()
    table.add_column("  set", no_wrap=True)
    table.add_column("checks", no_wrap=True)
    for outcome in (*OUTCOMES, "answers"):
        table.add_column(outcome, no_wrap=True, justify="right")
    table.add_column("accuracy", no_wrap=True)
    groups: dict[tuple[str, str], list[Check]] = {}
    for check in checks:
        name, _, rest = check.case.partition("/")
        groups.setdefault((name, rest.partition("/")[0]), []).append(check)
    last = ""
    for (name, group), members in groups.items():
        tally = count_checks(members)
        grade = max((member.grade for member in members), key=("", *GRADES).index)
        table.add_row(
            Text(f"  {visible(name)}" if name != last else "", style="bold"),
            Text(visible(group)),
            *(Text(str(n or ""), style="bold red" if key == "failed" else "") for key, n in tally.items()),
            Text(f"{sum(member.judged for member in members):,}"),
            Text(grade, style="red" if grade == "wrong" else ""),
        )
        last = name
    return table


def _failures(checks: Sequence[Check], *, verbose: bool) -> Iterator[list[RenderableType]]:
    failed = [check for check in checks if verbose or check.outcome == "failed"]
    groups = same_failures(failed)
    shown = groups if verbose else groups[:MOST_FAILURES]
    if rest := len(groups) - len(shown):
        yield [Text(f"{rest} more kind{'s' * (rest != 1)} of failure; --verbose shows all", style="dim")]
    for k, group in reversed(list(enumerate(shown))):
        yield list(_failure(group, with_program=k == 0 or verbose))


def _failure(group: Sequence[Check], *, with_program: bool) -> Iterator[RenderableType]:
    first = group[0]
    failure = first.failure
    assert failure is not None
    head = "FAILED" if first.outcome == "failed" else "EXPECTED TO FAIL"
    yield Text.assemble(
        (f"{head} {visible(brief(first.case, 200))}", "bold red"), f"  {visible(first.title)}"
    )
    for text in failure.lines:
        yield Prose(text, 2)
    if failure.diagnosis:
        yield Prose(f"diagnosis: {failure.diagnosis}", 2, "bold")
    if others := [brief(check.case, 200) for check in group[1:]]:
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        yield Prose(f"the same in {', '.join(others[:3])}{more}", 2, "dim")
    yield Text("  Reproduce with:")
    yield Text(f"    {one_line(first.replay)}", style="cyan")
    if with_program:
        yield Text(f"  or {program_title(failure)}:")
        for text in failure.snippet.rstrip().splitlines():
            yield Text(f"    {visible(text)}".rstrip(), style="dim")


def _skipped(checks: Sequence[Check]) -> Iterator[Prose]:
    reasons: dict[str, list[str]] = {}
    for check in checks:
        if check.outcome == "skipped" or (check.outcome == "passed" and check.reason):
            reasons.setdefault(check.reason, []).append(brief(check.case, 200))
    for reason, cases in reasons.items():
        more = f" and {len(cases) - 2} more" if len(cases) > 2 else ""
        word = "" if reason.startswith("expected to fail") else "skipped "
        yield Prose(f"{word}{', '.join(cases[:2])}{more}: {reason}", style="dim")
