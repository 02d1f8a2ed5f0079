"""A page whose query is cut off, or whose database is away, says so."""

import json
import os
import subprocess
import sys

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.config.running import REPOSITORY


@pytest.fixture
def slow(monkeypatch, db):
    """Let every read of rows take longer than its statement may."""

    def sleep(*arguments, **options):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '20ms'")
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", sleep)
    return Client(raise_request_exception=False)


def test_a_page_whose_query_takes_too_long_says_so(slow):
    response = slow.get("/outlets/")

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "This takes too long" in response.content.decode()
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_an_api_answer_that_takes_too_long_is_a_problem(slow):
    response = slow.get("/api/v1/outlets/")

    assert (response.status_code, response["Content-Type"]) == (503, "application/problem+json")
    assert json.loads(response.content)["status"] == 503
    assert "too long" in json.loads(response.content)["detail"]


def test_a_page_without_its_database_says_so(monkeypatch, db):
    def refuse(*arguments, **options):
        raise OperationalError("connection refused") from psycopg.OperationalError("connection refused")

    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", refuse)
    response = Client(raise_request_exception=False).get("/outlets/")

    assert response.status_code == 503
    assert "The database does not answer" in response.content.decode()
    assert "connection refused" not in response.content.decode()


def test_what_is_no_fault_of_the_database_is_still_500(monkeypatch, db):
    def fail(*arguments, **options):
        raise ZeroDivisionError

    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", fail)

    assert Client(raise_request_exception=False).get("/outlets/").status_code == 500
    by_api = Client(raise_request_exception=False).get("/api/v1/outlets/")
    assert (by_api.status_code, by_api["Content-Type"]) == (500, "application/problem+json")
    assert json.loads(by_api.content)["status"] == 500


ASKED = (
    "import django; django.setup()\n"
    "from django.db import connection\n"
    "with connection.cursor() as cursor:\n"
    "    cursor.execute('SHOW statement_timeout'); print(cursor.fetchone()[0])\n"
    "print(connection.settings_dict['CONN_MAX_AGE'], connection.pool.max_size if connection.pool else 0)\n"
    "connection.close_pool() if connection.pool else None\n"
)


@pytest.mark.parametrize(
    ("environ", "timeout", "kept"),
    [
        ({}, "0", "60 0"),
        ({"DATABASE_STATEMENT_TIMEOUT_S": "7"}, "7s", "60 0"),
        ({"DATABASE_POOL": "3", "DATABASE_STATEMENT_TIMEOUT_S": "7"}, "7s", "0 3"),
    ],
)
def test_limits_and_the_pool_are_as_the_environment_says(environ, timeout, kept):
    result = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=REPOSITORY,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.stdout.splitlines() == [timeout, kept], result.stderr


def test_pages_are_served_with_a_limit_that_commands_do_not_have():
    script = "import os, config.gunicorn; print(os.environ['DATABASE_STATEMENT_TIMEOUT_S'])"
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_STATEMENT_TIMEOUT_S"}
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, env=environ, capture_output=True, text=True, check=True
    )
    assert int(result.stdout) == 15
