"""Claims of 1 to 2,000 reports beside what a benchmark's database holds, to measure their pages."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from claims.models import Attribution, Claim, Speaker, Statement, StatementRelay, StatementSpan
from claims.services.summaries import refresh_corroboration
from sources.identity import sha256_hex, uid_for
from sources.models import Article, Derivation, Outlet, Revision, Snapshot

SIZES = (1, 10, 100, 2_000)
SENTENCE = "The bridge over the river will not be opened before 14 May if the water stays above four metres"
OTHER = "The ferry will carry 1,200 cars a day"
PADDING = "The council met on Monday and spoke about the water, the road and the winter that was coming. " * 30


def claim_addresses() -> Iterator[tuple[str, str]]:
    """Store a claim of each size and yield its name and the address of its page."""
    for size in SIZES:
        yield f"claim, {size:,} reports", store_claim(size).get_absolute_url()
    yield "claim, texts of 500 KB", store_claim(10, padding=PADDING * 170).get_absolute_url()


def store_claim(reports: int, *, padding: str = PADDING) -> Claim:
    """Return a claim with so many reports by at most 300 outlets; a third credit nobody, a tenth name an agency.

    One that was stored before is taken as it is.
    """
    chance = random.Random(reports)  # noqa: S311 (only varies the wordings)
    named = f"{reports}-{len(padding)}"
    if stored := Claim.objects.filter(uid=uid_for("claim", f"page-{named}-0")).first():
        return stored
    speaker = Speaker.objects.create(uid=uid_for("speaker", f"page-{named}"), name=f"Ana Ruiz {named}")
    claims = [
        Claim.objects.create(
            uid=uid_for("claim", f"page-{named}-{number}"), speaker=speaker, text=f"{text}.", method="benchmark"
        )
        for number, text in enumerate((SENTENCE, OTHER))
    ]
    outlets = Outlet.objects.bulk_create(
        Outlet(uid=uid_for("outlet", f"page-{named}-{n}"), slug=f"page-{named}-{n}", name=f"Paper {n} of {named}")
        for n in range(min(reports, 300) + 2)
    )
    # One article in five more is on the story and lacks the claim.
    carrying = [True] * reports + [False] * (reports // 5)
    published = datetime(2024, 3, 4, 9, tzinfo=UTC)
    articles = Article.objects.bulk_create(
        Article(
            uid=uid_for("article", f"page-{named}-{n}"),
            outlet=outlets[2 + n % (len(outlets) - 2)],
            identity=f"page-{named}-{n}",
            title=f"The bridge stays shut, says the minister ({n})",
            published_at=published + timedelta(minutes=17 * n),
            published_has_time=True,
        )
        for n in range(len(carrying))
    )
    words = [wording(chance) for _ in articles]
    texts = [f"{padding}\n\nMs Ruiz said: {said}. {OTHER}. {n}\n\n{padding}" for n, said in enumerate(words)]
    snapshots = Snapshot.objects.bulk_create(
        (
            Snapshot(
                article=article,
                body=text.encode(),
                media_type="text/html",
                sha256=sha256_hex(text.encode()),
                captured_at=published,
            )
            for article, text in zip(articles, texts, strict=True)
        ),
        batch_size=200,
    )
    revisions = Revision.objects.bulk_create(
        (
            Revision(
                uid=uid_for("revision", str(snapshot.article.uid)),
                article=snapshot.article,
                snapshot=snapshot,
                number=1,
                text=text,
                sha256=snapshot.sha256,
                method="benchmark",
            )
            for snapshot, text in zip(snapshots, texts, strict=True)
        ),
        batch_size=200,
    )
    for article, revision in zip(articles, revisions, strict=True):
        article.current_revision = revision
    Article.objects.bulk_update(articles, ["current_revision"], batch_size=500)
    for claim, said in ((claims[0], words), (claims[1], [OTHER] * len(words))):
        carried = [
            (revision, quote)
            for revision, quote, carries in zip(revisions, said, carrying, strict=True)
            if carries or claim is claims[1]
        ]
        _store_reports(claim, carried, outlets, chance)
    Derivation.objects.bulk_create(
        Derivation(
            uid=uid_for("derivation", str(article.uid)),
            article=article,
            kind=Derivation.Kind.CREDIT,
            upstream_outlet=outlets[0],
            partial=n % 2 == 0,
            revision=article.current_revision,
            start=0,
            end=11,
            method="benchmark",
        )
        for n, article in enumerate(articles)
        if n % 3
    )
    refresh_corroboration([claim.pk for claim in claims])
    return claims[0]


def wording(chance: random.Random) -> str:
    """Return the sentence as an outlet may print it: mostly whole, sometimes clipped or changed."""
    return chance.choice(
        [SENTENCE] * 5
        + [
            SENTENCE.replace(" not", ""),
            SENTENCE.replace("14 May", "15 May"),
            SENTENCE.partition(" if ")[0],
            f"{SENTENCE}, the {chance.randint(1, 10**6)}th time",
        ]
    )


def _store_reports(
    claim: Claim, carried: list[tuple[Revision, str]], outlets: list[Outlet], chance: random.Random
) -> None:
    statements = Statement.objects.bulk_create(
        Statement(
            uid=uid_for("statement", f"{claim.uid}-{revision.uid}"),
            revision=revision,
            speaker=claim.speaker,
            start=(start := revision.text.index(quote)),
            end=start + len(quote),
            content_key=f"{start}-{start + len(quote)}",
            quote=quote,
            kind=Statement.Kind.DIRECT,
            confidence=0.9,
            method="benchmark",
        )
        for revision, quote in carried
    )
    StatementSpan.objects.bulk_create(
        StatementSpan(statement=statement, role="content", start=statement.start, end=statement.end)
        for statement in statements
    )
    StatementRelay.objects.bulk_create(
        StatementRelay(statement=statement, outlet=outlets[1], start=0, end=11)
        for statement in statements
        if chance.random() < 0.1
    )
    Attribution.objects.bulk_create(
        Attribution(
            uid=uid_for("attribution", str(statement.uid)),
            statement=statement,
            claim=claim,
            score=1.0,
            method="benchmark",
        )
        for statement in statements
    )
