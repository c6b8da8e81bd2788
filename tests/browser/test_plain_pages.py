"""Certificates, learners and experiments are shown without a script."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from drmg_check.documents import CertifiedBounds, CertifiedPassage
from drmg_reports import render_document
from tests.browser.driving import NARROW, WIDE, assert_contrast, emulate, requests, resize, visit
from tests.unit.reports.documents import agent, bounds, certified, study

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


def test_on_a_telephone_a_certificate_loses_no_number_and_says_where_its_picture_goes_on(
    blank: webdriver.Chrome, tmp_path: Path
):
    """Of a table that is too wide the gain was out of sight, and of the picture the last steps."""
    path = tmp_path / "page.html"
    wide = bounds("123456789123456789/1000000007", "123456789123456790/1000000007")
    steps = tuple(
        CertifiedPassage(h=h, s=s, reach=0.5, successors=((0, 0.5, 0.25), (1, 0.5, 0.75)))
        for h in range(6)
        for s in range(2)
    )
    who = agent("row", gain=wide_gain(), value=wide, best_response=wide, path=steps)
    longer = msgspec.structs.replace(certified(agent("row")).game, horizon=6)
    path.write_text(render_document(certified(who, game=longer)), encoding="utf-8")
    page = visit(blank, path)
    resize(page, NARROW)
    rights = "return [...document.querySelectorAll('.number')].map((x) => x.getBoundingClientRect().right)"
    assert max(page.execute_script(rights)) <= NARROW
    hint = page.find_element(By.CSS_SELECTOR, ".only-narrow")
    assert hint.is_displayed()
    frame = "const f = document.querySelector('figure > .scroll'); return [f.scrollWidth, f.clientWidth]"
    inner, outer = page.execute_script(frame)
    assert inner > outer
    resize(page, WIDE)
    assert not hint.is_displayed()


def wide_gain() -> CertifiedBounds:
    """What the difference of two equal intervals may be."""
    return bounds("-1/1000000007", "1/1000000007")


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
