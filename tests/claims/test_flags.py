"""What readers point out and editors answer, and notes of editors: who may, how often, and what is kept."""

from uuid import uuid4

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Flag, Note
from claims.services import flags
from claims.services.decisions import DecisionConflict, DecisionRefused
from claims.services.flags import raise_flag, settle_flag, withdraw_note, write_note
from tests.factories import make_claim, make_report, make_user

pytestmark = pytest.mark.django_db

WRONG = {"text": "The article says Tuesday, not Monday."}


@pytest.fixture(autouse=True)
def forgotten_attempts():
    cache.clear()


@pytest.fixture
def eve():
    return make_user("eve", editor=True)


def text_of(response):
    return response.content.decode()


def test_a_reader_points_out_an_error_and_finds_the_answer(client, eve):
    claim = make_claim("The bridge is closed.")
    assert "What is wrong?" in text_of(client.get(f"/flag/claim/{claim.uid}/"))
    answer = client.post(f"/flag/claim/{claim.uid}/", WRONG, follow=True)
    flag = Flag.objects.get()
    assert answer.redirect_chain == [(f"/flags/{flag.uid}/", 302)]
    page = text_of(answer)
    assert "The article says Tuesday" in page
    assert "waits for an answer" in page
    assert '<meta name="robots" content="noindex">' in page

    editor = Client()
    editor.force_login(eve)
    assert "The article says Tuesday" in text_of(editor.get("/desk/flags/"))
    settled = {"outcome": "corrected", "answer": "It does; mended."}
    editor.post(f"/desk/flags/{flag.uid}/settle/", settled)
    page = text_of(client.get(f"/flags/{flag.uid}/"))
    assert "eve answers:" in page
    assert "It does; mended." in page
    assert "It does; mended." in text_of(client.get(f"/history/claim/{claim.uid}/"))
    assert "The article says Tuesday" not in text_of(editor.get("/desk/flags/"))
    assert "The article says Tuesday" in text_of(editor.get("/desk/flags/?settled=1"))
    assert editor.post(f"/desk/flags/{flag.uid}/settle/", settled).status_code == 409


@pytest.mark.parametrize("key", ["claim", "statement", "report"])
def test_claims_statements_and_reports_are_flagged(client, key):
    report = make_report(make_claim())
    subject = {"claim": report.claim, "statement": report.statement, "report": report}[key]
    client.post(f"/flag/{key}/{subject.uid}/", WRONG)
    flag = Flag.objects.get()
    assert (flag.claim or flag.statement or flag.attribution) == subject
    assert client.get(f"/flags/{flag.uid}/").status_code == 200


def test_an_unanswered_flag_is_for_editors_and_whoever_has_its_address(client, eve):
    claim = make_claim()
    raise_flag(claim, text=WRONG["text"])
    assert WRONG["text"] not in text_of(client.get(f"/history/claim/{claim.uid}/"))
    client.force_login(eve)
    assert WRONG["text"] in text_of(client.get(f"/history/claim/{claim.uid}/"))


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 400),
        ({"text": "Wrong."}, 400),
        ({"text": "w" * 2001}, 400),
        ({"text": "Nothing \x00 but a NUL."}, 400),
        # A program filled in what no person sees: it is let go.
        ({**WRONG, "website": "https://buy.example/"}, 302),
    ],
)
def test_what_is_no_flag_is_not_kept(client, form, status):
    assert client.post(f"/flag/claim/{make_claim().uid}/", form).status_code == status
    assert not Flag.objects.exists()


def test_markup_is_shown_as_text(client):
    claim = make_claim()
    page = text_of(
        client.post(f"/flag/claim/{claim.uid}/", {"text": "<script>alert(1)</script>\n<b>bold</b>"}, follow=True)
    )
    assert "<script>alert(1)" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page


def test_flags_from_one_address_are_limited_and_others_are_not(client):
    claim = make_claim()
    for _ in range(3):
        assert client.post(f"/flag/claim/{claim.uid}/", WRONG).status_code == 302
    refused = client.post(f"/flag/claim/{claim.uid}/", WRONG)
    assert refused.status_code == 429
    assert "Too many attempts" in text_of(refused)
    assert client.post(f"/flag/claim/{claim.uid}/", WRONG, REMOTE_ADDR="192.0.2.9").status_code == 302
    assert client.get(f"/flag/claim/{claim.uid}/").status_code == 200
    assert Flag.objects.count() == 4


def test_so_many_flags_wait_at_one_thing(client, monkeypatch):
    monkeypatch.setattr(flags, "MOST_OPEN", 1)
    claim = make_claim()
    raise_flag(claim, text=WRONG["text"])
    with pytest.raises(DecisionRefused, match="wait for an editor"):
        raise_flag(claim, text=WRONG["text"])
    answer = client.post(f"/flag/claim/{claim.uid}/", WRONG)
    assert answer.status_code == 409
    assert "wait for an editor" in text_of(answer)
    assert WRONG["text"] in text_of(answer)


def test_nothing_is_flagged_that_is_not_there(client):
    assert client.get(f"/flag/claim/{uuid4()}/").status_code == 404
    assert client.get(f"/flag/outlet/{make_claim().uid}/").status_code == 404
    assert client.get(f"/flags/{uuid4()}/").status_code == 404


def test_a_flag_needs_the_forms_token():
    client = Client(enforce_csrf_checks=True)
    assert client.post(f"/flag/claim/{make_claim().uid}/", WRONG).status_code == 403


def test_only_editors_answer_and_write_notes(client, eve):
    claim = make_claim()
    flag, note = raise_flag(claim, text=WRONG["text"]), write_note(claim, text="Look again.", by=eve)
    posts = [
        f"/desk/flags/{flag.uid}/settle/",
        f"/desk/notes/claim/{claim.uid}/",
        f"/desk/notes/{note.uid}/withdraw/",
    ]
    for address in posts:
        assert client.post(address)["Location"].startswith("/accounts/login/")
    client.force_login(make_user())
    for address in posts:
        assert client.post(address).status_code == 403
    assert client.get("/desk/flags/").status_code == 403
    client.force_login(eve)
    for address in posts[:2]:
        assert client.post(address, {"outcome": "perhaps"}).status_code == 400
    flag.refresh_from_db()
    assert flag.settled_at is None


def test_an_answer_stands_against_a_second_one_and_is_in_the_history(eve):
    flag = raise_flag(make_claim(), text=WRONG["text"])
    settle_flag(flag, outcome="stands", answer="It says Monday.", by=eve)
    with pytest.raises(DecisionConflict, match="eve answered this meanwhile: “It says Monday"):
        settle_flag(flag, outcome="corrected", answer="Mended.", by=make_user())
    events = apps.get_model("claims", "FlagEvent").objects.filter(pgh_obj_id=flag.pk).order_by("pgh_id")
    assert [event.answer for event in events] == ["", "It says Monday."]


def test_a_flag_is_about_one_thing_and_has_no_outcome_without_an_answer():
    report = make_report(make_claim())
    for wrong in (
        {},
        {"claim": report.claim, "statement": report.statement},
        {"claim": report.claim, "outcome": "corrected"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Flag.objects.create(text=WRONG["text"], **wrong)


def test_notes_are_for_editors_and_withdrawn_by_who_wrote_them(client, eve):
    report = make_report(make_claim())
    client.force_login(eve)
    answer = client.post(f"/desk/notes/report/{report.uid}/", {"text": "<i>Ask the desk.</i>"}, follow=True)
    assert "&lt;i&gt;Ask the desk.&lt;/i&gt;" in text_of(answer)
    assert "Ask the desk" not in text_of(Client().get(f"/history/report/{report.uid}/"))
    note = Note.objects.get()
    with pytest.raises(DecisionRefused, match="eve’s"):
        withdraw_note(note, by=make_user())
    page = text_of(client.post(f"/desk/notes/{note.uid}/withdraw/", follow=True))
    assert "Ask the desk" not in page.split('id="notes-title"')[1].split("</section>")[0]


def test_more_flags_and_notes_cost_no_more_queries(client, eve):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            for address in ("/desk/flags/", f"/history/claim/{claim.uid}/"):
                assert client.get(address).status_code == 200
        return len(captured)

    def more():
        report = make_report(make_claim())
        for subject in (claim, report, report.statement):
            raise_flag(subject, text=WRONG["text"])
        write_note(claim, text="Look again.", by=eve)

    client.force_login(eve)
    claim = make_claim()
    more()
    queries()
    few = queries()
    for _ in range(3):
        more()
    assert queries() == few
