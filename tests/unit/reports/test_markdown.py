"""The Markdown says what the page says, and strings cannot become markup."""

import re

import pytest

from drmg_check.runs import Counterexample
from drmg_reports import render_markdown
from tests.unit.reports.checks import HALVED, check, failure, sample_checks, sample_validation
from tests.unit.reports.sample import A3, A5, B1, claim, result, sample_run


def test_it_opens_with_the_verdict_and_lists_every_claim():
    text = render_markdown(sample_run())
    assert text.startswith("# 8 of 8 verdicts are as expected: of the MORNAVI paper,")
    assert sum(line.startswith("| ") for line in text.splitlines()) == 1 + 9
    assert "eq. (10) at η = 1: −0 − 1/4 · 1 + 1 = 3/4" in text
    assert "drmg-check replay A3 --instance" in text


def test_it_warns_of_surprises_and_of_a_run_that_died():
    text = render_markdown(
        sample_run(result(A5, "refuted"), result(B1, "", outcome="error", note="crash"), footer=False)
    )
    assert "> - `A5`: found refuted, expected holds" in text
    assert "> - `B1`: error: crash" in text
    assert "> [!CAUTION]" in text
    assert "> [!" not in render_markdown(sample_run())


@pytest.mark.parametrize(
    "text",
    [
        "a | b",
        "<img src=x>",
        "[x](http://host)",
        "`code` ```",
        "*b* _i_ ~s~",
        "~~gone~~",
        "@someone",
        "#1",
        "$x$",
        "www.host.example",
        "line\nbreak\r\n# title",
        "\\|",
    ],
)
def test_a_string_stays_one_cell_of_text(text: str):
    evidence = Counterexample(instance="{}", lines=(text, "```"), slack_low="-1", slack_high="-1")
    markdown = render_markdown(
        sample_run(result(claim("X1", text, text, "refuted"), "refuted", counterexample=evidence))
    )
    (row,) = [line for line in markdown.splitlines() if line.startswith("| X1")]
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 8
    outside_code = re.sub(r"(`{3,})text\n.*?\n\1", "", markdown, flags=re.DOTALL)
    for markup in ("<img", "[x](", "@someone", "http://host", "www.host", " *b*", " ~s~", "~~gone", "$x$"):
        assert markup not in outside_code
    assert markdown.count("\n# ") == 0


def test_of_a_validation_it_lists_every_check_and_shows_each_failure_once():
    text = render_markdown(sample_validation(footer=False))
    assert text.startswith(
        "# a toolbox passes 2 of 7 checks. At fault in 4 checks: too optimistic (unsafe) in 2"
    )
    assert "> - `tv/law/bounds`: law broken: off by 1/8" in text
    assert sum(line.startswith(("| tv/", "| kl/")) for line in text.splitlines()) == len(sample_checks())
    assert text.count("<details>") == 4
    assert "The same in `tv/oracle/small`." in text
    assert f"Diagnosis: {HALVED}." in text
    assert "claim" not in text
    assert "> [!CAUTION]" in text


def test_of_a_validation_that_died_it_counts_checks():
    events = sample_validation(footer=False)
    text = render_markdown((events[0], *events[1:4]))
    assert "5 of 8 planned checks have no result" in text
    assert "> Failed:" in text
    for word in ("claim", "audit", "verdict"):
        assert word not in text.lower()
    assert render_markdown((events[0], events[5])).startswith("# a toolbox passes its only check. No fault")


@pytest.mark.parametrize("text", ["a | b", "<img src=x>", "`code` ```", "@someone", "line\nbreak\n# title"])
def test_a_string_of_a_target_stays_text(text: str):
    wrong = failure(kind=text, lines=(text, "```"), diagnosis=text)
    bad = check(f"{text}/law/x", "failed", wrong, title=text, reason=text)
    markdown = render_markdown(sample_validation(bad, name=text))
    outside_code = re.sub(r"(`{3,})text\n.*?\n\1|(`+)[^\n]*?\2", "", markdown, flags=re.DOTALL)
    for markup in ("<img", "@someone", "\n# title"):
        assert markup not in outside_code


def test_code_with_backticks_stays_inside_its_fence():
    evidence = Counterexample(instance="{}", lines=("````",), slack_low="-1", slack_high="-1")
    assert "`````text\n````\n" in render_markdown(sample_run(result(A3, "refuted", counterexample=evidence)))
