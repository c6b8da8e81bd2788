"""How many of the default questions show each mistake of a diagnosis catalogue.

Every entry of a catalogue is a wrong implementation. The check ``oracle/telling`` of a level asks a fixed
list of questions at every profile; an entry *shows* on a question if its answer lies outside the certified
one by more than is forgiven. ``python -m benchmarks.questions [SET ...]`` counts anew and rewrites its
section of ``docs/power.md``, set by set and level by level.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median_low
from typing import Any

import numpy as np

from benchmarks.page import rewrite
from drmg_check.referee.diagnosis import ValueCatalogue, catalogue, discriminating_rows, entries_for
from drmg_check.referee.diagnosis._rows import value_of
from drmg_check.referee.evidence import certified
from drmg_check.referee.levels._backup import BACKUP_CATALOGUE
from drmg_check.referee.levels._best_response import RESPONSE_CATALOGUE
from drmg_check.referee.levels._evaluation import EVALUATION_CATALOGUE
from drmg_check.referee.levels._gap import GAP_CATALOGUE
from drmg_check.targets import set_family
from drmg_check.vocabulary import DrmgError
from drmg_properties.laws import allowance

COUNTS = Path(__file__).with_suffix(".json")
HEADING = "## Questions to implementations"
VALUES: Mapping[str, ValueCatalogue[Any]] = {
    "backup": BACKUP_CATALOGUE,
    "evaluation": EVALUATION_CATALOGUE,
    "best-response": RESPONSE_CATALOGUE,
    "gap": GAP_CATALOGUE,
}
LEVELS = ("worst-case", *VALUES)
SETS = (
    *("tv", "tv:nominal", "l1", "contamination", "interval", "interval:nominal"),
    *("kl", "reverse-kl", "chi2", "hellinger", "cressie-read:3/2", "wasserstein:1", "wasserstein:2"),
)
"""One of each kind at least."""


def shown_by(name: str, level: str) -> dict[str, int]:
    """Return on how many telling questions each entry shows, for a set by its short name."""
    return _by_rows(name) if level == "worst-case" else _by_games(name, VALUES[level])


def _by_rows(name: str) -> dict[str, int]:
    ball = set_family(name).make(1)
    counts = {entry.name: 0 for entry in catalogue(ball)}
    for row in discriminating_rows(ball):
        truth = certified(row)
        forgiven = allowance(row, float(truth.lo))
        for entry in catalogue(ball):
            value = value_of(entry, row)
            if value is not None and max(truth.lo - value, value - truth.hi) > forgiven:
                counts[entry.name] += 1
    return counts


def _by_games(name: str, level: ValueCatalogue[Any]) -> dict[str, int]:
    entries = entries_for(level, name)
    counts = {entry.name: 0 for entry in entries}
    for question in level.questions(name):
        truth, tables = level.truth(question), level.tables(question)
        for entry in entries:
            try:
                values = level.recompute(entry.how, tables)
            except (DrmgError, ArithmeticError, ValueError):  # it says nothing about this question
                continue
            counts[entry.name] += bool(
                (np.maximum(truth.lo - values, values - truth.hi) > truth.allowed).any()
            )
    return counts


def section(counts: Mapping[tuple[str, str], Mapping[str, int]]) -> str:
    """Return the section, from the counts by set and level."""
    sets = [name for name in SETS if (name, LEVELS[0]) in counts]
    asked = {level: len(VALUES[level].questions("tv")) for level in VALUES}
    asked["worst-case"] = len(discriminating_rows(set_family("tv").make(1)))
    lines = [
        HEADING,
        "",
        "Every entry of a diagnosis catalogue is a wrong implementation. At each level the check",
        "`oracle/telling` asks a fixed list of questions, at every profile: "
        + ", ".join(f"{asked[level]} at `{level}`" for level in LEVELS)
        + ".",
        "An entry shows on a question if its answer is outside the certified one by more than is forgiven.",
        "`python -m benchmarks.questions [SET ...]` counts anew and rewrites this section.",
        "",
        "| set | level | entries | fewest questions that show one | which | half show on at least |",
        "|---|---|---|---|---|---|",
    ]
    for name in sets:
        for level in (level for level in LEVELS if (name, level) in counts):
            by_entry = counts[name, level]
            least = min(by_entry, key=lambda entry: by_entry[entry])
            middle = median_low(by_entry.values())
            lines.append(f"| `{name}` | {level} | {len(by_entry)} | {by_entry[least]} | {least} | {middle} |")
    lines += ["", "### Total variation, entry by entry", "", f"| entry | {' | '.join(LEVELS)} |"]
    lines.append("|---" * (1 + len(LEVELS)) + "|")
    entries = dict.fromkeys(entry for level in LEVELS for entry in _plain(counts["tv", level]))
    for entry in entries:
        shown = (str(_plain(counts["tv", level]).get(entry, "")) for level in LEVELS)
        lines.append(f"| {entry} | {' | '.join(shown)} |")
    return "\n".join(lines) + "\n"


def _plain(by_entry: Mapping[str, int]) -> dict[str, int]:
    """Name what is done in each row as it is named for one row."""
    return {entry.removesuffix(" in each row"): count for entry, count in by_entry.items()}


def read(path: Path = COUNTS) -> dict[tuple[str, str], dict[str, int]]:
    """Return the counts on file by set and level."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return {(name, level): by_entry for name in data for level, by_entry in data[name].items()}


def write(counts: Mapping[tuple[str, str], Mapping[str, int]], path: Path = COUNTS) -> None:
    """Keep the counts, of the levels that are counted so far, and say them on the page."""
    names = [name for name in SETS if (name, LEVELS[0]) in counts]
    data = {
        name: {level: counts[name, level] for level in LEVELS if (name, level) in counts} for name in names
    }
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    rewrite(section(counts))


def main() -> None:
    """Count for the sets that are named, or for one of each kind, and write the section."""
    counts = read()
    for name in sys.argv[1:] or SETS:
        for level in LEVELS:
            counts[name, level] = shown_by(name, level)
            print(name, level, min(counts[name, level].values()), flush=True)
        write(counts)


if __name__ == "__main__":
    main()
