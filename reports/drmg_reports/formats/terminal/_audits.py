"""An audit on the terminal: a table of claims, one of games, each failure, one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

import msgspec
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from drmg_check.runs import Result
from drmg_check.vocabulary import InputError, brief, exact
from drmg_reports.formats.terminal._layout import plain_table, print_part
from drmg_reports.formats.terminal._prose import Prose
from drmg_reports.formats.terminal._shown import Shown
from drmg_reports.runs import Audited, Judgement
from drmg_reports.words import audit_sentence, duration, one_line, power_of, power_sentence

CLAIMS_ABREAST = 14
"""Columns of the table of games that fit beside a name into 80 characters."""
WIDE = 100
"""Columns from which the table of claims has room for everything."""
LONGEST = 200
"""Characters of a case's name, or of a title, that are shown."""
MOST_REASONS = 3
"""Lines about skipped cases; on the zoo nearly each has its own reason."""
LONGEST_NUMBER = 8
_COLOURS = {
    "holds": "green",
    "holds on a list": "green",
    "proved": "bold green",
    "refuted": "red",
    "not checkable": "yellow",
}
_SHORT = {"holds on a list": "on a list"}
"""Of verdicts too long for a column of a table."""
_MARKS = {"refuted": "✗", "skipped": "·", "error": "!"}


def print_result(console: Console, result: Result) -> None:
    """Print one result with its evidence.

    >>> from drmg_check.runs import example_audit
    >>> print_result(Console(width=80), example_audit()[2])  # doctest: +ELLIPSIS
      id            claim                      expected  found  tried  slack    time
    ...
    HOLDS A3.corrected  TV dual with coefficient rho
    ...
      Reproduce with:
        drmg-check claims run A3.corrected --profile quick --seed 0
    """
    print_part(console, _claims_table([result], wide=True))
    for line in (Text(), *_evidence(result)):
        print_part(console, line)


def audit_sections(run: Audited, shown: Shown, *, wide: bool) -> Iterator[Iterable[RenderableType]]:
    """Yield what there is to say about an audit, part by part; a terminal shows the end."""
    if not shown.quiet:
        if generated := [judgement.generated for judgement in run.judgements if judgement.generated]:
            yield _claims_section(generated, wide=wide)
        if run.games:
            yield _games_section(run)
        if skipped := tuple(_skipped(run, verbose=shown.verbose)):
            yield skipped
    for result in run.results:
        if _is_alarming(result) or (shown.verbose and result.counterexample is not None):
            yield _evidence(result)
    if not shown.quiet:
        sentences = [audit_sentence(run), power_sentence(run)]
        yield (Group(*(Text(one_line(sentence)) for sentence in sentences if sentence)),)


def _claims_section(results: Sequence[Result], *, wide: bool) -> Iterator[RenderableType]:
    yield _claims_table(results, wide=wide)
    if any(result.undecided for result in results):
        yield Text("  a/b: a of b instances decided, the slack of the others is too close to 0", style="dim")


def _claims_table(results: Sequence[Result], *, wide: bool) -> Table:
    # 80 columns have no room for times, nor for expectations that were all met.
    with_expected = wide or any(map(_is_alarming, results))
    table = plain_table()
    table.add_column("  id", no_wrap=True)
    table.add_column("claim")  # the one column that gives way
    if with_expected:
        table.add_column("expected", no_wrap=True)
    table.add_column("found", no_wrap=True)
    for name in ("tried", "slack", "time") if wide else ("tried", "slack"):
        table.add_column(name, no_wrap=True, justify="right")
    for result in results:
        decided = result.instances - result.undecided
        cells = [
            Text.assemble("! " if _is_alarming(result) else "  ", (one_line(result.claim.id), "bold")),
            Text(one_line(result.claim.title), no_wrap=True, overflow="ellipsis"),
        ]
        if with_expected:
            expected = one_line(result.claim.expected)
            cells.append(Text(_SHORT.get(expected, expected), style="dim"))
        cells += [
            Text(_SHORT.get(result.found, result.found) or result.outcome, style=_style(result)),
            Text(f"{decided}/{result.instances}" if result.undecided else f"{result.instances}"),
            Text(_slack(result)),
        ]
        if wide:
            cells.append(Text(duration(result.seconds), style="dim"))
        table.add_row(*cells)
    return table


def _games_section(run: Audited) -> Iterator[RenderableType]:
    judged = [judgement for judgement in run.judgements if judgement.on_games]
    for start in range(0, len(judged), CLAIMS_ABREAST):
        yield _games_table(run.games, judged[start : start + CLAIMS_ABREAST])
    yield Text("  ✓ holds   ✗ refuted   · skipped   ! error", style="dim")


def _games_table(games: Sequence[str], judgements: Sequence[Judgement]) -> Table:
    table = plain_table()
    table.add_column("  game")
    for judgement in judgements:
        table.add_column(Text(one_line(judgement.claim.id)), no_wrap=True)
    for game in games:
        marks = []
        for judgement in judgements:
            result = next((each for each in judgement.on_games if each.subject == game), None)
            marks.append(Text(_mark(result), style=_style(result)) if result else Text())
        table.add_row(Text(f"  {one_line(game)}", no_wrap=True, overflow="ellipsis"), *marks)
    return table


def _is_alarming(result: Result) -> bool:
    return result.outcome in ("unexpected", "error")


def _mark(result: Result) -> str:
    return _MARKS.get(result.found or result.outcome, "✓")


def _evidence(result: Result) -> Iterator[RenderableType]:
    kind, colour = ("FAILURE", "bold red") if _is_alarming(result) else (result.found.upper(), "bold")
    case, title = (one_line(brief(text, LONGEST)) for text in (result.case, result.claim.title))
    yield Text.assemble((f"{kind} {case}", colour), f"  {title}")
    if result.found == "refuted" and result.claim.severity != "none":
        yield Text(f"  of the source: {one_line(result.claim.severity)}")
    if result.outcome == "unexpected":
        yield Text(f"  expected {one_line(result.claim.expected)}, found {result.found}")
    if result.note:
        yield Prose(result.note, 2)
    if result.silent:
        yield Prose(f"{result.silent:,} more instances, on which it says nothing, do not count as tried", 2)
    if power := power_of(result):
        yield Prose(power, 2)
    if result.counterexample is not None:
        for line in result.counterexample.lines:
            yield Prose(line, 4)
    if not isinstance(result.telling, msgspec.UnsetType):
        yield Text("  More telling than the smallest instance:")
        for line in result.telling.lines:
            yield Prose(line, 4)
    yield Text("  Reproduce with:")
    yield Text(f"    {one_line(result.replay)}", style="cyan")


def _skipped(run: Audited, *, verbose: bool) -> Iterator[Prose]:
    reasons: dict[str, list[str]] = {}
    for result in run.results:
        if result.outcome == "skipped":
            reasons.setdefault(result.note, []).append(brief(result.case, LONGEST))
    commonest = sorted(reasons, key=lambda note: -len(reasons[note]))
    shown = commonest if verbose or len(commonest) <= MOST_REASONS else commonest[: MOST_REASONS - 1]
    for note in shown:
        cases = reasons[note]
        more = f" and {len(cases) - 2} more" if len(cases) > 2 else ""
        yield Prose(f"skipped {', '.join(cases[:2])}{more}: {note}", style="dim")
    if rest := len(commonest) - len(shown):
        yield Prose(f"skipped more for {rest} other reasons; --verbose lists them", style="dim")


def audit_line(run: Audited) -> Text:
    """Return the line with which an audit ends."""
    outcomes = [result.outcome for result in run.results]
    counts = {
        "as expected": outcomes.count("as expected"),
        "unexpected": outcomes.count("unexpected"),
        "error" + "s" * (outcomes.count("error") != 1): outcomes.count("error"),
        "skipped": outcomes.count("skipped"),
        "not run": len(run.missing),
    }
    said = ", ".join(f"{n} {name}" for name, n in counts.items() if n or name == "as expected")
    failed = counts["unexpected"] or outcomes.count("error") or run.footer is None
    how = "in" if run.footer else "before the run died, after"
    time = f" {how} {duration(run.seconds)}" if run.seconds else ""
    return Text(said + time, style="bold red" if failed else "bold green")


def _slack(result: Result) -> str:
    low, high = result.smallest_slack_low, result.smallest_slack_high
    if low == high:
        return _short(low) if low else "–"
    return f"< {_short(high)}" if result.found == "refuted" else f"> {_short(low)}"


def _short(text: str) -> str:
    try:
        return text if len(text) <= LONGEST_NUMBER else _two_digits(exact(text))
    except InputError:  # beyond what vocabulary numbers are
        return f"{text[:LONGEST_NUMBER]}…"


def _two_digits(value: Fraction) -> str:
    """Write two digits and an exponent, of numbers that no float holds, too."""
    with localcontext(prec=20):
        return f"{Decimal(value.numerator) / Decimal(value.denominator):.1e}".replace("e+", "e")


def _style(result: Result) -> str:
    if result.outcome == "error":
        return "bold red"
    return _COLOURS.get(result.found, "dim")
