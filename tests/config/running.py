"""A running `manage.py up`, as tests handle it: started, watched, found again without its help."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import psutil
import psycopg

REPOSITORY = Path(__file__).resolve().parents[2]
# As on a machine where nothing is set: no services of the tests, no settings of theirs.
ENVIRON = {
    name: value
    for name, value in os.environ.items()
    if name not in {"DATABASE_URL", "CELERY_BROKER_URL", "SECRET_KEY", "SECOND_SOURCE_HOME"}
}
# How long anything may take that comes by itself. What has come ends the wait, so that only a fault takes as long.
START_TIMEOUT_S = 300
# Below those that Linux gives to connections, and to whoever takes any port, of which one may go to another meanwhile.
PORTS = range(20_000, 32_000)
# Where Linux has a file system in memory; a stack takes up to half a gigabyte of it, and some run side by side.
MEMORY, MEMORY_NEEDED_BYTES = "/dev/shm", 6 * 1024**3  # noqa: S108 (folders of their own are made in it)


def manage(*arguments, **environ):
    """Run a command of the project, and return what became of it."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command,
        cwd=REPOSITORY,
        env=ENVIRON | environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=START_TIMEOUT_S,
    )


class Up:
    """A running `up`, whose output is read from a file; `environ` is what it finds set beside the usual ones."""

    started: ClassVar[list["Up"]] = []

    def __init__(self, home, port, *options, **environ):
        self.home, self.port = home, port
        self.output = home.with_name(f"output-{time.monotonic_ns()}")
        command = [sys.executable, "manage.py", "up", "--no-seeds", "--home", str(home), "--port", str(port), *options]
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(command, cwd=REPOSITORY, env=ENVIRON | environ, stdout=file, stderr=file)
        self.started.append(self)

    @classmethod
    def attached(cls, home):
        """Return one that runs already, started by somebody else; its output is not known."""
        up = cls.__new__(cls)
        up.home = home
        up.port = urlsplit(up.record["address"]).port
        return up

    def wait_for(self, text, *, timeout_s=START_TIMEOUT_S):
        deadline = time.monotonic() + timeout_s
        while text not in self.output.read_text(errors="replace"):
            ended = self.process.poll() is not None
            assert not ended, self.output.read_text(errors="replace")
            assert time.monotonic() < deadline, self.output.read_text(errors="replace")
            time.sleep(0.1)
        return self

    def wait_for_page(self):
        return self.wait_for(f"Second Source is at http://127.0.0.1:{self.port}/")

    def kill(self):
        """End it as a power cut would; what it ran is told by the kernel, or ended by the next command."""
        self.process.kill()
        self.process.wait()

    @property
    def record(self):
        return json.loads((self.home / "stack.json").read_text())

    def processes(self):
        """Every process of this stack, found without its help."""
        return [process for process in psutil.process_iter() if belongs(process, self.home)]


class Database:
    """What an operator would ask the database of a stack."""

    def __init__(self, home):
        self.url = json.loads((home / "services.json").read_text())["database_url"]

    def rows(self, query, *values):
        with psycopg.connect(self.url, connect_timeout=5) as connection:
            return connection.execute(query, values or None).fetchall()

    def count(self, table, condition="TRUE"):
        """Return the number of rows; None while the database does not answer."""
        try:
            [(number,)] = self.rows(f"SELECT count(*) FROM {table} WHERE {condition}")  # noqa: S608
        except psycopg.OperationalError:
            return None
        return number

    @contextmanager
    def holding(self, table):
        """Let nobody write to a table while the block lasts; who wants to waits."""
        with psycopg.connect(self.url, connect_timeout=5) as connection:
            connection.execute(f"LOCK TABLE {table} IN SHARE MODE")
            yield
            connection.rollback()


def folder_in_memory():
    """Return a folder whose files are in memory, or None where there is none with room from which programs may run."""
    try:
        about = os.statvfs(MEMORY)
    except OSError:
        return None
    room = min(about.f_bavail * about.f_frsize, psutil.virtual_memory().available)
    usable = os.access(MEMORY, os.W_OK) and not about.f_flag & os.ST_NOEXEC
    return MEMORY if usable and room >= MEMORY_NEEDED_BYTES else None


def free_port():
    """Return a port that nobody listens at, and that nobody is given who does not ask for it by its number."""
    # Not of the generator that tests seed, as those side by side would all begin with one port.
    for port in secrets.SystemRandom().sample(PORTS, 100):
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError(f"100 ports from {PORTS.start} on are in use")


def belongs(process, home):
    try:
        words = " ".join(process.cmdline())
        marked = process.environ().get("SECOND_SOURCE_HOME") == str(home)
        return process.status() != psutil.STATUS_ZOMBIE and (marked or str(home) in words)
    except psutil.Error:  # another user's, or gone
        return False


def wait_until(condition, *, timeout_s=START_TIMEOUT_S, every_s=0.1):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"still not so after {timeout_s} s"
        time.sleep(every_s)


def status_of(address, *, timeout_s=60):
    try:
        with urllib.request.urlopen(address, timeout=timeout_s) as response:  # noqa: S310 (our own http address)
            return response.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
