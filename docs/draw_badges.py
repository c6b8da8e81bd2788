"""Draw the badges of the README from what is committed, and write there what the ledger found.

``python docs/draw_badges.py``
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from drmg_check.runs import Result, read_events

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs/images"
WRONG, HOLDING = ("refuted", "unproved", "vacuous"), ("holds", "holds on a list", "proved")
GOOD, PLAIN = "#0d6a9e", "#5d6670"
CHARACTER, MARGIN = 6.2, 7  # pixels; a typical letter of a sans serif of 11 pixels
BADGE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img">
<title>{label}: {message}</title>
<rect width="{width}" height="20" rx="3" fill="#24292f"/>
<path d="M{left} 0h{right}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{right}z" fill="{colour}"/>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="{label_at}" y="14" textLength="{label_length}">{label}</text>
<text x="{message_at}" y="14" textLength="{message_length}">{message}</text>
</g>
</svg>
"""


def badge(label: str, message: str, colour: str) -> str:
    """Return a badge as SVG; the texts are ours and need no escape."""
    label_length, message_length = (round(CHARACTER * len(text)) for text in (label, message))
    left = label_length + 2 * MARGIN
    width = left + message_length + 2 * MARGIN
    return BADGE.format(
        label=label,
        message=message,
        colour=colour,
        width=width,
        left=left,
        right=width - left - 3,
        label_at=left / 2,
        message_at=(left + width) / 2,
        label_length=label_length,
        message_length=message_length,
    )


MEANING = {  # of a severity, for the table of what was found
    "result false": "a result is false as stated",
    "result step false": "a step is false that a result rests on",
    "proof": "a step of a proof is false; what it proves survives",
    "assumption missing": "a statement needs an assumption that it does not make",
    "constant": "a constant is too small, or a bound says nothing at sizes of use",
    "typo": "a formula is misprinted; what is meant is plain",
}
BEGIN = "<!-- findings: written by docs/draw_badges.py from reports/sample -->\n"
END = "<!-- end of findings -->\n"


def findings() -> str:
    """Return what the sample found of the paper's own statements, by what is wrong with them."""
    judged = [
        event
        for event in read_events(ROOT / "reports/sample/audit.ndjson")
        if isinstance(event, Result)
        and event.subject == "generated"
        and event.claim.ledger == "mornavi"
        and event.outcome != "skipped"
    ]
    printed = [result for result in judged if result.claim.reading != "corrected"]
    corrections = [result for result in judged if result.claim.reading == "corrected"]
    wrong = Counter(result.claim.severity for result in printed if result.found in WRONG)
    assert wrong.keys() <= MEANING.keys()
    survive = sum(result.found in HOLDING for result in printed)
    open_ = len(printed) - survive - wrong.total()
    hold = sum(result.found in HOLDING for result in corrections)
    table = "".join(f"| {words} | {wrong[severity]} |\n" for severity, words in MEANING.items())
    return f"""\
The ledger of the MORNAVI paper has {len(printed)} of its equations, lemmas and proof steps, as printed
or meant. {survive} survive every search, {open_} cannot be decided by instances, {wrong.total()} are wrong:

| what is wrong | |
|---|---|
{table}
Of {len(corrections)} corrections that the ledger states, {hold} hold. Every refutation is an instance in
fractions; [five](docs/refutations.md) can be followed with a pencil.
"""


def with_findings(text: str) -> str:
    """Return the README with the present findings between their marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{findings()}\n{END}{after}"


def badges() -> Iterator[tuple[Path, str]]:
    """Yield each badge's file and content, counted in the sample, the vectors and the settings."""
    results = [
        event for event in read_events(ROOT / "reports/sample/audit.ndjson") if isinstance(event, Result)
    ]
    claims = [result for result in results if result.subject == "generated" and result.outcome != "skipped"]
    right = sum(result.found == result.claim.expected for result in claims)
    vectors = sum(
        len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "oracles/vectors").glob("*.jsonl")
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    yield FOLDER / "badge-verdicts.svg", badge("verdicts", f"{right} of {len(claims)} as expected", GOOD)
    yield FOLDER / "badge-vectors.svg", badge("certified vectors", f"{vectors:,}", GOOD)
    yield FOLDER / "badge-python.svg", badge("python", project["requires-python"].lstrip(">=") + "+", PLAIN)
    yield FOLDER / "badge-license.svg", badge("license", project["license"], PLAIN)


if __name__ == "__main__":
    for path, content in badges():
        path.write_text(content, encoding="utf-8", newline="\n")
    readme = ROOT / "README.md"
    text = with_findings(readme.read_text(encoding="utf-8"))
    readme.write_text(text, encoding="utf-8", newline="\n")
