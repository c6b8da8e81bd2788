"""The page of what is no run: a certificate, a learner, an experiment."""

from __future__ import annotations

from drmg_check.documents import Certified, Document
from drmg_reports.formats.html._certificates import render_certificate
from drmg_reports.formats.html._studies import render_study


def render_document(document: Document) -> str:
    """Return the HTML page of a certificate, a learner or an experiment, a pure function of its document.

    >>> from drmg_check.documents import example_certificate
    >>> render_document(example_certificate())[:15]
    '<!doctype html>'
    """
    return render_certificate(document) if isinstance(document, Certified) else render_study(document)
