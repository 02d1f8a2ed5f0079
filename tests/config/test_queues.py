"""Where tasks wait, on the broker of the tests."""

import secrets
from datetime import UTC, datetime

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker

from config import queues
from config.celery import app
from tests.config.running import wait_until


def test_sweeps_imports_and_reading_wait_in_queues_of_their_own():
    app.loader.import_default_modules()
    names = [name for name in app.tasks if not name.startswith("celery.")]
    waits_in = {name: app.amqp.router.route({}, name)["queue"].name for name in names}

    assert waits_in["sources.sweep"] == waits_in["claims.sweep"] == queues.SWEEPS
    assert waits_in["sources.import_items"] == queues.IMPORTS
    assert waits_in["claims.extract_statements"] == waits_in["claims.match_statements"] == queues.STATEMENTS
    assert set(waits_in.values()) == set(app.amqp.queues)


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
    with start_worker(own_app, pool="solo", concurrency=1, perform_ping_check=False, shutdown_timeout=30):
        wait_until(lambda: len(done) == 21)

    assert done.index("fetched") < 4


def test_a_wake_up_that_waited_for_a_minute_is_dropped(own_app):
    @own_app.task(name="claims.read", shared=False)
    def read():
        return None

    read.delay()
    with own_app.connection_for_read() as connection:
        message = own_app.amqp.queues[queues.STATEMENTS](connection.default_channel).get(no_ack=True)

    left = datetime.fromisoformat(message.headers["expires"]) - datetime.now(UTC)
    assert 0 < left.total_seconds() <= queues.WAKE_UP_EXPIRES_S
