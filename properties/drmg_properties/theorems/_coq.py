"""Ask Coq: is it there, and does it accept a file."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from drmg_check.vocabulary import InputError
from drmg_properties.theorems._files import ROOTS, folder

INSTALL = "apt-get install --no-install-recommends coq libcoq-interval"
OLDEST = (8, 16)
_REQUIRED = re.compile(r"^From Drmg Require Import ([\w ]+)\.$", re.MULTILINE)
_AXIOM = re.compile(r"^([\w.]+)(?= :|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Checked:
    """What Coq says of a file: nothing wrong, or its message; the axioms asked for; the seconds it took."""

    error: str
    axioms: tuple[str, ...]
    seconds: float


def coq_version() -> str:
    """Return the version of Coq, "" without one.

    >>> coq_version() == "" or coq_version()[0].isdigit()
    True
    """
    if shutil.which("coqc") is None:
        return ""
    done = subprocess.run(["coqc", "--print-version"], capture_output=True, text=True, check=False)  # noqa: S607 - found on the PATH
    return done.stdout.split()[0] if done.returncode == 0 and done.stdout else ""


def missing_coq() -> str:
    """Return what is missing for checking theorems, "" if nothing.

    >>> missing_coq() == "" or "Coq is" in missing_coq()
    True
    """
    version = coq_version()
    if not version:
        return f"Coq is not installed: {INSTALL}"
    if tuple(int(x) for x in re.findall(r"\d+", version)[:2]) < OLDEST:
        return f"Coq is {version}; expected {OLDEST[0]}.{OLDEST[1]} or newer"
    return ""


def checked(text: str, cache: Path, theorem: str = "") -> Checked:
    """Let Coq check a file that imports the theories, and ask for the axioms of a theorem in it.

    Parameters
    ----------
    text : str
    cache : Path
        Where compiled theories are kept, a folder for each version of them and of Coq.
    theorem : str

    Raises
    ------
    InputError
        Coq is missing, or does not accept the theories.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as cache:
    ...     missing_coq() != "" or checked("Check 1 + 1.", Path(cache)).error == ""
    ...
    True
    """
    if missing := missing_coq():
        raise InputError(missing)
    built = cache / _version_of_theories()
    for module in dict.fromkeys(name for names in _REQUIRED.findall(text) for name in names.split()):
        _build(module, built)
    asked = f"\nPrint Assumptions {theorem}.\n" if theorem else ""
    started = perf_counter()
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "checked.v"
        path.write_text(text + asked, encoding="utf-8")
        done = _coqc(path, built)
    seconds = perf_counter() - started
    if done.returncode:
        return Checked((done.stdout + done.stderr).strip(), (), seconds)
    axioms = {re.sub(r"^(PrimInt63|Uint63)\..*", r"\1", name) for name in _AXIOM.findall(done.stdout)}
    return Checked("", tuple(sorted(axioms - {"Axioms"})), seconds)


def _version_of_theories() -> str:
    texts = [path.read_bytes() for path in sorted((folder() / ROOTS["Drmg"]).glob("*.v"))]
    return f"{coq_version()}-{hashlib.sha256(b''.join(texts)).hexdigest()[:16]}"


def _build(module: str, built: Path) -> None:
    source = folder() / ROOTS["Drmg"] / f"{module}.v"
    target = built / source.name
    text = source.read_text(encoding="utf-8")
    if target.with_suffix(".vo").is_file():
        return
    for name in dict.fromkeys(name for names in _REQUIRED.findall(text) for name in names.split()):
        _build(name, built)
    built.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    done = _coqc(target, built)
    if done.returncode:
        raise InputError(f"Coq {coq_version()} does not accept {source}: {done.stderr.strip():.2000}")


def _coqc(path: Path, built: Path) -> subprocess.CompletedProcess[str]:
    command = ["coqc", "-w", "none", "-Q", str(built), "Drmg", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
