"""How much of the API and of pages one may ask for, what is said beyond that, and what counting costs."""

import json
import threading

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import tokens
from accounts.scopes import Scope
from config import limits
from tests.factories import make_claim, make_user

pytestmark = pytest.mark.django_db

CLAIMS = "/api/v1/claims/"
#: Addresses for documentation (RFC 5737): of two strangers.
HERE, THERE = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "192.0.2.2"}


@pytest.fixture(autouse=True)
def nothing_counted():
    limits.forget()
    yield
    limits.forget()


def statuses(client: Client, address: str, times: int, **more) -> list[int]:
    return [client.get(address, **more).status_code for _ in range(times)]


def bearing(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def make_secret(*scopes: Scope) -> str:
    user = User.objects.create_user("ed", is_superuser=True)
    _token, secret = tokens.make_token(user, name="Mirror", scopes=scopes, days=1)
    return secret


# By whom


def test_an_address_reads_so_much_and_others_go_on_reading(client, settings):
    settings.RATE_READS = 3
    assert statuses(client, CLAIMS, 4, **HERE) == [200, 200, 200, 429]
    assert statuses(client, "/api/v1/outlets/", 1, **HERE) == [429]
    assert statuses(client, CLAIMS, 3, **THERE) == [200, 200, 200]


def test_a_token_has_its_own_count_wherever_it_is_used(client, settings):
    settings.RATE_READS, settings.RATE_READS_KNOWN = 1, 2
    secret = bearing(make_secret(Scope.READ))

    assert statuses(client, CLAIMS, 2, **HERE) == [200, 429]
    assert statuses(client, CLAIMS, 1, headers=secret, **HERE) == [200]
    assert statuses(client, CLAIMS, 2, headers=secret, **THERE) == [200, 429]


def test_a_household_of_ipv6_is_one_address(client, settings):
    settings.RATE_READS = 1
    assert statuses(client, CLAIMS, 1, REMOTE_ADDR="2001:db8:1:2::1") == [200]
    assert statuses(client, CLAIMS, 1, REMOTE_ADDR="2001:db8:1:2:ffff::9") == [429]
    assert statuses(client, CLAIMS, 1, REMOTE_ADDR="2001:db8:1:3::1") == [200]
    assert statuses(client, CLAIMS, 1, REMOTE_ADDR="::ffff:192.0.2.1") == [200]
    assert statuses(client, CLAIMS, 1, REMOTE_ADDR="192.0.2.1") == [429]


def test_programs_of_this_machine_are_not_limited(client, settings):
    settings.RATE_READS = 1
    assert statuses(client, CLAIMS, 3, REMOTE_ADDR="127.0.0.1") == [200, 200, 200]
    # What a proxy of this machine passes on is no program of it.
    forwarded = {"headers": {"X-Forwarded-For": "192.0.2.7"}, "REMOTE_ADDR": "127.0.0.1"}
    assert statuses(client, CLAIMS, 2, **forwarded) == [200, 429]


def test_a_limit_of_0_is_none(client, settings):
    settings.RATE_READS = 0
    answer = client.get(CLAIMS, **HERE)

    assert answer.status_code == 200
    assert "RateLimit" not in answer


# Of what


def test_writing_has_its_own_limit(client, settings):
    settings.RATE_WRITES, settings.RATE_READS_KNOWN = 1, 1
    secret = bearing(make_secret(Scope.IMPORT))
    post = {"content_type": "application/json", "headers": secret, **HERE}

    assert [client.post("/api/v1/imports/", {}, **post).status_code for _ in range(2)] == [400, 429]
    assert statuses(client, CLAIMS, 2, headers=secret, **HERE) == [200, 429]


def test_pointing_out_an_error_is_writing(client, settings):
    settings.RATE_WRITES, settings.RATE_READS = 1, 1
    flag = {"data": "{}", "content_type": "application/json", **HERE}
    answers = [client.post("/api/v1/flags/", **flag) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [400, 429]
    assert answers[0]["RateLimit-Policy"] == '"writes";q=1;w=60'
    assert statuses(client, CLAIMS, 2, **HERE) == [200, 429]


def test_who_points_out_too_many_errors_is_told_when_to_come_back(client):
    flag = {"claim": str(make_claim().uid), "text": "The article says Tuesday."}
    cache.clear()
    post = {"data": json.dumps(flag), "content_type": "application/json", **HERE}
    answers = [client.post("/api/v1/flags/", **post) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert answers[3]["Retry-After"] == "60"


def test_questions_that_are_posted_for_their_length_are_reading(client, settings):
    settings.RATE_WRITES, settings.RATE_READS = 1, 2
    ask = {"queries": json.dumps({"q0": {"query": "dredging"}})}

    got = [client.post("/api/v1/reconcile/claims/", ask, **HERE).status_code for _ in range(3)]
    assert got == [200, 200, 429]


def test_searching_and_exporting_are_limited_beside_reading(client, settings):
    settings.RATE_SEARCHES, settings.RATE_EXPORTS = 1, 1
    assert statuses(client, f"{CLAIMS}?q=dredging", 2, **HERE) == [200, 429]
    assert statuses(client, f"{CLAIMS}?format=csv", 2, **HERE) == [200, 429]
    assert statuses(client, CLAIMS, 1, **HERE) == [200]


def test_wrong_tokens_are_counted(client, settings):
    settings.RATE_WRONG_TOKENS = 2
    guesses = [client.get(CLAIMS, headers=bearing(f"sst_{n:040}"), **HERE) for n in range(3)]

    assert [guess.status_code for guess in guesses] == [401, 401, 429]
    assert int(guesses[-1]["Retry-After"]) <= 61


# What is said


def test_what_is_left_is_told_with_each_answer(client, settings):
    settings.RATE_READS, settings.RATE_SEARCHES = 40, 20
    client.get(CLAIMS, **HERE)
    answer = client.get(f"{CLAIMS}?q=dredging", **HERE)
    reads, searches = answer["RateLimit"].split(", ")

    assert answer["RateLimit-Policy"] == '"reads";q=40;w=60, "searches";q=20;w=60'
    assert reads.startswith('"reads";r=38;t=')
    assert searches.startswith('"searches";r=19;t=')
    assert 1 <= int(searches.rpartition("=")[2]) <= 60
    assert "Retry-After" not in answer


def test_the_api_refuses_with_a_problem_that_says_when_to_come_back(client, settings, caplog):
    settings.RATE_READS = 1
    client.get(CLAIMS, **HERE)
    refused = client.get(f"{CLAIMS}?format=csv", **HERE)
    problem = refused.json()

    assert refused["Content-Type"] == "application/problem+json"
    assert (problem["status"], problem["title"]) == (429, "Too Many Requests")
    assert problem["detail"].startswith("More than 1 reads in one minute. Ask again in ")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert '"reads";r=0;t=' in refused["RateLimit"]
    assert "limited asker=address limit=reads" in caplog.messages
    assert "192.0.2.1" not in caplog.text


@pytest.mark.parametrize("page", ["/claims/?q=dredging", "/articles/?q=dredging", "/claims.csv", "/ru/claims/?q=a"])
def test_pages_limit_searching_and_exporting_and_say_so_on_a_page(client, settings, page):
    settings.RATE_SEARCHES, settings.RATE_EXPORTS = 1, 1
    passed, refused = client.get(page, **HERE), client.get(page, **HERE)

    assert (passed.status_code, refused.status_code) == (200, 429)
    assert refused["Content-Type"].startswith("text/html")
    assert 1 <= int(refused["Retry-After"]) <= 3600
    assert refused["Retry-After"] in refused.content.decode()
    assert refused["Cache-Control"] == "no-store"
    assert client.get("/claims/", **HERE).status_code == 200
    assert "RateLimit" not in client.get("/claims/", **HERE)


def test_colleagues_behind_one_address_search_each_for_themselves(settings):
    settings.RATE_SEARCHES = 1
    for name in ("ed", "eve"):
        client = Client()
        client.force_login(make_user(name))
        assert statuses(client, "/claims/?q=dredging", 2, **HERE) == [200, 429]


# Sizes


def test_an_address_that_is_too_long_is_414(client, settings):
    settings.URL_MAX_CHARACTERS = 500
    long = client.get(f"{CLAIMS}?q={'a' * 500}")
    assert (long.status_code, long["Content-Type"]) == (414, "application/problem+json")
    assert "the limit is 500" in long.json()["detail"]
    assert client.get(f"{CLAIMS}?q={'a' * 400}").status_code != 414


@pytest.mark.parametrize(("path", "language"), [("/claims/", "en"), ("/ru/claims/", "ru"), ("/nowhere/", "en")])
def test_an_address_that_is_too_long_is_414_on_a_page_that_leads_back(client, path, language):
    answer = client.get(path, {"q": "x" * 10_000})
    page = answer.content.decode()

    assert (answer.status_code, answer["Content-Language"]) == (414, language)
    assert answer["Content-Type"].startswith("text/html")
    assert {"en": "This address is too long.", "ru": "Адрес слишком длинный."}[language] in page
    assert f'<a href="{"/ru" if language == "ru" else ""}/claims/">' in page
    assert "xxxx" not in page


def test_a_form_that_is_too_large_is_413_on_a_page(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client.post("/accounts/login/", {"login": "x" * 2000, "password": "y"})

    assert answer.status_code == 413
    assert "larger than one form may be" in answer.content.decode()


def test_a_body_that_is_too_large_is_413_in_the_api(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = settings.IMPORT_MAX_UPLOAD_BYTES = 1000
    secret = bearing(make_secret(Scope.IMPORT, Scope.ANNOTATE))
    for path in ("imports", "statements"):
        body = json.dumps({"label": "x" * 2000})
        answer = client.post(f"/api/v1/{path}/", body, content_type="application/json", headers=secret)
        assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


def test_more_rows_than_a_page_has_are_400(client):
    answer = client.get(f"{CLAIMS}?limit=201")

    assert answer.status_code == 400
    assert "200" in str(answer.json()["parameters"]["limit"])


# Time


def test_a_request_whose_queries_take_too_long_together_is_given_up(settings, monkeypatch):
    client = Client(raise_request_exception=False)
    moments = iter(range(0, 10_000, 15))
    settings.API_READ_TIME_S = 20
    monkeypatch.setattr("config.refusals.time.monotonic", lambda: next(moments))
    given_up = client.get(CLAIMS)
    settings.API_READ_TIME_S = 0

    assert (given_up.status_code, given_up["Content-Type"]) == (503, "application/problem+json")
    assert given_up.json()["detail"].startswith("This takes too long.")
    assert int(given_up["Retry-After"]) == 30
    assert client.get(CLAIMS).status_code == 200


# Other sites


def test_other_sites_read_only_where_a_setting_lets_them(client, settings):
    origin = {"Origin": "https://reader.example"}
    assert "Access-Control-Allow-Origin" not in client.get(CLAIMS, headers=origin)
    settings.CORS_ALLOWED_ORIGINS = ["https://reader.example"]
    allowed = client.get(CLAIMS, headers=origin)
    asked = client.options(CLAIMS, headers={**origin, "Access-Control-Request-Method": "POST"})

    assert allowed["Access-Control-Allow-Origin"] == "https://reader.example"
    assert "ratelimit" in allowed["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in allowed
    assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Origin" not in client.get(CLAIMS, headers={"Origin": "https://other.example"})
    assert "Access-Control-Allow-Origin" not in client.get("/claims/", headers=origin)


# Counting


def test_reading_costs_one_statement_in_twenty_requests(client, settings):
    settings.RATE_READS = 400

    def counting(times: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            statuses(client, CLAIMS, times, **HERE)
        return sum("request_counts" in query["sql"] and "insert" in query["sql"] for query in queries)

    assert [counting(19), counting(1), counting(19), counting(1)] == [0, 1, 0, 1]


def test_who_is_over_the_limit_costs_no_statement(client, settings):
    settings.RATE_READS = 1
    client.get(CLAIMS, **HERE)
    with CaptureQueriesContext(connection) as queries:
        assert statuses(client, CLAIMS, 5, **HERE) == [429] * 5
    assert len(queries) == 0


def test_pages_are_not_counted(client):
    with CaptureQueriesContext(connection) as queries:
        client.get("/claims/", **HERE)
    assert not any("request_counts" in query["sql"] for query in queries)


def test_a_window_ends_and_what_was_counted_with_it():
    limit = limits.Limit("reads", 2, 60)
    first = [limits.spend(limit, "address a", now=1_000_000_000 + second).passed for second in (20, 21, 22)]
    later = limits.spend(limit, "address a", now=1_000_000_000 + 80)

    assert first == [True, True, False]
    assert (later.passed, later.remaining) == (True, 1)
    with connection.cursor() as cursor:
        cursor.execute("select count(*), max(count) from request_counts")
        assert cursor.fetchone() == (1, 1)


def test_counts_that_ended_are_deleted_within_the_hour(monkeypatch):
    monkeypatch.setattr(limits, "_swept_at", 0.0)
    limits.spend(limits.Limit("reads", 1, 60), "address a", now=1_000_000_000)
    limits.spend(limits.Limit("reads", 1, 60), "address b", now=1_000_010_000)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from request_counts")
        assert cursor.fetchone() == (1,)


def test_processes_count_together(monkeypatch):
    """Two processes are two memories before one table."""
    limit = limits.Limit("reads", 100, 60)
    memories = [type(limits._counts)() for _ in range(4)]
    passed = 0
    for turn in range(400):
        monkeypatch.setattr(limits, "_counts", memories[turn % 4])
        passed += limits.spend(limit, "address a", now=1_000_000_000).passed

    # A twentieth more for each process beyond the first, at most.
    assert 100 <= passed <= 115


@pytest.mark.django_db(transaction=True)
def test_threads_of_a_process_count_exactly(settings):
    limit = limits.Limit("reads", 50, 60)
    passed: list[bool] = []

    def ask() -> None:
        passed.extend(limits.spend(limit, "address a", now=1_000_000_000).passed for _ in range(20))
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with connection.cursor() as cursor:
        cursor.execute("select sum(count) from request_counts")
        told = cursor.fetchone()[0]
        cursor.execute("truncate request_counts")

    # One that was refused while others were counted may have been counted too.
    assert sum(passed) == 50 <= told < 50 + 8


def test_no_address_is_in_the_table(client, settings):
    settings.RATE_READS = 1
    client.get(CLAIMS, **HERE)
    with connection.cursor() as cursor:
        cursor.execute("select key, count from request_counts")
        ((key, count),) = cursor.fetchall()

    assert (len(bytes(key)), count) == (16, 1)
    assert b"192.0.2.1" not in bytes(key)
