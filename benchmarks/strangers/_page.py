"""What was said of strangers' code, on file, and the section of ``docs/power.md`` that it makes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from benchmarks.page import rewrite
from benchmarks.strangers._games import GAMES
from benchmarks.strangers._judge import Verdict
from benchmarks.strangers._rows import ROWS

VERDICTS = Path(__file__).parent / "verdicts.json"
HEADING = "## Diagnosis of strangers' code"
ABOUT = """
Defects of the kinds that validating real code found, rebuilt by hand as a stranger would write them, with
conventions and limits of their own (`benchmarks/strangers`). Each is validated by every check of the quick
profile. It is *named* if every diagnosis that is given says what is wrong, maybe beside what nothing that the
code admits tells apart from it; *misnamed* if one does not. Two mistakes at once stay unnamed.
`python -m benchmarks.strangers [NAME ...]` judges anew and rewrites this section.

"""


def read(path: Path = VERDICTS) -> dict[str, Verdict]:
    """Return the verdicts on file by the name of the stranger."""
    data = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {
        name: Verdict(failed, checks, tuple(map(tuple, names)))
        for name, (failed, checks, names) in data.items()
    }


def write(verdicts: Mapping[str, Verdict], path: Path = VERDICTS) -> None:
    """Keep the verdicts, and say them on the page."""
    data = {
        stranger.name: [verdict.failed, verdict.judged, verdict.names]
        for stranger in (*ROWS, *GAMES)
        if (verdict := verdicts.get(stranger.name))
    }
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    rewrite(section(verdicts))


def section(verdicts: Mapping[str, Verdict]) -> str:
    """Return the section: how many are named, then each."""
    known = [stranger for stranger in (*ROWS, *GAMES) if stranger.name in verdicts]
    outcomes = Counter(verdicts[stranger.name].outcome(stranger) for stranger in known)
    said = ", ".join(f"{outcomes[word]} {word}" for word in ("named", "unnamed", "misnamed", "not caught"))
    lines = [f"Of {len(known)}: **{said}**.", ""]
    lines += ["| declares | what is wrong | what it admits | failed | is called |", "|---|---|---|---|---|"]
    for stranger in known:
        verdict = verdicts[stranger.name]
        names = "; ".join(" or ".join(f"*{name}*" for name in each) for each in verdict.names)
        declared = f"{stranger.level} {stranger.sets}".strip()
        defect, admits = (_cell(text) for text in stranger.about)
        checks = f"{verdict.failed} of {verdict.judged}"
        lines.append(f"| {declared} | {defect} | {admits} | {checks} | {_cell(names) or 'nothing'} |")
    return f"{HEADING}\n{ABOUT}" + "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
