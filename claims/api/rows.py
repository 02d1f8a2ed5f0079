"""Claims as the API gives them: plain rows, read by one query and another for names, whatever their number.

A list, a page of changes and an export of a million all have their claims from here, so that they say the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from claims.prepared import fetch_all


def _written(column: str) -> str:
    """Return SQL for a moment as the API writes it: PostgreSQL does it sooner than Python reads one and writes it."""
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


_MOMENTS = ("first_published_at", "last_published_at", "computed_at")
_ROWS = f"""
    SELECT c.id, c.uid::text, c.text, c.language, to_char(c.said_on, 'YYYY-MM-DD'), s.uid::text, s.name,
        coalesce(k.level, 'unreported'), coalesce(k.disputed, FALSE), coalesce(k.report_count, 0),
        coalesce(k.outlet_count, 0), coalesce(k.origin_count, 0), coalesce(k.origin_lower_bound, 0),
        coalesce(k.exact, TRUE), {", ".join(_written(f"k.{name}") for name in _MOMENTS)},
        ARRAY(SELECT topic_id FROM claims_claimtopic WHERE claim_id = c.id),
        ARRAY(SELECT outlet_id FROM claims_corroboration_outlets WHERE corroboration_id = k.id),
        ARRAY(SELECT outlet_id FROM claims_corroboration_origins WHERE corroboration_id = k.id)
    FROM claims_claim c
    LEFT JOIN claims_corroboration k ON k.claim_id = c.id AND k.basis = %s
    LEFT JOIN claims_speaker s ON s.id = c.speaker_id
    WHERE c.id = ANY(%s)
"""  # noqa: S608 (the SQL is ours)
_NAMES = """
    SELECT 'outlet', id, uid::text, slug, name FROM sources_outlet WHERE id = ANY(%s)
    UNION ALL SELECT 'topic', id, uid::text, slug, name FROM claims_topic WHERE id = ANY(%s)
"""
#: Names kept while a stream goes on; past this they are read anew.
NAMES_MAX = 20_000
_PLACEHOLDER = UUID(int=0)

Mention = dict[str, str]


class Addresses:
    """Absolute addresses of claims, made from patterns: to resolve each would take longer than to read it."""

    def __init__(self, request: HttpRequest) -> None:
        self.page = self._pattern(request, "claim_detail")
        self.self = self._pattern(request, "api:claim-detail")

    @staticmethod
    def _pattern(request: HttpRequest, name: str) -> str:
        address = request.build_absolute_uri(reverse(name, args=[_PLACEHOLDER]))
        return address.removesuffix(f"{_PLACEHOLDER}/")

    def links(self, uid: str) -> dict[str, str]:
        address = f"{self.self}{uid}/"
        return {"self": address, **{name: f"{address}{name}/" for name in LINKED}}


#: What is asked of one claim, at an address below its own.
LINKED = ("corroboration", "reports", "timeline", "history", "contradictions", "conflicts")


class ClaimRows:
    """Reads claims as rows; names of outlets and topics that it has met are not read again."""

    def __init__(self, request: HttpRequest, *, confirmed_only: bool = False) -> None:
        self.addresses = Addresses(request)
        self.basis = "confirmed" if confirmed_only else "counted"
        self._outlets: dict[int, Mention] = {}
        self._topics: dict[int, Mention] = {}

    def read(self, pks: Sequence[int]) -> list[dict[str, Any]]:
        """Return the rows of these claims, in this order; one that is gone by now is left out."""
        if not pks:
            return []
        found = {row[0]: row for row in fetch_all(_ROWS, [self.basis, list(pks)])}
        self._learn(found.values())
        return [self._row(found[pk]) for pk in pks if pk in found]

    def _learn(self, rows: Iterable[tuple[Any, ...]]) -> None:
        if len(self._outlets) + len(self._topics) > NAMES_MAX:
            self._outlets.clear()
            self._topics.clear()
        outlets: set[int] = set()
        topics: set[int] = set()
        for row in rows:
            topics.update(row[17])
            outlets.update(row[18], row[19])
        unknown = outlets - self._outlets.keys(), topics - self._topics.keys()
        if not any(unknown):
            return
        for kind, pk, uid, slug, name in fetch_all(_NAMES, [list(unknown[0]), list(unknown[1])]):
            known = self._outlets if kind == "outlet" else self._topics
            known[pk] = {"uid": uid, "slug": slug, "name": name}

    def _row(self, row: tuple[Any, ...]) -> dict[str, Any]:
        uid = row[1]
        return {
            "uid": uid,
            "text": row[2],
            "speaker": None if row[5] is None else {"uid": row[5], "name": row[6]},
            "topics": _named(self._topics, row[17]),
            "language": row[3],
            "said_on": row[4],
            "level": row[7],
            "disputed": row[8],
            "report_count": row[9],
            "outlet_count": row[10],
            "origin_count": row[11],
            "origin_lower_bound": row[12],
            "exact": row[13],
            "outlets": _named(self._outlets, row[18]),
            "origins": _named(self._outlets, row[19]),
            "first_published_at": _moment(row[14]),
            "last_published_at": _moment(row[15]),
            "computed_at": _moment(row[16]),
            "url": f"{self.addresses.page}{uid}/",
            "links": self.addresses.links(uid),
        }

    def stream(self, pks: Iterable[int], *, chunk: int = 1000) -> Iterator[list[dict[str, Any]]]:
        """Yield the rows of these claims in chunks."""
        for some in chunks(pks, chunk):
            yield self.read(some)


def _named(known: dict[int, Mention], pks: list[int]) -> list[Mention]:
    if len(pks) > 1:
        return sorted((known[pk] for pk in pks), key=_name)
    return [known[pk] for pk in pks]


def _name(mention: Mention) -> str:
    return mention["name"]


def _moment(written: str | None) -> str | None:
    # As everywhere, without the part of a second where there is none.
    return written and written.replace(".000000Z", "Z")


def chunks(pks: Iterable[int], most: int) -> Iterator[list[int]]:
    """Yield the ids in lists of at most `most`."""
    some: list[int] = []
    for pk in pks:
        some.append(pk)
        if len(some) == most:
            yield some
            some = []
    if some:
        yield some
