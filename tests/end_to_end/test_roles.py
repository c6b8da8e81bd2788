"""Four people begin with the documentation alone, in an empty folder: each line that they type stands there.

Newcomer, implementer, author of a theory, reviewer. What they save are the programs that the pages ask to
save; what they type is run by a shell, and the next line uses what the last one left.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Person:
    """Somebody at a shell, who has nothing but one page."""

    folder: Path
    page: str

    def saves(self, name: str) -> None:
        """Save the program that the page shows after "Save as `name`"."""
        text = (ROOT / self.page).read_text("utf-8")
        match = re.search(rf"[Ss]ave (?:this )?as `{name}`.*?```python\n(.*?)```", text, re.DOTALL)
        assert match, f"{self.page} does not ask to save {name}"
        (self.folder / name).write_text(match[1], "utf-8")

    def types(self, line: str, *, option: str = "", value: str = "", code: int = 0, says: str = "") -> str:
        """Type a line of the page, with an option of the page; return what the terminal shows."""
        text = (ROOT / self.page).read_text("utf-8")
        assert re.search(rf"(?<![\w-]){re.escape(line)}(?![\w-])", text), f"{self.page} has no {line}"
        assert f"`{option}" in text, f"{self.page} has no {option}"
        return self.runs(f"{line} {option} {value}", code, says)

    def runs(self, line: str, code: int, says: str) -> str:
        """Run a line in a shell."""
        environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == code, f"{line}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        assert says in done.stdout, f"{line} says nothing of {says!r}:\n{done.stdout}"
        return done.stdout


def test_a_newcomer_sees_a_refutation_and_a_certificate(tmp_path: Path):
    newcomer = Person(tmp_path, "docs/index.md")
    newcomer.types("drmg-check doctor")
    newcomer.types("drmg-check claims run A3 --profile quick", says="refuted")
    newcomer.types("drmg-check certify zoo:initial-shock --policy uniform", says="NE gap  11/128")


def test_an_implementer_judges_right_code_breaks_it_and_sees_the_failure_again(tmp_path: Path):
    implementer = Person(tmp_path, "docs/validate.md")
    implementer.saves("mine.py")
    implementer.types(
        "drmg-check validate mine.py:worst_case --set tv --profile quick --quiet", says=" passed"
    )
    implementer.types(r"sed 's/, rho, int/, rho \/ 2, int/; s/+= rho -/+= rho \/ 2 -/' mine.py > half.py")
    shown = implementer.types(
        "drmg-check validate half.py:worst_case --set tv --checks 'tv/oracle/small' --quiet",
        code=1,
        says="too optimistic by 0.5 of the span of V",
    )
    assert "got 0.5, certified 0" in shown
    implementer.types("drmg-check replay tv/oracle/small", code=1, says="got 0.5")
    implementer.types("drmg-check replay tv/oracle/small --target mine.py:worst_case | tail -1")
    implementer.types("drmg-check replay tv/oracle/small --value 0 | tail -1")


def test_an_author_writes_a_ledger_and_finds_what_is_false(tmp_path: Path):
    author = Person(tmp_path, "docs/claims.md")
    author.types("drmg-check claims show A3", says="coefficient rho/2")
    said = author.types("drmg-check claims new my_paper")
    line = re.search(r"^  (drmg-check audit .*)$", said, re.MULTILINE)
    assert line is not None
    author.runs(line[1], code=0, says="refuted")
    record = (tmp_path / "drmg-audit" / "audit.ndjson").read_text("utf-8")
    assert '"found":"refuted"' in record
    assert '"found":"holds"' in record


def test_a_reviewer_proves_a_certificate_again_and_refuses_one_that_was_changed(tmp_path: Path):
    reviewer = Person(tmp_path, "docs/certify.md")
    line = "drmg-check certify zoo:initial-shock --policy uniform"
    reviewer.types(line, option="--json", value="c.json", says="NE gap  11/128")
    reviewer.types("drmg-check report c.json", says="11/128")
    reviewer.types("drmg-check verify-certificate c.json", says="1 proved, 0 refused")
    text = (tmp_path / "c.json").read_text("utf-8")
    assert text.count('"2449/640"') >= 2
    (tmp_path / "c.json").write_text(text.replace('"2449/640"', '"2450/640"'), "utf-8")
    reviewer.types("drmg-check verify-certificate c.json", code=2)


@pytest.mark.parametrize("line", ["drmg-check claims run A3 --quiet"])
def test_a_line_that_stands_nowhere_is_noticed(tmp_path: Path, line: str):
    """The quick start once had this one, which never worked."""
    with pytest.raises(AssertionError, match="has no"):
        Person(tmp_path, "docs/index.md").types(line)
