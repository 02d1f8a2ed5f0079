"""Querysets whose SQL is kept give what they give when they are put together anew."""

import threading
from uuid import UUID

import pytest
from django.db import connection, models
from django.db.models import F, Prefetch, Q

import claims.corroboration.reports
import claims.corroboration.stories
import claims.presentation.comparison
import claims.presentation.listing
import claims.views.articles
import claims.views.claims
from claims.compiled import Compiled, IsAny, ValueNotFound
from claims.corroboration import facts
from claims.models import Attribution, Claim, Corroboration, Topic
from tests.factories import make_article, make_claim, make_outlet, make_report, make_topic

pytestmark = pytest.mark.django_db

#: All that pages keep, and what the ids that each is made of are of.
KEPT = [
    (claims.corroboration.reports._OUTLINED, Attribution),
    (claims.corroboration.stories._NAMED, "article"),
    (claims.presentation.comparison._ARTICLES, "article"),
    (claims.presentation.listing._CLAIMS, Claim),
    (claims.presentation.listing._TOPICS, Claim),
    (claims.presentation.listing._summaries(Corroboration.Basis.COUNTED, 12), Claim),
    (claims.presentation.listing._summaries(Corroboration.Basis.CONFIRMED, None), Claim),
    (claims.presentation.listing._TOPIC_NAMES, Topic),
    (claims.presentation.listing._SPEAKER_NAMES, "speaker"),
    (claims.presentation.listing._OUTLET_NAMES, "outlet"),
    (claims.views.articles._CURRENT, "article uid"),
    (claims.views.articles._STANDING, "revision"),
    (claims.views.articles._CONTENT, "statement"),
    (claims.views.articles._RELAYS, "statement"),
    (claims.views.articles._DERIVATIONS, "article"),
    (claims.views.articles._ORPHANS, "article"),
    (claims.views.articles._ATTRIBUTIONS, "statement"),
    (claims.views.claims._CLAIM, "claim uid"),
    (claims.views.claims._EVENTS, Claim),
    (facts._shared(False), "article"),
    (facts._shared(True), "article"),
    (facts._carriers(False, 3), Claim),
    (facts._carriers(True, 1), Claim),
]


@pytest.fixture
def reports():
    """Attributions of two claims with topics, relays, and articles copied from an agency."""
    agency, paper, relay = make_outlet("Agency"), make_outlet("Paper"), make_outlet("Relay")
    found = []
    for text in ("Bridges will be built.", "Ferries will be sold."):
        claim = make_claim(text, topics=(make_topic(f"On {text}"),))
        found.append(make_report(claim, outlet=paper, credit=agency, relays=(relay,)))
        found.append(make_report(claim, outlet=make_outlet(f"Own of {text}")))
        found.append(make_report(claim, outlet=agency, status=Attribution.Status.CONFIRMED))
    return found


def everything(row):
    """Return all that is loaded of a row, and of the rows selected and fetched with it."""
    if not isinstance(row, models.Model):
        return row
    loaded = {name: value for name, value in vars(row).items() if not name.startswith("_")}
    related = {name: everything(value) for name, value in row._state.fields_cache.items()}
    fetched = {
        name: [everything(each) for each in value]
        for name, value in getattr(row, "_prefetched_objects_cache", {}).items()
    }
    return type(row), loaded, related, fetched, row.get_deferred_fields(), row._state.db, row._state.adding


def in_any_order(rows):
    return sorted(map(str, rows))


@pytest.mark.parametrize(("kept", "of"), KEPT, ids=lambda given: given if isinstance(given, str) else "")
def test_what_pages_keep_gives_what_it_is_made_of(kept, of, reports):
    statements = [report.statement for report in reports]
    ids = {
        "article": [statement.revision.article_id for statement in statements],
        "revision": [statement.revision_id for statement in statements],
        "statement": [statement.pk for statement in statements],
        "speaker": [report.claim.speaker_id for report in reports],
        "outlet": [statement.revision.article.outlet_id for statement in statements],
        "article uid": [statement.revision.article.uid for statement in statements],
        "claim uid": [report.claim.uid for report in reports],
        Attribution: [report.pk for report in reports],
        Claim: [report.claim_id for report in reports],
        Topic: list(Topic.objects.values_list("pk", flat=True)),
    }[of]
    several = kept._kinds == (list,)
    given = 0
    # Each of them, all, and what there is not.
    for value in [*([[each] for each in ids] if several else ids), *([ids, []] if several else [])]:
        anew = [everything(row) for row in kept._make(value)]
        assert in_any_order(map(everything, kept(value))) == in_any_order(anew)
        given += len(anew)
    if kept not in (claims.views.articles._ORPHANS,):
        assert given > 0


def test_order_slices_and_annotations_are_kept(reports):
    latest = Compiled(
        lambda claim: Attribution.objects.filter(claim=claim).annotate(n=F("score") * 2).order_by("-pk")[:2], int
    )
    for claim in {report.claim_id for report in reports}:
        expected = sorted((report.pk for report in reports if report.claim_id == claim), reverse=True)[:2]
        assert [(row.pk, row.n) for row in latest(claim)] == [(pk, 2.0) for pk in expected]


def test_one_value_may_stand_in_several_places_and_several_in_one_query(reports):
    kept = Compiled(
        lambda uid, claim, ids: Claim.objects.filter(
            Q(uid=uid) | Q(pk=claim) | Q(merged_into=claim) | IsAny("pk", ids)
        ),
        *(UUID, int, list),
    )
    a, b = sorted({report.claim for report in reports}, key=lambda claim: claim.pk)
    assert set(kept(a.uid, b.pk, [])) == {a, b}
    assert set(kept(a.uid, 0, [a.pk])) == {a}
    assert set(kept(UUID(int=0), 0, [a.pk, b.pk, 2**62])) == {a, b}
    assert kept(UUID(int=0), 2**62, [-1]) == []


def test_rows_are_fetched_as_the_queryset_says(reports, django_assert_num_queries):
    kept = Compiled(lambda ids: Claim.objects.filter(IsAny("pk", ids)).prefetch_related("topics"), list)
    ids = [report.claim_id for report in reports]
    with django_assert_num_queries(2):
        names = {topic.name for claim in kept(ids) for topic in claim.topics.all()}
    assert names == {"On Bridges will be built.", "On Ferries will be sold."}
    with django_assert_num_queries(1):
        assert kept([]) == []
    named = Compiled(
        lambda ids: Claim.objects.filter(IsAny("pk", ids)).prefetch_related(
            Prefetch("topics", Topic.objects.only("name"), to_attr="named")
        ),
        list,
    )
    assert [len(claim.named) for claim in named(ids)] == [1, 1]


def test_a_queryset_is_put_together_once(reports):
    made = []

    def make(ids):
        made.append(ids)
        return Claim.objects.filter(IsAny("pk", ids))

    kept = Compiled(make, list)
    for _ in range(3):
        kept([reports[0].claim_id])
    assert len(made) == 1


def test_a_value_that_is_no_parameter_is_refused():
    with pytest.raises(ValueNotFound, match="are not among the parameters"):
        Compiled(lambda ids: Claim.objects.filter(pk__in=[ids[0] + 1]), list)([1])
    with pytest.raises(ValueNotFound):
        Compiled(lambda number: Claim.objects.order_by("pk")[:number], int)(3)


@pytest.mark.django_db(transaction=True)
def test_it_outlives_its_connection_and_serves_other_threads():
    article = make_article("One text.")
    kept = Compiled(lambda ids: type(article).objects.filter(IsAny("pk", ids)).values_list("pk", "title"), list)
    assert kept([article.pk]) == [(article.pk, article.title)]
    connection.close()
    assert kept([article.pk]) == [(article.pk, article.title)]
    found = []

    def ask():
        found.extend(kept([article.pk]))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [(article.pk, article.title)]
