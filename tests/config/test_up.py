"""The whole stack, as `manage.py up` runs it."""

import os
import signal
import socket
import subprocess
import sys

import psutil
import pytest

from config.embedded import folders, stack
from config.embedded.supervisor import Supervisor
from tests.config.faults import process_of
from tests.config.running import REPOSITORY, START_TIMEOUT_S, Up, manage, status_of, wait_until


def test_the_stack_starts_refuses_a_second_start_mends_itself_and_ends_without_a_trace(home, port):
    up = Up(home, port).wait_for_page().wait_for("nobody can sign in yet; make an administrator: ")
    assert status_of(f"http://127.0.0.1:{port}/") < 500

    second = manage("up", "--home", str(home), "--port", str(port))
    assert second.returncode == 1
    assert f"already running, pid {up.process.pid}, at http://127.0.0.1:{port}/" in second.stderr

    assert manage("status", "--home", str(home)).returncode == 0
    # Importing gives way to readers.
    web, worker = (psutil.Process(up.record["processes"][name]["pid"]) for name in ("web", "worker"))
    wait_until(lambda: {process.nice() for process in (worker, *worker.children())} == {web.nice() + 5})
    for name in ("postgres", "valkey", "worker"):
        killed = up.record["processes"][name]["pid"]
        os.kill(killed, signal.SIGKILL)
        up.wait_for(f"{name} ended with signal SIGKILL")
        wait_until(lambda name=name, killed=killed: process_of(up, name).pid != killed)
    wait_until(lambda: "database   answers" in manage("status", "--home", str(home)).stdout)

    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(START_TIMEOUT_S) == 0
    assert up.processes() == []
    assert not (home / "stack.json").exists()
    assert manage("status", "--home", str(home)).returncode == 3


def test_after_kill_9_of_the_supervisor_nothing_lives_on_and_up_works_again(home, port):
    first = Up(home, port, "--workers", "fetch=2,extract+match+notify=1").wait_for_page()
    assert {"worker-fetch", "worker-extract+match+notify"} <= first.record["processes"].keys()
    first.kill()
    second = Up(home, port).wait_for_page()
    before = first.processes()
    assert {process.pid for process in before} >= {second.process.pid}

    second.kill()
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


def test_a_setting_that_will_not_do_ends_the_start_with_its_name(home, port):
    up = Up(home, port, FETCH_ALLOWED_PRIVATE_HOSTS="10.0.0.0/8")

    assert up.process.wait(START_TIMEOUT_S) == 1
    said = up.output.read_text()
    assert "FETCH_ALLOWED_PRIVATE_HOSTS cannot be read" in said
    assert said.endswith("up: web ended with code 1; its output is above.\n")
    assert up.processes() == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--port", "0"], "argument --port: it must be 1 to 65535, not 0"),
        (["--workers", "fetch=1"], "argument --workers: fetch=1: nobody would do extract, match, notify"),
    ],
)
def test_an_option_that_will_not_do_is_named_before_anything_starts(home, options, words):
    result = manage("up", "--home", str(home), *options)

    assert (result.returncode, result.stderr.splitlines()[-1]) == (2, f"manage.py up: error: {words}")
    assert not home.exists()


def test_up_is_among_the_commands_and_has_the_same_help_as_they():
    assert "--no-seeds" in manage("help", "up").stdout
    assert "--no-seeds" in manage("up", "--help").stdout


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


def test_status_names_what_a_killed_start_left_running(tmp_path):
    home = tmp_path / "home"
    folders.open_home(home)
    record = stack.Record(home / "stack.json")
    with subprocess.Popen(["sleep", "60"]) as left:
        record.processes["postgres"] = stack.ProcessId.of(left.pid)
        record.write()
        while_it_runs = manage("status", "--home", str(home))
        left.kill()
    after = manage("status", "--home", str(home))

    assert while_it_runs.returncode == 1
    assert "`up` was killed" in while_it_runs.stdout
    assert f"postgres        running  pid {left.pid}" in while_it_runs.stdout
    assert (after.returncode, after.stdout) == (3, f"down (home {home})\n")


def test_nothing_is_deleted_where_nobody_can_be_asked(tmp_path):
    folders.open_home(tmp_path / "home")
    down = manage("down", "--home", str(tmp_path / "home"), "--delete-data")

    assert down.returncode == 1
    assert down.stderr.endswith("Nothing was deleted: nobody is there to be asked. Add --yes to delete it.\n")
    assert (tmp_path / "home").exists()


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


def test_what_runs_is_written_down_as_soon_as_there_is_room_again(tmp_path):
    supervisor = Supervisor(tmp_path / "home", host="127.0.0.1", port=0, workers=[], seeds=False)
    supervisor.record.address = "http://127.0.0.1:1/"
    # Without its folder, the record can no more be written than on a full disk.
    supervisor._write_record()
    assert supervisor.record_due_at is not None
    supervisor._turn(timeout_s=5)
    supervisor.home.mkdir()
    supervisor._turn(timeout_s=5)
    supervisor.selector.close()
    assert supervisor.record_due_at is None
    assert stack.Record.read(supervisor.home).address == "http://127.0.0.1:1/"
