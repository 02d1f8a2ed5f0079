"""The feed of changes, by which a mirror keeps up without missing a row."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.viewsets import GenericViewSet

from claims import changes
from claims.api import formats
from claims.api.atom import claims_feed
from claims.api.errors import Gone, refuse_other_parameters
from claims.api.rows import ClaimRows
from claims.api.serializers.changes import ChangesPageSerializer, ChangesSinceSerializer
from claims.api.serializers.questions import ProblemSerializer
from claims.api.views.base import ERRORS, ConditionalMixin, ReadOnlyViewSet, Row
from claims.models import Claim

#: Members that follow from other rows, which have changes of their own, or from the address of this site.
_LEFT_OUT = {
    "outlets": {"article_count", "claim_count", "alone_count", "origin_count", "url", "links"},
    "articles": {"links"},
    "statements": {"claims", "url", "links"},
    "speakers": {"claim_count", "links"},
    "topics": {"claim_count", "links"},
    "claims": {"url", "links", "relevance", "highlights"},
    "attributions": {"links"},
}
#: Rows that belong to the row that they stand in, and change with it.
_PARTS = {"revision", "snapshot", "derivations"}
_MERGING = ("claims", "speakers", "outlets")
FEED_MAX = 100


class FeedUnusable(APIException):
    status_code = 503


class ChangesViewSet(ConditionalMixin, GenericViewSet):
    """What changed, in an order in which nothing is missed and nothing comes twice, whatever is written meanwhile."""

    filter_backends = ()
    pagination_class = None
    content_negotiation_class = formats.Negotiation
    serializer_class = ChangesPageSerializer

    def get_renderers(self) -> list[BaseRenderer]:
        return [formats.JsonRenderer(), formats.AtomRenderer()]

    @extend_schema(
        summary="Follow what changes",
        description=(
            "Every row that was added, changed, merged or deleted, each as it is now, oldest change first; one that "
            "changes again comes again. Ask for `next` again and again, and apply the results in their order. "
            "A change is given out as soon as no transaction that began before it is still under way. "
            "As an Atom feed (`format=atom`) it has the claims that changed last, the last one first."
        ),
        parameters=[ChangesSinceSerializer],
        responses={
            200: ChangesPageSerializer,
            **ERRORS,
            410: OpenApiResponse(ProblemSerializer, "The place is lost, as after a restore: begin again without it."),
            503: OpenApiResponse(ProblemSerializer, "The operator has to begin the feed again."),
        },
    )
    def list(self, request: Request) -> Response:
        refuse_other_parameters(request.query_params, {*ChangesSinceSerializer().fields, formats.PARAMETER})
        question = ChangesSinceSerializer(data=request.query_params)
        question.is_valid(raise_exception=True)
        asked = question.validated_data
        if isinstance(request.accepted_renderer, formats.AtomRenderer):
            return self._feed(asked)
        page = _page(asked)
        answer = {
            "results": self._changes(page.changed),
            "since": str(page.position),
            "next": replace_query_param(request.build_absolute_uri(), "since", str(page.position)),
            "more": page.more,
        }
        return Response(answer, headers={"Link": f'<{answer["next"]}>; rel="next"'})

    def _feed(self, asked: dict[str, Any]) -> Response:
        """Return the claims that changed last, the last one first."""
        latest = changes.latest("claims", limit=min(asked["limit"], FEED_MAX))
        pks = dict(Claim.objects.standing().filter(uid__in=latest).values_list("uid", "pk"))
        rows = ClaimRows(self.request._request).read([pks[uid] for uid in latest if uid in pks])
        return Response(
            claims_feed(
                rows,
                title=_("Second Source: new and changed claims"),
                address=self.request.build_absolute_uri(),
                page=self.request.build_absolute_uri(reverse("claim_list")),
            )
        )

    def _changes(self, changed: Any) -> Any:
        """Return the changes with their rows: as many queries for one row of a resource as for all."""
        by_resource: dict[str, set[UUID]] = {}
        for resource, uid in changed:
            by_resource.setdefault(resource, set()).add(uid)
        rows = {resource: self._rows(resource, uids) for resource, uids in by_resource.items()}
        answers = []
        # Of a row that several transactions changed, the last change: it is as it is now in each of them.
        last = {change: place for place, change in enumerate(changed)}
        for place, (resource, uid) in enumerate(changed):
            if last[resource, uid] == place:
                row, merged_into = rows[resource].get(str(uid), (None, None))
                change = "stored" if row else "merged" if merged_into else "deleted"
                answers.append(
                    {
                        "resource": resource,
                        "uid": str(uid),
                        "change": change,
                        "merged_into": merged_into and str(merged_into),
                        "row": row,
                    }
                )
        return answers

    def _rows(self, resource: str, uids: set[UUID]) -> dict[str, tuple[Row | None, UUID | None]]:
        """Return rows by uid, as (row, None), or (None, what it was merged into)."""
        viewset = ReadOnlyViewSet.resources[resource](
            request=self.request, format_kwarg=None, action="changes", args=(), kwargs={}, action_map={}
        )
        found: dict[str, tuple[Row | None, UUID | None]] = {}
        standing = viewset.readable().filter(uid__in=uids)
        if resource in _MERGING:
            merged = standing.exclude(merged_into=None).values_list("uid", "merged_into__uid")
            found |= {str(uid): (None, into) for uid, into in merged}
            standing = standing.filter(merged_into=None)
        fields = [name for name in viewset.row_fields() if name not in _LEFT_OUT[resource]]
        for row in viewset.shape(list(standing), fields=fields):
            found[row["uid"]] = (_by_uid(row), None)
        return found


def _page(asked: dict[str, Any]) -> changes.Page:
    since = asked["since"]
    if since == "now":
        return changes.Page([], changes.watermark(), more=False)
    try:
        position = changes.Position.read(since) if since else changes.START
        return changes.changes_after(position, limit=asked["limit"], resources=asked["resource"])
    except changes.PositionRefused as error:
        message = "It was not given out here. Take it, as it is, from `since` of the last answer."
        raise ValidationError({"since": [message]}) from error
    except changes.PositionLost as error:
        raise Gone(
            "This place was given out before the database was restored or replaced. Begin again without `since`."
        ) from error
    except changes.FeedLost as error:
        raise FeedUnusable(str(error)) from error


def _by_uid(row: Row) -> Row:
    """Return a row in which other rows are named by their uids alone."""
    return {name: _named(name, value) for name, value in row.items()}


def _named(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        if "uid" in value and name not in _PARTS:
            return value["uid"]
        return {inner: _named(inner, part) for inner, part in value.items()}
    if isinstance(value, list):
        return [_named(name, part) for part in value]
    return value
