"""Reading feeds: entries with their addresses, and what is refused for which reason."""

import tracemalloc
from pathlib import Path

import pytest

from sources.documents import Document, Refusal, read_documents
from sources.errors import DocumentRefused
from sources.feeds import FeedEntry, read_feed
from sources.markup import iso_date

SAMPLES = Path(__file__).parent / "samples"


def rss(items, *, head="", encoding="utf-8"):
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>{head}<rss><channel><title>Gazette</title>{items}</channel></rss>'
    )
    return text.encode(encoding)


def titles(payload):
    return [entry.title for entry in read_feed(payload).entries]


def test_rss_gives_plain_titles_absolute_links_and_each_entry_once():
    feed = read_feed((SAMPLES / "news.rss").read_bytes(), url="https://gazette.example/feed.xml")
    assert (feed.title, feed.language, feed.repeated, feed.damage) == ("The Gazette & Courier", "en-GB", 1, "")
    assert feed.entries[0] == FeedEntry(
        url="https://gazette.example/2020/harbour",
        id="story-1",
        title="Harbour reopens & ferries return",
        byline="A. Writer, B. Editor",
        published_at="2020-01-31T11:00:00+00:00",
        summary_html="The harbour reopened.",
        content_html="<p>The harbour reopened on Friday.</p><p>“We are glad,” the mayor said.</p>",
    )
    # HTML's named characters are no XML; the words on both sides of one stay apart.
    assert (feed.entries[1].title, feed.entries[1].published_at) == ("Council meets again", "")


def test_atom_gives_the_page_not_the_enclosure_and_text_titles_as_they_are():
    [entry] = read_feed((SAMPLES / "news.atom").read_bytes()).entries
    assert entry.url == "https://kurier.example/2020/eins"
    assert (entry.title, entry.byline) == ("Mehr als 3 < 4 & weniger", "C. Autorin")
    assert (entry.published_at, entry.updated_at) == ("2020-01-31T11:00:00+00:00", "2020-02-01T08:30:00+00:00")
    assert entry.content_html == "<div><p>Ein Absatz.</p><p>Noch einer.</p></div>"


def test_json_feed_items_of_the_wrong_kind_are_left_out_and_named():
    feed = read_feed((SAMPLES / "feed.json").read_bytes())
    seven, eight = feed.entries
    assert (seven.id, seven.url, seven.byline) == ("7", "https://wire.example/7", "A. Writer, B. Editor")
    assert seven.content_html == "<p>First line.</p><p>Second &lt; line.</p>"
    assert (eight.url, eight.content_html) == ("https://wire.example/8", "")
    assert feed.damage == "items that are not objects: 1"


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        ("2020-01-31", "2020-01-31"),
        ("2020-01-31 12:00:00 +0200", "2020-01-31T10:00:00+00:00"),
        ("2020-01-31T12:00:00.1234567Z", "2020-01-31T12:00:00+00:00"),
        ("Fri, 31 Jan 2020 12:00:00 EST", "2020-01-31T17:00:00+00:00"),
        ("Fri, 31 Jan 2020 12:00:00 CET", "2020-01-31T11:00:00+00:00"),
        # The day is certain, the hour is not.
        ("Fri, 31 Jan 2020 12:00:00 XYZ", "2020-01-31"),
        ("Friday, January 31, 2020 02:00 PM", "2020-01-31"),
        ("Fri, 31 Jan 2020", "2020-01-31"),
        ("2023-02-29", ""),
        ("32 Jan 2020 10:00:00 GMT", ""),
        ("31 Jan 2020 10:00:00 +9999", ""),
        ("9999-12-31T23:59:59Z", ""),
        ("0000-00-00 00:00:00", ""),
        ("yesterday", ""),
        ("12:30", ""),
        ("2020", ""),
        ("", ""),
        ("1" * 10_000, ""),
    ],
)
def test_a_date_is_one_certain_day_or_none(raw, date):
    assert iso_date(raw) == date


@pytest.mark.parametrize(
    ("declared", "actual"),
    [("iso-8859-1", "utf-8"), ("utf-8", "cp1252"), ("koi8-r", "koi8-r"), ("no-such-charset", "utf-8")],
)
def test_a_wrong_charset_declaration_does_not_spoil_the_text(declared, actual):
    title = "Привет" if actual == "koi8-r" else "Café déjà vu"
    payload = rss(f"<item><title>{title}</title></item>").replace(b"utf-8", declared.encode(), 1)
    assert titles(payload.decode().encode(actual)) == [title]


BOMB = "<!DOCTYPE r [" + '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">' + "]>"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (rss("<item><title>&b;</title></item>", head=BOMB), "declares XML entities"),
        (rss("", head=BOMB, encoding="utf-16"), "declares XML entities"),
        (rss("", head='<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>'), "declares XML entities"),
        (b"", "The feed is empty"),
        (b" " * 1_000_000, "The feed is empty"),
        (b"no markup", "is not XML"),
        (b"<html><body>Not found</body></html>", "an HTML page, not a feed"),
        (b"<opml><body/></opml>", "of the kind <opml>"),
        (b'{"items": 3}', 'no object with a list of "items"'),
        (b'{"items": [', "not valid JSON"),
        (b"[" * 100_000, "nested too deeply to be read"),
        (b'{"items": [' + b"1" * 5_000 + b"]}", "more digits than can be read"),
    ],
)
def test_what_is_no_feed_is_refused_with_its_reason(payload, reason):
    with pytest.raises(DocumentRefused) as refused:
        read_feed(payload)
    assert reason in str(refused.value)


def test_a_utf_7_declaration_hides_no_entities():
    hidden = BOMB.encode("utf-7")
    with pytest.raises(DocumentRefused, match="declares XML entities"):
        read_feed(b'<?xml version="1.0" encoding="utf-7"?>' + hidden + b"<rss><channel/></rss>")


def test_a_dtd_elsewhere_is_not_asked_for():
    assert titles(rss("<item><title>One</title></item>", head='<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x">')) == [
        "One"
    ]


def test_a_feed_that_breaks_off_gives_what_came_before():
    feed = read_feed(rss("<item><title>One</title></item><item><title>Two &amp; a half")[:-30])
    assert feed.entries[0].title == "One"
    assert feed.damage


def test_bare_ampersands_and_control_characters_do_not_end_the_reading():
    items = "<item><title>AT&T \x0b& co</title><link>https://a.example/?a=1&b=2</link></item>"
    [entry] = read_feed(rss(items)).entries
    assert (entry.title, entry.url) == ("AT&T & co", "https://a.example/?a=1&b=2")


def test_a_large_feed_needs_memory_for_its_entries_and_not_for_a_tree():
    payload = rss("".join(f"<item><title>Story {n}</title><guid>g{n}</guid></item>" for n in range(4_000)))
    tracemalloc.start()
    feed = read_feed(payload)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(feed.entries) == 4_000
    assert peak < 20 * len(payload)


def test_entries_with_their_text_become_documents_and_others_name_their_page():
    document, skipped = read_documents(SAMPLES / "news.rss", max_bytes=5_000)
    assert isinstance(document, Document)
    assert document.record["outlet"] == "The Gazette & Courier"
    assert document.record["title"] == "Harbour reopens & ferries return"
    assert "“We are glad,”".encode() in document.payload
    assert isinstance(skipped, Refusal)
    assert skipped.skipped
    assert "Import its page https://gazette.example/2020/council" in skipped.reason


def test_a_sitemap_in_a_file_is_not_taken_for_a_feed():
    [refusal] = read_documents(SAMPLES / "sitemap.xml", max_bytes=5_000)
    assert "This is a sitemap" in refusal.reason
