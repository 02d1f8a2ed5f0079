"""Writes of sources: outlets, import runs, and documents becoming articles."""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import slugify

from sources import credits, pages, reuse
from sources.documents import HTML, Document, Refusal, decode_text, parse_published
from sources.errors import DocumentRefused, DocumentUnchanged
from sources.identity import sha256_hex, uid_for
from sources.models import (
    Article,
    DecisionStatus,
    Derivation,
    ImportItem,
    ImportRun,
    Outlet,
    OutletAlias,
    OutletDomain,
    Revision,
    Snapshot,
)
from sources.urls import canonicalize, outlet_domain, same_site

logger = logging.getLogger(__name__)

URL_CHARACTERS = 2000

ITEMS_PER_INSERT = 200
#: Fields of a record that may name where a document comes from.
CREDIT_FIELDS = ("author", "sourceOrganization", "provider", "creditText")


@dataclass(frozen=True)
class ArticleText:
    """A document's text and what it, or the record it came with, says of itself."""

    text: str
    method: str
    title: str
    byline: str
    published_at: str
    language: str
    url: str
    outlet: str
    site_name: str = ""
    credits: tuple[str, ...] = ()
    lost_quotes: tuple[str, ...] = ()


# Outlets


def resolve_outlet(name: str) -> Outlet:
    """Return the outlet that goes by `name`; a new one, unreviewed, where none does.

    A name of one of the shipped agencies brings that agency with all its names.
    """
    name = " ".join(name.split())[:200]
    outlet = Outlet.objects.known_as(name).first()
    if outlet is not None:
        return outlet
    for shipped in credits.shipped_outlets():
        if name.casefold() in {known.casefold() for known in (shipped.name, *shipped.aliases)}:
            return store_outlet(shipped.name, kind=shipped.kind, aliases=shipped.aliases, reviewed=True)
    return store_outlet(name)


def store_outlet(
    name: str,
    *,
    kind: str = Outlet.Kind.UNKNOWN,
    aliases: Iterable[str] = (),
    domains: Iterable[str] = (),
    owner: str = "",
    owner_name: str = "",
    reviewed: bool = False,
) -> Outlet:
    """Return the outlet called `name`, made where it does not exist; names and domains that are free are added to it.

    An outlet that exists keeps its kind and owner: an editor may have set them.
    """
    slug = slugify(name)[:100] or uid_for("outlet", name.casefold()).hex[:12]
    if Outlet.objects.filter(slug=slug).exclude(name__iexact=name).exists():
        slug = f"{slug}-{uid_for('outlet', name.casefold()).hex[:6]}"
    outlet, _ = Outlet.objects.get_or_create(
        name__iexact=name,
        defaults={
            "uid": uid_for("outlet", name.casefold()),
            "slug": slug,
            "name": name,
            "kind": kind,
            "owner": resolve_outlet(owner) if owner else None,
            "owner_name": owner_name,
            "reviewed": reviewed,
        },
    )
    wanted = {alias.casefold(): alias for alias in aliases if alias.casefold() != name.casefold()}
    taken = OutletAlias.objects.annotate(key=Lower("name")).filter(key__in=[alias.lower() for alias in wanted.values()])
    free = wanted.keys() - {alias.name.casefold() for alias in taken}
    OutletAlias.objects.bulk_create(
        [OutletAlias(outlet=outlet, name=wanted[key]) for key in sorted(free)], ignore_conflicts=True
    )
    OutletDomain.objects.bulk_create(
        [OutletDomain(outlet=outlet, domain=domain.lower()) for domain in domains], ignore_conflicts=True
    )
    return outlet


def load_outlets(path: Path) -> list[Outlet]:
    """Store the outlets of a JSON file: [{"name", "kind"?, "aliases"?, "domains"?, "owner"?, "owner_name"?}].

    Raises DocumentRefused when the file is not such a list; nothing is stored then.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        with transaction.atomic():
            return [store_outlet(**{"reviewed": True, **row}) for row in rows]
    except (OSError, ValueError, TypeError) as error:
        raise DocumentRefused(f"{path.name} is not a list of outlets: {error}") from error


# Import runs


def create_import_run(
    label: str, documents: Iterable[Document | Refusal], *, requested_by: User | None = None, priority: int = 0
) -> ImportRun:
    """Store a run with one item a document: waiting, or failed or skipped with its reason where it cannot be read.

    Either the whole run is stored or nothing.
    """
    with transaction.atomic():
        run = ImportRun.objects.create(label=label[:500], requested_by=requested_by, priority=priority)
        rows: list[ImportItem] = []
        for position, document in enumerate(documents, start=1):
            rows.append(_item(run, position, document))
            if len(rows) == ITEMS_PER_INSERT:
                ImportItem.objects.bulk_create(rows)
                rows = []
        ImportItem.objects.bulk_create(rows)
    logger.info("import requested run=%s items=%d", run.uid, run.items.count())
    return run


def _storable(text: str) -> str:
    """Return a text without what PostgreSQL cannot hold: NUL, and halves of characters from file names."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _item(run: ImportRun, position: int, document: Document | Refusal) -> ImportItem:
    if isinstance(document, Refusal):
        state = ImportItem.State.SKIPPED if document.skipped else ImportItem.State.FAILED
        return ImportItem(
            run=run,
            position=position,
            label=_storable(document.label)[:1000],
            payload=document.payload or None,
            state=state,
            reason=_storable(document.reason),
            finished_at=timezone.now(),
        )
    return ImportItem(
        run=run,
        position=position,
        priority=run.priority,
        label=_storable(document.label)[:1000],
        record=document.record,
        media_type=document.media_type,
        payload=document.payload,
    )


def import_item(item_id: int) -> ImportItem | None:
    """Import one document if it is still waiting and no other worker has it, and return its item.

    The article, its snapshot, revision and derivations are stored together with the item's new state or not at all.
    """
    with transaction.atomic():
        item = (
            ImportItem.objects.pending().select_for_update(skip_locked=True).select_related("run").filter(pk=item_id)
        ).first()
        if item is None:
            return None
        try:
            with transaction.atomic():
                article, note = store_article(bytes(item.payload or b""), item.media_type, item.record, run=item.run)
        except DocumentUnchanged as unchanged:
            return finish_item(item, ImportItem.State.SKIPPED, str(unchanged), article=unchanged.article)
        except DocumentRefused as refused:
            return finish_item(item, ImportItem.State.FAILED, str(refused))
        except DatabaseError:
            raise
        except Exception as error:
            logger.exception("import crashed item=%s", item.pk)
            item.reason = f"{type(error).__name__}: {error}"
            item.save(update_fields=["reason"])
            return item
        return finish_item(item, ImportItem.State.IMPORTED, note, article=article)


def finish_item(item: ImportItem, state: str, reason: str, *, article: Article | None = None) -> ImportItem:
    """Record what became of an item; the bytes of a failed one are kept for another try."""
    item.state = state
    item.reason = reason
    item.article = article
    item.finished_at = timezone.now()
    item.not_before = None
    if state != ImportItem.State.FAILED:
        item.payload = None
    item.save(update_fields=["state", "reason", "article", "finished_at", "not_before", "payload"])
    logger.info("import finished item=%s state=%s", item.pk, state)
    return item


def store_article(payload: bytes, media_type: str, record: dict[str, Any], *, run: ImportRun) -> tuple[Article, str]:
    """Store a document as an article with its snapshot, current revision and derivations.

    Returns the article, and what somebody should have a look at, or "". An article that exists gets a new revision
    when its text changed.

    Raises DocumentRefused when it is not an article, DocumentUnchanged when it is stored already.
    """
    content = _read(payload, media_type, record)
    published_at, has_time = parse_published(content.published_at) if content.published_at else (None, False)
    outlet = _outlet_of(content)
    text_hash = sha256_hex(content.text.encode())
    identity = content.url or (f"id:{record['id']}" if record.get("id") else f"sha256:{text_hash}")
    article, created = Article.objects.get_or_create(
        outlet=outlet,
        identity=identity,
        defaults={
            "uid": uid_for("article", str(outlet.uid), identity),
            "external_id": record.get("id", ""),
            "url": content.url,
            "title": content.title[:1000],
            "byline": content.byline[:500],
            "language": content.language or "en",
            "published_at": published_at,
            "published_has_time": has_time,
        },
    )
    if not created:
        article = Article.objects.select_for_update(of=("self",)).select_related("current_revision").get(pk=article.pk)
        if article.current_revision is not None and article.current_revision.sha256 == text_hash:
            raise DocumentUnchanged(article)
    revision = _store_revision(article, payload, media_type, content, record, run)
    _store_credits(article, revision, content.credits)
    reuse.find_copies(revision)
    return article, _lost(content.lost_quotes)


def _lost(quotes: tuple[str, ...]) -> str:
    """Return what to tell of quotations that the page has and its text lacks."""
    if not quotes:
        return ""
    return f"Have a look: {len(quotes)} quotations of the page are not in its text, such as “{quotes[0][:200]}”."


def _read(payload: bytes, media_type: str, record: dict[str, Any]) -> ArticleText:
    page = None
    if media_type == HTML:
        content_type = record.get("content-type") or (
            f"text/html; charset={record['charset']}" if record.get("charset") else ""
        )
        page = pages.read_page(payload, url=record.get("url", ""), content_type=content_type)
    text, method = (page.text, pages.METHOD) if page is not None else (decode_text(payload), "as given")
    if len(text) > settings.IMPORT_MAX_TEXT_CHARACTERS:
        raise DocumentRefused(
            f"The text has {len(text):,} characters; the limit is {settings.IMPORT_MAX_TEXT_CHARACTERS:,}. Split it."
        )

    def said(key: str, of_page: str) -> str:
        return record.get(key) or (getattr(page, of_page) if page is not None else "")

    url = said("url", "canonical_url")
    if page is not None and page.canonical_url and same_site(url, page.canonical_url):
        url = page.canonical_url
    first_line = next(line.strip() for line in text.splitlines() if line.strip())
    named = record.get("credits") or [record[field] for field in CREDIT_FIELDS if record.get(field)]
    return ArticleText(
        text=text,
        method=method,
        title=said("title", "title") or first_line[:300],
        byline=said("byline", "byline"),
        published_at=record.get("published_at") or (_sensible_date(page.published_at) if page is not None else ""),
        language=said("language", "language"),
        url=_sensible_url(url),
        outlet=record.get("outlet", ""),
        site_name=page.site_name if page is not None else "",
        credits=(*named, *(page.credits if page is not None else ())),
        lost_quotes=page.lost_quotes if page is not None else (),
    )


def _sensible_date(raw: str) -> str:
    """Return what a page says of its date; "" where that cannot be: a page is not refused for it."""
    try:
        parse_published(raw)
    except DocumentRefused:
        return ""
    return raw


def _sensible_url(url: str) -> str:
    """Return an address in its one form; "" for one too long to be kept."""
    canonical = canonicalize(url) if url else ""
    return canonical if len(canonical) <= URL_CHARACTERS else ""


def _outlet_of(content: ArticleText) -> Outlet:
    """Return who published a document: who the record names, or whose domain it is from, or what the site calls itself.

    An outlet met by its domain for the first time is made, unreviewed. Raises DocumentRefused where nothing tells.
    """
    if content.outlet:
        return resolve_outlet(content.outlet)
    domain = outlet_domain(urlsplit(content.url).hostname or "")
    known = OutletDomain.objects.select_related("outlet").filter(domain__iexact=domain).first() if domain else None
    if known is not None:
        return known.outlet
    if not content.site_name and not domain:
        raise DocumentRefused("The document has no outlet; name it in the record or with --outlet.")
    outlet = resolve_outlet(content.site_name or domain)
    if domain:
        OutletDomain.objects.get_or_create(domain=domain, defaults={"outlet": outlet})
    return outlet


def _store_revision(
    article: Article, payload: bytes, media_type: str, content: ArticleText, record: dict[str, Any], run: ImportRun
) -> Revision:
    body_hash, text_hash = sha256_hex(payload), sha256_hex(content.text.encode())
    snapshot, _ = Snapshot.objects.get_or_create(
        article=article,
        sha256=body_hash,
        defaults={
            "uid": uid_for("snapshot", str(article.uid), body_hash),
            "body": payload,
            "media_type": media_type,
            "headers": record,
            "captured_at": record.get("captured_at") or run.created_at,
        },
    )
    revision, _ = Revision.objects.get_or_create(
        article=article,
        sha256=text_hash,
        defaults={
            "uid": uid_for("revision", str(article.uid), text_hash),
            "snapshot": snapshot,
            "number": article.revisions.count() + 1,
            "text": content.text,
            "method": content.method,
        },
    )
    article.current_revision, article.revised_at = revision, timezone.now()
    article.save(update_fields=["current_revision", "revised_at"])
    return revision


def _store_credits(article: Article, revision: Revision, stated: Iterable[str]) -> None:
    """Propose a derivation for each outlet credited or cited; one that an editor has decided stays as it is.

    stated: what page or record name as authors, sources or providers.
    """
    lines = [article.byline, *stated]
    found: dict[tuple[str, int], tuple[credits.Credit, Outlet]] = {}
    for credit in credits.find_credits(
        revision.text,
        byline=article.byline,
        stated=lines[1:],
        known=Outlet.objects.names_in("\n".join([revision.text, *lines])),
    ):
        upstream = resolve_outlet(credit.name)
        if upstream.pk == article.outlet_id or (credit.kind == "citation" and ("credit", upstream.pk) in found):
            continue
        # Under several of its names: what all of the text is credited to is not partial.
        known = found.get((credit.kind, upstream.pk))
        if known is None or (known[0].partial and not credit.partial):
            found[credit.kind, upstream.pk] = credit, upstream
    for credit, upstream in found.values():
        derivation, created = Derivation.objects.get_or_create(
            article=article,
            kind=credit.kind,
            upstream_outlet=upstream,
            upstream_article=None,
            defaults={
                "uid": uid_for("derivation", str(article.uid), credit.kind, str(upstream.uid)),
                "partial": credit.partial,
                "revision": revision,
                "start": credit.start,
                "end": credit.end,
                "method": credits.METHOD,
            },
        )
        if not created and derivation.status == DecisionStatus.PROPOSED:
            # The same credit in a new text: its evidence moves along.
            derivation.partial, derivation.revision = credit.partial, revision
            derivation.start, derivation.end = credit.start, credit.end
            derivation.save(update_fields=["partial", "revision", "start", "end"])
