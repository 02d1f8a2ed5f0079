"""Start time and idle memory of the whole stack: `python benchmarks/startup.py [--runs N]`.

Time runs from `manage.py up` in an empty home, packages installed, to the first answered page; memory is what
all processes of the stack hold once the seed articles are imported and the queue has been empty for a while.
The targets are those of the project: 40 s on 2 cores, 1.2 GiB. The claims of the seeds that two outlets report, which
the first page of a new site has to show, are counted too.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._figures import note
from config.embedded import folders, stack

REPOSITORY = Path(__file__).resolve().parent.parent
START_MAX_S, MEMORY_MAX_MIB = 40.0, 1.2 * 1024
# Twice the interval of the sweep: long enough for it to have found all that was left to do.
SETTLE_S = 45.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=2, help="starts to measure; the first one makes the database")
    runs = parser.parse_args().runs
    given = {"DATABASE_URL", "CELERY_BROKER_URL"}
    environ = {name: value for name, value in os.environ.items() if name not in given}
    met = True
    with tempfile.TemporaryDirectory(prefix="ss-") as base:
        home = Path(base) / "home"
        for run in range(runs):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            command = [sys.executable, "manage.py", "up", "--home", str(home), "--port", str(port)]
            log = Path(base) / f"log-{run}"
            with log.open("wb") as output:
                started = time.monotonic()
                up = subprocess.Popen(command, cwd=REPOSITORY, env=environ, stdout=output, stderr=output)
            try:
                while b"Second Source is at" not in log.read_bytes():
                    if up.poll() is not None:
                        sys.exit(log.read_text(errors="replace"))
                    time.sleep(0.02)
                took_s = time.monotonic() - started
                state = "empty home" if run == 0 else "existing home"
                print(f"start to first page, {state}: {took_s:.1f} s (target {START_MAX_S:.0f} s)", flush=True)
                note(f"start to first page, {state}", took_s, "s", at_most=START_MAX_S)
                met = met and took_s <= START_MAX_S
                if run == runs - 1:
                    met = report_memory(up, home) and met
                    report_seeds(port)
            finally:
                up.send_signal(signal.SIGTERM)
                up.wait(120)
        folders.remove(home)
    return 0 if met else 1


def report_memory(up: subprocess.Popen[bytes], home: Path) -> bool:
    """Print the memory of each program and of all; return whether it is within the target."""
    time.sleep(SETTLE_S)
    total = 0.0
    record = stack.Record.read(home)
    for name, identity in {"up": stack.ProcessId.of(up.pid), **record.processes}.items():
        if identity and (process := identity.find()):
            mebibytes = stack.memory_bytes(process, descendants=name != "up") / 2**20
            total += mebibytes
            print(f"idle memory, {name}: {mebibytes:.0f} MiB")
    kind = "PSS" if psutil.LINUX else "RSS"
    print(f"idle memory, together: {total:.0f} MiB {kind} (target {MEMORY_MAX_MIB:.0f} MiB)")
    note(f"idle memory, all processes ({kind})", total, "MiB", at_most=MEMORY_MAX_MIB)
    return total <= MEMORY_MAX_MIB


def report_seeds(port: int) -> None:
    """Print how many claims of the seeds two outlets report."""
    address = f"http://127.0.0.1:{port}/api/v1/claims/?outlets_min=2&limit=200"
    with urllib.request.urlopen(address, timeout=30) as response:
        shared = len(json.load(response)["results"])
    print(f"claims of the seeds that two outlets report: {shared}")
    note("claims of the seeds that two outlets report", shared)


if __name__ == "__main__":
    sys.exit(main())
