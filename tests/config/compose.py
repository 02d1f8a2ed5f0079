"""docker-compose.yml as an engine would read it, and its programs as processes of this machine."""

import os
import re
import shlex
import signal
import subprocess
from functools import cache
from pathlib import Path

import yaml

from config.embedded.processes import Program
from tests.config.running import REPOSITORY

FILE = REPOSITORY / "docker-compose.yml"
SECRETS_IN_A_CONTAINER = "/run/secrets/"
_VARIABLE = re.compile(r"\$(?:\$|\{(\w+)(?::-([^}]*))?\})")
_CMD = re.compile(r"^CMD (\[.*?\])$", re.MULTILINE | re.DOTALL)


@cache
def read():
    """Return the file with its variables filled in as where none is set."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def filled(value):
    """Return words with variables replaced by their defaults, and `$$` by `$`."""
    return _VARIABLE.sub(lambda found: "$" if found[0] == "$$" else (found[2] or ""), value)


def command_of(service):
    """Return the words that a container of a service runs: its own, or those of the image."""
    command = read()["services"][service].get("command")
    if command is None:
        [command] = _CMD.findall((REPOSITORY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", ""))
        command = yaml.safe_load(command)
    words = shlex.split(command) if isinstance(command, str) else command
    return [filled(word) for word in words]


def environment_of(service, *, secrets):
    """Return the variables of a service, with its secrets in the folder `secrets`."""
    described = read()["services"][service]
    mounted = {f"{SECRETS_IN_A_CONTAINER}{name}": str(secrets / name) for name in described["secrets"]}
    return {name: mounted.get(value, filled(value)) for name, value in described["environment"].items()}


class Containers:
    """Services of the file, each a process with a read-only file system where this machine lets us have that."""

    def __init__(self, folder, secrets, *, port, python):
        self.folder, self.secrets, self.port = folder, secrets, port
        self.bin = Path(python).parent
        self.running = []

    def program(self, service, command=None):
        """Return what a container of a service runs, its port being ours."""
        ours = {"0.0.0.0:8000": f"127.0.0.1:{self.port}", "/tmp/": f"{self.temporary(service)}/"}  # noqa: S108
        words = command or [_exchanged(word, ours) for word in command_of(service)]
        environ = {
            "PATH": f"{self.bin}:/usr/bin:/bin",
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
            "TMPDIR": str(self.temporary(service)),
            "SECOND_SOURCE_HOME": str(self.folder / "nowhere"),
            "STATIC_ROOT": str(self.folder / "static"),
            **environment_of(service, secrets=self.secrets),
        }
        stop = signal.Signals[read()["services"][service].get("stop_signal", "SIGTERM")]
        return Program(
            name=service,
            command=[*_read_only(), *words],
            env=environ,
            cwd=REPOSITORY,
            stop_signal=stop,
            stop_timeout_s=30,
        )

    def temporary(self, service):
        folder = self.folder / f"tmp-{service}"
        folder.mkdir(exist_ok=True)
        return folder

    def log(self, service):
        return self.folder / f"{service}.log"

    def run(self, service, *command):
        """Run a command to its end, as `docker compose run --rm` does, and return what it wrote."""
        with self.log(service).open("ab") as log:
            code = self.program(service, command or None).start(output=log).wait(300)
        written = self.log(service).read_text(errors="replace")
        assert code == 0, written
        return written

    def start(self, service):
        program = self.program(service)
        with self.log(service).open("ab") as log:
            self.running.append((program, program.start(output=log)))

    def logs(self):
        return "\n".join(
            f"--- {path.name}\n{path.read_text(errors='replace')[-4000:]}" for path in self.folder.glob("*.log")
        )


def _exchanged(word, others):
    for name, other in others.items():
        word = word.replace(name, other)
    return word


@cache
def _read_only():
    """Return the words before a command that take from it the right to write but to $TMPDIR; none for plain users."""
    mounts = {"/"} | {str(each) for each in REPOSITORY.parents if os.path.ismount(each)}
    script = 'mount --bind "$TMPDIR" "$TMPDIR" && for place in %s; do mount -o remount,bind,ro $place; done; exec "$@"'
    words = ["unshare", "--mount", "sh", "-ec", script % " ".join(sorted(mounts)), "sh"]
    probe = subprocess.run(
        [*words, "sh", "-c", f"! touch {REPOSITORY}/written && touch $TMPDIR/probe && rm $TMPDIR/probe"],
        env={**os.environ, "TMPDIR": os.environ.get("TMPDIR", "/tmp")},  # noqa: S108 (only probed)
        capture_output=True,
        check=False,
    )
    return words if probe.returncode == 0 else []
