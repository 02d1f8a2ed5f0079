"""What an import knows of its documents is shown: refusals, lost quotations, tracebacks, damage of feeds."""

import html
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from sources import importing, tasks
from sources.errors import DocumentRefused
from sources.models import Article, Feed, ImportItem, ImportRun
from sources.urls import canonicalize
from tests.accounts.conftest import make_person
from tests.factories import make_article, make_user
from tests.sources.test_fetching import HOSTILE, LYING
from tests.sources.test_importing import Web, feed, page, work
from tests.sources.web import Names, make_fetcher

pytestmark = pytest.mark.django_db

API = "/api/v1"
LOST = "Have a look: 2 quotations of the page are not in its text, such as “It <b>will</b> rain.”."


@pytest.fixture
def editor(client, monkeypatch):
    monkeypatch.setattr(tasks.import_items, "delay", lambda: None)
    user = make_user("ed")
    user.user_permissions.add(Permission.objects.get(codename="add_importrun"))
    client.force_login(user)
    return user


def make_run(**fields):
    return ImportRun.objects.create(**{"label": "pages", "read_at": timezone.now(), **fields})


def make_item(run, position=1, **fields):
    return ImportItem.objects.create(
        run=run,
        position=position,
        label=f"page {position}",
        **{
            "state": "imported",
            "reason": LOST,
            "needs_look": True,
            "article": make_article(),
            "finished_at": timezone.now(),
            **fields,
        },
    )


def text_of(response):
    return html.unescape(response.content.decode())


# Hostile addresses


def stored_as(url):
    try:
        return canonicalize(url)
    except DocumentRefused:
        return url


def test_every_hostile_address_is_refused_with_its_reason_on_the_page_and_in_the_api(client):
    # Of some, an honest address or a bare name is left once they are in their one form; here even these lie.
    names = Names({**LYING, "example.org": [["10.9.9.9"]], "path": [["10.9.9.9"]]})
    run = importing.request_import("hostile", addresses=[url for url, _ in HOSTILE])
    work(make_fetcher(resolver=names))

    assert not Article.objects.exists()
    items = {item.label: item for item in run.items.all()}
    assert {item.label: item.reason for item in items.values() if item.state != "failed"} == {}
    shown = "".join(text_of(client.get(f"/imports/{run.uid}/", {"page": n})) for n in (1, 2, 3))
    answer = client.get(f"{API}/imports/{run.uid}/items/", {"state": "failed", "limit": 200}).json()
    told = {row["position"]: row["reason"] for row in answer["results"]}
    assert len(told) == len(items) > 50
    for url, reason in HOSTILE:
        item = items[stored_as(url)[:1000]]
        assert item.reason in shown, url
        assert told[item.position] == item.reason, url
        if stored_as(url) == url and len(url) < 2000:
            assert re.search(f"(?is){reason}|is not a web address|must begin with http", item.reason), url


def test_what_is_no_web_address_is_refused_before_anything_is_stored(client, editor):
    for url in ("file:///etc/passwd", "javascript:alert(1)", "gopher://127.0.0.1:70/", "http://[::1/"):
        response = client.post("/imports/new/", {"addresses": url})
        assert response.status_code == 400, url
        assert "Line 1" in text_of(response), url
    assert not ImportRun.objects.exists()


def test_hostile_addresses_that_an_editor_pastes_become_failed_items(client, editor):
    addresses = ["http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/latest/"]
    assert client.post("/imports/new/", {"addresses": "\r\n".join(addresses)}).status_code == 302
    work(make_fetcher())
    run = ImportRun.objects.get()
    words = text_of(client.get(f"/imports/{run.uid}/"))
    assert words.count("is not fetched") == 3
    assert "Loopback" in words
    assert "metadata" in words


def test_an_address_longer_than_can_be_kept_is_refused_and_not_fetched_in_part():
    web = Web()
    run = importing.request_import("long", addresses=[f"https://gazette.example/{'a' * 3000}"])
    work(web)
    assert web.asked == []
    assert run.items.get().reason == "The address has 3,024 characters; the limit is 2,000."


# Lost quotations


def test_a_page_that_lost_a_quotation_is_listed_until_somebody_has_looked(client, editor):
    run = make_run()
    item = make_item(run)
    make_item(run, 2, reason="", needs_look=False)

    listed = text_of(client.get("/imports/to-look-at/"))
    assert LOST in listed
    assert "<b>will</b>" not in client.get("/imports/to-look-at/").content.decode()
    assert listed.count("⚑") == 1
    in_run = text_of(client.get(f"/imports/{run.uid}/?state=look"))
    assert LOST in in_run
    assert "page 2" not in in_run

    before = timezone.now()
    response = client.post(f"/imports/{run.uid}/looked/", {"position": 1, "back": "list"}, follow=True)
    item.refresh_from_db()
    assert (item.looked_by, item.looked_at >= before) == (editor, True)
    assert LOST not in text_of(response)
    assert "Looked at by ed on" in text_of(client.get("/imports/to-look-at/?state=settled"))
    assert "Looked at by ed on" in text_of(client.get(f"/imports/{run.uid}/"))


def test_a_second_look_does_not_take_the_first_ones_name(client, editor):
    run = make_run()
    first, when = make_user("first"), timezone.now() - timedelta(days=1)
    make_item(run, looked_by=first, looked_at=when)
    response = client.post(f"/imports/{run.uid}/looked/", {"position": 1}, follow=True)
    assert "somebody has looked at it already" in text_of(response)
    assert (run.items.get().looked_by, run.items.get().looked_at) == (first, when)


@pytest.mark.parametrize(("position", "status"), [("", 400), ("x", 400), ("1" * 40, 400), ("7", 404)])
def test_a_position_that_cannot_be_meant_settles_nothing(client, editor, position, status):
    run = make_run()
    make_item(run)
    assert client.post(f"/imports/{run.uid}/looked/", {"position": position}).status_code == status
    assert ImportItem.objects.to_look().count() == 1


def test_readers_see_what_was_lost_but_do_not_settle_it(client):
    run = make_run()
    make_item(run)
    assert LOST in text_of(client.get("/imports/to-look-at/"))
    assert "<button" not in client.get("/imports/to-look-at/").content.decode().split("<main")[1]
    assert client.post(f"/imports/{run.uid}/looked/", {"position": 1})["Location"].startswith("/accounts/login/")
    client.force_login(make_user(editor=True))
    assert client.post(f"/imports/{run.uid}/looked/", {"position": 1}).status_code == 403
    assert ImportItem.objects.to_look().count() == 1


def test_twenty_to_look_at_cost_no_more_queries_than_one(client, editor):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get("/imports/to-look-at/")
            client.get("/imports/to-look-at/?state=settled")
            client.get(f"/imports/{run.uid}/?state=look")
        return len(captured)

    run = make_run()
    make_item(run)
    make_item(run, 2, looked_by=editor, looked_at=timezone.now())
    few = queries()
    for position in range(3, 23):
        make_item(make_run(), looked_by=make_user(), looked_at=timezone.now())
        make_item(run, position)
    assert queries() == few


def test_the_api_says_what_is_to_be_looked_at_but_not_who_did(client, editor):
    run = make_run()
    make_item(run, looked_by=editor, looked_at=timezone.now())
    make_item(run, 2)
    settled, open_ = client.get(f"{API}/imports/{run.uid}/items/").json()["results"]
    assert (settled["needs_look"], settled["looked_at"] is not None) == (True, True)
    assert (open_["needs_look"], open_["looked_at"], open_["reason"]) == (True, None, LOST)
    assert "looked_by" not in settled


# Tracebacks and runs that broke off


def test_operators_see_where_the_program_was_and_others_the_reason_alone(client):
    run = make_run()
    trace = 'Traceback (most recent call last):\n  File "<page>", line 1\nValueError: odd'
    make_item(run, state="failed", reason="Given up after 3 attempts. odd", needs_look=False, traceback=trace)

    assert "Given up after 3 attempts. odd" in text_of(client.get(f"/imports/{run.uid}/"))
    assert "Traceback" not in text_of(client.get(f"/imports/{run.uid}/"))
    assert "traceback" not in client.get(f"{API}/imports/{run.uid}/items/").json()["results"][0]
    client.force_login(make_person("ada", role=Role.ADMINISTRATOR))
    shown = client.get(f"/imports/{run.uid}/").content.decode()
    assert trace in html.unescape(shown)
    assert '<details class="traceback">' in shown
    assert "<page>" not in shown


def test_a_run_whose_files_are_still_read_is_not_called_finished(client):
    run = make_run(read_at=None)
    make_item(run)
    shown = text_of(client.get(f"/imports/{run.uid}/"))
    assert "more are being read" in shown
    assert "Finished." not in shown
    assert "hx-trigger" in shown


def test_a_run_that_broke_off_says_why(client):
    run = make_run(reading_error="Reading stopped after 7 documents: the disk is gone.")
    assert "Reading stopped after 7 documents: the disk is gone." in text_of(client.get(f"/imports/{run.uid}/"))
    assert client.get(f"{API}/imports/{run.uid}/").json()["reading_error"].endswith("the disk is gone.")


# Damage


def test_a_damaged_feed_says_so_at_its_item_and_on_the_page_of_feeds(client):
    broken = feed("a", "b").replace(b"</channel></rss>", b"<item><title>cut")
    web = Web({"https://gazette.example/feed": (broken, "application/rss+xml")})
    web.answers |= {f"https://gazette.example/{x}": (page(f"Title {x}"), "text/html") for x in "ab"}
    polled = importing.add_feed("https://gazette.example/feed")
    (run,) = importing.poll_due_feeds()
    work(web)

    item = run.items.get(position=1)
    assert item.state == "expanded"
    assert re.search(r"It lists 2 addresses.* The feed is damaged \(.+\); entries may be missing\.", item.reason)
    note = Feed.objects.get().last_note
    assert note in item.reason
    assert note in text_of(client.get("/feeds/"))
    assert note in text_of(client.get(f"/imports/{run.uid}/"))
    assert client.get(f"{API}/feeds/").json()["results"][0]["last_note"] == note

    # Not changed: the damage is still there. Mended: it is gone.
    Feed.objects.update(next_poll_at=timezone.now())
    importing.poll_due_feeds()
    work(web)
    assert Feed.objects.get().last_note == note
    web.answers[polled.url] = (feed("a", "b"), "application/rss+xml")
    Feed.objects.update(next_poll_at=timezone.now())
    importing.poll_due_feeds()
    work(web)
    assert Feed.objects.get().last_note == ""
    assert "damaged" not in text_of(client.get("/feeds/"))


def test_a_damaged_sitemap_says_so_at_its_item(client):
    sitemap = (
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://gazette.example/a</loc></url>'
        b"<url><loc></loc></url><url><loc>javascript:1</loc></url></urlset>"
    )
    web = Web({"https://gazette.example/map.xml": (sitemap, "application/xml")})
    web.answers["https://gazette.example/a"] = (page("Title"), "text/html")
    run = importing.request_import("map", addresses=["https://gazette.example/map.xml"])
    work(web)
    reason = run.items.get(position=1).reason
    assert "It lists 1 addresses" in reason
    assert "An entry has no usable address" in reason
    assert "So it is with 1 more." in reason
    assert reason in text_of(client.get(f"/imports/{run.uid}/"))
