"""What was known of reports at a past moment, read from their history: the same facts as of now, as they were then."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Min, OuterRef, Prefetch, QuerySet, prefetch_related_objects

from claims.corroboration.facts import (
    DerivationFact,
    Derivations,
    RelayFact,
    ReportFact,
    published_order,
    upstream_closure,
)
from claims.corroboration.moments import Clock, Moment
from claims.models import Attribution, Claim, Statement
from claims.querysets import COUNTED
from sources.models import Article, DecisionStatus, Revision

#: Later than any event: what is known today.
TODAY = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Text:
    """The text of an article that counts at the moment.

    known_at: as of when its reading and the decisions on it count. superseded_at: when another text took its place.
    """

    revision: int
    known_at: datetime
    superseded_at: datetime

    @property
    def derived_at(self) -> datetime:
        """As of when its derivations count: those of a later text are another matter."""
        return min(self.known_at, self.superseded_at)


class Past:
    """What was known at a moment.

    captured: each article's text that was current then, as its reading and the decisions on it stood. A text that was
    captured by then but read only later, as those of an archive are, counts as it was first read.
    published: each article published by then, in the text that was current, or where we had none yet in the first that
    we have; as it is read and decided today.
    """

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self._texts: dict[int, Text] = {}
        self._events: dict[int, int] = {}

    def reports(self, claims: Collection[int]) -> list[ReportFact]:
        ever = _events("claims.AttributionEvent").filter(claim__in=claims)
        return [report for report in self._reports(ever.values("pgh_obj")) if report.claim in claims]

    def shared(self, articles: Collection[int], *, confirmed_only: bool) -> list[tuple[int, int]]:
        ever = _events("claims.AttributionEvent").filter(statement__revision__article__in=articles)
        found = self._reports(ever.values("pgh_obj"))
        return list({(report.claim, report.article) for report in found if report.confirmed or not confirmed_only})

    def carriers(self, claims: Collection[int], *, confirmed_only: bool, most: int) -> dict[int, list[int]]:
        ever = _events("claims.AttributionEvent").filter(claim=OuterRef("pk")).exclude(pgh_label="delete").order_by()
        some = Claim.objects.filter(pk__in=claims).annotate(some=ArraySubquery(ever.values("pgh_obj_id")[:most]))
        ids = {pk for found in some.values_list("some", flat=True) for pk in found}
        carriers: dict[int, list[int]] = defaultdict(list)
        for report in self._reports(ids):
            if report.confirmed or not confirmed_only:
                carriers[report.claim].append(report.article)
        return carriers

    def _reports(self, attributions: Any) -> list[ReportFact]:
        """Return the reports that counted at the moment among attributions, given as ids or a query of them."""
        rows = (
            _events("claims.AttributionEvent")
            .filter(pgh_obj__in=attributions)
            .values_list(
                *("pgh_obj_id", "pgh_label", "pgh_created_at", "pgh_id", "claim_id", "stance", "status"),
                *("statement_id", "statement__start", "statement__revision_id", "statement__revision__article_id"),
                *("statement__revision__article__outlet_id", "statement__revision__article__published_at"),
            )
        )
        texts = self._texts_of({row[10] for row in rows})
        standing = [
            row
            for row in _states(rows, lambda row: _known_at(texts.get(row[10])))
            if row[6] in COUNTED and texts[row[10]].revision == row[9]
        ]
        speakers = self._speakers({row[7]: row[10] for row in standing})
        self._events |= {row[0]: row[3] for row in standing}
        return published_order(
            ReportFact(row[0], row[4], row[5], row[6], row[7], row[8], speakers[row[7]], *row[9:13])
            for row in standing
            if row[7] in speakers
        )

    def relays(self, reports: Iterable[ReportFact]) -> list[RelayFact]:
        articles = {report.revision: report.article for report in reports}
        rows = (
            _events("claims.StatementRelayEvent")
            .filter(statement__revision__in=articles.keys())
            .values_list(
                *("pgh_obj_id", "pgh_label", "pgh_created_at", "statement_id", "statement__revision_id"),
                *("outlet_id", "hop", "start", "end"),
            )
        )
        standing = list(_states(rows, lambda row: _known_at(self._texts.get(articles[row[4]]))))
        speakers = self._speakers({row[3]: articles[row[4]] for row in standing})
        return [
            RelayFact(row[3], speakers[row[3]], row[4], row[5], row[6], row[7], row[8])
            for row in standing
            if row[3] in speakers
        ]

    def derivations(self, articles: Collection[int]) -> Derivations:
        reached = upstream_closure(articles, "sources_derivationevent")
        texts = self._texts_of(reached)
        rows = (
            _events("sources.DerivationEvent")
            .filter(article__in=reached)
            .values_list(
                *("pgh_obj_id", "pgh_label", "pgh_created_at", "article_id", "kind", "upstream_outlet_id"),
                *("upstream_article_id", "partial", "start", "end", "revision_id", "status"),
            )
        )
        of: dict[int, list[DerivationFact]] = defaultdict(list)
        for row in _states(rows, lambda row: texts[row[3]].derived_at if row[3] in texts else None):
            shown = row[10] == texts[row[3]].revision
            if row[11] == DecisionStatus.REJECTED or not (shown or row[11] == DecisionStatus.CONFIRMED):
                continue
            # That an article copies another could not be told before we had that one.
            if row[6] is None or row[6] in texts or self._moment.clock == Clock.PUBLISHED:
                of[row[3]].append(DerivationFact._make((*row[3:10], shown)))
        publishers = dict(Article.objects.filter(pk__in=texts).values_list("pk", "outlet_id"))
        return Derivations(of, publishers)

    def attributions(self, reports: Iterable[ReportFact]) -> dict[int, Attribution]:
        """Return the attributions as they were, never to be saved, with all that a page shows of them."""
        wanted = [self._events[report.attribution] for report in reports]
        names = [field.attname for field in Attribution._meta.concrete_fields]
        rows = _events("claims.AttributionEvent").filter(pgh_id__in=wanted).values("pgh_obj_id", *names)
        found = {row.pop("pgh_obj_id"): Attribution(**row) for row in rows}
        prefetch_related_objects(
            list(found.values()),
            "claim",
            "decided_by",
            Prefetch("statement", Statement.objects.select_related("speaker")),
            Prefetch("statement__revision", Revision.objects.select_related("article__outlet")),
            "statement__spans",
            "statement__relays__outlet",
        )
        return found

    def _speakers(self, statements: dict[int, int]) -> dict[int, int | None]:
        """Return who was taken to speak, by statement; withdrawn ones are left out.

        statements: the article of each.
        """
        rows = (
            _events("claims.StatementEvent")
            .filter(pgh_obj__in=statements.keys())
            .values_list("pgh_obj_id", "pgh_label", "pgh_created_at", "withdrawn_at", "speaker_id")
        )
        standing = _states(rows, lambda row: _known_at(self._texts.get(statements[row[0]])))
        return {row[0]: row[4] for row in standing if row[3] is None}

    def _texts_of(self, articles: Collection[int]) -> dict[int, Text]:
        """Return the text of each article that counts at the moment; articles without one are left out."""
        new = set(articles) - self._texts.keys()
        if new:
            self._texts |= self._find_texts(new)
        return {article: self._texts[article] for article in articles if article in self._texts}

    def _find_texts(self, articles: Collection[int]) -> dict[int, Text]:
        at, published = self._moment.at, self._moment.clock == Clock.PUBLISHED
        if published:
            out = Article.objects.filter(pk__in=articles, published_at__lte=at)
            articles = set(out.values_list("pk", flat=True))
        # By article, its texts in the order they were captured, and what was current from when on.
        captured: dict[int, list[tuple[datetime, int, int]]] = defaultdict(list)
        stored = {}
        for article, revision, captured_at, number, created_at in Revision.objects.filter(
            article__in=articles
        ).values_list("article_id", "pk", "snapshot__captured_at", "number", "created_at"):
            captured[article].append((captured_at, number, revision))
            stored[revision] = created_at
        current: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
        for article, revision, since in (
            _events("sources.ArticleEvent")
            .filter(pgh_obj__in=articles, current_revision__isnull=False)
            .values_list("pgh_obj_id", "current_revision_id", "pgh_created_at")
        ):
            current[article].append((since, revision))
        chosen = {}
        for article, texts in captured.items():
            by_then = [revision for since, revision in current[article] if since <= at] or [
                revision for captured_at, _, revision in sorted(texts) if captured_at <= at
            ]
            if by_then:
                chosen[article] = by_then[-1]
            elif published:
                chosen[article] = min(texts)[2]
        read = {} if published else _first_read(chosen.values())
        return {
            article: Text(
                revision,
                TODAY if published else max(at, read.get(revision, stored[revision])),
                _superseded_at(revision, current[article]),
            )
            for article, revision in chosen.items()
        }


def stood_apart(claim: Claim, moment: Moment | None) -> bool:
    """Whether a claim that was merged into another was a claim of its own at a moment, as this site knew it then."""
    if moment is None or moment.clock != Clock.CAPTURED:
        return False
    then = _events("claims.ClaimEvent").filter(pgh_obj=claim.pk, pgh_created_at__lte=moment.at).last()
    return then is not None and then.merged_into_id is None


def _events(model: str) -> "QuerySet[Any]":
    """Return the events of a tracked model, oldest first."""
    events: QuerySet[Any] = apps.get_model(model).objects.order_by("pgh_id")
    return events


def _states(rows: Iterable[Any], known_at: Callable[[Any], datetime | None]) -> Iterable[Any]:
    """Return the last event of each object by the time that `known_at` gives; what was deleted by then is left out.

    rows: object, label, time and more of each event, oldest first. known_at: None leaves the event out.
    """
    latest: dict[int, Any] = {}
    for row in rows:
        until = known_at(row)
        if until is not None and row[2] <= until:
            latest[row[0]] = row
    return [row for row in latest.values() if row[1] != "delete"]


def _known_at(text: Text | None) -> datetime | None:
    return None if text is None else text.known_at


def _first_read(revisions: Iterable[int]) -> dict[int, datetime]:
    """Return when the first report in each text was found."""
    found = _events("claims.AttributionEvent").filter(statement__revision__in=list(revisions))
    return dict(found.order_by().values_list(F("statement__revision")).annotate(Min("pgh_created_at")))


def _superseded_at(revision: int, current: list[tuple[datetime, int]]) -> datetime:
    """Return the moment just before another text took this one's place for the last time."""
    last = max((place for place, (_, text) in enumerate(current) if text == revision), default=len(current))
    later = [since for since, _ in current[last + 1 :]]
    return later[0] - datetime.resolution if later else TODAY
