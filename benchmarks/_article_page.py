"""What the page of an article with many statements costs: server time, queries and bytes, in a database that is there.

`measure(runs)` returns what it found; `addresses()` only makes the rows and says where they are shown. Both need a
database that is filled.
"""

import gzip
import statistics
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Attribution, Claim, Statement, StatementSpan
from sources.identity import sha256_hex, uid_for
from sources.models import Article, Outlet, Revision, Snapshot

STATEMENTS = 100
#: So many other articles carry each of the article's claims beside those that carry them already.
OTHERS = 2
_DAY = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class PageCost:
    """What one page takes: median and 95th percentile of server time in ms, queries, and bytes once compressed."""

    name: str
    median_ms: float
    p95_ms: float
    queries: int
    bytes_sent: int


def addresses(statements: int = STATEMENTS) -> dict[str, str]:
    """Store articles that share claims, and return the addresses of one, of a statement in it, and of all compared."""
    claims = list(Claim.objects.order_by("pk")[:statements])
    articles = [_article(number, claims) for number in range(1 + OTHERS)]
    statement = Statement.objects.filter(revision__article=articles[0]).latest("start")
    address = articles[0].get_absolute_url()
    compared = "&".join(f"article={article.uid}" for article in articles)
    return {
        f"article, {statements} statements": address,
        "article, one chosen": f"{address}?statement={statement.uid}",
        f"compare {len(articles)} articles": f"{reverse('article_compare')}?{compared}",
    }


def measure(runs: int, *, statements: int = STATEMENTS) -> list[PageCost]:
    """Return what the pages of `addresses` cost, each asked for so many times."""
    return [_cost(name, address, runs) for name, address in addresses(statements).items()]


def _cost(name: str, address: str, runs: int) -> PageCost:
    client = Client()
    times = []
    # The first run fills caches.
    for run in range(runs + 1):
        started = time.perf_counter()
        response = client.get(address)
        elapsed_s = time.perf_counter() - started
        if response.status_code != 200:
            raise SystemExit(f"{address} answered {response.status_code}")
        if run:
            times.append(elapsed_s * 1000)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    p95 = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return PageCost(name, statistics.median(times), p95, len(queries), len(gzip.compress(response.content)))


def _article(number: int, claims: list[Claim]) -> Article:
    """Return a new article of an outlet, with one statement of each claim, in its claim's words."""
    outlet = Outlet.objects.order_by("pk")[number]
    name = f"article page {number}"
    paragraphs = [
        f"According to the report of that day, {claim.text} Nobody else was asked about it." for claim in claims
    ]
    text = "\n\n".join(paragraphs)
    article = Article.objects.create(
        uid=uid_for("article", name),
        outlet=outlet,
        identity=name,
        title=f"Of {len(claims)} statements",
        published_at=_DAY,
    )
    body = text.encode()
    snapshot = Snapshot.objects.create(
        article=article, body=body, media_type="text/plain", sha256=sha256_hex(body), captured_at=_DAY
    )
    revision = Revision.objects.create(
        uid=uid_for("revision", name),
        article=article,
        snapshot=snapshot,
        number=1,
        text=text,
        sha256=snapshot.sha256,
        method="benchmark",
    )
    article.current_revision = revision
    article.save()
    _statements(revision, claims, name)
    return article


def _statements(revision: Revision, claims: list[Claim], name: str) -> None:
    found, start = [], 0
    for claim in claims:
        start = revision.text.index(claim.text, start)
        end = start + len(claim.text)
        found.append(
            Statement(
                uid=uid_for("statement", name, str(start)),
                revision=revision,
                speaker_id=claim.speaker_id,
                kind=Statement.Kind.DIRECT,
                start=start,
                end=end,
                content_key=f"{start}-{end}",
                quote=claim.text,
                confidence=1,
                method="benchmark",
            )
        )
        start = end
    Statement.objects.bulk_create(found)
    StatementSpan.objects.bulk_create(
        StatementSpan(statement=s, role="content", start=s.start, end=s.end) for s in found
    )
    Attribution.objects.bulk_create(
        Attribution(uid=uid_for("attribution", str(s.uid)), statement=s, claim=claim, score=1, method="benchmark")
        for s, claim in zip(found, claims, strict=True)
    )
