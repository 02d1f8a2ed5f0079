"""What may go by age goes, in batches, and nothing else does."""

import io
import os
import re
import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Invitation, Token
from claims.models import IdempotentAnswer
from config import env, retention, tasks
from notices.models import Delivery, Event, Webhook
from sources.models import Article, Feed, ImportItem, ImportRun, Snapshot
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

KINDS = {kind.name: kind for kind in retention.KINDS}
LONG_AGO = timedelta(days=1_000)


def ago(**time):
    return timezone.now() - timedelta(**time)


def make_import(*ended, read=True, feed=None, **fields):
    """Return an import whose documents ended at these times; None: one that waits."""
    run = ImportRun.objects.create(
        label="a folder", feed=feed, read_at=min(filter(None, ended), default=ago(days=999)) if read else None
    )
    ImportRun.objects.filter(pk=run.pk).update(created_at=timezone.now() - LONG_AGO)
    ImportItem.objects.bulk_create(
        ImportItem(run=run, position=number, label="a", finished_at=at, state="imported" if at else "pending", **fields)
        for number, at in enumerate(ended, 1)
    )
    return run


def run(*arguments, **options):
    said = io.StringIO()
    call_command("prune", *arguments, stdout=said, **options)
    return said.getvalue().splitlines()


def test_imports_that_ended_long_ago_go_with_their_documents_and_their_articles_stay():
    editor = make_user()
    article = make_article()
    feed = Feed.objects.create(url="https://a.example/feed")
    old = make_import(ago(days=400), ago(days=500), article=article)
    poll = make_import(ago(days=400), feed=feed)
    poll_to_look = make_import(ago(days=400), feed=feed, needs_look=True)
    recent = make_import(ago(days=400), ago(days=364))
    waiting = make_import(ago(days=400), None)
    unread = make_import(ago(days=400), read=False)
    to_look = make_import(ago(days=400), needs_look=True)
    looked = make_import(ago(days=400), needs_look=True, looked_by=editor, looked_at=ago(days=400))

    [said] = run("imports")

    # Two documents of the old one, one of the recent one, and the poll with its document.
    assert said == "imports: deleted 5 rows, done with 365 days ago"
    # Who handed in what, and when, is known for ever.
    assert set(ImportRun.objects.all()) == {old, poll_to_look, recent, waiting, unread, to_look, looked}
    assert not ImportRun.objects.filter(pk=poll.pk).exists()
    assert [kept.items.count() for kept in (old, recent, waiting)] == [0, 1, 2]
    assert [kept.items.count() for kept in (poll_to_look, unread, to_look, looked)] == [1, 1, 1, 1]
    assert Article.objects.filter(pk=article.pk).exists()
    assert Snapshot.objects.filter(article=article).exists()


def test_the_pages_of_imports_say_of_how_many_documents_they_do_not_know_any_more(client):
    files, addresses = make_import(ago(days=400), ago(days=400)), make_import(ago(days=400))
    mixed, empty = make_import(ago(days=400), ago(days=364)), make_import()
    ImportRun.objects.filter(pk=files.pk).update(documents_read=2)
    ImportRun.objects.filter(pk=empty.pk).update(read_at=timezone.now())
    pages = [f"/imports/{each.uid}/" for each in (files, addresses, mixed, empty)]
    assert "not kept" not in told(client, "/imports/")

    run("imports")

    several = "What became of at least 2 documents is not kept any more; articles that came of them stay."
    one = "What became of at least 1 document is not kept any more; articles that came of it stay."
    unknown = "What became of its documents, if there were any, is not kept any more; articles that came of them stay."
    none = "There is no document in this run."
    listed = told(client, "/imports/")
    assert [listed.count(said) for said in (several, one, unknown, none)] == [1, 1, 1, 1]
    for page, expected in zip(pages, (several, unknown, one, none), strict=True):
        assert [said for said in (several, one, unknown, none) if said in told(client, page)] == [expected]
    assert "Finished. 1 document done" in told(client, pages[2])
    # No bar says how far nothing is.
    assert ["<progress" in client.get(page).content.decode() for page in pages] == [False, False, True, False]


def told(client, page):
    response = client.get(page)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def make_others(age):
    """Make a row of each other kind that was done with at that age, and return the numbers of rows by kind."""
    at, user = timezone.now() - age, make_user()
    webhook = Webhook.objects.create(owner=user, url="https://a.example/", events=["ping"], salt=uuid4().hex)
    event = Event.objects.create(
        uid=uuid4(), transaction=webhook.pk, type="ping", row_id=webhook.pk, at=at, data={}, waiting=False
    )
    Delivery.objects.create(
        webhook=webhook, event=event, state="delivered", next_attempt_at=None, last_attempt_at=at, attempts=1
    )
    IdempotentAnswer.objects.create(owner=str(user.pk), key="k", fingerprint="f", status=201, stored_at=at)
    key = uuid4().hex
    Session.objects.create(session_key=key, session_data="", expire_date=at)
    UserSession.objects.create(
        user=user, session_key=key, ip="192.0.2.1", user_agent="a", created_at=at - timedelta(days=14), last_seen_at=at
    )
    dates = {"invited_at": at - timedelta(days=7), "expires_at": at}
    Invitation.objects.create(email=f"{key}@example.org", role="editor", **dates)
    Invitation.objects.create(email=f"b{key}@example.org", role="editor", revoked_at=at, **dates)
    Token.objects.create(
        user=user, name="a", scopes=["read"], prefix="sst_", digest=key, made_at=at - timedelta(days=90), expires_at=at
    )
    return {"deliveries": 1, "answers": 1, "sessions": 2, "invitations": 2, "tokens": 1}


def rows():
    models = (Delivery, IdempotentAnswer, Session, UserSession, Invitation, Token, ImportRun, ImportItem)
    return {model.__name__: model.objects.count() for model in models}


def test_each_kind_goes_at_its_age_and_is_counted_before(settings):
    for name, expected in make_others(LONG_AGO).items():
        assert retention.count(KINDS[name], days=settings.PRUNE_DAYS[name]) == expected
    make_import(ago(days=400), feed=Feed.objects.create(url="https://a.example/feed"))
    everything = rows()

    dry = run("--dry-run")
    assert rows() == everything
    wet = run()

    assert [line.replace("would delete", "deleted") for line in dry] == wet
    assert wet[:2] == [
        "imports: deleted 2 rows, done with 365 days ago",
        "deliveries: deleted 1 row, done with 7 days ago",
    ]
    assert set(rows().values()) == {0}
    assert [line.split()[2] for line in run()] == ["0"] * len(KINDS)


def test_what_is_younger_or_still_used_stays(settings):
    settings.PRUNE_DAYS = dict.fromkeys(settings.PRUNE_DAYS, 10)
    make_others(timedelta(days=9))
    user = make_user()
    accepted = {"invited_at": ago(days=990), "expires_at": ago(days=980), "accepted_at": ago(days=985), "account": user}
    Invitation.objects.create(email="c@example.org", role="editor", **accepted)
    Session.objects.create(session_key="in use", session_data="", expire_date=ago(days=-1))
    UserSession.objects.create(
        user=user,
        session_key="in use",
        ip="192.0.2.1",
        user_agent="a",
        created_at=ago(days=900),
        last_seen_at=ago(days=1),
    )
    waiting = Delivery.objects.get()
    waiting.pk, waiting.uid, waiting.webhook = (
        None,
        uuid4(),
        Webhook.objects.create(owner=user, url="https://b.example/", events=["ping"], salt=uuid4().hex),
    )
    waiting.state, waiting.next_attempt_at, waiting.last_attempt_at = "waiting", ago(days=800), ago(days=900)
    waiting.save(force_insert=True)
    before = rows()

    run()
    assert rows() == before
    run("tokens", "answers", "--days", "tokens=9,answers=9")
    assert {name for name, number in rows().items() if number < before[name]} == {"Token", "IdempotentAnswer"}


def test_a_batch_takes_few_statements_however_many_rows_there_are(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 4)
    taken = {}
    for batches in (2, 5):
        make_import(*[ago(days=400)] * 4 * batches)
        for number in range(4 * batches):
            Session.objects.create(session_key=f"s{number}", session_data="", expire_date=ago(days=5))
        for kind, days in (("imports", 365), ("sessions", 1)):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                gone = list(retention.prune(KINDS[kind], days=days))
            assert gone == [4] * batches
            taken[kind, batches] = len(captured)
    for kind in ("imports", "sessions"):
        # One to find a batch, one to delete it.
        assert taken[kind, 5] - taken[kind, 2] == 3 * 2
        assert taken[kind, 2] <= 2 * 2 + 8


def test_a_document_that_is_tried_again_meanwhile_stays(monkeypatch):
    again = make_import(ago(days=400))
    find = retention._next

    def find_and_retry(rows, *, after):
        found = find(rows, after=after)
        ImportItem.objects.update(state="pending", finished_at=None)
        return found

    monkeypatch.setattr(retention, "_next", find_and_retry)

    assert sum(retention.prune(KINDS["imports"], days=365)) == 0
    assert again.items.pending().count() == 1


def test_the_nightly_task_gives_way_and_leaves_the_rest_to_its_successor(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 3)
    monkeypatch.setattr(tasks, "BUDGET_S", -1)
    woken = []
    monkeypatch.setattr(tasks.prune, "delay", lambda: woken.append(True))
    make_import(*[ago(days=400)] * 7)

    assert [tasks.prune() for _ in range(4)] == [3, 3, 1, 0]
    assert len(woken) == 3


def test_the_scheduler_prunes_only_where_a_setting_asks_for_it(tmp_path):
    for value, expected in (("0", "False"), ("1", "True")):
        # In a process of its own: the schedule is made from the settings when it is first read.
        assert schedule_of(PRUNE_NIGHTLY=value) == expected


def schedule_of(**environ):
    program = "from config.celery import app; print('prune' in app.conf.beat_schedule)"
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **environ}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["snapshots"], "There is no kind snapshots; there are imports, deliveries"),
        (["--days", "imports"], "--days: 'imports' must be imports= and a whole number of at least 1"),
        (["--days", "imports=0"], "whole number of at least 1"),
        (["--days", "history=5"], "'history' is not one of imports"),
    ],
)
def test_a_wrong_kind_or_age_is_refused_with_what_there_is(arguments, said):
    with pytest.raises(CommandError, match=said):
        run(*arguments)


def test_every_kind_has_an_age(settings):
    assert set(settings.PRUNE_DAYS) == set(KINDS)
    assert env.parse_numbers(" tokens = 30, ", default=settings.PRUNE_DAYS)["tokens"] == 30
