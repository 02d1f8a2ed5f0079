"""Five outlets on loopback, each a real HTTP server at an address of its own: pages, a feed, and a log."""

import itertools
import json
import random
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from html import escape

from tests.sources.web import Page, Web

NAMES = ("Harbour Gazette", "Valley Courier", "Northern Post", "Island Tribune", "Lakeside Record")
PAGES_EACH = 100
PAGES = PAGES_EACH * len(NAMES)
PARAGRAPHS, SENTENCES = 4, 2
# One article of so many has a statement in it.
STATEMENT_EVERY = 10
# Long ago: what a feed calls changed then is known since it was captured.
FIRST_PUBLISHED = datetime(2024, 3, 4, 6, tzinfo=UTC)
ROBOTS = "User-agent: *\nDisallow: /private/\n"
PRIVATE = "/private/memo"
# Long enough that two requests at once would be seen.
ANSWER_S = 0.005

WHO = "council ministry harbour-office museum university hospital railway theatre library foundry cannery".split()
DID = "bought repaired closed reopened inspected painted measured replaced auctioned extended lost rescued".split()
WHAT = "bridge ferry crane tunnel lighthouse organ orchard reservoir turbine furnace violin windmill pier mill".split()
WHERE = "Alder Birch Cedar Dogwood Elder Fern Gorse Hazel Ivy Juniper Larch Maple Nettle Oak Poplar Rowan".split()
WHEN = "before dawn|at noon|on Monday|after the storm|last week|during the strike|in silence|twice".split("|")


def make_paragraphs(number, outlet):
    """Return the paragraphs of one article: words by chance, so that no two articles share a passage."""
    chance = random.Random(f"{outlet}/{number}")
    paragraphs = []
    for _ in range(PARAGRAPHS):
        sentences = []
        for _ in range(SENTENCES):
            amount, street = chance.randint(100, 99_999), f"{chance.choice(WHERE)} {chance.choice(WHERE)} Road"
            who, did, what, when = (chance.choice(words) for words in (WHO, DID, WHAT, WHEN))
            sentences.append(f"The {who} of {street} {did} {what} number {amount} {when}.")
        paragraphs.append(" ".join(sentences))
    if number % STATEMENT_EVERY == 0:
        place, what, amount = chance.choice(WHERE), chance.choice(WHAT), chance.randint(100, 99_999)
        paragraphs.append(f"Mayor Ana Silva said that the {place} {what} had cost {amount} crowns.")
    return paragraphs


class Outlet:
    """One outlet's articles, and the site that shows them."""

    def __init__(self, number, web):
        self.number, self.name, self.web = number, NAMES[number], web
        self.texts = {f"/news/{n}": make_paragraphs(n, number) for n in range(PAGES_EACH)}
        self.published = {path: FIRST_PUBLISHED + timedelta(minutes=n) for n, path in enumerate(self.texts)}
        self.changed_at = {}
        for path in self.texts:
            self._show(path)
        self._show_feed()

    @property
    def feed(self):
        return self.web.url("/feed")

    def title(self, path):
        return f"{self.name} report {path.rpartition('/')[2]}"

    def change(self, path, old, new):
        """Replace words of an article, and tell of it in the feed."""
        before = "\n".join(self.texts[path])
        assert before.count(old) == 1
        self.texts[path] = before.replace(old, new).split("\n")
        self.changed_at[path] = datetime.now(UTC)
        self._show(path)
        self._show_feed()

    def _show(self, path):
        about = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": self.title(path),
            "datePublished": self.published[path].isoformat(),
            "author": {"@type": "Person", "name": f"Reporter {self.number}"},
            "inLanguage": "en",
        }
        text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in self.texts[path])
        html = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{self.title(path)}</title>'
            f'<meta property="og:site_name" content="{self.name}"><link rel="canonical" href="{self.web.url(path)}">'
            f'<script type="application/ld+json">{json.dumps(about)}</script></head><body>'
            f'<nav><a href="/">Home</a> <a href="/news/">News</a></nav><main><article><h1>{self.title(path)}</h1>'
            f"{text}</article></main><footer>All rights reserved by {self.name}.</footer></body></html>"
        )
        self._put(path, html, "text/html; charset=utf-8")

    def _show_feed(self):
        """Show an RSS, an Atom or a JSON feed, by the number of the outlet."""
        paths = [*self.texts, *([PRIVATE] if self.number == 0 else [])]
        rows = [
            (self.web.url(path), self.published.get(path, FIRST_PUBLISHED), self.changed_at.get(path)) for path in paths
        ]
        if self.number in (0, 1):
            items = "".join(
                f"<item><link>{url}</link><pubDate>{format_datetime(published)}</pubDate></item>"
                for url, published, _ in rows
            )
            told = (
                f"<lastBuildDate>{format_datetime(max([FIRST_PUBLISHED, *self.changed_at.values()]))}</lastBuildDate>"
            )
            body = f'<rss version="2.0"><channel><title>{self.name}</title>{told}{items}</channel></rss>'
            self._put("/feed", body, "application/rss+xml")
        elif self.number in (2, 3):
            items = "".join(
                f'<entry><id>{url}</id><link href="{url}"/><updated>{(changed or at).isoformat()}</updated></entry>'
                for url, at, changed in rows
            )
            body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{self.name}</title>{items}</feed>'
            self._put("/feed", body, "application/atom+xml")
        else:
            listed = [
                {"id": url, "url": url, "date_published": at.isoformat()}
                | ({"date_modified": changed.isoformat()} if changed else {})
                for url, at, changed in rows
            ]
            feed = {"version": "https://jsonfeed.org/version/1.1", "title": self.name, "items": listed}
            self._put("/feed", json.dumps(feed), "application/feed+json")

    def _put(self, path, body, media_type):
        content = body.encode()
        etag = f'"{sha256(content).hexdigest()[:16]}"'
        self.web.pages[path] = Page(content, media_type=media_type, headers={"ETag": etag})


@contextmanager
def published():
    """Give the five outlets while their sites are up."""
    with ExitStack() as sites:
        webs = [
            sites.enter_context(Web(robots=ROBOTS, address=f"127.0.0.{number + 1}", answer_s=ANSWER_S))
            for number in range(len(NAMES))
        ]
        yield [Outlet(number, web) for number, web in enumerate(webs)]


def require_polite(outlet, *, interval_s):
    """Assert by the log of a site that it was asked one request at a time, with pauses, and only what it allows."""
    hits = sorted(outlet.web.log, key=lambda hit: hit.began_at)
    assert hits[0].path == "/robots.txt"
    assert outlet.web.asked(PRIVATE) == []
    for earlier, later in itertools.pairwise(hits):
        assert later.began_at >= earlier.ended_at > 0, f"{outlet.name} was asked {later.path} during {earlier.path}"
        pause_s = later.began_at - earlier.began_at
        assert pause_s >= interval_s, f"{outlet.name} was asked {later.path} {pause_s:.3f} s after {earlier.path}"
