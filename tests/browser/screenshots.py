"""Pictures of the pages, wide and narrow, light and dark, from the seeds or of a running site.

`python -m tests.browser.screenshots` makes those of docs/screenshots/. A page is one line of PAGES.
"""

import argparse
import base64
import sys
from contextlib import nullcontext
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import ARGUMENTS, CHROMIUM_MISSING, find_chromium
from tests.browser.seeded import REPOSITORY, seeded_site

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")
#: Of a long page its beginning is shown.
MAX_HEIGHT = {1280: 1600, 390: 1500}
QUALITY = 0.8

#: Name of the picture, and how to come to the page: an address, then links to follow, each by a CSS selector.
PAGES: dict[str, tuple[str, ...]] = {
    "claims": ("/claims/",),
    "claim": ("/claims/", ".claim-row h2 a"),
    "topic": ("/topics/", "main a[href$='/topics/thaad/']"),
    "speaker": ("/speakers/", "main a[href*='/speakers/']"),
    "articles": ("/articles/",),
    "article": ("/claims/", ".claim-row h2 a", "main a[href*='/articles/'][href*='#s-']"),
    "outlets": ("/outlets/",),
    "outlet": ("/outlets/", "main a[href*='/outlets/']"),
    "overview": ("/overview/",),
    "claims-chinese": ("/zh-hans/claims/",),
    "claim-russian": ("/ru/claims/", ".claim-row h2 a"),
}

# Chromium writes WebP, which takes a fifth of a PNG's size.
_AS_WEBP = """
async ([png, quality]) => {
  const picture = await (await fetch(`data:image/png;base64,${png}`)).blob();
  const bitmap = await createImageBitmap(picture);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({type: 'image/webp', quality})).arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
}
"""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", help="a running site; else one is started with the seeds")
    parser.add_argument("--output", type=Path, default=REPOSITORY / "docs" / "screenshots")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(PAGES)}; all of them if none is named")
    asked = parser.parse_args(arguments)
    unknown = set(asked.names) - set(PAGES)
    if unknown:
        parser.error(f"there is no picture named {', '.join(sorted(unknown))}")
    chromium = find_chromium()
    if chromium is None:
        sys.stderr.write(f"{CHROMIUM_MISSING}\n")
        return 1
    asked.output.mkdir(parents=True, exist_ok=True)
    with (
        nullcontext(asked.base_url) if asked.base_url else seeded_site() as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        total = sum(shoot(browser, site, name, asked.output) for name in asked.names or PAGES)
        browser.close()
    sys.stdout.write(f"{total / 1_000_000:.1f} MB\n")
    return 0


def shoot(browser: Browser, site: str, name: str, output: Path) -> int:
    """Write the pictures of a page, in each width and scheme, and return their size in bytes."""
    size = 0
    painter = browser.new_page()
    page = browser.new_page()
    address = find(page, site, PAGES[name])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.goto(address)
            height = min(page.evaluate("document.documentElement.scrollHeight"), MAX_HEIGHT[width])
            picture = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
            webp = painter.evaluate(_AS_WEBP, [base64.b64encode(picture).decode(), QUALITY])
            path = output / f"{name}-{width}-{scheme}.webp"
            size += path.write_bytes(base64.b64decode(webp))
            sys.stdout.write(f"{path}\n")
    page.close()
    painter.close()
    return size


def find(page: Page, site: str, way: tuple[str, ...]) -> str:
    """Return the address that a way leads to; of several links of one kind the first is followed."""
    address = site + way[0]
    for selector in way[1:]:
        page.goto(address)
        address = page.locator(selector).first.evaluate("link => link.href")
    # Without the fragment: the picture begins at the top.
    return address.partition("#")[0]


if __name__ == "__main__":
    sys.exit(main())
