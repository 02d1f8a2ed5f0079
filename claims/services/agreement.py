"""How far editors agree, and how far what machines propose is right: both measured from what editors decided.

A sample of proposals is judged by two editors, each without seeing what the other said. What each says is kept apart
from what an adjudicator decides where they differ.
"""

import logging
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Annotation, Claim, SampledItem
from claims.services.decisions import DecisionConflict
from claims.services.reading import NOT_FOUND

logger = logging.getLogger(__name__)

State = SampledItem.State
#: The latest items of the sample that are measured.
MOST_ITEMS = 20_000
#: Upper ends of the bands of confidence; the last one includes its end.
BANDS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
#: How long a measured precision is shown before it is measured again, in seconds.
KEPT_S = 600


# The sample


def is_sampled(kind: str, row_id: int) -> bool:
    """Return whether an item is in the sample: always the same ones, REVIEW_DOUBLE_PERCENT in a hundred of them."""
    digest = blake2b(f"{kind}:{row_id}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") % 100 < settings.REVIEW_DOUBLE_PERCENT


def note_annotation(kind: str, row_id: int, claim: Claim, *, verdict: str, by: User) -> None:
    """Keep what an editor decided on an item, if that is in the sample, for a second one to judge blindly."""
    if not is_sampled(kind, row_id):
        return
    item, _made = SampledItem.objects.get_or_create(kind=kind, row_id=row_id, defaults={"claim": claim})
    if item.state == State.HALF:
        Annotation.objects.update_or_create(item=item, editor=by, defaults={"verdict": verdict})


def forget_annotation(kind: str, row_id: int, *, by: User) -> None:
    """Drop what an editor said of an item, as they undid it; once another judged it too, it stays."""
    item = SampledItem.objects.filter(kind=kind, row_id=row_id, state=State.HALF).first()
    if item is not None and not item.annotations.exclude(editor=by).exists():
        item.delete()


def next_second(by: User) -> SampledItem | None:
    """Return the first item of the sample that somebody else judged and nobody yet for the second time."""
    waiting = SampledItem.objects.filter(state=State.HALF).exclude(annotations__editor=by)
    return waiting.order_by("pk").first()


def annotate_second(item: SampledItem, *, verdict: str, by: User) -> SampledItem:
    """Keep a second editor's judgement, which changes nothing else; sent twice, the first one stands.

    Raises DecisionConflict where another editor judged it for the second time meanwhile.
    """
    with transaction.atomic():
        row = SampledItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
        if row.annotations.filter(editor=by).exists():
            return row
        if row.state != State.HALF:
            raise DecisionConflict(_("Another editor judged this meanwhile; nothing of yours was kept."))
        Annotation.objects.create(item=row, editor=by, verdict=verdict)
        verdicts = set(row.annotations.values_list("verdict", flat=True))
        row.state = State.AGREED if len(verdicts) == 1 else State.DIFFERS
        row.save(update_fields=["state"])
    logger.info("judged twice item=%s state=%s", row.pk, row.state)
    return row


def adjudicate(item: SampledItem, *, verdict: str, by: User) -> SampledItem:
    """Record what holds where two editors differ; to make it hold is the caller's.

    Raises DecisionConflict where somebody adjudicated meanwhile.
    """
    with transaction.atomic():
        row = SampledItem.objects.select_for_update(of=("self",)).select_related("adjudicated_by").get(pk=item.pk)
        if row.state != State.DIFFERS:
            name = row.adjudicated_by or _("Somebody")
            raise DecisionConflict(_("%(name)s settled this meanwhile.") % {"name": name})
        row.state, row.verdict = State.ADJUDICATED, verdict
        row.adjudicated_by, row.adjudicated_at = by, timezone.now()
        row.save(update_fields=["state", "verdict", "adjudicated_by", "adjudicated_at"])
    return row


# Agreement


@dataclass(frozen=True)
class PairAgreement:
    """How often two editors said the same, of the items that both judged."""

    one: str
    other: str
    same: int
    of: int

    @property
    def percent(self) -> int:
        return round(100 * self.same / self.of)


@dataclass(frozen=True)
class Agreement:
    """Of one kind of decision: how far editors agree beyond chance.

    alpha: Krippendorff's, nominal; 1 is perfect, 0 is chance; None where all said the same of everything.
    """

    kind: str
    items: int
    alpha: float | None
    pairs: list[PairAgreement]


def agreement() -> list[Agreement]:
    """Return how far editors agree, by kind of decision, over the latest MOST_ITEMS of the sample.

    Blind judgements alone are counted: what an adjudicator said is not.
    """
    judged = SampledItem.objects.exclude(state=State.HALF).order_by("-pk").values("pk")[:MOST_ITEMS]
    rows = Annotation.objects.filter(item__in=judged).order_by("item", "pk")
    by_kind: dict[str, dict[int, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for kind, item, editor, verdict in rows.values_list("item__kind", "item", "editor__username", "verdict"):
        by_kind[kind][item][editor] = verdict
    return [
        Agreement(kind, len(items), alpha(items.values()), _pairs(items.values()))
        for kind, items in sorted(by_kind.items())
    ]


def alpha(items: Iterable[dict[str, str]]) -> float | None:
    """Return Krippendorff's alpha of items, each with what editors said by their names; None where it is not defined.

    It is not where there is but one verdict in all (Krippendorff 2011): agreement by chance would be perfect too.
    """
    items = list(items)
    verdicts = sorted({verdict for said in items for verdict in said.values()})
    editors = sorted({editor for said in items for editor in said})
    if len(verdicts) < 2:
        return None
    # Imported where it is used: one page alone needs it.
    import krippendorff
    import numpy as np

    codes = {verdict: code for code, verdict in enumerate(verdicts)}
    table = np.array(
        [[codes[said[editor]] if editor in said else np.nan for said in items] for editor in editors], dtype=float
    )
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement="nominal"))


def _pairs(items: Iterable[dict[str, str]]) -> list[PairAgreement]:
    same: Counter[tuple[str, str]] = Counter()
    of: Counter[tuple[str, str]] = Counter()
    for said in items:
        for pair in combinations(sorted(said), 2):
            of[pair] += 1
            same[pair] += said[pair[0]] == said[pair[1]]
    return [PairAgreement(*pair, same=same[pair], of=count) for pair, count in of.most_common()]


# Precision


@dataclass(frozen=True)
class Band:
    """Proposals of one band of confidence that editors decided on, and how many of them were right in one part.

    low, high: the 95 % interval of the share that is right (Wilson 1927), 0.0 to 1.0.
    """

    least: float
    most: float
    right: int
    of: int

    @property
    def share(self) -> float:
        return self.right / self.of

    @property
    def low(self) -> float:
        return self._bound(-1)

    @property
    def high(self) -> float:
        return self._bound(1)

    def _bound(self, side: int) -> float:
        z, n, p = 1.96, self.of, self.share
        middle = p + z * z / (2 * n)
        margin = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return min(1.0, max(0.0, (middle + side * margin) / (1 + z * z / n)))


#: What is told right or wrong of what a matcher proposes, and an extractor.
PARTS = {"matcher": ("claim", "stance"), "extractor": ("statement", "words", "speaker", "kind", "denies")}


@dataclass(frozen=True)
class Confidence:
    """What a machine proposed with a confidence from `least` to `most`.

    bands: how often it was right, for each part; None where none was judged.
    """

    least: float
    most: float
    bands: list[Band | None]


@dataclass(frozen=True)
class Precision:
    """How often what one version of a machine proposed was right, in each of PARTS, by its confidence."""

    what: str
    method: str
    rows: list[Confidence]

    @property
    def parts(self) -> tuple[str, ...]:
        return PARTS[self.what]


def precision() -> list[Precision]:
    """Return the precision of matchers and extractors, measured from all that editors decided; kept for KEPT_S."""
    found: list[Precision] | None = cache.get(_CACHED)
    if found is None:
        found = measure_precision()
        cache.set(_CACHED, found, KEPT_S)
    return found


#: Named for what it holds: a process of another release finds nothing under it.
_CACHED = "precision-by-part"


def measure_precision() -> list[Precision]:
    """Measure how often what machines proposed was right, by its version and band of confidence.

    Each judgement of a person counts once, at the row that it was made on: what was carried over to a later text, or
    to a row that took its place, is the same judgement.
    """
    counts: dict[tuple[str, str], dict[int, dict[str, Counter[bool]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(Counter))
    )
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED_SQL, {"machine": f"{NOT_FOUND}%", "bands": list(BANDS[:-1]), "people": list(_PEOPLE)})
        for what, part, method, band, right, count in cursor.fetchall():
            counts[what, method][band][part][right] += count
    return [
        Precision(what, method, [_confidence(band, bands[band], PARTS[what]) for band in sorted(bands)])
        for (what, method), bands in sorted(counts.items(), key=lambda found: found[0], reverse=True)
    ]


def _confidence(band: int, judged: dict[str, Counter[bool]], parts: Iterable[str]) -> Confidence:
    least, most = BANDS[band - 1] if band else 0.0, BANDS[band]
    return Confidence(
        least,
        most,
        [Band(least, most, judged[part][True], judged[part].total()) if part in judged else None for part in parts],
    )


#: The methods of statements that no extractor proposed.
_PEOPLE = ("editor", "undone", "carried-over-1")

# A matcher is right in the claim where an editor confirmed that the statement carries it, or denies it, as proposed or
# not, and then right in the stance where it stayed as it was proposed; the statement that a claim was made from was not
# matched. An extractor is right that there is a statement where an editor confirmed what it carries, or corrected it,
# and wrong where one withdrew it; of one that stays it is right in what was left as it was found. What was left unsure
# tells of neither. Decisions are counted where a person made them: what repeats them was written by a machine.
_DECIDED_SQL = """
WITH decided AS MATERIALIZED (
    SELECT report.*
    FROM claims_attribution AS report
    WHERE report.decided_at IS NOT NULL AND report.status IN ('confirmed', 'rejected') AND EXISTS (
        SELECT FROM claims_attributionevent AS event
        JOIN pghistory_context AS context ON context.id = event.pgh_context_id
        WHERE event.pgh_obj_id = report.id AND event.decided_at = report.decided_at AND context.metadata ? 'user'
    )
), changed AS MATERIALIZED (
    SELECT DISTINCT ON (statement_id) statement_id AS id, before -> 'columns' AS found
    FROM claims_statementchange
    WHERE undone_at IS NULL
    ORDER BY statement_id, id
), judged AS (
    SELECT statement.withdrawn_at IS NULL AS stands, changed.found ->> 'method' AS method,
        (changed.found ->> 'confidence')::float8 AS confidence,
        changed.found ->> 'content_key' = statement.content_key AS words,
        coalesce(named.merged_into_id, named.id) IS NOT DISTINCT FROM statement.speaker_id AS speaker,
        changed.found ->> 'kind' = statement.kind AS kind,
        (changed.found ->> 'denies')::boolean = statement.denies AS denies
    FROM changed
    JOIN claims_statement AS statement ON statement.id = changed.id
    LEFT JOIN claims_speaker AS named ON named.id = (changed.found ->> 'speaker_id')::bigint
    WHERE statement.withdrawn_reason NOT LIKE %(machine)s AND changed.found ->> 'withdrawn_reason' NOT LIKE %(machine)s
    UNION ALL
    SELECT true, method, confidence, true, true, true, true
    FROM claims_statement
    WHERE withdrawn_at IS NULL AND id IN (SELECT statement_id FROM decided WHERE status = 'confirmed')
        AND id NOT IN (SELECT id FROM changed)
)
SELECT 'matcher', part.name, report.method, width_bucket(report.score, %(bands)s::float8[]), part.is_right, count(*)
FROM decided AS report
LEFT JOIN LATERAL (
    SELECT stance FROM claims_attributionevent AS event
    WHERE event.pgh_obj_id = report.id AND event.decided_at IS NULL
    ORDER BY event.pgh_id DESC LIMIT 1
) AS proposed ON report.status = 'confirmed'
CROSS JOIN LATERAL (
    VALUES ('claim', report.status = 'confirmed'), ('stance', proposed.stance = report.stance)
) AS part (name, is_right)
WHERE report.method <> 'editor' AND (report.score < 1 OR report.sub_scores <> '{}'::jsonb)
    AND part.is_right IS NOT NULL
GROUP BY 1, 2, 3, 4, 5
UNION ALL
SELECT 'extractor', part.name, method, width_bucket(confidence, %(bands)s::float8[]), part.is_right, count(*)
FROM judged
CROSS JOIN LATERAL (
    VALUES ('statement', stands), ('words', words), ('speaker', speaker), ('kind', kind), ('denies', denies)
) AS part (name, is_right)
WHERE method <> ALL(%(people)s) AND (stands OR part.name = 'statement')
GROUP BY 1, 2, 3, 4, 5
"""
