"""LaTeX to MathML that is safe to put in a page: known elements, known attributes, escaped text."""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element
from markupsafe import Markup, escape

from drmg_check.vocabulary import visible

_ELEMENT = re.compile(
    "math|m(row|i|n|o|text|space|sub|sup|subsup|under|over|underover|frac|sqrt|root|style|table|tr|td|padded|phantom)"
)
_ATTRIBUTE = re.compile(
    "accent|columnalign|displaystyle|fence|form|largeop|linethickness|lspace|mathvariant|maxsize|minsize|"
    "rspace|scriptlevel|separator|stretchy|width"
)
_ARITY = {
    "mfrac": 2,
    "mroot": 2,
    "msub": 2,
    "msup": 2,
    "munder": 2,
    "mover": 2,
    "msubsup": 3,
    "munderover": 3,
}
_LIMITS = frozenset({"sup", "inf", "max", "min", "lim", "arg max", "arg min", "∑", "∏", "⋃", "⋂"})


def mathml(latex: str) -> Markup:
    """Render a formula for display.

    What the converter cannot read (an unknown command, unbalanced braces) is shown as its escaped source.
    The namespace is left out: HTML needs none, and the page then holds no address at all.
    """
    source = visible(latex)
    try:
        if source != latex:
            raise ValueError("a character that cannot be seen")
        body = "".join(_render(child) for child in convert_to_element(source, display="block"))
    except Exception:  # the converter meets strangers' text and raises whatever its parser trips over
        return Markup('<code class="latex">{}</code>').format(source)
    return Markup('<math display="block" alttext="{}">{}</math>').format(source, Markup(body))  # noqa: S704


def _render(element: Element) -> str:
    """Serialise one element, refusing what is not presentation MathML."""
    if not _ELEMENT.fullmatch(element.tag):
        raise ValueError(f"element {element.tag!r} is no presentation MathML")
    text = html.unescape(element.text or "")  # the converter leaves its entities unresolved
    if text.startswith("\\") or text == "&":
        raise ValueError(f"{text!r} was not understood")
    tag = element.tag
    if len(element) < _ARITY.get(tag, 0):
        raise ValueError(f"{tag} has {len(element)} parts; expected {_ARITY[tag]}")
    children = "".join(_render(child) for child in element)
    if tag in ("msub", "msubsup") and html.unescape(element[0].text or "") in _LIMITS:
        tag = {"msub": "munder", "msubsup": "munderover"}[tag]
    attributes = "".join(
        f' {name}="{escape(value)}"'
        for name, value in sorted(element.attrib.items())
        if _ATTRIBUTE.fullmatch(name) and re.fullmatch(r"[\w.%-]*", value, re.ASCII)
    )
    return f"<{tag}{attributes}>{escape(text)}{children}</{tag}>"
