"""The kinds of rows that names are matched to, and what is known of each row, as OpenRefine takes it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models.functions import Coalesce
from rest_framework.request import Request

from claims.api.rows import ClaimRows
from claims.api.serializers.speakers import SpeakerSerializer
from claims.models import Claim, Speaker

Row = dict[str, Any]
#: From a row as the API lists it, values as the Reconciliation Service API 0.2 writes them: {"str": "…"}, {"int": 1}.
Values = Callable[[Row], list[Row]]


@dataclass(frozen=True)
class Property:
    """Something that is known of each row of a kind; `kind`: of the rows that its values are, where they are rows."""

    name: str
    values: Values
    kind: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of rows that names are matched to."""

    name: str
    title: str
    page: str
    schema: str
    properties: dict[str, Property]

    @property
    def type(self) -> dict[str, str]:
        """It as a type of entities."""
        return {"id": self.name, "name": self.title}


def _of(member: str, form: str = "str") -> Values:
    return lambda row: [] if row[member] in (None, "") else [{form: row[member]}]


def _moment(member: str) -> Values:
    return lambda row: [{"date": row[member]}] if row[member] else []


def _day(member: str) -> Values:
    # The service knows no days: it is their first moment.
    return lambda row: [{"date": f"{row[member]}T00:00:00Z"}] if row[member] else []


def _names(member: str) -> Values:
    return lambda row: [{"str": part if isinstance(part, str) else part["name"]} for part in row[member]]


def _row(member: str) -> Values:
    return lambda row: [{"id": row[member]["uid"], "name": row[member]["name"]}] if row[member] else []


SPEAKERS = Kind(
    "speakers",
    "Speaker",
    "speaker_detail",
    "https://schema.org/Thing",
    {
        "kind": Property("Kind", _of("kind")),
        "represents": Property("Speaks for", _row("represents"), "speakers"),
        "aliases": Property("Other names", _names("aliases")),
        "wikidata_id": Property("Wikidata id", _of("wikidata_id")),
        "claim_count": Property("Number of claims", _of("claim_count", "int")),
    },
)
CLAIMS = Kind(
    "claims",
    "Claim",
    "claim_detail",
    "https://schema.org/Claim",
    {
        "level": Property("Level", _of("level")),
        "disputed": Property("Disputed", lambda row: [{"str": "yes" if row["disputed"] else "no"}]),
        "report_count": Property("Number of reports", _of("report_count", "int")),
        "outlet_count": Property("Number of outlets", _of("outlet_count", "int")),
        "origin_count": Property("Number of independent origins", _of("origin_count", "int")),
        "outlets": Property("Outlets", _names("outlets")),
        "origins": Property("Origins", _names("origins")),
        "speaker": Property("Speaker", _row("speaker"), "speakers"),
        "topics": Property("Topics", _names("topics")),
        "language": Property("Language", _of("language")),
        "said_on": Property("Said on", _day("said_on")),
        "first_published_at": Property("First published", _moment("first_published_at")),
    },
)
KINDS = {kind.name: kind for kind in (SPEAKERS, CLAIMS)}


def rows_of(kind: Kind, uids: Iterable[UUID], *, request: Request) -> dict[UUID | None, Row]:
    """Return rows of a kind as the API lists them, by uid; of a merged one, that which it became part of."""
    model: type[Claim] | type[Speaker] = Speaker if kind is SPEAKERS else Claim
    standing = (Coalesce("merged_into", "pk"), Coalesce("merged_into__uid", "uid"))
    of = {
        uid: target for uid, *target in model._default_manager.filter(uid__in=set(uids)).values_list("uid", *standing)
    }
    pks = [pk for pk, _ in of.values()]
    if kind is SPEAKERS:
        speakers = Speaker.objects.with_claim_count().select_related("represents").prefetch_related("aliases")
        shown: Any = SpeakerSerializer(speakers.filter(pk__in=pks), many=True, context={"request": request}).data
    else:
        shown = ClaimRows(request._request).read(pks)
    found = {row["uid"]: row for row in shown}
    return {uid: found[str(target)] for uid, (_, target) in of.items() if str(target) in found}
