"""Certificates, learners and experiments: said, drawn, without scripts, harmless, the same again."""

import html as escapes
import io
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import msgspec
import pytest
from rich.console import Console

from drmg_check.documents import (
    Certified,
    CertifiedBounds,
    Criterion,
    Document,
    Panel,
    PolicyOrigin,
    Series,
    Study,
    decode_document,
    encode_document,
)
from drmg_reports import Shown, print_certificate, print_study, render_csv, render_document
from drmg_reports.words import best_deviations, measured, worst_lines
from tests.unit.reports import test_html
from tests.unit.reports.documents import (
    VALUE,
    agent,
    bounds,
    certified,
    departure,
    product_agent,
    row,
    study,
)
from tests.unit.reports.test_html import ADDRESS, HOSTILE, assert_harmless

SCRIPTS = ("application/json",)
DOCUMENTS = pytest.mark.parametrize("document", [certified(), study()], ids=["certificate", "study"])


def words(document: Document) -> str:
    html = render_document(document)
    body = re.sub(r"<script.*?</script>", "", html[html.index("<body>") :], flags=re.DOTALL)
    return " ".join(escapes.unescape(re.sub(r"<(?!/?su[bp])[^>]*>|</?su[bp]>", " ", body)).split())


def printed(document: Document, shown: Shown = Shown()) -> str:  # noqa: B008 - frozen
    out = io.StringIO()
    console = Console(file=out, width=80, markup=False, highlight=False, emoji=False)
    if isinstance(document, Certified):
        print_certificate(console, document)
    else:
        print_study(console, document, shown)
    return out.getvalue()


def test_a_certificate_says_what_is_proved_first():
    said = words(certified())
    assert said.startswith("drmg-check certificate Colours Auto Light Dark a game: CCE gap 1/8")
    assert "by deviating alone, an agent can raise its robust value by 1/8, and none by more." in said
    assert "Policy uniform (correlated)" in said


@pytest.mark.parametrize(
    ("document", "lead"),
    [
        (
            certified(product_agent("a", bounds(0)), product=True),
            "Proved: it is a robust Nash equilibrium, exactly.",
        ),
        (certified(agent("a", gain=bounds("-1/2"))), "it is a robust coarse correlated equilibrium,"),
        (
            certified(
                product_agent("a", bounds(0, "1/5")), product_agent("b", bounds(0, "1/9")), product=True
            ),
            "by deviating alone, no agent can raise its robust value by more than 0.20000.",
        ),
        (
            certified(product_agent("a", bounds("1/10", "1/5")), product=True),
            "by deviating, no agent can raise its robust value by more than 0.20000. One can raise it by 0.1",
        ),
    ],
    ids=["an equilibrium", "a negative gap", "an interval from 0", "an interval above 0"],
)
def test_the_lead_says_no_more_than_the_bounds(document: Certified, lead: str):
    assert lead in words(document)


def test_agents_of_whom_the_same_is_said_share_a_section():
    said = words(certified())
    assert "row, column The best deviation, made before it is told what to play" in said
    assert said.count("play 1 instead of 0, gains") == 1
    apart = words(certified(agent("row"), agent("column", gain=bounds(0), ce_gain=bounds(0))))
    assert "row The best deviation, made" in apart
    assert "column No deviation gains anything." in apart


def plain(lines: Iterable[str]) -> list[str]:
    return [line.replace("\u00a0", " ") for line in lines]


def test_departures_are_told_by_what_they_gain_and_worst_rows_in_the_order_of_play():
    """The first step is step 1."""
    late = departure(bounds("1/8"), h=1, s=1)
    mixed = departure(bounds("1/9"), instead=((0, "1/3"), (1, "2/3")))
    answers = departure(bounds("1/7"), h=1, s=1, told=0)
    document = certified(
        agent(
            "row",
            departures=(mixed, late),
            ce_departures=(answers,),
            worst_rows=(row(a=3), row(a=1), row(h=1, worst=((1, "1"),), loss=0.25)),
            moved_rows=5,
        ),
        agent("column", row_action="own", worst_rows=(row(a=1),)),
    )
    assert {kind: plain(lines) for kind, lines in best_deviations(document, 0).items()} == {
        "The best deviation, made before it is told what to play": [
            "step 2, state bad: play 1 instead of 0, gains 1/8",
            "step 1, state good: play 1 instead of mixing 0 (1/3), 1 (2/3), gains 1/9",
        ],
        "The best answers to what it is told to play": ["step 2, state bad: told 0, play 1, gains 1/7"],
    }
    assert [line.replace("\u00a0", " ") for line in worst_lines(document, 0)] == [
        "step 1, state good, (0, 1), (1, 1): good 1 -> 1/2, bad 0 -> 1/2",
        "step 2, state good, (0, 0): good 1 -> 0, bad 0 -> 1",
        "and 2 more rows; --kernel-out writes all",
    ]
    assert next(worst_lines(document, 1)).startswith("step 1, state good, own action 1:")


def test_what_rounding_leaves_of_a_deviation_is_not_listed_and_the_table_has_it():
    """A planner in floats gets within 1e-12 of an equilibrium; nobody plays for that."""
    left = bounds("1/1000000000000")
    nearly = certified(product_agent("a", left), product=True)
    assert best_deviations(nearly, 0) == {}
    said = words(nearly)
    assert "No deviation certainly gains more than 1e-9 of the size of the payoffs at any place." in said
    assert "Gain" in said
    assert "1.0000e-12" in said
    small = json.loads(nearly.game_text)
    small["reward"] = {"numbers": "rational", "shape": [1, 1, 1, 1], "values": ["1/1000000000000"]}
    tiny = replace(nearly, game_text=json.dumps(small))
    assert len(best_deviations(tiny, 0)["The best deviation"]) == 1


def test_the_name_of_a_file_stays_what_it_is():
    """It once lost its letters to mathematics: π.json."""
    page = render_document(certified(origin=PolicyOrigin("file", "pi.json")))
    assert "from pi.json (correlated)" in page


def test_on_a_telephone_every_number_has_its_name_beside_it():
    page = render_document(certified())
    for label in ("Robust value", "Best response", "CCE gain", "CE gain"):
        assert page.count(f'<td data-label="{label}">') == 2
    assert '<table class="stacked">' in page


def test_regret_is_drawn_with_a_square_root_to_compare_it_with():
    curve = Series("mornavi", [1, 2, 4], [1.0, 1.5, 2.0])
    page = render_document(replace_panels(study(), Panel("regret", "episodes", [curve])))
    assert page.count("like √K") == 2
    assert "How to read this" in page
    flat = replace_panels(study(), Panel("gap", "episodes", [Series("gap", [1, 2], [1.0, 0.5])]))
    assert "like √K" not in render_document(flat)
    nothing = replace_panels(study(), Panel("regret", "episodes", [Series("regret", [1, 2], [0.0, 0.0])]))
    assert "like √K" not in render_document(nothing)


def test_a_table_for_other_programs_contains_the_truth():
    third = CertifiedBounds("1/3", "1/3")
    document = certified(
        agent("=row", gain=third, ce_gain=None, departures=()), agent("-column", value=VALUE)
    )
    head, first, second = render_csv(document).splitlines()
    assert head.split(",")[:3] == ["agent", "value_low", "value_high"]
    cells = dict(zip(head.split(","), first.split(","), strict=True))
    assert Fraction(float(cells["gain_low"])) < Fraction(1, 3) < Fraction(float(cells["gain_high"]))
    assert cells["value_low"] == cells["value_high"] == "1.5"
    assert cells["ce_gain_low"] == cells["ce_gain_high"] == ""
    assert (first[:5], second[:8]) == ("'=row", "'-column")  # no spreadsheet takes them for formulas


def test_the_path_is_drawn_with_what_the_worst_kernel_adds():
    html = render_document(certified())
    (picture,) = re.findall(r'<svg class="plot".*?</svg>', html, flags=re.DOTALL)
    assert "Red is what the worst kernel adds." in picture
    text = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    assert {"good", "bad", "step 1", "step 2", "0 → 1/2", "0.5"} <= set(text)
    still = certified(agent("row", path=()), agent("column", path=()))
    assert '<svg class="plot"' not in render_document(still)


def test_a_gap_that_is_not_known_is_said_to_be():
    fictitious = certified(agent("row", ce_gain=None), agent("column"))
    assert "CE gap   not known with a fictitious set" in printed(fictitious)
    assert "not known" in words(fictitious)


def test_a_study_counts_its_criteria_and_shows_them_with_curves_and_numbers():
    said = words(study())
    assert "drmg-check experiment Colours Auto Light Dark a study: 1 of 2 criteria met Does it learn?" in said
    assert "Setting a game, ρ = 1/4, K = 1,000 Regret grows like K^0.5 (from K/4 to K; 1 is linear)" in said
    assert "smaller than the size" in said
    assert "gap ≤ 1/10 0.05, at most 0.1 wanted ✓ met regret below sqrt(K) 12, at most 10 wanted ✗" in said
    assert "episodes gap share of 1,000 0.05 50.00% a 2,000 – – –" in said
    assert re.search("Curves .* Gap ", said)
    learned = words(study(criteria=(), subject="learning"))
    assert "drmg-check learning Colours Auto Light Dark a study Does it learn?" in learned
    assert "riteri" not in learned
    (first, _) = study().criteria
    assert "1 of 1 criterion met" in words(study(criteria=(first,)))


def test_a_study_on_the_terminal_is_80_columns_wide_and_quiet_leaves_what_is_not_met():
    text = printed(study(question="Does " + "it really and truly " * 6 + "learn?"))
    assert max(map(len, text.splitlines())) <= 80
    assert "episodes   gap   share  of\n   1,000  0.05  50.00%  a\n   2,000     -       -  -\n" in text
    assert "met      gap <= 1/10: 0.05, at most 0.1 wanted\nNOT MET  regret below" in text
    assert printed(study(), Shown(quiet=True)) == "NOT MET  regret below sqrt(K): 12, at most 10 wanted\n\n"


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        ({"value": None, "least": 1.0}, "nothing measured, at least 1 wanted"),
        ({"value": 2.0, "most": 1.0, "unit": " %"}, "2 %, at most 1 % wanted"),
        ({"value": 0.5, "least": 0.25, "most": 0.75}, "0.5, between 0.25 and 0.75 wanted"),
        ({"value": 1 / 12, "least": 1 / 12 - 1e-9, "most": 1 / 12 + 1e-9}, "0.083333, 0.083333 within 1e-09"),
        ({"value": 7.0}, "7"),
    ],
)
def test_what_was_measured_is_said_with_what_was_wanted(limits: dict[str, float], text: str):
    assert measured(Criterion(statement="x", **limits)).startswith(text)


@DOCUMENTS
def test_a_page_embeds_what_gives_the_same_bytes(document: Document):
    html = render_document(document)
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, flags=re.DOTALL)
    assert json.loads(data) == json.loads(encode_document(document))
    assert render_document(decode_document(data.encode())) == html


@DOCUMENTS
def test_a_page_asks_for_nothing(document: Document):
    html = render_document(document)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'" in html
    assert "script-src" not in html
    assert ADDRESS.findall(html) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_strings_stay_text(text: str):
    for document in (certified(text=text), study(text=text)):
        assert_harmless(render_document(document), SCRIPTS)
        assert "\x1b" not in printed(document)


def test_names_in_any_script_are_drawn_without_a_warning():
    """The font of the plots has no Chinese; the reader's browser may."""
    for document in (certified(text="状态"), study(text="状态")):
        assert re.search(r"<text[^>]*>状态</text>", render_document(document))


@DOCUMENTS
def test_headings_name_their_sections(document: Document):
    parsed = test_html.Page(render_document(document))
    ids = {attributes["id"] for _, attributes in parsed.elements if attributes.get("id")}
    named = {
        attributes["aria-labelledby"] for _, attributes in parsed.elements if "aria-labelledby" in attributes
    }
    assert named <= ids


def replace_panels(drawn: Study, *panels: Panel) -> Study:
    return msgspec.structs.replace(drawn, panels=panels)
