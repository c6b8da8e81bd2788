"""Reports: pure functions of recorded runs and of documents, one handler per format."""

from drmg_reports.documents import compare_certificates as compare_certificates
from drmg_reports.formats import Shown as Shown
from drmg_reports.formats import certificate_comparison_to_data as certificate_comparison_to_data
from drmg_reports.formats import comparison_to_data as comparison_to_data
from drmg_reports.formats import print_certificate as print_certificate
from drmg_reports.formats import print_certificate_comparison as print_certificate_comparison
from drmg_reports.formats import print_comparison as print_comparison
from drmg_reports.formats import print_facts as print_facts
from drmg_reports.formats import print_result as print_result
from drmg_reports.formats import print_study as print_study
from drmg_reports.formats import print_summary as print_summary
from drmg_reports.formats import print_table as print_table
from drmg_reports.formats import print_trend as print_trend
from drmg_reports.formats import progress_handler as progress_handler
from drmg_reports.formats import render_badge as render_badge
from drmg_reports.formats import render_comparison as render_comparison
from drmg_reports.formats import render_document as render_document
from drmg_reports.formats import render_html as render_html
from drmg_reports.formats import render_junit as render_junit
from drmg_reports.formats import render_markdown as render_markdown
from drmg_reports.formats import trend_to_data as trend_to_data
from drmg_reports.formats import write_html as write_html
from drmg_reports.pictures import render_curves as render_curves
from drmg_reports.pictures import render_trend as render_trend
from drmg_reports.runs import compare_runs as compare_runs
from drmg_reports.runs import trend_of_runs as trend_of_runs
