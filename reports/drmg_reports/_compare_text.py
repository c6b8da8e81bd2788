"""A comparison of two runs on the terminal, as Markdown and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from rich.console import Console
from rich.text import Text

from drmg_check.vocabulary import brief, visible
from drmg_reports._compare import KINDS, Change, Comparison, Kind
from drmg_reports._markdown import escaped, fenced
from drmg_reports._show import duration, line, number

MOST_CHANGES = 12
"""Changes of a kind that are listed; ``verbose`` lists all."""
MOST_SLOWER = 3


def print_comparison(console: Console, comparison: Comparison, *, verbose: bool = False) -> None:
    """Print what differs between two runs, the worse first, and one sentence."""
    for name, pair in comparison.settings.items():
        _wrapped(console, f"{name}: {pair[0]} -> {pair[1]}", style="dim")
    for kind, changes in _by_kind(comparison):
        console.print(f"\n{KINDS[kind]}: {len(changes)}", style="bold")
        shown = changes if verbose else changes[:MOST_CHANGES]
        for change in shown:
            _print_change(console, change)
        if rest := len(changes) - len(shown):
            console.print(f"  and {rest} more; --verbose lists them", style="dim")
    if comparison.settings or comparison.changes:
        console.print()
    for case, before, after in comparison.slower[:MOST_SLOWER]:
        _wrapped(console, f"slower: {case}, {duration(before)} -> {duration(after)}", style="dim")
    for text in _warnings(comparison):
        console.print(text, style="bold red")
    console.print(
        Text(comparison_sentence(comparison), style="bold red" if comparison.worse else "bold green")
    )


def comparison_sentence(comparison: Comparison) -> str:
    """Return the comparison in one sentence: ``"2 worse, 1 better, 40 the same; 12.0 s -> 13.1 s"``."""
    worse = sum(change.worse for change in comparison.changes)
    better = sum(change.better for change in comparison.changes)
    other = len(comparison.changes) - worse - better
    counts = {"worse": worse, "better": better, "otherwise different": other, "the same": comparison.same}
    said = ", ".join(f"{n} {name}" for name, n in counts.items() if n or name == "worse")
    before, after = map(duration, comparison.seconds)
    return f"{said}; {before} -> {after} of work"


def render_comparison(comparison: Comparison) -> str:
    """Return the comparison as GitHub-flavoured Markdown; every string is escaped."""
    blocks = [f"# {escaped(comparison_sentence(comparison))}"]
    blocks += [f"> [!CAUTION]\n> {escaped(text)}" for text in _warnings(comparison)]
    if comparison.settings:
        blocks.append(
            "\n".join(
                f"- {escaped(name)}: {escaped(a)} → {escaped(b)}"
                for name, (a, b) in comparison.settings.items()
            )
        )
    for kind, changes in _by_kind(comparison):
        rows = ["| | Case | Before | After |", "|---|---|---|---|"]
        for change in changes:
            cells = (
                _mark(change),
                f"{escaped(change.case)} {escaped(change.title)}",
                escaped(_shown(change.before)),
                escaped(_shown(change.after)),
            )
            rows.append(f"| {' | '.join(cells)} |")
        blocks.append(f"## {KINDS[kind].capitalize()}\n\n" + "\n".join(rows))
        blocks += [
            f"{escaped(change.case)}: {escaped(change.why)}\n\n{fenced([line(change.replay)])}"
            for change in changes
            if change.worse and change.replay
        ]
    return "\n\n".join(blocks) + "\n"


def comparison_to_data(comparison: Comparison) -> dict[str, object]:
    """Return the comparison as dictionaries, lists, strings and numbers."""
    return {
        "worse": comparison.worse,
        "same": comparison.same,
        "seconds": list(comparison.seconds),
        "died": list(comparison.died),
        "settings": {name: list(pair) for name, pair in comparison.settings.items()},
        "changes": [
            {
                "case": change.case,
                "kind": change.kind,
                "before": change.before,
                "after": change.after,
                "worse": change.worse,
                "better": change.better,
                "why": change.why,
                "replay": change.replay,
            }
            for change in comparison.changes
        ],
        "slower": [list(one) for one in comparison.slower],
    }


def _by_kind(comparison: Comparison) -> Iterator[tuple[Kind, list[Change]]]:
    for kind in KINDS:
        changes = [change for change in comparison.changes if change.kind == kind]
        if changes:
            yield kind, sorted(changes, key=lambda change: (not change.worse, change.better))


def _print_change(console: Console, change: Change) -> None:
    style = "bold red" if change.worse else "green" if change.better else ""
    pair = " -> ".join(_shown(text) for text in (change.before, change.after) if text)
    head = Text.assemble(f"  {_mark(change)} ", (line(brief(change.case, 48)), style), f"  {line(pair)}")
    console.print(head, soft_wrap=len(head) <= console.width)
    if change.worse and change.why:
        _wrapped(console, change.why, indent=4, style="dim")
    if change.worse and change.replay:
        console.print(Text(f"    {line(change.replay)}", style="cyan"), soft_wrap=True)


def _shown(text: str) -> str:
    """Shorten the numbers of a slack; words stay."""
    if text.startswith("["):
        low, _, high = text[1:-1].partition(", ")
        return f"[{number(low)}, {number(high)}]"
    return number(text) if text[:1] in "-0123456789" else text


def _mark(change: Change) -> str:
    return "✗" if change.worse else "✓" if change.better else "·"


def _warnings(comparison: Comparison) -> Iterator[str]:
    for name, died in zip(("first", "second"), comparison.died, strict=True):
        if died:
            yield f"The {name} run did not finish."


def _wrapped(console: Console, text: str, *, indent: int = 0, style: str = "") -> None:
    space = " " * indent
    lines: Sequence[str] = wrap(
        visible(text.replace("\n", " ")), console.width, initial_indent=space, subsequent_indent=f"{space}  "
    )
    console.print("\n".join(lines), style=style, soft_wrap=True)
