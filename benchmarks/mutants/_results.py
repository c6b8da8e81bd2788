"""The outcomes on file, and the section of ``docs/power.md`` that they make."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from benchmarks.mutants._mutants import Mutant
from benchmarks.mutants._run import Outcome

RESULTS = Path(__file__).parent / "results.json"
FIRST_ROUND = Path(__file__).parent / "first_round.toml"
HEADING = "## Mutants of the project itself"
FORMER = """
### What survived the first round

Of 201 mutants of an early version no test noticed 99. Each of those that were told has a mutant of today.
"""
ABOUT = """
Each mutant changes one snippet of the project so that it is wrong: a bound, a sign, a refusal, a regime. It
is *killed* if a test of its area fails (or never ends). A survivor counts against the score unless it is
*equivalent*: nothing that can be observed changes, or a second line of defence stands behind it. The lists
are `benchmarks/mutants/rooms/*.toml`; the stand-alone checker is mutated systematically as well, every
comparison, sign, constant, branch and refusal of it. `python -m benchmarks.mutants --room checker` runs a
room again and rewrites this section.

"""


def read(path: Path = RESULTS) -> dict[str, Outcome]:
    """Return the outcomes on file by the name of the mutant."""
    data = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {name: Outcome(*outcome) for name, outcome in data.items()}


def write(results: Mapping[str, Outcome], path: Path = RESULTS) -> None:
    """Keep the outcomes, sorted by name, one a line."""
    lines = (f"  {json.dumps(name)}: {json.dumps(list(results[name]))}" for name in sorted(results))
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def section(mutants: Sequence[Mutant], results: Mapping[str, Outcome]) -> str:
    """Return the section: the score of each room, then every survivor with its explanation."""
    rooms = sorted({mutant.room for mutant in mutants})
    rows = [_row(room, [m for m in mutants if m.room == room], results) for room in rooms]
    rows.append(_row("**all**", mutants, results))
    survivors = [m for m in mutants if m.name in results and results[m.name].verdict == "survived"]
    told = [f"* `{_code(m.name)}`: {m.equivalent or f'**survives**: {m.why}'}" for m in survivors]
    columns = ("room", "mutants", "killed", "equivalent", "survived", "not run", "score")
    table = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|", *rows]
    former = [
        FORMER,
        "| file | change | what stands for it now |",
        "|---|---|---|",
        *_former(mutants, results),
    ]
    return f"{HEADING}\n{ABOUT}" + "\n".join([*table, "\n### Survivors\n", *told, *former]) + "\n"


def _former(mutants: Sequence[Mutant], results: Mapping[str, Outcome]) -> Iterator[str]:
    """Yield a line for each survivor of the first round: its mutants of today, and what became of them."""
    for survivor in tomllib.loads(FIRST_ROUND.read_text(encoding="utf-8"))["survivor"]:
        told: list[str] = []
        files: dict[str, None] = {}
        for name in survivor["mutants"]:
            meant = [mutant for mutant in mutants if fnmatchcase(mutant.name, name)]
            files |= dict.fromkeys(mutant.file for mutant in meant)
            words = Counter(_became(mutant, results.get(mutant.name)) for mutant in meant)
            counted = ", ".join(f"{n} {word}" if len(meant) > 1 else word for word, n in words.most_common())
            told.append(f"`{_code(name)}`: {counted}")
        places = ", ".join(f"`{file}`" for file in files)
        yield f"| {places} | {survivor['what']} | {'; '.join(told)} |"


def _became(mutant: Mutant, outcome: Outcome | None) -> str:
    if outcome is None:
        return "not run"
    if outcome.verdict == "survived":
        return "equivalent" if mutant.equivalent else "survived"
    tests = outcome.by or ", ".join(mutant.tests)
    return f"killed by `{tests.rpartition('/')[2]}`" if mutant.why else "killed"


def _row(name: str, mutants: Sequence[Mutant], results: Mapping[str, Outcome]) -> str:
    outcomes = {m.name: results[m.name] for m in mutants if m.name in results}
    lived = [m for m in mutants if m.name in outcomes and outcomes[m.name].verdict == "survived"]
    equivalent = sum(bool(m.equivalent) for m in lived)
    killed, survived = len(outcomes) - len(lived), len(lived) - equivalent
    missing = len(mutants) - len(outcomes)
    of = " of those run" if missing else ""
    score = f"{100 * killed / (killed + survived):.1f} %{of}" if killed + survived else ""
    return f"| {name} | {len(mutants)} | {killed} | {equivalent} | {survived} | {missing} | {score} |"


def _code(name: str) -> str:
    return name.replace("`", "'")
