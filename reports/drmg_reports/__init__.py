"""One handler per report format; each is a pure function of a run's events."""

from drmg_reports._checks import render_badge as render_badge
from drmg_reports._compare import Change as Change
from drmg_reports._compare import Comparison as Comparison
from drmg_reports._compare import compare as compare
from drmg_reports._compare_text import comparison_to_data as comparison_to_data
from drmg_reports._compare_text import print_comparison as print_comparison
from drmg_reports._compare_text import render_comparison as render_comparison
from drmg_reports._curves import render_curves as render_curves
from drmg_reports._html import render_html as render_html
from drmg_reports._html import write_html as write_html
from drmg_reports._junit import render_junit as render_junit
from drmg_reports._markdown import render_markdown as render_markdown
from drmg_reports._page import render_page as render_page
from drmg_reports._terminal import print_result as print_result
from drmg_reports._terminal import print_summary as print_summary
from drmg_reports._terminal import progress_handler as progress_handler
from drmg_reports._trend import Moment as Moment
from drmg_reports._trend import print_trend as print_trend
from drmg_reports._trend import render_trend as render_trend
from drmg_reports._trend import trend as trend
from drmg_reports._trend import trend_to_data as trend_to_data
