"""Candidates: the claims that statements may carry, found by the words they share, in time that hardly grows.

Each statement has a `Wording`: the day it was published and a hash of who says what, so that ten thousand copies of one
sentence on one day are found as one. A posting is a word and a wording that has it, and a row of `Posting` a leaf of
them, those of a word in order of days. A search reads a bounded number of leaves for each word, the nearest in time
first; how many lie beyond does not matter.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from claims.matching import rarest
from claims.matching.terms import rarity, words
from claims.models import Speaker, Statement, Wording
from claims.prepared import fetch_all
from claims.querysets import COUNTED
from claims.services.locks import hold_matching

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: Statements published further apart than this are not taken for reports of the same saying.
WINDOW = timedelta(days=30)
#: Words that a statement is found by: the rarest; in a script without spaces, pairs of characters.
MOST_WORDS, MOST_PAIRS = 12, 24
#: A word less rare than this is also looked for in the speaker's mouth, as too many others use it.
COMMON_RARITY = 6.0
#: What a common word adds in the same speaker's mouth, in times of its rarity: alone it outweighs the word of others.
SAME_SPEAKER = 1.5
#: Postings that count for one word, on either side of the day.
MOST_HITS = 25
#: Postings in one row. A fuller leaf is split into even parts, so nearly all have half as many.
MOST_IN_LEAF = 32
#: Wordings that a statement is compared with: those that share most, and those that share most of the words whose
#: postings were all read. A word that many others use tells only of those of them that were nearest in time.
MOST_WORDINGS, MOST_BY_WHOLE_WORDS = 20, 6
#: Reports of a wording that tell its claims.
MOST_REPORTS = 5
#: A claim is known by so many different wordings, sought among its first reports.
SAMPLE, FIRST_REPORTS = 6, 100
STATEMENTS_PER_QUERY = 100
#: Languages in which statements are looked for from another one: those that statements are found in.
LANGUAGES = ("ar", "de", "en", "es", "fr", "ru", "zh")

_UNRESOLVED, _ANYBODY = 0, -1
_HASH_BITS = 41
_HASH_MASK = (1 << _HASH_BITS) - 1
_FIRST_DAY = 1 << _HASH_BITS  # wordings of no day come before it
CJK_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")


def index_statements(statements: Collection[Statement], published: date | None, language: str) -> dict[int, int]:
    """Let statements of one day and language be found; return the code of each one's wording by its id.

    Run again, it adds only what is new. The number of queries does not depend on the number of statements.
    """
    codes = {s.pk: wording_code(s.speaker_id, s.quote, published) for s in statements}
    stored = dict(Wording.objects.filter(statement__in=codes).values_list("statement", "code"))
    fresh = [statement for statement in statements if stored.get(statement.pk) != codes[statement.pk]]
    if not fresh:
        return codes
    Wording.objects.bulk_create(
        (Wording(statement=statement, code=codes[statement.pk]) for statement in fresh),
        update_conflicts=True,
        unique_fields=["statement"],
        update_fields=["code"],
    )
    # Statements that share a wording share its postings.
    distinct = {codes[statement.pk]: statement for statement in fresh}
    store_postings(
        {
            (word, code)
            for code, statement in distinct.items()
            for word in posting_words(statement.terms, _blocks(statement), language)
        }
    )
    return codes


def store_postings(postings: Collection[tuple[int, int]]) -> None:
    """Add postings, as (word, wording), each to the leaf that it belongs to; those that are there stay.

    Whoever adds some waits for others who do, since they may need the same leaf.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        hold_matching()
        values: dict[str, Any] = {
            "words": [word for word, _ in postings],
            "wordings": [wording for _, wording in postings],
            "most": MOST_IN_LEAF,
        }
        cursor.execute(_ADD_SQL, values)


def wording_code(speaker_id: int | None, quote: str, published: date | None) -> int:
    """Return a number that statements have in common which say the same words in one name on one day.

    Its high bits are the day, 0 where there is none, so codes are in order of days.
    """
    said = f"{speaker_id or _UNRESOLVED} {' '.join(words(quote))}"
    return _first_code(published.toordinal() if published else 0) | (_digest(said) & _HASH_MASK)


def same_words(code: int) -> int:
    """Return the part of a wording's code that does not depend on the day."""
    return code & _HASH_MASK


def find_claims(statements: Sequence[Statement], published: date | None) -> dict[int, list[int]]:
    """Return for each statement's id the claims that it may carry, those whose reports share most first.

    published: the day of the article that all are of; None looks through all time, the newest first. What a word
    adds is its rarity; a common one adds more where the same speaker uses it.
    """
    found: dict[int, list[int]] = {statement.pk: [] for statement in statements}
    merged = _merged_into({block for statement in statements for block in _blocks(statement)})

    def blocks(statement: Statement) -> list[int]:
        own = _blocks(statement)
        return [*own, *(gone for gone, into in merged if into in own), *([_UNRESOLVED] if statement.speaker else [])]

    for first in range(0, len(statements), STATEMENTS_PER_QUERY):
        sought = [
            (statement.pk, key, weight)
            for statement in statements[first : first + STATEMENTS_PER_QUERY]
            for key, weight in _keys(statement.terms, blocks(statement))
        ]
        for statement_id, claim_id in _search(sought, published):
            found[statement_id].append(claim_id)
    return found


def find_claims_abroad(statements: Sequence[Statement], published: date | None, language: str) -> list[int]:
    """Return claims reported in other languages in the name of those who speak in `statements`, nearest in time first.

    Where it is not known who speaks, they may be anybody's. Each speaker has MOST_WORDINGS in turn.
    """
    blocks = {block for statement in statements for block in _blocks(statement)}
    speakers = blocks | {gone for gone, _ in _merged_into(blocks)} | {_UNRESOLVED}
    if _UNRESOLVED in blocks:
        speakers.add(_ANYBODY)
    others = [other for other in LANGUAGES if other != language]
    sought = [(who, _spoken(who, other), 1.0) for who in sorted(speakers) for other in others]
    found: dict[int, list[int]] = {}
    for who, claim_id in _search(sought, published):
        found.setdefault(who, []).append(claim_id)
    in_turn = (claim_id for claims in zip_longest(*found.values()) for claim_id in claims if claim_id is not None)
    return list(dict.fromkeys(in_turn))


def sample_reports(claim_ids: Collection[int]) -> list[tuple[int, int]]:
    """Return (claim, statement) for some counted reports of each claim: its first ones in different words.

    They are SAMPLE at most, sought among the FIRST_REPORTS, so that a claim of ten thousand reports costs no more.
    """
    if not claim_ids:
        return []
    values = {
        "claims": sorted(claim_ids),
        "counted": list(COUNTED),
        "first": FIRST_REPORTS,
        "same_words": _HASH_MASK,
        "sample": SAMPLE,
    }
    return [(claim, statement) for claim, statement in fetch_all(_SAMPLE_SQL, values)]


def _search(sought: Sequence[tuple[int, int, float]], published: date | None) -> list[tuple[int, int]]:
    """Return (who asks, claim) for each claim found, those that share most first for each.

    sought: who asks (a statement, a speaker), the hash of a word, and what sharing it adds.
    """
    if not sought:
        return []
    # Imported where it is used: what serves the site never searches.
    import numpy as np

    day, _, _ = _window(published)
    found = _wordings({word for _, word, _ in sought}, published)
    hits = {word: np.array(wordings, dtype=np.int64) for word, wordings in found.items()}
    asked: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for asking, word, weight in sought:
        if word in hits:
            asked[asking].append((word, weight))
    near = [
        (asking, wording, place)
        for asking, words_of in asked.items()
        for wording, place in _nearest([(hits[word], weight) for word, weight in words_of], day)
    ]
    if not near:
        return []
    columns = [list(column) for column in zip(*near, strict=True)]
    return [(asking, claim) for asking, claim in fetch_all(_CLAIMS_SQL, [*columns, list(COUNTED), MOST_REPORTS])]


def _window(published: date | None) -> tuple[int, int, int]:
    """Return the first code of the day, and the first one of the days looked at and of those no more looked at."""
    if published is None:
        day = _first_code(date.max.toordinal() + 1)
        return day, _FIRST_DAY, day
    day = published.toordinal()
    return _first_code(day), _first_code(max(1, day - WINDOW.days)), _first_code(day + WINDOW.days + 1)


def _wordings(words: Collection[int], published: date | None) -> dict[int, Sequence[int]]:
    """Return for each of some words, hashed, the wordings in order that have it and are nearest to the day."""
    day, earliest, latest = _window(published)
    values = {
        "words": list(words),
        "day": day,
        "earliest": earliest,
        "latest": latest,
        "dated": _FIRST_DAY,
        # Enough half-full leaves for MOST_HITS; before the day one more, which has postings of both sides.
        "leaves": -(-2 * MOST_HITS // MOST_IN_LEAF),
    }
    return {word: _closest(wordings, day) for word, wordings in fetch_all(_HITS_SQL, values)}


def _closest(wordings: Sequence[int], day: int) -> Sequence[int]:
    """Return the MOST_HITS of a word's wordings, given in order, on either side of the day, and as many of no day."""
    first_dated, first_after = bisect_left(wordings, _FIRST_DAY), bisect_left(wordings, day)
    dated = wordings[max(first_dated, first_after - MOST_HITS) : first_after + MOST_HITS]
    return [*wordings[: min(first_dated, MOST_HITS)], *dated]


def _nearest(hits: "Sequence[tuple[npt.NDArray[np.int64], float]]", day: int) -> list[tuple[int, int]]:
    """Return wordings with their places among those that share most, or most of the words that were all read.

    hits: for each word the wordings that have it and what that adds.
    """
    import numpy as np

    every = np.concatenate([wordings for wordings, _ in hits])
    weights = np.repeat([weight for _, weight in hits], [len(wordings) for wordings, _ in hits])
    whole = np.repeat([len(wordings) < MOST_HITS for wordings, _ in hits], [len(wordings) for wordings, _ in hits])
    wordings, places = np.unique(every, return_inverse=True)
    # Rounded, so that the order in which the words come tips no balance.
    shared = np.bincount(places, weights).round(4)
    by_whole_words = np.bincount(places, weights * whole).round(4)
    apart = np.abs(wordings - day)
    ranked = np.lexsort((wordings, apart, -shared))[:MOST_WORDINGS]
    ranked_by_whole_words = np.lexsort((wordings, apart, -shared, -by_whole_words))[:MOST_BY_WHOLE_WORDS]
    found: dict[int, int] = {}
    for ranking in (ranked, ranked_by_whole_words):
        for place, wording in enumerate(wordings[ranking].tolist()):
            found[wording] = min(place, found.get(wording, place))
    return list(found.items())


# The postings of a leaf: `further_words` is empty where all are of the first one's word.
_POSTINGS_OF_LEAF = """
    unnest(array_prepend(leaf.word, leaf.further_words), array_prepend(leaf.wording, leaf.further_wordings))
"""

_HITS_SQL = f"""
SELECT sought.word, array_agg(DISTINCT posting.wording)
FROM unnest(%(words)s::bigint[]) AS sought (word)
CROSS JOIN LATERAL (
    -- The leaf in which a word's postings begin may begin with another word.
    (SELECT * FROM claims_posting WHERE word < sought.word ORDER BY word DESC, wording DESC LIMIT 1)
    UNION ALL
    (SELECT * FROM claims_posting WHERE word = sought.word AND wording < %(day)s
     ORDER BY wording DESC LIMIT %(leaves)s + 1)
    UNION ALL
    (SELECT * FROM claims_posting WHERE word = sought.word AND wording >= %(day)s AND wording < %(latest)s
     ORDER BY wording LIMIT %(leaves)s)
    UNION ALL
    (SELECT * FROM claims_posting WHERE word = sought.word AND wording < %(dated)s
     ORDER BY wording LIMIT %(leaves)s)
) AS leaf
CROSS JOIN LATERAL {_POSTINGS_OF_LEAF} AS posting (word, wording)
WHERE coalesce(posting.word, leaf.word) = sought.word
    AND (posting.wording < %(dated)s OR posting.wording >= %(earliest)s AND posting.wording < %(latest)s)
GROUP BY sought.word
"""  # noqa: S608 (the SQL is ours)

_ADD_SQL = f"""
WITH added AS (
    SELECT added.word, added.wording, leaf.word AS leaf_word, leaf.wording AS leaf_wording
    FROM unnest(%(words)s::bigint[], %(wordings)s::bigint[]) AS added (word, wording)
    LEFT JOIN LATERAL (
        SELECT word, wording FROM claims_posting WHERE (word, wording) <= (added.word, added.wording)
        ORDER BY word DESC, wording DESC LIMIT 1
    ) AS leaf ON TRUE
), together AS (
    SELECT word, wording, leaf_word, leaf_wording FROM added
    UNION
    SELECT coalesce(posting.word, leaf.word), posting.wording, leaf.word, leaf.wording
    FROM claims_posting AS leaf
    JOIN (SELECT DISTINCT leaf_word, leaf_wording FROM added) AS touched
        ON leaf.word = touched.leaf_word AND leaf.wording = touched.leaf_wording
    CROSS JOIN LATERAL {_POSTINGS_OF_LEAF} AS posting (word, wording)
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY leaf_word, leaf_wording ORDER BY word, wording) - 1 AS place,
        count(*) OVER (PARTITION BY leaf_word, leaf_wording) AS number
    FROM together
), leaf AS (
    SELECT array_agg(word ORDER BY place) AS words, array_agg(wording ORDER BY place) AS wordings
    FROM placed
    -- In even parts, so many as are needed.
    GROUP BY leaf_word, leaf_wording, place * ((number + %(most)s - 1) / %(most)s) / number
)
INSERT INTO claims_posting AS stored (word, wording, further_words, further_wordings)
SELECT words[1], wordings[1], CASE WHEN words[1] < words[cardinality(words)] THEN words[2:] END, wordings[2:] FROM leaf
ON CONFLICT (word, wording) DO UPDATE
SET further_words = EXCLUDED.further_words, further_wordings = EXCLUDED.further_wordings
WHERE stored.further_wordings IS DISTINCT FROM EXCLUDED.further_wordings
"""  # noqa: S608 (the SQL is ours)

_CLAIMS_SQL = """
SELECT kin.asking, report.claim_id
FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS kin (asking, wording, place) CROSS JOIN LATERAL (
    SELECT attribution.claim_id
    FROM claims_wording AS spoken
    JOIN claims_statement AS other ON other.id = spoken.statement_id AND other.withdrawn_at IS NULL
    JOIN sources_article AS article ON article.current_revision_id = other.revision_id
    JOIN claims_attribution AS attribution
        ON attribution.statement_id = other.id AND attribution.status = ANY(%s)
    JOIN claims_claim AS claim ON claim.id = attribution.claim_id AND claim.merged_into_id IS NULL
    WHERE spoken.code = kin.wording
    ORDER BY spoken.statement_id LIMIT %s
) AS report
GROUP BY kin.asking, report.claim_id
ORDER BY kin.asking, min(kin.place), report.claim_id
"""

_SAMPLE_SQL = """
SELECT claim, statement FROM (
    SELECT claim, statement, place, row_number() OVER (PARTITION BY claim ORDER BY place) AS number FROM (
        SELECT DISTINCT ON (sought.claim, report.said) sought.claim, report.statement, report.said, report.place
        FROM unnest(%(claims)s::bigint[]) AS sought (claim) CROSS JOIN LATERAL (
            SELECT early.id AS place, early.statement_id AS statement,
                coalesce(spoken.code & %(same_words)s, -early.statement_id) AS said
            FROM (
                SELECT id, statement_id, status FROM claims_attribution
                WHERE claim_id = sought.claim ORDER BY id LIMIT %(first)s
            ) AS early
            JOIN claims_statement AS statement
                ON statement.id = early.statement_id AND statement.withdrawn_at IS NULL
            JOIN sources_article AS article ON article.current_revision_id = statement.revision_id
            LEFT JOIN claims_wording AS spoken ON spoken.statement_id = early.statement_id
            WHERE early.status = ANY(%(counted)s)
        ) AS report
        ORDER BY sought.claim, report.said, report.place
    ) AS in_other_words
) AS numbered
WHERE number <= %(sample)s ORDER BY claim, place
"""


def posting_words(terms: Sequence[str], blocks: Sequence[int], language: str) -> set[int]:
    """Return the hashes of what a wording is found by: its words, the common ones with who says them, its language."""
    return {key for key, _ in _keys(terms, blocks)} | {_spoken(who, language) for who in (*blocks, _ANYBODY)}


def _spoken(who: int, language: str) -> int:
    return _hashed(f"{who}@{language}")


def _keys(terms: Sequence[str], blocks: Sequence[int]) -> Iterator[tuple[int, float]]:
    for word in _search_words(terms):
        weight = rarity(word)
        yield _hashed(word), weight
        if weight < COMMON_RARITY:
            for block in blocks:
                yield _hashed(f"{block}:{word}"), weight * SAME_SPEAKER


def _search_words(terms: Sequence[str]) -> list[str]:
    pairs = {run[at : at + 2] for term in terms for run in CJK_RUN.findall(term) for at in range(len(run) - 1)}
    spaced = [term for term in terms if not CJK_RUN.search(term)]
    return rarest(spaced, limit=MOST_WORDS) + rarest(pairs, limit=MOST_PAIRS)


def _blocks(statement: Statement) -> list[int]:
    """Return the ids of the speaker and of whom the speaker speaks for; that of nobody where it is unresolved."""
    speaker = statement.speaker
    if speaker is None:
        return [_UNRESOLVED]
    return [speaker.pk, *([speaker.represents_id] if speaker.represents_id else [])]


def _merged_into(blocks: Collection[int]) -> list[tuple[int, int]]:
    """Return (speaker merged away, speaker it was merged into) for some speakers: what they said before is theirs."""
    rows = Speaker.objects.filter(merged_into__in=blocks).values_list("pk", "merged_into")
    return [(gone, into) for gone, into in rows if into is not None]


def _first_code(day: int) -> int:
    return day << _HASH_BITS


@lru_cache(maxsize=100_000)
def _hashed(word: str) -> int:
    return _digest(word)


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
