"""What editors decided about an article's earlier text, carried over to its new one."""

import logging

from claims.anchoring import find_again
from claims.models import Attribution, Statement, StatementSpan
from sources.identity import uid_for
from sources.models import Revision

logger = logging.getLogger(__name__)

METHOD = "carried-over-1"


def carry_decisions(revision: Revision) -> int:
    """Repeat the decisions about the article's earlier texts for the same words in this one; return how many.

    Words are found again by themselves and their context. Where they are gone, or stand in several like places, the
    decision stays with the earlier text alone: it is never moved to a look-alike sentence. A statement that the
    extractor did not find again is made anew, since an editor confirmed that it is one.
    """
    decided = (
        Attribution.objects.exclude(status=Attribution.Status.PROPOSED)
        .filter(statement__revision__article=revision.article_id, statement__withdrawn_at=None)
        .exclude(statement__revision=revision)
        .select_related("statement__revision", "statement__speaker", "claim")
        .prefetch_related("statement__spans")
        .order_by("decided_at", "pk")
    )
    carried = orphaned = 0
    for attribution in decided:
        statement = _counterpart(attribution.statement, revision, keep=attribution.status == "confirmed")
        if statement is None:
            orphaned += 1
            continue
        decision = {
            name: getattr(attribution, name)
            for name in ("stance", "status", "score", "sub_scores", "method", "decided_by_id", "decided_at")
        }
        # In order of time: a later decision about the same pair overrides an earlier one.
        Attribution.objects.update_or_create(
            statement=statement,
            claim=attribution.claim,
            defaults=decision,
            create_defaults={
                "uid": uid_for("attribution", str(statement.uid), str(attribution.claim.uid)),
                **decision,
            },
        )
        carried += 1
    if carried or orphaned:
        logger.info("carried decisions revision=%s carried=%d orphaned=%d", revision.pk, carried, orphaned)
    return carried


def _counterpart(old: Statement, revision: Revision, *, keep: bool) -> Statement | None:
    """Return the statement of `revision` with the words of `old`; with `keep` it is made where there is none."""
    start = find_again(old.revision.text, old.start, old.end, revision.text)
    if start is None:
        return None
    shift = start - old.start
    content = [span for span in old.spans.all() if span.role == StatementSpan.Role.CONTENT]
    key = ",".join(f"{span.start + shift}-{span.end + shift}" for span in sorted(content, key=lambda span: span.start))
    found = Statement.objects.filter(revision=revision, content_key=key).first()
    if found is not None or not keep:
        return found
    copied = Statement.objects.create(
        uid=uid_for("statement", str(revision.uid), key),
        revision=revision,
        start=start,
        end=start + old.end - old.start,
        content_key=key,
        method=METHOD,
        **{
            name: getattr(old, name)
            for name in (
                "speaker_id",
                "kind",
                "act",
                "negated",
                "hedged",
                "denies",
                "quote",
                "source_text",
                "heading",
                "terms",
                "said_on",
                "confidence",
            )
        },
    )
    StatementSpan.objects.bulk_create(
        StatementSpan(statement=copied, role=span.role, start=span.start + shift, end=span.end + shift)
        for span in content
    )
    return copied
