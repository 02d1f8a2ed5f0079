"""The stored corroboration of claims, for lists."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from claims.models import Claim, Corroboration
from claims.reports import ClaimReports, load_reports
from sources.models import Article, Derivation

CLAIMS_PER_REFRESH = 200
#: A derivation may become visible this long after the time it bears: when the import that made it ends.
LONGEST_COMMIT = timedelta(seconds=10)


def refresh_corroboration(claim_ids: Iterable[int]) -> int:
    """Recompute the stored corroboration of claims and return how many there were.

    Both bases are stored: all counted reports, and confirmed ones only.
    """
    now = timezone.now()
    with transaction.atomic():
        # In order of ids, so that two writers of the same claims wait for each other rather than deadlock.
        claims = list(Claim.objects.filter(pk__in=set(claim_ids)).order_by("pk").select_for_update())
        for basis in Corroboration.Basis.values:
            loaded = load_reports(claims, confirmed_only=basis == Corroboration.Basis.CONFIRMED)
            rows = [_summary(loaded[claim.pk], basis, now) for claim in claims]
            rows = Corroboration.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["claim", "basis"],
                update_fields=[
                    field.name
                    for field in Corroboration._meta.concrete_fields
                    if field.name not in ("id", "claim", "basis")
                ],
            )
            _replace_links(Corroboration.outlets.through, rows, [loaded[c.pk].finding.outlets for c in claims])
            _replace_links(Corroboration.origins.through, rows, [loaded[c.pk].finding.origins for c in claims])
    return len(claims)


def _summary(reports: ClaimReports, basis: str, now: datetime) -> Corroboration:
    finding = reports.finding
    published = [r.article.published_at for r in reports.affirming if r.article.published_at is not None]
    return Corroboration(
        claim=reports.claim,
        basis=basis,
        level=finding.level,
        disputed=finding.disputed,
        report_count=len(reports.affirming),
        outlet_count=len(finding.outlets),
        origin_count=len(finding.origins),
        origin_lower_bound=finding.origin_lower_bound,
        exact=finding.exact,
        first_published_at=min(published, default=None),
        last_published_at=max(published, default=None),
        computed_at=now,
    )


def _replace_links(through: Any, rows: list[Corroboration], outlets: list[frozenset[int]]) -> None:
    through.objects.filter(corroboration__in=[row.pk for row in rows]).delete()
    through.objects.bulk_create(
        through(corroboration_id=row.pk, outlet_id=outlet_id)
        for row, ids in zip(rows, outlets, strict=True)
        for outlet_id in sorted(ids)
    )


def refresh_outdated() -> int:
    """Recompute the corroboration of claims that no longer follows from what is stored; return how many there were.

    An article that comes in late may be what earlier ones were copied from, and an editor may decide on a derivation:
    then the claims of both articles, and of all that were copied from them in turn, have other origins. And an article
    may go back to an earlier text, whose statements were matched long ago.
    """
    articles = _articles_of_new_derivations() | set(_revised_articles().values_list("pk", flat=True))
    claims = sorted(
        Claim.objects.filter(attributions__statement__revision__article__in=articles)
        .order_by()
        .values_list("pk", flat=True)
        .distinct()
    )
    for first in range(0, len(claims), CLAIMS_PER_REFRESH):
        refresh_corroboration(claims[first : first + CLAIMS_PER_REFRESH])
    return len(claims)


def has_outdated() -> bool:
    """Whether a derivation, or an article's text, is newer than the corroboration of a claim that hangs on it."""
    return _revised_articles().exists() or any(found.exists() for found in _new_derivations())


def _revised_articles() -> "QuerySet[Article]":
    """Return the articles whose current text became so after a claim of any of their texts was counted."""
    seen_by = ExpressionWrapper(F("revised_at") + Value(LONGEST_COMMIT), output_field=DateTimeField())
    return (
        Article.objects.filter(revised_at__isnull=False)
        .annotate(seen_by=seen_by)
        .filter(revisions__statements__attributions__claim__corroborations__computed_at__lt=F("seen_by"))
        .distinct()
    )


def _new_derivations() -> "list[QuerySet[Derivation]]":
    """Return the derivations newer than a claim of the article they are of, and than one of the article upstream."""
    changed_at = Greatest("created_at", "decided_at")
    seen_by = ExpressionWrapper(changed_at + Value(LONGEST_COMMIT), output_field=DateTimeField())
    later = Derivation.objects.filter(Q(kind=Derivation.Kind.COPY) | Q(decided_at__isnull=False)).annotate(
        seen_by=seen_by
    )
    computed_at = "revisions__statements__attributions__claim__corroborations__computed_at__lt"
    return [later.filter(**{f"{end}__{computed_at}": F("seen_by")}) for end in ("article", "upstream_article")]


def _articles_of_new_derivations() -> set[int]:
    articles: set[int] = set()
    for found in _new_derivations():
        for ends in found.values_list("article_id", "upstream_article_id").distinct():
            articles.update(end for end in ends if end is not None)
    wanted = articles
    while wanted:
        copied = Derivation.objects.filter(upstream_article__in=wanted).values_list("article_id", flat=True)
        wanted = set(copied) - articles
        articles |= wanted
    return articles
