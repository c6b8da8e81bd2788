"""The rooms: an import runs along the arrows, and what is private stays in its package."""

from __future__ import annotations

import tomllib

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.house.tree import ROOT, imports, judge, modules, packages, product

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
LAYERS = next(contract["layers"] for contract in SETTINGS["contracts"] if contract["type"] == "layers")
ROOMS = [[room.strip() for room in layer.split("|")] for layer in LAYERS]


def test_import_linter_finds_every_import_along_the_arrows(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    assert lint_imports(cache_dir=None) == EXIT_STATUS_SUCCESS


def test_rooms_on_one_floor_know_nothing_of_each_other():
    """In import-linter's words: ``|`` between them, not ``:``."""
    assert [layer for layer in LAYERS if ":" in layer] == []


def test_every_package_has_its_place_on_the_stairs():
    """A package that no layer holds could import whatever it likes."""
    rooms = {room for floor in ROOMS for room in floor}
    homeless = {
        package: "no layer of the contract holds it"
        for package in packages()
        if not any(package == room or package.startswith(f"{room}.") for room in rooms)
        and not any(room.startswith(f"{package}.") for room in rooms)
    }
    assert homeless == {}
    assert rooms <= modules().keys()


def test_what_is_private_is_imported_by_its_own_package_only():
    """A package is a folder with an ``__init__``; one inside another is no part of it."""
    broken = {}
    for source in product():
        for item in imports(source):
            owner, _, last = item.target.rpartition(".")
            private = last.startswith("_") and not last.startswith("__")
            if not private and item.name.startswith("_") and not item.name.startswith("__"):
                owner, private = item.module, source.module != item.module
            if private and owner != source.package:
                broken[f"{source.place} -> {item.target}"] = f"line {item.line} takes {item.name}"
    judge("private_imports", broken)
