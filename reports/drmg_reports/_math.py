"""LaTeX to MathML that is safe to put in a page: known elements, known attributes, escaped text."""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element
from markupsafe import Markup, escape

from drmg_reports._show import visible

_ELEMENTS = frozenset(
    "math mrow mi mn mo mtext mspace msup msub msubsup munder mover munderover mfrac msqrt mroot mstyle "
    "mtable mtr mtd mpadded mphantom".split()
)
_ATTRIBUTES = frozenset(
    "accent columnalign displaystyle fence form largeop linethickness lspace mathvariant maxsize minsize "
    "rspace scriptlevel separator stretchy width".split()
)
_LIMITS = frozenset({"sup", "inf", "max", "min", "lim", "arg max", "arg min"})


def mathml(latex: str) -> Markup:
    """Render a formula for display.

    What the converter cannot read (an unknown command, unbalanced braces) is shown as its escaped source.
    The namespace is left out: HTML needs none, and the page then holds no address at all.
    """
    source = visible(latex)
    try:
        body = "".join(_render(child) for child in convert_to_element(source, display="block"))
    except Exception:  # the converter meets strangers' text and raises whatever its parser trips over
        return Markup('<code class="latex">{}</code>').format(source)
    return Markup('<math display="block" alttext="{}">{}</math>').format(source, Markup(body))  # noqa: S704


def _render(element: Element) -> str:
    """Serialise one element, refusing what is not presentation MathML."""
    if element.tag not in _ELEMENTS:
        raise ValueError(f"element {element.tag!r} is no presentation MathML")
    text = html.unescape(element.text or "")  # the converter leaves its entities unresolved
    if text.startswith("\\") or text == "&":
        raise ValueError(f"{text!r} was not understood")
    children = "".join(_render(child) for child in element)
    tag = element.tag
    if tag in ("msub", "msubsup") and len(element) and element[0].text in _LIMITS:
        tag = {"msub": "munder", "msubsup": "munderover"}[tag]
    attributes = "".join(
        f' {name}="{escape(value)}"'
        for name, value in sorted(element.attrib.items())
        if name in _ATTRIBUTES and re.fullmatch(r"[\w.%-]*", value, re.ASCII)
    )
    return f"<{tag}{attributes}>{escape(text)}{children}</{tag}>"
