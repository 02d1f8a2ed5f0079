"""Topics, and which claims are about them."""

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from claims.models import Attribution, Claim, ClaimTopic, Topic
from claims.topics import topics_in
from sources.errors import DocumentRefused
from sources.identity import uid_for

CLAIMS_PER_BATCH = 500


def load_topics(path: Path) -> list[Topic]:
    """Store the topics of a JSON file, [{"slug", "name", "keywords"}], and assign them to the claims there are.

    A topic that exists keeps its name; keywords are added. Raises DocumentRefused when the file is not such a list.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        with transaction.atomic():
            topics = [_store_topic(row["slug"], row["name"], row["keywords"]) for row in rows]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DocumentRefused(f"{path.name} is not a list of topics with slug, name and keywords: {error!r}") from error
    claim_ids = Claim.objects.standing().order_by("pk").values_list("pk", flat=True)
    batch: list[int] = []
    for claim_id in claim_ids.iterator():
        batch.append(claim_id)
        if len(batch) == CLAIMS_PER_BATCH:
            assign_topics(batch)
            batch = []
    assign_topics(batch)
    return topics


def _store_topic(slug: str, name: str, keywords: list[str]) -> Topic:
    topic, created = Topic.objects.get_or_create(
        slug=slug, defaults={"uid": uid_for("topic", slug), "name": name, "keywords": keywords}
    )
    new = [keyword for keyword in keywords if keyword not in topic.keywords]
    if new and not created:
        topic.keywords = [*topic.keywords, *new]
        topic.save(update_fields=["keywords"])
    return topic


def assign_topics(claim_ids: Iterable[int]) -> int:
    """Give claims the topics whose keywords occur in their reports, or in the headings above these.

    Returns how many were given; topics that a claim has stay, and one whose topics an editor chose gets none.
    """
    keywords = {topic.pk: topic.keywords for topic in Topic.objects.all()}
    texts: dict[int, list[str]] = defaultdict(list)
    for claim_id, quote, heading in (
        Attribution.objects.counted()
        .filter(claim__in=set(claim_ids), claim__topics_by=None)
        .values_list("claim_id", "statement__quote", "statement__heading")
    ):
        texts[claim_id] += [quote, heading]
    rows = [
        ClaimTopic(claim_id=claim_id, topic_id=topic_id, method=f"keyword: {keyword}")
        for claim_id, parts in texts.items()
        for topic_id, keyword in topics_in(parts, keywords).items()
    ]
    return len(ClaimTopic.objects.bulk_create(rows, ignore_conflicts=True))
