"""How much of the API one may ask for: by token or account, else by address, in kinds of requests (config.limits)."""

from typing import Any

from rest_framework.exceptions import ErrorDetail, Throttled
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.models import Token
from config import limits


class TooMany(Throttled):
    """Too many requests of one kind within its time; the answer says when to come back."""

    def __init__(self, standing: limits.Standing) -> None:
        per = "minute" if standing.limit.window_s == limits.MINUTE else "hour"
        super().__init__()
        # Set afterwards: to what it is given the framework adds words of its own.
        self.detail = ErrorDetail(
            f"More than {standing.limit.quota:,} {standing.limit.name} in one {per}. "
            f"Ask again in {standing.reset_s} s, as `Retry-After` says.",
            self.default_code,
        )
        self.wait = standing.reset_s


class Limits(BaseThrottle):
    """Counts a request under each limit that it falls under; raises TooMany for the first that is used up."""

    def allow_request(self, request: Request, view: Any) -> bool:
        address = limits.address_asker(request._request)
        if address is None:
            return True
        known = bool(request.user and request.user.is_authenticated)
        asker = address
        if isinstance(request.auth, Token):
            asker = f"token {request.auth.pk}"
        elif known:
            asker = f"account {request.user.pk}"
        try:
            limits.limit_request(request._request, asker, _kinds(request, view, known=known))
        except limits.Limited as refusal:
            raise TooMany(refusal.standing) from refusal
        return True


def _kinds(request: Request, view: Any, *, known: bool) -> list[limits.Limit]:
    if request.method not in SAFE_METHODS and not getattr(view, "asks_by_post", False):
        return [limits.writes()]
    kinds = [limits.reads(known=known)]
    if request.query_params.get("q", "").strip():
        kinds.append(limits.searches())
    if getattr(view, "is_streamed", False):
        kinds.append(limits.exports())
    return kinds
