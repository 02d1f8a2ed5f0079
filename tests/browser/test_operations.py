"""The operators' page in a real browser: it keeps up by itself until that is stopped."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.roles import Role
from config import operations
from sources.models import Feed
from tests.accounts.conftest import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def operators_page(live_server, page: Page, client, monkeypatch) -> Page:
    monkeypatch.setattr(operations, "REFRESH_S", 1)
    client.force_login(make_person("ada", role=Role.ADMINISTRATOR))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(f"{live_server.url}/operations/")
    return page


def break_feed(number: int) -> None:
    now, url = timezone.now(), f"https://news.example/{number}"
    Feed.objects.create(url=url, title=f"Feed {number}", failures=1, failing_since=now, last_error="It answered 500.")


def test_it_refreshes_by_itself_tells_what_went_wrong_and_keeps_the_place(operators_page):
    page = operators_page
    link = page.locator("#feeds").get_by_role("link", name="All broken feeds")
    expect(page.locator("#feeds")).not_to_contain_text("Feed 1")
    break_feed(1)

    expect(page.locator("#feeds")).to_contain_text("Feed 1")
    expect(page.locator("#operations-news")).to_contain_text("More than a fifth of the feeds cannot be read.")
    page.get_by_role("link", name="More than a fifth of the feeds cannot be read.").click()
    expect(link).to_be_in_viewport()
    button = page.get_by_role("button", name=re.compile("^Poll now ?: Feed 1"))
    button.focus()
    break_feed(2)
    expect(page.locator("#feeds")).to_contain_text("Feed 2")
    expect(button).to_be_focused()


def test_it_stays_as_it_is_when_that_is_asked_for(operators_page):
    page = operators_page
    page.get_by_role("link", name="stays as it is").click()
    expect(page.get_by_role("link", name="stays as it is")).to_have_attribute("aria-current", "true")
    break_feed(1)

    page.wait_for_timeout(2500)
    assert "Feed 1" not in page.locator("#feeds").inner_text()
    page.get_by_role("link", name="refreshes every").click()
    expect(page.locator("#feeds")).to_contain_text("Feed 1")
