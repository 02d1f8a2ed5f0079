"""Importing in a real browser: an editor hands in a text and watches it arrive, with JavaScript and without."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from sources import importing, tasks
from sources.models import Article, Feed, ImportItem, ImportRun
from tests.browser.test_reading import misfits
from tests.factories import make_article, make_outlet, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "Ms Ruiz said: “The river will be dredged before the winter.”"


@pytest.fixture(autouse=True)
def sleeping_workers(monkeypatch):
    """Leave the work to the test."""
    monkeypatch.setattr(tasks.import_items, "delay", lambda: None)


@pytest.fixture
def editor(live_server, client) -> list[dict[str, str]]:
    """Give the cookies of an editor who is signed in."""
    user = make_user("ed")
    user.user_permissions.set(
        Permission.objects.filter(
            content_type__app_label="sources", codename__in=["add_importrun", "add_feed", "change_feed"]
        )
    )
    client.force_login(user)
    return [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def editors_page(request, browser: Browser, editor) -> Iterator[tuple[Page, bool]]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=request.param)
    context.add_cookies(editor)
    yield context.new_page(), request.param
    context.close()


def test_an_editor_pastes_a_text_and_sees_it_arrive(live_server, editors_page):
    page, scripted = editors_page
    page.goto(f"{live_server.url}/imports/")
    page.get_by_role("link", name="Import articles").click()
    page.get_by_label("Title").fill("Dredging ahead")
    page.get_by_label("Text", exact=True).fill(TEXT)
    page.get_by_role("button", name="Import").click()

    expect(page.get_by_text("Name the outlet that published the text.")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value(TEXT)
    page.get_by_label("Outlet", exact=True).fill("Gazette")
    page.get_by_role("button", name="Import").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Dredging ahead")
    expect(page.locator("#import-figures")).to_have_text("0 of 1 document done, 1 waiting")
    assert importing.import_next()
    if not scripted:
        page.get_by_role("link", name="Refresh").click()
    expect(page.locator("#import-figures")).to_have_text("Finished. 1 document done")
    expect(page.locator("#import-news")).to_have_text("Finished. Imported: 1." if scripted else "")
    page.get_by_role("link", name="Dredging ahead", exact=True).click()
    expect(page.locator(".passage")).to_contain_text("The river will be dredged before the winter.")
    assert Article.objects.get().outlet.name == "Gazette"


def test_an_editor_tries_again_and_cancels(live_server, editors_page):
    page, _ = editors_page
    run = make_run()
    page.goto(f"{live_server.url}/imports/{run.uid}/?state=failed")
    page.get_by_role("button", name=re.compile("^Try again ?: articles.jsonl:3")).click()
    expect(page.get_by_role("status").first).to_contain_text("Trying again: 1 document.")
    page.get_by_role("button", name="Cancel the rest").click()
    expect(page.get_by_role("status").first).to_contain_text("will not be imported")
    expect(page.locator("#import-figures")).to_contain_text("Finished.")
    assert not run.items.pending().exists()


def test_the_page_keeps_the_focus_while_it_follows_an_import(live_server, browser, editor):
    run = make_run()
    context = browser.new_context()
    context.add_cookies(editor)
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{live_server.url}/imports/{run.uid}/")
    page.locator("#retry-3").focus()
    ImportItem.objects.filter(run=run, position=2).update(
        state="skipped", reason="It is imported already.", finished_at=timezone.now()
    )

    expect(page.get_by_text("It is imported already.")).to_be_visible()
    expect(page.locator("#retry-3")).to_be_focused()
    importing.cancel_run(run)
    expect(page.locator("#import-figures")).to_contain_text("Finished.")
    # What was asked for before may still be on its way; then it is quiet.
    page.wait_for_timeout(2500)
    count = len(requests)
    page.wait_for_timeout(2500)
    assert len(requests) == count
    assert all(address.startswith(live_server.url) for address in requests)
    context.close()


def make_run() -> ImportRun:
    feed = Feed.objects.create(url="https://gazette.example/news.xml", title="Gazette: news", outlet=make_outlet())
    Feed.objects.create(
        url=f"https://herald.example/{'a-very-long-address-' * 6}.xml",
        failures=7,
        failing_since=timezone.now() - timedelta(days=2),
        last_error="herald.example has no valid certificate: it ended on 3 January. Ask the site, or pause the feed.",
    )
    run = ImportRun.objects.create(label=feed.url, feed=feed, read_at=timezone.now())
    reasons = {"failed": "The address answered 503: try again later.", "expanded": "It lists 4 addresses."}
    for position, state in enumerate(["expanded", "pending", "failed", "imported", "pending"], start=1):
        ImportItem.objects.create(
            run=run,
            position=position,
            label=f"articles.jsonl:{position}" if position != 4 else "https://gazette.example/" + "news-" * 40,
            url=f"https://gazette.example/{position}",
            state=state,
            reason=reasons.get(state, ""),
            not_before=timezone.now() + timedelta(minutes=1) if position == 5 else None,
            finished_at=None if state == "pending" else timezone.now(),
            article=make_article(outlet=feed.outlet) if state == "imported" else None,
        )
    return run


def test_no_page_of_imports_scrolls_sideways_or_is_hard_to_read(live_server, page, editor):
    run = make_run()
    page.context.add_cookies(editor)
    for name, address in {
        "imports": "/imports/",
        "import": f"/imports/{run.uid}/",
        "new": "/imports/new/",
        "feeds": "/feeds/",
    }.items():
        page.goto(f"{live_server.url}{address}")
        if name == "new":
            page.get_by_label("Addresses").fill("river\nftp://example.org/a")
            page.get_by_label("Published").fill("soon")
            page.get_by_role("button", name="Import").click()
            expect(page.locator(".field-errors").first).to_be_visible()
        assert misfits(page) == [], name
