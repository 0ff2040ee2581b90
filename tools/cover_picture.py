"""The picture of the demo's cover (tools/papers/cover.png), taken of its report in Chromium.

    python -m tools.cover_picture

The report must be there (`make report`). The fonts that the project brings stand for those of an office computer.
"""

import os
import shutil
import tempfile
from io import BytesIO
from pathlib import Path

import pylopdf_fonts_zh_cn
from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
COVER, PICTURE = ROOT / "reports/putuo-2024/index.html", ROOT / "tools/papers/cover.png"
WIDTH, HEIGHT, COLOURS = 1100, 620, 32
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{folder}</dir></fontconfig>"""


def screen() -> bytes:
    """Return the first screen of the cover, as Chromium shows it."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        fonts = Path(folder) / "fonts.conf"
        fonts.write_text(FONTS.format(folder=Path(pylopdf_fonts_zh_cn.sans_path()).parent), encoding="utf-8")
        environment = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
        options = {"executable_path": BROWSER, "args": ["--no-sandbox"], "env": environment}
        browser = playwright.chromium.launch(**options)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(COVER.as_uri())
        shown = page.screenshot()
        browser.close()
    return shown


if __name__ == "__main__":
    with Image.open(BytesIO(screen())) as picture:
        picture.convert("RGB").quantize(COLOURS).save(PICTURE, optimize=True)
