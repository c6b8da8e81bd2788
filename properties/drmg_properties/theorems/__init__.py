"""Theorems that Coq's kernel checks: their files, what was checked of them, and how to check them again."""

from drmg_properties.theorems._coq import checked, coq_version, missing_coq
from drmg_properties.theorems._files import coq_name, folder, self_contained, stated, statement
from drmg_properties.theorems._kernel import kernel_check
from drmg_properties.theorems._record import AXIOMS, Theorem, read_record, recorded

__all__ = [
    "AXIOMS",
    "Theorem",
    "checked",
    "coq_name",
    "coq_version",
    "folder",
    "kernel_check",
    "missing_coq",
    "read_record",
    "recorded",
    "self_contained",
    "stated",
    "statement",
]
