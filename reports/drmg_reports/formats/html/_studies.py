"""The page of a learner or an experiment: criteria met or not, curves with bands, numbers."""

from __future__ import annotations

from drmg_check.documents import Study, encode_document
from drmg_reports.formats.html._plain import plain_page
from drmg_reports.pictures import panel_picture, shows_guide
from drmg_reports.words import finding_facts, measured, setting_facts, study_headline, symbols, value_text


def render_study(study: Study) -> str:
    """Return a study as a single HTML page: offline, without scripts, every string escaped.

    The page is a pure function of the study and embeds it as JSON.
    """
    return plain_page(
        "study.html",
        encode_document(study).decode(),
        kind=study.subject,
        tool_version=study.tool_version,
        headline=study_headline(study),
        lead=study.question[:1].upper() + study.question[1:],
        facts=tuple(
            (name, symbols(text))
            for name, text in (setting_facts(study.setting) | finding_facts(study.findings)).items()
        ),
        study=study,
        measured=measured,
        value_text=value_text,
        guided=any(map(shows_guide, study.panels)),
        pictures=[(panel.title, panel_picture(panel, f"panel {k}")) for k, panel in enumerate(study.panels)],
    )
