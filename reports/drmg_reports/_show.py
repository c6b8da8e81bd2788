"""How values look in a report: numbers, durations, and strings that come from strangers."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from fractions import Fraction

from markupsafe import Markup, escape

from drmg_check.vocabulary import InputError, exact

# Control characters, direction overrides, surrogates and non-characters: a stranger's string could use
# them to reorder or hide what a reader sees, and XML forbids most of them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufffe\uffff\U000e0000-\U000e0fff]"
)
_FRACTION = re.compile(r"(?<![\w./^])(\d{1,12})/(\d{1,12})(?!\w|/|\.\d)", re.ASCII)
_READABLE = 13  # characters of an exact number that still read better than three digits


def visible(text: str) -> str:
    """Replace what a reader could not see by its code point, as in ``⟨U+202E⟩``."""
    return _UNSEEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)


def number(text: str) -> str:
    """Shorten an exact number for a table: itself if it is short, else three digits after ``≈``."""
    try:
        value = exact(text)
    except InputError:
        return text
    shown = str(value)
    if len(shown) > _READABLE:
        with localcontext(prec=3):
            shown = f"≈ {Decimal(value.numerator) / Decimal(value.denominator):.3g}"
    return shown.replace("-", "−")


def slack(low: str, high: str) -> str:
    """Show a certified slack: one number when it is exact, an interval otherwise, ``–`` without one."""
    if not low:
        return "–"
    return number(low) if low == high else f"[{number(low)}, {number(high)}]"


def sort_key(text: str) -> str:
    """Return a number that JavaScript sorts by; no number sorts last."""
    try:
        return repr(float(exact(text)))
    except InputError:
        return "inf"
    except OverflowError:
        return "-1e308" if text.lstrip().startswith("-") else "1e308"


def duration(seconds: float) -> str:
    """Show a time with the two digits that matter: ``12 ms``, ``3.4 s``, ``2 min 05 s``."""
    if seconds < 0.9995:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def typeset(text: str) -> Markup:
    """Escape a line and set its fractions as fractions; copied, they still read ``3/4``."""
    return Markup(  # noqa: S704 - the pattern matches digits and a slash only, in escaped text
        _FRACTION.sub(
            r'<span class="fraction"><sup>\1</sup>/<sub>\2</sub></span>', str(escape(visible(text)))
        )
    )


def is_negative(text: str) -> bool:
    """Whether an exact number is below 0; what is no number is not."""
    try:
        return exact(text) < Fraction(0)
    except InputError:
        return False
