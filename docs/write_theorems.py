"""Write ``docs/theorems.md``: refuted and corrected statements, each with its theorem or the reason.

Run ``python docs/write_theorems.py``; the same record gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from drmg_properties.audit import list_claims
from drmg_properties.theorems import coq_name, folder, read_record

PAGE = Path(__file__).parent / "theorems.md"
HEAD = """\
# Theorems

<!-- Written by docs/write_theorems.py. -->

{refuted} refutations and {proved} corrections are theorems, which Coq {coq} has checked.
`drmg-check prove A3` writes one as a file, `drmg-check prove A3 --check` lets Coq check it; `make proofs`
checks all. The statement of a claim stands in `properties/proofs/claims`, its theorem in
`properties/proofs/theorems`; the README there says what is trusted.

| claim | place | theorem, and what it rests on |
|---|---|---|
"""


def page() -> str:
    """Return what the page says today."""
    theorems = read_record()
    proved = sum(theorem.proves for theorem in theorems.values())
    coq = next(iter(theorems.values())).coq
    return HEAD.format(refuted=len(theorems) - proved, proved=proved, coq=coq) + "".join(_rows())


def _rows() -> Iterator[str]:
    theorems = read_record()
    reasons = json.loads((folder() / "without.json").read_text(encoding="utf-8"))
    for entry in list_claims():
        name, place = coq_name(entry.claim.id), entry.claim.place.replace("|", "\\|")
        if name in theorems:
            yield f"| {entry.claim.id} | {place} | `{theorems[name].name}`: {theorems[name].foundations} |\n"
        elif name in reasons:
            yield f"| {entry.claim.id} | {place} | none: {reasons[name]} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
