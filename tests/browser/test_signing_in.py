"""Signing in in a real browser, by keyboard alone; no page of accounts scrolls sideways or is hard to read."""

import pytest
from playwright.sync_api import Page, expect

from accounts import services
from accounts.roles import Role
from tests.accounts.conftest import PASSWORD, forgotten_attempts, make_person  # noqa: F401 (fixture)
from tests.browser.test_reading import misfits

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("forgotten_attempts"),
]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_an_editor_signs_in_and_out_by_keyboard_and_lands_where_the_page_asked_for(live_server, page):
    make_person("ed", role=Role.EDITOR)
    page.goto(f"{live_server.url}/imports/new/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    press(page, "Tab", "Enter", "Tab")
    expect(page.get_by_label("Name or e-mail address")).to_be_focused()
    page.keyboard.type("ed")
    press(page, "Tab")
    page.keyboard.type("wrong")
    press(page, "Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_label("Name or e-mail address")).to_have_value("ed")
    page.wait_for_load_state()

    # The address still names the content, so the form comes next; the password is its second field.
    press(page, "Tab", "Tab")
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    press(page, "Tab", "Space")
    expect(page.get_by_label("Keep me signed in")).to_be_checked()
    press(page, "Tab", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Import articles")

    page.goto(f"{live_server.url}/accounts/logout/")
    press(page, "Tab", "Enter", "Tab")
    expect(page.get_by_role("main").get_by_role("button", name="Sign out")).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_role("status").filter(has_text="You have signed out.")).to_be_visible()
    page.goto(f"{live_server.url}/accounts/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_pages_fit_a_telephone_in_light_and_dark(live_server, page: Page, client):
    ada = make_person("ada", role=Role.ADMINISTRATOR)
    ed = make_person("ed", role=Role.EDITOR)
    invitation = services.invite("somebody.with.a.long.name@newsroom.example.org", role=Role.EDITOR, by=ada)
    client.force_login(ada)
    cookies = [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in client.cookies.items()]
    open_pages = [
        "/accounts/login/",
        "/accounts/password/reset/",
        f"/accounts/invitations/{services.token_of(invitation)}/",
    ]
    own_pages = ["", "email/", "password/change/", "2fa/", "sessions/", "people/", f"people/{ed.pk}/"]
    for address in open_pages + [f"/accounts/{path}" for path in own_pages]:
        if address == "/accounts/":
            page.context.add_cookies(cookies)
        page.goto(f"{live_server.url}{address}")
        assert misfits(page, widths=(390,)) == [], address
