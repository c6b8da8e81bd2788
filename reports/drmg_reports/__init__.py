"""One handler per report format; each is a pure function of a run's events."""

from drmg_reports._html import render_html as render_html
from drmg_reports._html import write_html as write_html
from drmg_reports._junit import render_junit as render_junit
from drmg_reports._markdown import render_markdown as render_markdown
