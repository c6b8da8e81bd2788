"""How many of the default questions show each mistake of a diagnosis catalogue.

Every entry of a catalogue is a wrong implementation. The check ``oracle/telling`` of a level asks a fixed
list of questions at every profile; an entry *shows* on a question if its answer lies outside the certified
one by more than is forgiven, or if the judge of the level finds fault with the policy or the regret of who
follows it. ``python -m benchmarks.questions [SET ...] [--level LEVEL]`` counts anew and rewrites its section
of ``docs/power.md``, set by set and level by level.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median_low
from typing import Any, TypeAlias

import numpy as np

from benchmarks.followers import Answering, Ask, learner, planner
from benchmarks.page import rewrite
from drmg_check.referee.diagnosis import (
    ValueCatalogue,
    catalogue,
    discriminating_rows,
    entries_for,
    policies_for,
    regret_entries,
)
from drmg_check.referee.diagnosis._rows import value_of
from drmg_check.referee.evidence import Tally, certified
from drmg_check.referee.levels import level_of
from drmg_check.referee.levels._backup import BACKUP_CATALOGUE
from drmg_check.referee.levels._best_response import RESPONSE_CATALOGUE
from drmg_check.referee.levels._discounted_evaluation import DISCOUNTED_EVALUATION_CATALOGUE
from drmg_check.referee.levels._discounted_gap import DISCOUNTED_GAP_CATALOGUE
from drmg_check.referee.levels._discounted_optimum import DISCOUNTED_OPTIMUM_CATALOGUE
from drmg_check.referee.levels._equilibrium import STAGE_CATALOGUE
from drmg_check.referee.levels._evaluation import EVALUATION_CATALOGUE
from drmg_check.referee.levels._gap import GAP_CATALOGUE
from drmg_check.referee.levels._learner import REGRET_CATALOGUE
from drmg_check.referee.levels._planner import PLAN_CATALOGUE
from drmg_check.targets import set_family
from drmg_check.vocabulary import DrmgError
from drmg_check.words import Concept, LevelName
from drmg_properties.laws import allowance

COUNTS = Path(__file__).with_suffix(".json")
HEADING = "## Questions to implementations"
VALUES: Mapping[str, ValueCatalogue[Any]] = {
    "backup": BACKUP_CATALOGUE,
    "evaluation": EVALUATION_CATALOGUE,
    "best-response": RESPONSE_CATALOGUE,
    "gap": GAP_CATALOGUE,
    "discounted-evaluation": DISCOUNTED_EVALUATION_CATALOGUE,
    "discounted-gap": DISCOUNTED_GAP_CATALOGUE,
    "discounted-optimum": DISCOUNTED_OPTIMUM_CATALOGUE,
}
OF_ROWS = "worst-case"
OF_VALUES = (OF_ROWS, *VALUES)
CONCEPTS: tuple[Concept, ...] = ("nash", "cce", "ce")
STAGES, PLANS, RUNS = "equilibrium", "planner", "learner"
LEVELS = (*OF_VALUES, STAGES, PLANS, RUNS)
SETS = (
    *("tv", "tv:nominal", "l1", "contamination", "interval", "interval:nominal"),
    *("kl", "reverse-kl", "chi2", "hellinger", "cressie-read:3/2", "wasserstein:1", "wasserstein:2"),
)
"""One of each kind at least."""
Counts: TypeAlias = dict[tuple[str, str], dict[str, int]]
"""By what is asked about and level: entry to questions. A stage game is about its concept."""
CASES = (
    *((name, level) for name in SETS for level in OF_VALUES),
    *((concept, STAGES) for concept in CONCEPTS),
    *((about, PLANS) for about in (*SETS, "tv, cce", "tv, ce")),
    *((about, RUNS) for about in (*SETS, "tv, ce")),
)
"""Everything that is counted: plans for Nash equilibria, runs for CCE, for one set other concepts, too."""


def shown_by(about: str, level: str) -> dict[str, int]:
    """Return on how many telling questions each entry shows.

    Parameters
    ----------
    about : str
        A set by its short name, as in ``"tv"`` or ``"tv, cce"``; of a stage game the concept.
    level : str
    """
    name, _, word = about.partition(", ")
    if level == OF_ROWS:
        return _by_rows(name)
    if level in VALUES:
        return _by_games(name, VALUES[level])
    known = name if level == STAGES else word or ("cce" if level == RUNS else "nash")
    concept = next(each for each in CONCEPTS if each == known)
    if level == RUNS:
        reported = regret_entries(REGRET_CATALOGUE, concept, name)
        runs = Judged("learner", REGRET_CATALOGUE.questions(concept, name))
        return {entry.name: runs.faults(learner(entry)) for entry in reported}
    policies = PLAN_CATALOGUE if level == PLANS else STAGE_CATALOGUE
    judged = Judged(level_of(level).name, policies.questions(concept, name))
    return {entry.name: judged.faults(planner(entry)) for entry in policies_for(policies, concept, name)}


class Judged:
    """Questions of a level, and the verdicts on the answers so far: many entries give the same one."""

    def __init__(self, level: LevelName, questions: Sequence[Any]) -> None:
        self.level, self.questions = level, questions
        self._known: dict[tuple[int, bytes], bool] = {}

    def faults(self, ask: Ask) -> int:
        """Return on how many questions the judge of the level finds fault with the answer."""
        return sum(self._is_wrong(k, ask) for k in range(len(self.questions)))

    def _is_wrong(self, k: int, ask: Ask) -> bool:
        answer = ask(self.questions[k])
        if answer.trouble is not None:  # an entry that says nothing is no mistake that shows
            return False
        said = answer.array if answer.run is None else answer.run["regret"]
        key = k, b"" if said is None else said.astype(float).tobytes()
        if key not in self._known:
            session, judge = Answering(ask, self.level), level_of(self.level).verdict
            self._known[key] = judge(session, self.questions[k], Tally()) is not None
        return self._known[key]


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
    """Return the section, from the counts by what is asked about and level."""
    lines = [
        HEADING,
        "",
        "Every entry of a diagnosis catalogue is a wrong implementation. At each level the check",
        "`oracle/telling` asks a fixed list of questions, at every profile: "
        + ", ".join(f"{number} at `{level}`" for level, number in _asked().items())
        + ".",
        "An entry shows on a question if its answer is outside the certified one by more than is forgiven,",
        "or if the judge of the level finds fault with the policy, or the regret, of who follows it.",
        "Planners look for NASH and learners for CCE where nothing else is said.",
        "`python -m benchmarks.questions [SET ...]` counts anew and rewrites this section.",
        "",
        "| about | level | entries | fewest questions that show one | which | half show on at least |",
        "|---|---|---|---|---|---|",
    ]
    for about in dict.fromkeys(about for about, _ in CASES):
        for level in (level for level in LEVELS if (about, level) in counts):
            by_entry = counts[about, level]
            least = min(by_entry, key=lambda entry: by_entry[entry])
            middle = median_low(by_entry.values())
            lines.append(
                f"| `{about}` | {level} | {len(by_entry)} | {by_entry[least]} | {least} | {middle} |"
            )
    shown = [level for level in LEVELS if ("tv", level) in counts]
    lines += ["", "### Total variation, entry by entry", "", f"| entry | {' | '.join(shown)} |"]
    lines.append("|---" * (1 + len(shown)) + "|")
    entries = dict.fromkeys(entry for level in shown for entry in _plain(counts["tv", level]))
    for entry in entries:
        cells = (str(_plain(counts["tv", level]).get(entry, "")) for level in shown)
        lines.append(f"| {entry} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _asked() -> dict[str, int]:
    """Return how many questions each level asks about total variation."""
    return {
        OF_ROWS: len(discriminating_rows(set_family("tv").make(1))),
        **{level: len(VALUES[level].questions("tv")) for level in VALUES},
        STAGES: len(STAGE_CATALOGUE.questions("nash", "")),
        PLANS: len(PLAN_CATALOGUE.questions("nash", "tv")),
        RUNS: len(REGRET_CATALOGUE.questions("nash", "tv")),
    }


def _plain(by_entry: Mapping[str, int]) -> dict[str, int]:
    """Name what is done in each row as it is named for one row."""
    return {entry.removesuffix(" in each row"): count for entry, count in by_entry.items()}


def read(path: Path = COUNTS) -> Counts:
    """Return the counts on file by what is asked about and level."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return {(about, level): by_entry for about in data for level, by_entry in data[about].items()}


def write(counts: Mapping[tuple[str, str], Mapping[str, int]], path: Path = COUNTS) -> None:
    """Keep the counts, of the levels that are counted so far, and say them on the page."""
    data: dict[str, dict[str, Mapping[str, int]]] = {}
    for about in dict.fromkeys(about for about, _ in CASES):
        for level in LEVELS:
            if (about, level) in counts:
                data.setdefault(about, {})[level] = counts[about, level]
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    rewrite(section(counts))


def main() -> None:
    """Count what is asked for, or everything, and write the section."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("about", nargs="*", help="sets, as in tv; concepts of stage games, as in nash")
    parser.add_argument("--level", action="append", choices=LEVELS, help="only this level; may be repeated")
    arguments = parser.parse_args()
    counts = read()
    for about, level in CASES:
        if about.partition(", ")[0] in (arguments.about or (*SETS, *CONCEPTS)) and level in (
            arguments.level or LEVELS
        ):
            counts[about, level] = shown_by(about, level)
            print(about, level, min(counts[about, level].values()), flush=True)
            write(counts)


if __name__ == "__main__":
    main()
