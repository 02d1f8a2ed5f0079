"""One claim made two: what moves, what is remembered, and how it is undone."""

import pytest

from claims.models import Attribution, Claim, ClaimLink
from claims.services.claims import refresh_sentences
from claims.services.decisions import (
    DecisionConflict,
    DecisionRefused,
    confirm_attribution,
    leave_unsure,
    reject_attribution,
    set_stance,
    undo_decision,
)
from claims.services.merging import merge_claims, split_claim
from claims.services.reading import extract_revision
from tests.claims.matched import match_and_renew
from tests.claims.test_merging import level, snapshot
from tests.factories import make_article, make_claim, make_outlet, make_report, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_user("eve", editor=True)


@pytest.fixture
def claim():
    """Return a claim with four reports, the last of which denies it."""
    claim = make_claim("The bridge is closed.")
    for name in ("Gazette", "Courier", "Herald"):
        make_report(claim, outlet=make_outlet(name), quote=f"The bridge is closed, the {name} has heard.")
    make_report(claim, outlet=make_outlet("Bugle"), stance="denies")
    refresh_sentences([claim])
    return claim


def reports(claim):
    return list(claim.attributions.order_by("pk"))


def test_the_chosen_reports_found_a_claim_of_their_own(claim, editor):
    gazette, courier, herald, bugle = reports(claim)
    part = split_claim(claim, attributions=[herald, bugle], by=editor)
    assert part.text == herald.statement.quote
    assert [(a.statement, a.status, a.stance, a.decided_by) for a in reports(part)] == [
        (herald.statement, "confirmed", "affirms", editor),
        (bugle.statement, "confirmed", "denies", editor),
    ]
    assert [a.status for a in reports(claim)] == ["proposed", "proposed", "rejected", "rejected"]
    assert (level(claim), level(part)) == ("corroborated", "single")
    assert part.corroborations.get(basis="counted").disputed
    assert not claim.corroborations.get(basis="counted").disputed
    link = ClaimLink.objects.between(claim, part).get()
    assert (link.kind, link.status, link.decided_by) == ("same", "rejected", editor)
    assert {gazette.pk, courier.pk} == set(
        Attribution.objects.counted().filter(claim=claim).values_list("pk", flat=True)
    )


def test_a_split_is_undone_exactly_from_any_of_its_reports(claim, editor):
    before = snapshot()
    part = split_claim(claim, attributions=reports(claim)[1:3], by=editor)
    undo_decision(reports(part)[1], by=editor)
    part.refresh_from_db()
    assert part.merged_into == claim
    after = snapshot()
    after["Claim"] = [row for row in after["Claim"] if row[0] != part.pk]
    assert after == before
    assert level(claim) == "corroborated"
    # And again, to a new address.
    again = split_claim(claim, attributions=reports(claim)[1:3], by=editor)
    assert again.uid != part.uid


def test_a_part_that_got_other_reports_stands_when_the_split_is_undone(claim, editor):
    part = split_claim(claim, attributions=reports(claim)[:1], by=editor)
    make_report(part)
    undo_decision(reports(claim)[0], by=editor)
    part.refresh_from_db()
    assert part.merged_into is None
    assert (part.attributions.count(), level(part)) == (1, "single")


def test_two_parts_are_merged_again_only_by_overruling(claim, editor):
    chosen = reports(claim)[0]
    part = split_claim(claim, attributions=[chosen], by=editor)
    with pytest.raises(DecisionConflict, match="not the same"):
        merge_claims(part, into=claim, by=editor)
    merge_claims(part, into=claim, by=editor, overrule=True)
    assert [a.status for a in reports(claim)].count("rejected") == 0
    assert claim.attributions.count() == 4
    # The split is beneath the merge now.
    with pytest.raises(DecisionConflict, match="undo the merge first"):
        undo_decision(Attribution.objects.get(pk=chosen.pk), by=editor)


def test_impossible_splits_are_refused_and_change_nothing(claim, editor):
    other = make_report(make_claim())
    rejected = reject_attribution(reports(claim)[0], by=editor)
    unsure = leave_unsure(reports(claim)[1], by=editor)
    before = snapshot()
    for chosen, refused in (
        ([], "Choose the reports"),
        ([other], "were moved meanwhile"),
        ([rejected], "status here meanwhile: rejected"),
        ([unsure], "status here meanwhile: left unsure"),
        (reports(claim)[2:], "leave at least one"),
    ):
        with pytest.raises(DecisionRefused, match=refused):
            split_claim(claim, attributions=chosen, by=editor)
    assert snapshot() == before
    merge_claims(other.claim, into=make_claim(), by=editor)
    with pytest.raises(DecisionConflict, match="merged into another"):
        split_claim(other.claim, attributions=[other], by=editor)


def test_the_number_of_queries_to_undo_does_not_depend_on_other_claims(claim, editor, django_assert_max_num_queries):
    for number in range(8):
        make_report(claim, article=make_article(f"Report {number}: {claim.text}"))
    with django_assert_max_num_queries(120):
        part = split_claim(claim, attributions=reports(claim)[:4], by=editor)
    with django_assert_max_num_queries(120):
        undo_decision(reports(part)[0], by=editor)


def test_a_decision_after_the_split_is_undone_before_it(claim, editor):
    part = split_claim(claim, attributions=reports(claim)[:2], by=editor)
    set_stance(reports(part)[0], stance="denies", by=make_user("ann"))
    with pytest.raises(DecisionConflict, match="by ann; undo that first"):
        undo_decision(reports(part)[1], by=editor)
    undo_decision(reports(part)[0], by=editor)
    undo_decision(reports(part)[1], by=editor)
    assert level(claim) == "corroborated"


MAYOR = "Mayor Ana Silva said on Monday that the old harbour bridge would stay closed until spring."
PAPER = "The harbour bridge will stay closed until spring, Ana Silva said."


def test_what_was_split_is_not_joined_again_by_the_matcher(editor):
    for text in (MAYOR, PAPER):
        revision = make_article(text).current_revision_id
        extract_revision(revision)
        match_and_renew(revision)
    [claim] = Claim.objects.reported()
    first, second = reports(claim)
    confirm_attribution(first, by=editor)
    part = split_claim(claim, attributions=[second], by=editor)
    third = make_article(PAPER).current_revision_id
    extract_revision(third)
    match_and_renew(third)
    held = {
        c.pk: set(Attribution.objects.counted().filter(claim=c).values_list("statement", flat=True))
        for c in (claim, part)
    }
    assert first.statement_id in held[claim.pk]
    assert second.statement_id in held[part.pk]
    assert not held[claim.pk] & held[part.pk]
    assert ClaimLink.objects.between(claim, part).get().status == "rejected"
