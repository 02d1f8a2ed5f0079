"""Writing over REST: who may, what is stored, what is refused, and what was seen by whoever changes a row."""

import json
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Token
from accounts.scopes import Scope
from accounts.tokens import make_token
from claims import tasks
from claims.models import Attribution, Claim, ClaimLink, Decision, Flag, IdempotentAnswer, Statement
from claims.services.decisions import reject_attribution
from claims.services.merging import decide_link
from notices.webhooks import create_webhook
from sources import importing
from sources import tasks as source_tasks
from sources.models import Feed, ImportItem, ImportRun
from tests.factories import (
    make_article,
    make_claim,
    make_outlet,
    make_report,
    make_speaker,
    make_statement,
    make_topic,
    make_user,
    revise,
)

pytestmark = pytest.mark.django_db

API = "/api/v1"
ABSENT = "3f2f3c0e-8f57-4f0e-9d5c-2f6a8b1f0c11"
GOOD = {"outlet": "Gazette", "title": "Dredging ahead", "text": "Ms Ruiz said: “The river will be dredged.”"}


@pytest.fixture(autouse=True)
def forgotten_attempts(db):
    cache.clear()


@pytest.fixture(autouse=True)
def woken(monkeypatch) -> list[str]:
    sent: list[str] = []
    monkeypatch.setattr(source_tasks.import_items, "delay", lambda: sent.append("import_items"))
    return sent


def make_editor(name="ed"):
    user = make_user(name)
    user.is_superuser = True
    user.save()
    return user


def bearer(user, *scopes):
    _, secret = make_token(user, name="tests", scopes=scopes or list(Scope), days=1)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def editor():
    return make_editor()


@pytest.fixture
def send(client, editor, django_capture_on_commit_callbacks):
    """Give what sends JSON as the editor and returns (answer, response)."""
    own = bearer(editor)

    def send(verb, path, body=None, expected=200, **headers):
        content = body if isinstance(body, str | bytes) else json.dumps(body if body is not None else {})
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        address = path if path.startswith("http") else f"{API}/{path}"
        with django_capture_on_commit_callbacks(execute=True):
            response = client.generic(
                verb.upper(), address, content, content_type="application/json", headers={**own, **named}
            )
        assert response.status_code == expected, response.content[:2000]
        form = "application/json" if response.status_code < 400 else "application/problem+json"
        if response.status_code != 204:
            assert response["Content-Type"] == form
        answer = response.json() if response.content else None
        if response.status_code >= 400:
            assert answer["status"] == expected
            assert answer["detail"]
        return answer, response

    return send


def etag(client, path):
    response = client.get(f"{API}/{path}")
    assert response.status_code == 200
    return response["ETag"]


# What was seen


def test_the_etag_of_a_row_begins_with_its_version_and_tells_whether_it_still_stands(client):
    report = make_report(make_claim())
    path = f"attributions/{report.uid}/"
    first = etag(client, path)

    assert client.get(f"{API}/{path}", headers={"If-None-Match": first}).status_code == 304
    reject_attribution(report, by=make_editor())
    second = etag(client, path)

    version = first.strip('"').partition("-")[0]
    assert version.isdigit()
    assert second.strip('"').partition("-")[0] > version
    assert client.get(f"{API}/{path}", headers={"If-None-Match": first}).status_code == 200


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("patch", "attributions/{report}/", {"stance": "denies"}),
        ("post", "attributions/{report}/decisions/", {"decision": "confirm"}),
        ("patch", "claims/{claim}/", {"text": "Another sentence."}),
        ("post", "claims/{claim}/merge/", {"into": "{other}"}),
        ("post", "claims/{claim}/split/", {"attributions": ["{report}"]}),
        ("patch", "statements/{statement}/", {"kind": "indirect"}),
        ("delete", "statements/{statement}/?reason=Nobody%20said%20it", None),
    ],
)
def test_a_row_is_changed_only_by_who_says_what_they_saw(client, send, verb, path, body):
    claim, other = make_claim("Taxes will rise."), make_claim("Taxes will fall.")
    report = make_report(claim)
    make_report(claim)
    names = {"report": report.uid, "claim": claim.uid, "other": other.uid, "statement": report.statement.uid}
    path = path.format(**names)
    filled = None
    if body is not None:
        filled = json.loads(json.dumps(body).replace("{other}", str(other.uid)).replace("{report}", str(report.uid)))
    row = path.split("/")[0] + "/" + path.split("/")[1] + "/"

    send(verb, path, filled, expected=428)
    send(verb, path, filled, expected=400, If_Match="unquoted")
    send(verb, path, filled, expected=412, If_Match='"-"')
    stale, _ = send(verb, path, filled, expected=412, If_Match='"987654321-abc"')
    assert stale["version"]
    assert Attribution.objects.get(pk=report.pk).status == "proposed"
    assert Claim.objects.get(pk=claim.pk).merged_into is None
    code = 201 if "split" in path else 200
    send(verb, path, filled, expected=code, If_Match=etag(client, row))


def test_who_saw_another_version_is_told_what_differs(client, send, editor):
    claim = make_claim("Taxes will rise.")
    make_report(claim)
    seen = etag(client, f"claims/{claim.uid}/")
    send("patch", f"claims/{claim.uid}/", {"text": "Taxes rise."}, If_Match=seen)

    answer, response = send("patch", f"claims/{claim.uid}/", {"text": "Taxes will go up."}, expected=412, If_Match=seen)

    assert answer["fields"]["text"] == {
        "seen": "Taxes will rise.",
        "current": "Taxes rise.",
        "wanted": "Taxes will go up.",
        "by": "ed",
        "at": answer["fields"]["text"]["at"],
        "clashes": True,
    }
    assert Claim.objects.get(pk=claim.pk).text == "Taxes rise."
    again, _ = send("patch", f"claims/{claim.uid}/", {"text": "Taxes will go up."}, If_Match=response["ETag"])
    assert again["text"] == "Taxes will go up."


def test_a_change_is_answered_as_a_reading_with_the_same_etag(client, send):
    claim = make_claim("Taxes will rise.")
    make_report(claim)
    path = f"claims/{claim.uid}/"

    answer, response = send("patch", path, {"said_on": "2020-01-31"}, If_Match=etag(client, path))

    assert answer == client.get(f"{API}/{path}").json()
    assert response["ETag"] == etag(client, path)
    assert response["Content-Location"] == f"http://testserver{API}/{path}"


# Attributions and decisions


def test_a_statement_is_linked_to_a_claim_and_the_link_is_changed(client, send):
    statement, claim, other = make_statement(), make_claim(), make_claim()

    made, response = send(
        "post", "attributions/", {"statement": str(statement.uid), "claim": str(claim.uid)}, expected=201
    )
    assert response["Location"] == made["links"]["self"]
    assert (made["status"], made["stance"], made["method"]) == ("confirmed", "affirms", "editor")
    path = f"attributions/{made['uid']}/"
    denied, response = send("patch", path, {"stance": "denies"}, If_Match=response["ETag"])
    assert denied["stance"] == "denies"
    moved, _ = send("patch", path, {"claim": str(other.uid), "stance": "affirms"}, If_Match=response["ETag"])

    assert moved["uid"] != made["uid"]
    assert (moved["claim"]["uid"], moved["stance"], moved["status"]) == (str(other.uid), "affirms", "confirmed")
    assert client.get(f"{API}/{path}").json()["status"] == "rejected"


def test_what_was_decided_is_not_overwritten_by_linking(send, editor):
    report = make_report(make_claim())
    reject_attribution(report, by=editor)
    body = {"statement": str(report.statement.uid), "claim": str(report.claim.uid)}

    answer, _ = send("post", "attributions/", body, expected=409)

    assert answer["attributions"] == [str(report.uid)]
    assert Attribution.objects.get(pk=report.pk).status == "rejected"


@pytest.mark.parametrize(
    ("decision", "status", "stance"),
    [
        ("confirm", "confirmed", "affirms"),
        ("reject", "rejected", "affirms"),
        ("unsure", "unsure", "affirms"),
        ("affirms", "confirmed", "affirms"),
        ("denies", "confirmed", "denies"),
    ],
)
def test_a_decision_is_made_and_undone(client, send, decision, status, stance):
    claim = make_claim()
    report = make_report(claim)
    make_report(claim)
    path = f"attributions/{report.uid}/"

    decided, response = send("post", f"{path}decisions/", {"decision": decision}, If_Match=etag(client, path))
    assert (decided["status"], decided["stance"]) == (status, stance)
    undone, _ = send("post", f"{path}decisions/", {"decision": "undo"}, If_Match=response["ETag"])

    assert (undone["status"], undone["stance"], undone["decided_at"]) == ("proposed", "affirms", None)
    assert Decision.objects.get().undone_by.username == "ed"


def test_a_decision_that_is_sent_again_is_carried_out_once(client, send):
    report = make_report(make_claim())
    path = f"attributions/{report.uid}/"
    seen = etag(client, path)

    first, _ = send("post", f"{path}decisions/", {"decision": "confirm"}, If_Match=seen)
    second, _ = send("post", f"{path}decisions/", {"decision": "confirm"}, If_Match=seen)
    send("post", f"{path}decisions/", {"decision": "reject"}, expected=412, If_Match=seen)

    assert first == second
    assert Decision.objects.count() == 1


def test_a_report_is_moved_to_another_claim_or_one_of_its_own_and_back(client, send):
    claim, other = make_claim(), make_claim()
    report = make_report(claim)
    make_report(claim)
    path = f"attributions/{report.uid}/"
    body = {"decision": "move", "to": str(other.uid)}

    moved, response = send("post", f"{path}decisions/", body, If_Match=etag(client, path))
    assert moved["claim"]["uid"] == str(other.uid)
    assert response["Content-Location"] == moved["links"]["self"]
    there = f"attributions/{moved['uid']}/decisions/"
    answer, _ = send("post", there, {"decision": "undo"}, expected=204, If_Match=response["ETag"])
    assert answer is None
    assert client.get(f"{API}/{path}").json()["status"] == "proposed"

    founded, _ = send("post", f"{path}decisions/", {"decision": "move"}, If_Match=etag(client, path))
    assert founded["claim"]["uid"] not in (str(claim.uid), str(other.uid))
    assert founded["status"] == "confirmed"


# Claims


def test_a_claim_is_written_and_listed_once_a_report_carries_it(client, send):
    speaker, topic = make_speaker("The Minister"), make_topic("Trade")
    body = {
        "text": "  Taxes\nwill rise. ",
        "speaker": str(speaker.uid),
        "said_on": "2020-01-31",
        "topics": [str(topic.uid)],
    }

    made, response = send("post", "claims/", body, expected=201)

    assert (made["text"], made["speaker"]["name"], made["level"]) == ("Taxes will rise.", "The Minister", "unreported")
    assert [row["name"] for row in made["topics"]] == ["Trade"]
    assert client.get(response["Location"]).json() == made
    assert client.get(f"{API}/claims/").json()["results"] == []
    send("post", "attributions/", {"statement": str(make_statement().uid), "claim": made["uid"]}, expected=201)
    assert [row["uid"] for row in client.get(f"{API}/claims/").json()["results"]] == [made["uid"]]
    assert Claim.objects.get().text == "Taxes will rise."


def test_a_claims_topics_are_those_that_are_given_and_no_machine_adds_others(client, send):
    trade, tax = make_topic("Trade", keywords=("taxes",)), make_topic("Tax")
    claim = make_claim("The taxes will rise.", topics=(trade,))
    make_report(claim)
    path = f"claims/{claim.uid}/"

    answer, response = send("patch", path, {"topics": [str(tax.uid)]}, If_Match=etag(client, path))
    assert [row["name"] for row in answer["topics"]] == ["Tax"]
    make_report(claim)
    answer, _ = send("patch", path, {"text": "Taxes rise."}, If_Match=response["ETag"])

    assert [row["name"] for row in answer["topics"]] == ["Tax"]


def test_claims_are_merged_unmerged_and_split(client, send):
    claim, other = make_claim("Taxes will rise."), make_claim("Taxes rise.")
    report, second = make_report(claim), make_report(claim)
    make_report(other)
    path = f"claims/{claim.uid}/"

    merged, _ = send("post", f"{path}merge/", {"into": str(other.uid)}, If_Match=etag(client, path))
    assert (merged["uid"], merged["report_count"]) == (str(other.uid), 3)
    assert client.get(f"{API}/{path}").status_code == 301
    apart, _ = send("post", f"{path}unmerge/")
    assert (apart["uid"], apart["report_count"]) == (str(claim.uid), 2)
    send("post", f"{path}unmerge/", expected=409)
    part, response = send(
        "post", f"{path}split/", {"attributions": [str(report.uid)]}, expected=201, If_Match=etag(client, path)
    )
    assert part["uid"] not in (str(claim.uid), str(other.uid))
    assert response["Location"] == part["links"]["self"]
    send("post", f"{path}split/", {"attributions": [str(second.uid)]}, expected=409, If_Match=etag(client, path))


def test_claims_that_an_editor_parted_are_merged_only_over_their_word(client, send, editor):
    claim, other = make_claim("Taxes will rise."), make_claim("Taxes rise.")
    decide_link(claim, other, status="rejected", by=editor)
    path = f"claims/{claim.uid}/"

    refused, _ = send("post", f"{path}merge/", {"into": str(other.uid)}, expected=409, If_Match=etag(client, path))
    assert "not the same" in refused["detail"]
    send("post", f"{path}merge/", {"into": str(other.uid), "overrule": True}, If_Match=etag(client, path))
    assert Claim.objects.get(pk=claim.pk).merged_into == other


# Links between claims


def test_what_two_claims_are_to_each_other_is_said_and_undone(client, send):
    claim, other = make_claim("Taxes will rise."), make_claim("Taxes will fall.")
    body = {"claim": str(other.uid), "other": str(claim.uid), "kind": "contradicts", "decision": "confirm"}

    made, response = send("post", "links/", body, expected=201)
    assert (made["status"], made["kind"]) == ("confirmed", "contradicts")
    assert client.get(f"{API}/links/?claim={claim.uid}&kind=contradicts").json()["results"] == [made]
    send("post", "links/", {**body, "decision": "reject"}, expected=409)
    path = f"links/{made['uid']}/decisions/"
    decided, response = send("post", path, {"decision": "reject"}, If_Match=response["ETag"])
    assert decided["status"] == "rejected"
    undone, response = send("post", path, {"decision": "undo"}, If_Match=response["ETag"])
    assert undone["status"] == "confirmed"
    send("post", path, {"decision": "undo"}, expected=204, If_Match=response["ETag"])

    assert not ClaimLink.objects.exists()
    send("post", "links/", {**body, "kind": "same"}, expected=409)
    send("post", "links/", {**body, "other": str(other.uid)}, expected=409)


# Statements


TEXT = "The Gazette asked. Ms Ruiz said: “The river 🙂 will be dredged.” Nobody else spoke."
WORDS = "The river 🙂 will be dredged."


def test_words_of_an_article_become_a_statement_with_what_is_likely_told_of_them(client, send):
    article = make_article(TEXT)

    made, response = send("post", "statements/", {"article": str(article.uid), "exact": WORDS}, expected=201)

    assert (made["quote"], made["kind"], made["method"]) == (WORDS, "direct", "editor")
    assert TEXT[made["start"] : made["end"]] == WORDS
    assert [TEXT[span["start"] : span["end"]] for span in made["spans"]["cue"]] == ["said"]
    assert client.get(response["Location"]).json() == made
    answer, _ = send("post", "statements/", {"article": str(article.uid), "exact": WORDS}, expected=409)
    assert answer["statement"] == made["uid"]


def test_words_that_do_not_stand_there_are_refused_with_both_texts(send):
    article = make_article(TEXT)
    start = TEXT.index(WORDS)
    # Counted in UTF-16, as browsers do.
    end = start + len(WORDS) + 1
    body = {"revision": str(article.current_revision.uid), "start": start, "end": end, "exact": WORDS}

    answer, _ = send("post", "statements/", body, expected=422)

    assert answer["sent"]["exact"] == WORDS
    assert answer["found"]["exact"] == TEXT[start:end]
    assert not Statement.objects.exists()
    send("post", "statements/", {"article": str(article.uid), "exact": "No such words."}, expected=422)


def test_words_of_a_text_that_was_replaced_are_refused_with_their_new_place(send):
    article = make_article(TEXT)
    old = article.current_revision
    new = revise(article, f"Corrected. {TEXT}")
    start = TEXT.index(WORDS)
    body = {"revision": str(old.uid), "start": start, "end": start + len(WORDS), "exact": WORDS}

    answer, _ = send("post", "statements/", body, expected=409)

    assert answer["revision"] == str(new.uid)
    assert new.text[answer["found"]["start"] : answer["found"]["end"]] == WORDS


def test_a_statement_is_corrected_withdrawn_and_brought_back(client, send):
    article, speaker = make_article(TEXT), make_speaker("Ms Ruiz")
    made, response = send("post", "statements/", {"article": str(article.uid), "exact": WORDS}, expected=201)
    path = f"statements/{made['uid']}/"

    corrected, response = send(
        "patch", path, {"kind": "indirect", "speaker": str(speaker.uid)}, If_Match=response["ETag"]
    )
    assert (corrected["kind"], corrected["speaker"]["name"]) == ("indirect", "Ms Ruiz")
    start = TEXT.index("The river")
    moved = {"start": start, "end": start + 9, "exact": "The river"}
    corrected, response = send("patch", path, moved, If_Match=response["ETag"])
    assert corrected["quote"] == "The river"
    send("delete", path, expected=400, If_Match=response["ETag"])
    withdrawn, response = send("delete", f"{path}?reason=Nobody+said+it.", If_Match=response["ETag"])
    assert withdrawn["withdrawn_reason"] == "Nobody said it."
    assert client.get(f"{API}/statements/").json()["results"] == []
    restored, _ = send("post", f"{path}restore/", If_Match=response["ETag"])
    assert (restored["withdrawn_at"], restored["uid"]) == (None, made["uid"])


# Flags


def test_anybody_points_out_an_error_and_an_editor_answers_once(client, send):
    claim = make_claim("The bridge is closed.")
    body = {"claim": str(claim.uid), "text": "The article says Tuesday, not Monday."}

    response = client.post(f"{API}/flags/", json.dumps(body), content_type="application/json")
    assert response.status_code == 201
    flag = response.json()
    assert (flag["about"], flag["subject"], flag["outcome"]) == ("claim", str(claim.uid), "")
    assert client.get(f"{API}/flags/").status_code == 401
    listed = client.get(f"{API}/flags/?settled=0", headers=bearer(make_editor("eve"), Scope.ANNOTATE)).json()
    assert listed["results"] == [flag]
    path, answer = f"flags/{flag['uid']}/settle/", {"outcome": "corrected", "answer": "Mended."}
    send("post", path, answer, expected=428)
    seen = etag(client, f"flags/{flag['uid']}/")
    settled, changed = send("post", path, answer, If_Match=seen)
    assert changed["ETag"] == etag(client, f"flags/{flag['uid']}/") != seen
    # Its answer may have been lost on the way.
    assert send("post", path, answer, If_Match=seen)[0] == settled
    late, _ = send("post", path, {"outcome": "stands", "answer": "No."}, expected=412, If_Match=seen)
    again, _ = send("post", path, {"outcome": "stands", "answer": "No."}, expected=409, If_Match="*")

    assert late["fields"]["answer"]["current"] == "Mended."
    assert (late["fields"]["answer"]["wanted"], late["fields"]["answer"]["by"]) == ("No.", "ed")
    assert "Mended." in again["detail"]
    assert client.get(response["Location"]).json() == settled
    assert settled["answer"] == "Mended."


def test_so_many_flags_a_minute_come_from_one_address(client):
    body = json.dumps({"claim": str(make_claim().uid), "text": "The article says Tuesday."})
    codes = [client.post(f"{API}/flags/", body, content_type="application/json").status_code for _ in range(4)]

    assert codes == [201, 201, 201, 429]
    assert Flag.objects.count() == 3


@pytest.mark.parametrize(
    "body",
    [
        {"text": "About nothing at all."},
        {"claim": ABSENT, "text": "About what is not there."},
        {"claim": "{claim}", "statement": "{claim}", "text": "About two things."},
        {"claim": "{claim}", "text": "Short"},
        {"claim": "{claim}", "text": "x" * 2001},
    ],
)
def test_a_flag_is_about_one_thing_and_says_something(client, body):
    content = json.dumps(body).replace("{claim}", str(make_claim().uid))

    assert client.post(f"{API}/flags/", content, content_type="application/json").status_code == 400
    assert not Flag.objects.exists()


# Feeds and articles


def test_a_feed_is_polled_paused_and_resumed(client, send):
    outlet = make_outlet("Gazette")
    body = {"url": "https://Example.org/feed.xml#top", "outlet": str(outlet.uid), "interval_s": 900}

    made, response = send("post", "feeds/", body, expected=201)
    assert (made["url"], made["outlet"]["name"], made["active"]) == ("https://example.org/feed.xml", "Gazette", True)
    known, known_as = send("post", "feeds/", {"url": "https://example.org/feed.xml", "title": "Other"}, expected=200)
    assert known == made
    path = f"feeds/{made['uid']}/"
    seen = etag(client, path)
    assert (response["ETag"], known_as["ETag"]) == (seen, seen)
    send("post", f"{path}pause/", expected=428)
    paused, after = send("post", f"{path}pause/", If_Match=seen)
    assert paused["active"] is False
    # Sent again, it is as it is wanted; what another did meanwhile is not undone unseen.
    send("post", f"{path}pause/", If_Match=seen)
    resumed, _ = send("post", f"{path}resume/", If_Match=after["ETag"])
    assert resumed["active"] is True
    late, _ = send("post", f"{path}pause/", expected=412, If_Match=after["ETag"])
    assert (late["fields"]["active"]["current"], late["fields"]["active"]["wanted"]) == ("True", "False")
    assert client.get(response["Location"]).json() == resumed


def test_polling_a_feed_is_no_change_of_it(client, send):
    made, _ = send("post", "feeds/", {"url": "https://example.org/feed.xml"}, expected=201)
    version = etag(client, f"feeds/{made['uid']}/").partition("-")[0]

    Feed.objects.update(last_polled_at=timezone.now(), failures=3, last_error="It answered 500.")

    seen = etag(client, f"feeds/{made['uid']}/")
    assert seen.partition("-")[0] == version
    told = client.get(f"{API}/feeds/?include=versions").json()["included"]["versions"]
    assert told == [{"uid": made["uid"], "version": version.strip('"')}]
    send("post", f"feeds/{made['uid']}/pause/", If_Match=seen)


def test_a_feed_is_deleted_by_administrators_and_its_imports_stay(client, send, editor):
    made, response = send("post", "feeds/", {"url": "https://example.org/feed.xml"}, expected=201)
    importing.request_import("Friday", addresses=[made["url"]], feed=Feed.objects.get())
    path = f"{API}/feeds/{made['uid']}/"

    refused = client.delete(path, headers={**bearer(editor, Scope.IMPORT), "If-Match": "*"})
    assert (refused.status_code, "“admin”" in refused.json()["detail"]) == (403, True)
    send("delete", path.removeprefix(f"{API}/"), expected=412, If_Match='"1"')
    send("delete", path.removeprefix(f"{API}/"), expected=204, If_Match=response["ETag"])

    assert client.get(path).status_code == 404
    assert ImportRun.objects.get().feed is None
    send("delete", path.removeprefix(f"{API}/"), expected=404, If_Match="*")


# Tokens


def test_administrators_see_whose_tokens_there_are_and_end_them(client, editor):
    owner = make_user("mirror")
    secret = bearer(owner, Scope.READ)
    token = Token.objects.get()
    admin = bearer(editor, Scope.ADMIN)

    listed = client.get(f"{API}/tokens/?usable=1&scope=read", headers=admin).json()["results"]
    assert [(row["owner"], row["scopes"], row["state"]) for row in listed] == [("mirror", ["read"], "usable")]
    assert (listed[0]["prefix"], token.digest in str(listed)) == (token.prefix, False)
    path = listed[0]["links"]["self"]
    for headers in ({}, secret, bearer(editor, Scope.ANNOTATE, Scope.IMPORT)):
        assert client.get(f"{API}/tokens/", headers=headers).status_code == (403 if headers else 401)
        assert client.delete(path, headers=headers).status_code == (403 if headers else 401)

    assert client.get(f"{API}/claims/", headers=secret).status_code == 200
    assert [client.delete(path, headers=admin).status_code for _ in range(2)] == [204, 204]
    assert client.get(f"{API}/claims/", headers=secret).status_code == 401
    assert client.get(path, headers=admin).json()["state"] == "revoked"
    assert client.get(f"{API}/tokens/?usable=1&scope=read", headers=admin).json()["results"] == []
    refused = client.get(f"{API}/tokens/?scope=write", headers=admin).json()
    assert "read, import, annotate, admin" in refused["parameters"]["scope"][0]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": "ftp://example.org/"}, "url"),
        ({"url": "https://example.org/" + "x" * 2000}, "url"),
        ({"url": "https://example.org/" + "ж" * 700}, "url"),
        ({"url": "https://example.org/\0"}, "url"),
        ({"url": "https://example.org/", "interval_s": 1}, "interval_s"),
        ({"url": "https://example.org/", "interval_s": 10**30}, "interval_s"),
        ({"url": "https://example.org/", "interval_s": 1e400}, "body"),
        ({"url": "https://example.org/", "outlet": ABSENT}, "outlet"),
    ],
)
def test_a_feed_that_cannot_be_polled_is_refused(send, body, field):
    answer, _ = send("post", "feeds/", body, expected=400)

    assert field in answer.get("fields", {"body": ""})
    assert not Feed.objects.exists()


def test_an_article_is_handed_in_and_where_to_look_is_answered(client, send, woken):
    answer, response = send("post", "articles/", GOOD, expected=202)

    assert response["Location"] == answer["links"]["self"]
    assert (answer["label"], answer["counts"]["pending"]) == ("Dredging ahead", 1)
    assert woken == ["import_items"]
    refused, _ = send("post", "articles/", {**GOOD, "published_at": "9999-12-31"}, expected=400)
    assert "future" in refused["fields"]["article"][0]
    assert ImportRun.objects.count() == 1


def test_an_article_that_is_handed_in_again_adds_nothing(send):
    for _ in range(2):
        send("post", "articles/", GOOD, expected=202)
        importing.import_next()

    assert sorted(ImportItem.objects.values_list("state", flat=True)) == ["imported", "skipped"]


# Idempotency keys


def test_the_same_key_and_request_are_answered_again_and_carried_out_once(client, send):
    key = str(uuid4())
    body = {"text": "Taxes will rise."}

    first, one = send("post", "claims/", body, expected=201, Idempotency_Key=f'"{key}"')
    second, two = send("post", "claims/", body, expected=201, Idempotency_Key=key)

    assert first == second
    assert (one["Location"], one["ETag"]) == (two["Location"], two["ETag"])
    assert two["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in one
    assert Claim.objects.count() == 1


def test_the_same_key_with_another_request_is_refused(send):
    send("post", "claims/", {"text": "Taxes will rise."}, expected=201, Idempotency_Key="k")
    send("post", "claims/", {"text": "Taxes will fall."}, expected=422, Idempotency_Key="k")
    send("post", "articles/", {"text": "Taxes will rise."}, expected=422, Idempotency_Key="k")

    assert Claim.objects.count() == 1


def test_a_key_is_its_owners(client, send):
    send("post", "claims/", {"text": "Taxes will rise."}, expected=201, Idempotency_Key="k")
    response = client.post(
        f"{API}/claims/",
        json.dumps({"text": "Taxes will fall."}),
        content_type="application/json",
        headers={**bearer(make_editor("eve")), "Idempotency-Key": "k"},
    )

    assert response.status_code == 201


def test_what_was_refused_may_be_sent_again_with_its_key(send):
    speaker = make_speaker()
    send("post", "claims/", {"text": ""}, expected=400, Idempotency_Key="k")
    send("post", "claims/", {"text": "Taxes.", "speaker": str(speaker.uid)}, expected=201, Idempotency_Key="k")


@pytest.mark.parametrize("key", ['""', "x" * 256, 'a"b', "a b", "ключ", "\t"])
def test_a_key_that_is_none_is_refused(client, editor, key):
    response = client.post(
        f"{API}/claims/",
        json.dumps({"text": "Taxes."}),
        content_type="application/json",
        headers={**bearer(editor), "Idempotency-Key": key},
    )

    assert response.status_code == 400
    assert "Idempotency-Key" in response.json()["detail"]


def test_an_answer_is_kept_for_a_day(send):
    send("post", "claims/", {"text": "Taxes will rise."}, expected=201, Idempotency_Key="k")
    IdempotentAnswer.objects.update(stored_at=timezone.now() - timedelta(hours=25))
    send("post", "claims/", {"text": "Taxes will fall."}, expected=201, Idempotency_Key="k")
    IdempotentAnswer.objects.create(
        owner="account 0", key="old", fingerprint="", status=200, stored_at=timezone.now() - timedelta(hours=24)
    )

    assert tasks.forget_answers() == 1
    assert IdempotentAnswer.objects.get().key == "k"


@pytest.mark.django_db(transaction=True)
def test_the_same_key_while_in_work_is_a_conflict_and_the_work_is_done_once(monkeypatch):
    headers = {**bearer(make_editor()), "Idempotency-Key": "k"}
    begun, go_on = threading.Event(), threading.Event()
    add = IdempotentAnswer.objects.update_or_create

    def slowly(**values):
        begun.set()
        go_on.wait(10)
        return add(**values)

    monkeypatch.setattr(IdempotentAnswer.objects, "update_or_create", slowly)
    codes: list[int] = []

    def request():
        try:
            response = Client().post(
                f"{API}/claims/", '{"text": "Taxes."}', content_type="application/json", headers=headers
            )
            codes.append(response.status_code)
        finally:
            connections.close_all()

    first = threading.Thread(target=request)
    first.start()
    assert begun.wait(10)
    request()
    go_on.set()
    first.join()
    request()

    assert codes == [409, 201, 201]
    assert Claim.objects.count() == 1


# Who may


WRITES = [
    ("post", "articles/", Scope.IMPORT),
    ("post", "imports/", Scope.IMPORT),
    ("post", "feeds/", Scope.IMPORT),
    ("post", f"feeds/{ABSENT}/pause/", Scope.IMPORT),
    ("post", f"feeds/{ABSENT}/resume/", Scope.IMPORT),
    ("post", "claims/", Scope.ANNOTATE),
    ("patch", f"claims/{ABSENT}/", Scope.ANNOTATE),
    ("post", f"claims/{ABSENT}/merge/", Scope.ANNOTATE),
    ("post", f"claims/{ABSENT}/unmerge/", Scope.ANNOTATE),
    ("post", f"claims/{ABSENT}/split/", Scope.ANNOTATE),
    ("post", "statements/", Scope.ANNOTATE),
    ("patch", f"statements/{ABSENT}/", Scope.ANNOTATE),
    ("delete", f"statements/{ABSENT}/", Scope.ANNOTATE),
    ("post", f"statements/{ABSENT}/restore/", Scope.ANNOTATE),
    ("post", "attributions/", Scope.ANNOTATE),
    ("patch", f"attributions/{ABSENT}/", Scope.ANNOTATE),
    ("post", f"attributions/{ABSENT}/decisions/", Scope.ANNOTATE),
    ("post", "attributions/decisions/", Scope.ANNOTATE),
    ("post", "links/", Scope.ANNOTATE),
    ("post", f"links/{ABSENT}/decisions/", Scope.ANNOTATE),
    ("post", "annotations/", Scope.ANNOTATE),
    ("post", f"articles/{ABSENT}/annotations/", Scope.ANNOTATE),
    ("post", f"flags/{ABSENT}/settle/", Scope.ANNOTATE),
    ("get", "flags/", Scope.ANNOTATE),
    ("delete", f"feeds/{ABSENT}/", Scope.ADMIN),
    ("get", "tokens/", Scope.ADMIN),
    ("delete", f"tokens/{ABSENT}/", Scope.ADMIN),
]


@pytest.mark.parametrize(("verb", "path", "scope"), WRITES)
def test_who_writes_needs_an_account_its_role_and_a_token_with_the_scope(client, verb, path, scope):
    def code(headers=None):
        response = client.generic(
            verb.upper(), f"{API}/{path}", "{}", content_type="application/json", headers=headers or {}
        )
        if response.status_code >= 400:
            assert response["Content-Type"] == "application/problem+json"
        return response.status_code

    editor = make_editor()
    assert code() == 401
    assert code(bearer(editor, Scope.READ)) == 403
    assert code(bearer(editor, Scope.IMPORT if scope == Scope.ANNOTATE else Scope.ANNOTATE)) == 403
    assert code(bearer(editor, scope)) in (200, 400, 404, 428)
    headers = bearer(editor, scope)
    editor.is_superuser = False
    editor.save()
    assert code(headers) == 403


def test_webhooks_of_others_are_administered_with_both_scopes(client, editor):
    webhook = create_webhook(make_user("eve", editor=True), url="https://hook.example/", events=["claim.disputed"])
    path, deciding = f"{API}/webhooks/{webhook.uid}/", bearer(editor, Scope.ANNOTATE)

    assert client.get(f"{API}/webhooks/", headers=deciding).json()["results"] == []
    for ask in (client.get, client.delete):
        assert ask(path, headers=deciding).status_code == 404
        assert ask(path, headers=bearer(editor, Scope.ADMIN)).status_code == 403
    administering = bearer(editor, Scope.ANNOTATE, Scope.ADMIN)
    assert [row["owner"] for row in client.get(f"{API}/webhooks/", headers=administering).json()["results"]] == ["eve"]
    assert client.delete(path, headers=administering).status_code == 204


def test_a_session_writes_with_its_csrf_token(editor):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(editor)
    body = json.dumps({"text": "Taxes will rise."})

    refused = browser.post(f"{API}/claims/", body, content_type="application/json")
    assert refused.status_code == 403
    assert "CSRF" in refused.json()["detail"]
    browser.get("/imports/new/")
    token = browser.cookies["csrftoken"].value
    made = browser.post(f"{API}/claims/", body, content_type="application/json", headers={"X-CSRFToken": token})

    assert made.status_code == 201


# Bad input


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("claims/", {}, "text"),
        ("claims/", [], "body"),
        ("claims/", "null", "body"),
        ("claims/", '"text"', "body"),
        ("claims/", {"text": 7}, "speaker|text"),
        ("claims/", {"text": None}, "text"),
        ("claims/", {"text": {"a": 1}}, "text"),
        ("claims/", {"text": "\0"}, "text"),
        ("claims/", {"text": "\ud800"}, "text"),
        ("claims/", {"text": "x" * 2001}, "text"),
        ("claims/", {"text": "x", "speaker": ABSENT}, "speaker"),
        ("claims/", {"text": "x", "speaker": "1"}, "speaker"),
        ("claims/", {"text": "x", "speaker": 10**60}, "speaker"),
        ("claims/", {"text": "x", "speaker": ["x"]}, "speaker"),
        ("claims/", {"text": "x", "topics": [ABSENT]}, "topics"),
        ("claims/", {"text": "x", "topics": "x"}, "topics"),
        ("claims/", {"text": "x", "topics": [ABSENT] * 51}, "topics"),
        ("claims/", {"text": "x", "language": "\ud800"}, "language"),
        ("claims/", {"text": "x", "said_on": "0000-01-01"}, "said_on"),
        ("claims/", {"text": "x", "said_on": "0001-01-01"}, "said_on"),
        ("claims/", {"text": "x", "said_on": "9999-12-31"}, "said_on"),
        ("claims/", {"text": "x", "said_on": "99999-12-31"}, "said_on"),
        ("claims/", {"text": "x", "said_on": 20200131}, "said_on"),
        ("claims/", {"text": "x", "\ud800\0": 1}, "\ufffd\0|?\0"),
        ("claims/", {"text": "x", "uid": ABSENT}, "uid"),
        ("attributions/", {"statement": ABSENT, "claim": ABSENT}, "statement"),
        ("attributions/", {"statement": "{statement}", "claim": "{claim}", "stance": "\ud800"}, "stance"),
        ("statements/", {"exact": "x"}, "non_field_errors"),
        ("statements/", {"article": "{article}", "exact": "x", "start": -1, "end": 1}, "start"),
        ("statements/", {"article": "{article}", "exact": "x", "start": 0, "end": 10**40}, "end"),
        ("statements/", {"article": "{article}", "exact": "x", "start": 5, "end": 5}, "start"),
        ("statements/", {"article": "{article}", "exact": "x", "start": 5}, "start"),
        ("statements/", {"article": "{article}", "exact": "\ud800"}, "exact"),
        ("statements/", {"article": "{article}", "exact": "x", "kind": "loud"}, "kind"),
        ("statements/", {"article": "{article}", "exact": "x", "relays": ["a"] * 11}, "relays"),
        ("links/", {"claim": "{claim}", "other": "{claim}", "kind": "same", "decision": "maybe"}, "decision"),
        ("articles/", {}, "article"),
        ("articles/", {"outlet": 1e400}, "article|body"),
        ("articles/", {**GOOD, "text": "\ud800"}, "article"),
        ("articles/", {**GOOD, "text": "\0"}, "article"),
        ("articles/", {**GOOD, "published_at": "0000-01-01"}, "article"),
        ("articles/", {**GOOD, "published_at": "9999-12-31T23:59:59-23:59"}, "article"),
        ("articles/", 7, "body"),
    ],
)
def test_a_body_that_cannot_be_meant_is_refused_by_field(send, path, body, field):
    statement = make_statement()
    claim = make_claim()
    before = Claim.objects.count(), Statement.objects.count(), Attribution.objects.count()
    content = body if isinstance(body, str) else json.dumps(body)
    for name, row in (("statement", statement), ("claim", claim), ("article", statement.revision.article)):
        content = content.replace(f"{{{name}}}", str(row.uid))
    if "Infinity" in content:
        content = content.replace("Infinity", "1e400")

    answer, _ = send("post", path, content, expected=400)

    if "fields" in answer:
        assert set(answer["fields"]) & set(field.split("|")), answer
    assert (Claim.objects.count(), Statement.objects.count(), Attribution.objects.count()) == before
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        b"\xff\xfe",
        '{"text": NaN}',
        '{"text": ' + "9" * 5000 + "}",
        "[" * 200_000,
        '{"text":' * 900 + "1" + "}" * 900,
        '{"text": ' + "[" * 60 + "]" * 60 + "}",
    ],
)
def test_what_is_no_json_or_too_deep_is_refused(send, body):
    send("post", "claims/", body, expected=400)
    send("post", "articles/", body, expected=400)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        *((f"{path}/", "application/json") for path in ("claims", "articles", "flags", "imports", "feeds", "links")),
        *((f"{path}/", "application/json") for path in ("statements", "attributions", "attributions/decisions")),
        ("annotations/", "application/ld+json"),
        ("reconcile/claims/", "application/x-www-form-urlencoded"),
        ("reconcile/claims/", "multipart/form-data; boundary=x"),
    ],
)
def test_a_body_of_a_hundred_megabytes_is_refused_before_it_is_read(client, editor, path, form):
    class Unread:
        def read(self, *_):
            raise AssertionError("The body was read.")

        readline = read

    response = client.generic(
        "POST",
        f"{API}/{path}",
        b"{}",
        content_type=form,
        headers={**bearer(editor), "If-Match": "*"},
        **{"CONTENT_LENGTH": "100000000", "wsgi.input": Unread()},
    )

    assert response.status_code == 413
    assert "000,000 bytes" in response.json()["detail"]


def test_articles_may_be_larger_than_forms(send, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    send("post", "articles/", GOOD, expected=202)
    send("post", "claims/", {"text": "x" * 100}, expected=413)

    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("verb", "path", "expected"),
    [
        ("put", "claims/", 405),
        ("delete", "claims/", 405),
        ("patch", "topics/", 405),
        ("post", "outlets/", 405),
        ("get", f"attributions/{ABSENT}/decisions/", 405),
        ("get", "annotations/", 405),
        ("post", "nowhere/", 404),
        ("delete", "nowhere/", 404),
        ("post", "claims/1/merge/", 404),
        ("get", "claims/?colour=red", 400),
        ("post", "claims/?colour=red", 400),
        ("post", "claims/?atomic=perhaps", 400),
    ],
)
def test_every_error_is_a_problem(client, editor, verb, path, expected):
    body = "[{}]" if "atomic" in path else "{}"
    headers = {**bearer(editor), "If-Match": "*"}
    response = client.generic(verb.upper(), f"{API}/{path}", body, content_type="application/json", headers=headers)

    assert response.status_code == expected
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == expected


def test_only_json_is_read(client, editor):
    for form in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        response = client.generic("POST", f"{API}/claims/", "text=x", content_type=form, headers=bearer(editor))
        assert response.status_code == 415
        assert response["Content-Type"] == "application/problem+json"


# How much it costs


def test_lists_tell_versions_where_they_are_asked_for(client):
    claim = make_claim()
    reports = [make_report(claim) for _ in range(3)]

    answer = client.get(f"{API}/attributions/?include=versions").json()

    told = {row["uid"]: row["version"] for row in answer["included"]["versions"]}
    for report in reports:
        assert etag(client, f"attributions/{report.uid}/").startswith(f'"{told[str(report.uid)]}-')
    assert client.get(f"{API}/topics/?include=versions").status_code == 400


def test_reading_flags_and_links_costs_the_same_for_many(client, editor):
    def costs(path):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"{API}/{path}", headers=headers).status_code == 200
        return len(queries)

    headers = bearer(editor)
    claim = make_claim()
    costs("flags/")
    lists = ("flags/", "flags/?include=versions", "links/", "feeds/?include=versions", "tokens/")
    counts = []
    for number in (1, 20):
        while Flag.objects.count() < number:
            Flag.objects.create(claim=claim, text="The article says Tuesday.")
            decide_link(claim, make_claim(), status="rejected", by=editor)
            importing.add_feed(f"https://example.org/{Flag.objects.count()}.xml", outlet=make_outlet())
            bearer(make_user(), Scope.READ)
        counts.append([costs(path) for path in lists])

    assert counts[0] == counts[1]
