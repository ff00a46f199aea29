"""Takes the README's screenshot of a page that is being served: `python docs/screenshot.py http://127.0.0.1:7860`.

It needs the extra `test` and a chromium of the system.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

FILE = Path(__file__).parent / "images" / "page.png"
QUESTION = "How many arrests did Operación Azahar lead to?"
SIZE = (1280, 860)
COLOURS = 64


def main(address: str) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": SIZE[0], "height": SIZE[1]}, locale="en")
        page.goto(address)
        page.fill("#plain-question", QUESTION)
        page.press("#plain-question", "Enter")
        page.wait_for_selector("#conversation mark")
        page.wait_for_timeout(1_000)
        page.evaluate("window.scrollTo(0, 0)")
        picture = Image.open(io.BytesIO(page.screenshot()))
        chromium.close()
    FILE.parent.mkdir(exist_ok=True)
    picture.convert("RGB").quantize(COLOURS).save(FILE, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1])
