"""`manage.py load_seeds [FOLDER]`: outlets, topics and articles of a folder such as `seeds/`."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.services.topics import load_topics
from sources.errors import DocumentRefused
from sources.management.commands.import_articles import label_of
from sources.models import ImportRun
from sources.services.outlets import load_outlets


class Command(BaseCommand):
    help = "Load outlets.json and topics.json of a folder, and hand its articles.jsonl to the workers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / "seeds")
        parser.add_argument("--once", action="store_true", help="do nothing when they were loaded before")
        parser.add_argument("--wait", action="store_true", help="wait until the articles are imported")

    def handle(self, *, folder: Path, wait: bool, once: bool, **options: Any) -> None:
        articles = folder / "articles.jsonl"
        if once and ImportRun.objects.filter(label=label_of([articles])).exists():
            self.stdout.write(f"{label_of([articles])} was loaded before.")
            return
        try:
            outlets = load_outlets(folder / "outlets.json")
            topics = load_topics(folder / "topics.json")
        except DocumentRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Loaded {len(outlets)} outlets and {len(topics)} topics.")
        call_command("import_articles", articles, wait=wait, stdout=self.stdout, stderr=self.stderr)
