"""Which texts wait to be read: whatever stores them, and however many have been read already."""

import pytest
from django.db import connection

from claims.models import Extraction, ExtractorVersion, ReadingDue
from claims.services import reading, retrying
from claims.services.reading import extract_next_revision, extract_revision, mark_texts_of_before, unread
from tests.factories import make_article, make_user, revise

pytestmark = pytest.mark.django_db

TEXT = "The old harbour bridge will stay closed until spring, Mayor Ana Silva said."


@pytest.fixture
def version(monkeypatch):
    """Return what makes workers be of a version of the extractor that finds nothing."""
    monkeypatch.setattr(reading, "extract", lambda text, language: [])
    return lambda name: monkeypatch.setattr(reading, "EXTRACTOR_VERSION", name)


def waiting():
    return list(ReadingDue.objects.order_by("again", "begun", "revision").values_list("revision", flat=True))


def test_a_text_waits_from_when_its_article_is_stored_until_it_is_read():
    article = make_article(TEXT)
    assert waiting() == [article.current_revision_id]
    extract_revision(article.current_revision_id)
    assert waiting() == []
    article.title = "Another title"
    article.save()
    assert waiting() == []


def test_a_text_that_another_takes_the_place_of_is_not_read():
    article = make_article(TEXT)
    superseded = article.current_revision_id
    revision = revise(article, f"Late edition. {TEXT}")
    assert waiting() == [superseded, revision.pk]
    while extract_next_revision():
        pass
    assert waiting() == []
    assert list(Extraction.objects.values_list("revision", flat=True)) == [revision.pk]


def test_a_text_that_is_current_again_is_not_read_twice():
    article = make_article(TEXT)
    first = article.current_revision
    extract_revision(first.pk)
    second = revise(article, f"Late edition. {TEXT}")
    extract_revision(second.pk)
    article.current_revision = first
    article.save()
    assert waiting() == []


def test_what_a_worker_has_begun_comes_after_the_rest():
    begun, other = make_article(TEXT).current_revision, make_article(f"News. {TEXT}").current_revision
    Extraction.objects.create(revision=begun, version=reading.EXTRACTOR_VERSION, attempts=1)
    assert waiting() == [other.pk, begun.pk]


def test_a_reading_that_was_given_up_waits_again_only_when_somebody_asks_for_it(monkeypatch):
    def crash(text, language):
        raise RuntimeError("tripped")

    monkeypatch.setattr(reading, "extract", crash)
    revision = make_article(TEXT).current_revision
    while extract_next_revision():
        pass
    given_up = Extraction.objects.get()
    assert (given_up.state, waiting()) == (Extraction.State.FAILED, [])
    assert retrying.try_again(given_up, by=make_user())
    assert waiting() == [revision.pk]


def test_an_earlier_version_reads_beside_a_later_one_and_takes_nothing_from_it(version):
    version("v1")
    mark_texts_of_before()
    old = make_article(TEXT).current_revision_id
    while extract_next_revision():
        pass
    version("v2")
    assert mark_texts_of_before() == 1
    news = make_article(f"News. {TEXT}").current_revision_id

    version("v1")
    assert mark_texts_of_before() == 0
    assert {due.revision_id for due in unread()} == {news}
    while extract_next_revision():
        pass
    assert not unread().exists()
    assert set(waiting()) == {old, news}

    version("v2")
    while extract_next_revision():
        pass
    assert waiting() == []
    read = {(reading.version, reading.revision_id) for reading in Extraction.objects.all()}
    assert read == {("v1", old), ("v1", news), ("v2", old), ("v2", news)}


def test_a_version_marks_the_texts_of_before_once_though_its_first_worker_was_killed_meanwhile(version):
    make_article(TEXT)
    ReadingDue.objects.all().delete()
    version("v1")
    ExtractorVersion.objects.create(version="v1")
    assert mark_texts_of_before() == 1
    ReadingDue.objects.all().delete()
    assert mark_texts_of_before() == 0


def test_a_mark_of_what_was_stored_as_read_past_the_triggers_is_taken_away():
    revision = make_article(TEXT).current_revision
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Extraction.objects.create(revision=revision, version=reading.EXTRACTOR_VERSION, state="matched")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert waiting() == [revision.pk]
    assert extract_next_revision()
    assert waiting() == []
    assert not extract_next_revision()


def test_what_has_been_read_costs_nothing_when_the_next_text_is_looked_for():
    make_article(TEXT)
    mark_texts_of_before()
    assert "claims_extraction" not in str(unread().query)
