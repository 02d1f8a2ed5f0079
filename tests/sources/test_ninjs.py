"""Reading IPTC ninjs: the same article whatever the version, and what is left out for which reason."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sources.documents import Document, Refusal, read_documents

SAMPLES = Path(__file__).parent / "samples"
MAX = 5_000


def read(tmp_path, content):
    path = tmp_path / "news.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return list(read_documents(path, max_bytes=MAX))


def item(**fields):
    return {"uri": "https://agency.example/1", "headline": "Harbour", "body_text": "It reopened.", **fields}


def test_version_1_4_gives_the_article_with_paragraphs_credits_and_first_date():
    [document] = read_documents(SAMPLES / "ninjs-1.4.json", max_bytes=MAX)
    assert document.media_type == "text/html"
    assert b"<p>The harbour reopened.</p><p>Ferries return.</p>" in document.payload
    assert document.record == {
        "url": "https://agency.example/items/1",
        "outlet": "The Agency",
        "title": "Harbour reopens",
        "byline": "A. Writer and B. Editor",
        "published_at": "2020-01-31T11:00:00+00:00",
        "language": "en",
        "credits": ["The Agency", "Port Authority"],
        "copyright": "Copyright 2020 The Agency",
    }


def test_version_3_0_gives_one_row_for_each_object_of_a_list():
    text, picture, withdrawn, empty, no_object = read_documents(SAMPLES / "ninjs-3.0.json", max_bytes=MAX)
    assert (text.payload, text.media_type) == (b"The harbour reopened.", "text/plain")
    assert (text.record["title"], text.record["byline"]) == ("Harbour reopens", "A. Writer")
    assert (text.record["id"], text.record["outlet"]) == ("urn:newsml:agency.example:20200131:1", "The Agency")
    assert picture.skipped
    assert "of type 'picture', not an article" in picture.reason
    assert "'canceled'" in withdrawn.reason
    assert "has no body text" in empty.reason
    assert "not a ninjs object" in no_object.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not valid JSON"),
        (b'{"uri": ', "not valid JSON"),
        (b"\xff{}", "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"3", "holds neither a ninjs object nor a JSON Feed"),
        ([{"name": "Topic"}, {"name": "Other"}], "holds neither a ninjs object nor a JSON Feed"),
        (item(body_text="x" * (MAX + 1)), "the limit is 5,000"),
        (item(body_text=None), "has no body text"),
    ],
)
def test_what_is_no_article_is_refused_with_its_reason(tmp_path, content, reason):
    [refusal] = read(tmp_path, content)
    assert isinstance(refusal, Refusal)
    assert reason in refusal.reason


def test_fields_of_the_wrong_kind_are_left_empty(tmp_path):
    odd = item(byline=3, headline=["Harbour"], language={}, versioncreated="soon", infosource="x", copyrightholder=[])
    [document] = read(tmp_path, odd)
    assert isinstance(document, Document)
    assert document.record == {"url": "https://agency.example/1"}


def test_half_characters_and_nul_do_not_reach_the_text(tmp_path):
    [document] = read(tmp_path, rb'{"uri": "https://agency.example/1", "body_text": "It \ud800reopened\u0000."}')
    assert document.payload == b"It reopened."


def test_a_json_feed_is_read_as_one():
    skipped, seven, eight = read_documents(SAMPLES / "feed.json", max_bytes=MAX)
    assert "The feed is damaged (items that are not objects: 1)" in skipped.reason
    assert (seven.record["title"], seven.record["outlet"]) == ("Seven", "Wire")
    assert "Import its page https://wire.example/8" in eight.reason


def test_compressed_json_lines_give_what_comes_before_a_break(tmp_path):
    lines = b"\n".join(
        json.dumps({"outlet": "Gazette", "title": f"Story {n}", "text": f"Text {n * 7919}."}).encode()
        for n in range(5_000)
    )
    packed = gzip.compress(lines, mtime=0)
    (tmp_path / "whole.jsonl.gz").write_bytes(packed)
    assert len(list(read_documents(tmp_path / "whole.jsonl.gz", max_bytes=MAX))) == 5_000
    (tmp_path / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    *documents, broken = read_documents(tmp_path / "cut.jsonl.gz", max_bytes=MAX)
    assert len(documents) > 1_000
    assert all(isinstance(document, Document) for document in documents)
    assert "The gzip is damaged after line" in broken.reason


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ("2999-05-05T08:00:00+02:00", datetime(2999, 5, 5, 6, tzinfo=UTC)),
        # The latest that can be meant: in the last of all zones.
        ("2999-05-05T08:00:00", datetime(2999, 5, 5, 20, tzinfo=UTC)),
        ("2999-05-05", datetime(2999, 5, 6, 12, tzinfo=UTC)),
        ("2001-05-05T08:00:00Z", None),
        ("", None),
    ],
)
@pytest.mark.parametrize("name", ["embargoed", "embargoedUntil"])
def test_an_embargo_ends_at_the_latest_time_that_can_be_meant(tmp_path, name, said, ends):
    [document] = read(tmp_path, item(**{name: said}))
    assert document.embargoed_until == ends


@pytest.mark.parametrize("said", ["soon", True, 17, "9999-12-31T23:59:59"])
def test_an_embargo_without_a_readable_end_is_refused(tmp_path, said):
    [refusal] = read(tmp_path, item(embargoed=said))
    assert isinstance(refusal, Refusal)
    assert "embargoed, but not until a time that can be read" in refusal.reason
