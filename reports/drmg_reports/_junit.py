"""The JUnit report: one test case per case of the run, for CI systems that read nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from drmg_check.runs import Event, Result
from drmg_check.vocabulary import visible
from drmg_reports._run import Run, read_run, sentence


def render_junit(events: Sequence[Event]) -> str:
    """Return the run as JUnit XML.

    An unexpected verdict is a failure; an error, or a planned case without a result, is an error. A
    refutation that the ledger expects is a success: the claim was judged as it should be.

    Raises
    ------
    InputError
        The events are not those of one run (see :func:`drmg_reports._run.read_run`).
    """
    run = read_run(events)
    outcomes = [result.outcome for result in run.results]
    counts = {
        "tests": str(len(outcomes) + len(run.missing)),
        "failures": str(outcomes.count("unexpected")),
        "errors": str(outcomes.count("error") + len(run.missing)),
        "skipped": str(outcomes.count("skipped")),
        "time": f"{run.seconds:.3f}",
    }
    root = Element("testsuites", {"name": "drmg-check", **counts})
    timestamp = visible(run.header.started.removesuffix("Z"))
    suite = SubElement(root, "testsuite", {"name": "audit", "timestamp": timestamp, **counts})
    _properties(suite, run)
    for result in run.results:
        _case(suite, result)
    for case in run.missing:
        element = SubElement(
            suite, "testcase", {"classname": "missing", "name": visible(case), "time": "0.000"}
        )
        SubElement(
            element, "error", {"type": "missing", "message": "the run died before this case had a result"}
        )
    SubElement(suite, "system-out").text = visible(sentence(run))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _properties(suite: Element, run: Run) -> None:
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


def _case(suite: Element, result: Result) -> None:
    claim = result.claim
    element = SubElement(
        suite,
        "testcase",
        {
            "classname": visible(claim.ledger),
            "name": visible(f"{result.case} {claim.title}"),
            "time": f"{result.seconds:.3f}",
        },
    )
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
