"""Reading, matching and deciding, on stored articles."""

import json

import pghistory.models
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from claims import tasks
from claims.extraction import EXTRACTOR_VERSION
from claims.models import Attribution, Claim, ClaimTopic, Extraction, Speaker, Statement, StatementRelay, StatementSpan
from claims.services import matching, reading
from claims.services.decisions import (
    DecisionRefused,
    confirm_attribution,
    move_attribution,
    reject_attribution,
    set_stance,
)
from claims.services.matching import match_revision
from claims.services.reading import extract_next_revision, extract_revision, unfinished, unread
from claims.services.summaries import refresh_outdated
from claims.services.topics import load_topics
from sources import importing
from sources.documents import Document
from sources.errors import DocumentRefused
from tests.claims.matched import match_and_renew
from tests.factories import (
    make_article,
    make_claim,
    make_outlet,
    make_report,
    make_speaker,
    make_statement,
    make_topic,
    make_user,
    revise,
)

pytestmark = pytest.mark.django_db

MAYOR = (
    "Mayor Ana Silva said on Monday that the old harbour bridge would stay closed until spring. "
    "“We will not gamble with anybody's life,” Silva said."
)
PAPER = (
    "The harbour bridge will stay closed until spring, Ana Silva said. The mayor was blunt. "
    "“We will not gamble with anybody's life,” she said."
)


def read_and_match(*articles):
    for article in articles:
        extract_revision(article.current_revision_id)
        match_and_renew(article.current_revision_id)


def test_an_article_gets_statements_with_spans_and_a_speaker():
    article = make_article(MAYOR)
    statements = extract_revision(article.current_revision_id)

    [direct] = [statement for statement in statements if statement.kind == "direct"]
    assert direct.speaker.name == "Ana Silva"
    spans = {(s.role, MAYOR[s.start : s.end]) for s in direct.spans.all()}
    assert ("cue", "said") in spans
    assert any(role == "content" and "gamble" in text for role, text in spans)
    assert MAYOR[direct.start : direct.end] == direct.quote
    assert not unread().exists()


def test_reading_twice_adds_nothing():
    article = make_article(MAYOR)
    extract_revision(article.current_revision_id)
    before = list(Statement.objects.values())
    assert extract_revision(article.current_revision_id) == []
    Extraction.objects.update(state=Extraction.State.STARTED)
    assert extract_revision(article.current_revision_id) == []
    assert list(Statement.objects.values()) == before


def test_two_outlets_with_the_same_statements_share_claims():
    first = make_article(MAYOR, outlet=make_outlet("Gazette"))
    second = make_article(PAPER, outlet=make_outlet("Courier"))
    read_and_match(first, second)

    shared = Claim.objects.reported().filter(outlet_count=2)
    assert shared.count() == 2
    assert {claim.level for claim in shared} == {"corroborated"}
    assert {claim.speaker.name for claim in shared} == {"Ana Silva"}


def test_matching_twice_adds_nothing():
    article = make_article(MAYOR)
    read_and_match(article)
    before = list(Attribution.objects.values())
    assert match_revision(article.current_revision_id) == []
    assert list(Attribution.objects.values()) == before


def test_statements_published_far_apart_are_not_the_same_saying():
    first = make_article(MAYOR)
    second = make_article(PAPER, published_at="2021-06-01T00:00Z")
    second.refresh_from_db()
    read_and_match(first, second)
    assert not Claim.objects.reported().filter(outlet_count__gt=1).exists()


def test_a_statement_joins_the_claim_it_is_nearest_to_with_its_sub_scores():
    read_and_match(make_article(MAYOR), make_article(PAPER))
    joined = Attribution.objects.filter(score__lt=1).first()
    assert joined.method == matching.MATCHER_VERSION
    assert {"overlap", "containment", "speaker"} <= joined.sub_scores.keys()
    assert 0 < joined.score < 1


def test_a_denial_of_a_claim_is_a_report_that_denies_it():
    first = make_article("Mayor Ana Silva said that the harbour bridge inspectors took bribes from the builders.")
    second = make_article("Mayor Ana Silva denied that the harbour bridge inspectors took bribes from the builders.")
    read_and_match(first, second)
    claim = Claim.objects.reported().get(disputed=True)
    assert sorted(claim.attributions.values_list("stance", flat=True)) == ["affirms", "denies"]


def test_the_number_of_queries_to_match_does_not_grow_with_statements(django_assert_max_num_queries):
    article = make_article("\n\n".join(f"Jon Berg said that pier {n} was made of oak and granite." for n in range(30)))
    extract_revision(article.current_revision_id)
    assert Statement.objects.count() >= 30
    with django_assert_max_num_queries(60):
        match_revision(article.current_revision_id)


def test_a_relay_names_its_outlet():
    text = "The president's statement, reported by Reuters and Hill News, that the dam will hold calmed the markets."
    extract_revision(make_article(text).current_revision_id)
    relays = StatementRelay.objects.select_related("outlet")
    assert {(r.outlet.name, text[r.start : r.end]) for r in relays} == {
        ("Reuters", "Reuters"),
        ("Hill News", "Hill News"),
    }


def test_a_text_that_crashes_the_extractor_is_given_up_and_the_others_are_read(monkeypatch):
    def crash(text, **options):
        if "poison" in text:
            raise RuntimeError("tripped")
        return []

    monkeypatch.setattr(reading, "extract", crash)
    poison, good = make_article("A poison text."), make_article("A good text.")
    while extract_next_revision():
        pass
    assert (
        Extraction.objects.get(revision=poison.current_revision).reason
        == "Given up after 3 attempts. RuntimeError: tripped"
    )
    assert Extraction.objects.get(revision=good.current_revision).state == Extraction.State.EXTRACTED


def test_an_emptied_broker_loses_no_reading(monkeypatch):
    woken = []
    for task in ("extract_statements", "match_statements", "refresh_outdated", "fold_ledgers", "compare_wordings"):
        monkeypatch.setattr(getattr(tasks, task), "delay", lambda task=task: woken.append(task))

    def swept():
        woken.clear()
        assert tasks.sweep() == len(woken)
        return set(woken)

    make_article(MAYOR)
    assert "extract_statements" in swept()
    assert tasks.extract_statements() == 1
    assert "match_statements" in swept() - {"extract_statements"}
    assert tasks.match_statements() == 3  # to match, to renew, to compare
    assert {"fold_ledgers", "refresh_outdated"} <= swept() <= {"fold_ledgers", "refresh_outdated", "compare_wordings"}
    tasks.refresh_outdated()
    tasks.compare_wordings()
    tasks.fold_ledgers()
    assert swept() == set()


def test_a_new_revision_replaces_the_reports_of_the_old_one():
    article = make_article(MAYOR)
    read_and_match(article)
    assert Claim.objects.reported().count() == 2
    revise(article, "Mayor Ana Silva said that the ferry will sail on Sundays.")
    read_and_match(article)
    [claim] = Claim.objects.reported()
    assert "ferry" in claim.text


# Decisions


def test_a_confirmed_report_is_signed_and_dated():
    editor, report = make_user("eve"), make_report(make_claim())
    decided = confirm_attribution(report, by=editor)
    assert (decided.status, decided.decided_by, decided.decided_at is not None) == ("confirmed", editor, True)
    assert report.claim.corroborations.get(basis="confirmed").outlet_count == 1


def test_a_rejected_report_no_longer_counts_and_founds_a_claim_of_its_own():
    claim = make_claim()
    make_report(claim)
    report = make_report(claim)
    reject_attribution(report, by=make_user())

    assert claim.corroborations.get(basis="counted").outlet_count == 1
    [other] = report.statement.attributions.exclude(pk=report.pk)
    assert other.claim.corroborations.get(basis="counted").level == "single"


def test_rejecting_the_last_report_leaves_the_claim_unreported():
    report = make_report(make_claim())
    reject_attribution(report, by=make_user())
    assert report.claim.corroborations.get(basis="counted").level == "unreported"
    assert report.statement.attributions.count() == 1


def test_a_rejected_pair_stays_rejected_when_matched_again():
    first, second = make_article(MAYOR), make_article(PAPER)
    read_and_match(first, second)
    joined = Attribution.objects.filter(statement__revision__article=second, score__lt=1)
    rejected = [reject_attribution(attribution, by=make_user()) for attribution in joined]
    assert rejected
    # Even where a machine has to match the statement afresh.
    Attribution.objects.filter(statement__revision__article=second, status="proposed")._raw_delete("default")
    Extraction.objects.update(state=Extraction.State.EXTRACTED)
    match_and_renew(second.current_revision_id)
    for attribution in rejected:
        attribution.refresh_from_db()
        assert attribution.status == "rejected"
    assert not Claim.objects.reported().filter(outlet_count=2).exists()


def test_a_report_is_moved_to_another_claim():
    report, target = make_report(make_claim()), make_claim()
    moved = move_attribution(report, to=target, by=make_user())
    report.refresh_from_db()
    assert (report.status, moved.claim, moved.status) == ("rejected", target, "confirmed")


def test_a_report_is_moved_to_a_claim_of_its_own():
    report = make_report(make_claim())
    moved = move_attribution(report, to=None, by=make_user())
    assert moved.claim != report.claim
    assert moved.claim.text == report.statement.quote


def test_a_statement_that_founded_its_claim_can_found_another():
    article = make_article(MAYOR)
    read_and_match(article)
    founding = Attribution.objects.first()
    moved = move_attribution(founding, to=None, by=make_user())
    assert moved.claim.uid != founding.claim.uid


def test_impossible_decisions_are_refused_and_change_nothing():
    editor, report = make_user(), make_report(make_claim())
    merged = make_claim(merged_into=make_claim())
    with pytest.raises(DecisionRefused, match="at this claim already"):
        move_attribution(report, to=report.claim, by=editor)
    with pytest.raises(DecisionRefused, match="merged into another"):
        move_attribution(report, to=merged, by=editor)
    with pytest.raises(DecisionRefused, match="neither"):
        set_stance(report, stance="doubts", by=editor)
    withdrawn = make_report(make_claim())
    Statement.objects.filter(pk=withdrawn.statement_id).update(
        withdrawn_at="2020-01-01T00:00Z", withdrawn_reason="misread"
    )
    with pytest.raises(DecisionRefused, match="withdrawn: misread"):
        confirm_attribution(withdrawn, by=editor)
    report.refresh_from_db()
    assert report.status == "proposed"


def test_a_changed_stance_disputes_the_claim():
    report = make_report(make_claim())
    set_stance(report, stance="denies", by=make_user())
    assert report.claim.corroborations.get(basis="counted").disputed


def test_history_tells_who_changed_what():
    editor, report = make_user("eve"), make_report(make_claim())
    confirm_attribution(report, by=editor)
    event = pghistory.models.Events.objects.tracks(report).filter(pgh_label="update").latest("pgh_created_at")
    assert event.pgh_diff["status"] == ["proposed", "confirmed"]
    assert event.pgh_context["user"] == editor.pk


def test_history_tells_which_machine_wrote():
    article = make_article(MAYOR)
    read_and_match(article)
    statement_event = pghistory.models.Events.objects.tracks(Statement.objects.first()).get()
    attribution_event = pghistory.models.Events.objects.tracks(Attribution.objects.first()).first()
    assert statement_event.pgh_context["method"] == EXTRACTOR_VERSION
    assert attribution_event.pgh_context["method"] == matching.MATCHER_VERSION


# Decisions about a text that changed


def test_a_decision_follows_its_words_into_a_changed_text():
    article = make_article(MAYOR)
    read_and_match(article)
    report = Attribution.objects.get(statement__kind="direct")
    confirm_attribution(report, by=make_user("eve"))
    revise(article, f"Updated at noon. {MAYOR}")
    read_and_match(article)

    carried = Attribution.objects.standing().get(statement__kind="direct")
    assert (carried.claim, carried.status, carried.decided_by.username) == (report.claim, "confirmed", "eve")
    assert carried.decided_at == Attribution.objects.get(pk=report.pk).decided_at
    assert report.claim.corroborations.get(basis="confirmed").outlet_count == 1


def test_a_rejection_follows_its_words_too():
    article = make_article(MAYOR)
    read_and_match(article)
    report = Attribution.objects.get(statement__kind="direct")
    reject_attribution(report, by=make_user())
    revise(article, f"Updated at noon. {MAYOR}")
    read_and_match(article)
    carried = Attribution.objects.standing().get(statement__kind="direct", claim=report.claim)
    assert carried.status == "rejected"
    assert report.claim.corroborations.get(basis="counted").level == "unreported"


def test_a_decision_is_not_moved_to_a_sentence_that_looks_alike():
    article = make_article(MAYOR)
    read_and_match(article)
    confirm_attribution(Attribution.objects.get(statement__kind="direct"), by=make_user())
    revise(article, MAYOR.replace("gamble with", "risk"))
    read_and_match(article)
    assert not Attribution.objects.standing().filter(status="confirmed").exists()


def test_a_confirmed_statement_that_is_not_found_again_by_the_extractor_is_kept(monkeypatch):
    article = make_article(MAYOR)
    read_and_match(article)
    confirm_attribution(Attribution.objects.get(statement__kind="direct"), by=make_user())
    monkeypatch.setattr(reading, "extract", lambda text, **options: [])
    revision = revise(article, f"Updated. {MAYOR}")
    read_and_match(article)
    kept = Statement.objects.get(revision=revision)
    assert revision.text[kept.start : kept.end] == kept.quote
    assert kept.attributions.get().status == "confirmed"


# Topics


def test_topics_are_loaded_and_given_to_the_claims_there_are(tmp_path):
    report = make_report(make_claim("The harbour bridge is closed."))
    path = tmp_path / "topics.json"
    path.write_text(json.dumps([{"slug": "harbour", "name": "Harbour", "keywords": ["harbour bridge"]}]))
    load_topics(path)
    load_topics(path)
    [given] = ClaimTopic.objects.filter(claim=report.claim)
    assert (given.topic.name, given.method) == ("Harbour", "keyword: harbour bridge")


def test_a_broken_list_of_topics_is_named(tmp_path):
    path = tmp_path / "topics.json"
    path.write_text('[{"slug": "x"}]')
    with pytest.raises(DocumentRefused, match=r"topics\.json is not a list of topics"):
        load_topics(path)


def test_a_heading_gives_its_topic_to_the_claims_below_it():
    make_topic("Harbour", keywords=("harbour",))
    claim = make_claim("The bridge is closed.")
    report = make_report(claim)
    Statement.objects.filter(pk=report.statement_id).update(heading="Harbour")
    confirm_attribution(report, by=make_user())
    assert [topic.name for topic in claim.topics.all()] == ["Harbour"]


# What the database itself refuses


@pytest.mark.parametrize("end", [10_000, 21])
def test_no_span_ends_beyond_its_text(end):
    statement = make_statement("said", article=make_article("She said it at noon."))
    with pytest.raises(DatabaseError, match="ends beyond the text"), transaction.atomic():
        StatementSpan.objects.create(statement=statement, role="cue", start=0, end=end)
    with pytest.raises(DatabaseError, match="ends beyond the text"), transaction.atomic():
        Statement.objects.filter(pk=statement.pk).update(end=end)
    StatementSpan.objects.create(statement=statement, role="cue", start=0, end=20)


def test_offsets_count_code_points_not_bytes():
    article = make_article("😀😀 “yes”")
    statement = make_statement("“yes”", article=article)
    assert (statement.start, statement.end, article.current_revision.length) == (3, 8, 8)
    article.current_revision.refresh_from_db()
    assert article.current_revision.length == 8


def test_one_attribution_for_each_statement_and_claim():
    report = make_report(make_claim())
    with pytest.raises(IntegrityError, match="attribution_once"), transaction.atomic():
        Attribution.objects.create(uid=report.claim.uid, statement=report.statement, claim=report.claim, score=1)


@pytest.mark.parametrize("make", [make_claim, make_speaker])
def test_nothing_is_merged_into_itself(make):
    row = make()
    with pytest.raises(IntegrityError, match="not_merged_into_itself"), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(merged_into=row)


def test_a_decision_without_a_decider_is_refused():
    report = make_report(make_claim())
    with pytest.raises(IntegrityError, match="decision_signed"), transaction.atomic():
        Attribution.objects.filter(pk=report.pk).update(status="confirmed")


def test_events_of_history_are_never_changed():
    make_report(make_claim())
    events = Attribution.pgh_event_model.objects
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        events.update(status="rejected")


def test_a_speaker_merged_into_another_gets_no_new_statements():
    silva = make_speaker("Ana Silva Costa")
    Speaker.objects.filter(pk=make_speaker("Ana Silva").pk).update(merged_into=silva)
    [*statements] = extract_revision(make_article(MAYOR).current_revision_id)
    assert {statement.speaker for statement in statements} == {silva}


# Found by trying to break it


def test_the_opposite_of_a_claim_denies_it():
    first = make_article("Mayor Ana Silva said that the old harbour bridge will survive the winter storms.")
    second = make_article("Mayor Ana Silva said that the old harbour bridge will not survive the winter storms.")
    read_and_match(first, second)
    for claim in Claim.objects.reported():
        assert claim.level != "corroborated"


def test_two_people_who_say_the_same_make_two_claims():
    quote = "the harbour bridge will stay closed until spring"
    read_and_match(make_article(f"Ann Lee said {quote}."), make_article(f"Bob Roe said {quote}."))
    assert sorted(claim.speaker.name for claim in Claim.objects.reported()) == ["Ann Lee", "Bob Roe"]


def test_a_founding_denial_is_shown_as_one():
    read_and_match(make_article("Mayor Ana Silva denied that the ferry was overloaded with trucks."))
    [claim] = Claim.objects.reported()
    assert claim.text.startswith("Denies that the ferry was overloaded")


def test_a_rejection_that_is_taken_back_leaves_one_claim():
    claim = make_claim()
    make_report(claim)
    report = make_report(claim)
    editor = make_user()
    reject_attribution(report, by=editor)
    confirm_attribution(report, by=editor)
    assert [a.claim for a in report.statement.attributions.exclude(status="rejected")] == [claim]


def test_a_claim_that_is_only_denied_is_listed_as_disputed():
    report = make_report(make_claim())
    set_stance(report, stance="denies", by=make_user())
    [listed] = Claim.objects.reported()
    assert (listed.level, listed.disputed) == ("unreported", True)


def test_a_revision_whose_matching_keeps_crashing_is_given_up(monkeypatch):
    extract_revision(make_article(MAYOR).current_revision_id)

    def crash(revision_id):
        raise MemoryError

    monkeypatch.setattr(matching, "match_revision", crash)
    for _ in range(3):
        with pytest.raises(MemoryError):
            matching.match_next_revision()
    assert matching.match_next_revision()
    assert Extraction.objects.get().reason == "Matching was given up after 3 attempts."
    assert not matching.match_next_revision()


def test_a_run_is_unfinished_until_its_statements_have_claims():
    run = importing.request_import(
        "one", documents=[Document("d", MAYOR.encode(), "text/plain", {"outlet": "G", "title": "T"})]
    )
    importing.import_next()
    assert unfinished(run) == 1
    extract_next_revision()
    assert unfinished(run) == 1
    assert matching.match_next_revision()
    assert unfinished(run) == 1
    assert matching.match_next_revision()
    assert unfinished(run) == 0


def test_an_outlet_that_names_itself_is_no_relay_of_another():
    article = make_article(
        "Mayor Ana Silva told the Courier that the bridge is closed.", outlet=make_outlet("Evening Courier")
    )
    extract_revision(article.current_revision_id)
    assert not StatementRelay.objects.exclude(outlet=article.outlet).exists()


def test_an_article_that_goes_back_to_an_earlier_text_is_counted_again():
    def imported(text):
        document = Document("d", text.encode(), "text/plain", {"outlet": "G", "title": "T", "id": "1"})
        importing.request_import("one", documents=[document])
        while importing.import_next():
            pass
        extract_next_revision()
        while matching.match_next_revision():
            pass

    imported(MAYOR)
    [first, *_] = Claim.objects.reported().order_by("pk")
    imported("Mayor Ana Silva said that the ferry will sail on Sundays.")
    imported(MAYOR)
    assert refresh_outdated()
    assert first.corroborations.get(basis="counted").level == "single"
    assert not Claim.objects.reported().filter(text__contains="ferry").exists()
