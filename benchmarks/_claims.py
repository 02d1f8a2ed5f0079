"""A large database of claims, made by the server itself: sentences of Zipf's words, and all that hangs on them."""

# Chance makes rows here, not secrets.
# ruff: noqa: S311

import random
import sys
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from tqdm import tqdm

from claims.extraction import EXTRACTOR_VERSION
from claims.words import spellings

OUTLETS, SPEAKERS_EACH, TOPICS = 200, 50, 40
WORDS, WORDS_EACH = 60_000, 14
_SYLLABLES = (
    "ba be bo ca ce co da de di do fa fe fi ga go ha he ja ka ke la le li lo ma me mi mo na ne no pa pe ra".split()
)
_ENDINGS = "n r l s t nd rt st m x".split()


def vocabulary(number: int = WORDS) -> list[str]:
    """Return words that a person could say, the commonest first: short ones, as in a language."""
    chance, found = random.Random(1), dict[str, None]()
    while len(found) < number:
        syllables = 2 + min(3, len(found) // 2000)
        word = "".join(chance.choices(_SYLLABLES, k=chance.randint(2, syllables + 1))) + chance.choice(_ENDINGS)
        found.setdefault(word)
    return list(found)


def sentences(claims: int, words: Sequence[str]) -> Iterator[str]:
    """Yield sentences whose words are as frequent as those of a language are: by one over their rank."""
    chance = random.Random(2)
    weights = list(accumulate(1 / (rank + 2) for rank in range(len(words))))
    for _ in range(claims):
        sentence = " ".join(chance.choices(words, cum_weights=weights, k=WORDS_EACH))
        yield sentence.capitalize() + "."


def fill(claims: int) -> list[str]:
    """Store `claims` claims, their reports and articles, and return the words that they are made of, commonest first.

    Needs a database whose user may switch triggers off, as that of the embedded PostgreSQL may: nothing is counted by
    the site's own code, which would take hours, but stored as that would store it.
    """
    words = vocabulary()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            _fill(cursor, claims, words)
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
    return words


def _fill(cursor: Any, claims: int, words: list[str]) -> None:
    speakers = max(100, claims // SPEAKERS_EACH)
    indexes = _drop_indexes(cursor)
    _cast(cursor, speakers)
    with tqdm(total=claims, unit=" claims", file=sys.stderr, disable=None) as bar:
        _copy_sentences(cursor, sentences(claims, words), bar)
    for step in tqdm(_STEPS, unit=" steps", file=sys.stderr, disable=None):
        numbers = {"claims": claims, "speakers": speakers, "outlets": OUTLETS, "topics": TOPICS}
        cursor.execute(step.format(**numbers, extractor=EXTRACTOR_VERSION))
    _learn(cursor, words)
    cursor.execute("DROP TABLE made")
    _reset_sequences(cursor)
    for definition in tqdm(indexes, unit=" indexes", file=sys.stderr, disable=None):
        cursor.execute(definition)


def _drop_indexes(cursor: Any) -> list[str]:
    """Drop the indexes that guard nothing, and return what makes them again: that is far faster than to add rows."""
    cursor.execute("SET maintenance_work_mem = '512MB'")
    cursor.execute(
        """
        SELECT indexname, indexdef FROM pg_indexes
        WHERE schemaname = current_schema() AND tablename ~ '^(claims|sources)_' AND indexdef !~ ' UNIQUE '
        """
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in indexes]


def _cast(cursor: Any, speakers: int) -> None:
    """Store outlets, topics and speakers; the first of each are the commonest."""
    names = vocabulary(4000)
    cursor.execute(
        """
        INSERT INTO sources_outlet (id, uid, slug, name, kind, owner_name, reviewed, created_at)
        SELECT n, md5('outlet' || n)::uuid, 'outlet-' || n, 'Outlet ' || n, 'newspaper', '', TRUE, now()
        FROM generate_series(1, %s) n
        """,
        [OUTLETS],
    )
    cursor.execute(
        """
        INSERT INTO claims_topic (id, uid, slug, name, keywords)
        SELECT n, md5('topic' || n)::uuid, 'topic-' || n, 'Topic ' || n, '{}' FROM generate_series(1, %s) n
        """,
        [TOPICS],
    )
    cursor.execute(
        """
        INSERT INTO claims_speaker (id, uid, name, kind, wikidata_id, created_at)
        SELECT n, md5('speaker' || n)::uuid,
            initcap((%(names)s::text[])[1 + n %% 2000] || ' ' || (%(names)s::text[])[2001 + n / 2000 %% 2000] || n),
            'person', '', now()
        FROM generate_series(1, %(speakers)s) n
        """,
        {"names": names, "speakers": speakers},
    )
    cursor.execute(
        "INSERT INTO claims_speakeralias (speaker_id, name, key) SELECT id, name, lower(name) FROM claims_speaker"
    )


def _copy_sentences(cursor: Any, texts: Iterator[str], bar: Any) -> None:
    cursor.execute("CREATE TABLE made (n bigint GENERATED ALWAYS AS IDENTITY, text text)")
    with cursor.copy("COPY made (text) FROM STDIN") as copy:
        for text in texts:
            copy.write_row([text])
            bar.update()
    cursor.execute("ALTER TABLE made ADD PRIMARY KEY (n)")
    cursor.execute("ANALYZE made")


#: A story is ten claims in a row, and the articles that carry them all: those of one story in three credit the first.
_STEPS = [
    "SELECT setseed(0.5)",
    """
    CREATE TABLE printed AS
    SELECT row_number() OVER (ORDER BY story, place) AS article, story, place, many, story % 3 = 0 AS credits,
        1 + (first + 7 * place) % {outlets} AS outlet, begun + place * interval '90 minutes' * (1 + story % 40) AS at
    FROM (
        SELECT story, 1 + floor(power(random(), 2) * 6)::int AS many, floor(power({outlets}, random()))::int AS first,
            timestamptz '2026-01-01' - random() * interval '3000 days' AS begun
        FROM generate_series(0, ({claims} - 1) / 10) story
    ) stories, generate_series(0, many - 1) place
    """,
    "CREATE INDEX ON printed (story)",
    "ANALYZE printed",
    """
    INSERT INTO claims_claim
        (id, uid, speaker_id, text, language, said_on, method, created_at, updated_at)
    SELECT n, md5('claim' || n)::uuid, greatest(1, floor(power({speakers}, random())))::int, text,
        CASE WHEN n % 10 < 8 THEN 'en' ELSE 'de' END,
        (SELECT min(at)::date FROM printed WHERE story = (n - 1) / 10), 'benchmark', now(), now()
    FROM made ORDER BY n
    """,
    """
    INSERT INTO claims_claimtopic (claim_id, topic_id, method)
    SELECT DISTINCT n, floor(power({topics}, random()))::int, 'benchmark' FROM made, generate_series(0, 1) i
    WHERE n % 3 > i
    """,
    """
    INSERT INTO sources_article (id, uid, outlet_id, identity, external_id, url, title, byline, language,
        published_at, published_has_time, created_at, current_revision_id)
    SELECT article, md5('article' || article)::uuid, outlet, 'id:' || article, article::text, '',
        (SELECT left(text, 80) FROM made WHERE n = story * 10 + 1), '', 'en', at, TRUE, now(), article
    FROM printed
    """,
    """
    INSERT INTO sources_revision (id, uid, article_id, snapshot_id, number, text, sha256, method, created_at)
    SELECT article, md5('revision' || article)::uuid, article, article, 1, text,
        encode(sha256(text::bytea), 'hex'), 'benchmark', now()
    FROM printed JOIN (
        SELECT (n - 1) / 10 AS story, string_agg(text, E'\\n\\n' ORDER BY n) AS text FROM made GROUP BY 1
    ) told USING (story)
    """,
    # Or workers, where some run, would read them all, and withdraw statements that they do not find.
    """
    INSERT INTO claims_extraction (revision_id, version, state, attempts, match_attempts, reason, updated_at)
    SELECT article, '{extractor}', 'matched', 1, 1, '', now() FROM printed
    """,
    """
    INSERT INTO sources_snapshot (id, uid, article_id, body, media_type, headers, sha256, captured_at)
    SELECT id, md5('snapshot' || id)::uuid, article_id, text::bytea, 'text/plain', '{{}}', sha256, now()
    FROM sources_revision
    """,
    """
    INSERT INTO sources_derivation
        (uid, article_id, kind, upstream_outlet_id, partial, revision_id, method, status, created_at)
    SELECT md5('derivation' || later.article)::uuid, later.article, 'credit', first.outlet, FALSE, later.article,
        'benchmark', 'proposed', now()
    FROM printed later JOIN printed first ON first.story = later.story AND first.place = 0
    WHERE later.credits AND later.place > 0
    """,
    """
    CREATE TABLE told AS
    SELECT row_number() OVER () AS id, n, article, outlet, place, at, begin, begin + length(text) AS stop
    FROM (
        SELECT n, text, (sum(length(text) + 2) OVER (PARTITION BY (n - 1) / 10 ORDER BY n))::int - length(text) - 2
            AS begin
        FROM made
    ) placed JOIN printed ON story = (n - 1) / 10
    """,
    """
    INSERT INTO claims_statement (id, uid, revision_id, speaker_id, speaker_name, kind, act, negated, hedged, denies,
        start, "end", content_key, quote, source_text, heading, terms, confidence, method, withdrawn_reason,
        orphaned_reason, created_at)
    SELECT told.id, md5('statement' || told.id)::uuid, article, speaker_id, '', 'indirect', 'speech', FALSE, FALSE,
        FALSE, begin, stop, begin || '-' || stop, text, '', '', '{{}}', 0.9, 'benchmark', '', '', now()
    FROM told JOIN claims_claim c ON c.id = n
    """,
    """
    INSERT INTO claims_statementspan (statement_id, role, start, "end") SELECT id, 'content', begin, stop FROM told
    """,
    """
    INSERT INTO claims_attribution
        (id, uid, statement_id, claim_id, stance, status, score, sub_scores, method, created_at)
    SELECT id, md5('attribution' || id)::uuid, id, n, 'affirms', 'proposed', 1, '{{}}', 'benchmark', now() FROM told
    """,
    """
    CREATE TABLE summed AS
    SELECT n, story, many, CASE WHEN credits THEN 1 ELSE many END AS origins,
        CASE WHEN many = 1 THEN 'single' WHEN credits THEN 'repeated' ELSE 'corroborated' END AS level,
        outlets, days, first, last
    FROM made JOIN (
        SELECT story, count(*)::int AS many, bool_or(credits) AS credits, array_agg(outlet ORDER BY place) AS outlets,
            array_agg(DISTINCT at::date) AS days, min(at) AS first, max(at) AS last
        FROM printed GROUP BY story
    ) stories ON story = (n - 1) / 10
    """,
    """
    INSERT INTO claims_corroboration (id, claim_id, basis, level, disputed, report_count, outlet_count, origin_count,
        exact, origin_lower_bound, first_published_at, last_published_at, first_outlet_id, report_days, computed_at)
    SELECT n, n, 'counted', level, FALSE, many, many, origins, TRUE, origins, first, last, outlets[1], days, now()
    FROM summed
    UNION ALL
    SELECT {claims} + n, n, 'confirmed', 'unreported', FALSE, 0, 0, 0, TRUE, 0, NULL, NULL, NULL, '{{}}', now()
    FROM summed
    """,
    """
    INSERT INTO claims_corroboration_outlets (corroboration_id, outlet_id) SELECT n, unnest(outlets) FROM summed
    """,
    """
    INSERT INTO claims_corroboration_origins (corroboration_id, outlet_id)
    SELECT n, unnest(outlets[:origins]) FROM summed
    """,
    """
    INSERT INTO claims_listing (claim_id, basis, origin_count, outlet_count, published_at, said_on, facets, search)
    SELECT c.id, 'counted', origins, many, first, said_on,
        ARRAY['basis:counted', 'level:' || level, 'language:' || language, 'status:proposed', 'speaker:' || speaker_id,
            'year:' || extract(year FROM first)]
            || (SELECT array_agg('outlet:' || outlet) FROM unnest(outlets) outlet)
            || ARRAY(SELECT 'topic:' || topic_id FROM claims_claimtopic ct WHERE ct.claim_id = c.id),
        to_tsvector(CASE language WHEN 'en' THEN 'english' ELSE 'simple' END::regconfig, c.text)
            || to_tsvector('simple', s.name)
    FROM claims_claim c JOIN summed ON n = c.id JOIN claims_speaker s ON s.id = speaker_id
    """,
    """
    INSERT INTO claims_facetcount (basis, facet, kind, claims)
    SELECT basis, facet, split_part(facet, ':', 1), count(*) FROM claims_listing, unnest(facets) facet GROUP BY 1, 2
    """,
    "DROP TABLE printed, told, summed",
]


def _learn(cursor: Any, words: Sequence[str]) -> None:
    cursor.execute("SELECT name FROM claims_speaker")
    known = spellings([*words, *(name for (name,) in cursor.fetchall())])
    cursor.execute(
        """
        INSERT INTO claims_listedword (word, stem)
        SELECT word, coalesce((tsvector_to_array(to_tsvector('russian', word)))[1], word) FROM unnest(%s::text[]) word
        """,
        [sorted(known)],
    )


def _reset_sequences(cursor: Any) -> None:
    """Let rows that are added later have ids beyond those that were given here."""
    models = [model for app in ("sources", "claims") for model in apps.get_app_config(app).get_models()]
    for statement in connection.ops.sequence_reset_sql(no_style(), models):
        cursor.execute(statement)
