"""Makers of rows for tests: each fills in what the test does not care about."""

import itertools
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import Permission, User
from django.utils.text import slugify

from claims.models import Attribution, Claim, Speaker, SpeakerAlias, Statement, StatementRelay, StatementSpan, Topic
from claims.services.summaries import refresh_corroboration
from sources.identity import sha256_hex, uid_for
from sources.models import Article, Derivation, Outlet, OutletAlias, Revision, Snapshot

_numbers = itertools.count(1)


def make_user(name: str = "", *, editor: bool = False) -> User:
    user = User.objects.create_user(name or f"user-{next(_numbers)}", password="correct horse battery staple")
    if editor:
        user.user_permissions.add(Permission.objects.get(codename="change_attribution"))
    return user


def make_outlet(name: str = "", *, aliases: tuple[str, ...] = (), **fields: Any) -> Outlet:
    name = name or f"Outlet {next(_numbers)}"
    outlet = Outlet.objects.create(
        uid=uid_for("outlet", name), slug=slugify(name) or f"o-{next(_numbers)}", name=name, **fields
    )
    for alias in aliases:
        OutletAlias.objects.create(outlet=outlet, name=alias)
    return outlet


def make_article(text: str = "", *, outlet: Outlet | None = None, title: str = "", **fields: Any) -> Article:
    """Return an article with one snapshot and its current revision."""
    number = next(_numbers)
    text = text or f"Text {number} of an article that says something."
    outlet = outlet or make_outlet()
    fields.setdefault("identity", f"id:{number}")
    fields.setdefault("external_id", f"article-{number}")
    fields.setdefault("published_at", datetime(2020, 1, 1, 12, tzinfo=UTC))
    article = Article.objects.create(
        uid=uid_for("article", outlet.slug, fields["identity"]),
        outlet=outlet,
        title=title or f"Article {number}",
        **fields,
    )
    revise(article, text)
    return article


def revise(article: Article, text: str) -> Revision:
    """Give an article a new current text."""
    body = text.encode()
    snapshot = Snapshot.objects.create(
        article=article,
        body=body,
        media_type="text/plain",
        sha256=sha256_hex(body),
        captured_at=datetime(2020, 1, 2, tzinfo=UTC),
    )
    number = article.revisions.count() + 1
    revision = Revision.objects.create(
        uid=uid_for("revision", str(article.uid), snapshot.sha256),
        article=article,
        snapshot=snapshot,
        number=number,
        text=text,
        sha256=snapshot.sha256,
        method="text",
    )
    article.current_revision = revision
    article.save()
    return revision


def make_speaker(name: str = "", **fields: Any) -> Speaker:
    name = name or f"Speaker {next(_numbers)}"
    speaker = Speaker.objects.create(uid=uid_for("speaker", name), name=name, **fields)
    SpeakerAlias.objects.create(speaker=speaker, name=name)
    return speaker


def make_statement(
    quote: str = "",
    *,
    article: Article | None = None,
    outlet: Outlet | None = None,
    speaker: Speaker | None = None,
    relays: tuple[Outlet, ...] = (),
    **fields: Any,
) -> Statement:
    """Return a statement; without `article`, of a new one that reads “NAME said: QUOTE”."""
    quote = quote or f"The thing number {next(_numbers)} is so."
    speaker = speaker or make_speaker()
    if article is None:
        article = make_article(f"{speaker.name} said: {quote}", outlet=outlet)
    revision = article.current_revision
    assert revision is not None
    start = revision.text.index(quote)
    end = start + len(quote)
    statement = Statement.objects.create(
        uid=uid_for("statement", str(revision.uid), f"{start}-{end}"),
        revision=revision,
        speaker=speaker,
        start=start,
        end=end,
        content_key=f"{start}-{end}",
        quote=quote,
        **{"kind": Statement.Kind.DIRECT, "confidence": 0.9, "method": "test", **fields},
    )
    StatementSpan.objects.create(statement=statement, role=StatementSpan.Role.CONTENT, start=start, end=end)
    for relay in relays:
        StatementRelay.objects.create(statement=statement, outlet=relay, start=0, end=1)
    return statement


def make_claim(
    text: str = "", *, speaker: Speaker | None = None, topics: tuple[Topic, ...] = (), **fields: Any
) -> Claim:
    text = text or f"The thing number {next(_numbers)} is so."
    claim = Claim.objects.create(
        uid=uid_for("claim", str(next(_numbers))),
        speaker=speaker or make_speaker(),
        text=text,
        **{"method": "test", **fields},
    )
    for topic in topics:
        claim.topics.add(topic, through_defaults={"method": "test"})
    refresh_corroboration([claim.pk])
    return claim


def make_topic(name: str = "", *, keywords: tuple[str, ...] = ()) -> Topic:
    name = name or f"Topic {next(_numbers)}"
    return Topic.objects.create(uid=uid_for("topic", name), slug=slugify(name), name=name, keywords=list(keywords))


def make_report(
    claim: Claim,
    *,
    outlet: Outlet | None = None,
    article: Article | None = None,
    quote: str = "",
    credit: Outlet | None = None,
    partial: bool = False,
    relays: tuple[Outlet, ...] = (),
    stance: str = Attribution.Stance.AFFIRMS,
    status: str = Attribution.Status.PROPOSED,
) -> Attribution:
    """Return an attribution of a new statement by the claim's speaker; `credit` names where its article comes from."""
    statement = make_statement(
        quote or claim.text, article=article, outlet=outlet, speaker=claim.speaker, relays=relays
    )
    if credit is not None:
        make_credit(statement.revision.article, credit, partial=partial)
    decision: dict[str, Any] = {}
    if status != Attribution.Status.PROPOSED:
        decision = {"decided_by": make_user(), "decided_at": datetime(2020, 2, 1, tzinfo=UTC)}
    attribution = Attribution.objects.create(
        uid=uid_for("attribution", str(statement.uid), str(claim.uid)),
        statement=statement,
        claim=claim,
        stance=stance,
        status=status,
        score=1.0,
        method="test",
        **decision,
    )
    refresh_corroboration([claim.pk])
    return attribution


def make_credit(article: Article, upstream: Outlet, *, partial: bool = False, **fields: Any) -> Derivation:
    return Derivation.objects.create(
        uid=uid_for("derivation", str(article.uid), "credit", upstream.slug),
        article=article,
        kind=Derivation.Kind.CREDIT,
        upstream_outlet=upstream,
        partial=partial,
        revision=article.current_revision,
        method="test",
        **fields,
    )
