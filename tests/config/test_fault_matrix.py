"""Each fault with each program, during an import with an editor deciding: nothing is lost and nothing doubled.

A small part runs always. FAULT_MATRIX=all runs all of it, in seven minutes, FAULT_MATRIX=slow,killed:web a part;
a full disk takes root. The table is printed as it grows.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.config import faults
from tests.config.editing import Deciding, Editor
from tests.config.running import ENVIRON, REPOSITORY, START_TIMEOUT_S, Database, Up, status_of, wait_until

ASKED = [word for word in os.environ.get("FAULT_MATRIX", "").split(",") if word]
#: How long what can last does.
HOLD_S = {"stopped": 30, "refused": 10, "slow": 20, "full": 10} if ASKED else {"stopped": 3, "refused": 3}
PROGRAMS = ("worker", "beat", "valkey", "postgres", "web")
SERVERS = ("valkey", "postgres")
ALL = [
    (faults.none, ""),
    (faults.full, "disk"),
    *((faults.killed, name) for name in PROGRAMS),
    *((faults.stopped, name) for name in PROGRAMS),
    *((faults.refused, name) for name in SERVERS),
    *((faults.slow, name) for name in SERVERS),
]
SMALL = [(faults.killed, "worker"), (faults.stopped, "postgres"), (faults.refused, "valkey")]
OUTLETS, SAYINGS = 4, 12 if ASKED else 8
#: PostgreSQL alone keeps up to 512 of its log.
DISK_MEGABYTES = 1000

WHO = "Ana Silva|Bo Lindqvist|Carla Okafor|Dmitri Varga|Esther Mbeki|Farid Haddad|Grace Tanaka|Hugo Moreau".split("|")
THINGS = (
    "anchor barrel beacon bridge canal candle castle chapel cinema cistern clinic copper cotton cradle crane dairy "
    "dungeon engine fabric falcon ferry forge fountain furnace garden glacier granite guitar hammer harbour hospital "
    "jetty kettle ladder lantern library lighthouse lumber marble museum orchard organ pavilion pigeon pottery quarry "
    "railway reservoir sawmill stadium tannery theatre tunnel turbine vineyard violin walnut windmill"
).split()
DONE = "bought repaired closed reopened inspected painted measured replaced auctioned extended rescued".split()


@dataclass
class Row:
    """What became of one import during which something happened."""

    fault: str
    name: str
    lost: int
    doubled: int
    decided: int
    recovered_s: float

    def __str__(self):
        what = f"{self.fault:<8} {self.name or '-':<9}"
        return f"{what} {self.lost:>5} {self.doubled:>8} {self.decided:>9} {self.recovered_s:>10.1f}"


HEAD = f"{'fault':<8} {'what':<9} {'lost':>5} {'doubled':>8} {'decisions':>9} {'recovery s':>10}"


class Batch:
    """Articles of four outlets, each with one of some sayings that have little in common with any other."""

    def __init__(self, number):
        chance = random.Random(number)
        self.prefix = f"b{number}-"
        self.lines = []
        for saying in range(SAYINGS):
            one, two, three = chance.sample(THINGS, 3)
            text = (
                f"Mayor {chance.choice(WHO)} said that the {one} beside the {two} had been {chance.choice(DONE)} "
                f"by the {three} company for {chance.randint(1_000, 99_999)} crowns."
            )
            for outlet in range(OUTLETS):
                row = {
                    "id": f"{self.prefix}{saying}-{outlet}",
                    "outlet": f"Outlet {outlet}",
                    "title": one,
                    "text": text,
                }
                self.lines.append(json.dumps(row))
        chance.shuffle(self.lines)

    @property
    def articles(self):
        return SAYINGS * OUTLETS

    def hand_in(self, up, folder):
        """Begin to import it, as an operator would, and return the command."""
        path = folder / f"{self.prefix}articles.jsonl"
        path.write_text("\n".join(self.lines), encoding="utf-8")
        command = [sys.executable, "manage.py", "import_articles", str(path)]
        environ = {**ENVIRON, "SECOND_SOURCE_HOME": str(up.home)}
        return subprocess.Popen(command, cwd=REPOSITORY, env=environ, stdout=subprocess.DEVNULL)

    def found(self, database, table, condition="TRUE"):
        """Return how many rows of the batch's articles there are; None while the database does not answer."""
        joined = {
            "sources_article": "",
            "sources_snapshot": "JOIN sources_snapshot t ON t.article_id = a.id",
            "sources_revision": "JOIN sources_revision t ON t.article_id = a.id",
            "claims_extraction": "JOIN sources_revision r ON r.article_id = a.id"
            " JOIN claims_extraction t ON t.revision_id = r.id",
            "claims_statement": "JOIN sources_revision r ON r.article_id = a.id"
            " JOIN claims_statement t ON t.revision_id = r.id",
            "claims_attribution": "JOIN sources_revision r ON r.article_id = a.id"
            " JOIN claims_statement s ON s.revision_id = r.id JOIN claims_attribution t ON t.statement_id = s.id",
        }[table]
        return database.count(f"sources_article a {joined}", f"a.external_id LIKE '{self.prefix}%' AND {condition}")

    def is_done(self, database):
        return self.found(database, "claims_extraction", "t.state = 'matched'") == self.articles

    def reports(self, database):
        """Return the ids by which its reports are decided about."""
        found = database.rows(
            "SELECT t.uid::text FROM claims_attribution t JOIN claims_statement s ON s.id = t.statement_id"
            " JOIN sources_revision r ON r.id = s.revision_id JOIN sources_article a ON a.id = r.article_id"
            " WHERE starts_with(a.external_id, %s)",
            self.prefix,
        )
        return [uid for (uid,) in found]

    def compare(self, database):
        """Return how many rows are missing, and how many there are beyond one for each article and saying."""
        lost = doubled = 0
        for table in (
            "sources_article",
            "sources_snapshot",
            "sources_revision",
            "claims_statement",
            "claims_attribution",
        ):
            rows = self.found(database, table)
            lost, doubled = lost + max(0, self.articles - rows), doubled + max(0, rows - self.articles)
        claims = database.rows(
            "SELECT count(DISTINCT t.claim_id) FROM sources_article a JOIN sources_revision r ON r.article_id = a.id"
            " JOIN claims_statement s ON s.revision_id = r.id JOIN claims_attribution t ON t.statement_id = s.id"
            " WHERE starts_with(a.external_id, %s) GROUP BY split_part(a.external_id, '-', 2)",
            self.prefix,
        )
        return lost, doubled + sum(number - 1 for (number,) in claims)


def cases():
    """Return what is to happen, and to what."""
    if not ASKED:
        return SMALL
    known = {word for fault, name in ALL for word in ("all", fault.__name__, f"{fault.__name__}:{name}")}
    assert set(ASKED) <= known, f"FAULT_MATRIX takes {', '.join(sorted(known))}"
    return [
        (fault, name)
        for fault, name in ALL
        if {"all", fault.__name__, f"{fault.__name__}:{name}"} & set(ASKED)
        if fault is not faults.full or os.geteuid() == 0
    ]


@pytest.fixture
def stack(home, port):
    """Give a running stack, with all of its files on a small disk of its own where one is to be filled."""
    with ExitStack() as ends:
        if any(fault is faults.full for fault, _ in cases()):
            ends.enter_context(faults.small_file_system(home, megabytes=DISK_MEGABYTES))
        up = Up(home, port).wait_for_page()
        yield up
        up.process.send_signal(signal.SIGTERM)
        assert up.process.wait(START_TIMEOUT_S) == 0


def happen(up, editor, reports, batch, fault, name, folder):
    """Return what became of one import while something happened to a program."""
    database = Database(up.home)
    with Deciding(editor, reports) as deciding:
        # No claim is made before, so that the work does not end before anything happens.
        with database.holding("claims_claim"):
            importing = batch.hand_in(up, folder)
            wait_until(lambda: (batch.found(database, "claims_statement") or 0) > 0)
        with fault(up, name):
            time.sleep(HOLD_S.get(fault.__name__, 0))
        ended = time.monotonic()
        wait_until(lambda: batch.is_done(database))
        wait_until(lambda: answers(up))
        recovered_s = time.monotonic() - ended
        # And a decision is taken again.
        before = deciding.acknowledged
        wait_until(lambda: deciding.acknowledged > before)
    importing.wait(START_TIMEOUT_S)
    lost, doubled = batch.compare(database)
    lost_decisions, doubled_decisions = deciding.compare(database)
    return Row(
        fault.__name__, name, lost + lost_decisions, doubled + doubled_decisions, deciding.acknowledged, recovered_s
    )


def answers(up):
    try:
        return status_of(f"http://127.0.0.1:{up.port}/readyz", timeout_s=10) == 200
    except OSError:
        return False


def test_nothing_is_lost_or_doubled_whatever_happens_to_which_program(stack, tmp_path, capsys):
    database, editor = Database(stack.home), Editor(stack)
    batches = [Batch(number) for number in range(1 + len(cases()))]
    assert batches[0].hand_in(stack, tmp_path).wait(START_TIMEOUT_S) == 0
    wait_until(lambda: batches[0].is_done(database))
    rows = []
    for (fault, name), before, batch in zip(cases(), batches, batches[1:], strict=False):
        # Decisions are about the reports of the import before, so that each row has its own.
        rows.append(happen(stack, editor, before.reports(database), batch, fault, name, tmp_path))
        with capsys.disabled():
            print(f"\n{HEAD}\n{rows[0]}" if len(rows) == 1 else rows[-1], flush=True)
    assert [row for row in rows if row.lost or row.doubled] == [], f"\n{HEAD}\n" + "\n".join(map(str, rows))
    # Nobody had to do anything.
    assert database.count("sources_importitem", "state = 'failed'") == 0
    assert database.count("claims_extraction", "state = 'failed'") == 0
