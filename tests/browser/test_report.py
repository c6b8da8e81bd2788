"""The report works in a real browser: offline, in both schemes, by keyboard, on paper, without scripts."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from drmg_check.runs import decode_event
from drmg_reports import write_html
from tests.browser.driving import (
    NARROW,
    WIDE,
    assert_contrast,
    colours,
    emulate,
    press,
    requests,
    resize,
    rows,
    shown,
    visit,
)
from tests.unit.reports.sample import A5, B1, result, sample_run

pytestmark = pytest.mark.browser
SAMPLE = Path(__file__).parents[2] / "reports/sample/audit.html"


@pytest.fixture(scope="module")
def audit_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "audit.html"
    write_html(sample_run(), path)
    return path


@pytest.fixture
def page(blank: webdriver.Chrome, audit_page: Path) -> webdriver.Chrome:
    return visit(blank, audit_page)


def test_it_opens_from_disk_without_a_word_on_the_console(page: webdriver.Chrome):
    assert page.title == "8 of 8 verdicts are as expected · drmg-check"
    assert page.get_log("browser") == []
    assert page.execute_script("return document.compatMode") == "CSS1Compat"


def test_no_request_leaves_the_machine(page: webdriver.Chrome):
    press(page, Keys.END)
    assert requests(page) == ["file"]


def test_formulas_are_laid_out_as_mathematics(page: webdriver.Chrome):
    assert page.execute_script(
        """
        document.querySelector("#unfold").click();
        const [top, bottom] = document.querySelector("details[open] mfrac").children;
        return top.getBoundingClientRect().bottom <= bottom.getBoundingClientRect().top;
        """
    )


def test_a_verdict_filters_the_table_the_games_and_the_sections(page: webdriver.Chrome):
    page.find_element(By.CSS_SELECTOR, ".filters [data-tag=refuted]").click()
    assert rows(page) == ["A3", "B2"]
    assert shown(page, "details.claim") == ["A3", "B2"]
    assert shown(page, "table.matrix tbody tr") == ["B2"]
    assert page.find_element(By.ID, "shown").text == "2 of 9 claims shown"
    page.find_element(By.CSS_SELECTOR, ".filters [data-tag=proved]").click()
    assert rows(page) == ["A3", "A3-corrected", "B2"]


def test_words_and_sources_filter_too(page: webdriver.Chrome):
    press(page, "/")
    press(page, "corollary 2 RHO")
    assert rows(page) == ["A3", "A3-corrected"]
    press(page, Keys.CONTROL, "a")
    press(page, Keys.DELETE)
    assert len(rows(page)) == 9
    page.find_element(By.CSS_SELECTOR, "#source option:last-child").click()
    assert rows(page) == ["P1"]


def test_a_column_sorts_up_and_down_by_its_numbers(page: webdriver.Chrome):
    button = page.find_element(
        By.XPATH, "//table[contains(@class, 'claims')]//th[button[contains(., 'Instances')]]/button"
    )
    button.click()
    ascending = rows(page)
    assert ascending[:2] == ["B29", "E6"]
    assert ascending[-1] == "A3-corrected"
    button.click()
    assert rows(page)[0] == "A3-corrected"
    header = button.find_element(By.XPATH, "..")
    assert header.get_attribute("aria-sort") == "descending"
    page.find_element(By.XPATH, "//th/button[contains(., 'slack')]").click()
    assert rows(page)[:2] == ["B2", "A3"]
    assert header.get_attribute("aria-sort") is None


def test_what_came_out_as_expected_is_folded_and_the_keyboard_unfolds_it(page: webdriver.Chrome):
    """Refutations too: of a ledger with eighty of them, none that surprises would be seen."""
    opened = "return [...document.querySelectorAll('details.claim[open]')].map((one) => one.id)"
    assert page.execute_script(opened) == []
    page.execute_script("document.querySelector('#claim-A3 > summary').focus()")
    press(page, Keys.ENTER)
    assert page.execute_script(opened) == ["claim-A3"]
    press(page, Keys.SPACE)
    assert page.execute_script(opened) == []
    page.find_element(By.ID, "fold").click()
    assert page.execute_script(opened) == []
    page.find_element(By.ID, "unfold").click()
    assert len(page.execute_script(opened)) == 9


def test_a_surprise_is_unfolded(blank: webdriver.Chrome, tmp_path: Path):
    write_html(sample_run(result(A5, "refuted"), result(B1, "holds")), tmp_path / "audit.html")
    surprised = visit(blank, tmp_path / "audit.html")
    opened = "return [...document.querySelectorAll('details.claim[open]')].map((one) => one.id)"
    assert surprised.execute_script(opened) == ["claim-A5"]


def test_a_key_beside_the_bars_says_what_each_colour_means(page: webdriver.Chrome):
    pairs = page.execute_script(
        """
        const colour = (element, property) => getComputedStyle(element)[property];
        const bars = [...document.querySelectorAll(".tally li")].map((li) => colour(li, "backgroundColor"));
        const key = [...document.querySelectorAll(".key .verdict")].map((one) => colour(one, "color"));
        return [bars, key];
        """
    )
    bars, key = map(set, pairs)
    assert bars == key
    bottom = page.find_element(By.CSS_SELECTOR, ".key").rect["y"]
    assert 0 < bottom - page.find_element(By.CSS_SELECTOR, ".tally").rect["y"] < 200


def test_a_link_opens_the_section_it_leads_to(page: webdriver.Chrome):
    page.find_element(By.CSS_SELECTOR, "table.claims a[href='#claim-B1']").click()
    section = page.find_element(By.ID, "claim-B1")
    assert section.get_attribute("open")
    assert page.switch_to.active_element.find_element(By.XPATH, "..") == section


def test_everything_is_reached_by_the_tab_key_and_shows_its_focus(page: webdriver.Chrome):
    reached = []
    for _ in range(24):
        press(page, Keys.TAB)
        focused = page.switch_to.active_element
        reached.append(focused.get_attribute("id") or focused.get_attribute("data-tag") or focused.text)
        if focused.tag_name in ("button", "a", "summary"):
            assert focused.value_of_css_property("outline-style") != "none", reached[-1]
    assert reached[0] == "Skip to the claims"
    assert {"theme-auto", "source", "search", "refuted", "Found"} <= set(reached)


def test_a_replay_line_is_copied(page: webdriver.Chrome):
    page.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    page.find_element(By.ID, "unfold").click()
    button = page.find_element(By.CSS_SELECTOR, "#claim-A3 button.copy")
    button.click()
    line = page.find_element(By.CSS_SELECTOR, "#claim-A3 .replay code").get_property("textContent")
    copied = page.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied == line
    assert line.startswith("drmg-check replay A3 --instance '{")
    assert button.text == "Copied"


def test_the_downloaded_data_are_the_run(page: webdriver.Chrome, downloads: Path):
    page.find_element(By.ID, "download").click()
    target = downloads / "drmg-check-ci-seed-0.ndjson"
    page.execute_async_script("setTimeout(arguments[0], 300)")
    assert tuple(decode_event(line) for line in target.read_bytes().splitlines()) == sample_run()


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast_in_both_colour_schemes(page: webdriver.Chrome, scheme: str, width: int):
    """WCAG 2.2 level AA: a ratio of at least 4.5 for text."""
    emulate(page, scheme)
    resize(page, width)
    verdicts = [f".filters .v-{name}" for name in ("holds", "refuted", "unproved", "vacuous", "skipped")]
    for selector in (
        "h1",
        ".lead",
        ".quiet",
        "table.claims a",
        ".place",
        "summary h3",
        ".counterexample li",
        *verdicts,
    ):
        assert_contrast(page, selector, scheme)


def test_the_reader_may_overrule_the_colour_scheme(page: webdriver.Chrome):
    emulate(page, "light")
    page.find_element(By.ID, "theme-dark").send_keys(Keys.SPACE)
    text, background = colours(page, "h1")
    assert text > background
    page.find_element(By.ID, "theme-auto").send_keys(Keys.SPACE)
    text, background = colours(page, "h1")
    assert text < background


@pytest.mark.parametrize("width", [WIDE, 768, NARROW, 320])
def test_the_page_never_scrolls_sideways(page: webdriver.Chrome, width: int):
    page.find_element(By.ID, "unfold").click()
    resize(page, width)
    assert page.execute_script("return document.documentElement.scrollWidth") <= width


def test_the_header_of_the_table_stays_in_sight(page: webdriver.Chrome):
    page.execute_script("document.querySelector('table.claims tbody tr:nth-child(6)').scrollIntoView()")
    top = page.execute_script(
        "return document.querySelector('table.claims thead').getBoundingClientRect().top"
    )
    assert top == 0


def test_without_scripts_everything_can_be_read(page: webdriver.Chrome, audit_page: Path):
    page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    page.get(audit_page.as_uri())
    assert len(rows(page)) == 9
    assert len(shown(page, "details.claim > dl")) == 9
    assert (
        "slack = −|1/2 − 3/4| = −1/4" in page.find_element(By.CSS_SELECTOR, "#claim-A3 .counterexample").text
    )
    dead = [
        button
        for button in page.find_elements(By.TAG_NAME, "button")
        if button.is_displayed() and button.is_enabled()
    ]
    assert dead == []
    assert not page.find_element(By.ID, "search").is_displayed()


def test_paper_gets_every_section_in_ink_on_white(page: webdriver.Chrome):
    page.find_element(By.ID, "fold").click()
    emulate(page, "dark")
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    text, background = colours(page, "h1")
    assert text < background == 1.0
    assert not page.find_element(By.CSS_SELECTOR, ".theme").is_displayed()
    assert not page.find_element(By.CSS_SELECTOR, ".copy").is_displayed()
    count = "document.querySelectorAll('details.claim[open]').length"
    page.execute_script(f"addEventListener('beforeprint', () => (window.printed = {count}))")
    pdf = page.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    assert base64.b64decode(pdf["data"]).startswith(b"%PDF-")
    assert page.execute_script(f"return [window.printed, {count}]") == [9, 0]


def test_the_whole_ledger_opens_quietly_filters_sorts_and_fits_a_telephone(page: webdriver.Chrome):
    visit(page, SAMPLE)
    assert page.get_log("browser") == []
    assert requests(page) == ["file"]
    everything = len(page.find_elements(By.CSS_SELECTOR, "table.claims tbody tr"))
    page.find_element(By.CSS_SELECTOR, ".filters [data-tag=refuted]").click()
    visible = "return document.querySelectorAll('table.claims tbody tr:not([hidden])').length"
    assert 0 < page.execute_script(visible) < everything
    page.find_element(By.XPATH, "//th/button[contains(., 'slack')]").click()
    smallest = page.execute_script(
        "return [...document.querySelectorAll('table.claims tbody tr:not([hidden])')]"
        ".map((row) => Number(row.querySelector('[data-sort].middle').dataset.sort))"
    )
    assert smallest == sorted(smallest)
    page.find_element(By.ID, "unfold").click()
    resize(page, NARROW)
    assert page.execute_script("return document.documentElement.scrollWidth") <= NARROW


def test_no_word_of_a_plot_is_lost_on_a_telephone(page: webdriver.Chrome):
    """Columns that are left out there once took the labels of the axes with them."""
    page.find_element(By.ID, "unfold").click()
    count = "return [...document.querySelectorAll('.plot text')].filter((one) => one.getBBox().width).length"
    wide = page.execute_script(count)
    resize(page, NARROW)
    assert page.execute_script(count) == wide > 20
