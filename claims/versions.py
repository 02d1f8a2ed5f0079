"""Versions of the rows that editors edit: what was seen when an edit began, and what changed since.

A version names the newest events of a row and of its parts, as a claim's topics. The events mirror the fields, so what
an editor saw is read back from them; nothing is stored beside. See docs/decisions/0015.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import (
    Attribution,
    Claim,
    ClaimLink,
    ClaimTopic,
    Speaker,
    SpeakerAlias,
    Statement,
    StatementRelay,
    Topic,
)
from sources.models import Derivation, Outlet, OutletAlias, OutletDomain

#: The newest event of the row; then for each part the newest event of its rows, and how many name this row.
_VERSION = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18}x[0-9]{1,9})*", re.ASCII)
_NO_EVENT = -1


@dataclass(frozen=True)
class Part:
    """Rows that belong to a row and are edited with it as one field; `of` names the row, `column` is what they say."""

    label: Promise
    model: type[models.Model]
    of: str
    column: str


@dataclass(frozen=True)
class Editable:
    """What an editor may change of a kind of row: columns by their label, and parts by name."""

    columns: Mapping[str, Promise]
    parts: Mapping[str, Part]

    def label(self, name: str) -> Promise:
        return self.columns[name] if name in self.columns else self.parts[name].label


EDITABLE: dict[type[models.Model], Editable] = {
    Claim: Editable(
        {
            "text": gettext_lazy("sentence"),
            "said_on": gettext_lazy("said on"),
            "speaker": gettext_lazy("speaker"),
            "language": gettext_lazy("language"),
        },
        {"topics": Part(gettext_lazy("topics"), ClaimTopic, "claim", "topic")},
    ),
    Statement: Editable(
        {
            "speaker": gettext_lazy("speaker"),
            "kind": gettext_lazy("kind"),
            "act": gettext_lazy("act"),
            "negated": gettext_lazy("negated"),
            "hedged": gettext_lazy("hedged"),
            "denies": gettext_lazy("denies"),
            "quote": gettext_lazy("quote"),
            "content_key": gettext_lazy("place in the text"),
            "source_text": gettext_lazy("source text"),
            "said_on": gettext_lazy("said on"),
            "withdrawn_reason": gettext_lazy("withdrawn reason"),
        },
        {"relays": Part(gettext_lazy("relayed by"), StatementRelay, "statement", "outlet")},
    ),
    Attribution: Editable(
        {"claim": gettext_lazy("claim"), "stance": gettext_lazy("stance"), "status": gettext_lazy("status")}, {}
    ),
    ClaimLink: Editable(
        {"claim": gettext_lazy("claim"), "other": gettext_lazy("other claim"), "status": gettext_lazy("status")}, {}
    ),
    Speaker: Editable(
        {
            "name": gettext_lazy("name"),
            "kind": gettext_lazy("kind"),
            "represents": gettext_lazy("speaks for"),
            "wikidata_id": gettext_lazy("Wikidata id"),
        },
        {"aliases": Part(gettext_lazy("other names"), SpeakerAlias, "speaker", "name")},
    ),
    Topic: Editable({"name": gettext_lazy("name"), "keywords": gettext_lazy("keywords")}, {}),
    Outlet: Editable(
        {
            "name": gettext_lazy("name"),
            "kind": gettext_lazy("kind"),
            "owner": gettext_lazy("owner"),
            "owner_name": gettext_lazy("owner name"),
            "reviewed": gettext_lazy("reviewed"),
        },
        {
            "aliases": Part(gettext_lazy("other names"), OutletAlias, "outlet", "name"),
            "domains": Part(gettext_lazy("domains"), OutletDomain, "outlet", "domain"),
        },
    ),
    Derivation: Editable({"status": gettext_lazy("status"), "partial": gettext_lazy("partial")}, {}),
}


@dataclass(frozen=True)
class FieldConflict:
    """One field of a row that was edited: what the editor saw, what stands now and since when, what they wanted.

    The values are in words: a string, or a list of them for a part. seen: None where it is not known any more.
    by, at: who changed it meanwhile, and when; "" and None where nobody did. clashes: both changed it, differently.
    """

    name: str
    label: str
    seen: str | list[str] | None
    current: str | list[str]
    wanted: str | list[str]
    by: str = ""
    at: datetime | None = None

    @property
    def many(self) -> bool:
        """Whether its values are lists."""
        return isinstance(self.current, list)

    @property
    def changed(self) -> bool:
        """Whether somebody else changed it."""
        return self.seen != self.current

    @property
    def edited(self) -> bool:
        """Whether this editor did."""
        return self.seen != self.wanted

    @property
    def clashes(self) -> bool:
        return self.changed and self.edited and self.current != self.wanted


class VersionConflict(Exception):
    """A row changed since an editor saw it; nothing was written.

    fields: those that changed or that the editor wanted changed. by, at: the latest change. version: of what stands
    now, with which the edit may be sent again.
    """

    def __init__(self, fields: Sequence[FieldConflict], *, version: str) -> None:
        self.fields = list(fields)
        latest = max((field for field in fields if field.at is not None), key=lambda field: field.at, default=None)  # type: ignore[arg-type, return-value]
        self.by = latest.by if latest is not None else ""
        self.at = latest.at if latest is not None else None
        self.version = version
        if self.at is not None:
            message = _("It was changed meanwhile by %(name)s, %(moment)s UTC. Nothing was written.") % {
                "name": self.by,
                "moment": date_format(self.at, "DATETIME_FORMAT"),
            }
        else:
            message = _("It is not known what you saw of this. Nothing was written.")
        super().__init__(message)


# Versions


def version_of(row: models.Model) -> str:
    """Return the version of a row as it is now: short, and fit for an ETag."""
    return versions_of([row])[row.pk]


def versions_of(rows: Iterable[models.Model]) -> dict[int, str]:
    """Return the versions of rows of one kind, by their id, in one query."""
    rows = list(rows)
    if not rows:
        return {}
    model = _kind(rows[0])
    found: dict[str, Any] = {"own": _newest(_events(model).filter(pgh_obj_id=OuterRef("pk")))}
    for name, part in EDITABLE[model].parts.items():
        # Also of what belonged to it once: an alias that was given to another speaker changed both.
        ever = _events(part.model).filter(**{f"{part.of}_id": OuterRef(OuterRef("pk"))}).values("pgh_obj_id")
        said = _events(part.model).filter(**{f"{part.of}_id": OuterRef("pk")})
        newest = _newest(_events(part.model).filter(pgh_obj_id__in=ever))
        # Of two transactions that add to a part at once, the first to begin may be the last to end: only the number of
        # events tells then.
        number = Subquery(said.values(number=Func("pgh_id", function="COUNT", output_field=models.IntegerField())))
        found[f"of_{name}"] = Concat(newest, Value("x"), number, output_field=models.TextField())
    named = model._default_manager.filter(pk__in=[row.pk for row in rows]).order_by().annotate(**found)
    return {pk: ".".join(map(str, events)) for pk, *events in named.values_list("pk", *found)}


def _kind(row: models.Model) -> type[models.Model]:
    """Return the model of a row in EDITABLE; a row that was read in part may be of another class."""
    return row._meta.concrete_model or type(row)


def _events(model: type[models.Model]) -> QuerySet[Any]:
    return apps.get_model(model._meta.app_label, f"{model.__name__}Event")._default_manager.order_by()


def _newest(events: QuerySet[Any]) -> Coalesce:
    """Return the id of the newest of some events; 0 for none."""
    return Coalesce(Subquery(events.order_by("-pgh_id").values("pgh_id")[:1]), 0)


# Checking


def check_version(row: models.Model, seen: str, wanted: Mapping[str, Any]) -> None:
    """Raise VersionConflict where a row changed since version `seen`, unless it is as it is wanted already.

    wanted: values by field of EDITABLE; a row or its id for a reference, a collection of such or of names for a part.
    To be called with the row locked and as it is now, in the transaction that writes.
    """
    model = _kind(row)
    editable = EDITABLE[model]
    now = version_of(row)
    if seen == now:
        return
    own, *marks = (seen if _VERSION.fullmatch(seen) else str(_NO_EVENT)).split(".")
    found = _columns_since(row, list(editable.columns), int(own))
    mark_of = dict(zip(editable.parts, marks, strict=False))
    for name, part in editable.parts.items():
        found[name] = _part_since(row, part, *_read_mark(mark_of.get(name, "")))
    asked = {name: _plain(value, many=name in editable.parts) for name, value in wanted.items()}
    changed = {name for name, field in found.items() if not field.known or field.seen != field.current}
    # A form that is sent again, after the answer to it was lost, is done already.
    if all(asked[name] == found[name].current if name in asked else not found[name].known for name in changed):
        return
    words = _Words(model, editable, found, asked)
    raise VersionConflict(
        [
            words.conflict(name)
            for name, field in found.items()
            if (field.known or name in asked) and (name in changed or asked.get(name, field.seen) != field.seen)
        ],
        version=now,
    )


@dataclass
class _Since:
    """What a field was when it was seen and is now, as plain values; `event` is the latest that changed it since."""

    seen: Any
    current: Any
    known: bool = True
    event: Any = None


def _plain(value: Any, *, many: bool = False) -> Any:
    if many:
        return frozenset(_plain(each) for each in value)
    return value.pk if isinstance(value, models.Model) else value


def _columns_since(row: models.Model, names: Sequence[str], mark: int) -> dict[str, _Since]:
    events = list(
        _events(_kind(row)).filter(pgh_obj_id=row.pk, pgh_id__gte=mark).select_related("pgh_context").order_by("pgh_id")
    )
    known = bool(events) and events[0].pgh_id == mark
    found = {}
    for name in names:
        attname = row._meta.get_field(name).attname  # type: ignore[union-attr]
        steps = [event for before, event in pairwise(events) if getattr(before, attname) != getattr(event, attname)]
        current = getattr(row, attname)
        found[name] = _Since(
            getattr(events[0], attname) if known else current, current, known, steps[-1] if steps else None
        )
    return found


def _read_mark(mark: str) -> tuple[int, int]:
    newest, _x, count = mark.partition("x")
    return (int(newest), int(count)) if count else (_NO_EVENT, 0)


def _part_since(row: models.Model, part: Part, newest: int, count: int) -> _Since:
    of, column = (part.model._meta.get_field(name).attname for name in (part.of, part.column))  # type: ignore[union-attr]
    ever = _events(part.model).filter(**{of: row.pk}).values("pgh_obj_id")
    events = list(_events(part.model).filter(pgh_obj_id__in=ever).select_related("pgh_context").order_by("pgh_id"))
    seen: dict[int, Any] = {}
    for event in events:
        if event.pgh_id > newest:
            break
        seen.pop(event.pgh_obj_id, None)
        if event.pgh_label != "delete" and getattr(event, of) == row.pk:
            seen[event.pgh_obj_id] = getattr(event, column)
    later = [event for event in events if event.pgh_id > newest]
    number = sum(getattr(event, of) == row.pk for event in events if event.pgh_id <= newest)
    known = newest != _NO_EVENT and number == count
    current = frozenset(part.model._default_manager.filter(**{of: row.pk}).values_list(column, flat=True))
    return _Since(frozenset(seen.values()) if known else current, current, known, later[-1] if later else None)


class _Words:
    """Says in words what the fields of a row were, are and are to be; each table is asked once."""

    def __init__(
        self, model: type[models.Model], editable: Editable, found: Mapping[str, _Since], asked: Mapping[str, Any]
    ) -> None:
        self._editable, self._found, self._asked = editable, found, asked
        self._fields: dict[str, Any] = {name: model._meta.get_field(name) for name in editable.columns}
        self._fields |= {name: part.model._meta.get_field(part.column) for name, part in editable.parts.items()}
        ids: dict[type[models.Model], set[Any]] = defaultdict(set)
        for name, since in found.items():
            if (related := self._fields[name].related_model) is not None:
                for value in (since.seen, since.current, asked.get(name)):
                    ids[related] |= set(value) if isinstance(value, frozenset) else {value}
        people = {int(user) for since in found.values() if (user := _told(since.event).get("user"))}
        self._rows = {
            related: related._default_manager.in_bulk([pk for pk in pks if pk is not None])
            for related, pks in ids.items()
        }
        self._people = {user.pk: user.get_username() for user in User.objects.filter(pk__in=people)}

    def conflict(self, name: str) -> FieldConflict:
        since = self._found[name]
        changed = since.event is not None and since.seen != since.current
        return FieldConflict(
            name=name,
            label=str(self._editable.label(name)),
            seen=self._said(name, since.seen) if since.known else None,
            current=self._said(name, since.current),
            wanted=self._said(name, self._asked.get(name, since.seen)),
            by=self._who(since.event) if changed else "",
            at=since.event.pgh_created_at if changed else None,
        )

    def _who(self, event: Any) -> str:
        told = _told(event)
        if told.get("user"):
            return self._people.get(int(told["user"]), "")
        return str(told.get("method") or _("a machine"))

    def _said(self, name: str, value: Any) -> str | list[str]:
        if isinstance(value, frozenset):
            return sorted(self._word(name, each) for each in value)
        return self._word(name, value)

    def _word(self, name: str, value: Any) -> str:
        field = self._fields[name]
        if value is None or value == "":
            return ""
        if field.related_model is not None:
            return str(self._rows[field.related_model].get(value, f"#{value}"))
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, date):
            return value.isoformat()
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _told(event: Any) -> dict[str, Any]:
    """Return what is noted with an event of who did it."""
    return event.pgh_context.metadata if event is not None and event.pgh_context is not None else {}
