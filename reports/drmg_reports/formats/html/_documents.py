"""The page of what is no run: a certificate, a learner, an experiment."""

from __future__ import annotations

from drmg_check.documents import Certified, Page
from drmg_reports.formats.html._certificates import render_certified
from drmg_reports.formats.html._studies import render_study


def render_page(page: Page) -> str:
    """Return the HTML page of a certificate, a learner or an experiment, a pure function of it."""
    return render_certified(page) if isinstance(page, Certified) else render_study(page)
