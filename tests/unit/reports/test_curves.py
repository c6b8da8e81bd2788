"""Curves are drawn as given, the same way every time, in files that stand alone."""

import math
from xml.etree import ElementTree

from drmg_check.documents import Panel, Series
from drmg_reports import render_curves

PANELS = (
    Panel("a", "episodes", [Series("one", [1, 2, 3], [1.0, 4.0, 9.0], [0.5, 3.0, 8.0], [2.0, 5.0, 10.0])]),
    Panel("b", "m", [Series("x", [1, 10], [0.1, 0.0]), Series("y", [1, 10], [math.nan, 2.0])], True, True),
)


def test_a_file_stands_alone_and_holds_its_text():
    svg = render_curves(PANELS, "regret <of> $x$")
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own output
    text = " ".join(t for t in root.itertext() if t.strip())
    for word in ("regret <of> $x$", "episodes", "10", "0.1"):
        assert word in text
    assert "mathdefault" not in svg, "logarithmic axes should show plain numbers"
    addresses = {part.split('"')[0] for part in svg.split('href="')[1:]}
    assert all(address.startswith("#") for address in addresses)


def test_the_same_curves_give_the_same_bytes():
    assert render_curves(PANELS, "t") == render_curves(PANELS, "t")


def test_several_curves_get_a_legend_and_one_does_not():
    assert ">x<" in render_curves(PANELS, "t")
    assert ">one<" not in render_curves(PANELS, "t")
