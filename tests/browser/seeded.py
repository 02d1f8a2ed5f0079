"""A site of its own with the seeds in it, for pictures and measurements: started, waited for, and taken away."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.config.running import free_port

REPOSITORY = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 300
#: The seeds are read when the number of claims has not changed for so long.
SETTLED_S = 8


class SiteDidNotStart(Exception):
    """The site ended, or did not answer in time; the message has the end of what it said."""


@contextmanager
def seeded_site() -> Iterator[str]:
    """Give the address of a new embedded site once it has read the seeds; it goes with its data when the context ends.

    Raises SiteDidNotStart.
    """
    own = {"DATABASE_URL", "CELERY_BROKER_URL", "SECRET_KEY", "SECOND_SOURCE_HOME"}
    environ = {name: value for name, value in os.environ.items() if name not in own}
    with tempfile.TemporaryDirectory(prefix="second-source-seeded-") as folder:
        home, log = Path(folder) / "home", Path(folder) / "log"
        port = free_port()
        command = [sys.executable, "manage.py", "up", "--home", str(home), "--port", str(port)]
        with log.open("wb") as output:
            process = subprocess.Popen(command, cwd=REPOSITORY, env=environ, stdout=output, stderr=output)
        address = f"http://localhost:{port}"
        try:
            _wait(address, process, log)
            yield address
        finally:
            process.terminate()
            process.wait()


def _wait(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline, seen, since = time.monotonic() + START_TIMEOUT_S, 0, time.monotonic()
    while time.monotonic() < deadline and process.poll() is None:
        count = _claims(address)
        if count != seen:
            seen, since = count, time.monotonic()
        elif seen and time.monotonic() - since > SETTLED_S:
            return
        time.sleep(0.5)
    raise SiteDidNotStart(f"The site did not come up with its seeds:\n{log.read_text(errors='replace')[-4000:]}")


def _claims(address: str) -> int:
    try:
        with urllib.request.urlopen(f"{address}/api/v1/claims/", timeout=10) as answer:  # noqa: S310
            return len(json.load(answer)["results"])
    except urllib.error.HTTPError as error:
        if error.code < 500:
            raise
        return 0
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return 0
