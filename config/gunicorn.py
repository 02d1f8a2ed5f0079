"""gunicorn's settings beyond its command line, read before the site is: `gunicorn --config python:config.gunicorn`.

Its processes count requests together, in a folder of files, and log like the rest of the site.
"""

import gc
import os
import shutil
import tempfile
from typing import Any

from config import env

# A reader does not wait longer, nor may one heavy page keep the database from the others. Read by the settings.
os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT_S", "15")

# The library looks for it when it is first imported. What a killed process leaves in the home goes with the home.
_home = os.environ.get("SECOND_SOURCE_HOME", "")
_folder = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(
    prefix="second-source-metrics-", dir=_home if os.access(_home, os.W_OK | os.X_OK) else None
)

# Of each process, also of those that wait for a request; a process may mostly have 1,024 files open.
worker_connections = 800

# So long a connection may wait for its next request: longer than the proxy keeps it (deploy/Caddyfile), since what is
# sent at the moment of closing is lost, and nobody sends a form a second time unasked.
keepalive = 15

# The longest it can read, so that the site itself says what is too long (URL_MAX_CHARACTERS).
limit_request_line = 8190

logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.logs.LineFormatter", "format": "%(levelname)s %(name)s %(message)s"},
        "json": {"()": "config.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": env.text("LOG_FORMAT", default="line")}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
        # Requests have a line each already, from config.requests.
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}


def on_starting(server: Any) -> None:
    """Have requests answered by threads that wait for nobody, where the command line asks for threads (gthread)."""
    from config.gunicorn_worker import PatientWorker

    server.worker_class = PatientWorker


#: Read anew, the command line names gunicorn's own worker again.
on_reload = on_starting


def when_ready(server: Any) -> None:
    """Leave alone what the processes to be forked will share: looked through for garbage, each would have a copy."""
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Have what the site consists of looked through for garbage once, not in the middle of requests again and again."""
    gc.collect()
    gc.freeze()


def child_exit(server: Any, worker: Any) -> None:
    """Keep what a process counted, without what was true of it alone."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    shutil.rmtree(_folder, ignore_errors=True)
