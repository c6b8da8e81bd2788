"""The counts on file, and the section of ``docs/power.md`` that they make."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from benchmarks.fairness._honest import ANY_ORDER, RIGHT
from benchmarks.fairness._judge import Count
from benchmarks.page import rewrite
from drmg_check.words import LEVELS

COUNTS = Path(__file__).parent / "counts.json"
HEADING = "## Fairness to honest code"
ABOUT = """
Code that keeps what it declares is never accused. Each implementation below is honest by construction: it is
right to rounding, or off by no more than it declares, often by all of that, in a direction that depends on
the numbers. Its answers go through the acceptance code of `validate`: values, laws, the contract, and the
worst distribution where one is returned. A *judgement* is one answer and one check that has something to say
about it; who asks only whether there is an answer is not counted. Rows are mutated, drawn and adversarial
ones of 18 sets, extreme ones included; games are drawn, with kernel, rewards and radii that vary in
everything. `python -m benchmarks.fairness` judges more and rewrites this section. An earlier count judged
1,000,898 answers to 55,979 rows that are right to rounding, and accused none.

"""
Counts: TypeAlias = defaultdict[tuple[str, str], Count]


def read(path: Path = COUNTS, *, afresh: bool = False) -> Counts:
    """Return the counts on file by level and kind of code."""
    data = {} if afresh or not path.exists() else json.loads(path.read_text(encoding="utf-8"))
    counts: Counts = defaultdict(Count)
    for level, kinds in data.items():
        counts |= {(level, kind): Count(*numbers) for kind, numbers in kinds.items()}
    return counts


def write(counts: Mapping[tuple[str, str], Count], path: Path = COUNTS) -> None:
    """Keep the counts, and say them on the page."""
    data: dict[str, dict[str, list[int]]] = {}
    for level, kind in _sorted(counts):
        count = counts[level, kind]
        data.setdefault(level, {})[kind] = [count.questions, count.judgements, count.accusations]
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    rewrite(section(counts))


def section(counts: Mapping[tuple[str, str], Count]) -> str:
    """Return the section: a line for each level and kind of code, and their sum."""
    lines = ["| level | code | questions | judgements | accusations |", "|---|---|---|---|---|"]
    for level, kind in _sorted(counts):
        lines.append(f"| `{level}` | {kind} | {_numbers(counts[level, kind])} |")
    lines.append(f"| **all** | | {_numbers(_sum(counts.values()))} |")
    lines.append(f"| **approximate code** | | {_numbers(approximate(counts))} |")
    return f"{HEADING}\n{ABOUT}" + "\n".join(lines) + "\n"


def approximate(counts: Mapping[tuple[str, str], Count]) -> Count:
    """Return what has been judged of code that is more than rounding off, or may be."""
    return _sum(count for (_, kind), count in counts.items() if kind not in (RIGHT, ANY_ORDER))


def _sum(counts: Iterable[Count]) -> Count:
    total = Count()
    for count in counts:
        total.questions += count.questions
        total.judgements += count.judgements
        total.accusations += count.accusations
    return total


def _numbers(count: Count) -> str:
    return f"{count.questions:,} | {count.judgements:,} | {count.accusations}"


def _sorted(counts: Mapping[tuple[str, str], Count]) -> list[tuple[str, str]]:
    return sorted(counts, key=lambda key: (list(LEVELS).index(key[0]), key[1]))
