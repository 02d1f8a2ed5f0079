"""Documents that were read become articles: new ones together, changed ones each as a new revision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from sources import credits
from sources.errors import DocumentRefused, DocumentUnchanged
from sources.identity import uid_for
from sources.models import Article, DecisionStatus, Derivation, ImportItem, Outlet, Revision, Snapshot
from sources.services.contents import ArticleText
from sources.services.outlets import Outlets


@dataclass(frozen=True)
class Arrival:
    """A document that was read: the item with its bytes, their hash, the fields that came with it, and its text.

    requested_at: when its import was asked for, which is when it was captured where it does not say.
    """

    item_id: int
    body_hash: str
    media_type: str
    record: dict[str, Any]
    content: ArticleText
    requested_at: datetime


Row = TypeVar("Row", Snapshot, Revision)
#: What became of an arrival: its article, or why it is none.
Stored = Article | DocumentRefused | DocumentUnchanged


def store_articles(arrivals: Sequence[Arrival]) -> list[Stored]:
    """Store documents as articles, each with its snapshot, current revision and derivations, and return those.

    In its place, a document that cannot be stored has its refusal, and one that is stored already says so. An article
    that exists gets a new revision when its text changed. To be called in a transaction; when it raises, that is to be
    rolled back.
    """
    stored: dict[int, Stored] = {}
    outlets = Outlets(arrival.content for arrival in arrivals)
    published = _published(arrivals, outlets, stored)
    known = _known(published.values())
    new: dict[tuple[int, str], int] = {}
    changed = []
    for place, (outlet, content) in published.items():
        key = outlet.pk, content.identity
        article = known.get(key)
        if article is not None and _has_text(article, content):
            stored[place] = DocumentUnchanged(article)
        elif article is not None or key in new:
            changed.append(place)
        else:
            new[key] = place
    places = list(new.values())
    articles = _store_new([arrivals[place] for place in places], [published[place][0] for place in places], outlets)
    stored |= dict(zip(places, articles, strict=True))
    for place in changed:
        stored[place] = _store_changed(arrivals[place], published[place][0], outlets)
    return [stored[place] for place in range(len(arrivals))]


def _published(
    arrivals: Sequence[Arrival], outlets: Outlets, stored: dict[int, Stored]
) -> dict[int, tuple[Outlet, ArticleText]]:
    """Return each document's outlet, by its place; those without one are refused in `stored`."""
    published = {}
    # In the order of their names: two workers who make the same outlets do not wait for each other in a circle.
    ordered = sorted(enumerate(arrivals), key=lambda pair: (pair[1].content.outlet, pair[1].content.url))
    for place, arrival in ordered:
        try:
            published[place] = outlets.publisher_of(arrival.content), arrival.content
        except DocumentRefused as refused:
            stored[place] = refused
    return dict(sorted(published.items()))


def _known(published: Iterable[tuple[Outlet, ArticleText]]) -> dict[tuple[int, str], Article]:
    """Return the articles that exist already, by outlet and identity, with the hash of their text."""
    keys = {(outlet.pk, content.identity) for outlet, content in published}
    rows = (
        Article.objects.filter(
            outlet__in={outlet for outlet, _ in keys}, identity__in={identity for _, identity in keys}
        )
        .select_related("current_revision")
        .defer("current_revision__text")
    )
    return {(row.outlet_id, row.identity): row for row in rows}


def _has_text(article: Article, content: ArticleText) -> bool:
    return article.current_revision is not None and article.current_revision.sha256 == content.sha256


# New articles


def _store_new(arrivals: Sequence[Arrival], publishers: Sequence[Outlet], outlets: Outlets) -> list[Article]:
    """Store documents of which none is an article yet, each of them another's."""
    if not arrivals:
        return []
    articles = Article.objects.bulk_create(map(_article, arrivals, publishers))
    snapshots = Snapshot.objects.bulk_create(map(_snapshot, arrivals, articles))
    revisions = Revision.objects.bulk_create(
        _revision(arrival, article, snapshot, number=1)
        for arrival, article, snapshot in zip(arrivals, articles, snapshots, strict=True)
    )
    now = timezone.now()
    first = Revision.objects.filter(article=OuterRef("pk")).values("pk")
    Article.objects.filter(pk__in=[article.pk for article in articles]).update(
        current_revision=Subquery(first), revised_at=now
    )
    for article, revision in zip(articles, revisions, strict=True):
        article.current_revision, article.revised_at = revision, now
    Derivation.objects.bulk_create(
        _credit(credit, upstream, article, revision)
        for arrival, article, revision in zip(arrivals, articles, revisions, strict=True)
        for credit, upstream in _credited(article, arrival.content, outlets)
    )
    _find_copies(*revisions)
    return articles


def _article(arrival: Arrival, outlet: Outlet) -> Article:
    content = arrival.content
    return Article(
        uid=uid_for("article", str(outlet.uid), content.identity),
        outlet=outlet,
        identity=content.identity,
        external_id=content.external_id,
        url=content.url,
        title=content.title[:1000],
        byline=content.byline[:500],
        language=content.language or "en",
        published_at=content.published_at,
        published_has_time=content.published_has_time,
    )


def _snapshot(arrival: Arrival, article: Article) -> Snapshot:
    return Snapshot(
        uid=uid_for("snapshot", str(article.uid), arrival.body_hash),
        article=article,
        # Copied within the database, which neither unpacks them nor packs them again.
        body=Subquery(ImportItem.objects.filter(pk=arrival.item_id).values("payload")),
        media_type=arrival.media_type,
        headers=arrival.record,
        sha256=arrival.body_hash,
        captured_at=arrival.record.get("captured_at") or arrival.requested_at,
    )


def _revision(arrival: Arrival, article: Article, snapshot: Snapshot, *, number: int) -> Revision:
    return Revision(
        uid=uid_for("revision", str(article.uid), arrival.content.sha256),
        article=article,
        snapshot=snapshot,
        number=number,
        text=arrival.content.text,
        sha256=arrival.content.sha256,
        method=arrival.content.method,
    )


# Changed articles


def _store_changed(arrival: Arrival, outlet: Outlet, outlets: Outlets) -> Article | DocumentUnchanged:
    """Store a document whose article exists; its text is the current one from now on."""
    article = (
        Article.objects.select_for_update(of=("self",))
        .select_related("outlet", "current_revision")
        .get(outlet=outlet, identity=arrival.content.identity)
    )
    # Another worker, or an earlier document of ours, may have stored this text.
    if _has_text(article, arrival.content):
        return DocumentUnchanged(article)
    snapshot = _snapshot(arrival, article)
    snapshot = article.snapshots.filter(sha256=snapshot.sha256).first() or _saved(snapshot)
    revision = article.revisions.filter(sha256=arrival.content.sha256).first() or _saved(
        _revision(arrival, article, snapshot, number=article.revisions.count() + 1)
    )
    article.current_revision, article.revised_at = revision, timezone.now()
    article.save(update_fields=["current_revision", "revised_at"])
    # The revision must know that it is its article's current one.
    revision.article = article
    for credit, upstream in _credited(article, arrival.content, outlets):
        _store_credit(credit, upstream, article, revision)
    _find_copies(revision)
    return article


def _find_copies(*revisions: Revision) -> None:
    # Imported where it is used: what serves the site takes in documents, and leaves reading to workers.
    from sources import reuse

    reuse.find_copies(*revisions)


def _saved(row: Row) -> Row:
    row.save(force_insert=True)
    return row


# Credits


def _credited(article: Article, content: ArticleText, outlets: Outlets) -> list[tuple[credits.Credit, Outlet]]:
    """Return the credit lines and citations of an article that name other outlets, one for each outlet and kind."""
    lines = [article.byline, *content.credits]
    found: dict[tuple[str, int], tuple[credits.Credit, Outlet]] = {}
    for credit in credits.find_credits(
        content.text,
        byline=article.byline,
        stated=content.credits,
        known=outlets.names_in("\n".join([content.text, *lines])),
    ):
        upstream = outlets.named(credit.name)
        if upstream.pk == article.outlet_id or (credit.kind == "citation" and ("credit", upstream.pk) in found):
            continue
        # Under several of its names: what all of the text is credited to is not partial.
        known = found.get((credit.kind, upstream.pk))
        if known is None or (known[0].partial and not credit.partial):
            found[credit.kind, upstream.pk] = credit, upstream
    return list(found.values())


def _credit(credit: credits.Credit, upstream: Outlet, article: Article, revision: Revision) -> Derivation:
    return Derivation(
        uid=uid_for("derivation", str(article.uid), credit.kind, str(upstream.uid)),
        article=article,
        kind=credit.kind,
        upstream_outlet=upstream,
        partial=credit.partial,
        revision=revision,
        start=credit.start,
        end=credit.end,
        method=credits.METHOD,
    )


def _store_credit(credit: credits.Credit, upstream: Outlet, article: Article, revision: Revision) -> None:
    """Propose a derivation, or move the evidence of one that is proposed; one that an editor has decided stays."""
    derivation = article.derivations.filter(kind=credit.kind, upstream_outlet=upstream, upstream_article=None).first()
    if derivation is None:
        _credit(credit, upstream, article, revision).save(force_insert=True)
    elif derivation.status == DecisionStatus.PROPOSED:
        derivation.partial, derivation.revision = credit.partial, revision
        derivation.start, derivation.end = credit.start, credit.end
        derivation.save(update_fields=["partial", "revision", "start", "end"])
