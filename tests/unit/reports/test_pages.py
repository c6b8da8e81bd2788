"""Pages of certificates, learners and experiments: complete, without scripts, harmless, the same again."""

import html as escapes
import json
import re

import pytest

from drmg_check.documents import Finding, Page, Proven, decode_page, encode_page
from drmg_reports import render_page
from tests.unit.reports import test_html
from tests.unit.reports.pages import agent, certified, study
from tests.unit.reports.test_html import ADDRESS, HOSTILE, assert_harmless

SCRIPTS = ("application/json",)


def words(page: Page) -> str:
    html = render_page(page)
    body = re.sub(r"<script.*?</script>", "", html[html.index("<body>") :], flags=re.DOTALL)
    return " ".join(escapes.unescape(re.sub(r"<(?!/?su[bp])[^>]*>|</?su[bp]>", " ", body)).split())


def test_a_certificate_says_what_is_proved_first():
    said = words(certified())
    assert said.startswith("drmg-check certificate Colours Auto Light Dark a game: CCE gap 1/8")
    assert "by deviating alone, an agent can raise its robust value by 1/8, and none by more." in said
    assert "Policy uniform (independent agents)" in said


@pytest.mark.parametrize(
    ("gap", "product", "lead"),
    [
        (("NE gap", Proven("0", "0", "0")), True, "Proved: it is a robust Nash equilibrium, exactly."),
        (("CCE gap", Proven("-1/2", "-1/2", "-1/2")), False, "it is a robust coarse correlated equilibrium,"),
        (
            ("NE gap", Proven("[0, 0.2]", "0", "1/5")),
            True,
            "no agent can raise its robust value by more than 0.2",
        ),
        (("NE gap", Proven("[0.1, 0.2]", "1/10", "1/5")), True, "by more than 0.2. One can raise it by 0.1."),
    ],
)
def test_the_lead_says_no_more_than_the_bounds(gap: tuple[str, Proven], product: bool, lead: str):
    assert lead in words(certified(gaps=(gap,), product=product))


def test_agents_of_whom_the_same_is_said_share_a_section():
    said = words(certified())
    assert "row, column The best deviation" in said
    assert said.count("play 1 instead of 0, gains") == 1
    apart = words(certified(agents=(agent("row"), agent("column", gain="0"))))
    assert "row The best deviation" in apart
    assert "column No deviation gains anything." in apart


def test_the_path_is_drawn_with_what_the_worst_kernel_adds():
    html = render_page(certified())
    (picture,) = re.findall(r'<svg class="plot".*?</svg>', html, flags=re.DOTALL)
    assert "Red is what the worst kernel adds." in picture
    text = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    assert {"good", "bad", "step 1", "step 2", "0 → 1/2", "0.5"} <= set(text)
    assert '<svg class="plot"' not in render_page(certified(path=()))


def test_a_study_counts_its_criteria_and_shows_them_with_curves_and_numbers():
    said = words(study())
    assert "drmg-check experiment Colours Auto Light Dark a study: 1 of 2 criteria met Does it learn?" in said
    assert "smaller than the size" in said
    assert "gap ≤ 1/10 0.05 ✓ met regret below sqrt(K) 12 ✗ not met" in said
    assert "episodes gap 100 0.05 200" in said
    assert re.search("Curves .* Gap ", said)
    learned = words(study(findings=()))
    assert "drmg-check learning Colours Auto Light Dark a study Does it learn?" in learned
    assert "riteri" not in learned
    assert "1 of 1 criterion met" in words(study(findings=(Finding("a", "b", met=True),)))


@pytest.mark.parametrize("page", [certified(), study()], ids=["certificate", "study"])
def test_a_page_embeds_what_gives_the_same_bytes(page: Page):
    html = render_page(page)
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, flags=re.DOTALL)
    assert json.loads(data) == json.loads(encode_page(page))
    assert render_page(decode_page(data.encode())) == html


@pytest.mark.parametrize("page", [certified(), study()], ids=["certificate", "study"])
def test_a_page_asks_for_nothing(page: Page):
    html = render_page(page)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'" in html
    assert "script-src" not in html
    assert ADDRESS.findall(html) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_strings_stay_text(text: str):
    for page in (certified(text=text), study(text=text)):
        assert_harmless(render_page(page), SCRIPTS)


def test_names_in_any_script_are_drawn_without_a_warning():
    """The font of the plots has no Chinese; the reader's browser may."""
    for page in (certified(text="状态"), study(text="状态")):
        assert re.search(r"<text[^>]*>状态</text>", render_page(page))


@pytest.mark.parametrize("page", [certified(), study()], ids=["certificate", "study"])
def test_headings_name_their_sections(page: Page):
    parsed = test_html.Page(render_page(page))
    ids = {one["id"] for _, one in parsed.elements if one.get("id")}
    assert {one["aria-labelledby"] for _, one in parsed.elements if "aria-labelledby" in one} <= ids
