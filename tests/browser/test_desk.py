"""The desk by keyboard alone in a real browser: cleared, undone, with keys off, and over a lost connection."""

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.roles import Role
from claims.models import Attribution, DeskAction
from claims.services.decisions import reject_attribution
from claims.services.merging import merge_claims, split_claim
from tests.accounts.conftest import PASSWORD, forgotten_attempts, make_person  # noqa: F401 (fixture)
from tests.browser.connections import lose_answers
from tests.browser.test_reading import misfits
from tests.factories import make_claim, make_outlet, make_report, make_speaker, revise

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("forgotten_attempts"),
]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def make_world(claims: int) -> None:
    speaker = make_speaker("Ana Silva")
    for number in range(claims):
        claim = make_claim(f"Bridge {number} is closed until Friday.", speaker=speaker)
        make_report(claim, outlet=make_outlet())


def sign_in(page: Page, live_server, *, name: str = "ed") -> None:
    """Sign in by keyboard, on the way to the desk."""
    page.goto(f"{live_server.url}/desk/review/")
    press(page, "Tab", "Enter", "Tab")
    page.keyboard.type(name)
    press(page, "Tab")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Review")
    # Keys work from here on.
    expect(page.get_by_role("button", name="Keys")).to_be_visible()


def decided(page: Page, today: int) -> None:
    expect(page.locator(".desk-progress")).to_contain_text(f"You decided {today} today.")


def test_ten_proposals_are_cleared_and_one_is_undone_by_keyboard(live_server, page):
    make_world(10)
    make_person("ed", role=Role.EDITOR)
    sign_in(page, live_server)
    for number, key in enumerate("ccrcudcccc", start=1):
        press(page, key)
        decided(page, number)
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    statuses = list(Attribution.objects.order_by("pk").values_list("status", flat=True))
    assert sorted(statuses) == ["confirmed"] * 8 + ["rejected", "unsure"]
    last = DeskAction.objects.latest("pk")
    press(page, "z")
    decided(page, 9)
    expect(page.get_by_role("status")).to_contain_text("Undone: confirmed.")
    assert Attribution.objects.get(pk=last.decided[0]["row"]).status == "proposed"
    expect(page.locator("#question")).to_be_focused()


def test_keys_are_helped_with_turned_off_and_out_of_the_way(live_server, page):
    make_world(2)
    make_person("ed", role=Role.EDITOR)
    sign_in(page, live_server)
    page.get_by_label("Reason, for the history").focus()
    page.keyboard.type("cruz")
    expect(page.get_by_label("Reason, for the history")).to_have_value("cruz")
    press(page, "Tab", "Control+c", "Alt+c", "Shift+Tab", "Tab", "Tab")
    decided(page, 0)
    press(page, "?")
    expect(page.get_by_role("dialog")).to_be_visible()
    press(page, "c")
    decided(page, 0)
    page.get_by_label("Keys are on").focus()
    press(page, "Space", "Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator("#question").focus()
    press(page, "c")
    page.wait_for_timeout(200)
    assert not DeskAction.objects.exists()
    page.reload()
    expect(page.locator(".key-hint").first).to_be_hidden()
    # Without keys, Tab and Enter do the same.
    page.get_by_role("button", name="Confirm", exact=True).focus()
    press(page, "Enter")
    decided(page, 1)


def test_a_decision_outlives_a_lost_connection_and_counts_once(live_server, page):
    make_world(2)
    make_person("ed", role=Role.EDITOR)
    sent = lose_answers(page, "**/desk/review/decide/")
    sign_in(page, live_server)
    press(page, "c")
    expect(page.get_by_text("Not sent: the connection is lost.")).to_be_visible()
    decided(page, 1)
    assert len(sent) == 3
    assert len(set(sent)) == 1
    expect(page.get_by_text("applied once")).to_be_visible()
    assert DeskAction.objects.count() == 1


def rejected(report, by):
    reject_attribution(report, by=by)


def merged(report, by):
    merge_claims(report.claim, into=make_claim("Another bridge is open."), by=by)


def split(report, by):
    make_report(report.claim)
    split_claim(report.claim, attributions=[report], by=by)


def read_again(report, by):
    revise(report.statement.revision.article, "Another text.")


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (rejected, "max decided on this meanwhile"),
        (merged, "at another claim meanwhile"),
        (split, "max decided on this meanwhile"),
        (read_again, "does not have this statement any more"),
    ],
)
def test_what_happened_meanwhile_is_said_and_the_queue_goes_on_by_key(live_server, page, happens, words):
    make_world(2)
    make_person("ed", role=Role.EDITOR)
    sign_in(page, live_server)
    uid = page.locator("input[name=shown]").first.get_attribute("value").split(":")[1]
    report = Attribution.objects.select_related("claim").get(uid=uid)
    happens(report, make_person("max", role=Role.EDITOR))
    before = Attribution.objects.filter(uid=uid).values_list("status", "claim", "decided_at").get()
    page.get_by_label("Reason, for the history").fill("The words are the same.")
    page.get_by_label("Reason, for the history").blur()
    press(page, "c")
    expect(page.get_by_role("heading", level=1)).to_have_text("This cannot be done any more")
    expect(page.locator("main")).to_contain_text(words)
    expect(page.locator("main")).to_contain_text("The words are the same.")
    assert Attribution.objects.filter(uid=uid).values_list("status", "claim", "decided_at").get() == before
    assert not DeskAction.objects.exists()
    press(page, "n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Review")
    page.wait_for_load_state()
    press(page, "c")
    decided(page, 1)


def test_the_queue_is_cleared_without_javascript_and_fits_a_telephone(live_server, browser: Browser, client):
    make_world(2)
    client.force_login(make_person("ed", role=Role.EDITOR))
    cookies = [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in client.cookies.items()]
    for scheme in ("light", "dark"):
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, color_scheme=scheme, java_script_enabled=False
        )
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(f"{live_server.url}/desk/review/")
        expect(page.get_by_role("button", name="Keys")).to_be_hidden()
        page.get_by_role("button", name="Confirm", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("Done: confirmed.")
        context.close()
    assert Attribution.objects.filter(status="confirmed").count() == 2
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.context.add_cookies(cookies)
    claim = Attribution.objects.first().claim
    for address in ("desk/review/", "desk/changes/", "desk/flags/", f"history/claim/{claim.uid}/"):
        page.goto(f"{live_server.url}/{address}")
        assert misfits(page, widths=(390,)) == [], address
    page.close()
