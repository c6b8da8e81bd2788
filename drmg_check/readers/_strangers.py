"""What a file is that no reader reads: its name, and what to do instead."""

from __future__ import annotations

import re

_HEAD = 10_000  # characters: what a file is stands at its beginning
_EXPORT = "let Storm or PRISM export PRISM's explicit files, .tra with a header of numbers"
_WRITE = "write a model of a finite horizon as JSON, .npz or PRISM's .tra"
_NO_PROBABILITIES = (
    "is a labelled transition system (LTS): its transitions have no probabilities; add one to each, 1 where "
    "a choice has one successor"
)

RATES = (
    "the rows of this chain do not sum to 1: if they are rates, it is a CTMC, whose time is continuous, and "
    "no game: export its embedded or uniformised chain"
)

# In this order: the first that matches the beginning, after comments and blank lines, says what it is.
_BEGINNINGS: tuple[tuple[str, str], ...] = (
    (
        r"(dtmc|mdp|ctmc|pomdp|smg|pta|nondeterministic|probabilistic|stochastic)\b[\s\S]*"
        r"\b(module|const|formula|global|label)\b",
        "is a model in PRISM's language; let PRISM export it: prism MODEL -exportmodel model.all",
    ),
    (r"ctmc\s", f"is a CTMC in Storm's explicit format: its time is continuous, and it is no game; {_WRITE}"),
    (r"(ma|pomdp|smg)\s", f"is in Storm's explicit format, and neither DTMC nor MDP; {_WRITE}"),
    (r"(dtmc|mdp)\s", f"is in Storm's explicit format; {_EXPORT}"),
    (r"STATES\s+\d", f"is in the format of MRMC and older versions of Storm; {_EXPORT}"),
    (r"@\w+\s*:?", f"is in Storm's DRN format; {_EXPORT}"),
    (r'\{[\s\S]*"jani-version"', f"is a JANI model; {_EXPORT}"),
    (r"EFG\s+\d", "is an extensive game of Gambit; let Gambit write it as a strategic game, .nfg"),
    (r"des\s*\(", _NO_PROBABILITIES),
    (
        r"(discount|values|states|actions|observations|start)\s*:",
        f"is in Cassandra's format of decision processes; {_WRITE}",
    ),
    (r"idstatefrom\s*,", f"is a table of transitions as bmdp-tool and rmdp write it; {_WRITE}"),
)


def stranger_of(text: str) -> str | None:
    """Say which known format that is not read a text starts as; None where it is none of them.

    >>> stranger_of("EFG 2 R")
    'is an extensive game of Gambit; let Gambit write it as a strategic game, .nfg'
    """
    start = re.sub(r"\A(\s+|#[^\n]*(\n|\Z)|//[^\n]*(\n|\Z))*", "", text[:_HEAD])
    return next((what for beginning, what in _BEGINNINGS if re.match(beginning, start, re.IGNORECASE)), None)


def stranger_of_numbers(header: list[str], first: list[str]) -> str | None:
    """Say which relative of PRISM's explicit .tra file has such a header and such a first line.

    >>> stranger_of_numbers(["2", "2", "3", "1"], ["0", "0", "1", "1", "0"])[:12]
    'is a POMDP, '
    """
    if not all(field.isdecimal() for field in header):
        return None
    if len(header) == 4:
        return f"is a POMDP, whose header counts observations: partial observation is not asked; {_WRITE}"
    if any(":" in field for field in first):
        return "is in PRISM's row form; export it without -exportrows"
    value = first[len(header) :]
    if first and (not value or re.fullmatch(r"[A-Za-z_]\w*", value[0])):
        return _NO_PROBABILITIES
    return None
