"""How fast articles are imported, end to end without their statements, and in how much memory.

    python benchmarks/import_articles.py [--data DIR] [--articles 100000] [--archive-mb 1000] [--workers N]

JSON Lines: articles of some 600 words of 50 outlets, made up like those of `benchmarks/copies.py`; one in twenty is
a reprint of an earlier one, one in ten has a credit line. Web archive: with DIR, the saved pages in DIR/pages, else
made-up pages with the usual menus, scripts and teasers; each page comes again and again with other words in its
sentences, so that each is another article. Quick run: --articles 2000 --archive-mb 20.

One process reads the file into an import run while N workers (as many as there are processors) import what waits, in a
throwaway PostgreSQL. The clock runs from the first byte read until the last article is stored, with its revision,
credits and copies. Printed are articles a second; articles a second of processor time, that of the database for these
processes included; and for each process how far its memory rises above what it had after a tenth of its work. The
baseline of pages is the bare extractor, trafilatura, on a sample of the same pages in one process, by processor time.
"""

import argparse
import gzip
import json
import multiprocessing
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._figures import note
from benchmarks.copies import EVENTS_EVERY, OUTLETS, Writer, variants

#: Articles a second, pages a second of processor time, its part of the bare extractor's, and megabytes of memory.
LINES_MIN, PAGES_MIN, RATIO_MIN, RISE_MAX_MB = 400, 25, 0.6, 50
BASELINE_PAGES, WARM_UP = 150, 50
#: Characters from which a text in a page is taken for a sentence.
SENTENCE = 60
MAX_BYTES = 10_000_000
CREDITS = ("\n\n(With inputs from Reuters)", "\n\n(AFP)", "\n\nSource: Xinhua")
_TEXT_NODE = re.compile(r"(<(script|style)\b.*?</\2>|<[^>]*>)|([^<]+)", re.DOTALL | re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]{3,}")


# Files


def write_lines(path: Path, count: int) -> None:
    writer = Writer(11)
    event, earlier = writer.event(), ""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            if number % EVENTS_EVERY == 0:
                event = writer.event()
            text = writer.article(event)
            if number % 20 == 19:
                text = writer.chance.choice(list(variants(writer, earlier).values()))
            elif number % 20 == 9:
                earlier = text
            if number % 10 == 3:
                text += writer.chance.choice(CREDITS)
            record = {
                "id": str(number),
                "outlet": f"Bench outlet {number % OUTLETS}",
                "title": text[:60],
                "published_at": f"2020-01-{number % 28 + 1:02}T12:00Z",
                "text": text,
            }
            file.write(json.dumps(record) + "\n")


def made_up_page(writer: Writer) -> str:
    def links(count: int) -> str:
        return "".join(
            f'<li class="item"><a class="link" href="/{n}">{" ".join(writer.run(4))}</a></li>' for n in range(count)
        )

    title = " ".join(writer.run(8)).capitalize()
    paragraphs = "".join(f"<p>{part}</p>" for part in writer.article(writer.event()).split("\n\n"))
    teasers = "".join(
        f'<div class="teaser"><h3><a href="/t{n}">{" ".join(writer.run(7))}</a></h3><p>{writer.sentence([])}</p></div>'
        for n in range(25)
    )
    script = "window.q=window.q||[];" + "".join(f'q.push({{"k{n}":"{n * 7919}"}});' for n in range(1000))
    described = json.dumps({"@type": "NewsArticle", "headline": title, "datePublished": "2020-01-31T12:00:00Z"})
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} | Gazette</title>'
        f'<script type="application/ld+json">{described}</script><script>{script}</script></head><body>'
        f"<header><nav><ul>{links(120)}</ul></nav></header><main><article><h1>{title}</h1>{paragraphs}</article></main>"
        f"<aside>{teasers}</aside><footer><ul>{links(60)}</ul></footer></body></html>"
    )


def saved_pages(folder: Path) -> list[str]:
    files = sorted((folder / "pages" / "html").glob("*.html.gz"))
    if not files:
        raise SystemExit(f"No pages in {folder / 'pages' / 'html'}.")
    return [gzip.decompress(file.read_bytes()).decode("utf-8", "replace") for file in files]


class Exchange:
    """Pages with other words in their sentences; marks, markup, and what is short, such as bylines and dates, stay."""

    def __init__(self, pages: list[str], seed: int) -> None:
        self._pages, self._chance = pages, random.Random(seed)  # noqa: S311 (made up text)
        texts = (match.group(3) or "" for page in pages for match in _TEXT_NODE.finditer(page))
        sentences = (text for text in texts if len(text) >= SENTENCE)
        self._words = sorted({word for text in sentences for word in _WORD.findall(text) if len(word) < 20})

    def page(self, number: int) -> str:
        words = dict(zip(self._words, self._chance.sample(self._words, len(self._words)), strict=True))

        def exchanged(match: re.Match[str]) -> str:
            if match.group(1) or len(match.group(3)) < SENTENCE:
                return match.group()
            return _WORD.sub(lambda word: words.get(word.group(), word.group()), match.group())

        return _TEXT_NODE.sub(exchanged, self._pages[number % len(self._pages)])


def write_archive(path: Path, pages: list[str], megabytes: int) -> int:
    """Write an archive of so many megabytes and return how many pages it has."""
    exchange, number = Exchange(pages, 5), 0
    with path.open("wb") as file:
        while file.tell() < megabytes * 1_000_000:
            body = exchange.page(number).encode()
            http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
            file.write(
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number:032}>\r\n"
                f"WARC-Date: 2020-01-31T12:00:00Z\r\n"
                f"WARC-Target-URI: https://outlet{number % OUTLETS}.example/{number}\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n".encode()
            )
            file.write(http + b"\r\n\r\n")
            number += 1
    return number


# Processes


@dataclass
class Spent:
    """What a process used: seconds of processor time, its database session's too, and megabytes as it went on."""

    role: str
    processor_s: float = 0.0
    megabytes: list[float] = field(default_factory=list)

    @property
    def rise_mb(self) -> float:
        """How far memory rose above what it was after a tenth of the work."""
        settled = self.megabytes[len(self.megabytes) // 10 :]
        return max(settled) - settled[0]


def resident_mb(pid: int | str = "self") -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def database_session() -> int:
    """Return the process that serves our connection."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    import django

    django.setup()


def read_file(label: str, path: str, started: Any, results: Any) -> None:
    """Read a file into an import run."""
    set_up()
    from sources import importing
    from sources.documents import read_documents

    spent, session = Spent("reader"), database_session()
    started.wait()
    own = time.process_time()
    importing.request_import(
        label,
        documents=read_documents(Path(path), max_bytes=MAX_BYTES),
        priority=importing.PRIORITY_BULK,
        stored=lambda: spent.megabytes.append(resident_mb()),
    )
    spent.processor_s = time.process_time() - own + processor_s(session)
    results.put(spent)


def work(label: str, path: str, started: Any, results: Any) -> None:
    """Import what waits until the run is read and all of it is done."""
    set_up()
    from sources import importing
    from sources.models import ImportItem, ImportRun

    warm_up(path)
    spent, session = Spent("worker"), database_session()
    started.wait()
    own = time.process_time()
    while True:
        whole = ImportRun.objects.filter(label=label, read_at__isnull=False).exists()
        if importing.import_next(most=importing.TOGETHER):
            spent.megabytes.append(resident_mb())
        elif whole and not ImportItem.objects.pending().exists():
            break
        else:
            time.sleep(0.02)
    spent.processor_s = time.process_time() - own + processor_s(session)
    results.put(spent)


def import_file(path: Path, workers: int) -> tuple[float, list[Spent]]:
    """Import a file with so many workers and return the seconds it took and what each process used."""
    context = multiprocessing.get_context("spawn")
    # All processes begin once each has loaded what it needs.
    started, results = context.Barrier(workers + 2), context.Queue()
    processes = [context.Process(target=read_file, args=(path.name, str(path), started, results))]
    processes += [context.Process(target=work, args=(path.name, str(path), started, results)) for _ in range(workers)]
    for process in processes:
        process.start()
    started.wait()
    clock = time.perf_counter()
    spent = [results.get() for _ in processes]
    seconds = time.perf_counter() - clock
    for process in processes:
        process.join()
    return seconds, spent


def bodies(path: Path) -> Iterator[bytes]:
    from sources.archives import read_archive
    from sources.documents import Document

    return (one.payload for one in read_archive(path, max_bytes=MAX_BYTES) if isinstance(one, Document))


def bare_extractor(path: str, count: int) -> float:
    """Return pages a second of processor time of trafilatura alone."""
    import trafilatura

    pages = list(islice(bodies(Path(path)), count))
    trafilatura.bare_extraction(pages[0], include_comments=False)
    start = time.process_time()
    for page in pages:
        trafilatura.bare_extraction(page, include_comments=False)
    return len(pages) / (time.process_time() - start)


def warm_up(path: str) -> None:
    """Load the models and tables that a process keeps from its first pages and texts on."""
    from sources.copies import read_words
    from sources.documents import Document, read_documents
    from sources.errors import DocumentRefused
    from sources.services.contents import read_content

    for document in islice(read_documents(Path(path), max_bytes=MAX_BYTES), WARM_UP):
        if isinstance(document, Document):
            with suppress(DocumentRefused):
                read_words(read_content(document.payload, document.media_type, document.record).text)


def in_child(function: Any, *arguments: Any) -> Any:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


# Report


def states(label: str) -> dict[str, int]:
    from sources.models import ImportRun

    return ImportRun.objects.get(label=label).items.counts_by_state()


def report(what: str, path: Path, count: int, workers: int) -> float:
    """Import a file, print how that went, and return articles a second of processor time."""
    size = path.stat().st_size / 1e6
    print(f"{what}: {count:,} articles, {size:,.0f} MB, {workers} workers", flush=True)
    seconds, spent = import_file(path, workers)
    per_core = count / sum(one.processor_s for one in spent)
    print(f"  {count / seconds:8.1f} articles/s in {seconds:,.0f} s; {per_core:.1f} a second of processor time")
    for one in spent:
        print(
            f"  {one.role:8} {one.processor_s:7.1f} s of processor, memory {one.megabytes[0]:.0f} MB at first, "
            f"{max(one.megabytes):.0f} at most; {one.rise_mb:+.0f} MB after a tenth of the work"
        )
    print(f"  {', '.join(f'{number:,} {state}' for state, number in sorted(states(path.name).items()))}", flush=True)
    aim = LINES_MIN if what == "JSON Lines" else None
    note(f"import, {what}: articles a second", count / seconds, "1/s", at_least=aim)
    rise = max(one.rise_mb for one in spent if one.role == "worker")
    note(f"import, {what}: memory above a tenth of the work", rise, "MB", at_most=RISE_MAX_MB)
    return per_core


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with pages/html/*.html.gz")
    parser.add_argument("--articles", type=int, default=100_000, help="of JSON Lines; 0 for none")
    parser.add_argument("--archive-mb", type=int, default=1000, help="size of the web archive; 0 for none")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    import tests.services  # noqa: F401 (starts a throwaway database before settings are read)

    set_up()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        if options.articles:
            path = Path(folder) / "articles.jsonl"
            write_lines(path, options.articles)
            report("JSON Lines", path, options.articles, options.workers)
            path.unlink()
        if options.archive_mb:
            path, writer = Path(folder) / "pages.warc", Writer(3)
            pages = saved_pages(options.data) if options.data else [made_up_page(writer) for _ in range(80)]
            count = write_archive(path, pages, options.archive_mb)
            bare = in_child(bare_extractor, str(path), min(count, BASELINE_PAGES))
            what = f"web archive of {options.archive_mb:,} MB"
            per_core = report(what, path, count, options.workers)
            bare = (bare + in_child(bare_extractor, str(path), min(count, BASELINE_PAGES))) / 2
            print(f"  bare trafilatura: {bare:.1f} pages/s of processor time; ratio {per_core / bare:.2f}")
            name = f"import, {what}: pages a second of processor time"
            note(name, per_core, "1/s", at_least=PAGES_MIN, baseline=bare, against="bare trafilatura")
            note(f"import, {what}: part of bare trafilatura's speed", per_core / bare, at_least=RATIO_MIN)


if __name__ == "__main__":
    main()
