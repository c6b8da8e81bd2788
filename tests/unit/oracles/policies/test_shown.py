"""A certificate in a notebook or a prompt: what it proves at a glance, whatever its names are."""

from __future__ import annotations

from drmg_check.models import JointPolicy, uniform_policy
from drmg_check.zoo import load
from drmg_oracles.policies import certify


def test_it_prints_in_one_line_whatever_its_fractions():
    game = load("frozen-lake")
    certificate = certify(game, uniform_policy(game))
    text = repr(certificate)
    assert text.startswith("GapCertificate('frozen-lake', 1 agent, NE gap [")
    assert len(text) < 80
    assert "Fraction" not in repr(certificate.agents)


def test_a_notebook_shows_a_row_for_each_agent_and_escapes_their_names():
    game = load("initial-shock")
    object.__setattr__(game, "agent_names", ("<b>row</b>", "column"))
    table = certify(game, uniform_policy(game))._repr_html_()
    assert table.count("<tr>") == 3
    assert "<td>2449/640</td><td>313/80</td><td>11/128</td>" in table
    assert "<b>" not in table
    assert "&lt;b&gt;row&lt;/b&gt;" in table


def test_of_a_correlated_policy_both_gains_are_shown():
    game = load("initial-shock")
    weights = uniform_policy(game).weights.copy()
    weights[...] = 0
    weights[..., 0] = weights[..., 3] = 1
    together = JointPolicy(weights / 2, game.actions)
    certificate = certify(game, together)
    assert "CCE gap" in repr(certificate)
    assert "<th>CCE gain</th><th>CE gain</th>" in certificate._repr_html_()
