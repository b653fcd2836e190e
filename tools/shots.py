#!/usr/bin/env python
"""Look at pages: screenshots in every width, language and theme, axe on each, sideways scrolling, paper.

    tools/shots.py --base http://127.0.0.1:8000 --out ~/shots / /style/ /accounts/login/
    tools/shots.py --user operator --password … --langs kk --widths 1280 --themes light /staff/
    tools/shots.py --quick /style/          one picture: kk, 360, light

It starts no server. It ends with 1 when axe finds anything or a page scrolls sideways.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
# Without these a browser on a closed network looks for its maker's servers at every start.
QUIET_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SLOW = 90_000  # milliseconds that a sign-in may take on a busy machine
LANGUAGES = ("kk", "ru", "en")
WIDTHS = (360, 768, 1280)
THEMES = ("light", "dark")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def axe_problems(page: Page) -> list[str]:
    """Everything axe reports, and the contrasts it could not decide: those are to be made decidable.

    Of text in a drawing it never decides: the colours of drawings are compared in tests/catalogue/test_picture.py.
    """
    results = Axe().run(page).response
    unsure = [found for found in results["incomplete"] if found["id"] == "color-contrast"]
    for found in unsure:
        found["nodes"] = [node for node in found["nodes"] if not node["html"].startswith("<text")]
    unsure = [found for found in unsure if found["nodes"]]
    return [_describe(found) for found in [*results["violations"], *unsure]]


def _describe(found: dict[str, Any]) -> str:
    nodes = [f"{node['html'][:160]} | {node.get('failureSummary', '')[:300]}" for node in found["nodes"][:4]]
    lines = "\n      ".join(" ".join(node.split()) for node in nodes)
    return f"{found['id']} ({len(found['nodes'])}): {found['help']}\n      {lines}"


def overflow(page: Page, width: int) -> str:
    """Which elements stick out when the page is this narrow; empty when none does."""
    page.set_viewport_size({"width": width, "height": 800})
    return str(
        page.evaluate(
            """() => {
                const limit = document.documentElement.clientWidth;
                if (document.documentElement.scrollWidth <= limit) return "";
                return Array.from(document.querySelectorAll("body *"))
                    .filter((element) => element.getBoundingClientRect().right > limit + 1)
                    .slice(0, 5).map((element) => element.outerHTML.slice(0, 100))
                    .join("\\n      ") || "the page itself";
            }"""
        )
    )


def sign_in(context: BrowserContext, base: str, user: str, password: str) -> None:
    """By password and code, as everybody does."""
    page, reader = context.new_page(), context.new_page()
    before = newest_message(reader, base)
    page.goto(f"{base}/accounts/login/")
    page.fill("input[name=login]", user)
    page.fill("input[name=password]", password)
    with page.expect_navigation(timeout=SLOW):
        page.click("main button[type=submit]")
    if "/accounts/code" in page.url:
        page.fill("input[name=code]", code_after(before, reader, base))
        with page.expect_navigation(timeout=SLOW):
            page.locator("main form button[type=submit]").first.click()
    if "/accounts/" in page.url:
        said = " ".join(page.locator("main").inner_text().split())[:300]
        raise SystemExit(f"could not sign in as {user}: stopped at {page.url}: {said}")
    reader.close()
    page.close()


def newest_message(reader: Page, base: str) -> str:
    """What the demo city has sent last; elsewhere nobody can look."""
    reader.goto(f"{base}/demo/messages/")
    newest = reader.locator("article").first
    return newest.inner_text() if newest.count() else ""


def code_after(before: str, reader: Page, base: str) -> str:
    """The code of the message that comes next; the worker sends it within a few seconds, on a busy machine in more."""
    for _ in range(SLOW // 500):
        text = newest_message(reader, base)
        found = re.search(r"\b\d{6}\b", text)
        if text != before and found:
            return found[0]
        reader.wait_for_timeout(500)
    raise SystemExit(f"no code came in {SLOW // 1000} s: is the worker of {base} running?")


def look_cookies(base: str, language: str, look: str) -> list[Any]:
    return [
        {"name": "django_language", "value": language, "url": base},
        {"name": "halyq_look", "value": look, "url": base},
    ]


def file_name(path: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-") or "front"


class Shooter:
    """One run over all pages; counts what was found."""

    def __init__(self, browser: Browser, options: argparse.Namespace) -> None:
        self.browser = browser
        self.options = options
        self.out = Path(options.out)
        self.out.mkdir(parents=True, exist_ok=True)
        self.problems = 0
        self.state: Any = None

    def run(self) -> int:
        options = self.options
        if options.user:
            context = self.browser.new_context()
            sign_in(context, options.base, options.user, options.password)
            self.state = context.storage_state()
            context.close()
        for language in options.langs:
            for theme in options.themes:
                self._look(language, theme)
        print(f"{self.problems} problems; pictures in {self.out}")
        return 1 if self.problems else 0

    def _look(self, language: str, theme: str) -> None:
        context = self.browser.new_context(storage_state=self.state, java_script_enabled=not self.options.no_js)
        text, contrast = ("large", "high") if self.options.easy else ("normal", "normal")
        context.add_cookies(look_cookies(self.options.base, language, f"{theme}.{text}.{contrast}"))
        page = context.new_page()
        page.on("console", lambda message: self._console(page, message))
        for path in self.options.paths:
            self._page(page, path, language, theme)
        context.close()

    def _page(self, page: Page, path: str, language: str, theme: str) -> None:
        for width in self.options.widths:
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(self.options.base + path, wait_until="networkidle")
            name = f"{file_name(path)}-{language}-{width}-{theme}"
            page.screenshot(path=self.out / f"{name}.png", full_page=True)
            if not self.options.no_js:
                self._report(name, axe_problems(page))
        for width in (320, 360):
            sticking = overflow(page, width)
            self._report(f"{path} {language} at {width}", [f"scrolls sideways:\n      {sticking}"] if sticking else [])
        if self.options.paper and theme == self.options.themes[0]:
            page.pdf(path=self.out / f"{file_name(path)}-{language}.pdf", format="A4")

    def _report(self, where: str, problems: list[str]) -> None:
        self.problems += len(problems)
        for problem in problems:
            print(f"{where}\n    {problem}")

    def _console(self, page: Page, message: ConsoleMessage) -> None:
        """Refusals of the security policy and missing files; an error page's own status does not count."""
        if message.type == "error" and message.location["url"].split("?")[0] != page.url.split("?")[0]:
            self._report(page.url, [f"browser console: {message.text}"])


def options_of(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", metavar="path")
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument(
        "--out", default=str(Path(tempfile.gettempdir()) / "halyq-shots"), help="a folder outside the tree"
    )
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default="")
    parser.add_argument("--langs", default=",".join(LANGUAGES), type=lambda text: text.split(","))
    parser.add_argument(
        "--widths", default=",".join(map(str, WIDTHS)), type=lambda text: list(map(int, text.split(",")))
    )
    parser.add_argument("--themes", default=",".join(THEMES), type=lambda text: text.split(","))
    parser.add_argument("--easy", action="store_true", help="the version for the visually impaired")
    parser.add_argument("--paper", action="store_true", help="also a PDF as printed")
    parser.add_argument("--no-js", action="store_true", help="without scripts (and so without axe)")
    parser.add_argument("--quick", action="store_true", help="kk, 360 px, light")
    options = parser.parse_args(arguments)
    if isinstance(options.langs, str):
        options.langs, options.widths, options.themes = LANGUAGES, WIDTHS, THEMES
    if options.quick:
        options.langs, options.widths, options.themes = ["kk"], [360], ["light"]
    return options


def main() -> int:
    if not CHROMIUM.exists():
        raise SystemExit(f"{CHROMIUM} is missing: install Debian's package chromium")
    options = options_of(sys.argv[1:])
    with chromium() as browser:
        return Shooter(browser, options).run()


if __name__ == "__main__":
    raise SystemExit(main())
