"""Formulas become MathML that renders, or their source; never markup of a stranger."""

from xml.etree import ElementTree

import pytest

from drmg_reports.formats.html._math import mathml
from tests.unit.reports.sample import sample_results


@pytest.mark.parametrize("latex", sorted({result.claim.latex for result in sample_results()} - {""}))
def test_a_formula_is_well_formed_and_needs_no_namespace(latex: str):
    tree = ElementTree.fromstring(mathml(latex))  # noqa: S314 - our own output
    assert tree.tag == "math"
    assert "xmlns" not in mathml(latex)


def test_bounds_stand_below_their_operator():
    assert mathml(r"\sup_{\eta} x").count("<munder>") == 1
    assert mathml(r"\max_{a}^{b} x").count("<munderover>") == 1
    assert "<msub><mi>V</mi>" in mathml("V_h")


@pytest.mark.parametrize("latex", [r"\frac{1", r"\unknowncommand x", "a & b", r"\left( x", "\x00"])
def test_what_cannot_be_read_is_shown_as_source(latex: str):
    assert mathml(latex).startswith('<code class="latex">')


@pytest.mark.parametrize(
    "latex",
    [
        r"\text{<img src=x onerror=alert(1)>}",
        r"\href{javascript:alert(1)}{x}",
        r"\color{red;background:url(x)}{y}",
        '"><script>',
    ],
)
def test_a_formula_smuggles_nothing(latex: str):
    html = mathml(latex)
    tree = ElementTree.fromstring(html)  # noqa: S314 - our own output
    assert {element.tag for element in tree.iter()} <= {
        "math",
        "code",
        "mrow",
        "mi",
        "mo",
        "mn",
        "mtext",
        "mstyle",
    }
    assert all(
        set(element.attrib) <= {"display", "alttext", "class", "stretchy", "mathvariant"}
        for element in tree.iter()
    )
