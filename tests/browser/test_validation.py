"""The report of a validation works in a real browser, as that of an audit does."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from drmg_reports import write_html
from tests.browser.driving import (
    NARROW,
    WIDE,
    assert_contrast,
    emulate,
    press,
    requests,
    resize,
    rows,
    shown,
    visit,
)
from tests.unit.reports.checks import sample_validation

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def validation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "validate.html"
    write_html(sample_validation(), path)
    return path


@pytest.fixture
def checks(blank: webdriver.Chrome, validation: Path) -> webdriver.Chrome:
    return visit(blank, validation)


def test_a_validation_opens_quietly_and_sends_nothing(checks: webdriver.Chrome):
    assert checks.title == "a toolbox passes 2 of 7 checks · drmg-check"
    assert checks.get_log("browser") == []
    assert requests(checks) == ["file"]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_first_failure_is_the_first_section(checks: webdriver.Chrome, width: int):
    resize(checks, width)
    sections = [each.get_attribute("id") for each in checks.find_elements(By.CSS_SELECTOR, "main > section")]
    assert sections[0] == "failures"
    assert checks.find_element(By.ID, "failure-1").rect["y"] < 1200


def test_a_failed_cell_leads_to_the_failure_and_opens_it(checks: webdriver.Chrome):
    checks.find_element(By.ID, "fold").click()
    checks.find_element(
        By.XPATH, "//table[contains(@class, 'outcomes')]//a[contains(., 'not a number')]"
    ).click()
    section = checks.find_element(By.ID, "failure-4")
    assert section.get_attribute("open")
    assert "kl/oracle/zeros" in section.text
    assert checks.switch_to.active_element.find_element(By.XPATH, "..") == section


def test_checks_are_filtered_by_outcome_set_and_words(checks: webdriver.Chrome):
    checks.find_element(By.CSS_SELECTOR, ".filters [data-tag=failed]").click()
    assert rows(checks) == ["tv/smoke/two-states", "tv/law/bounds", "tv/oracle/small", "kl/oracle/zeros"]
    checks.find_element(By.CSS_SELECTOR, "#source option:last-child").click()
    assert rows(checks) == ["kl/oracle/zeros"]
    assert checks.find_element(By.ID, "shown").text == "1 of 8 checks shown"
    checks.find_element(By.CSS_SELECTOR, ".filters [data-tag=failed]").click()
    press(checks, "/")
    press(checks, "bounds")
    assert rows(checks) == ["kl/law/bounds"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_validation_has_contrast_in_both_colour_schemes(checks: webdriver.Chrome, scheme: str):
    emulate(checks, scheme)
    outcomes = [f".outcomes .v-{name}" for name in ("holds", "refuted", "vacuous", "skipped")]
    for selector in (".diagnosis h2", ".said", ".diagnosis .quiet", ".program code", ".kind th", *outcomes):
        assert_contrast(checks, selector, scheme)


@pytest.mark.parametrize("width", [WIDE, NARROW, 320])
def test_a_validation_never_scrolls_sideways(checks: webdriver.Chrome, width: int):
    checks.find_element(By.ID, "unfold").click()
    resize(checks, width)
    assert checks.execute_script("return document.documentElement.scrollWidth") <= width


def test_without_scripts_a_validation_can_be_read(checks: webdriver.Chrome, validation: Path):
    checks.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    checks.get(validation.as_uri())
    assert len(rows(checks)) == 8
    assert len(shown(checks, "details.claim > dl")) == 4
    assert "Agrees with half the radius" in checks.find_element(By.CSS_SELECTOR, ".diagnosis").text
    assert not checks.find_element(By.ID, "search").is_displayed()
