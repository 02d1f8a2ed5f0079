"""Pages on which editors decide: what each form does, who may, and what a refusal says."""

import html
import re
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Attribution, Claim, ClaimLink, SpeakerAlias
from claims.services.decisions import add_attribution, confirm_attribution, move_attribution
from claims.services.editing import edit_claim
from claims.services.merging import decide_link, merge_claims, split_claim
from claims.services.outlets import edit_outlet, merge_outlets
from claims.services.speakers import merge_speakers
from claims.versions import version_of
from claims.views import editing
from tests.factories import (
    make_article,
    make_claim,
    make_credit,
    make_outlet,
    make_report,
    make_speaker,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


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


def test_a_claim_of_very_many_reports_is_split_by_those_that_are_searched_for(client, editor, monkeypatch):
    monkeypatch.setattr(editing, "REPORTS_LISTED", 3)
    claim = make_claim("The bridge is closed.")
    reports = [make_report(claim, outlet=make_outlet(f"Paper {number}")) for number in range(6)]
    address = f"/claims/{claim.uid}/split/"
    page = text_of(client.get(address))
    assert page.count('name="reports"') == 3
    assert "The first 3 are listed" in page
    last = reports[-1]
    page = text_of(client.get(address, {"q": "paper 5", "statement": str(reports[4].statement.uid)}))
    assert page.count('name="reports"') == 2
    assert f'value="{last.uid}"' in page
    assert f'value="{reports[4].uid}" checked' in page
    assert "No report was found for “paper 9”" in text_of(client.get(address, {"q": "paper 9"}))
    # What is on no page is split off too, where a form names it.
    client.post(address, {"reports": [str(last.uid)]})
    last.refresh_from_db()
    assert last.status == "rejected"


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


# Rows as forms


@pytest.fixture
def curator(client):
    user = make_user("cora", editor=True)
    for codename in ("change_speaker", "change_outlet", "change_derivation"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(user)
    return user


def sent(page, **changed):
    """Return what the form of a page sends, changed."""
    fields = {}
    for tag in re.findall(r"<input [^>]*>", page.split('<form method="post" action', 1)[1].split("</form>")[0]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]*)"', tag)
        if name and (kind is None or kind[1] not in ("checkbox", "radio") or " checked" in tag):
            fields.setdefault(name[1], []).append(html.unescape(value[1]) if value else "")
    for name, text in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        fields[name] = [html.unescape(text)]
    for name, options in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        fields[name] = re.findall(r'value="([^"]*)" selected', options)
    return {**fields, **{name: value if isinstance(value, list) else [value] for name, value in changed.items()}}


def test_who_may_edit_what(client, two, caplog):
    outlet = make_outlet("Gazette")
    credit = make_credit(two[0].attributions.first().statement.revision.article, outlet)
    speaker = two[0].speaker
    table = {
        f"/claims/{two[0].uid}/edit/": "annotate articles",
        f"/speakers/{speaker.uid}/edit/": "change outlets, speakers",
        f"/speakers/{speaker.uid}/merge/": "change outlets, speakers",
        f"/speakers/{speaker.uid}/unmerge/": "change outlets, speakers",
        f"/outlets/{outlet.slug}/edit/": "change outlets, speakers",
        f"/outlets/{outlet.slug}/merge/": "change outlets, speakers",
        f"/outlets/{outlet.slug}/unmerge/": "change outlets, speakers",
        f"/derivations/{credit.uid}/decide/": "annotate articles",
    }
    for address in table:
        assert client.post(address)["Location"].startswith("/accounts/login/")
    client.force_login(make_user())
    for address, may in table.items():
        caplog.clear()
        answer = client.post(address)
        assert answer.status_code == 403
        assert may in text_of(answer)
        assert f"path={address}" in caplog.text


def test_a_claim_is_edited_by_its_form(client, editor, two):
    claim, _ = two
    traffic, works = make_topic("Traffic"), make_topic("Works")
    make_topic("Weather")
    claim.topics.add(traffic, through_defaults={"method": "test"})
    address = f"/claims/{claim.uid}/edit/"
    assert address in text_of(client.get(claim.get_absolute_url()))
    form = sent(text_of(client.get(address)))
    assert (form["text"], form["topics"], form["said_on"]) == (["The bridge is closed."], ["traffic"], [""])
    wanted = {**form, "text": ["The old bridge is closed."], "said_on": ["2020-01-02"]}
    answer = client.post(address, {**wanted, "another_topic": ["works"], "reason": ["clearer"]}, follow=True)
    assert "Saved." in text_of(answer)
    claim.refresh_from_db()
    assert (claim.text, str(claim.said_on), claim.text_by) == ("The old bridge is closed.", "2020-01-02", editor)
    assert set(claim.topics.all()) == {traffic, works}
    history = text_of(client.get(f"/history/claim/{claim.uid}/"))
    assert "clearer" in history
    assert "The old bridge is closed." in history


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"text": " "}, "This field is required"),
        ({"said_on": "yesterday"}, "Enter a valid date"),
        ({"another_topic": "Nothing"}, "There is no topic named “Nothing”."),
        ({"topics": ["nothing"]}, ""),
    ],
)
def test_a_wrong_edit_is_refused_beside_the_form(client, editor, two, wrong, told):
    address = f"/claims/{two[0].uid}/edit/"
    answer = client.post(address, sent(text_of(client.get(address)), **wrong))
    assert answer.status_code == 400
    assert told in text_of(answer)
    two[0].refresh_from_db()
    assert two[0].text_by is None


def test_two_editors_at_once_see_what_both_wrote_and_one_chooses(client, editor, two):
    claim, _ = two
    address = f"/claims/{claim.uid}/edit/"
    page = text_of(client.get(address))
    ann = make_user("ann", editor=True)
    edit_claim(claim, text="Ann’s <b>bridge</b>.", said_on=date(2020, 1, 2), version=version_of(claim), by=ann)
    answer = client.post(address, sent(page, text="Eve’s bridge.", reason="mine"))
    told = text_of(answer)
    assert answer.status_code == 409
    assert "changed meanwhile by ann" in told
    for edition in ("The bridge is closed.", "Ann’s &lt;b&gt;bridge&lt;/b&gt;.", "Eve’s bridge."):
        assert edition in told
    claim.refresh_from_db()
    assert claim.text == "Ann’s <b>bridge</b>."
    # What only the other changed is kept unless the editor says otherwise; of what both changed nothing is chosen.
    resolved = sent(told)
    assert resolved["take-said_on"] == ["now"]
    assert "take-text" not in resolved
    client.post(address, {**resolved, "take-text": ["mine"]})
    claim.refresh_from_db()
    assert (claim.text, str(claim.said_on)) == ("Eve’s bridge.", "2020-01-02")
    assert client.post(address, {**resolved, "take-text": ["mine"]}).status_code == 302


def test_what_changes_again_while_a_conflict_is_settled_is_shown_again(client, editor, two):
    claim, _ = two
    address = f"/claims/{claim.uid}/edit/"
    page = text_of(client.get(address))
    ann = make_user("ann", editor=True)
    edit_claim(claim, text="First.", version=version_of(claim), by=ann)
    resolved = sent(text_of(client.post(address, sent(page, text="Mine."))))
    edit_claim(claim, text="Second.", version=version_of(claim), by=ann)
    answer = client.post(address, {**resolved, "take-text": ["mine"]})
    assert answer.status_code == 409
    assert "Second." in text_of(answer)


def test_a_form_without_a_version_writes_nothing(client, editor, two):
    address = f"/claims/{two[0].uid}/edit/"
    answer = client.post(address, {"text": "Forged."})
    assert answer.status_code == 409
    assert "not known what you saw" in text_of(answer)


def test_a_merged_claim_is_edited_where_it_went(client, editor, two):
    merge_claims(two[0], into=two[1], by=editor)
    assert client.get(f"/claims/{two[0].uid}/edit/")["Location"] == two[1].get_absolute_url()


def test_a_merge_is_shown_before_it_is_made(client, editor, two):
    gone, kept = two
    page = text_of(client.get(f"/claims/{gone.uid}/merge/?with={kept.uid}"))
    preview = page.split("What merging changes")[1]
    assert "2 reports move, decided on or not." in preview
    assert re.findall(r"<td data-label=\"The other, after merging\"><strong>(\d+)</strong>", preview) == ["4", "4", "4"]
    gone.refresh_from_db()
    assert gone.merged_into is None
    assert client.post(f"/claims/{gone.uid}/merge/", {"into": sent(page)["into"][0]}).status_code == 302
    gone.refresh_from_db()
    assert gone.merged_into == kept


def test_a_preview_of_a_merge_that_would_be_refused_says_why(client, editor, two):
    gone, kept = two
    decide_link(gone, kept, status="rejected", by=editor)
    answer = client.get(f"/claims/{gone.uid}/merge/?with={kept.uid}")
    assert answer.status_code == 409
    assert "eve said on" in text_of(answer)
    assert 'name="overrule"' in text_of(answer)


def test_a_speaker_is_edited_merged_and_parted_by_its_pages(client, curator):
    speaker, union = make_speaker("Ana Silva"), make_speaker("The Union", kind="body")
    same = make_speaker("A. Silva")
    page = text_of(client.get(speaker.get_absolute_url()))
    assert f"/speakers/{speaker.uid}/edit/" in page
    address = f"/speakers/{speaker.uid}/edit/"
    form = sent(text_of(client.get(address)), represents="the union", kind="person")
    assert form["aliases"] == ["Ana Silva"]
    assert "Saved." in text_of(client.post(address, form, follow=True))
    speaker.refresh_from_db()
    assert (speaker.represents, speaker.kind, speaker.edited_by) == (union, "person", curator)
    refused = client.post(address, sent(text_of(client.get(address)), aliases="A. Silva"))
    assert refused.status_code == 400
    assert "“A. Silva” is a name of A. Silva already." in text_of(refused)
    for wrong, told in (({"represents": "Nobody"}, "There is no speaker named"), ({"wikidata_id": "42"}, "as in Q42")):
        assert told in text_of(client.post(address, sent(text_of(client.get(address)), **wrong)))
    offered = text_of(client.get(f"/speakers/{same.uid}/merge/"))
    assert f'value="{speaker.uid}"' in offered
    preview = text_of(client.get(f"/speakers/{same.uid}/merge/?with={speaker.uid}"))
    assert "1 name stands for the other" in preview
    merged = client.post(f"/speakers/{same.uid}/merge/", sent(preview), follow=True)
    assert merged.redirect_chain[-1][0] == speaker.get_absolute_url()
    assert f"/speakers/{same.uid}/unmerge/" in text_of(merged)
    moved = client.get(same.get_absolute_url())
    assert (moved.status_code, moved["Location"]) == (301, speaker.get_absolute_url())
    assert client.get(f"/speakers/{same.uid}/merge/")["Location"] == speaker.get_absolute_url()
    parted = client.post(f"/speakers/{same.uid}/unmerge/", follow=True)
    assert parted.redirect_chain[-1][0] == same.get_absolute_url()
    assert client.post(f"/speakers/{same.uid}/unmerge/").status_code == 409


def test_speakers_that_cannot_be_one_are_refused_with_the_reason(client, curator):
    one, two = make_speaker(wikidata_id="Q1"), make_speaker(wikidata_id="Q2")
    answer = client.post(f"/speakers/{one.uid}/merge/", {"into": str(two.uid)})
    assert answer.status_code == 409
    assert "two speakers" in text_of(answer)
    for into in ("", "nonsense"):
        assert client.post(f"/speakers/{one.uid}/merge/", {"into": into}).status_code == 400


def test_an_outlet_is_edited_merged_and_parted_by_its_pages(client, curator):
    outlet, same = make_outlet("Gazette"), make_outlet("The Gazette")
    make_article(outlet=same)
    address = f"/outlets/{outlet.slug}/edit/"
    assert address in text_of(client.get(outlet.get_absolute_url()))
    form = sent(text_of(client.get(address)), kind="newspaper", aliases="Gaz\n\nGZ", domains="gazette.example")
    assert "Saved." in text_of(client.post(address, form, follow=True))
    outlet.refresh_from_db()
    assert (outlet.kind, outlet.reviewed, outlet.aliases.count()) == ("newspaper", True, 2)
    # The name that it lost meanwhile is told, field by field.
    edit_outlet(outlet, kind="magazine", version=version_of(outlet), by=make_user("ann"))
    conflict = client.post(address, {**form, "kind": ["agency"]})
    assert conflict.status_code == 409
    offered = text_of(client.get(f"/outlets/{same.slug}/merge/"))
    assert f'value="{outlet.slug}"' in offered
    preview = text_of(client.get(f"/outlets/{same.slug}/merge/?with={outlet.slug}"))
    assert "1 article goes to the other" in preview
    merged = client.post(f"/outlets/{same.slug}/merge/", sent(preview), follow=True)
    assert f"/outlets/{same.slug}/unmerge/" in text_of(merged)
    moved = client.get(same.get_absolute_url())
    assert (moved.status_code, moved["Location"]) == (301, outlet.get_absolute_url())
    assert same.get_absolute_url() not in text_of(client.get("/outlets/"))
    parted = client.post(f"/outlets/{same.slug}/unmerge/", follow=True)
    assert parted.redirect_chain[-1][0] == same.get_absolute_url()
    assert client.post(f"/outlets/{same.slug}/unmerge/").status_code == 409


def test_a_credit_is_confirmed_removed_and_undone_on_the_articles_page(client, curator):
    credit = make_credit(article := make_article(), make_outlet("Agency"))
    address = f"/derivations/{credit.uid}/decide/"
    assert address in text_of(client.get(article.get_absolute_url()))
    confirmed = client.post(address, {"status": "confirmed", "seen": "proposed", "decided_at": ""}, follow=True)
    assert "Confirmed: the article comes from there." in text_of(confirmed)
    stale = client.post(address, {"status": "rejected", "seen": "proposed", "decided_at": ""})
    assert stale.status_code == 409
    assert "cora decided meanwhile: confirmed" in text_of(stale)
    credit.refresh_from_db()
    at = credit.decided_at.isoformat()
    removed = client.post(address, {"status": "rejected", "seen": "confirmed", "decided_at": at}, follow=True)
    assert f"/history/derivation/{credit.uid}/" in text_of(removed)
    assert address not in text_of(removed)
    for forged in (
        {},
        {"status": "x", "seen": "y"},
        {"status": "confirmed", "seen": "rejected", "decided_at": "2020-13-41T00:00"},
    ):
        assert client.post(address, forged).status_code == 400


@pytest.mark.parametrize("page", ["claim", "speaker", "outlet", "speakers", "outlets"])
def test_pages_of_editors_ask_as_much_however_much_there_is(client, curator, page):
    def counted(many):
        speaker = make_speaker(f"Ana Silva {many}")
        outlet = make_outlet(f"Gazette {many}")
        claim = make_claim(speaker=speaker)
        for n in range(many):
            claim.topics.add(make_topic(f"Topic {many} {n}"), through_defaults={"method": "test"})
            SpeakerAlias.objects.create(speaker=speaker, name=f"A. Silva {many} {n}")
            make_speaker(f"Silva {many} {n} Ana Silva {many}")
            make_outlet(f"Gazette {many} {n}", aliases=(f"Gaz {many} {n}",))
            merge_speakers(make_speaker(), into=speaker, by=curator)
            merge_outlets(make_outlet(), into=outlet, by=curator)
        address = {
            "claim": f"/claims/{claim.uid}/edit/",
            "speaker": f"/speakers/{speaker.uid}/edit/",
            "outlet": f"/outlets/{outlet.slug}/edit/",
            "speakers": f"/speakers/{speaker.uid}/merge/",
            "outlets": f"/outlets/{outlet.slug}/merge/",
        }[page]
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    assert counted(1) == counted(8)
