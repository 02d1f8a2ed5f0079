"""The evidence bundle of a claim: what is in it, that it can be checked, and that it is the same each time."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.bundles import archives
from sources.models import Snapshot
from tests.factories import make_article, make_claim, make_outlet, make_report, make_speaker

pytestmark = pytest.mark.django_db

TEXT = "Πρώτα 😀. Ms Ruiz said: Rain will fall. Then she left."


@pytest.fixture
def claim():
    claim = make_claim("Rain will fall.", speaker=make_speaker("Ana Ruiz"))
    article = make_article(TEXT, outlet=make_outlet("Gazette"), title="Rain", url="https://gazette.example/rain")
    make_report(claim, article=article)
    make_report(claim, outlet=make_outlet("Review"), quote="No rain will fall.", stance="denies")
    return claim


def bytes_of(client, claim) -> bytes:
    response = client.get(reverse("claim_evidence", args=[claim.uid]))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"].startswith('attachment; filename="claim-')
    return b"".join(response.streaming_content)


def opened(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_the_frozen_bytes_and_texts_with_their_hashes_and_times(client, claim):
    files = opened(bytes_of(client, claim))
    manifest = json.loads(files["manifest.json"])

    entries = {entry["path"]: entry for entry in manifest["files"]}
    for snapshot in Snapshot.objects.all():
        entry = entries[f"snapshots/{snapshot.uid}.txt"]
        assert files[entry["path"]] == bytes(snapshot.body)
        assert entry["sha256"] == snapshot.sha256 == hashlib.sha256(snapshot.body).hexdigest()
        assert entry["captured_at"] == "2020-01-02T00:00:00+00:00"
    for path, entry in entries.items():
        assert hashlib.sha256(files[path]).hexdigest() == entry["sha256"]
        assert len(files[path]) == entry["bytes"]
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {name: hashlib.sha256(body).hexdigest() for name, body in files.items() if name != "SHA256SUMS"}


def test_its_reports_say_where_their_words_stand(client, claim):
    files = opened(bytes_of(client, claim))
    told = json.loads(files["reports.json"])

    assert (told["level"], told["disputed"], told["outlets"]) == ("single", True, ["Gazette"])
    assert {report["stance"] for report in told["reports"]} == {"affirms", "denies"}
    for report in told["reports"]:
        text = files[report["text"]].decode()
        assert text[report["start"] : report["end"]] == report["exact"]
        assert report["snapshot"] in files
    linked = json.loads(files["claim.jsonld"])
    assert [article["url"] for article in linked["appearance"]] == ["https://gazette.example/rain"]


def test_the_same_rows_give_the_same_bytes(client, claim):
    first = bytes_of(client, claim)

    assert bytes_of(client, claim) == first
    make_report(claim)
    assert bytes_of(client, claim) != first


def test_files_have_the_times_of_their_capture(client, claim):
    with zipfile.ZipFile(io.BytesIO(bytes_of(client, claim))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2020, 1, 2, 0, 0, 0)}


@pytest.mark.parametrize(("year", "kept"), [(1960, 1980), (2020, 2020), (2200, 2107)])
def test_times_that_a_zip_file_cannot_hold_are_bounded(year, kept):
    assert archives.entry_time(datetime(year, 1, 1, tzinfo=UTC))[0] == kept


def test_what_a_browser_would_run_is_kept_as_text():
    assert archives.suffix_for("text/html; charset=utf-8") == ".html.txt"
    assert archives.suffix_for("image/svg+xml") == ".svg.txt"
    assert archives.suffix_for("application/pdf") == ".pdf"
    assert archives.suffix_for("what/ever") == ".bin"


def test_html_in_titles_and_quotes_is_shown_not_run(client):
    bad = "<script>alert(1)</script>"
    claim = make_claim(f"Rain {bad}", speaker=make_speaker(f"Ana {bad}"))
    article = make_article(f"x {bad}", outlet=make_outlet(f"Gazette {bad}"), title=f"Title {bad}")
    make_report(claim, article=article, quote=bad)

    page = opened(bytes_of(client, claim))["index.html"].decode()

    assert bad not in page
    assert "&lt;script&gt;alert(1)" in page


def test_it_takes_as_many_queries_for_twenty_reports_as_for_one_but_for_reading_the_pages(client, claim):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            bytes_of(client, claim)
        # The frozen pages come a few at a time, so that they never are all in memory.
        return sum("FETCH" not in query["sql"] for query in captured)

    bytes_of(client, claim)
    one = queries()
    for _ in range(19):
        make_report(claim)

    assert queries() == one


def test_two_reports_of_one_text_share_its_frozen_page(client, claim):
    article = claim.attributions.earliest("pk").statement.revision.article
    make_report(claim, article=article, quote="Then she left.")

    files = opened(bytes_of(client, claim))

    assert sum(name.startswith("snapshots/") for name in files) == 2
    assert len(json.loads(files["reports.json"])["reports"]) == 3


def test_one_that_would_be_too_large_is_refused_with_both_sizes(client, claim, monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 10)
    response = client.get(reverse("claim_evidence", args=[claim.uid]))

    page = response.content.decode()
    assert response.status_code == 413
    assert "come to 1 MB; a bundle holds at most 0 MB." in page
    assert reverse("api:claim-corroboration", args=[claim.uid]) in page


def test_it_goes_to_a_file_rather_than_to_memory(client, claim, monkeypatch):
    monkeypatch.setattr(archives, "SPOOLED_BYTES", 100)
    plain = bytes_of(client, claim)

    assert opened(plain)["claim.jsonld"]


def test_a_claim_without_reports_has_a_bundle_that_says_so(client):
    files = opened(bytes_of(client, make_claim("Nobody says so.")))

    assert json.loads(files["reports.json"])["reports"] == []
    assert "No report of this claim counts at present." in files["index.html"].decode()
