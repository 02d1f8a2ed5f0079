"""What is asked again and again is planned once for each connection."""

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from claims.prepared import fetch_all

ASKED = "SELECT number FROM unnest(%s::int[]) AS number WHERE number > %s"
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT number FROM unnest%'"


def kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute(PREPARED)
        return int(cursor.fetchone()[0])


def test_a_query_is_kept_with_its_first_answer_and_answers_for_other_values(db):
    before = kept()

    assert fetch_all(ASKED, [[1, 2, 3], 1]) == [(2,), (3,)]
    assert kept() == before + 1
    assert fetch_all(ASKED, [[4, 5], 4]) == [(5,)]
    assert kept() == before + 1


def test_nothing_is_kept_where_a_pooler_forbids_it(db, monkeypatch):
    connection.ensure_connection()
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)
    before = kept()

    assert fetch_all(ASKED, [[1, 2], 1]) == [(2,)]
    assert kept() == before


def test_it_is_seen_by_whatever_watches_queries(db):
    asked = []

    def watch(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        fetch_all(ASKED, [[1], 1])
    with CaptureQueriesContext(connection) as captured:
        fetch_all(ASKED, [[1], 7])

    assert asked == [ASKED]
    assert [query["sql"].rpartition(" ")[2] for query in captured] == ["7"]


def test_what_the_database_refuses_is_told_as_of_any_other_query(db):
    with pytest.raises(ProgrammingError, match="nowhere"):
        fetch_all("SELECT 1 FROM nowhere WHERE 1 = %s", [1])


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_is_made_anew_as_for_any_other_query():
    fetch_all(ASKED, [[1, 2], 1])
    connection.health_check_done, connection.health_check_enabled = False, True
    with connection.connection.cursor() as cursor, pytest.raises(Exception, match="terminating"):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    assert fetch_all(ASKED, [[1, 2], 1]) == [(2,)]
