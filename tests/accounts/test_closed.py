"""A site that only its accounts read: pages, files and the API, with a session or a token with the scope `read`."""

import pytest

from accounts.scopes import Scope
from tests.accounts.test_tokens import bearing, make_secret

pytestmark = pytest.mark.django_db

PAGES = ["/", "/claims/?q=a", "/articles/", "/outlets/", "/overview/", "/imports/", "/ru/claims/", "/zh-hans/topics/"]
FILES = ["/claims.csv", "/claims.atom", "/sitemap.xml"]
API = ["/api/v1/claims/", "/api/v1/changes/", "/api/v1/imports/", "/api/v1/feeds/", "/api/v1/reconcile/claims/"]
OPEN = ["/healthz", "/readyz", "/robots.txt", "/accounts/login/", "/ru/accounts/login/", "/api/v1/docs/"]


@pytest.fixture(autouse=True)
def closed(settings):
    settings.PUBLIC_READS = False


@pytest.mark.parametrize("page", PAGES)
def test_strangers_are_sent_to_sign_in_and_back(client, page):
    answer = client.get(page)

    assert answer.status_code == 302
    assert "/accounts/login/?next=/" in answer["Location"]
    assert client.post("/flag/claim/3f2f3c0e-8f57-4f0e-9d5c-2f6a8b1f0c11/", {})["Location"].startswith(
        "/accounts/login/"
    )


@pytest.mark.parametrize("address", FILES + API)
def test_programs_are_asked_for_a_token_with_the_scope_read(client, editor, address):
    asked = client.get(address)
    importing = client.get(address, headers=bearing(make_secret(editor, Scope.IMPORT)))
    reading = client.get(address, headers=bearing(make_secret(editor, Scope.READ)))

    assert asked.status_code == 401
    assert asked["WWW-Authenticate"].startswith("Bearer")
    assert asked["Content-Type"] == "application/problem+json"
    assert "scope “read”" in asked.json()["detail"]
    assert importing.status_code in (401, 403)
    assert reading.status_code == 200
    assert "private" in reading["Cache-Control"] or reading["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("address", PAGES + FILES + API)
def test_whoever_is_signed_in_reads(client, editor, address):
    client.force_login(editor)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", OPEN)
def test_what_one_needs_to_get_in_stays_open(client, address):
    assert client.get(address).status_code == 200


def test_the_sign_in_page_says_that_reading_needs_an_account(client, settings):
    assert "This site is read with an account." in client.get("/accounts/login/").content.decode()
    settings.PUBLIC_READS = True
    assert "Reading needs no account." in client.get("/accounts/login/").content.decode()


def test_a_token_reads_no_pages_of_an_account(client, editor):
    assert client.get("/accounts/tokens/", headers=bearing(make_secret(editor)))["Location"].startswith(
        "/accounts/login/"
    )
