"""The command line: the one layer that prints and that knows exit codes."""

from drmg_check.cli._main import main as main
