"""Lighthouse's scores of the six main pages, of a site with the seeds on this machine.

It takes npm (Node.js 18.20 or later), which brings Lighthouse in the version below, and Chromium. Scores are of 100;
the least that each page must have is 95. `--base-url` measures a site that runs.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import sync_playwright

from benchmarks._figures import note
from tests.browser.chromium import ARGUMENTS, CHROMIUM_MISSING, find_chromium
from tests.browser.screenshots import PAGES, find
from tests.browser.seeded import seeded_site

LIGHTHOUSE = "lighthouse@12.8.2"
MEASURED = ("claims", "claim", "article", "topic", "outlet", "overview")
CATEGORIES = ("performance", "accessibility", "best-practices")
LEAST = 95
TIMEOUT_S = 300


class LighthouseFailed(Exception):
    """Lighthouse gave no scores; the message has what it said."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base-url", help="a running site; else one is started with the seeds")
    asked = parser.parse_args(arguments)
    chromium, npx = find_chromium(), shutil.which("npx")
    if npx is None:
        sys.stderr.write("Lighthouse comes by npm, which is not installed: install Node.js 18.20 or later with npm.\n")
        return 1
    if chromium is None:
        sys.stderr.write(f"{CHROMIUM_MISSING}\n")
        return 1
    with nullcontext(asked.base_url) if asked.base_url else seeded_site() as site:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            page = browser.new_page()
            addresses = {name: find(page, site, PAGES[name]) for name in MEASURED}
            browser.close()
        lowest = 100
        sys.stdout.write(f"{LIGHTHOUSE}, {chromium}, as on a telephone\n{'page':<12}{'  '.join(CATEGORIES)}\n")
        for name, address in addresses.items():
            report = measure(address, npx=npx, chromium=chromium)
            scores = {each: round(100 * (report["categories"][each]["score"] or 0)) for each in CATEGORIES}
            lowest = min(lowest, *scores.values())
            for category, score in scores.items():
                note(f"Lighthouse, page “{name}”: {category}", score, at_least=LEAST)
            figures = "  ".join(f"{scores[category]:>{len(category)}}" for category in CATEGORIES)
            sys.stdout.write(f"{name:<12}{figures}\n")
            for fault in faults(report):
                sys.stdout.write(f"{'':<12}{fault}\n")
            sys.stdout.flush()
    sys.stdout.write(f"lowest {lowest}, wanted {LEAST}\n")
    return 0 if lowest >= LEAST else 1


def faults(report: dict[str, Any]) -> list[str]:
    """Return what a page is marked down for, but for its speed, whose marks follow the machine."""
    judged = [entry for name in CATEGORIES[1:] for entry in report["categories"][name]["auditRefs"] if entry["weight"]]
    audits = [report["audits"][entry["id"]] for entry in judged]
    return [audit["title"] for audit in audits if audit["score"] is not None and audit["score"] < 1]


def measure(address: str, *, npx: str, chromium: str) -> dict[str, Any]:
    """Return Lighthouse's report of a page.

    Raises LighthouseFailed.
    """
    with tempfile.TemporaryDirectory(prefix="second-source-lighthouse-") as folder:
        report = Path(folder) / "report.json"
        command = [
            *(npx, "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", f"--output-path={report}"),
            *(f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags=--headless=new {' '.join(ARGUMENTS)}"),
        ]
        done = subprocess.run(
            command,
            env=os.environ | {"CHROME_PATH": chromium},
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_S,
        )
        if done.returncode or not report.exists():
            raise LighthouseFailed(f"{address}: {done.stderr[-2000:]}")
        found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    sys.exit(main())
