"""Work that another worker is about to lock is left to it, and no attempt is counted for it."""

import psycopg
import pytest
from django.db import connection

from claims.models import Extraction
from claims.services.reading import extract_next_revision
from sources import locks
from sources.documents import Document
from sources.importing import import_next, request_import
from sources.models import ImportItem
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_worker():
    """Yield another session of the same database."""
    parameters = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(
        **{name: parameters[name] for name in names if name in parameters}, autocommit=True
    ) as session:
        yield session


def test_revision_that_another_worker_took_is_left_to_it(other_worker):
    revision = make_article("Maria Lopez said the dam was safe.").current_revision
    other_worker.execute("SELECT pg_advisory_lock(%s, %s)", [locks.READING, revision.pk])

    assert extract_next_revision()
    assert not Extraction.objects.exists()

    other_worker.execute("SELECT pg_advisory_unlock(%s, %s)", [locks.READING, revision.pk])
    assert extract_next_revision()
    [extraction] = Extraction.objects.all()
    assert (extraction.state, extraction.attempts) == (Extraction.State.EXTRACTED, 1)


def test_document_that_another_worker_took_is_left_to_it(other_worker):
    document = Document(
        "a.txt", b"The dam is safe.", "text/plain", {"outlet": "Gazette", "title": "The dam", "id": "1"}
    )
    item = request_import("one", documents=[document]).items.get()
    other_worker.execute("SELECT pg_advisory_lock(%s, %s)", [locks.IMPORTING, item.pk])

    assert import_next() == 1
    item.refresh_from_db()
    assert (item.state, item.attempts) == (ImportItem.State.PENDING, 0)

    other_worker.execute("SELECT pg_advisory_unlock(%s, %s)", [locks.IMPORTING, item.pk])
    import_next()
    item.refresh_from_db()
    assert item.attempts == 1


def test_lock_is_given_back_where_the_work_fails(other_worker):
    assert locks.take(locks.READING, 5)
    with pytest.raises(ZeroDivisionError), locks.released_after(locks.READING, 5):
        raise ZeroDivisionError

    [(free,)] = other_worker.execute("SELECT pg_try_advisory_lock(%s, %s)", [locks.READING, 5]).fetchall()
    assert free
