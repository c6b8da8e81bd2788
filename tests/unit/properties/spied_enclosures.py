"""Print, for each stored violation, how many worst cases its derivation computes in a fresh process."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import drmg_oracles.games._bellman as games
import drmg_oracles.rows._enclosure as module
from drmg_check.vocabulary import InputError
from drmg_properties import decode_instance
from drmg_properties.audit import list_claims

FOLDER = Path(__file__).parents[3] / "properties/counterexamples"


def main() -> None:
    """Count them by claim; -1 where the stored instance is none of the claim any more."""
    claims = {entry.claim.id: entry.claim for entry in list_claims()}
    rows: list[object] = []

    def spied(honest: Callable[..., Any]) -> Callable[..., Any]:
        def spy(*arguments: object) -> object:
            rows.append(arguments)
            return honest(*arguments)

        return spy

    module.enclosure = spied(module.enclosure)  # type: ignore[assignment]
    module.exact = spied(module.exact)  # type: ignore[assignment]
    games.worst_case_in_integers = spied(games.worst_case_in_integers)
    counts = {}
    for path in sorted(FOLDER.glob("*.json")):
        claim = claims[path.stem]
        rows.clear()
        try:
            claim.derive(decode_instance(claim, json.dumps(json.loads(path.read_text())["instance"])))
            counts[claim.id] = len(rows)
        except InputError:
            counts[claim.id] = -1
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
