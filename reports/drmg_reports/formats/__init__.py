"""One handler per format: terminal, HTML, Markdown, JUnit, a badge, data."""

from drmg_reports.formats._badge import render_badge as render_badge
from drmg_reports.formats._csv import render_csv as render_csv
from drmg_reports.formats._data import certificate_comparison_to_data as certificate_comparison_to_data
from drmg_reports.formats._data import comparison_to_data as comparison_to_data
from drmg_reports.formats._data import trend_to_data as trend_to_data
from drmg_reports.formats._junit import render_junit as render_junit
from drmg_reports.formats.html import render_document as render_document
from drmg_reports.formats.html import render_html as render_html
from drmg_reports.formats.html import write_html as write_html
from drmg_reports.formats.markdown import render_comparison as render_comparison
from drmg_reports.formats.markdown import render_markdown as render_markdown
from drmg_reports.formats.terminal import Shown as Shown
from drmg_reports.formats.terminal import print_certificate as print_certificate
from drmg_reports.formats.terminal import (
    print_certificate_comparison as print_certificate_comparison,
)
from drmg_reports.formats.terminal import print_comparison as print_comparison
from drmg_reports.formats.terminal import print_ex_post as print_ex_post
from drmg_reports.formats.terminal import print_facts as print_facts
from drmg_reports.formats.terminal import print_proved_agents as print_proved_agents
from drmg_reports.formats.terminal import print_result as print_result
from drmg_reports.formats.terminal import print_study as print_study
from drmg_reports.formats.terminal import print_summary as print_summary
from drmg_reports.formats.terminal import print_table as print_table
from drmg_reports.formats.terminal import print_trend as print_trend
from drmg_reports.formats.terminal import progress_handler as progress_handler
