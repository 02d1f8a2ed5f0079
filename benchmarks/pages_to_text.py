"""Speed and score of reading pages: `python benchmarks/pages_to_text.py [--data DIR]`.

DIR holds `pages/` (saved pages and their true bodies); the scorer is loaded from DIR/../eval. Without it the pages of
the tests are read, for the speed only. The baseline is the bare extractor on the same pages in the same process, once
as it gives text alone and once with its own metadata.
"""

import argparse
import gzip
import importlib.util
import io
import json
import re
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import trafilatura

from benchmarks._figures import note
from sources.errors import DocumentRefused
from sources.pages import PaywallStub, read_page

TEST_PAGES = Path(__file__).resolve().parents[1] / "tests" / "sources" / "pages"
# The test pages are few and small; one round of them is too short to be timed.
LEAST_PAGES = 80
F1_MIN = 0.955


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path)
    folder = arguments.parse_args().data
    files = sorted((folder / "pages" / "html").glob("*.html.gz") if folder else TEST_PAGES.glob("*.html"))
    pages = [gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes() for file in files]
    rounds = -(-LEAST_PAGES // len(pages))
    texts = [read(page) for page in pages]
    size = sum(map(len, pages)) / len(pages) / 1000
    print(f"{len(pages)} pages, {size:.0f} kB each on average, one process, processor time")
    ours = speed(read, pages * rounds)
    bare = speed(lambda page: trafilatura.bare_extraction(page, include_comments=False), pages * rounds)
    described = speed(
        lambda page: trafilatura.bare_extraction(page, include_comments=False, with_metadata=True), pages * rounds
    )
    print(f"text, metadata, self-check: {ours:.1f} pages/s")
    print(f"bare trafilatura, text only: {bare:.1f} pages/s; ratio {ours / bare:.2f}")
    print(f"bare trafilatura, text and its metadata: {described:.1f} pages/s; ratio {ours / described:.2f}")
    what = f"reading {len(pages)} pages, a second of processor time"
    note(what, ours, "1/s", baseline=bare, against="bare trafilatura, text only")
    if folder:
        baseline = [getattr(trafilatura.bare_extraction(page), "text", "") or "" for page in pages]
        scores = []
        for name, found in (("ours", texts), ("bare trafilatura", baseline)):
            print(f"{name}:", flush=True)
            scores.append(score(folder, files, found))
        what = f"text of {len(pages)} saved pages, F1"
        note(what, scores[0], at_least=F1_MIN, baseline=scores[1], against="bare trafilatura")


def read(page: bytes) -> str:
    try:
        return read_page(page).text
    except PaywallStub as stub:
        return stub.page.text
    except DocumentRefused:
        return ""


def speed(reader: Callable[[bytes], Any], pages: list[bytes]) -> float:
    """Return pages a second of processor time, the best of three rounds: other work on the machine only slows."""
    seconds = []
    for _ in range(3):
        started = time.process_time()
        for page in pages:
            reader(page)
        seconds.append(time.process_time() - started)
    return len(pages) / min(seconds)


def score(folder: Path, files: list[Path], texts: list[str]) -> float:
    """Print what the scorer says, and return its F1."""
    spec = importlib.util.spec_from_file_location("score_pages", folder.parent / "eval" / "score_pages.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"No scorer score_pages.py in {folder.parent / 'eval'}.")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as predictions:
        for file, text in zip(files, texts, strict=True):
            predictions.write(json.dumps({"file": file.name, "text": text}) + "\n")
        predictions.flush()
        with redirect_stdout(io.StringIO()) as told:
            scorer.main(str(folder / "pages" / "ground-truth.json"), predictions.name)
    print(told.getvalue(), end="", flush=True)
    found = re.search(r"\bf1=([\d.]+)", told.getvalue())
    if found is None:
        raise SystemExit("The scorer named no f1.")
    return float(found[1])


if __name__ == "__main__":
    main()
