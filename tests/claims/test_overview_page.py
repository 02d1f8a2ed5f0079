"""The overview, the ledgers behind it, and the page of what two outlets share."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from claims.coreporting import Pair, near_each_other
from claims.models import Claim, Coverage, OutletPair, OutletTally
from claims.presentation import overview as presentation
from claims.presentation.overview import picture
from claims.services.claims import add_reports, report
from claims.services.coverage import compare_wordings, fold_ledgers, is_unfolded
from claims.services.decisions import reject_attribution
from claims.services.summaries import check, rebuild, refresh_corroboration
from claims.views import overview as page
from tests.claims.pages import queries_of, report_all, text_of
from tests.factories import make_article, make_claim, make_outlet, make_report, make_speaker, make_statement, make_user

pytestmark = pytest.mark.django_db


def sums(model, *keys):
    """Return what the rows of a ledger add up to, by key; what adds up to nothing is left out."""
    columns = [field.name for field in model._meta.concrete_fields if field.name not in ("id", "folded", *keys)]
    rows = model.objects.order_by().values_list(*keys).annotate(**{f"s_{name}": Sum(name) for name in columns})
    return {row[: len(keys)]: row[len(keys) :] for row in rows if any(row[len(keys) :])}


def recounted():
    """Count from the reports themselves what the ledgers keep count of: claims by outlet, and by pair."""
    by_claim = {}
    for claim, outlet, origins in Coverage.objects.affirming().values_list("claim", "outlet", "origins"):
        by_claim.setdefault(claim, {})[outlet] = set(origins)
    claims, pairs = {}, {}
    for outlets in by_claim.values():
        for one in outlets:
            claims[one] = claims.get(one, 0) + 1
            for two in outlets:
                if one < two:
                    shared, apart = pairs.get((one, two), (0, 0))
                    pairs[one, two] = (shared + 1, apart + (not outlets[one] & outlets[two]))
    return claims, pairs


def test_outlets_share_a_claim_independently_when_no_outlet_could_be_the_origin_of_both():
    agency, gazette, review = make_outlet("Agency"), make_outlet("Gazette"), make_outlet("Review")
    claim = make_claim()
    make_report(claim, outlet=agency)
    make_report(claim, outlet=gazette, credit=agency)
    make_report(claim, outlet=review)

    assert OutletPair.objects.between(agency, gazette) == Pair(agency.pk, gazette.pk, 1, 0)
    assert OutletPair.objects.between(gazette, review) == Pair(gazette.pk, review.pk, 1, 1)
    assert OutletPair.objects.between(agency, review) == Pair(agency.pk, review.pk, 1, 1)


def test_the_ledgers_follow_whatever_becomes_of_reports():
    agency, gazette, review = make_outlet("Agency"), make_outlet("Gazette"), make_outlet("Review")
    first, second = make_claim(), make_claim()
    make_report(first, outlet=agency)
    gone = make_report(first, outlet=gazette, credit=agency)
    make_report(second, outlet=gazette)
    make_report(second, outlet=review, stance="denies")

    def assert_exact():
        claims, pairs = recounted()
        assert {outlet: row[1] for (outlet,), row in sums(OutletTally, "outlet").items() if row[1]} == claims
        assert sums(OutletPair, "outlet", "other") == pairs

    assert_exact()
    assert sums(OutletTally, "outlet")[agency.pk,] == (1, 1, 0, 0, 1)
    reject_attribution(gone, by=make_user())
    assert_exact()
    assert sums(OutletTally, "outlet")[agency.pk,] == (1, 1, 1, 0, 0)
    fold_ledgers()
    assert_exact()
    assert not OutletPair.objects.exists()
    add_reports([report(second, make_statement(outlet=agency), score=1.0)])
    refresh_corroboration([second.pk])
    assert sums(OutletTally, "outlet")[agency.pk,] == (2, 2, 1, 0, 1)
    make_report(first, outlet=review)
    assert_exact()
    list(rebuild(Claim.objects.all()))
    fold_ledgers()
    assert_exact()
    assert [found for _, found in check(Claim.objects.all())] == [[]]


def test_folding_leaves_one_row_for_each_outlet_and_pair_and_no_sum_changes():
    outlets = [make_outlet() for _ in range(4)]
    for _ in range(3):
        claim = make_claim()
        for outlet in outlets:
            make_report(claim, outlet=outlet)
    before = sums(OutletTally, "outlet"), sums(OutletPair, "outlet", "other")

    assert is_unfolded()
    assert fold_ledgers() > 10
    assert not is_unfolded()
    assert fold_ledgers() == 0

    assert (sums(OutletTally, "outlet"), sums(OutletPair, "outlet", "other")) == before
    assert OutletTally.objects.count() == 4
    assert OutletPair.objects.count() == 6


def test_an_article_that_moves_to_another_outlet_is_counted_there():
    gazette, review = make_outlet("Gazette"), make_outlet("Review")
    article = make_article(outlet=gazette)
    article.outlet = review
    article.save()

    assert {key: row[0] for key, row in sums(OutletTally, "outlet").items()} == {(review.pk,): 1}


def test_a_claim_of_very_many_outlets_says_nothing_of_two_of_them():
    claim = make_claim()
    attributions = [make_report(claim) for _ in range(3)]
    shared = sums(OutletPair, "outlet", "other")
    assert len(shared) == 3
    outlets = [make_outlet() for _ in range(198)]
    rows = [
        Coverage(claim=claim, outlet=outlet, attribution=attributions[0], affirming=1, denying=0, origins=[outlet.pk])
        for outlet in outlets
    ]
    kept = list(Coverage.objects.filter(claim=claim))
    for row in kept:
        row.pk = None
    Coverage.objects.filter(claim=claim).delete()
    Coverage.objects.bulk_create([*rows, *kept])

    assert sums(OutletPair, "outlet", "other") == {}
    assert sum(row[1] for row in sums(OutletTally, "outlet").values()) == 201


def test_reports_are_compared_with_the_fullest_of_their_claim():
    quote = "The harbour will be closed to ships for two weeks in March."
    claim = make_claim(quote)
    outlets = [make_outlet(name) for name in ("Whole", "Same", "Cut", "Other")]
    for outlet, words in zip(
        outlets,
        (quote, quote.upper(), "The harbour will be closed to ships", "No vessel may enter the port this spring"),
        strict=True,
    ):
        make_report(claim, outlet=outlet, quote=words)

    assert compare_wordings() == 1
    assert compare_wordings() == 0

    worded = dict(Coverage.objects.values_list("outlet__name", "worded"))
    assert worded == {"Whole": "fullest", "Same": "verbatim", "Cut": "truncated", "Other": "paraphrase"}


# The page


class Links(HTMLParser):
    """The links of a page inside its picture, with the words of their titles."""

    def __init__(self):
        super().__init__()
        self.found, self._in_svg, self._href, self._title = [], 0, None, False

    def handle_starttag(self, tag, attrs):
        self._in_svg += tag == "svg"
        if self._in_svg and tag == "a":
            self._href = dict(attrs)["href"]
        self._title = tag == "title" and self._href is not None

    def handle_endtag(self, tag):
        self._in_svg -= tag == "svg"
        self._title = False
        if tag == "a":
            self._href = None

    def handle_data(self, words):
        if self._title:
            self.found.append((self._href, words))


def links_in_picture(response):
    links = Links()
    links.feed(response.content.decode())
    return links.found


def test_the_overview_draws_each_pair_and_tells_independent_from_derived(client):
    agency, gazette, review = make_outlet("Agency"), make_outlet("Gazette"), make_outlet("Review")
    for _ in range(2):
        claim = make_claim()
        make_report(claim, outlet=agency)
        make_report(claim, outlet=gazette, credit=agency)
    make_report(claim, outlet=review)

    response = client.get("/overview/")

    assert sorted(links_in_picture(response)) == [
        ("/outlets/agency/shared/gazette/", "Agency and Gazette: 2 claims that one origin could explain"),
        ("/outlets/agency/shared/review/", "Agency and Review: 1 claim independently"),
        ("/outlets/gazette/shared/review/", "Gazette and Review: 1 claim independently"),
    ]
    assert "3 outlets report claims." in text_of(response)
    assert "3 pairs of these share claims." in text_of(response)


def test_the_overview_says_what_to_do_where_no_outlets_share_a_claim(client):
    make_report(make_claim())

    response = client.get("/overview/")

    assert "No two outlets share a claim yet" in text_of(response)
    assert links_in_picture(response) == []


def test_the_overview_draws_the_strongest_and_says_so(client, monkeypatch):
    monkeypatch.setattr(page, "MOST_OUTLETS", 4)
    monkeypatch.setattr(presentation, "MOST_PAIRS", 5)
    outlets = [make_outlet() for _ in range(6)]
    claim, other = make_claim(), make_claim()
    for outlet in outlets:
        make_report(claim, outlet=outlet)
    for outlet in outlets[:4]:
        make_report(other, outlet=outlet)

    response = client.get("/overview/")

    assert {node.outlet for node in response.context["picture"].nodes} == set(outlets[:4])
    assert len(response.context["picture"].edges) == 5
    words = text_of(response)
    assert "The 4 outlets that report most claims, of 6." in words
    assert "Drawn are the 5 pairs of these that share most, of 6." in words


def test_the_picture_is_the_same_for_the_same_counts_in_any_order():
    outlets = {outlet.pk: outlet for outlet in (make_outlet() for _ in range(6))}
    claims = dict.fromkeys(outlets, 10)
    pks = sorted(outlets)
    pairs = [Pair(pks[0], pks[5], 9, 9), Pair(pks[1], pks[4], 8, 0), Pair(pks[2], pks[3], 7, 3)]

    one = picture(outlets, claims, pairs, outlet_count=6)
    two = picture(dict(reversed(outlets.items())), claims, pairs, outlet_count=6)

    assert one == two
    places = {node.outlet.pk: place for place, node in enumerate(one.nodes)}
    assert all(abs(places[pair.outlet] - places[pair.other]) == 1 for pair in pairs)
    assert [arc.count for arc in one.derived] == [8, 4]


def test_outlets_that_share_nothing_keep_an_order():
    assert sorted(near_each_other("abc", dict.fromkeys("abc", 0), [])) == ["a", "b", "c"]
    assert near_each_other("ab", {"a": 1, "b": 1}, []) == ["a", "b"]


def test_the_overview_takes_as_many_queries_for_many_pairs_as_for_one(client):
    claim = make_claim()
    for _ in range(2):
        make_report(claim)
    one = queries_of(client, "/overview/")
    for _ in range(20):
        make_report(claim)

    assert queries_of(client, "/overview/") == one <= 12


# What two outlets share


def test_two_outlets_are_listed_with_what_both_report_and_what_could_explain_it(client):
    agency, gazette, review = make_outlet("Agency"), make_outlet("Gazette"), make_outlet("Review")
    noon = datetime(2020, 1, 1, 12, tzinfo=UTC)
    apart, copied = make_claim("Rain will fall."), make_claim("Snow will fall.")
    for outlet, hours in ((gazette, 0), (review, 3)):
        for claim, credit in ((apart, None), (copied, agency)):
            at = noon + timedelta(hours=hours)
            article = make_article(f"X said: {claim.text}", outlet=outlet, published_at=at, published_has_time=True)
            make_report(claim, article=article, credit=credit)
    make_report(make_claim("Hail will fall."), outlet=gazette)

    words = text_of(client.get("/outlets/review/shared/gazette/"))

    assert "What Review and Gazette both report" in words
    assert "2 claims of both 1 independently of each other 1 that one origin could explain" in words
    assert "✓ independent Gazette first" in words
    assert "both may come from Agency" in words
    assert "Hail" not in words


def test_outlets_that_share_nothing_have_a_page_and_one_outlet_has_none_with_itself(client):
    make_outlet("Gazette"), make_outlet("Review")

    assert "They share no claim" in text_of(client.get("/outlets/review/shared/gazette/"))
    assert client.get("/outlets/review/shared/review/").status_code == 404
    assert client.get("/outlets/review/shared/none/").status_code == 404


def test_the_page_of_two_outlets_takes_as_many_queries_for_a_hundred_claims_as_for_one(client):
    gazette, review = make_outlet("Gazette"), make_outlet("Review")
    speaker = make_speaker()

    def share(count):
        report_all([make_claim(speaker=speaker) for _ in range(count)], gazette, review)

    share(1)
    one = queries_of(client, "/outlets/review/shared/gazette/")
    share(99)

    with CaptureQueriesContext(connection) as queries:
        response = client.get("/outlets/review/shared/gazette/")
    assert len(queries) == one <= 12
    assert response.context["page"].paginator.num_pages == 2
