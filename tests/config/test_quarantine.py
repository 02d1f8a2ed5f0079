"""A text that kills the process that reads it, in a real worker: given up after some attempts, and in nobody's way."""

import os
import secrets
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection

from claims.models import Extraction, Statement
from config import queues
from config.embedded.workers import parse_workers
from tests.config.running import REPOSITORY, START_TIMEOUT_S, wait_until
from tests.factories import make_article

#: As in tests/config/poisoned.py, which is for the worker alone.
POISON = "poisoned"
SAID = "Mayor Ana Silva said that the {} had been sold to the railway company."


@pytest.fixture
def worker(tmp_path, transactional_db):
    """Give what wakes a worker of one process, which works on the tests' database, and its log."""
    prefix = secrets.token_hex(8)
    own = Celery("own", set_as_current=False)
    own.config_from_object(queues)
    own.conf.broker_transport_options = {**queues.broker_transport_options, "global_keyprefix": prefix}
    [all_kinds] = parse_workers("1")
    address = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}")
    command = [sys.executable, "-m", "celery", "--app", "tests.config.poisoned", "worker", "--concurrency", "1"]
    command += ["--queues", all_kinds.queues, "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    environ = {**os.environ, "DATABASE_URL": urlunsplit(address), "TEST_KEY_PREFIX": prefix}
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=environ, stdout=output, stderr=output)
    yield lambda: own.send_task("claims.extract_statements"), log
    process.terminate()
    process.wait(START_TIMEOUT_S)
    own.close()


def test_a_text_that_kills_its_worker_is_given_up_and_the_others_are_read(worker):
    wake, log = worker
    poison = make_article(f"{SAID.format('theatre')} {POISON}")
    fine = [make_article(SAID.format(thing)) for thing in ("ferry", "lighthouse")]

    def all_settled():
        wake()
        settled = Extraction.objects.exclude(state=Extraction.State.STARTED)
        return settled.count() == 3

    wait_until(all_settled)

    given_up = Extraction.objects.get(revision=poison.current_revision)
    assert given_up.state == Extraction.State.FAILED
    assert given_up.attempts == settings.IMPORT_MAX_ATTEMPTS
    assert given_up.reason == "Given up after 3 attempts. The worker that read it stopped each time."
    assert log.read_text().count("exited with 'signal 9 (SIGKILL)'") == settings.IMPORT_MAX_ATTEMPTS
    for article in fine:
        assert Statement.objects.filter(revision=article.current_revision).count() == 1
    # Nobody tries it again.
    wake()
    wait_until(lambda: log.read_text().count("succeeded") > 1)
    given_up.refresh_from_db()
    assert given_up.attempts == settings.IMPORT_MAX_ATTEMPTS
