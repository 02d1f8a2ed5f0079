"""What may happen to a running stack, and to what: each fault lasts as long as its block."""

import os
import selectors
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import psutil
import psycopg
import redis

from config.embedded.folders import read_json
from tests.config.running import wait_until

SLOW_S = 0.2


def process_of(up, name):
    """The process of a program; what the fault before ended may still be on its way back."""
    found = []

    def runs():
        with suppress(psutil.NoSuchProcess):
            found.append(psutil.Process(up.record["processes"][name]["pid"]))
        return bool(found)

    wait_until(runs)
    return found[0]


@contextmanager
def killed(up, name):
    """End a program as `kill -9` does; whoever looks after it starts it again."""
    process = process_of(up, name)
    process.kill()
    yield
    up.wait_for(f"{name} ended with signal SIGKILL")


@contextmanager
def stopped(up, name):
    """Let a program and all that it started stand still, holding what it holds."""
    process = process_of(up, name)
    still = [process, *process.children(recursive=True)]
    for each in still:
        _signal(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in reversed(still):
            _signal(each, signal.SIGCONT)


@contextmanager
def refused(up, name):
    """Let a server refuse every connection, and break off those that there are."""
    path = socket_of(up, name)
    with moved(path) as real, socket.socket(socket.AF_UNIX) as deaf:
        # Bound, but nobody listens.
        deaf.bind(str(path))
        _as(path, real)
        hang_up(up, name, real)
        yield


@contextmanager
def slow(up, name):
    """Let every answer of a server take 200 ms longer; the connections that there are break off first."""
    path = socket_of(up, name)
    with moved(path) as real, Relay(path, real, wait_s=SLOW_S):
        _as(path, real)
        hang_up(up, name, real)
        yield


@contextmanager
def full(up, name):
    """Leave no byte of room where the stack keeps its files; that is for a small file system of its own."""
    ballast = up.home / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1_000_000, 1_000):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def none(up, name):
    """Let nothing happen: what the other rows are to be compared with."""
    yield


@contextmanager
def small_file_system(folder, *, megabytes):
    """Mount a file system of so many megabytes at a folder; only root may."""
    folder.mkdir(exist_ok=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(folder)], check=True, timeout=30
    )
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, timeout=30)
        folder.rmdir()


def socket_of(up, name):
    """Return the path of the socket at which a server of a stack is asked."""
    services = read_json(up.home / "services.json")
    if name == "postgres":
        [folder] = parse_qs(urlsplit(services["database_url"]).query)["host"]
        return Path(folder) / ".s.PGSQL.5432"
    return Path(unquote(urlsplit(services["broker_url"]).path))


@contextmanager
def moved(path):
    """Move a server's socket aside while the block lasts, and give where it is."""
    real = path.with_name(f"{path.name}-aside")
    path.rename(real)
    try:
        yield real
    finally:
        path.unlink(missing_ok=True)
        real.rename(path)


def hang_up(up, name, real):
    """Break off a server's connections, asking it where it really is."""
    services = read_json(up.home / "services.json")
    if name == "postgres":
        address = urlsplit(services["database_url"])
        # A name of its own, as the server's own ends in a number that it is asked by.
        aside = real.with_name(".s.PGSQL.5433")
        aside.unlink(missing_ok=True)
        aside.symlink_to(real)
        try:
            with psycopg.connect(
                host=str(real.parent),
                port=5433,
                user=address.username,
                password=unquote(address.password),
                dbname=address.path.strip("/"),
                autocommit=True,
            ) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                )
        finally:
            aside.unlink()
    else:
        password = urlsplit(services["broker_url"]).password
        with redis.Redis(unix_socket_path=str(real), password=unquote(password)) as client:
            client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")


class Relay:
    """Passes on what goes between clients at one socket and a server at another, its answers `wait_s` late."""

    def __init__(self, path, real, *, wait_s):
        self.path, self.real, self.wait_s = path, real, wait_s

    def __enter__(self):
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self._listener.listen(128)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *raised):
        # What it carries is carried to its end, without delay.
        self.wait_s = 0
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(str(self.real))
            except OSError:
                client.close()
                continue
            threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _carry(self, client, server):
        with client, server, selectors.DefaultSelector() as ready, suppress(OSError):
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while True:
                for key, _ in ready.select():
                    chunk = key.fileobj.recv(65536)
                    if not chunk:
                        return
                    if key.fileobj is server:
                        time.sleep(self.wait_s)
                    key.data.sendall(chunk)


def _as(path, other):
    """Give a socket the owner and mode of another."""
    about = other.stat()
    os.chown(path, about.st_uid, about.st_gid)
    path.chmod(about.st_mode & 0o777)


def _signal(process, number):
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)
