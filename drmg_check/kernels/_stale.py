"""Compiled code that is older than what it was compiled from."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha1
from pathlib import Path


def forget_stale_code(folder: Path, *called: Path) -> None:
    """Delete the compiled code of ``folder`` that is older than a source file there or in ``called``.

    Numba asks only whether a function's own file is newer than its compiled code, but that contains the
    functions that it calls from other files.
    """
    newest = max(source.stat().st_mtime for part in (folder, *called) for source in part.glob("*.py"))
    for cache in caches_of(folder):
        for index in cache.glob("*.nbi"):
            with suppress(OSError):  # another process has just forgotten it, or it is not ours to delete
                if index.stat().st_mtime < newest:
                    index.unlink()


def caches_of(folder: Path) -> list[Path]:
    """Return where numba may keep the compiled code of a folder.

    In the folder, or where the environment says, or, where an installation is read-only, in the cache of the
    user; in the last two under the name and the digest of the folder.

    >>> caches_of(Path("loops"))[0].as_posix()
    'loops/__pycache__'
    """
    roots = [Path(root) for root in [os.environ.get("NUMBA_CACHE_DIR")] if root]
    with suppress(RuntimeError):  # there is no home
        roots.append(Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "numba")
    path = str(folder.absolute())
    name = f"{folder.name}_{sha1(path.encode(), usedforsecurity=False).hexdigest()}"
    return [folder / "__pycache__", *(root / name for root in roots)]
