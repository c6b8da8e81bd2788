"""What an exception says, and where in its author's file it comes from."""

from __future__ import annotations

import sysconfig
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from inspect import getfile
from pathlib import Path

from drmg_check.vocabulary import UnsupportedError
from drmg_oracles import enclose
from drmg_properties.audit._limit import OutOfTimeError
from drmg_properties.claim import ClaimError

ENGINE = (
    Path(getfile(UnsupportedError)).parents[1],
    Path(getfile(enclose)).parents[1],
    Path(__file__).parents[1],
    Path(str(find_spec("hypothesis").origin)).parent,  # type: ignore[union-attr]
)
CLAIMS = Path(__file__).parents[1] / "claims"
LIBRARY = Path(sysconfig.get_path("stdlib"))
INSTALLED = frozenset({"site-packages", "dist-packages"})


def describe_error(error: BaseException) -> str:
    """Return one line: what was raised, where in the author's file, and the notes that were added to it.

    The place is the last line of code that belongs with the first that is neither ours, nor Hypothesis's, nor
    the standard library's. Where there is none, the innermost line tells.

    >>> describe_error(ClaimError("claim A3: not so"))
    'ClaimError: claim A3: not so'
    """
    place = author_place(error)
    if not place and not isinstance(error, ClaimError | OutOfTimeError):  # which say it by themselves
        place = _shown(traceback.extract_tb(error.__traceback__)[-1:])
    text = "; ".join([f"{type(error).__name__}: {error}{place}", *getattr(error, "__notes__", ())])
    return " ".join(text.split())


@contextmanager
def blamed(claim_id: str) -> Iterator[None]:
    """Turn what a claim raises in the block into an error that names the claim and the place in its file.

    Raises
    ------
    ClaimError
        Instead of any other exception; UnsupportedError passes.

    Examples
    --------
    >>> with blamed("A3"):
    ...     raise ClaimError("claim A3: not so")
    Traceback (most recent call last):
    drmg_properties.claim._finding.ClaimError: claim A3: not so
    """
    try:
        yield
    except (ClaimError, UnsupportedError):
        raise
    except Exception as error:
        raise ClaimError(f"claim {claim_id}: {describe_error(error)}") from error


def author_place(error: BaseException) -> str:
    """Return where in its author's file an exception comes from, in brackets; "" where none of theirs ran."""
    return _shown(list(_authors(traceback.extract_tb(error.__traceback__)))[-1:])


def _authors(frames: traceback.StackSummary) -> Iterator[traceback.FrameSummary]:
    home: Path | None = None
    for frame in frames:
        path = Path(frame.filename)
        if frame.filename.startswith("<") or _is_machinery(path):
            continue
        home = home or path.parent
        if path.is_relative_to(home) and not INSTALLED & set(path.relative_to(home).parts):
            yield frame


def _is_machinery(path: Path) -> bool:
    if path.is_relative_to(CLAIMS):
        return False
    ours = any(path.is_relative_to(folder) for folder in ENGINE)
    return ours or (path.is_relative_to(LIBRARY) and not INSTALLED & set(path.parts))


def _shown(frames: Sequence[traceback.FrameSummary]) -> str:
    here = Path.cwd()
    for frame in frames:
        path = Path(frame.filename)
        shown = path.relative_to(here) if path.is_relative_to(here) else path.name
        return f" (in {frame.name}, {shown} line {frame.lineno})"
    return ""
