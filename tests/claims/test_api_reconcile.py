"""Names matched to rows, and what is told of these: the service that OpenRefine asks, as it asks.

What is checked is what the Reconciliation Service API 0.2 says of each document that a service answers.
"""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_claim, make_outlet, make_report, make_speaker, make_topic

pytestmark = pytest.mark.django_db

API = "/api/v1"
ABSENT = "3f2f3c0e-8f57-4f0e-9d5c-2f6a8b1f0c11"
#: What its suggestions send beside the text, most of it empty.
SENT_ALONG = "spell=always&exact=false&prefixed=true&mql_output=&output=&type=claims"


@pytest.fixture
def shared(db):
    """Give a claim that two outlets report."""
    speaker = make_speaker("Ms Minister", represents=make_speaker("Ministry"))
    claim = make_claim("Taxes will rise.", speaker=speaker, topics=(make_topic("Trade"),))
    make_report(claim, outlet=make_outlet("Gazette"))
    make_report(claim, outlet=make_outlet("Herald"))
    return claim


def manifest(client, kind):
    answer = client.get(f"{API}/reconcile/{kind}/")
    assert answer.status_code == 200
    # Asked by a page of another program.
    assert answer["Access-Control-Allow-Origin"] == "*"
    return answer.json()


@pytest.mark.parametrize("kind", ["speakers", "claims"])
def test_the_service_describes_itself(client, kind):
    told = manifest(client, kind)

    assert told["versions"] == ["0.2"]
    assert {"name", "identifierSpace", "schemaSpace", "documentation", "defaultTypes"} <= set(told)
    assert told["view"]["url"] == f"{told['identifierSpace']}{{{{id}}}}/"
    assert told["preview"]["url"].endswith("/preview/?id={{id}}")
    assert (told["preview"]["width"] > 0, told["preview"]["height"] > 0) == (True, True)
    for asked in (*told["suggest"].values(), told["extend"]["propose_properties"]):
        assert client.get(asked["service_url"] + asked["service_path"]).status_code == 200


def test_its_addresses_lead_to_pages(client, shared):
    for kind, row in (("claims", shared), ("speakers", shared.speaker)):
        told = manifest(client, kind)
        for address in (told["view"]["url"], told["preview"]["url"]):
            page = client.get(address.replace("{{id}}", str(row.uid)))
            assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
            assert str(row) in page.content.decode()


def asked(client, kind, post=False, **queries):
    send = client.post if post else client.get
    response = send(f"{API}/reconcile/{kind}/", {"queries": json.dumps(queries)})
    assert response.status_code == 200, response.content
    return {key: answer["result"] for key, answer in response.json().items()}


@pytest.mark.parametrize("post", [False, True])
def test_names_are_matched_to_speakers(client, db, post):
    minister, other = make_speaker("Ana Ruiz", kind="person"), make_speaker("Ana Rivera")
    minister.aliases.create(name="Minister Ruiz")
    make_speaker("Merged Ruiz", merged_into=other)

    answers = asked(client, "speakers", post, a={"query": "ana ruiz"}, b={"query": "Minister Ruis"}, c={"query": "Zzz"})

    assert (answers["a"][0]["id"], answers["a"][0]["match"], answers["a"][0]["score"]) == (str(minister.uid), True, 100)
    assert answers["a"][0]["type"] == [{"id": "speakers", "name": "Speaker"}]
    assert answers["b"][0]["name"] == "Ana Ruiz"
    assert answers["c"] == []
    assert "Merged Ruiz" not in str(answers)


def test_sentences_are_matched_to_claims(client, shared):
    answers = asked(client, "claims", a={"query": "Taxes will rise", "limit": 1}, b={"query": ""})

    assert (answers["a"][0]["id"], answers["a"][0]["match"]) == (str(shared.uid), True)
    assert answers["b"] == []


@pytest.mark.parametrize(
    "queries",
    [
        "",
        "x",
        "[]",
        '{"a": 1}',
        '{"a": {"query": 1}}',
        '{"a": {"query": "a\\u0000"}}',
        "[" * 100_000,
        '{"\\ud800": {"query": "a"}}',
    ],
)
def test_queries_that_cannot_be_meant_are_refused(client, db, queries):
    assert client.post(f"{API}/reconcile/speakers/", {"queries": queries}).status_code == 400


def test_names_are_suggested_and_shown(client, db):
    ruiz = make_speaker("Ana Ruiz", wikidata_id="Q42")

    (row,) = client.get(f"{API}/reconcile/speakers/suggest/?prefix=ana").json()["result"]
    preview = client.get(f"{API}/reconcile/speakers/preview/?id={ruiz.uid}")

    assert (row["id"], row["name"]) == (str(ruiz.uid), "Ana Ruiz")
    assert "Ana Ruiz" in preview.content.decode()
    assert "Q42" in preview.content.decode()
    assert "X-Frame-Options" not in preview
    assert "frame-ancestors *" in preview["Content-Security-Policy"]
    assert preview["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"{API}/reconcile/speakers/preview/?id=x").status_code == 400
    assert client.get(f"{API}/reconcile/outlets/").status_code == 404


def test_suggestions_take_what_openrefine_sends_along(client, shared):
    answer = client.get(f"{API}/reconcile/claims/suggest/?prefix=Taxes&{SENT_ALONG}")
    properties = client.get(f"{API}/reconcile/claims/properties/suggest/?prefix=orig&{SENT_ALONG}")

    assert [row["id"] for row in answer.json()["result"]] == [str(shared.uid)]
    assert [row["id"] for row in properties.json()["result"]] == ["origin_count", "origins"]
    refused = client.get(f"{API}/reconcile/claims/suggest/?colour=red")
    assert refused.status_code == 400
    assert "prefix" in refused.json()["parameters"]["colour"][0]


def test_other_columns_tell_which_of_two_is_meant(client):
    first, second = (make_claim("Taxes will rise.", speaker=make_speaker(name)) for name in ("Ana Ruiz", "Bo Lind"))
    for claim in (first, second):
        make_report(claim)

    query = {"query": "Taxes will rise.", "properties": [{"pid": "speaker", "v": "bo lind"}]}
    by_row = {"query": "Taxes will rise.", "properties": [{"pid": "speaker", "v": {"id": str(first.speaker.uid)}}]}
    answers = asked(client, "claims", True, a=query, b=by_row)

    assert [row["id"] for row in answers["a"]] == [str(second.uid), str(first.uid)]
    assert [row["match"] for row in answers["a"]] == [True, False]
    assert [row["features"] for row in answers["a"]] == [
        [{"id": "speaker", "value": True}],
        [{"id": "speaker", "value": False}],
    ]
    assert (answers["b"][0]["id"], answers["b"][0]["match"]) == (str(first.uid), True)


# What is told of rows


def extended(client, kind, ids, *properties, post=True, expected=200):
    body = {"extend": json.dumps({"ids": ids, "properties": [{"id": name} for name in properties]})}
    answer = (client.post if post else client.get)(f"{API}/reconcile/{kind}/", body)
    assert answer.status_code == expected, answer.content
    return answer.json()


@pytest.mark.parametrize("post", [False, True])
def test_columns_are_added_from_claims(client, shared, post):
    uid = str(shared.uid)
    answer = extended(client, "claims", [uid, ABSENT, "x\0"], "level", "outlets", "speaker", "outlet_count", post=post)

    assert answer["meta"] == [
        {"id": "level", "name": "Level"},
        {"id": "outlets", "name": "Outlets"},
        {"id": "speaker", "name": "Speaker", "type": {"id": "speakers", "name": "Speaker"}},
        {"id": "outlet_count", "name": "Number of outlets"},
    ]
    assert answer["rows"][uid] == {
        "level": [{"str": "corroborated"}],
        "outlets": [{"str": "Gazette"}, {"str": "Herald"}],
        "speaker": [{"id": str(shared.speaker.uid), "name": "Ms Minister"}],
        "outlet_count": [{"int": 2}],
    }
    assert answer["rows"][ABSENT] == answer["rows"]["x\0"] == {key: [] for key in answer["rows"][uid]}


@pytest.mark.parametrize("kind", ["speakers", "claims"])
def test_every_property_that_is_proposed_is_told(client, shared, kind):
    proposed = client.get(f"{API}/reconcile/{kind}/properties/?type={kind}").json()
    names = [each["id"] for each in proposed["properties"]]
    row = shared if kind == "claims" else shared.speaker

    told = extended(client, kind, [str(row.uid)], *names)["rows"][str(row.uid)]

    assert proposed["type"] == kind
    assert len(names) >= 5
    assert list(told) == names
    values = [value for found in told.values() for value in found]
    assert {tuple(value) for value in values} <= {("str",), ("int",), ("date",), ("id", "name")}
    assert client.get(f"{API}/reconcile/{kind}/properties/?limit=2").json()["properties"] == proposed["properties"][:2]


def test_of_a_merged_claim_that_is_told_which_it_became_part_of(client, shared):
    merged = make_claim("Taxes go up.", merged_into=shared)

    answer = extended(client, "claims", [str(merged.uid)], "outlet_count")

    assert answer["rows"][str(merged.uid)]["outlet_count"] == [{"int": 2}]


@pytest.mark.parametrize(
    "extend",
    [
        *("", "x", "[]", "{}", '{"ids": [], "properties": {}}', '{"ids": [1], "properties": []}', "[" * 100_000),
        *('{"ids": [], "properties": [1]}', '{"ids": [], "properties": [{"id": ["level"]}]}', '{"ids": ["\\ud800"]}'),
        '{"ids": ["\\ud800"], "properties": []}',
        json.dumps({"ids": [ABSENT] * 201, "properties": []}),
    ],
)
def test_an_extension_that_cannot_be_meant_is_refused(client, extend):
    answer = client.post(f"{API}/reconcile/claims/", {"extend": extend})

    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"


def test_an_unknown_property_is_refused_with_those_that_there_are(client):
    told = extended(client, "claims", [], "colour", expected=400)["parameters"]["extend"][0]
    assert "“colour”" in told
    assert "origin_count" in told

    query = json.dumps({"q0": {"query": "x", "properties": [{"pid": "colour", "v": "red"}]}})
    refused = client.get(f"{API}/reconcile/claims/", {"queries": query})
    assert "origin_count" in refused.json()["parameters"]["queries.q0.properties"][0]


def test_many_rows_cost_no_more_queries_than_one(client):
    def cost(kind, rows, *properties):
        with CaptureQueriesContext(connection) as captured:
            extended(client, kind, [str(row.uid) for row in rows], *properties)
        return len(captured)

    claims = [make_claim(f"Claim {number}.", speaker=make_speaker(represents=make_speaker())) for number in range(20)]
    for claim in claims:
        make_report(claim)
    speakers = [claim.speaker for claim in claims]

    asks = {"claims": (claims, "level", "speaker", "outlets"), "speakers": (speakers, "represents", "aliases")}
    for kind, (rows, *properties) in asks.items():
        assert cost(kind, rows[:1], *properties) == cost(kind, rows, *properties) <= 6
