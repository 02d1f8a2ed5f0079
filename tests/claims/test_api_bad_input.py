"""Whatever is put in place of what is meant, in every parameter and member of the description, is refused in words."""

import json
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from tests.claims.description import description
from tests.claims.generated import known_rows, make_rows
from tests.factories import make_claim, make_report

pytestmark = pytest.mark.django_db

API = "/api/v1"
#: Members of bodies by the resource whose uid they hold, for examples that name rows.
HOLDS = {"claim": "claims", "into": "claims", "to": "claims", "other": "claims", "article": "articles"}
HOLDS |= {name: f"{name.removesuffix('s')}s" for name in ("attribution", "attributions", "statement", "topics")}
#: NUL, half a character, text that turns around, too much of it; numbers without end; dates beyond those there are;
#: and other types.
WRONG = [
    *("\0", "\ud800", "\u202e\ufeff", "x" * 70_000, "٣", "' OR 1=1 --%s{0}"),
    *(10**400, -1, 1.5, True, None, [[[]]], {"\0": "\ud800"}),
    *("0000-01-01", "9999-12-31T23:59:59-23:59"),
]
ASKED = ["a\0b", "\u202e", "x" * 3_000, "9" * 400, "-1", "1e400", "' OR 1=1 --%s", *WRONG[-2:]]


@pytest.fixture
def schema():
    return description()


@pytest.fixture
def no_limits(settings):
    for kind in ("READS", "READS_KNOWN", "WRITES", "SEARCHES", "EXPORTS"):
        setattr(settings, f"RATE_{kind}", 0)
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "flag": "100000/m/ip"}


@pytest.fixture
def world(no_limits):
    """Give the token of who may do everything, and uids of rows by resource."""
    secret = make_rows()
    return {"Authorization": f"Bearer {secret}"}, known_rows(secret)


def filled(path, uids):
    """Return an address of the description with the uid of a row that there is."""
    resource = path.split("/")[3]
    uid = uids.get(resource, [""])[-1]
    for name, value in {"{uid}": uid, "{delivery}": uid, "{number}": "1", "{kind}": "claims"}.items():
        path = path.replace(name, value)
    return path


def fault(operation, answer):
    """Return what is wrong with an answer, "" for nothing."""
    if answer.status_code >= 500 or str(answer.status_code) not in operation["responses"]:
        return f"{answer.status_code} {b''.join(answer)[:200]!r}"
    if answer.status_code < 400:
        return ""
    if answer["Content-Type"] != "application/problem+json" or not answer.json()["detail"]:
        return f"{answer['Content-Type']} {answer.content[:200]!r}"
    return ""


def test_no_parameter_takes_what_cannot_be_meant(schema, world):
    headers, uids = world
    client, asked, wrong = Client(raise_request_exception=False), 0, []
    for path, operations in schema["paths"].items():
        operation = operations.get("get", {})
        for parameter in operation.get("parameters", []):
            if parameter["in"] != "query":
                continue
            name = parameter["name"]
            # Half a character and what is no UTF-8 come as bytes.
            for sent in (*(quote(value) for value in ASKED), "%ED%A0%80", "%FF%FE"):
                answer = client.get(f"{filled(path, uids)}?{urlencode({name: ''})}{sent}", headers=headers)
                asked += 1
                if told := fault(operation, answer):
                    wrong.append(f"{path}?{name}={sent[:40]}: {told}")
                elif answer.status_code == 400 and name not in str(answer.json().get("parameters", answer.json())):
                    wrong.append(f"{path}?{name}={sent[:40]} is refused for another: {answer.content!r}")
    assert wrong == []
    assert asked > 800


def test_no_member_of_a_body_takes_what_cannot_be_meant(schema, world):
    headers, uids = world
    client, asked, wrong = Client(raise_request_exception=False), 0, []
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            form = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            for example in form.get("examples", {}).values():
                several = isinstance(example["value"], list)
                good = _with_known(example["value"][0] if several else example["value"], uids)
                for name in (*good, "colour"):
                    for value in WRONG:
                        body = {**good, name: value}
                        content = json.dumps([body] if several else body)
                        answer = client.generic(
                            method.upper(),
                            filled(path, uids),
                            content,
                            content_type="application/json",
                            headers={**headers, "If-Match": "*"},
                        )
                        asked += 1
                        if told := fault(operation, answer):
                            wrong.append(f"{method} {path} {name}={str(value)[:40]!r}: {told}")
    assert wrong == []
    assert asked > 800


def _with_known(example, uids):
    """Return an example in which rows are named that there are."""
    told = {}
    for name, value in example.items():
        known = uids[HOLDS[name]][0] if name in HOLDS else None
        told[name] = value if known is None else [known] if isinstance(value, list) else known
    return told


def test_no_header_takes_what_cannot_be_meant(schema, world):
    headers, uids = world
    client, wrong = Client(raise_request_exception=False), []
    values = ["", "\x00", "\x7f", "é", '"', '""', '"' * 300, "x" * 5_000, "W/", 'W/"', "*, *", '"1", "2"', "9" * 400]
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", []):
                if parameter["in"] != "header":
                    continue
                for value in values:
                    answer = client.generic(
                        method.upper(),
                        filled(path, uids),
                        "{}",
                        content_type="application/json",
                        headers={**headers, parameter["name"]: value},
                    )
                    if told := fault(operation, answer):
                        wrong.append(f"{method} {path} {parameter['name']}={value[:40]!r}: {told}")
    assert wrong == []


def test_a_cursor_of_claims_is_taken_as_it_is_or_not_at_all(client, no_limits):
    for number in range(4):
        make_report(make_claim(f"Taxes will rise by {number} percent."))
    path = f"{API}/claims/"
    first = client.get(path, {"limit": 2}).json()
    cursor = first["next"].partition("cursor=")[2].partition("&")[0]
    assert client.get(first["next"]).status_code == 200

    wrong = [cursor[:-1], cursor + "0", cursor[::-1], cursor.swapcase(), "x", "\0", "9" * 400, "." * 50, "x" * 7_000]
    for sent in wrong:
        answer = client.get(path, {"limit": 2, "cursor": sent})
        assert answer.status_code == 400, sent
        assert "not given out" in answer.json()["parameters"]["cursor"][0]
    other_order = client.get(path, {"cursor": cursor, "ordering": "-origin_count"})
    assert other_order.status_code == 400, other_order.json()
