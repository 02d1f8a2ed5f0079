"""Made-up statements by the million, for benchmarks: words, speakers and lengths as unevenly spread as in news.

Words are drawn by how many passages of real news have them (claims/matching/rarity.tsv), and some names that few have;
speakers by a Zipf law (Zipf 1949), a tenth of them nobody; lengths are log-normal. All lie in one year, however many
they are, so that a window of thirty days holds a hundred times more of a hundred times as many. One statement in four
repeats one of the last days in partly other words, by the same speaker, and is a report of its claim; one in a hundred
is a word-by-word copy in a flood, all of one claim.
"""

import random
import uuid
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import Any

PER_ARTICLE = 20
SPEAKERS, OUTLETS = 50_000, 200
FIRST_DAY, DAYS = date(2020, 1, 1), 365
REPEATED, COPIED, UNRESOLVED = 0.25, 0.01, 0.1
#: Part of a repeated statement's words that are other ones.
CHANGED = 0.3
#: Statements of the last days that may be repeated.
RECENT = 500
BATCH = 100_000
#: Puts postings into leaves that are as full as they are on average; they were stored one by one.
PACK = (
    "CREATE TEMP TABLE every AS SELECT coalesce(posting.word, leaf.word) AS word, posting.wording"
    " FROM claims_posting AS leaf CROSS JOIN LATERAL unnest(array_prepend(leaf.word, leaf.further_words),"
    " array_prepend(leaf.wording, leaf.further_wordings)) AS posting (word, wording)",
    "TRUNCATE claims_posting",
    "INSERT INTO claims_posting SELECT words[1], wordings[1],"
    " CASE WHEN words[1] < words[cardinality(words)] THEN words[2:] END, wordings[2:] FROM ("
    "SELECT array_agg(word ORDER BY place) AS words, array_agg(wording ORDER BY place) AS wordings FROM ("
    "SELECT word, wording, row_number() OVER (ORDER BY word, wording) - 1 AS place FROM every) AS placed"
    " GROUP BY place / 24) AS leaf",
    "DROP TABLE every",
    "ALTER TABLE claims_posting ADD PRIMARY KEY (word, wording)",
)
#: The claim that all copies are of.
FLOODED = 1


@dataclass(frozen=True)
class Made:
    """A made-up statement: who (None: nobody), in which words, on which day, of which claim, by number."""

    speaker: int | None
    words: tuple[str, ...]
    day: date
    claim: int


@dataclass
class Writer:
    """Makes statements; the same ones for the same seed."""

    seed: int = 1
    claims: int = 0
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 (made-up rows)
        path = Path(__file__).resolve().parent.parent / "claims" / "matching" / "rarity.tsv"
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
        self._words = [word for word, _ in rows if word.isalpha()]
        self._frequencies = list(accumulate(int(count) for word, count in rows if word.isalpha()))
        self._speakers = list(accumulate(1 / rank for rank in range(1, SPEAKERS + 1)))
        self._flood = self._new(FIRST_DAY)

    def write(self, number: int) -> Iterator[Made]:
        """Yield statements in the order of their days."""
        recent: deque[Made] = deque(maxlen=RECENT)
        for at in range(number):
            day = FIRST_DAY + timedelta(days=at * DAYS // number)
            draw = self._chance.random()
            if draw < COPIED:
                made = self.copy(day)
            elif recent and draw < COPIED + REPEATED:
                made = self.repeat(self._chance.choice(recent), day)
            else:
                made = self._new(day)
            recent.append(made)
            yield made

    def repeat(self, made: Made, day: date) -> Made:
        """Return a report of the same claim, partly in other words."""
        kept = [word for word in made.words if self._chance.random() >= CHANGED]
        fresh = self._draw(len(made.words) - len(kept))
        return Made(made.speaker, tuple(dict.fromkeys([*kept, *fresh])), day, made.claim)

    def copy(self, day: date) -> Made:
        """Return one more copy of the sentence that floods the news."""
        return Made(self._flood.speaker, self._flood.words, day, self._flood.claim)

    def any_day(self) -> date:
        """Return a day by chance, not one of the last."""
        return FIRST_DAY + timedelta(days=self._chance.randrange(DAYS - 20))

    def fresh(self, day: date) -> Made:
        """Return a statement of a claim that nobody reported yet."""
        return self._new(day)

    def _new(self, day: date) -> Made:
        self.claims += 1
        resolved = self._chance.random() >= UNRESOLVED
        [speaker] = self._chance.choices(range(1, SPEAKERS + 1), cum_weights=self._speakers) if resolved else [None]
        length = min(40, max(3, round(self._chance.lognormvariate(2.3, 0.5))))
        return Made(speaker, tuple(self._draw(length)), day, self.claims)

    def _draw(self, number: int) -> list[str]:
        words = dict.fromkeys(self._chance.choices(self._words, cum_weights=self._frequencies, k=number))
        if number > 2 and self._chance.random() < 0.5:
            words[f"nom{self._chance.randrange(30_000)}"] = None
        return list(words)


class Loader:
    """Stores made-up statements by COPY, as matched reports of their claims; run again, it stores more."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self._articles = self._statements = 0  # the highest id
        self._claims: set[int] = set()
        self._wordings: set[int] = set()

    def load(self, number: int) -> None:
        """Store `number` statements more, all over the year; into a throwaway database, as no trigger is run."""
        from django.db import connection
        from django.db.models import Max

        from claims.models import Attribution, Claim, Posting, Statement, Wording
        from sources.models import Article

        tables = [model._meta.db_table for model in (Statement, Claim, Attribution, Wording, Posting)]
        # Others may have stored some meanwhile.
        self._articles, self._statements, self.writer.claims = (
            model.objects.aggregate(highest=Max("pk"))["highest"] or 0 for model in (Article, Statement, Claim)
        )
        self._wordings = set(Wording.objects.values_list("code", flat=True))
        made = self.writer.write(number)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica; SET maintenance_work_mem = '512MB'")
            indexes = _drop_indexes(cursor, tables)
            if not self._articles:
                self._load_speakers()
            while batch := list(islice(made, BATCH)):
                self._load_articles(batch)
                self._load_statements(batch, flood=round(number * COPIED))
            for statement in indexes:
                cursor.execute(statement)
            cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute("VACUUM ANALYZE")

    def _load_speakers(self) -> None:
        from claims.models import Speaker
        from sources.models import Outlet

        _copy(Outlet, ({"id": n, "slug": f"o{n}", "name": f"Outlet {n}"} for n in range(1, OUTLETS + 1)))
        _copy(Speaker, ({"id": n, "name": speaker_name(n), "kind": "person"} for n in range(1, SPEAKERS + 1)))

    def _load_articles(self, made: list[Made]) -> None:
        from claims.extraction import EXTRACTOR_VERSION
        from claims.models import Extraction
        from sources.models import Article, Revision, Snapshot

        pages = [made[at : at + PER_ARTICLE] for at in range(0, len(made), PER_ARTICLE)]
        numbers = range(self._articles + 1, self._articles + 1 + len(pages))
        _copy(
            Article,
            (
                {
                    "id": n,
                    "outlet_id": n % OUTLETS + 1,
                    "identity": f"made:{n}",
                    "external_id": f"made-{n}",
                    "title": f"Article {n}",
                    "language": "en",
                    "published_at": noon(page[0].day),
                    "current_revision_id": n,
                }
                for n, page in zip(numbers, pages, strict=True)
            ),
        )
        _copy(Snapshot, ({"id": n, "article_id": n, "body": b"", "captured_at": noon(FIRST_DAY)} for n in numbers))
        _copy(
            Revision,
            (
                {"id": n, "article_id": n, "snapshot_id": n, "number": 1, "text": text_of(page), "method": "made"}
                for n, page in zip(numbers, pages, strict=True)
            ),
        )
        _copy(
            Extraction,
            ({"id": n, "revision_id": n, "version": EXTRACTOR_VERSION, "state": "matched"} for n in numbers),
        )

    def _load_statements(self, made: list[Made], *, flood: int) -> None:
        from claims.models import Attribution, Claim, Corroboration, Posting, Statement, Wording
        from claims.services.candidates import posting_words, wording_code

        first = self._statements + 1
        rows = list(zip(range(first, first + len(made)), made, strict=True))
        article = self._articles + 1
        self._articles += -(-len(made) // PER_ARTICLE)
        self._statements += len(made)
        _copy(
            Statement,
            (statement_row(n, m, article + at // PER_ARTICLE, at % PER_ARTICLE) for at, (n, m) in enumerate(rows)),
        )
        founding = {m.claim: m for _, m in reversed(rows) if m.claim not in self._claims}
        self._claims |= founding.keys()
        _copy(
            Claim,
            (
                {"id": m.claim, "speaker_id": m.speaker, "text": " ".join(m.words), "language": "en", "method": "made"}
                for m in founding.values()
            ),
        )
        _copy(
            Attribution,
            ({"id": n, "statement_id": n, "claim_id": m.claim, "score": 0.9, "method": "made"} for n, m in rows),
        )
        _copy(
            Corroboration,
            (
                {
                    "claim_id": m.claim,
                    "basis": basis,
                    "level": "single",
                    "report_count": flood if m.claim == FLOODED else 1,
                    "outlet_count": 1,
                    "origin_count": 1,
                    "origin_lower_bound": 1,
                    "computed_at": noon(FIRST_DAY),
                }
                for m in founding.values()
                for basis in ("counted", "confirmed")
            ),
        )
        codes = [(n, wording_code(m.speaker, " ".join(m.words), m.day), m) for n, m in rows]
        _copy(Wording, ({"statement_id": n, "code": code} for n, code, _ in codes))
        distinct = {code: m for _, code, m in codes if code not in self._wordings}
        self._wordings |= distinct.keys()
        _copy(
            Posting,
            (
                {"word": word, "wording": code}
                for code, m in distinct.items()
                for word in posting_words(m.words, [m.speaker or 0], "en")
            ),
        )


def statement_row(number: int | None, made: Made, revision: int, place: int) -> dict[str, Any]:
    """Return the columns of a statement that stands at some place of its article's text."""
    return {
        "id": number,
        "revision_id": revision,
        "speaker_id": made.speaker,
        "kind": "indirect",
        "start": place,
        "end": place + 1,
        "content_key": f"{place}-{place + 1}",
        "quote": " ".join(made.words),
        "terms": sorted(made.words),
        "confidence": 0.9,
        "method": "made",
    }


def speaker_name(number: int) -> str:
    """Return a person's name, one for each number."""
    syllables = "ba de co fi du ga hi ro ja lu ke mo li na pe ru sa to vi we".split()
    parts = [syllables[number // 20**place % 20] for place in range(4)]
    return f"{''.join(parts[:2]).capitalize()} {''.join(parts[2:]).capitalize()}son"


def text_of(page: Iterable[Made]) -> str:
    return " ".join(f"{' '.join(made.words)}, somebody said." for made in page)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _drop_indexes(cursor: Any, tables: list[str]) -> list[str]:
    """Drop indexes that no constraint needs, and the postings' key; return what makes them again."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN "
        "(SELECT conname FROM pg_constraint)",
        [tables],
    )
    again = []
    for name, definition in cursor.fetchall():
        cursor.execute(f"DROP INDEX {name}")
        again.append(definition)
    cursor.execute("ALTER TABLE claims_posting DROP CONSTRAINT claims_posting_pkey")
    return [*again, *PACK]


def _copy(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Store rows; what a row does not name gets its field's default, or a random UUID."""
    from django.db import connection
    from django.db.models import UUIDField
    from psycopg.types.json import Jsonb

    fields = [each for each in model._meta.concrete_fields if each.column and not each.generated]
    known = {each.column: each.get_default() for each in fields}
    now = datetime.now(UTC)
    for each in fields:
        if getattr(each, "auto_now", False) or getattr(each, "auto_now_add", False):
            known[each.column] = now
        elif isinstance(known[each.column], dict):
            known[each.column] = Jsonb(known[each.column])
    ids = [each.column for each in fields if isinstance(each, UUIDField)]
    key = model._meta.pk
    automatic = getattr(key, "get_internal_type", lambda: "")() == "BigAutoField"
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    columns = [c for c in known if c in first or c != getattr(key, "column", None) or not automatic]
    names = ", ".join(f'"{column}"' for column in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as copy,
    ):
        for row in chain([first], rows):
            values = known | {column: uuid.uuid4() for column in ids} | row
            copy.write_row([values[column] for column in columns])
    if automatic and key.column in first:
        highest = model.objects.order_by("-pk").values_list("pk", flat=True)[0]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [model._meta.db_table, key.column, highest]
            )
