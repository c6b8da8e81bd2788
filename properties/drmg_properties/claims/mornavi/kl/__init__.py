"""Appendix F: the upper bound for Kullback-Leibler sets, lemma by lemma."""
