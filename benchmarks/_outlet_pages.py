"""What `benchmarks/pages.py` needs of outlets, topics and speakers: coverage of a filled database, and addresses."""

from django.db import connection
from django.urls import reverse

# Coverage as the services would store it: of reports that credit nobody, so that each outlet is its own origin, but
# for every fifth outlet, which has all of it from the outlet before it.
COVERAGE = """
    INSERT INTO claims_coverage (
        claim_id, outlet_id, attribution_id, affirming, denying, published_at, has_time, origins, is_first, explains,
        worded
    )
    SELECT claim_id, outlet_id, attribution_id, reports, 0, published_at, true,
        CASE WHEN outlet_id %% 5 = 0 THEN ARRAY[outlet_id - 1] ELSE ARRAY[outlet_id] END,
        row_number() OVER (PARTITION BY claim_id ORDER BY published_at, outlet_id) = 1
            AND count(*) OVER (PARTITION BY claim_id) > 1,
        outlet_id %% 5 <> 0,
        CASE outlet_id %% 3 WHEN 0 THEN 'fullest' WHEN 1 THEN 'verbatim' ELSE 'truncated' END
    FROM (
        SELECT a.claim_id, ar.outlet_id, min(a.id) AS attribution_id, count(*) AS reports,
            min(ar.published_at) AS published_at
        FROM claims_attribution a JOIN claims_statement s ON s.id = a.statement_id
        JOIN sources_article ar ON ar.current_revision_id = s.revision_id
        WHERE a.claim_id > %s AND a.claim_id <= %s AND a.status IN ('proposed', 'confirmed') AND a.stance = 'affirms'
        GROUP BY a.claim_id, ar.outlet_id
    ) reported
"""
ARTICLES = """
    INSERT INTO claims_outlettally (outlet_id, articles, claims, alone, earliest, explained, folded)
    SELECT outlet_id, count(*), 0, 0, 0, 0, false FROM sources_article GROUP BY outlet_id
"""
CLAIMS_PER_COMMAND = 50_000


def fill_coverage() -> None:
    """Store coverage, tallies and pairs of the reports there are, where triggers were off when these were stored."""
    from claims.services.coverage import fold_ledgers

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE claims_coverage, claims_outlettally, claims_outletpair")
        cursor.execute("SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM claims_claim")
        first, last = cursor.fetchone()
        for start in range(first - 1, last, CLAIMS_PER_COMMAND):
            cursor.execute(COVERAGE, [start, min(start + CLAIMS_PER_COMMAND, last)])
        cursor.execute(ARTICLES)
    fold_ledgers()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_coverage, claims_outlettally, claims_outletpair")


def addresses() -> dict[str, str]:
    """Return the pages to measure: of the topic, speaker and outlet with most claims, and the overview."""
    from claims.models import Claim, ClaimTopic, OutletPair, OutletTally, Speaker, Topic
    from sources.models import Outlet

    outlet = Outlet.objects.get(pk=next(iter(OutletTally.objects.reporting())))
    other = Outlet.objects.get(pk=OutletPair.objects.of(outlet)[0].other)
    topic = Topic.objects.get(pk=_most(ClaimTopic, "topic_id"))
    speaker = Speaker.objects.get(pk=_most(Claim, "speaker_id"))
    return {
        "topics": reverse("topic_list"),
        "topic": topic.get_absolute_url(),
        "topic, newest": f"{topic.get_absolute_url()}?order=newest&across=name",
        "speakers": reverse("speaker_list"),
        "speaker": speaker.get_absolute_url(),
        "outlets": reverse("outlet_list"),
        "outlet": outlet.get_absolute_url(),
        "outlet, first": f"{outlet.get_absolute_url()}?show=first",
        "outlet, claims, page 100": f"{outlet.get_absolute_url()}?show=claims&page=100",
        "outlet, articles": f"{outlet.get_absolute_url()}?show=articles",
        "two outlets": reverse("outlet_shared", args=[outlet.slug, other.slug]),
        "overview": reverse("overview"),
    }


def _most(model, column: str) -> int:
    """Return the value of a column that most rows have."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM {model._meta.db_table} WHERE {column} IS NOT NULL "  # noqa: S608 (ours)
            f"GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        )
        return int(cursor.fetchone()[0])
