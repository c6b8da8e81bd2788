"""Section 4 and Appendix D: the lower bounds, by benchmark."""
