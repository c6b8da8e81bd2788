"""The page of a validation: what is at fault first, nothing lost, and harmless whatever the strings are."""

import json
import re
from io import StringIO
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from drmg_check.readers import game_to_json
from drmg_check.runs import Check, encode_event, read_events
from drmg_check.zoo import load
from drmg_reports import print_summary, render_html
from drmg_reports.runs import check_matrix, diagnoses, paces, same_failures
from tests.unit.reports.checks import HALVED, check, failure, sample_checks, sample_validation
from tests.unit.reports.test_html import HOSTILE, Page, assert_harmless


@pytest.fixture(scope="module", name="html")
def _html() -> str:
    return render_html(sample_validation())


def text_of(html: str, start: str, end: str = "</section>") -> str:
    part = html[html.index(start) :]
    part = part[: part.index(end)].replace("<wbr>", "")
    return " ".join(re.sub(r"<[^>]*>", " ", part).split())


def test_it_speaks_of_checks_and_not_of_claims(html: str):
    visible = " ".join(Page(html[: html.index('<script type="application')] + "</body></html>").text)
    words = re.sub(r"(?s)/\*.*?\*/|\{[^{}]*\}", "", visible)
    assert "a toolbox passes 2 of 7 checks" in words
    assert "validation report" in words
    for word in ("claim is", "claims", "refuted", "audit", "counterexample"):
        assert word not in text_of(html, "<body>", "<script").lower(), word


def test_the_diagnosis_then_the_failures_stand_before_the_checks(html: str):
    """And the diagnosis counts what it explains."""
    assert html.index('class="diagnosis"') < html.index('id="failures"') < html.index('id="matrix"')
    said = text_of(html, '<section class="diagnosis"')
    assert said.startswith("Diagnosis")
    assert "Agrees with half the radius" in said
    assert "Explains 2 of 4 wrong values and broken laws." in said
    assert "No entry of the catalogue explains the other 2." in said
    assert "kl" not in said, "nobody looked for a diagnosis of what is not a number"


def test_the_matrix_has_a_cell_for_each_check_and_set():
    rows = {row.name: row for kind in check_matrix(sample_checks()).values() for row in kind}
    assert list(rows) == ["two-states", "bounds", "inclusion", "small", "zeros"]
    outcomes = {name: [cell and cell.outcome for cell in row.cells] for name, row in rows.items()}
    assert outcomes == {
        "two-states": ["failed", "passed"],
        "bounds": ["failed", "passed"],
        "inclusion": [None, "skipped"],
        "small": ["failed", None],
        "zeros": ["xfail", "failed"],
    }


def test_the_matrix_says_in_words_what_is_at_fault(html: str):
    said = text_of(html, '<section id="matrix"')
    assert "two-states agrees: two-states rows unsafe 1 passed" in said
    assert "pessimistic (xfail)" in said
    assert "not a number" in said
    assert "Laws: true of every correct implementation" in said


def test_failures_that_are_alike_share_a_section_with_all_there_is_to_know(html: str):
    page = Page(html)
    sections = [element for element in page.all("details") if element.get("class") == "claim"]
    assert [element["id"] for element in sections] == [f"failure-{k}" for k in (1, 2, 3, 4)]
    said = text_of(html, 'id="failure-1"', 'id="failure-2"')
    for words in (
        "unsafe",
        "got 0.375, certified",
        "The same in tv/oracle/small",
        "drmg-check validate mine.py:solve --checks tv/smoke/two-states",
        "more than rounding explains",
        "The nominal row and values, 2 states, radius 1/4.",
    ):
        assert words in said


def test_a_small_game_that_an_implementation_fails_on_is_drawn():
    game = json.dumps({"game": json.loads(game_to_json(load("good-bad-chain")))})
    html = render_html(sample_validation(check("tv/smoke/one", "failed", failure(instance=game))))
    assert "The nominal kernel of the game: 2 states" in html


def test_every_link_leads_somewhere(html: str):
    page = Page(html)
    ids = [element["id"] for name, element in page.elements if "id" in element]
    assert len(ids) == len(set(ids))
    links = [
        str(element["href"]) for element in page.all("a") if str(element.get("href", "")).startswith("#")
    ]
    assert len(links) > 8
    assert {link[1:] for link in links} <= set(ids)


def test_speed_is_told_by_set_with_the_slowest_calls(html: str):
    assert [(pace.set, pace.calls, pace.slowest, pace.size) for pace in paces(sample_checks())] == [
        ("kl", 15, 0.4, 100)
    ]
    said = text_of(html, '<section id="speed"')
    assert "kl 15 29 35 ms 400 ms 100" in said
    assert "kl/law/bounds (400 ms, 100 states), kl/smoke/two-states (12 ms, 5 states)." in said


def test_a_run_without_times_has_no_speed_and_can_still_be_read(tmp_path: Path):
    """Records of checks did not always have a speed."""
    old = [msgspec.structs.replace(record, speed=None) for record in sample_checks()]
    lines = [encode_event(event).replace(b',"speed":null', b"") for event in sample_validation(*old)]
    path = tmp_path / "old.ndjson"
    path.write_bytes(b"".join(lines))
    html = render_html(read_events(path))
    assert 'id="speed"' not in html
    assert "a toolbox passes 2 of 7 checks" in html


def test_a_clean_run_has_neither_diagnosis_nor_failures():
    html = render_html(sample_validation(check("tv/smoke/one-state"), check("tv/law/bounds")))
    assert "a toolbox passes all 2 checks" in html
    assert "No fault found in 2,468 judged answers." in html
    assert 'id="failures"' not in html
    assert "<section class=" not in html


def test_a_run_that_died_says_so():
    events = sample_validation(footer=False)
    html = render_html((events[0], *events[1:4]))
    assert "This run did not finish" in html
    assert "5 of 8 planned checks have no result" in html
    assert "Nothing of a toolbox was judged" in render_html(events[:1])


def test_the_declaration_is_shown_and_a_broken_one_is_none():
    page = render_html(sample_validation())
    assert "<dt>Sets</dt><dd>tv, kl</dd>" in page
    assert "<dt>Accuracy</dt><dd>1e-9 of the span</dd>" in page
    aim = json.dumps({"level": "worst-case", "concept": "nash"})
    assert "<dt>Concept</dt>" not in render_html(sample_validation(declaration=aim))
    assert "<dt>Concept</dt>" in render_html(
        sample_validation(declaration=aim.replace("worst-case", "planner"))
    )
    for broken in ("{", "[]", "1"):
        assert "<dt>Sets</dt>" not in render_html(sample_validation(declaration=broken))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_strings_stay_text(text: str):
    wrong = failure(
        kind=text, instance=text, got=text, low=text, high=text, lines=(text,), diagnosis=text, snippet=text
    )
    hostile = [
        check(f"{text}/law/{text}", "failed", wrong, title=text, reason=text, replay=text),
        check(f"tv/{text}", "skipped", reason=text, title=text),
        check(f"tv/oracle/{text}", "xfail", failure(instance=text), reason=text),
        check(text, reason=text, title=text),
    ]
    cases = dict.fromkeys(record.case for record in hostile)
    hostile = [next(record for record in hostile if record.case == case) for case in cases]
    assert_harmless(render_html(sample_validation(*hostile, name=text)))


def test_the_same_events_give_the_same_bytes():
    assert render_html(sample_validation()) == render_html(sample_validation())


def test_the_order_of_the_records_does_not_matter():
    header, *checks, footer = sample_validation()
    there, back = (render_html((header, *order, footer)) for order in (checks, checks[::-1]))
    embedded = there.index('<script type="application')
    assert there[:embedded] == back[:embedded]


def test_diagnoses_are_ordered_by_how_much_they_explain():
    checks: list[Check] = [
        check("tv/oracle/a", "failed", failure(diagnosis="agrees with x")),
        check("tv/oracle/b", "failed", failure()),
        check("tv/oracle/c", "failed", failure()),
    ]
    (diagnosed,) = diagnoses(checks)
    assert diagnosed.said == ((HALVED, 2), ("agrees with x", 1))
    assert diagnosed.unexplained == 0


def test_an_accuracy_reads_as_people_write_it():
    said = {
        "1/1000000000": "1e-9 of the span",
        "1/4": "0.25 of the span",
        "1/3": "1/3 of the span",
        "4951760157141521/4951760157141521099596496896": "≈ 1.00·10⁻¹² of the span",
        "loose": "loose of the span",
    }
    for accuracy, text in said.items():
        declaration = json.dumps({"level": "worst-case", "sets": ["tv"], "accuracy": accuracy})
        assert f"<dt>Accuracy</dt><dd>{text}</dd>" in render_html(sample_validation(declaration=declaration))


def test_a_terminal_ends_in_the_worst_failure_and_the_verdict():
    """It shows the end of what is printed: nothing that is not wrong stands below what is."""
    out = Console(width=100, record=True, file=StringIO())
    print_summary(out, sample_validation())
    text = out.export_text()
    order = [
        text.index(word)
        for word in ("skipped kl/law/inclusion", "FAILED", "At fault in 4 checks", "2 passed")
    ]
    assert order == sorted(order)
    shown = [line.split()[1] for line in text.splitlines() if line.startswith("FAILED")]
    by_severity = [group[0].case for group in same_failures(sample_checks()) if group[0].outcome == "failed"]
    assert shown == by_severity[2::-1]
