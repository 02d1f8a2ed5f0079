"""Outlets that editors edit, merge and part again: what moves, what is counted again, and what is refused."""

import pytest
from django.db.models.fields.related import ForeignKey

from claims.models import CorroborationDue, StatementRelay
from claims.services.decisions import DecisionConflict, DecisionRefused
from claims.services.outlets import MOVING, edit_outlet, merge_outlets, possible_duplicates, unmerge_outlets
from claims.services.summaries import refresh_corroboration, refresh_outdated
from claims.versions import VersionConflict, version_of
from sources.models import Article, Derivation, Outlet, OutletAlias, OutletDomain
from sources.services.derivations import DerivationChanged, decide_derivation
from sources.services.outlets import Outlets, resolve_outlet, store_outlet
from tests.factories import (
    make_article,
    make_claim,
    make_credit,
    make_outlet,
    make_report,
    make_statement,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def eve():
    return make_user("eve", editor=True)


def counted(claim):
    row = claim.corroborations.get(basis="counted")
    return row.level, row.outlet_count, row.origin_count


def rows_of(*models_):
    return [list(model._default_manager.order_by("pk").values()) for model in models_]


# Editing


def test_an_outlet_is_edited_and_found_by_its_names_and_domains(eve):
    outlet, group = make_outlet("Gazette", aliases=("The Gazette",)), make_outlet("The Group")
    edited = edit_outlet(
        outlet,
        name="Daily Gazette",
        kind="newspaper",
        owner=group,
        owner_name="",
        aliases=["The  Gazette", "Gaz", "daily gazette", ""],
        domains=["https://www.gazette.example/news", "gaz.example", ""],
        version=version_of(outlet),
        by=eve,
        reason="as their imprint says",
    )
    assert (edited.name, edited.kind, edited.owner, edited.reviewed) == ("Daily Gazette", "newspaper", group, True)
    # A former name goes on to stand for the outlet.
    assert set(outlet.aliases.values_list("name", flat=True)) == {"The Gazette", "Gaz", "Gazette"}
    assert set(outlet.domains.values_list("domain", flat=True)) == {"gazette.example", "gaz.example"}
    assert resolve_outlet("gaz") == resolve_outlet("Gazette") == resolve_outlet("Daily Gazette") == outlet


def test_a_name_or_domain_of_another_outlet_is_refused_by_name(eve):
    outlet = make_outlet("Gazette")
    other = make_outlet("Herald", aliases=("The Herald",))
    OutletDomain.objects.create(outlet=other, domain="herald.example")
    for wanted in (
        {"name": "HERALD"},
        {"name": "the herald"},
        {"aliases": ["Herald"]},
        {"aliases": ["The Herald"]},
        {"domains": ["herald.example"]},
    ):
        with pytest.raises(DecisionRefused, match="is Herald’s already"):
            edit_outlet(outlet, **wanted, version=version_of(outlet), by=eve)
    for wanted, why in (
        ({"owner": outlet}, "not its own owner"),
        ({"owner": other, "owner_name": "A ministry"}, "Give one owner"),
        ({"name": " "}, "needs a name"),
        ({"domains": ["no domain"]}, "is no domain"),
        ({"domains": ["192.0.2.1"]}, "is no domain"),
        ({"domains": ["http://[x"]}, "is no domain"),
        ({"aliases": ["x" * 201]}, "at most 200 characters"),
    ):
        with pytest.raises(DecisionRefused, match=why):
            edit_outlet(outlet, **wanted, version=version_of(outlet), by=eve)
    outlet.refresh_from_db()
    assert (outlet.name, outlet.owner, outlet.reviewed) == ("Gazette", None, False)


def test_an_edit_of_what_changed_meanwhile_writes_nothing(eve):
    outlet = make_outlet("Gazette")
    seen = version_of(outlet)
    edit_outlet(outlet, kind="newspaper", version=seen, by=make_user("ann"))
    with pytest.raises(VersionConflict) as conflict:
        edit_outlet(outlet, kind="magazine", aliases=["Gaz"], version=seen, by=eve)
    assert {field.name for field in conflict.value.fields if field.clashes} == {"kind"}
    outlet.refresh_from_db()
    assert (outlet.kind, outlet.aliases.count()) == ("newspaper", 0)


# Merging


def test_every_column_that_names_an_outlet_moves_or_is_worked_out():
    worked_out = {"corroboration", "coverage", "outlettally", "outletpair", "outletmerge"}
    named = {
        (relation.related_model, relation.field.name)
        for relation in Outlet._meta.related_objects
        if isinstance(relation.field, ForeignKey)
        and not relation.related_model._meta.auto_created
        and not relation.related_model._meta.model_name.endswith("event")
        and relation.related_model._meta.model_name not in worked_out
    }
    assert named == set(MOVING.values())


def test_merged_outlets_count_as_one_and_apart_again_after_undoing(eve):
    claim = make_claim()
    for outlet in (one := make_outlet("Herald"), other := make_outlet("The Herald")):
        make_report(claim, outlet=outlet)
    refresh_corroboration([claim.pk])
    CorroborationDue.objects.all().delete()
    assert counted(claim) == ("corroborated", 2, 2)
    before = rows_of(Article, OutletAlias, OutletDomain, Derivation, StatementRelay)
    merge = merge_outlets(one, into=other, by=eve)
    assert len(merge.moved["articles"]) == 1
    assert CorroborationDue.objects.exists()
    refresh_outdated()
    assert counted(claim) == ("single", 1, 1)
    assert resolve_outlet("herald") == other
    assert store_outlet("Herald", domains=["herald.example"]) == other
    assert Outlets([]).named("Herald") == other
    OutletDomain.objects.all().delete()
    unmerge_outlets(one, by=eve)
    refresh_outdated()
    assert counted(claim) == ("corroborated", 2, 2)
    assert rows_of(Article, OutletAlias, OutletDomain, Derivation, StatementRelay) == before
    assert resolve_outlet("herald") == one
    with pytest.raises(DecisionConflict, match="not merged"):
        unmerge_outlets(one, by=eve)


def test_credits_and_relays_of_both_become_one_and_two_again(eve):
    one, other = make_outlet("Wire"), make_outlet("The Wire")
    article = make_article()
    theirs, ours = make_credit(article, one), make_credit(article, other)
    decide_derivation(theirs, status="confirmed", by=eve)
    statement = make_statement(relays=(one, other))
    alone = make_statement(relays=(one,))
    before = rows_of(Derivation, StatementRelay)
    merge_outlets(one, into=other, by=eve)
    [credit] = Derivation.objects.all()
    assert (credit.pk, credit.upstream_outlet, credit.status, credit.decided_by) == (ours.pk, other, "confirmed", eve)
    assert [relay.outlet for relay in statement.relays.all()] == [other]
    assert [relay.outlet for relay in alone.relays.all()] == [other]
    unmerge_outlets(one, by=eve)
    assert rows_of(Derivation, StatementRelay) == before


def test_what_an_editor_decided_since_a_merge_stays(eve):
    one, other = make_outlet("Wire"), make_outlet("The Wire")
    article = make_article()
    make_credit(article, one)
    ours = make_credit(article, other)
    merge_outlets(one, into=other, by=eve)
    decide_derivation(Derivation.objects.get(), status="confirmed", by=eve)
    unmerge_outlets(one, by=eve)
    ours.refresh_from_db()
    assert ours.status == "confirmed"
    assert Derivation.objects.filter(upstream_outlet=one, status="proposed").exists()


def test_an_article_that_both_have_stays_twice(eve):
    one, other = make_outlet("Herald"), make_outlet("The Herald")
    theirs, ours = (make_article(outlet=outlet, identity="https://herald.example/1") for outlet in (one, other))
    merge_outlets(one, into=other, by=eve)
    assert set(other.articles.all()) == {theirs, ours}
    unmerge_outlets(one, by=eve)
    theirs.refresh_from_db()
    assert (theirs.outlet, theirs.identity) == (one, "https://herald.example/1")


def test_articles_that_came_since_from_its_domain_go_back_with_an_outlet(eve):
    one, other = make_outlet("Herald"), make_outlet("The Times")
    OutletDomain.objects.create(outlet=one, domain="herald.example")
    merge_outlets(one, into=other, by=eve)
    since = make_article(outlet=other, url="https://www.herald.example/2")
    own = make_article(outlet=other, url="https://times.example/2")
    unmerge_outlets(one, by=eve)
    assert list(one.articles.all()) == [since]
    assert list(other.articles.all()) == [own]


def test_an_owner_merged_into_what_it_owns_leaves_its_own_owner(eve):
    group = make_outlet("The Group", owner_name="A ministry")
    outlet, sister = make_outlet("Gazette", owner=group), make_outlet("Herald", owner=group)
    merge_outlets(group, into=outlet, by=eve)
    outlet.refresh_from_db()
    sister.refresh_from_db()
    assert (outlet.owner, outlet.owner_name, sister.owner) == (None, "A ministry", outlet)
    unmerge_outlets(group, by=eve)
    outlet.refresh_from_db()
    sister.refresh_from_db()
    assert (outlet.owner, outlet.owner_name, sister.owner) == (group, "", group)


def test_merges_are_chained_and_undone_from_their_end(eve):
    one, two, three = make_outlet("One"), make_outlet("Two"), make_outlet("Three")
    merge_outlets(one, into=two, by=eve)
    with pytest.raises(DecisionConflict, match="was merged into “Two”"):
        merge_outlets(one, into=three, by=eve)
    merge_outlets(two, into=three, by=eve)
    one.refresh_from_db()
    assert one.merged_into == three
    with pytest.raises(DecisionConflict, match="was merged into “Three”"):
        unmerge_outlets(one, by=eve)
    unmerge_outlets(two, by=eve)
    one.refresh_from_db()
    assert one.merged_into == two
    with pytest.raises(DecisionRefused, match="into itself"):
        merge_outlets(two, into=two, by=eve)


def test_the_name_of_a_merged_outlet_stays_its_own(eve):
    one, other = make_outlet("Wire"), make_outlet("The Wire")
    merge_outlets(one, into=other, by=eve)
    other.refresh_from_db()
    with pytest.raises(DecisionRefused, match="was merged into this one"):
        edit_outlet(other, name="Wire", version=version_of(other), by=eve)
    with pytest.raises(DecisionConflict, match="look again"):
        edit_outlet(one, name="Wires", version=version_of(one), by=eve)


def test_outlets_with_like_names_are_offered_the_likest_first():
    outlet = make_outlet("Daily Gazette", aliases=("Gaz Online",))
    alike, less = make_outlet("The Daily Gazette"), make_outlet("Daily Gazette of the Valley")
    by_alias = make_outlet("Valley Press", aliases=("Gaz Online (Valley)",))
    make_outlet("Herald")
    found = possible_duplicates(outlet)
    assert set(found) == {alike, less, by_alias}
    assert found[0] == alike
    merge_outlets(alike, into=make_outlet("Other"), by=make_user())
    assert alike not in possible_duplicates(outlet)


# Where articles come from


def test_a_credit_that_an_editor_removes_is_counted_no_more_and_back_when_undone(eve):
    claim, agency = make_claim(), make_outlet("Agency")
    first = make_report(claim, outlet=make_outlet("Gazette"), credit=agency)
    make_report(claim, outlet=make_outlet("Herald"), credit=agency)
    credit = first.statement.revision.article.derivations.get()
    assert counted(claim) == ("repeated", 2, 1)
    removed = decide_derivation(credit, status="rejected", by=eve)
    refresh_outdated()
    assert counted(claim) == ("corroborated", 2, 2)
    with pytest.raises(DerivationChanged, match="eve decided meanwhile: rejected"):
        decide_derivation(credit, status="confirmed", by=eve)
    assert decide_derivation(credit, status="rejected", by=eve).decided_at == removed.decided_at
    decide_derivation(removed, status="proposed", by=eve)
    refresh_outdated()
    assert counted(claim) == ("repeated", 2, 1)
    credit.refresh_from_db()
    assert (credit.status, credit.decided_by) == ("proposed", None)
    credit.delete()
    with pytest.raises(DerivationChanged, match="read again"):
        decide_derivation(removed, status="confirmed", by=eve)
