"""Imports and feeds over REST: anyone reads, editors request, cancel and try again."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.scopes import Scope
from accounts.tokens import make_token
from config import retention
from sources import importing, tasks
from sources.models import Feed, ImportItem, ImportRun
from tests.factories import make_article, make_outlet, make_user

pytestmark = pytest.mark.django_db

API = "/api/v1"
KIND_OF_IMPORTS = next(kind for kind in retention.KINDS if kind.name == "imports")
ABSENT = "3f2f3c0e-8f57-4f0e-9d5c-2f6a8b1f0c11"
GOOD = {"outlet": "Gazette", "title": "Dredging ahead", "text": "Ms Ruiz said: “The river will be dredged.”"}


def bearer(name: str, *scopes: Scope) -> dict[str, str]:
    owner = User.objects.get(username=name)
    _, secret = make_token(owner, name="tests", scopes=scopes or [Scope.IMPORT], days=1)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def editor():
    user = make_user("ed")
    user.user_permissions.add(Permission.objects.get(codename="add_importrun"))
    return user


@pytest.fixture
def woken(monkeypatch) -> list[str]:
    sent: list[str] = []
    monkeypatch.setattr(tasks.import_items, "delay", lambda: sent.append("import_items"))
    return sent


@pytest.fixture
def post(client, editor, woken, django_capture_on_commit_callbacks):
    """Give what posts JSON as the editor and returns (answer, response)."""

    def post(path, body=None, expected=202, *, headers=None):
        content = body if isinstance(body, str | bytes) else json.dumps(body if body is not None else {})
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(
                f"{API}/{path}", content, content_type="application/json", headers=headers or bearer("ed")
            )
        assert response.status_code == expected, response.content[:2000]
        form = "application/json" if response.status_code < 400 else "application/problem+json"
        assert response["Content-Type"] == form
        return response.json(), response

    return post


def make_run(*states: str, feed: Feed | None = None) -> ImportRun:
    run = ImportRun.objects.create(label="articles.jsonl", feed=feed, read_at=timezone.now())
    for position, state in enumerate(states, start=1):
        ImportItem.objects.create(
            run=run,
            position=position,
            label=f"articles.jsonl:{position}",
            media_type="text/plain",
            payload=b"A text.",
            state=state,
            reason="" if state in ("pending", "imported") else f"Reason {position}.",
            finished_at=None if state == "pending" else timezone.now(),
            article=make_article() if state == "imported" else None,
        )
    return run


def make_feed(**fields) -> Feed:
    return Feed.objects.create(**{"url": f"https://example.org/{uuid4().hex}.xml", **fields})


# Reading


def test_anyone_reads_imports_with_their_counts(client):
    feed = make_feed(title="News")
    make_run("failed")
    run = make_run("imported", "imported", "failed", "pending", feed=feed)

    first, second = client.get(f"{API}/imports/").json()["results"]

    assert (first["uid"], second["document_count"]) == (str(run.uid), 1)
    assert first["feed"] == {"uid": str(feed.uid), "url": feed.url, "title": "News"}
    assert first["counts"] == {
        "pending": 1,
        "imported": 2,
        "expanded": 0,
        "skipped": 0,
        "failed": 1,
        "cancelled": 0,
    }
    assert client.get(first["links"]["self"]).json() == first
    assert first["links"]["page"] == f"http://testserver/imports/{run.uid}/"
    assert len(client.get(first["links"]["items"]).json()["results"]) == 4
    assert len(client.get(f"{API}/imports/?feed={feed.uid}").json()["results"]) == 1


def test_an_import_counts_documents_that_went_by_age_as_far_as_they_are_known(client):
    long_ago = timezone.now() - timedelta(days=400)
    files, addresses = make_run("imported", "failed"), make_run("imported", "imported", "failed")
    first, all_gone, empty = make_run("imported", "imported", "skipped"), make_run("imported"), make_run()
    ImportRun.objects.filter(pk=files.pk).update(documents_read=2)
    ImportItem.objects.filter(run__in=[files, all_gone]).update(finished_at=long_ago)
    ImportItem.objects.filter(run=first, position__lt=3).update(finished_at=long_ago)
    ImportRun.objects.exclude(pk=empty.pk).update(read_at=long_ago)

    assert sum(retention.prune(KIND_OF_IMPORTS, days=365)) == 5

    told = {row["uid"]: row for row in client.get(f"{API}/imports/").json()["results"]}
    assert [told[str(run.uid)]["document_count"] for run in (files, addresses, first, all_gone, empty)] == [
        *(2, 3, 3),
        *(None, 0),
    ]
    assert [sum(told[str(run.uid)]["counts"].values()) for run in (files, addresses, first)] == [0, 3, 1]
    assert client.get(f"{API}/imports/{first.uid}/").json() == told[str(first.uid)]


def test_the_documents_of_an_import_say_what_became_of_them(client):
    run = make_run("imported", "failed", "failed")

    answer = client.get(f"{API}/imports/{run.uid}/items/?state=failed").json()
    (imported,) = client.get(f"{API}/imports/{run.uid}/items/?state=imported").json()["results"]

    assert [(row["position"], row["reason"]) for row in answer["results"]] == [(2, "Reason 2."), (3, "Reason 3.")]
    assert imported["article"]["title"].startswith("Article")
    assert not {"payload", "record"} & imported.keys()


def test_anyone_reads_which_feeds_are_broken(client):
    outlet = make_outlet("Gazette")
    make_feed(active=False)
    feed = make_feed(outlet=outlet, failures=2, failing_since=timezone.now(), last_error="No answer.")

    (row,) = client.get(f"{API}/feeds/?broken=1").json()["results"]

    assert (row["outlet"]["name"], row["failures"], row["last_error"]) == ("Gazette", 2, "No answer.")
    assert client.get(row["links"]["self"]).json() == row
    assert row["uid"] == str(feed.uid)
    assert len(client.get(f"{API}/feeds/?active=0&broken=0").json()["results"]) == 1


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("imports/?state=failed", "no such parameter"),
        ("imports/?feed=x", "There is no feed"),
        ("feeds/?broken=perhaps", "Give 1"),
        ("imports/{uid}/items/?state=lost", "is not one of"),
        ("imports/{uid}/items/?q=x", "no such parameter"),
        ("imports/{uid}/?q=x", "no such parameter"),
    ],
)
def test_a_parameter_that_cannot_be_meant_is_refused(client, path, says):
    response = client.get(f"{API}/{path.format(uid=make_run('failed').uid)}")

    assert response.status_code == 400
    assert says in response.content.decode()


@pytest.mark.parametrize("uid", ["1", "x", "%00", ABSENT])
@pytest.mark.parametrize("path", ["imports/{}/", "imports/{}/items/", "feeds/{}/"])
def test_a_row_that_does_not_exist_is_not_found(client, path, uid):
    response = client.get(f"{API}/{path.format(uid)}")

    assert response.status_code == 404
    assert "detail" in response.json()


# Who may write


@pytest.fixture
def writes():
    run = make_run("failed", "pending")
    return [f"{API}/imports/", f"{API}/imports/{run.uid}/cancel/", f"{API}/imports/{run.uid}/retry/"]


def send(client, path, **headers):
    return client.post(path, json.dumps({"addresses": ["https://example.org/1"]}), "application/json", headers=headers)


def unchanged() -> bool:
    return ImportRun.objects.count() == 1 and ImportItem.objects.counts_by_state() == {"failed": 1, "pending": 1}


def test_without_an_account_nothing_is_written(client, writes):
    for path in writes:
        response = send(client, path)
        assert response.status_code == 401, path
        assert response["WWW-Authenticate"] == 'Bearer realm="Second Source"'
        assert response.json()["detail"]
    assert unchanged()


def test_a_wrong_token_writes_nothing(client, writes, editor):
    for path in writes:
        assert send(client, path, Authorization="Bearer sst_wrong").status_code == 401
        assert send(client, path, Authorization="Basic ZWQ6ZWQ=").status_code == 401
        assert send(client, path, **bearer("ed", Scope.READ)).status_code == 403
    assert unchanged()


def test_an_account_without_the_permission_writes_nothing(client, writes, editor):
    headers = bearer("ed")
    editor.user_permissions.clear()

    for path in writes:
        response = send(client, path, **headers)
        assert response.status_code == 403
        assert "ed has no role that allows this: import articles" in response.json()["detail"]
    assert unchanged()


def test_a_session_needs_its_csrf_token(writes, editor, woken):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)

    for path in writes:
        response = send(client, path)
        assert response.status_code == 403
        assert "CSRF" in response.json()["detail"]
    assert unchanged()

    client.get("/imports/new/")
    token = client.cookies["csrftoken"].value
    assert send(client, writes[0], **{"X-CSRFToken": token}).status_code == 202


@pytest.mark.parametrize("verb", ["put", "patch", "delete"])
def test_no_other_verb_is_known(client, editor, writes, verb):
    for path in [*writes, f"{API}/imports/{ImportRun.objects.get().uid}/", f"{API}/feeds/"]:
        assert getattr(client, verb)(path, headers=bearer("ed")).status_code == 405
    assert client.get(writes[1]).status_code == 405


# Requesting


def test_addresses_are_accepted_and_the_answer_says_where_to_look(client, post, woken):
    answer, response = post("imports/", {"addresses": ["https://Example.org/a#top", "https://example.org/b"]})

    run = ImportRun.objects.get()
    assert response["Location"] == answer["links"]["self"] == f"http://testserver{API}/imports/{run.uid}/"
    assert client.get(response["Location"]).json() == answer
    assert answer["label"] == "https://example.org/a and 1 more"
    assert answer["counts"]["pending"] == 2
    assert run.requested_by.username == "ed"
    assert woken == ["import_items"]


def test_documents_are_imported_and_bad_ones_are_failed_items(client, post):
    bad = [
        {"title": "No outlet", "text": "A text."},
        {**GOOD, "unknown": 1},
        {**GOOD, "file": "/etc/passwd"},
        {**GOOD, "text": "half \ud800 a character"},
        {**GOOD, "ti\0tle\ud800": ""},
        {**GOOD, "published_at": "soon"},
        "a text",
        None,
        7,
        [GOOD],
    ]

    answer, _ = post("imports/", {"label": "Friday’s lot", "documents": [*bad, GOOD]})

    assert answer["label"] == "Friday’s lot"
    assert (answer["counts"]["failed"], answer["counts"]["pending"]) == (len(bad), 1)
    assert importing.import_next()
    rows = client.get(f"{answer['links']['items']}?limit=200").json()["results"]
    assert [row["state"] for row in rows] == ["failed"] * len(bad) + ["imported"]
    assert "no outlet" in rows[0]["reason"]
    assert "JSON object" in rows[6]["reason"]
    assert rows[-1]["label"] == f"document {len(bad) + 1}"


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ({}, "non_field_errors", "Give either"),
        ({"addresses": ["https://a.example/"], "documents": [GOOD]}, "non_field_errors", "Give either"),
        ({"addresses": []}, "addresses", "may not be empty"),
        ({"documents": []}, "documents", "may not be empty"),
        ({"addresses": "https://a.example/"}, "addresses", "Expected a list"),
        ({"documents": {}}, "documents", "Expected a list"),
        ({"addresses": ["https://a.example/", "ftp://a.example/"]}, "addresses", "Address 2: "),
        ({"addresses": ["https://a.example/\0"]}, "addresses", "Null characters"),
        ({"addresses": ["https://a.example/\ud800"]}, "addresses", "Surrogate"),
        ({"addresses": [7.5, None]}, "addresses", "null"),
        ({"addresses": ["https://a.example/"], "label": "x" * 501}, "label", "no more than 500"),
        ({"addresses": ["https://a.example/"], "label": "\0"}, "label", "Null characters"),
        ({"addresses": ["https://a.example/"], "priority": 99}, "priority", "no such field"),
        ({"adresses": ["https://a.example/"]}, "adresses", "Allowed: label, addresses, documents"),
        ([], "body", "must be a JSON object"),
        ("null", "body", "must be a JSON object"),
    ],
)
def test_a_body_that_cannot_be_meant_is_refused_by_field(post, body, field, says):
    answer, _ = post("imports/", body, expected=400)

    assert answer["detail"] == "These fields are wrong; nothing was stored."
    assert says in json.dumps(answer["fields"][field])
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "\xff", '{"addresses": NaN}', b"\xff\xfe", "[" * 200_000])
def test_what_is_no_json_is_refused(post, body):
    post("imports/", body, expected=400)


def test_only_json_is_read(client, editor):
    response = client.post(f"{API}/imports/", {"addresses": "https://a.example/"}, headers=bearer("ed"))

    assert response.status_code == 415


def test_so_large_a_body_is_refused(post, settings):
    settings.IMPORT_MAX_UPLOAD_BYTES = 100

    answer, _ = post("imports/", {"documents": [GOOD]}, expected=413)

    assert "the limit is 100" in answer["detail"]


def test_a_document_over_its_limit_fails_alone(client, post, settings):
    settings.IMPORT_MAX_DOCUMENT_BYTES = 100

    answer, _ = post("imports/", {"documents": [GOOD, {**GOOD, "text": "x" * 101}]})

    assert (answer["counts"]["failed"], answer["counts"]["pending"]) == (1, 1)


# Cancelling and trying again


def test_cancelling_twice_cancels_once(post):
    run = make_run("imported", "pending", "pending")

    assert post(f"imports/{run.uid}/cancel/", expected=200)[0] == {"cancelled": 2}
    assert post(f"imports/{run.uid}/cancel/", expected=200)[0] == {"cancelled": 0}
    assert run.items.counts_by_state() == {"imported": 1, "cancelled": 2}


def test_a_write_needs_no_body(client, editor, woken):
    run = make_run("failed", "pending")

    assert client.generic("POST", f"{API}/imports/{run.uid}/retry/", headers=bearer("ed")).status_code == 202
    assert client.generic("POST", f"{API}/imports/{run.uid}/cancel/", headers=bearer("ed")).status_code == 200


def test_all_that_failed_or_some_are_tried_again(post, woken):
    run = make_run("failed", "failed", "imported", "failed")

    assert post(f"imports/{run.uid}/retry/", {"positions": [2, 3, 99]})[0] == {"retried": 1}
    assert post(f"imports/{run.uid}/retry/")[0] == {"retried": 2}
    assert run.items.counts_by_state() == {"imported": 1, "pending": 3}
    assert woken == ["import_items"] * 2


@pytest.mark.parametrize(
    "body", [{"positions": []}, {"positions": ["x"]}, {"positions": [0]}, {"positions": 1}, {"position": 1}]
)
def test_positions_that_cannot_be_meant_are_refused(post, body):
    run = make_run("failed")

    post(f"imports/{run.uid}/retry/", body, expected=400)
    assert run.items.get().state == "failed"


@pytest.mark.parametrize("verb", ["cancel", "retry"])
def test_an_import_that_does_not_exist_is_not_found(post, verb):
    post(f"imports/{uuid4()}/{verb}/", expected=404)
    post(f"imports/x/{verb}/", expected=404)


# Cost


def test_twenty_cost_no_more_queries_than_one(client):
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    def make(documents: int) -> ImportRun:
        return make_run(*["imported", "failed"] * documents, feed=make_feed(outlet=make_outlet()))

    run = make(1)
    paths = [f"{API}/imports/", f"{API}/feeds/", f"{API}/imports/{{}}/", f"{API}/imports/{{}}/items/"]
    one = [queries(path.format(run.uid)) for path in paths]
    for _ in range(19):
        run = make(20)

    assert [queries(path.format(run.uid)) for path in paths] == one
    assert max(one) <= 4
