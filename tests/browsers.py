"""A browser without network, with the fonts of the machine or with few; and axe-core, for tests that open pages."""

import os
import shutil
import subprocess

import matplotlib
import pytest

from ccmlib.base import project

AXE = "axe-core@4.14.1"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

#: All fonts that a browser then has: DejaVu, which matplotlib brings along, is wider than what most machines show.
ONLY_DEJAVU = f"""<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{matplotlib.get_data_path()}/fonts/ttf</dir></fontconfig>"""


@pytest.fixture(scope="module")
def playwright():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        yield play


def launched(playwright, **env):
    return playwright.chromium.launch(
        executable_path=shutil.which("chromium"), env={**os.environ, **env},
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    )


@pytest.fixture(scope="module")
def browser(playwright):
    chromium = launched(playwright)
    yield chromium
    chromium.close()


@pytest.fixture(scope="module", params=["own fonts", "DejaVu alone"])
def any_fonts(request, playwright, tmp_path_factory):
    """A browser with the fonts of the machine, and one with DejaVu alone."""
    fonts = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    fonts.write_text(ONLY_DEJAVU)
    chromium = launched(playwright, **({"FONTCONFIG_FILE": str(fonts)} if "DejaVu" in request.param else {}))
    yield chromium
    chromium.close()


@pytest.fixture(scope="module")
def axe():
    """Bring axe-core, once for this checkout."""
    folder = project.ROOT / ".cache" / "axe"
    path = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", folder, AXE], check=True)
    return path.read_text(encoding="utf-8")


class Opened:
    """A page, what it asked for and what it complained about."""

    def __init__(self, browser, path, width=1280, anchor="", **options):
        self.context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, **options)
        self.page = self.context.new_page()
        self.asked, self.said = [], []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message) or dialog.dismiss())
        self.page.goto(f"file://{path}{anchor}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()
