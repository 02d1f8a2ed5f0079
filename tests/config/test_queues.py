"""Where tasks wait, on the broker of the tests."""

import re
import secrets
from datetime import UTC, datetime

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker

from config import queues
from config.celery import app
from config.embedded.workers import parse_workers
from tests.config.running import START_TIMEOUT_S, wait_until


def test_each_kind_of_work_waits_in_a_queue_of_its_own():
    app.loader.import_default_modules()
    names = [name for name in app.tasks if not name.startswith("celery.")]
    waits_in = {name: app.amqp.router.route({}, name)["queue"].name for name in names}

    assert waits_in["sources.sweep"] == waits_in["claims.sweep"] == queues.SWEEPS
    assert waits_in["sources.import_items"] == queues.FETCH
    assert waits_in["claims.extract_statements"] == queues.EXTRACT
    assert waits_in["claims.match_statements"] == waits_in["claims.refresh_outdated"] == queues.MATCH
    assert app.amqp.router.route({}, "accounts.notify_followers")["queue"].name == queues.NOTIFY
    assert set(waits_in.values()) <= set(app.amqp.queues) == set(queues.QUEUES)


def test_a_number_is_one_worker_for_all_kinds():
    [worker] = parse_workers("3")

    assert (worker.name, worker.concurrency) == ("worker", 3)
    assert set(worker.queues.split(",")) == set(queues.QUEUES)


def test_kinds_may_have_workers_of_their_own_and_all_of_them_sweep():
    fetch, rest = parse_workers("fetch=4, extract+match+notify=2")

    assert (fetch.name, fetch.concurrency, fetch.queues) == ("worker-fetch", 4, f"{queues.FETCH},{queues.SWEEPS}")
    assert (rest.name, rest.concurrency) == ("worker-extract+match+notify", 2)
    assert set(rest.queues.split(",")) == set(queues.QUEUES) - {queues.FETCH}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("0", "'0' is not a number of at least 1"),
        ("", "'' is not a number"),
        ("-1", "'-1' is not a number"),
        ("fetch=2", "nobody would do extract, match, notify"),
        ("fetch=1,extract+match+notify=0", "'extract+match+notify=0' is not"),
        ("fetch=1,extract+match+notify+brew=1", "there is no kind of work brew"),
        ("fetch+extract+match+notify=1,fetch=2", "each kind of work is named once"),
    ],
)
def test_work_that_nobody_would_do_is_named_before_anything_starts(words, reason):
    with pytest.raises(ValueError, match=re.escape(reason)):
        parse_workers(words)


@pytest.fixture
def own_app():
    """An application with the settings of the site, on queues that no other test uses."""
    own = Celery("own", set_as_current=False)
    own.config_from_object(queues)
    own.conf.broker_transport_options = {**queues.broker_transport_options, "global_keyprefix": secrets.token_hex(8)}
    yield own
    own.close()


def test_an_import_does_not_wait_behind_all_that_is_still_to_be_read(own_app):
    done = []

    @own_app.task(name="claims.read", shared=False)
    def read():
        done.append("read")

    @own_app.task(name="sources.fetch", shared=False)
    def fetch():
        done.append("fetched")

    for _ in range(20):
        read.delay()
    fetch.delay()
    with start_worker(own_app, pool="solo", concurrency=1, perform_ping_check=False, shutdown_timeout=START_TIMEOUT_S):
        wait_until(lambda: len(done) == 21)

    assert done.index("fetched") < 4


def test_a_wake_up_that_waited_for_a_minute_is_dropped(own_app):
    @own_app.task(name="claims.extract_more", shared=False)
    def read():
        return None

    read.delay()
    with own_app.connection_for_read() as connection:
        message = own_app.amqp.queues[queues.EXTRACT](connection.default_channel).get(no_ack=True)

    left = datetime.fromisoformat(message.headers["expires"]) - datetime.now(UTC)
    assert 0 < left.total_seconds() <= queues.WAKE_UP_EXPIRES_S
