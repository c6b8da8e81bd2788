"""The documentation builds without a warning, and its pages load nothing from a network."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOADED = re.compile(
    r"""<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=["']?((?:https?:)?//[^"'\s>]+)"""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the built site."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_is_in_the_navigation(site: Path):
    first = (site / "index.html").read_text(encoding="utf-8")
    pages = [
        str(page.relative_to(ROOT / "docs").with_suffix(".html")) for page in (ROOT / "docs").rglob("*.md")
    ]
    assert [page for page in pages if f'href="{page}"' not in first and page != "index.html"] == []


def test_no_page_loads_anything_from_a_network(site: Path):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    assert {
        (page.name, address) for page in pages for address in LOADED.findall(page.read_text(encoding="utf-8"))
    } == set()
