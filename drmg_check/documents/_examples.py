"""A certificate and a study, small enough to be read: for examples, and to try a new report on."""

from __future__ import annotations

from importlib.resources import files

from drmg_check.documents._certificate import Certified
from drmg_check.documents._files import decode_document
from drmg_check.documents._study import Study


def example_certificate() -> Certified:
    """Return the certificate of uniform play in the paper's Example 1.

    >>> example_certificate().game.name
    'initial-shock'
    """
    document = decode_document(_data("certificate"), "the example")
    assert isinstance(document, Certified)
    return document


def example_study() -> Study:
    """Return the study of an experiment on the paper's Example 1.

    >>> [criterion.met for criterion in example_study().criteria]
    [True, True]
    """
    document = decode_document(_data("study"), "the example")
    assert isinstance(document, Study)
    return document


def _data(name: str) -> bytes:
    return (files("drmg_check.documents") / f"{name}.example.json").read_bytes()
