"""``docs/power.md``: each benchmark of power writes its own section and leaves the others."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "power.md"


def with_section(page: str, text: str) -> str:
    r"""Return the page with a section in the place of the one of that heading, or at its end.

    >>> with_section("# Power\n\n## A\n\nold\n\n## B\n\nkept\n", "## A\n\nnew\n")
    '# Power\n\n## A\n\nnew\n\n## B\n\nkept\n'
    """
    heading = text.partition("\n")[0] + "\n"
    before, present, rest = page.partition(heading)
    following = rest.find("\n## ")
    after = rest[following + 1 :] if present and following >= 0 else ""
    return before.rstrip("\n") + "\n\n" + text.rstrip("\n") + "\n" + (f"\n{after}" if after else "")


def rewrite(text: str) -> None:
    """Put a section into the page."""
    PAGE.write_text(with_section(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")
