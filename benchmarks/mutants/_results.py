"""The outcomes on file, and the section of ``docs/power.md`` that they make."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.mutants._mutants import Mutant
from benchmarks.mutants._run import Outcome

RESULTS = Path(__file__).parent / "results.json"
HEADING = "## Mutants of the project itself"
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
    return f"{HEADING}\n{ABOUT}" + "\n".join([*table, "\n### Survivors\n", *told]) + "\n"


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
