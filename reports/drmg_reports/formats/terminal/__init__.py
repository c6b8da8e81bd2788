"""The terminal: progress and summaries of runs, comparisons, facts."""

from drmg_reports.formats.terminal._audits import print_result as print_result
from drmg_reports.formats.terminal._certificates import print_certificate as print_certificate
from drmg_reports.formats.terminal._comparisons import (
    print_certificate_comparison as print_certificate_comparison,
)
from drmg_reports.formats.terminal._comparisons import print_comparison as print_comparison
from drmg_reports.formats.terminal._comparisons import print_trend as print_trend
from drmg_reports.formats.terminal._ex_post import print_ex_post as print_ex_post
from drmg_reports.formats.terminal._layout import print_facts as print_facts
from drmg_reports.formats.terminal._prose import Prose as Prose
from drmg_reports.formats.terminal._proved_tables import print_proved_agents as print_proved_agents
from drmg_reports.formats.terminal._runs import print_summary as print_summary
from drmg_reports.formats.terminal._runs import progress_handler as progress_handler
from drmg_reports.formats.terminal._shown import Shown as Shown
from drmg_reports.formats.terminal._studies import print_study as print_study
from drmg_reports.formats.terminal._studies import print_table as print_table
