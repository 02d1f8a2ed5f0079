"""What operators see: readiness, figures for Prometheus, and the alerts that are built on them."""

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
import yaml
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from claims.models import Extraction, ReadingDue
from claims.services.reading import mark_texts_of_before
from config import health, metrics, watching
from config.celery import app
from config.models import TaskTotal
from notices import webhooks
from notices.models import Event, Webhook
from sources.models import Feed, ImportItem, ImportRun
from tests.factories import make_article, make_user

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db


def figures():
    """Return every figure, by its name and labels."""
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {(s.name, *sorted(s.labels.items())): s.value for family in families for s in family.samples}


# Ready


def test_a_process_with_database_migrations_and_broker_is_ready(client):
    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readiness_names_each_thing_that_is_missing_and_no_secret(client, settings):
    settings.CELERY_BROKER_URL = "redis://:pa55word@127.0.0.1:1/0"
    MigrationRecorder.Migration.objects.filter(app="claims", name="0001_initial").delete()
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.content.decode() == "migrations: not applied: claims.0001_initial\nbroker: does not answer\n"


def test_readiness_answers_without_a_database(rf):
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        response = health.readyz(rf.get("/readyz"))

    assert response.status_code == 503
    assert response.content.startswith(b"database: does not answer\nmigrations: cannot be read\n")


# Who may read the figures


def test_figures_are_for_this_machine_alone_unless_there_is_a_token(client, settings):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    for elsewhere in ("203.0.113.9", "10.0.0.1", "", "unix:"):
        assert client.get("/metrics", REMOTE_ADDR=elsewhere).status_code == 403
    # A proxy of this machine, for anybody.
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client.get("/metrics").status_code == 403


def test_with_a_token_figures_are_for_who_sends_it(client, settings):
    settings.METRICS_TOKEN = "the-token"
    for sent in ({}, {"Authorization": "Bearer other"}, {"Authorization": "Bearer "}, {"Authorization": "Bearer ü"}):
        response = client.get("/metrics", headers=sent)
        assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    sent = {"Authorization": "Bearer the-token"}
    assert client.get("/metrics", headers=sent, REMOTE_ADDR="203.0.113.9").status_code == 200


# Figures


def test_requests_are_counted_by_view_and_not_by_what_clients_make_up(client):
    def count(view, method, status):
        name = "second_source_request_seconds_count"
        return figures().get((name, ("method", method), ("status", status), ("view", view)), 0)

    before = count("claim_list", "GET", "200"), count("none", "other", "404")
    client.get("/claims/")
    client.generic("BREW", "/made-up/")

    assert count("claim_list", "GET", "200") == before[0] + 1
    assert count("none", "other", "404") == before[1] + 1


def test_waiting_work_is_told_by_stage_with_the_age_of_its_oldest(client):
    run = ImportRun.objects.create(label="desk", read_at=timezone.now())
    now = timezone.now()
    for position, minutes in ((1, 5), (2, 90)):
        ImportItem.objects.create(run=run, position=position, label=str(position))
        ImportItem.objects.filter(position=position).update(created_at=now - timedelta(minutes=minutes))
    # One whose time has not come does not wait.
    ImportItem.objects.create(run=run, position=3, label="3", not_before=now + timedelta(hours=1))
    mark_texts_of_before()
    make_article()
    matched = make_article().current_revision
    Extraction.objects.create(revision=matched, version="earlier", state=Extraction.State.EXTRACTED)
    ReadingDue.objects.update(marked_at=now - timedelta(minutes=9))
    Extraction.objects.update(updated_at=now - timedelta(minutes=7))
    found = figures()

    def at(stage):
        stage = ("stage", stage)
        return found["second_source_waiting", stage], found.get(("second_source_oldest_waiting_seconds", stage))

    assert at("import") == (2, pytest.approx(90 * 60, abs=60))
    assert at("extract") == (1, pytest.approx(9 * 60, abs=60))
    assert at("extract_again") == (1, None)
    assert at("match") == (1, pytest.approx(7 * 60, abs=60))
    assert found["second_source_import_runs", ("state", "importing")] == 1


def test_failures_of_the_last_day_are_counted_by_kind():
    now = timezone.now()
    reasons = ["a.example answered 404 for x.", "b.example answered 500 for y.", "KeyError: 'x'", "Hm."]
    for label, finished_at in (("new", now), ("old", now - timedelta(days=2))):
        run = ImportRun.objects.create(label=label)
        for position, reason in enumerate(reasons):
            failed = {"state": "failed", "reason": reason, "finished_at": finished_at}
            ImportItem.objects.create(run=run, position=position, label="x", **failed)
    found = figures()

    def failures(kind):
        return found["second_source_failures_last_day", ("kind", kind), ("stage", "import")]

    assert (failures("http_error"), failures("unexpected"), failures("other"), failures("robots")) == (2, 1, 1, 0)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("Given up after 3 attempts. The worker that read it stopped each time.", "crashed_worker"),
        ("Given up after 3 attempts. KeyError: 'robots.txt'", "unexpected"),
        ("news.example asks SecondSource in its robots.txt not to fetch https://news.example/a. Ask.", "robots"),
        ("http://10.0.0.1/ is not fetched: 10.0.0.1 is refused, private. Only http and https.", "address_refused"),
        ("The url must begin with http:// or https://, not 'ftp://x'.", "address_refused"),
        ("news.example answered 404 for https://news.example/a. Check the address.", "http_error"),
        ("The certificate of news.example is not valid: expired. Its owner must renew it.", "tls"),
        ("news.example has no address (timed out). Check its spelling, or try again later.", "unreachable"),
        ("news.example took longer than 30 seconds; it was cut off. Try again later.", "unreachable"),
        ("The page has 12,000,000 bytes; the limit is 10,000,000. Split it.", "too_large"),
        ("news.example sent more than the limit of 10,000,000 bytes; the rest was not read.", "too_large"),
        ("No article text was found in the page.", "no_article"),
        ("The page says that it was not found (a soft 404); it holds no article.", "no_article"),
        ("This is an HTML page, not a feed. Import it as a page, or use the feed's own address.", "wrong_kind"),
        ("The line is not valid JSON: Expecting value at column 1.", "unreadable"),
        ("The page's markup is too broken to be read (ParserError).", "unreadable"),
        ("The document has no outlet; every article needs one.", "record"),
        ("Something that nobody has thought of.", "other"),
    ],
)
def test_reasons_have_few_kinds(reason, kind):
    assert watching.kind_of(reason) == kind


def test_of_very_many_failures_the_newest_are_looked_at(monkeypatch):
    monkeypatch.setattr(watching, "FAILURES_LOOKED_AT", 3)
    now, run = timezone.now(), ImportRun.objects.create(label="new")
    for position in range(5):
        failed = {"state": "failed", "reason": "Hm." if position < 4 else "KeyError: 1"}
        finished_at = now - timedelta(minutes=5 - position)
        ImportItem.objects.create(run=run, position=position, label="x", finished_at=finished_at, **failed)

    assert watching.failures() == {("import", "other"): 2, ("import", "unexpected"): 1}


def test_messages_wait_once_they_are_due_and_events_until_somebody_looks_who_is_to_be_told():
    now = timezone.now()
    webhook = webhooks.create_webhook(make_user(), url="https://desk.example/hook", events=["claim.disputed"])
    webhook.deliveries.update(next_attempt_at=now - timedelta(minutes=9))

    def waiting():
        stage = ("stage", "notify")
        return [figures()[f"second_source_{name}", stage] for name in ("waiting", "oldest_waiting_seconds")]

    assert waiting() == [1, pytest.approx(9 * 60, abs=60)]
    Event.objects.update(waiting=True, at=now - timedelta(minutes=20))
    assert waiting() == [2, pytest.approx(20 * 60, abs=60)]
    # One whose receiver does not answer is left alone for a while: it does not wait for us.
    Webhook.objects.update(not_before=now + timedelta(hours=1))
    assert waiting()[0] == 1


def test_tasks_are_told_by_how_long_they_took_and_what_they_did():
    ended = timezone.now()
    TaskTotal.objects.create(
        task="claims.extract_statements", runs=4, failures=1, seconds=12.5, done=90, ended_at=ended
    )
    TaskTotal.objects.create(task="claims.fold_ledgers", runs=2, failures=0, seconds=1, done=7, ended_at=ended)
    found = figures()

    def of(name, task="claims.extract_statements"):
        return found[f"second_source_task_{name}", ("task", task)]

    assert (of("seconds_count"), of("seconds_sum"), of("failures_total")) == (4, 12.5, 1)
    assert of("ended_timestamp_seconds") == pytest.approx(ended.timestamp())
    assert of("seconds_sum", "claims.fold_ledgers") == 1
    assert found["second_source_done_total", ("stage", "extract")] == 90
    # What has not run yet has a series from the start, so that its first run is an increase.
    assert of("seconds_count", "claims.match_statements") == of("ended_timestamp_seconds", "claims.sweep") == 0
    assert found["second_source_done_total", ("stage", "match")] == 0


def test_the_tasks_that_are_told_are_there():
    app.loader.import_default_modules()
    assert {*metrics.STAGES, *watching.SWEEPS} <= set(app.tasks)


@pytest.mark.django_db(transaction=True)
def test_rows_that_come_are_counted_without_counting_the_tables():
    def added():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
        return figures()["second_source_rows_added_total", ("table", "sources_article")]

    before = added()
    make_article()
    make_article()
    # What others wrote before may be told only now.
    assert added() >= before + 2


def test_feeds_are_counted_by_state():
    for number, fields in enumerate([{}, {"failures": 2}, {"active": False, "failures": 1}]):
        Feed.objects.create(url=f"https://news.example/{number}", **fields)
    found = figures()

    assert {state: found["second_source_feeds", ("state", state)] for state in ("working", "broken", "paused")} == {
        "working": 1,
        "broken": 1,
        "paused": 1,
    }


def test_without_a_database_the_requests_are_still_told():
    metrics.observe_request("claim_list", "GET", 503, 0.2)
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        found = figures()

    assert found["second_source_database_answers",] == 0
    assert ("second_source_waiting", ("stage", "import")) not in found
    assert any(name == "second_source_request_seconds_count" for name, *_ in found)


def test_figures_take_as_many_queries_at_twenty_rows_as_at_one():
    make_article()
    with CaptureQueriesContext(connection) as at_one:
        metrics.exposition()
    for _ in range(19):
        make_article()
    with CaptureQueriesContext(connection) as at_twenty:
        metrics.exposition()

    assert len(at_twenty) == len(at_one)


def test_processes_of_gunicorn_count_together(tmp_path, monkeypatch):
    script = (
        "from prometheus_client import Histogram\n"
        "Histogram('second_source_request_seconds', 'x', ['view', 'method', 'status'])"
        ".labels('claim_list', 'GET', '200').observe(0.2)"
    )
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    for _ in range(2):
        subprocess.run([sys.executable, "-c", script], check=True)

    name = "second_source_request_seconds_count"
    assert figures()[name, ("method", "GET"), ("status", "200"), ("view", "claim_list")] == 2


@pytest.mark.parametrize("file", ["Dockerfile", "config/embedded/supervisor.py"])
def test_gunicorn_is_started_with_its_settings(file):
    assert '"--config", "python:config.gunicorn"' in (REPOSITORY / file).read_text(encoding="utf-8")


# Alerts


def test_every_alert_is_built_on_figures_that_there_are_and_says_what_to_do():
    metrics.observe_request("claim_list", "GET", 200, 0.1)
    found = figures()
    names, labels = {name for name, *_ in found}, {label for _, *labels in found for label in labels}
    rules = yaml.safe_load((REPOSITORY / "config/alerts.rules.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    assert len({rule["alert"] for rule in rules}) == len(rules) > 0
    for rule in rules:
        used = set(re.findall(r"second_source_\w+", rule["expr"]))
        assert used <= names, rule["alert"]
        assert used or rule["expr"].startswith("up{")
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
        assert set(rule["annotations"]) == {"summary", "action", "runbook"}
        for label in re.findall(r'((?:stage|kind|state))="(\w+)"', rule["expr"]):
            assert label in labels, rule["alert"]
