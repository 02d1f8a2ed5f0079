"""What lists of claims are read from: written with the corroboration, counted by facet, and known by its words."""

import json
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from claims.models import Corroboration, FacetChange
from claims.prepared import fetch_all
from claims.words import STEMMING, configuration, spellings, spread

#: Stands for the day of a report that has none, and comes last among the newest.
UNDATED = datetime(1, 1, 1, tzinfo=UTC)
#: Changes of counts that readers may have to add up; more are folded by whoever recounts.
CHANGES_LEFT = 2000


class Counts(NamedTuple):
    """What lists have of a claim's corroboration, for one basis."""

    claim: int
    basis: str
    level: str
    disputed: bool
    report_count: int
    outlet_count: int
    origin_count: int
    first_published_at: datetime | None
    outlets: Collection[int]


class _Listed(NamedTuple):
    """What lists have of a claim itself, and of its reports as they were last compared in their words."""

    text: str
    language: str
    said_on: date | None
    speaker: int | None
    #: The speaker's name, and the others that they are known by.
    name: str
    aliases: list[str]
    topics: list[int]
    differs: bool | None
    alarms: bool | None


_COUNTS = """
    SELECT claim_id, basis, level, disputed, report_count, outlet_count, origin_count, first_published_at,
        ARRAY(SELECT outlet_id FROM claims_corroboration_outlets WHERE corroboration_id = stored.id)
    FROM claims_corroboration AS stored WHERE claim_id = ANY(%s)
"""
_LISTED = """
    SELECT claim.id, claim.text, claim.language, claim.said_on, speaker.id, coalesce(speaker.name, ''),
        ARRAY(SELECT name FROM claims_speakeralias WHERE speaker_id = speaker.id ORDER BY id),
        ARRAY(SELECT topic_id FROM claims_claimtopic WHERE claim_id = claim.id), compared.differs, compared.alarms
    FROM claims_claim AS claim
    LEFT JOIN claims_speaker AS speaker ON speaker.id = claim.speaker_id
    CROSS JOIN LATERAL (
        SELECT bool_or(differs) AS differs, bool_or(alarms) AS alarms FROM claims_coverage WHERE claim_id = claim.id
    ) AS compared
    WHERE claim.id = ANY(%s) AND claim.merged_into_id IS NULL
"""
# Whoever adds a word waits for nobody: a word that two add at once stands twice.
_STORE = f"""
    WITH given AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS given(
            claim_id bigint, basis text, origin_count integer, outlet_count integer, published_at timestamptz,
            said_on date, facets text[], config text, words text, names text
        )
    ), gone AS (
        DELETE FROM claims_listing
        WHERE claim_id = ANY(%(claims)s) AND (claim_id, basis) NOT IN (SELECT claim_id, basis FROM given)
        RETURNING claim_id
    ), written AS (
        INSERT INTO claims_listing
            (claim_id, basis, origin_count, outlet_count, published_at, said_on, facets, search)
        SELECT claim_id, basis, origin_count, outlet_count, published_at, said_on, facets,
            to_tsvector(config::regconfig, words) || to_tsvector('simple', names)
        FROM given ORDER BY claim_id, basis
        ON CONFLICT (claim_id, basis) DO UPDATE SET
            origin_count = excluded.origin_count, outlet_count = excluded.outlet_count,
            published_at = excluded.published_at, said_on = excluded.said_on,
            facets = excluded.facets, search = excluded.search
        -- Most recounts change nothing of this, and an update would write every index anew.
        WHERE (claims_listing.origin_count, claims_listing.outlet_count, claims_listing.published_at,
                claims_listing.said_on, claims_listing.facets, claims_listing.search)
            IS DISTINCT FROM (excluded.origin_count, excluded.outlet_count, excluded.published_at,
                excluded.said_on, excluded.facets, excluded.search)
        RETURNING claim_id
    ), added AS (
        INSERT INTO claims_listedword (word, stem)
        SELECT given.word, left(coalesce((tsvector_to_array(to_tsvector('{STEMMING}', given.word)))[1], given.word), 40)
        FROM unnest(%(words)s::text[]) AS given(word)
        WHERE NOT EXISTS (SELECT FROM claims_listedword known WHERE known.word = given.word)
    )
    SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)
"""  # noqa: S608 (the SQL is ours)
_FOLD = """
    WITH folded AS (DELETE FROM claims_facetchange RETURNING basis, facet, change)
    INSERT INTO claims_facetcount AS kept (basis, facet, kind, claims)
    SELECT basis, facet, split_part(facet, ':', 1), sum(change) FROM folded GROUP BY basis, facet ORDER BY basis, facet
    ON CONFLICT (basis, facet) DO UPDATE SET claims = kept.claims + excluded.claims
"""
#: Names the lock of whoever folds: one at a time, the others go on without.
_FOLDING = 0x5ECD_50CE


def store_listings(claim_ids: Collection[int], counts: Iterable[Counts] | None = None) -> int:
    """Write the listings of claims, and return how many rows are other ones now; while the claims are locked.

    counts: what is stored of their corroboration; None where it is to be read.
    """
    claims = _listed(claim_ids)
    # Both bases of a claim that was merged into another are left out: lists do not have it.
    found = [of for of in (_counts(claim_ids) if counts is None else counts) if of.claim in claims]
    confirmed = {of.claim for of in found if of.basis == Corroboration.Basis.CONFIRMED and of.report_count}
    several = {of.claim for of in found if of.basis == Corroboration.Basis.COUNTED and of.report_count > 1}
    rows: list[dict[str, Any]] = []
    for of in found:
        if not (of.outlet_count or of.disputed):
            continue
        claim = claims[of.claim]
        facets = _facets(of, claim, confirmed=of.claim in confirmed)
        if of.claim in several:
            facets += worded_facets(differs=bool(claim.differs), alarms=bool(claim.alarms))
        rows.append(
            {
                "claim_id": of.claim,
                "basis": of.basis,
                "origin_count": of.origin_count,
                "outlet_count": of.outlet_count,
                "published_at": (of.first_published_at or UNDATED).isoformat(),
                "said_on": claim.said_on and claim.said_on.isoformat(),
                "facets": sorted(facets),
                "config": configuration(claim.language),
                "words": spread(claim.text),
                "names": spread(" ".join([claim.name, *claim.aliases])),
            }
        )
    values: dict[str, Any] = {
        "claims": list(claim_ids),
        "rows": json.dumps(rows).replace(r"\u0000", ""),
        "words": sorted(spellings(row[part] for row in rows for part in ("words", "names"))),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE, values)
        return int(cursor.fetchone()[0])


def _counts(claim_ids: Collection[int]) -> list[Counts]:
    return [Counts(*row) for row in fetch_all(_COUNTS, [list(claim_ids)])]


def _listed(claim_ids: Collection[int]) -> dict[int, _Listed]:
    """Return what lists have of claims, by their ids, without those that were merged into others."""
    return {row[0]: _Listed(*row[1:]) for row in fetch_all(_LISTED, [list(claim_ids)])}


def worded_facets(*, differs: bool, alarms: bool) -> set[str]:
    """Return the facets of a claim of whose reports some say other things, or leave out what changes the sense."""
    return {facet for facet, holds in (("has:difference", differs), ("has:alarm", alarms)) if holds}


def _facets(of: Counts, claim: _Listed, *, confirmed: bool) -> list[str]:
    facets = [
        f"basis:{of.basis}",
        f"level:{of.level}",
        f"language:{claim.language}",
        f"status:{'confirmed' if confirmed else 'proposed'}",
        *(f"topic:{topic}" for topic in claim.topics),
        *(f"outlet:{outlet}" for outlet in of.outlets),
    ]
    if claim.speaker is not None:
        facets.append(f"speaker:{claim.speaker}")
    if of.first_published_at:
        facets.append(f"year:{of.first_published_at.astimezone(UTC).year}")
    if of.disputed:
        facets.append("disputed:1")
    return facets


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
