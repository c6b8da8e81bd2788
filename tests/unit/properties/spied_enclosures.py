"""Print, for each stored violation, how many worst cases its derivation encloses in a fresh process."""

import json
from pathlib import Path
from typing import Any

import drmg_oracles.rows._enclosure as module
from drmg_check.vocabulary import InputError
from drmg_properties import decode_instance
from drmg_properties.audit import list_claims

FOLDER = Path(__file__).parents[3] / "properties/counterexamples"


def main() -> None:
    """Count them by claim; -1 where the stored instance is none of the claim any more."""
    claims = {entry.claim.id: entry.claim for entry in list_claims()}
    honest, rows = module.enclosure, []

    def spy(uncertainty: Any, row: Any, bits: int) -> Any:  # noqa: ANN401 - passed on
        rows.append(row)
        return honest(uncertainty, row, bits)

    module.enclosure = spy  # type: ignore[assignment]
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
