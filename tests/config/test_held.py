"""Programs that load while what they need is being made, and begin when they are told to."""

import signal
import subprocess
import sys

import pytest

from config.embedded import processes
from config.embedded.processes import Program
from tests.config.running import REPOSITORY

SCRIPT = (
    "from config.embedded import held; print(held.is_asked(), flush=True); held.wait(); print('began', held.is_asked())"
)
PROGRAM = Program(name="it", command=[sys.executable, "-c", SCRIPT], env={}, cwd=REPOSITORY)


def started(tmp_path, *, hold):
    with (tmp_path / "output").open("wb") as output:
        return PROGRAM.start(output=output, hold=hold)


def said(tmp_path):
    return (tmp_path / "output").read_text().splitlines()


def test_what_is_held_begins_when_it_is_released(tmp_path):
    process = started(tmp_path, hold=True)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    processes.release(process)

    assert process.wait(30) == 0
    assert said(tmp_path) == ["True", "began False"]


def test_what_is_not_held_begins_at_once(tmp_path):
    assert started(tmp_path, hold=False).wait(30) == 0
    assert said(tmp_path) == ["False", "began False"]


def test_what_is_held_ends_when_nobody_holds_it_any_more(tmp_path):
    process = started(tmp_path, hold=True)
    process.stdin.close()

    assert process.wait(30) == 1
    assert said(tmp_path) == ["True", "nobody is there any more to say that the work may begin"]


def test_to_release_what_has_ended_is_no_error(tmp_path):
    process = started(tmp_path, hold=True)
    process.send_signal(signal.SIGKILL)
    process.wait()

    processes.release(process)
