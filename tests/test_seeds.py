"""The two seed articles, from file to export: what a reader is shown is worked out from their text."""

import json

import pytest
from django.core.management import call_command

from claims.management.commands import load_seeds
from claims.models import Claim, Corroboration
from claims.services.matching import match_next_revision
from claims.services.reading import extract_next_revision
from sources import tasks
from sources.importing import import_next
from sources.models import Revision

pytestmark = pytest.mark.django_db

# Words that tell each claim of both articles apart, by what it says.
SHARED = {
    "THAAD harms strategic security": ["strategic security interests"],
    "measures jointly or alone": ["measures", "strategic balance"],
    "dual-track approach": ["track approach"],
    "best time in history": ["best time in"],
    "trustworthy partners": ["most trustworthy strategic partners"],
    "working relations and friendship": ["good working relations and a close personal friendship"],
    "new impetus": ["inject new impetus"],
    "BRI–EAEU alignment": ["Belt and Road Initiative with the Russia", "align"],
    "fields of cooperation": ["energy", "trade", "technology"],
}


@pytest.fixture
def imported(monkeypatch):
    monkeypatch.setattr(tasks.import_items, "delay", lambda: None)
    call_command("load_seeds")
    for work in (import_next, extract_next_revision, match_next_revision):
        while work():
            pass


def shared_claims():
    claims = Claim.objects.reported().filter(outlet_count__gte=2).with_summary()
    return {claim: [a.statement.quote for a in claim.attributions.select_related("statement")] for claim in claims}


def named(quotes):
    """Return the shared claim that all of `quotes` carry, or None."""
    for name, words in SHARED.items():
        if all(any(word in quote.replace("\n", " ") for quote in quotes) for word in words):
            return name
    return None


def test_both_articles_share_these_claims_and_no_others(imported):
    found = {claim.text: named(quotes) for claim, quotes in shared_claims().items()}
    print(json.dumps(found, indent=1, ensure_ascii=False))
    assert None not in found.values(), "a claim is shared that no reader would call the same"
    assert len(set(found.values())) == len(found), "one claim is shown twice"
    assert len(found) >= 8


def test_every_shared_claim_has_both_outlets_and_one_origin(imported):
    for claim in shared_claims():
        [summary] = claim.summaries
        assert [o.name for o in summary.outlets.order_by("name")] == ["CGTN", "Executive Intelligence Review"]
        assert (summary.level, [o.name for o in summary.origins.all()]) == ("repeated", ["Xinhua"])


def test_the_relayed_statement_could_come_from_three_outlets(imported):
    from claims.corroboration.reports import load_reports

    [claim] = [claim for claim, quotes in shared_claims().items() if named(quotes) == "trustworthy partners"]
    origins = {
        report.outlet.name: {evidence.outlet.name for evidence in report.evidence}
        for report in load_reports([claim])[claim.pk].reports
    }
    assert origins == {
        "CGTN": {"CGTN", "Xinhua"},
        "Executive Intelligence Review": {"TASS", "Rossiyskaya Gazeta", "Xinhua"},
    }


def test_every_number_can_be_checked_at_its_span(imported):
    texts = dict(Revision.objects.values_list("pk", "text"))
    for claim, _ in shared_claims().items():
        for attribution in claim.attributions.select_related("statement").prefetch_related("statement__spans"):
            statement = attribution.statement
            pieces = [
                texts[statement.revision_id][s.start : s.end] for s in statement.spans.all() if s.role == "content"
            ]
            assert " … ".join(pieces) == statement.quote


@pytest.mark.django_db(transaction=True)
def test_the_export_gives_offsets_into_the_imported_text(imported, tmp_path, settings):
    output = tmp_path / "claims.jsonl"
    call_command("export_claims", output=str(output))
    texts = {
        row["id"]: (settings.BASE_DIR / "seeds" / row["file"]).read_text(encoding="utf-8")
        for row in map(json.loads, (settings.BASE_DIR / "seeds" / "articles.jsonl").read_text().splitlines())
    }
    reports = [report for line in output.read_text().splitlines() for report in json.loads(line)["reports"]]
    assert len(reports) > 30
    for report in reports:
        assert texts[report["article"]][report["start"] : report["end"]] == report["exact"]


def test_loading_the_seeds_again_changes_nothing(imported, monkeypatch):
    before = list(Corroboration.objects.order_by("pk").values("claim", "level", "outlet_count", "computed_at"))
    call_command(load_seeds.Command())
    for work in (import_next, extract_next_revision, match_next_revision):
        while work():
            pass
    assert list(Corroboration.objects.order_by("pk").values("claim", "level", "outlet_count", "computed_at")) == before


def test_topics_of_the_seeds_are_found(imported):
    topics = {topic.slug for claim in Claim.objects.prefetch_related("topics") for topic in claim.topics.all()}
    assert {"thaad", "dual-track-approach", "bri-eaeu-alignment"} <= topics
