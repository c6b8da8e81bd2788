"""Pages without scripts: of a certificate, of a learner, of an experiment."""

from __future__ import annotations

from drmg_reports.formats.html._templates import environment, inert, style_sheet


def plain_page(template: str, data: str, **parts: object) -> str:
    """Return a page from a template that extends ``plain.html``; it embeds ``data``, which is JSON."""
    return environment().get_template(template).render(style=style_sheet(), data=inert(data), **parts)
