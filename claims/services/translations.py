"""The same claim in another language: proposed to editors where two sentences mean the same, never joined.

Only where a claim's speaker is quoted in another language, within the same weeks, are sentences read by the model of
`claims.matching.embedding`: a site in one language never loads it. This takes a fraction of a second an article, so it
is done after matching, outside of its lock (`claims.services.comparing`).
"""

import logging
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.db import transaction

from claims.extraction.foreign import detect
from claims.matching import JOIN, PROPOSE
from claims.matching.embedding import embed
from claims.models import Attribution, ClaimLink, Sentence, Statement
from claims.services.candidates import find_claims_abroad, sample_reports
from claims.services.proposals import store_proposals

if TYPE_CHECKING:
    from claims.matching.embedding import Vectors

logger = logging.getLogger(__name__)

#: From this cosine on, sentences in two languages are proposed to be one claim.
ALIKE = 0.845
#: Claims of one article that are compared, and claims abroad for all of them.
MOST_CLAIMS, MOST_ABROAD = 40, 60
#: Claims in other languages that one is proposed to be, the likest first.
MOST_PROPOSED = 2
METHOD = "e5-1"
REASON = "In another language, and much alike in meaning."
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class _Said:
    statement: int
    claim: int
    quote: str
    language: str


def propose_translations(revision_id: int) -> int:
    """Propose the claims of a revision to be those which mean the same in other languages; return how many pairs."""
    here = _reports_of(revision_id)
    abroad = _reports_abroad(revision_id, here)
    found = _alike(here, abroad) if here and abroad else {}
    with transaction.atomic(), pghistory.context(method=METHOD):
        store_proposals(
            ClaimLink(
                claim_id=first,
                other_id=second,
                kind=ClaimLink.Kind.SAME,
                reason=REASON,
                score=round(PROPOSE + (JOIN - PROPOSE) * (likeness - ALIKE) / (1 - ALIKE), 4),
                sub_scores={"meaning": round(likeness, 4)},
                method=METHOD,
            )
            for (first, second), likeness in found.items()
        )
    logger.info("compared revision=%s claims=%d abroad=%d alike=%d", revision_id, len(here), len(abroad), len(found))
    return len(found)


def _reports_of(revision_id: int) -> list[_Said]:
    rows = (
        Attribution.objects.counted()
        .filter(statement__revision=revision_id, claim__merged_into=None)
        .order_by("claim", "pk")
        .distinct("claim")
        .values_list("statement", "claim", "statement__quote", "statement__revision__article__language")[:MOST_CLAIMS]
    )
    return [_Said(statement, claim, quote, _language(language, quote)) for statement, claim, quote, language in rows]


def _reports_abroad(revision_id: int, here: Collection[_Said]) -> list[_Said]:
    """Return reports in other languages of claims whose speakers the revision quotes, of the same weeks."""
    if not here:
        return []
    statements = list(
        Statement.objects.filter(pk__in=[said.statement for said in here])
        .select_related("speaker__represents", "revision__article")
        .defer("revision__text")
    )
    published_at = statements[0].revision.article.published_at
    [language, *_] = [said.language for said in here]
    claim_ids = find_claims_abroad(statements, published_at.date() if published_at else None, language)[:MOST_ABROAD]
    sample = sample_reports(claim_ids)
    rows = {
        pk: (quote, _language(named, quote))
        for pk, quote, named in Statement.objects.filter(pk__in=[pk for _, pk in sample]).values_list(
            "pk", "quote", "revision__article__language"
        )
    }
    abroad: dict[int, _Said] = {}
    for claim_id, pk in sample:
        quote, spoken = rows[pk]
        if spoken != language:
            abroad.setdefault(claim_id, _Said(pk, claim_id, quote, spoken))
    return list(abroad.values())


def _alike(here: Sequence[_Said], abroad: Sequence[_Said]) -> dict[tuple[int, int], float]:
    """Return the likeness of claims, by pairs of ids, the smaller first, where it is enough for an editor's look."""
    # Imported where it is used: sites in one language never come here.
    import numpy as np

    vectors = _vectors([*here, *abroad])
    likeness = (
        np.stack([vectors[said.statement] for said in here]) @ np.stack([vectors[said.statement] for said in abroad]).T
    )
    found: dict[tuple[int, int], float] = {}
    proposed: dict[int, int] = defaultdict(int)
    for row, column in sorted(np.argwhere(likeness >= ALIKE).tolist(), key=lambda at: -likeness[at[0], at[1]]):
        one, other = here[row], abroad[column]
        if one.claim == other.claim or proposed[one.claim] >= MOST_PROPOSED or _other_numbers(one.quote, other.quote):
            continue
        proposed[one.claim] += 1
        found.setdefault((min(one.claim, other.claim), max(one.claim, other.claim)), float(likeness[row, column]))
    return found


def _vectors(said: Sequence[_Said]) -> "dict[int, Vectors]":
    """Return each statement's vector; those that were never read are read and stored."""
    import numpy as np

    model = settings.SENTENCE_EMBEDDINGS
    stored = Sentence.objects.filter(statement__in=[each.statement for each in said], model=model)
    vectors = {row.statement_id: np.frombuffer(row.vector, dtype=np.float16).astype(np.float32) for row in stored}
    lacking = {each.statement: each.quote for each in said if each.statement not in vectors}
    read = dict(zip(lacking, embed(list(lacking.values()), model), strict=True)) if lacking else {}
    Sentence.objects.bulk_create(
        (Sentence(statement_id=pk, model=model, vector=row.astype(np.float16).tobytes()) for pk, row in read.items()),
        ignore_conflicts=True,
    )
    return vectors | read


def _other_numbers(a: str, b: str) -> bool:
    """Return whether each text has a figure that the other lacks: in digits, as words of number differ by language."""
    figures_a, figures_b = set(_DIGITS.findall(a)), set(_DIGITS.findall(b))
    return bool(figures_a - figures_b and figures_b - figures_a)


def _language(named: str, text: str) -> str:
    return named[:2].lower() or detect(text)
