"""Write ``docs/images/report.png``: the first screen of the sample report, in the light scheme.

Run ``make screenshot`` after ``make sample``; it needs Chromium.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE, PICTURE = ROOT / "reports/sample/audit.html", ROOT / "docs/images/report.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LIGHT = 1  # of Blink's preferred colour schemes


def main() -> None:
    """Take the picture, or say what is missing."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise SystemExit(f"no browser found; expected one of {', '.join(BROWSERS)} on PATH")
    if not PAGE.exists():
        raise SystemExit(f"{PAGE} is not there; run make sample first")
    subprocess.run(  # noqa: S603 - a browser of this machine, on a page of ours
        [
            browser,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--blink-settings=preferredColorScheme={LIGHT}",
            "--window-size=1280,900",
            f"--screenshot={PICTURE}",
            PAGE.as_uri(),
        ],
        check=True,
        stderr=subprocess.DEVNULL,
        timeout=120,
    )
    sys.stdout.write(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
