"""How the whole stack answers while it imports: readers, programs and two editors at once.

    python benchmarks/load.py [--claims 20000] [--rate 50] [--seconds 60] [--articles 5] [--workers 2] [--home DIR]

Starts a stack of its own, fills it with made-up claims (benchmarks/_claims.py), and asks it over HTTP at a fixed rate:
whoever is late is counted from when it was due, so a stack that stalls does not look fast. Readers are seven in ten
requests: lists, searches, claims, articles, outlets and topics; programs the rest, through the API. Meanwhile two
editors decide four times a second each, and articles a second are handed in by the API, read and matched. The baseline
is the same mix before the import begins, and nobody deciding. Memory is what all processes of the stack hold together
at most.
"""

import argparse
import base64
import http.client
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil

from config.embedded import stack
from tests.config.editing import NAME, PASSWORD, Deciding, Editor
from tests.config.running import REPOSITORY, Database, Up, free_port, manage, wait_until

EDITORS, CLIENTS = 2, 24
P95_MAX_MS, MEMORY_MAX_MIB = 150, 3 * 1024
FILL = "import django; django.setup(); from benchmarks._claims import fill; fill(int(__import__('sys').argv[1]))"
SAMPLE = 400


class Mix:
    """Addresses in the proportions in which people and programs ask for them."""

    def __init__(self, database: Database) -> None:
        self._chance = random.Random(1)  # noqa: S311 (a mix, no secret)

        def some(table: str, column: str) -> list[str]:
            # Keys run from 1 on without gaps where nothing was deleted; what is missing is left out.
            query = (
                f"SELECT {column}::text FROM {table} WHERE id IN (SELECT 1 + floor(random() * "  # noqa: S608 (ours)
                f"(SELECT max(id) FROM {table}))::bigint FROM generate_series(1, {SAMPLE}))"
            )
            return [value for (value,) in database.rows(query)]

        claims, articles = some("claims_claim", "uid"), some("sources_article", "uid")
        outlets, topics = some("sources_outlet", "slug"), some("claims_topic", "slug")
        words = [word for text in some("claims_claim", "text") for word in text.strip(".").lower().split()]
        pick = self._chance.choice
        if not (claims and articles and outlets and topics):
            raise SystemExit("The stack lacks claims, articles, outlets or topics: fill it first.")
        self._kinds: list[tuple[int, str, Callable[[], str]]] = [
            (14, "list", lambda: pick(["/claims/", "/claims/?sort=newest", "/claims/?level=corroborated"])),
            (14, "search", lambda: f"/claims/?q={quote(f'{pick(words)} {pick(words)}')}"),
            (22, "claim", lambda: f"/claims/{pick(claims)}/"),
            (10, "article", lambda: f"/articles/{pick(articles)}/"),
            (6, "outlet", lambda: f"/outlets/{pick(outlets)}/"),
            (4, "topic", lambda: f"/topics/{pick(topics)}/"),
            (12, "API list", lambda: f"/api/v1/claims/?outlet={pick(outlets)}"),
            (8, "API search", lambda: f"/api/v1/claims/?q={quote(pick(words))}"),
            (10, "API claim", lambda: f"/api/v1/claims/{pick(claims)}/"),
        ]

    def next(self) -> tuple[str, str]:
        """Return a kind of request and an address of it."""
        weights = [weight for weight, _, _ in self._kinds]
        [(_, kind, address)] = self._chance.choices(self._kinds, weights=weights)
        return kind, address()


class Clients:
    """Browsers and programs that each keep a connection and ask when a request is due."""

    def __init__(self, port: int, mix: Mix, *, rate: float, seconds: float) -> None:
        self.port, self.mix = port, mix
        self.times: dict[str, list[float]] = defaultdict(list)
        self.failures: Counter[str] = Counter()
        self._due = iter(n / rate for n in range(int(rate * seconds)))
        self._lock = threading.Lock()

    def run(self) -> float:
        """Ask all, and return how many were answered a second."""
        began = time.monotonic()
        threads = [threading.Thread(target=self._ask_on, args=(began,)) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(map(len, self.times.values())) / (time.monotonic() - began)

    def _ask_on(self, began: float) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while True:
            with self._lock:
                after_s = next(self._due, None)
                if after_s is None:
                    break
                kind, address = self.mix.next()
            due = began + after_s
            time.sleep(max(0.0, due - time.monotonic()))
            try:
                status = _get(connection, address)
                if status != 200:
                    self.failures[f"{kind}: {status}"] += 1
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                self.failures[f"{kind}: {type(error).__name__}"] += 1
            self.times[kind].append(1000 * (time.monotonic() - due))
        connection.close()

    def report(self, title: str, rate: float) -> float:
        """Print it, and return the p95 of all."""
        print(f"{title}: {rate:.1f} requests/s answered")
        together = [each for times in self.times.values() for each in times]
        for kind, times in [*sorted(self.times.items()), ("together", together)]:
            p50, p95 = statistics.median(times), _p95(times)
            print(f"  {kind:<12} {len(times):6} requests   p50 {p50:7.0f} ms   p95 {p95:7.0f} ms")
        print(f"  not answered with 200: {dict(self.failures) or 'none'}", flush=True)
        return _p95(together)


class Importing:
    """Hands in articles by the API, so many a second, while the block lasts."""

    def __init__(self, port: int, account: str, articles: int) -> None:
        self.port, self.account, self.articles, self.handed_in = port, account, articles, 0
        self._ended = threading.Event()

    def __enter__(self) -> "Importing":
        self._thread = threading.Thread(target=self._hand_in)
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._ended.set()
        self._thread.join()

    def _hand_in(self) -> None:
        chance = random.Random(2)  # noqa: S311 (made-up text)
        account = base64.b64encode(f"{self.account}:{PASSWORD}".encode()).decode()
        headers = {"Authorization": f"Basic {account}", "Content-Type": "application/json"}
        things = "bridge ferry crane tunnel lighthouse orchard reservoir turbine furnace violin windmill pier".split()
        while not self._ended.wait(1.0):
            documents = []
            for _ in range(self.articles):
                one, two = chance.sample(things, 2)
                said = f"the {one} beside the {two} had cost {chance.randint(1000, 99_999)} crowns"
                filler = " ".join(f"The {two} was inspected on day {chance.randint(1, 999)}." for _ in range(40))
                text = f"{filler}\n\nMayor Ana Silva said that {said}."
                documents.append({"outlet": f"Load {chance.randint(1, 20)}", "title": f"The {one}", "text": text})
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                connection.request("POST", "/api/v1/imports/", json.dumps({"documents": documents}), headers)
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException) as error:
                print(f"  not handed in: {error!r}", flush=True)
            else:
                self.handed_in += len(documents) if response.status == 202 else 0
            connection.close()


class Memory:
    """The most that all processes of a stack hold, looked at every few seconds while the block lasts; in MiB."""

    def __init__(self, home: Path) -> None:
        self.home, self.most = home, 0.0
        self._ended = threading.Event()

    def __enter__(self) -> "Memory":
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            supervisor = stack.Record.read(self.home).supervisor
            process: psutil.Process | None = supervisor.find() if supervisor else None
            if process is not None:
                self.most = max(self.most, stack.memory_bytes(process) / 2**20)
            if self._ended.wait(3.0):
                return


@contextmanager
def running(workers: str) -> Iterator[Up]:
    """Give a stack of our own."""
    with tempfile.TemporaryDirectory(prefix="ss-") as base:
        Path(base).chmod(0o755)
        up = Up(Path(base) / "home", free_port(), "--workers", workers, LOG_LEVEL="WARNING")
        try:
            yield up.wait_for_page()
        finally:
            up.process.send_signal(signal.SIGTERM)
            up.process.wait(120)
            manage("down", "--home", str(up.home), "--delete-data", "--yes")


def fill(up: Up, claims: int) -> None:
    environ = {
        **os.environ,
        "SECOND_SOURCE_HOME": str(up.home),
        "DATABASE_URL": Database(up.home).url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(REPOSITORY),
    }
    subprocess.run([sys.executable, "-c", FILL, str(claims)], cwd=REPOSITORY, env=environ, check=True)


def imported(database: Database) -> tuple[int, int]:
    """Return how many articles are stored, and how many are read and matched."""
    return database.count("sources_article"), database.count("claims_extraction", "state = 'matched'")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--rate", type=float, default=50, help="requests a second")
    parser.add_argument("--seconds", type=float, default=60, help="of each of the two parts")
    parser.add_argument("--articles", type=int, default=5, help="handed in a second")
    parser.add_argument("--workers", default="2", help="as of `up`")
    parser.add_argument("--home", type=Path, help="ask the stack that runs there, as it is")
    options = parser.parse_args()
    with nullcontext(Up.attached(options.home)) if options.home else running(options.workers) as up:
        if not options.home:
            fill(up, options.claims)
        database = Database(up.home)
        mix = Mix(database)
        # Others at each run, as a stack may be asked again.
        editors = [Editor(up, name=f"{NAME}-{os.getpid()}-{n}") for n in range(EDITORS)]
        reports = [uid for (uid,) in database.rows("SELECT uid::text FROM claims_attribution ORDER BY id LIMIT 4000")]
        print(f"{database.count('claims_claim'):,} claims, {options.rate:.0f} requests/s asked for", flush=True)
        with Memory(up.home) as memory:
            calm = Clients(up.port, mix, rate=options.rate, seconds=options.seconds)
            baseline_ms = calm.report("nothing else", calm.run())
            before = imported(database)
            deciding = [Deciding(each, reports[n::EDITORS]) for n, each in enumerate(editors)]
            with deciding[0], deciding[1], Importing(up.port, editors[0].name, options.articles) as importing:
                busy = Clients(up.port, mix, rate=options.rate, seconds=options.seconds)
                p95_ms = busy.report("importing, two editors deciding", busy.run())
            stored, matched = (now - then for now, then in zip(imported(database), before, strict=True))
        decided = sum(each.acknowledged for each in deciding)
        took = [seconds for each in deciding for seconds in each.seconds]
        print(f"decisions: {decided}, p95 {1000 * _p95(took):.0f} ms; refused or unanswered: {len(took) - decided}")
        print(f"articles handed in {importing.handed_in}; meanwhile imported {stored}, matched {matched}")
        began = time.monotonic()
        wait_until(lambda: imported(database)[1] - before[1] >= importing.handed_in, timeout_s=600)
        print(f"all matched {time.monotonic() - began:.0f} s after the last was handed in")
    print(f"p95 {p95_ms:.0f} ms (target {P95_MAX_MS}), {p95_ms / max(1, baseline_ms):.1f} times that of the calm stack")
    print(f"memory {memory.most:.0f} MiB (target {MEMORY_MAX_MIB})")
    return 0 if p95_ms <= P95_MAX_MS and memory.most <= MEMORY_MAX_MIB and not busy.failures else 1


def _get(connection: http.client.HTTPConnection, address: str) -> int:
    """Return the status of an answer, asked for once more where the server had closed a connection that was idle."""
    for kept in (connection.sock is not None, False):
        try:
            connection.request("GET", address)
            response = connection.getresponse()
            response.read()
        except (http.client.RemoteDisconnected, ConnectionError):
            connection.close()
            if not kept:
                raise
        else:
            return response.status
    raise AssertionError("the second attempt returns or raises")


def _p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))] if times else 0.0


if __name__ == "__main__":
    sys.exit(main())
