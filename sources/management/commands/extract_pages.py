"""`manage.py extract_pages`: text and metadata of saved pages as JSON Lines, without a database."""

import json
import sys
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from sources.errors import DocumentRefused
from sources.pages import MAX_BYTES, Page, PaywallStub, read_page

SUFFIXES = (".html", ".htm", ".html.gz", ".htm.gz")


class PageUnreadable(Exception):
    """A file cannot be read; the message names it and says why."""


class Command(BaseCommand):
    help = (
        "Write the article of saved pages, one JSON line a file: title, byline, published_at, language, "
        "canonical_url and text. Pages without an article are named on standard error."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths",
            nargs="+",
            metavar="PATH",
            help=f"a page, plain or gzip; a folder with {', '.join(f'*{suffix}' for suffix in SUFFIXES)}; "
            "or - for standard input",
        )
        parser.add_argument(
            "--output", default="-", help="JSON Lines file to write; - (the default) is standard output"
        )

    def handle(self, *, paths: list[str], output: str, **options: Any) -> None:
        files = list(_files(paths))
        failed = 0
        with _target(output) as target:
            for file in tqdm(files, unit="page", disable=None, file=sys.stderr):
                try:
                    page = read_page(_content(file))
                except PaywallStub as stub:
                    # What there is was read; the reason tells what it is worth.
                    tqdm.write(f"{file}: {stub}", file=self.stderr)
                    page = stub.page
                except (PageUnreadable, DocumentRefused) as error:
                    failed += 1
                    tqdm.write(f"{file}: {error}", file=self.stderr)
                    continue
                target.write(json.dumps(_row(file, page), ensure_ascii=False) + "\n")
                target.flush()
        if failed:
            raise CommandError(f"{failed} of {len(files)} pages gave no article; the others are done.")


def _target(output: str) -> AbstractContextManager[TextIO]:
    """Return the file to write, or standard output for -, as a context manager."""
    if output == "-":
        return nullcontext(sys.stdout)
    try:
        return Path(output).open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}") from error


def _files(paths: list[str]) -> Iterator[str]:
    for path in paths:
        if path != "-" and Path(path).is_dir():
            found = (file for file in Path(path).rglob("*") if file.name.lower().endswith(SUFFIXES) and file.is_file())
            yield from (str(file) for file in sorted(found))
        else:
            yield path


def _content(file: str) -> bytes:
    """Return a page's bytes, unpacked where they are gzip, at most one more than a page may have.

    Raises PageUnreadable.
    """
    try:
        if file == "-":
            content = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(file).open("rb") as opened:
                content = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise PageUnreadable(f"cannot be read: {error.strerror}") from error
    return _unpacked(content) if content.startswith(b"\x1f\x8b") else content


def _unpacked(packed: bytes) -> bytes:
    """Return the content of a gzip file, members after the first included; one that ends too early is refused."""
    content = b""
    while packed and len(content) <= MAX_BYTES:
        member = zlib.decompressobj(wbits=31)
        try:
            content += member.decompress(packed, MAX_BYTES + 1 - len(content))
        except zlib.error as error:
            raise PageUnreadable(f"is not a sound gzip file: {error}") from error
        if not member.eof and len(content) <= MAX_BYTES:
            raise PageUnreadable("is a gzip file that was cut off; fetch it again")
        packed = member.unused_data.lstrip(b"\0")
    return content


def _row(file: str, page: Page) -> dict[str, str]:
    return {
        "file": file,
        "title": page.title,
        "byline": page.byline,
        "published_at": page.published_at,
        "language": page.language,
        "canonical_url": page.canonical_url,
        "text": page.text,
    }
