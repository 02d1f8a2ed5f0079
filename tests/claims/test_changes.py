"""The feed of changes: a mirror that follows it misses no row and gets none twice, whatever is written meanwhile."""

import random
import threading
import time
from collections import Counter

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from claims import changes, tasks
from claims.models import Attribution, Change, Claim, Speaker, Topic
from claims.services.outlets import merge_outlets, unmerge_outlets
from claims.services.summaries import refresh_corroboration
from sources.models import Article, Outlet
from tests.factories import (
    make_claim,
    make_credit,
    make_outlet,
    make_report,
    make_speaker,
    make_topic,
    make_user,
    revise,
)

pytestmark = pytest.mark.django_db(transaction=True)

CHANGES = "/api/v1/changes/"
MODELS = {"claims": Claim, "speakers": Speaker, "topics": Topic, "outlets": Outlet, "articles": Article}


def settle():
    """Wait until what was written is given out: other tests may have transactions in the same PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (now,) = cursor.fetchone()
    deadline = time.monotonic() + 120
    while changes.watermark().transaction <= now:
        assert time.monotonic() < deadline, "a transaction does not end"
        time.sleep(0.02)


class Mirror:
    """A program elsewhere that keeps a copy of all rows by following the feed."""

    def __init__(self, limit=50):
        self.client, self.next = Client(), f"{CHANGES}?limit={limit}"
        self.rows, self.merged, self.given = {}, {}, []

    def catch_up(self, *, settled=True):
        """Read pages until nothing more is there for now, and return how many changes came."""
        if settled:
            settle()
        count, more = 0, True
        while more:
            answer = self.client.get(self.next)
            assert answer.status_code == 200, answer.content
            page = answer.json()
            for change in page["results"]:
                key = change["resource"], change["uid"]
                self.given.append(key)
                self.rows.pop(key, None)
                if change["change"] == "stored":
                    self.rows[key] = change["row"]
                elif change["change"] == "merged":
                    self.merged[key] = change["merged_into"]
            count += len(page["results"])
            self.next, more = page["next"], page["more"]
        return count


def everything():
    """Return what a mirror that begins only now has."""
    mirror = Mirror(limit=1000)
    mirror.catch_up()
    return mirror.rows


def stored_uids():
    """Return the keys of all rows that there are, read without the feed."""
    with connection.cursor() as cursor:
        keys = set()
        for resource, table in changes.RESOURCES.items():
            standing = "WHERE merged_into_id IS NULL" if resource in ("claims", "speakers") else ""
            cursor.execute(f"SELECT uid::text FROM {table} {standing}")  # noqa: S608 (the names are ours)
            keys |= {(resource, uid) for (uid,) in cursor.fetchall()}
        return keys


def test_a_mirror_gets_every_row_then_only_what_changes():
    claim = make_claim("Taxes will rise.", topics=(make_topic("Trade"),))
    make_report(claim, outlet=make_outlet("Gazette"))
    mirror = Mirror()

    assert mirror.catch_up() == len(stored_uids())
    assert mirror.catch_up() == 0
    assert mirror.rows["claims", str(claim.uid)]["text"] == "Taxes will rise."
    Claim.objects.filter(pk=claim.pk).update(text="Taxes will fall.")
    assert mirror.catch_up() == 1
    assert mirror.rows["claims", str(claim.uid)]["text"] == "Taxes will fall."


def test_rows_name_others_by_uid_alone():
    topic, gazette = make_topic("Trade"), make_outlet("Gazette")
    claim = make_claim(topics=(topic,))
    report = make_report(claim, outlet=gazette, relays=(gazette,))

    rows = everything()

    row = rows["claims", str(claim.uid)]
    assert (row["speaker"], row["topics"]) == (str(claim.speaker.uid), [str(topic.uid)])
    assert row["outlets"] == row["origins"] == [str(gazette.uid)]
    row = rows["attributions", str(report.uid)]
    assert (row["claim"], row["statement"]) == (str(claim.uid), str(report.statement.uid))
    assert rows["statements", str(report.statement.uid)]["relays"][0]["outlet"] == str(gazette.uid)
    assert rows["articles", row["article"]]["revision"]["number"] == 1


@pytest.mark.parametrize(
    ("change", "resource"),
    [
        (lambda claim, report: claim.speaker.aliases.create(name="M."), "speakers"),
        (lambda claim, report: claim.topics.clear(), "claims"),
        (lambda claim, report: report.statement.spans.create(role="cue", start=0, end=1), "statements"),
        (lambda claim, report: report.statement.relays.create(outlet=make_outlet(), start=0, end=1), "statements"),
        (lambda claim, report: make_outlet(aliases=("Alias",)), "outlets"),
        (lambda claim, report: report.statement.revision.article.outlet.domains.create(domain="a.example"), "outlets"),
        (lambda claim, report: make_credit(report.statement.revision.article, make_outlet()), "articles"),
        (lambda claim, report: revise(report.statement.revision.article, "Other text."), "articles"),
        (lambda claim, report: refresh_corroboration([claim.pk]), "claims"),
        (lambda claim, report: report.delete(), "attributions"),
    ],
)
def test_what_a_row_is_made_of_changes_it(change, resource):
    claim = make_claim(topics=(make_topic(),))
    report = make_report(claim)
    mirror = Mirror()
    mirror.catch_up()
    given = len(mirror.given)

    change(claim, report)

    mirror.catch_up()
    assert resource in {kind for kind, _ in mirror.given[given:]}
    assert mirror.rows == everything()


def test_deleted_and_merged_rows_are_told_of():
    kept, gone, merged = make_claim(), make_topic(), make_claim()
    mirror = Mirror()
    mirror.catch_up()

    gone.delete()
    Claim.objects.filter(pk=merged.pk).update(merged_into=kept)
    mirror.catch_up()

    assert mirror.merged == {("claims", str(merged.uid)): str(kept.uid)}
    assert set(mirror.rows) == stored_uids()
    Claim.objects.filter(pk=merged.pk).update(merged_into=None)
    mirror.catch_up()
    assert ("claims", str(merged.uid)) in mirror.rows


def test_a_merged_outlet_is_told_of_and_comes_back_when_that_is_undone():
    kept, merged = make_outlet(), make_outlet()
    editor = make_user(editor=True)
    mirror = Mirror()
    mirror.catch_up()

    merge_outlets(merged, into=kept, by=editor)
    mirror.catch_up()
    assert mirror.merged == {("outlets", str(merged.uid)): str(kept.uid)}
    assert ("outlets", str(merged.uid)) not in mirror.rows
    unmerge_outlets(merged, by=editor)
    mirror.catch_up()
    assert ("outlets", str(merged.uid)) in mirror.rows


def test_a_change_waits_for_transactions_that_began_before_it():
    """Else the slow one would be committed behind the place that the mirror has reached, and be missed."""
    slow_wrote, may_commit = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            make_topic("Slow")
            slow_wrote.set()
            may_commit.wait(20)
        connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert slow_wrote.wait(20)
    make_topic("Quick")
    mirror = Mirror()

    assert mirror.catch_up(settled=False) == 0
    may_commit.set()
    writer.join()
    assert mirror.catch_up() == 2
    assert [row["name"] for row in mirror.rows.values()] == ["Slow", "Quick"]


def write(number, errors):
    """Write what a site writes, at random, some of it taken back; transactions of many lengths, over one another."""
    chance = random.Random(number)
    mine, merged = [], []
    try:
        for step in range(40):
            with transaction.atomic():
                choice = chance.random()
                if choice < 0.5 or len(mine) < 3:
                    claim = make_claim(
                        f"Claim {number}-{step}.",
                        speaker=make_speaker(f"S{number}-{step}"),
                        topics=(make_topic(f"T{number}-{step}"),),
                    )
                    make_report(claim, outlet=make_outlet(f"O{number}-{step}"))
                    mine.append(claim)
                elif choice < 0.7:
                    claim = chance.choice(mine)
                    Claim.objects.filter(pk=claim.pk).update(text=f"Changed {number}-{step}.")
                    time.sleep(chance.random() / 50)
                    Attribution.objects.filter(claim=claim).update(score=chance.random())
                elif choice < 0.8:
                    claim = mine.pop()
                    Claim.objects.filter(pk=claim.pk).update(merged_into=mine[0])
                    merged.append(claim)
                elif choice < 0.9:
                    Topic.objects.filter(claims__in=[claim.pk for claim in mine[:1]]).delete()
                else:
                    make_topic(f"Taken back {number}-{step}")
                    time.sleep(chance.random() / 50)
                    transaction.set_rollback(True)
                time.sleep(chance.random() / 100)
    except Exception as error:
        errors.append(error)
        raise
    finally:
        connection.close()


def test_a_mirror_equals_the_source_after_four_writers_wrote_at_once():
    errors = []
    writers = [threading.Thread(target=write, args=(number, errors)) for number in range(4)]
    mirror = Mirror(limit=7)
    for writer in writers:
        writer.start()
    pages = 0
    while any(writer.is_alive() for writer in writers):
        mirror.catch_up(settled=False)
        pages += 1
    mirror.catch_up()

    assert not errors
    assert pages > 5
    assert set(mirror.rows) == stored_uids()
    assert mirror.rows == everything()
    changed = Counter((change.resource, str(change.uid)) for change in Change.objects.all())
    assert not Counter(mirror.given) - changed, "a row came more often than it changed"


def test_forgetting_what_changed_again_loses_nothing():
    claims = [make_claim() for _ in range(3)]
    slow, fast = Mirror(limit=2), Mirror()
    fast.catch_up()
    slow.client.get(slow.next)
    for text in ("One.", "Two."):
        Claim.objects.filter(pk=claims[0].pk).update(text=text)
    before = Change.objects.count()
    settle()

    assert tasks.compact_changes() > 0

    assert Change.objects.count() == len(stored_uids()) < before
    slow.catch_up()
    fast.catch_up()
    assert slow.rows == fast.rows == everything()


def test_a_mirror_of_a_database_that_was_replaced_is_told_to_begin_again(client):
    make_topic("Trade")
    settle()
    reached = int(client.get(CHANGES).json()["since"])

    assert client.get(CHANGES, {"since": str(reached + 1_000_000)}).status_code == 410
    Change.objects.update(transaction=reached + 2_000_000)
    assert "compact_changes --begin-again" in client.get(CHANGES).json()["detail"]
    call_command("compact_changes", begin_again=True)
    settle()
    assert [change["row"]["name"] for change in client.get(CHANGES).json()["results"]] == ["Trade"]


def test_now_is_a_place_to_begin_at(client):
    make_topic("Before")
    settle()
    now = client.get(CHANGES, {"since": "now"}).json()
    make_topic("After")
    settle()

    assert now["results"] == []
    later = client.get(CHANGES, {"since": now["since"]}).json()
    assert [change["row"]["name"] for change in later["results"]] == ["After"]


@pytest.mark.parametrize("since", ["x", "-1", "1.5", "1.claims", "1.claims.zz", "٣", "9" * 50, "1\x00"])
def test_a_place_that_was_not_given_out_is_refused(client, since):
    answer = client.get(CHANGES, {"since": since})

    assert answer.status_code == 400
    assert list(answer.json()["parameters"]) == ["since"]


def test_only_some_resources_are_followed_where_asked(client):
    make_claim(topics=(make_topic(),))
    settle()

    found = client.get(CHANGES, {"resource": "topics,speakers"}).json()["results"]

    assert {change["resource"] for change in found} == {"topics", "speakers"}
    assert "not one of: articles" in client.get(CHANGES, {"resource": "prices"}).json()["parameters"]["resource"][0]
