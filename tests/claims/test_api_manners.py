"""What the conventions of the web lead programs to expect, at every address: methods, forms, slashes, compression."""

import gzip
import json

import pytest
from django.test import Client

from accounts.scopes import Scope
from accounts.tokens import make_token
from tests.claims.description import description
from tests.factories import make_claim, make_outlet, make_report, make_topic, make_user

pytestmark = pytest.mark.django_db

API = "/api/v1"
ABSENT = "3f2f3c0e-8f57-4f0e-9d5c-2f6a8b1f0c11"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: What describes the others, and what is in addresses beside uids.
DESCRIBING = (f"{API}/schema/", f"{API}/docs/")
VALUES = {"{kind}": "claims", "{number}": "1", "{uid}": ABSENT, "{delivery}": ABSENT}


@pytest.fixture
def token(db):
    user = make_user("ed")
    user.is_superuser = True
    user.save()
    return {"Authorization": f"Bearer {make_token(user, name='tests', scopes=list(Scope), days=1)[1]}"}


@pytest.fixture
def claim(db):
    claim = make_claim("Taxes will rise.", topics=(make_topic("Trade"),))
    for name in ("Gazette", "Herald"):
        make_report(claim, outlet=make_outlet(name))
    return claim


@pytest.fixture
def described():
    """Give the addresses of the description, with the methods that each knows."""
    schema = description()
    found = {}
    for path, operations in schema["paths"].items():
        for name, value in VALUES.items():
            path = path.replace(name, value)
        found[path] = {method.upper() for method in operations}
    assert len(found) > 50
    return found


def problem(answer, status):
    """Return the members of a refusal, which is a problem as in RFC 9457."""
    assert answer.status_code == status, answer.content[:500]
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert (told["type"], told["status"]) == ("about:blank", status)
    assert told["title"]
    assert told["detail"]
    return told


# Methods


def test_a_method_that_an_address_does_not_know_is_405_with_those_that_it_does(client, token, described):
    asked = 0
    for path, known in described.items():
        for method in METHODS:
            if method in known:
                continue
            answer = client.generic(method, path, "{}", content_type="application/json", headers=token)
            assert method in problem(answer, 405)["detail"], path
            allowed = set(answer["Allow"].split(", ")) - {"HEAD", "OPTIONS"}
            assert allowed == known, (method, path)
            asked += 1
    assert asked > 150


def test_options_says_which_methods_there_are(client, described):
    for path, known in described.items():
        if path in DESCRIBING:
            continue
        answer = client.options(path)
        assert answer.status_code == 200, (path, answer.content)
        assert set(answer["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == known, path
        told = answer.json()
        assert set(told["methods"]) == set(answer["Allow"].split(", "))
        assert told["schema"] == f"http://testserver{API}/schema/"


def test_head_is_answered_as_get_without_its_body(client, claim, token):
    uid = claim.uid
    paths = (
        "",
        "claims/",
        f"claims/{uid}/",
        f"claims/{uid}/corroboration/",
        "claims/?format=csv",
        "changes/",
        "nowhere/",
    )
    for path in (*paths, "events/", "flags/", "reconcile/claims/", f"reconcile/claims/preview/?id={uid}"):
        got, head = (ask(f"{API}/{path}", headers=token) for ask in (client.get, client.head))
        assert head.status_code == got.status_code, path
        assert b"".join(head) == b"", path
        for name in ("Content-Type", "ETag", "Allow"):
            # The place in `changes/` and `events/` goes on.
            if name != "ETag" or path.partition("?")[0] not in ("changes/", "events/"):
                assert head.get(name) == got.get(name), (path, name)


# Addresses


@pytest.mark.parametrize("method", [*METHODS, "OPTIONS"])
def test_an_address_that_does_not_exist_is_404_whoever_asks_and_how(client, token, method):
    for path in ("nowhere/", "nowhere", "claims/x/y/z/", "%00/", "claims//", "ж/", "a%0Ab/"):
        for headers in ({}, token):
            answer = client.generic(method, f"{API}/{path}", "{}", content_type="application/json", headers=headers)
            assert "docs" in problem(answer, 404)["detail"], path


@pytest.mark.parametrize("method", METHODS)
def test_an_address_that_lacks_its_last_slash_leads_to_it_with_the_same_method(client, method):
    for path in ("claims", f"claims/{ABSENT}", "reconcile/claims"):
        answer = client.generic(method, f"{API}/{path}?q=%D0%B6", "{}", content_type="application/json")
        assert (answer.status_code, answer["Location"]) == (308, f"{API}/{path}/?q=%D0%B6")


def test_what_is_sent_to_an_address_without_its_slash_arrives(client, token):
    body = json.dumps({"text": "Taxes will rise."})
    sent = {"data": body, "content_type": "application/json", "headers": token}

    answer = client.post(f"{API}/claims", follow=True, **sent)

    assert answer.status_code == 201
    assert answer.json()["text"] == "Taxes will rise."


def test_a_host_that_is_none_of_the_sites_is_refused_as_a_problem(client):
    problem(client.get(f"{API}/claims/", headers={"host": "elsewhere.example"}), 400)


# Forms


def test_a_form_that_there_is_not_is_406_at_every_address(client, token, described):
    asked = 0
    for path, known in described.items():
        if path not in DESCRIBING:
            for method in known:
                headers = {**token, "Accept": "application/pdf"}
                answer = client.generic(method, path, "{}", content_type="application/json", headers=headers)
                problem(answer, 406)
                asked += 1
    assert asked > 70


def test_a_preview_is_a_page_for_who_takes_pages_alone(client, claim):
    path = f"{API}/reconcile/claims/preview/"

    assert client.get(path, {"id": claim.uid}, headers={"accept": "text/html"}).status_code == 200
    problem(client.get(path, {"id": ABSENT}, headers={"accept": "text/html"}), 404)


# Compression


ZIPPED = {"Accept-Encoding": "gzip, deflate"}


@pytest.mark.django_db(transaction=True)
def test_answers_come_compressed_to_who_takes_them_so(client, claim):
    for path in (
        "claims/",
        "claims/?format=csv",
        "claims/?format=jsonl",
        "changes/?resource=claims",
        f"claims/{claim.uid}/",
    ):
        plain, packed = (client.get(f"{API}/{path}", headers=headers) for headers in ({}, ZIPPED))

        assert "Content-Encoding" not in plain
        assert (packed["Content-Encoding"], "Accept-Encoding" in packed["Vary"]) == ("gzip", True)
        content = b"".join(plain)
        assert gzip.decompress(b"".join(packed)) == content, path
        assert len(content) > 200


def test_what_came_compressed_is_known_again_and_can_be_changed(client, claim, token):
    path = f"{API}/claims/{claim.uid}/"
    etag = client.get(path, headers=ZIPPED)["ETag"]

    assert etag.startswith('W/"')
    assert client.get(path, headers={**ZIPPED, "If-None-Match": etag}).status_code == 304
    change = json.dumps({"text": "Taxes rise."})
    sent = {"content_type": "application/json", "headers": {**token, "If-Match": etag}}
    assert client.patch(path, change, **sent).status_code == 200
    assert client.patch(path, '{"text": "Taxes fall."}', **sent).status_code == 412


def test_events_are_not_held_up_by_compression(client, settings):
    settings.EVENT_STREAM_LIFE_S = 0
    answer = client.get(f"{API}/events/", headers={**ZIPPED, "Accept": "text/event-stream"})

    assert "Content-Encoding" not in answer
    assert next(iter(answer)).startswith(b"retry: ")
    answer.close()


def test_what_a_proxy_compresses_is_left_to_it(client, claim, settings):
    assert "Content-Encoding" not in client.get("/", headers=ZIPPED)
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert "Content-Encoding" not in client.get(f"{API}/claims/", headers=ZIPPED)


# Events: what else its description has


@pytest.mark.django_db(transaction=True)
def test_events_are_answered_in_all_the_ways_that_are_described(client, settings):
    schema = description()
    settings.EVENT_STREAM_LIFE_S = 0
    path, stream = f"{API}/events/", {"Accept": "text/event-stream"}
    got = {}

    page = client.get(path)
    got[page.status_code] = page
    streamed = client.get(path, headers=stream)
    assert streamed["Content-Type"] == "text/event-stream; charset=utf-8"
    assert b"".join(streamed.streaming_content).startswith(b"retry: ")
    now = page.json()["next"]
    asked = [
        client.get(now, headers={"If-None-Match": client.get(now)["ETag"]}),
        client.get(path, {"types": "claim.wrong"}),
        client.get(path, {"since": "9" * 17}),
        client.get(path, {"since": "x" * 9000}),
        client.get(path, headers={"Accept": "application/pdf"}),
        client.get(path, headers={"Authorization": "Bearer sst_wrong"}),
    ]
    settings.PUBLIC_READS = False
    asked.append(client.get(path, headers=writer()))
    settings.PUBLIC_READS, settings.RATE_READS = True, 1
    asked += [client.get(path, REMOTE_ADDR="192.0.2.77") for _ in range(2)]
    got |= {answer.status_code: answer for answer in asked}

    # 503 is told of by test_api_limits.
    assert {str(status) for status in got} | {"503"} == set(schema["paths"][path]["get"]["responses"])
    for status, answer in got.items():
        if status >= 400:
            problem(answer, status)


def writer():
    """Return the headers of a token that may not read where reading needs an account."""
    _, secret = make_token(make_user("eve", editor=True), name="notes", scopes=[Scope.ANNOTATE], days=1)
    return {"Authorization": f"Bearer {secret}"}


# Sessions of browsers


def test_a_session_asks_as_a_token_does(claim):
    browser = Client()
    browser.force_login(make_user())

    assert browser.get(f"{API}/claims/").json()["results"][0]["text"] == "Taxes will rise."
    problem(browser.get(f"{API}/flags/"), 403)
