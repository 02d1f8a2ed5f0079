"""How the whole stack answers while it imports: readers, programs and two editors at once; and attackers.

    python benchmarks/load.py [--claims 20000] [--rate 50] [--seconds 60] [--articles 5] [--workers 2] [--home DIR]
        [--pause 2] [--hostile] [--slow 16] [--direct]

Starts a stack of its own, fills it with made-up claims (benchmarks/_claims.py), and asks it over HTTP at a fixed rate:
whoever is late is counted from when it was due, so a stack that stalls does not look fast. Readers are seven in ten
requests: lists, searches, claims, articles, outlets and topics; programs the rest, through the API. Each comes from one
of many addresses, as a proxy tells them, and is counted for the limits on what one may ask for, which are as shipped.
Lists of claims are asked for at few addresses, so most are kept pages (config/kept.py); all else hardly ever. Meanwhile
two editors decide, two seconds after the last decision each, and articles a second are handed in by the API, read and
matched (benchmarks/_articles.py): to each other's claims, as the made-up ones have no postings; benchmarks/matching.py
measures matching beside a million. The baseline is the same mix before the import begins, and nobody deciding. Memory
is what all processes of the stack hold together at most.

--hostile: then once more, with attackers who go through a list beside it (benchmarks/_hostile.py): none of it may be
answered with a 5xx, no process of the site may be lost, and what the addresses led to must have failed with a reason.
And once more while some connections send a byte a second: through deploy/Caddyfile where there is a Caddy, as a public
site stands behind one; --direct: past it.
"""

# What the trap is made of can be imported only after Django is set.
# ruff: noqa: E402

import argparse
import http.client
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

import psutil
import requests

from benchmarks._articles import Newsroom
from benchmarks._figures import note
from benchmarks._hostile import Attackers, SlowConnections, Target, trap
from config.embedded import stack
from tests.config import caddy
from tests.config.editing import NAME, Deciding, Editor
from tests.config.running import REPOSITORY, Database, Up, free_port, manage, wait_until

EDITORS, CLIENTS = 2, 24
P95_MAX_MS, MEMORY_MAX_MIB = 150, 3 * 1024
#: Part of the articles that were to be imported a second which must have been.
IMPORTED_MIN = 0.95
FILL = "import django; django.setup(); from benchmarks._claims import fill; fill(int(__import__('sys').argv[1]))"
PERMIT = """
import sys, django; django.setup()
from django.contrib.auth.models import User
from accounts.scopes import Scope
from accounts.tokens import make_token
print(make_token(User.objects.get(username=sys.argv[1]), name=sys.argv[2], scopes=[Scope.IMPORT], days=1)[1])
"""
#: Rows of each kind that are asked for, and addresses that people and programs ask from.
SAMPLE, READERS, PROGRAMS = 4_000, 2_000, 100
WARM_UP_S, PATIENCE_S = 5, 30
ATTACKS_A_SECOND = 10
DRAIN_S, FETCH_DEADLINE_S = 900, 10
LOST = re.compile(r"ended with (?:code|signal)|WorkerLostError|WORKER TIMEOUT|was sent SIG|exited prematurely")


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
        texts = [text.strip(".").lower().split() for text in some("claims_claim", "text")]
        pick = self._chance.choice
        if not (claims and articles and outlets and topics):
            raise SystemExit("The stack lacks claims, articles, outlets or topics: fill it first.")

        def two_words() -> str:
            # Of one claim, so that something is found.
            return quote(" ".join(self._chance.sample(pick(texts), 2)))

        self._kinds: list[tuple[int, str, Callable[[], str]]] = [
            (14, "list", lambda: pick(["/claims/", "/claims/?order=newest", "/claims/?level=corroborated"])),
            (14, "search", lambda: f"/claims/?q={two_words()}"),
            (22, "claim", lambda: f"/claims/{pick(claims)}/"),
            (10, "article", lambda: f"/articles/{pick(articles)}/"),
            (6, "outlet", lambda: f"/outlets/{pick(outlets)}/"),
            (4, "topic", lambda: f"/topics/{pick(topics)}/"),
            (12, "API list", lambda: f"/api/v1/claims/?outlet={pick(outlets)}"),
            (8, "API search", lambda: f"/api/v1/claims/?q={quote(pick(pick(texts)))}"),
            (10, "API claim", lambda: f"/api/v1/claims/{pick(claims)}/"),
        ]

    def next(self) -> tuple[str, str, str]:
        """Return a kind of request, an address of it, and where it comes from."""
        weights = [weight for weight, _, _ in self._kinds]
        [(_, kind, address)] = self._chance.choices(self._kinds, weights=weights)
        number = self._chance.randrange(PROGRAMS if kind.startswith("API") else READERS)
        # Of a network that is for benchmarks (RFC 2544).
        asker = f"198.{18 + kind.startswith('API')}.{number // 250}.{number % 250 + 1}"
        return kind, address(), asker


class Clients:
    """Browsers and programs that each keep a connection and ask when a request is due."""

    def __init__(self, port: int, mix: Mix, *, rate: float, seconds: float, forwarded: bool) -> None:
        self.port, self.mix, self.forwarded = port, mix, forwarded
        self.times: dict[str, list[float]] = defaultdict(list)
        self.failures: Counter[str] = Counter()
        self.answered = self.processors = 0.0
        self._patience_s = seconds + PATIENCE_S
        self._due = iter(n / rate for n in range(max(1, int(rate * seconds))))
        self._lock = threading.Lock()

    def run(self) -> "Clients":
        """Ask all, and note how many were answered a second, and how many processors the asking took."""
        began, worked = time.monotonic(), time.process_time()
        threads = [threading.Thread(target=self._ask_on, args=(began,)) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        elapsed = time.monotonic() - began
        self.answered = (sum(map(len, self.times.values())) - sum(self.failures.values())) / elapsed
        self.processors = (time.process_time() - worked) / elapsed
        return self

    def _ask_on(self, began: float) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while True:
            with self._lock:
                after_s = next(self._due, None)
                if after_s is None:
                    break
                kind, address, asker = self.mix.next()
            due = began + after_s
            time.sleep(max(0.0, due - time.monotonic()))
            if time.monotonic() > began + self._patience_s:
                # Nobody waits for a site that stands still until all have asked it.
                self.failures[f"{kind}: not asked any more"] += 1
                self.times[kind].append(1000 * (time.monotonic() - due))
                continue
            try:
                status = _get(connection, address, {"X-Forwarded-For": asker} if self.forwarded else {})
                if status != 200:
                    self.failures[f"{kind}: {status}"] += 1
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                self.failures[f"{kind}: {type(error).__name__}"] += 1
            self.times[kind].append(1000 * (time.monotonic() - due))
        connection.close()

    @property
    def p95_ms(self) -> float:
        return _p95([each for times in self.times.values() for each in times])

    def report(self, title: str) -> None:
        print(f"{title}: {self.answered:.1f} requests/s answered; asking took {self.processors:.2f} processors")
        together = [each for times in self.times.values() for each in times]
        for kind, times in [*sorted(self.times.items()), ("together", together)]:
            p50, p95 = statistics.median(times), _p95(times)
            print(f"  {kind:<12} {len(times):6} requests   p50 {p50:7.0f} ms   p95 {p95:7.0f} ms")
        print(f"  not answered with 200: {dict(self.failures) or 'none'}", flush=True)


class Importing:
    """Hands in articles by the API, so many a second, while the block lasts."""

    def __init__(self, port: int, secret: str, articles: int, newsroom: Newsroom) -> None:
        self.port, self.secret, self.articles, self.newsroom = port, secret, articles, newsroom
        self.handed_in, self.refused = 0, Counter[str]()
        self._ended = threading.Event()

    def __enter__(self) -> "Importing":
        self._thread = threading.Thread(target=self._hand_in)
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._ended.set()
        self._thread.join()

    def _hand_in(self) -> None:
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json"}
        began = time.monotonic()
        for second in range(1, 1_000_000):
            # As of a clock, not a second after the last answer.
            if self._ended.wait(max(0.0, began + second - time.monotonic())):
                return
            documents = list(self.newsroom.articles(self.articles))
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                connection.request("POST", "/api/v1/imports/", json.dumps({"documents": documents}), headers)
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException) as error:
                self.refused[type(error).__name__] += 1
            else:
                if response.status == 202:
                    self.handed_in += len(documents)
                else:
                    self.refused[str(response.status)] += 1
            connection.close()


class Watched:
    """What becomes of a stack's processes while the block lasts: the most memory of all, in MiB, and who was lost."""

    def __init__(self, up: Up) -> None:
        self.up, self.most = up, 0.0
        self._ended = threading.Event()

    def __enter__(self) -> "Watched":
        self._serving, self._told = self._servers(), self._said()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def lost(self) -> int:
        """How many processes that serve pages are gone, and how often a log said that one was lost."""
        return len(self._serving - self._servers()) + self._said() - self._told

    def _servers(self) -> set[int]:
        web = stack.Record.read(self.up.home).processes["web"].find()
        return {child.pid for child in web.children()} if web else set()

    def _said(self) -> int:
        output = getattr(self.up, "output", None)
        return len(LOST.findall(output.read_text(errors="replace"))) if output else 0

    def _watch(self) -> None:
        while True:
            supervisor = stack.Record.read(self.up.home).supervisor
            process: psutil.Process | None = supervisor.find() if supervisor else None
            if process is not None:
                self.most = max(self.most, stack.memory_bytes(process) / 2**20)
            if self._ended.wait(3.0):
                return


# The stack


@contextmanager
def running(workers: str, trap_site: str) -> Iterator[Up]:
    """Give a stack of our own, as behind a proxy, which may fetch from the trap."""
    environ = {
        "LOG_LEVEL": "WARNING",
        "BEHIND_TLS_PROXY": "1",
        "FETCH_ALLOWED_PRIVATE_HOSTS": trap_site,
        "FETCH_DEADLINE_S": str(FETCH_DEADLINE_S),
    }
    with tempfile.TemporaryDirectory(prefix="ss-") as base:
        Path(base).chmod(0o755)
        up = Up(Path(base) / "home", free_port(), "--workers", workers, **environ)
        try:
            yield up.wait_for_page()
        finally:
            up.process.send_signal(signal.SIGTERM)
            up.process.wait(120)
            manage("down", "--home", str(up.home), "--delete-data", "--yes")


def in_site(up: Up, code: str, *arguments: str) -> str:
    """Return what a piece of Python prints that runs with the site's settings and database."""
    environ = {
        **os.environ,
        "SECOND_SOURCE_HOME": str(up.home),
        "DATABASE_URL": Database(up.home).url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOG_LEVEL": "ERROR",
        "PYTHONPATH": str(REPOSITORY),
    }
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, env=environ, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def imported(database: Database) -> tuple[int, int]:
    """Return how many articles of the newsroom are stored, and how many are read and matched."""
    ours = "starts_with(a.external_id, 'made-')"
    [[stored, matched]] = database.rows(
        "SELECT count(DISTINCT a.id), count(DISTINCT a.id) FILTER (WHERE e.state = 'matched') FROM sources_article a"  # noqa: S608 (ours)
        f" LEFT JOIN claims_extraction e ON e.revision_id = a.current_revision_id WHERE {ours}"
    )
    return stored, matched


@contextmanager
def proxied(port: int, *, direct: bool) -> Iterator[int]:
    """Give the port at which strangers ask: of a Caddy with deploy/Caddyfile, without TLS; or of the site itself."""
    program = None if direct else caddy.find()
    if program is None:
        yield port
        return
    with tempfile.TemporaryDirectory() as folder:
        settings = caddy.settings(program, site=f"127.0.0.1:{port}", folder=Path(folder))
        [server] = settings["apps"]["http"]["servers"].values()
        outside = free_port()
        server |= {"listen": [f"127.0.0.1:{outside}"], "automatic_https": {"disable": True}}
        server.pop("tls_connection_policies", None)
        written = Path(folder) / "caddy.json"
        written.write_text(json.dumps(settings))
        with (Path(folder) / "log").open("wb") as log:
            environ = caddy.environ(Path(folder))
            process = subprocess.Popen([program, "run", "--config", str(written)], env=environ, stderr=log)
        try:
            wait_until(lambda: _listens(outside), timeout_s=30)
            yield outside
        finally:
            process.terminate()
            process.wait(30)


def _listens(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def uploading(editor: Editor) -> Callable[[str, bytes], int]:
    """Return what sends a file by the form of an editor's browser, and returns the status."""

    def upload(name: str, content: bytes) -> int:
        headers = {"Referer": editor.site, "X-CSRFToken": editor.session.cookies["csrftoken"]}
        try:
            answer = editor.session.post(
                f"{editor.site}/imports/new/",
                files={"uploads": (name, content)},
                data={"files_outlet": "Hostile"},
                headers=headers,
                timeout=60,
                allow_redirects=False,
            )
        except requests.Timeout:
            return -1
        except requests.RequestException:
            return 0
        return answer.status_code

    return upload


# The parts


class Load:
    """One stack under load, part by part; each part is the same mix of readers and programs."""

    def __init__(self, up: Up, options: argparse.Namespace) -> None:
        self.up, self.options = up, options
        self.database = Database(up.home)
        self.kept_up = False
        self.mix = Mix(self.database)
        # Others at each run, as a stack may be asked again.
        self.editors = [Editor(up, name=f"{NAME}-{os.getpid()}-{n}") for n in range(EDITORS)]
        self.secret = in_site(up, PERMIT, self.editors[0].name, "Newsroom")
        self.newsroom = Newsroom(os.getpid())
        reports = self.database.rows("SELECT uid::text FROM claims_attribution ORDER BY id LIMIT 20000")
        self.reports = [uid for (uid,) in reports]
        self.claims = self.database.count("claims_claim") or 0
        self.title = f"load, {self.claims:,} claims, {options.rate:g} requests/s"
        print(f"{self.claims:,} claims, {options.rate:g} requests/s asked for", flush=True)

    def ask(self, seconds: float) -> Clients:
        forwarded = not self.options.home
        return Clients(self.up.port, self.mix, rate=self.options.rate, seconds=seconds, forwarded=forwarded).run()

    def calm(self) -> Clients:
        self.ask(WARM_UP_S)
        clients = self.ask(self.options.seconds)
        clients.report("nothing else")
        return clients

    def busy(self, title: str) -> Clients:
        """Ask while articles are imported and editors decide, and wait until all is matched."""
        asked, before, began = self.options.articles, imported(self.database), time.monotonic()
        pause_s = self.options.pause
        deciding = [Deciding(each, self.reports[n::EDITORS], pause_s) for n, each in enumerate(self.editors)]
        with deciding[0], deciding[1], Importing(self.up.port, self.secret, asked, self.newsroom) as importing:
            clients = self.ask(self.options.seconds)
            a_second = 1 / (time.monotonic() - began)
            stored, matched = (now - then for now, then in zip(imported(self.database), before, strict=True))
        # Each part has its own.
        self.reports = self.reports[EDITORS * max(each.at for each in deciding) :]
        clients.report(title)
        decided = sum(each.acknowledged for each in deciding)
        took = [each_s for each in deciding for each_s in each.seconds]
        print(f"decisions: {decided}, p95 {1000 * _p95(took):.0f} ms; refused or unanswered: {len(took) - decided}")
        print(f"articles handed in {importing.handed_in}; meanwhile imported {stored}, matched {matched}", flush=True)
        if importing.refused:
            print(f"  not taken: {dict(importing.refused)}", flush=True)
        drained_s = self.drain(before[1] + importing.handed_in)
        print(f"all matched {drained_s:.0f} s after the last was handed in", flush=True)
        name = f"{self.title}, {title}"
        note(f"{name}: articles imported", stored * a_second, "1/s", at_least=IMPORTED_MIN * asked)
        note(f"{name}: last article matched after", drained_s, "s")
        note(f"{name}: p95 of decisions", 1000 * _p95(took), "ms")
        note(f"{name}: decisions refused or unanswered", len(took) - decided, at_most=0)
        note(f"{name}: requests not answered with 200", sum(clients.failures.values()), at_most=0)
        self.kept_up = stored * a_second >= IMPORTED_MIN * asked and 0 < decided == len(took)
        return clients

    def drain(self, matched: int) -> float:
        """Return the seconds until so many articles are matched; DRAIN_S, and say so, where that takes longer."""
        began = time.monotonic()
        while (now := imported(self.database)[1]) < matched:
            if time.monotonic() - began > DRAIN_S:
                print(f"  STILL NOT MATCHED: {matched - now} articles", flush=True)
                break
            time.sleep(0.5)
        return time.monotonic() - began

    def hostile(self, trap_url: str) -> tuple[Clients, Attackers, int]:
        """Return the readers' times, the attacks, and how many of their addresses have not failed with a reason."""
        secret = in_site(self.up, PERMIT, self.editors[1].name, "Taken over")
        attacker = Editor(self.up, name=f"attacker-{os.getpid()}")
        target = Target(self.up.port, secret, trap_url, uploading(attacker))
        with Attackers(target, rate=ATTACKS_A_SECOND) as attackers:
            clients = self.busy("importing, editors, attackers")
        attackers.report()
        wait = "SELECT count(*) FROM sources_importitem i JOIN sources_importrun r ON r.id = i.run_id WHERE"
        # What is to be tried again has its reason, too: a site that fails is left alone for minutes, and longer.
        wait += " r.label = 'hostile addresses' AND (i.state = 'imported' OR i.reason = '')"
        open_items, patience_ends = -1, time.monotonic() + DRAIN_S
        while open_items and time.monotonic() < patience_ends:
            [[open_items]] = self.database.rows(wait)
            time.sleep(1)
        reasons = self.database.rows(
            "SELECT i.state, left(i.reason, 90), count(*) FROM sources_importitem i JOIN sources_importrun r"
            " ON r.id = i.run_id WHERE r.label = 'hostile addresses' GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 20"
        )
        for state, reason, number in reasons:
            print(f"  {number:4} × {state}: {reason}")
        print(f"hostile addresses without a reason why they failed: {open_items}", flush=True)
        return clients, attackers, open_items


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--rate", type=float, default=50, help="requests a second")
    parser.add_argument("--seconds", type=float, default=60, help="of each part")
    parser.add_argument("--articles", type=int, default=5, help="handed in a second")
    parser.add_argument("--pause", type=float, default=2, help="seconds before an editor decides again")
    parser.add_argument("--workers", default="2", help="as of `up`")
    parser.add_argument("--home", type=Path, help="ask the stack that runs there, as it is, without limits")
    parser.add_argument("--hostile", action="store_true", help="then with attackers")
    parser.add_argument("--slow", type=int, default=16, help="slow connections of the attackers")
    parser.add_argument("--direct", action="store_true", help="slow connections past the proxy")
    options = parser.parse_args()
    with ExitStack() as ends:
        web = ends.enter_context(trap())
        up = Up.attached(options.home) if options.home else ends.enter_context(running(options.workers, web.site))
        if not options.home:
            in_site(up, FILL, str(options.claims))
        load = Load(up, options)
        with Watched(up) as watched:
            calm = load.calm()
            busy = load.busy("importing, two editors deciding")
        met = report(load, calm, busy, watched)
        if options.hostile:
            met = report_hostile(load, calm, busy, web.url().rstrip("/")) and met
    return 0 if met else 1


def report(load: Load, calm: Clients, busy: Clients, watched: Watched) -> bool:
    """Print what was aimed at, and return whether it was met."""
    p95_ms, title = busy.p95_ms, load.title
    print(f"p95 {p95_ms:.0f} ms (target {P95_MAX_MS}), {p95_ms / max(1, calm.p95_ms):.1f} times that of the calm stack")
    print(f"memory {watched.most:.0f} MiB (target {MEMORY_MAX_MIB})", flush=True)
    note(f"{title}: p95", p95_ms, "ms", at_most=P95_MAX_MS, baseline=calm.p95_ms, against="nothing else going on")
    note(f"{title}: answered", busy.answered, "1/s", baseline=calm.answered, against="nothing else going on")
    note(f"{title}: memory of the stack", watched.most, "MiB", at_most=MEMORY_MAX_MIB)
    in_time = p95_ms <= P95_MAX_MS and watched.most <= MEMORY_MAX_MIB
    return in_time and load.kept_up and not busy.failures and not watched.lost


def report_hostile(load: Load, calm: Clients, busy: Clients, trap_url: str) -> bool:
    """Do both parts with attackers, print what came of it, and return whether all was as it should be."""
    with Watched(load.up) as watched:
        hostile, attackers, open_items = load.hostile(trap_url)
        with proxied(load.up.port, direct=load.options.direct) as port:
            through = "past the proxy" if port == load.up.port else "through the proxy"
            with SlowConnections(port, load.options.slow) as slow:
                slowed = load.ask(load.options.seconds)
        name = f"{load.options.slow} slow connections {through}"
        slowed.report(name)
        print(f"  {slow.closed} of them were closed by the site")
        after = load.ask(WARM_UP_S)
        after.report("after the attack")
        lost = watched.lost
    title = f"{load.title}, hostile"
    print(f"{'':<40}{'p95 ms':>10}{'without':>10}{'ratio':>8}")
    for what, clients, without in (("attackers", hostile, busy), (name, slowed, calm)):
        ratio = clients.p95_ms / max(1, without.p95_ms)
        print(f"{what:<40}{clients.p95_ms:>10.0f}{without.p95_ms:>10.0f}{ratio:>8.1f}")
        note(f"{title}, {what}: p95", clients.p95_ms, "ms", baseline=without.p95_ms, against="the same without them")
    broken = len(attackers.broken)
    print(
        f"5xx or no answer: {broken} kinds of requests; processes lost: {lost}; memory {watched.most:.0f} MiB",
        flush=True,
    )
    note(f"{title}: requests of attackers", attackers.sent)
    note(f"{title}: of {len(attackers.attacks)} kinds, answered with 5xx or not", broken, at_most=0)
    note(f"{title}: addresses that did not fail with a reason", open_items, at_most=0)
    note(f"{title}: processes lost", lost, at_most=0)
    note(f"{title}: memory of the stack", watched.most, "MiB", at_most=MEMORY_MAX_MIB)
    note(f"{title}, {name}: readers not answered with 200", sum(slowed.failures.values()), at_most=0)
    note(f"{title}, afterwards: readers not answered with 200", sum(after.failures.values()), at_most=0)
    refused = hostile.failures or slowed.failures or after.failures
    return not (broken or lost or open_items or refused) and watched.most <= MEMORY_MAX_MIB


def _get(connection: http.client.HTTPConnection, address: str, headers: dict[str, str]) -> int:
    """Return the status of an answer, asked for once more where the server had closed a connection that was idle."""
    for kept in (connection.sock is not None, False):
        try:
            connection.request("GET", address, headers=headers)
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
