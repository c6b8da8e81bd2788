"""What makes a stranger's string harmless in Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from drmg_check.vocabulary import visible

_SPECIAL = re.compile(r"([\\`*_\[\]<>&|~$#@]|:(?=//)|(?<=www)\.)")


def escape_line(text: str) -> str:
    """Escape for a line of Markdown outside code."""
    return _SPECIAL.sub(_escape_one, " ".join(visible(text).split()))


def _escape_one(match: re.Match[str]) -> str:
    # A mention is found in the rendered text, where a backslash is gone; an empty comment stays.
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "@<!-- -->"}.get(match[1], f"\\{match[1]}")


def inline_code(text: str) -> str:
    """Return a text as code within a line, whatever backticks it holds."""
    shown = " ".join(visible(text).split())
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    return f"{fence} {shown} {fence}" if "`" in shown else f"{fence}{shown}{fence}"


def code_block(lines: Sequence[str]) -> str:
    """Return a block of code that its lines cannot end."""
    body = "\n".join(lines)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", body)), default=0))
    return f"{fence}text\n{body}\n{fence}"
