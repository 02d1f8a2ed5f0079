"""What is asked again and again is planned once for each connection."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.db import NotSupportedError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from claims import prepared
from claims.prepared import fetch_all
from config import tracing

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


@pytest.fixture
def altered(transactional_db):
    """Give a query that is kept, of a table that is another one since."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE altered (number integer); INSERT INTO altered VALUES (7)")
    query = "SELECT number FROM altered WHERE number > %s"
    assert fetch_all(query, [1]) == [(7,)]
    # By another one: a connection forgets its own queries when it alters something.
    with psycopg.connect(connection.connection.info.dsn, password=connection.settings_dict["PASSWORD"]) as other:
        other.execute("ALTER TABLE altered ALTER COLUMN number TYPE bigint")
    yield query
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE altered")


def test_a_kept_query_outlives_a_change_of_its_tables(altered):
    assert fetch_all(altered, [1]) == [(7,)]
    assert fetch_all(ASKED, [[1, 2], 1]) == [(2,)]


def test_a_transaction_that_such_a_change_ends_succeeds_when_it_is_tried_again(altered):
    with pytest.raises(NotSupportedError, match="cached plan"), transaction.atomic():
        fetch_all(altered, [1])
    with transaction.atomic():
        assert fetch_all(altered, [1]) == [(7,)]


# Traces


@pytest.fixture
def tracer():
    """Give a provider of traces and what it exports."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield provider, exporter
    provider.shutdown()


def as_sent(span):
    sent = tracing.only_what_may_be_sent(span)
    return sent.name, sent.kind, sent.instrumentation_scope.name, dict(sent.attributes), sent.status.status_code


def test_a_kept_query_has_a_span_as_any_other_has(db, monkeypatch, tracer):
    provider, exporter = tracer
    monkeypatch.setattr(prepared, "traced", tracing.queries_traced(provider))
    with provider.get_tracer("tests").start_as_current_span("request") as request:
        assert fetch_all(ASKED, [[1, 2], 1]) == [(2,)]
    [kept_span, _request] = exporter.get_finished_spans()

    exporter.clear()
    PsycopgInstrumentor().instrument(tracer_provider=provider)
    try:
        with psycopg.connect(connection.connection.info.dsn, password=connection.settings_dict["PASSWORD"]) as other:
            other.execute(ASKED, [[1, 2], 1])
    finally:
        PsycopgInstrumentor().uninstrument()
    [plain_span] = exporter.get_finished_spans()

    assert as_sent(kept_span) == as_sent(plain_span)
    assert kept_span.attributes["db.statement"] == ASKED
    assert (kept_span.name, kept_span.kind) == ("SELECT", SpanKind.CLIENT)
    assert kept_span.parent.span_id == request.get_span_context().span_id


def test_a_kept_query_stays_kept_where_it_is_traced_and_says_that_it_failed(db, monkeypatch, tracer):
    provider, exporter = tracer
    monkeypatch.setattr(prepared, "traced", tracing.queries_traced(provider))
    before = kept()

    assert fetch_all(ASKED, [[1, 2], 1]) == fetch_all(ASKED, [[1, 2], 1])
    assert kept() == before + 1
    with pytest.raises(ProgrammingError, match="nowhere"):
        fetch_all("SELECT 1 FROM nowhere WHERE 1 = %s", [1])
    assert [span.status.is_ok for span in exporter.get_finished_spans()] == [True, True, False]


@pytest.mark.parametrize(("endpoint", "is_traced"), [("http://127.0.0.1:1", True), ("", False)])
def test_kept_queries_are_traced_where_a_setting_asks_for_it_alone(endpoint, is_traced, tmp_path):
    program = (
        "import sys, django; django.setup(); from claims import prepared;"
        "print(prepared.traced is not None, any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECOND_SOURCE_HOME": str(tmp_path),
        "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
    }
    said = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)
    assert said.stdout.split() == [str(is_traced)] * 2
