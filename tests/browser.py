"""Pages in a real browser: Chromium without a window, which is told of all that a page asks for or complains of."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def present() -> bool:
    """Return whether there is a browser and what drives it."""
    return CHROMIUM is not None and all(map(find_spec, ("playwright", "axe_playwright_python")))


def require() -> None:
    """Skip the tests that need a browser where there is none, and fail them where one is required."""
    if present():
        return
    why = "Chromium, playwright or axe-playwright-python is not installed: pages are not tested in a browser"
    if os.environ.get("REQUIRE_OUTSIDE") == "1":
        pytest.fail(why)
    pytest.skip(why)


@contextmanager
def started() -> Iterator[Browser]:
    """Start the browser, and end it."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not everybody has it

    alone = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses to sandbox root
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=alone)
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page, and what it asked for and complained of."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def opened(browser: Browser, file: Path, *, dark: bool = False, policy: bool = True) -> Iterator[Opened]:
    """Open a page that may not complain of anything nor ask for anything but itself.

    Parameters
    ----------
    dark : bool
        Whether the reader prefers dark colours.
    policy : bool
        Whether the page's own policy is in force, which forbids the script of an accessibility checker, too.
    """
    context = browser.new_context(
        color_scheme="dark" if dark else "light", bypass_csp=not policy, viewport={"width": 1280, "height": 900}
    )
    found = Opened(context.new_page())
    found.page.on("request", lambda request: found.asked.append(request.url))
    found.page.on("console", lambda message: found.complaints.append(f"{message.type}: {message.text}"))
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    found.page.goto(file.as_uri())
    yield found
    context.close()
    assert found.complaints == []
    assert found.asked == [file.as_uri()]
