"""Editors and machines at once, on the real database: one wins, the other is told, and nothing is lost."""

import threading
import time

import pytest
from django.db import connection, transaction

from claims.models import Attribution, Claim, ClaimLink, ClaimMerge, Decision, Extraction, Statement
from claims.services import matching
from claims.services.decisions import (
    DecisionConflict,
    confirm_attribution,
    move_attribution,
    reject_attribution,
    undo_decision,
)
from claims.services.merging import merge_claims, split_claim, unmerge_claims
from claims.services.reading import extract_revision
from claims.services.summaries import refresh_corroboration
from tests.claims.matched import match_and_renew
from tests.factories import make_article, make_claim, make_report, make_user

pytestmark = pytest.mark.django_db(transaction=True)

MAYOR = "Mayor Ana Silva said on Monday that the old harbour bridge would stay closed until spring."
PAPER = "The harbour bridge will stay closed until spring, Ana Silva said."
#: How long a thread that has to wait is given to show that it does not.
PATIENCE_S = 0.4


@pytest.fixture
def editor():
    return make_user("eve", editor=True)


def at_once(*acts):
    """Run acts in threads that begin together; return what each came to: its answer, or the conflict's words."""
    ready = threading.Barrier(len(acts))
    outcomes = [None] * len(acts)

    def run(number, act):
        try:
            ready.wait()
            outcomes[number] = act()
        except DecisionConflict as conflict:
            outcomes[number] = str(conflict)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    return outcomes


def in_turn(first, second):
    """Let `second` begin while the transaction of `first` is open; return what both came to, and that it waited."""
    done = threading.Event()
    outcomes = []

    def run():
        try:
            outcomes.append(second())
        except DecisionConflict as conflict:
            outcomes.append(str(conflict))
        finally:
            done.set()
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        won = first()
        thread.start()
        assert not done.wait(PATIENCE_S)
    thread.join(timeout=60)
    assert done.is_set()
    return won, outcomes[0]


def statements():
    return set(Statement.objects.values_list("pk", flat=True))


def counted_once():
    """Return the statements that count for a claim that stands; each is expected once."""
    counted = Attribution.objects.counted().filter(claim__merged_into=None).values_list("statement", flat=True)
    assert len(counted) == len(set(counted))
    return set(counted)


@pytest.mark.parametrize("turn", range(3))
def test_of_two_merges_in_opposite_directions_one_wins_and_the_other_is_told(turn, editor):
    one, other, ann = make_claim(), make_claim(), make_user("ann")
    for claim in (one, other):
        make_report(claim)
        make_report(claim)
    outcomes = at_once(
        lambda: merge_claims(one, into=other, by=editor),
        lambda: merge_claims(other, into=one, by=ann),
    )
    [merge] = [outcome for outcome in outcomes if isinstance(outcome, ClaimMerge)]
    [told] = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert "was merged into" in told
    assert "meanwhile" in told
    assert list(Claim.objects.filter(merged_into=None)) == [merge.into]
    assert counted_once() == statements()
    assert merge.into.attributions.count() == 4
    assert merge.into.corroborations.get(basis="counted").outlet_count == 4


def test_a_ring_of_merges_ends_with_one_claim_or_a_conflict(editor):
    claims = [make_claim() for _ in range(3)]
    for claim in claims:
        make_report(claim)
    pairs = list(zip(claims, [*claims[1:], claims[0]], strict=True))
    at_once(*(lambda pair=pair: merge_claims(pair[0], into=pair[1], by=editor) for pair in pairs))
    standing = Claim.objects.filter(merged_into=None)
    assert standing.count() + ClaimMerge.objects.count() == 3
    assert not Claim.objects.filter(merged_into__merged_into__isnull=False).exists()
    assert counted_once() == statements()


def test_a_report_confirmed_while_its_claim_is_merged_is_not_confirmed_elsewhere_unseen(editor):
    report, kept = make_report(make_claim()), make_claim()
    merge, told = in_turn(
        lambda: merge_claims(report.claim, into=kept, by=editor),
        lambda: confirm_attribution(report, by=editor),
    )
    assert "moved to another claim meanwhile" in told
    report.refresh_from_db()
    assert (report.claim, report.status) == (kept, "proposed")
    assert merge.attributions == [report.pk]


def test_a_claim_merged_while_its_report_is_confirmed_takes_the_decision_along(editor):
    report, kept = make_report(make_claim()), make_claim()
    _, merge = in_turn(
        lambda: confirm_attribution(report, by=editor),
        lambda: merge_claims(report.claim, into=kept, by=editor),
    )
    report.refresh_from_db()
    assert (report.claim, report.status, merge.into) == (kept, "confirmed", kept)
    assert kept.corroborations.get(basis="confirmed").level == "single"


def test_two_who_move_a_report_to_and_fro_do_not_deadlock(editor):
    one, other = make_claim(), make_claim()
    first, second = make_report(one), make_report(other)
    outcomes = at_once(
        lambda: move_attribution(first, to=other, by=editor),
        lambda: move_attribution(second, to=one, by=editor),
        lambda: refresh_corroboration([one.pk, other.pk]),
        lambda: reject_attribution(first, by=editor),
    )
    assert len(outcomes) == 4
    assert outcomes[2] == 2
    first.refresh_from_db()
    assert first.status == "rejected"
    for claim in (one, other):
        stored = claim.corroborations.get(basis="counted")
        assert stored.report_count == Attribution.objects.counted().filter(claim=claim).count()


def waiting_revision(text):
    revision = make_article(text).current_revision_id
    extract_revision(revision)
    return revision


def test_what_is_matched_during_a_merge_goes_to_the_claim_that_is_left(editor):
    match_and_renew(waiting_revision(MAYOR))
    [gone] = Claim.objects.all()
    kept = make_claim()
    make_report(kept)
    revision = waiting_revision(PAPER)
    _, changed = in_turn(lambda: merge_claims(gone, into=kept, by=editor), lambda: match_and_renew(revision))
    assert gone not in changed
    assert counted_once() == statements()


def test_what_is_merged_during_matching_has_the_new_report_too(editor, monkeypatch):
    match_and_renew(waiting_revision(MAYOR))
    [gone] = Claim.objects.all()
    kept = make_claim()
    make_report(kept)
    revision = waiting_revision(PAPER)
    slow = matching.propose_same

    def wait(alike):
        time.sleep(PATIENCE_S)
        slow(alike)

    monkeypatch.setattr(matching, "propose_same", wait)
    matched, merge = at_once(
        lambda: match_and_renew(revision),
        lambda: time.sleep(PATIENCE_S / 2) or merge_claims(gone, into=kept, by=editor),
    )
    assert matched
    assert merge.into == kept
    assert counted_once() == statements()
    assert not gone.attributions.exists()


def test_what_is_matched_during_a_split_loses_nothing(editor):
    for text in (MAYOR, PAPER):
        match_and_renew(waiting_revision(text))
    [claim] = Claim.objects.reported()
    first, second = claim.attributions.order_by("pk")
    revision = waiting_revision(f"It rained. {PAPER}")
    part, _ = in_turn(
        lambda: split_claim(claim, attributions=[second], by=editor),
        lambda: match_and_renew(revision),
    )
    assert counted_once() == statements()
    assert Attribution.objects.get(statement=second.statement, claim=claim).status == "rejected"
    assert Attribution.objects.get(statement=second.statement, claim=part).status == "confirmed"
    assert ClaimLink.objects.get().status == "rejected"
    assert Extraction.objects.filter(state="matched").count() == 3
    assert first.claim == claim


@pytest.mark.parametrize("kind", ["reject", "move"])
def test_a_decision_is_undone_once(kind, editor):
    claim = make_claim()
    make_report(claim)
    report = make_report(claim)
    decided = (
        reject_attribution(report, by=editor) if kind == "reject" else move_attribution(report, to=None, by=editor)
    )
    outcomes = at_once(*(lambda: undo_decision(decided, by=editor),) * 2)
    [undone] = [outcome for outcome in outcomes if isinstance(outcome, Decision)]
    [told] = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert "meanwhile; look again" in told
    report.refresh_from_db()
    assert (report.status, report.claim, undone.undone_by) == ("proposed", claim, editor)
    assert counted_once() == statements()


def test_a_merge_is_undone_once(editor):
    gone, kept = make_claim(), make_claim()
    make_report(gone)
    merge_claims(gone, into=kept, by=editor)
    outcomes = at_once(*(lambda: unmerge_claims(gone, by=editor),) * 2)
    assert sum(isinstance(outcome, ClaimMerge) for outcome in outcomes) == 1
    [told] = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert "not merged into another claim" in told
    assert gone.attributions.count() == 1


def test_a_decision_undone_while_another_decides_is_a_conflict(editor):
    report = confirm_attribution(make_report(make_claim()), by=editor)
    rejected, told = in_turn(
        lambda: reject_attribution(report, by=make_user("ann")), lambda: undo_decision(report, by=editor)
    )
    assert "meanwhile" in told
    rejected.refresh_from_db()
    assert rejected.status == "rejected"
