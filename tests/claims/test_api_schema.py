"""The description of the API tells the truth: every answer is as it says, and a client can be made from it."""

import importlib
import json
import subprocess
import sys
from functools import cache

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from accounts.scopes import Scope
from accounts.tokens import make_token
from claims.services.flags import raise_flag
from claims.services.merging import decide_link
from sources.importing import add_feed
from tests.claims.description import description
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

API = "/api/v1"
#: Whose answers are told of by other tests.
ELSEWHERE = ("reconcile", "imports", "annotation", "webhooks", "/events/")


@pytest.fixture
def schema():
    return description()


@pytest.fixture
def rows(db):
    """One of everything, and what the addresses of the description take."""
    agency, topic = make_outlet("Agency", aliases=("A",)), make_topic("Trade")
    speaker = make_speaker("The Minister", represents=make_speaker("The State"))
    claim = make_claim("Taxes will rise by 5 percent.", speaker=speaker, topics=(topic,))
    report = make_report(claim, outlet=make_outlet("Gazette", owner=agency), relays=(agency,), status="confirmed")
    make_report(claim, outlet=make_outlet("Herald"), quote="Taxes will rise")
    make_report(claim, outlet=make_outlet("Courier"), stance="denies")
    article = report.statement.revision.article
    make_credit(article, agency)
    make_report(make_claim("Undated.", speaker=speaker), article=make_article("Undated.", published_at=None))
    return {
        "claims": claim,
        "articles": article,
        "statements": report.statement,
        "attributions": report,
        "outlets": agency,
        "speakers": speaker,
        "topics": topic,
        "links": decide_link(claim, make_claim("Taxes will fall."), status="unsure", by=make_user("eve")),
        "flags": raise_flag(claim, text="The article says Tuesday."),
        "feeds": add_feed("https://example.org/news.xml", outlet=agency),
        "tokens": make_token(make_user("reader"), name="mirror", scopes=[Scope.READ], days=1)[0],
    }


@pytest.fixture
def token(db):
    editor = make_user("ed")
    editor.is_superuser = True
    editor.save()
    return {"Authorization": f"Bearer {make_token(editor, name='tests', scopes=list(Scope), days=1)[1]}"}


def described(schema, path, status="200", form="application/json", method="get"):
    """Return the validator of an answer, as the description has it."""
    shape = schema["paths"][path][method]["responses"][status]["content"][form]["schema"]
    return Draft202012Validator({**shape, "components": schema["components"]}, format_checker=FormatChecker())


def strict(shape):
    """Return a shape that allows no member that it does not name."""
    if isinstance(shape, dict):
        # An empty address is none; to be told so, a checker would need to know what an address is.
        shape = {"anyOf" if name == "oneOf" else name: strict(part) for name, part in shape.items()}
        if shape.get("type") == "object" and "properties" in shape and "allOf" not in shape:
            shape.setdefault("additionalProperties", False)
        return shape
    return [strict(part) for part in shape] if isinstance(shape, list) else shape


@cache
def strict_description():
    return strict(description())


def test_every_answer_is_as_described(client, schema, rows, token):
    seen = 0
    for path, operations in schema["paths"].items():
        if "get" not in operations:
            continue
        if any(part in path for part in ELSEWHERE):
            continue
        resource = path.split("/")[3]
        row = rows.get(resource)
        address = path.replace("{uid}", str(row.uid) if row else "").replace("{number}", "1")
        answer = client.get(address, headers=token)
        assert answer.status_code == 200, (address, answer.content)
        shape = described(strict_description(), path)
        errors = [f"{list(error.path)}: {error.message[:200]}" for error in shape.iter_errors(answer.json())]
        assert not errors, (path, errors[:3])
        seen += 1
    assert seen > 20


def test_problems_are_as_described(client, rows):
    for path in (f"{API}/claims/", f"{API}/outlets/", f"{API}/changes/"):
        answer = client.get(f"{path}?colour=red")
        shape = described(strict_description(), path, "400", "application/problem+json")
        assert not list(shape.iter_errors(answer.json()))
    missing = client.get(f"{API}/claims/3f2f3c0e-8f57-4f0e-9d5c-2f6a8b1f0c11/")
    shape = described(strict_description(), f"{API}/claims/{{uid}}/", "404", "application/problem+json")
    assert not list(shape.iter_errors(missing.json()))


def test_it_names_forms_parameters_and_what_a_conditional_request_gets(schema):
    claims = schema["paths"][f"{API}/claims/"]["get"]

    assert schema["openapi"] == "3.1.0"
    forms = {"application/json", "text/csv", "application/jsonl", "application/ld+json", "application/atom+xml"}
    assert forms <= set(claims["responses"]["200"]["content"])
    assert claims["responses"]["400"]["content"]["application/problem+json"]["example"]["status"] == 400
    assert "304" in claims["responses"]
    assert "ETag" in claims["responses"]["200"]["headers"]
    assert {"fields", "include", "format", "cursor", "limit", "count", "ordering"} <= {
        parameter["name"] for parameter in claims["parameters"]
    }


def test_every_operation_says_how_one_stands_with_the_limits(schema):
    operations = [operation for found in schema["paths"].values() for operation in found.values()]
    for operation in operations:
        answers = operation["responses"]
        told = {status for status, answer in answers.items() if "RateLimit" in answer.get("headers", {})}
        assert told == {status for status in answers if status.startswith("2")} | {"429"}
        assert {status for status, answer in answers.items() if "Retry-After" in answer.get("headers", {})} == {
            "429",
            "503",
        }
        assert answers["414"]["content"]["application/problem+json"]["example"]["status"] == 414
        assert ("413" in answers) >= ("requestBody" in operation)


WRITTEN = [
    ("post", "claims/", {"text": "Taxes."}, "201", {}),
    ("post", "claims/", [{"text": "Taxes."}, {"text": ""}], "207", {}),
    ("post", "claims/?atomic=1", [{"text": "Taxes."}, {"text": ""}], "422", {}),
    ("post", "claims/", {"colour": "red"}, "400", {}),
    ("patch", "claims/{uid}/", {"text": "Taxes."}, "200", {"If-Match": "*"}),
    ("patch", "claims/{uid}/", {"text": "Taxes."}, "412", {"If-Match": '"987654321"'}),
    ("patch", "claims/{uid}/", {"text": "Taxes."}, "428", {}),
    ("post", "claims/{uid}/unmerge/", {}, "409", {}),
    ("patch", "attributions/{uid}/", {"stance": "denies"}, "200", {"If-Match": "*"}),
    ("post", "attributions/{uid}/decisions/", {"decision": "reject"}, "200", {"If-Match": "*"}),
    ("post", "attributions/decisions/", [{}], "207", {}),
    ("patch", "statements/{uid}/", {"kind": "mixed"}, "200", {"If-Match": "*"}),
    ("patch", "statements/{uid}/", {"start": 0, "end": 3, "exact": "No!"}, "422", {"If-Match": "*"}),
    ("delete", "statements/{uid}/?reason=Nobody+said+it", {}, "200", {"If-Match": "*"}),
    ("post", "links/{uid}/decisions/", {"decision": "reject"}, "200", {"If-Match": "*"}),
    ("post", "flags/{uid}/settle/", {"outcome": "stands", "answer": "It is so."}, "200", {"If-Match": "*"}),
    ("post", "flags/{uid}/settle/", {"outcome": "stands", "answer": "It is so."}, "412", {"If-Match": '"1"'}),
    ("post", "feeds/", {"url": "https://example.org/feed.xml"}, "201", {}),
    ("post", "feeds/{uid}/pause/", {}, "200", {"If-Match": "*"}),
    ("post", "feeds/{uid}/pause/", {}, "412", {"If-Match": '"1"'}),
    ("post", "annotations/", [{}], "207", {}),
]


@pytest.mark.parametrize(("method", "address", "body", "status", "headers"), WRITTEN)
def test_what_writing_answers_is_as_described(client, rows, token, method, address, body, status, headers):
    path = f"{API}/{address.partition('?')[0]}"
    row = rows.get(address.partition("/")[0])

    answer = client.generic(
        method.upper(),
        f"{API}/{address.replace('{uid}', str(row.uid) if row else '')}",
        json.dumps(body),
        content_type="application/json",
        headers={**token, **headers},
    )

    assert answer.status_code == int(status), answer.content
    form = "application/json" if int(status) < 400 else "application/problem+json"
    shape = described(strict_description(), path, status, form, method)
    errors = [f"{list(error.path)}: {error.message[:200]}" for error in shape.iter_errors(answer.json())]
    assert not errors, errors[:3]


def test_all_that_writes_names_its_scope_its_errors_and_an_example(schema):
    written = [
        (path, method, operation)
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
        if method != "get" and "reconcile" not in path and "webhooks" not in path
    ]

    assert len(written) > 25
    for path, method, operation in written:
        named = f"{method} {path}"
        scopes = [scope for asked in operation["security"] for scope in asked.get("token", [])]
        assert scopes in (["import"], ["annotate"], ["read"], ["admin"]), named
        problems = {code for code in operation["responses"] if code.startswith("4")}
        assert {"400", "401", "403", "413", "415"} <= problems, named
        asked = {parameter["name"]: parameter for parameter in operation.get("parameters", [])}
        assert ("428" in problems) == ("412" in problems) == ("If-Match" in asked), named
        assert ("422" in problems) == ("Idempotency-Key" in asked), named
        # Ending a token overwrites nothing that somebody else did.
        if method in ("patch", "delete") and "tokens" not in path:
            assert asked["If-Match"]["required"], named
        for code in problems:
            content = operation["responses"][code]["content"]["application/problem+json"]
            assert content["example"]["status"] == int(code), named
        for content in operation.get("requestBody", {}).get("content", {}).values():
            # To try all again nothing needs to be said.
            assert operation["requestBody"]["required"] == ("retry" not in path), named
            shape = Draft202012Validator({**content["schema"], "components": schema["components"]})
            assert content["examples"], named
            for example in content["examples"].values():
                assert not list(shape.iter_errors(example["value"])), named


@pytest.mark.django_db(transaction=True)
def test_a_typed_client_can_be_made_from_it(live_server, tmp_path, monkeypatch):
    (tmp_path / "schema.json").write_text(json.dumps(description()))
    # Formatting what is made takes longer than making it.
    (tmp_path / "settings.json").write_text('{"post_hooks": []}')
    arguments = ["--path", "schema.json", "--config", "settings.json", "--output-path", "second_source_client"]
    made = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    claim = make_claim("Taxes will rise.", speaker=make_speaker("The Minister"))
    make_report(claim)
    monkeypatch.syspath_prepend(tmp_path)
    program = importlib.import_module("second_source_client")
    claims_list = importlib.import_module("second_source_client.api.claims.claims_list")

    with program.Client(base_url=live_server.url) as connected:
        answer = claims_list.sync(client=connected, limit=10)

    (row,) = answer.results
    assert (row.uid, row.text, row.speaker.name) == (claim.uid, "Taxes will rise.", "The Minister")
    assert row.level.value == "single"

    editor = make_user("ed", editor=True)
    _, secret = make_token(editor, name="tests", scopes=[Scope.ANNOTATE], days=1)
    claims_create = importlib.import_module("second_source_client.api.claims.claims_create")
    models = importlib.import_module("second_source_client.models")
    with program.AuthenticatedClient(base_url=live_server.url, token=secret) as connected:
        made = claims_create.sync(client=connected, body=models.ClaimRequest(text="Taxes will fall."))
        both = [models.ClaimRequest(text="Taxes."), models.ClaimRequest(text="")]
        several = claims_create.sync(client=connected, body=both)

    assert made.text == "Taxes will fall."
    assert [outcome.status for outcome in several.results] == [201, 400]
    assert several.results[0].row.text == "Taxes."
