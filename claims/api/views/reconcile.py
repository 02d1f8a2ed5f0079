"""Names matched to rows, as OpenRefine asks for it (Reconciliation Service API, version 0.2)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
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
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from accounts.scopes import Scope
from claims import naming, search
from claims.api.errors import refuse_other_parameters
from claims.api.serializers.reconcile import ManifestSerializer, QueriesSerializer, SuggestionsSerializer
from claims.api.views.base import ERRORS
from claims.models import Claim, Speaker, SpeakerAlias

QUERIES_MAX = 50
LIMIT, LIMIT_MAX = 5, 50
QUERY_MAX_CHARACTERS = 1_000
#: From this score, 0 to 100, the best candidate is taken for a match where no other comes near.
MATCH_SCORE, MATCH_MARGIN = 92.0, 8.0
#: Words of a claim by which its like are looked for: the longest are the rarest.
WORDS_LOOKED_FOR = 6
IDENTIFIERS = "https://schema.org/identifier"


@dataclass(frozen=True)
class Kind:
    """A kind of rows that names are matched to."""

    name: str
    title: str
    page: str
    schema: str


KINDS = {
    "speakers": Kind("speakers", "Speaker", "api:speaker-detail", "https://schema.org/Thing"),
    "claims": Kind("claims", "Claim", "claim_detail", "https://schema.org/Claim"),
}


@dataclass(frozen=True)
class Candidate:
    uid: UUID
    name: str
    description: str
    score: float


class ReconcileView(APIView):
    """What all addresses of the service share."""

    parser_classes = (FormParser, MultiPartParser)
    # A batch of questions is too long for an address.
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


class ServiceView(ReconcileView):
    @extend_schema(
        summary="Describe the reconciliation service, or match names",
        parameters=[_KIND, _QUERIES],
        responses={200: ManifestSerializer, **ERRORS},
    )
    def get(self, request: Request, kind: str) -> Response:
        refuse_other_parameters(request.query_params, {"queries"})
        batch = request.query_params.get("queries")
        return Response(self._manifest() if batch is None else self._matched(batch))

    @extend_schema(
        summary="Match names",
        description="A batch of queries in the form field `queries`, as OpenRefine sends it.",
        parameters=[_KIND],
        request={"application/x-www-form-urlencoded": QueriesSerializer},
        responses={200: OpenApiTypes.OBJECT, **ERRORS},
    )
    def post(self, request: Request, kind: str) -> Response:
        batch = request.data.get("queries") if isinstance(request.data, QueryDict) else None
        if not isinstance(batch, str):
            raise ValidationError({"queries": ["Give a batch of queries."]})
        return Response(self._matched(batch))

    def _manifest(self) -> dict[str, Any]:
        kind = self.kind()
        here = reverse("api:reconcile", kwargs={"kind": kind.name}, request=self.request)
        # The service puts an id in place of {{id}}.
        preview = f"{here}preview/?id={{{{id}}}}"
        page = reverse(kind.page, kwargs={"uid": UUID(int=0)}, request=self.request)
        return {
            "versions": ["0.2"],
            "name": f"Second Source: {kind.title.lower()}s",
            "identifierSpace": IDENTIFIERS,
            "schemaSpace": kind.schema,
            "defaultTypes": [_type(kind)],
            "view": {"url": page.replace(str(UUID(int=0)), "{{id}}")},
            "preview": {"url": preview, "width": 400, "height": 160},
            "suggest": {"entity": {"service_url": here.removesuffix("/"), "service_path": "/suggest/"}},
            "batchSize": QUERIES_MAX,
        }

    def _matched(self, batch: str) -> dict[str, Any]:
        kind, queries = self.kind(), _queries(batch)
        find = _speakers if kind.name == "speakers" else _claims
        return {key: {"result": _results(kind, find(text, limit))} for key, (text, limit) in queries.items()}


class SuggestView(ReconcileView):
    @extend_schema(
        summary="Suggest rows whose name begins with what is typed",
        parameters=[
            _KIND,
            OpenApiParameter("prefix", str, description="What was typed.", allow_blank=True),
            OpenApiParameter(
                "cursor", {"type": "integer", "minimum": 0, "maximum": 1000}, description="How many to leave out."
            ),
        ],
        responses={200: SuggestionsSerializer, **ERRORS},
    )
    def get(self, request: Request, kind: str) -> Response:
        refuse_other_parameters(request.query_params, {"prefix", "cursor"}, blank={"prefix"})
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
                        "notable": [_type(found)],
                    }
                    for row in rows
                ]
            }
        )


class PreviewView(ReconcileView):
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


def _type(kind: Kind) -> dict[str, str]:
    return {"id": kind.name, "name": kind.title}


def _queries(batch: str) -> dict[str, tuple[str, int]]:
    """Return text and limit of each query.

    Raises ValidationError that says which is wrong.
    """
    try:
        asked = json.loads(batch)
    except (ValueError, RecursionError) as error:
        raise ValidationError({"queries": [f"It is not JSON: {error}"]}) from error
    if not isinstance(asked, dict) or not all(isinstance(query, dict) for query in asked.values()):
        raise ValidationError({"queries": ['Give an object of queries, as in {"q0": {"query": "a name"}}.']})
    if len(asked) > QUERIES_MAX:
        raise ValidationError({"queries": [f"Give at most {QUERIES_MAX} queries at once."]})
    return {
        key: (
            _words(query.get("query", ""), f"queries.{key}.query"),
            _whole(query.get("limit", LIMIT), f"queries.{key}.limit", most=LIMIT_MAX) or LIMIT,
        )
        for key, query in asked.items()
    }


def _words(value: Any, place: str) -> str:
    if not isinstance(value, str) or "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise ValidationError({place: ["Give text."]})
    if len(value) > QUERY_MAX_CHARACTERS:
        raise ValidationError({place: [f"Give at most {QUERY_MAX_CHARACTERS} characters."]})
    return value.strip()


def _whole(value: Any, place: str, *, most: int) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 9:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValidationError({place: [f"Give a whole number, at most {most}."]})
    return value


def _results(kind: Kind, candidates: Sequence[Candidate]) -> list[dict[str, Any]]:
    """Return candidates as the service answers them; one is a match where it is close, and no other is."""
    best = candidates[0].score if candidates else 0.0
    second = candidates[1].score if len(candidates) > 1 else 0.0
    sure = best >= MATCH_SCORE and best - second >= MATCH_MARGIN
    return [
        {
            "id": str(candidate.uid),
            "name": candidate.name,
            "description": candidate.description,
            "type": [_type(kind)],
            "score": round(candidate.score, 1),
            "match": sure and place == 0,
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
