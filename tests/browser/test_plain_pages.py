"""Certificates, learners and experiments are shown without a script."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium import webdriver

from drmg_reports import render_document
from tests.browser.driving import NARROW, WIDE, assert_contrast, emulate, requests, resize, visit
from tests.unit.reports.documents import certified, study

pytestmark = pytest.mark.browser


@pytest.fixture(params=["certificate", "study"])
def plain(request: pytest.FixtureRequest, blank: webdriver.Chrome, tmp_path: Path) -> webdriver.Chrome:
    path = tmp_path / "page.html"
    path.write_text(
        render_document(certified() if request.param == "certificate" else study()), encoding="utf-8"
    )
    return visit(blank, path)


def test_pages_without_scripts_open_quietly_and_send_nothing(plain: webdriver.Chrome):
    assert plain.title in (
        "a game: CCE gap 1/8 · drmg-check",
        "a study: 1 of 2 criteria met · drmg-check",
    )
    assert plain.get_log("browser") == []
    assert requests(plain) == ["file"]
    assert plain.execute_script("return document.compatMode") == "CSS1Compat"


@pytest.mark.parametrize("width", [WIDE, NARROW, 320])
def test_pages_without_scripts_never_scroll_sideways(plain: webdriver.Chrome, width: int):
    resize(plain, width)
    assert plain.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_without_scripts_have_contrast_in_both_colour_schemes(plain: webdriver.Chrome, scheme: str):
    emulate(plain, scheme)
    for selector in ("h1", ".lead", ".hint", "thead th", "tbody td", "figcaption", ".colophon p"):
        assert_contrast(plain, selector, scheme)


def test_every_curve_and_arrow_has_a_colour_of_the_page(plain: webdriver.Chrome):
    """A class without a colour would draw nothing."""
    strokes = plain.execute_script(
        "return [...document.querySelectorAll('.plot .line')].map((one) => getComputedStyle(one).stroke)"
    )
    assert strokes
    assert "none" not in strokes
