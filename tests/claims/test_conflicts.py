"""A = B, B = C, A ≠ C: found among a claim's reports and links, shown, and settled."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.conflicts import Chain, Link, Report, chains, conflicts
from claims.models import Attribution, ClaimConflict, ClaimLink
from claims.services.conflicts import chained_claims, open_chains, refresh_conflicts, settle_conflict
from claims.services.decisions import add_attribution, move_attribution, reject_attribution, undo_decision
from claims.services.merging import decide_link, merge_claims, split_claim, unmerge_claims
from tests.factories import make_claim, make_report, make_speaker, make_user

# The check


def found(*reports):
    return [(c.statement, c.other, c.reason, c.detail) for c in conflicts(reports)]


def test_two_people_in_one_claim_are_a_conflict():
    assert found(
        Report(1, "The dam holds.", "Ana Silva"),
        Report(3, "The dam holds.", ""),
        Report(2, "The dam holds.", "Jon Berg"),
    ) == [(1, 2, "speakers", "Ana Silva against Jon Berg")]


def test_other_numbers_in_one_claim_are_a_conflict_at_whatever_end_of_the_chain():
    assert found(Report(1, "5 boats sank."), Report(2, "Boats sank."), Report(3, "7 boats sank.")) == [
        (1, 3, "numbers", "5 against 7")
    ]


def test_a_number_that_only_one_report_gives_is_none():
    assert found(Report(1, "5 boats sank in the storm."), Report(2, "Boats sank.")) == []


def test_what_an_editor_parted_at_another_claim_is_a_conflict_here():
    assert found(
        Report(1, "The dam holds.", carries=frozenset({7})), Report(2, "The dam stands.", parted=frozenset({7}))
    ) == [(1, 2, "editor", "claim 7")]
    assert found(Report(1, "The dam holds.", carries=frozenset({7}), parted=frozenset({7}))) == []


def test_a_flood_of_reports_is_compared_by_what_differs():
    flood = [Report(n, f"{n % 3 + 5} boats sank.", f"Ana Silva{n}") for n in range(20_000)]
    conflicting = [(reason, detail) for _, _, reason, detail in found(*flood)]
    assert sorted(detail for reason, detail in conflicting if reason == "numbers") == [
        "5 against 6",
        "5 against 7",
        "6 against 7",
    ]
    assert len(conflicting) < 100


def test_a_chain_ends_in_two_claims_that_are_not_the_same():
    same = [Link(1, 2, True), Link(2, 3, True), Link(3, 4, True)]
    assert chains([*same, Link(3, 1, False)]) == [Chain(2, 1, 3)]
    assert chains([*same, Link(1, 4, False), Link(1, 2, False)]) == []


# Stored


@pytest.fixture
def editor(db):
    return make_user("eve", editor=True)


@pytest.fixture
def torn(editor):
    """Return a claim that an editor merged of two with other numbers, and the claim that became part of it."""
    speaker = make_speaker("Ana Silva")
    kept, gone = (make_claim(f"{number} boats sank.", speaker=speaker) for number in (5, 7))
    for claim in (kept, gone):
        make_report(claim)
    merge_claims(gone, into=kept, by=editor)
    return kept, gone


def test_a_merge_of_what_differs_is_shown_until_it_is_undone(torn, editor):
    kept, gone = torn
    [conflict] = ClaimConflict.objects.open()
    assert (conflict.claim, conflict.reason, conflict.detail) == (kept, "numbers", "5 against 7")
    unmerge_claims(gone, by=editor)
    assert not ClaimConflict.objects.exists()


def test_a_split_settles_a_conflict_and_its_undoing_brings_it_back(torn, editor):
    kept, _ = torn
    seven = kept.attributions.get(statement__quote="7 boats sank.")
    split_claim(kept, attributions=[seven], by=editor)
    assert not ClaimConflict.objects.open().exists()
    seven.refresh_from_db()
    undo_decision(seven, by=editor)
    assert ClaimConflict.objects.open().get().claim == kept


def test_what_is_the_same_after_all_is_not_shown_again(torn, editor):
    kept, _ = torn
    settled = settle_conflict(ClaimConflict.objects.get(), by=editor)
    assert (settled.settled_by, settled.settled_at is not None) == (editor, True)
    # Neither for another report with that number, nor in the claim that this one becomes part of.
    make_report(kept, quote="Another 7 boats sank.")
    refresh_conflicts([kept.pk])
    assert settle_conflict(settled, by=make_user("ann")).settled_by == editor
    third = make_claim("Boats sank.", speaker=kept.speaker)
    merge_claims(kept, into=third, by=editor)
    assert not ClaimConflict.objects.open().exists()
    assert ClaimConflict.objects.get(claim=third).settled_by == editor


def test_a_new_difference_is_shown_beside_a_settled_one(torn, editor):
    kept, _ = torn
    settle_conflict(ClaimConflict.objects.get(), by=editor)
    make_report(kept, quote="9 boats sank.")
    assert refresh_conflicts([kept.pk]) == 2
    assert set(ClaimConflict.objects.open().values_list("detail", flat=True)) == {"5 against 9", "7 against 9"}


def test_a_statement_that_an_editor_kept_out_of_a_claim_does_not_come_in_by_way_of_another(editor):
    claim, way = make_claim("The dam holds."), make_claim("The dam stands.")
    inside = make_report(claim)
    outside = make_report(claim)
    move_attribution(outside, to=way, by=editor)
    add_attribution(inside.statement, to=way, by=editor)
    [conflict] = ClaimConflict.objects.open()
    assert (conflict.claim, conflict.reason) == (way, "editor")
    assert {conflict.statement, conflict.other} == {inside.statement, outside.statement}


def test_a_rejected_report_takes_its_conflict_along(torn, editor):
    kept, _ = torn
    reject_attribution(kept.attributions.get(statement__quote="7 boats sank."), by=editor)
    assert not ClaimConflict.objects.open().exists()


@pytest.fixture
def chained(editor):
    """Return three claims of which the middle one is proposed as the same as both ends, which an editor parted."""
    one, middle, other = (make_claim(f"The {name} is closed.") for name in ("bridge", "pass", "road"))
    for claim in (one, other):
        first, second = sorted((claim, middle), key=lambda c: c.pk)
        ClaimLink.objects.create(claim=first, other=second, kind="same", score=0.2, method="test")
    decide_link(other, one, status="rejected", by=editor)
    return one, middle, other


def test_a_chain_of_links_is_a_conflict_for_all_three_claims(chained, editor):
    one, middle, other = chained
    for claim in chained:
        [chain] = chained_claims(claim)
        assert (chain.middle, set(chain.ends), chain.apart.decided_by) == (middle, {one, other}, editor)
    assert [chain.middle for chain in open_chains(limit=10)] == [middle]
    decide_link(middle, one, status="rejected", by=editor)
    assert chained_claims(middle) == []
    assert open_chains(limit=10) == []


def test_claims_that_contradict_each_other_end_a_chain_too(editor):
    one, middle, other = (make_claim() for _ in range(3))
    for first, second, kind in ((one, middle, "same"), (middle, other, "same"), (one, other, "contradicts")):
        ClaimLink.objects.create(claim=first, other=second, kind=kind, score=0.5, method="test", reason="5 against 7")
    [chain] = chained_claims(one)
    assert (chain.middle, chain.apart.reason) == (middle, "5 against 7")
    merge_claims(other, into=make_claim(), by=editor)
    # The links follow the merge.
    assert chained_claims(one)[0].middle == middle


# Pages and API


def test_the_claim_page_shows_conflicts_to_all_and_buttons_to_editors(client, torn, editor):
    kept, _ = torn
    page = client.get(kept.get_absolute_url()).content.decode()
    section = page.split('id="conflicts-title"')[1].split("</section>")[0]
    assert "They give other numbers: 5 against 7." in section
    assert "7 boats sank." in section
    assert "<form" not in section
    client.force_login(editor)
    section = client.get(kept.get_absolute_url()).content.decode().split('id="conflicts-title"')[1]
    assert f"/claims/{kept.uid}/split/?statement=" in section
    conflict = ClaimConflict.objects.get()
    answer = client.post(f"/conflicts/{conflict.uid}/settle/", follow=True)
    assert "the same after all" in answer.content.decode()
    assert 'id="conflicts-title"' not in client.get(kept.get_absolute_url()).content.decode()


def test_editors_have_a_list_of_conflicts(client, torn, chained, editor):
    assert client.get("/claims/conflicts/").status_code == 302
    client.force_login(make_user())
    assert client.get("/claims/conflicts/").status_code == 403
    client.force_login(editor)
    page = client.get("/claims/conflicts/").content.decode()
    assert torn[0].get_absolute_url() in page
    assert f"{chained[1].get_absolute_url()}#links-title" in page


def test_the_api_shows_conflicts(client, torn, chained, editor):
    kept, gone = torn
    answer = client.get(f"/api/v1/claims/{kept.uid}/conflicts/").json()
    [report] = answer["reports"]
    assert (report["reason"], report["detail"]) == ("numbers", "5 against 7")
    assert {row["quote"] for row in report["statements"]} == {"5 boats sank.", "7 boats sank."}
    [chain] = client.get(f"/api/v1/claims/{chained[1].uid}/conflicts/").json()["chains"]
    assert (chain["middle"]["uid"], chain["apart"]) == (str(chained[1].uid), "same")
    moved = client.get(f"/api/v1/claims/{gone.uid}/conflicts/")
    assert (moved.status_code, moved.json()["uid"]) == (301, str(kept.uid))


def test_more_conflicts_cost_no_more_queries(client, torn, chained, editor):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            for address in ("/claims/conflicts/", kept.get_absolute_url(), middle.get_absolute_url()):
                assert client.get(address).status_code == 200
        return len(captured)

    kept, middle = torn[0], chained[1]
    client.force_login(editor)
    queries()
    few = queries()
    for number in range(8, 14):
        make_report(kept, quote=f"{number} boats sank.", status=Attribution.Status.PROPOSED)
        end = make_claim()
        ClaimLink.objects.create(claim=middle, other=end, kind="same", score=0.3, method="test")
        decide_link(end, chained[0], status="rejected", by=editor)
    refresh_conflicts([kept.pk])
    assert ClaimConflict.objects.open().count() > 10
    assert len(chained_claims(middle)) == 7
    assert queries() == few
