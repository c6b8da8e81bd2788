"""One handler per report format; each is a pure function of a run's events."""

from drmg_reports._checks import render_badge as render_badge
from drmg_reports._curves import render_curves as render_curves
from drmg_reports._html import render_html as render_html
from drmg_reports._html import write_html as write_html
from drmg_reports._junit import render_junit as render_junit
from drmg_reports._markdown import render_markdown as render_markdown
from drmg_reports._ndjson import ndjson_handler as ndjson_handler
from drmg_reports._show import visible as visible
from drmg_reports._terminal import print_result as print_result
from drmg_reports._terminal import print_summary as print_summary
from drmg_reports._terminal import progress_handler as progress_handler
