"""Documents for people and programs: what a certificate and a study say."""

from drmg_check.documents._certified import Certified as Certified
from drmg_check.documents._certified import CertifiedAgent as CertifiedAgent
from drmg_check.documents._certified import Passage as Passage
from drmg_check.documents._certified import Proven as Proven
from drmg_check.documents._curves import Panel as Panel
from drmg_check.documents._curves import Series as Series
from drmg_check.documents._pages import Page as Page
from drmg_check.documents._pages import decode_page as decode_page
from drmg_check.documents._pages import encode_page as encode_page
from drmg_check.documents._pages import is_page as is_page
from drmg_check.documents._study import Finding as Finding
from drmg_check.documents._study import Study as Study
