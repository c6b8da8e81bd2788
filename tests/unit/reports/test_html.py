"""The page is complete, offline, deterministic, and harmless whatever the strings in it are."""

import base64
import hashlib
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drmg_check.runs import Counterexample, Event, SlackCurve, decode_event
from drmg_reports import render_html, write_html
from tests.unit.reports.sample import A3, A3_INSTANCE, A5, B1, claim, result, sample_results, sample_run, wave

VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})
ADDRESS = re.compile(
    r"""(?i)\b(?:https?|ftp|wss?|file):|(?:src|href|action|data)\s*=\s*["']?\s*//|@import|(?-i:url)\((?!#)"""
)
HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title></textarea><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% include 'report.css' %}",
    "--><!-- ]]> &amp; &lt;",
    "\u202egnp.exe\u202c\u2066",
    "nul \x00 escape \x1b[31m bell \x07",
    "x" * 5000,
    r"\text{<img src=x onerror=alert(1)>} \href{javascript:alert(1)}{x}",
    "' onfocus='alert(1)' autofocus='",
)


@dataclass
class Page(HTMLParser):
    """What a browser would make of the page: its elements, and whether they nest."""

    html: str
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)
        self.close()
        assert not self.open, f"unclosed: {self.open}"

    def __hash__(self) -> int:
        return id(self)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs), f"<{tag}> repeats an attribute: {attrs}"
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def hostile_run(text: str) -> tuple[Event, ...]:
    statement = claim(
        f"A{text}",
        text,
        text,
        "holds",
        ledger=text,
        statement=text,
        latex=text,
        formalisation=text,
        assumptions=(text,),
        reading=text,
        severity=text,
        corrected=text,
    )
    evidence = Counterexample(instance=text, lines=(text,), slack_low=text, slack_high=text)
    along = (SlackCurve(parameter=text, values=(1.0, 2.0), smallest=(0.0, 1.0)),)
    parts = {"note": text, "replay": text, "counterexample": evidence, "slacks": (), "tightness": along}
    return sample_run(
        result(statement, "refuted", smallest_slack_low=text, smallest_slack_high=text + "0", **parts),
        result(statement, "", outcome="error", subject=text or "game", **parts),
        footer=False,
        more_cases=(text + "missing",),
    )


def assert_harmless(html: str, scripts: Sequence[str | None] = ("application/x-ndjson", None)) -> None:
    page = Page(html)
    assert [script.get("type") for script in page.all("script")] == [*scripts]
    assert not page.all("img")
    assert [link["href"] for link in page.all("a") if not _stays_here(link)] == []
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", html)


def _stays_here(link: dict[str, str | None]) -> bool:
    """Whether a link leads to a place of the page, or saves a file of numbers that the page holds."""
    href = link["href"] or ""
    return href.startswith("#") or (
        re.fullmatch(r"data:application/json;base64,[A-Za-z0-9+/=]+", href) is not None
        and re.fullmatch(r"[\w.-]+\.game\.json", link.get("download") or "") is not None
    )


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:12] for text in HOSTILE])
def test_hostile_strings_stay_text(text: str):
    assert_harmless(render_html(hostile_run(text)))


@given(st.text(max_size=40))
@settings(max_examples=60)
def test_any_string_stays_text(text: str):
    assert_harmless(render_html(hostile_run(text)))


def test_the_same_events_give_the_same_bytes(tmp_path: Path):
    write_html(sample_run(), tmp_path / "a.html")
    write_html(sample_run(), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_another_process_gives_the_same_bytes():
    """No hash order, no clock, no counter that depends on what was rendered before."""
    program = (
        "import hashlib; from drmg_reports import render_html\n"
        "from tests.unit.reports.sample import sample_run\n"
        "print(hashlib.sha256(render_html(sample_run()).encode()).hexdigest())"
    )
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path}\n{program}"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.strip() == hashlib.sha256(render_html(sample_run()).encode()).hexdigest()


def test_no_network_address_anywhere():
    assert ADDRESS.search('<img src="//host/x">')
    assert ADDRESS.search("xmlns='http://www.w3.org/2000/svg'")
    address = ADDRESS.search(render_html(sample_run()))
    assert address is None, address


def test_the_policy_admits_the_script_of_the_page_and_no_other():
    html = render_html(sample_run())
    (policy,) = [
        m["content"] for m in Page(html).all("meta") if m.get("http-equiv") == "Content-Security-Policy"
    ]
    script = html[html.rindex("<script>") + len("<script>") : html.rindex("</script>")]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


@pytest.mark.parametrize("events", [sample_run(), hostile_run(HOSTILE[0])], ids=["sample", "hostile"])
def test_the_embedded_data_are_the_run(events: Sequence[Event]):
    html = render_html(events)
    data = re.search(r'<script type="application/x-ndjson" id="run">(.*?)</script>', html, re.DOTALL)
    assert tuple(decode_event(line.encode()) for line in data[1].splitlines()) == events
    assert not set("<>&") & set(data[1])


def test_a_link_inside_the_page_leads_somewhere():
    page = Page(render_html(sample_run()))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {link["href"][1:] for tag in ("a", "use") for link in page.all(tag)} <= set(ids)


def test_claims_whose_ids_differ_in_punctuation_have_different_sections():
    texts = [claim(name, "t", "p", "holds") for name in ("A 3", "A_3", "A/3", "A_20_3")]
    page = Page(render_html(sample_run(*(result(text, "holds") for text in texts))))
    assert len({d["id"] for d in page.all("details") if d.get("class") == "claim"}) == 4


def test_the_evidence_of_a_refutation_is_on_the_page():
    html = render_html(sample_run())
    text = "".join(Page(html).text)
    for piece in ("slack = −|1/2 − 3/4| = −1/4", "drmg-check replay A3 --instance", "Corollary 2, eq. (10)"):
        assert piece in text
    assert '"radius": "1/2"' in text
    assert '<a class="claim-link" href="#claim-A3-corrected">' in html
    assert html.count("<math ") == 5
    assert "Relative slack of 57 instances, from −0.25 to" in text


def test_a_claim_without_section_is_named_without_a_link():
    assert "B2-corrected <span" in render_html(sample_run())


def test_a_run_that_died_says_so_and_what_it_lacks():
    html = render_html(sample_run(footer=False, more_cases=tuple(f"Z{k}" for k in range(14))))
    assert "This run did not finish" in html
    assert "14 of 33 planned cases have no result" in html
    assert "<code>Z11</code> and 2 more" in html
    assert "did not finish" not in render_html(sample_run())


def test_what_is_unexpected_is_said_first():
    html = render_html(
        sample_run(result(B1, "holds"), result(A5, "refuted"), result(A3, "", outcome="error", note="crash"))
    )
    assert html.index("Not as expected") < html.index('<table class="claims"')
    assert "found refuted, expected holds" in html
    assert "Not as expected" not in render_html(sample_run())


def test_a_run_without_results_still_is_a_page():
    html = render_html(sample_run(footer=False)[:1])
    Page(html)
    assert "No claim has a verdict" in html


def test_a_huge_instance_is_cut_and_says_so():
    huge = '{"nominal": [' + ",".join(['"1/7"'] * 20_000) + "]}"
    html = render_html(
        sample_run(
            result(
                A3,
                "refuted",
                counterexample=Counterexample(
                    instance=huge, lines=("too large to print",), slack_low="-1", slack_high="-1"
                ),
            )
        )
    )
    assert "more characters in the embedded data" in html


@pytest.mark.slow
def test_a_full_ledger_stays_below_two_megabytes():
    """150 claims, a quarter refuted with a picture, 20 of them on ten games, up to 500 slacks each."""
    evidence = sample_results()[0].counterexample
    words = {
        "latex": A3.latex,
        "statement": A3.statement * 2,
        "assumptions": A3.assumptions,
        "formalisation": A3.formalisation * 2,
    }
    replay = f"drmg-check replay A3 --instance '{A3_INSTANCE}'"
    results = []
    for k in range(150):
        expected = "holds" if k % 4 else "refuted"
        text = claim(f"L{k}", A3.title, A3.place, expected, **words)
        if expected == "refuted":
            evident = {"counterexample": evidence, "replay": replay}
            results.append(result(text, "refuted", slacks=wave(-1, k, 50), **evident))
        else:
            results.append(result(text, "holds", slacks=wave(0, k, 500) if k % 10 == 1 else (0.0,) * 500))
        if k < 20:
            results += [result(text, "holds", subject=f"zoo:game-{g}", slacks=()) for g in range(10)]
    assert len(render_html(sample_run(*results)).encode()) < 2_000_000


def test_importing_the_reports_loads_no_plotting_library():
    heavy = ("matplotlib", "numba", "cvxpy", "scipy")
    program = f"import drmg_reports, sys; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]"
