"""What comes in a request's body: JSON of limited size and depth, read field by field; what is unknown is refused."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.utils import json as strict_json

from claims.api.errors import BodyRefused

#: Lists and objects inside of each other: no body that is meant has more, and reading on costs a stack each.
DEPTH_MAX = 50
#: Before this nobody was quoted in print; the same bound holds for articles.
EARLIEST = date(1600, 1, 1)


class BodyTooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE

    def __init__(self, size: int, most: int) -> None:
        super().__init__(f"The body has {size:,} bytes; the limit is {most:,}. Send it in parts.")


def _check_size(context: Any) -> None:
    """Raise BodyTooLarge before anything is read; a server gives no more of a body than its declared length."""
    size = int(context["request"].META.get("CONTENT_LENGTH") or 0)
    most = getattr(context["view"], "body_max_bytes", lambda: settings.DATA_UPLOAD_MAX_MEMORY_SIZE)()
    if size > most:
        raise BodyTooLarge(size, most)


class BoundedJSONParser(BaseParser):
    """JSON of limited size and depth; the hash of its bytes is left on the request.

    The framework's own parser is handed bodies up to DATA_UPLOAD_MAX_MEMORY_SIZE alone, which articles are larger than.
    """

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        _check_size(parser_context)
        body = stream.read()
        parser_context["request"].body_sha256 = hashlib.sha256(body).hexdigest()
        try:
            read = strict_json.loads(body.decode())
        except RecursionError as error:
            raise _too_deep() from error
        except ValueError as error:
            raise ParseError(f"The body is not JSON: {_reason(error)}") from error
        _check_depth(read)
        return read


class BoundedMultiPartParser(MultiPartParser):
    """A form in parts, of limited size; one that comes in one part Django limits itself."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        _check_size(parser_context)
        return super().parse(stream, media_type, parser_context)


class BoundedLinkedDataParser(BoundedJSONParser):
    """JSON under the name that it has as linked data."""

    media_type = "application/ld+json"


def _reason(error: ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte 0x{error.object[error.start]:02x} at {error.start} is not UTF-8."
    if isinstance(error, json.JSONDecodeError):
        return f"{error}."
    # Of numbers without end, and of NaN.
    return str(error)


def _check_depth(read: Any) -> None:
    """Raise ParseError for what is nested too deeply to be worked with, though it could be read."""
    level: list[Any] = [read]
    for _ in range(DEPTH_MAX):
        level = [part for each in level for part in _parts(each) if isinstance(part, list | dict)]
        if not level:
            return
    raise _too_deep()


def _parts(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _too_deep() -> ParseError:
    return ParseError(f"The body is nested too deeply to be read; the limit is {DEPTH_MAX} levels.")


def read_body(shape: type[serializers.Serializer], body: Any, **options: Any) -> dict[str, Any]:
    """Return the fields of a body, or of a row of one; unknown ones are refused.

    Raises BodyRefused that says what is wrong, by field.
    """
    if not isinstance(body, dict):
        raise BodyRefused({"body": ["The body must be a JSON object."]})
    reader = shape(data=body, **options)
    if unknown := sorted(map(str, body.keys() - reader.fields.keys())):
        known = ", ".join(reader.fields) or "none"
        raise BodyRefused({name: [f"There is no such field here. Allowed: {known}."] for name in unknown})
    if not reader.is_valid():
        raise BodyRefused(reader.errors)
    read: dict[str, Any] = reader.validated_data
    return read


# Fields. What is of another type is refused: a number that was meant as text may have lost digits already.


class TextField(serializers.CharField):
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class NumberField(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class SwitchField(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class UidField(serializers.UUIDField):
    """A row by its uid."""

    def __init__(self, rows: QuerySet[Any], *, kind: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows, self.kind = rows, kind

    def to_internal_value(self, data: Any) -> Model:  # type: ignore[override]
        # A whole number would be read as one, too.
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        row = self.rows.all().filter(uid=super().to_internal_value(data)).first()
        if row is None:
            raise serializers.ValidationError(f"There is no {self.kind} with this uid.")
        found: Model = row
        return found


class UidsField(serializers.ListField):
    """Rows by their uids, read together; each counts once."""

    child = serializers.UUIDField()

    def __init__(self, rows: QuerySet[Any], *, kind: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows, self.kind = rows, kind

    def to_internal_value(self, data: Any) -> list[Model]:
        uids = list(dict.fromkeys(super().to_internal_value(data)))
        found = {row.uid: row for row in self.rows.all().filter(uid__in=uids)}
        if missing := [str(uid) for uid in uids if uid not in found]:
            raise serializers.ValidationError(f"There is no {self.kind} with the uid {missing[0]}.")
        return [found[uid] for uid in uids]


class SaidOnField(serializers.DateField):
    """The day on which something was said: no day to come, and none before 1600."""

    def to_internal_value(self, value: Any) -> date:
        day: date = super().to_internal_value(value)
        # It is tomorrow already in some places.
        if not EARLIEST <= day <= timezone.now().date() + timedelta(days=1):
            raise serializers.ValidationError(f"Give a day from {EARLIEST.isoformat()} until today.")
        return day
