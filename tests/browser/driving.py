"""What a reader does to a page, and what one sees of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from selenium.webdriver.common.by import By

if TYPE_CHECKING:
    from selenium import webdriver

WIDE, NARROW = 1280, 390


def visit(page: webdriver.Chrome, path: Path) -> webdriver.Chrome:
    """Open a page from disk, with empty logs."""
    for log in ("browser", "performance"):
        page.get_log(log)
    page.get(path.as_uri())
    return page


def resize(page: webdriver.Chrome, width: int) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def emulate(page: webdriver.Chrome, scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def shown(page: webdriver.Chrome, selector: str) -> list[str]:
    """Return the first word of each visible element."""
    elements = page.find_elements(By.CSS_SELECTOR, selector)
    return [element.text.split()[0] for element in elements if element.is_displayed()]


def rows(page: webdriver.Chrome) -> list[str]:
    return shown(page, "table.claims tbody tr")


def press(page: webdriver.Chrome, *keys: str) -> None:
    page.switch_to.active_element.send_keys(*keys)


def colours(page: webdriver.Chrome, selector: str) -> tuple[float, float]:
    """Return the WCAG luminance of an element's text and of the background behind it."""
    return tuple(
        page.execute_script(
            """
            const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
            const luminance = (colour) => {
              canvas.fillStyle = colour;
              canvas.fillRect(0, 0, 1, 1);
              const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((byte) => {
                const x = byte / 255;
                return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
              });
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const element = document.querySelector(arguments[0]);
            const background = (one) => getComputedStyle(one).backgroundColor;
            let behind = element;
            while (background(behind) === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
            return [getComputedStyle(element).color, background(behind)].map(luminance);
            """,
            selector,
        )
    )


def requests(page: webdriver.Chrome) -> list[str]:
    """Return the schemes of all addresses that the page asked for, data addresses left out."""
    messages = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    sent = [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]
    return [url.partition(":")[0] for url in sent if not url.startswith("data:")]


def assert_contrast(page: webdriver.Chrome, selector: str, scheme: str) -> None:
    text, background = colours(page, selector)
    lighter, darker = max(text, background), min(text, background)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5, selector
    assert (text > background) == (scheme == "dark"), selector
