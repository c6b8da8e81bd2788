"""Text as markup of a page: escaped, with what HTML adds to it."""

from __future__ import annotations

import html
import re
from contextlib import suppress

import msgspec
from markupsafe import Markup, escape

from drmg_check.vocabulary import InputError, exact, visible
from drmg_reports.runs import STATUSES
from drmg_reports.words import symbols

_FRACTION = re.compile(r"(?<![\w./^])(\d{1,12})/(\d{1,12})(?!\w|/|\.\d)", re.ASCII)
_LONGEST = 20_000  # characters of an instance that are written out; the embedded data holds all of them


def breakable(text: str) -> Markup:
    """Escape an id and let a narrow column break it after a dot, a slash or a hyphen."""
    return Markup(re.sub(r"([./-])(?=\w)", r"\1<wbr>", str(escape(visible(text)))))  # noqa: S704 - escaped


def typeset(text: str) -> Markup:
    """Escape a line, with symbols and with fractions set as such; copied, they still read ``3/4``."""
    escaped = str(escape(visible(symbols(text))))
    # The pattern matches digits and a slash, so what it adds markup to is no markup.
    return Markup(_FRACTION.sub(r'<span class="fraction"><sup>\1</sup>/<sub>\2</sub></span>', escaped))  # noqa: S704


def sort_key(text: str) -> str:
    """Return a number that JavaScript sorts by; no number sorts last."""
    try:
        return repr(float(exact(text)))
    except InputError:
        return "Infinity"
    except OverflowError:
        return "-1e308" if text.lstrip().startswith("-") else "1e308"


def status_class(status: str) -> str:
    """Return the part of a class name that stands for a status; what is none we know is ``other``."""
    return status.replace(" ", "-") if status in STATUSES else "other"


def indented(text: str) -> Markup:
    """Indent an instance for reading, an array of numbers on one line; what is no JSON stays as it is."""
    with suppress(msgspec.DecodeError, UnicodeError):
        text = msgspec.json.format(text, indent=2)
    # JSON strings hold no line break, so this pattern sees arrays only.
    text = re.sub(r"\[\n([^][{}]*)\n *\]", lambda match: f"[{' '.join(match[1].split())}]", text)
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}\n… {len(text) - _LONGEST} more characters in the embedded data"
    return Markup(html.escape(visible(text), quote=False))  # noqa: S704 - escaped
