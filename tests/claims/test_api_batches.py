"""Several rows in one request: each with its own outcome, stored one by one, or all or none."""

import json
from uuid import uuid4

import pytest
from django.core.cache import cache

from accounts.scopes import Scope
from accounts.tokens import make_token
from claims.api.batches import ROWS_MAX
from claims.models import Attribution, Claim, Decision, Statement
from sources import importing, tasks
from sources.models import Article, ImportRun
from tests.factories import make_article, make_claim, make_report, make_statement, make_user

pytestmark = pytest.mark.django_db

API = "/api/v1"
ABSENT = "3f2f3c0e-8f57-4f0e-9d5c-2f6a8b1f0c11"
GOOD = {"outlet": "Gazette", "title": "Dredging ahead", "text": "Ms Ruiz said: “The river will be dredged.”"}


@pytest.fixture(autouse=True)
def settled(settings, monkeypatch):
    monkeypatch.setattr(tasks.import_items, "delay", lambda: None)
    cache.clear()


@pytest.fixture
def send(client):
    """Give what sends JSON as an editor and returns the answer."""
    editor = make_user("ed")
    editor.is_superuser = True
    editor.save()
    _, secret = make_token(editor, name="tests", scopes=list(Scope), days=1)

    def send(path, body, expected=207, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = client.post(
            f"{API}/{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}", **named},
        )
        assert response.status_code == expected, response.content[:2000]
        form = "application/json" if expected < 400 else "application/problem+json"
        assert response["Content-Type"] == form
        return response.json()

    return send


def version(client, attribution):
    return client.get(f"{API}/attributions/{attribution.uid}/")["ETag"]


def codes(answer):
    assert [row["index"] for row in answer["results"]] == list(range(len(answer["results"])))
    for row in answer["results"]:
        assert (row["problem"] is None) == (row["status"] < 400)
        if row["problem"] is not None:
            assert row["problem"]["status"] == row["status"]
    return [row["status"] for row in answer["results"]]


def test_each_row_has_its_own_outcome(client, send):
    speaker = {"speaker": ABSENT}
    rows = [{"text": "Taxes will rise."}, {"text": ""}, 7, {"text": "Taxes.", **speaker}, {"text": "Taxes will fall."}]
    rows += [{"\ud800": "\0"}, None]

    answer = send("claims/", rows)

    assert codes(answer) == [201, 400, 400, 400, 201, 400, 400]
    assert answer["results"][0]["row"] == client.get(f"{API}/claims/{answer['results'][0]['row']['uid']}/").json()
    assert "blank" in answer["results"][1]["problem"]["fields"]["text"][0]
    assert sorted(Claim.objects.values_list("text", flat=True)) == ["Taxes will fall.", "Taxes will rise."]


def test_all_rows_are_stored_or_none(send):
    rows = [{"text": "Taxes will rise."}, {"text": ""}, {"text": "Taxes will fall."}]

    answer = send("claims/?atomic=1", rows, expected=422)
    assert codes(answer) == [424, 400, 424]
    assert not Claim.objects.exists()

    assert codes(send("claims/?atomic=1", [rows[0], rows[2]])) == [201, 201]
    assert Claim.objects.count() == 2


def test_several_reports_are_decided_on_as_they_were_seen(client, send):
    claim, other = make_claim(), make_claim()
    reports = [make_report(claim) for _ in range(5)]
    seen = [version(client, report) for report in reports]
    rows = [
        {"attribution": str(reports[0].uid), "decision": "confirm", "version": seen[0]},
        {"attribution": str(reports[1].uid), "decision": "reject", "version": seen[1]},
        {"attribution": str(reports[2].uid), "decision": "move", "to": str(other.uid), "version": seen[2]},
        {"attribution": str(reports[3].uid), "decision": "undo", "version": seen[3]},
        {"attribution": str(reports[4].uid), "decision": "unsure", "version": '"987654321-x"'},
        {"attribution": str(reports[0].uid), "decision": "reject", "version": seen[0]},
        {"attribution": str(reports[4].uid), "decision": "unsure"},
        {"attribution": ABSENT, "decision": "unsure", "version": "1"},
    ]

    answer = send("attributions/decisions/", rows)

    assert codes(answer) == [200, 200, 200, 409, 412, 412, 400, 400]
    assert [answer["results"][place]["row"]["status"] for place in (0, 1, 2)] == ["confirmed", "rejected", "confirmed"]
    assert answer["results"][2]["row"]["claim"]["uid"] == str(other.uid)
    assert answer["results"][5]["problem"]["fields"]["status"]["current"] == "confirmed"
    assert Attribution.objects.get(pk=reports[4].pk).status == "proposed"
    again = {**rows[0], "decision": "undo", "version": answer["results"][0]["version"]}
    assert codes(send("attributions/decisions/", [again])) == [200]


def test_decisions_of_which_one_is_refused_leave_nothing_decided(client, send):
    reports = [make_report(make_claim()) for _ in range(2)]
    rows = [
        {"attribution": str(reports[0].uid), "decision": "confirm", "version": version(client, reports[0])},
        {"attribution": str(reports[1].uid), "decision": "confirm", "version": "987654321"},
    ]
    rows[1]["decision"] = "undo"

    answer = send("attributions/decisions/?atomic=1", rows, expected=422)

    assert [code >= 400 for code in codes(answer)] == [True, True]
    assert set(Attribution.objects.values_list("status", flat=True)) == {"proposed"}
    assert not Decision.objects.exists()


def test_several_statements_are_annotated_and_linked(send):
    text = "Ms Ruiz said: “The river will be dredged.” She added: “Taxes will rise.”"
    article = make_article(text)
    rows = [{"article": str(article.uid), "exact": words} for words in ("The river will be dredged.", "Not there.")]
    rows.append({"article": str(article.uid), "exact": "Taxes will rise."})

    answer = send("statements/", rows)
    assert codes(answer) == [201, 422, 201]
    claim = make_claim()
    uids = [answer["results"][place]["row"]["uid"] for place in (0, 2)]
    linked = send("attributions/", [{"statement": uid, "claim": str(claim.uid)} for uid in (*uids, ABSENT)])

    assert codes(linked) == [201, 201, 400]
    assert Statement.objects.count() == 2
    assert set(claim.attributions.values_list("status", flat=True)) == {"confirmed"}


def test_several_articles_are_handed_in_and_bad_ones_say_why(client, send):
    rows = [
        GOOD,
        {**GOOD, "text": "half \ud800 a character"},
        None,
        {**GOOD, "title": "Second", "text": "Another text."},
    ]

    answer = send("articles/", rows)

    assert [(row["index"], row["status"], row["position"]) for row in answer["results"]] == [
        (0, 202, 1),
        (1, 400, None),
        (2, 400, None),
        (3, 202, 2),
    ]
    assert "half a character" in answer["results"][1]["problem"]["fields"]["article"][0]
    assert (answer["import"]["document_count"], answer["import"]["label"]) == (2, "Dredging ahead and 1 more")
    while importing.import_next():
        pass
    items = client.get(answer["import"]["links"]["items"]).json()["results"]
    assert [(item["position"], item["article"]["title"]) for item in items] == [(1, "Dredging ahead"), (2, "Second")]


def test_all_articles_are_handed_in_or_none(send):
    answer = send("articles/?atomic=1", [GOOD, {**GOOD, "colour": "red"}], expected=422)
    assert codes(answer) == [424, 400]
    assert codes(send("articles/", [{}, []], expected=422)) == [400, 400]

    assert not ImportRun.objects.exists()
    assert not Article.objects.exists()


def test_a_batch_that_is_sent_again_with_its_key_is_carried_out_once(send):
    key, rows = str(uuid4()), [{"text": "Taxes will rise."}, {"text": ""}]

    first = send("claims/", rows, Idempotency_Key=key)
    second = send("claims/", rows, Idempotency_Key=key)
    send("claims/", rows[:1], expected=422, Idempotency_Key=key)

    assert first == second
    assert Claim.objects.count() == 1


@pytest.mark.parametrize("rows", [[], [{"text": "Taxes."}] * (ROWS_MAX + 1)])
def test_a_batch_has_some_rows_and_not_too_many(send, rows):
    answer = send("claims/", rows, expected=400)

    assert f"1 to {ROWS_MAX}" in answer["fields"]["body"][0]
    assert not Claim.objects.exists()


def test_linking_twice_in_one_batch_links_once(send):
    row = {"statement": str(make_statement().uid), "claim": str(make_claim().uid)}

    answer = send("attributions/", [row, row, {**row, "stance": "denies"}])

    assert codes(answer) == [201, 201, 409]
    assert Attribution.objects.count() == 1
