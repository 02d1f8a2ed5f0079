"""What is noted to be told of: by whatever writes the rows, as of the end of its transaction, and only where heard."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from claims.models import Claim, Corroboration
from claims.services.decisions import reject_attribution
from claims.services.summaries import rebuild, refresh_corroboration
from notices import events
from notices.events import START, Position, PositionGone, PositionRefused, events_after
from notices.models import Audience, Event, ImportDue
from sources import importing
from sources.documents import Refusal, document_from_record
from sources.models import ImportItem, ImportRun
from tests.factories import make_article, make_claim, make_outlet, make_report, make_topic, make_user, revise
from tests.waiting import until_others_have_ended

pytestmark = pytest.mark.django_db

committing = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard():
    events.listen()


def told():
    """Do what the end of a transaction does, and return what there is to tell then."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return list(Event.objects.order_by("id").values_list("type", "data"))


def types():
    return [name for name, _ in told()]


def make_corroborated():
    """Return a claim that two outlets report by themselves."""
    claim = make_claim("The bridge is closed.", topics=(make_topic("Bridges"),))
    make_report(claim, outlet=make_outlet("Gazette"))
    told()
    make_report(claim, outlet=make_outlet("Herald"))
    return claim


def test_a_claim_that_becomes_corroborated_is_told_with_the_state_of_then(heard):
    claim = make_corroborated()

    ((name, data),) = told()
    assert name == "claim.corroborated"
    assert data["claim"]["uid"] == str(claim.uid)
    assert data["claim"]["text"] == "The bridge is closed."
    assert [topic["name"] for topic in data["claim"]["topics"]] == ["Bridges"]
    assert data["before"] == {"level": "single"}
    assert data["counted"]["level"] == "corroborated"
    assert [outlet["name"] for outlet in data["counted"]["outlets"]] == ["Gazette", "Herald"]
    assert [outlet["name"] for outlet in data["counted"]["origins"]] == ["Gazette", "Herald"]
    assert data["counted"]["outlet_count"] == data["counted"]["origin_count"] == 2
    assert data["confirmed"]["level"] == "unreported"

    Claim.objects.filter(pk=claim.pk).update(text="Another sentence.")
    assert told()[0][1]["claim"]["text"] == "The bridge is closed."


def test_losing_it_again_is_an_event_of_its_own(heard):
    claim = make_corroborated()
    assert types() == ["claim.corroborated"]

    reject_attribution(claim.attributions.last(), by=make_user("eve", editor=True))

    assert types() == ["claim.corroborated", "claim.corroboration_lost"]
    assert told()[1][1]["before"] == {"level": "corroborated"}
    assert told()[1][1]["counted"]["level"] == "single"


def test_a_denial_is_told_and_so_is_its_end(heard):
    claim = make_claim()
    make_report(claim)
    denial = make_report(claim, stance="denies")

    assert types() == ["claim.disputed"]
    assert told()[0][1]["before"] == {"disputed": False}
    assert told()[0][1]["counted"]["disputed"] is True

    reject_attribution(denial, by=make_user("eve", editor=True))
    assert types() == ["claim.disputed", "claim.dispute_ended"]


@committing
def test_what_a_transaction_undoes_itself_is_not_told(heard):
    claim = make_claim()
    make_report(claim)
    with transaction.atomic():
        report = make_report(claim)
        assert Corroboration.objects.get(claim=claim, basis="counted").level == "corroborated"
        report.delete()
        refresh_corroboration([claim.pk])

    assert types() == []
    assert not Event.objects.exists()


@committing
def test_a_recount_that_finds_nothing_new_tells_nothing_however_it_is_written(heard):
    claim = make_corroborated()
    list(rebuild(Claim.objects.all()))
    with transaction.atomic():
        Corroboration.objects.filter(claim=claim).delete()
        refresh_corroboration([claim.pk])

    assert types() == ["claim.corroborated"]


@committing
def test_a_transaction_that_fails_tells_nothing(heard):
    claim = make_claim()
    make_report(claim)
    with transaction.atomic():
        make_report(claim)
        assert Event.objects.exists()
        transaction.set_rollback(True)

    assert types() == []


def test_nothing_is_noted_while_nobody_listens():
    make_corroborated_one()
    revise(make_article("One."), "Another.")
    Audience.objects.create(pk=1, until=timezone.now() - timedelta(seconds=1))
    make_corroborated_one()
    importing.cancel_run(make_import("One."))

    assert not Event.objects.exists()
    assert not ImportDue.objects.exists()


def test_only_another_text_of_an_article_is_a_revision(heard):
    article = make_article("The bridge is open.")
    assert types() == []

    revise(article, "The bridge is closed.")

    ((name, data),) = told()
    assert name == "article.revised"
    assert data["article"]["uid"] == str(article.uid)
    assert data["article"]["outlet"]["name"] == article.outlet.name
    assert (data["before"]["number"], data["revision"]["number"]) == (1, 2)
    article.title = "Another title"
    article.save()
    assert types() == ["article.revised"]


# Imports


def make_import(*texts):
    records = [{"outlet": "Gazette", "title": f"Title {n}", "text": text} for n, text in enumerate(texts)]
    return importing.request_import(
        "Test",
        documents=[document_from_record(str(n), r, folder=None, max_bytes=10_000) for n, r in enumerate(records)],
    )


def test_an_import_is_finished_once_its_last_document_ended(heard):
    run = make_import("The bridge is closed.", "The road is open.")
    assert events.note_finished_imports() == 0
    importing.import_next(most=1)
    assert events.note_finished_imports() == 0
    importing.import_next(most=1)

    assert events.note_finished_imports() == 1
    assert events.note_finished_imports() == 0
    ((name, data),) = told()
    assert name == "import.finished"
    assert data["run"]["uid"] == str(run.uid)
    assert data["document_count"] == 2
    assert data["counts"]["imported"] == 2
    assert data["counts"]["pending"] == 0


def test_what_editors_do_to_a_finished_import_does_not_finish_it_again(heard):
    run = make_import("The bridge is closed.")
    importing.import_next(most=1)
    assert events.note_finished_imports() == 1

    run.items.update(needs_look=True)
    assert importing.settle_look(run.items.get(), by=make_user())
    assert events.note_finished_imports() == 0


def test_an_import_of_nothing_that_can_be_read_is_finished(heard):
    run = importing.request_import("Test", documents=[Refusal("1", "It is empty.")])

    assert run.items.get().state == "failed"
    assert events.note_finished_imports() == 1


def test_a_cancelled_import_is_finished(heard):
    run = make_import("The bridge is closed.")
    importing.cancel_run(run)

    assert events.note_finished_imports() == 1
    assert told()[0][1]["counts"]["cancelled"] == 1


@committing
def test_the_last_two_documents_may_end_at_the_same_moment(heard):
    run = make_import("One.", "Two.")
    first, second = run.items.order_by("pk")
    found = []

    def end_the_other():
        end(second)
        found.append(events.note_finished_imports())

    with transaction.atomic():
        end(first)
        other = threading.Thread(target=in_thread, args=(end_the_other,))
        other.start()
        other.join()
    found.append(events.note_finished_imports())

    # Neither transaction saw that the other's was the last.
    assert found == [0, 1]


def end(item):
    ImportItem.objects.filter(pk=item.pk).update(state="failed", reason="No.", finished_at=timezone.now())


def in_thread(work):
    try:
        work()
    finally:
        connection.close()


def test_each_import_is_told_of(heard):
    for _ in range(3):
        importing.cancel_run(make_import("One."))
    assert ImportRun.objects.count() == 3
    assert events.note_finished_imports() == 3
    assert types() == ["import.finished"] * 3


# The order


@committing
def test_events_are_given_out_in_pages_without_missing_or_repeating(heard):
    for _ in range(3):
        make_corroborated_one()
    until_others_have_ended()
    seen, position, more = [], START, True
    while more:
        page = events_after(position, limit=1)
        seen += [event.message["id"] for event in page.events]
        position, more = page.position, page.more

    assert len(seen) == len(set(seen)) == 3
    assert events_after(position, limit=10).events == []
    assert Position.read(str(position)) == position


def make_corroborated_one():
    claim = make_claim()
    make_report(claim)
    make_report(claim)
    return claim


@committing
def test_an_event_waits_until_whatever_began_before_it_has_ended(heard):
    claims = [make_claim(), make_claim()]
    for claim in claims:
        make_report(claim)
    began, may_end = threading.Event(), threading.Event()

    def slowly():
        with transaction.atomic():
            make_report(claims[0])
            began.set()
            may_end.wait(20)

    slow = threading.Thread(target=in_thread, args=(slowly,))
    slow.start()
    began.wait(20)
    make_report(claims[1])
    page = events_after(START, limit=10)
    assert page.events == []

    may_end.set()
    slow.join()
    until_others_have_ended()
    later = events_after(page.position, limit=10).events
    assert [event.message["data"]["claim"]["uid"] for event in later] == [str(claim.uid) for claim in claims]


@pytest.mark.parametrize("text", ["", "x", "1.2.3", "-1", "1.", "9" * 30, "١"])
def test_a_place_that_was_not_given_out_is_refused(text):
    with pytest.raises(PositionRefused):
        Position.read(text)


@committing
def test_what_is_old_is_forgotten_and_who_missed_it_is_told_so(heard):
    start = events.watermark()
    for _ in range(3):
        make_corroborated_one()
    until_others_have_ended()
    first, second, third = (event.position for event in events_after(START, limit=10).events)
    Event.objects.exclude(pk=third.id).update(at=F("at") - timedelta(days=8))

    assert events.forget_events() == 1
    for position in (start, first):
        with pytest.raises(PositionGone):
            events.check_position(position)
    for position in (second, third, events.watermark()):
        events.check_position(position)
    assert len(events_after(second, limit=10).events) == 1


def test_a_place_of_another_database_is_gone():
    with pytest.raises(PositionGone):
        events.check_position(Position(10**17))
