"""How values look in a report: numbers, durations, and strings that come from strangers."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from fractions import Fraction

from drmg_check.vocabulary import InputError, brief, exact, visible

_GREEK = dict(
    re.findall(
        r"(\w+) (\w)",
        "alpha α, beta β, gamma γ, delta δ, epsilon ε, zeta ζ, eta η, theta θ, iota ι, kappa κ, lambda λ, "
        "mu μ, nu ν, xi ξ, pi π, rho ρ, sigma σ, tau τ, phi φ, chi χ, psi ψ, omega ω",
    )
)
_SYMBOLS = {"<=": "≤", ">=": "≥", "!=": "≠", **_GREEK}
_SYMBOL = re.compile(rf"(?<![\w.<>=-])(?:<=|>=|!=|(?:{'|'.join(_GREEK)})(?![A-Za-z0-9-]))(?!=)")
_MINUS = re.compile(r"(?<![\w)\].-])-(?=[\w\s|(])")
_READABLE = 9  # characters of an exact number that still read better than three digits
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def one_line(text: str) -> str:
    r"""Keep a text on one line: a stranger's line break could fake a line of ours, or a second command.

    >>> one_line("two\nlines")
    'two⟨U+000A⟩lines'
    """
    return visible(text).replace("\n", "⟨U+000A⟩")


def short_number(text: str) -> str:
    """Shorten an exact number for reading: itself if it is short, else three digits after ``≈``.

    >>> short_number("1/3"), short_number("123456789/987654321")
    ('1/3', '≈ 0.125')
    """
    try:
        value = exact(text)
    except InputError:
        return brief(text, 20)
    if len(str(value)) <= _READABLE:
        return str(value).replace("-", "−")
    with localcontext(prec=3):
        return f"≈ {three_digits(Decimal(value.numerator) / Decimal(value.denominator))}"


def probability(value: float) -> str:
    """Write a float as the short fraction that it comes from, else in three digits: ``9/10``, ``0.137``.

    >>> probability(0.9), probability(0.1371234)
    ('9/10', '0.137')
    """
    short = Fraction(value).limit_denominator(99)
    return str(short) if float(short) == value else three_digits(value)


def three_digits(value: Decimal | float) -> str:
    """Write three significant digits: ``0.0125``, ``−4.08·10⁻⁵``.

    >>> three_digits(0.0125), three_digits(-0.0000408)
    ('0.0125', '−4.08·10⁻⁵')
    """
    mantissa, _, exponent = f"{value:.3g}".partition("e")
    power = f"·10{str(int(exponent)).translate(_SUPERSCRIPT)}" if exponent else ""
    return f"{mantissa}{power}".replace("-", "−")


def slack_interval(low: str, high: str) -> str:
    """Show a certified slack: one number when both ends read the same, an interval otherwise.

    >>> slack_interval("1/3", "1/3"), slack_interval("0", "1/2")
    ('1/3', '[0, 1/2]')
    """
    if not low:
        return "–"
    shown = short_number(low), short_number(high)
    return shown[0] if shown[0] == shown[1] else f"[{shown[0]}, {shown[1]}]"


def moment(text: str) -> str:
    """Show an ISO 8601 time in UTC for reading: ``2026-11-20 09:30 UTC``.

    >>> moment("2026-11-20T09:30:00Z")
    '2026-11-20 09:30 UTC'
    """
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ", text, re.ASCII)
    return f"{match[1]} {match[2]} UTC" if match else text


def duration(seconds: float) -> str:
    """Show a time with the two digits that matter: ``12 ms``, ``3.4 s``, ``2 min 05 s``; 0 was not taken.

    >>> duration(0.012), duration(3.4), duration(125)
    ('12 ms', '3.4 s', '2 min 05 s')
    """
    if seconds == 0:
        return "–"
    if seconds < 0.9995:
        return f"{1000 * seconds:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def brief_time(seconds: float) -> str:
    """Show the time of one call with two digits: ``85 µs``, ``1.2 ms``, ``3.4 s``.

    >>> brief_time(0.0000851), brief_time(0.0012)
    ('85 µs', '1.2 ms')
    """
    for unit, size in (("µs", 1e-6), ("ms", 1e-3)):
        if seconds < 999.5 * size:
            return f"{seconds / size:.{1 if seconds < 9.95 * size else 0}f} {unit}"
    return duration(seconds)


def symbols(text: str) -> str:
    """Write ``rho <= -1`` as ``ρ ≤ −1``: a page has the letters that a terminal may lack.

    >>> symbols("rho <= -1")
    'ρ ≤ −1'
    """
    return _SYMBOL.sub(lambda match: _SYMBOLS[match[0]], _MINUS.sub("−", text))


def as_sentence(text: str) -> str:
    """Begin with a capital and end with a full stop, as notes of a run need not do.

    >>> as_sentence("no violation in the list")
    'No violation in the list.'
    """
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}" if text else ""
