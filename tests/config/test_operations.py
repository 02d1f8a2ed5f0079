"""The operators' page: each part shows what is so, whatever is wrong is named with what to do, and who may see it."""

import os
import re
import secrets
import signal
import subprocess
import sys
from datetime import timedelta
from unittest import mock
from urllib.parse import urlsplit, urlunsplit

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from accounts.roles import Role
from claims.extraction import EXTRACTOR_VERSION
from claims.models import CorroborationDue, Extraction, ReadingDue
from claims.services import reading, retrying
from config import operations, sightings, watching
from config.embedded.workers import parse_workers
from config.models import Sighting, TaskTotal
from config.replicas import REPLICA
from notices import webhooks
from notices.models import Event
from sources import importing
from sources.models import Feed, ImportItem, ImportRun
from sources.services import items
from tests.accounts.conftest import make_person
from tests.config.running import REPOSITORY, START_TIMEOUT_S, wait_until
from tests.config.test_replicas import Replica
from tests.factories import make_article, make_user
from tests.notices.receiver import Receiver
from tests.sources.web import Page, Web, make_fetcher

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client):
    client.force_login(make_person("ada", role=Role.ADMINISTRATOR))
    return client


@pytest.fixture
def swept():
    """Let the tables have been swept a moment ago by a worker that is still seen."""
    for task in watching.SWEEPS:
        TaskTotal.objects.create(task=task, runs=1, failures=0, seconds=0.1, done=0, ended_at=timezone.now())
    Sighting.objects.create(role="worker", name="worker@here", seen_at=timezone.now())


def look(client, **options):
    """Return the page's parts by name, as text without tags, and what is wrong as `wrong`."""
    response = client.get("/operations/", **options)
    assert response.status_code == 200
    text = response.content.decode()
    parts = {
        name: " ".join(re.sub(r"<[^>]+>", " ", part).split())
        for name, part in re.findall(r'<section id="(\w+)"(.*?)</section>', text, re.DOTALL)
    }
    wrong = re.search(r'<section class="message message-error"(.*?)</section>', text, re.DOTALL)
    parts["wrong"] = " ".join(re.sub(r"<[^>]+>", " ", wrong[1]).split()) if wrong else ""
    return parts


def is_told(parts, name):
    """Return whether a trouble stands on the page, with what to do."""
    trouble = operations.TROUBLES[name]
    return escape(f"{trouble.what} {trouble.action}") in parts["wrong"]


def troubles_told(parts):
    return {name for name in operations.TROUBLES if is_told(parts, name)}


def waits(count, *, since, not_before=None):
    run = ImportRun.objects.create(label="An archive", read_at=timezone.now())
    for position in range(count):
        ImportItem.objects.create(run=run, position=position, label=str(position), not_before=not_before)
    run.items.update(created_at=since)
    return run


# Who may see it


def test_the_page_is_for_administrators_and_says_so(client, operator):
    assert look(operator)
    editor, stranger = Client(), Client()
    editor.force_login(make_person("ed", role=Role.EDITOR))
    refused = editor.get("/operations/")

    assert refused.status_code == 403
    assert "This page is for administrators: they may open the administration pages." in refused.content.decode()
    assert stranger.get("/operations/").headers["Location"] == "/accounts/login/?next=/operations/"
    assert 'href="/operations/"' in operator.get("/accounts/").content.decode()
    assert 'href="/operations/"' not in editor.get("/accounts/").content.decode()


# All is well


def test_a_site_without_work_has_nothing_wrong(operator, swept):
    parts = look(operator)

    assert parts["wrong"] == ""
    assert set(parts) - {"wrong"} == {part.name for part in operations._parts()} - {"replica"}
    assert "too long" not in parts["work"]
    assert parts["work"].count("nothing waits") == len(operations.STAGES)
    assert re.search(r"worker@here worker \d+ seconds? ago ✓ works", parts["programs"])
    assert "answers" in parts["broker"]
    assert "Nothing failed within a day." in parts["failures"]
    assert all(version in parts["versions"] for version in ("Second Source 0.1.0", EXTRACTOR_VERSION, "migrated"))


# Waiting work


def test_work_that_has_waited_for_too_long_is_told_with_what_to_do(operator, swept):
    now = timezone.now()
    waits(3, since=now - timedelta(minutes=5))
    fine = look(operator)
    waits(2, since=now - timedelta(minutes=16))
    late = look(operator)

    assert "Documents to be imported 3 5 minutes ✓ normal" in fine["work"]
    assert troubles_told(fine) == set()
    assert "Documents to be imported 5 16 minutes ✕ too long" in late["work"]
    assert troubles_told(late) == {"ImportsWait"}


def test_each_stage_that_is_timed_can_be_late(operator, swept):
    past = timezone.now() - timedelta(hours=1)
    waits(1, since=past)
    with mock.patch("django.utils.timezone.now", return_value=past):
        make_article()
        matched = make_article().current_revision
        Extraction.objects.create(revision=matched, version=EXTRACTOR_VERSION, state=Extraction.State.EXTRACTED)
    ReadingDue.objects.update(marked_at=past)
    CorroborationDue.objects.all().delete()
    CorroborationDue.objects.create(kind="article", row_id=1, marked_at=past)
    Event.objects.all().delete()
    webhook = webhooks.create_webhook(make_user(), url="https://desk.example/hook", events=["claim.disputed"])
    webhook.deliveries.update(next_attempt_at=past)

    assert troubles_told(look(operator)) == {name for name, _ in operations.LATE.values()}


def test_the_page_and_the_alerts_agree():
    rules = yaml.safe_load((REPOSITORY / "config/alerts.rules.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    alerts = {rule["alert"]: rule for rule in rules}
    for name in operations.TROUBLES.keys() & alerts.keys():
        said = alerts[name]["annotations"]
        assert (said["summary"], said["action"]) == tuple(
            str(words) for words in (operations.TROUBLES[name].what, operations.TROUBLES[name].action)
        ), name
    for stage, (name, limit) in operations.LATE.items():
        expected = f'second_source_oldest_waiting_seconds{{stage="{stage}"}} > {limit.total_seconds():.0f}'
        assert alerts[name]["expr"] == expected
    assert alerts["NothingIsSwept"]["expr"].endswith(f" > {operations.SWEEP_LATE.total_seconds():.0f}")
    assert alerts["ManyDocumentsFail"]["expr"].endswith(f" > {operations.MANY_FAILURES}")
    assert alerts["FeedsBroken"]["expr"].endswith(f" > {operations.BROKEN_SHARE}")


# Who works


def test_a_worker_that_is_not_seen_any_more_is_missed_and_so_is_the_sweep(operator, swept):
    earlier = timezone.now() - timedelta(minutes=6)
    Sighting.objects.update(seen_at=earlier)
    TaskTotal.objects.filter(task="claims.sweep").update(ended_at=earlier)
    parts = look(operator)

    assert "worker@here worker 6 minutes ago ✕ missed" in parts["programs"]
    assert "The tables were last looked through for work 6 minutes ago" in parts["programs"]
    assert troubles_told(parts) == {"WorkerMissed", "NothingIsSwept"}


def test_where_nothing_was_ever_swept_that_is_said(operator):
    parts = look(operator)

    assert "The tables have never been looked through for work." in parts["programs"]
    assert "No worker or scheduler was seen within a day." in parts["programs"]
    assert troubles_told(parts) == {"NothingIsSwept"}


@pytest.fixture
def programs(tmp_path, transactional_db):
    """Give what starts a real worker and a real scheduler on the tests' database and broker, apart from others."""
    address = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}")
    environ = {**os.environ, "DATABASE_URL": urlunsplit(address), "TEST_KEY_PREFIX": secrets.token_hex(8)}
    started = []

    def start(*words):
        command = [sys.executable, "-m", "celery", "--app", "tests.config.poisoned", *words, "--loglevel", "INFO"]
        with (tmp_path / f"{words[0]}.log").open("wb") as output:
            started.append(subprocess.Popen(command, cwd=REPOSITORY, env=environ, stdout=output, stderr=output))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait(60)


def test_real_programs_are_seen_at_work_and_one_that_is_asked_to_end_is_forgotten(programs, tmp_path, operator):
    programs("beat", "--schedule", str(tmp_path / "schedule"), "--pidfile", "")
    worker = programs(
        *("worker", "--concurrency", "1", "--without-gossip", "--without-mingle", "--hostname", "own@test"),
        *("--queues", parse_workers("1")[0].queues),
    )
    make_article("Mayor Ana Silva said that the theatre had been sold to the railway company.")
    wait_until(lambda: TaskTotal.objects.filter(task="claims.extract_statements", done=1).exists())
    # Which of them comes first is nobody's business.
    wait_until(lambda: set(watching.SWEEPS) <= set(TaskTotal.objects.values_list("task", flat=True)))
    wait_until(lambda: Sighting.objects.filter(role="beat").exists())
    parts = look(operator)
    total = TaskTotal.objects.get(task="claims.extract_statements")

    assert re.search(r"beat@\S+ scheduler \d+ seconds? ago ✓ works", parts["programs"])
    assert re.search(r"own@test worker \d+ seconds? ago ✓ works", parts["programs"])
    assert re.search(r"✓ normal The tables were last looked through for work \d+ seconds? ago", parts["programs"])
    assert total.seconds > 0
    assert total.failures == 0

    worker.send_signal(signal.SIGTERM)
    worker.wait(START_TIMEOUT_S)
    assert not Sighting.objects.filter(role="worker").exists()


def test_what_cannot_be_written_down_is_kept_for_the_next_time():
    tally = sightings.Tally(write_interval_s=0)
    with mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        tally.begin("1")
        tally.end("1", "claims.sweep", done=2, worker="worker@here")
    assert not TaskTotal.objects.exists()
    tally.begin("2")
    tally.end("2", "claims.sweep", done=None, worker="worker@here", beat="beat@there")
    other = sightings.Tally(write_interval_s=0)
    other.begin("3")
    other.end("3", "claims.sweep", done=1, worker="worker@elsewhere")
    total = TaskTotal.objects.get()

    assert (total.runs, total.failures, total.done) == (3, 1, 3)
    assert [(each.role, each.name) for each in sightings.programs_seen()] == [
        ("beat", "beat@there"),
        ("worker", "worker@elsewhere"),
        ("worker", "worker@here"),
    ]


def test_a_process_writes_down_what_it_does_every_few_seconds_only():
    tally = sightings.Tally(write_interval_s=60)
    for number in range(3):
        tally.begin(str(number))
        tally.end(str(number), "claims.sweep", done=1, worker="worker@here")
    assert TaskTotal.objects.get().runs == 1
    tally.write()
    assert TaskTotal.objects.get().runs == 3


def test_a_broker_that_is_away_is_named_and_the_rest_is_told(operator, swept, settings):
    settings.CELERY_BROKER_URL = "redis://:pa55word@127.0.0.1:1/0"
    parts = look(operator)

    assert "✕ away Valkey" in parts["broker"]
    assert "does not answer" in parts["broker"]
    assert "pa55word" not in parts["broker"]
    assert troubles_told(parts) == {"BrokerAway"}
    assert "✓ works" in parts["programs"]


# Imports and feeds


def test_imports_under_way_are_told_with_what_waits(operator, swept):
    run = waits(2, since=timezone.now())
    ImportRun.objects.create(label="Another")
    ended = ImportRun.objects.create(label="Ended", read_at=timezone.now())
    part = look(operator)["imports"]

    assert re.search(r"An archive Requested \d+ seconds? ago · 2 documents wait", part)
    assert "no document waits · what was handed in is still being read" in part
    assert ended.label not in part
    assert f'href="/imports/{run.uid}/"' in operator.get("/operations/").content.decode()


def test_a_feed_that_breaks_is_told_with_its_error_and_when_it_is_tried_next(operator, swept):
    with Web({"/feed": Page(b"Oh.", 500)}, robots="") as web:
        feed = importing.add_feed(web.url("/feed"), title="The Gazette")
        [run] = importing.poll_due_feeds()
        assert importing.import_next(fetch=make_fetcher(web).fetch) == 1
    feed.refresh_from_db()
    page = operator.get("/operations/").content.decode()
    parts = look(operator)

    assert "✕ broken The Gazette" in parts["feeds"]
    assert escape(feed.last_error) in parts["feeds"]
    assert "answered 500" in feed.last_error
    assert f"tried next {feed.next_poll_at:%-d %B %Y, %H:%M} UTC" in parts["feeds"]
    assert f'href="/imports/{run.uid}/"' in page
    assert f'action="/feeds/{feed.uid}/poll/"' in page
    assert "FeedsBroken" in troubles_told(parts)

    importing.set_feed_active(feed, False)
    parts = look(operator)
    assert "paused The Gazette" in parts["feeds"]
    assert "FeedsBroken" not in troubles_told(parts)


def test_one_broken_feed_of_many_is_listed_and_no_alarm(operator, swept):
    for number in range(5):
        Feed.objects.create(url=f"https://news.example/{number}", failures=number == 0, last_error="It is gone.")
    parts = look(operator)

    assert "It is gone." in parts["feeds"]
    assert troubles_told(parts) == set()


# What was given up, and what failed


def test_a_document_that_crashes_its_reader_is_told_and_tried_again(operator, swept, monkeypatch):
    def crash(*arguments):
        raise KeyError("a fault of ours")

    run = waits(1, since=timezone.now())
    run.items.update(payload=b"<p>Text.</p>", media_type="text/html", label="page.html")
    monkeypatch.setattr(items, "read_content", crash)
    while importing.import_next():
        pass
    page = operator.get("/operations/").content.decode()
    parts = look(operator)

    assert "document page.html Given up after 3 attempts. By a fault of this site" in parts["crashes"]
    assert "A fault of this site 1 0" in parts["failures"]
    assert troubles_told(parts) == {"GivenUp", "UnexpectedFailures"}
    assert f'href="/imports/{run.uid}/?state=failed"' in page
    position = run.items.get().position
    assert f'<button name="position" value="{position}"' in page
    operator.post(f"/imports/{run.uid}/retry/", {"position": position})
    assert run.items.get().state == ImportItem.State.PENDING
    assert "Nothing was given up" in look(operator)["crashes"]


@pytest.mark.django_db(transaction=True)
def test_a_text_that_crashes_its_reader_is_told_and_read_again(operator, swept, monkeypatch):
    article = make_article("Mayor Ana Silva said that the theatre had been sold.", title="The theatre is sold")

    def crash(*arguments, **options):
        raise ValueError("no sense in this")

    with monkeypatch.context() as crashing:
        crashing.setattr(reading, "extract", crash)
        while reading.extract_next_revision():
            pass
    found = Extraction.objects.get()
    parts = look(operator)
    assert "The theatre is sold" in parts["crashes"]
    assert "Given up after 3 attempts. ValueError: no sense in this" in parts["crashes"]
    assert troubles_told(parts) >= {"GivenUp"}

    retried = operator.post(f"/operations/readings/{found.pk}/retry/", follow=True)
    assert "Trying again: “The theatre is sold”." in retried.content.decode()
    while reading.extract_next_revision():
        pass
    found.refresh_from_db()
    assert (found.state, found.attempts, found.reason) == (Extraction.State.EXTRACTED, 1, "")
    assert article.current_revision.statements.count() == 1
    again = operator.post(f"/operations/readings/{found.pk}/retry/", follow=True)
    assert "was not given up any more" in again.content.decode()
    found.refresh_from_db()
    assert found.state == Extraction.State.EXTRACTED


def test_a_text_whose_matching_was_given_up_is_matched_again_and_not_read_again():
    failed = {"version": EXTRACTOR_VERSION, "state": Extraction.State.FAILED, "reason": "Matching was given up."}
    revision = make_article().current_revision
    found = Extraction.objects.create(revision=revision, attempts=1, match_attempts=3, **failed)
    earlier = Extraction.objects.create(revision=revision, **{**failed, "version": "earlier"})

    assert [each.pk for each in retrying.given_up()] == [found.pk]
    assert retrying.try_again(found, by=make_user())
    assert not retrying.try_again(earlier, by=make_user())
    found.refresh_from_db()
    assert (found.state, found.attempts, found.match_attempts) == (Extraction.State.EXTRACTED, 1, 0)
    assert timezone.now() - found.updated_at < timedelta(minutes=1)


def test_failures_of_the_last_day_are_told_by_reason_and_many_are_an_alarm(operator, swept):
    now, run = timezone.now(), ImportRun.objects.create(label="x", read_at=timezone.now())
    reasons = ["a.example answered 404 for x."] * 100 + ["b.example could not be reached."]
    ImportItem.objects.bulk_create(
        ImportItem(run=run, position=position, label="x", state="failed", reason=reason, finished_at=now)
        for position, reason in enumerate(reasons)
    )
    parts = look(operator)
    assert "The site answered with an error 100 0 The site could not be reached 1 0" in parts["failures"]
    assert troubles_told(parts) == {"ManyDocumentsFail"}

    run.items.update(finished_at=now - timedelta(days=1, minutes=1))
    parts = look(operator)
    assert "Nothing failed within a day." in parts["failures"]
    assert troubles_told(parts) == set()


# Webhooks


def test_a_webhook_that_fails_is_told_with_its_error(operator, swept, settings):
    with Receiver([(500, {}, b"Oh.")]) as receiver:
        settings.FETCH_ALLOWED_PRIVATE_HOSTS = [receiver.site]
        webhook = webhooks.create_webhook(make_user("nora"), url=receiver.url, events=["claim.disputed"])
        assert webhooks.deliver_next()
    webhook.refresh_from_db()
    parts = look(operator)

    assert f"failing {webhook.url} nora It answered 500." in parts["webhooks"]
    assert f"tried next {webhook.not_before:%-d %B %Y, %H:%M} UTC" in parts["webhooks"]
    assert troubles_told(parts) == {"WebhooksFail"}
    assert f'href="/desk/webhooks/{webhook.uid}/"' in operator.get("/operations/").content.decode()


# Database, replica and versions


@pytest.mark.django_db(transaction=True)
def test_the_database_is_told_by_its_size_its_disk_and_its_largest_tables(operator, swept, tmp_path):
    before = look(operator)["database"]
    call_command("backup", tmp_path / "today", stdout=mock.Mock())
    after = look(operator)["database"]

    assert re.search(r"Size of the database \d", before)
    assert "sources_" in before
    assert "This database knows of no manage.py backup" in before
    assert re.search(rf"was made \d+ seconds? ago , to {re.escape(str(tmp_path))}/today", after)


def test_a_disk_that_is_nearly_full_is_told_and_one_that_is_not_known_is_no_guess(operator, swept):
    usage = type("usage", (), {"total": 100 * 1024**3, "used": 0, "free": 9 * 1024**3})
    with mock.patch.object(operations.shutil, "disk_usage", return_value=usage):
        parts = look(operator)
    if connection.connection.info.host.startswith("/"):
        assert "Free of its disk of 100.0\xa0GB 9.0\xa0GB".replace("\xa0", " ") in parts["database"]
        assert troubles_told(parts) == {"DiskFull"}
    with mock.patch.object(operations.shutil, "disk_usage", side_effect=PermissionError("not ours")):
        parts = look(operator)
    assert "How much room its disk has is not known here" in parts["database"]
    assert troubles_told(parts) == set()


def test_migrations_that_the_tables_lack_are_named(operator, swept):
    MigrationRecorder.Migration.objects.filter(app="claims", name="0001_initial").delete()
    parts = look(operator)

    assert "claims.0001_initial" in parts["versions"]
    assert troubles_told(parts) == {"MigrationsMissing"}


@pytest.mark.django_db(transaction=True)
def test_a_replica_is_told_where_one_is_set(operator, swept, settings, monkeypatch):
    own = connections["default"].settings_dict
    settings.DATABASE_REPLICA_URL = "postgresql://replica"
    monkeypatch.setitem(connections.settings, REPLICA, own)

    def with_replica(known):
        replica = connections[REPLICA] = Replica(known, alias=REPLICA)
        try:
            return look(operator)
        finally:
            replica.close()
            del connections[REPLICA]

    # The primary by another connection: it takes changes of its own.
    parts = with_replica({**own})
    assert "it is no replica" in parts["replica"]
    assert troubles_told(parts) == {"ReplicaAway"}
    parts = with_replica({**own, "HOST": "127.0.0.1", "PORT": "1", "OPTIONS": {}})
    assert "It does not answer; the primary database does its work." in parts["replica"]
    assert "ReplicaAway" in troubles_told(parts)


# The page itself


def test_a_part_that_cannot_be_read_is_named_and_the_others_are_shown(operator, swept):
    with mock.patch.object(watching, "feed_counts", side_effect=OperationalError("canceling statement")):
        parts = look(operator)

    assert "This part cannot be read: canceling statement" in parts["feeds"]
    assert "“Feeds” cannot be read." in parts["wrong"]
    assert "nothing waits" in parts["work"]
    assert "migrated" in parts["versions"]


def test_a_statement_that_takes_too_long_ends_and_leaves_the_other_parts_readable(operator, swept, monkeypatch):
    def slow():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")

    monkeypatch.setattr(watching, "STATEMENT_TIMEOUT_MS", 2_000)
    monkeypatch.setattr(watching, "waiting", slow)
    parts = look(operator)

    assert "This part cannot be read: canceling statement due to statement timeout" in parts["work"]
    assert "✓ works" in parts["programs"]


def test_it_refreshes_unless_that_is_stopped_and_without_javascript_by_a_link(operator, swept):
    page = operator.get("/operations/").content.decode()
    stopped = operator.get("/operations/?refresh=off").content.decode()

    assert 'hx-trigger="every 10s"' in page
    assert re.search(r'<noscript><p><a href="/operations/">', page)
    assert 'href="?refresh=off"' in page
    assert "hx-get" not in stopped
    assert "htmx" not in stopped


def test_a_refresh_is_the_parts_alone_and_tells_news_of_what_is_wrong(operator, swept):
    live = {"HX-Request": "true"}
    first = operator.get("/operations/", headers={**live, "X-Seen": ""})
    waits(1, since=timezone.now() - timedelta(hours=1))
    later = operator.get("/operations/", headers={**live, "X-Seen": ""}).content.decode()
    same = operator.get("/operations/", headers={**live, "X-Seen": "ImportsWait"}).content.decode()

    assert "<html" not in first.content.decode()
    assert "HX-Request" in first.headers["Vary"]
    assert "hx-swap-oob" not in first.content.decode()
    assert 'hx-headers=\'{"X-Seen": "ImportsWait"}\'' in later
    assert re.search(r'hx-swap-oob="innerHTML">A document has waited', later)
    assert "hx-swap-oob" not in same


def test_the_page_takes_as_many_queries_at_twenty_rows_as_at_one(operator, swept):
    def fill(number):
        now = timezone.now()
        run = ImportRun.objects.create(label=f"run {number}")
        ImportItem.objects.create(run=run, position=1, label="waits")
        for position, traceback in ((2, ""), (3, "Traceback")):
            failed = {"state": "failed", "reason": "KeyError: 1", "finished_at": now, "media_type": "text/html"}
            ImportItem.objects.create(run=run, position=position, label="x", traceback=traceback, **failed)
        Feed.objects.create(url=f"https://news.example/{number}", failures=1, failing_since=now)
        Feed.objects.create(url=f"https://paused.example/{number}", active=False)
        failed = {"version": EXTRACTOR_VERSION, "state": Extraction.State.FAILED, "reason": "It crashed."}
        Extraction.objects.create(revision=make_article().current_revision, **failed)
        webhook = webhooks.create_webhook(make_user(), url="https://desk.example/hook", events=["claim.disputed"])
        webhook.failures = 1
        webhook.save()
        Sighting.objects.create(role="worker", name=f"worker-{number}", seen_at=now)
        TaskTotal.objects.create(task=f"task {number}", runs=1, failures=0, seconds=1, done=1, ended_at=now)

    fill(0)
    operator.get("/operations/")
    with CaptureQueriesContext(connection) as at_one:
        operator.get("/operations/")
    for number in range(1, 20):
        fill(number)
    with CaptureQueriesContext(connection) as at_twenty:
        page = operator.get("/operations/").content.decode()

    assert len(at_twenty) == len(at_one)
    assert page.count("<form") < 60
