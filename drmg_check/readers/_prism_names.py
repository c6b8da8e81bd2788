"""Which state is initial, and what states are called: PRISM's .lab and .sta files, and Storm's labels."""

from __future__ import annotations

import re
from collections.abc import Container

from drmg_check.readers._prism_lines import natural
from drmg_check.vocabulary import InputError, UnsupportedError

_DECLARED = re.compile(r'(\d+)="([^"]*)"')
_HEADER = re.compile(r'\s*\d+="[^"]*"(\s+\d+="[^"]*")*\s*')
_HOW = "choose it, as in model.tra?initial_state=0"


def initially(labels: str, states: int) -> int:
    """Return the state labelled "init", 0 without labels.

    PRISM's form declares ``0="init" 1="goal"`` and lists ``state: label label``; Storm's declares names
    between ``#DECLARATION`` and ``#END`` and lists ``state name name``.

    Raises
    ------
    InputError
        Another form, a label that is not declared, no such state, or no "init" beside a label that may
        mean it.
    UnsupportedError
        Several initial states.
    """
    rows = [line.strip() for line in labels.splitlines() if line.strip()]
    if not rows:
        return 0
    names, of_state = _of_storm(rows) if rows[0] == "#DECLARATION" else _of_prism(rows)
    initial = sorted({s for s, label in of_state if label == "init"})
    for s, label in of_state:
        if s >= states:
            what = "initial_state" if label == "init" else f"a state labelled {label[:60]}"
            raise InputError(f"{what}={s}; expected 0 <= s < {states}")
    if len(initial) > 1:
        raise UnsupportedError(
            f"{len(initial)} states are labelled init; this reader takes one initial state: {_HOW}"
        )
    if not initial and (meant := [name for name in names if name.casefold().startswith(("init", "start"))]):
        raise InputError(f'no state is labelled "init", but there is a label {meant[0][:60]!r}; {_HOW}')
    return initial[0] if initial else 0


def _of_prism(rows: list[str]) -> tuple[list[str], list[tuple[int, str]]]:
    """Return the labels and each (state, label) of PRISM's form."""
    first, *rest = [row for row in rows if not row.startswith("#")] or [""]
    if not _HEADER.fullmatch(first):
        raise InputError(
            f'the .lab file starts with {first[:60]!r}; expected 0="init" 1="goal" ..., or #DECLARATION'
        )
    names = dict(_DECLARED.findall(first))
    of_state: list[tuple[int, str]] = []
    for row in rest:
        state, colon, indices = row.partition(":")
        s = natural(state.strip(), "labelled state")
        if not colon:
            raise InputError(f"label line {row[:60]!r}; expected: state: label label")
        of_state += [(s, names[_declared(index, names, s)]) for index in indices.split()]
    return list(names.values()), of_state


def _of_storm(rows: list[str]) -> tuple[list[str], list[tuple[int, str]]]:
    """Return the labels and each (state, label) of Storm's form."""
    if "#END" not in rows:
        raise InputError("the .lab file declares labels without end; expected a line #END")
    end = rows.index("#END")
    names = " ".join(rows[1:end]).split()
    of_state: list[tuple[int, str]] = []
    for row in rows[end + 1 :]:
        state, *labels = row.split()
        s = natural(state, "labelled state")
        of_state += [(s, _declared(label, names, s)) for label in labels]
    return names, of_state


def _declared(label: str, names: Container[str], s: int) -> str:
    if label not in names:
        raise InputError(f"label {label[:60]!r} of state {s} is not declared; expected it in the first lines")
    return label


def state_names(text: str, states: int) -> tuple[str, ...]:
    """Return the names of a .sta file, whose first line names the variables; lines come in any order.

    Raises
    ------
    InputError
        A line that is not ``state: name``, or not one for each state.
    """
    rows = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    names: dict[int, str] = {}
    for row in rows[1:]:
        state, colon, name = row.partition(":")
        s = natural(state.strip(), "named state")
        if not colon or s in names or s >= states:
            raise InputError(
                f"state line {row[:60]!r}; expected: state: name, each of 0 ... {states - 1} once"
            )
        names[s] = name.strip()
    if rows and len(names) != states:
        raise InputError(
            f"state_names has {len(names)} of {states} states; expected each state, or no .sta file"
        )
    return tuple(names[s] for s in sorted(names))
