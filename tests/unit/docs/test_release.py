"""The version is one, wherever it is written."""

import re
import tomllib
from pathlib import Path

from drmg_check.version import __version__

ROOT = Path(__file__).parents[3]


def test_package_settings_and_citation_name_the_same_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    cited = re.search(r"^version: (\S+)$", citation, re.MULTILINE)
    assert cited is not None
    assert project["version"] == cited[1] == __version__
