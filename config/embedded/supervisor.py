"""One process that starts the whole stack, passes on its logs, mends what crashes, and ends all of it.

It is `manage.py up`, and reads no Django settings: it is what gives them the addresses of the database and the broker.
It is single-threaded, so a child is forked from a known state.
"""

import argparse
import errno
import http.client
import os
import secrets
import selectors
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured

from config import env
from config.embedded import folders, processes, stack
from config.embedded.accounts import service_account
from config.embedded.errors import AddressTaken, EmbeddedError, ServiceFailed
from config.embedded.postgres import Postgres
from config.embedded.processes import Program
from config.embedded.valkey import Valkey
from config.embedded.workers import Worker, parse_workers

HELP = (
    "Run the whole stack in the foreground: PostgreSQL and the broker (where DATABASE_URL and CELERY_BROKER_URL name "
    "none), the pages, a worker and the scheduler. Ctrl-C ends all of it."
)
BASE_DIR = Path(__file__).resolve().parent.parent.parent
# As config/settings.py has it.
DEFAULT_HOME = BASE_DIR / ".second-source"
CRASHES_MAX = 5
CRASH_WINDOW_S = 60.0
BACKOFF_MAX_S = 8.0
# How long after the disk was full the record is tried again.
RECORD_RETRY_S = 1.0
PAGE_TIMEOUT_S = 120.0
CHECK_INTERVAL_S = 0.1
WEB_PROCESSES = 2
WEB_THREADS = 4
# A task is killed after so long (config/queues.py); PostgreSQL must not go on without it.
WORKER_STATEMENT_TIMEOUT_S = 600
# The order of ending: first what hands out work, then what does it, then what they all need.
ENDING = (("beat", "seeds", "prepare"), ("web", "worker"), ("valkey",), ("postgres",))


class Stopped(Exception):
    """Somebody asked the stack to end; not an error."""


@dataclass
class Child:
    """One running program: its process, the unfinished last line of its log, and when it crashed."""

    program: Program
    process: subprocess.Popen[bytes]
    log: int  # the end of a pipe that is read; -1 after its end
    lasting: bool
    held: bool  # it loads what it needs, and waits to be told to begin
    rest: bytes = b""
    crashes: list[float] = field(default_factory=list)
    restart_at: float | None = None


class Supervisor:
    """The stack of one home, from its start to its end."""

    def __init__(self, home: Path, *, host: str, port: int, workers: Sequence[Worker], seeds: bool) -> None:
        """Describe it; `run` starts it."""
        self.home = home.absolute()
        self.host, self.port = host, port
        self.workers = workers
        self.seeds = seeds
        self.children: dict[str, Child] = {}
        self.record = stack.Record(self.home / "stack.json")
        self.selector = selectors.DefaultSelector()
        self.record_due_at: float | None = None  # when to try again what could not be written
        self.stop_requested = self.ending = False
        self.page_trouble = ""  # why the page did not answer when it was last asked for

    def run(self) -> None:
        """Run the stack until a signal ends it; nothing it started is left then.

        Raises EmbeddedError when it cannot start, or when a part of it keeps crashing.
        """
        folders.open_home(self.home)
        with stack.locked(self.home), ExitStack() as ends:
            places = folders.prepare(self.home, service_account())
            for name in stack.end_orphans(self.home):
                self.say(f"ended {name}, left by an earlier start that was killed")
            if places.account.switches:
                self.say("started as root: the servers run as an unprivileged user, the pages and the worker as root")
            _require_free(self.host, self.port)
            ends.callback(self.record.remove)
            ends.callback(self.end)
            self._watch_signals(ends)
            with suppress(Stopped):
                self._start(places)
                while True:
                    self._turn(timeout_s=3600)

    def _start(self, places: folders.Folders) -> None:
        self.record.supervisor = stack.ProcessId.of(os.getpid())
        self.record.write()
        servers, environ = self._servers(places)
        web, *others = self._site(environ)
        # To load the site takes longer than to start the servers, so it is done beside that.
        self._launch(_manage("prepare", environ, "prepare"), lasting=False, held=True)
        self._launch(web, held=True)
        for server in servers:
            server.prepare()
            self._launch(server.program())
        for server in servers:
            self._await_server(server)
        self._release("prepare")
        self._await_end("prepare")
        self._release("web")
        self._await(self._page_answers, self.address, PAGE_TIMEOUT_S, lambda: self.page_trouble)
        # After the first page, which they would have kept waiting.
        for program in others:
            self._launch(program)
        self.record.address = self.address
        self.record.write()
        self.say(f"Second Source is at {self.address} (Ctrl-C ends it)")
        self._say_how_to_edit(environ["DATABASE_URL"])
        if self.seeds:
            self._launch(_manage("seeds", environ, "load_seeds", "--once"), lasting=False)

    @property
    def address(self) -> str:
        """The address of the pages, as a browser on this machine takes it."""
        host = _local(self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    def _servers(self, places: folders.Folders) -> tuple[list[Postgres | Valkey], dict[str, str]]:
        """Return the servers to start, and the environment in which the site finds all it needs."""
        path = self.home / "services.json"
        services = folders.read_json(path)
        for name in ("database_password", "broker_password", "secret_key"):
            services.setdefault(name, secrets.token_urlsafe(48))
        servers: list[Postgres | Valkey] = []
        services["database_url"] = env.secret("DATABASE_URL")
        if not services["database_url"]:
            servers.append(Postgres(places, services["database_password"]))
            services["database_url"] = servers[-1].url
        services["broker_url"] = env.secret("CELERY_BROKER_URL")
        if not services["broker_url"]:
            servers.append(Valkey(places, services["broker_password"]))
            services["broker_url"] = servers[-1].url
        # Written before the first start of PostgreSQL, whose data is of no use without the password.
        folders.write_private(path, services)
        return servers, {
            **os.environ,
            "SECOND_SOURCE_HOME": str(self.home),
            "DATABASE_URL": services["database_url"],
            "CELERY_BROKER_URL": services["broker_url"],
            "SECRET_KEY": env.secret("SECRET_KEY", default=services["secret_key"]),
            "PYTHONUNBUFFERED": "1",
            stack.MARK_VARIABLE: self.record.mark,
        }

    def _site(self, environ: dict[str, str]) -> list[Program]:
        """Return the site's own lasting programs, the pages first."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        web = ["gunicorn", "config.wsgi", "--bind", f"{host}:{self.port}", "--worker-class", "gthread"]
        web += ["--workers", str(WEB_PROCESSES), "--threads", str(WEB_THREADS), "--preload"]
        web += ["--timeout", "60", "--graceful-timeout", "8", "--no-control-socket"]
        web += ["--config", "python:config.gunicorn"]
        celery = ["celery", "--quiet", "--app", "config"]
        worker = [*celery, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        limit = {"DATABASE_STATEMENT_TIMEOUT_S": str(WORKER_STATEMENT_TIMEOUT_S)}
        # Celery's warning about root; `run` has said it in a line.
        quiet = ["-W", "ignore:You're running the worker with superuser privileges"]
        schedule = str(self.home / "celerybeat-schedule")
        beat = [*celery, "beat", "--schedule", schedule, "--pidfile", "", "--loglevel", "WARNING"]
        # Its soft shutdown: tasks get a few seconds to end, then go back to the queue. Left alone it is killed:
        # its broker ends at the same time, and it could wait for that for ever; cut off work is found in the tables.
        soft = {"stop_signal": signal.SIGQUIT, "orphan_signal": signal.SIGKILL, "stop_timeout_s": 20}
        return [
            _python("web", environ, "-m", *web, stop_timeout_s=15),
            *(
                _python(
                    each.name,
                    limit | environ,
                    *(*quiet, "-m", *worker, "--queues", each.queues, "--concurrency", str(each.concurrency)),
                    *("--hostname", f"{each.name}@%h"),
                    **soft,
                )
                for each in self.workers
            ),
            _python("beat", environ, "-m", *beat),
        ]

    def _launch(self, program: Program, *, lasting: bool = True, held: bool = False) -> None:
        log, output = os.pipe()
        try:
            process = program.start(output=output, hold=held)
        finally:
            os.close(output)
        os.set_blocking(log, False)
        known = self.children.get(program.name)
        child = Child(program, process, log, lasting, held, crashes=known.crashes if known else [])
        self.children[program.name] = child
        self.selector.register(log, selectors.EVENT_READ, child)
        if identity := stack.ProcessId.of(process.pid):
            self.record.processes[program.name] = identity
            self._write_record()

    def _release(self, name: str) -> None:
        """Let a program that was launched held begin."""
        child = self.children[name]
        processes.release(child.process)
        child.held = False

    def _write_record(self) -> None:
        """Write down what runs; on a full disk that waits until there is room."""
        try:
            self.record.write()
        except OSError as error:
            if self.record_due_at is None:
                self.say(f"{self.record.path} cannot be written: {error}; it is tried every second")
            self.record_due_at = time.monotonic() + RECORD_RETRY_S
        else:
            self.record_due_at = None

    def _turn(self, *, timeout_s: float) -> None:
        """Pass on logs, and look after what ended, until something happens or the time is over.

        Raises Stopped after a signal, and ServiceFailed when a program is beyond mending.
        """
        times = [self.record_due_at, *(child.restart_at for child in self.children.values())]
        due = [at for at in times if at is not None]
        wait_s = max(0.0, min([timeout_s, *(at - time.monotonic() for at in due)]))
        for key, _ in self.selector.select(wait_s):
            if isinstance(key.data, Child):
                self._pass_on(key.data)
            elif isinstance(key.fileobj, socket.socket):
                key.fileobj.recv(4096)  # a signal came; what it asks for is seen below
        _flush()
        if self.ending:
            return
        if self.stop_requested:
            raise Stopped
        for child in list(self.children.values()):
            self._look_after(child)
        if self.record_due_at is not None and time.monotonic() >= self.record_due_at:
            self._write_record()

    def _look_after(self, child: Child) -> None:
        name = child.program.name
        now = time.monotonic()
        if child.restart_at is not None:
            if now >= child.restart_at:
                self._launch(child.program)
            return
        code = child.process.poll()
        if code is None:
            return
        self._pass_on(child)
        if child.held:
            raise ServiceFailed(f"{name} ended with {_meaning(code)}; its output is above.")
        if not child.lasting:
            del self.children[name]
            self.record.processes.pop(name, None)
            self._write_record()
            if code != 0 and name == "seeds":
                self.say(f"the seed articles were not imported: load_seeds ended with {_meaning(code)}")
            elif code != 0:
                raise ServiceFailed(f"{name} ended with {_meaning(code)}; its output is above.")
            return
        processes.kill_group(child.process.pid)
        recent = [*(at for at in child.crashes if now - at < CRASH_WINDOW_S), now]
        child.crashes = recent
        if len(recent) >= CRASHES_MAX:
            raise ServiceFailed(
                f"{name} ended {len(recent)} times within a minute, last with {_meaning(code)}; its output is above."
            )
        backoff_s = min(BACKOFF_MAX_S, 2.0 ** (len(recent) - 1))
        child.restart_at = now + backoff_s
        self.say(f"{name} ended with {_meaning(code)}; it starts again in {backoff_s:.0f} s")

    def _pass_on(self, child: Child) -> None:
        """Write what `child` has logged, line by line, each with its name before it."""
        while child.log >= 0:
            try:
                chunk = os.read(child.log, 65536)
            except BlockingIOError:
                return
            *lines, child.rest = (child.rest + chunk).split(b"\n")
            if not chunk:
                self.selector.unregister(child.log)
                os.close(child.log)
                child.log = -1
                lines, child.rest = [child.rest] if child.rest else [], b""
            for line in lines:
                _write(f"{child.program.name:<8} | ".encode() + line.rstrip(b"\r") + b"\n")

    def _await(self, check: Callable[[], bool], what: str, timeout_s: float, trouble: Callable[[], str]) -> None:
        deadline = time.monotonic() + timeout_s
        while not check():
            if time.monotonic() > deadline:
                failed = f"{what} does not answer after {timeout_s:.0f} s; see the output above. {trouble()}"
                raise ServiceFailed(failed.rstrip())
            # A line of a log ends a turn at once; that is no reason to ask again at once.
            next_check = time.monotonic() + CHECK_INTERVAL_S
            while (rest_s := next_check - time.monotonic()) > 0:
                self._turn(timeout_s=rest_s)

    def _await_server(self, server: Postgres | Valkey) -> None:
        self._await(server.answers, server.name, server.ready_timeout_s, lambda: server.trouble)

    def _await_end(self, name: str) -> None:
        while name in self.children:
            self._turn(timeout_s=3600)

    def end(self) -> None:
        """End all children, in order, each within its time; the slower ones are killed."""
        self.ending = True
        for names in ENDING:
            # `worker` stands for worker-fetch and all others, too.
            group = [child for name, child in self.children.items() if name.partition("-")[0] in names]
            running = [child for child in group if child.process.poll() is None]
            for child in running:
                child.process.send_signal(child.program.stop_signal)
            started = time.monotonic()
            while running:
                self._turn(timeout_s=0.1)
                for child in list(running):
                    ended = child.process.poll() is not None
                    late = time.monotonic() - started > child.program.stop_timeout_s
                    if late and not ended:
                        self.say(
                            f"{child.program.name} did not end within {child.program.stop_timeout_s:.0f} s: killed"
                        )
                    if ended or late:
                        processes.kill_group(child.process.pid)
                        child.process.wait()
                        running.remove(child)
            for child in group:
                self._pass_on(child)
        self.say("all has ended")
        self.selector.close()

    def say(self, message: str) -> None:
        """Write a line of the supervisor itself."""
        _write(f"{'up':<8} | {message}\n".encode())
        _flush()

    def _page_answers(self) -> bool:
        connection = http.client.HTTPConnection(_local(self.host), self.port, timeout=5)
        try:
            connection.request("GET", "/")
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            self.page_trouble = repr(error)
            return False
        else:
            self.page_trouble = f"The last answer was HTTP {status}."
            return status < 500
        finally:
            connection.close()

    def _say_how_to_edit(self, database_url: str) -> None:
        try:
            with psycopg.connect(database_url, connect_timeout=5) as connection:
                found = connection.execute("select exists(select from auth_user where is_active)").fetchone()
        except psycopg.Error as error:
            self.say(f"whether there are editors could not be seen: {error}")
            return
        if found != (True,):
            home = "" if self.home == DEFAULT_HOME else f"SECOND_SOURCE_HOME={shlex.quote(str(self.home))} "
            command = f"{home}{_shown(sys.executable)} manage.py create_administrator"
            self.say(f"nobody can sign in yet; make an administrator: {command}")

    def _watch_signals(self, ends: ExitStack) -> None:
        reader, writer = socket.socketpair()
        for end in (reader, writer):
            end.setblocking(False)
            ends.callback(end.close)
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        ends.callback(signal.set_wakeup_fd, -1)
        self.selector.register(reader, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # `nohup` has a hangup ignored, and means it.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._request_stop)

    def _request_stop(self, number: int, frame: FrameType | None) -> None:
        self.stop_requested = True


def _python(name: str, environ: dict[str, str], *arguments: str, **options: Any) -> Program:
    return Program(name=name, command=[sys.executable, *arguments], env=environ, cwd=BASE_DIR, **options)


def _manage(name: str, environ: dict[str, str], *arguments: str) -> Program:
    return _python(name, environ, "manage.py", *arguments, stop_timeout_s=5)


def _meaning(code: int) -> str:
    return f"code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


def _shown(path: str) -> str:
    """Return `path` as it is typed in the folder of the project."""
    return shlex.quote(os.path.relpath(path, BASE_DIR) if Path(path).is_relative_to(BASE_DIR) else path)


def _local(host: str) -> str:
    """Return the address under which this machine reaches a server bound to `host`."""
    return {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 (compared, not bound)


def _require_free(host: str, port: int) -> None:
    """Raise AddressTaken when nothing can be served on that address."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except (OSError, OverflowError) as error:
        raise AddressTaken(f"{host}:{port} cannot be served on: {error}. Choose another with --port.") from error


def _write(line: bytes) -> None:
    try:
        sys.stdout.buffer.write(line)
    except OSError as error:
        _lose_output(error)


def _flush() -> None:
    try:
        sys.stdout.buffer.flush()
    except OSError as error:
        _lose_output(error)


def _lose_output(error: OSError) -> None:
    """Write to nowhere from now on: the terminal is gone, the stack still has to be ended in order.

    A full disk loses some lines, and may have room again.
    """
    if error.errno == errno.ENOSPC:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `up`."""
    home = env.path("SECOND_SOURCE_HOME", default=DEFAULT_HOME)
    parser.add_argument("--port", type=_port, default=8000, help="where the pages are served (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="the address they are served on (127.0.0.1)")
    parser.add_argument("--home", type=_folder, default=home, help="the folder of all state")
    parser.add_argument(
        "--workers",
        type=_workers,
        default="2",
        help="tasks done at the same time (2), or workers by kind of work: fetch=4,extract=2,match+notify=1",
    )
    parser.add_argument("--no-seeds", dest="seeds", action="store_false", help="do not import the seed articles")


def _port(words: str) -> int:
    if not (words.isascii() and words.isdigit() and 1 <= int(words) <= 65535):
        raise argparse.ArgumentTypeError(f"it must be 1 to 65535, not {words}")
    return int(words)


def _folder(words: str) -> Path:
    return Path(words).expanduser().absolute()


def _workers(words: str) -> list[Worker]:
    try:
        return parse_workers(words)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{words}: {error}") from error


def main(arguments: Sequence[str]) -> int:
    """Run the stack; return 0 after an orderly end, 1 when it could not run."""
    parser = argparse.ArgumentParser(prog="manage.py up", description=HELP)
    try:
        add_options(parser)
        options = vars(parser.parse_args(arguments))
        # Where paths in settings are relative to, for all that is started.
        os.chdir(BASE_DIR)
        Supervisor(options.pop("home"), **options).run()
    except (EmbeddedError, ImproperlyConfigured) as error:
        print(f"up: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
