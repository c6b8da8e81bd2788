"""Sentences on the terminal: broken between words at its width, where a line to be pasted stays whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from rich.console import Console, ConsoleOptions
from rich.text import Text

from drmg_reports.words import one_line


@dataclass(frozen=True, slots=True)
class Prose:
    """A stranger's sentence; its further lines are indented deeper than the first, so none passes for ours.

    Parameters
    ----------
    text : str
        May begin with blanks of its own.
    indent : int
        Columns before it.
    style : str
        Of Rich.

    Examples
    --------
    >>> Console(width=30).print(Prose("a sentence that is broken between words", indent=2))
      a sentence that is broken
        between words
    """

    text: str
    indent: int = 0
    style: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Yield the lines; a word longer than the terminal, such as a number, stays whole."""
        shown = one_line(self.text)
        own = len(shown) - len(shown.lstrip())
        first = " " * (self.indent + own)
        room = max(options.max_width, len(first) + 20)
        for part in wrap(
            shown.strip(),
            room,
            initial_indent=first,
            subsequent_indent=f"{first}  ",
            break_long_words=False,
            break_on_hyphens=False,
        ):
            yield Text(part, self.style, no_wrap=True, overflow="ignore")
