"""Pages of claims, and of outlets and articles where they show claims."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Count, F, Max, OrderBy, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from claims import presentation
from claims.forms import ClaimFilter, ReportSwitches
from claims.links import contradictions
from claims.models import (
    Attribution,
    Claim,
    ClaimConflict,
    ClaimLink,
    ClaimMerge,
    Corroboration,
    Statement,
    StatementRelay,
    Topic,
)
from claims.moments import MomentRefused, read_moment
from claims.past import stood_apart
from claims.querysets import COUNTED, with_claim_counts
from claims.reports import ClaimReports, load_reports
from claims.services.conflicts import chained_claims
from claims.stories import load_stories
from sources.models import Article, Derivation, Outlet, Revision, Snapshot

CLAIMS_PER_PAGE = 20
ARTICLES_PER_PAGE = 30
OUTLETS_PER_PAGE = 50
#: Outlets named in one list of an outlet's page.
LIST_LENGTH = 100
EVENTS_SHOWN = 500
#: Articles that lack a claim, named on its page.
MISSING_SHOWN = 100

_ORDERS: dict[str, list[OrderBy | str]] = {
    "origins": ["-origin_count", "-outlet_count", F("first_published_at").desc(nulls_last=True), "-pk"],
    "newest": [F("first_published_at").desc(nulls_last=True), "-pk"],
    "relevance": ["-relevance", "-origin_count", "-outlet_count", "-pk"],
}


class CountedPaginator(Paginator):
    """A paginator of rows that were counted already."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, found: int) -> None:
        super().__init__(rows, per_page)
        self._found = found

    @property
    def count(self) -> int:
        return self._found


@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    form = ClaimFilter(request.GET)
    page = None
    levels: list[dict[str, Any]] = []
    if form.is_valid():
        asked = form.claims()
        levels = _level_counts(asked)
        level = form.cleaned_data["level"]
        if level:
            asked = asked.filter(level=level)
        ordered = asked.with_summary(confirmed_only=form.cleaned_data["confirmed"]).order_by(*_ORDERS[form.order_by])
        found = sum(row["count"] for row in levels if level in ("", row["value"]))
        page = CountedPaginator(ordered, CLAIMS_PER_PAGE, found=found).get_page(request.GET.get("page"))
    return render(
        request,
        "claims/claim_list.html",
        {
            "form": form,
            "page": page,
            "levels": levels,
            "as_of": _as_of(page.object_list) if page else None,
            "filtered": any(request.GET.get(name) for name in form.fields if name != "order"),
        },
        status=200 if form.is_valid() else 400,
    )


def _level_counts(claims: QuerySet[Any]) -> list[dict[str, Any]]:
    """Return how many of the claims have each level, the strongest first."""
    counts = dict(claims.order_by().values_list("level").annotate(Count("pk")))
    shown = ["corroborated", "repeated", "single"]
    if "unreported" in counts:
        shown.append("unreported")  # only denied
    return [{"value": value, "count": counts.get(value, 0)} for value in shown]


def _as_of(claims: Any) -> Any:
    return max(
        (summary.computed_at for claim in claims for summary in claim.summaries),
        default=None,
    )


@require_safe
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    topic = get_object_or_404(Topic, slug=slug)
    return redirect(f"{reverse('claim_list')}?topic={topic.slug}")


@require_safe
def claim_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    claim = get_object_or_404(
        Claim.objects.select_related("speaker", "merged_into").prefetch_related("topics"), uid=uid
    )
    try:
        moment = read_moment(request.GET.get("as_of", ""), request.GET.get("clock", ""))
    except MomentRefused as refused:
        return render(request, "400.html", {"reasons": {refused.parameter: [str(refused)]}}, status=400)
    if claim.merged_into is not None and not stood_apart(claim, moment):
        moved = redirect(_with_query(request, _merge_target(claim).get_absolute_url()), permanent=True)
        # A merge may be undone: then the address is the claim's own again.
        moved["Cache-Control"] = "no-cache"
        return moved
    switches = ReportSwitches(request.GET)
    if not switches.is_valid():
        return render(request, "400.html", {"reasons": switches.errors}, status=400)
    confirmed_only = switches.cleaned_data["confirmed"]
    by_owner = switches.cleaned_data["by"] == "owner"
    reports = load_reports([claim], confirmed_only=confirmed_only, by_owner=by_owner, as_of=moment)[claim.pk]
    attributions = Attribution.objects.standing().filter(claim=claim)
    unconfirmed = attributions.filter(status=Attribution.Status.PROPOSED).count() if confirmed_only else 0
    left_out = {
        status: list(attributions.filter(status=status).with_context().order_by("pk"))
        for status in (Attribution.Status.UNSURE, Attribution.Status.REJECTED)
    }
    orphaned = list(
        Attribution.objects.orphaned()
        .filter(claim=claim)
        .select_related("decided_by", "statement__speaker", "statement__revision__article__outlet")
        .defer("statement__revision__text")
        .order_by("-statement__orphaned_at", "pk")[:LIST_LENGTH]
    )
    captured = _captured_at(reports)
    story = load_stories([reports])[claim.pk]
    events = _events(claim)
    history = presentation.decisions(events, editors=_editors(events))
    as_of = Corroboration.objects.filter(claim=claim).aggregate(at=Max("computed_at"))["at"]
    return render(
        request,
        "claims/claim_detail.html",
        {
            "claim": claim,
            "reports": reports,
            "report_groups": presentation.by_outlet(
                presentation.shown_report(
                    worded.report, wording=worded.wording, captured_at=captured[worded.report.article.pk]
                )
                for worded in reports.worded
            ),
            "denials": presentation.by_outlet(
                presentation.shown_report(report, captured_at=captured[report.article.pk]) for report in reports.denying
            ),
            "origins": _possible_origins(reports, by_owner=by_owner),
            "confirmed_only": confirmed_only,
            "by_owner": by_owner,
            "unconfirmed": unconfirmed,
            "unsure": left_out[Attribution.Status.UNSURE],
            "rejected": left_out[Attribution.Status.REJECTED],
            "conflicts": ClaimConflict.objects.open().filter(claim=claim).with_context().order_by("pk"),
            "chains": chained_claims(claim),
            "links": _likenesses(claim),
            "contradictions": contradictions(claim) if moment is None else [],
            "merges": ClaimMerge.objects.filter(into=claim, undone_at=None)
            .select_related("claim", "merged_by")
            .order_by("-pk")[:LIST_LENGTH],
            "orphaned": orphaned,
            "story": story,
            "missing": story.articles(MISSING_SHOWN),
            "moment": moment,
            # What was is not decided on.
            "can_decide": moment is None and request.user.has_perm("claims.change_attribution"),
            "history": history,
            "as_of": as_of,
        },
    )


def _likenesses(claim: Claim) -> QuerySet[ClaimLink]:
    """Return the links of a claim to those it may be the same as, or is not, what waits for an editor first."""
    links: QuerySet[ClaimLink] = (
        ClaimLink.objects.of(claim)
        .standing()
        .filter(kind=ClaimLink.Kind.SAME)
        .select_related("claim__speaker", "other__speaker", "decided_by")
        .order_by(F("decided_at").desc(nulls_first=True), "-score", "pk")[:LIST_LENGTH]
    )
    return links


def _merge_target(claim: Claim) -> Claim:
    """Follow merges to the claim that stands; a circle ends where it closes."""
    seen = {claim.pk}
    while claim.merged_into is not None and claim.merged_into.pk not in seen:
        claim = claim.merged_into
        seen.add(claim.pk)
    return claim


def _with_query(request: HttpRequest, address: str) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"{address}?{query}" if query else address


def _possible_origins(reports: ClaimReports, *, by_owner: bool) -> list[presentation.Origin]:
    if not by_owner:
        return presentation.possible_origins(reports, group=lambda outlet: outlet)
    return presentation.possible_origins(reports, group=reports.owner_of)


def _captured_at(reports: ClaimReports) -> dict[int, datetime]:
    """Return, by article id, when the text that the reports are in was captured."""
    revisions = {report.statement.revision_id for report in reports.reports}
    rows = Snapshot.objects.filter(revisions__in=revisions).values_list("article_id", "captured_at")
    return dict(rows)


def _events(claim: Claim) -> list[Any]:
    """Return the latest events of the claim's attributions, oldest first."""
    events = apps.get_model("claims", "AttributionEvent").objects.filter(claim=claim)
    latest = events.select_related("decided_by", "pgh_context", "statement__revision__article__outlet")
    return list(reversed(latest.order_by("-pgh_id")[:EVENTS_SHOWN]))


def _editors(events: list[Any]) -> dict[int, str]:
    """Return the names of those who wrote events, by id."""
    ids = {event.pgh_context.metadata.get("user") for event in events if event.pgh_context is not None}
    return {user.pk: user.get_username() for user in User.objects.filter(pk__in=ids - {None})}


@require_safe
def statement_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    statement = get_object_or_404(Statement.objects.select_related("revision__article"), uid=uid)
    return redirect(presentation.statement_address(statement))


@require_safe
def article_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    article = get_object_or_404(Article.objects.select_related("outlet"), uid=uid)
    chosen = _chosen_statement(request, article)
    revision = _revision(request, article, chosen)
    statements = (
        list(
            Statement.objects.filter(revision=revision, withdrawn_at=None)
            .select_related("speaker")
            .prefetch_related("spans", "relays__outlet")
            .order_by("start", "-end", "pk")
        )
        if revision
        else []
    )
    derivations = list(Derivation.objects.standing().filter(article=article).with_evidence().order_by("pk"))
    copies = list(
        Derivation.objects.standing()
        .filter(upstream_article=article, kind=Derivation.Kind.COPY)
        .with_evidence()
        .order_by(F("article__published_at").asc(nulls_last=True), "pk")[:LIST_LENGTH]
    )
    orphans = _orphans(article, revision)
    attributions = _counted_attributions([*statements, *orphans])
    shown, notes = (
        presentation.annotated(revision, statements, derivations, copies, attributions) if revision else ([], {})
    )
    return render(
        request,
        "sources/article_detail.html",
        {
            "article": article,
            "revision": revision,
            "revision_count": article.revisions.count(),
            "derivations": [presentation.shown_derivation(derivation, revision) for derivation in derivations],
            "copied_by": [presentation.shown_derivation(copy, revision, from_upstream=True) for copy in copies],
            "orphans": [presentation.Note(0, orphan, attributions.get(orphan.pk, [])) for orphan in orphans],
            "statements": statements,
            "paragraphs": shown,
            "notes": notes,
            "chosen": chosen,
        },
    )


def _orphans(article: Article, revision: Revision | None) -> list[Statement]:
    """Return the statements of earlier texts that the current one lacks, where that is the one shown."""
    if revision is None or revision.pk != article.current_revision_id:
        return []
    orphans = Statement.objects.orphaned().filter(revision__article=article).select_related("speaker")
    # The text is left where it is; its number is asked for.
    return list(
        orphans.select_related("revision__article__outlet")
        .defer("revision__text")
        .order_by("-revision__number", "start", "pk")[:LIST_LENGTH]
    )


@requires("claims.change_attribution")
@require_safe
def orphan_list(request: HttpRequest) -> HttpResponse:
    """Show editors what they decided about words that a later text no longer has, the latest loss first."""
    decided = (
        Attribution.objects.orphaned()
        .filter(status=Attribution.Status.CONFIRMED)
        .order_by("-statement__orphaned_at", "-pk")
    )
    page = Paginator(
        decided.select_related(
            "claim", "decided_by", "statement__speaker", "statement__revision__article__outlet"
        ).defer("statement__revision__text"),
        CLAIMS_PER_PAGE,
    ).get_page(request.GET.get("page"))
    return render(request, "claims/orphan_list.html", {"page": page})


def _chosen_statement(request: HttpRequest, article: Article) -> Statement | None:
    """Return the statement that the address asks to point out, or None where it names none of this article."""
    try:
        uid = UUID(request.GET["statement"])
    except (KeyError, ValueError):
        return None
    return Statement.objects.filter(uid=uid, revision__article=article).select_related("revision").first()


def _revision(request: HttpRequest, article: Article, chosen: Statement | None) -> Revision | None:
    """Return the revision to show: the one asked for, else the one the chosen statement is in, else the current."""
    revisions = article.revisions.select_related("snapshot").defer("snapshot__body")
    number = request.GET.get("revision", "")
    if number.isascii() and number.isdigit() and len(number) < 9:
        return get_object_or_404(revisions, number=int(number))
    if chosen is not None:
        return revisions.get(pk=chosen.revision_id)
    return revisions.filter(current_of=article).first()


def _counted_attributions(statements: list[Statement]) -> dict[int, list[Attribution]]:
    """Return attributions that would count by statement id, with claim and its `summaries`."""
    attributions = (
        Attribution.objects.filter(status__in=COUNTED, statement__in=statements)
        .select_related("claim")
        .prefetch_related(
            Prefetch(
                "claim__corroborations",
                queryset=Corroboration.objects.filter(basis=Corroboration.Basis.COUNTED),
                to_attr="summaries",
            )
        )
        .order_by("-score", "pk")
    )
    by_statement: dict[int, list[Attribution]] = defaultdict(list)
    for attribution in attributions:
        by_statement[attribution.statement_id].append(attribution)
    return by_statement


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    q = searched(request)
    articles = _newest_articles(Article.objects.search(q) if q else Article.objects.all())
    page = Paginator(articles, ARTICLES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "sources/article_list.html", {"page": page, "q": q})


def _newest_articles(articles: QuerySet[Any]) -> QuerySet[Any]:
    """Return articles with outlet and `statement_count`, the newest first."""
    statements = Statement.objects.filter(revision=OuterRef("current_revision"), withdrawn_at=None)
    counted = statements.order_by().values("revision").annotate(n=Count("pk")).values("n")
    return (
        articles.select_related("outlet")
        .annotate(statement_count=Coalesce(Subquery(counted), 0))
        .order_by(F("published_at").desc(nulls_last=True), "-pk")
    )


def searched(request: HttpRequest) -> str:
    """Return the words to search for; PostgreSQL's text holds no NUL."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:300]


@require_safe
def outlet_list(request: HttpRequest) -> HttpResponse:
    q = searched(request)
    outlets = Outlet.objects.search(q) if q else Outlet.objects.all()
    page = Paginator(
        with_claim_counts(outlets).select_related("owner").order_by("name", "pk"), OUTLETS_PER_PAGE
    ).get_page(request.GET.get("page"))
    return render(request, "sources/outlet_list.html", {"page": page, "q": q})


@require_safe
def outlet_detail(request: HttpRequest, slug: str) -> HttpResponse:
    outlet = get_object_or_404(
        with_claim_counts(Outlet.objects.select_related("owner").prefetch_related("aliases", "domains", "owned")),
        slug=slug,
    )
    articles = _newest_articles(outlet.articles.all())
    derived = (
        Derivation.objects.standing()
        .filter(upstream_outlet=outlet)
        .values("article__outlet__name", "article__outlet__slug")
        .annotate(articles=Count("article", distinct=True))
        .order_by("-articles", "article__outlet__name")
    )
    relayed = (
        StatementRelay.objects.filter(outlet=outlet, statement__withdrawn_at=None)
        .values("statement__revision__article__outlet__name", "statement__revision__article__outlet__slug")
        .annotate(statements=Count("statement", distinct=True))
        .order_by("-statements", "statement__revision__article__outlet__name")
    )
    return render(
        request,
        "sources/outlet_detail.html",
        {
            "outlet": outlet,
            "page": Paginator(articles, ARTICLES_PER_PAGE).get_page(request.GET.get("page")),
            "derived": derived[:LIST_LENGTH],
            "relayed": relayed[:LIST_LENGTH],
        },
    )
