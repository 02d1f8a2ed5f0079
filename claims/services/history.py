"""Who or what changed what: the events of tracked rows as changes that people read, and the undoing of a single one."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import pghistory
from django.apps import apps
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pghistory.models import Context

from claims.models import (
    Attribution,
    Claim,
    ClaimLink,
    ClaimTopic,
    DeskAction,
    Flag,
    Note,
    Speaker,
    SpeakerAlias,
    Statement,
    StatementChange,
    StatementRelay,
    Topic,
)
from claims.services.annotating import hold_text, undo_change
from claims.services.decisions import DecisionConflict, DecisionRefused, refresh, undo_decision
from claims.services.desk import take_back
from claims.services.locks import hold_matching
from claims.services.merging import undo_link, unmerge_claims
from claims.services.outlets import unmerge_outlets
from claims.services.speakers import MergeRefused, lock_speakers, unmerge_speakers
from sources.models import Article, Derivation, Outlet, OutletAlias, OutletDomain

logger = logging.getLogger(__name__)

#: Changes on one page, and events that are read for them: one change may be of thousands of rows.
PER_PAGE, MOST_EVENTS = 20, 400
#: Changes that are looked at for a page of those to one kind of row, which may be rare.
MOST_LOOKED = 2000
#: Events of one object, of each kind.
MOST_OF_OBJECT = 200


@dataclass(frozen=True)
class Tracked:
    """A kind of row whose history is kept; `of` names the columns by which it belongs to another kind's object."""

    key: str
    model: type[models.Model]
    name: Promise
    of: dict[str, str] = field(default_factory=dict)

    @property
    def events(self) -> type[models.Model]:
        return apps.get_model(self.model._meta.app_label, f"{self.model.__name__}Event")


TRACKED: dict[str, Tracked] = {
    tracked.key: tracked
    for tracked in (
        Tracked("claim", Claim, gettext_lazy("claim")),
        Tracked("report", Attribution, gettext_lazy("report"), {"claim": "claim", "statement": "statement"}),
        Tracked("statement", Statement, gettext_lazy("statement")),
        Tracked("relay", StatementRelay, gettext_lazy("relay"), {"statement": "statement"}),
        Tracked("link", ClaimLink, gettext_lazy("link between claims"), {"claim": "claim"}),
        Tracked("claim-topic", ClaimTopic, gettext_lazy("topic of a claim"), {"claim": "claim"}),
        Tracked("speaker", Speaker, gettext_lazy("speaker")),
        Tracked("speaker-name", SpeakerAlias, gettext_lazy("name of a speaker"), {"speaker": "speaker"}),
        Tracked("topic", Topic, gettext_lazy("topic")),
        Tracked("outlet", Outlet, gettext_lazy("outlet")),
        Tracked("outlet-name", OutletAlias, gettext_lazy("name of an outlet"), {"outlet": "outlet"}),
        Tracked("outlet-domain", OutletDomain, gettext_lazy("domain of an outlet"), {"outlet": "outlet"}),
        Tracked("article", Article, gettext_lazy("article")),
        Tracked("derivation", Derivation, gettext_lazy("origin of an article"), {"article": "article"}),
        Tracked("note", Note, gettext_lazy("note"), {"claim": "claim", "statement": "statement"}),
        Tracked("flag", Flag, gettext_lazy("reader’s flag"), {"claim": "claim", "statement": "statement"}),
    )
}
#: Kinds that have a page of their history: those that are named by an id of their own.
WITH_PAGE = ("claim", "report", "statement", "link", "speaker", "topic", "outlet", "article", "derivation")
#: Kinds that only editors see.
FOR_EDITORS = ("note", "flag")
#: What no reader wants to be told.
_NOISE = {
    *("id", "uid", "created_at", "updated_at", "sub_scores", "raised_at", "written_at", "terms", "speaker_name"),
    *("topics_by", "edited_by"),
}
#: What the line above a change says already: who, and when.
_SIGNATURE = ("decided_by", "decided_at", "settled_by", "settled_at")
#: What columns are called on pages. As names of the model fields, a migration would have to note each.
_COLUMN_NAMES = {
    "act": gettext_lazy("act"),
    "answer": gettext_lazy("answer"),
    "article": gettext_lazy("article"),
    "attribution": gettext_lazy("report"),
    "byline": gettext_lazy("byline"),
    "claim": gettext_lazy("claim"),
    "confidence": gettext_lazy("confidence"),
    "content_key": gettext_lazy("content key"),
    "current_revision": gettext_lazy("current revision"),
    "decided_at": gettext_lazy("decided at"),
    "decided_by": gettext_lazy("decided by"),
    "denies": gettext_lazy("denies"),
    "domain": gettext_lazy("domain"),
    "end": gettext_lazy("end"),
    "external_id": gettext_lazy("external id"),
    "heading": gettext_lazy("heading"),
    "hedged": gettext_lazy("hedged"),
    "hop": gettext_lazy("hop"),
    "identity": gettext_lazy("identity"),
    "keywords": gettext_lazy("keywords"),
    "kind": gettext_lazy("kind"),
    "merged_into": gettext_lazy("merged into"),
    "method": gettext_lazy("method"),
    "name": gettext_lazy("name"),
    "negated": gettext_lazy("negated"),
    "orphaned_at": gettext_lazy("text lost at"),
    "orphaned_reason": gettext_lazy("why the text is lost"),
    "other": gettext_lazy("other claim"),
    "outcome": gettext_lazy("outcome"),
    "outlet": gettext_lazy("outlet"),
    "owner": gettext_lazy("owner"),
    "owner_name": gettext_lazy("owner name"),
    "partial": gettext_lazy("partial"),
    "published_at": gettext_lazy("published at"),
    "published_has_time": gettext_lazy("published has time"),
    "quote": gettext_lazy("quote"),
    "reason": gettext_lazy("reason"),
    "represents": gettext_lazy("speaks for"),
    "reviewed": gettext_lazy("reviewed"),
    "revised_at": gettext_lazy("revised at"),
    "revision": gettext_lazy("revision"),
    "score": gettext_lazy("score"),
    "settled_at": gettext_lazy("settled at"),
    "settled_by": gettext_lazy("settled by"),
    "slug": gettext_lazy("slug"),
    "source_text": gettext_lazy("source text"),
    "stance": gettext_lazy("stance"),
    "start": gettext_lazy("start"),
    "statement": gettext_lazy("statement"),
    "status": gettext_lazy("status"),
    "text_by": gettext_lazy("text by"),
    "title": gettext_lazy("title"),
    "topic": gettext_lazy("topic"),
    "upstream_article": gettext_lazy("upstream article"),
    "upstream_outlet": gettext_lazy("upstream outlet"),
    "url": gettext_lazy("address"),
    "wikidata_id": gettext_lazy("Wikidata id"),
    "withdrawn_at": gettext_lazy("withdrawn at"),
    "withdrawn_reason": gettext_lazy("withdrawn reason"),
    "written_by": gettext_lazy("written by"),
}
#: Rows that may be taken away again, or put back, as nothing hangs on them.
_SMALL = (SpeakerAlias, OutletAlias, OutletDomain, ClaimTopic)
#: Columns that are changed by an editor, and may be put back.
_EDITED: dict[type[models.Model], tuple[str, ...]] = {
    Claim: ("text", "text_by", "language", "said_on", "speaker"),
    Speaker: ("name", "kind", "represents", "wikidata_id"),
    SpeakerAlias: ("speaker", "name"),
    Topic: ("name", "keywords"),
    Outlet: ("name", "kind", "owner", "owner_name", "reviewed"),
    OutletAlias: ("outlet", "name"),
    OutletDomain: ("outlet", "domain"),
    Derivation: ("status", "decided_by", "decided_at", "partial", "upstream_outlet", "upstream_article"),
    Note: ("text", "withdrawn_at"),
    Flag: ("outcome", "answer", "settled_by", "settled_at"),
}


@dataclass(frozen=True)
class FieldChange:
    """What one column was and became, in words; "" for nothing."""

    name: str
    before: str
    after: str


@dataclass
class Entry:
    """One event of one row. label: "insert", "update" or "delete"; may_revert: it is the row's latest change."""

    tracked: Tracked
    event: Any
    at: datetime
    label: str
    subject: str
    address: str
    who: str
    reason: str
    decision: str
    is_latest: bool
    fields: list[FieldChange]

    @property
    def by_person(self) -> bool:
        return bool(_context(self.event).get("user"))

    @property
    def may_revert(self) -> bool:
        """Whether it can be tried: what a person did, and nobody changed since."""
        if not (self.is_latest and self.by_person) or self.tracked.model in (Article, StatementRelay):
            return False
        if self.tracked.model in (Attribution, ClaimLink):
            return self.label != "delete" and not _came_with_another(self.tracked.model, self.decision)
        if self.tracked.model is Statement:
            return self.label != "delete" and _is_annotating(_context(self.event))
        return self.label == "update" or self.tracked.model in _SMALL


@dataclass
class Change:
    """What a person did at once, or a machine: all events of one transaction; `more` says that not all are listed."""

    context: Context
    who: str
    decision: str
    reason: str
    entries: list[Entry]
    more: bool = False


# Reading


@dataclass(frozen=True)
class Asked:
    """Which changes are asked for; None and "" stand for all. kind: a key of TRACKED; decision: what was done.

    machines: what no person did, instead of what people did.
    """

    machines: bool = False
    who: User | None = None
    kind: str = ""
    decision: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, UUID] | None = None


def recent_changes(asked: Asked) -> tuple[list[Change], Context | None]:
    """Return what was changed, the latest first, and the change that the next page begins after; None at the end.

    The number of queries does not depend on the number of changes. Of changes to one kind of row a page may hold fewer
    than there are further on: MOST_LOOKED are looked at for one.
    """
    contexts = Context.objects.annotate(who=KeyTextTransform("user", "metadata")).filter(who__isnull=asked.machines)
    if asked.who is not None:
        contexts = contexts.filter(who=str(asked.who.pk))
    if asked.decision:
        contexts = contexts.filter(metadata__decision=asked.decision)
    if asked.since is not None:
        contexts = contexts.filter(created_at__gte=asked.since)
    if asked.until is not None:
        contexts = contexts.filter(created_at__lt=asked.until)
    if asked.before is not None:
        at, pk = asked.before
        contexts = contexts.filter(created_at__lte=at).exclude(Q(created_at=at) & Q(pk__gte=pk))
    kinds = [TRACKED[asked.kind]] if asked.kind else list(TRACKED.values())
    latest = ("-created_at", "-pk")
    contexts = contexts.order_by(*latest)
    found: QuerySet[Context] = contexts
    if asked.kind:
        of_kind = kinds[0].events.objects.filter(pgh_context=OuterRef("pk"))  # type: ignore[attr-defined]
        looked_at = contexts.values("pk")[:MOST_LOOKED]
        found = Context.objects.filter(Exists(of_kind), pk__in=looked_at).order_by(*latest)
    page = list(found[: PER_PAGE + 1])
    following = page[PER_PAGE - 1] if len(page) > PER_PAGE else None
    if following is None and asked.kind:
        following = contexts[MOST_LOOKED - 1 : MOST_LOOKED].first()
    page = page[:PER_PAGE]
    ids = [context.pk for context in page]
    entries = _entries({tracked.key: Q(pgh_context__in=ids) for tracked in kinds}, most=MOST_EVENTS)
    by_context: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_context[entry.event.pgh_context_id].append(entry)
    names = _names({int(context.metadata["user"]) for context in page if not asked.machines})
    changes = [
        Change(
            context,
            context.metadata.get("method", "") if asked.machines else names.get(int(context.metadata["user"]), ""),
            str(context.metadata.get("decision", "")),
            str(context.metadata.get("reason", "")),
            by_context[context.pk],
            more=len(entries) >= MOST_EVENTS,
        )
        for context in page
    ]
    return [change for change in changes if change.entries], following


def history_of(tracked: Tracked, row: models.Model, *, for_editors: bool) -> list[Entry]:
    """Return the events of a row and of what belongs to it, the latest first, MOST_OF_OBJECT of each kind at most."""
    wanted: dict[str, Q] = {tracked.key: Q(pgh_obj_id=row.pk)}
    for other in TRACKED.values():
        if tracked.key in other.of and (for_editors or other.key not in FOR_EDITORS):
            wanted[other.key] = Q(**{f"{other.of[tracked.key]}_id": row.pk})
    if tracked.key == "claim":
        wanted["link"] |= Q(other_id=row.pk)
    return _entries(wanted, most=MOST_OF_OBJECT)


def _entries(wanted: dict[str, Q], *, most: int) -> list[Entry]:
    """Return events, the latest first, each with what the row was before it."""
    found: list[tuple[Tracked, Any, Any]] = []
    for key, condition in wanted.items():
        tracked = TRACKED[key]
        rows = tracked.events.objects.order_by("-pgh_id")  # type: ignore[attr-defined]
        same = tracked.events.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id")).order_by("-pgh_id")  # type: ignore[attr-defined]
        events = list(
            rows.filter(condition)
            .select_related("pgh_context")
            .annotate(
                previous=Subquery(same.filter(pgh_id__lt=OuterRef("pgh_id")).values("pgh_id")[:1]),
                latest=Subquery(same.values("pgh_id")[:1]),
            )[:most]
        )
        before = rows.in_bulk([event.previous for event in events if event.previous is not None])
        found += [(tracked, event, before.get(event.previous)) for event in events]
    words = _Words(found)
    entries = [words.entry(tracked, event, before) for tracked, event, before in found]
    return sorted(
        (entry for entry in entries if entry.fields or entry.label != "update"),
        key=lambda entry: (entry.at, entry.event.pgh_id),
        reverse=True,
    )


def _came_with_another(model: type[models.Model], decision: str) -> bool:
    """Whether a decision on a report or a link only followed from another one, or took one back itself."""
    if decision in ("undo", "revert", "unmerge"):
        return True
    return decision == "merge" and model is Attribution


def _is_annotating(told: dict[str, Any]) -> bool:
    """Whether an editor made or changed a statement, and not only took something back."""
    return "token" in told or told.get("decision") in _ANNOTATING


#: What is done to statements by themselves, as it is kept with each change.
_ANNOTATING = ("annotate", "edit statement", "withdraw statement", "restore statement")


def _context(event: Any) -> dict[str, Any]:
    return event.pgh_context.metadata if event.pgh_context is not None else {}


def _names(users: Iterable[int]) -> dict[int, str]:
    return {user.pk: user.get_username() for user in User.objects.filter(pk__in=set(users))}


class _Words:
    """Says in words what rows of other tables the events point to; each table is asked once."""

    def __init__(self, found: Sequence[tuple[Tracked, Any, Any]]) -> None:
        ids: dict[type[models.Model], set[int]] = defaultdict(set)
        for tracked, *events in found:
            for event in events:
                if event is None:
                    continue
                for column in _columns(tracked.model):
                    if column.related_model is not None and (pk := getattr(event, column.attname)) is not None:
                        ids[column.related_model].add(pk)
            ids[User].update({int(user)} if (user := _context(events[0]).get("user")) else set())
        self._rows: dict[type[models.Model], dict[int, Any]] = {
            model: model._default_manager.defer(*_heavy(model)).in_bulk(pks) for model, pks in ids.items()
        }

    def entry(self, tracked: Tracked, event: Any, before: Any) -> Entry:
        told = _context(event)
        user = self._rows.get(User, {}).get(int(told["user"])) if told.get("user") else None
        subject, address = self._subject(tracked, event)
        return Entry(
            tracked=tracked,
            event=event,
            at=event.pgh_created_at,
            label=event.pgh_label,
            subject=subject,
            address=address,
            who=user.get_username() if user is not None else str(told.get("method") or getattr(event, "method", "")),
            reason=str(told.get("reason", "")),
            decision=str(told.get("decision", "")),
            is_latest=event.latest == event.pgh_id,
            fields=self._changed(tracked, event, before, user) if event.pgh_label == "update" else [],
        )

    def _changed(self, tracked: Tracked, event: Any, before: Any, user: Any) -> list[FieldChange]:
        columns = ("decided_by_id", "settled_by_id")
        signed = next((getattr(event, column) for column in columns if hasattr(event, column)), None)
        told = _SIGNATURE if user is not None and signed == user.pk else ()
        return [
            FieldChange(
                str(_COLUMN_NAMES.get(column.name, column.verbose_name)),
                self._value(column, before),
                self._value(column, event),
            )
            for column in _columns(tracked.model)
            if before is not None
            and column.name not in told
            and getattr(before, column.attname) != getattr(event, column.attname)
        ]

    def _value(self, column: Any, event: Any) -> str:
        value = getattr(event, column.attname)
        if value is None or value == "":
            return ""
        if column.related_model is not None:
            row = self._rows.get(column.related_model, {}).get(value)
            return str(row) if row is not None else f"#{value}"
        if column.choices:
            return str(dict(column.flatchoices).get(value, value))
        if isinstance(value, datetime):
            return f"{date_format(value, 'DATETIME_FORMAT')} UTC"
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    def _subject(self, tracked: Tracked, event: Any) -> tuple[str, str]:
        """Return what an event is about, in words and as an address."""
        if tracked.key in WITH_PAGE:
            row = self._rows.get(tracked.model, {}).get(event.pgh_obj_id)
            address = getattr(row, "get_absolute_url", str)() if row is not None else ""
        else:
            address = ""
        named = [
            self._value(column, event)
            for column in _columns(tracked.model)
            if column.name in ("text", "quote", "name", "title", "domain", "statement", "claim", "other", "speaker")
            or column.name in ("outlet", "topic", "article", "upstream_outlet", "attribution")
        ]
        return " · ".join(filter(None, named)), address


def _columns(model: type[models.Model]) -> list[Any]:
    tracked = {column.name for column in apps.get_model(model._meta.app_label, f"{model.__name__}Event")._meta.fields}
    return [column for column in model._meta.concrete_fields if column.name in tracked and column.name not in _NOISE]


def _heavy(model: type[models.Model]) -> list[str]:
    """Columns that are long and are not shown."""
    return [column.name for column in model._meta.concrete_fields if column.name in ("terms", "body")] + (
        ["text"] if model._meta.label == "sources.Revision" else []
    )


# Undoing


def revert_change(key: str, event_id: int, *, by: User, reason: str = "") -> None:
    """Put one row back to what it was before one event, which has to be its latest.

    What follows from the row, and what the same decision changed with it, goes back too. Raises DecisionConflict where
    the row was changed since, and DecisionRefused where the event is none that can be taken back.
    """
    tracked = TRACKED[key]
    told = {"reason": reason} if reason else {}
    with transaction.atomic(), pghistory.context(user=by.pk, decision="revert", **told):
        events: QuerySet[Any] = tracked.events.objects  # type: ignore[attr-defined]
        _hold_before(tracked, events.filter(pk=event_id))
        hold_matching()
        event = events.select_related("pgh_context").filter(pk=event_id).first()
        if event is None:
            raise DecisionRefused(_("There is no such change."))
        same = events.filter(pgh_obj_id=event.pgh_obj_id)
        latest = same.select_related("pgh_context").latest("pgh_id")
        if latest.pk != event.pk:
            user = _names({int(_context(latest)["user"])}) if _context(latest).get("user") else {}
            who = next(iter(user.values()), "") or str(_context(latest).get("method", _("a machine")))
            raise DecisionConflict(_("%(who)s changed this since; take that back first.") % {"who": who})
        if not _context(event).get("user"):
            raise DecisionRefused(_("A machine did this; decide on it instead of taking it back."))
        before = same.filter(pgh_id__lt=event.pk).order_by("-pgh_id").first()
        try:
            with transaction.atomic():
                _REVERT.get(tracked.model, _put_back)(tracked.model, event, before, by)
        except (IntegrityError, models.ProtectedError) as error:
            raise DecisionConflict(_("Something else needs this as it is now, so it was left.")) from error
        except MergeRefused as refused:
            raise DecisionConflict(str(refused)) from refused
    logger.info("reverted %s event=%s", key, event_id)


def _hold_before(tracked: Tracked, events: "QuerySet[Any]") -> None:
    """Hold what comes before claims wherever both are held: texts, and speakers."""
    if tracked.model is Statement:
        statement = Statement.objects.select_related("revision").filter(pk__in=events.values("pgh_obj_id")).first()
        if statement is not None:
            hold_text(statement)
    elif tracked.model in (Speaker, Outlet):
        lock_speakers()


def _revert_report(model: type[models.Model], event: Any, before: Any, by: User) -> None:
    row = Attribution.objects.filter(pk=event.pgh_obj_id).first()
    if _came_with_another(model, _context(event).get("decision", "")):
        raise DecisionRefused(_("This came with another decision, or took one back; decide on the report anew."))
    if row is None or row.decided_at is None:
        raise DecisionRefused(_("There is no decision on this report to take back; decide on it anew."))
    undo_decision(row, by=by)


def _revert_link(model: type[models.Model], event: Any, before: Any, by: User) -> None:
    row = ClaimLink.objects.filter(pk=event.pgh_obj_id).first()
    if _came_with_another(model, _context(event).get("decision", "")):
        raise DecisionRefused(_("This took a decision back; decide on the two claims anew."))
    if row is None or row.decided_at is None:
        raise DecisionRefused(_("There is no decision on these two claims to take back; decide on them anew."))
    if _context(event).get("decision") == "merge":
        gone = Claim.objects.filter(pk__in=(row.claim_id, row.other_id), merged_into__isnull=False).first()
        if gone is not None:
            unmerge_claims(gone, by=by)
            return
    undo_link(row, by=by)


def _revert_statement(model: type[models.Model], event: Any, before: Any, by: User) -> None:
    told = _context(event)
    token = told.get("token")
    action = DeskAction.objects.filter(token=token, undone_at=None).first() if token else None
    change = StatementChange.objects.filter(statement=event.pgh_obj_id, undone_at=None).order_by("-pk").first()
    if action is not None:
        take_back(action, by=by)
    elif change is not None and _is_annotating(told):
        undo_change(change, by=by)
    else:
        raise DecisionRefused(_("This came with another decision, or took one back; edit the statement instead."))


def _revert_claim(model: type[models.Model], event: Any, before: Any, by: User) -> None:
    if before is not None and before.merged_into_id != event.merged_into_id:
        if event.merged_into_id is None or _context(event).get("decision") != "merge":
            raise DecisionRefused(_("This came with another decision; take that back, or merge the claims anew."))
        unmerge_claims(Claim.objects.get(pk=event.pgh_obj_id), by=by)
        return
    _put_back(model, event, before, by)
    refresh([event.pgh_obj_id])


def _revert_speaker(model: type[models.Model], event: Any, before: Any, by: User) -> None:
    if before is not None and before.merged_into_id != event.merged_into_id:
        if event.merged_into_id is None:
            raise DecisionRefused(_("This came with another decision; merge the speakers anew."))
        unmerge_speakers(Speaker.objects.get(pk=event.pgh_obj_id), by=by)
        return
    _put_back(model, event, before, by)


def _revert_outlet(model: type[models.Model], event: Any, before: Any, by: User) -> None:
    if before is not None and before.merged_into_id != event.merged_into_id:
        if event.merged_into_id is None or _context(event).get("decision") != "merge outlets":
            raise DecisionRefused(_("This came with another decision; merge the outlets anew."))
        unmerge_outlets(Outlet.objects.get(pk=event.pgh_obj_id), by=by)
        return
    _put_back(model, event, before, by)


def _put_back(model: type[models.Model], event: Any, before: Any, by: User) -> None:
    """Give a row the values it had; take away what was added, put back what was deleted, where that is all of it."""
    columns = [column for column in model._meta.concrete_fields if column.name in _EDITED.get(model, ())]
    row = model._default_manager.select_for_update(of=("self",)).filter(pk=event.pgh_obj_id).first()
    if event.pgh_label == "insert":
        if model not in _SMALL or row is None:
            raise DecisionRefused(_("What was added here is not taken away again; change it instead."))
        row.delete()
    elif event.pgh_label == "delete":
        if model not in _SMALL or row is not None:
            raise DecisionRefused(_("What was deleted here is not put back; add it anew."))
        kept = {c.attname: getattr(event, c.attname) for c in model._meta.concrete_fields if hasattr(event, c.attname)}
        model(**{**kept, "id": event.pgh_obj_id}).save(force_insert=True)
    else:
        changed = [column for column in columns if getattr(before, column.attname) != getattr(event, column.attname)]
        if row is None or not changed:
            raise DecisionRefused(_("Nothing that an editor sets was changed by this; there is nothing to take back."))
        for column in changed:
            setattr(row, column.attname, getattr(before, column.attname))
        row.save(update_fields=[column.name for column in changed])


_REVERT: dict[type[models.Model], Callable[[type[models.Model], Any, Any, User], None]] = {
    Attribution: _revert_report,
    ClaimLink: _revert_link,
    Statement: _revert_statement,
    Claim: _revert_claim,
    Speaker: _revert_speaker,
    Outlet: _revert_outlet,
}
