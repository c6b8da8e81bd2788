"""The JUnit report: one test case per case of the run, for CI systems that read nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from drmg_check.runs import Check, Event, Result
from drmg_check.vocabulary import visible
from drmg_reports.runs import Audited, ReadRun, Validated, read_run
from drmg_reports.words import audit_sentence, validation_headline, validation_sentence


def render_junit(events: Sequence[Event]) -> str:
    """Return the run as JUnit XML.

    An unexpected verdict and a failed check are failures; an error, or a planned case without a result, is an
    error. A refutation that the ledger expects is a success: the claim was judged as it should be. So is a
    check that fails as it is expected to.

    Raises
    ------
    InputError
        The events are not those of one run (see :func:`drmg_reports.runs.read_run`).

    Examples
    --------
    >>> from drmg_check.runs import example_audit
    >>> print(render_junit(example_audit()).splitlines()[1])
    <testsuites name="drmg-check" tests="2" failures="0" errors="0" skipped="0" time="0.250">
    """
    run = read_run(events)
    name, sentence = ("audit", audit_sentence(run)) if isinstance(run, Audited) else _validation(run)
    counts = _counts(run)
    root = Element("testsuites", {"name": "drmg-check", **counts})
    timestamp = visible(run.header.started.removesuffix("Z"))
    suite = SubElement(root, "testsuite", {"name": name, "timestamp": timestamp, **counts})
    _properties(suite, run)
    if isinstance(run, Audited):
        for result in run.results:
            _add_result(suite, result)
    else:
        for check in run.checks:
            _add_check(suite, check, run.target.name)
    for case in run.missing:
        element = _testcase(suite, "missing", case, 0.0)
        what = "claim" if isinstance(run, Audited) else "check"
        why = f"the run died before this {what} had a result"
        SubElement(element, "error", {"type": "missing", "message": why})
    SubElement(suite, "system-out").text = visible(sentence)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _validation(run: Validated) -> tuple[str, str]:
    headline = validation_headline(run.target, run.checks)
    return "validation", f"{headline}. {validation_sentence(run.checks)}"


def _counts(run: ReadRun) -> dict[str, str]:
    outcomes = [event.outcome for event in (run.results if isinstance(run, Audited) else run.checks)]
    return {
        "tests": str(len(outcomes) + len(run.missing)),
        "failures": str(outcomes.count("unexpected") + outcomes.count("failed")),
        "errors": str(outcomes.count("error") + len(run.missing)),
        "skipped": str(outcomes.count("skipped")),
        "time": f"{run.seconds:.3f}",
    }


def _properties(suite: Element, run: ReadRun) -> None:
    header = run.header
    properties = SubElement(suite, "properties")
    facts = {
        "drmg-check": header.tool_version,
        "profile": header.profile,
        "seed": str(header.seed),
        **header.versions,
    }
    for name, value in facts.items():
        SubElement(properties, "property", {"name": visible(name), "value": visible(value)})


def _testcase(suite: Element, classname: str, name: str, seconds: float) -> Element:
    names = {"classname": visible(classname), "name": visible(name)}
    return SubElement(suite, "testcase", {**names, "time": f"{seconds:.3f}"})


def _add_result(suite: Element, result: Result) -> None:
    claim = result.claim
    element = _testcase(suite, claim.ledger, f"{result.case} {claim.title}", result.seconds)
    if result.outcome == "skipped":
        SubElement(element, "skipped", {"message": visible(result.note)})
    elif result.outcome != "as expected":
        unexpected = result.outcome == "unexpected"
        message = f"found {result.found}, expected {claim.expected}" if unexpected else result.note
        problem = SubElement(
            element,
            "failure" if unexpected else "error",
            {"type": f"{result.outcome} verdict" if unexpected else "error", "message": visible(message)},
        )
        lines = result.counterexample.lines if result.counterexample else ()
        problem.text = visible("\n".join([claim.statement, *lines, result.note, result.replay]))


def _add_check(suite: Element, check: Check, target: str) -> None:
    element = _testcase(suite, target, f"{check.case} {check.title}", check.seconds)
    if check.outcome == "skipped":
        SubElement(element, "skipped", {"message": visible(check.reason)})
    elif check.outcome == "failed":
        kind = check.failure.kind if check.failure is not None else "failed"
        problem = SubElement(element, "failure", {"type": visible(kind), "message": visible(check.reason)})
        lines = [] if check.failure is None else [*check.failure.lines, _diagnosis(check.failure.diagnosis)]
        problem.text = visible("\n".join([check.title, *filter(None, lines), check.replay]))


def _diagnosis(text: str) -> str:
    return f"diagnosis: {text}" if text else ""
