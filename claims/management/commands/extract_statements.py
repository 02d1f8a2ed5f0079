"""`manage.py extract_statements`: statements of text files as JSON Lines, without a database."""

import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from claims.extraction import ExtractedStatement, Span, extract


class TextUnreadable(Exception):
    """A text cannot be read; the message names it and says why."""


class Command(BaseCommand):
    help = (
        "Write the attributed statements of text files, one JSON line a file. "
        "All offsets are half-open code points of the file's text."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths", nargs="+", metavar="PATH", help="a text file, a folder with *.txt, or - for standard input"
        )
        parser.add_argument(
            "--output", default="-", help="JSON Lines file to write; - (the default) is standard output"
        )
        parser.add_argument("--language", default="en", help="language of the texts (default: en)")
        parser.add_argument(
            "--propositions",
            action="store_true",
            help="one statement a sentence, and none of what is only supposed to be said, as on the site",
        )

    def handle(self, *, paths: list[str], output: str, language: str, propositions: bool, **options: Any) -> None:
        files = list(_files(paths))
        failed = 0
        with _target(output) as target:
            for file in tqdm(files, unit="file", disable=None, file=sys.stderr):
                try:
                    text = _text(file)
                except TextUnreadable as error:
                    failed += 1
                    self.stderr.write(str(error))
                    continue
                statements = extract(text, language=language, split_sentences=propositions)
                line = {"file": file, "attributions": [_row(text, statement) for statement in statements]}
                target.write(json.dumps(line, ensure_ascii=False) + "\n")
                target.flush()
        if failed:
            raise CommandError(f"{failed} of {len(files)} texts could not be read; the others are done.")


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
            yield from (str(found) for found in sorted(Path(path).rglob("*.txt")))
        else:
            yield path


def _text(file: str) -> str:
    """Return a file's text, its line ends as they are, so that offsets hold.

    Raises TextUnreadable.
    """
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise TextUnreadable(f"{file}: cannot be read: {error.strerror}") from error
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TextUnreadable(f"{file}: is not UTF-8 text (byte {error.start}): convert it first") from error


def _row(text: str, statement: ExtractedStatement) -> dict[str, Any]:
    return {
        "content": _pairs(statement.content),
        "source": _pairs(statement.source),
        "cue": _pairs(statement.cue),
        "kind": statement.kind,
        "exact": " ".join(text[span.start : span.end] for span in statement.content),
        "speaker": statement.speaker,
        "speaker_titles": statement.speaker_titles,
        "represents": statement.represents,
        "relays": [
            {"name": relay.name, "span": [relay.span.start, relay.span.end], "hop": relay.hop}
            for relay in statement.relays
        ],
        "act": statement.act,
        "negated": statement.negated,
        "hedged": statement.hedged,
        "denies": statement.denies,
        "confidence": statement.confidence,
    }


def _pairs(spans: tuple[Span, ...]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
