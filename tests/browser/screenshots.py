"""Pictures of the four main pages, wide and narrow, light and dark, of a running site.

`python -m tests.browser.screenshots --base-url http://localhost:8000 --output shots`
"""

import argparse
import sys
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, CHROMIUM_MISSING, find_chromium

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", default="http://localhost:8000")
    parser.add_argument("--output", type=Path, default=Path("screenshots"))
    asked = parser.parse_args(arguments)
    chromium = find_chromium()
    if chromium is None:
        sys.stderr.write(f"{CHROMIUM_MISSING}\n")
        return 1
    asked.output.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        pages = main_pages(browser.new_page(), asked.base_url)
        for scheme in SCHEMES:
            for width in WIDTHS:
                page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
                for name, address in pages.items():
                    page.goto(address)
                    path = asked.output / f"{name}-{width}-{scheme}.png"
                    page.screenshot(path=path, full_page=True)
                    sys.stdout.write(f"{path}\n")
                page.close()
        browser.close()
    return 0


def main_pages(page: Page, base_url: str) -> dict[str, str]:
    """Return the addresses of the list, its first claim, that claim's first article at its span, and the outlets."""
    page.goto(urljoin(base_url, "/claims/"))
    claim = page.locator(".claim-row h2 a").first.evaluate("link => link.href")
    page.goto(claim)
    article = page.locator(".report .source a").first.evaluate("link => link.href")
    page.close()
    return {
        "claims": urljoin(base_url, "/claims/"),
        "claim": claim,
        "article": article,
        "outlets": urljoin(base_url, "/outlets/"),
    }


if __name__ == "__main__":
    sys.exit(main())
