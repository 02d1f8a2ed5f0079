"""Who reads from the replica: here a second connection to the same database, on which nothing can be written."""

from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import Client
from django.urls import get_resolver

from config import replicas
from tests.config.test_crawl import filled, routes
from tests.factories import make_claim, make_outlet, make_report, make_topic, make_user

# Another connection sees only what was committed.
pytestmark = pytest.mark.django_db(transaction=True)


class Replica(DatabaseWrapper):
    """The tests' database by another connection, which counts what it is asked."""

    asked = 0

    def ensure_connection(self):
        # Django's own asks whether the running test named this database, which its settings do not have.
        if self.connection is None:
            with self.wrap_database_errors:
                self.connect()

    def cursor(self):
        self.asked += 1
        return super().cursor()

    def chunked_cursor(self):
        self.asked += 1
        return super().chunked_cursor()


@pytest.fixture
def replica(settings, monkeypatch):
    own = connections[DEFAULT_DB_ALIAS].settings_dict
    read_only = {"options": "-c default_transaction_read_only=on"}
    known = {**own, "OPTIONS": {**own["OPTIONS"], **read_only}}
    monkeypatch.setitem(connections.settings, replicas.REPLICA, known)
    settings.DATABASE_ROUTERS = ["config.replicas.ReplicaRouter"]
    at = settings.MIDDLEWARE.index("config.requests.RequestMiddleware") + 1
    middleware = [*settings.MIDDLEWARE[:at], "config.replicas.ReplicaMiddleware", *settings.MIDDLEWARE[at:]]
    settings.MIDDLEWARE = middleware
    connection = connections[replicas.REPLICA] = Replica(known, alias=replicas.REPLICA)
    monkeypatch.setattr(replicas, "_rests_until", 0.0)
    yield connection
    connection.close()
    del connections[replicas.REPLICA]


@contextmanager
def asking(replica):
    """Give a list that holds, at the end, how often the replica was asked meanwhile."""
    before, asked = replica.asked, []
    yield asked
    asked.append(replica.asked - before)
    assert connections[DEFAULT_DB_ALIAS].alias == DEFAULT_DB_ALIAS, "left on the replica"


@pytest.fixture
def content():
    claim = make_claim()
    make_report(claim, outlet=make_outlet("Agency"))
    make_topic("Trade")
    return claim


def test_a_stranger_reads_pages_and_the_api_from_the_replica(replica, content, django_assert_num_queries):
    for address in (content.get_absolute_url(), "/claims/", f"/api/v1/claims/{content.uid}/", "/ru/claims/?q=word"):
        with asking(replica) as asked, django_assert_num_queries(0, using=DEFAULT_DB_ALIAS):
            assert Client().get(address).status_code == 200
        assert asked[0] > 0, address


def test_no_page_writes_to_what_it_reads_from(replica, content):
    answers = {}
    pages = {filled(route, "agency") for route in routes() if not route.startswith("admin/")}
    assert len(pages) > 50
    for page in sorted({*pages, "/topics/trade/", "/articles/?q=word", content.get_absolute_url()}):
        response = Client(raise_request_exception=False).get(page)
        b"".join(response)
        answers[page] = response.status_code
    assert {page: status for page, status in answers.items() if status >= 500} == {}
    assert replica.asked > 50


def test_an_export_is_read_from_the_replica_while_it_is_sent(replica, content):
    with asking(replica):
        response = Client().get("/api/v1/claims/?format=jsonl")
        begun = replica.asked
        assert str(content.uid) in b"".join(response).decode()
        assert replica.asked > begun


def test_who_has_an_account_reads_from_the_primary(replica, content):
    client = Client()
    client.force_login(make_user())
    with asking(replica) as asked:
        assert client.get(content.get_absolute_url()).status_code == 200
    assert asked == [0]


def test_who_names_an_account_to_the_api_reads_from_the_primary(replica, content):
    with asking(replica) as asked:
        Client().get("/api/v1/claims/", headers={"Authorization": "Basic eDp5"})
    assert asked == [0]


def test_who_has_just_sent_something_reads_from_the_primary_for_a_while(replica, content):
    client = Client()
    make_user("ana")
    sent = client.post("/accounts/login/", {"login": "ana", "password": "correct horse battery staple"})
    assert sent.status_code == 302
    cookie = sent.cookies[replicas.COOKIE]
    assert int(cookie["max-age"]) == settings.REPLICA_AFTER_SENDING_S
    del client.cookies[settings.SESSION_COOKIE_NAME]
    with asking(replica) as asked:
        client.get("/claims/")
    assert asked == [0]
    del client.cookies[replicas.COOKIE]
    with asking(replica) as asked:
        client.get("/claims/")
    assert asked[0] > 0


def test_what_watches_the_site_asks_the_primary(replica):
    with asking(replica) as asked:
        assert Client().get("/healthz").status_code == 200
    assert asked == [0]


def test_a_replica_that_does_not_answer_is_left_alone_and_its_work_done(replica, content, monkeypatch):
    tried = []

    def refuse():
        tried.append(1)
        raise OperationalError("connection refused") from psycopg.OperationalError()

    monkeypatch.setattr(replica, "ensure_connection", refuse)
    for _ in range(3):
        with asking(replica) as asked:
            assert Client().get("/claims/").status_code == 200
        assert asked == [0]
    assert tried == [1]


def test_a_replica_is_not_migrated():
    router = replicas.ReplicaRouter()
    assert router.allow_migrate(replicas.REPLICA, "claims") is False
    assert router.allow_migrate(DEFAULT_DB_ALIAS, "claims") is None


def test_the_paths_that_stay_with_the_primary_exist():
    known = ["/" + str(pattern.pattern) for pattern in get_resolver().url_patterns] + [f"/{r}" for r in routes()]
    for path in replicas._OWN:
        assert any(each.startswith(path) for each in known), path
