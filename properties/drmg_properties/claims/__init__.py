"""Ledgers: a folder for each paper, the claims about ourselves, and the steps that papers share."""
