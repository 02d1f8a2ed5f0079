"""The outlets, and of each what it reported first, what it shares with whom, and what comes from whom."""

from datetime import UTC, datetime, timedelta

import pytest

from claims import querysets_coreporting
from claims.coreporting import Published, covers, lead
from claims.corroboration.facts import ReportFact
from claims.models import Coverage
from claims.services.outlets import merge_outlets
from claims.views import outlets as views
from sources.identity import uid_for
from sources.models import Derivation, OutletDomain
from tests.claims.pages import queries_of, report_all, text_of
from tests.factories import make_article, make_claim, make_outlet, make_report, make_speaker, make_user

pytestmark = pytest.mark.django_db

NOON = datetime(2020, 1, 1, 12, tzinfo=UTC)


def reported(claim, outlet, hours, *, has_time=True):
    article = make_article(
        f"X said: {claim.text}",
        outlet=outlet,
        published_at=NOON + timedelta(hours=hours),
        published_has_time=has_time,
    )
    return make_report(claim, article=article)


def published(hours, *, has_time=True):
    return Published(NOON + timedelta(hours=hours), has_time)


# Who was first


def test_the_first_is_ahead_by_what_lies_between_it_and_the_next():
    found = lead({"a": published(3), "b": published(0), "c": published(5)})

    assert (found.first, found.following, found.by, found.in_days) == ("b", ("a",), timedelta(hours=3), False)


def test_within_a_day_nobody_is_first_unless_both_times_are_known():
    assert lead({"a": published(0, has_time=False), "b": published(5)}) is None
    assert lead({"a": published(0), "b": published(5, has_time=False)}) is None
    assert lead({"a": published(0), "b": published(0)}) is None
    assert lead({"a": published(0)}) is None


def test_where_only_days_are_known_the_first_is_ahead_by_days():
    found = lead({"a": published(0), "b": published(11, has_time=False), "c": published(30, has_time=False)})
    assert found is None
    found = lead({"a": published(0), "b": published(30, has_time=False), "c": published(33)})

    assert (found.first, set(found.following), found.by, found.in_days) == ("a", {"b", "c"}, timedelta(days=1), True)


def test_what_an_outlet_has_of_a_claim_is_its_first_report_and_all_its_origins():
    def fact(attribution, outlet, hours, stance="affirms"):
        at = None if hours is None else NOON + timedelta(hours=hours)
        return ReportFact(attribution, 1, stance, "proposed", 1, 0, 1, 1, 1, outlet, at, True)

    found = covers(
        [
            (fact(10, 7, 0), {7}),
            (fact(11, 8, 1), {7, 8}),
            (fact(12, 7, 2), {9}),
            (fact(13, 8, 2, "denies"), {8}),
            (fact(14, 6, None), {6}),
        ],
        explaining=[7, 99],
    )

    assert [(c.outlet, c.attribution, c.affirming, c.denying, c.origins) for c in found] == [
        (6, 14, 1, 0, (6,)),
        (7, 10, 2, 0, (7, 9)),
        (8, 11, 1, 1, (7, 8)),
        (99, None, 0, 0, ()),
    ]
    assert [c.outlet for c in found if c.is_first] == [7]
    assert [c.outlet for c in found if c.explains] == [7, 99]


# The list


def test_an_outlet_counts_its_claims(client):
    gazette, review, agency = make_outlet("Gazette"), make_outlet("Review"), make_outlet("Agency")
    shared = make_claim()
    make_report(shared, outlet=gazette, credit=agency)
    make_report(shared, outlet=review, credit=agency)
    make_report(make_claim(), outlet=gazette)

    rows = {outlet.name: outlet for outlet in client.get("/outlets/").context["page"]}

    assert (rows["Gazette"].article_count, rows["Gazette"].claim_count, rows["Gazette"].alone_count) == (2, 2, 1)
    assert (rows["Agency"].article_count, rows["Agency"].claim_count, rows["Agency"].origin_count) == (0, 0, 1)
    response = client.get("/outlets/agency/")
    assert "Known as a source only" in text_of(response)
    taken = [(outlet.name, row.credits, row.copies, row.citations) for outlet, row in response.context["downstream"]]
    assert taken == [("Gazette", 1, 0, 0), ("Review", 1, 0, 0)]


def test_the_list_of_outlets_takes_as_many_queries_for_twenty_as_for_one(client):
    owner = make_outlet(owner_name="A ministry")
    one = queries_of(client, "/outlets/")
    for _ in range(19):
        make_report(make_claim(), outlet=make_outlet(owner=owner))

    assert queries_of(client, "/outlets/") == one


def test_outlets_are_found_by_alias(client):
    make_outlet("Xinhua", aliases=("新华社",))
    make_outlet("Other")

    assert [outlet.name for outlet in client.get("/outlets/?q=新华").context["page"]] == ["Xinhua"]
    assert client.get("/outlets/none/").status_code == 404


# The page


def test_an_outlet_says_what_it_reported_first_and_by_how_long_before_whom(client):
    gazette, review, later = make_outlet("Gazette"), make_outlet("Review"), make_outlet("Later")
    rain, snow, alone = make_claim("Rain will fall."), make_claim("Snow will fall."), make_claim("Hail will fall.")
    reported(rain, gazette, 0)
    reported(rain, review, 3)
    reported(rain, later, 9)
    reported(snow, review, 0)
    reported(snow, gazette, 50, has_time=False)
    reported(alone, gazette, 0)

    response = client.get("/outlets/gazette/")

    assert [first.coverage.claim.text for first in response.context["firsts"]] == ["Rain will fall."]
    assert response.context["outlet"].first_count == 1
    assert "3 hours before Review" in text_of(response)
    assert "2 days before Gazette" in text_of(client.get("/outlets/review/?show=first"))
    assert "It was first with nothing so far" in text_of(client.get("/outlets/later/?show=first"))


def test_an_outlet_says_with_whom_it_shares_claims_and_how_many_independently(client):
    gazette, review, agency = make_outlet("Gazette"), make_outlet("Review"), make_outlet("Agency")
    for credit in (agency, None):
        claim = make_claim()
        make_report(claim, outlet=gazette, credit=credit)
        make_report(claim, outlet=review, credit=credit)
    make_report(claim, outlet=agency)

    response = client.get("/outlets/gazette/")

    shared = [(other.name, row.shared, row.independent, row.derived) for other, row in response.context["shared"]]
    assert shared == [("Review", 2, 1, 1), ("Agency", 1, 1, 0)]
    assert 'href="/outlets/gazette/shared/review/"' in response.content.decode()


def test_a_merged_outlet_is_in_no_menu_and_its_addresses_lead_to_the_other(client):
    gazette, review, old = make_outlet("Gazette"), make_outlet("Review"), make_outlet("Old Gazette")
    claim = make_claim()
    make_report(claim, outlet=old)
    make_report(claim, outlet=review)
    merge_outlets(old, into=gazette, by=make_user(editor=True))

    for address, leads_to in (
        ("/outlets/old-gazette/", "/outlets/gazette/"),
        ("/outlets/old-gazette/shared/review/", "/outlets/gazette/shared/review/"),
        ("/outlets/review/shared/old-gazette/", "/outlets/review/shared/gazette/"),
        ("/outlets/gazette/shared/old-gazette/", "/outlets/gazette/"),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (301, leads_to)
        # A merge may be undone.
        assert answer["Cache-Control"] == "no-cache"
    assert client.get("/outlets/gazette/shared/review/").status_code == 200
    assert "old-gazette" not in client.get("/articles/").content.decode()


def test_an_outlet_says_whom_it_has_it_from(client):
    gazette, agency, wire = make_outlet("Gazette"), make_outlet("Agency"), make_outlet("Wire")
    credited = make_report(make_claim(), outlet=gazette, credit=agency)
    make_report(make_claim(), outlet=gazette, relays=(wire,))
    original = make_article(outlet=agency)
    article = credited.statement.revision.article
    Derivation.objects.create(
        uid=uid_for("derivation", str(article.uid)),
        article=article,
        kind=Derivation.Kind.COPY,
        upstream_outlet=agency,
        upstream_article=original,
        revision=article.current_revision,
        score=0.9,
        method="test",
    )

    rows = client.get("/outlets/gazette/").context["upstream"]

    assert [(o.name, row.said, row.credits, row.copies, row.citations) for o, row in rows] == [
        ("Agency", 1, 1, 1, 0),
        ("Wire", 1, 0, 0, 0),
    ]
    downstream = client.get("/outlets/wire/").context["downstream"]
    assert [(o.name, row.said, row.credits) for o, row in downstream] == [("Gazette", 1, 0)]


def test_an_outlet_lists_its_claims_and_articles_page_by_page(client, monkeypatch):
    monkeypatch.setattr(views, "CLAIMS_PER_PAGE", 2)
    monkeypatch.setattr(views, "ARTICLES_PER_PAGE", 2)
    gazette = make_outlet("Gazette")
    for hours in range(3):
        reported(make_claim(f"Claim {hours}."), gazette, hours)

    def claims(number):
        response = client.get(f"/outlets/gazette/?show=claims&page={number}")
        return [row.claim.text for row in response.context["page"]]

    assert (claims(1), claims(2)) == (["Claim 2.", "Claim 1."], ["Claim 0."])
    articles = [
        article.published_at.hour
        for number in (1, 2)
        for article in client.get(f"/outlets/gazette/?show=articles&page={number}").context["page"]
    ]
    assert articles == [14, 13, 12]
    assert client.get("/outlets/gazette/?show=everything").status_code == 400


def test_an_outlet_names_its_owner_and_what_it_owns(client):
    holding = make_outlet("Holding", owner_name="A ministry")
    gazette = make_outlet("Gazette", owner=holding, aliases=("La Gaceta",))
    OutletDomain.objects.create(outlet=gazette, domain="gazette.example")

    words = text_of(client.get("/outlets/holding/"))
    assert "A ministry" in words
    assert "Owns Gazette" in words
    words = text_of(client.get("/outlets/gazette/"))
    assert "Owner Holding" in words
    assert "La Gaceta" in words
    assert "gazette.example" in words
    assert "Nothing is reported by it yet" in words


def test_what_is_counted_over_the_latest_says_so(client, monkeypatch):
    monkeypatch.setattr(querysets_coreporting, "WINDOW", 2)
    monkeypatch.setattr(views, "WINDOW", 2)
    gazette, agency = make_outlet("Gazette"), make_outlet("Agency")
    for _ in range(3):
        make_report(make_claim(), outlet=gazette, credit=agency)

    assert "Counted over its latest 2 claims and its latest 2 articles." in text_of(client.get("/outlets/gazette/"))


def test_coverage_is_looked_for_among_the_latest_claims_alone():
    gazette, agency = make_outlet("Gazette"), make_outlet("Agency")
    for hours in range(3):
        claim = make_claim()
        reported(claim, gazette, hours)
        reported(claim, agency, 9)

    assert len(Coverage.objects.shared(gazette, agency)) == 3
    assert len(Coverage.objects.shared(gazette, agency, most=2)) == 2
    assert [origin.claims for origin in Coverage.objects.origins_of(agency)] == []


@pytest.mark.parametrize("show", ["", "first", "claims", "articles"])
def test_the_page_of_an_outlet_takes_as_many_queries_for_a_hundred_claims_as_for_one(client, show):
    gazette, speaker = make_outlet("Gazette", aliases=("G",)), make_speaker()
    make_outlet("Owned", owner=gazette)

    def report_new(count, others):
        claims = [make_claim(speaker=speaker) for _ in range(count)]
        report_all(claims, gazette, published_at=NOON)
        report_all(claims, *others, published_at=NOON + timedelta(days=1))
        for outlet in others:
            make_report(make_claim(), outlet=outlet, credit=gazette)
            make_report(make_claim(), outlet=gazette, credit=outlet)

    report_new(1, [make_outlet()])
    address = f"/outlets/gazette/?show={show}"
    one = queries_of(client, address)
    report_new(99, [make_outlet() for _ in range(2)])

    assert queries_of(client, address) == one <= 12
