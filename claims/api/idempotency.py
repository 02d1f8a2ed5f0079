"""Requests that are sent again are carried out once, by `Idempotency-Key`.

As draft-ietf-httpapi-idempotency-key-header has it. What a request writes and what it was answered are stored in one
transaction, so that neither is there without the other, whatever dies in between. Only what succeeded is kept: what was
refused wrote nothing, and may be sent again with its key.
"""

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.exceptions import ParseError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.errors import KeyInWork, KeyReused
from claims.models import IdempotentAnswer
from claims.services.answers import KEPT

HEADER = "Idempotency-Key"
KEY_MAX_CHARACTERS = 255
#: Headers of an answer that are given again with it.
_HEADERS = ("Location", "Content-Location")
#: A string as structured headers have it, in quotation marks, or the same without them, as many clients send it.
_KEY = re.compile(r'"([\x20-\x21\x23-\x5b\x5d-\x7e]+)"|([\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+)')


def once(action: Callable[..., Response]) -> Callable[..., Response]:
    """Return an action of a viewset that carries out a request with an idempotency key once, and answers it again.

    Raises KeyInWork while the same key is in work, and KeyReused where it came with another request before.
    """

    @wraps(action)
    def answered(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = _key(request)
        if key is None:
            return action(view, request, *args, **kwargs)
        owner, fingerprint = _owner(request), _fingerprint(request)
        with transaction.atomic():
            _take(owner, key)
            stored = IdempotentAnswer.objects.filter(owner=owner, key=key, stored_at__gt=timezone.now() - KEPT).first()
            if stored is not None:
                if stored.fingerprint != fingerprint:
                    raise KeyReused
                return _again(stored)
            response = action(view, request, *args, **kwargs)
            _store(response, owner=owner, key=key, fingerprint=fingerprint)
        return response

    answered.is_once = True  # type: ignore[attr-defined]
    return answered


def _key(request: Request) -> str | None:
    header = request.headers.get(HEADER)
    if header is None:
        return None
    match = _KEY.fullmatch(header.strip())
    key = match and (match[1] or match[2])
    if not key or len(key) > KEY_MAX_CHARACTERS:
        raise ParseError(
            f"Give as {HEADER} a string of at most {KEY_MAX_CHARACTERS} ASCII characters in quotation marks, best a "
            'random UUID: "8e03978e-40d5-43e8-bc93-6894a57f9324".'
        )
    return key


def _owner(request: Request) -> str:
    """Return whose key it is: nobody is told what another was answered."""
    if request.user is not None and request.user.is_authenticated:
        return f"account {request.user.pk}"
    address = get_adapter().get_client_ip(request._request)
    return f"address {_digest(str(address))[:32]}"


def _fingerprint(request: Request) -> str:
    # Reading the body leaves its hash.
    request.data  # noqa: B018
    body = getattr(request, "body_sha256", "")
    return _digest(f"{request.method} {request.get_full_path()} {request.headers.get('If-Match', '')} {body}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _take(owner: str, key: str) -> None:
    """Hold a key until the transaction ends."""
    number = int.from_bytes(hashlib.sha256(f"{owner}\n{key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        [(taken,)] = cursor.fetchall()
    if not taken:
        raise KeyInWork


def _store(response: Response, *, owner: str, key: str, fingerprint: str) -> None:
    IdempotentAnswer.objects.update_or_create(
        owner=owner,
        key=key,
        # One that was kept for long enough, and not swept yet, gives way.
        defaults={
            "fingerprint": fingerprint,
            "status": response.status_code,
            "headers": {name: response[name] for name in _HEADERS if name in response},
            "version": getattr(response, "version", ""),
            "body": None if response.data is None else JSONRenderer().render(response.data).decode(),
            "stored_at": timezone.now(),
        },
    )


def _again(stored: IdempotentAnswer) -> Response:
    body = None if stored.body is None else json.loads(stored.body)
    response = Response(body, status=stored.status, headers={**stored.headers, "Idempotent-Replayed": "true"})
    if stored.version:
        response.version = stored.version  # type: ignore[attr-defined]
    return response
