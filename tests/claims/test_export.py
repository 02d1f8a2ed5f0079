"""`export_claims`: what a line holds, what is left out, and that no half file is ever left."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims import exports
from tests.factories import (
    make_article,
    make_claim,
    make_outlet,
    make_report,
    make_speaker,
    make_topic,
)


def records(**options):
    return [json.loads(line) for line in exports.claim_lines(**options)]


@pytest.mark.django_db
def test_a_line_holds_the_claim_and_where_each_report_stands_in_its_text():
    agency, trade = make_outlet("Agency"), make_topic("Trade")
    claim = make_claim("Taxes will rise.", speaker=make_speaker("The Minister"), topics=(trade,))
    by_id = make_article("🙂 He said: Taxes will rise.", outlet=make_outlet("Gazette"), external_id="g-1")
    by_url = make_article(
        "Taxes will rise.",
        outlet=make_outlet("Herald"),
        external_id="",
        url="https://herald.example/1",
        published_at=datetime(2019, 1, 1, tzinfo=UTC),
    )
    make_report(claim, article=by_id, credit=agency)
    make_report(claim, article=by_url, relays=(agency,), status="confirmed")

    assert records() == [
        {
            "id": str(claim.uid),
            "text": "Taxes will rise.",
            "speaker": "The Minister",
            "topics": ["Trade"],
            "level": "repeated",
            "disputed": False,
            "origins": ["Agency"],
            "reports": [
                {
                    "article": "https://herald.example/1",
                    "outlet": "Herald",
                    "start": 0,
                    "end": 16,
                    "exact": "Taxes will rise.",
                    "kind": "direct",
                    "stance": "affirms",
                    "status": "confirmed",
                    "score": 1.0,
                },
                {
                    "article": "g-1",
                    "outlet": "Gazette",
                    "start": 11,
                    "end": 27,
                    "exact": "Taxes will rise.",
                    "kind": "direct",
                    "stance": "affirms",
                    "status": "proposed",
                    "score": 1.0,
                },
            ],
            "not_found_in": {"count": 0, "of": 2, "complete": True, "outlets": []},
        }
    ]


@pytest.mark.django_db
def test_claims_without_a_counted_report_and_merged_ones_are_left_out():
    claim = make_claim()
    make_report(claim)
    make_claim()
    make_report(make_claim(), status="rejected")
    make_report(make_claim(merged_into=claim))

    assert [record["id"] for record in records()] == [str(claim.uid)]


@pytest.mark.django_db
def test_rejected_reports_are_written_where_asked_but_do_not_count():
    claim = make_claim()
    make_report(claim, outlet=make_outlet("Gazette"))
    make_report(claim, outlet=make_outlet("Herald"), status="rejected")
    only_rejected = make_claim()
    make_report(only_rejected, status="rejected")

    (counted,) = records()
    both, rejected = records(include_rejected=True)

    assert [report["outlet"] for report in counted["reports"]] == ["Gazette"]
    assert [report["status"] for report in both["reports"]] == ["proposed", "rejected"]
    assert (counted["level"], both["level"], rejected["level"]) == ("single", "single", "unreported")


@pytest.mark.django_db
def test_a_denial_is_a_report_and_disputes_the_claim():
    claim = make_claim()
    make_report(claim)
    make_report(claim, stance="denies")

    (record,) = records()

    assert record["disputed"]
    assert [report["stance"] for report in record["reports"]] == ["affirms", "denies"]


@pytest.mark.django_db
def test_each_chunk_costs_the_same_queries_however_many_claims_it_has(monkeypatch):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            lines = list(exports.claim_lines(include_rejected=True))
        return len(lines), len(captured)

    agency = make_outlet("Agency")

    def claim():
        made = make_claim(topics=(make_topic(),))
        make_report(made, credit=agency, partial=True, relays=(agency,))
        make_report(made, status="rejected")

    claim()
    _, of_one = cost()
    for _ in range(6):
        claim()

    assert cost() == (7, of_one)
    monkeypatch.setattr(exports, "CHUNK_CLAIMS", 3)
    assert cost() == (7, 3 * of_one)
    monkeypatch.setattr(exports, "CHUNK_CLAIMS", 7)
    # A full chunk may be followed by another: one more query finds that it is not.
    assert cost() == (7, of_one + 1)
    assert of_one <= 14


@pytest.mark.django_db(transaction=True)
def test_the_command_writes_a_file_that_takes_its_place_when_complete(tmp_path):
    make_report(make_claim("Les impôts montent, dit-il. 🙂"))
    output = tmp_path / "claims.jsonl"
    output.write_text("before")

    call_command("export_claims", output=str(output))

    (line,) = output.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["text"] == "Les impôts montent, dit-il. 🙂"
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.django_db(transaction=True)
def test_the_command_writes_to_standard_output(capsys):
    make_report(make_claim())
    make_report(make_claim())

    call_command("export_claims", output="-")

    printed = capsys.readouterr()
    assert [set(json.loads(line)) >= {"id", "reports"} for line in printed.out.splitlines()] == [True, True]


@pytest.mark.django_db(transaction=True)
def test_a_crash_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    make_report(make_claim())
    output = tmp_path / "claims.jsonl"
    output.write_text("before")

    def crash(**options):
        yield "{}"
        raise KeyboardInterrupt

    monkeypatch.setattr(exports, "claim_lines", crash)
    with pytest.raises(KeyboardInterrupt):
        call_command("export_claims", output=str(output))

    assert [path.read_text() for path in tmp_path.iterdir()] == ["before"]


@pytest.mark.django_db(transaction=True)
def test_an_export_without_claims_is_an_empty_file(tmp_path):
    call_command("export_claims", output=str(tmp_path / "none.jsonl"))

    assert (tmp_path / "none.jsonl").read_text() == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("name", "says"), [("", "is a folder"), ("missing/claims.jsonl", "be written: No such")])
def test_an_output_that_cannot_be_written_is_named(tmp_path, name, says):
    with pytest.raises(CommandError, match=says):
        call_command("export_claims", output=str(Path(tmp_path) / name))


@pytest.mark.django_db(transaction=True)
def test_all_lines_are_of_one_moment(tmp_path, monkeypatch):
    """A claim made while the export runs is not in it."""
    make_report(make_claim("Early."))
    original = exports.claim_lines

    def meanwhile(**options):
        import threading

        def other_connection():
            make_report(make_claim("Late."))
            connection.close()

        thread = threading.Thread(target=other_connection)
        thread.start()
        thread.join()
        yield from original(**options)

    monkeypatch.setattr(exports, "claim_lines", meanwhile)
    call_command("export_claims", output=str(tmp_path / "claims.jsonl"))

    lines = (tmp_path / "claims.jsonl").read_text().splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["Early."]
