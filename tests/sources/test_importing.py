"""Runs from request to end, with a fake web handed in."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from sources import importing
from sources.documents import Document, Refusal
from sources.errors import DocumentRefused
from sources.fetch_errors import AddressRefused, HostBusy, HttpError
from sources.fetching import Fetched
from sources.models import Article, Feed, ImportItem

pytestmark = pytest.mark.django_db

PAGE = (
    "<html lang='en'><head><title>{title}</title><meta property='og:site_name' content='Gazette'></head><body><article>"
    "<h1>{title}</h1>{text}</article></body></html>"
)
WORDS = "harbour council fishermen prices ferry engine winter storm bridge".split()
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Gazette</title><link>https://gazette.example/</link>
{}</channel></rss>"""


def page(title, end="was lost"):
    text = "".join(
        f"<p>The {word} report says that the dam broke in the night, and the {word} {end}.</p>" for word in WORDS
    )
    return PAGE.format(title=title, text=text).encode()


def feed(*paths):
    return FEED.format(
        "".join(f"<item><title>T</title><link>https://gazette.example/{path}</link></item>" for path in paths)
    ).encode()


@dataclass
class Web:
    """Answers by address; what has none is a 404, and an exception is raised."""

    answers: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    def fetch(self, url, *, etag="", last_modified="", **options):
        self.asked.append((url, etag))
        answer = self.answers.get(url, HttpError("The site answered 404 (not found).", status=404))
        if isinstance(answer, Exception):
            raise answer
        body, media_type = answer
        not_modified = bool(etag) and etag == str(hash(body))
        headers = {"content-type": media_type, "etag": str(hash(body))}
        return Fetched(
            url=url,
            final_url=url,
            status=304 if not_modified else 200,
            headers=headers,
            body=b"" if not_modified else body,
            fetched_at=datetime.now(UTC),
            not_modified=not_modified,
        )


def work(web):
    while importing.import_next(fetch=web.fetch):
        pass


def states(run):
    return list(run.items.order_by("position").values_list("state", flat=True))


def test_an_address_becomes_an_article():
    web = Web({"https://gazette.example/dam": (page("Dam breaks"), "text/html; charset=utf-8")})
    run = importing.request_import("one", addresses=["https://gazette.example/dam?utm_source=x#top"])
    work(web)
    article = Article.objects.get()
    assert states(run) == ["imported"]
    assert (article.url, article.outlet.name) == ("https://gazette.example/dam", "Gazette")
    assert article.snapshots.get().headers["content-type"] == "text/html; charset=utf-8"


def test_a_feed_is_expanded_once_and_changed_articles_become_revisions():
    web = Web({"https://gazette.example/feed": (feed("a", "b", "a"), "application/rss+xml")})
    web.answers |= {f"https://gazette.example/{x}": (page(f"Title {x}"), "text/html") for x in "ab"}
    run = importing.request_import("feed", addresses=["https://gazette.example/feed"])
    work(web)
    assert states(run) == ["expanded", "imported", "imported"]

    web.answers["https://gazette.example/b"] = (page("Title b", "was found"), "text/html")
    again = importing.request_import("feed", addresses=["https://gazette.example/feed"])
    work(web)
    assert states(again) == ["expanded", "skipped", "imported"]
    assert Article.objects.count() == 2
    assert Article.objects.get(url="https://gazette.example/b").revisions.count() == 2


def test_what_cannot_be_fetched_fails_alone_with_its_reason():
    web = Web({"https://gazette.example/dam": (page("Dam breaks"), "text/html")})
    web.answers["http://10.0.0.1/"] = AddressRefused("10.0.0.1 is not a public address.")
    run = importing.request_import(
        "three", addresses=["http://10.0.0.1/", "ftp://gazette.example/", "https://gazette.example/dam"]
    )
    work(web)
    assert states(run) == ["failed", "failed", "imported"]
    assert run.items.get(position=1).reason == "10.0.0.1 is not a public address."


def test_a_passing_fault_is_tried_again_later_and_then_given_up():
    web = Web({"https://gazette.example/dam": HttpError("The site answered 503.", status=503, transient=True)})
    run = importing.request_import("one", addresses=["https://gazette.example/dam"])
    for _ in range(5):
        work(web)
        ImportItem.objects.update(not_before=None)
    item = run.items.get()
    assert (item.state, item.reason, len(web.asked)) == ("failed", "The site answered 503.", 3)


def test_a_busy_host_uses_up_no_attempt():
    web = Web({"https://gazette.example/dam": HostBusy("gazette.example wants a pause.", retry_after_s=60)})
    run = importing.request_import("one", addresses=["https://gazette.example/dam"])
    work(web)
    item = run.items.get()
    assert (item.state, item.attempts) == ("pending", 0)
    assert item.not_before > timezone.now() + timedelta(seconds=30)


def test_an_editors_address_goes_before_an_archive():
    documents = [
        Document(f"d{n}", b"Text.", "text/plain", {"outlet": "G", "title": "T", "id": str(n)}) for n in range(3)
    ]
    archive = importing.request_import("archive", documents=documents, priority=importing.PRIORITY_BULK)
    pasted = importing.request_import("one", addresses=["https://gazette.example/dam"])
    web = Web({"https://gazette.example/dam": (page("Dam breaks"), "text/html")})
    importing.import_next(fetch=web.fetch)
    importing.import_next(fetch=web.fetch)
    assert states(pasted) == ["imported"]
    assert states(archive) == ["pending"] * 3


def test_a_cancelled_run_keeps_what_is_imported():
    documents = [
        Document(f"d{n}", b"Text.", "text/plain", {"outlet": "G", "title": "T", "id": str(n)}) for n in range(3)
    ]
    run = importing.request_import("archive", documents=documents)
    importing.import_next()
    assert importing.cancel_run(run) == 2
    assert states(run) == ["imported", "cancelled", "cancelled"]
    assert not importing.import_next()


def test_failed_items_are_tried_again_and_unreadable_lines_are_not():
    run = importing.request_import(
        "mixed",
        documents=[Document("nul", b"a\0b", "text/plain", {"outlet": "G", "title": "T"}), Refusal("line", "No JSON.")],
    )
    work(Web())
    assert states(run) == ["failed", "failed"]
    assert importing.retry_items(run) == 1
    assert states(run) == ["pending", "failed"]


def test_a_feed_is_polled_when_due_and_less_often_when_it_fails():
    feed_row = importing.add_feed("https://gazette.example/feed", interval_s=600)
    assert importing.add_feed("https://gazette.example/feed#x") == feed_row
    web = Web({"https://gazette.example/feed": (feed("a"), "application/rss+xml")})
    web.answers["https://gazette.example/a"] = (page("Title a"), "text/html")
    [run] = importing.poll_due_feeds()
    assert importing.poll_due_feeds() == []
    work(web)
    assert (run.feed, states(run)) == (feed_row, ["expanded", "imported"])

    feed_row.refresh_from_db()
    assert (feed_row.failures, feed_row.last_polled_at is not None) == (0, True)
    del web.answers["https://gazette.example/feed"]
    waits = []
    for _ in range(2):
        Feed.objects.update(next_poll_at=timezone.now())
        importing.poll_due_feeds()
        work(web)
        feed_row.refresh_from_db()
        waits.append(feed_row.next_poll_at - timezone.now())
    assert (feed_row.failures, feed_row.last_error) == (2, "The site answered 404 (not found).")
    assert feed_row.failing_since is not None
    assert timedelta(seconds=600) < waits[0] < waits[1]
    assert list(Feed.objects.broken()) == [feed_row]


def test_an_unchanged_feed_lists_nothing():
    importing.add_feed("https://gazette.example/feed")
    web = Web({"https://gazette.example/feed": (feed(), "application/rss+xml")})
    importing.poll_due_feeds()
    work(web)
    Feed.objects.update(next_poll_at=timezone.now())
    [run] = importing.poll_due_feeds()
    work(web)
    assert run.items.get().reason == "Not changed since it was fetched last."


def test_listings_lead_only_so_deep():
    web = Web({f"https://gazette.example/{n}": (feed(str(n + 1)), "application/rss+xml") for n in range(9)})
    run = importing.request_import("deep", addresses=["https://gazette.example/0"])
    work(web)
    assert states(run) == ["expanded"] * importing.MAX_DEPTH + ["failed"]


def test_what_is_no_web_address_is_no_feed():
    with pytest.raises(DocumentRefused):
        importing.add_feed("gopher://gazette.example/")


def test_a_run_cancelled_during_a_fetch_stays_cancelled():
    run = importing.request_import("one", addresses=["https://gazette.example/dam"])
    web = Web({"https://gazette.example/dam": (page("Dam breaks"), "text/html")})

    def fetch(url, **options):
        importing.cancel_run(run)
        return web.fetch(url, **options)

    importing.import_next(fetch=fetch)
    assert states(run) == ["cancelled"]
    assert not Article.objects.exists()


def test_a_sitemap_index_leads_to_pages_and_dates_spare_known_ones():
    ns = "http://www.sitemaps.org/schemas/sitemap/0.9"
    index = f"<sitemapindex xmlns='{ns}'><sitemap><loc>https://gazette.example/news.xml</loc></sitemap></sitemapindex>"
    news = f"<urlset xmlns='{ns}'><url><loc>https://gazette.example/a</loc><lastmod>2020-01-01</lastmod></url></urlset>"
    web = Web(
        {
            "https://gazette.example/sitemap.xml": (index.encode(), "application/xml"),
            "https://gazette.example/news.xml": (news.encode(), "application/xml"),
            "https://gazette.example/a": (page("Title a"), "text/html"),
        }
    )
    run = importing.request_import("map", addresses=["https://gazette.example/sitemap.xml"])
    work(web)
    assert states(run) == ["expanded", "expanded", "imported"]
    again = importing.request_import("map", addresses=["https://gazette.example/sitemap.xml"])
    work(web)
    assert states(again) == ["expanded", "expanded"]
    assert "1 of them known" in again.items.get(position=2).reason


def test_a_listing_that_cannot_be_read_says_why():
    web = Web({"https://gazette.example/x.xml": (b"<other/>", "application/xml")})
    run = importing.request_import("x", addresses=["https://gazette.example/x.xml"])
    work(web)
    item = run.items.get()
    assert item.state == "failed"
    assert item.reason


def test_indexes_that_name_each_other_end_and_those_of_other_sites_are_not_asked():
    def index(*addresses):
        return (
            f"<sitemapindex>{''.join(f'<sitemap><loc>{a}</loc></sitemap>' for a in addresses)}</sitemapindex>".encode()
        )

    first, second = "https://gazette.example/1.xml", "https://gazette.example/2.xml"
    other = "https://elsewhere.example/3.xml"
    web = Web({first: (index(second, other), "text/xml"), second: (index(first), "text/xml")})
    run = importing.request_import("map", addresses=[first])
    work(web)
    assert states(run) == ["expanded", "expanded"]
    assert [url for url, _ in web.asked] == [first, second]
