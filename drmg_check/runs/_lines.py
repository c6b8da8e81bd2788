"""One record, one line of NDJSON, in both directions."""

from __future__ import annotations

import msgspec

from drmg_check.runs._records import Event
from drmg_check.vocabulary import InputError

_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def encode_event(event: Event) -> bytes:
    """Return the line that :func:`decode_event` reads back, with its newline.

    >>> from drmg_check.runs import example_audit
    >>> encode_event(example_audit()[-1])[:26]
    b'{"type":"footer","results"'
    """
    return _ENCODER.encode(event) + b"\n"


def decode_event(line: bytes, where: str = "line") -> Event:
    """Return the event that one line holds.

    Raises
    ------
    InputError
        The line is no record of this schema; the message starts with ``where``.

    Examples
    --------
    >>> from drmg_check.runs import example_audit
    >>> decode_event(encode_event(example_audit()[0])) == example_audit()[0]
    True
    """
    try:
        return _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{where}: {error}; expected one record of a drmg-check run") from error
