"""``python -m drmg_check`` is the command ``drmg-check``."""

from drmg_check.cli import main

if __name__ == "__main__":
    main()
