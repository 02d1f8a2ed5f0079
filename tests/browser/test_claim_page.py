"""The claim page in a real browser: a report is followed to its words, and the evidence is checked offline."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from claims.models import Claim
from tests.browser.test_reading import FAINT_TEXT
from tests.factories import make_article, make_claim, make_credit, make_outlet, make_report, make_speaker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SENTENCE = "The river will not be dredged before the winter if it rains."
PADDING = "\n\n".join(f"Paragraph {number} 😀 is about something else altogether." for number in range(40))


@pytest.fixture
def claim(live_server) -> Claim:
    """A claim that three outlets report, one crediting an agency and one clipping it, and one denies."""
    claim = make_claim(SENTENCE, speaker=make_speaker("Ana Ruiz"))
    credit = "(With inputs from Agency)"
    text = f"{PADDING}\n\nMs Ruiz said: {SENTENCE}\n\n{PADDING}\n\n{credit}"
    article = make_article(text, outlet=make_outlet("Gazette"), title="Dredging ahead")
    start = text.index(credit)
    make_credit(article, make_outlet("Agency"), partial=True, start=start, end=start + len(credit))
    make_report(claim, article=article)
    make_report(claim, outlet=make_outlet("Review"), quote="The river will be dredged before the winter.")
    make_report(claim, outlet=make_outlet("Herald of the Valley and the Hills"), quote=SENTENCE)
    make_report(claim, outlet=make_outlet("Denier"), quote="I never said so.", stance="denies")
    return claim


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def any_page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, java_script_enabled=request.param)
    yield page
    page.close()


def test_a_reader_follows_a_report_to_its_words(live_server, any_page, claim):
    report = claim.attributions.earliest("pk")
    page = any_page
    page.goto(f"{live_server.url}{claim.get_absolute_url()}")
    page.get_by_role("link", name=re.compile("^Gazette, 1 January 2020, quoted: Dredging ahead")).click()
    expect(page.locator(f"#r-{report.uid}")).to_be_in_viewport()
    page.locator(f"#r-{report.uid}").get_by_role("link", name="See it in “Dredging ahead”").click()

    mark = page.locator(f"#s-{report.statement.uid}")
    expect(mark).to_have_text(SENTENCE)
    expect(mark).to_be_in_viewport(ratio=1)


def test_the_diagram_and_the_alarm_are_there_for_all(live_server, any_page, claim):
    page = any_page
    page.goto(f"{live_server.url}{claim.get_absolute_url()}")

    expect(page.get_by_role("link", name="Agency, possible: 1 of 3")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Gazette, in the set"))).to_be_visible()
    row = page.locator(".wordings tr", has_text="Review")
    expect(row.get_by_role("note")).to_contain_text("Missing words change the sense.")
    expect(row.locator("del").first).to_contain_text("not")


def test_the_keyboard_alone_reaches_an_origin_and_its_evidence(live_server, page, claim):
    page.goto(f"{live_server.url}{claim.get_absolute_url()}")
    page.locator("#origins-title").evaluate("heading => { heading.tabIndex = -1; heading.focus(); }")
    page.keyboard.press("Tab")
    expect(page.get_by_role("region", name="Diagram of origins, outlets and reports")).to_be_focused()
    page.keyboard.press("Tab")
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"#o-[a-z-]+$"))
    origin = page.locator(".origin:target")
    expect(origin).to_be_in_viewport()
    expect(origin.get_by_role("heading")).to_contain_text(name.split(",")[0])


def test_the_citation_can_be_copied(live_server, browser, claim):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{live_server.url}{claim.get_absolute_url()}")
    page.get_by_role("button", name="Copy the citation").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("Ana Ruiz, as reported: “The river")
    context.close()


def test_a_link_to_a_report_on_another_page_finds_it(live_server, page, claim):
    for _ in range(27):
        last = make_report(claim)
    page.goto(f"{live_server.url}{claim.get_absolute_url()}#r-{last.uid}")

    expect(page.locator(f"#r-{last.uid}")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen_scrolls_the_diagram_and_not_the_page(live_server, browser, claim, scheme):
    page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    page.goto(f"{live_server.url}{claim.get_absolute_url()}")

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.get_by_role("region", name="Diagram of origins, outlets and reports")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    small = page.locator(".diagram .detail").first
    assert small.evaluate("text => text.getBoundingClientRect().height") >= 11
    assert page.evaluate(FAINT_TEXT) == []
    page.close()


# The bundle, opened from a folder


@pytest.fixture
def folder(live_server, page, claim, tmp_path) -> Path:
    page.goto(f"{live_server.url}{claim.get_absolute_url()}")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="evidence.zip").click()
    folder = tmp_path / "evidence"
    with zipfile.ZipFile(downloading.value.path()) as archive:
        archive.extractall(folder)
    return folder


def open_offline(browser: Browser, folder: Path, **options) -> Page:
    page = browser.new_context(offline=True, **options).new_page()
    page.goto((folder / "index.html").as_uri())
    return page


def test_the_bundle_checks_its_hashes_offline_and_shows_the_words(browser, folder, claim):
    page = open_offline(browser, folder)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    expect(page.locator("#outcome")).to_have_text(re.compile("^✓ All 8 frozen pages and texts in this page match"))
    expect(page.get_by_role("heading", level=1)).to_have_text(SENTENCE)
    report = page.locator(f"#r-{claim.attributions.earliest('pk').uid}")
    report.get_by_text("Show these words in the whole frozen text").click()
    words = report.locator(".frozen mark")
    expect(words).to_have_text(SENTENCE)
    expect(words).to_be_in_viewport(ratio=1)
    page.get_by_label("Check the files in the folder too").set_input_files(folder)
    expect(page.locator("#folder-outcome")).to_have_text("✓ All 10 files of the folder match the manifest.")
    assert page.locator("td.state.right").count() == 10
    assert faults == []
    page.context.close()


def test_a_bundle_that_was_tampered_with_says_what_was_changed(browser, folder):
    snapshot = sorted((folder / "snapshots").iterdir())[0]
    snapshot.write_bytes(snapshot.read_bytes() + b" ")
    gone = sorted((folder / "texts").iterdir())[0]
    gone.unlink()
    page = open_offline(browser, folder)

    expect(page.locator("#outcome")).to_contain_text("✓")
    page.get_by_label("Check the files in the folder too").set_input_files(folder)
    outcome = page.locator("#folder-outcome")
    expect(outcome).to_have_text(f"✗ Changed or missing: snapshots/{snapshot.name}, texts/{gone.name}. 8 others match.")
    page.context.close()


def test_a_page_with_other_words_in_it_says_so(browser, folder):
    words = "Ms Ruiz said: The river will not"
    copy = next(path for path in sorted((folder / "copies").iterdir()) if words in path.read_text())
    copy.write_text(copy.read_text().replace("The river will not be", "The river will now be"))
    page = open_offline(browser, folder)

    expect(page.locator("#outcome")).to_contain_text("✗ Something was changed since it was captured:")
    expect(page.locator("td.state.wrong")).to_have_count(1)
    page.context.close()


def test_the_bundle_can_be_read_without_javascript_and_on_a_narrow_screen(browser, folder, claim):
    page = open_offline(browser, folder, java_script_enabled=False, viewport={"width": 390, "height": 844})

    expect(page.get_by_text("sha256sum -c SHA256SUMS")).to_be_visible()
    expect(page.locator(f"#r-{claim.attributions.earliest('pk').uid} mark").first).to_have_text(SENTENCE)
    expect(page.get_by_text("Show these words in the whole frozen text").first).to_be_hidden()
    page.context.close()
    page = open_offline(browser, folder, viewport={"width": 390, "height": 844}, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(FAINT_TEXT) == []
    page.context.close()
