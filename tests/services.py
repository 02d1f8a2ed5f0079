"""Throwaway PostgreSQL and Valkey for the tests, started where no DATABASE_URL is set.

A pytest plugin, loaded by `-p tests.services` before the Django settings are read. Also a command:
`python -m tests.services COMMAND...` runs COMMAND beside such services and ends with its code.
"""

import atexit
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from config.embedded import folders, processes
from config.embedded.accounts import service_account
from config.embedded.errors import ServiceFailed
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey

#: Names the addresses that are those of throwaway services.
_STARTED = "SECOND_SOURCE_TEST_SERVICES"


def start() -> None:
    """Start what the environment names no address for, and name it there; all ends with this process."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        # What waits for transactions waits for those of all databases of a server, so each worker has its own.
        for variable in os.environ.pop(_STARTED, "").split():
            del os.environ[variable]
    wanted = [
        (variable, service)
        for variable, service in (("DATABASE_URL", Postgres), ("CELERY_BROKER_URL", Valkey))
        if not os.environ.get(variable) and not os.environ.get(f"{variable}_FILE")
    ]
    if not wanted:
        return
    home = Path(tempfile.mkdtemp(prefix="second-source-tests-"))
    atexit.register(folders.remove, home)
    # A plain kill skips what is registered above, unless it is turned into an orderly end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    places = folders.prepare(home, service_account())
    for variable, service in wanted:
        server = service(places, secrets.token_urlsafe(24), throwaway=True)
        server.prepare()
        program = server.program()
        with (home / f"{server.name}.log").open("wb") as log:
            process = program.start(output=log)
        atexit.register(processes.stop, process, program)
        _wait(server, process, log=home / f"{server.name}.log")
        os.environ[variable] = server.url
    if "PYTEST_XDIST_WORKER" not in os.environ:
        # What a worker runs shares its services.
        os.environ[_STARTED] = " ".join(variable for variable, _ in wanted)
    os.environ["SECOND_SOURCE_HOME"] = str(home)
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))


def _wait(server: Postgres | Valkey, process: subprocess.Popen[bytes], *, log: Path) -> None:
    deadline = time.monotonic() + server.ready_timeout_s
    while not server.answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise ServiceFailed(f"{server.name} did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


start()

if __name__ == "__main__":
    sys.exit(subprocess.run(sys.argv[1:], check=False).returncode)
