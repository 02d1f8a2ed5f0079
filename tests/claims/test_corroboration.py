"""The rules of counting independent origins, on plain values and on stored reports."""

import random

import pytest

from claims.corroboration.origins import (
    Provenance,
    Report,
    Upstream,
    article_origins,
    find,
    minimum_hitting_set,
    origin_set,
)
from claims.corroboration.reports import explain, load_reports
from claims.models import Attribution, Corroboration
from claims.services.summaries import refresh_corroboration
from tests.factories import make_article, make_claim, make_credit, make_outlet, make_report, make_statement


def test_one_agency_in_two_origin_sets_explains_both():
    found = minimum_hitting_set([{"Gazette", "Agency"}, {"Wire", "Courier", "Agency"}])
    assert found.members == {"Agency"}


def test_of_outlets_that_explain_the_same_the_publisher_is_named():
    assert find([Report("Gazette", frozenset({"Agency", "Gazette"}))]).origins == {"Gazette"}
    assert find([Report("Agency", frozenset({"Agency", "Gazette"}))]).origins == {"Agency"}


def test_an_empty_origin_set_is_an_error():
    with pytest.raises(ValueError, match="cannot be met"):
        minimum_hitting_set([{"Agency"}, set()])


def test_a_search_that_is_cut_short_gives_a_proven_bound():
    draw = random.Random(1)
    sets = [frozenset(draw.sample(range(60), 3)) for _ in range(200)]
    found = minimum_hitting_set(sets, search_limit=1)
    assert all(found.members & s for s in sets)
    assert 1 <= found.lower_bound < len(found.members)
    assert not found.exact


def test_a_bounded_count_is_corroborated_only_by_its_lower_bound():
    assert find([Report("A", frozenset("A")), Report("B", frozenset("B"))]).level == "corroborated"
    assert find([Report("A", frozenset("AX")), Report("B", frozenset("BX"))]).level == "repeated"
    assert find([Report("A", frozenset("A")), Report("A", frozenset("X"))]).level == "single"
    assert find([]).level == "unreported"


def test_a_full_credit_replaces_the_outlet_and_a_partial_one_adds_to_it():
    provenance = {
        1: Provenance("Gazette", (Upstream("Agency"),)),
        2: Provenance("Courier", (Upstream("Agency", partial=True),)),
    }
    assert article_origins(provenance)[1] == {"Agency"}
    assert article_origins(provenance)[2] == {"Courier", "Agency"}


def test_origins_are_followed_upwards_through_known_articles():
    provenance = {
        1: Provenance("Blog", (Upstream("Gazette", article=2),)),
        2: Provenance("Gazette", (Upstream("Agency"),)),
    }
    assert article_origins(provenance)[1] == {"Agency"}


def test_articles_that_copy_each_other_may_come_from_any_of_them():
    provenance = {
        1: Provenance("Blog", (Upstream("Gazette", article=2),)),
        2: Provenance("Gazette", (Upstream("Blog", article=1),)),
    }
    assert article_origins(provenance)[1] == article_origins(provenance)[2] == {"Blog", "Gazette"}


def test_a_relay_explains_its_statement_and_may_explain_the_speakers_others():
    own = frozenset({"Magazine"})
    assert origin_set("Magazine", own, relays={"Wire", "Agency"}) == {"Wire", "Agency"}
    assert origin_set("Magazine", own, speaker_relays={"Wire"}) == {"Magazine", "Wire"}


def test_an_outlet_that_relays_itself_is_its_own_origin():
    assert origin_set("Magazine", frozenset({"Magazine"}), relays={"Magazine"}) == {"Magazine"}


@pytest.mark.parametrize(
    ("level", "outlets", "origins", "sentence"),
    [
        ("unreported", [], [], "No report of this claim counts at present."),
        ("single", ["Gazette"], ["Gazette"], "Only Gazette reports this."),
        (
            "repeated",
            ["Courier", "Gazette"],
            ["Agency"],
            "Courier and Gazette report this, but all of it could trace back to Agency: one origin.",
        ),
        (
            "corroborated",
            ["Courier", "Gazette"],
            ["Courier", "Gazette"],
            "Courier and Gazette report this, and no single outlet could explain every report: "
            "2 independent origins, such as Courier and Gazette.",
        ),
    ],
)
def test_each_level_is_explained_in_a_sentence(level, outlets, origins, sentence):
    assert explain(level, outlets, origins) == sentence


@pytest.mark.django_db
def test_outlets_reprinting_one_agency_count_as_one_origin():
    agency, claim = make_outlet("Agency"), make_claim()
    make_report(claim, outlet=agency)
    make_report(claim, outlet=make_outlet("Gazette"), credit=agency)

    reports = load_reports([claim])[claim.pk]

    assert reports.finding.level == "repeated"
    assert reports.origins == [agency]


@pytest.mark.django_db
def test_the_worked_example_of_a_partial_credit_and_three_relays():
    agency, wire, courier = make_outlet("Agency"), make_outlet("Wire"), make_outlet("Courier")
    claim = make_claim()
    make_report(claim, outlet=make_outlet("Broadcaster"), credit=agency, partial=True)
    make_report(claim, outlet=make_outlet("Magazine"), relays=(wire, courier, agency))

    reports = load_reports([claim])[claim.pk]

    assert [report.origins for report in reports.reports] == [
        {reports.reports[0].outlet.pk, agency.pk},
        {wire.pk, courier.pk, agency.pk},
    ]
    assert (reports.finding.level, reports.origins) == ("repeated", [agency])


@pytest.mark.django_db
def test_a_speaker_relayed_once_may_be_relayed_throughout_the_article():
    wire, claim = make_outlet("Wire"), make_claim("The bridge is open.")
    magazine = make_outlet("Magazine")
    article = make_article("The road is closed. The bridge is open.", outlet=magazine)
    make_statement("The road is closed.", article=article, speaker=claim.speaker, relays=(wire,))
    make_report(claim, article=article)

    [report] = load_reports([claim])[claim.pk].reports

    assert report.origins == {magazine.pk, wire.pk}
    assert {(e.outlet, e.kind) for e in report.evidence} == {(magazine, "publisher"), (wire, "speaker relay")}


@pytest.mark.django_db
def test_a_rejected_derivation_no_longer_explains_a_report():
    agency, claim = make_outlet("Agency"), make_claim()
    make_report(claim, outlet=agency)
    report = make_report(claim, outlet=make_outlet("Gazette"), credit=agency)
    article = report.statement.revision.article
    user = make_report(make_claim(), status="confirmed").decided_by
    article.derivations.update(status="rejected", decided_by=user, decided_at="2020-01-01T00:00Z")

    assert load_reports([claim])[claim.pk].finding.level == "corroborated"


@pytest.mark.django_db
def test_outlets_of_one_owner_count_once_where_asked():
    owner = make_outlet("Holding")
    claim = make_claim()
    make_report(claim, outlet=make_outlet("Morning", owner=owner))
    make_report(claim, outlet=make_outlet("Evening", owner=owner))

    assert load_reports([claim])[claim.pk].finding.level == "corroborated"
    assert load_reports([claim], by_owner=True)[claim.pk].finding.level == "single"


@pytest.mark.django_db
def test_outlets_with_the_same_named_owner_count_once_where_asked():
    claim = make_claim()
    make_report(claim, outlet=make_outlet("Morning", owner_name="Ministry of Roads"))
    make_report(claim, outlet=make_outlet("Evening", owner_name="Ministry of Roads"))

    assert load_reports([claim], by_owner=True)[claim.pk].finding.level == "single"


@pytest.mark.django_db
def test_a_denial_disputes_beside_the_level():
    claim = make_claim()
    make_report(claim)
    make_report(claim, stance=Attribution.Stance.DENIES)

    stored = claim.corroborations.get(basis=Corroboration.Basis.COUNTED)
    assert (stored.level, stored.disputed, stored.outlet_count) == ("single", True, 1)


@pytest.mark.django_db
def test_rejected_reports_do_not_count_and_confirmed_ones_count_in_both_bases():
    claim = make_claim()
    make_report(claim, status=Attribution.Status.CONFIRMED)
    make_report(claim)
    make_report(claim, status=Attribution.Status.REJECTED)

    counts = dict(claim.corroborations.values_list("basis", "outlet_count"))
    assert counts == {"counted": 2, "confirmed": 1}


@pytest.mark.django_db
def test_refreshing_twice_changes_nothing_but_the_time():
    claim = make_claim()
    make_report(claim)
    make_report(claim, credit=make_outlet("Agency"))
    fields = ("basis", "level", "report_count", "outlet_count", "origin_count", "exact")
    before = list(claim.corroborations.order_by("basis").values_list(*fields, "outlets", "origins"))

    assert refresh_corroboration([claim.pk]) == 1
    assert list(claim.corroborations.order_by("basis").values_list(*fields, "outlets", "origins")) == before


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 20])
def test_loading_reports_takes_the_same_queries_for_any_number(size, django_assert_num_queries):
    agency = make_outlet("Agency")
    claims = [make_claim() for _ in range(size)]
    for claim in claims:
        make_report(claim, credit=agency)
        make_report(claim, relays=(agency,))

    with django_assert_num_queries(9):
        loaded = load_reports(claims)
        assert all(reports.finding.outlets for reports in loaded.values())


@pytest.mark.django_db
def test_only_the_statements_of_the_current_revision_count():
    from tests.factories import revise

    claim = make_claim()
    report = make_report(claim)
    revise(report.statement.revision.article, "The article now says something else.")
    refresh_corroboration([claim.pk])

    assert claim.corroborations.get(basis="counted").level == "unreported"


@pytest.mark.django_db
def test_a_credit_of_an_upstream_article_is_followed():
    agency, gazette, blog = make_outlet("Agency"), make_outlet("Gazette"), make_outlet("Blog")
    original = make_article(outlet=gazette)
    make_credit(original, agency)
    claim = make_claim()
    report = make_report(claim, outlet=blog)
    make_credit(report.statement.revision.article, gazette, upstream_article=original)

    assert load_reports([claim])[claim.pk].origins == [agency]


def test_a_dense_web_of_copies_is_followed_in_no_time():
    count = 60
    provenance = {
        n: Provenance(f"outlet {n}", tuple(Upstream(f"outlet {m}", article=m) for m in range(count) if m != n))
        for n in range(count)
    }
    assert article_origins(provenance)[0] == {f"outlet {n}" for n in range(count)}
    chain = {n: Provenance(n, tuple(Upstream(m, article=m) for m in range(n))) for n in range(count)}
    assert article_origins(chain)[count - 1] == {0}
