"""Annotating in the article in a real browser: by keys and pointer, in any script, narrow, over a lost connection."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from accounts.roles import Role
from claims.models import Attribution, Claim, Statement
from claims.services.annotating import edit_statement
from tests.accounts.conftest import make_person
from tests.browser.connections import lose_answers
from tests.factories import make_article, make_claim, make_report, make_speaker, make_statement, revise

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BRIDGE = "The harbour bridge stays closed until spring."
TEXT = (
    f"A day at the harbour 🚧👩‍👩‍👧🇩🇪.\n\n“{BRIDGE}” said Ana Silva. Others wept.\n\n"
    "The ferry is full. Ana Silva said so, TASS reported."
)


@pytest.fixture
def article():
    return make_article(TEXT, title="At the harbour")


@pytest.fixture
def sign_in(live_server, client):
    """Return what signs an editor in and opens an article."""
    client.force_login(make_person("ed", role=Role.EDITOR))
    cookies = [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in client.cookies.items()]

    def open_article(page: Page, article) -> None:
        page.context.add_cookies(cookies)
        page.goto(f"{live_server.url}/articles/{article.uid}/")

    return open_article


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def select(page: Page, words: str, *, until: str = "") -> None:
    """Select words of the text as a pointer does, to the end of `until` where it is given."""
    page.evaluate(
        """([words, until]) => {
            const nodes = [];
            const walker = document.createTreeWalker(document.getElementById('annotated'), NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) nodes.push(walker.currentNode);
            const at = (sought) => {
                const node = nodes.find((each) => each.data.includes(sought) && !each.parentElement.closest('.notes'));
                return [node, node.data.indexOf(sought)];
            };
            const [first, from] = at(words);
            const [last, to] = at(until || words);
            getSelection().setBaseAndExtent(first, from, last, to + (until || words).length);
        }""",
        [words, until],
    )


def selected(page: Page) -> str:
    return page.evaluate("getSelection().toString()")


def panel(page: Page):
    found = page.locator(".annotate")
    expect(found.locator("#annotate-speaker")).to_be_focused()
    return found


def saved(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()


def test_a_missed_statement_is_annotated_and_linked_in_two_keystrokes(page, article, sign_in):
    speaker = make_speaker("Ana Silva")
    make_statement("The ferry is full.", article=article, speaker=speaker)
    sign_in(page, article)
    select(page, BRIDGE)
    press(page, "a")
    found = panel(page)
    expect(found.get_by_label("Speaker", exact=True)).to_have_value("Ana Silva")
    expect(found.get_by_label("direct", exact=True)).to_be_checked()
    expect(found.get_by_label("A new claim:")).to_be_checked()
    press(page, "Enter")
    saved(page)
    statement = Statement.objects.get(quote=BRIDGE)
    assert (statement.speaker, statement.kind, statement.method) == (speaker, "direct", "editor")
    assert statement.revision.text[statement.start : statement.end] == BRIDGE
    report = statement.attributions.get()
    assert (report.claim.text, report.status) == (BRIDGE, "confirmed")
    expect(page.locator(f"#s-{statement.uid}")).to_have_text(BRIDGE)


def test_words_are_chosen_by_keys_alone_and_another_speaker_completed(page, article, sign_in):
    make_speaker("Jon Lee")
    sign_in(page, article)
    press(page, "n", "n", "n", "n")
    assert selected(page) == "The ferry is full."
    press(page, "p", "p")
    assert selected(page).startswith(f"“{BRIDGE}”")
    press(page, "n", "n", "n")
    assert selected(page) == "Ana Silva said so, TASS reported."
    press(page, "Shift+W", "Shift+W", "Shift+B")
    assert selected(page) == "Silva said so"
    press(page, "w", "b")
    assert selected(page) == "Ana Silva said so, TASS"
    press(page, "a")
    found = panel(page)
    page.keyboard.type("jon")
    expect(found.get_by_role("option", name="Jon Lee")).to_be_visible()
    press(page, "ArrowDown")
    expect(found.locator("#annotate-speaker")).to_have_attribute("aria-expanded", "true")
    press(page, "Enter")
    expect(found.locator("#annotate-speaker")).to_have_value("Jon Lee")
    expect(found.locator("#annotate-speaker")).to_have_attribute("aria-expanded", "false")
    press(page, "Enter")
    saved(page)
    statement = Statement.objects.get()
    assert (statement.quote, statement.speaker.name) == ("Ana Silva said so, TASS", "Jon Lee")


def test_cue_source_and_relays_are_taken_from_the_text(page, article, sign_in):
    sign_in(page, article)
    select(page, "The ferry is full")
    press(page, "a")
    found = panel(page)
    found.locator(".annotate-more summary").click()
    # By pointer.
    found.locator("[data-take=source]").click()
    select(page, "Ana Silva", until="Ana Silva")
    press(page, "Enter")
    expect(found.locator("#annotate-source")).to_have_value("Ana Silva")
    # By keys: the next sentence, then shorter until the outlet alone is left.
    found.locator("[data-take=relays]").focus()
    press(page, "Enter")
    select(page, "TASS")
    press(page, "Enter")
    expect(found.locator("#annotate-relays")).to_have_value("TASS")
    found.locator("[data-take=cue]").click()
    press(page, "Escape")
    expect(found.locator("[data-take=cue]")).to_be_focused()
    found.get_by_role("button", name="Save").last.click()
    saved(page)
    statement = Statement.objects.get()
    assert [relay.outlet.name for relay in statement.relays.all()] == ["TASS"]
    assert statement.source_text == "Ana Silva"


def test_a_statement_is_linked_to_a_claim_that_is_searched_for(page, article, sign_in):
    claim = make_claim("The town has no ferry.", speaker=make_speaker("Bo Lind"))
    make_report(claim)
    sign_in(page, article)
    select(page, "The ferry is full")
    press(page, "a")
    found = panel(page)
    found.get_by_role("searchbox").fill("town ferry")
    found.get_by_label("Bo Lind: The town has no ferry.").check()
    found.get_by_label("A claim that is chosen, it").select_option("denies")
    found.get_by_role("button", name="Save").last.click()
    saved(page)
    report = Attribution.objects.get(statement__method="editor")
    assert (report.claim, report.stance) == (claim, "denies")


def holds_first(page: Page, address: re.Pattern[str]) -> list[Route]:
    """Keep the first request to an address on the way, and give the list that it is in; before the page is opened."""
    held: list[Route] = []
    page.route(address, lambda route: route.continue_() if held else held.append(route))
    return held


def arrive(page: Page, held: list[Route]) -> None:
    """Let what is held go on, and the page have its answer."""
    [late] = held
    late.continue_()
    assert late.request.response() is not None
    page.wait_for_timeout(300)


def test_what_is_chosen_and_written_while_claims_are_searched_stays(page, article, sign_in):
    search = re.compile(r"[?&]q=town")
    held = holds_first(page, search)
    sign_in(page, article)
    select(page, "The ferry is full")
    press(page, "a")
    found = panel(page)
    sentence = found.get_by_label("Sentence of the new claim")
    found.get_by_label("No claim yet").check()
    with page.expect_request(search):
        found.get_by_role("searchbox").fill("town")
    sentence.fill("The ferry takes nobody any more.")
    found.get_by_label("A claim that is chosen, it").select_option("denies")
    sentence.focus()
    arrive(page, held)
    expect(found.get_by_text("No claim was found for “town”")).to_be_visible()
    expect(sentence).to_have_value("The ferry takes nobody any more.")
    expect(sentence).to_be_focused()
    expect(found.get_by_label("A new claim:")).to_be_checked()
    expect(found.get_by_label("A claim that is chosen, it")).to_have_value("denies")


def test_speakers_that_come_late_do_not_take_the_list_from_who_steps_through_it(page, article, sign_in):
    make_speaker("Jon Lee")
    asked = re.compile(r"[?&]typed=jon$")
    held = holds_first(page, asked)
    sign_in(page, article)
    select(page, "The ferry is full")
    press(page, "a")
    found = panel(page)
    page.keyboard.type("jo")
    expect(found.get_by_role("option", name="Jon Lee")).to_be_visible()
    with page.expect_request(asked):
        page.keyboard.type("n")
    press(page, "ArrowDown")
    arrive(page, held)
    press(page, "Enter")
    expect(found.locator("#annotate-speaker")).to_have_value("Jon Lee")
    expect(found.locator("[name=speaker]")).not_to_have_value("")


@pytest.mark.parametrize(
    ("text", "words", "until", "quote"),
    [
        (TEXT, "harbour 🚧👩‍👩‍👧🇩🇪", "", "harbour 🚧👩‍👩‍👧🇩🇪"),
        (TEXT, "Others wept.", "The ferry", "Others wept. … The ferry"),
        (
            "قال الناطق إن الطقس جميل 🚧.\n\nقالت آنا سيلفا: «الجسر يبقى مغلقا حتى الربيع».",
            "الجسر يبقى مغلقا",
            "",
            "الجسر يبقى مغلقا",
        ),
        ("𝔉𝔯𝔞𝔨𝔱𝔲𝔯 said: the 𝔟𝔯𝔦𝔡𝔤𝔢 holds.", "𝔟𝔯𝔦𝔡𝔤𝔢 holds", "", "𝔟𝔯𝔦𝔡𝔤𝔢 holds"),
    ],
)
def test_any_script_and_more_than_a_paragraph(page, sign_in, text, words, until, quote):
    sign_in(page, make_article(text))
    select(page, words, until=until)
    press(page, "a")
    panel(page)
    press(page, "Enter")
    saved(page)
    statement = Statement.objects.get()
    assert statement.quote == quote
    [*_, last] = quote.split(" … ")
    assert statement.revision.text[: statement.end].endswith(last)


def test_words_within_a_highlight_and_half_an_emoji_are_whole(page, article, sign_in):
    outer = make_statement(BRIDGE, article=article)
    sign_in(page, article)
    select(page, "closed until")
    page.locator("#annotate-offer").click()
    panel(page)
    press(page, "Enter")
    saved(page)
    inner = Statement.objects.get(quote="closed until")
    # Both can be reached by their numbers, and edited.
    for statement in (outer, inner):
        page.locator(f'sup a[href="#n-{statement.uid}"]').click()
        expect(page.locator(f"#n-{statement.uid}")).to_be_in_viewport()
        expect(page.locator(f"#n-{statement.uid} a[data-edit]")).to_be_visible()
    page.evaluate(
        """() => {
            const node = document.querySelector('#annotated p').firstChild;
            const at = node.data.indexOf('🚧');
            getSelection().setBaseAndExtent(node, at - 4, node, at + 1);
        }"""
    )
    press(page, "a")
    expect(panel(page).locator(".annotate-words")).to_have_text("our 🚧")


def test_a_statement_is_edited_and_withdrawn_in_place(page, article, sign_in):
    statement = make_statement(BRIDGE, article=article, speaker=make_speaker("Jon Lee"))
    sign_in(page, article)
    page.locator(f"#n-{statement.uid} a[data-edit]").click()
    found = panel(page)
    found.get_by_text("Choose other words in the text").click()
    select(page, "stays closed until spring")
    press(page, "Enter")
    expect(found.locator(".annotate-words")).to_have_text("stays closed until spring")
    press(page, "Enter")
    saved(page)
    statement.refresh_from_db()
    assert (statement.quote, statement.method) == ("stays closed until spring", "editor")
    page.locator(f"#n-{statement.uid} a[data-edit]").click()
    panel(page).get_by_label("Withdraw it, because").fill("A caption.")
    press(page, "Enter")
    expect(page.get_by_role("status").filter(has_text="Withdrawn")).to_be_visible()
    page.get_by_role("button", name="Bring it back").click()
    expect(page.get_by_role("status").filter(has_text="Brought back")).to_be_visible()
    statement.refresh_from_db()
    assert statement.withdrawn_at is None


def test_words_of_a_text_that_was_just_replaced_are_asked_for_again(page, article, sign_in):
    sign_in(page, article)
    select(page, BRIDGE)
    press(page, "a")
    found = panel(page)
    found.get_by_label("Speaker", exact=True).fill("The Mayor")
    revise(article, f"Updated 🚧 on Monday.\n\n{TEXT}")
    press(page, "Enter")
    expect(found.get_by_role("alert")).to_contain_text("The new one has these words too")
    expect(found.get_by_label("Speaker", exact=True)).to_have_value("The Mayor")
    found.get_by_role("button", name="Save").last.click()
    saved(page)
    statement = Statement.objects.get()
    assert (statement.revision.number, statement.quote, statement.speaker.name) == (2, BRIDGE, "The Mayor")


def test_a_form_outlives_a_lost_connection_and_counts_once(page, article, sign_in):
    sent = lose_answers(page, "**/annotate/**")
    sign_in(page, article)
    select(page, BRIDGE)
    press(page, "a")
    panel(page)
    press(page, "Enter")
    expect(page.get_by_text("Not sent: the connection is lost.")).to_be_visible()
    expect(page.get_by_text("applied once")).to_be_visible()
    assert len(set(sent)) == 1
    assert (Statement.objects.count(), Claim.objects.count()) == (1, 1)


def told(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words).first).to_be_visible()
    page.wait_for_load_state()


def test_what_was_done_in_the_text_is_undone_by_the_key_that_undoes_decisions(page, article, sign_in):
    sign_in(page, article)
    select(page, BRIDGE)
    press(page, "a")
    panel(page)
    press(page, "Enter")
    told(page, "Saved")
    expect(page.locator(".annotate-last")).to_contain_text("Last: statement marked by hand.")
    assert Attribution.objects.filter(status="confirmed").count() == 1
    press(page, "z")
    told(page, "Undone: statement marked by hand.")
    expect(page.locator(".annotate-last")).to_have_count(0)
    assert not Statement.objects.standing().exists()
    assert not Attribution.objects.exists()
    # Of an edit and a withdrawal, one after the other, the later first.
    statement = make_statement("The ferry is full.", article=article, speaker=make_speaker("Jon Lee"))
    page.reload()
    page.locator(f"#n-{statement.uid} a[data-edit]").click()
    panel(page).locator("#annotate-speaker").fill("The Mayor")
    press(page, "Enter")
    told(page, "Saved")
    page.locator(f"#n-{statement.uid} a[data-edit]").click()
    panel(page).get_by_label("Withdraw it, because").fill("A caption.")
    press(page, "Enter")
    told(page, "Withdrawn")
    press(page, "z")
    told(page, "Undone: statement withdrawn.")
    expect(page.locator(f"#n-{statement.uid}")).to_contain_text("The Mayor")
    press(page, "z")
    told(page, "Undone: statement edited.")
    expect(page.locator(f"#n-{statement.uid}")).to_contain_text("Jon Lee")
    statement.refresh_from_db()
    assert (statement.speaker.name, statement.method) == ("Jon Lee", "test")


def test_undoing_in_the_text_outlives_a_lost_connection_and_a_refusal_is_said_in_place(page, article, sign_in):
    first, second = (make_statement(words, article=article) for words in (BRIDGE, "The ferry is full."))
    sent = lose_answers(page, "**/desk/review/undo/")
    sign_in(page, article)
    for statement in (first, second):
        page.locator(f"#n-{statement.uid} a[data-edit]").click()
        panel(page).get_by_label("mixed", exact=True).check()
        page.locator("#annotate-speaker").focus()
        press(page, "Enter")
        page.wait_for_url(f"**statement={statement.uid}**")
    press(page, "z")
    expect(page.get_by_text("Not sent: the connection is lost.")).to_be_visible()
    told(page, "Undone: statement edited.")
    assert len(set(sent)) == 1
    second.refresh_from_db()
    assert second.kind == "direct"
    edit_statement(first, kind="indirect", by=make_person("max", role=Role.EDITOR))
    press(page, "z")
    told(page, "changed again since, by max")
    first.refresh_from_db()
    assert first.kind == "indirect"


def test_keys_keep_out_of_the_way(page, article, sign_in):
    sign_in(page, article)
    page.get_by_role("searchbox").fill("")
    page.get_by_role("searchbox").press_sequentially("naw")
    expect(page.get_by_role("searchbox")).to_have_value("naw")
    page.get_by_role("searchbox").blur()
    select(page, BRIDGE)
    press(page, "Alt+a", "Control+b")
    assert selected(page) == BRIDGE
    press(page, "?")
    expect(page.get_by_role("dialog")).to_be_visible()
    press(page, "n")
    page.get_by_label("Keys are on").uncheck()
    press(page, "Escape")
    select(page, BRIDGE)
    press(page, "n", "a")
    assert selected(page) == BRIDGE
    expect(page.locator(".annotate")).to_have_count(0)
    # Without keys the button does it, and Escape gives the words back.
    page.get_by_role("button", name="Annotate", exact=True).click()
    panel(page)
    press(page, "Escape")
    expect(page.locator(".annotate")).to_have_count(0)
    assert selected(page) == BRIDGE


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_panel_has_no_faults_and_fits(page, article, sign_in, width, scheme):
    speaker = make_speaker("Ana Silva")
    make_statement("The ferry is full.", article=article, speaker=speaker)
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    sign_in(page, article)
    select(page, BRIDGE)
    press(page, "a")
    found = panel(page)
    found.locator(".annotate-more summary").click()
    found.locator("#annotate-speaker").focus()
    press(page, "ArrowDown")
    expect(found.get_by_role("listbox")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in violations] == []


def test_words_are_typed_without_javascript_on_a_telephone(browser: Browser, article, live_server, client):
    client.force_login(make_person("ed", role=Role.EDITOR))
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    context.add_cookies(
        [{"name": name, "value": morsel.value, "url": live_server.url} for name, morsel in client.cookies.items()]
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/articles/{article.uid}/")
    page.get_by_role("link", name="Annotate words that you type").click()
    page.get_by_label("The words of the statement").fill(BRIDGE)
    page.get_by_role("button", name="Find them in the text").click()
    page.get_by_label("Search claims").last.fill("harbour")
    page.get_by_role("button", name="Search").last.click()
    expect(page.get_by_text("No claim was found for “harbour”")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).last.click()
    saved(page)
    statement = Statement.objects.get()
    assert (statement.quote, statement.speaker.name) == (BRIDGE, "Ana Silva")
    page.locator(f"#n-{statement.uid} a", has_text="Edit").click()
    page.get_by_label("Withdraw it, because").fill("A caption.")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("status")).to_contain_text("Withdrawn")
    context.close()
