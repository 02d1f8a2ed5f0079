"""`status`: what of the stack runs, and whether it answers."""

import sys
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from kombu import Connection, Queue
from kombu.exceptions import ChannelError, OperationalError

from config.embedded import folders, stack
from config.embedded.errors import EmbeddedError
from config.queues import task_default_queue

EXIT_DOWN = 3


class Command(BaseCommand):
    """Reads what `up` wrote down, and tries the database and the broker."""

    help = f"Show the processes of the stack, its memory and its queue. Ends with {EXIT_DOWN} when it is down."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--home", type=Path, default=settings.HOME, help="the folder of all state")

    def handle(self, *, home: Path, **options: object) -> None:
        home = home.expanduser().absolute()
        try:
            if not stack.is_running(home):
                self.stdout.write(f"down (home {home})")
                sys.exit(EXIT_DOWN)
            record = stack.Record.read(home)
            services = folders.read_json(home / "services.json")
        except EmbeddedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"up at {record.address}" if record.address else "starting")
        identities = {"up": record.supervisor, **record.processes}
        total = 0.0
        for name, identity in identities.items():
            process = identity.find() if identity else None
            if identity and process:
                # The others are children of the supervisor, so it is counted without them.
                memory = stack.memory_bytes(process, descendants=name != "up") / 2**20
                total += memory
                self.stdout.write(f"{name:<10} running  pid {identity.pid:<8} {memory:6.0f} MiB")
            else:
                self.stdout.write(f"{name:<10} not running")
        self.stdout.write(f"{'together':<33} {total:6.0f} MiB")
        self.stdout.write(f"database   {_database(services.get('database_url', ''))}")
        self.stdout.write(f"broker     {_broker(services.get('broker_url', ''))}")


def _database(url: str) -> str:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            connection.execute("select 1")
    except psycopg.Error as error:
        return f"does not answer: {error}"
    return "answers"


def _broker(url: str) -> str:
    with Connection(url, connect_timeout=5) as connection:
        try:
            connection.ensure_connection(max_retries=1)
        except OperationalError as error:
            return f"does not answer: {error}"
        queue = Queue(task_default_queue)(connection.default_channel)
        try:
            declared: Any = queue.queue_declare(passive=True)
            queued = declared.message_count
        except ChannelError:
            # Made with the first task.
            queued = 0
    return f"answers, {queued} tasks queued"
