"""Violations as files: an instance that violates a claim and all that proves it, without the search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from drmg_check.files import read_bytes, write_whole
from drmg_check.sets import Row
from drmg_check.vocabulary import InputError, Slack, Verdict, show
from drmg_oracles import certificate_to_json, enclose
from drmg_oracles.checker import RefusedError, verify
from drmg_properties import Budget, decode_instance, encode_instance, judge
from drmg_properties.audit._blame import blamed
from drmg_properties.audit._ledger import AnyClaim, Listed
from drmg_properties.claim import derive_afresh

FORMAT, VERSION = "drmg-counterexample", 1
FROZEN = (Verdict.REFUTED, Verdict.VACUOUS)
BUDGET = Budget(max_examples=40, size=1, seed=0)
"""That of the profile quick: a refutation worth keeping is found fast, and with every seed."""


def frozen_claims(listed: Sequence[Listed]) -> tuple[Listed, ...]:
    """Return the claims that the ledger expects to be violated by an instance.

    >>> from drmg_properties.audit import list_claims, select_claims
    >>> [entry.claim.id for entry in frozen_claims(select_claims(list_claims(), ["B8", "B8.corrected"]))]
    ['B8']
    """
    return tuple(entry for entry in listed if entry.claim.expected in FROZEN)


def frozen_path(folder: Path, claim: AnyClaim) -> Path:
    """Return the file of a claim's violation.

    >>> from drmg_properties.audit import find_claim, list_claims
    >>> frozen_path(Path("mornavi"), find_claim(list_claims(), "B8").claim).name
    'B8.json'
    """
    return folder / f"{quote(claim.id, safe='')}.json"


def freeze(listed: Sequence[Listed], folder: Path) -> tuple[Path, ...]:
    """Search for the violations that the ledger expects, and write one file each: equal bytes in every run.

    Files of the same format that belong to none of the claims are removed.

    Raises
    ------
    InputError
        The search does not find what the ledger expects; nothing is written then.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from drmg_properties.audit import list_claims, select_claims
    >>> with TemporaryDirectory() as folder:
    ...     (path,) = freeze(select_claims(list_claims(), ["B8", "B8.corrected"]), Path(folder))
    ...
    >>> path.name
    'B8.json'
    """
    texts = {frozen_path(folder, entry.claim): _text(entry) for entry in frozen_claims(listed)}
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        if old not in texts and _is_frozen(old):
            old.unlink()
    for path, text in texts.items():
        write_whole(path, text)
    return tuple(texts)


def _is_frozen(path: Path) -> bool:
    try:
        return f'"format": "{FORMAT}"'.encode() in read_bytes(path)
    except InputError:
        return False


def verify_frozen(claim: AnyClaim, data: Mapping[str, Any]) -> Slack:
    """Check a file's content: the instance is legal and violates the claim by the slack that is written.

    The derivation must be the same, and each certificate is proved by ``drmg_oracles.checker`` alone. No
    search takes part.

    Returns
    -------
    Slack
        Certainly negative.

    Raises
    ------
    InputError
        What differs, or is refused.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from drmg_properties.audit import list_claims, select_claims
    >>> (entry,) = select_claims(list_claims(), ["B8"])
    >>> with TemporaryDirectory() as folder:
    ...     (path,) = freeze([entry], Path(folder))
    ...     print(verify_frozen(entry.claim, msgspec.json.decode(path.read_bytes())).violated)
    ...
    True
    """
    if (data.get("format"), data.get("version"), data.get("claim")) != (FORMAT, VERSION, claim.id):
        raise InputError(f"no {FORMAT} of version {VERSION} for claim {claim.id!r}")
    instance = decode_instance(claim, msgspec.json.encode(data.get("instance")).decode())
    with blamed(claim.id):
        again = derive_afresh(claim, instance)
    derivation, slack = again.derivation, again.derivation.difference
    if not derivation.violated:
        raise InputError(f"claim {claim.id}: slack in [{slack.low}, {slack.high}]; expected it below 0")
    if _slack_data(slack) != data.get("slack"):
        raise InputError(f"claim {claim.id}: slack {_slack_data(slack)}; the file has {data['slack']}")
    if list(derivation.derivation) != data.get("derivation"):
        raise InputError(f"claim {claim.id}: the derivation is another one than in the file")
    if certificates_of(again.rests_on) != data.get("certificates"):
        raise InputError(f"claim {claim.id}: the slack rests on other worst cases than those in the file")
    for k, certificate in enumerate(data["certificates"]):
        try:
            verify(certificate)
        except RefusedError as error:
            raise InputError(f"claim {claim.id}: certificate {k} is refused: {error}") from error
    return slack


def _text(entry: Listed) -> str:
    claim = entry.claim
    with blamed(claim.id):
        finding = judge(claim, BUDGET)
    if finding.verdict != claim.expected or finding.counterexample is None:
        raise InputError(
            f"claim {claim.id} is {str(finding.verdict)!r} and not {str(claim.expected)!r}; expected a "
            f"ledger whose verdicts are found (drmg-check claims run {claim.id} --profile quick)"
        )
    again = derive_afresh(claim, finding.counterexample)
    derivation = again.derivation
    data = {
        "format": FORMAT,
        "version": VERSION,
        "claim": claim.id,
        "ledger": entry.ledger.id,
        **({} if entry.address == entry.ledger.id else {"ledger_address": entry.address}),
        "place": claim.place,
        "title": claim.title,
        "verdict": str(finding.verdict),
        "note": finding.note if finding.verdict == Verdict.VACUOUS else "",
        "instance": msgspec.json.decode(encode_instance(claim, again.instance)),
        "slack": _slack_data(derivation.difference),
        "derivation": list(derivation.derivation),
        "certificates": certificates_of(again.rests_on),
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=1).decode() + "\n"


def _slack_data(slack: Slack) -> dict[str, str]:
    return {"low": show(slack.low), "high": show(slack.high)}


def certificates_of(rests_on: Mapping[Row, int]) -> list[dict[str, Any]]:
    """Return a certificate for each row, of the width asked for."""
    return [certificate_to_json(enclose(row, bits=bits)) for row, bits in rests_on.items()]
