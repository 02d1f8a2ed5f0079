"""Reading files: what is a document, and what is refused for which reason."""

import json
import os

import pytest

from sources.documents import Document, Refusal, decode_text, document_from_record, parse_published, read_documents
from sources.errors import DocumentRefused

MAX = 5_000


def read(path, **options):
    return list(read_documents(path, max_bytes=MAX, **options))


def line(**fields):
    return {"outlet": "Gazette", "title": "Title", "text": "Text.", **fields}


def write_lines(folder, *rows, name="articles.jsonl"):
    path = folder / name
    path.write_bytes(b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows))
    return path


def test_each_line_is_a_document_with_its_fields(tmp_path):
    path = write_lines(tmp_path, line(id=7, url="https://example.org/a", published_at="2020-01-31", byline="A"), line())
    first, second = read(path)
    assert first == Document(
        "articles.jsonl:1",
        b"Text.",
        "text/plain",
        {
            "id": "7",
            "url": "https://example.org/a",
            "outlet": "Gazette",
            "title": "Title",
            "published_at": "2020-01-31",
            "byline": "A",
        },
    )
    assert second.label == "articles.jsonl:2"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b'{"outlet": "Gazette", "title": "Tit', "not valid JSON: Unterminated string"),
        (b'{"title": "\xe9"}', "not UTF-8 (byte 0xe9 at 11)"),
        (b"[1]", "not a JSON object"),
        (b"[" * 4000, "nested too deeply"),
        (line(outlet=""), "has no outlet"),
        (line(outlet=None), "has no outlet"),
        (line(title=" "), "has no title"),
        (line(text=""), "exactly one of text, html and file; this one has none"),
        (line(html="<p>x</p>"), "this one has html and text"),
        (line(text=["a"]), "text must be text, not list"),
        (line(txet="x"), "Unknown field 'txet'"),
        (line(published_at="yesterday"), "is not a date such as"),
        (line(published_at="3017-07-03"), "lies in the future"),
        (line(published_at="0217-07-03"), "lies before 1600"),
        (line(published_at="2017-13-03"), "is not a date such as"),
        (line(text="a\0b"), "NUL character (U+0000) at 1"),
        (rb'{"outlet": "G", "title": "T", "text": "a\ud800b"}', "lone surrogate U+D800) at 1"),
        (line(url="ftp://example.org"), "must begin with http"),
        (line(title="x" * 1001), "title has 1,001 characters; the limit is 1,000"),
        (line(text="x" * (MAX + 1)), "the limit is 5,000"),
        (line(text="", file="../outside.txt"), "lies outside the folder"),
        (line(text="", file="absent.txt"), "absent.txt cannot be read: it is missing"),
        (line(text="", file="a.pdf"), "must end in one of"),
        (line(text="", file="a\0.txt"), "NUL character"),
        (rb'{"a\u0000b": 1}', "Unknown field 'a\\x00b'"),
        (rb'{"a\ud800b": 1}', "Unknown field 'a\\ud800b'"),
        (b'{"id": ' + b"9" * 4500 + b"}", "more digits than can be read"),
    ],
)
def test_a_bad_line_is_refused_alone_with_its_reason(tmp_path, row, reason):
    good, bad, also_good = read(write_lines(tmp_path, line(), row, line()))
    assert isinstance(good, Document)
    assert isinstance(also_good, Document)
    assert isinstance(bad, Refusal)
    assert reason in bad.reason
    assert bad.label == "articles.jsonl:2"


def test_a_line_past_the_limit_is_not_read_into_memory_and_the_next_one_is(tmp_path):
    path = write_lines(tmp_path, line(text="x" * 50 * MAX), line())
    long, good = read(path)
    assert "250,0" in long.reason
    assert len(long.payload) <= 1000
    assert isinstance(good, Document)


def test_a_file_over_the_limit_is_refused_with_its_size(tmp_path):
    path = tmp_path / "big.txt"
    path.write_bytes(b"x" * (MAX + 1))
    [refusal] = read(path)
    assert refusal.reason == "big.txt has 5,001 bytes; the limit is 5,000. Split it."


def test_a_folder_gives_its_files_once_and_names_what_it_leaves_out(tmp_path):
    (tmp_path / "one.txt").write_text("One.")
    (tmp_path / "two.html").write_text("<p>Two.</p>")
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    (tmp_path / ".hidden.txt").write_text("Hidden.")
    write_lines(tmp_path, line(text="", file="one.txt"))
    first, notes, two = read(tmp_path, outlet="Courier")
    assert (first.label, first.payload, first.record["outlet"]) == ("articles.jsonl:1", b"One.", "Gazette")
    assert notes.skipped
    assert "not in a known format" in notes.reason
    assert (two.media_type, two.record) == ("text/html", {"outlet": "Courier"})


def test_a_missing_path_is_refused(tmp_path):
    [refusal] = read(tmp_path / "absent.txt")
    assert "cannot be read" in refusal.reason


def test_text_is_kept_code_point_for_code_point():
    text = "\n\n  “Two” lines \u200b\r\n😀 e\u0301 \u00a0end\n"
    assert decode_text(text.encode()) == text
    assert decode_text(b"\xef\xbb\xbfText") == "Text"
    assert decode_text("Text".encode("utf-16")) == "Text"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "has no text"),
        (b" \n\t ", "has no text"),
        ("Caf\xe9".encode("latin-1"), "not UTF-8 (byte 0xe9 at 3)"),
        (b"a\0b", "NUL character"),
    ],
)
def test_what_is_no_text_is_refused(payload, reason):
    with pytest.raises(DocumentRefused, match=reason.replace("(", r"\(").replace(")", r"\)")):
        decode_text(payload)


def test_dates_have_a_time_only_where_one_was_given():
    assert [str(part) for part in parse_published("2020-01-31")] == ["2020-01-31 00:00:00+00:00", "False"]
    assert [str(part) for part in parse_published("2020-01-31T23:30:00-02:00")] == ["2020-02-01 01:30:00+00:00", "True"]


def test_a_record_from_elsewhere_cannot_name_files():
    with pytest.raises(DocumentRefused, match="works only in a JSON Lines file"):
        document_from_record("api", {"outlet": "G", "title": "T", "file": "/etc/hostname"}, folder=None, max_bytes=MAX)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    [refusal] = read(tmp_path)
    assert "no ordinary file" in refusal.reason
