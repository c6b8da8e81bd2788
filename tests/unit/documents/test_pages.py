"""Pages are read as they were written, and nothing else is taken for one."""

import json
import math

import pytest

from drmg_check.documents import Panel, Passage, Proven, Series, decode_page, encode_page, is_page
from drmg_check.runs import encode_event
from drmg_check.vocabulary import InputError
from tests.unit.reports.checks import sample_validation
from tests.unit.reports.pages import certified, study


def test_a_study_and_a_certificate_are_read_as_written():
    for page in (study(), certified()):
        data = encode_page(page)
        assert is_page(data)
        assert encode_page(decode_page(data)) == data
        assert type(decode_page(data)) is type(page)


def test_points_that_cannot_be_drawn_are_left_out():
    """JSON has no NaN; a curve with one would come back as null."""
    gappy = Series("V", [1, 2, 3], [1.0, math.nan, 3.0], [0.0, 1.0, math.inf], [2.0, 2.0, 4.0])
    (panel,) = decode_page(encode_page(study(panels=(Panel("t", "k", [gappy]),)))).panels
    assert panel.series == [Series("V", [1.0], [1.0], [0.0], [2.0])]


def test_a_run_is_no_page():
    for event in sample_validation():
        assert not is_page(encode_event(event))
    assert not is_page(b"".join(map(encode_event, sample_validation())))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"format": "drmg-gap-certificate"}',
        b'{"format": "drmg-study", "version": 2}',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_what_is_no_page_is_refused_by_name(data: bytes):
    with pytest.raises(InputError, match=r"mine\.json: .*expected the JSON file of a certificate"):
        decode_page(data, "mine.json")


def test_a_page_with_a_member_too_many_or_of_another_type_is_refused():
    data = json.loads(encode_page(certified()))
    for broken in (data | {"more": 1}, data | {"page": data["page"] | {"horizon": "4"}}):
        with pytest.raises(InputError, match="expected the JSON file"):
            decode_page(json.dumps(broken).encode())


def test_bounds_places_and_columns_have_to_fit():
    with pytest.raises(InputError, match="bounds in order"):
        Proven("1", "1", "0")
    with pytest.raises(InputError, match="at least one gap"):
        certified(gaps=())
    for passage in (Passage(2, 0, 1.0, ()), Passage(0, 2, 1.0, ()), Passage(0, 0, 1.0, ((2, 0.5, 1.0),))):
        with pytest.raises(InputError, match="expected steps below 2, states below 2"):
            certified(path=(passage,))
    with pytest.raises(InputError, match="expected equal ones"):
        Series("V", [1, 2], [1.0, 2.0], [0.0])
