"""Appendix E: the upper bound for total variation, lemma by lemma."""
