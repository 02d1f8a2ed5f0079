"""What lists of claims are read from: written with the corroboration, counted by facet, and known by its words."""

import json
from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from claims.models import Claim, ClaimTopic, Corroboration, Coverage, FacetChange, Listing, SpeakerAlias
from claims.words import STEMMING, configuration, spellings, spread

#: Stands for the day of a report that has none, and comes last among the newest.
UNDATED = datetime(1, 1, 1, tzinfo=UTC)
#: Changes of counts that readers may have to add up; more are folded by whoever recounts.
CHANGES_LEFT = 2000

_STORE = """
    INSERT INTO claims_listing
        (claim_id, basis, origin_count, outlet_count, published_at, said_on, facets, search)
    SELECT claim_id, basis, origin_count, outlet_count, published_at, said_on, facets,
        to_tsvector(config::regconfig, words) || to_tsvector('simple', names)
    FROM jsonb_to_recordset(%s::jsonb) AS given(
        claim_id bigint, basis text, origin_count integer, outlet_count integer, published_at timestamptz,
        said_on date, facets text[], config text, words text, names text
    )
    ORDER BY claim_id, basis
    ON CONFLICT (claim_id, basis) DO UPDATE SET
        origin_count = excluded.origin_count, outlet_count = excluded.outlet_count,
        published_at = excluded.published_at, said_on = excluded.said_on,
        facets = excluded.facets, search = excluded.search
    -- Most recounts change nothing of this, and an update would write every index anew.
    WHERE (claims_listing.origin_count, claims_listing.outlet_count, claims_listing.published_at,
            claims_listing.said_on, claims_listing.facets, claims_listing.search)
        IS DISTINCT FROM (excluded.origin_count, excluded.outlet_count, excluded.published_at,
            excluded.said_on, excluded.facets, excluded.search)
"""
# Whoever adds a word waits for nobody: a word that two add at once stands twice.
_ADD_WORDS = f"""
    INSERT INTO claims_listedword (word, stem)
    SELECT given.word, left(coalesce((tsvector_to_array(to_tsvector('{STEMMING}', given.word)))[1], given.word), 40)
    FROM unnest(%s::text[]) AS given(word)
    WHERE NOT EXISTS (SELECT FROM claims_listedword known WHERE known.word = given.word)
"""  # noqa: S608 (the SQL is ours)
_FOLD = """
    WITH folded AS (DELETE FROM claims_facetchange RETURNING basis, facet, change)
    INSERT INTO claims_facetcount AS kept (basis, facet, kind, claims)
    SELECT basis, facet, split_part(facet, ':', 1), sum(change) FROM folded GROUP BY basis, facet ORDER BY basis, facet
    ON CONFLICT (basis, facet) DO UPDATE SET claims = kept.claims + excluded.claims
"""
#: Names the lock of whoever folds: one at a time, the others go on without.
_FOLDING = 0x5ECD_50CE


def store_listings(claim_ids: Collection[int]) -> None:
    """Write the listings of claims as their stored corroboration has it; to be called while the claims are locked."""
    claims = {
        claim.pk: claim
        for claim in Claim.objects.filter(pk__in=claim_ids, merged_into=None)
        .select_related("speaker")
        .only("text", "language", "said_on", "speaker__name")
    }
    topics, names = _topics(claims), _names({claim.speaker_id for claim in claims.values() if claim.speaker_id})
    outlets: dict[int, list[int]] = defaultdict(list)
    for row, outlet in Corroboration.outlets.through.objects.filter(corroboration__claim__in=claims).values_list(
        "corroboration_id", "outlet_id"
    ):
        outlets[row].append(outlet)
    summaries = list(Corroboration.objects.filter(claim__in=claims))
    confirmed = {s.claim_id for s in summaries if s.basis == Corroboration.Basis.CONFIRMED and s.report_count}
    worded = _worded({s.claim_id for s in summaries if s.basis == Corroboration.Basis.COUNTED and s.report_count > 1})
    rows = []
    for summary in summaries:
        if not (summary.outlet_count or summary.disputed):
            continue
        claim = claims[summary.claim_id]
        facets = _facets(summary, claim, topics[claim.pk], outlets[summary.pk], confirmed=claim.pk in confirmed)
        facets += worded[claim.pk]
        called = " ".join([claim.speaker.name, *names[claim.speaker.pk]]) if claim.speaker else ""
        rows.append(
            {
                "claim_id": claim.pk,
                "basis": summary.basis,
                "origin_count": summary.origin_count,
                "outlet_count": summary.outlet_count,
                "published_at": (summary.first_published_at or UNDATED).isoformat(),
                "said_on": claim.said_on and claim.said_on.isoformat(),
                "facets": sorted(facets),
                "config": configuration(claim.language),
                "words": spread(claim.text),
                "names": spread(called),
            }
        )
    _write(claim_ids, rows)


def _topics(claims: Collection[int]) -> dict[int, list[int]]:
    topics: dict[int, list[int]] = defaultdict(list)
    for claim, topic in ClaimTopic.objects.filter(claim__in=claims).values_list("claim_id", "topic_id"):
        topics[claim].append(topic)
    return topics


def _names(speakers: Collection[int]) -> dict[int, list[str]]:
    """Return by what other names speakers are known."""
    names: dict[int, list[str]] = defaultdict(list)
    for speaker, name in (
        SpeakerAlias.objects.filter(speaker__in=speakers).order_by("pk").values_list("speaker_id", "name")
    ):
        names[speaker].append(name)
    return names


def _worded(claims: Collection[int]) -> dict[int, list[str]]:
    """Return the facets of claims by what their reports say beside the fullest one, as they were last compared."""
    facets: dict[int, set[str]] = defaultdict(set)
    compared = Coverage.objects.filter(Q(differs=True) | Q(alarms=True), claim__in=claims)
    for claim, differs, alarms in compared.values_list("claim_id", "differs", "alarms"):
        facets[claim] |= worded_facets(differs=differs, alarms=alarms)
    return defaultdict(list, {claim: sorted(found) for claim, found in facets.items()})


def worded_facets(*, differs: bool, alarms: bool) -> set[str]:
    """Return the facets of a claim of whose reports some say other things, or leave out what changes the sense."""
    return {facet for facet, holds in (("has:difference", differs), ("has:alarm", alarms)) if holds}


def _facets(
    summary: Corroboration, claim: Claim, topics: list[int], outlets: list[int], *, confirmed: bool
) -> list[str]:
    facets = [
        f"basis:{summary.basis}",
        f"level:{summary.level}",
        f"language:{claim.language}",
        f"status:{'confirmed' if confirmed else 'proposed'}",
        *(f"topic:{topic}" for topic in topics),
        *(f"outlet:{outlet}" for outlet in outlets),
    ]
    if claim.speaker_id:
        facets.append(f"speaker:{claim.speaker_id}")
    if summary.first_published_at:
        facets.append(f"year:{summary.first_published_at.astimezone(UTC).year}")
    if summary.disputed:
        facets.append("disputed:1")
    return facets


def _write(claim_ids: Collection[int], rows: list[dict[str, Any]]) -> None:
    listed = {(row["claim_id"], row["basis"]) for row in rows}
    gone = [
        pk
        for pk, claim, basis in Listing.objects.filter(claim__in=claim_ids).values_list("pk", "claim_id", "basis")
        if (claim, basis) not in listed
    ]
    if gone:
        Listing.objects.filter(pk__in=gone).delete()
    if not rows:
        return
    words = sorted(spellings(row[part] for row in rows for part in ("words", "names")))
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [json.dumps(rows).replace(r"\u0000", "")])
        cursor.execute(_ADD_WORDS, [words])


def fold_changes() -> int:
    """Add the noted changes of facets' counts to the counts, unless another is at it; return how many there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_FOLDING])
        if not cursor.fetchone()[0]:
            return 0
        waiting = FacetChange.objects.count()
        if waiting:
            cursor.execute(_FOLD)
        return waiting


def fold_many_changes() -> int:
    """Fold the changes of counts if there are more than readers should have to add up; return how many there were."""
    many = FacetChange.objects.order_by("pk")[CHANGES_LEFT : CHANGES_LEFT + 1].exists()
    return fold_changes() if many else 0
