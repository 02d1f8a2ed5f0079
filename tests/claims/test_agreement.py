"""How far editors agree, blindly, what an adjudicator settles, and how often machines were right."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.extraction import ExtractedStatement, Span
from claims.models import Annotation, Attribution, ClaimLink, SampledItem, Statement
from claims.services import agreement, desk, reading
from claims.services.agreement import Band, alpha, annotate_second, is_sampled, measure_precision, next_second
from claims.services.annotating import annotate, edit_statement, restore_statement, save_edit, withdraw_statement
from claims.services.decisions import (
    DecisionConflict,
    confirm_attribution,
    leave_unsure,
    reject_attribution,
    set_stance,
    undo_decision,
)
from claims.services.desk import Shown, press, settle_difference, undo_action
from claims.services.matching import match_next_revision
from claims.services.proposals import store_proposals
from claims.services.reading import extract_next_revision
from claims.services.speakers import merge_speakers
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


@pytest.fixture(autouse=True)
def much_read_twice(settings):
    settings.REVIEW_DOUBLE_PERCENT = 100
    cache.clear()


@pytest.fixture
def ann():
    return make_user("ann", editor=True)


@pytest.fixture
def ben():
    return make_user("ben", editor=True)


def decide(verb, by):
    """Return a report on which an editor decided at the desk."""
    report = make_report(make_claim(), outlet=make_outlet())
    shown = Shown("report", report.uid, report.claim.uid, report.stance)
    press(uuid4(), verb=verb, shown=[shown], by=by)
    report.refresh_from_db()
    return report


def item_of(row, kind="report"):
    return SampledItem.objects.get(kind=kind, row_id=row.pk)


def text_of(response):
    return response.content.decode()


# The sample


def test_about_the_asked_share_is_sampled_and_always_the_same(settings):
    settings.REVIEW_DOUBLE_PERCENT = 20
    first = [row for row in range(5000) if is_sampled("report", row)]
    assert 850 < len(first) < 1150
    assert first == [row for row in range(5000) if is_sampled("report", row)]
    settings.REVIEW_DOUBLE_PERCENT = 0
    assert not any(is_sampled("report", row) for row in range(100))


def test_a_decision_of_the_sample_waits_for_another_editor_until_it_is_undone(ann, ben):
    report = make_report(make_claim())
    token = uuid4()
    press(token, verb="confirm", shown=[Shown("report", report.uid, report.claim.uid, "affirms")], by=ann)
    assert next_second(ann) is None
    assert next_second(ben).row_id == report.pk
    undo_action(token, by=ann)
    assert next_second(ben) is None
    assert not SampledItem.objects.exists()


def test_a_second_judgement_changes_nothing_and_stands(ann, ben):
    report = decide("confirm", ann)
    item = annotate_second(item_of(report), verdict="reject", by=ben)
    assert item.state == "differs"
    assert annotate_second(item, verdict="confirm", by=ben).state == "differs"
    assert Attribution.objects.get(pk=report.pk).status == "confirmed"
    assert list(Annotation.objects.order_by("pk").values_list("editor__username", "verdict")) == [
        ("ann", "confirm"),
        ("ben", "reject"),
    ]
    with pytest.raises(DecisionConflict, match="Another editor judged this"):
        annotate_second(item, verdict="confirm", by=make_user())


def test_the_second_reading_does_not_say_what_the_first_said(client, ann, ben):
    report = decide("confirm", ann)
    client.force_login(ben)
    page = text_of(client.get("/desk/second/"))
    main = page.split("<main")[1].split("</main>")[0]
    assert report.statement.quote in main
    assert "ann" not in main.replace("another", "").replace("Another", "")
    assert "✓" not in main
    item = item_of(report)
    answer = client.post(f"/desk/second/{item.pk}/", {"verb": "confirm"}, follow=True)
    assert "Kept. What was decided is unchanged." in text_of(answer)
    assert "Nothing waits for a second reading" in text_of(answer)
    assert item_of(report).state == "agreed"
    assert client.post(f"/desk/second/{item.pk}/", {"verb": "merge"}).status_code == 409


# Agreement


def test_alpha_is_as_published():
    # Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C: nominal data, four observers.
    observers = {
        "a": "1 2 3 3 2 1 4 1 2 . . .",
        "b": "1 2 3 3 2 2 4 1 2 5 . 3",
        "c": ". 3 3 3 2 3 4 2 2 5 1 .",
        "d": "1 2 3 3 2 4 4 1 2 5 1 .",
    }
    units = [
        {name: said.split()[at] for name, said in observers.items() if said.split()[at] != "."} for at in range(12)
    ]
    assert alpha(units) == pytest.approx(0.743, abs=0.001)
    assert alpha([{"a": "x", "b": "x"}]) is None
    assert alpha([]) is None


def test_agreement_is_by_kind_and_pair_without_what_an_adjudicator_said(ann, ben):
    for first, second in (("confirm", "confirm"), ("reject", "reject"), ("confirm", "reject"), ("confirm", "confirm")):
        annotate_second(item_of(decide(first, ann)), verdict=second, by=ben)
    [before] = agreement.agreement()
    [pair] = before.pairs
    assert (before.kind, before.items, pair.one, pair.other, pair.same, pair.of, pair.percent) == (
        *("report", 4, "ann", "ben"),
        *(3, 4, 75),
    )
    # Observed 1/4 against expected 2 · 5 · 3 / (8 · 7), both of disagreement.
    assert before.alpha == pytest.approx(1 - (2 / 8) / (30 / 56))
    settle_difference(SampledItem.objects.get(state="differs"), verdict="reject", by=make_user())
    assert agreement.agreement() == [before]


# Where two differ


@pytest.mark.parametrize(
    ("first", "second", "verdict", "status", "stance"),
    [
        ("confirm", "reject", "confirm", "confirmed", "affirms"),
        ("confirm", "reject", "reject", "rejected", "affirms"),
        ("reject", "confirm", "confirm", "confirmed", "affirms"),
        ("confirm", "denies", "denies", "confirmed", "denies"),
        ("denies", "confirm", "confirm", "confirmed", "affirms"),
        ("denies", "unsure", "unsure", "unsure", "denies"),
    ],
)
def test_what_an_adjudicator_says_holds(client, ann, ben, first, second, verdict, status, stance):
    report = decide(first, ann)
    item = annotate_second(item_of(report), verdict=second, by=ben)
    client.force_login(make_user("cem", editor=True))
    page = text_of(client.get("/desk/agreement/"))
    assert "Where two editors differ" in page
    answer = client.post(f"/desk/agreement/{item.pk}/", {"verb": verdict}, follow=True)
    assert "Where two editors differ" not in text_of(answer)
    report.refresh_from_db()
    item.refresh_from_db()
    assert (report.status, report.stance) == (status, stance)
    assert (item.state, item.verdict, item.adjudicated_by.username) == ("adjudicated", verdict, "cem")
    assert client.post(f"/desk/agreement/{item.pk}/", {"verb": verdict}).status_code == 409


def test_an_adjudicator_parts_and_merges_claims(ann, ben):
    speaker = make_speaker()
    one, other = (make_claim(text, speaker=speaker) for text in ("The bridge is shut.", "The bridge is closed."))
    for claim in (one, other):
        make_report(claim)
    store_proposals([ClaimLink(claim=one, other=other, kind="same", score=0.5, method="test")])
    link = ClaimLink.objects.get()
    press(uuid4(), verb="merge", shown=[Shown("same", link.uid, link.claim.uid)], by=ann)
    item = annotate_second(item_of(link, "same"), verdict="reject", by=ben)
    settle_difference(item, verdict="reject", by=make_user())
    link.refresh_from_db()
    for claim in (one, other):
        claim.refresh_from_db()
        assert claim.merged_into is None
    assert link.status == "rejected"
    SampledItem.objects.update(state="differs", verdict="", adjudicated_by=None, adjudicated_at=None)
    settle_difference(item, verdict="merge", by=make_user())
    other.refresh_from_db()
    assert other.merged_into == one


def test_only_editors_judge_and_settle(client, ann, ben):
    item = annotate_second(item_of(decide("confirm", ann)), verdict="reject", by=ben)
    addresses = ["/desk/second/", "/desk/agreement/", f"/desk/second/{item.pk}/", f"/desk/agreement/{item.pk}/"]
    for address in addresses:
        assert client.post(address)["Location"].startswith("/accounts/login/")
    client.force_login(make_user())
    for address in addresses:
        assert client.post(address).status_code == 403


def test_more_differences_cost_more_queries_only_up_to_a_page(client, ann, ben):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/desk/agreement/").status_code == 200
        return len(captured)

    def differ():
        annotate_second(item_of(decide("confirm", ann)), verdict="reject", by=ben)

    client.force_login(ann)
    for _ in range(10):
        differ()
    queries()
    full = queries()
    for _ in range(10):
        differ()
    assert queries() == full


# Precision


def scored(report, score, method="matcher 1"):
    Attribution.objects.filter(pk=report.pk).update(score=score, method=method, sub_scores={"words": score})
    report.refresh_from_db()
    return report


def measured(what, part):
    """Return (least, most, right, of) of each band of the only machine of a kind."""
    [machine] = [found for found in measure_precision() if found.what == what]
    at = machine.parts.index(part)
    bands = [row.bands[at] for row in machine.rows if row.bands[at] is not None]
    return [(band.least, band.most, band.right, band.of) for band in bands]


def test_precision_is_by_machine_and_band_of_what_editors_decided(ann):
    for score, decision in ((0.95, confirm_attribution),) * 3 + (
        (0.95, reject_attribution),
        (0.55, reject_attribution),
    ):
        report = scored(make_report(make_claim()), score)
        make_report(report.claim)
        decision(report, by=ann)
    leave_unsure(scored(make_report(make_claim()), 0.95), by=ann)
    scored(make_report(make_claim()), 0.95)
    # What a claim was made from was not matched.
    confirm_attribution(make_report(make_claim()), by=ann)
    confirm_attribution(scored(make_report(make_claim()), 0.8, method="editor"), by=ann)

    [matcher] = [found for found in measure_precision() if found.what == "matcher"]

    assert matcher.method == "matcher 1"
    assert measured("matcher", "claim") == [(0.5, 0.6, 0, 1), (0.9, 1.0, 3, 4)]
    assert measured("matcher", "stance") == [(0.9, 1.0, 3, 3)]
    assert matcher.rows[0].bands[1] is None


def test_a_stance_that_an_editor_turned_is_wrong_and_its_claim_right(ann):
    for stance in ("affirms", "denies", "denies"):
        set_stance(scored(make_report(make_claim()), 0.95), stance=stance, by=ann)
    # Turned, and turned back: what was proposed holds.
    set_stance(set_stance(scored(make_report(make_claim()), 0.95), stance="denies", by=ann), stance="affirms", by=ann)
    assert measured("matcher", "claim") == [(0.9, 1.0, 4, 4)]
    assert measured("matcher", "stance") == [(0.9, 1.0, 2, 4)]


def test_a_decision_that_was_undone_or_decided_anew_counts_as_it_stands(ann, ben):
    report = scored(make_report(make_claim()), 0.95)
    make_report(report.claim)
    undo_decision(reject_attribution(report, by=ann), by=ann)
    assert not measure_precision()
    reject_attribution(report, by=ann)
    report.refresh_from_db()
    confirm_attribution(report, by=ben)
    assert measured("matcher", "claim") == [(0.9, 1.0, 1, 1)]


def found_statement(quote="The bridge is closed until spring", *, confidence=0.95, **fields):
    text = f"Ana Silva said: {quote}. Others wept."
    article = make_article(text)
    return make_statement(quote, article=article, confidence=confidence, method="extractor 1", **fields)


def confirmed(statement, by):
    report = Attribution.objects.create(
        uid=uuid4(), statement=statement, claim=make_claim(), stance="affirms", status="proposed", score=1, method="m"
    )
    confirm_attribution(report, by=by)
    return statement


PARTS = ("statement", "words", "speaker", "kind", "denies")


def test_an_extractor_is_wrong_where_an_editor_withdrew_a_statement(ann):
    confirmed(found_statement(), ann)
    withdraw_statement(found_statement(), reason="A caption.", by=ann)
    lost = found_statement()
    Statement.objects.filter(pk=lost.pk).update(
        withdrawn_at=timezone.now(), withdrawn_reason="not found by extractor 2"
    )
    found_statement()
    assert measured("extractor", "statement") == [(0.9, 1.0, 1, 2)]
    # Of a statement that is none nothing else is judged.
    assert [measured("extractor", part) for part in PARTS[1:]] == [[(0.9, 1.0, 1, 1)]] * 4


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"start": 31, "end": 49, "exact": "until spring. Othe"}, "words"),
        ({"speaker_name": "Bo Lind"}, "speaker"),
        ({"speaker_name": ""}, "speaker"),
        ({"kind": "mixed"}, "kind"),
        ({"denies": True}, "denies"),
        ({"relays": []}, ""),
    ],
)
def test_what_an_editor_corrected_is_wrong_in_what_was_corrected_alone(ann, change, wrong):
    statement = found_statement(confidence=0.65)
    if "exact" in change:
        text = statement.revision.text
        change = {**change, "exact": text[change["start"] : change["end"]]}
    edit_statement(statement, by=ann, **change)
    edit_statement(statement, by=ann, source="Ana Silva")
    assert {part: measured("extractor", part) for part in PARTS} == {
        part: [(0.6, 0.7, int(part != wrong), 1)] for part in PARTS
    }


def test_a_speaker_who_was_merged_since_was_no_error(ann):
    statement = found_statement(speaker=make_speaker("A. Silva"))
    edit_statement(statement, by=ann, kind="mixed")
    merge_speakers(statement.speaker, into=make_speaker("Ana Silva"), by=ann)
    assert measured("extractor", "speaker") == [(0.9, 1.0, 1, 1)]


def test_what_was_undone_brought_back_or_made_by_an_editor_is_no_judgement_of_a_machine(ann):
    edit = save_edit(uuid4(), found_statement(), what={"kind": "mixed"}, by=ann).statement
    undo_action(desk.last_action(ann).token, by=ann)
    text = edit.revision.text
    annotate(edit.revision, start=0, end=9, exact=text[:9], kind="direct", by=ann)
    assert not measure_precision()
    # Withdrawn by mistake and brought back, it is one after all.
    withdrawn = withdraw_statement(found_statement(), reason="A caption.", by=ann)
    restore_statement(withdrawn, by=ann)
    assert measured("extractor", "statement") == [(0.9, 1.0, 1, 1)]


def test_what_is_carried_to_later_texts_of_an_article_is_one_judgement(ann, monkeypatch):
    quotes = ["The bridge is closed until spring", "The ferry is full on Sundays", "Nobody swims in the harbour now"]
    text = "\n\n".join(f"Ana Silva said: {quote}." for quote in quotes)

    def extract(text, **options):
        return [
            ExtractedStatement(
                content=(Span(text.index(quote), text.index(quote) + len(quote)),),
                cue=(),
                source=(),
                kind="indirect",
                speaker="Ana Silva",
                confidence=0.95,
            )
            for quote in quotes
        ]

    monkeypatch.setattr(reading, "EXTRACTOR_VERSION", "extractor 1")
    monkeypatch.setattr(reading, "extract", extract)
    article = make_article(text)

    def read():
        while extract_next_revision() or match_next_revision():
            pass

    read()
    first, second, third = Statement.objects.order_by("start")
    withdraw_statement(first, reason="A caption.", by=ann)
    edit_statement(second, kind="direct", by=ann)
    report = scored(third.attributions.get(), 0.95)
    confirm_attribution(report, by=ann)
    before = measure_precision()
    for number in range(2):
        revise(article, f"Update {number}.\n\n{text}")
        read()
    assert Statement.objects.filter(withdrawn_reason="A caption.").count() == 3
    assert Attribution.objects.filter(status="confirmed", decided_at__isnull=False).count() == 3
    assert measure_precision() == before
    assert measured("extractor", "statement") == [(0.9, 1.0, 2, 3)]
    assert measured("extractor", "kind") == [(0.9, 1.0, 1, 2)]
    assert measured("matcher", "claim") == [(0.9, 1.0, 1, 1)]


def test_the_interval_is_wilsons():
    band = Band(0.9, 1.0, right=8, of=10)
    assert (round(band.low, 3), round(band.high, 3)) == (0.49, 0.943)
    assert Band(0.9, 1.0, right=10, of=10).high == 1.0


def test_readers_see_how_far_to_trust_proposals(client, ann):
    assert "have not decided on anything yet" in text_of(client.get("/precision/"))
    cache.clear()
    confirm_attribution(scored(make_report(make_claim()), 0.95), by=ann)
    page = text_of(client.get("/precision/"))
    assert "matcher 1" in page
    assert "1.00" in page
    with CaptureQueriesContext(connection) as captured:
        client.get("/precision/")
    assert not any("width_bucket" in query["sql"] for query in captured)


def test_each_verb_has_its_name():
    assert set(desk.VERBS) == set(dict(SampledItem._meta.get_field("kind").choices))
