"""The desk's queue: what waits in which order, whose it is, what a decision does once, and how it is undone."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pghistory.models import Context as ContextOfPeople

from claims.models import Attribution, Claim, ClaimConflict, ClaimLink, DeskAction, ReviewItem, Statement
from claims.services import desk
from claims.services.conflicts import refresh_conflicts
from claims.services.decisions import DecisionConflict, DecisionRefused, confirm_attribution, reject_attribution
from claims.services.desk import Shown, press, take_beside, take_next, undo_action
from claims.services.merging import decide_link, merge_claims, split_claim, undo_link, unmerge_claims
from claims.services.proposals import store_proposals
from claims.services.queue import refresh_reviews
from claims.services.summaries import check, refresh_corroboration
from claims.versions import version_of
from tests.factories import make_article, make_claim, make_outlet, make_report, make_speaker, make_user, revise

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = make_user("eve", editor=True)
    client.force_login(user)
    return user


def claim_of(*outlets, credit=None, speaker=None, text=""):
    claim = make_claim(text, speaker=speaker)
    for outlet in outlets:
        make_report(claim, outlet=outlet, credit=credit)
    return claim


def propose(one, other, *, kind="same", score=0.5):
    first, second = sorted((one, other), key=lambda claim: claim.pk)
    link = ClaimLink(claim=first, other=second, kind=kind, score=score, method="test", reason="They share words.")
    store_proposals([link])
    return ClaimLink.objects.get(claim=first, other=second, kind=kind)


def shown(report):
    return Shown("report", report.uid, report.claim.uid, report.stance)


def shown_link(link):
    return Shown(link.kind, link.uid, link.claim.uid)


def item_of(row, kind="report"):
    return ReviewItem.objects.get(kind=kind, row_id=row.pk)


def text_of(response):
    return response.content.decode()


def in_order(user):
    """Return (kind, claim) of everything that waits, as the queue gives it out."""
    found = []
    while (item := take_next(user)) is not None:
        found.append((item.kind, item.claim_id))
        uid = desk._model(item.kind).objects.get(pk=item.row_id).uid
        desk.pass_item(uid, kind=item.kind, by=user)
    return found


# What waits, in which order


def test_what_would_change_most_comes_first():
    agency = make_outlet("Agency")
    single = claim_of(make_outlet())
    repeated = claim_of(make_outlet(), make_outlet(), credit=agency)
    about_to_be = claim_of(make_outlet(), make_outlet())
    surely = claim_of(make_outlet(), make_outlet())
    for report in surely.attributions.all():
        confirm_attribution(report, by=make_user())
    make_report(surely, outlet=make_outlet())
    denied = claim_of(make_outlet())
    make_report(denied, outlet=make_outlet(), stance="denies")

    claims = [claim for _, claim in in_order(make_user())]

    first_met = list(dict.fromkeys(claims))
    assert first_met == [about_to_be.pk, denied.pk, repeated.pk, surely.pk, single.pk]


def test_two_claims_that_would_be_corroborated_as_one_come_before_a_repeated_one():
    agency = make_outlet("Agency")
    repeated = claim_of(make_outlet(), make_outlet(), credit=agency)
    one, other = claim_of(make_outlet()), claim_of(make_outlet())
    propose(one, other)
    told_by_one = make_outlet()
    propose(claim_of(told_by_one), claim_of(told_by_one))

    kinds = in_order(make_user())

    assert kinds[0] == ("same", one.pk)
    assert (kinds[1][0] == "report" and kinds[1][1] == repeated.pk) or kinds[1][0] == "same"
    assert [kind for kind, _ in kinds].count("same") == 2


def test_a_decision_takes_its_item_out_and_brings_the_others_up_to_date():
    claim = claim_of(make_outlet(), make_outlet())
    first, second = claim.attributions.order_by("pk")
    assert item_of(second).priority // 100 == 95
    confirm_attribution(first, by=make_user())
    assert not ReviewItem.objects.filter(kind="report", row_id=first.pk).exists()
    reject_attribution(second, by=make_user())
    # It has a claim of its own now, whose only report it is.
    assert set(ReviewItem.objects.values_list("claim__text", "priority")) == {(second.statement.quote, 2000)}


def test_what_waits_follows_merges_and_what_is_said_of_links():
    speaker = make_speaker()
    one = claim_of(make_outlet(), speaker=speaker, text="The bridge is closed.")
    other = claim_of(make_outlet(), speaker=speaker, text="The bridge stays shut.")
    link = propose(one, other)
    merge = merge_claims(other, into=one, by=make_user())
    assert set(ReviewItem.objects.values_list("kind", "claim")) == {("report", one.pk)}
    assert ReviewItem.objects.count() == 2
    unmerge_claims(merge.claim, by=make_user())
    assert item_of(link, "same").priority // 100 == 92
    decided = decide_link(one, other, status="rejected", by=make_user())
    assert not ReviewItem.objects.filter(kind="same").exists()
    undo_link(decided, by=make_user())
    assert ReviewItem.objects.filter(kind="same").count() == 1


def test_conflicts_and_lost_confirmations_wait_too():
    claim = claim_of(make_outlet(), make_outlet())
    one, other = claim.attributions.order_by("pk")
    ClaimConflict.objects.create(
        claim=claim, statement=one.statement, other=other.statement, reason="numbers", detail="5 against 7"
    )
    lost = confirm_attribution(claim_of(make_outlet()).attributions.get(), by=make_user())
    revise(lost.statement.revision.article, "Nothing of it.")
    Statement.objects.filter(pk=lost.statement_id).update(orphaned_at=timezone.now(), orphaned_reason="Not there.")
    refresh_reviews([claim.pk])
    refresh_corroboration([lost.claim_id])

    kinds = [kind for kind, _ in in_order(make_user())]

    assert kinds == ["report", "report", "conflict", "orphan"]


def test_what_does_not_wait_any_more_is_dropped_on_the_way():
    claim = claim_of(make_outlet(), make_outlet())
    report = claim.attributions.first()
    # As a claim of very many reports is, which is counted later.
    Attribution.objects.filter(pk=report.pk).update(
        status="rejected", decided_by=make_user(), decided_at=timezone.now()
    )
    assert take_next(make_user()).row_id != report.pk
    assert not ReviewItem.objects.filter(row_id=report.pk).exists()


# Whose it is


def test_two_editors_do_not_meet_on_one_item_until_the_lease_ends():
    claim_of(make_outlet())
    claim_of(make_outlet())
    ann, ben, cem = make_user(), make_user(), make_user()
    first, second = take_next(ann), take_next(ben)
    assert first != second
    assert take_next(cem) is None
    assert take_next(ann) == first
    ReviewItem.objects.filter(pk=first.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    assert take_next(cem) == first


def test_reports_on_the_screen_of_one_editor_are_not_shown_to_another():
    claim = claim_of(*(make_outlet() for _ in range(4)))
    ann, ben = make_user(), make_user()
    item = take_next(ann)
    assert len(take_beside(item, ann)) == 3
    assert take_next(ben) is None
    assert claim.pk == item.claim_id


def test_what_an_editor_passes_on_is_for_others():
    report = claim_of(make_outlet()).attributions.get()
    ann, ben = make_user(), make_user()
    take_next(ann)
    desk.pass_item(report.uid, kind="report", by=ann)
    assert take_next(ann) is None
    assert take_next(ben).row_id == report.pk


def test_an_item_goes_with_what_an_editor_passed_on():
    report = claim_of(make_outlet()).attributions.get()
    ann = make_user()
    desk.pass_item(report.uid, kind="report", by=ann)
    confirm_attribution(report, by=make_user())
    assert not ReviewItem.objects.exists()


# Deciding


def test_a_form_that_is_sent_twice_is_applied_once(editor):
    claim = claim_of(make_outlet(), make_outlet())
    report, token = claim.attributions.first(), uuid4()
    first = press(token, verb="confirm", shown=[shown(report)], by=editor)
    decided_at = Attribution.objects.get(pk=report.pk).decided_at
    second = press(token, verb="confirm", shown=[shown(report)], by=editor)
    assert (first.again, second.again) == (False, True)
    assert first.action == second.action
    assert Attribution.objects.get(pk=report.pk).decided_at == decided_at
    assert DeskAction.objects.count() == 1
    undo_action(token, by=editor)
    again = press(token, verb="confirm", shown=[shown(report)], by=editor)
    assert again.again
    assert Attribution.objects.get(pk=report.pk).status == "proposed"


@pytest.mark.django_db(transaction=True)
def test_a_form_that_is_sent_twice_at_once_is_applied_once():
    editor, token = make_user(editor=True), uuid4()
    report = claim_of(make_outlet(), make_outlet()).attributions.first()
    results = []

    def send():
        try:
            results.append(press(token, verb="confirm", shown=[shown(report)], by=editor).again)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False, True, True]


@pytest.mark.parametrize(
    ("verb", "status", "stance"),
    [
        ("confirm", "confirmed", "affirms"),
        ("reject", "rejected", "affirms"),
        ("unsure", "unsure", "affirms"),
        ("denies", "confirmed", "denies"),
    ],
)
def test_each_verb_is_done_and_undone(editor, verb, status, stance):
    claim = claim_of(make_outlet(), make_outlet())
    report = claim.attributions.first()
    token = uuid4()
    press(token, verb=verb, shown=[shown(report)], by=editor)
    report.refresh_from_db()
    assert (report.status, report.stance, report.decided_by) == (status, stance, editor)
    undone = undo_action(token, by=editor)
    report.refresh_from_db()
    assert (report.status, report.stance, report.decided_by) == ("proposed", "affirms", None)
    assert desk.item_of(undone) == item_of(report).pk
    assert undo_action(token, by=editor).undone_at == undone.undone_at


@pytest.mark.parametrize("change", ["move", "new", "add", "stance"])
def test_a_correction_from_the_queue_is_undone_there_as_what_was_done_last(client, editor, change):
    claim, other = claim_of(make_outlet(), make_outlet()), claim_of(make_outlet())
    report = claim.attributions.first()
    before = list(Attribution.objects.order_by("pk").values_list("pk", "status", "stance", "claim"))
    correct = f"{reverse('attribution_correct', args=[report.uid])}?next={reverse('review')}%3Fkind%3Dreport"

    sent = client.post(correct, {"change": change, "claim": other.uid, "stance": "denies"})

    assert sent["Location"] == f"{reverse('review')}?kind=report"
    assert list(Attribution.objects.order_by("pk").values_list("pk", "status", "stance", "claim")) != before
    page = client.get(sent["Location"])
    assert 'data-key="z"' in text_of(page)
    action = desk.last_action(editor)
    assert action.kind == {"new": "move"}.get(change, change)
    client.post(reverse("review_undo"), {"action": action.token})
    assert list(Attribution.objects.order_by("pk").values_list("pk", "status", "stance", "claim")) == before
    assert desk.last_action(editor) is None


def test_a_correction_from_elsewhere_is_not_the_queues_to_undo(client, editor):
    report = claim_of(make_outlet(), make_outlet()).attributions.first()
    client.post(reverse("attribution_correct", args=[report.uid]), {"change": "new"})
    assert not DeskAction.objects.exists()


def test_a_screen_is_confirmed_and_undone_as_one(editor):
    claim = claim_of(*(make_outlet() for _ in range(4)))
    reports = list(claim.attributions.order_by("pk"))
    token = uuid4()
    action = press(token, verb="confirm", shown=[shown(report) for report in reports[:3]], by=editor).action
    assert action.count == 3
    assert sorted(claim.attributions.values_list("status", flat=True)) == ["confirmed"] * 3 + ["proposed"]
    undo_action(token, by=editor)
    assert set(claim.attributions.values_list("status", flat=True)) == {"proposed"}
    [(_, differences)] = check(Claim.objects.filter(pk=claim.pk))
    assert differences == []


def test_of_a_screen_all_is_confirmed_or_nothing(editor):
    claim = claim_of(*(make_outlet() for _ in range(3)))
    first, second, third = claim.attributions.order_by("pk")
    seen = [shown(report) for report in (first, second, third)]
    reject_attribution(third, by=make_user("ann"))
    with pytest.raises(DecisionConflict, match=r"ann decided on this meanwhile, .*: rejected"):
        press(uuid4(), verb="confirm", shown=seen, by=editor)
    assert set(claim.attributions.exclude(pk=third.pk).values_list("status", flat=True)) == {"proposed"}
    assert not DeskAction.objects.exists()
    with pytest.raises(DecisionRefused):
        press(uuid4(), verb="reject", shown=seen[:2], by=editor)


def test_claims_are_merged_and_parted_from_the_desk(editor):
    one, other = claim_of(make_outlet()), claim_of(make_outlet(), make_outlet())
    link, token = propose(one, other), uuid4()
    press(token, verb="merge", shown=[shown_link(link)], by=editor)
    one.refresh_from_db()
    assert one.merged_into == other
    undo_action(token, by=editor)
    one.refresh_from_db()
    link.refresh_from_db()
    assert (one.merged_into, link.status) == (None, "proposed")


@pytest.mark.parametrize(
    ("kind", "verb", "status"),
    [
        ("same", "reject", "rejected"),
        ("same", "unsure", "unsure"),
        ("contradicts", "confirm", "confirmed"),
        ("contradicts", "reject", "rejected"),
    ],
)
def test_links_are_decided_on_and_that_is_undone(editor, kind, verb, status):
    link, token = propose(claim_of(make_outlet()), claim_of(make_outlet()), kind=kind), uuid4()
    press(token, verb=verb, shown=[shown_link(link)], by=editor)
    link.refresh_from_db()
    assert link.status == status
    undo_action(token, by=editor)
    link.refresh_from_db()
    assert link.status == "proposed"


def test_a_conflict_is_settled_and_opened_again(editor):
    claim = claim_of(make_outlet(), text="It was 5 degrees.")
    make_report(claim, quote="It was 7 degrees.")
    refresh_conflicts([claim.pk])
    refresh_reviews([claim.pk])
    conflict, token = ClaimConflict.objects.get(), uuid4()
    assert item_of(conflict, "conflict")
    press(token, verb="settle", shown=[Shown("conflict", conflict.uid, claim.uid)], by=editor)
    conflict.refresh_from_db()
    assert conflict.settled_by == editor
    assert not ReviewItem.objects.filter(kind="conflict").exists()
    undo_action(token, by=editor)
    conflict.refresh_from_db()
    assert conflict.settled_at is None
    assert item_of(conflict, "conflict")


# What happened meanwhile


def merged(report):
    merge_claims(report.claim, into=claim_of(make_outlet(), text="The other claim."), by=make_user())


def split(report):
    split_claim(report.claim, attributions=[report], by=make_user("ann"))


def rejected(report):
    reject_attribution(report, by=make_user("ann"))


def read_again(report):
    revise(report.statement.revision.article, "Another text.")


def withdrawn(report):
    Statement.objects.filter(pk=report.statement_id).update(withdrawn_at=timezone.now(), withdrawn_reason="A caption.")


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (merged, "The report is at another claim meanwhile"),
        (split, "ann decided on this meanwhile"),
        (rejected, "ann decided on this meanwhile"),
        (read_again, "does not have this statement any more"),
        (withdrawn, "does not have this statement any more"),
    ],
)
def test_what_happened_meanwhile_is_said_and_nothing_is_lost(client, editor, happens, words):
    report = claim_of(make_outlet(), make_outlet()).attributions.first()
    form = {"token": uuid4(), "verb": "confirm", "shown": str(shown(report)), "reason": "The words are the same."}
    happens(report)
    before = Attribution.objects.values_list("status", "claim", "decided_at").get(pk=report.pk)
    answer = client.post("/desk/review/decide/", form)
    assert answer.status_code == 409
    page = text_of(answer)
    assert words in page
    assert "Nothing was changed." in page
    assert "<q>The words are the same.</q>" in page
    assert Attribution.objects.values_list("status", "claim", "decided_at").get(pk=report.pk) == before


def test_what_was_decided_anew_is_not_undone(editor):
    report = claim_of(make_outlet(), make_outlet()).attributions.first()
    token = uuid4()
    press(token, verb="confirm", shown=[shown(report)], by=editor)
    reject_attribution(report, by=make_user("ann"))
    with pytest.raises(DecisionConflict, match="decided anew since"):
        undo_action(token, by=editor)
    assert DeskAction.objects.get().undone_at is None
    with pytest.raises(DecisionConflict, match="nothing of yours"):
        undo_action(token, by=make_user())


# The page


def test_only_editors_come_to_the_desk(client, caplog):
    assert client.get("/desk/review/")["Location"].startswith("/accounts/login/")
    client.force_login(make_user())
    for address in ("/desk/review/decide/", "/desk/review/undo/"):
        refused = client.post(address)
        assert refused.status_code == 403
        assert "for editors and administrators" in text_of(refused)
        assert f"permission=claims.change_attribution path={address}" in caplog.text
    client.force_login(make_user(editor=True))
    assert client.get("/desk/review/decide/")["Location"] == "/desk/review/"
    assert client.get("/desk/review/undo/").status_code == 405


def test_a_forged_form_is_refused_wherever_an_editor_writes():
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("chief"))
    report = claim_of(make_outlet()).attributions.get()
    statement, claim = report.statement, report.claim
    article, speaker = statement.revision.article, claim.speaker
    form = {
        "token": uuid4(),
        "verb": "confirm",
        "shown": str(shown(report)),
        "reason": "Forged.",
        "text": "Forged.",
        "revision": 1,
        "start": 0,
        "end": 3,
        "exact": statement.revision.text[:3],
        "kind": "direct",
        "name": "Forged",
        "version": version_of(claim),
        "do": "confirm",
        "status": "rejected",
        "claim": "none",
    }
    for name, args in (
        *((name, ()) for name in ("review_decide", "review_undo")),
        *((f"attribution_{verb}", [report.uid]) for verb in ("confirm", "reject", "unsure", "undo", "correct")),
        *((f"statement_{verb}", [statement.uid]) for verb in ("edit", "withdraw", "restore")),
        *((f"claim_{verb}", [claim.uid]) for verb in ("edit", "merge", "unmerge", "split", "link")),
        *((f"speaker_{verb}", [speaker.uid]) for verb in ("edit", "merge", "unmerge")),
        *((f"outlet_{verb}", [article.outlet.slug]) for verb in ("edit", "merge", "unmerge")),
        ("article_annotate", [article.uid]),
        ("note_write", ["claim", claim.uid]),
        ("change_revert", ["claim", 1]),
    ):
        answer = client.post(reverse(name, args=args), form)
        assert answer.status_code == 403, name
        assert "The form has expired" in text_of(answer), name
    assert Attribution.objects.get().status == "proposed"
    assert not ContextOfPeople.objects.filter(metadata__has_key="user").exists()


@pytest.mark.parametrize(
    "wrong",
    [{"token": "x"}, {"shown": "report:x:y:z"}, {"shown": ""}, {"verb": "merge"}, {"verb": ""}, {"shown": "a:b"}],
)
def test_a_form_that_makes_no_sense_is_refused_in_words(client, editor, wrong):
    report = claim_of(make_outlet()).attributions.get()
    form = {"token": str(uuid4()), "verb": "confirm", "shown": str(shown(report)), **wrong}
    answer = client.post("/desk/review/decide/", form)
    assert answer.status_code == 409
    assert "open the queue again" in text_of(answer)


def test_the_page_shows_both_contexts_and_what_differs(client, editor):
    speaker = make_speaker("Ana Silva")
    claim = make_claim("The bridge is closed until Friday at noon.", speaker=speaker)
    make_report(claim, outlet=make_outlet("Gazette"), status="confirmed")
    article = make_article(
        "A first line. Ana Silva said: The bridge is closed until Monday. More.", outlet=make_outlet("Post")
    )
    make_report(claim, article=article, quote="The bridge is closed until Monday.")
    page = text_of(client.get("/desk/review/"))
    assert "<mark>The bridge is closed until Monday.</mark> More." in page
    assert "<mark>The bridge is closed until Friday at noon.</mark>" in page
    assert "A first line. Ana Silva said:" in page
    assert '<ins><span class="unseen">[added: </span>Monday' in page or 'class="variant"' in page
    assert "1 waits." in page
    assert "You decided 0 today." in page
    for verb in ("confirm", "reject", "unsure", "denies", "pass"):
        assert f'name="verb" value="{verb}"' in page


def test_the_queue_is_cleared_by_buttons_alone(client, editor):
    for _ in range(3):
        claim_of(make_outlet())
    for done in range(3):
        page = client.get("/desk/review/").context
        form = {"token": page["token"], "verb": "confirm", "shown": str(page["shown"].shown), "reason": "Seen."}
        answer = client.post("/desk/review/decide/", form, follow=True)
        assert f"You decided {done + 1} today." in text_of(answer)
    assert "Nothing waits for you" in text_of(answer)
    action = answer.context["last"]
    answer = client.post("/desk/review/undo/", {"action": str(action.token)}, follow=True)
    assert "Undone: confirmed." in text_of(answer)
    assert answer.context["shown"].report.pk == action.decided[0]["row"]
    events = apps.get_model("claims", "AttributionEvent").objects.filter(status="confirmed", pgh_label="update")
    assert {event.pgh_context.metadata["reason"] for event in events} == {"Seen."}


def test_every_kind_of_item_has_its_page(client, editor):
    propose(claim_of(make_outlet()), claim_of(make_outlet()))
    propose(claim_of(make_outlet()), claim_of(make_outlet()), kind="contradicts")
    claim = claim_of(make_outlet(), make_outlet())
    one, other = claim.attributions.order_by("pk")
    ClaimConflict.objects.create(
        claim=claim, statement=one.statement, other=other.statement, reason="numbers", detail="5 against 7"
    )
    refresh_reviews([claim.pk])
    lost = confirm_attribution(claim_of(make_outlet()).attributions.get(), by=make_user())
    revise(lost.statement.revision.article, "Nothing of it.")
    Statement.objects.filter(pk=lost.statement_id).update(orphaned_at=timezone.now(), orphaned_reason="Not there.")
    refresh_corroboration([lost.claim_id])
    questions = {
        "report": "carry the claim?",
        "same": "the same?",
        "contradicts": "contradict each other?",
        "conflict": "of one claim?",
        "orphan": "given up?",
    }
    for kind, question in questions.items():
        answer = client.get(f"/desk/review/?kind={kind}")
        assert answer.context["shown"].item.kind == kind
        assert question in text_of(answer)


def test_a_claim_corrected_from_the_desk_leads_back_to_it(client, editor):
    speaker = make_speaker()
    claim, other = claim_of(make_outlet(), speaker=speaker), claim_of(make_outlet(), speaker=speaker)
    report = claim.attributions.get()
    address = f"/attributions/{report.uid}/correct/?next=/desk/review/"
    assert "Back to the queue" in text_of(client.get(address))
    assert client.post(address, {"change": "move", "claim": str(other.uid)})["Location"] == "/desk/review/"
    for elsewhere in ("//evil.example/", "https://evil.example/", "javascript:alert(1)"):
        moved = other.attributions.order_by("-pk").first()
        answer = client.post(
            f"/attributions/{moved.uid}/correct/?next={elsewhere}", {"change": "stance", "stance": "affirms"}
        )
        assert answer["Location"].startswith(other.get_absolute_url())


def test_more_that_waits_costs_no_more_queries(client, editor):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            for kind in ("", "same"):
                assert client.get(f"/desk/review/?kind={kind}").status_code == 200
        return len(captured)

    claim = claim_of(make_outlet(), make_outlet())
    propose(claim, claim_of(make_outlet()))
    queries()
    few = queries()
    for _ in range(10):
        make_report(claim, outlet=make_outlet())
        propose(claim, claim_of(make_outlet()))
    assert queries() == few
    assert few <= 50


def test_the_next_item_is_found_by_index(editor):
    for _ in range(3):
        claim_of(make_outlet())
    with connection.cursor() as cursor:
        # So few rows would be read one after the other.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    plan = desk._waiting(editor, kind="")[:1].explain()
    assert "review_item_next" in plan
    assert "Sort" not in plan
    assert "review_item_next_of_kind" in desk._waiting(editor, kind="same")[:1].explain()
