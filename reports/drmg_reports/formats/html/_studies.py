"""The page of a learner or an experiment: criteria met or not, curves with bands, numbers."""

from __future__ import annotations

from drmg_check.documents import Study, encode_page
from drmg_check.vocabulary import brief
from drmg_reports.formats.html._plain import plain_page
from drmg_reports.pictures import panel_picture


def render_study(study: Study) -> str:
    """Return a study as a single HTML page: offline, without scripts, every string escaped.

    The page is a pure function of the study and embeds it as JSON.
    """
    met = sum(one.met for one in study.findings)
    many = len(study.findings)
    headline = brief(study.title, 160)
    if study.findings:
        headline = f"{headline}: {met} of {many} criteri{'on' if many == 1 else 'a'} met"
    return plain_page(
        "study.html",
        encode_page(study).decode(),
        kind="experiment" if study.findings else "learning",
        tool_version=study.tool_version,
        headline=headline,
        lead=study.question[:1].upper() + study.question[1:],
        facts=study.facts,
        study=study,
        pictures=[(panel.title, panel_picture(panel, f"panel {k}")) for k, panel in enumerate(study.panels)],
    )
