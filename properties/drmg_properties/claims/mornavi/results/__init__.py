"""Theorems 1 and 2, Corollary 1, Table 1: what the statements say as a whole."""
