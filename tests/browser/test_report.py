"""The report works in a real browser: offline, in both schemes, by keyboard, on paper, without scripts."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from drmg_check.events import decode_event
from drmg_reports import render_page, write_html
from tests.unit.reports.checks import sample_validation
from tests.unit.reports.pages import certified, study
from tests.unit.reports.sample import sample_run

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
from selenium.webdriver.chrome.service import Service  # noqa: E402 - only where selenium is
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (BROWSER and DRIVER), reason="chromium and chromedriver are not installed"),
]
WIDE, NARROW = 1280, 390
SAMPLE = Path(__file__).parents[2] / "reports/sample/audit.html"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "audit.html"
    write_html(sample_run(), path)
    return path.as_uri()


@pytest.fixture(scope="module")
def validation(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "validate.html"
    write_html(sample_validation(), path)
    return path.as_uri()


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def chromium(downloads: Path) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def page(chromium: webdriver.Chrome, address: str) -> webdriver.Chrome:
    """Open the report at 1280 pixels with nothing emulated."""
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    resize(chromium, WIDE)
    chromium.get("about:blank")
    for log in ("browser", "performance"):
        chromium.get_log(log)
    chromium.get(address)
    return chromium


@pytest.fixture
def checks(page: webdriver.Chrome, validation: str) -> webdriver.Chrome:
    """Open the page of a validation, with the same care."""
    for log in ("browser", "performance"):
        page.get_log(log)
    page.get(validation)
    return page


def resize(page: webdriver.Chrome, width: int) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def emulate(page: webdriver.Chrome, scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def shown(page: webdriver.Chrome, selector: str) -> list[str]:
    """Return the first word of each visible element."""
    elements = page.find_elements(By.CSS_SELECTOR, selector)
    return [element.text.split()[0] for element in elements if element.is_displayed()]


def rows(page: webdriver.Chrome) -> list[str]:
    return shown(page, "table.claims tbody tr")


def press(page: webdriver.Chrome, *keys: str) -> None:
    page.switch_to.active_element.send_keys(*keys)


def colours(page: webdriver.Chrome, selector: str) -> tuple[float, float]:
    """Return the WCAG luminance of an element's text and of the background behind it."""
    return tuple(
        page.execute_script(
            """
            const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
            const luminance = (colour) => {
              canvas.fillStyle = colour;
              canvas.fillRect(0, 0, 1, 1);
              const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((byte) => {
                const x = byte / 255;
                return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
              });
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const element = document.querySelector(arguments[0]);
            const background = (one) => getComputedStyle(one).backgroundColor;
            let behind = element;
            while (background(behind) === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
            return [getComputedStyle(element).color, background(behind)].map(luminance);
            """,
            selector,
        )
    )


def test_it_opens_from_disk_without_a_word_on_the_console(page: webdriver.Chrome):
    assert page.title == "8 of 8 verdicts are as expected · drmg-check"
    assert page.get_log("browser") == []
    assert page.execute_script("return document.compatMode") == "CSS1Compat"


def requests(page: webdriver.Chrome) -> list[str]:
    """Return the schemes of all addresses that the page asked for, data addresses left out."""
    messages = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    sent = [
        one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"
    ]
    return [url.partition(":")[0] for url in sent if not url.startswith("data:")]


def test_no_request_leaves_the_machine(page: webdriver.Chrome):
    press(page, Keys.END)
    assert requests(page) == ["file"]


def test_formulas_are_laid_out_as_mathematics(page: webdriver.Chrome):
    assert page.execute_script(
        """
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


def test_what_needs_attention_is_unfolded_and_the_keyboard_folds_it(page: webdriver.Chrome):
    opened = "return [...document.querySelectorAll('details.claim[open]')].map((one) => one.id)"
    assert page.execute_script(opened) == ["claim-A3", "claim-B2"]
    page.execute_script("document.querySelector('#claim-A3 > summary').focus()")
    press(page, Keys.ENTER)
    assert page.execute_script(opened) == ["claim-B2"]
    press(page, Keys.SPACE)
    assert page.execute_script(opened) == ["claim-A3", "claim-B2"]
    page.find_element(By.ID, "fold").click()
    assert page.execute_script(opened) == []
    page.find_element(By.ID, "unfold").click()
    assert len(page.execute_script(opened)) == 9


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


def assert_contrast(page: webdriver.Chrome, selector: str, scheme: str) -> None:
    text, background = colours(page, selector)
    lighter, darker = max(text, background), min(text, background)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5, selector
    assert (text > background) == (scheme == "dark"), selector


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


def test_without_scripts_everything_can_be_read(page: webdriver.Chrome, address: str):
    page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    page.get(address)
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


def test_a_validation_opens_quietly_and_sends_nothing(checks: webdriver.Chrome):
    assert checks.title == "a toolbox passes 2 of 7 checks · drmg-check"
    assert checks.get_log("browser") == []
    assert requests(checks) == ["file"]


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


def test_without_scripts_a_validation_can_be_read(checks: webdriver.Chrome, validation: str):
    checks.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    checks.get(validation)
    assert len(rows(checks)) == 8
    assert len(shown(checks, "details.claim > dl")) == 4
    assert "Agrees with half the radius" in checks.find_element(By.CSS_SELECTOR, ".diagnosis").text
    assert not checks.find_element(By.ID, "search").is_displayed()


@pytest.fixture(params=["certificate", "study"])
def plain(request: pytest.FixtureRequest, page: webdriver.Chrome, tmp_path: Path) -> webdriver.Chrome:
    """Open a page without scripts, with the same care."""
    path = tmp_path / "page.html"
    path.write_text(render_page(certified() if request.param == "certificate" else study()), encoding="utf-8")
    for log in ("browser", "performance"):
        page.get_log(log)
    page.get(path.as_uri())
    return page


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


def test_the_whole_ledger_opens_quietly_filters_sorts_and_fits_a_telephone(page: webdriver.Chrome):
    for log in ("browser", "performance"):
        page.get_log(log)
    page.get(SAMPLE.as_uri())
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
