"""Theorems that Coq's kernel checks: their files, what was checked of them, and how to check them again."""

from drmg_properties.theorems._coq import checked as checked
from drmg_properties.theorems._coq import coq_version as coq_version
from drmg_properties.theorems._coq import missing_coq as missing_coq
from drmg_properties.theorems._files import coq_name as coq_name
from drmg_properties.theorems._files import folder as folder
from drmg_properties.theorems._files import self_contained as self_contained
from drmg_properties.theorems._files import stated as stated
from drmg_properties.theorems._files import statement as statement
from drmg_properties.theorems._kernel import kernel_check as kernel_check
from drmg_properties.theorems._record import AXIOMS as AXIOMS
from drmg_properties.theorems._record import Theorem as Theorem
from drmg_properties.theorems._record import read_record as read_record
from drmg_properties.theorems._record import recorded as recorded
