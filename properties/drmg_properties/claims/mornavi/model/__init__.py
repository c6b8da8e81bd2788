"""Sections 2, 4 and 6, Appendix C: sets, duals, the Bellman equation, equilibria."""
