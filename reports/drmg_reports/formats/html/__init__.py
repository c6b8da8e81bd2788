"""HTML: a run or a document as one offline page."""

from drmg_reports.formats.html._documents import render_document as render_document
from drmg_reports.formats.html._runs import render_html as render_html
from drmg_reports.formats.html._runs import write_html as write_html
