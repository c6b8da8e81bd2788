"""Markdown: a run, and two runs compared."""

from drmg_reports.formats.markdown._comparisons import render_comparison as render_comparison
from drmg_reports.formats.markdown._runs import render_markdown as render_markdown
