"""Mutants as data: a snippet of the project, what stands in its place, and the tests that should notice."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mutants._systematic import changes

ROOT = Path(__file__).parents[2]
ROOMS = Path(__file__).parent / "rooms"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change that makes the project wrong.

    Attributes
    ----------
    name : str
        ``room/name``.
    file : str
        Path below the root of the project.
    old, new : str
        ``old`` occurs in the file exactly once; ``new`` takes its place.
    tests : tuple of str
        What pytest is given; at least one of them should fail.
    why : str
        What the change makes wrong.
    equivalent : str
        Why no test can notice: nothing observable changes, or something else stands behind. Empty if one can.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    why: str
    equivalent: str = ""

    @property
    def room(self) -> str:
        """The room that the mutant belongs to."""
        return self.name.partition("/")[0]

    def applied(self, source: str) -> str:
        """Return the source with the change.

        Raises
        ------
        ValueError
            The snippet does not occur exactly once, or what comes out is not Python.
        """
        times = source.count(self.old)
        if times != 1:
            raise ValueError(
                f"mutant {self.name}: its snippet occurs {times} times in {self.file}; expected once. "
                f"Adapt or drop it in benchmarks/mutants/rooms/{self.room}.toml:\n{self.old}"
            )
        mutated = source.replace(self.old, self.new)
        compile(mutated, self.file, "exec")
        return mutated


def load(rooms: Path = ROOMS) -> list[Mutant]:
    """Return every mutant of every room, those written by hand first."""
    return [mutant for path in sorted(rooms.glob("*.toml")) for mutant in _room(path)]


def _room(path: Path) -> list[Mutant]:
    mutants = []
    for part in tomllib.loads(path.read_text(encoding="utf-8"))["file"]:
        file, tests = part["path"], part["tests"]
        for entry in part.get("mutant", ()):
            mutants.append(
                Mutant(
                    name=f"{path.stem}/{entry['name']}",
                    file=file,
                    old=entry["old"],
                    new=entry["new"],
                    tests=tuple(entry.get("tests", tests)),
                    why=entry["why"],
                    equivalent=entry.get("equivalent", ""),
                )
            )
        if "systematic" in part:
            mutants += _systematic(path.stem, file, tuple(tests), part["systematic"])
    return mutants


def _systematic(room: str, file: str, tests: tuple[str, ...], explained: dict[str, str]) -> list[Mutant]:
    every = changes((ROOT / file).read_text(encoding="utf-8"))
    unknown = explained.keys() - {change.name for change in every}
    if unknown:
        raise ValueError(f"{room}.toml explains changes of {file} that there are not: {sorted(unknown)}")
    return [
        Mutant(f"{room}/{each.name}", file, each.old, each.new, tests, "", explained.get(each.name, ""))
        for each in every
    ]
