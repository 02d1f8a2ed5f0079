"""Starting and ending one program; nothing here knows which programs there are."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from config.embedded import held
from config.embedded.accounts import Account

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: between fork and exec nothing may import or allocate more than it must.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program to run: what, as whom, and how it is asked to end."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    account: Account | None = None
    # Handed over on standard input, so that a secret is neither in `ps` nor in a file.
    config: str = ""
    stop_signal: signal.Signals = signal.SIGTERM
    # Sent by the kernel when the supervisor is gone: the fastest end that loses nothing.
    orphan_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 10.0

    def start(self, *, output: int | IO[bytes], hold: bool = False) -> subprocess.Popen[bytes]:
        """Return the started process; its standard output and errors go to `output`.

        With `hold` it waits for `release` where it calls `held.wait`.
        """
        # A session of its own: Ctrl-C reaches the supervisor alone, which ends the others in order.
        parent = os.getpid()
        process = subprocess.Popen(
            self.command,
            env={**self.env, **(held.ENVIRON if hold else {})},
            cwd=self.cwd,
            stdin=subprocess.PIPE if self.config or hold else subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
            preexec_fn=lambda: _die_with_parent(self.orphan_signal, parent),
            **(self.account.popen_options() if self.account else {}),
        )
        if self.config:
            _hand_over(process, self.config.encode())
        return process


def release(process: subprocess.Popen[bytes]) -> None:
    """Tell a process that was started held that it may begin."""
    _hand_over(process, held.WORD)


def _hand_over(process: subprocess.Popen[bytes], words: bytes) -> None:
    """Write all that there will be on the standard input of `process`."""
    if process.stdin is None:
        return
    try:
        process.stdin.write(words)
        process.stdin.close()
    except BrokenPipeError:
        # It ended before it read a word; whoever waits for it says so, with its output.
        process.stdin = None


def _die_with_parent(orphan_signal: signal.Signals, parent: int) -> None:
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(orphan_signal), 0, 0, 0)
    if os.getppid() != parent:  # it went before the line above
        os._exit(1)


def stop(process: subprocess.Popen[bytes], program: Program) -> bool:
    """End `process` and what is left of its process group; return False when it had to be killed."""
    if process.poll() is None:
        process.send_signal(program.stop_signal)
    try:
        process.wait(program.stop_timeout_s)
    except subprocess.TimeoutExpired:
        kill_group(process.pid)
        process.wait()
        return False
    kill_group(process.pid)
    return True


def kill_group(pid: int) -> None:
    """Kill whatever is left of the process group that process `pid` led."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
