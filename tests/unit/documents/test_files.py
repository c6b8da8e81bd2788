"""Documents are read as they were written, and nothing else is taken for one."""

import json
import math

import pytest

from drmg_check.documents import (
    CertifiedAgent,
    CertifiedBounds,
    CertifiedPassage,
    Criterion,
    NamedValue,
    Panel,
    Series,
    StudyTable,
    decode_document,
    encode_document,
    is_document,
)
from drmg_check.runs import encode_event
from drmg_check.vocabulary import InputError
from tests.unit.reports.checks import sample_validation
from tests.unit.reports.documents import (
    agent,
    bounds,
    certified,
    departure,
    product_agent,
    row,
    study,
)


def test_a_study_and_a_certificate_are_read_as_written():
    for document in (study(), certified()):
        data = encode_document(document)
        assert is_document(data)
        assert encode_document(decode_document(data)) == data
        assert type(decode_document(data)) is type(document)


def test_points_that_cannot_be_drawn_are_left_out():
    """JSON has no NaN; a curve with one would come back as null."""
    gappy = Series("V", [1, 2, 3], [1.0, math.nan, 3.0], [0.0, 1.0, math.inf], [2.0, 2.0, 4.0])
    (panel,) = decode_document(encode_document(study(panels=(Panel("t", "k", [gappy]),)))).panels
    assert panel.series == [Series("V", [1.0], [1.0], [0.0], [2.0])]


def test_a_curve_without_a_point_that_can_be_drawn_is_read_back():
    """A learner that never plans has no width."""
    empty = Series("width", [1, 2], [math.nan] * 2, [math.nan] * 2, [math.nan] * 2)
    data = encode_document(study(panels=(Panel("t", "k", [empty]),)))
    assert encode_document(decode_document(data)) == data


def test_a_run_is_no_document():
    for event in sample_validation():
        assert not is_document(encode_event(event))
    assert not is_document(b"".join(map(encode_event, sample_validation())))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"format": "drmg-gap-certificate"}',
        b'{"format": "drmg-certificate", "version": 1}',
        b'{"format": "drmg-game", "version": 1}',
        b'{"format": "drmg-study", "version": "2"}',
        b"[" * 100_000,
        b'{"format": "drmg-gap-certificate", "version": 2, "game": ' + b"[" * 100_000,
        b"\xff",
    ],
)
def test_what_is_no_document_is_refused_by_name(data: bytes):
    with pytest.raises(InputError, match=r"mine\.json: .*expected the JSON file of a certificate"):
        decode_document(data, "mine.json")


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [
        ("drmg-gap-certificate", 1, "which drmg-check 0.1 wrote, is not read any more"),
        ("drmg-certified-policy", 1, "which drmg-check 0.1 wrote, is not read any more"),
        ("drmg-study", 1, "which drmg-check 0.1 wrote, is not read any more"),
        ("drmg-study", 3, "reads version 2: use a newer one"),
    ],
)
def test_of_another_version_it_says_which_wrote_it(name: str, version: int, said: str):
    with pytest.raises(InputError, match=rf"^mine\.json: {name} of version {version}.*{said}"):
        decode_document(json.dumps({"format": name, "version": version}).encode(), "mine.json")


def test_a_document_cut_off_anywhere_is_refused():
    for document in (certified(), study()):
        data = encode_document(document)
        for length in range(0, len(data) - 2, 97):
            with pytest.raises(InputError, match="expected the JSON file"):
                decode_document(data[:length])


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("more",), 1),
        (("version",), "2"),
        (("product",), "no"),
        (("agents", 0, "gain", "lo"), "0"),
        (("agents", 0, "gain", "lo"), 0.125),
        (("agents", 0, "gain", "lo"), "nan"),
        (("agents", 0, "gain", "lo"), "1" * 5000),
        (("agents", 0, "name"), "another"),
        (("agents", 0, "departures", 0, "h"), 2),
        (("agents", 0, "departures", 0, "play"), 2),
        (("agents", 0, "departures", 0, "instead", 0, 1), "1/2"),
        (("agents", 0, "worst_rows", 0, "a"), 4),
        (("agents", 0, "worst_rows", 0, "worst", 0, 0), 2),
        (("agents", 0, "worst_rows", 0, "nominal"), []),
        (("agents", 0, "path", 0, "s"), -1),
        (("agents", 0, "path", 0, "reach"), None),
        (("gaps", "cce", "hi"), "1/4"),
        (("gaps", "nash"), {"lo": "0", "hi": "0"}),
        (("gaps", "ce"), None),
        (("game", "horizon"), "2"),
        (("game", "state_names"), ["good"]),
        (("game", "initial_state"), 2),
    ],
    ids=str,
)
def test_a_certificate_that_was_changed_is_refused(place: tuple, value: object):
    data = json.loads(encode_document(certified()))
    *path, last = place
    inner = data
    for key in path:
        inner = inner[key]
    inner[last] = value
    with pytest.raises(InputError, match="expected"):
        decode_document(json.dumps(data).encode())


def test_gains_follow_from_values_and_gaps_from_gains():
    with pytest.raises(InputError, match="bounds in order"):
        CertifiedBounds("1", "0")
    with pytest.raises(InputError, match="expected best_response less value"):
        certified(agent("a", best_response=bounds("2")))
    with pytest.raises(InputError, match="expected a ce_gain equal to gain"):
        certified(agent("a"), product=True)
    document = certified(agent("a", gain=bounds("1/10", "1/5")), agent("b", gain=bounds("1/8")))
    assert document.gap("cce") == bounds("1/8", "1/5")
    assert document.gap("nash") is None
    assert certified(agent("a", ce_gain=None)).gap("ce") is None
    assert certified(product_agent("a", bounds(0)), product=True).gap("nash") == bounds(0)


@pytest.mark.parametrize(
    "wrong",
    [
        agent("a", path=(CertifiedPassage(h=2, s=0, reach=1.0, successors=()),)),
        agent("a", path=(CertifiedPassage(h=0, s=2, reach=1.0, successors=()),)),
        agent("a", path=(CertifiedPassage(h=0, s=0, reach=1.0, successors=((2, 0.5, 1.0),)),)),
        agent("a", departures=(departure(bounds("1/8"), told=2),)),
        agent("a", departures=(departure(bounds("1/8"), instead=((2, "1"),)),)),
        agent("a", worst_rows=(row(a=2),)),
        agent("a", worst_rows=(row(h=-1),)),
    ],
)
def test_places_and_actions_are_those_of_the_game(wrong: CertifiedAgent):
    with pytest.raises(InputError, match=r"is none of the .*; expected 0 to 1"):
        certified(wrong)


def test_numbers_have_to_be_numbers_and_columns_to_fit():
    for name, build in {
        "reach": lambda: departure(bounds(0), reach=math.inf),
        "loss": lambda: row(loss=math.nan),
        "x": lambda: NamedValue("x", math.nan, "number"),
        "slope": lambda: Criterion(statement="slope", value=math.inf),
    }.items():
        with pytest.raises(InputError, match=f"{name}.*expected .*finite"):
            build()
    with pytest.raises(InputError, match="expected 2, one a column"):
        StudyTable((("a", "text"), ("b", "text")), (("1",),))
    with pytest.raises(InputError, match="expected a distribution"):
        row(worst=((0, "3/2"), (1, "-1/2")))
    with pytest.raises(InputError, match="expected equal ones"):
        Series("V", [1, 2], [1.0, 2.0], [0.0])


@pytest.mark.parametrize(
    ("value", "least", "most", "met"),
    [
        (1.0, 1.0, None, True),
        (0.9, 1.0, None, False),
        (1.0, None, 1.0, True),
        (1.1, None, 1.0, False),
        (None, None, 1.0, False),
        (1.0, 0.0, 2.0, True),
    ],
)
def test_a_criterion_is_met_within_its_limits(
    value: float | None, least: float | None, most: float | None, met: bool
):
    assert Criterion(statement="x", value=value, least=least, most=most).met is met
