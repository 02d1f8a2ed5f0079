"""The article page and the comparison in a real browser: the span in view, by keyboard, narrow, without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_reading import misfits
from tests.factories import make_article, make_claim, make_credit, make_outlet, make_report, make_speaker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PADDING = "\n\n".join(f"Paragraph {number} is about something else altogether." for number in range(30))


@pytest.fixture
def articles():
    """Give an article with two speakers and much text between their statements, and one on the same story."""
    ana, bo = make_speaker("Ana Ruiz"), make_speaker("Bo Lind")
    dam, road = make_claim("The dam will hold.", speaker=ana), make_claim("The road is open today.", speaker=bo)
    text = f"{PADDING}\n\nMs Ruiz said: The dam will hold.\n\n{PADDING}\n\nMr Lind said: The road is open today. (AP)"
    first = make_article(text, outlet=make_outlet("Gazette"), title="Dam and road")
    make_credit(first, make_outlet("AP"), partial=True, start=len(text) - 4, end=len(text))
    second = make_article("Ms Ruiz said: The dam will hold for now.", outlet=make_outlet("Review"), title="Dam")
    make_report(dam, article=first)
    make_report(road, article=first)
    make_report(dam, article=second, quote="The dam will hold for now.")
    return first, second


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def any_page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, java_script_enabled=request.param)
    yield page
    page.close()


def statement_of(article, quote):
    return article.current_revision.statements.get(quote=quote)


def test_a_link_to_a_statement_lands_on_its_words(live_server, any_page, articles):
    statement = statement_of(articles[0], "The road is open today.")
    address = f"{live_server.url}{articles[0].get_absolute_url()}?statement={statement.uid}"
    # Also where the fragment was lost on the way, as some messengers do.
    for asked in (f"{address}#s-{statement.uid}", address):
        any_page.goto("about:blank")
        any_page.goto(asked)
        mark = any_page.locator(f"#s-{statement.uid}")
        expect(mark).to_have_text("The road is open today.")
        expect(mark).to_be_in_viewport(ratio=1)
        expect(mark).to_have_css("outline-style", "solid")
        # Not below the bar that stays at the top.
        assert mark.bounding_box()["y"] > any_page.locator(".steps").bounding_box()["y"] + 40


def test_steps_and_the_filter_lead_from_statement_to_statement(live_server, any_page, articles):
    page = any_page
    page.goto(f"{live_server.url}{articles[0].get_absolute_url()}")
    expect(page.locator(".text mark.statement")).to_have_count(2)
    page.get_by_role("link", name="First →").click()
    expect(page.locator("mark.chosen")).to_have_text("The dam will hold.")
    expect(page.locator("mark.chosen")).to_be_in_viewport(ratio=1)
    expect(page.locator(".steps")).to_contain_text("Statement 1 of 2")
    page.get_by_role("link", name="Next →").click()
    expect(page.locator("mark.chosen")).to_have_text("The road is open today.")
    expect(page.locator("mark.chosen")).to_be_in_viewport(ratio=1)

    page.get_by_role("link", name="Ana Ruiz 1").click()
    expect(page.locator(".text mark.statement")).to_have_count(1)
    expect(page.locator(".text mark.statement")).to_have_text("The dam will hold.")
    expect(page.locator('.chips [aria-current="true"]')).to_have_text("Ana Ruiz 1")


def test_a_reader_compares_with_the_other_article_on_the_story(live_server, any_page, articles):
    page = any_page
    page.goto(f"{live_server.url}{articles[0].get_absolute_url()}")
    page.get_by_role("button", name="Compare with this article").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("What both report, and what only one does")
    expect(page.locator("#in-2")).to_contain_text("Reported by both")
    expect(page.locator(".compared-claim del")).to_contain_text("for now")
    expect(page.locator("#only-1")).to_contain_text("Reported only by Gazette")
    page.locator(".glance").get_by_role("link", name="The dam will hold.").click()
    expect(page.locator(".compared-claim")).to_be_in_viewport()
    page.locator(".compared-claim").get_by_role("link", name="Review").click()
    expect(page.locator("mark.chosen")).to_have_text("The dam will hold for now.")


def test_the_keyboard_steps_through_and_leads_from_words_to_note_and_back(live_server, page, articles):
    page.goto(f"{live_server.url}{articles[0].get_absolute_url()}")
    page.get_by_role("link", name="First →").focus()
    page.keyboard.press("Enter")
    mark = page.locator("mark.chosen")
    expect(mark).to_be_in_viewport(ratio=1)
    page.wait_for_load_state()
    # The next stop after the words is their number.
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Note on statement 1")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".notes li").first.and_(page.locator(":target"))).to_be_in_viewport(ratio=1)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To statement 1 in the text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(mark).to_be_in_viewport(ratio=1)


def test_notes_stand_beside_the_text_or_after_the_paragraph(live_server, browser, articles):
    for width, beside in ((1280, True), (390, False)):
        page = browser.new_page(viewport={"width": width, "height": 844})
        page.goto(f"{live_server.url}{articles[0].get_absolute_url()}")
        passage = page.locator(".passage", has=page.locator(".notes")).first
        text, notes = passage.locator("> p").bounding_box(), passage.locator(".notes").bounding_box()
        if beside:
            assert notes["x"] >= text["x"] + text["width"]
            assert abs(notes["y"] - text["y"]) < 10
        else:
            assert notes["y"] >= text["y"] + text["height"]
            assert notes["x"] < text["x"] + 10
        page.close()


def test_arabic_reads_from_the_right_and_the_page_from_the_left(live_server, page):
    article = make_article("قال الوزير: سيهطل المطر غدا.", language="ar", title="المطر")
    make_report(make_claim("سيهطل المطر غدا", language="ar"), article=article)
    page.goto(f"{live_server.url}{article.get_absolute_url()}")

    expect(page.locator("h1")).to_have_css("direction", "rtl")
    expect(page.locator(".passage > p")).to_have_css("direction", "rtl")
    expect(page.locator(".note-claim a")).to_have_css("direction", "rtl")
    expect(page.locator(".notes")).to_have_css("direction", "ltr")


def test_no_page_of_articles_scrolls_sideways_or_is_hard_to_read(live_server, page, articles):
    first, second = articles
    statement = statement_of(first, "The dam will hold.")
    for address in (
        f"{first.get_absolute_url()}?statement={statement.uid}#s-{statement.uid}",
        f"/compare/?article={first.uid}&article={second.uid}",
        f"/compare/?article={first.uid}",
        "/articles/?outlet=gazette",
        f"/articles/{first.uid}/revisions/",
    ):
        page.goto(f"{live_server.url}{address}")
        assert misfits(page) == [], address
