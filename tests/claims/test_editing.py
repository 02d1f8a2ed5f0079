"""Pages on which editors decide: what each form does, who may, and what a refusal says."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Attribution, Claim, ClaimLink
from claims.services.decisions import add_attribution, confirm_attribution, move_attribution
from claims.services.merging import decide_link, merge_claims, split_claim
from tests.factories import make_claim, make_outlet, make_report, make_speaker, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def editor(client):
    user = make_user("eve", editor=True)
    client.force_login(user)
    return user


@pytest.fixture
def two():
    speaker = make_speaker("Ana Silva")
    claims = [make_claim(text, speaker=speaker) for text in ("The bridge is closed.", "The bridge stays shut.")]
    for claim in claims:
        make_report(claim, outlet=make_outlet())
        make_report(claim, outlet=make_outlet())
    return claims


def text_of(response):
    return response.content.decode()


def test_only_editors_decide(client, two):
    report = two[0].attributions.first()
    addresses = [
        *(f"/attributions/{report.uid}/{verb}/" for verb in ("confirm", "reject", "unsure", "undo", "correct")),
        *(f"/claims/{two[0].uid}/{verb}/" for verb in ("merge", "unmerge", "split", "link")),
        "/claims/conflicts/",
    ]
    for address in addresses:
        assert client.post(address)["Location"].startswith("/accounts/login/")
    client.force_login(make_user())
    for address in addresses:
        assert client.post(address).status_code == 403
    report.refresh_from_db()
    assert report.status == "proposed"


def test_what_a_machine_may_do_needs_a_post(client, editor, two):
    report = two[0].attributions.first()
    for address in (
        *(f"/attributions/{report.uid}/{verb}/" for verb in ("confirm", "reject", "unsure", "undo")),
        *(f"/claims/{two[0].uid}/{verb}/" for verb in ("unmerge", "link")),
    ):
        assert client.get(address).status_code == 405


def test_a_report_is_left_unsure_and_that_is_undone(client, editor, two):
    claim, _ = two
    report = claim.attributions.first()
    page = text_of(client.post(f"/attributions/{report.uid}/unsure/", follow=True))
    section = page.split('id="unsure-title"')[1].split("</section>")[0]
    assert "left unsure by eve" in section
    assert "Undo “left unsure”" in section
    report.refresh_from_db()
    assert report.status == "unsure"
    form = {"decided_at": report.decided_at.isoformat()}
    page = text_of(client.post(f"/attributions/{report.uid}/undo/", form, follow=True))
    assert "Undone: “left a report unsure” by eve." in page
    assert 'id="unsure-title"' not in page
    again = client.post(f"/attributions/{report.uid}/undo/", form)
    assert again.status_code == 409
    assert "meanwhile; look again" in text_of(again)


def test_history_tells_what_was_undone_and_by_whom(client, editor, two):
    report = confirm_attribution(two[0].attributions.first(), by=make_user("ann"))
    client.post(f"/attributions/{report.uid}/undo/", {"decided_at": report.decided_at.isoformat()})
    history = text_of(client.get(two[0].get_absolute_url())).split('id="history-title"')[1]
    assert "<strong>ann</strong>: confirmed" in history
    assert "<strong>eve</strong>: decision undone: proposed" in history


def test_a_form_without_the_time_of_the_decision_undoes_nothing(client, editor, two):
    report = confirm_attribution(two[0].attributions.first(), by=editor)
    for wrong in ("", "yesterday", "2020-13-41T00:00"):
        assert client.post(f"/attributions/{report.uid}/undo/", {"decided_at": wrong}).status_code == 409
    report.refresh_from_db()
    assert report.status == "confirmed"


def test_a_statement_gets_a_second_claim(client, editor, two):
    claim, other = two
    report = claim.attributions.first()
    answer = client.post(f"/attributions/{report.uid}/correct/", {"change": "add", "claim": str(other.uid)})
    assert answer["Location"].startswith(claim.get_absolute_url())
    assert {a.claim for a in report.statement.attributions.all()} == {claim, other}


def test_a_claim_is_merged_and_parted_again(client, editor, two):
    gone, kept = two
    page = text_of(client.get(f"/claims/{gone.uid}/merge/"))
    assert str(kept.uid) in page
    answer = client.post(f"/claims/{gone.uid}/merge/", {"into": str(kept.uid)}, follow=True)
    assert answer.redirect_chain[-1][0] == kept.get_absolute_url()
    assert f"/claims/{gone.uid}/unmerge/" in text_of(answer)
    assert client.get(f"/claims/{gone.uid}/merge/")["Location"] == kept.get_absolute_url()
    assert client.get(f"/claims/{gone.uid}/split/")["Location"] == kept.get_absolute_url()
    answer = client.post(f"/claims/{gone.uid}/unmerge/", follow=True)
    assert answer.redirect_chain[-1][0] == gone.get_absolute_url()
    assert gone.attributions.count() == 2
    assert client.post(f"/claims/{gone.uid}/unmerge/").status_code == 409


def test_a_refused_merge_says_why_and_may_be_overruled(client, editor, two):
    gone, kept = two
    moved = move_attribution(gone.attributions.first(), to=kept, by=editor)
    refused = client.post(f"/claims/{gone.uid}/merge/", {"into": str(kept.uid)})
    page = text_of(refused)
    assert refused.status_code == 409
    assert "Nothing was merged." in page
    assert f"{kept.get_absolute_url()}#r-{moved.uid}" in page
    assert 'name="overrule"' in page
    answer = client.post(f"/claims/{gone.uid}/merge/", {"into": str(kept.uid), "overrule": "1"})
    assert answer["Location"] == kept.get_absolute_url()


@pytest.mark.parametrize("into", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_merge_with_nothing_is_refused_beside_the_form(client, editor, two, into):
    answer = client.post(f"/claims/{two[0].uid}/merge/", {"into": into})
    assert answer.status_code == 400
    assert 'role="alert"' in text_of(answer)
    assert not Claim.objects.exclude(merged_into=None).exists()


def test_a_claim_is_split_and_that_is_undone(client, editor, two):
    claim, _ = two
    first, second = claim.attributions.order_by("pk")
    page = text_of(client.get(f"/claims/{claim.uid}/split/?statement={second.statement.uid}"))
    assert f'value="{second.uid}" checked' in page
    assert f'value="{first.uid}" checked' not in page
    answer = client.post(f"/claims/{claim.uid}/split/", {"reports": [str(second.uid)]}, follow=True)
    part = Attribution.objects.get(statement=second.statement, status="confirmed").claim
    assert answer.redirect_chain[-1][0] == part.get_absolute_url()
    assert "not the same" in text_of(answer).split('id="links-title"')[1]
    second.refresh_from_db()
    client.post(f"/attributions/{second.uid}/undo/", {"decided_at": second.decided_at.isoformat()})
    assert client.get(part.get_absolute_url())["Location"] == claim.get_absolute_url()


@pytest.mark.parametrize("chosen", [[], ["nonsense"], ["00000000-0000-4000-8000-000000000000"]])
def test_a_split_of_nothing_is_refused_beside_the_form(client, editor, two, chosen):
    answer = client.post(f"/claims/{two[0].uid}/split/", {"reports": chosen})
    assert answer.status_code == 400
    assert 'role="alert"' in text_of(answer)


def test_a_split_of_all_is_refused_with_its_reason(client, editor, two):
    chosen = [str(uid) for uid in two[0].attributions.values_list("uid", flat=True)]
    answer = client.post(f"/claims/{two[0].uid}/split/", {"reports": chosen})
    assert answer.status_code == 409
    assert "leave at least one" in text_of(answer)


def test_what_is_said_of_two_claims_is_kept_and_undone(client, editor, two):
    one, other = two
    ClaimLink.objects.create(claim=one, other=other, kind="same", score=0.2, method="test", reason="Many words.")
    page = text_of(client.get(one.get_absolute_url()))
    assert "may be the same, score 0.20" in page
    form = {"other": str(other.uid), "kind": "same", "status": "rejected"}
    page = text_of(client.post(f"/claims/{one.uid}/link/", form, follow=True))
    assert "not the same" in page.split('id="links-title"')[1]
    link = ClaimLink.objects.get()
    answer = client.post(f"/links/{link.uid}/undo/", {"decided_at": link.decided_at.isoformat(), "at": str(other.uid)})
    assert answer["Location"] == other.get_absolute_url()
    link.refresh_from_db()
    assert link.status == "proposed"
    assert client.post(f"/links/{link.uid}/undo/", {"decided_at": ""}).status_code == 409
    for wrong in ({}, {**form, "status": "perhaps"}, {**form, "other": "nobody"}):
        assert client.post(f"/claims/{one.uid}/link/", wrong).status_code == 400


def test_readers_see_what_was_decided_and_no_forms(client, two):
    claim, other = two
    editor = make_user("eve", editor=True)
    decide_link(claim, other, status="rejected", by=editor)
    page = text_of(client.get(claim.get_absolute_url()))
    section = page.split('id="links-title"')[1].split("</section>")[0]
    assert "not the same" in section
    assert "<form" not in section
    assert "/merge/" not in page


def test_more_decisions_cost_no_more_queries(client, editor, two):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            for address in (claim.get_absolute_url(), f"/claims/{claim.uid}/merge/", f"/claims/{claim.uid}/split/"):
                assert client.get(address).status_code == 200
        return len(captured)

    def decide():
        other = make_claim(speaker=claim.speaker)
        make_report(other)
        merge_claims(other, into=claim, by=editor)
        decide_link(claim, make_claim(speaker=claim.speaker), status="unsure", by=editor)
        split_claim(claim, attributions=[make_report(claim)], by=editor)
        add_attribution(make_report(make_claim()).statement, to=claim, by=editor)
        client.post(f"/attributions/{make_report(claim).uid}/unsure/")

    claim, _ = two
    decide()
    queries()
    few = queries()
    for _ in range(3):
        decide()
    assert queries() == few
