"""Text of strangers in messages: no character is hidden, and nothing is longer than a person reads."""

from __future__ import annotations

import re

# Control characters, direction overrides, surrogates and non-characters: a stranger's string could use
# them to reorder or hide what a reader sees, and XML forbids most of them.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufffe\uffff\U000e0000-\U000e0fff]"
)
_LONGEST, _LONGEST_WORD = 1500, 300  # characters of a message, and of what has no space in it
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD},}}")


def visible(text: str) -> str:
    """Replace what a reader could not see by its code point, as in ``⟨U+202E⟩``.

    >>> visible("game" + chr(0x202E) + ".json")
    'game⟨U+202E⟩.json'
    """
    return UNSEEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)


def brief(text: str, limit: int = 80) -> str:
    """Cut what is too long in the middle: ``0123…789``.

    >>> brief("0123456789" * 20, limit=9)
    '0123…6789'
    """
    if len(text) <= limit:
        return text
    tail = (limit - 1) // 2
    return f"{text[: limit - 1 - tail]}…{text[len(text) - tail :]}"


def readable(message: str) -> str:
    """Return a message without unseen characters, and with each word, and the whole, cut to what is read.

    >>> readable("rho = " + chr(0x202E) + "1/3"), len(readable("9" * 4000))
    ('rho = ⟨U+202E⟩1/3', 300)
    """
    words = _LONG_WORD.sub(lambda match: brief(match[0], _LONGEST_WORD), visible(message))
    return brief(words, _LONGEST)
