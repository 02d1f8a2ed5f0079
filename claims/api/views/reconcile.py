"""Names matched to rows, and what is known of these, as OpenRefine asks for it (Reconciliation Service API, 0.2)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Length
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_exempt
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rapidfuzz import fuzz
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.parsers import FormParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from accounts.scopes import Scope
from claims import naming, search
from claims.api.bodies import BoundedMultiPartParser
from claims.api.errors import refuse_other_parameters
from claims.api.formats import MadeByView
from claims.api.kinds import KINDS, Kind, Row, rows_of
from claims.api.serializers.reconcile import (
    ManifestSerializer,
    PropertiesSerializer,
    ProposedSerializer,
    QueriesSerializer,
    SuggestionsSerializer,
)
from claims.api.views.base import ERRORS, ConditionalMixin
from claims.models import Claim, Speaker, SpeakerAlias

QUERIES_MAX = 50
LIMIT, LIMIT_MAX = 5, 50
QUERY_MAX_CHARACTERS = 1_000
#: From this score, 0 to 100, the best candidate is taken for a match where no other comes near.
MATCH_SCORE, MATCH_MARGIN = 92.0, 8.0
#: What a property takes from a candidate's score that does not have it: as much as keeps it from being a match.
LACKING_COSTS = 10.0
#: Words of a claim by which its like are looked for: the longest are the rarest.
WORDS_LOOKED_FOR = 6
#: Rows of which an extension tells something.
EXTENDED_MAX = 200
#: What OpenRefine's suggestions send with every request, whatever a service makes of it.
SENT_ALONG = frozenset(
    ("exact", "filter", "format", "key", "lang", "mql_output", "output", "prefixed", "scoring", "spell", "stemmed")
) | {"type", "type_strict"}


@dataclass(frozen=True)
class Candidate:
    uid: UUID
    name: str
    description: str
    score: float


@dataclass(frozen=True)
class Query:
    """What is looked for: a text, and by property the values, in lower case, one of which a row should have."""

    text: str
    limit: int
    properties: dict[str, frozenset[str]]


class ReconcileView(ConditionalMixin, APIView):
    """What all addresses of the service share."""

    parser_classes = (FormParser, BoundedMultiPartParser)
    # A batch of questions is too long for an address; it writes nothing, and counts as reading.
    asks_by_post = True
    required_scopes = {"POST": Scope.READ}

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        # Asked by a page of another program; what is answered is public, and no session is looked at.
        response["Access-Control-Allow-Origin"] = "*"
        return response

    def kind(self) -> Kind:
        found = KINDS.get(self.kwargs["kind"])
        if found is None:
            raise NotFound(f"There is no such service; there are {' and '.join(sorted(KINDS))}.")
        return found


_KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=sorted(KINDS), description="What to match names to.")
_QUERIES = OpenApiParameter(
    "queries",
    str,
    description='A batch: JSON as in {"q0": {"query": "a name", "limit": 3}}. Without it, the manifest is answered.',
)
_EXTEND = OpenApiParameter(
    "extend",
    str,
    description='Of which rows what is asked: JSON as in {"ids": ["…"], "properties": [{"id": "level"}]}.',
)
_PREFIX = OpenApiParameter("prefix", str, description="What was typed.", allow_blank=True)


class ServiceView(ReconcileView):
    @extend_schema(
        summary="Describe the reconciliation service, match names, or tell of rows",
        parameters=[_KIND, _QUERIES, _EXTEND],
        responses={200: ManifestSerializer, **ERRORS},
    )
    def get(self, request: Request, kind: str) -> Response:
        refuse_other_parameters(request.query_params, {"queries", "extend"})
        answer = self._asked(request.query_params)
        return Response(self._manifest() if answer is None else answer)

    @extend_schema(
        summary="Match names, or tell of rows",
        description=(
            "A batch of queries in the form field `queries`, as OpenRefine sends it; or in `extend`, which properties "
            "of which rows are asked for."
        ),
        parameters=[_KIND],
        request={"application/x-www-form-urlencoded": QueriesSerializer},
        responses={200: OpenApiTypes.OBJECT, **ERRORS},
    )
    def post(self, request: Request, kind: str) -> Response:
        answer = self._asked(request.data) if isinstance(request.data, QueryDict) else None
        if answer is None:
            raise ValidationError({"queries": ["Give a batch of queries, or in `extend` what is asked of rows."]})
        return Response(answer)

    def _asked(self, given: QueryDict) -> dict[str, Any] | None:
        """Return what is asked of the service, or None where nothing is."""
        batch, extension = given.get("queries"), given.get("extend")
        if batch is not None and extension is not None:
            raise ValidationError({"extend": ["Give either queries or extend."]})
        if extension is not None:
            return _extended(self.kind(), *_extension(self.kind(), str(extension)), request=self.request)
        return None if batch is None else self._matched(str(batch))

    def _manifest(self) -> dict[str, Any]:
        kind = self.kind()
        here = reverse("api:reconcile", kwargs={"kind": kind.name}, request=self.request)
        # The service puts an id in place of {{id}}.
        preview = f"{here}preview/?id={{{{id}}}}"
        page = reverse(kind.page, kwargs={"uid": UUID(int=0)}, request=self.request)
        service = here.removesuffix("/")
        return {
            "versions": ["0.2"],
            "name": f"Second Source: {kind.title.lower()}s",
            # What an id is put behind to be an address.
            "identifierSpace": page.removesuffix(f"{UUID(int=0)}/"),
            "schemaSpace": kind.schema,
            "documentation": reverse("api:docs", request=self.request),
            "defaultTypes": [kind.type],
            "view": {"url": page.replace(str(UUID(int=0)), "{{id}}")},
            "preview": {"url": preview, "width": 400, "height": 160},
            "suggest": {
                "entity": {"service_url": service, "service_path": "/suggest/"},
                "property": {"service_url": service, "service_path": "/properties/suggest/"},
            },
            "extend": {
                "propose_properties": {"service_url": service, "service_path": "/properties/"},
                "property_settings": [],
            },
            "batchSize": QUERIES_MAX,
        }

    def _matched(self, batch: str) -> dict[str, Any]:
        kind = self.kind()
        queries = _queries(kind, batch)
        find = _speakers if kind.name == "speakers" else _claims
        found = {key: find(query.text, query.limit) for key, query in queries.items()}
        refined = {candidate.uid for key, query in queries.items() if query.properties for candidate in found[key]}
        rows = rows_of(kind, refined, request=self.request) if refined else {}
        return {key: {"result": _results(kind, queries[key], some, rows)} for key, some in found.items()}


class SuggestView(ReconcileView):
    @extend_schema(
        summary="Suggest rows whose name begins with what is typed",
        parameters=[
            _KIND,
            _PREFIX,
            OpenApiParameter(
                "cursor", {"type": "integer", "minimum": 0, "maximum": 1000}, description="How many to leave out."
            ),
        ],
        responses={200: SuggestionsSerializer, **ERRORS},
    )
    def get(self, request: Request, kind: str) -> Response:
        known = {"prefix", "cursor", *SENT_ALONG}
        refuse_other_parameters(request.query_params, known, blank=known, repeatable=SENT_ALONG)
        typed = _words(request.query_params.get("prefix", ""), "prefix")
        skipped = _whole(request.query_params.get("cursor") or 0, "cursor", most=1_000)
        found = self.kind()
        if not typed:
            return Response({"result": []})
        if found.name == "speakers":
            rows = _speakers_called(typed, skipped)
        else:
            rows = _claims(typed, skipped + 2 * LIMIT)[skipped:]
        return Response(
            {
                "result": [
                    {
                        "id": str(row.uid),
                        "name": row.name,
                        "description": row.description,
                        "notable": [found.type],
                    }
                    for row in rows
                ]
            }
        )


class PropertiesView(ReconcileView):
    @extend_schema(
        summary="List what can be told of rows",
        parameters=[
            _KIND,
            OpenApiParameter("type", str, description="As the manifest names it; a service has one alone."),
            OpenApiParameter(
                "limit", {"type": "integer", "minimum": 0, "maximum": 100}, description="How many at most."
            ),
        ],
        responses={200: ProposedSerializer, **ERRORS},
    )
    def get(self, request: Request, kind: str) -> Response:
        refuse_other_parameters(request.query_params, {"type", "limit"}, blank={"type", "limit"})
        most = _whole(request.query_params.get("limit") or 0, "limit", most=100)
        found = self.kind()
        proposed = _properties(found)
        return Response({"type": found.name, "properties": proposed[:most] if most else proposed})


class SuggestPropertiesView(ReconcileView):
    @extend_schema(
        summary="Suggest what can be told of rows",
        parameters=[_KIND, _PREFIX],
        responses={200: PropertiesSerializer, **ERRORS},
    )
    def get(self, request: Request, kind: str) -> Response:
        known = {"prefix", "cursor", *SENT_ALONG}
        refuse_other_parameters(request.query_params, known, blank=known, repeatable=SENT_ALONG)
        typed = _words(request.query_params.get("prefix", ""), "prefix").casefold()
        found = _properties(self.kind())
        return Response({"result": [each for each in found if typed in each["name"].casefold() or typed in each["id"]]})


class PageRenderer(MadeByView):
    media_type = "text/html"
    format = "html"


class PreviewView(ReconcileView):
    renderer_classes = (JSONRenderer, PageRenderer)

    @extend_schema(
        summary="Show a row in a small page, for a frame",
        parameters=[_KIND, OpenApiParameter("id", OpenApiTypes.UUID, required=True, description="Its uid.")],
        responses={(200, "text/html"): OpenApiTypes.STR, **ERRORS},
    )
    @method_decorator(xframe_options_exempt)
    def get(self, request: Request, kind: str) -> HttpResponse:
        refuse_other_parameters(request.query_params, {"id"})
        found = self.kind()
        try:
            uid = UUID(request.query_params.get("id", ""))
        except ValueError as error:
            raise ValidationError({"id": ["Give a uid."]}) from error
        rows: Any = Speaker.objects.with_claim_count() if found.name == "speakers" else Claim.objects.with_summary()
        row = rows.filter(uid=uid).first()
        if row is None:
            raise NotFound
        # The underlying request: a page of templates knows no other.
        response = render(request._request, f"claims/reconcile_{found.name}.html", {"row": row})
        response["Content-Security-Policy"] = "default-src 'none'; base-uri 'none'; frame-ancestors *"
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response


def _properties(kind: Kind) -> list[dict[str, str]]:
    return [{"id": key, "name": known.name} for key, known in kind.properties.items()]


# What is told of rows


def _extension(kind: Kind, text: str) -> tuple[list[str], list[str]]:
    """Return the ids of rows and the keys of properties that are asked for.

    Raises ValidationError that says what is wrong.
    """
    asked = _json(text, "extend")
    ids: Any = asked.get("ids") if isinstance(asked, dict) else None
    wanted = asked.get("properties") if isinstance(asked, dict) else None
    if not _texts(ids) or not isinstance(wanted, list) or not all(isinstance(each, dict) for each in wanted):
        message = 'Give an object of ids and properties, as in {"ids": ["…"], "properties": [{"id": "level"}]}.'
        raise ValidationError({"extend": [message]})
    if len(ids) > EXTENDED_MAX:
        raise ValidationError({"extend": [f"Give at most {EXTENDED_MAX} ids at once."]})
    return ids, [_property(kind, each.get("id"), "extend") for each in wanted]


def _property(kind: Kind, key: Any, place: str) -> str:
    """Return the key of a property; raises ValidationError where there is none such, with those that there are."""
    if not isinstance(key, str) or key not in kind.properties:
        known = ", ".join(kind.properties)
        raise ValidationError({place: [f"There is no property “{key}”; there are: {known}."]})
    return key


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _extended(kind: Kind, ids: list[str], keys: list[str], *, request: Request) -> dict[str, Any]:
    """Return what is asked of rows; of an id that is none, nothing."""
    uids = {text: uid for text in ids if (uid := _uid(text)) is not None}
    found = rows_of(kind, uids.values(), request=request)
    meta: list[dict[str, Any]] = []
    for key in keys:
        known = kind.properties[key]
        meta.append({"id": key, "name": known.name, **({"type": KINDS[known.kind].type} if known.kind else {})})
    return {
        "meta": meta,
        "rows": {
            text: {key: kind.properties[key].values(row) if (row := found.get(uids.get(text))) else [] for key in keys}
            for text in ids
        },
    }


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


# What names are matched to


def _queries(kind: Kind, batch: str) -> dict[str, Query]:
    """Return the queries of a batch.

    Raises ValidationError that says which is wrong.
    """
    asked = _json(batch, "queries")
    if not isinstance(asked, dict) or not all(isinstance(query, dict) for query in asked.values()):
        raise ValidationError({"queries": ['Give an object of queries, as in {"q0": {"query": "a name"}}.']})
    if len(asked) > QUERIES_MAX:
        raise ValidationError({"queries": [f"Give at most {QUERIES_MAX} queries at once."]})
    return {
        key: Query(
            _words(query.get("query", ""), f"queries.{key}.query"),
            _whole(query.get("limit", LIMIT), f"queries.{key}.limit", most=LIMIT_MAX) or LIMIT,
            _wanted(kind, query.get("properties", []), f"queries.{key}.properties"),
        )
        for key, query in asked.items()
    }


def _json(text: str, place: str) -> Any:
    try:
        read = json.loads(text)
        # Keys and ids come back in the answer, which half a character cannot be a part of.
        json.dumps(read, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise ValidationError({place: [f"It is not JSON: {error}"]}) from error
    return read


def _words(value: Any, place: str) -> str:
    if not isinstance(value, str) or any("\ud800" <= c <= "\udfff" for c in value):
        raise ValidationError({place: ["Give text."]})
    if "\x00" in value:
        raise ValidationError({place: ["Null characters are no text."]})
    if len(value) > QUERY_MAX_CHARACTERS:
        raise ValidationError({place: [f"Give at most {QUERY_MAX_CHARACTERS} characters."]})
    return value.strip()


def _whole(value: Any, place: str, *, most: int) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 9:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValidationError({place: [f"Give a whole number, at most {most}."]})
    return value


def _wanted(kind: Kind, given: Any, place: str) -> dict[str, frozenset[str]]:
    """Return by property the values that a query names, as OpenRefine takes them from other columns."""
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise ValidationError({place: ['Give a list of properties, as in [{"pid": "speaker", "v": "a name"}].']})
    wanted: dict[str, frozenset[str]] = {}
    for each in given:
        values = each.get("v")
        named = [
            part
            for value in (values if isinstance(values, list) else [values])
            for part in (value.values() if isinstance(value, dict) else [value])
        ]
        wanted[_property(kind, each.get("pid"), place)] = frozenset(str(part).strip().casefold() for part in named)
    return wanted


def _has(kind: Kind, key: str, row: Row, wanted: frozenset[str]) -> bool:
    """Whether a property of a row has one of the values, by name or by id."""
    values = kind.properties[key].values(row)
    return any(str(part).casefold() in wanted for value in values for part in value.values())


def _results(
    kind: Kind, query: Query, candidates: Sequence[Candidate], rows: Mapping[UUID | None, Row]
) -> list[dict[str, Any]]:
    """Return candidates as the service answers them; one is a match where it is close, and no other is.

    Each property that a candidate lacks takes from its score.
    """
    has = {
        candidate.uid: {key: _has(kind, key, rows[candidate.uid], said) for key, said in query.properties.items()}
        for candidate in candidates
        if candidate.uid in rows
    }
    lacking = {uid: sum(not held for held in features.values()) for uid, features in has.items()}
    candidates = sorted(
        (replace(each, score=max(0.0, each.score - LACKING_COSTS * lacking.get(each.uid, 0))) for each in candidates),
        key=lambda each: -each.score,
    )
    best = candidates[0].score if candidates else 0.0
    second = candidates[1].score if len(candidates) > 1 else 0.0
    sure = best >= MATCH_SCORE and best - second >= MATCH_MARGIN
    return [
        {
            "id": str(candidate.uid),
            "name": candidate.name,
            "description": candidate.description,
            "type": [kind.type],
            "score": round(candidate.score, 1),
            "match": sure and place == 0,
            "features": [{"id": key, "value": held} for key, held in has.get(candidate.uid, {}).items()],
        }
        for place, candidate in enumerate(candidates)
    ]


def _speakers(text: str, limit: int) -> list[Candidate]:
    """Return the speakers whose name or alias is most like a text."""
    if not text:
        return []
    words = sorted(text.split(), key=len)[-3:]
    called = Q(key=naming.key(text)) | Q(name__iexact=text)
    for word in words:
        if len(word) > 2:
            called |= Q(name__icontains=word)
    aliases = (
        SpeakerAlias.objects.filter(called, speaker__merged_into=None)
        .select_related("speaker__represents")
        # The shortest are the most like one that is short itself.
        .order_by(Length("name"), "pk")[:500]
    )
    best: dict[int, Candidate] = {}
    for alias in aliases:
        speaker = alias.speaker
        exact = alias.name.casefold() == text.casefold() or alias.key == naming.key(text)
        score = 100.0 if exact else min(fuzz.WRatio(text.casefold(), alias.name.casefold()), 99.0)
        if speaker.pk not in best or best[speaker.pk].score < score:
            best[speaker.pk] = Candidate(speaker.uid, speaker.name, _of_speaker(speaker), score)
    return sorted(best.values(), key=lambda candidate: -candidate.score)[:limit]


def _speakers_called(typed: str, skipped: int) -> list[Candidate]:
    aliases = SpeakerAlias.objects.filter(name__istartswith=typed, speaker__merged_into=None)
    speakers = Speaker.objects.filter(pk__in=aliases.values("speaker")).select_related("represents")
    return [
        Candidate(speaker.uid, speaker.name, _of_speaker(speaker), 0.0)
        for speaker in speakers.order_by(Length("name"), "name", "pk")[skipped : skipped + 2 * LIMIT]
    ]


def _of_speaker(speaker: Speaker) -> str:
    parts = [str(speaker.get_kind_display()), speaker.represents.name if speaker.represents else ""]
    return ", ".join(filter(None, [*parts, speaker.wikidata_id]))


def _claims(text: str, limit: int) -> list[Candidate]:
    """Return the claims whose sentence is most like a text, among those that share its rarest words."""
    words = sorted({word for word in text.split() if word.isalpha()}, key=len, reverse=True)[:WORDS_LOOKED_FOR]
    if not words:
        return []
    found = search.find_claims(search.ClaimQuery(q=" or ".join(words)), size=200)
    claims = Claim.objects.filter(pk__in=found.ids).select_related("speaker")
    candidates = [
        Candidate(
            claim.uid,
            claim.text,
            claim.speaker.name if claim.speaker else "",
            fuzz.token_sort_ratio(text.casefold(), claim.text.casefold()),
        )
        for claim in claims
    ]
    return sorted(candidates, key=lambda candidate: (-candidate.score, str(candidate.uid)))[:limit]
