"""The stored corroboration of claims, for lists."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims.models import Claim, Corroboration
from claims.reports import ClaimReports, load_reports


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
