"""The pytest plugin: ``pytest --drmg-target module:function --drmg-set tv`` adds the checks as tests.

pytest loads this file in every run of every project in the environment, so it imports nothing of ours
until a target is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup(
        "drmg-check", "judge an implementation, of a worst-case expectation or of whole games"
    )
    group.addoption("--drmg-target", metavar="TARGET", help="as for `drmg-check validate`")
    group.addoption("--drmg-set", metavar="SET", action="append", default=[], help="as in tv; repeatable")
    group.addoption("--drmg-level", metavar="LEVEL", help="what it computes, as in planner")
    group.addoption("--drmg-checks", metavar="GLOB", action="append", default=[], help="as in tv/law/*")
    group.addoption("--drmg-xfails", metavar="FILE", help="TOML file of expected failures")
    group.addoption("--drmg-profile", default="quick", help="quick (the default), ci or deep")


def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add one test for each check of the target, if one is given."""
    if config.getoption("--drmg-target"):
        from drmg_check.referee import collect_checks

        items.extend(collect_checks(session, config))
