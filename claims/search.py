"""One place that turns a question into claims: for the page, its feeds and the API.

    query = ClaimQuery(q="rain -snow", level="single", order="newest")
    found = find_claims(query, size=20)
    found.ids, found.count, found.facets, found.next     # and again with place=found.next for the next page

Every answer takes a time that is bounded, however many claims match:

- Up to `EXACT_MOST` matches are all looked at: the count, the counts of facets and the order by relevance are exact.
- Of more, the count and those of facets are lower bounds (`Count.is_exact` is False), and `found.order` is the order of
  an index instead of relevance: the page says so.
- A page of so many is read off that index in order. Where what matches lies thin in it, reading stops after `WALK_MOST`
  claims: the page then holds fewer, and `found.next` leads on from there (`found.is_cut`).
- Where nothing but the page is asked for, and its claims all stand near its beginning, no others are looked at.

Pages are found by the values that the last claim of the page before had, never by counting rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.core import signing
from django.db import connection
from rapidfuzz.distance import DamerauLevenshtein

from claims.models import Corroboration, FacetChange, FacetCount, Speaker, Topic
from claims.prepared import fetch_all
from claims.querysets import COUNTED
from claims.services.listings import UNDATED
from claims.words import STEMMING, Term, parse
from sources.models import Outlet

#: Matches that are all looked at.
EXACT_MOST = 3_000
#: Claims that are looked at in their order for one page of more matches than that.
WALK_MOST = 20_000
#: Claims that are looked at in their order before all matches are, where nothing but the page is asked for.
WALK_FIRST = 2_000
#: Values of one kind of facet that are counted for a page.
FACETS_EACH = 8
#: Years of a range of days that are looked up as such.
YEARS_MOST = 12
#: Words of a query; each is one more list of claims to go through.
TERMS_MOST = 24
#: Outlets that must all report a claim.
OUTLETS_MOST = 10
#: How like a known word an unknown one must be to be taken for it, 0 to 1.
LIKE_ENOUGH = 0.65

RELEVANCE, NEWEST, ORIGINS, OLDEST, FEWEST = "relevance", "newest", "origins", "oldest", "fewest"
#: These read the order of another one from its end: what has no date comes first among the oldest.
_REVERSED = {OLDEST: NEWEST, FEWEST: ORIGINS}
STATUSES = ("proposed", "confirmed")
#: Kinds of facets that readers choose among; `basis` and `has` are asked for by themselves.
FACET_KINDS = ("level", "topic", "speaker", "outlet", "language", "year", "status", "disputed")


class QueryTooLong(ValueError):
    """A query has more words than one search looks for."""

    def __init__(self, words: int) -> None:
        super().__init__(f"{words} words")
        self.words = words


class PlaceUnusable(ValueError):
    """A place in a list was tampered with, or is one in a list of another order."""


# What is asked


@dataclass(frozen=True)
class SuchReport:
    """What must hold of one report of a claim, all of it of the same one; "" and None are anything.

    status: with “rejected” or “unsure” also reports that do not count.
    """

    kind: str = ""
    stance: str = ""
    status: str = ""
    captured_after: datetime | None = None
    captured_before: datetime | None = None

    def __bool__(self) -> bool:
        return self != SuchReport()

    def condition(self, *, confirmed: bool) -> tuple[str, list[Any]]:
        """Return what must hold of a listing, as SQL with its values."""
        statuses = [self.status] if self.status else list(COUNTED)
        asked: list[tuple[str, Any]] = [
            ("a.status = ANY(%s)", [status for status in statuses if status == "confirmed" or not confirmed]),
            ("s.kind = %s", self.kind),
            ("a.stance = %s", self.stance),
            ("p.captured_at >= %s", self.captured_after),
            ("p.captured_at < %s", self.captured_before),
        ]
        given = [(sql, value) for sql, value in asked if value not in ("", None)]
        return (
            f"""EXISTS (
                SELECT FROM claims_attribution a
                JOIN claims_statement s ON s.id = a.statement_id AND s.withdrawn_at IS NULL
                JOIN sources_article r ON r.current_revision_id = s.revision_id
                JOIN sources_revision v ON v.id = s.revision_id
                JOIN sources_snapshot p ON p.id = v.snapshot_id
                WHERE a.claim_id = claims_listing.claim_id AND {" AND ".join(sql for sql, _ in given)}
            )""",
            [value for _, value in given],
        )


@dataclass(frozen=True)
class ClaimQuery:
    """Which claims, and in what order; nothing asked is all that are reported.

    outlets: all of them report it; not_outlets: none of them does. report: one is such. disputed: None is either.
    confirmed: only reports that an editor confirmed count, in all figures. status: “confirmed” for claims of which an
    editor confirmed a report, “proposed” for the others. Days are UTC, and both ends belong to a range; `published` is
    the day of the first report; published_after belongs to its
    range and published_before does not. differs: some report says other things than the fullest; alarms: some report
    leaves out what changes the sense; None is either. order: "" is relevance where words are searched for, else most
    origins.
    """

    q: str = ""
    topic: Topic | None = None
    speaker: Speaker | None = None
    outlets: tuple[Outlet, ...] = ()
    not_outlets: tuple[Outlet, ...] = ()
    outlets_min: int = 0
    origins_min: int = 0
    report: SuchReport = SuchReport()
    level: str = ""
    language: str = ""
    year: int | None = None
    status: str = ""
    disputed: bool | None = None
    differs: bool | None = None
    alarms: bool | None = None
    confirmed: bool = False
    said_from: date | None = None
    said_to: date | None = None
    published_from: date | None = None
    published_to: date | None = None
    published_after: datetime | None = None
    published_before: datetime | None = None
    order: str = ""

    @property
    def basis(self) -> str:
        return Corroboration.Basis.CONFIRMED if self.confirmed else Corroboration.Basis.COUNTED

    @property
    def asked_order(self) -> str:
        """The order asked for; relevance without words is most origins."""
        if self.order and (self.order != RELEVANCE or self.q):
            return self.order
        return RELEVANCE if self.q else ORIGINS

    @cached_property
    def facets(self) -> list[str]:
        """The facets that every claim must have, as listings name them."""
        asked = [
            ("topic", self.topic and self.topic.pk),
            ("speaker", self.speaker and self.speaker.pk),
            *(("outlet", outlet.pk) for outlet in self.outlets),
            ("level", self.level),
            ("language", self.language),
            ("year", self.year),
            ("status", self.status),
            *(kind_and_value for kind_and_value, asked_for in self._yes_or_no if asked_for),
        ]
        return [f"{kind}:{value}" for kind, value in asked if value]

    @property
    def _yes_or_no(self) -> list[tuple[tuple[str, str], bool | None]]:
        """Facets that a claim has or has not, and which of the two is asked for."""
        return [
            (("disputed", "1"), self.disputed),
            (("has", "difference"), self.differs),
            (("has", "alarm"), self.alarms),
        ]

    @cached_property
    def understood(self) -> "Understood":
        """What its words mean."""
        return understood(self.q)

    @property
    def conditions(self) -> list[tuple[str, list[Any]]]:
        """What must hold of a listing, as SQL with its values."""
        found: list[tuple[str, list[Any]]] = [("basis = %s", [self.basis])]
        if self.q:
            asked = self.understood.tsquery
            found.append(("search @@ %s::tsquery", [asked]) if asked else ("FALSE", []))
        # Nearly all listings are of the wider basis: only of the narrower is it worth finding those by it.
        facets = [*self.facets, *(["basis:confirmed"] if self.confirmed else [])]
        if facets:
            found.append(("facets @> %s::text[]", [facets]))
        if without := [":".join(facet) for facet, asked_for in self._yes_or_no if asked_for is False]:
            found.append(("NOT facets && %s::text[]", [without]))
        for column, comparison, day in (("said_on", ">=", self.said_from), ("said_on", "<=", self.said_to)):
            if day:
                found.append((f"{column} {comparison} %s", [day]))
        found += self.days
        if years := self._years:
            # They follow from the days, and an index leads to them together with the words and facets.
            found.append(("facets && %s::text[]", [years]))
        if self.not_outlets:
            found.append(("NOT facets && %s::text[]", [[f"outlet:{outlet.pk}" for outlet in self.not_outlets]]))
        for column, least in (("outlet_count", self.outlets_min), ("origin_count", self.origins_min)):
            if least:
                found.append((f"{column} >= %s", [least]))
        if self.report:
            found.append(self.report.condition(confirmed=self.confirmed))
        return found

    @property
    def days(self) -> list[tuple[str, list[Any]]]:
        """What must hold of when it was first reported, as SQL with its values."""
        found: list[tuple[str, list[Any]]] = []
        if self.published_from:
            found.append(("published_at >= %s", [_midnight(self.published_from)]))
        if self.published_to:
            found.append(("published_at < %s", [_after(self.published_to)]))
            found.append(("published_at > %s", [UNDATED]))
        if self.published_after:
            found.append(("published_at >= %s", [self.published_after]))
        if self.published_before:
            found.append(("published_at < %s AND published_at > %s", [self.published_before, UNDATED]))
        return found

    @property
    def _years(self) -> list[str]:
        """The years, as facets, of a range of days that has both ends and is not long."""
        if not (self.published_from and self.published_to):
            return []
        years = range(self.published_from.year, self.published_to.year + 1)
        return [f"year:{year}" for year in years] if len(years) <= YEARS_MOST else []

    @property
    def is_thin(self) -> bool:
        """No index leads to what is asked for: matches can be met only one by one, in some order of all claims."""
        return bool(self.report) and not self.q and not self.facets


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def _after(day: date) -> datetime:
    """Return when a day is over; the last one there is never ends."""
    return _midnight(day + timedelta(days=1)) if day < date.max else datetime.max.replace(tzinfo=UTC)


# What its words mean


@dataclass(frozen=True)
class Correction:
    """A word that no claim has, and the one that is searched for instead."""

    typed: str
    taken_for: str


@dataclass(frozen=True)
class Understood:
    """A query as PostgreSQL is asked it; `tsquery` is empty where there is no word to search by.

    terms: what is to be marked in what was found. common: words that say nothing alone, which were left out.
    """

    tsquery: str = ""
    terms: tuple[Term, ...] = ()
    corrections: tuple[Correction, ...] = ()
    common: tuple[str, ...] = ()


_UNDERSTAND = f"""
    SELECT stemmed::text, plain::text, is_known,
        CASE WHEN given.is_word AND NOT stands THEN EXISTS (
            SELECT FROM claims_listedword
            WHERE word ~>=~ lower(given.words) AND word ~<~ (lower(given.words) || chr(1114111))
        ) END AS begun,
        CASE WHEN given.is_word AND NOT is_known AND length(given.words) > 3 THEN (
            SELECT json_agg(json_build_array(word, stem)) FROM (
                SELECT DISTINCT word, stem, similarity(word, given.words) FROM claims_listedword
                WHERE word %% lower(given.words) ORDER BY similarity(word, given.words) DESC, word LIMIT 12
            ) close
        ) END AS close
    FROM unnest(%s::text[], %s::boolean[]) WITH ORDINALITY AS given(words, is_word, place)
    CROSS JOIN LATERAL (
        SELECT phraseto_tsquery('{STEMMING}', given.words) AS stemmed, phraseto_tsquery('simple', given.words) AS plain
    ) read
    CROSS JOIN LATERAL (
        SELECT given.is_word AND EXISTS (SELECT FROM claims_listedword WHERE word = lower(given.words)) AS stands
    ) as_typed
    CROSS JOIN LATERAL (
        SELECT stands OR given.is_word AND EXISTS (
            SELECT FROM claims_listedword WHERE stem = (tsvector_to_array(to_tsvector('{STEMMING}', given.words)))[1]
        ) AS is_known
    ) by_stem
    ORDER BY given.place
"""  # noqa: S608 (the SQL is ours)


def understood(text: str) -> Understood:
    """Return what a query asks for: words by their stems, half-typed ones by their beginning, misspelt ones mended.

    A word is taken for half typed only where no claim has it as it stands, and for misspelt only where none has its
    stem or begins with it. Raises QueryTooLong.
    """
    groups = parse(text)
    terms = [term for group in groups for term in group]
    if len(terms) > TERMS_MOST:
        raise QueryTooLong(len(terms))
    if not terms:
        return Understood()
    with connection.cursor() as cursor:
        # Digits are no word that could be misspelt, and one letter or two begin too many.
        is_word = [term.is_word and len(term.words) > 2 and term.words.isalpha() for term in terms]
        cursor.execute(_UNDERSTAND, [[term.words for term in terms], is_word])
        read = dict(zip(terms, cursor.fetchall(), strict=False))
    alternatives: list[str] = []
    shown: list[Term] = []
    corrections: list[Correction] = []
    common = [term.typed for term in terms if not read[term][0] and not term.unspaced]
    only_common = len(common) == len(terms)
    for group in groups:
        parts = []
        for term in group:
            if not only_common and term.typed in common:
                continue
            asked, mended = _asked(term, *read[term])
            if mended:
                corrections.append(Correction(term.typed, mended))
            shown.append(replace(term, typed=mended) if mended else term)
            parts.append(f"!({asked})" if term.excluded else f"({asked})")
        if parts:
            alternatives.append(" & ".join(parts))
    return Understood(
        " | ".join(f"({part})" for part in alternatives), tuple(shown), tuple(corrections), tuple(dict.fromkeys(common))
    )


def _asked(
    term: Term, stemmed: str, plain: str, known: bool, begun: bool | None, close: list[list[str]] | None
) -> tuple[str, str]:
    """Return a term as PostgreSQL writes it, and the word that it was taken for where no claim has it."""
    if term.unspaced:
        # One character alone is the first of a pair, or the last of its run.
        return (f"{plain}:*" if len(term.typed) == 1 else plain), ""
    either = " | ".join(dict.fromkeys(part for part in (stemmed, plain) if part))
    if begun:
        # Also where its stem is known: names are kept as they are spelt.
        return f"{either} | {plain}:*", ""
    if known or begun is None:
        return either, ""
    typed = term.words.lower()
    likeness, word, stem = max(
        ((DamerauLevenshtein.normalized_similarity(typed, word), word, stem) for word, stem in close or []),
        default=(0.0, "", ""),
    )
    if likeness < LIKE_ENOUGH:
        return either, ""
    return f"'{stem}' | '{word}'", word


# Where a page begins


@dataclass(frozen=True)
class Place:
    """The values by which a claim stands where it does in a list; the page after it, or before it, begins there."""

    order: str
    values: tuple[Any, ...]
    backwards: bool = False

    def written(self) -> str:
        """Return it for an address, signed, so that whatever is changed in it is noticed."""
        return _signer().sign_object([self.order, int(self.backwards), *self.values])

    @classmethod
    def read(cls, text: str) -> "Place":
        """Return what `written` gave. Raises PlaceUnusable for anything else."""
        try:
            order, backwards, *values = _signer().unsign_object(text)
        except (signing.BadSignature, ValueError, UnicodeError) as error:
            raise PlaceUnusable(text) from error
        return cls(order, tuple(values), bool(backwards))


def _signer() -> signing.Signer:
    return signing.Signer(salt="claims.search.Place")


#: By order, the columns that it goes by, all in one direction, and their types: each ends in the claim's own id.
_KEYS = {
    RELEVANCE: ("relevance real", "origin_count int", "outlet_count int", "claim_id bigint"),
    NEWEST: ("published_at timestamptz", "claim_id bigint"),
    ORIGINS: ("origin_count int", "outlet_count int", "published_at timestamptz", "claim_id bigint"),
}


def _keys(order: str) -> list[list[str]]:
    return [key.split() for key in _KEYS[_REVERSED.get(order, order)]]


def _columns(order: str) -> list[str]:
    return [column for column, _ in _keys(order)]


def _beyond(place: Place) -> tuple[str, list[Any]]:
    """Return what holds of the listings beyond a place, as SQL with its values."""
    values = ", ".join(f"%s::{kind}" for _, kind in _keys(place.order))
    upwards = place.backwards != (place.order in _REVERSED)
    return f"({', '.join(_columns(place.order))}) {'>' if upwards else '<'} ({values})", list(place.values)


def _sorted(order: str, *, backwards: bool) -> str:
    upwards = backwards != (order in _REVERSED)
    return ", ".join(f"{column} {'ASC' if upwards else 'DESC'}" for column in _columns(order))


# What was found


@dataclass(frozen=True)
class Count:
    """How many claims there are, or where it is not exact, how many there are at least."""

    number: int
    is_exact: bool = True

    def __bool__(self) -> bool:
        return self.number > 0


@dataclass(frozen=True)
class Found:
    """A page of claims, by id in their order, and what is known of all that match.

    order: the one they are in; not the one asked for where more match than can be ranked. facets: by kind, values with
    their counts, most first. previous, next: where the pages before and after begin. is_cut: reading stopped before the
    page was full, and `next` goes on.
    """

    ids: list[int]
    count: Count
    order: str
    facets: dict[str, list[tuple[str, Count]]] = field(default_factory=dict)
    previous: Place | None = None
    next: Place | None = None
    is_cut: bool = False


def find_claims(query: ClaimQuery, *, size: int, place: Place | None = None, bare: bool = False) -> Found:
    """Return a page of `size` claims, beyond `place` where one is given, else the first.

    bare: neither the count nor facets are asked for, and what they are is not said.
    Raises PlaceUnusable for a place in a list of another order, QueryTooLong for too many words.
    """
    everything = len(query.conditions) == 1 or (query.conditions == ClaimQuery(confirmed=query.confirmed).conditions)
    if everything and bare:
        return _walked(query, Found([], Count(0, is_exact=False), query.asked_order), place, size)
    if everything:
        found = Found([], Count(_stored_total(query.basis, f"basis:{query.basis}")), query.asked_order)
        return _walked(query, replace(found, facets=_stored_facets(query.basis)), place, size)
    if query.is_thin:
        return _walked(query, Found([], Count(0, is_exact=False), query.asked_order), place, size)
    if bare and not query.q and (page := _at_once(query, place, size)):
        return page
    count, facets, rows = _looked_through(
        query, place if place and place.order == query.asked_order else None, size, bare=bare
    )
    if count.is_exact:
        found = Found([], count, query.asked_order, facets)
        if place and place.order != found.order:
            raise PlaceUnusable(place.order)
        return _paged(found, rows, place, size)
    order = ORIGINS if query.asked_order == RELEVANCE else query.asked_order
    total = _total(query)
    return _walked(query, Found([], total or count, order, facets), place, size)


def all_claims(query: ClaimQuery, *, size: int = 500) -> Iterator[list[int]]:
    """Yield the ids of all claims that match, in their order, page by page."""
    found = find_claims(query, size=size)
    while True:
        if found.ids:
            yield found.ids
        if found.next is None:
            return
        if found.count.is_exact and found.count.number <= EXACT_MOST:
            found = find_claims(query, size=size, place=found.next)
        else:
            # They were counted once: the order of the index is all that is needed from here on.
            found = _walked(query, replace(found, ids=[]), found.next, size)


def count_claims(query: ClaimQuery) -> int:
    """Return how many claims match, all of them counted: the time that it takes grows with them."""
    where, values = _where(query.conditions)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM claims_listing WHERE {where}", values)  # noqa: S608 (names are ours)
        return int(cursor.fetchone()[0])


def relevances(query: ClaimQuery, ids: Sequence[int]) -> dict[str, float]:
    """Return by what number the order of relevance goes, by uid of claim."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.uid::text, ts_rank(l.search, %s::tsquery, 1) FROM claims_listing l"
            " JOIN claims_claim c ON c.id = l.claim_id WHERE l.basis = %s AND l.claim_id = ANY(%s)",
            [query.understood.tsquery, query.basis, list(ids)],
        )
        return dict(cursor.fetchall())


def _total(query: ClaimQuery) -> Count | None:
    """Return how many claims match where that is stored: where one facet is all that is asked for."""
    only = ClaimQuery(confirmed=query.confirmed).conditions
    if len(query.facets) == 1 and len(query.conditions) == len(only) + (not query.confirmed):
        return Count(_stored_total(query.basis, query.facets[0]))
    return None


def _looked_through(
    query: ClaimQuery, place: Place | None, size: int, *, bare: bool
) -> tuple[Count, dict[str, list[tuple[str, Count]]], list[tuple[Any, ...]]]:
    """Look at up to EXACT_MOST matches: return their count, facets, and the rows of a page and one more.

    bare: without facets, which take longer to count than the matches to find.
    """
    order = query.asked_order
    where, values = _where(query.conditions)
    relevance, of_query = "0::real", []
    if order == RELEVANCE:
        relevance, of_query = "ts_rank(search, %s::tsquery, 1)", [query.understood.tsquery]
    beyond, beyond_values = _beyond(place) if place else ("TRUE", [])
    keys = ", ".join(_columns(order))
    most = f"SELECT json_agg(json_build_array(facet, n) ORDER BY n DESC, facet) FROM ranked WHERE r <= {FACETS_EACH}"  # noqa: S608 (names are ours)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH found AS MATERIALIZED (
                SELECT claim_id, origin_count, outlet_count, published_at, facets, {relevance} AS relevance
                FROM claims_listing WHERE {where} LIMIT {EXACT_MOST + 1}
            ), counted AS (
                SELECT facet, count(*) AS n FROM found, unnest(facets) AS facet GROUP BY facet
            ), ranked AS (
                SELECT facet, n, row_number() OVER (PARTITION BY split_part(facet, ':', 1) ORDER BY n DESC, facet) AS r
                FROM counted
            )
            SELECT (SELECT count(*) FROM found), ({"NULL" if bare else most}),
                (SELECT json_agg(json_build_array({keys}) ORDER BY place) FROM (
                    SELECT *, row_number() OVER (ORDER BY {_sorted(order, backwards=bool(place and place.backwards))})
                        AS place
                    FROM found WHERE {beyond}
                ) page WHERE place <= {size + 1})
            """,  # noqa: S608 (names are ours, values are parameters)
            [*of_query, *values, *beyond_values],
        )
        number, facets, rows = cursor.fetchone()
    exact = number <= EXACT_MOST
    return (
        Count(min(number, EXACT_MOST), exact),
        _by_kind((facet, Count(n, exact)) for facet, n in facets or []),
        [tuple(row) for row in rows or []],
    )


def _by_kind(facets: Any) -> dict[str, list[tuple[str, Count]]]:
    kinds: dict[str, list[tuple[str, Count]]] = {kind: [] for kind in FACET_KINDS}
    for facet, count in facets:
        kind, _, value = facet.partition(":")
        if kind in kinds and count:
            kinds[kind].append((value, count))
    return kinds


def _at_once(query: ClaimQuery, place: Place | None, size: int) -> Found | None:
    """Return a page whose claims all stand near its beginning, whatever else matches; None where they do not."""
    rows = _walk(query, query.asked_order, place, size, most=WALK_FIRST)
    found = Found([], Count(0, is_exact=False), query.asked_order)
    return _paged(found, rows, place, size) if len(rows) > size else None


def _walk(query: ClaimQuery, order: str, place: Place | None, size: int, *, most: int) -> list[tuple[Any, ...]]:
    """Return the rows of a page and one more, of those that match among the next `most` in an order.

    Raises PlaceUnusable for a place in another order.
    """
    if place and place.order != order:
        raise PlaceUnusable(place.order)
    where, values = _along(query, order, place)
    matching, matching_values = _where(query.conditions)
    sorting = _sorted(order, backwards=bool(place and place.backwards))
    sql = f"""
        SELECT {", ".join(_columns(order))} FROM (
            SELECT * FROM claims_listing WHERE {where} ORDER BY {sorting} LIMIT {most}
        ) claims_listing WHERE {matching} LIMIT {size + 1}
    """  # noqa: S608 (names are ours, values are parameters)
    if len(query.conditions) == 1:
        # All claims are asked for again and again; others seldom twice in the same words.
        return [_plain(row) for row in fetch_all(sql, [*values, *matching_values])]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *matching_values])
        return [_plain(row) for row in cursor.fetchall()]


def _along(query: ClaimQuery, order: str, place: Place | None) -> tuple[str, list[Any]]:
    """Return what holds of the listings that an index in this order is read along, as SQL with its values."""
    along = [("basis = %s", [query.basis])]
    if place:
        along.append(_beyond(place))
    # In both orders the day is part of the index, so that it leads past all others.
    along += query.days
    if order in (ORIGINS, FEWEST) and query.level:
        # Where the claims of this level begin in the order of origins.
        along.append((_LEVEL_BOUNDS[query.level], []))
    return _where(along)


def _walked(query: ClaimQuery, found: Found, place: Place | None, size: int) -> Found:
    """Return `found` with its page, read off the index of its order."""
    rows = _walk(query, found.order, place, size, most=WALK_MOST)
    if len(rows) > size:
        return _paged(found, rows, place, size)
    backwards = bool(place and place.backwards)
    where, values = _along(query, found.order, place)
    keys, order = ", ".join(_columns(found.order)), _sorted(found.order, backwards=backwards)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {keys} FROM claims_listing WHERE {where} ORDER BY {order} OFFSET {WALK_MOST - 1} LIMIT 1",  # noqa: S608
            values,
        )
        last = cursor.fetchone()
    page = _paged(found, rows, place, size)
    if last is None:
        return page
    further = Place(found.order, _plain(last), backwards)
    if backwards:
        return replace(page, is_cut=True, previous=further)
    return replace(page, is_cut=True, next=further)


_LEVEL_BOUNDS: dict[str, str] = {
    Corroboration.Level.UNREPORTED: "origin_count = 0",
    Corroboration.Level.SINGLE: "origin_count = 1 AND outlet_count = 1",
    Corroboration.Level.REPEATED: "origin_count = 1 AND outlet_count > 1",
    Corroboration.Level.CORROBORATED: "origin_count > 1",
}


def _plain(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(value.isoformat() if isinstance(value, datetime) else value for value in row)


def _paged(found: Found, rows: list[tuple[Any, ...]], place: Place | None, size: int) -> Found:
    """Return `found` with the page of these rows, of which one more than its size says that there is another page."""
    backwards = bool(place and place.backwards)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    before = more if backwards else place is not None
    after = place is not None if backwards else more
    if not rows:
        # Beyond the end: the way back leads to what lies on the other side of the place.
        back = Place(place.order, place.values, not backwards) if place else None
        return replace(found, previous=None if backwards else back, next=back if backwards else None)
    return replace(
        found,
        ids=[row[-1] for row in rows],
        previous=Place(found.order, rows[0], backwards=True) if before else None,
        next=Place(found.order, rows[-1]) if after else None,
    )


def _where(conditions: Sequence[tuple[str, list[Any]]]) -> tuple[str, list[Any]]:
    return " AND ".join(sql for sql, _ in conditions), [value for _, values in conditions for value in values]


# What is stored of all claims


def _stored_total(basis: str, facet: str) -> int:
    """Return how many claims have a facet."""
    counted = FacetCount.objects.filter(basis=basis, facet=facet).values_list("claims", flat=True)
    changed = FacetChange.objects.filter(basis=basis, facet=facet).values_list("change", flat=True)
    return sum(counted.union(changed, all=True))


def _stored_facets(basis: str) -> dict[str, list[tuple[str, Count]]]:
    """Return the facets that most claims have, with their counts."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH changed AS (
                SELECT facet, sum(change) AS change FROM claims_facetchange WHERE basis = %(basis)s GROUP BY facet
            ), most AS (
                SELECT top.facet, top.claims FROM unnest(%(kinds)s::text[]) AS kind CROSS JOIN LATERAL (
                    SELECT facet, claims FROM claims_facetcount WHERE basis = %(basis)s AND kind = kind.kind
                    ORDER BY claims DESC LIMIT {FACETS_EACH * 2}
                ) top
            ), named AS (SELECT facet FROM most UNION SELECT facet FROM changed)
            SELECT named.facet, (coalesce(kept.claims, 0) + coalesce(changed.change, 0))::bigint
            FROM named LEFT JOIN claims_facetcount kept ON kept.basis = %(basis)s AND kept.facet = named.facet
                LEFT JOIN changed ON changed.facet = named.facet
            """,  # noqa: S608 (names are ours, values are parameters)
            {"basis": basis, "kinds": list(FACET_KINDS)},
        )
        counts = sorted(cursor.fetchall(), key=lambda row: (-row[1], row[0]))
    kinds = _by_kind((facet, Count(n)) for facet, n in counts)
    return {kind: values[:FACETS_EACH] for kind, values in kinds.items()}
