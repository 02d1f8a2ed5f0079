"""The headers in a real browser: no main page has anything in it that they forbid, and all of it works."""

import pytest
from playwright.sync_api import expect

from sources.models import Feed, ImportRun
from tests.factories import make_claim, make_credit, make_outlet, make_report, make_topic, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WATCH = "document.addEventListener('securitypolicyviolation', e => console.error(`violates ${e.effectiveDirective}`))"


def test_no_page_has_what_the_headers_forbid(live_server, client, browser):
    claim = make_claim()
    agency, gazette = make_outlet("Agency"), make_outlet("Gazette")
    make_report(claim, outlet=agency)
    report = make_report(claim, outlet=gazette)
    article = report.statement.revision.article
    make_credit(article, agency)
    make_topic("Trade")
    Feed.objects.create(url="https://news.example/feed")
    # Still being read, so that its page looks again by itself.
    run = ImportRun.objects.create(label="desk")
    user = make_user("root")
    user.is_staff = user.is_superuser = True
    user.save()
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(WATCH)
    page = context.new_page()
    faults = []
    page.on("console", lambda told: faults.append((page.url, told.text)) if "violates" in told.text else None)
    page.on("pageerror", lambda error: faults.append((page.url, str(error))))

    open_to_all = [
        *("/claims/", claim.get_absolute_url(), "/articles/", f"/articles/{article.uid}/"),
        *(f"/articles/{article.uid}/revisions/", "/outlets/", "/outlets/agency/", "/topics/trade/"),
        *(f"/statements/{report.statement.uid}/", "/imports/", f"/imports/{run.uid}/", "/feeds/"),
        *("/imports/to-look-at/", "/accounts/login/"),
    ]

    def visit(path):
        answer = page.goto(live_server.url + path)
        assert answer.ok, f"{answer.status} at {path}"

    for path in open_to_all:
        visit(path)
    visit("/api/v1/docs/")
    expect(page.get_by_role("heading", name="Second Source")).to_be_visible()
    page.locator(".opblock-summary-control").first.click()
    expect(page.locator(".opblock-body").first).to_be_visible()

    client.force_login(user)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    for path in (
        "/imports/new/",
        f"/attributions/{report.uid}/correct/",
        "/statements/orphaned/",
        "/accounts/",
        "/admin/",
    ):
        page.goto(live_server.url + path)
    for path in (
        "sources/outlet/",
        f"sources/outlet/{agency.pk}/change/",
        "auth/user/",
        f"auth/user/{user.pk}/change/",
    ):
        visit(f"/admin/{path}")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
    context.close()

    assert faults == []


def test_a_script_in_a_page_would_not_run(live_server, page):
    page.goto(f"{live_server.url}/claims/")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = true'}))")

    assert page.evaluate("window.ran") is None
