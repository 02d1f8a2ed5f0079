"""Pages for strangers are made once for all who ask within some seconds, and nobody gets another's."""

import re

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim
from config.kept import CACHE, LARGEST
from tests.config.test_crawl import filled, routes
from tests.factories import make_claim, make_outlet, make_report, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(settings):
    settings.PAGES_KEPT_S = 60
    caches[CACHE].clear()
    yield caches[CACHE]
    caches[CACHE].clear()


@pytest.fixture
def claim():
    claim = make_claim("Bridges will be built.")
    make_report(claim, outlet=make_outlet("Agency"))
    return claim


def ask(address, **headers):
    """Return the answer to a browser that nobody has seen before."""
    return Client().get(address, headers=headers)


def rename(claim):
    Claim.objects.filter(pk=claim.pk).update(text="Bridges will be sold.")


@pytest.mark.parametrize("address", ["/claims/", "/claims/?order=newest", "/ru/claims/", "own"])
def test_a_page_is_made_once_for_strangers(address, claim, django_assert_num_queries):
    address = claim.get_absolute_url() if address == "own" else address
    first = ask(address)
    rename(claim)
    with django_assert_num_queries(0):
        second = ask(address)
    assert second.content == first.content
    assert b"Bridges will be built." in second.content
    assert second.headers["Vary"] == first.headers["Vary"]
    for name in ("Content-Security-Policy", "Content-Language", "Content-Type", "X-Frame-Options"):
        assert second.headers[name] == first.headers[name]
    assert second.headers["X-Request-ID"] != first.headers["X-Request-ID"]
    # How long it is kept is the site's affair.
    assert not {"Cache-Control", "Expires"} & set(second.headers)


def test_it_is_made_anew_when_its_time_is_over(claim, kept):
    ask("/claims/")
    rename(claim)
    [key] = kept._cache
    _, name = key.rsplit(":", 1)
    kept.touch(name, -1)
    assert b"Bridges will be sold." in ask("/claims/").content


def test_it_is_kept_for_no_longer_than_the_setting_says(claim, kept, settings):
    settings.PAGES_KEPT_S = 5
    before = timezone.now().timestamp()
    ask("/claims/")
    [ends] = kept._expire_info.values()
    assert before + 5 <= ends <= timezone.now().timestamp() + 5


def test_nothing_is_kept_where_the_setting_says_so(claim, kept, settings):
    settings.PAGES_KEPT_S = 0
    ask("/claims/")
    assert not kept._cache
    rename(claim)
    assert b"Bridges will be sold." in ask("/claims/").content


def test_who_has_an_account_or_any_cookie_sees_what_is(claim):
    ask("/claims/")
    rename(claim)
    editor = Client()
    editor.force_login(make_user())
    assert b"Bridges will be sold." in editor.get("/claims/").content
    client = Client()
    client.cookies["anything"] = "1"
    assert b"Bridges will be sold." in client.get("/claims/").content
    assert b"Bridges will be sold." in ask("/claims/", authorization="Bearer x").content


def test_what_one_with_an_account_sees_is_shown_to_nobody_else(claim, kept):
    editor = Client()
    editor.force_login(make_user("ernestine"))
    assert b"ernestine" in editor.get("/claims/").content
    assert not kept._cache
    assert b"ernestine" not in ask("/claims/").content


def test_a_part_of_a_page_is_not_given_for_the_page(claim):
    part = ask("/claims/", hx_request="true").content
    whole = ask("/claims/").content
    assert b"<html" in whole
    assert b"<html" not in part
    assert ask("/claims/", hx_request="true").content == part


def test_another_host_has_links_of_its_own(claim, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    address = claim.get_absolute_url()
    assert b"http://one.example/" in ask(address, host="one.example").content
    assert b"one.example" not in ask(address, host="two.example").content


def test_forms_carry_a_token_of_their_own(claim, kept):
    address = reverse("flag_create", args=["claim", claim.uid])
    pages = [ask(address), ask(address)]
    tokens = {re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.content)[1] for page in pages}
    assert len(tokens) == 2
    assert all("csrftoken" in page.cookies for page in pages)
    assert not kept._cache


def test_errors_files_and_large_pages_are_not_kept(claim, kept, monkeypatch):
    assert ask("/claims/00000000-0000-0000-0000-000000000000/").status_code == 404
    assert ask("/claims/?place=nonsense").status_code == 400
    assert ask("/claims.csv").status_code == 200
    assert ask("/api/v1/claims/").status_code == 200
    assert Client().post("/claims/").status_code == 405
    monkeypatch.setattr("config.kept.LARGEST", 100)
    assert ask("/claims/").status_code == 200
    assert not kept._cache


def test_kept_searches_are_counted(claim, settings):
    settings.RATE_SEARCHES = 3
    stranger = {"REMOTE_ADDR": "198.51.100.7"}
    statuses = [Client().get("/claims/?q=bridges", **stranger).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


def test_a_closed_site_gives_strangers_nothing(claim, settings):
    ask("/claims/")
    settings.PUBLIC_READS = False
    assert ask("/claims/").status_code == 302


def test_every_page_is_the_same_from_memory(claim):
    given = 0
    pages = {filled(route, "agency") for route in routes() if not route.startswith("admin/")}
    for address in sorted({*pages, claim.get_absolute_url()}):
        first = ask(address)
        if first.status_code != 200 or not first.headers.get("Content-Type", "").startswith("text/html"):
            continue
        second = ask(address)
        if b"csrfmiddlewaretoken" not in first.content:
            assert len(first.content) > LARGEST or second.content == first.content, address
            given += 1
    assert given > 10
