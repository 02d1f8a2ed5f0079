"""Articles on one story side by side: what all of them report, what some leave out, what only one has."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Prefetch
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims import wording
from claims.compiled import Compiled, IsAny
from claims.corroboration.facts import Present
from claims.models import Attribution, Claim, Corroboration, Statement, StatementRelay
from claims.presentation.articles import SharedPassage, ShownDerivation, shared_passages, shown_derivation
from claims.querysets import COUNTED
from claims.wording import Wording
from sources.models import Article, Derivation, Revision

#: Articles that are compared at once; more columns are not read side by side.
MOST_ARTICLES = 6
#: Claims on one page, and rows of the overview above them.
CLAIMS_PER_PAGE, OVERVIEW_ROWS = 40, 60
#: Of a claim, the articles that are looked at as being on the same story.
CARRIERS_MAX = 60
#: Characters of an article's title that tell it from another of its outlet.
LABEL_CHARACTERS = 50

WORDING_NAMES: dict[str, Promise] = {
    "verbatim": _("verbatim"),
    "near-verbatim": _("near-verbatim"),
    "truncated": _("truncated"),
    "paraphrase": _("paraphrase"),
}


# Which articles


@dataclass(frozen=True)
class Related:
    """An article on the same story: how many claims it shares, or of a much reported claim, may share."""

    article: Article
    shared: int


_ARTICLES = Compiled(lambda ids: Article.objects.filter(IsAny("pk", ids)).select_related("outlet"), list)


def related_articles(claims: Collection[int], *, besides: Collection[int], most: int) -> list[Related]:
    """Return articles that carry one of the claims, those that share the most first, with their outlets.

    besides: articles that are left out. Of a claim that more than CARRIERS_MAX articles carry, some are looked at.
    """
    carriers = Present().carriers(claims, confirmed_only=False, most=CARRIERS_MAX)
    counts = Counter(article for found in carriers.values() for article in set(found))
    likest = sorted((pk for pk in counts if pk not in besides), key=lambda pk: (-counts[pk], pk))[:most]
    articles = {article.pk: article for article in _ARTICLES(likest)} if likest else {}
    return [Related(articles[pk], counts[pk]) for pk in likest]


def one_of_each_outlet(article: Article, related: Iterable[Related]) -> list[Article]:
    """Return the article, and of each other outlet the one that shares the most; as many as can be compared."""
    found = {article.outlet_id: article}
    for row in related:
        found.setdefault(row.article.outlet_id, row.article)
    return list(found.values())[:MOST_ARTICLES]


def compare_address(articles: Sequence[Article]) -> str:
    """Return the address of the page that compares articles; "" for fewer than two."""
    if len(articles) < 2:
        return ""
    return f"{reverse('article_compare')}?{urlencode([('article', str(article.uid)) for article in articles])}"


# What each has


class Fact(NamedTuple):
    """An attribution that counts, of a statement in one of the articles."""

    pk: int
    claim: int
    article: int
    stance: str
    kind: str
    start: int
    length: int

    @property
    def denies(self) -> bool:
        return self.stance == Attribution.Stance.DENIES


@dataclass(frozen=True)
class Column:
    """One of the articles, with what is counted of it beside the others.

    label: what it is called here: its outlet, with its title where two are of one outlet. has: of the claims that
    several report, those that it has; lacks: the others; alone: the claims that only it has.
    """

    article: Article
    revision: Revision | None
    label: str
    derivations: list[ShownDerivation]
    statement_count: int
    has: int
    lacks: int
    alone: int
    without: str


@dataclass(frozen=True)
class Cell:
    """How an article has a claim; `fact` is None where it was not found there."""

    column: Column
    fact: Fact | None


@dataclass(frozen=True)
class Worded:
    """What an article says of a claim, and how that differs from the fullest wording; None for the fullest, denials.

    more: how many more of its statements carry the claim.
    """

    column: Column
    attribution: Attribution
    wording: Wording | None
    fullest: bool
    more: int

    @property
    def wording_name(self) -> str | Promise:
        return WORDING_NAMES[self.wording.kind] if self.wording is not None else ""

    @property
    def address(self) -> str:
        statement = self.attribution.statement
        return f"{self.column.article.get_absolute_url()}?statement={statement.uid}#s-{statement.uid}"


@dataclass(frozen=True)
class ComparedClaim:
    """A claim as the articles that have it word it, and the articles in which it was not found."""

    claim: Claim
    worded: list[Worded]
    lacking: list[Column]

    @property
    def denied(self) -> bool:
        """Whether one of the articles denies it."""
        return any(row.attribution.stance == Attribution.Stance.DENIES for row in self.worded)


@dataclass(frozen=True)
class Section:
    """Claims that equally many articles report, or that only one does (`column`); `claims` are those of the page."""

    count: int
    column: Column | None
    total: int
    claims: list[ComparedClaim]
    anchor: str

    @property
    def lacking(self) -> list[Column]:
        """Of a section of one article: the others, none of which has its claims."""
        return self.claims[0].lacking


@dataclass(frozen=True)
class OverviewRow:
    """One row of the overview: a claim that several have, and whether the page shows its wordings."""

    claim: Claim
    cells: list[Cell]
    count: int
    on_page: bool


@dataclass(frozen=True)
class SharedText:
    """One article that copies another of those compared."""

    shown: ShownDerivation
    passages: list[SharedPassage]


class Comparison:
    """What some articles report of one story, read from their current texts; one page of it in words.

    articles: at least two, with their outlets, in the order of their columns. The number of queries does not depend on
    the number of articles or claims.
    """

    def __init__(self, articles: Sequence[Article], *, page: int = 1) -> None:
        self.articles = articles
        self._facts = _facts(articles)
        self.page = min(max(page, 1), self.page_count)

    # Counting

    @cached_property
    def _by_claim(self) -> dict[int, dict[int, list[Fact]]]:
        """The facts by claim and article, in the order in which a reader of the first articles meets them."""
        places = {article.pk: place for place, article in enumerate(self.articles)}
        found: dict[int, dict[int, list[Fact]]] = defaultdict(lambda: defaultdict(list))
        for fact in sorted(self._facts, key=lambda fact: (places[fact.article], fact.start, fact.pk)):
            found[fact.claim][fact.article].append(fact)
        return found

    @cached_property
    def _ordered(self) -> list[int]:
        """The claims, those that the most articles have first; those of one article by article."""
        places = {article.pk: place for place, article in enumerate(self.articles)}

        def key(claim: int) -> tuple[int, int]:
            having = self._by_claim[claim]
            return -len(having), places[next(iter(having))] if len(having) == 1 else 0

        return sorted(self._by_claim, key=key)

    @property
    def claims(self) -> list[int]:
        """The ids of all claims that one of the articles has."""
        return self._ordered

    @cached_property
    def shared(self) -> list[int]:
        """The claims that several of the articles have."""
        return [claim for claim in self._ordered if len(self._by_claim[claim]) > 1]

    @property
    def in_all(self) -> int:
        return sum(len(having) == len(self.articles) for having in self._by_claim.values())

    @property
    def in_some(self) -> int:
        """How many claims several of the articles have, but not all."""
        return len(self.shared) - self.in_all

    @property
    def in_one(self) -> int:
        return len(self._ordered) - len(self.shared)

    @property
    def page_count(self) -> int:
        return max(1, -(-len(self._ordered) // CLAIMS_PER_PAGE))

    @property
    def different_outlets(self) -> bool:
        return len({article.outlet_id for article in self.articles}) == len(self.articles)

    # Showing

    @cached_property
    def columns(self) -> list[Column]:
        derivations: dict[int, list[ShownDerivation]] = defaultdict(list)
        for derivation in self._derivations:
            derivations[derivation.article_id].append(shown_derivation(derivation, None))
        alone = Counter(next(iter(having)) for having in self._by_claim.values() if len(having) == 1)
        has = Counter(article for claim in self.shared for article in self._by_claim[claim])
        outlets = Counter(article.outlet_id for article in self.articles)
        counts = _statement_counts(self.articles)
        return [
            Column(
                article=article,
                revision=article.current_revision,
                label=_label(article, alike=outlets[article.outlet_id] > 1),
                derivations=derivations[article.pk],
                statement_count=counts.get(article.pk, 0),
                has=has[article.pk],
                lacks=len(self.shared) - has[article.pk],
                alone=alone[article.pk],
                without=compare_address([other for other in self.articles if other.pk != article.pk]),
            )
            for article in self.articles
        ]

    @cached_property
    def _on_page(self) -> list[int]:
        first = (self.page - 1) * CLAIMS_PER_PAGE
        return self._ordered[first : first + CLAIMS_PER_PAGE]

    @cached_property
    def _claims(self) -> dict[int, Claim]:
        """The claims of the page and of the overview, by id."""
        summaries = Corroboration.objects.filter(basis=Corroboration.Basis.COUNTED)
        wanted = {*self._on_page, *self.shared[:OVERVIEW_ROWS]}
        return {
            claim.pk: claim
            for claim in Claim.objects.filter(pk__in=wanted)
            .select_related("speaker")
            .prefetch_related(Prefetch("corroborations", summaries, to_attr="summaries"))
        }

    @property
    def overview(self) -> list[OverviewRow]:
        """The claims that several articles have, and how each has them."""
        return [
            OverviewRow(
                self._claims[claim],
                [Cell(column, self._told(claim, column.article.pk)) for column in self.columns],
                len(self._by_claim[claim]),
                on_page=claim in self._on_page,
            )
            for claim in self.shared[:OVERVIEW_ROWS]
        ]

    @property
    def overview_more(self) -> int:
        """How many shared claims the overview leaves to the sections."""
        return max(0, len(self.shared) - OVERVIEW_ROWS)

    def _told(self, claim: int, article: int) -> Fact | None:
        """Return what stands for all that an article says of a claim: what it affirms at most length, or a denial."""
        facts = self._by_claim[claim].get(article, [])
        return max(facts, key=lambda fact: (not fact.denies, fact.length, -fact.pk), default=None)

    @cached_property
    def sections(self) -> list[Section]:
        """The sections of the page, each with the claims of it that are on the page."""
        totals = Counter(map(self._section, self._ordered))
        on_page: dict[tuple[int, int], list[ComparedClaim]] = defaultdict(list)
        for compared in self._compared():
            on_page[self._section(compared.claim.pk)].append(compared)
        columns = {column.article.pk: column for column in self.columns}
        return [
            Section(
                count=count,
                column=columns.get(article),
                total=totals[count, article],
                claims=claims,
                anchor=self.anchor(count, article),
            )
            for (count, article), claims in on_page.items()
        ]

    def _section(self, claim: int) -> tuple[int, int]:
        having = self._by_claim[claim]
        return len(having), next(iter(having)) if len(having) == 1 else 0

    def anchor(self, count: int, article: int) -> str:
        """Return the id of a section on its page."""
        if not article:
            return f"in-{count}"
        return f"only-{[a.pk for a in self.articles].index(article) + 1}"

    def _compared(self) -> Iterator[ComparedClaim]:
        told = {
            claim: {article: self._told(claim, article) for article in self._by_claim[claim]} for claim in self._on_page
        }
        attributions = _attributions(fact.pk for facts in told.values() for fact in facts.values() if fact)
        for claim, facts in told.items():
            rows = [
                (column, attributions[fact.pk], len(self._by_claim[claim][column.article.pk]) - 1)
                for column in self.columns
                if (fact := facts.get(column.article.pk)) is not None
            ]
            lacking = [column for column in self.columns if column.article.pk not in facts]
            yield ComparedClaim(self._claims[claim], list(_worded(rows)), lacking)

    @cached_property
    def _derivations(self) -> list[Derivation]:
        return list(Derivation.objects.standing().filter(article__in=self.articles).with_evidence().order_by("pk"))

    @cached_property
    def shared_texts(self) -> list[SharedText]:
        """The passages that one of the articles has copied from another of them."""
        ours = {article.pk for article in self.articles}
        copies = [d for d in self._derivations if d.kind == Derivation.Kind.COPY and d.upstream_article_id in ours]
        wanted = {d.revision_id for d in copies} | {s.upstream_revision_id for d in copies for s in d.spans.all()}
        texts = Revision.objects.select_related("article").in_bulk(wanted)
        return [SharedText(shown_derivation(copy, None), shared_passages(copy, texts)) for copy in copies]


def _label(article: Article, *, alike: bool) -> str:
    if not alike:
        return article.outlet.name
    title = article.title if len(article.title) <= LABEL_CHARACTERS else f"{article.title[:LABEL_CHARACTERS].rstrip()}…"
    return f"{article.outlet.name}: {title}"


def _facts(articles: Sequence[Article]) -> list[Fact]:
    counted = Attribution.objects.counted().filter(statement__revision__current_of__in=articles).order_by()
    fields = ("pk", "claim_id", "statement__revision__current_of__pk", "stance", "statement__kind", "statement__start")
    rows = counted.values_list(*fields, "statement__end")
    return [
        Fact(pk, claim, article, stance, kind, start, end - start)
        for pk, claim, article, stance, kind, start, end in rows
    ]


def _statement_counts(articles: Sequence[Article]) -> dict[int, int]:
    counts = Statement.objects.standing().filter(revision__current_of__in=articles).order_by()
    return dict(counts.values_list("revision__current_of__pk").annotate(Count("pk")))


def _attributions(wanted: Iterable[int]) -> dict[int, Attribution]:
    """Return attributions by id, with statement, speaker and relays."""
    relays = Prefetch("statement__relays", StatementRelay.objects.select_related("outlet"))
    found = Attribution.objects.filter(status__in=COUNTED).select_related("statement__speaker").defer("sub_scores")
    return found.defer("statement__terms").prefetch_related(relays).in_bulk(list(wanted))


def _worded(rows: Sequence[tuple[Column, Attribution, int]]) -> Iterator[Worded]:
    """Yield what each article says, compared with the fullest of what is affirmed."""
    affirming = [n for n, row in enumerate(rows) if row[1].stance != Attribution.Stance.DENIES]
    quotes = [row[1].statement.quote for row in rows]
    fullest = affirming[wording.fullest([quotes[n] for n in affirming])] if affirming else None
    for n, (column, attribution, more) in enumerate(rows):
        compared = None
        if fullest is not None and n in affirming and n != fullest:
            compared = wording.compare(quotes[fullest], quotes[n], on=_day(column), reference_on=_day(rows[fullest][0]))
        yield Worded(column, attribution, compared, fullest=n == fullest and len(affirming) > 1, more=more)


def _day(column: Column) -> date | None:
    return column.article.published_at and column.article.published_at.date()
