"""The site in a real browser: a reader's walk, a narrow screen, an editor's decisions."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from claims.models import Attribution, Claim
from tests.factories import (
    make_article,
    make_claim,
    make_credit,
    make_outlet,
    make_report,
    make_speaker,
    make_topic,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SENTENCE = "The river will be dredged before the winter."
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PADDING = "\n\n".join(f"Paragraph {number} is about something else altogether." for number in range(40))


@pytest.fixture
def claim(live_server) -> Claim:
    """A claim that two outlets report, deep down in long articles, one crediting an agency."""
    claim = make_claim(SENTENCE, speaker=make_speaker("Ana Ruiz"), topics=(make_topic("Rivers"),))
    credit = "(With inputs from Agency)"
    text = f"{PADDING}\n\nMs Ruiz said: {SENTENCE}\n\n{PADDING}\n\n{credit}"
    article = make_article(text, outlet=make_outlet("Gazette"), title="Dredging ahead")
    make_credit(
        article,
        make_outlet("Agency"),
        partial=True,
        start=text.index(credit),
        end=text.index(credit) + len(credit),
    )
    make_report(claim, article=article)
    make_report(claim, outlet=make_outlet("Review"), quote="The river will not be dredged before winter.")
    make_report(make_claim("Supercalifragilisticexpialidocious" * 8))
    return claim


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def any_page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    page = browser.new_page(
        viewport={"width": 1280, "height": 900}, java_script_enabled=request.param, color_scheme="light"
    )
    yield page
    page.close()


def test_a_reader_walks_from_a_search_to_the_very_words(live_server, any_page, claim):
    page = any_page
    page.goto(live_server.url)
    page.get_by_label("Search claims by word").fill("dredged river")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".found")).to_contain_text("1 claim matches.")
    page.get_by_role("link", name=SENTENCE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SENTENCE)
    expect(page.locator(".verdict .level-corroborated")).to_be_visible()
    page.get_by_role("link", name="See it in “Dredging ahead”").click()

    mark = page.locator(f"#s-{claim.attributions.earliest('pk').statement.uid}")
    expect(mark).to_have_text(SENTENCE)
    expect(mark).to_be_in_viewport(ratio=1)
    expect(mark).to_have_css("background-color", "rgb(255, 216, 88)")
    assert page.evaluate("window.scrollY") > 500


def test_a_possible_origin_leads_to_its_credit_line(live_server, page, claim):
    page.goto(f"{live_server.url}{claim.get_absolute_url()}")
    page.get_by_role("link", name="“(With inputs from Agency)”").click()

    mark = page.locator("mark.evidence:target")
    expect(mark).to_have_text("(With inputs from Agency)")
    expect(mark).to_be_in_viewport(ratio=1)


def test_a_note_beside_the_text_leads_back_to_the_report(live_server, page, claim):
    attribution = claim.attributions.earliest("pk")
    page.goto(f"{live_server.url}{attribution.statement.revision.article.get_absolute_url()}")
    page.locator(".notes .note-claim a").click()

    expect(page.locator(f"#r-{attribution.uid}")).to_be_in_viewport()


def test_no_page_scrolls_sideways_or_is_hard_to_read(live_server, page, claim):
    statement = claim.attributions.earliest("pk").statement
    for address in (
        "/",
        claim.get_absolute_url(),
        statement.revision.article.get_absolute_url(),
        "/outlets/",
        "/articles/",
        "/imports/",
    ):
        page.goto(f"{live_server.url}{address}")
        assert misfits(page) == [], address


def misfits(page: Page, *, widths: tuple[int, ...] = (1280, 390)) -> list[str]:
    """Return what is wrong with the page that is shown, at each width, in light and dark: too wide, or hard to read."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 844})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            where = f"{width} {scheme}"
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
                found.append(f"{where}: {wide} wide")
            found += [f"{where}: {text}" for text in page.evaluate(FAINT_TEXT)]
    return found


# Text whose contrast with the nearest background is below WCAG's 4.5 to 1.
FAINT_TEXT = """
() => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => {
      c /= 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility()) continue;
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.push(`${contrast.toFixed(2)}: ${walker.currentNode.textContent.trim()}`);
  }
  return faint;
}
"""


def test_an_editor_confirms_and_rejects_and_the_level_follows(live_server, page, claim):
    make_user("ed", editor=True)
    confirmed, rejected = claim.attributions.order_by("pk")
    page.goto(f"{live_server.url}{claim.get_absolute_url()}")
    expect(page.get_by_role("button", name="Confirm")).to_have_count(0)
    page.get_by_role("link", name="Editors sign in").click()
    page.get_by_label("Name").fill("ed")
    page.get_by_label("Password").fill("correct horse battery staple")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(SENTENCE)
    expect(page.locator(".verdict .level")).to_have_text("Corroborated")
    page.locator(f"#r-{confirmed.uid}").get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("status")).to_contain_text("Confirmed")
    expect(page.locator(f"#r-{confirmed.uid}")).to_contain_text("confirmed by ed")

    page.locator(f"#r-{rejected.uid}").get_by_role("button", name="Reject").click()
    expect(page.get_by_role("status")).to_contain_text("Rejected")
    expect(page.locator(".verdict .level")).to_have_text("Single")
    page.goto(f"{live_server.url}/claims/?q=dredged&confirmed=1")
    expect(page.locator(".standing")).to_contain_text("1 outlet, 1 origin")

    statuses = set(Attribution.objects.filter(claim=claim).values_list("status", flat=True))
    assert statuses == {"confirmed", "rejected"}


def test_the_keyboard_reaches_the_content_first(live_server, page, claim):
    page.goto(f"{live_server.url}{claim.get_absolute_url()}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()
