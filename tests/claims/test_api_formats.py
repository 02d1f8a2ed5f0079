"""The same rows in other forms: tables, lines, linked data, annotations, feeds; and names matched to rows."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pyld import jsonld

from claims.annotations import anchor, read_annotations
from tests.claims.test_changes import settle
from tests.factories import make_article, make_claim, make_outlet, make_report, make_speaker, make_statement, make_topic

API = "/api/v1"
CONTEXTS = {
    "http://www.w3.org/ns/anno.jsonld": "anno.json",
    "https://schema.org": "schema.json",
}
OA, SCHEMA = "http://www.w3.org/ns/oa#", "http://schema.org/"


def loaded(url, options=None):
    """Serve a context from beside this file; nothing is fetched."""
    document = json.loads((Path(__file__).parent / "contexts" / CONTEXTS[url]).read_text())
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": document}


def expanded(document):
    """Return a document as a JSON-LD processor understands it; a term that its context lacks fails the test."""
    (found,) = jsonld.expand(document, {"documentLoader": loaded})
    assert not [key for key in _keys(found) if ":" not in key and not key.startswith("@")]
    # What a processor does not know, it drops: writing it back shows what is lost.
    context = {"@context": document["@context"]}
    compacted = jsonld.compact(found, context, {"documentLoader": loaded})
    assert _size(compacted) == _size(document), "a processor drops a part of it"
    return found


def _keys(value):
    if isinstance(value, dict):
        return [*value, *(key for part in value.values() for key in _keys(part))]
    return [key for part in value for key in _keys(part)] if isinstance(value, list) else []


def _size(value):
    """Return how many plain values a document has, whether one stands alone or in a list."""
    if isinstance(value, dict):
        return sum(_size(part) for name, part in value.items() if name not in ("@context", "id", "@id"))
    return sum(map(_size, value)) if isinstance(value, list) else 1


# Tables and lines


@pytest.fixture
def three(transactional_db):
    agency = make_outlet("Agency")
    for number in range(3):
        claim = make_claim(
            f"Taxes will rise by {number}.", speaker=make_speaker(f"Ms {number}"), topics=(make_topic(),)
        )
        make_report(claim, outlet=agency)
        make_report(claim, outlet=make_outlet(f"Gazette {number}"))
    make_report(make_claim("Alone."), outlet=agency)


def streamed(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def test_lines_have_the_rows_of_the_list(client, three):
    rows = client.get(f"{API}/claims/?outlets_min=2").json()["results"]

    response = client.get(f"{API}/claims/?outlets_min=2&format=jsonl")

    assert [json.loads(line) for line in streamed(response).splitlines()] == rows
    assert response["Content-Type"] == "application/jsonl; charset=utf-8"
    assert response["Link"].endswith('>; rel="monitor"')
    make_claim("Later.")
    settle()
    changed = client.get(response["Link"][1:].split(">")[0]).json()["results"]
    assert [change["row"]["text"] for change in changed if change["resource"] == "claims"] == ["Later."]
    assert len(rows) == 3


@pytest.mark.parametrize("accept", ["application/jsonl", "application/x-ndjson", "text/csv"])
def test_a_form_may_be_asked_for_by_header(client, three, accept):
    response = client.get(f"{API}/claims/", headers={"accept": accept})

    assert response["Content-Type"].startswith(accept)
    assert "Taxes will rise by 1." in streamed(response)


def test_a_table_names_outlets_and_topics(client, three):
    table = streamed(client.get(f"{API}/claims/?outlets_min=2&format=csv&fields=text,speaker,outlets,disputed"))

    first, *_ = csv.DictReader(io.StringIO(table))
    assert list(first) == ["text", "speaker", "disputed", "outlets"]
    assert (first["text"], first["speaker"], first["disputed"]) == ("Taxes will rise by 2.", "Ms 2", "0")
    assert first["outlets"] == "Agency; Gazette 2"


def test_a_table_of_nothing_has_a_head(client, three):
    assert streamed(client.get(f"{API}/claims/?outlets_min=9&format=csv&fields=uid,text")) == "uid,text\r\n"


@pytest.mark.django_db(transaction=True)
def test_a_cell_that_a_spreadsheet_would_run_is_text(client):
    make_report(make_claim('=HYPERLINK("http://evil.example")'))

    (row,) = csv.DictReader(io.StringIO(streamed(client.get(f"{API}/claims/?format=csv"))))

    assert row["text"] == '\'=HYPERLINK("http://evil.example")'


@pytest.mark.parametrize("name", ["outlets", "articles", "statements", "speakers", "topics", "attributions"])
def test_every_list_is_streamed(client, three, name):
    rows = client.get(f"{API}/{name}/?limit=200").json()["results"]

    lines = [json.loads(line) for line in streamed(client.get(f"{API}/{name}/?format=jsonl")).splitlines()]

    assert lines == rows
    assert len(list(csv.DictReader(io.StringIO(streamed(client.get(f"{API}/{name}/?format=csv")))))) == len(rows)


def test_a_stream_has_no_pages(client, three):
    answer = client.get(f"{API}/claims/?format=jsonl&limit=1")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["parameters"]) == ["limit"]


def test_a_form_that_there_is_not_is_refused_with_those_that_there_are(client, db):
    answer = client.get(f"{API}/claims/?format=xml")

    assert answer.status_code == 400
    assert "json, csv, jsonl, ndjson, jsonld, atom" in answer.json()["parameters"]["format"][0]
    assert client.get(f"{API}/claims/", headers={"accept": "image/png"}).status_code == 406


# Linked data


@pytest.fixture
def shared(db):
    speaker = make_speaker("The Minister", kind="person", wikidata_id="Q42")
    claim = make_claim("Taxes will rise.", speaker=speaker, topics=(make_topic("Trade"),))
    first = make_article(
        "🙂 It said: Taxes will rise.",
        outlet=make_outlet("Gazette"),
        published_at=datetime(2019, 5, 1, tzinfo=UTC),
        url="https://gazette.example/1",
    )
    make_report(claim, article=first)
    make_report(claim, outlet=make_outlet("Herald"))
    return claim


def test_a_claim_is_a_schema_org_claim(client, shared):
    response = client.get(f"{API}/claims/{shared.uid}/?format=jsonld")

    assert response["Content-Type"] == "application/ld+json"
    found = expanded(response.json())
    assert found["@type"] == [f"{SCHEMA}Claim"]
    assert found[f"{SCHEMA}text"] == [{"@value": "Taxes will rise."}]
    (author,) = found[f"{SCHEMA}author"]
    assert author["@type"] == [f"{SCHEMA}Person"]
    assert author[f"{SCHEMA}sameAs"] == [{"@id": "https://www.wikidata.org/entity/Q42"}]
    assert len(found[f"{SCHEMA}appearance"]) == 2
    (first,) = found[f"{SCHEMA}firstAppearance"]
    assert first[f"{SCHEMA}publisher"][0][f"{SCHEMA}name"] == [{"@value": "Gazette"}]
    assert first[f"{SCHEMA}url"] == [{"@id": "https://gazette.example/1"}]


def test_a_list_of_claims_is_one_graph(client, shared):
    make_report(make_claim("Taxes will fall."))

    answer = client.get(f"{API}/claims/", headers={"accept": "application/ld+json"}).json()

    found = jsonld.expand(answer, {"documentLoader": loaded})
    assert [claim["@type"] for claim in found] == [[f"{SCHEMA}Claim"]] * 2


# Annotations


def test_a_statement_is_a_web_annotation(client, shared):
    report = shared.attributions.get(statement__revision__article__outlet__name="Gazette")
    address = f"{API}/statements/{report.statement.uid}/annotation/"

    response = client.get(address)

    assert response["Content-Type"] == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    found = expanded(response.json())
    assert found["@id"] == f"http://testserver{address}"
    assert found["@type"] == [f"{OA}Annotation"]
    (target,) = found[f"{OA}hasTarget"]
    assert target[f"{OA}hasSource"] == [{"@id": "https://gazette.example/1"}]
    position, quotation = target[f"{OA}hasSelector"]
    # Code points: the emoji before it is one.
    assert (position[f"{OA}start"], position[f"{OA}end"]) == ([{"@value": 11}], [{"@value": 27}])
    assert quotation[f"{OA}exact"] == [{"@value": "Taxes will rise."}]
    assert quotation[f"{OA}prefix"] == [{"@value": "🙂 It said: "}]
    assert found[f"{OA}hasBody"][0]["@type"] == [f"{OA}TextualBody"]


def test_what_is_written_is_read_back_to_the_same_words(client, shared):
    for report in shared.attributions.all():
        (read,) = read_annotations(client.get(f"{API}/statements/{report.statement.uid}/annotation/").json())

        place = anchor(read.targets[0], report.statement.revision.text)
        assert (place.start, place.end) == (report.statement.start, report.statement.end)
        assert read.tags == ("The Minister",)
        assert read.claims == (f"http://testserver/claims/{shared.uid}/",)


def test_the_statements_of_an_article_are_a_collection_in_pages(client, db):
    article = make_article("".join(f"It said number {number}. " for number in range(103)))
    for number in range(103):
        make_statement(f"number {number}.", article=article)
    address = f"{API}/articles/{article.uid}/annotations/"

    collection = client.get(address).json()
    expanded(collection)
    assert (collection["type"], collection["total"]) == ("AnnotationCollection", 103)
    with CaptureQueriesContext(connection) as queries:
        first = client.get(collection["first"]).json()
    expanded(first)
    last = client.get(first["next"]).json()
    assert (len(first["items"]), first["startIndex"], len(last["items"]), last["startIndex"]) == (100, 0, 3, 100)
    assert (last["prev"], "next" in last, collection["last"]) == (first["id"], False, last["id"])
    assert len(queries) <= 8
    assert client.get(f"{address}?page=2").status_code == 404
    assert client.get(f"{address}?page=x").status_code == 400
    assert len(read_annotations(first)) == 100


# Feeds


def test_claims_are_an_atom_feed(client, shared):
    response = client.get(f"{API}/claims/?format=atom&q=taxes")

    feed = feedparser.parse(response.content)
    assert response["Content-Type"].startswith("application/atom+xml")
    assert not feed.bozo
    (entry,) = feed.entries
    assert (entry.title, entry.id) == ("Taxes will rise.", f"urn:uuid:{shared.uid}")
    assert entry.link == f"http://testserver/claims/{shared.uid}/"
    assert entry.author == "The Minister"
    assert "Gazette, Herald" in entry.summary
    assert entry.published.startswith("2019-05-01")
    assert entry.updated > entry.published


@pytest.mark.django_db(transaction=True)
def test_what_changed_last_is_an_atom_feed(client):
    old, new = make_claim("Old."), make_claim("New.")
    for claim in (old, new):
        make_report(claim)
    old.text = "Old, but changed."
    old.save()

    feed = feedparser.parse(client.get(f"{API}/changes/?format=atom").content)

    assert [entry.title for entry in feed.entries] == ["Old, but changed.", "New."]
