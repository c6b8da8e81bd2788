"""Other libraries are validated as ``examples/adapters/peers.toml`` says; the outcomes are the known ones."""

import ast
import tomllib
from pathlib import Path

import pytest

from drmg_check.referee.evidence import row_from_json
from examples.adapters.validate_peers import FOLDER, Peer, judge, main, missing, peers

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("peer", peers(), ids=lambda peer: peer.name)
def test_a_peer_behaves_as_known(peer: Peer):
    """A fault that is gone is a surprise, too."""
    if reason := missing(peer):
        pytest.skip(f"{reason}; `make validate-peers` installs it in an environment of its own")
    assert judge(peer).surprises == ()


@pytest.mark.parametrize("peer", peers(), ids=lambda peer: peer.name)
def test_the_list_is_in_order_whatever_is_installed(peer: Peer):
    file, _, function = peer.target.partition(":")
    tree = ast.parse((FOLDER / file).read_text(encoding="utf-8"))
    assert function in [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    for case in peer.rows:
        row_from_json(case["row"])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = {requirement.partition(">=")[0] for requirement in project["optional-dependencies"]["peers"]}
    everywhere = {requirement.partition(">=")[0] for requirement in project["dependencies"]} | {"torch"}
    assert set(peer.packages) <= extra | everywhere


def test_peers_that_are_not_installed_are_skipped_with_a_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    nobody = Peer(name="nobody", target="no.py:f", packages=["no-such-distribution"])
    monkeypatch.setattr("examples.adapters.validate_peers.peers", lambda: (nobody,))
    assert main() == 0
    assert "| nobody | skipped: no-such-distribution is not installed |" in capsys.readouterr().out


def test_a_new_fault_and_a_lost_one_are_surprises(tmp_path: Path):
    """A peer that is right, listed as wrong, and one that is wrong, listed as right."""
    (tmp_path / "two.py").write_text(
        "from drmg_check.targets import implementation\n\n\n"
        "@implementation('contamination')\n"
        "def right(p, V, rho):\n    return (1 - rho) * (p @ V) + rho * V[p >= 0].min()\n\n\n"
        "@implementation('contamination')\n"
        "def wrong(p, V, rho):\n    return p @ V\n",
        encoding="utf-8",
    )
    checks = ["contamination/smoke/two-states"]
    right, wrong = (str(tmp_path / f"two.py:{name}") for name in ("right", "wrong"))
    row = '{"uncertainty":{"kind":"contamination"},"nominal":["1/2","1/2"],"values":["0","1"],"radius":"1/4"}'

    def surprises(target: str, known: dict[str, str], rows: list[dict[str, str]]) -> tuple[str, ...]:
        # An absolute address wins over the folder of the adapters.
        peer = Peer(name="x", target=target, packages=[], checks=checks, known=known, rows=rows)
        return judge(peer).surprises

    assert surprises(right, {}, [{"row": row}]) == ()
    assert "is known to fail, but passed" in surprises(right, {checks[0]: "why"}, [])[0]
    assert "nothing fails, but it showed this" in surprises(right, {}, [{"row": row, "shows": "this"}])[0]
    assert "two-states failed: wrong value" in surprises(wrong, {}, [])[0]
    assert surprises(wrong, {checks[0]: "why"}, [{"row": row, "shows": "this"}]) == ()
