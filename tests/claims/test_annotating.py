"""Statements that editors make, correct, withdraw and bring back."""

import threading
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.annotations import Quoted
from claims.extraction import ExtractedStatement, Span
from claims.models import Attribution, Claim, Speaker, Statement, StatementRelay
from claims.services import reading
from claims.services.annotating import (
    AnchorMismatch,
    Link,
    StatementExists,
    TextReplaced,
    WordsNotFound,
    annotate,
    edit_statement,
    link_statement,
    restore_statement,
    save_annotation,
    save_edit,
    withdraw_statement,
)
from claims.services.decisions import DecisionConflict, DecisionRefused, undo_decision
from claims.services.matching import match_next_revision
from claims.services.reading import extract_next_revision
from claims.services.suggesting import find_speakers, guess_statement, suggest_claims
from claims.versions import VersionConflict, version_of
from tests.factories import (
    make_article,
    make_claim,
    make_outlet,
    make_report,
    make_speaker,
    make_statement,
    make_user,
    revise,
)

pytestmark = pytest.mark.django_db

BRIDGE = "The old harbour bridge stays closed until spring"
TEXT = f"“{BRIDGE},” said Ana Silva, the mayor.\n\nThe ferry is full, TASS reported. “We wait,” Silva said."


@pytest.fixture
def editor(client):
    user = make_user("eve", editor=True)
    client.force_login(user)
    return user


def words(text, exact, **fields):
    """Return where the words stand, as `annotate` takes it."""
    start = text.index(exact)
    return {"start": start, "end": start + len(exact), "exact": exact, **fields}


def made(article, exact, *, by, **fields):
    return annotate(
        article.current_revision, **words(article.current_revision.text, exact), kind="direct", by=by, **fields
    )


def spans(statement, role):
    text = statement.revision.text
    return [text[span.start : span.end] for span in statement.spans.filter(role=role).order_by("start")]


# Making


def test_a_statement_of_an_editor_has_all_that_was_told(editor):
    article, speaker = make_article(TEXT), make_speaker("Ana Silva")
    statement = made(article, BRIDGE, by=editor, speaker=speaker, cue="said", source="Ana Silva", relays=["TASS"])
    statement.refresh_from_db()
    assert (statement.quote, statement.method, statement.confidence) == (BRIDGE, "editor", 1.0)
    assert (statement.speaker, statement.kind, statement.source_text) == (speaker, "direct", "Ana Silva")
    assert (spans(statement, "content"), spans(statement, "cue")) == ([BRIDGE], ["said"])
    [relay] = statement.relays.all()
    assert (relay.outlet.name, relay.hop, TEXT[relay.start : relay.end]) == ("TASS", 1, "TASS")
    event = statement.events.latest("pgh_id")
    assert event.pgh_context.metadata["user"] == editor.pk
    assert event.pgh_context.metadata["decision"] == "annotate"


def test_a_speaker_of_a_name_is_found_or_made(editor):
    article, known = make_article(TEXT), make_speaker("Ana Silva")
    assert made(article, BRIDGE, by=editor, speaker_name="  ana   silva ").speaker == known
    assert made(article, "We wait", by=editor, speaker_name="The Mayor").speaker.name == "The Mayor"
    assert made(article, "The ferry is full", by=editor).speaker is None


def test_a_merged_speaker_gives_way_to_the_one_it_was_merged_into(editor):
    kept = make_speaker("Ana Silva")
    gone = make_speaker("A. Silva", merged_into=kept)
    assert made(make_article(TEXT), BRIDGE, by=editor, speaker=gone).speaker == kept


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧 🇩🇪 Ana said: the 𝔟𝔯𝔦𝔡𝔤𝔢 stays closed 🚧 today.",
        "قالت آنا سيلفا: «الجسر يبقى مغلقا حتى الربيع».",
        "市长说：“旧港大桥将关闭到春天。”",
    ],
)
def test_offsets_are_code_points_in_any_script(editor, text):
    article = make_article(text)
    exact = text[text.index(":" if ":" in text else "：") + 1 :].strip()
    statement = made(article, exact, by=editor)
    assert article.current_revision.text[statement.start : statement.end] == statement.quote == exact


def test_offsets_of_utf_16_are_refused_with_both_texts(editor):
    text = "🚧🚧 Ana said: it stays closed."
    article = make_article(text)
    with pytest.raises(AnchorMismatch) as refused:
        annotate(article.current_revision, start=17, end=33, exact="it stays closed", kind="indirect", by=editor)
    assert refused.value.sent.exact == "it stays closed"
    assert refused.value.found.exact == text[17:33] != "it stays closed"
    assert not Statement.objects.exists()


@pytest.mark.parametrize("around", [{"prefix": "Silva said: "}, {"suffix": " said nobody"}])
def test_what_stands_around_the_words_is_checked_too(editor, around):
    article = make_article(TEXT)
    with pytest.raises(AnchorMismatch):
        annotate(article.current_revision, **words(TEXT, BRIDGE), **around, kind="direct", by=editor)
    right = {"prefix": "“", "suffix": ",” said"}
    assert annotate(article.current_revision, **words(TEXT, BRIDGE), **right, kind="direct", by=editor).pk


@pytest.mark.parametrize(("start", "end"), [(-5, 3), (5, 5), (9, 3), (0, 10_000), (10_000, 10_001)])
def test_a_place_that_is_none_is_refused(editor, start, end):
    article = make_article(TEXT)
    with pytest.raises(AnchorMismatch):
        annotate(article.current_revision, start=start, end=end, exact="x", kind="direct", by=editor)


def test_a_choice_across_paragraphs_has_a_piece_in_each_and_no_blanks_at_its_edges(editor):
    article = make_article(TEXT)
    chosen = TEXT[TEXT.index(", the mayor") : TEXT.index(", TASS")]
    statement = made(article, chosen, by=editor)
    assert spans(statement, "content") == [", the mayor.", "The ferry is full"]
    assert statement.quote == ", the mayor. … The ferry is full"
    # A form sends other line ends than the text has.
    again = made(make_article(TEXT), "We wait", by=editor)
    sent = words(TEXT, chosen) | {"exact": chosen.replace("\n", "\r\n")}
    other = make_article(TEXT)
    assert annotate(other.current_revision, **sent, kind="mixed", by=editor).quote == statement.quote
    assert again.quote == "We wait"


@pytest.mark.parametrize("chosen", [" “", "\n\n"])
def test_a_choice_without_words_is_refused(editor, chosen):
    article = make_article(TEXT)
    with pytest.raises(DecisionRefused, match="Choose words"):
        made(article, chosen, by=editor)


def test_a_choice_through_very_many_paragraphs_is_refused(editor):
    article = make_article("\n\n".join(f"Line {n}." for n in range(30)))
    with pytest.raises(DecisionRefused, match="30 paragraphs"):
        made(article, article.current_revision.text, by=editor)


def test_words_within_another_statement_are_a_statement_too(editor):
    article = make_article(TEXT)
    outer = made(article, BRIDGE, by=editor)
    inner = made(article, "closed until spring", by=editor)
    crossing = made(article, "spring,” said Ana", by=editor)
    assert Statement.objects.standing().count() == 3
    assert outer.start < inner.start < crossing.start < inner.end == outer.end


def test_the_same_words_are_one_statement(editor):
    article = make_article(TEXT)
    first = made(article, BRIDGE, by=editor)
    with pytest.raises(StatementExists) as refused:
        made(article, f" {BRIDGE}".strip(), by=editor)
    assert refused.value.statement == first


def test_words_of_a_replaced_text_are_refused_with_where_they_stand_now(editor):
    article = make_article(TEXT)
    old = article.current_revision
    revise(article, f"Updated on Monday.\n\n{TEXT}")
    with pytest.raises(TextReplaced) as refused:
        annotate(old, **words(TEXT, BRIDGE), kind="direct", by=editor)
    found = refused.value.found
    assert found.exact == BRIDGE
    moved = annotate(
        refused.value.revision, start=found.start, end=found.end, exact=BRIDGE, prefix="“", kind="direct", by=editor
    )
    assert moved.start == old.text.index(BRIDGE) + len("Updated on Monday.\n\n")
    gone = revise(article, "The bridge is open again.")
    with pytest.raises(TextReplaced) as refused:
        annotate(moved.revision, start=found.start, end=found.end, exact=BRIDGE, kind="direct", by=editor)
    assert (refused.value.found, refused.value.revision) == (None, gone)


def test_words_that_the_text_does_not_have_are_refused(editor):
    article = make_article(TEXT)
    for wrong in ({"cue": "shouted"}, {"source": "Jon Lee"}, {"relays": ["Reuters"]}):
        with pytest.raises(WordsNotFound):
            made(article, BRIDGE, by=editor, **wrong)
    with pytest.raises(AnchorMismatch):
        made(article, BRIDGE, by=editor, cue=Quoted(0, 4, "said"))
    assert not Statement.objects.exists()


def test_the_cue_that_stands_nearest_outside_the_words_is_meant(editor):
    text = "He said no. Lee said: “nobody said that,” and she said more."
    statement = made(make_article(text), "nobody said that", by=editor, cue="said")
    [cue] = statement.spans.filter(role="cue")
    assert cue.start == text.index("said:")


def test_a_cue_tells_that_the_words_are_denied(editor):
    text = "Silva denied that the bridge is closed."
    assert made(make_article(text), "the bridge is closed", by=editor, cue="denied").denies
    assert not annotate(
        make_article(text).current_revision,
        **words(text, "the bridge is closed"),
        kind="indirect",
        cue="denied",
        denies=False,
        by=editor,
    ).denies


# Linking


def test_a_statement_founds_a_claim_with_the_sentence_that_the_editor_wrote(editor):
    speaker = make_speaker("Ana Silva")
    statement = made(make_article(TEXT), BRIDGE, by=editor, speaker=speaker)
    report = link_statement(statement, Link(None, "The bridge is closed  until spring."), by=editor)
    claim = report.claim
    assert (claim.text, claim.text_by, claim.speaker) == ("The bridge is closed until spring.", editor, speaker)
    assert (report.status, report.decided_by) == ("confirmed", editor)
    assert claim.corroborations.get(basis="confirmed").outlet_count == 1
    plain = link_statement(made(make_article(TEXT), BRIDGE, by=editor), Link(None), by=editor)
    assert (plain.claim.text, plain.claim.text_by) == (f"{BRIDGE}.", None)


def test_a_statement_is_linked_to_a_claim_that_it_denies_and_the_link_undone(editor):
    claim = make_claim(BRIDGE)
    make_report(claim)
    statement = made(make_article(TEXT), "The ferry is full", by=editor)
    report = link_statement(statement, Link(claim, stance="denies"), by=editor)
    assert (report.stance, report.status) == ("denies", "confirmed")
    assert claim.corroborations.get(basis="counted").disputed
    undo_decision(report, by=editor)
    assert not claim.corroborations.get(basis="counted").disputed


# Correcting


def test_a_correction_changes_what_is_given_and_the_machine_keeps_off(editor, version):
    article = make_article(TEXT)
    version("v1", BRIDGE, speaker="Jon Lee")
    statement = Statement.objects.get()
    claim = statement.attributions.get().claim
    right = make_speaker("Ana Silva")
    edited = edit_statement(statement, speaker=right, relays=["TASS"], seen=version_of(statement), by=editor)
    assert (edited.speaker, edited.kind, edited.method) == (right, "indirect", "editor")
    claim.refresh_from_db()
    assert claim.speaker == right
    version("v2", BRIDGE, speaker="Jon Lee")
    statement.refresh_from_db()
    assert (statement.speaker, statement.method, statement.withdrawn_at) == (right, "editor", None)
    assert [relay.outlet.name for relay in statement.relays.all()] == ["TASS"]
    version("v3")
    statement.refresh_from_db()
    assert statement.withdrawn_at is None
    assert article.current_revision.statements.count() == 1


def test_moved_words_are_not_found_again_where_they_were(editor, version):
    make_article(TEXT)
    version("v1", f"{BRIDGE},” said Ana Silva, the mayor")
    statement = Statement.objects.get()
    uid, claim = statement.uid, statement.attributions.get().claim
    moved = edit_statement(statement, **words(TEXT, "closed until spring"), by=editor)
    assert (moved.uid, moved.quote, spans(moved, "content")) == (uid, "closed until spring", ["closed until spring"])
    assert moved.attributions.get().claim == claim
    version("v2", f"{BRIDGE},” said Ana Silva, the mayor")
    assert list(Statement.objects.standing()) == [moved]
    # And back again, and on to words that are another statement's.
    back = edit_statement(moved, **words(TEXT, f"{BRIDGE},” said Ana Silva, the mayor"), by=editor)
    assert list(Statement.objects.standing().values_list("quote", flat=True)) == [back.quote]
    other = annotate(back.revision, **words(TEXT, "We wait"), kind="direct", by=editor)
    with pytest.raises(StatementExists):
        edit_statement(back, **words(TEXT, "We wait"), by=editor)
    assert other.quote == "We wait"
    # The words that it left are free for a statement of their own, by another id.
    annotate(back.revision, **words(TEXT, "closed until spring"), kind="direct", by=editor)
    assert Statement.objects.standing().count() == 3


def test_words_that_are_given_to_a_correction_are_checked_also_where_they_stood(editor):
    statement = made(make_article(TEXT), BRIDGE, by=editor)
    with pytest.raises(AnchorMismatch):
        edit_statement(statement, **words(TEXT, BRIDGE) | {"exact": "Something else"}, by=editor)


def test_words_that_were_moved_away_may_become_a_statement_again(editor):
    statement = made(make_article(TEXT), BRIDGE, by=editor)
    edit_statement(statement, **words(TEXT, "We wait"), by=editor)
    again = annotate(statement.revision, **words(TEXT, BRIDGE), kind="direct", by=editor)
    assert again.uid != statement.uid
    assert {row.quote for row in Statement.objects.standing()} == {BRIDGE, "We wait"}


def test_a_correction_of_what_changed_meanwhile_is_refused_field_by_field(editor):
    statement = made(make_article(TEXT), BRIDGE, by=editor, speaker_name="Ana Silva")
    seen = version_of(statement)
    edit_statement(statement, speaker_name="Jon Lee", by=make_user("max"))
    with pytest.raises(VersionConflict) as refused:
        edit_statement(statement, speaker_name="The Mayor", seen=seen, by=editor)
    [field] = [field for field in refused.value.fields if field.clashes]
    assert (field.name, field.seen, field.current, field.by) == ("speaker", "Ana Silva", "Jon Lee", "max")
    statement.refresh_from_db()
    assert statement.speaker.name == "Jon Lee"


def test_a_statement_of_a_replaced_text_is_not_corrected(editor):
    article = make_article(TEXT)
    statement = made(article, BRIDGE, by=editor)
    revise(article, f"News. {TEXT}")
    with pytest.raises(TextReplaced) as refused:
        edit_statement(statement, kind="mixed", by=editor)
    assert refused.value.found.exact == BRIDGE


# Withdrawing


def test_a_withdrawn_statement_does_not_count_and_no_machine_finds_it_again(editor, version):
    make_article(TEXT)
    version("v1", BRIDGE)
    report = Attribution.objects.select_related("claim").get()
    withdraw_statement(report.statement, reason="not found by me: it is a caption", by=editor)
    assert report.claim.corroborations.get(basis="counted").outlet_count == 0
    for name in ("v2", "v3"):
        version(name, BRIDGE)
        [statement] = Statement.objects.all()
        assert statement.withdrawn_reason == "Not found by me: it is a caption"
    restored = restore_statement(statement, by=editor)
    assert (restored.withdrawn_at, restored.method) == (None, "editor")
    assert report.claim.corroborations.get(basis="counted").outlet_count == 1


def test_a_withdrawal_needs_a_reason_and_a_second_one_says_so(editor):
    statement = made(make_article(TEXT), BRIDGE, by=editor)
    with pytest.raises(DecisionRefused, match="why"):
        withdraw_statement(statement, reason="  ", by=editor)
    withdraw_statement(statement, reason="A caption.", by=editor)
    assert withdraw_statement(statement, reason="A caption.", by=editor).withdrawn_reason == "A caption."
    with pytest.raises(DecisionConflict, match="A caption"):
        withdraw_statement(statement, reason="Somebody else said it.", by=make_user())
    with pytest.raises(DecisionRefused, match="withdrawn"):
        edit_statement(statement, kind="mixed", by=editor)


def test_withdrawn_words_become_a_statement_again_when_an_editor_annotates_them(editor):
    article = make_article(TEXT)
    statement = made(article, BRIDGE, by=editor)
    withdraw_statement(statement, reason="A caption.", by=editor)
    again = made(article, BRIDGE, by=editor, speaker_name="Ana Silva")
    assert (again.pk, again.withdrawn_at, again.speaker.name) == (statement.pk, None, "Ana Silva")


# Reading again


@pytest.fixture
def version(monkeypatch):
    """Return what sets an extractor that finds these words; all that waits is read and matched at once."""

    def read(name, *found, speaker="Ana Silva"):
        def extract(text, **options):
            return [
                ExtractedStatement(
                    content=(Span(text.index(exact), text.index(exact) + len(exact)),),
                    cue=(),
                    source=(),
                    kind="indirect",
                    speaker=speaker,
                    confidence=0.6,
                )
                for exact in found
                if exact in text
            ]

        monkeypatch.setattr(reading, "EXTRACTOR_VERSION", name)
        monkeypatch.setattr(reading, "extract", extract)
        while extract_next_revision() or match_next_revision():
            pass

    return read


def test_reading_again_keeps_what_an_editor_made_and_finds_no_double_of_it(editor, version):
    article = make_article(TEXT)
    version("v1", "We wait")
    mine = made(article, BRIDGE, by=editor, speaker_name="Ana Silva")
    version("v2", f"{BRIDGE},", "We wait")
    mine.refresh_from_db()
    assert (mine.withdrawn_at, mine.method) == (None, "editor")
    assert set(Statement.objects.standing().values_list("quote", flat=True)) == {BRIDGE, "We wait"}


def test_what_was_annotated_before_the_first_reading_stays(editor, version):
    mine = made(make_article(TEXT), BRIDGE, by=editor)
    version("v1", BRIDGE, "We wait")
    mine.refresh_from_db()
    assert (mine.method, mine.kind) == ("editor", "direct")
    assert Statement.objects.standing().count() == 2


# Once for one form


def test_a_form_that_is_sent_again_does_nothing_again(editor):
    article, token = make_article(TEXT), uuid4()
    what = {**words(TEXT, BRIDGE), "kind": "direct", "speaker_name": "Ana Silva"}
    first = save_annotation(token, article.current_revision, what=what, link=Link(None), by=editor)
    second = save_annotation(token, article.current_revision, what=what, link=Link(None), by=editor)
    assert (first.again, second.again, second.statement) == (False, True, first.statement)
    assert Claim.objects.count() == Attribution.objects.count() == 1
    with pytest.raises(StatementExists):
        save_annotation(uuid4(), article.current_revision, what=what, by=editor)
    # Also where the words were moved in between.
    edit_statement(first.statement, **words(TEXT, "We wait"), by=editor)
    assert save_annotation(token, article.current_revision, what=what, by=editor).again
    token = uuid4()
    for again in (False, True):
        assert save_edit(token, first.statement, what={"kind": "mixed"}, by=editor).again is again


def test_nothing_is_stored_where_the_link_is_refused(editor):
    gone = make_claim(merged_into=make_claim())
    article = make_article(TEXT)
    with pytest.raises(DecisionConflict, match="merged"):
        save_annotation(
            uuid4(),
            article.current_revision,
            what={**words(TEXT, BRIDGE), "kind": "direct"},
            link=Link(gone),
            by=editor,
        )
    assert not Statement.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_sendings_of_one_form_at_once_make_one_statement():
    editor, article, token = make_user(), make_article(TEXT), uuid4()
    what = {**words(TEXT, BRIDGE), "kind": "direct", "speaker_name": "Ana Silva"}
    sent = []

    def send():
        try:
            sent.append(save_annotation(token, article.current_revision, what=what, link=Link(None), by=editor).again)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == [False, True, True, True]
    assert (Statement.objects.count(), Claim.objects.count()) == (1, 1)


# What is suggested


def guessed(text, exact, *, speakers=(), language="en"):
    article = make_article(text, language=language)
    for number, speaker in enumerate(speakers):
        make_statement(text[number : number + 3], article=article, speaker=speaker)
    start = text.index(exact)
    return guess_statement(article.current_revision, [Span(start, start + len(exact))])


def part(text, span):
    return text[span.start : span.end] if span is not None else None


@pytest.mark.parametrize(
    ("text", "exact", "kind", "cue", "source"),
    [
        ("“The dam holds,” said Ana Silva. Others wept.", "“The dam holds,”", "direct", "said", "Ana Silva"),
        ("“The dam holds,” said Ana Silva. Others wept.", "The dam holds", "direct", "said", "Ana Silva"),
        ("Silva said that the dam “will hold”.", "the dam “will hold”", "mixed", "said", "Silva"),
        ("Silva denied that the dam holds.", "the dam holds", "indirect", "denied", "Silva"),
        ("The dam holds, according to Silva.", "The dam holds", "indirect", "according to", "Silva"),
        ("Nobody knows. The dam holds. It rained.", "The dam holds", "indirect", None, None),
    ],
)
def test_kind_cue_and_source_are_guessed(text, exact, kind, cue, source):
    speaker = make_speaker("Ana Silva")
    found, who = guessed(text, exact, speakers=[speaker])
    assert (found.kind, part(text, found.cue), part(text, found.source)) == (kind, cue, source)
    assert who == (speaker if source else None)
    assert found.denies is (cue == "denied")


def test_a_speaker_who_is_new_to_the_article_is_guessed_by_the_name_beside_the_cue():
    found, who = guessed("“The dam holds,” President Jon Lee said.", "The dam holds")
    assert (found.speaker_name, who) == ("Jon Lee", None)


def test_who_spoke_last_goes_on():
    speakers = [make_speaker("Ana Silva"), make_speaker("Jon Lee")]
    text = "Ana Silva came. Jon Lee said little. “The dam holds,” he said."
    found, who = guessed(text, "The dam holds", speakers=speakers)
    assert (who, part(text, found.source)) == (speakers[1], "he")


@pytest.mark.parametrize(
    ("language", "name", "text", "exact", "cue"),
    [
        (
            "ru",
            "Ана Силва",
            "«Плотина выдержит до весны», — сказала Ана Силва.",
            "«Плотина выдержит до весны»",
            "сказала",
        ),
        ("zh", "李强", "李强说：“旧港大桥将关闭到春天。”", "“旧港大桥将关闭到春天。”", "说"),
    ],
)
def test_other_languages_are_guessed_by_their_own_rules(language, name, text, exact, cue):
    speaker = make_speaker(name)
    found, who = guessed(text, exact, speakers=[speaker], language=language)
    assert (found.kind, part(text, found.cue), who) == ("direct", cue, speaker)


def test_speakers_are_found_as_they_are_typed_the_articles_own_first():
    here, there = make_speaker("Ana Silva"), make_speaker("Ada Lark")
    gone = make_speaker("Ana Smith", merged_into=there)
    article = make_article(TEXT)
    make_statement(BRIDGE, article=article, speaker=here)
    revision = article.current_revision
    assert find_speakers(revision, "") == [here]
    assert find_speakers(revision, "a") == [here, there]
    assert find_speakers(revision, " lark ") == [there]
    assert gone not in find_speakers(revision, "ana s")
    assert find_speakers(revision, "nobody") == []


def test_claims_are_suggested_with_their_scores_the_nearest_first(version):
    speaker = "Ana Silva"
    make_article("Ana Silva said the old harbour bridge stays closed until next spring.", outlet=make_outlet())
    make_article("Ana Silva said the new harbour ferry is full on Sundays.", outlet=make_outlet())
    version("v1", "the old harbour bridge stays closed until next spring", "the new harbour ferry is full on Sundays")
    article = make_article(TEXT)
    start = TEXT.index(BRIDGE)
    content = [Span(start, start + len(BRIDGE))]
    who = Speaker.objects.get(name=speaker)
    found = suggest_claims(article.current_revision, content, who)
    assert "bridge" in found[0].claim.text
    assert found[0].score > 0.5
    assert found[0].parts["speaker"] == 1.0
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    carrying = found[0].claim.attributions.get().statement
    assert found[0].claim not in [
        s.claim for s in suggest_claims(article.current_revision, content, who, besides=carrying)
    ]


# Pages


def asked(article, exact, **fields):
    """Return the form for words of an article, as a browser sends it."""
    revision = article.current_revision
    place = words(revision.text, exact)
    return {
        **place,
        "revision": revision.number,
        "before": revision.text[: place["start"]][-32:],
        "after": revision.text[place["end"] :][:32],
        "token": str(uuid4()),
        "kind": "direct",
        "claim": "none",
        **fields,
    }


def annotate_url(article):
    return reverse("article_annotate", args=[article.uid])


def test_words_are_annotated_without_javascript(client, editor):
    article = make_article(TEXT)
    page = client.get(reverse("article_detail", args=[article.uid]))
    assert annotate_url(article) in page.content.decode()
    page = client.get(annotate_url(article), {"quote": "said", "number": "2"})
    form = page.context["form"]
    assert form.initial["start"] == TEXT.index("said", TEXT.index("said") + 1)
    page = client.get(annotate_url(article), {"quote": "old harbour\nbridge"})
    sent = dict(page.context["form"].initial)
    assert (sent["kind"], sent["cue"], sent["speaker_name"]) == ("direct", "said", "Ana Silva")
    answer = client.post(
        annotate_url(article), {**sent, "revision": 1, "claim": "new", "sentence": "The bridge is old."}
    )
    statement = Statement.objects.get()
    assert answer.headers["Location"] == f"/articles/{article.uid}/?statement={statement.uid}#s-{statement.uid}"
    assert (statement.quote, statement.speaker.name) == ("old harbour bridge", "Ana Silva")
    assert statement.attributions.get().claim.text == "The bridge is old."
    assert b"linked to its claim" in client.get(answer.headers["Location"]).content


def test_words_that_are_typed_and_do_not_stand_in_the_text_come_back(client, editor):
    article = make_article(TEXT)
    page = client.get(annotate_url(article), {"quote": "The bridge is open"})
    assert page.status_code == 404
    assert page.content.decode().count("The bridge is open") >= 2
    assert client.get(annotate_url(article), {"quote": ""}).status_code == 400
    assert client.get(annotate_url(article), {"start": "9" * 30, "end": "x"}).status_code == 200
    assert client.get(annotate_url(article), {"start": "900000", "end": "900003"}).status_code == 409


def test_a_mismatch_shows_both_texts_and_keeps_what_was_typed(client, editor):
    article = make_article(TEXT)
    sent = asked(article, BRIDGE, speaker_name="Ana Silva", cue="said", sentence="My sentence.", claim="new")
    sent["start"] += 3
    sent["end"] += 3
    page = client.post(annotate_url(article), sent)
    assert page.status_code == 409
    told = page.content.decode()
    assert BRIDGE in told
    assert TEXT[sent["start"] : sent["end"]].replace("“", "“") in page.context["refusal"].found.exact
    for kept in ("Ana Silva", "My sentence.", sent["token"]):
        assert kept in told
    # It leads to where the words do stand, to be sent again.
    again = page.context["form"].data
    assert int(again["start"]) == TEXT.index(BRIDGE)
    assert client.post(annotate_url(article), again).status_code == 302
    assert Statement.objects.get().quote == BRIDGE


def test_words_of_a_text_that_was_just_replaced_come_back_with_their_new_place(client, editor):
    article = make_article(TEXT)
    sent = asked(article, BRIDGE, speaker_name="Ana Silva", claim="new", sentence="Closed.")
    revise(article, f"Updated on Monday.\n\n{TEXT}")
    page = client.post(annotate_url(article), sent)
    assert page.status_code == 409
    assert "The new one has these words too" in page.content.decode()
    assert client.post(annotate_url(article), page.context["form"].data).status_code == 302
    statement = Statement.objects.get()
    assert (statement.revision.number, statement.speaker.name) == (2, "Ana Silva")
    sent = asked(article, "We wait")
    revise(article, "The bridge is open again, and everybody went home.")
    page = client.post(annotate_url(article), sent)
    assert page.status_code == 409
    assert "does not clearly have these words" in page.content.decode()
    old = {"revision": "2", "start": sent["start"], "end": sent["end"], "panel": "1"}
    assert client.get(annotate_url(article), old).status_code == 409


def test_what_is_a_statement_already_leads_to_it(client, editor):
    article = make_article(TEXT)
    statement = made(article, BRIDGE, by=editor)
    page = client.post(annotate_url(article), asked(article, BRIDGE, speaker_name="Jon Lee"))
    assert page.status_code == 409
    assert reverse("statement_edit", args=[statement.uid]) in page.content.decode()
    assert "Jon Lee" in page.content.decode()


def test_a_form_that_is_wrong_or_forged_stores_nothing_and_comes_back(client, editor):
    article = make_article(TEXT)
    wrong = [
        {"kind": "shouted"},
        {"cue": "whispered"},
        {"relays": "TASS ← Nowhere Times"},
        {"token": "x"},
        {"start": "-1"},
        {"claim": "x"},
        {"claim": str(uuid4())},
        {"speaker": str(uuid4()), "speaker_name": "x"},
        {"stance": "perhaps"},
    ]
    for fields in wrong:
        page = client.post(annotate_url(article), asked(article, BRIDGE) | fields)
        assert page.status_code == 400, fields
        assert page.context["form"].errors, fields
    assert not Statement.objects.exists()


def test_a_chosen_speaker_counts_only_while_the_name_is_theirs(client, editor):
    article, speaker = make_article(TEXT), make_speaker("Ana Silva")
    client.post(annotate_url(article), asked(article, BRIDGE, speaker=speaker.uid, speaker_name="Jon Lee"))
    client.post(annotate_url(article), asked(article, "We wait", speaker=speaker.uid, speaker_name="ana silva"))
    client.post(annotate_url(article), asked(article, "The ferry is full", speaker=speaker.uid, speaker_name=""))
    names = dict(Statement.objects.values_list("quote", "speaker__name"))
    assert names == {BRIDGE: "Jon Lee", "We wait": "Ana Silva", "The ferry is full": None}


def test_a_cue_of_a_second_selection_is_the_one_that_was_selected(client, editor):
    article = make_article(TEXT)
    second = TEXT.rindex("said")
    client.post(annotate_url(article), asked(article, BRIDGE, cue="said", cue_at=second, relays="TASS"))
    statement = Statement.objects.get()
    assert statement.spans.get(role="cue").start == second
    assert StatementRelay.objects.get(statement=statement).outlet.name == "TASS"


def test_a_panel_is_told_where_to_go_on_and_a_second_sending_says_so(client, editor):
    article, claim = make_article(TEXT), make_claim(BRIDGE)
    sent = asked(article, BRIDGE, claim=claim.uid, stance="denies", panel="1")
    first, second = (client.post(annotate_url(article), sent) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.headers["Location"] == second.headers["Location"]
    assert Attribution.objects.get().stance == "denies"
    assert b"applied once" in client.get(second.headers["Location"]).content


def test_a_statement_is_corrected_on_its_page_and_only_in_what_was_changed(client, editor, version):
    make_article(TEXT)
    version("v1", BRIDGE, speaker="Jon Lee")
    statement = Statement.objects.get()
    url = reverse("statement_edit", args=[statement.uid])
    sent = client.get(url).context["form"].initial
    assert (sent["speaker_name"], sent["kind"], sent["claim"]) == ("Jon Lee", "indirect", "none")
    assert client.post(url, {**sent, "speaker_name": "Ana Silva"}).status_code == 302
    statement.refresh_from_db()
    assert (statement.speaker.name, statement.kind, statement.method) == ("Ana Silva", "indirect", "editor")
    # Other words, typed; they carry a further claim.
    other = make_claim("The harbour bridge is old.")
    sent = client.get(url).context["form"].initial
    client.post(url, {**sent, "quote": "harbour bridge stays closed", "claim": other.uid, "stance": "affirms"})
    statement.refresh_from_db()
    assert statement.quote == "harbour bridge stays closed"
    assert statement.attributions.get(claim=other).status == "confirmed"


def test_two_editors_at_one_statement_are_shown_what_the_other_changed(client, editor):
    statement = made(make_article(TEXT), BRIDGE, by=editor, speaker_name="Ana Silva")
    url = reverse("statement_edit", args=[statement.uid])
    sent = client.get(url).context["form"].initial
    edit_statement(statement, speaker_name="Jon Lee", by=make_user("max"))
    page = client.post(url, {**sent, "kind": "mixed"})
    assert page.status_code == 409
    told = page.content.decode()
    assert "max" in told
    # What the other changed and this editor did not is taken over; what this one typed is kept.
    again = page.context["form"].data
    assert (again["speaker_name"], again["kind"]) == ("Jon Lee", "mixed")
    assert client.post(url, again).status_code == 302
    statement.refresh_from_db()
    assert (statement.speaker.name, statement.kind) == ("Jon Lee", "mixed")


def test_a_statement_is_withdrawn_and_brought_back_on_its_page(client, editor):
    statement = made(make_article(TEXT), BRIDGE, by=editor)
    withdraw, restore = (reverse(f"statement_{verb}", args=[statement.uid]) for verb in ("withdraw", "restore"))
    edit = reverse("statement_edit", args=[statement.uid])
    seen = client.get(edit).context["withdrawing"].initial["seen"]
    assert client.get(withdraw).headers["Location"] == edit
    assert client.post(withdraw, {"reason": " ", "seen": seen}).status_code == 400
    page = client.get(client.post(withdraw, {"reason": "A caption.", "seen": seen}).headers["Location"])
    assert "A caption." in page.content.decode()
    assert restore in page.content.decode()
    assert client.get(edit).status_code == 302
    client.post(restore)
    statement.refresh_from_db()
    assert statement.withdrawn_at is None
    edit_statement(statement, kind="mixed", by=make_user("max"))
    page = client.post(withdraw, {"reason": "A caption.", "seen": seen})
    assert page.status_code == 409
    assert "A caption." in page.content.decode()


def test_overlapping_statements_can_all_be_reached_and_edited(client, editor):
    article = make_article(TEXT)
    rows = [made(article, exact, by=editor) for exact in (BRIDGE, "closed until spring", "spring,” said Ana")]
    page = client.get(reverse("article_detail", args=[article.uid])).content.decode()
    for row in rows:
        for there in (f'id="s-{row.uid}"', f'href="#n-{row.uid}"', f'id="n-{row.uid}"', f"/statements/{row.uid}/edit/"):
            assert there in page


def test_readers_and_earlier_texts_are_not_offered_to_annotate(client, editor):
    article = make_article(TEXT)
    made(article, BRIDGE, by=editor)
    revise(article, f"News. {TEXT}")
    url = reverse("article_detail", args=[article.uid])
    assert "annotate.js" in client.get(url).content.decode()
    assert "annotate.js" not in client.get(f"{url}?revision=1").content.decode()
    assert "annotate" not in Client().get(url).content.decode()


def test_only_editors_annotate(client):
    article = make_article(TEXT)
    statement = make_statement(BRIDGE, article=article)
    addresses = [
        *(reverse(name, args=[article.uid]) for name in ("article_annotate", "annotate_speakers", "annotate_claims")),
        *(reverse(f"statement_{verb}", args=[statement.uid]) for verb in ("edit", "withdraw", "restore")),
    ]
    for address in addresses:
        assert "/accounts/login/" in client.post(address, asked(article, "We wait")).headers["Location"]
    client.force_login(make_user("reader"))
    for address in addresses:
        assert client.post(address, asked(article, "We wait")).status_code == 403
    assert Statement.objects.get().withdrawn_at is None


def test_what_a_panel_asks_for_costs_no_more_with_more_rows(client, editor, version):
    def cost(statements):
        quotes = [
            f"The bridge number {statements}{n} in the harbour stays closed until spring" for n in range(statements)
        ]
        for _ in range(2):
            make_article("\n\n".join(f"Ana Silva said {quote}." for quote in quotes))
        version(f"v{statements}", *quotes)
        article = Speaker.objects.get(name="Ana Silva").statements.latest("pk").revision.article
        text = article.current_revision.text
        start = text.index("in the harbour stays closed")
        place = {"revision": 1, "start": start, "end": start + 27}
        counts = []
        for address, query in (
            (annotate_url(article), {**place, "panel": "1"}),
            (reverse("annotate_claims", args=[article.uid]), place),
            (reverse("annotate_claims", args=[article.uid]), {**place, "q": "bridge"}),
            (reverse("annotate_speakers", args=[article.uid]), {"typed": "an"}),
            (reverse("article_detail", args=[article.uid]), {}),
            (reverse("statement_edit", args=[article.current_revision.statements.first().uid]), {}),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address, query).status_code == 200
            counts.append(len(queries))
        return counts

    few, many = cost(2), cost(12)
    assert many == few
    assert max(many) <= 30
