"""Two claims made one, and what becomes of reports, decisions, links, topics and addresses; undone exactly."""

import pghistory.models
import pytest

from claims.models import Attribution, Claim, ClaimLink, ClaimMerge, ClaimTopic, Decision
from claims.services.decisions import (
    DecisionConflict,
    DecisionRefused,
    add_attribution,
    confirm_attribution,
    leave_unsure,
    move_attribution,
    reject_attribution,
    set_stance,
    undo_decision,
)
from claims.services.editing import edit_claim
from claims.services.merging import decide_link, merge_claims, undo_link, unmerge_claims
from tests.factories import make_article, make_claim, make_outlet, make_report, make_speaker, make_topic, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_user("eve", editor=True)


@pytest.fixture
def two():
    """Return two claims of one speaker with a report each."""
    speaker = make_speaker("Ana Silva")
    claims = [
        make_claim("The bridge is closed.", speaker=speaker),
        make_claim("The bridge stays shut.", speaker=speaker),
    ]
    for claim in claims:
        make_report(claim)
    return claims


SIGNED = ("decided_by", "decided_at", "created_at")


def snapshot():
    """Return all that a merge or a decision may change."""
    return {
        model.__name__: sorted(model.objects.values_list("pk", *fields), key=str)
        for model, fields in (
            (Claim, ("speaker", "text", "text_by", "topics_by", "said_on", "merged_into")),
            (
                Attribution,
                (*("uid", "statement", "claim", "stance", "status", "score", "method"), *SIGNED),
            ),
            (ClaimLink, ("claim", "other", "kind", "status", "decided_by", "decided_at")),
            (ClaimTopic, ("claim", "topic", "method")),
        )
    }


def level(claim, basis="counted"):
    return claim.corroborations.get(basis=basis).level


# Merging


def test_a_merge_moves_reports_and_topics_and_leaves_a_redirect(two, editor):
    gone, kept = two
    gone.topics.add(make_topic("Bridges"), through_defaults={"method": "editor"})
    merge_claims(gone, into=kept, by=editor)

    gone.refresh_from_db()
    assert gone.merged_into == kept
    assert kept.attributions.count() == 2
    assert level(kept) == "corroborated"
    assert level(gone) == "unreported"
    assert [topic.name for topic in kept.topics.all()] == ["Bridges"]


def test_a_merge_is_undone_exactly(two, editor):
    gone, kept = two
    topic = make_topic("Shut", keywords=("shut",))
    kept.topics.add(topic, through_defaults={"method": "editor"})
    gone.topics.add(make_topic("Bridges"), through_defaults={"method": "editor"})
    other = make_claim()
    decide_link(gone, other, status="rejected", by=editor)
    decide_link(kept, gone, status="unsure", by=editor)
    both = make_report(gone)
    confirm_attribution(both, by=editor)
    Attribution.objects.create(
        uid="00000000-0000-4000-8000-000000000001", statement=both.statement, claim=kept, score=0.4, method="test"
    )
    Claim.objects.filter(pk=gone.pk).update(text_by=editor, said_on="2020-01-01")
    earlier = make_claim()
    merge_claims(earlier, into=gone, by=editor)
    before = snapshot()

    merge_claims(gone, into=kept, by=editor)
    earlier.refresh_from_db()
    kept.refresh_from_db()
    assert (earlier.merged_into, kept.text) == (kept, "The bridge is closed.")
    assert snapshot() != before
    unmerge_claims(gone, by=editor)
    assert snapshot() == before
    assert level(gone) == "corroborated"


def choose_topics(claim, editor, *topics, method="editor"):
    """Give a claim topics as an editor's choice, or as a machine's where there is no editor."""
    for topic in topics:
        claim.topics.add(topic, through_defaults={"method": method})
    Claim.objects.filter(pk=claim.pk).update(topics_by=editor)


@pytest.mark.parametrize(
    ("by_editor", "left"),
    [("nobody", "ABC"), ("gone", "AB"), ("kept", "BC"), ("both", "BC")],
)
def test_topics_that_an_editor_chose_outlive_a_merge_and_come_apart_exactly(two, editor, by_editor, left):
    gone, kept = two
    a, b, c = (make_topic(name, keywords=("shut",) if name == "C" else ()) for name in "ABC")
    choose_topics(gone, editor if by_editor in ("gone", "both") else None, a, b)
    choose_topics(kept, editor if by_editor in ("kept", "both") else None, b, c, method="keyword: shut")
    before = snapshot()

    merge_claims(gone, into=kept, by=editor)
    kept.refresh_from_db()
    assert {topic.name for topic in kept.topics.all()} == set(left)
    assert kept.topics_by == (None if by_editor == "nobody" else editor)
    unmerge_claims(gone, by=editor)
    assert snapshot() == before


@pytest.mark.parametrize("chosen_before", [True, False])
def test_topics_that_an_editor_chose_since_a_merge_stay(two, editor, chosen_before):
    gone, kept = two
    first, then = make_topic("First"), make_topic("Then")
    choose_topics(gone, editor if chosen_before else None, first)
    merge_claims(gone, into=kept, by=editor)
    edit_claim(kept, topics=[first, then], version=None, by=editor)

    unmerge_claims(gone, by=editor)
    kept.refresh_from_db()
    assert {topic.name for topic in kept.topics.all()} == {"First", "Then"}
    assert kept.topics_by == editor


def test_of_two_reports_by_one_statement_the_decided_one_stays(two, editor):
    gone, kept = two
    theirs = make_report(gone)
    ours = Attribution.objects.create(
        uid="00000000-0000-4000-8000-000000000001", statement=theirs.statement, claim=kept, score=0.4, method="test"
    )
    theirs = reject_attribution(theirs, by=editor)
    merge_claims(gone, into=kept, by=editor)
    ours.refresh_from_db()
    assert (ours.status, ours.decided_by, ours.decided_at) == ("rejected", editor, theirs.decided_at)
    assert not Attribution.objects.filter(pk=theirs.pk).exists()


def test_different_decisions_about_one_statement_are_a_conflict_that_names_it(two, editor):
    gone, kept = two
    theirs = confirm_attribution(make_report(gone, outlet=make_outlet("Gazette")), by=editor)
    ours = add_attribution(theirs.statement, to=kept, by=editor, stance="denies")
    before = snapshot()
    for overrule in (False, True):
        with pytest.raises(
            DecisionConflict, match=r"in Gazette, which .*: confirmed at the one, confirmed as a denial at"
        ):
            merge_claims(gone, into=kept, by=editor, overrule=overrule)
    with pytest.raises(DecisionConflict) as conflict:
        merge_claims(gone, into=kept, by=editor)
    assert set(conflict.value.about) == {theirs, ours}
    assert snapshot() == before


def test_a_report_moved_between_two_claims_keeps_them_apart_unless_an_editor_overrules(two, editor):
    gone, kept = two
    make_report(gone)
    moved = move_attribution(gone.attributions.order_by("pk").first(), to=kept, by=editor)
    with pytest.raises(DecisionConflict, match="rejected at the one, confirmed at the other"):
        merge_claims(gone, into=kept, by=editor)
    merge_claims(gone, into=kept, by=editor, overrule=True)
    moved.refresh_from_db()
    assert (moved.status, moved.claim) == ("confirmed", kept)


def test_not_the_same_is_remembered_until_an_editor_overrules(two, editor):
    gone, kept = two
    link = decide_link(gone, kept, status="rejected", by=editor)
    with pytest.raises(DecisionConflict, match=r"eve said on .* that the two are not the same"):
        merge_claims(gone, into=kept, by=editor)
    merge_claims(gone, into=kept, by=editor, overrule=True)
    link.refresh_from_db()
    assert link.status == "confirmed"
    unmerge_claims(gone, by=editor)
    link.refresh_from_db()
    assert link.status == "rejected"


def test_links_follow_a_merge_and_the_weightier_stays(two, editor):
    gone, kept = two
    third, fourth = make_claim(), make_claim()
    decide_link(gone, third, status="rejected", by=editor)
    decide_link(gone, fourth, status="rejected", by=editor)
    decide_link(kept, fourth, status="unsure", by=editor)
    merge_claims(gone, into=kept, by=editor)
    for other in (third, fourth):
        assert ClaimLink.objects.between(kept, other).get().status == "rejected"
    # So that what an editor parted does not come together by way of a third.
    with pytest.raises(DecisionConflict, match="not the same"):
        merge_claims(third, into=kept, by=editor)


def test_impossible_merges_are_refused_and_change_nothing(two, editor):
    gone, kept = two
    merge_claims(gone, into=kept, by=editor)
    before = snapshot()
    with pytest.raises(DecisionRefused, match="not merged into itself"):
        merge_claims(kept, into=kept, by=editor)
    with pytest.raises(DecisionConflict, match=r"was merged into “.*” meanwhile"):
        merge_claims(kept, into=gone, by=editor)
    with pytest.raises(DecisionConflict, match="not merged into another"):
        unmerge_claims(kept, by=editor)
    assert snapshot() == before


def test_merges_are_undone_in_turn(two, editor):
    gone, kept = two
    last = make_claim()
    merge_claims(gone, into=kept, by=editor)
    before = snapshot()
    merge_claims(kept, into=last, by=editor)
    with pytest.raises(DecisionConflict, match="since; undo that first"):
        unmerge_claims(gone, by=editor)
    unmerge_claims(kept, by=editor)
    assert snapshot() == before
    unmerge_claims(gone, by=editor)
    assert not Claim.objects.exclude(merged_into=None).exists()
    assert ClaimMerge.objects.filter(undone_by=editor).count() == 2


def test_what_was_decided_since_goes_with_its_report(two, editor):
    gone, kept = two
    report = gone.attributions.get()
    merge_claims(gone, into=kept, by=editor)
    report.refresh_from_db()
    confirm_attribution(report, by=editor)
    unmerge_claims(gone, by=editor)
    report.refresh_from_db()
    assert (report.claim, report.status) == (gone, "confirmed")
    assert level(gone, "confirmed") == "single"


def test_a_decision_made_before_a_merge_can_still_be_undone(two, editor):
    gone, kept = two
    report = confirm_attribution(gone.attributions.get(), by=editor)
    merge_claims(gone, into=kept, by=editor)
    undo_decision(Attribution.objects.get(pk=report.pk), by=editor)
    report.refresh_from_db()
    assert (report.claim, report.status) == (kept, "proposed")


def test_history_tells_who_merged(two, editor):
    gone, kept = two
    report = gone.attributions.get()
    merge_claims(gone, into=kept, by=editor)
    event = pghistory.models.Events.objects.tracks(report).filter(pgh_label="update").get()
    assert (event.pgh_context["user"], event.pgh_context["decision"]) == (editor.pk, "merge")


def test_the_number_of_queries_to_merge_does_not_grow(two, editor, django_assert_max_num_queries):
    gone, kept = two
    for number in range(20):
        make_report(gone)
        gone.topics.add(make_topic(), through_defaults={"method": "editor"})
        make_report(kept, article=make_article(f"Report {number}: {kept.text}"))
    with django_assert_max_num_queries(90):
        merge_claims(gone, into=kept, by=editor)
    with django_assert_max_num_queries(90):
        unmerge_claims(gone, by=editor)


def test_a_merged_claim_leads_to_the_other_on_page_and_in_api(client, two, editor):
    gone, kept = two
    merge_claims(gone, into=kept, by=editor)
    page = client.get(f"{gone.get_absolute_url()}?confirmed=1")
    assert (page.status_code, page["Location"]) == (301, f"{kept.get_absolute_url()}?confirmed=1")
    for part in ("", "corroboration/"):
        answer = client.get(f"/api/v1/claims/{gone.uid}/{part}")
        assert (answer.status_code, answer.json()["uid"]) == (301, str(kept.uid))
        assert answer["Location"].endswith(f"/api/v1/claims/{kept.uid}/{part}")


# Links


def test_a_link_is_undone_step_by_step(two, editor):
    one, other = two
    proposed = ClaimLink.objects.create(
        claim=min(two, key=lambda c: c.pk), other=max(two, key=lambda c: c.pk), kind="same", score=0.2, method="test"
    )
    rejected = decide_link(one, other, status="rejected", by=editor)
    assert rejected.pk == proposed.pk
    unsure = decide_link(other, one, status="unsure", by=make_user("ann"))
    undo_link(unsure, by=editor)
    proposed.refresh_from_db()
    assert (proposed.status, proposed.decided_by, proposed.decided_at) == ("rejected", editor, rejected.decided_at)
    with pytest.raises(DecisionConflict, match="meanwhile"):
        undo_link(unsure, by=editor)
    undo_link(proposed, by=editor)
    proposed.refresh_from_db()
    assert (proposed.status, proposed.decided_by) == ("proposed", None)
    made = decide_link(one, make_claim(), status="rejected", by=editor)
    undo_link(made, by=editor)
    assert not ClaimLink.objects.filter(pk=made.pk).exists()


def test_links_that_say_nothing_are_refused(two, editor):
    one, other = two
    with pytest.raises(DecisionRefused, match="two claims"):
        decide_link(one, one, status="rejected", by=editor)
    for status in ("proposed", "confirmed"):
        with pytest.raises(DecisionRefused, match="are merged"):
            decide_link(one, other, status=status, by=editor)
    assert not ClaimLink.objects.exists()


# Undoing decisions


@pytest.mark.parametrize(
    "decide",
    [
        lambda report, other, by: confirm_attribution(report, by=by),
        lambda report, other, by: reject_attribution(report, by=by),
        lambda report, other, by: leave_unsure(report, by=by),
        lambda report, other, by: set_stance(report, stance="denies", by=by),
        lambda report, other, by: move_attribution(report, to=other, by=by),
        lambda report, other, by: move_attribution(report, to=None, by=by),
        lambda report, other, by: add_attribution(report.statement, to=other, by=by),
    ],
    ids=["confirm", "reject", "unsure", "stance", "move", "move to its own", "add"],
)
def test_a_decision_is_undone_exactly_and_signed(two, editor, decide):
    claim, other = two
    make_report(claim)
    report = claim.attributions.order_by("pk").first()
    before = snapshot()
    levels = [level(c) for c in two]
    decided = decide(report, other, editor)
    assert snapshot() != before
    decision = undo_decision(decided, by=make_user("ann"))
    after = snapshot()
    # A claim that the decision made stays, as a redirect to where it came from.
    after["Claim"] = [row for row in after["Claim"] if row[-1] is None]
    assert after == before
    assert [level(c) for c in two] == levels
    assert (decision.decided_by, decision.undone_by.username) == (editor, "ann")
    assert set(Claim.objects.filter(pk__in=decision.founded).values_list("merged_into", flat=True)) <= {claim.pk}


def test_decisions_are_undone_in_turn_and_once(two, editor):
    first = confirm_attribution(two[0].attributions.get(), by=editor)
    second = reject_attribution(first, by=make_user("ann"))
    with pytest.raises(DecisionConflict, match="meanwhile"):
        undo_decision(first, by=editor)
    undo_decision(second, by=editor)
    with pytest.raises(DecisionConflict, match="meanwhile"):
        undo_decision(second, by=editor)
    again = Attribution.objects.get(pk=first.pk)
    assert (again.status, again.decided_by, again.decided_at) == ("confirmed", editor, first.decided_at)
    undo_decision(again, by=editor)
    again.refresh_from_db()
    assert (again.status, again.decided_by) == ("proposed", None)


def test_what_was_decided_on_again_elsewhere_is_undone_first(two, editor):
    claim, other = two
    moved = move_attribution(claim.attributions.get(), to=other, by=editor)
    rejected = Attribution.objects.get(statement=moved.statement, claim=claim)
    set_stance(moved, stance="denies", by=make_user("ann"))
    with pytest.raises(DecisionConflict, match="was decided on again since, by ann; undo that first"):
        undo_decision(rejected, by=editor)
    rejected.refresh_from_db()
    assert rejected.status == "rejected"


def test_a_decision_from_before_they_were_recorded_goes_back_to_a_proposal(editor):
    report = make_report(make_claim(), status="confirmed")
    undo_decision(report, by=editor)
    report.refresh_from_db()
    assert (report.status, report.decided_by) == ("proposed", None)
    assert Decision.objects.get().undone_by == editor


# Unsure, and several claims


def test_an_unsure_report_counts_in_no_basis_and_stays(two, editor):
    claim, _ = two
    doubtful = leave_unsure(make_report(claim), by=editor)
    assert (doubtful.status, doubtful.decided_by, doubtful.is_counted) == ("unsure", editor, False)
    assert level(claim) == "single"
    assert level(claim, "confirmed") == "unreported"
    confirm_attribution(doubtful, by=editor)
    assert level(claim) == "corroborated"


def test_a_rejected_report_that_is_unsure_elsewhere_founds_a_claim_of_its_own(two, editor):
    claim, other = two
    make_report(claim)
    report = claim.attributions.order_by("pk").first()
    leave_unsure(add_attribution(report.statement, to=other, by=editor), by=editor)
    reject_attribution(report, by=editor)
    own = Attribution.objects.counted().get(statement=report.statement)
    assert own.claim not in two


def test_a_statement_may_carry_several_claims(two, editor):
    claim, other = two
    report = claim.attributions.get()
    added = add_attribution(report.statement, to=other, by=editor)
    assert (added.status, added.decided_by, added.method) == ("confirmed", editor, "editor")
    report.refresh_from_db()
    assert report.status == "proposed"
    assert level(other) == "corroborated"
    assert level(claim) == "single"
    with pytest.raises(DecisionRefused, match="neither"):
        add_attribution(report.statement, to=other, by=editor, stance="doubts")
    merge_claims(other, into=make_claim(), by=editor)
    with pytest.raises(DecisionConflict, match="merged into another"):
        add_attribution(report.statement, to=other, by=editor)
