"""What strangers wrote reaches a message without unseen characters, and cut to what a person reads."""

import pytest

from drmg_check.vocabulary import DrmgError, InputError, NumericalError, UnsupportedError, brief, readable


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [("abc", 3, "abc"), ("abcdefg", 5, "ab…fg"), ("abcdefg", 4, "ab…g"), ("abcdefg", 1, "…"), ("", 1, "")],
)
def test_what_is_too_long_is_cut_in_the_middle(text: str, limit: int, cut: str):
    assert brief(text, limit) == cut


def test_each_word_is_cut_and_the_beginning_and_the_end_stay():
    message = readable(f"a/b.json: case={'7' * 5000} is wrong; expected one")
    assert message.startswith("a/b.json: case=777")
    assert message.endswith("777 is wrong; expected one")
    assert len(message) < 400
    assert len(readable("word " * 10_000)) == 1500


@pytest.mark.parametrize("error", [DrmgError, InputError, UnsupportedError, NumericalError])
def test_an_error_shows_what_it_quotes(error: type[DrmgError]):
    text = str(error("type=\u202ex\x1b[31m\ud800" + "9" * 5000))
    assert text.startswith("type=⟨U+202E⟩x⟨U+001B⟩[31m⟨U+D800⟩999")
    assert len(text) == 300


def test_a_readable_message_stays_as_it_is():
    message = "ρ=1/3 breaks the triangle inequality\n  next line\tand a tab"
    assert readable(message) == message
