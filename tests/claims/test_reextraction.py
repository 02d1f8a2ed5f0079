"""A newer version of the extractor reads again what older ones have read."""

import pghistory.models
import pytest

from claims import tasks
from claims.extraction import ExtractedStatement, Relay, Span
from claims.models import Attribution, Claim, Extraction, Speaker, Statement, StatementRelay
from claims.services import reading
from claims.services.decisions import confirm_attribution, leave_unsure, reject_attribution, undo_decision
from claims.services.matching import match_next_revision
from claims.services.merging import merge_claims, split_claim, unmerge_claims
from claims.services.reading import extract_next_revision, extract_revision, mark_texts_of_before, unread
from tests.factories import make_article, make_outlet, make_user

pytestmark = pytest.mark.django_db

TEXT = (
    "Ana Silva said the old harbour bridge stays closed until spring. "
    "Ana Silva said the new ferry sails on Sundays from the northern pier."
)
BRIDGE = "the old harbour bridge stays closed until spring"
FERRY = "the new ferry sails on Sundays from the northern pier"


@pytest.fixture
def version(monkeypatch):
    """Return what sets an extractor that finds these words; all that waits is read and matched at once."""

    def read(name, *found, speaker="Ana Silva", **said):
        def extract(text, **options):
            return [
                ExtractedStatement(
                    content=(Span(text.index(words), text.index(words) + len(words)),),
                    cue=(Span(text.index("said"), text.index("said") + 4),),
                    source=(Span(0, 9),),
                    **{"kind": "indirect", "speaker": speaker, "confidence": 0.6, **said},
                )
                for words in found
                if words in text
            ]

        monkeypatch.setattr(reading, "EXTRACTOR_VERSION", name)
        monkeypatch.setattr(reading, "extract", extract)
        mark_texts_of_before()
        while extract_next_revision() or match_next_revision():
            pass

    return read


def report(words):
    return Attribution.objects.select_related("claim", "statement").get(statement__quote=words)


def level(claim):
    return claim.corroborations.get(basis="counted").level


def test_a_new_version_waits_for_every_revision_again(version, monkeypatch):
    make_article(TEXT)
    version("v1", BRIDGE)
    assert not unread().exists()
    monkeypatch.setattr(reading, "EXTRACTOR_VERSION", "v2")
    monkeypatch.setattr(tasks.extract_statements, "delay", lambda: None)
    monkeypatch.setattr(tasks.match_statements, "delay", lambda: None)
    assert tasks.sweep() >= 1
    assert [due.again for due in unread()] == [True]
    assert tasks.extract_statements() == 1
    assert not unread().exists()
    assert set(Extraction.objects.values_list("version", flat=True)) == {"v1", "v2"}


def test_an_article_that_does_not_say_its_language_is_read_in_the_one_it_is_in(monkeypatch):
    languages = []
    monkeypatch.setattr(reading, "extract", lambda text, language: languages.append(language) or [])
    for text in (TEXT, "Die alte Brücke am Hafen bleibt bis zum Frühjahr gesperrt, sagte Eva Kern."):
        extract_revision(make_article(text, language="").current_revision_id)
    assert languages == ["en", "de"]


def test_news_is_read_before_what_was_read_already(version, monkeypatch):
    make_article(TEXT)
    version("v1", BRIDGE)
    news = make_article(f"News. {TEXT}")
    monkeypatch.setattr(reading, "EXTRACTOR_VERSION", "v2")
    assert mark_texts_of_before() == 1
    extract_next_revision()
    assert [due.again for due in unread()] == [True]
    assert Extraction.objects.filter(version="v2").get().revision == news.current_revision


def test_what_is_found_again_keeps_its_id_and_claim(version):
    make_article(TEXT)
    version("v1", BRIDGE, FERRY)
    before = set(Statement.objects.values_list("pk", "uid", "quote", "withdrawn_at"))
    claims = set(Attribution.objects.values_list("pk", "statement", "claim"))
    version("v2", BRIDGE, FERRY)
    assert set(Statement.objects.values_list("pk", "uid", "quote", "withdrawn_at")) == before
    assert set(Attribution.objects.values_list("pk", "statement", "claim")) == claims
    assert set(Statement.objects.values_list("method", flat=True)) == {"v2"}


def test_what_is_not_found_again_is_withdrawn_with_its_reason_and_no_longer_counts(version):
    make_article(TEXT)
    version("v1", BRIDGE, FERRY)
    lost = report(FERRY)
    assert level(lost.claim) == "single"
    version("v2", BRIDGE)
    lost.refresh_from_db()
    assert lost.statement.withdrawn_at is not None
    assert lost.statement.withdrawn_reason == "not found by v2"
    assert (lost.status, level(lost.claim)) == ("proposed", "unreported")
    assert level(report(BRIDGE).claim) == "single"


def test_the_corroboration_of_a_claim_counts_without_the_withdrawn_report(version):
    make_article(TEXT, outlet=make_outlet("Gazette"))
    make_article(f"Today: {TEXT}", outlet=make_outlet("Courier"))
    version("v1", FERRY)
    [claim] = Claim.objects.reported()
    assert level(claim) == "corroborated"
    reading_of_one = Statement.objects.order_by("pk").last().revision_id
    Extraction.objects.filter(version="v1").exclude(revision=reading_of_one).update(version="v2")
    version("v2", BRIDGE)
    # At once, before the matcher comes by.
    assert level(claim) == "single"


def test_what_an_editor_confirmed_stays(version):
    make_article(TEXT)
    version("v1", BRIDGE, FERRY)
    confirmed = confirm_attribution(report(FERRY), by=make_user("eve"))
    version("v2", BRIDGE)
    confirmed.refresh_from_db()
    assert (confirmed.status, confirmed.statement.withdrawn_at) == ("confirmed", None)
    assert confirmed.statement.method == "v1"
    assert level(confirmed.claim) == "single"


def test_what_an_editor_rejected_stays_rejected(version):
    make_article(TEXT)
    version("v1", BRIDGE, FERRY)
    rejected = reject_attribution(report(FERRY), by=make_user("eve"))
    version("v2", BRIDGE)
    version("v3", BRIDGE, FERRY)
    rejected.refresh_from_db()
    assert (rejected.status, rejected.decided_by.username) == ("rejected", "eve")
    assert rejected.statement.attributions.get() == rejected
    assert level(rejected.claim) == "unreported"


def test_what_an_editor_left_unsure_stays_unsure_and_is_not_proposed_again(version):
    make_article(TEXT)
    version("v1", BRIDGE, FERRY)
    unsure = leave_unsure(report(FERRY), by=make_user("eve"))
    version("v2", BRIDGE)
    version("v3", BRIDGE, FERRY)
    unsure.refresh_from_db()
    assert (unsure.status, unsure.decided_by.username) == ("unsure", "eve")
    assert unsure.statement.attributions.get() == unsure
    assert level(unsure.claim) == "unreported"


def test_what_an_editor_left_unsure_stays_so_with_a_moved_edge(version):
    make_article(TEXT)
    version("v1", FERRY)
    unsure = leave_unsure(report(FERRY), by=make_user("eve"))
    version("v2", f"{FERRY}.")
    again = report(f"{FERRY}.")
    assert (again.claim, again.status, again.decided_at) == (unsure.claim, "unsure", unsure.decided_at)
    # One decision in two places: undone at one, it is undone at both.
    undo_decision(again, by=make_user("ann"))
    assert set(Attribution.objects.values_list("status", flat=True)) == {"proposed"}
    assert level(unsure.claim) == "single"


def test_what_a_later_version_finds_again_comes_back(version):
    make_article(TEXT)
    version("v1", BRIDGE, FERRY)
    lost = report(FERRY)
    version("v2", BRIDGE)
    version("v3", BRIDGE, FERRY)
    lost.refresh_from_db()
    assert (lost.statement.withdrawn_at, lost.statement.withdrawn_reason) == (None, "")
    assert report(FERRY) == lost
    assert level(lost.claim) == "single"


def test_what_an_editor_withdrew_does_not_come_back(version):
    make_article(TEXT)
    version("v1", BRIDGE)
    Statement.objects.update(withdrawn_at="2020-01-01T00:00Z", withdrawn_reason="misread")
    version("v2", BRIDGE)
    assert Statement.objects.get().withdrawn_reason == "misread"


def test_what_an_editor_made_is_left_alone(version):
    make_article(TEXT)
    version("v1", BRIDGE)
    Statement.objects.update(method="editor")
    version("v2", FERRY)
    assert Statement.objects.get(quote=BRIDGE).withdrawn_at is None


def test_a_version_says_anew_who_spoke_and_through_whom(version):
    make_article(TEXT)
    version("v1", BRIDGE, relays=(Relay("Reuters", Span(0, 3)),))
    version("v2", BRIDGE, speaker="Ana Silva Costa", hedged=True, relays=(Relay("AFP", Span(0, 3)),))
    statement = Statement.objects.get()
    assert (statement.speaker.name, statement.hedged) == ("Ana Silva Costa", True)
    assert StatementRelay.objects.get().outlet.name == "Agence France-Presse"
    assert report(BRIDGE).claim.speaker.name == "Ana Silva Costa"


def test_a_version_changes_nothing_about_words_that_an_editor_decided_on(version):
    make_article(TEXT)
    version("v1", BRIDGE)
    confirm_attribution(report(BRIDGE), by=make_user())
    version("v2", BRIDGE, speaker="Somebody", confidence=0.1)
    statement = Statement.objects.get()
    assert (statement.speaker.name, statement.confidence, statement.method) == ("Ana Silva", 0.6, "v1")


def test_a_moved_edge_keeps_the_claim(version):
    make_article(TEXT)
    version("v1", FERRY)
    claim = report(FERRY).claim
    longer = f"{FERRY}."
    version("v2", longer)
    assert Statement.objects.get(quote=FERRY).withdrawn_reason == "not found by v2"
    assert report(longer).claim == claim
    assert level(claim) == "single"
    assert Claim.objects.count() == 1


def test_what_an_editor_rejected_is_not_proposed_again_with_a_moved_edge(version):
    make_article(TEXT, outlet=make_outlet("Gazette"))
    make_article(f"Today: {TEXT}", outlet=make_outlet("Courier"))
    version("v1", FERRY)
    [claim] = Claim.objects.reported()
    rejected = reject_attribution(claim.attributions.order_by("pk").last(), by=make_user())
    version("v2", f"{FERRY}.")
    again = Attribution.objects.get(
        statement__revision=rejected.statement.revision, statement__withdrawn_at=None, claim=claim
    )
    assert again.status == "rejected"
    assert level(claim) == "single"


def test_what_all_but_repeats_a_confirmed_statement_is_no_second_one(version):
    make_article(TEXT)
    version("v1", FERRY)
    confirm_attribution(report(FERRY), by=make_user())
    version("v2", f"{FERRY}.", BRIDGE)
    assert set(Statement.objects.values_list("quote", flat=True)) == {FERRY, BRIDGE}


def test_merged_claims_stay_merged_and_part_again_with_moved_edges(version):
    editor = make_user("eve")
    make_article(TEXT)
    version("v1", BRIDGE, FERRY)
    gone, kept = report(BRIDGE).claim, report(FERRY).claim
    confirm_attribution(report(BRIDGE), by=editor)
    merge_claims(gone, into=kept, by=editor)
    version("v2", f"{BRIDGE}.", f"{FERRY}.")
    assert set(Attribution.objects.standing().values_list("claim", flat=True)) == {kept.pk}
    unmerge_claims(gone, by=editor)
    bridge = Attribution.objects.standing().filter(statement__quote__startswith=BRIDGE)
    assert set(bridge.values_list("claim", "status")) == {(gone.pk, "confirmed")}
    assert report(f"{FERRY}.").claim == kept
    assert (level(gone), level(kept)) == ("single", "single")


def test_split_claims_stay_apart_with_moved_edges(version):
    editor = make_user("eve")
    make_article(TEXT, outlet=make_outlet("Gazette"))
    make_article(f"Today: {TEXT}", outlet=make_outlet("Courier"))
    version("v1", FERRY)
    [claim] = Claim.objects.reported()
    stays, goes = claim.attributions.order_by("pk")
    part = split_claim(claim, attributions=[goes], by=editor)
    version("v2", f"{FERRY}.")
    new = Attribution.objects.standing().exclude(statement__quote=FERRY)
    held = set(new.values_list("statement__revision", "claim", "status"))
    assert (stays.statement.revision_id, claim.pk, "proposed") in held
    assert level(claim) == level(part) == "single"
    # The split can still be undone, and takes what came of it along.
    undo_decision(Attribution.objects.get(claim=part, statement=goes.statement), by=editor)
    assert (level(claim), level(part)) == ("corroborated", "unreported")
    part.refresh_from_db()
    assert part.merged_into == claim


def test_a_crash_of_the_new_version_withdraws_nothing(version, monkeypatch):
    article = make_article(TEXT)
    version("v1", BRIDGE)

    def crash(text, **options):
        raise RuntimeError("tripped")

    monkeypatch.setattr(reading, "EXTRACTOR_VERSION", "v2")
    monkeypatch.setattr(reading, "extract", crash)
    extract_revision(article.current_revision_id)
    assert Statement.objects.get().withdrawn_at is None


def test_history_tells_which_version_withdrew(version):
    make_article(TEXT)
    version("v1", BRIDGE)
    version("v2")
    event = pghistory.models.Events.objects.tracks(Statement.objects.get()).filter(pgh_label="update").get()
    assert event.pgh_context["method"] == "v2"
    assert event.pgh_diff["withdrawn_reason"] == ["", "not found by v2"]


def test_the_number_of_queries_to_read_again_does_not_grow(version, monkeypatch, django_assert_max_num_queries):
    found = [f"pier {n} was made of oak and granite" for n in range(40)]
    article = make_article(" ".join(f"Ana Silva said {words}." for words in found))
    version("v1", *found[:20])
    monkeypatch.setattr(reading, "EXTRACTOR_VERSION", "v2")
    extracting = reading.extract

    def later(text, **options):
        return [s for s in extracting(text) if s.content[0].start % 2]

    monkeypatch.setattr(reading, "extract", later)
    with django_assert_max_num_queries(62):
        extract_revision(article.current_revision_id)
    assert Statement.objects.filter(withdrawn_at__isnull=False).exists()
    assert Speaker.objects.filter(name="Ana Silva").count() == 1
