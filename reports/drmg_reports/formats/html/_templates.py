"""The templates: how they are filled, and what a page embeds."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from drmg_check.vocabulary import UNSEEN, brief, visible
from drmg_reports import words
from drmg_reports.formats.html._markup import breakable, indented, sort_key, status_class, typeset
from drmg_reports.formats.html._math import mathml


class _Unindented(Extension):
    """Templates without their own indentation, a twentieth of a large page; values keep theirs."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return re.sub(r"^[ \t]+", "", source, flags=re.MULTILINE)


@cache
def environment() -> Environment:
    """Return what fills templates: every string is escaped, and a misspelt name is an error."""
    environment = Environment(
        loader=PackageLoader("drmg_reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[_Unindented],
    )
    filters: dict[str, Callable[..., object]] = {
        "as_sentence": words.as_sentence,
        "breakable": breakable,
        "brief": brief,
        "brief_time": words.brief_time,
        "duration": words.duration,
        "three_digits": words.three_digits,
        "instance": indented,
        "mathml": mathml,
        "moment": words.moment,
        "slack": words.slack_interval,
        "sort_key": sort_key,
        "status_class": status_class,
        "symbols": words.symbols,
        "typeset": typeset,
    }
    environment.filters.update(filters)
    return environment


def file_text(name: str) -> str:
    """Return a file that stands beside the templates, as it is."""
    loader = environment().loader
    assert loader is not None
    return loader.get_source(environment(), name)[0]


def style_sheet() -> Markup:
    """Return the style of every page."""
    return Markup(file_text("report.css"))  # noqa: S704 - our own file


def inert(json: str) -> Markup:
    """Return the same JSON with nothing in it that ends a script element or hides from a reader."""
    seen = UNSEEN.sub(_escape, json)
    return Markup(re.sub("[<>&]", _escape, seen))  # noqa: S704 - no markup left


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[k : k + 2].hex()}" for k in range(0, len(units), 2))


def _finalize(value: object) -> object:
    """Make every string of a stranger visible; what the report itself marked as safe stays."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
