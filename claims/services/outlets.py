"""Outlets as editors correct them: edited, merged, and parted again.

It stands here and not in `sources`, since what outlets relayed moves with them, and versions are kept here. The
triggers of the rows that move note whose corroboration is to be counted again.
"""

import logging
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import pghistory
from django.contrib.auth.models import User
from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Greatest, Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import StatementRelay
from claims.services.decisions import DecisionConflict, DecisionRefused
from claims.services.editing import KEPT, Kept, check_lengths, editing, given, one_of_each, tidied
from claims.services.rows import insert_row, row_values, update_row
from claims.services.speakers import lock_speakers
from claims.versions import check_version
from sources.models import Article, DecisionStatus, Derivation, Feed, Outlet, OutletAlias, OutletDomain, OutletMerge
from sources.services.outlets import OUTLETS_LOCK
from sources.urls import outlet_domain

logger = logging.getLogger(__name__)

#: What is an outlet's own, as its model and the column that names the outlet; all else is worked out from these.
MOVING: dict[str, tuple[type[models.Model], str]] = {
    "articles": (Article, "outlet"),
    "aliases": (OutletAlias, "outlet"),
    "domains": (OutletDomain, "outlet"),
    "derivations": (Derivation, "upstream_outlet"),
    "feeds": (Feed, "outlet"),
    "owned": (Outlet, "owner"),
    "redirected": (Outlet, "merged_into"),
    "relays": (StatementRelay, "outlet"),
}
#: Names that are at least this much alike, by their trigrams, may be one outlet's.
ALIKE = 0.4
MOST_ALIKE = 20
#: Of a name of an outlet.
MOST_CHARACTERS = 200


# Editing


def edit_outlet(
    outlet: Outlet,
    *,
    version: str | None,
    by: User,
    name: str | Kept = KEPT,
    kind: str | Kept = KEPT,
    owner: Outlet | Kept | None = KEPT,
    owner_name: str | Kept = KEPT,
    aliases: Iterable[str] | Kept = KEPT,
    domains: Iterable[str] | Kept = KEPT,
    reason: str = "",
) -> Outlet:
    """Change what is known of an outlet, and return it, reviewed. A former name goes on to stand for it.

    version: of the outlet as the editor saw it. Raises VersionConflict where it changed since, DecisionConflict where
    it was merged, and DecisionRefused where a name or a domain is another outlet's; nothing is changed then.
    """
    called = name if name is KEPT else tidied(name)
    wanted = given(name=called, kind=kind, owner=owner, owner_name=owner_name)
    if wanted.get("name") == "":
        raise DecisionRefused(_("An outlet needs a name."))
    with transaction.atomic(), editing(by, reason):
        [row] = _held(outlet.pk)
        own = wanted.get("name", row.name)
        if aliases is not KEPT or own != row.name:
            named = row.aliases.values_list("name", flat=True) if aliases is KEPT else map(tidied, aliases)
            others = one_of_each([*sorted(set(named) - {""}), row.name])
            wanted["aliases"] = {each for each in others if each.lower() != own.lower()}
        check_lengths([own, *wanted.get("aliases", ())], most=MOST_CHARACTERS)
        if domains is not KEPT:
            wanted["domains"] = {_domain(domain) for domain in domains if domain.strip()}
        if version is not None:
            check_version(row, version, wanted)
        _check_owner(row, wanted)
        if own != row.name:
            _check_name_free(row, own)
        for part, column in (("aliases", "name"), ("domains", "domain")):
            if part in wanted:
                _set_part(row, part, column, wanted.pop(part))
        for column, value in wanted.items():
            setattr(row, column, value)
        row.reviewed = True
        row.save(update_fields=[*wanted, "reviewed"])
    logger.info("edited outlet=%s", row.pk)
    return row


def _domain(text: str) -> str:
    address = text.strip()
    try:
        host = urlsplit(address).hostname if "//" in address else address
    except ValueError:
        host = ""
    domain = outlet_domain(host or "")
    if not domain:
        raise DecisionRefused(_("“%(domain)s” is no domain such as example.org.") % {"domain": address[:100]})
    return domain


def _check_owner(outlet: Outlet, wanted: dict[str, Any]) -> None:
    owner = wanted.get("owner", outlet.owner)
    if owner is not None and owner.pk == outlet.pk:
        raise DecisionRefused(_("An outlet is not its own owner; choose another, or none."))
    if owner is not None and wanted.get("owner_name", outlet.owner_name):
        raise DecisionRefused(_("Give one owner: an outlet, or one that publishes nothing itself."))


def _check_name_free(outlet: Outlet, name: str) -> None:
    other = Outlet.objects.filter(name__iexact=name).exclude(pk=outlet.pk).first()
    if other is not None and other.merged_into_id == outlet.pk:
        raise DecisionRefused(
            _("“%(name)s” is the name of an outlet that was merged into this one, and stands for it already.")
            % {"name": name}
        )
    alias = OutletAlias.objects.filter(name__iexact=name).exclude(outlet=outlet).select_related("outlet").first()
    holder = other or (alias.outlet if alias is not None else None)
    if holder is not None:
        raise _taken(name, holder)


def _taken(name: str, holder: Outlet) -> DecisionRefused:
    return DecisionRefused(
        _("“%(name)s” is %(other)s’s already. Merge the two, or take it from there first.")
        % {"name": name, "other": holder}
    )


def _set_part(outlet: Outlet, part: str, column: str, wanted: set[str]) -> None:
    of_outlet: Any = getattr(outlet, part)
    lowered = [value.lower() for value in wanted]
    held = (
        of_outlet.model._default_manager.alias(lowered=Lower(column))
        .filter(lowered__in=lowered)
        .exclude(outlet=outlet)
        .select_related("outlet")
        .order_by("pk")
        .first()
    )
    if held is not None:
        raise _taken(getattr(held, column), held.outlet)
    if part == "aliases":
        named = Outlet.objects.alias(lowered=Lower("name")).filter(lowered__in=lowered, merged_into=None)
        if (other := named.exclude(pk=outlet.pk).first()) is not None:
            raise _taken(other.name, other)
    had = set(of_outlet.values_list(column, flat=True))
    of_outlet.filter(**{f"{column}__in": had - wanted}).delete()
    for value in sorted(wanted - had):
        of_outlet.create(**{column: value})


def _held(*ids: int) -> list[Outlet]:
    """Return outlets, locked, as they are now; raises DecisionConflict where one was merged."""
    held = Outlet.objects.select_for_update(of=("self",)).select_related("merged_into", "owner").order_by("pk")
    found = {row.pk: row for row in held.filter(pk__in=ids)}
    for row in found.values():
        if row.merged_into is not None:
            raise DecisionConflict(
                _("“%(outlet)s” was merged into “%(other)s” meanwhile; look again, then decide.")
                % {"outlet": row, "other": row.merged_into}
            )
    return [found[pk] for pk in ids]


# Merging


def possible_duplicates(outlet: Outlet) -> list[Outlet]:
    """Return standing outlets with a name like one of this one's, the likest first. An editor decides."""
    names = [outlet.name, *outlet.aliases.order_by("pk").values_list("name", flat=True)[:5]]

    def alike(column: str) -> Any:
        each = [TrigramSimilarity(column, name) for name in names]
        return Greatest(*each) if len(each) > 1 else each[0]

    others = Outlet.objects.standing().exclude(pk=outlet.pk)
    found: dict[Outlet, float] = {}
    for column in ("name", "aliases__name"):
        for other in (
            others.annotate(alike=alike(column)).filter(alike__gte=ALIKE).order_by("-alike", "pk")[:MOST_ALIKE]
        ):
            found[other] = max(other.alike, found.get(other, 0.0))
    return sorted(found, key=lambda other: (-found[other], other.pk))[:MOST_ALIKE]


def moving(outlet: Outlet) -> dict[str, "models.QuerySet[Any]"]:
    """Return what a merge of an outlet into another gives that one."""
    return {name: model._default_manager.filter(**{column: outlet}) for name, (model, column) in MOVING.items()}


def merge_outlets(outlet: Outlet, *, into: Outlet, by: User) -> OutletMerge:
    """Give all that is `outlet`'s to `into` and leave a redirect; returns the record to undo it by.

    Of an origin or a relay that both stand for in one article, the one that an editor decided on stays. Of an article
    that both have under one address, both stay: the one that comes is kept apart by its identity. Raises
    DecisionConflict where one of the two was merged meanwhile.
    """
    if outlet.pk == into.pk:
        raise DecisionRefused(_("An outlet is not merged into itself; choose two."))
    with transaction.atomic(), pghistory.context(user=by.pk, decision="merge outlets"):
        _lock_outlets()
        gone, kept = _held(outlet.pk, into.pk)
        merge = OutletMerge(outlet=gone, into=kept, merged_by=by)
        merge.doubles = [*_settle_owner(gone, kept), *_settle_derivations(gone, kept), *_settle_relays(gone, kept)]
        merge.renamed = _set_identities_apart(gone, kept)
        for name, found in moving(gone).items():
            merge.moved[name] = sorted(found.values_list("pk", flat=True))
            found.update(**{MOVING[name][1]: kept})
        if not OutletAlias.objects.filter(name__iexact=gone.name).exists():
            merge.moved["added"] = [OutletAlias.objects.create(outlet=kept, name=gone.name).pk]
        gone.merged_into = kept
        gone.save(update_fields=["merged_into"])
        merge.save()
    logger.info("merged outlet=%s into=%s articles=%d", gone.pk, kept.pk, len(merge.moved["articles"]))
    return merge


def _lock_outlets() -> None:
    """Wait until nobody stores articles, statements or claims, and let nobody until the transaction ends."""
    lock_speakers()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [OUTLETS_LOCK])


def _settle_owner(gone: Outlet, kept: Outlet) -> list[list[Any]]:
    """Let the owner of an outlet that is merged into what it owns be that one's owner."""
    if kept.owner_id != gone.pk:
        return []
    before = row_values(kept)
    kept.owner_id = gone.owner_id if gone.owner_id != kept.pk else None
    kept.owner_name = gone.owner_name
    kept.save(update_fields=["owner", "owner_name"])
    return [["owned", None, before, row_values(kept)]]


def _settle_derivations(gone: Outlet, kept: Outlet) -> list[list[Any]]:
    """Keep one of two derivations of an article from outlets that become one; return what was given up for what."""
    ours = {
        (row.article_id, row.kind): row
        for row in Derivation.objects.filter(
            upstream_outlet=kept, upstream_article=None, article__derivations__upstream_outlet=gone
        )
    }
    doubles = []
    for theirs in Derivation.objects.filter(upstream_outlet=gone, upstream_article=None).order_by("pk"):
        row = ours.get((theirs.article_id, theirs.kind))
        if row is None:
            continue
        before = row_values(row)
        if row.status == DecisionStatus.PROPOSED != theirs.status:
            for name in ("partial", "revision_id", "start", "end", "status", "decided_by_id", "decided_at"):
                setattr(row, name, getattr(theirs, name))
            row.save()
        doubles.append(["derivations", row_values(theirs), before, row_values(row)])
        theirs.delete()
    return doubles


def _settle_relays(gone: Outlet, kept: Outlet) -> list[list[Any]]:
    doubles = []
    ours = {
        (row.statement_id, row.hop): row
        for row in StatementRelay.objects.filter(outlet=kept, statement__relays__outlet=gone)
    }
    for theirs in StatementRelay.objects.filter(outlet=gone).order_by("pk"):
        row = ours.get((theirs.statement_id, theirs.hop))
        if row is not None:
            doubles.append(["relays", row_values(theirs), row_values(row), row_values(row)])
            theirs.delete()
    return doubles


def _set_identities_apart(gone: Outlet, kept: Outlet) -> dict[str, str]:
    """Let no two articles of the two outlets have one identity; return those that were changed, by id."""
    both = Article.objects.filter(
        outlet=gone, identity__in=Article.objects.filter(outlet=kept).values("identity")
    ).order_by("pk")
    changed = {}
    for article in both:
        changed[str(article.pk)] = article.identity
        article.identity = f"{article.identity[:1900]} ({gone.slug}, {article.pk})"
        article.save(update_fields=["identity"])
    return changed


# Undoing a merge


def unmerge_outlets(outlet: Outlet, *, by: User) -> OutletMerge:
    """Undo the merge of `outlet` into another: all that moved and is still there comes back as it was.

    Articles that came since from one of its domains come along. Raises DecisionConflict where it is not merged (any
    more), or the other was merged on since.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, decision="unmerge outlets"):
        _lock_outlets()
        merge = OutletMerge.objects.select_related("outlet", "into").filter(outlet=outlet, undone_at=None).first()
        if merge is None:
            raise DecisionConflict(_("“%(outlet)s” is not merged into another outlet (any more).") % {"outlet": outlet})
        gone = merge.outlet
        [kept] = _held(merge.into_id)
        gone.merged_into = None
        gone.save(update_fields=["merged_into"])
        moved = dict(merge.moved)
        OutletAlias.objects.filter(pk__in=moved.pop("added", []), outlet=kept).delete()
        for name, ids in moved.items():
            model, column = MOVING[name]
            model._default_manager.filter(pk__in=ids, **{column: kept}).update(**{column: gone})
        _articles_since(merge).update(outlet=gone)
        for pk, identity in merge.renamed.items():
            Article.objects.filter(pk=int(pk), outlet=gone).update(identity=identity)
        for name, given_up, before, after in merge.doubles:
            _part_double(MOVING[name][0], given_up, before, after)
        merge.undone_by, merge.undone_at = by, timezone.now()
        merge.save(update_fields=["undone_by", "undone_at"])
    logger.info("unmerged outlet=%s from=%s", gone.pk, kept.pk)
    return merge


def _articles_since(merge: OutletMerge) -> "models.QuerySet[Any]":
    """Return the articles that came since a merge from a domain that is the merged outlet's again."""
    domains = set(OutletDomain.objects.filter(outlet=merge.outlet_id).values_list("domain", flat=True))
    came = Article.objects.filter(~Q(url=""), outlet=merge.into_id, created_at__gte=merge.merged_at)
    found = [pk for pk, url in came.values_list("pk", "url") if outlet_domain(urlsplit(url).hostname or "") in domains]
    return Article.objects.filter(pk__in=found)


def _part_double(
    model: type[models.Model], given_up: dict[str, Any] | None, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Store a row again that was given up; what it was kept for becomes what it was, unless it was changed since."""
    row = model._default_manager.filter(pk=after["id"]).first()
    if row is not None and row_values(row) == after:
        update_row(row, before)
    if given_up is not None:
        insert_row(model, given_up)
