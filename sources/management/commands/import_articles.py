"""`manage.py import_articles PATH_OR_URL... [--wait] [--resume RUN]`: hand documents and addresses to the workers."""

import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError as BrokerError
from tqdm import tqdm

from sources import importing, tasks
from sources.documents import Document, Refusal, read_documents
from sources.models import ImportItem, ImportRun
from sources.services import runs

POLL_S = 0.5
#: While a long file is read, workers are woken this often at most.
WAKE_EVERY_S = 5.0
#: `--wait` waits for no embargo that ends later than this.
EMBARGO_WAITED_FOR = timedelta(hours=1)


def is_address(given: str | Path) -> bool:
    return str(given).startswith(("http://", "https://"))


def label_of(given: Sequence[str | Path]) -> str:
    """Return what a run is called: its addresses, and its paths as seen from the working folder."""
    here = Path.cwd()
    shown = []
    for one in given:
        path = Path(one).absolute()
        if is_address(one):
            shown.append(str(one))
        else:
            shown.append(str(path.relative_to(here)) if path.is_relative_to(here) else path.name)
    return " ".join(shown)


class Command(BaseCommand):
    help = (
        "Import articles through the workers: text, HTML, JSON Lines, feed, ninjs and web archive files, folders of "
        "them, and addresses of pages, feeds and sitemaps."
    )
    _next_wake = 0.0

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH_OR_URL")
        parser.add_argument("--outlet", default="", help="the publisher of files that name none")
        parser.add_argument("--wait", action="store_true", help="show progress until every claim is there")
        parser.add_argument(
            "--resume", type=UUID, metavar="RUN", help="read on where reading these same files was interrupted"
        )

    def handle(self, *, paths: list[str], outlet: str, wait: bool, resume: UUID | None = None, **options: Any) -> None:
        files = [Path(given) for given in paths if not is_address(given)]
        addresses = [given for given in paths if is_address(given)]
        if missing := [str(path) for path in files if not path.exists()]:
            raise CommandError(f"No such file or folder: {', '.join(missing)}")
        documents = self._documents(files, outlet)
        try:
            if resume is None:
                run = self._request(label_of(paths), addresses, documents)
            else:
                run = self._resumed(resume, label_of(paths), documents)
        except OperationalError as error:
            raise CommandError("The database does not answer. Start it: python manage.py up") from error
        if run.items.pending().exists():
            self._wake()
        if not wait:
            self.stdout.write(f"Import {run.uid}: {run.items.count()} documents handed to the workers.")
            return
        self._wait(run)
        self._report(run)

    def _request(self, label: str, addresses: list[str], documents: Iterator[Document | Refusal]) -> ImportRun:
        return importing.request_import(
            label,
            addresses=addresses,
            documents=documents,
            priority=importing.PRIORITY_EDITOR if addresses else importing.PRIORITY_BULK,
            stored=self._wake_now_and_then,
        )

    def _resumed(self, uid: UUID, label: str, documents: Iterator[Document | Refusal]) -> ImportRun:
        """Return an interrupted run with the rest of its documents; they must be those it was made with."""
        run = ImportRun.objects.filter(uid=uid).first()
        if run is None:
            raise CommandError(f"There is no import {uid}.")
        if run.read_at is not None and not run.reading_error:
            raise CommandError(f"Import {uid} was read to its end; there is nothing to resume.")
        if run.label != label[:500]:
            raise CommandError(f"Import {uid} is of {run.label}; name the same files, from the same folder.")
        try:
            runs.read_into(run, documents, stored=self._wake_now_and_then)
        except runs.ReadingTaken as taken:
            raise CommandError(str(taken)) from taken
        return run

    def _wake_now_and_then(self) -> None:
        if time.monotonic() >= self._next_wake:
            self._wake()
            self._next_wake = time.monotonic() + WAKE_EVERY_S

    def _wake(self) -> None:
        try:
            tasks.import_items.delay()
        except BrokerError as error:
            # Reading goes on: what waits is found in rows.
            self.stderr.write(f"The broker does not answer ({error}); workers find the documents at their next sweep.")

    def _documents(self, paths: list[Path], outlet: str) -> Iterator[Document | Refusal]:
        for path in paths:
            yield from read_documents(path, outlet=outlet, max_bytes=settings.IMPORT_MAX_DOCUMENT_BYTES)

    def _wait(self, run: ImportRun) -> None:
        """Return once every document is stored or refused and its statements have claims."""
        unfinished = import_string(settings.IMPORT_UNFINISHED)
        with tqdm(unit="doc", file=self.stderr, disable=not self.stderr.isatty()) as bar:
            while True:
                # A feed among the documents adds to them as it goes.
                bar.total = run.items.count()
                # What is embargoed for longer is left to the workers.
                waiting = run.items.pending().exclude(not_before__gt=timezone.now() + EMBARGO_WAITED_FOR)
                left = waiting.count() or unfinished(run)
                bar.update(bar.total - left - bar.n)
                if not left:
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
