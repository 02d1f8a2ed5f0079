"""The description of the API tells the truth: every answer is as it says, and a client can be made from it."""

import importlib
import json
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from tests.factories import make_article, make_claim, make_credit, make_outlet, make_report, make_speaker, make_topic

API = "/api/v1"


@pytest.fixture
def schema(client):
    return client.get(f"{API}/schema/", headers={"accept": "application/vnd.oai.openapi+json"}).json()


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
    }


def described(schema, path, status="200", form="application/json"):
    """Return the validator of an answer, as the description has it."""
    shape = schema["paths"][path]["get"]["responses"][status]["content"][form]["schema"]
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


def test_every_answer_is_as_described(client, schema, rows):
    seen = 0
    for path in schema["paths"]:
        if "reconcile" in path or "imports" in path or "/feeds/" in path or "annotation" in path:
            continue
        resource = path.split("/")[3]
        row = rows.get(resource)
        address = path.replace("{uid}", str(row.uid) if row else "").replace("{number}", "1")
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.content)
        shape = described(strict(schema), path)
        errors = [f"{list(error.path)}: {error.message[:200]}" for error in shape.iter_errors(answer.json())]
        assert not errors, (path, errors[:3])
        seen += 1
    assert seen > 20


def test_problems_are_as_described(client, schema, rows):
    for path in (f"{API}/claims/", f"{API}/outlets/", f"{API}/changes/"):
        answer = client.get(f"{path}?colour=red")
        shape = described(strict(schema), path, "400", "application/problem+json")
        assert not list(shape.iter_errors(answer.json()))
    missing = client.get(f"{API}/claims/3f2f3c0e-8f57-4f0e-9d5c-2f6a8b1f0c11/")
    shape = described(strict(schema), f"{API}/claims/{{uid}}/", "404", "application/problem+json")
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


@pytest.mark.django_db(transaction=True)
def test_a_typed_client_can_be_made_from_it(live_server, client, tmp_path, monkeypatch):
    schema = client.get(f"{API}/schema/", headers={"accept": "application/vnd.oai.openapi+json"}).json()
    (tmp_path / "schema.json").write_text(json.dumps(schema))
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
