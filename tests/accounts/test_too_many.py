"""Who asks too often, over HTTP as a browser or a program does, is told so, and when to come back."""

import re

import pytest
import requests
from django.core.cache import cache
from django.db import connection

from config import limits
from tests.factories import make_claim

pytestmark = pytest.mark.django_db(transaction=True)

#: Addresses for documentation (RFC 5737), as a proxy in front tells them: programs of this machine are not limited.
HERE, THERE = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.2"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture(autouse=True)
def nothing_counted(forgotten_attempts, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    cache.clear()
    forget()
    yield
    forget()


def forget():
    limits.forget()
    # No model's, so no test's end empties it.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM request_counts")


class Visitor:
    """A browser, as far as it asks for pages and sends their forms."""

    def __init__(self, site, origin):
        self.site, self.session = site, requests.Session()
        self.session.headers.update(origin)

    def get(self, page):
        return self.session.get(f"{self.site}{page}", timeout=20)

    def ask_until_refused(self, page, *, quota):
        """Ask for a page until that is too often, and return the last answer; a minute may end in between."""
        for number in range(2 * quota + 1):
            answer = self.get(page)
            if answer.status_code != 200:
                assert number >= quota
                break
        return answer

    def send(self, page, form, times=1):
        """Send the form of a page so many times, and return the answers, without where they lead to."""
        token = TOKEN.search(self.get(page).text)[1]
        sent = {"csrfmiddlewaretoken": token, **form}
        return [self.session.post(f"{self.site}{page}", sent, timeout=20, allow_redirects=False) for _ in range(times)]


@pytest.fixture
def visit(live_server):
    return lambda origin: Visitor(live_server.url, origin)


def assert_page(answer, *, within_s, language="en"):
    """Assert that an answer is the page that says to come back, and when."""
    assert answer.status_code == 429
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Language"] == language
    assert 1 <= int(answer.headers["Retry-After"]) <= within_s
    assert "no-store" in answer.headers["Cache-Control"]
    assert "default-src" in answer.headers["Content-Security-Policy"]
    assert {"en": "<h1>Too many attempts</h1>", "ru": "<h1>Слишком много попыток</h1>"}[language] in answer.text


def test_who_tries_to_sign_in_too_often_gets_a_page_and_another_signs_in(visit):
    *tried, refused = visit(HERE).send("/accounts/login/", {"login": ""}, times=31)

    assert {answer.status_code for answer in tried} == {200}
    assert_page(refused, within_s=60)
    assert "Wait a minute, then try again." in refused.text
    assert visit(HERE).get("/accounts/login/").status_code == 200
    assert visit(THERE).send("/accounts/login/", {"login": ""})[0].status_code == 200


@pytest.mark.parametrize(("page", "language"), [("/claims/?q=dredging", "en"), ("/ru/claims/?q=dredging", "ru")])
def test_who_searches_too_often_gets_a_page_and_may_read_on(visit, settings, page, language):
    settings.RATE_SEARCHES = 2
    visitor = visit(HERE)
    refused = visitor.ask_until_refused(page, quota=2)

    assert_page(refused, within_s=60, language=language)
    assert refused.headers["Retry-After"] in refused.text
    assert visitor.get("/claims/").status_code == 200
    assert visit(THERE).get(page).status_code == 200


def test_who_points_out_too_many_errors_gets_a_page_and_nothing_is_kept(visit):
    claim = make_claim()
    *kept, refused = visit(HERE).send(f"/flag/claim/{claim.uid}/", {"text": "The article says Tuesday."}, times=4)

    assert [answer.status_code for answer in kept] == [302, 302, 302]
    assert_page(refused, within_s=60)
    assert claim.flags.count() == 3
    assert visit(THERE).send(f"/flag/claim/{claim.uid}/", {"text": "It was Monday."})[0].status_code == 302


def test_a_program_that_asks_too_often_gets_a_problem_that_says_when_to_come_back(visit, settings):
    settings.RATE_READS = 2
    program = visit(HERE)
    refused = program.ask_until_refused("/api/v1/claims/", quota=2)
    problem = refused.json()

    assert (refused.status_code, refused.headers["Content-Type"]) == (429, "application/problem+json")
    assert (problem["status"], problem["title"]) == (429, "Too Many Requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert f"Ask again in {refused.headers['Retry-After']} s" in problem["detail"]
    assert refused.headers["RateLimit"].startswith('"reads";r=0;t=')
    assert visit(THERE).get("/api/v1/claims/").status_code == 200


def test_a_program_that_points_out_too_many_errors_gets_a_problem(visit):
    flag = {"claim": str(make_claim().uid), "text": "The article says Tuesday."}
    program = visit(HERE)
    *kept, refused = [program.session.post(f"{program.site}/api/v1/flags/", json=flag, timeout=20) for _ in range(4)]

    assert [answer.status_code for answer in kept] == [201, 201, 201]
    assert (refused.status_code, refused.headers["Content-Type"]) == (429, "application/problem+json")
    assert int(refused.headers["Retry-After"]) == 60
