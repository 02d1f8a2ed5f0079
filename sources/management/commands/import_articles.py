"""`manage.py import_articles PATH... [--wait]`: hand documents to the workers."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from sources import services, tasks
from sources.documents import Document, Refusal, read_documents
from sources.models import ImportItem, ImportRun

POLL_S = 0.5


def label_of(paths: list[Path]) -> str:
    """Return what a run is called: its paths as seen from the working folder, without what lies above it."""
    here = Path.cwd()
    shown = (path.absolute() for path in paths)
    return " ".join(str(path.relative_to(here) if path.is_relative_to(here) else path.name) for path in shown)


class Command(BaseCommand):
    help = "Import articles from text, HTML and JSON Lines files, or folders of them, through the workers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--outlet", default="", help="the publisher of text and HTML files that name none")
        parser.add_argument("--wait", action="store_true", help="show progress until every document is done")

    def handle(self, *, paths: list[Path], outlet: str, wait: bool, **options: Any) -> None:
        if missing := [str(path) for path in paths if not path.exists()]:
            raise CommandError(f"No such file or folder: {', '.join(missing)}")
        run = services.create_import_run(label_of(paths), self._documents(paths, outlet))
        if run.items.pending().exists():
            tasks.import_items.delay()
        if not wait:
            self.stdout.write(f"Import {run.uid}: {run.items.count()} documents handed to the workers.")
            return
        self._wait(run)
        self._report(run)

    def _documents(self, paths: list[Path], outlet: str) -> Iterator[Document | Refusal]:
        for path in paths:
            yield from read_documents(path, outlet=outlet, max_bytes=settings.IMPORT_MAX_DOCUMENT_BYTES)

    def _wait(self, run: ImportRun) -> None:
        total = run.items.count()
        with tqdm(total=total, unit="doc", file=self.stderr, disable=not self.stderr.isatty()) as bar:
            while True:
                pending = run.items.pending().count()
                bar.update(total - pending - bar.n)
                if not pending:
                    return
                time.sleep(POLL_S)

    def _report(self, run: ImportRun) -> None:
        counts = run.items.counts_by_state()
        summary = ", ".join(f"{counts[state]} {state}" for state in ImportItem.State.values if state in counts)
        self.stdout.write(f"Import {run.uid}: {summary or 'nothing to import'}")
        for item in run.items.exclude(reason="").order_by("position").defer("payload").iterator():
            self.stdout.write(f"  {item.state} {item.label}: {item.reason}")
        if not counts:
            raise CommandError("The paths hold no documents.")
