"""Every 409, 412, 422 and 428 that the description of the API has is answered so, in the shape that it has there."""

import hashlib
import json

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from accounts.scopes import Scope
from accounts.tokens import make_token
from claims.models import Flag, IdempotentAnswer
from claims.services.decisions import reject_attribution
from claims.services.flags import raise_flag, settle_flag
from claims.services.merging import decide_link, merge_claims
from sources.importing import add_feed
from tests.claims.test_api_schema import described, strict_description
from tests.factories import make_article, make_claim, make_report, make_user

pytestmark = pytest.mark.django_db

API = "/api/v1"
ABSENT = "3f2f3c0e-8f57-4f0e-9d5c-2f6a8b1f0c11"
KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"
#: A good body of each operation that changes a row which somebody saw.
CHANGES = {
    "patch statements/{uid}/": {"kind": "indirect"},
    "delete statements/{uid}/?reason=Nobody+said+it": None,
    "post statements/{uid}/restore/": {},
    "patch attributions/{uid}/": {"stance": "denies"},
    "post attributions/{uid}/decisions/": {"decision": "confirm"},
    "patch claims/{uid}/": {"text": "Taxes rise."},
    "post claims/{uid}/merge/": {"into": "{other}"},
    "post claims/{uid}/split/": {"attributions": ["{attributions}"]},
    "post links/{uid}/decisions/": {"decision": "reject"},
    "post flags/{uid}/settle/": {"outcome": "stands", "answer": "It is so."},
    "post feeds/{uid}/pause/": {},
    "post feeds/{uid}/resume/": {},
    "delete feeds/{uid}/": None,
}


@pytest.fixture
def schema():
    return strict_description()


@pytest.fixture
def editor(db):
    user = make_user("ed")
    user.is_superuser = True
    user.save()
    return user


@pytest.fixture
def rows(editor):
    """Give the uid of a row of each resource, by its name."""
    claim, other = make_claim("Taxes will rise."), make_claim("Taxes will fall.")
    report = make_report(claim)
    make_report(claim)
    return {
        "claims": claim.uid,
        "other": other.uid,
        "attributions": report.uid,
        "statements": report.statement.uid,
        "links": decide_link(claim, other, kind="contradicts", status="unsure", by=editor).uid,
        "flags": raise_flag(claim, text="The article says Tuesday.").uid,
        "feeds": add_feed("https://example.org/feed.xml").uid,
        "articles": report.statement.revision.article.uid,
    }


@pytest.fixture
def ask(client, editor, schema):
    """Give what sends JSON as the editor, and checks that the answer is as it is described."""
    _, secret = make_token(editor, name="tests", scopes=list(Scope), days=1)

    def ask(operation, body, expected, *, rows=None, **headers):
        method, address = operation.split(" ")
        path = f"{API}/{address.partition('?')[0]}"
        filled, content = address, json.dumps({} if body is None else body)
        for name, uid in (rows or {}).items():
            content = content.replace(f"{{{name}}}", str(uid))
        filled = filled.replace("{uid}", str((rows or {}).get(address.partition("/")[0], ABSENT)))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = client.generic(
            method.upper(),
            f"{API}/{filled}",
            content,
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}", **named},
        )
        assert answer.status_code == expected, (operation, answer.content)
        if expected >= 400:
            assert answer["Content-Type"] == "application/problem+json"
            shape = described(schema, path, str(expected), "application/problem+json", method)
            assert [error.message for error in shape.iter_errors(answer.json())] == [], operation
        return answer

    return ask


def operations(schema, parameter):
    """Return the operations that take a header."""
    return [
        f"{method} {path.removeprefix(f'{API}/')}"
        for path, found in schema["paths"].items()
        for method, operation in found.items()
        if any(each["name"] == parameter for each in operation.get("parameters", []))
    ]


def documented(schema, status):
    return {
        f"{method} {path.removeprefix(f'{API}/')}"
        for path, found in schema["paths"].items()
        for method, operation in found.items()
        if status in operation["responses"]
    }


# What was seen


@pytest.mark.parametrize("operation", CHANGES)
def test_what_was_not_seen_as_it_is_now_is_not_changed(ask, rows, operation):
    ask(operation, CHANGES[operation], 428, rows=rows)
    # What is as it is wanted already is no conflict, whatever was seen.
    undone = {"restore": "delete statements/{uid}/?reason=Nobody+said+it", "resume": "post feeds/{uid}/pause/"}
    for name, before in undone.items():
        if name in operation:
            ask(before, None, 200, rows=rows, If_Match="*")

    told = ask(operation, CHANGES[operation], 412, rows=rows, If_Match='"987654321-abc"')

    version = told.json()["version"]
    assert told["ETag"] == f'"{version}"'
    code = {"delete feeds/{uid}/": 204, "post claims/{uid}/split/": 201}.get(operation, 200)
    ask(operation, CHANGES[operation], code, rows=rows, If_Match=told["ETag"])


def test_all_that_asks_what_was_seen_is_in_the_table(schema):
    known = {operation.partition("?")[0] for operation in CHANGES}

    assert known == set(operations(schema, "If-Match")) == documented(schema, "412") == documented(schema, "428")


# What is sent again


@pytest.fixture
def keyed(schema):
    found = operations(schema, "Idempotency-Key")
    assert len(found) > 18
    return found


def test_a_key_that_is_in_work_is_a_conflict_wherever_one_is_taken(ask, keyed, editor, schema):
    assert documented(schema, "409") <= set(keyed)
    number = int.from_bytes(hashlib.sha256(f"account {editor.pk}\n{KEY}".encode()).digest()[:8], signed=True)
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [number])
        for operation in keyed:
            told = ask(operation, None, 409, Idempotency_Key=KEY).json()
            assert "Idempotency-Key" in told["detail"]


def test_a_key_that_came_with_something_else_is_refused_wherever_one_is_taken(ask, keyed, editor, schema):
    assert documented(schema, "422") <= set(keyed)
    another = {"fingerprint": "of another request", "status": 200, "stored_at": timezone.now()}
    IdempotentAnswer.objects.create(owner=f"account {editor.pk}", key=KEY, **another)
    for operation in keyed:
        told = ask(operation, None, 422, Idempotency_Key=KEY).json()
        assert "Idempotency-Key" in told["detail"]


# What is stored does not allow it


def test_what_stands_is_not_overruled_by_who_does_not_know_of_it(ask, rows, editor):
    settle_flag(Flag.objects.get(), outcome="stands", answer="It is so.", by=editor)
    claim, merged = make_claim("Taxes go up."), make_claim("Taxes went up.")
    reports = [make_report(claim), make_report(merged)]
    merge_claims(merged, into=claim, by=editor)
    reject_attribution(reports[0], by=editor)
    article = make_article("It said: Taxes fell.")
    statement = {"article": str(article.uid), "exact": "Taxes fell."}
    ask("post statements/", statement, 201)
    for _ in range(10):
        raise_flag(claim, text="The article says Tuesday.")

    decided = {"statement": str(reports[0].statement.uid), "claim": str(claim.uid)}
    link = {"claim": str(rows["claims"]), "other": str(rows["other"]), "kind": "contradicts", "decision": "confirm"}
    flag = {"claim": str(claim.uid), "text": "The article says Tuesday."}
    itself = {"into": str(rows["claims"])}
    cases = [
        ("post flags/{uid}/settle/", CHANGES["post flags/{uid}/settle/"] | {"answer": "No."}, rows),
        ("post flags/", flag, rows),
        ("post statements/", statement, rows),
        ("post attributions/", decided, rows),
        ("post attributions/{uid}/decisions/", {"decision": "undo"}, rows),
        ("patch claims/{uid}/", {"text": "Taxes rose."}, {"claims": merged.uid}),
        ("post claims/{uid}/merge/", itself, rows),
        ("post claims/{uid}/unmerge/", {}, rows),
        ("post claims/{uid}/split/", {"attributions": [str(reports[0].uid)]}, rows),
        ("post links/", link, rows),
    ]
    for operation, body, of in cases:
        told = ask(operation, body, 409, rows=of, If_Match="*").json()
        assert "Idempotency-Key" not in told["detail"], operation


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("post statements/", {"article": "{articles}", "exact": "No such words."}),
        ("patch statements/{uid}/", {"start": 0, "end": 3, "exact": "No!"}),
        ("post statements/?atomic=1", [{"article": "{articles}", "exact": "No such words."}]),
        ("post attributions/?atomic=1", [{}]),
        ("post claims/?atomic=1", [{"text": "Taxes."}, {}]),
        ("post articles/?atomic=1", [{}]),
        ("post attributions/decisions/?atomic=1", [{}]),
        ("post annotations/?atomic=1", [{}]),
    ],
)
def test_words_that_do_not_stand_there_and_rows_that_stand_together_are_422(ask, rows, operation, body):
    told = ask(operation, body, 422, rows=rows, If_Match="*").json()

    assert ("results" in told) == ("atomic" in operation)
