"""What counts and what stands is said by querysets; SQL that is written out says the same of every kind of row."""

from datetime import UTC, datetime
from itertools import product
from typing import NamedTuple
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from claims.corroboration.facts import Present
from claims.corroboration.moments import Moment
from claims.corroboration.past import Past
from claims.models import Attribution, Claim, ReviewItem, StatementRelay, Wording
from claims.querysets import COUNTED
from claims.search import SuchReport
from claims.services import candidates
from claims.services.candidates import sample_reports
from claims.services.decisions import refresh
from claims.services.queue import refresh_reviews
from sources.models import DecisionStatus, Derivation, Revision
from tests.factories import make_article, make_claim, make_outlet, make_statement, make_user, revise

pytestmark = pytest.mark.django_db

DECIDED_AT = datetime(2020, 2, 1, tzinfo=UTC)


class Kind(NamedTuple):
    """A kind of report; `text`: its statement is in the article's current text, an earlier one, or lost since."""

    status: str
    text: str
    withdrawn: bool
    stance: str
    negated: bool
    merged: bool


KINDS = tuple(
    Kind(status, text, withdrawn, *more)
    for status, text, withdrawn, more in product(
        DecisionStatus.values,
        ("current", "earlier", "lost"),
        (False, True),
        (("affirms", False, False), ("denies", False, False), ("affirms", True, False), ("affirms", False, True)),
    )
)


@pytest.fixture
def reports():
    """Return a report of every kind by its id, each of a claim of its own."""
    into, relay, editor = make_claim("They were merged into this."), make_outlet("Agency"), make_user("eve")
    things = [f"The thing {number:03} is so." for number in range(len(KINDS))]
    current, revised = (make_article(" ".join(things)) for _ in range(2))
    made = {}
    for kind, thing in zip(KINDS, things, strict=True):
        fields = {"negated": kind.negated}
        if kind.withdrawn:
            fields |= {"withdrawn_at": timezone.now(), "withdrawn_reason": "A caption."}
        if kind.text == "lost":
            fields |= {"orphaned_at": timezone.now(), "orphaned_reason": "It is gone."}
        article = current if kind.text == "current" else revised
        statement = make_statement(thing, article=article, relays=(relay,), **fields)
        report = Attribution.objects.create(
            uid=statement.uid,
            claim=make_claim(thing, speaker=statement.speaker, merged_into=into if kind.merged else None),
            statement=statement,
            stance=kind.stance,
            status=kind.status,
            score=1.0,
            method="test",
            **({} if kind.status == "proposed" else {"decided_by": editor, "decided_at": DECIDED_AT}),
        )
        made[report.pk] = kind
    revise(revised, "Another text, which has none of it.")
    refresh(claims())
    return made


def kinds_of(reports, rows):
    """Return of which kind rows are, so that a difference can be read."""
    return sorted(map(str, (reports[pk] for pk in rows)))


def counted(**asked):
    return set(Attribution.objects.counted(**asked).values_list("pk", flat=True))


def claims():
    return list(Claim.objects.values_list("pk", flat=True))


def test_the_queryset_tells_all_kinds_apart(reports):
    """Else all that follows would agree on nothing."""
    for confirmed_only, statuses in ((False, COUNTED), (True, ("confirmed",))):
        expected = [
            pk for pk, of in reports.items() if of.status in statuses and of.text == "current" and not of.withdrawn
        ]
        assert kinds_of(reports, counted(confirmed_only=confirmed_only)) == kinds_of(reports, expected)
        assert len(expected) == 4 * len(statuses)


def test_reports_that_corroboration_reads_are_those_that_count(reports):
    facts = Present().reports(claims())
    assert kinds_of(reports, (fact.attribution for fact in facts)) == kinds_of(reports, counted())
    confirmed = [fact.attribution for fact in facts if fact.confirmed]
    assert kinds_of(reports, confirmed) == kinds_of(reports, counted(confirmed_only=True))
    columns = (
        *("pk", "claim", "stance", "status", "statement", "statement__start", "statement__speaker"),
        *("statement__revision", "statement__revision__article", "statement__revision__article__outlet"),
        *("statement__revision__article__published_at", "statement__revision__article__published_has_time"),
    )
    assert sorted(facts) == sorted(Attribution.objects.counted().values_list(*columns))


def test_relays_that_corroboration_reads_are_those_of_statements_that_were_not_withdrawn(reports):
    [fact, *_] = Present().reports(claims())
    texts = [fact._replace(revision=pk) for pk in Revision.objects.values_list("pk", flat=True)]
    columns = ("statement", "statement__speaker", "statement__revision", "outlet", "hop", "start", "end")
    not_withdrawn = StatementRelay.objects.filter(statement__withdrawn_at=None)
    assert 0 < not_withdrawn.count() < StatementRelay.objects.count()
    assert sorted(Present().relays(texts)) == sorted(not_withdrawn.values_list(*columns))


def test_what_was_known_at_this_moment_is_what_counts_now(reports):
    past = Past(Moment(timezone.now())).reports(claims())
    assert kinds_of(reports, (fact.attribution for fact in past)) == kinds_of(reports, counted())


def test_claims_are_found_by_reports_that_count(reports):
    """Each report is found by a wording of its own."""
    rows = dict(Attribution.objects.values_list("statement", "pk"))
    Wording.objects.bulk_create(Wording(statement_id=statement, code=pk) for statement, pk in rows.items())
    asking = sorted(rows.values())
    with connection.cursor() as cursor:
        cursor.execute(candidates._CLAIMS_SQL, [asking, asking, [0] * len(asking), list(COUNTED), 5])
        found = {pk for pk, _ in cursor.fetchall()}
    standing = counted() & set(Attribution.objects.filter(claim__merged_into=None).values_list("pk", flat=True))
    assert kinds_of(reports, found) == kinds_of(reports, standing)


def test_claims_are_known_by_reports_that_count(reports):
    found = {statement for _, statement in sample_reports(claims())}
    assert kinds_of(reports, Attribution.objects.filter(statement__in=found).values_list("pk", flat=True)) == kinds_of(
        reports, counted()
    )


def test_claims_are_searched_by_reports_that_count(reports):
    def found(such, *, confirmed):
        sql, values = such.condition(confirmed=confirmed)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT claim_id FROM unnest(%s::bigint[]) AS claims_listing (claim_id) WHERE {sql}",  # noqa: S608
                [claims(), *values],
            )
            matching = [claim for (claim,) in cursor.fetchall()]
        return kinds_of(reports, Attribution.objects.filter(claim__in=matching).values_list("pk", flat=True))

    for confirmed in (False, True):
        of_basis = Attribution.objects.counted(confirmed_only=confirmed)
        assert found(SuchReport(kind="direct"), confirmed=confirmed) == kinds_of(
            reports, of_basis.values_list("pk", flat=True)
        )
        for name, values in (("status", COUNTED), ("stance", Attribution.Stance.values)):
            for value in values:
                asked = of_basis.filter(**{name: value}).values_list("pk", flat=True)
                assert found(SuchReport(**{name: value}), confirmed=confirmed) == kinds_of(reports, asked)


def test_what_waits_for_editors_are_reports_that_stand_and_decisions_that_lost_their_words(reports):
    ReviewItem.objects.all().delete()
    refresh_reviews(claims())
    waiting = {
        ReviewItem.Kind.REPORT: Attribution.objects.standing().filter(status="proposed"),
        ReviewItem.Kind.ORPHAN: Attribution.objects.orphaned().filter(status="confirmed"),
    }
    for kind, expected in waiting.items():
        found = ReviewItem.objects.filter(kind=kind).values_list("row_id", flat=True)
        of_standing_claims = expected.filter(claim__merged_into=None).values_list("pk", flat=True)
        assert kinds_of(reports, found) == kinds_of(reports, of_standing_claims)
        assert len(found) > 1


@pytest.fixture
def derivations():
    """Return the articles of derivations of every status, kind and text, each from an outlet of its own."""
    editor, gone = make_user("eve"), make_article("A text that nobody has any more.")
    articles = [make_article("The first text."), gone]
    earlier = {article.pk: article.current_revision for article in articles}
    revise(articles[0], "The second text.")
    gone.current_revision = None
    gone.save()
    for number, (status, kind, article, is_earlier) in enumerate(
        product(DecisionStatus.values, Derivation.Kind.values, articles, (False, True))
    ):
        revision = earlier[article.pk] if is_earlier else article.current_revision
        if revision is None:
            continue
        decision = {} if status == "proposed" else {"decided_by": editor, "decided_at": DECIDED_AT}
        place = {"start": 0, "end": 8} if number % 2 else {}
        Derivation.objects.create(
            uid=UUID(int=number),
            article=article,
            kind=kind,
            upstream_outlet=make_outlet(),
            upstream_article=make_article(f"Upstream {number}.") if number % 3 else None,
            revision=revision,
            method="test",
            status=status,
            **place,
            **decision,
        )
    return [article.pk for article in articles]


def told(article):
    """Return which derivations of an article stand, as the queryset and the article's columns tell it."""
    current = article.current_revision_id
    return {
        (
            *(row.article_id, row.kind, row.upstream_outlet_id, row.upstream_article_id, row.partial),
            *(row.start, row.end, row.revision_id == current),
        )
        for row in Derivation.objects.standing().filter(article=article)
    }


def test_derivations_that_corroboration_reads_are_those_that_stand(derivations):
    found = Present().derivations(derivations)
    articles = {row.article for row in Derivation.objects.select_related("article")}
    for article in articles:
        assert {tuple(fact) for fact in found.of.get(article.pk, [])} == told(article)
    standing = Derivation.objects.standing().select_related("article")
    kinds = {(row.status, row.kind, row.revision_id != row.article.current_revision_id) for row in standing}
    # Rejected ones never; those of an earlier text where they were confirmed.
    assert {(status, lost) for status, _, lost in kinds} == {
        *(("proposed", False), ("unsure", False), ("confirmed", False), ("confirmed", True))
    }
    assert {kind for _, kind, _ in kinds} == set(Derivation.Kind.values)
    publishers = {row.article_id: row.article.outlet_id for row in standing}
    publishers |= {
        row.upstream_article_id: row.upstream_article.outlet_id
        for row in standing.exclude(upstream_article=None).select_related("upstream_article")
    }
    assert found.publishers == publishers
