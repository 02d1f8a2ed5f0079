"""What waits for an editor: one row for each proposal, in the order of how much a decision on it would change.

The rows are written with a claim's summary, and with its links; the desk reads them by index, the first one first.
"""

from collections.abc import Collection

from django.db import connection

from claims.models import ReviewItem

#: A priority is a class, below, times this, and within it how sure the machine is: from 0 to 99.
STEP = 100


def refresh_reviews(claim_ids: Collection[int]) -> None:
    """Bring what waits of claims in line with their proposals and their stored summaries, in one query.

    To be called after the change in the transaction that made it. A row that another transaction holds is left as it
    is: the desk drops what does not wait any more when it comes to it.
    """
    if not claim_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH_SQL, {"claims": sorted(claim_ids), "step": STEP, **_KINDS})


_KINDS = {f"{kind.name.lower()}_kind": kind.value for kind in ReviewItem.Kind}

# Classes, the highest first. 95: one confirmation or rejection settles whether a claim is corroborated. 92: two claims
# that would be corroborated as one. 88: a claim that counts what cannot be one. 85: a denial, which makes a claim
# disputed. 80: corroborated by proposals, by more than the fewest. 75: a contradiction. 70: a confirmation that lost
# its words, where that leaves a claim with little. 65, 55: repeated by proposals. 58: a link that may raise one level.
# 50 and below: what changes no level; 20: the only report of a claim.
_REFRESH_SQL = """
WITH summary AS MATERIALIZED (
    SELECT claim.id, counted.id AS row, counted.level, counted.outlet_count, counted.origin_count,
        coalesce(confirmed.level, 'unreported') AS sure
    FROM claims_claim AS claim
    JOIN claims_corroboration AS counted ON counted.claim_id = claim.id AND counted.basis = 'counted'
    LEFT JOIN claims_corroboration AS confirmed ON confirmed.claim_id = claim.id AND confirmed.basis = 'confirmed'
    WHERE claim.id = ANY(%(claims)s) AND claim.merged_into_id IS NULL
), link AS MATERIALIZED (
    SELECT * FROM claims_claimlink
    WHERE status = 'proposed' AND (claim_id = ANY(%(claims)s) OR other_id = ANY(%(claims)s))
), wanted AS MATERIALIZED (
    SELECT %(report_kind)s AS kind, report.id AS row_id, report.claim_id, NULL::bigint AS other_id,
        %(step)s * CASE
            WHEN report.stance = 'denies' AND summary.level <> 'unreported' THEN 85
            WHEN summary.level = 'corroborated' AND summary.sure <> 'corroborated'
                THEN CASE WHEN summary.origin_count = 2 THEN 95 ELSE 80 END
            WHEN summary.level = 'repeated' AND summary.sure <> 'repeated'
                THEN CASE WHEN summary.outlet_count = 2 THEN 65 ELSE 55 END
            WHEN summary.level IN ('corroborated', 'repeated') THEN 30
            ELSE 20
        END + round((1 - report.score) * 99)::int AS priority
    FROM summary
    JOIN claims_attribution AS report ON report.claim_id = summary.id AND report.status = 'proposed'
    JOIN claims_statement AS statement ON statement.id = report.statement_id AND statement.withdrawn_at IS NULL
    JOIN sources_article AS article ON article.current_revision_id = statement.revision_id
    UNION ALL
    SELECT %(orphan_kind)s, report.id, report.claim_id, NULL,
        %(step)s * CASE WHEN summary.level IN ('unreported', 'single') THEN 70 ELSE 45 END
    FROM summary
    JOIN claims_attribution AS report ON report.claim_id = summary.id AND report.status = 'confirmed'
    JOIN claims_statement AS statement ON statement.id = report.statement_id
        AND statement.withdrawn_at IS NULL AND statement.orphaned_at IS NOT NULL
    WHERE NOT EXISTS (SELECT FROM sources_article WHERE current_revision_id = statement.revision_id)
    UNION ALL
    SELECT %(conflict_kind)s, conflict.id, conflict.claim_id, NULL,
        %(step)s * CASE WHEN summary.level IN ('corroborated', 'repeated') THEN 88 ELSE 50 END
    FROM summary
    JOIN claims_claimconflict AS conflict ON conflict.claim_id = summary.id AND conflict.settled_at IS NULL
    UNION ALL
    SELECT CASE link.kind WHEN 'same' THEN %(same_kind)s ELSE %(contradicts_kind)s END,
        link.id, link.claim_id, link.other_id,
        %(step)s * CASE
            WHEN one.level = 'unreported' OR two.level = 'unreported' THEN 25
            WHEN link.kind = 'contradicts' THEN 75
            WHEN one.level <> 'corroborated' AND two.level <> 'corroborated' AND NOT EXISTS (
                SELECT FROM claims_corroboration_origins AS a
                JOIN claims_corroboration_origins AS b ON b.outlet_id = a.outlet_id AND b.corroboration_id = two.id
                WHERE a.corroboration_id = one.id
            ) THEN 92
            WHEN one.level <> 'corroborated' OR two.level <> 'corroborated' THEN 58
            ELSE 35
        END + round(link.score * 99)::int
    FROM link
    JOIN claims_claim AS first ON first.id = link.claim_id AND first.merged_into_id IS NULL
    JOIN claims_claim AS second ON second.id = link.other_id AND second.merged_into_id IS NULL
    JOIN claims_corroboration AS one ON one.claim_id = first.id AND one.basis = 'counted'
    JOIN claims_corroboration AS two ON two.claim_id = second.id AND two.basis = 'counted'
), gone AS (
    DELETE FROM claims_reviewitem WHERE id IN (
        SELECT item.id FROM claims_reviewitem AS item
        WHERE (item.claim_id = ANY(%(claims)s) OR item.other_id = ANY(%(claims)s))
            AND NOT EXISTS (SELECT FROM wanted WHERE wanted.kind = item.kind AND wanted.row_id = item.row_id)
        ORDER BY item.id FOR UPDATE SKIP LOCKED
    ) RETURNING id
), unpassed AS (
    DELETE FROM claims_reviewpass WHERE item_id IN (SELECT id FROM gone)
)
INSERT INTO claims_reviewitem AS item (kind, row_id, claim_id, other_id, priority)
SELECT kind, row_id, claim_id, other_id, priority FROM wanted
-- Most rows stand as they are to be. What somebody changes meanwhile, they bring in line themselves.
WHERE NOT EXISTS (
    SELECT FROM claims_reviewitem AS stands
    WHERE stands.kind = wanted.kind AND stands.row_id = wanted.row_id AND stands.claim_id = wanted.claim_id
        AND stands.other_id IS NOT DISTINCT FROM wanted.other_id AND stands.priority = wanted.priority
)
ORDER BY kind, row_id
ON CONFLICT (kind, row_id) DO UPDATE
SET claim_id = excluded.claim_id, other_id = excluded.other_id, priority = excluded.priority
WHERE (item.claim_id, item.other_id, item.priority)
    IS DISTINCT FROM (excluded.claim_id, excluded.other_id, excluded.priority)
"""
