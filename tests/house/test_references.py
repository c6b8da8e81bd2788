"""What docstrings and pages refer to is there."""

from __future__ import annotations

import re
from importlib import import_module

from tests.house.tree import PACKAGES, ROOT, modules, product

ROLE = re.compile(rf":(?:mod|class|func|meth|attr|data):`~?((?:{'|'.join(PACKAGES)})[\w.]*)`")
PAGES = sorted(
    path
    for folder in (ROOT, *(ROOT / name for name in ("docs", "oracles", "properties", "reports", "tests")))
    for path in folder.glob("*.md" if folder == ROOT else "**/*.md")
)
FOLDERS = (
    *PACKAGES,
    "benchmarks",
    "docs",
    "drmg_check",
    "examples",
    "oracles",
    "properties",
    "reports",
    "requirements",
    "tests",
)
FILE = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*)`")


def test_a_cross_reference_leads_somewhere():
    lost = [
        f"{source.place}: {name}"
        for source in product()
        for name in ROLE.findall(source.text)
        if not _exists(name)
    ]
    assert lost == []


def test_a_file_that_a_page_names_is_there():
    """From the root, or from the folder of the page; a part in capitals stands for any name."""
    lost = [
        f"{page.relative_to(ROOT)}: {name}"
        for page in PAGES
        for name in FILE.findall(page.read_text(encoding="utf-8"))
        if not re.search(r"/_?[A-Z]{2,}\b(?!\.md)", name)
        and not (ROOT / name).exists()
        and not (page.parent / name).exists()
    ]
    assert lost == []


def _exists(name: str) -> bool:
    if name in modules():
        return True
    room, _, last = name.rpartition(".")
    if room not in modules():
        room, _, owner = room.rpartition(".")
        return room in modules() and hasattr(getattr(import_module(room), owner, None), last)
    return hasattr(import_module(room), last)
