"""Compiled code that is older than what it was compiled from."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def forget_stale_code(folder: Path, *called: Path) -> None:
    """Delete the compiled code of ``folder`` that is older than a source file there or in ``called``.

    Numba asks only whether a function's own file is newer than its compiled code, but that contains the
    functions that it calls from other files.
    """
    newest = max(source.stat().st_mtime for part in (folder, *called) for source in part.glob("*.py"))
    for index in (folder / "__pycache__").glob("*.nbi"):
        with suppress(FileNotFoundError):  # another process has just forgotten it
            if index.stat().st_mtime < newest:
                index.unlink()
