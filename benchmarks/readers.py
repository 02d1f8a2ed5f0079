"""How fast feeds and web archives are read, and in how much memory.

    python benchmarks/readers.py [--seconds 3] [--entries 100000] [--archive-mb 1000]

The data is made by the script. Feeds: the baselines are feedparser alone and fastfeedparser (which is fast, and guesses
at dates: it makes "yesterday" a day and 2023-02-29 the 28th, so the importer does not use it). WARC: the baseline is
FastWARC alone, reading every record's body. Memory is what a child process peaks at, above what it starts with.
"""

import argparse
import gzip
import io
import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import fastfeedparser
import feedparser
from fastwarc import ArchiveIterator

from benchmarks._figures import note
from benchmarks._memory import peak_mib
from sources.archives import read_archive
from sources.documents import Document
from sources.feeds import read_feed

WORDS = "harbour council minister reopened ferries budget said on Friday that the talks were useful and open".split()
MAX_PAGE_BYTES = 10_000_000


def words(count: int, choose: random.Random) -> str:
    return " ".join(choose.choices(WORDS, k=count))


def rss(entries: int, *, words_each: int) -> bytes:
    choose = random.Random(1)  # noqa: S311
    items = "".join(
        f"<item><title>{words(6, choose)} &amp; {n}</title><link>https://gazette.example/{n}</link>"
        f'<guid isPermaLink="false">g{n}</guid><pubDate>Fri, 31 Jan 2020 12:{n % 60:02}:00 GMT</pubDate>'
        f"<dc:creator>A. Writer</dc:creator><description>{words(20, choose)}</description>"
        f"<content:encoded><![CDATA[<p>{words(words_each, choose)}</p>]]></content:encoded></item>"
        for n in range(entries)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Gazette</title>'
        f"<link>https://gazette.example/</link><language>en</language>{items}</channel></rss>"
    ).encode()


def warc_record(number: int, choose: random.Random) -> bytes:
    paragraphs = "".join(f"<p>{words(60, choose)}.</p>" for _ in range(60))
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body>{paragraphs}</body></html>"
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number:032}>\r\n"
        f"WARC-Date: 2020-01-31T12:00:00Z\r\nWARC-Target-URI: https://gazette.example/{number}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http.encode())}\r\n\r\n"
    )
    return (head + http + "\r\n\r\n").encode()


def write_warc(path: Path, megabytes: int, *, packed: bool) -> int:
    """Write an archive of so many megabytes, unpacked, and return how many records it has."""
    choose = random.Random(2)  # noqa: S311
    # A thousand different pages, again and again: making text takes longer than reading it.
    records = [warc_record(number, choose) for number in range(1_000)]
    count = int(megabytes * 1_000_000 * len(records) / sum(map(len, records)))
    if packed:
        records = [gzip.compress(one, 6) for one in records]
    with path.open("wb") as file:
        for number in range(count):
            file.write(records[number % len(records)])
    return count


def per_second(read: Callable[[bytes], Any], payload: bytes, seconds: float) -> float:
    read(payload)
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        read(payload)
        done += 1
    return done / (time.perf_counter() - start)


def in_child(work: Callable[..., Any], *arguments: Any) -> Any:
    """Return what `work` returns, run in a fresh process so that peaks of memory do not mix."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def read_large_feed(name: str, entries: int) -> tuple[float, float, int]:
    """Return (seconds, megabytes above the feed itself, entries)."""
    payload = rss(entries, words_each=40)
    before, start = peak_mib(), time.perf_counter()
    feed: Any = read_feed(payload) if name == "sources.feeds" else fastfeedparser.parse(payload)
    return time.perf_counter() - start, peak_mib() - before, len(feed.entries)


def read_whole_archive(name: str, path: str) -> tuple[float, float, int]:
    """Return (seconds, megabytes above the start, pages)."""
    before, start, pages = peak_mib(), time.perf_counter(), 0
    if name == "sources.archives":
        for item in read_archive(Path(path), max_bytes=MAX_PAGE_BYTES):
            pages += isinstance(item, Document)
    else:
        with Path(path).open("rb") as file:
            for record in ArchiveIterator(file, parse_http=True):
                pages += bool(record.reader.read())
    return time.perf_counter() - start, peak_mib() - before, pages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3, help="how long each feed reader runs")
    parser.add_argument("--entries", type=int, default=100_000, help="of the large feed")
    parser.add_argument("--archive-mb", type=int, default=1000, help="size of the archive, unpacked")
    options = parser.parse_args()

    feed = rss(40, words_each=120)
    readers: dict[str, Callable[[bytes], Any]] = {
        "feedparser": lambda payload: feedparser.parse(io.BytesIO(payload)),
        "fastfeedparser": fastfeedparser.parse,
        "sources.feeds": read_feed,
    }
    speeds = {name: per_second(read, feed, options.seconds) for name, read in readers.items()}
    print(f"feed of 40 entries, {len(feed) / 1000:.0f} kB")
    for name, speed in speeds.items():
        print(f"  {name:18} {speed:8.0f} feeds/s   {speed / speeds['feedparser']:5.1f} x feedparser")
    note("feeds of 40 entries", speeds["sources.feeds"], "1/s", baseline=speeds["feedparser"], against="feedparser")

    print(f"feed of {options.entries:,} entries, {len(rss(options.entries, words_each=40)) / 1e6:.0f} MB")
    for name in ("fastfeedparser", "sources.feeds"):
        seconds, megabytes, entries = in_child(read_large_feed, name, options.entries)
        if name == "sources.feeds":
            note(f"feed of {options.entries:,} entries", seconds, "s")
            note(f"feed of {options.entries:,} entries, memory above the feed", megabytes, "MB")
        print(f"  {name:18} {seconds:8.1f} s   {megabytes:6.0f} MB above the feed   {entries:,} entries")

    with tempfile.TemporaryDirectory() as folder:
        for packed in (True, False):
            path = Path(folder) / ("a.warc.gz" if packed else "a.warc")
            write_warc(path, options.archive_mb, packed=packed)
            print(f"{path.name}, {options.archive_mb:,} MB unpacked, {path.stat().st_size / 1e6:,.0f} MB on disk")
            results = {name: in_child(read_whole_archive, name, str(path)) for name in ("FastWARC", "sources.archives")}
            for name, (seconds, megabytes, pages) in results.items():
                ratio = results["FastWARC"][0] / seconds
                print(
                    f"  {name:18} {pages / seconds:8.0f} pages/s   {megabytes:6.0f} MB above the start   "
                    f"{ratio:4.2f} x FastWARC"
                )
            path.unlink()
            (bare_s, _, _), (seconds, megabytes, pages) = results["FastWARC"], results["sources.archives"]
            what, bare = f"{path.name}, {options.archive_mb:,} MB", pages / bare_s
            note(f"{what}: pages read a second", pages / seconds, "1/s", baseline=bare, against="FastWARC alone")
            note(f"{what}: memory above the start", megabytes, "MB")


if __name__ == "__main__":
    main()
