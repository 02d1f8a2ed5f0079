"""`manage.py export_claims --output FILE.jsonl`: one claim a line."""

import contextlib
import os
import sys
import uuid
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from claims import exports


class Command(BaseCommand):
    help = (
        "Write every claim that has a report as a line of JSON: id, text, speaker, topics, level, disputed, origins "
        "and reports. Offsets count code points of the imported text."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", required=True, metavar="FILE.jsonl", help="Where to; - for standard output.")
        parser.add_argument(
            "--include-rejected", action="store_true", help="Reports that an editor rejected too, marked as such."
        )

    def handle(self, *args: Any, output: str, include_rejected: bool, **options: Any) -> None:
        try:
            with _destination(output, self.stdout) as file, exports.one_moment():
                total = exports.exported_claims(include_rejected=include_rejected).count()
                lines = exports.claim_lines(include_rejected=include_rejected)
                # None: the bar is for terminals, not for logs.
                for line in tqdm(lines, total=total, unit=" claims", file=sys.stderr, disable=None):
                    file.write(line + "\n")
        except BrokenPipeError:
            # Whoever read standard output has enough; what Python still holds for it must go nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror or error}") from error


@contextlib.contextmanager
def _destination(output: str, stdout: Any) -> Iterator[TextIO]:
    """Give a file that takes the place of `output` only when all of it is written, or standard output for “-”."""
    if output == "-":
        yield stdout
        # Here, where a reader who has gone is no error, and not at the end of the program.
        stdout.flush()
        return
    path = Path(output).resolve()
    if path.is_dir():
        raise CommandError(f"{output} is a folder; name a file in it.")
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.unfinished")
    try:
        with unfinished.open("x", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
