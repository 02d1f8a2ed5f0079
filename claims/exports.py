"""Claims as JSON Lines, for programs that want all of them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from claims.corroboration.reports import ClaimReports, load_reports
from claims.corroboration.stories import Story, load_stories
from claims.models import Attribution, Claim
from claims.querysets import ClaimQuerySet

#: Claims read at a time: what is held in memory, and what one round of queries is shared by.
CHUNK_CLAIMS = 500


@contextmanager
def one_moment() -> Iterator[None]:
    """Let all queries inside see the database as it is at the first of them."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def exported_claims(*, include_rejected: bool = False) -> ClaimQuerySet:
    """Claims that were not merged and have a report that counts, or with `include_rejected` any report at all."""
    attributions = Attribution.objects.standing() if include_rejected else Attribution.objects.counted()
    claims: ClaimQuerySet = Claim.objects.standing().filter(Exists(attributions.filter(claim=OuterRef("pk"))))
    return claims


def claim_lines(*, include_rejected: bool = False) -> Iterator[str]:
    """Yield each exported claim as a line of JSON without its line end, the oldest claim first.

    Claims are read in chunks, so that memory does not grow with their number; a caller that wants all lines from one
    moment opens a repeatable read transaction around them.
    """
    for chunk in _chunks(exported_claims(include_rejected=include_rejected)):
        loaded = load_reports(chunk)
        stories = load_stories(loaded.values())
        uncounted = _uncounted(chunk) if include_rejected else {}
        for claim in chunk:
            record = claim_record(loaded[claim.pk], stories[claim.pk], uncounted.get(claim.pk, []))
            yield json.dumps(record, ensure_ascii=False)


def claim_record(reports: ClaimReports, story: Story, uncounted: list[Attribution]) -> dict[str, Any]:
    """Return what is exported of a claim; level and origins follow from its counted reports alone."""
    attributions = [*(report.attribution for report in reports.reports), *uncounted]
    claim = reports.claim
    return {
        "id": str(claim.uid),
        "text": claim.text,
        "speaker": claim.speaker.name if claim.speaker else None,
        "topics": [topic.name for topic in claim.topics.all()],
        "level": reports.finding.level,
        "disputed": reports.finding.disputed,
        "origins": [outlet.name for outlet in reports.origins],
        "reports": [_report(attribution) for attribution in sorted(attributions, key=_publication)],
        "not_found_in": {
            "count": story.missing_count,
            "of": story.article_count,
            "complete": story.complete,
            "outlets": [
                {
                    "outlet": gap.outlet.name,
                    "count": gap.article_count,
                    "reports_elsewhere": gap.reports_elsewhere,
                }
                for gap in story.gaps
            ],
        },
    }


def _publication(attribution: Attribution) -> tuple[Any, ...]:
    """Sort reports as they were published, undated ones last."""
    published_at = attribution.statement.revision.article.published_at
    return (published_at is None, published_at, attribution.statement.start, attribution.pk)


def _report(attribution: Attribution) -> dict[str, Any]:
    statement = attribution.statement
    article = statement.revision.article
    return {
        "article": article.imported_as,
        "outlet": article.outlet.name,
        "start": statement.start,
        "end": statement.end,
        "exact": statement.revision.text[statement.start : statement.end],
        "kind": statement.kind,
        "stance": attribution.stance,
        "status": attribution.status,
        "score": attribution.score,
    }


def _chunks(claims: ClaimQuerySet) -> Iterator[list[Claim]]:
    """Yield the claims in lists, each found by what its predecessor ended with: no cursor is held open."""
    claims = claims.select_related("speaker").prefetch_related("topics").order_by("pk")
    chunk = list(claims[:CHUNK_CLAIMS])
    while chunk:
        yield chunk
        chunk = list(claims.filter(pk__gt=chunk[-1].pk)[:CHUNK_CLAIMS]) if len(chunk) == CHUNK_CLAIMS else []


def _uncounted(claims: list[Claim]) -> dict[int, list[Attribution]]:
    """Return what an editor rejected or left unsure, by claim."""
    uncounted: dict[int, list[Attribution]] = {}
    for attribution in (
        Attribution.objects.standing()
        .filter(
            status__in=(Attribution.Status.REJECTED, Attribution.Status.UNSURE),
            claim__in=[claim.pk for claim in claims],
        )
        .select_related("statement__revision__article__outlet")
    ):
        uncounted.setdefault(attribution.claim_id, []).append(attribution)
    return uncounted
