"""Documents as reports see them: two certificates compared, number by number."""

from drmg_reports.documents._compare import BoundsChange as BoundsChange
from drmg_reports.documents._compare import CertificateComparison as CertificateComparison
from drmg_reports.documents._compare import ChangedBounds as ChangedBounds
from drmg_reports.documents._compare import compare_certificates as compare_certificates
