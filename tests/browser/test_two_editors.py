"""Two editors at one claim in two real browsers, and a merge made and undone by keyboard alone."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.roles import Role
from claims.models import Attribution, Claim, Statement
from claims.services.decisions import confirm_attribution, reject_attribution
from tests.accounts.conftest import forgotten_attempts, make_person  # noqa: F401 (fixture)
from tests.browser.test_reading import misfits
from tests.factories import make_claim, make_outlet, make_report, make_speaker, make_topic

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("forgotten_attempts"),
]


def signed_in(browser: Browser, live_server, name: str, **options) -> BrowserContext:
    client = Client()
    client.force_login(make_person(name, role=Role.EDITOR))
    context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
    context.add_cookies(
        [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in client.cookies.items()]
    )
    return context


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, label: str) -> None:
    """Go on by Tab until what is so called has the focus."""
    # What is still being read has not all of it, and begins at its end again.
    page.wait_for_load_state()
    wanted = page.locator(":focus").and_(page.get_by_text(label).or_(page.get_by_label(label)))
    for _ in range(80):
        if wanted.count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to “{label}”")


def edition(page: Page, label: str):
    return page.get_by_role("group", name=re.compile(f"^{label}"))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_second_editor_sees_both_editions_and_chooses(live_server, browser: Browser, scripts):
    traffic, works = make_topic("Traffic"), make_topic("Works")
    claim = make_claim("The bridge is closed.", topics=(traffic,))
    make_report(claim)
    ann, eve = (signed_in(browser, live_server, name, java_script_enabled=scripts) for name in ("ann", "eve"))
    pages = []
    for context in (ann, eve):
        page = context.new_page()
        page.goto(f"{live_server.url}/claims/{claim.uid}/")
        page.get_by_role("link", name="Edit sentence, day and topics …").click()
        pages.append(page)
    first, second = pages
    first.get_by_label("Sentence").fill("The old bridge is closed.")
    first.get_by_label("Works").check()
    first.get_by_role("button", name="Save").click()
    expect(first.get_by_role("status")).to_contain_text("Saved.")
    expect(first.get_by_role("heading", level=1)).to_have_text("The old bridge is closed.")

    second.get_by_label("Sentence").fill("The bridge 🌉 is shut.")
    second.get_by_label("Said on").fill("2020-01-02")
    second.get_by_label("Why").fill("as they said")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_role("alert")).to_contain_text("changed meanwhile by ann")
    claim.refresh_from_db()
    assert (claim.text, claim.said_on) == ("The old bridge is closed.", None)
    sentence = edition(second, "Sentence")
    expect(sentence).to_contain_text("changed on both sides")
    expect(sentence).to_contain_text("Stands now, by ann,")
    for words in ("The bridge is closed.", "The old bridge is closed.", "The bridge 🌉 is shut."):
        expect(sentence).to_contain_text(words)
    expect(edition(second, "Said on").get_by_label("Write what I wanted")).to_be_checked()
    expect(edition(second, "Topics").get_by_label("Keep what stands now")).to_be_checked()
    # Nothing is chosen for the editor where both changed a field, and nothing is sent before they choose.
    second.get_by_role("button", name="Save this").click()
    expect(second.get_by_role("alert")).to_contain_text("changed meanwhile by ann")
    sentence.get_by_label("Write what I wanted").check()
    second.get_by_role("button", name="Save this").click()
    expect(second.get_by_role("status")).to_contain_text("Saved.")
    expect(second.get_by_role("heading", level=1)).to_have_text("The bridge 🌉 is shut.")
    claim.refresh_from_db()
    assert (claim.text, str(claim.said_on), claim.text_by.username) == ("The bridge 🌉 is shut.", "2020-01-02", "eve")
    assert set(claim.topics.all()) == {traffic, works}
    ann.close()
    eve.close()


def test_two_claims_are_merged_and_parted_by_keyboard_alone(live_server, browser: Browser):
    speaker = make_speaker("Ana Silva")
    gone, kept = (make_claim(text, speaker=speaker) for text in ("The bridge is closed.", "The bridge stays shut."))
    for claim in (gone, kept):
        make_report(claim, outlet=make_outlet())
    context = signed_in(browser, live_server, "ed")
    page = context.new_page()
    page.goto(f"{live_server.url}/claims/{gone.uid}/")
    tab_to(page, "Merge with another claim …")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Merge a claim")
    tab_to(page, "Ana Silva: The bridge stays shut.")
    press(page, "Space", "Tab", "Enter")
    expect(page.get_by_role("heading", name="What merging changes")).to_be_visible()
    level = page.get_by_role("row", name=re.compile("^Level")).get_by_role("cell")
    expect(level).to_have_text([re.compile("Single"), re.compile("Single"), re.compile("Corroborated")])
    assert not Claim.objects.exclude(merged_into=None).exists()
    tab_to(page, "Merge")
    press(page, "Enter")
    expect(page.get_by_role("status")).to_contain_text("is part of this claim now")
    assert Claim.objects.get(pk=gone.pk).merged_into == kept
    tab_to(page, "Undo the merge")
    press(page, "Enter")
    expect(page.get_by_role("status")).to_contain_text("apart from")
    expect(page.get_by_role("heading", level=1)).to_have_text("The bridge is closed.")
    assert gone.attributions.count() == kept.attributions.count() == 1
    context.close()


def test_the_pages_of_editors_fit_a_telephone_in_both_schemes(live_server, browser: Browser):
    union = make_speaker("The Union of the Towns along the River", kind="body")
    speaker, same = make_speaker("Ana Silva", represents=union), make_speaker("A. Silva")
    outlet, double = make_outlet("Gazette of the Valley", aliases=("The Gazette",)), make_outlet("The Valley Gazette")
    topics = tuple(make_topic(name) for name in ("Bridges and tunnels", "Traffic", "The council of the valley"))
    claim, other = (
        make_claim(text, speaker=speaker, topics=topics) for text in ("The bridge is closed.", "The bridge stays shut.")
    )
    for each in (claim, other):
        make_report(each, outlet=outlet)
        make_report(each, outlet=double, credit=outlet)
    shared = make_claim("Nobody swims in the harbour before the water is clean again.", speaker=speaker)
    for each in (outlet, double):
        make_report(shared, outlet=each)
    judge = make_person("judge", role=Role.EDITOR)
    for report, decide in zip(
        shared.attributions.order_by("pk"), (confirm_attribution, reject_attribution), strict=True
    ):
        Attribution.objects.filter(pk=report.pk).update(score=0.93, sub_scores={"words": 0.9}, method="matcher-9")
        Statement.objects.filter(pk=report.statement_id).update(method="extractor-2026.11")
        decide(report, by=judge)
    third = make_claim("The ferry sails on Sundays.", speaker=speaker)
    for each in (outlet, double):
        make_report(third, outlet=each)
    context = signed_in(browser, live_server, "ed")
    article = claim.attributions.last().statement.revision.article
    addresses = [
        f"/claims/{claim.uid}/edit/",
        f"/claims/{claim.uid}/merge/?with={other.uid}",
        f"/claims/{claim.uid}/merge/",
        f"/speakers/{speaker.uid}/edit/",
        f"/speakers/{speaker.uid}/merge/",
        f"/speakers/{speaker.uid}/merge/?with={same.uid}",
        f"/speakers/{speaker.uid}/",
        f"/outlets/{outlet.slug}/edit/",
        f"/outlets/{outlet.slug}/merge/?with={double.slug}",
        f"/outlets/{outlet.slug}/",
        f"/articles/{article.uid}/",
        f"/claims/{claim.uid}/split/",
        "/precision/",
        "/desk/changes/",
        "/desk/review/",
    ]
    page = context.new_page()
    for address in addresses:
        page.goto(f"{live_server.url}{address}")
        assert misfits(page) == [], address
    page.goto(f"{live_server.url}/claims/{claim.uid}/edit/")
    Claim.objects.filter(pk=claim.pk).update(text="The bridge of the town is closed in winter.")
    page.get_by_label("Sentence").fill("The bridge is closed to all that has more than two wheels.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("changed meanwhile by a machine")
    assert misfits(page) == []
    context.close()
