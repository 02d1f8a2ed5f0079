"""How much faster two worker processes import than one, on RabbitMQ.

    python benchmarks/workers.py [--articles 400] [--workers 1 2]

Starts a RabbitMQ (Debian's) and a throwaway PostgreSQL (where DATABASE_URL is not set), hands in the same made-up
articles (benchmarks/_articles.py) for each number of workers, into a database of its own, and lets so many Celery
workers of one process each do the work, with the scheduler beside them. The clock runs from the first article handed
in, with all workers ready, until the last article is stored and its statements are found, and goes on until all are
matched. First the workers take what can be done by several at once, importing and finding statements; then all kinds of
work: one matches at a time (docs/operations.md), so there the second worker helps less. The baseline is one worker.

On a machine with two processors the database and the broker share them with the workers, so the processor seconds of
each are printed, and the most that two workers could gain there: however the work is shared, it takes no less time than
all processor seconds divided by the number of processors.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil
import psycopg
from celery import Celery

from benchmarks._articles import Newsroom
from benchmarks._figures import note
from config.embedded import processes
from config.embedded.processes import Program
from config.embedded.workers import KINDS, SWEEP, queue
from tests.config import rabbitmq
from tests.config.running import REPOSITORY

SPEED_UP_MIN = 1.8
#: Kinds of work that several workers do at once, and all.
PARALLEL = ("fetch", "extract")
WARM_UP = 10
TIMEOUT_S, READY_S = 3600, 120
SO_FAR = {
    "handed in": "SELECT count(*) FROM sources_importitem",
    "read": "SELECT count(*) FROM claims_extraction WHERE state IN ('extracted', 'matched')",
    "matched": "SELECT count(*) FROM claims_extraction WHERE state = 'matched'",
}


@dataclass(frozen=True)
class Took:
    """Seconds until all was read, and until all was matched (None: it was not to be); processor seconds by role."""

    read_s: float
    matched_s: float | None
    processors_s: dict[str, float]


class WorkersSilent(Exception):
    """Workers that were started did not answer; the message has the end of what they wrote."""


class NotDone(Exception):
    """Articles were not imported in time; the message says how many were."""


# Services


@contextmanager
def broker() -> Iterator[rabbitmq.RabbitMQ]:
    """Give a RabbitMQ of our own."""
    programs = rabbitmq.find()
    if programs is None:
        raise SystemExit(rabbitmq.MISSING)
    with tempfile.TemporaryDirectory(prefix="ss-rabbitmq-") as folder:
        node = rabbitmq.RabbitMQ(Path(folder), *programs)
        try:
            yield node.start()
        finally:
            node.end()


@contextmanager
def database(number: int) -> Iterator[str]:
    """Give the address of a copy of the migrated database."""
    address = urlsplit(os.environ["DATABASE_URL"])
    name = f"workers_{number}"
    with psycopg.connect(urlunsplit(address._replace(path="/postgres")), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {address.path.lstrip('/')}")
        try:
            yield urlunsplit(address._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def programs(environ: dict[str, str], folder: Path, *, workers: int, kinds: Sequence[str]) -> list[Program]:
    """Return so many workers of one process each, and the scheduler, as `up` starts them."""
    celery = [sys.executable, "-W", "ignore:You're running the worker with superuser privileges", "-m", "celery"]
    celery += ["--quiet", "--app", "config"]
    queues = ",".join(queue(kind) for kind in (*kinds, SWEEP))
    found = []
    for number in range(1, workers + 1):
        options = ["--queues", queues, "--concurrency", "1", "--hostname", f"w{number}@%h", "--loglevel", "WARNING"]
        command = [*celery, "worker", *options, "--without-gossip", "--without-mingle"]
        found.append(Program(name=f"worker {number}", command=command, env=environ, cwd=REPOSITORY, stop_timeout_s=20))
    schedule = ["--schedule", str(folder / "schedule"), "--pidfile", "", "--loglevel", "WARNING"]
    found.append(Program(name="beat", command=[*celery, "beat", *schedule], env=environ, cwd=REPOSITORY))
    return found


# Measuring


def processor_s(process: psutil.Process) -> float:
    """Return what a process and all that it started have worked, those that ended included."""
    spent = 0.0
    for each in [process, *process.children(recursive=True)]:
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent += times.user + times.system + times.children_user + times.children_system
    return spent


def postgresql() -> psutil.Process:
    """Return the server at DATABASE_URL.

    Raises SystemExit where it runs on another machine.
    """
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        [session] = connection.execute("SELECT pg_backend_pid()").fetchone() or [0]
        server = psutil.Process(session).parent() if psutil.pid_exists(session) else None
    if server is None or "postgres" not in server.name():
        raise SystemExit("DATABASE_URL names a server of another machine: its processor time cannot be seen.")
    return server


def erlang() -> psutil.Process:
    """Return the RabbitMQ that this process started."""
    [node] = [each for each in psutil.Process().children(recursive=True) if each.name().startswith("beam")]
    return node


def measure(number: int, node: rabbitmq.RabbitMQ, *, workers: int, kinds: Sequence[str], articles: int) -> Took:
    """Import articles with so many workers into a database of their own.

    Raises WorkersSilent, NotDone.
    """
    with ExitStack() as ends:
        address = ends.enter_context(database(number))
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        environ = {**os.environ, "DATABASE_URL": address, "LOG_LEVEL": "WARNING", "PYTHONPATH": str(REPOSITORY)}
        output = ends.enter_context((folder / "output").open("wb"))
        roles = {"PostgreSQL": postgresql(), "RabbitMQ": erlang()}
        for program in programs(environ, folder, workers=workers, kinds=kinds):
            process = program.start(output=output)
            ends.callback(processes.stop, process, program)
            roles[program.name] = psutil.Process(process.pid)
        wait_for_workers(workers, node, folder / "output")
        connection = ends.enter_context(psycopg.connect(address, autocommit=True))
        last = "matched" if "match" in kinds else "read"
        # By then each has loaded what it needs.
        hand_in(environ, folder / "first.jsonl", Newsroom(0), WARM_UP).wait(READY_S)
        wait(connection, last, WARM_UP)
        before = {name: processor_s(process) for name, process in roles.items()}
        command = hand_in(environ, folder / "articles.jsonl", Newsroom(1), articles)
        wait(connection, "handed in", WARM_UP + 1)
        began = time.monotonic()
        command.wait(READY_S)
        wait(connection, "read", WARM_UP + articles)
        read_s = time.monotonic() - began
        wait(connection, last, WARM_UP + articles)
        matched_s = time.monotonic() - began if last == "matched" else None
        spent = {name: processor_s(process) - before[name] for name, process in roles.items()}
        return Took(read_s, matched_s, spent)


def wait_for_workers(number: int, node: rabbitmq.RabbitMQ, output: Path) -> None:
    """Return once so many workers take tasks.

    Raises WorkersSilent.
    """
    control = Celery(broker=node.url).control
    deadline = time.monotonic() + READY_S
    while len(control.ping(timeout=2.0) or []) < number:
        if time.monotonic() > deadline:
            raise WorkersSilent(f"{number} workers did not start: {output.read_text(errors='replace')[-2000:]}")


def hand_in(environ: dict[str, str], path: Path, newsroom: Newsroom, number: int) -> subprocess.Popen[bytes]:
    """Start the command that imports articles through Celery, and return it."""
    path.write_text("".join(json.dumps(article) + "\n" for article in newsroom.articles(number)), encoding="utf-8")
    command = [sys.executable, "manage.py", "import_articles", str(path)]
    return subprocess.Popen(command, cwd=REPOSITORY, env=environ, stdout=subprocess.DEVNULL)


def wait(connection: "psycopg.Connection[tuple[int]]", what: str, number: int) -> None:
    """Return once so many articles are so far.

    Raises NotDone.
    """
    deadline = time.monotonic() + TIMEOUT_S
    while (found := (connection.execute(SO_FAR[what]).fetchone() or (0,))[0]) < number:
        if time.monotonic() > deadline:
            raise NotDone(f"After {TIMEOUT_S} s {found} of {number} articles are {what}.")
        time.sleep(0.05)


# Report


def report(kinds: Sequence[str], articles: int, took: dict[int, Took]) -> bool:
    """Print the runs of some kinds of work side by side, and return whether the aim is met."""
    whole = "match" in kinds
    what = "importing, finding statements and matching" if whole else "importing and finding statements"
    print(f"\n{what}: {articles} articles")
    seconds = {workers: (run.matched_s if whole else run.read_s) or run.read_s for workers, run in took.items()}
    (fewest, most), cores = (min(took), max(took)), len(os.sched_getaffinity(0))
    for workers, run in took.items():
        shares = ", ".join(f"{name} {spent:.1f}" for name, spent in run.processors_s.items())
        together = sum(run.processors_s.values())
        print(
            f"  workers: {workers}, {seconds[workers]:7.1f} s, {articles / seconds[workers]:6.2f} articles/s"
            f"; processor seconds {together:.1f} ({together / seconds[workers]:.2f} processors): {shares}"
        )
    ratio = seconds[fewest] / seconds[most]
    bound = seconds[fewest] / max(sum(took[fewest].processors_s.values()) / cores, seconds[fewest] * fewest / most)
    print(f"  {ratio:.2f} times as fast with {most} (aim {SPEED_UP_MIN}); {cores} processors allow {bound:.2f}")
    sys.stdout.flush()
    rate, baseline = articles / seconds[most], articles / seconds[fewest]
    note(f"RabbitMQ, {what}, {most} workers", rate, "1/s", baseline=baseline, against=f"{fewest} worker")
    aim = None if whole else SPEED_UP_MIN
    note(f"RabbitMQ, {what}, {most} workers beside {fewest}", ratio, "times", at_least=aim)
    note(f"RabbitMQ, {what}, what {cores} processors allow", bound, "times")
    return whole or ratio >= SPEED_UP_MIN


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--workers", type=int, nargs=2, default=[1, 2], help="numbers of workers to compare")
    options = parser.parse_args()
    met, number = True, 0
    with broker() as node:
        os.environ["CELERY_BROKER_URL"] = node.url
        import tests.services  # noqa: F401 (starts a throwaway PostgreSQL where DATABASE_URL is not set)

        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=REPOSITORY, check=True)
        for kinds in (PARALLEL, KINDS):
            took = {}
            for workers in options.workers:
                number += 1
                took[workers] = measure(number, node, workers=workers, kinds=kinds, articles=options.articles)
            met = report(kinds, options.articles, took) and met
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
