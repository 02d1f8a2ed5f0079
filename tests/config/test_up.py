"""The whole stack, as `manage.py up` runs it."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from config.embedded import folders, stack

REPOSITORY = Path(__file__).resolve().parents[2]
# As on a machine where nothing is set: no services of the tests, no settings of theirs.
ENVIRON = {
    name: value
    for name, value in os.environ.items()
    if name not in {"DATABASE_URL", "CELERY_BROKER_URL", "SECRET_KEY", "SECOND_SOURCE_HOME"}
}
START_TIMEOUT_S = 120


@pytest.fixture
def home():
    with tempfile.TemporaryDirectory(prefix="ss-") as base:
        Path(base).chmod(0o755)
        home = Path(base) / "home"
        yield home
        manage("down", "--home", str(home))
        folders.remove(home)


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def manage(*arguments, **options):
    command = [sys.executable, "manage.py", *arguments]
    options = {"capture_output": True, "text": True, "check": False, "timeout": START_TIMEOUT_S} | options
    return subprocess.run(command, cwd=REPOSITORY, env=ENVIRON, **options)


class Up:
    """A running `up`, whose output is read from a file."""

    def __init__(self, home, port):
        self.home, self.port = home, port
        self.output = home.with_name(f"output-{time.monotonic_ns()}")
        command = [sys.executable, "manage.py", "up", "--no-seeds", "--home", str(home), "--port", str(port)]
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(command, cwd=REPOSITORY, env=ENVIRON, stdout=file, stderr=file)

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

    @property
    def record(self):
        return json.loads((self.home / "stack.json").read_text())

    def processes(self):
        """Every process of this stack, found without its help."""
        return [process for process in psutil.process_iter() if belongs(process, self.home)]


def belongs(process, home):
    try:
        words = " ".join(process.cmdline())
        marked = process.environ().get("SECOND_SOURCE_HOME") == str(home)
        return process.status() != psutil.STATUS_ZOMBIE and (marked or str(home) in words)
    except psutil.Error:  # another user's, or gone
        return False


def wait_until(condition, *, timeout_s=30):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def status_of(address):
    try:
        with urllib.request.urlopen(address, timeout=10) as response:  # noqa: S310 (our own http address)
            return response.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_the_stack_starts_refuses_a_second_start_mends_itself_and_ends_without_a_trace(home, port):
    up = Up(home, port).wait_for_page()
    assert status_of(f"http://127.0.0.1:{port}/") < 500

    second = manage("up", "--home", str(home), "--port", str(port))
    assert second.returncode == 1
    assert f"already running, pid {up.process.pid}, at http://127.0.0.1:{port}/" in second.stderr

    assert manage("status", "--home", str(home)).returncode == 0
    for name in ("postgres", "valkey", "worker"):
        killed = up.record["processes"][name]["pid"]
        os.kill(killed, signal.SIGKILL)
        up.wait_for(f"{name} ended with signal SIGKILL")
        wait_until(lambda name=name, killed=killed: up.record["processes"][name]["pid"] != killed)
    wait_until(lambda: "database   answers" in manage("status", "--home", str(home)).stdout)

    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(60) == 0
    assert up.processes() == []
    assert not (home / "stack.json").exists()
    assert manage("status", "--home", str(home)).returncode == 3


def test_after_kill_9_of_the_supervisor_nothing_lives_on_and_up_works_again(home, port):
    first = Up(home, port).wait_for_page()
    first.process.kill()
    first.process.wait()
    second = Up(home, port).wait_for_page()
    before = first.processes()
    assert {process.pid for process in before} >= {second.process.pid}

    second.process.kill()
    second.process.wait()
    wait_until(lambda: second.processes() == [])

    down = manage("down", "--home", str(home), "--delete-data", "--yes")
    assert down.returncode == 0, down.stderr
    assert not home.exists()


def test_a_port_in_use_is_named_before_anything_starts(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = manage("up", "--home", str(home), "--port", str(port))

    assert result.returncode == 1
    assert f"127.0.0.1:{port} cannot be served on" in result.stderr
    assert not (home / "postgres").exists()


def test_orphans_of_a_killed_start_are_known_by_more_than_their_number(tmp_path):
    folders.open_home(tmp_path / "home")
    with subprocess.Popen(["sleep", "60"]) as stranger:
        record = stack.Record(tmp_path / "home/stack.json")
        identity = stack.ProcessId.of(stranger.pid)
        record.processes["web"] = stack.ProcessId(identity.pid, identity.started - 3600)
        record.write()

        assert stack.end_orphans(tmp_path / "home") == []
        assert stranger.poll() is None
        stranger.kill()


def test_orphans_of_a_killed_start_are_ended(tmp_path):
    folders.open_home(tmp_path / "home")
    record = stack.Record(tmp_path / "home/stack.json")
    marked_env = {stack.MARK_VARIABLE: record.mark}
    with subprocess.Popen(["sleep", "60"]) as named, subprocess.Popen(["sleep", "60"], env=marked_env) as marked:
        record.processes["web"] = stack.ProcessId.of(named.pid)
        record.write()

        assert stack.end_orphans(tmp_path / "home") == ["a child process", "web"]
        assert not psutil.pid_exists(named.pid)
        assert not psutil.pid_exists(marked.pid)


def test_the_lock_is_free_once_its_holder_is_killed(tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from config.embedded import stack\n"
        "with stack.locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        assert stack.is_running(tmp_path)
        holder.kill()

    assert not stack.is_running(tmp_path)
