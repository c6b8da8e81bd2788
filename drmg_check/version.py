"""The version of drmg-check, apart from the root package, so that every room may import it."""

__version__ = "0.2.0"
