"""`status`: what of the stack runs, and whether it answers."""

import sys
from pathlib import Path
from typing import Any, NoReturn

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from kombu import Connection, Queue
from kombu.exceptions import ChannelError, OperationalError

from config.embedded import folders, stack
from config.embedded.errors import EmbeddedError
from config.queues import QUEUES

# As of an init script (LSB): dead with a trace left, and not running.
EXIT_LEFT_BEHIND, EXIT_DOWN = 1, 3


class Command(BaseCommand):
    """Reads what `up` wrote down, and tries the database and the broker."""

    help = (
        f"Show the processes of the stack, its memory and its queue. Ends with {EXIT_DOWN} when it is down, with "
        f"{EXIT_LEFT_BEHIND} when `up` was killed and some of its processes still run."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--home", type=Path, default=settings.HOME, help="the folder of all state")

    def handle(self, *, home: Path, **options: object) -> None:
        home = home.expanduser().absolute()
        try:
            if not stack.is_running(home):
                self._say_what_is_left(home)
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

    def _say_what_is_left(self, home: Path) -> NoReturn:
        left = stack.orphans(home)
        if not left:
            self.stdout.write(f"down (home {home})")
            sys.exit(EXIT_DOWN)
        self.stdout.write(f"`up` was killed, and some of it still runs (home {home}); `up` or `down` ends it:")
        for name, process in left:
            self.stdout.write(f"{name:<15} running  pid {process.pid}")
        sys.exit(EXIT_LEFT_BEHIND)


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
        queued = sum(_queued(connection, name) for name in QUEUES)
    return f"answers, {queued} tasks queued"


def _queued(connection: Connection, name: str) -> int:
    # A channel of its own: RabbitMQ closes one that asks for what is not there.
    with connection.channel() as channel:
        try:
            declared: Any = Queue(name)(channel).queue_declare(passive=True)
        except ChannelError:
            # Made with the first task.
            return 0
        return int(declared.message_count)
