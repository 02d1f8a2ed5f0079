"""What is known of a running stack: its lock, its addresses, its processes, and what a crash left of it."""

import fcntl
import os
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from config.embedded.errors import AlreadyRunning, NotRunning
from config.embedded.folders import read_json, write_private

# In the environment of every process of one stack, so that a later `up` knows it from any other.
MARK_VARIABLE = "SECOND_SOURCE_STACK"
# The kernel counts starts in ticks since boot; translated to the clock they may differ a little.
_SAME_START_S = 2.0
_ORPHAN_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class ProcessId:
    """A process, known by more than its number, which another may get later."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> "ProcessId | None":
        """Return the identity of the running process `pid`, or None when there is none."""
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return None

    def find(self) -> psutil.Process | None:
        """Return the process while it runs."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < _SAME_START_S
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


@dataclass
class Record:
    """What `up` writes down in its home while it runs, and a later command reads."""

    path: Path
    mark: str = field(default_factory=lambda: secrets.token_hex(16))
    address: str = ""
    supervisor: ProcessId | None = None
    processes: dict[str, ProcessId] = field(default_factory=dict)

    @classmethod
    def read(cls, home: Path) -> "Record":
        """Return the record of the running or crashed stack, an empty one when it ended well."""
        path = home / "stack.json"
        content = read_json(path)
        if not content:
            return cls(path, mark="")
        supervisor = content["supervisor"]
        return cls(
            path,
            mark=content["mark"],
            address=content["address"],
            supervisor=ProcessId(**supervisor) if supervisor else None,
            processes={name: ProcessId(**identity) for name, identity in content["processes"].items()},
        )

    def write(self) -> None:
        content: dict[str, Any] = {
            "mark": self.mark,
            "address": self.address,
            "supervisor": self.supervisor and vars(self.supervisor),
            "processes": {name: vars(identity) for name, identity in self.processes.items()},
        }
        write_private(self.path, content)

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


@contextmanager
def locked(home: Path, *, patience_s: float = 1.0) -> Iterator[None]:
    """Hold the lock of `home`; the kernel frees it when its holder ends, however that happens.

    Raises AlreadyRunning, naming the holder, after `patience_s` seconds: `is_running` holds it for a moment.
    """
    # Not inherited by children: a leftover child would hold it.
    descriptor = os.open(home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + patience_s
        while not _try_lock(descriptor):
            if time.monotonic() > deadline:
                record = Record.read(home)
                pid = f"pid {record.supervisor.pid}" if record.supervisor else "just starting"
                where = f", at {record.address}" if record.address else ""
                raise AlreadyRunning(f"already running, {pid}{where} (home {home})")
            time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


def is_running(home: Path) -> bool:
    """Return whether an `up` holds the lock of `home`."""
    if not (home / "lock").exists():
        return False
    try:
        with locked(home, patience_s=0.2):
            return False
    except AlreadyRunning:
        return True


def end(home: Path, *, timeout_s: float) -> None:
    """Ask the running `up` of `home` to end, and return when it has.

    Raises NotRunning when there is none, AlreadyRunning when it goes on after `timeout_s` seconds.
    """
    record = Record.read(home)
    process = record.supervisor.find() if record.supervisor and is_running(home) else None
    if process is None:
        raise NotRunning(f"nothing runs in {home}")
    process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + timeout_s
    while is_running(home):
        if time.monotonic() > deadline:
            raise AlreadyRunning(f"pid {process.pid} still runs after {timeout_s:.0f} s; see its output.")
        time.sleep(0.1)


def orphans(home: Path) -> list[tuple[str, psutil.Process]]:
    """Return what a killed `up` left running, each with its name; of use while no other `up` holds the lock."""
    record = Record.read(home)
    if not record.mark:
        return []
    known = {name: identity.find() for name, identity in record.processes.items()}
    found = {process.pid: (name, process) for name, process in known.items() if process}
    for process in psutil.process_iter():
        if process.pid not in found and _mark_of(process) == record.mark:
            found[process.pid] = ("a child process", process)
    return list(found.values())


def end_orphans(home: Path) -> list[str]:
    """End what a killed `up` left running, and return the names; to be called with the lock held."""
    left_behind = orphans(home)
    for name, process in left_behind:
        # PostgreSQL's fast shutdown; Valkey writes out its log; the others keep nothing.
        gentle = {"postgres": signal.SIGINT, "valkey": signal.SIGTERM}
        _signal(process, gentle.get(name, signal.SIGKILL))
    _, left = psutil.wait_procs([process for _, process in left_behind], timeout=_ORPHAN_TIMEOUT_S)
    for process in left:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(left, timeout=_ORPHAN_TIMEOUT_S)
    Record.read(home).remove()
    return sorted({name for name, _ in left_behind})


def memory_bytes(process: psutil.Process, *, descendants: bool = True) -> int:
    """Return the memory of a process; pages shared by n processes count 1/n each (PSS), where the system tells."""
    total = 0
    for member in [process, *(process.children(recursive=True) if descendants else [])]:
        try:
            memory = member.memory_full_info()
            total += getattr(memory, "pss", memory.rss)
        except psutil.NoSuchProcess:
            continue
    return total


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _mark_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(MARK_VARIABLE)
    except (psutil.Error, OSError):
        # Not ours, or gone.
        return None


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
