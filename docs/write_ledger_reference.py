"""Write docs/ledger-reference.md: what an author of a ledger may use, from the docstrings.

Run ``python docs/write_ledger_reference.py``; the same code writes the same bytes.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import drmg_oracles
import drmg_properties.claim as claims
from drmg_check.sets import Row
from drmg_check.vocabulary import Bounds, Verdict
from drmg_properties import formulas, instances, strategies

PAGE = Path(__file__).parent / "ledger-reference.md"
SECTIONS: dict[str, tuple[str, ModuleType, tuple[str, ...]]] = {
    "Ledgers and claims": (
        "What a module of claims holds. All of it is imported from `drmg_properties`.",
        claims,
        ("Ledger", "Claim", "Neighbour", "Budget"),
    ),
    "Derivations": (
        "What `Claim.derive` returns. Numbers are `Fraction`s, integers, or `Bounds` that contain them.",
        claims,
        (
            "Derivation",
            "at_most",
            "at_least",
            "equal",
            "chance_at_most",
            "bounded",
            "either",
            "both",
            "in_logarithms",
        ),
    ),
    "Searches": (
        "What `Claim.search` is.",
        claims,
        ("Generated", "Exhaustive", "EveryConstant", "Existence", "Sizes", "Proof", "Undecidable"),
    ),
    "Strategies": (
        "What `Generated` draws from, in `drmg_properties.strategies`: Hypothesis strategies that shrink to "
        "what a person can read. They combine with those of Hypothesis, as in "
        "`st.builds(Mine, row=rows(...))`.",
        strategies,
        (),
    ),
    "Instances": (
        "Instances that several claims share, in `drmg_properties.instances`, and how lines describe them.",
        instances,
        (),
    ),
    "Formulas": (
        "Numbers with logarithms and roots, enclosed in balls, and how numbers are written, in "
        "`drmg_properties.formulas`.",
        formulas,
        (),
    ),
    "Oracles": (
        "The truth, in `drmg_oracles`: find a side by another way than the formula under test.",
        drmg_oracles,
        (
            "worst_case_exact",
            "enclose",
            "evaluate_exactly",
            "best_response_exactly",
            "best_modification_exactly",
            "gap_exactly",
            "ce_gap_exactly",
            "brute_force_value",
            "brute_force_best_response",
            "vertex_kernels",
            "binomial_probability",
            "multinomials",
            "anytime_interval",
        ),
    ),
}
UNDERLINED = re.compile(r"^(\w[\w ]*)\n-{3,}\n", re.MULTILINE)


def text() -> str:
    """Return the page."""
    blocks = [
        "# What a ledger is made of",
        "Written from the docstrings by `docs/write_ledger_reference.py`. [Claims and ledgers](claims.md) "
        "says how to begin; `drmg-check claims new my_paper` writes a file that runs.",
        f"A verdict is one of {', '.join(f'`{verdict}`' for verdict in map(str, Verdict))}; `Verdict` comes "
        "from `drmg_check.vocabulary`, and so do `Bounds` and the errors. `Row` and the uncertainty sets "
        "come from `drmg_check.sets`, games and policies from `drmg_check.models`.",
    ]
    for title, (lead, module, names) in SECTIONS.items():
        blocks += [f"## {title}", lead]
        for name in names or public_names(module):
            blocks += entry(name, getattr(module, name))
    blocks += [
        "## Rows and bounds",
        "What derivations compute with.",
        *entry("Row", Row),
        *entry("Bounds", Bounds),
    ]
    return "\n\n".join(blocks) + "\n"


def public_names(module: ModuleType) -> list[str]:
    """Return the functions and classes that a module exports, as it lists them."""
    return [name for name, value in vars(module).items() if not name.startswith("_") and callable(value)]


def entry(name: str, value: Any) -> Iterator[str]:  # noqa: ANN401 - a function or a class
    """Yield the blocks on one name: its call, then its docstring."""
    yield f"### {name}"
    yield f"```python\n{call(name, value)}\n```"
    yield from described(inspect.getdoc(value) or "")


def call(name: str, value: Any) -> str:  # noqa: ANN401 - a function or a class
    """Return how it is called, with the defaults that are short enough to say."""
    if is_dataclass(value):
        parts = [
            field.name + ("" if field.default is MISSING else f"={default(field.default)}")
            for field in fields(value)
            if field.init
        ]
        return wrapped(name, parts)
    parts, star = [], False
    for parameter in inspect.signature(value).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            parts, star = [*parts, "*"], True
        shown = f"*{parameter.name}" if parameter.kind is parameter.VAR_POSITIONAL else parameter.name
        star = star or parameter.kind is parameter.VAR_POSITIONAL
        parts.append(
            shown + ("" if parameter.default is parameter.empty else f"={default(parameter.default)}")
        )
    return wrapped(name, parts)


def default(value: object) -> str:
    """Return a default as a reader types it; of a function or a long value, dots."""
    shown = str(value) if isinstance(value, Verdict) else repr(value)
    if isinstance(value, Verdict):
        return f"Verdict.{value.name}"
    return "..." if callable(value) or len(shown) > 30 else shown


def wrapped(name: str, parts: list[str]) -> str:
    """Return a call on one line, or a part a line."""
    line = f"{name}({', '.join(parts)})"
    return line if len(line) <= 90 else "\n".join([f"{name}(", *(f"    {part}," for part in parts), ")"])


def described(doc: str) -> Iterator[str]:
    """Yield the blocks of a docstring in numpydoc's form."""
    pieces = UNDERLINED.split(doc)
    yield from paragraphs(pieces[0])
    for title, body in zip(pieces[1::2], pieces[2::2], strict=True):
        if title in ("Parameters", "Attributes", "Returns", "Yields", "Raises"):
            yield f"**{title}**"
            yield "\n".join(definitions(body))
        else:
            yield f"**{title}**"
            yield from paragraphs(body)


def definitions(body: str) -> Iterator[str]:
    """Yield the items of a section: a name with its type, then what it is."""
    for item in re.split(r"\n(?=\S)", body.strip()):
        head, _, rest = item.partition("\n")
        names, _, kind = head.partition(" : ")
        told = inline(" ".join(inspect.cleandoc(rest).split()))
        yield f"- `{names}`{f' ({inline(kind)})' if kind else ''}{f': {told}' if told else ''}"


def paragraphs(body: str) -> Iterator[str]:
    """Yield prose as it is, examples and formulas as code."""
    for block in re.split(r"\n\s*\n", body.strip("\n")):
        if not block.strip():
            continue
        lines = block.split("\n")
        if lines[0].startswith(">>>"):
            yield "```pycon\n" + block + "\n```"
        elif all(line.startswith("    ") for line in lines):
            yield "```\n" + inspect.cleandoc(block) + "\n```"
        else:
            prose, _, example = block.partition("\n>>>")
            yield inline(" ".join(prose.split()) if not prose.lstrip().startswith("*") else prose)
            if example:
                yield "```pycon\n>>>" + example + "\n```"


def inline(words: str) -> str:
    """Turn the marks of docstrings into those of Markdown."""
    words = re.sub(r":\w+:`([^`]*)`", r"`\1`", words)
    return words.replace("``", "`")


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
