"""The honest denominator: articles on a claim's story, and which outlets there do not have the claim."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from claims.compiled import Compiled, IsAny
from claims.corroboration.reports import ClaimReports, outlets_with_owners, owner_among
from sources.models import Article, Outlet

#: Of a claim’s articles, those whose other claims are looked at; of these claims, those that most of them share;
#: of each, the articles that carry it; of all these, those that count. They keep the work for a huge story in bounds.
OWN_MAX, SHARED_MAX, CARRIERS_MAX, ARTICLES_MAX = 500, 200, 200, 2000
#: What is read of an article without the claim, and of its outlet.
_ARTICLE = ("uid", "url", "title", "language", "external_id", "identity", "published_at", "published_has_time")
_OUTLET = ("uid", "slug", "name", "kind")
_NAMED = Compiled(
    lambda ids: (
        Article.objects.filter(IsAny("pk", ids))
        .select_related("outlet")
        .only("outlet", *(f"outlet__{name}" for name in _OUTLET), *_ARTICLE)
    ),
    list,
)


@dataclass(frozen=True)
class Gap:
    """An outlet with articles on the story that do not have the claim.

    reports_elsewhere: another of its articles does, so the outlet does not leave the claim out.
    """

    outlet: Outlet
    articles: list[Article]
    reports_elsewhere: bool

    @property
    def article_count(self) -> int:
        return len(self.articles)


@dataclass(frozen=True)
class Story:
    """The articles that share another claim with one of a claim's articles, and these.

    article_count: all of them. gaps: those without the claim, by outlet, the outlets that have it nowhere first.
    unconfirmed: those that are proposed to have it, where only confirmed reports count: neither found nor not found.
    complete: False where a bound was met, so that there are more.
    """

    article_count: int
    gaps: list[Gap]
    unconfirmed: int
    complete: bool

    @property
    def missing_count(self) -> int:
        return sum(len(gap.articles) for gap in self.gaps)

    def articles(self, most: int) -> list[Article]:
        """Return the articles without the claim, with their outlets, the earliest published first, `most` at most."""
        missing = [article for gap in self.gaps for article in gap.articles]
        return sorted(missing, key=_published)[:most]


def _published(article: Article) -> tuple[bool, datetime | None, int]:
    """Return a sorting key: as they were published, undated ones last."""
    return article.published_at is None, article.published_at, article.pk


def load_stories(loaded: Collection[ClaimReports]) -> dict[int, Story]:
    """Return the story of each claim by claim id, on the terms on which its reports were loaded, alike for all.

    A denial has the claim too. The number of queries does not depend on the number of claims or articles.
    """
    if not loaded:
        return {}
    asked = next(iter(loaded)).asked
    source = asked.source
    own = {reports.claim.pk: _each(report.article.pk for report in reports.reports) for reports in loaded}
    looked_at = {article for articles in own.values() for article in articles[:OWN_MAX]}
    claims_in: dict[int, list[int]] = defaultdict(list)
    for claim, article in source.shared(looked_at, confirmed_only=asked.confirmed_only):
        claims_in[article].append(claim)
    shared = {claim: _shared(claim, articles[:OWN_MAX], claims_in) for claim, articles in own.items()}
    carriers = source.carriers(
        {other for others in shared.values() for other in others[:SHARED_MAX]},
        confirmed_only=asked.confirmed_only,
        most=CARRIERS_MAX + 1,
    )
    related = {claim: _related(own[claim], others, carriers) for claim, others in shared.items()}
    wanted = {article for articles in related.values() for article in articles[:ARTICLES_MAX]}
    found = {article.pk: article for article in _NAMED(sorted(wanted))} if wanted else {}
    reporting = {report.outlet.pk for reports in loaded for report in reports.reports}
    publishers = {article.outlet_id for article in found.values()}
    # Who owns them matters only where owners are counted.
    outlets = outlets_with_owners(reporting | publishers) if asked.by_owner else {}
    stories = {}
    for reports in loaded:
        claim = reports.claim.pk
        complete = (
            len(own[claim]) <= OWN_MAX
            and len(shared[claim]) <= SHARED_MAX
            and len(related[claim]) <= ARTICLES_MAX
            and all(len(carriers.get(other, ())) <= CARRIERS_MAX for other in shared[claim])
        )
        unconfirmed = {report.article for report in reports.unconfirmed} - set(own[claim])
        articles = related[claim][:ARTICLES_MAX]
        stories[claim] = Story(
            article_count=len(own[claim]) + len(articles),
            gaps=_gaps(reports, [found[pk] for pk in articles if pk not in unconfirmed], outlets),
            unconfirmed=len(unconfirmed.intersection(articles)),
            complete=complete,
        )
    return stories


def _each(articles: Iterable[int]) -> list[int]:
    """Return articles in the order in which they first come."""
    return list(dict.fromkeys(articles))


def _shared(claim: int, articles: Iterable[int], claims_in: dict[int, list[int]]) -> list[int]:
    """Return the other claims of a claim's articles, those first that most of the articles share."""
    counts = Counter(other for article in articles for other in claims_in.get(article, ()) if other != claim)
    return sorted(counts, key=lambda other: (-counts[other], other))


def _related(own: Collection[int], shared: list[int], carriers: dict[int, list[int]]) -> list[int]:
    """Return the articles that carry one of the shared claims and are not the claim's own."""
    found = _each(article for other in shared[:SHARED_MAX] for article in carriers.get(other, ())[:CARRIERS_MAX])
    mine = set(own)
    return [article for article in found if article not in mine]


def _gaps(reports: ClaimReports, missing: list[Article], outlets: dict[int, Outlet]) -> list[Gap]:
    def counts_as(outlet: int) -> int:
        return owner_among(outlet, outlets) if reports.asked.by_owner else outlet

    reporting = {counts_as(report.outlet.pk) for report in reports.reports}
    by_outlet: dict[int, list[Article]] = defaultdict(list)
    for article in missing:
        by_outlet[article.outlet_id].append(article)
    gaps = [
        Gap(articles[0].outlet, articles, reports_elsewhere=counts_as(outlet) in reporting)
        for outlet, articles in by_outlet.items()
    ]
    return sorted(gaps, key=lambda gap: (gap.reports_elsewhere, -len(gap.articles), gap.outlet.name))
