"""The list of claims in a real browser: it follows what is typed, however slowly answers come."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.factories import make_claim, make_report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server) -> str:
    for text in ("Rain will fall.", "Snow will fall.", "The minister spoke."):
        make_report(make_claim(text))
    return live_server.url


def test_the_list_follows_what_is_typed_and_the_way_back(page: Page, site: str):
    page.goto(f"{site}/claims/")
    words = page.get_by_label("Search claims by word")
    # All at once: who types slowly is shown what is found meanwhile, and comes back to that.
    words.fill("rain")

    expect(page.locator(".claim-row h2")).to_have_text(["Rain will fall."])
    expect(page.locator(".claim-row mark")).to_have_text(["Rain"])
    expect(page).to_have_url(re.compile(r"/claims/\?q=rain$"))
    expect(words).to_be_focused()

    page.go_back()
    expect(page.locator(".claim-row")).to_have_count(3)
    expect(words).to_have_value("")


def test_a_late_answer_never_takes_the_place_of_what_was_typed_last(page: Page, site: str):
    held: list[Route] = []
    page.route("**/claims/?q=rain*", lambda route: held.append(route))
    page.goto(f"{site}/claims/")
    words = page.get_by_label("Search claims by word")
    with page.expect_request("**/claims/?q=rain*"):
        words.fill("rain")
    words.fill("snow")
    expect(page.locator(".claim-row h2")).to_have_text(["Snow will fall."])

    # The first question is answered after the second, where anybody still waits for that.
    [late] = held
    late.continue_()
    late.request.response()
    page.wait_for_timeout(500)
    expect(page.locator(".claim-row h2")).to_have_text(["Snow will fall."])


def test_an_answer_that_fails_is_asked_for_as_a_page(page: Page, site: str):
    page.route(
        "**/claims/?q=*",
        lambda route: route.abort() if route.request.headers.get("hx-request") else route.continue_(),
    )
    page.goto(f"{site}/claims/")
    page.get_by_label("Search claims by word").fill("rain")

    expect(page.locator(".claim-row h2")).to_have_text(["Rain will fall."])
    expect(page).to_have_url(re.compile(r"q=rain"))
