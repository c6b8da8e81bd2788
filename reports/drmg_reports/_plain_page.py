"""Pages without scripts: of a certificate, of a learner, of an experiment."""

from __future__ import annotations

import re

from markupsafe import Markup

from drmg_check.vocabulary import UNSEEN
from drmg_reports._html import _environment, _source


def plain_page(template: str, data: str, **parts: object) -> str:
    """Return a page from a template that extends ``plain.html``; it embeds ``data``, which is JSON."""
    style = Markup(_source("report.css"))  # noqa: S704 - our own file
    page = _environment().get_template(template)
    return page.render(style=style, data=_inert(data), **parts)


def _inert(json: str) -> Markup:
    """Return the same JSON with nothing in it that ends a script element or hides from a reader."""
    seen = UNSEEN.sub(_escape, json)
    return Markup(re.sub("[<>&]", _escape, seen))  # noqa: S704 - no markup left


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[k : k + 2].hex()}" for k in range(0, len(units), 2))
