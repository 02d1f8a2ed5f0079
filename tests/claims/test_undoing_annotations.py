"""What an editor did in an article's text, undone by the key and the button that undo decisions, exactly."""

import re
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.extraction import ExtractedStatement, Span
from claims.matching import terms
from claims.models import (
    Attribution,
    Claim,
    Corroboration,
    DeskAction,
    Speaker,
    Statement,
    StatementChange,
    StatementRelay,
    StatementSpan,
)
from claims.services import desk, reading
from claims.services.annotating import (
    MOVED,
    Link,
    StatementExists,
    annotate,
    edit_statement,
    restore_statement,
    save_annotation,
    save_edit,
    save_restoration,
    save_withdrawal,
    undo_change,
)
from claims.services.decisions import (
    DecisionConflict,
    DecisionRefused,
    add_attribution,
    confirm_attribution,
    refresh,
)
from claims.services.desk import last_action, last_annotation, press, undo_action
from claims.services.editing import edit_speaker
from claims.services.history import TRACKED, history_of, revert_change
from claims.services.outlets import merge_outlets
from claims.services.reading import extract_next_revision
from claims.services.speakers import MergeConflict, merge_speakers
from claims.services.summaries import check
from claims.versions import version_of
from config import sitemaps
from sources.models import Outlet
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

BRIDGE = "The old harbour bridge stays closed until spring"
TEXT = f"“{BRIDGE},” said Ana Silva, the mayor.\n\nThe ferry is full, TASS reported. “We wait,” Silva said."


@pytest.fixture
def editor(client):
    user = make_user("eve", editor=True)
    client.force_login(user)
    return user


@pytest.fixture
def found():
    """Return the report of a statement that a machine found, with a cue, a source and a relay."""
    article = make_article(TEXT)
    claim = make_claim(BRIDGE, speaker=make_speaker("Jon Lee"))
    make_report(claim, outlet=make_outlet())
    report = make_report(claim, article=article)
    statement = report.statement
    for role, words in (("cue", "said"), ("source", "Ana Silva")):
        start = TEXT.index(words)
        StatementSpan.objects.create(statement=statement, role=role, start=start, end=start + len(words))
    StatementRelay.objects.create(statement=statement, outlet=make_outlet("Courier"), start=2, end=5)
    for row in Statement.objects.all():
        Statement.objects.filter(pk=row.pk).update(terms=sorted(set(terms(row.quote))))
    Statement.objects.filter(pk=statement.pk).update(source_text="Ana Silva", confidence=0.6, negated=True)
    refresh([claim.pk])
    return report


def words(exact):
    start = TEXT.index(exact)
    return {"start": start, "end": start + len(exact), "exact": exact}


def asked(exact, **fields):
    return {**words(exact), "kind": "direct", **fields}


def world():
    """Return all that readers see of statements and claims."""
    standing = Statement.objects.standing()
    columns = [field.attname for field in Statement._meta.concrete_fields]
    reported = Claim.objects.filter(attributions__statement__in=standing).distinct()
    return {
        "statements": list(standing.order_by("pk").values_list(*columns)),
        "withdrawn": list(
            Statement.objects.exclude(withdrawn_at=None)
            .exclude(method="undone")
            .order_by("pk")
            .values_list("content_key", "withdrawn_reason", "withdrawn_at")
        ),
        "spans": sorted(
            StatementSpan.objects.filter(statement__in=standing).values_list("statement", "role", "start", "end")
        ),
        "relays": sorted(
            StatementRelay.objects.filter(statement__in=standing).values_list("statement", "outlet", "hop", "start")
        ),
        "reports": sorted(
            Attribution.objects.filter(statement__in=standing).values_list(
                "statement", "claim", "status", "stance", "decided_by", "decided_at"
            )
        ),
        "claims": sorted(reported.values_list("pk", "text", "speaker", "text_by")),
        "levels": sorted(
            Corroboration.objects.filter(claim__in=reported).values_list("claim", "basis", "level", "report_count")
        ),
        "speakers": sorted(Speaker.objects.values_list("name", flat=True)),
    }


def as_stored():
    """Assert that what is stored of claims follows from their reports."""
    for _, differences in check(Claim.objects.all()):
        assert differences == []


def answer_of(response):
    return b"".join(response).decode()


def undo_last(editor):
    return undo_action(last_action(editor).token, by=editor)


def test_a_new_statement_its_claim_and_its_speaker_are_gone_again(editor):
    article = make_article(TEXT)
    before = world()
    what = asked(BRIDGE, speaker_name="Ana Silva", cue="said", relays=["TASS"])
    made = save_annotation(uuid4(), article.current_revision, what=what, link=Link(None, "It is shut."), by=editor)
    claim = Claim.objects.get()
    assert (claim.text, claim.speaker.name) == ("It is shut.", "Ana Silva")

    action = undo_last(editor)

    assert (action.kind, action.undone_at is not None) == ("annotate", True)
    assert world() == before
    made.statement.refresh_from_db()
    assert made.statement.withdrawn_at is not None
    assert set(claim.corroborations.values_list("level", flat=True)) == {"unreported"}
    assert last_action(editor) is None
    as_stored()


def test_a_claim_whose_making_was_undone_is_in_no_list_and_comes_back_when_the_words_are_marked_again(
    client, editor, monkeypatch
):
    # All claims in the first part, however many other tests have made.
    monkeypatch.setattr(sitemaps, "KEYS_PER_PART", 2**40)
    speaker, topic = make_speaker("Ana Silva"), make_topic("Bridges", keywords=("harbour",))
    other = make_claim("Ferries sail again.", speaker=speaker, topics=(topic,))
    make_report(other, outlet=make_outlet())
    refresh([other.pk])
    article = make_article(TEXT)
    asking = urlencode({"revision": 1, **words("We wait"), "q": "shut"})
    places = [
        *("/claims/", "/claims/?q=shut", "/claims.csv", "/claims.atom", "/claims.atom?q=shut", "/sitemap-claims.xml"),
        *("/api/v1/claims/", "/api/v1/claims/?q=shut", "/api/v1/reconcile/claims/suggest/?prefix=shut"),
        *(f"/speakers/{speaker.uid}/", f"/topics/{topic.slug}/", f"/topics/{topic.slug}/matrix.csv"),
        *(f"/claims/{other.uid}/merge/", f"/claims/{other.uid}/merge/?q=shut"),
        *(f"/articles/{article.uid}/", f"/articles/{article.uid}/annotate/claims/?{asking}"),
    ]

    def shown():
        answers = {place: client.get(place) for place in places}
        assert {answer.status_code for answer in answers.values()} == {200}
        return [place for place, answer in answers.items() if re.search(f"It is shut|{claim.uid}", answer_of(answer))]

    def mark(sentence):
        what = asked(BRIDGE, speaker=speaker, cue="said")
        save_annotation(uuid4(), article.current_revision, what=what, link=Link(None, sentence), by=editor)
        return Claim.objects.get(attributions__statement__quote=BRIDGE)

    claim = mark("It is shut now.")
    assert shown() == places
    undo_last(editor)
    assert shown() == []
    page = client.get(claim.get_absolute_url()).content.decode()
    assert "No report of this claim counts at present." in page
    assert '<meta name="robots" content="noindex">' in page
    assert len(history_of(TRACKED["claim"], claim, for_editors=True)) >= 3
    as_stored()

    again = mark("It is shut again.")
    assert (again.pk, again.text, again.text_by, again.speaker) == (claim.pk, "It is shut again.", editor, speaker)
    assert shown() == places
    as_stored()
    undo_last(editor)
    assert mark("").text == f"{BRIDGE}."


def test_a_machine_may_find_what_was_unmade_and_what_it_finds_is_its_own(editor, monkeypatch):
    article = make_article(TEXT)
    what = asked(BRIDGE, speaker_name="The Mayor")
    statement = save_annotation(uuid4(), article.current_revision, what=what, by=editor).statement
    undo_last(editor)
    start = TEXT.index(BRIDGE)
    extracted = ExtractedStatement(
        content=(Span(start, start + len(BRIDGE)),),
        cue=(),
        source=(),
        kind="indirect",
        speaker="Ana Silva",
        confidence=0.6,
    )
    monkeypatch.setattr(reading, "EXTRACTOR_VERSION", "v9")
    monkeypatch.setattr(reading, "extract", lambda text, **options: [extracted])
    while extract_next_revision():
        pass
    statement.refresh_from_db()
    assert (statement.withdrawn_at, statement.method, statement.confidence) == (None, "v9", 0.6)
    assert (statement.speaker.name, statement.kind) == ("Ana Silva", "indirect")


def test_a_link_to_a_claim_that_was_there_is_undone_with_the_statement(editor):
    claim = make_claim(BRIDGE)
    make_report(claim, outlet=make_outlet())
    refresh([claim.pk])
    article = make_article(TEXT)
    before = world()
    save_annotation(
        uuid4(), article.current_revision, what=asked("The ferry is full"), link=Link(claim, stance="denies"), by=editor
    )
    assert claim.corroborations.get(basis="counted").disputed
    undo_last(editor)
    assert world() == before
    assert not claim.corroborations.get(basis="counted").disputed
    as_stored()


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "mixed"},
        {"speaker_name": "Ana Silva"},
        {"speaker": None, "speaker_name": ""},
        {"cue": "reported", "source": "Silva"},
        {"relays": ["TASS"]},
        {"relays": []},
        {"denies": True},
        words("closed until spring"),
        {**words("We wait"), "speaker_name": "A New Name", "relays": ["TASS"], "kind": "indirect"},
    ],
)
def test_a_corrected_statement_is_as_it_was_found(editor, found, change):
    before = world()
    save_edit(uuid4(), found.statement, what=change, by=editor)
    assert world() != before
    undo_last(editor)
    assert world() == before
    as_stored()


def test_a_further_claim_of_a_statement_that_stays_as_it_is_is_undone_too(editor, found):
    save_edit(uuid4(), found.statement, what={"kind": "mixed"}, by=editor)
    link, token = Link(make_claim("Another thing.")), uuid4()
    before = world()
    for again in (False, True):
        assert save_edit(token, found.statement, what={"kind": "mixed"}, link=link, by=editor).again is again
    assert found.statement.attributions.count() == 2
    undo_last(editor)
    assert world() == before
    assert save_edit(token, found.statement, what={"kind": "mixed"}, by=editor).again


def test_words_that_were_moved_twice_go_back_by_two_keys_and_then_forth_is_a_new_edit(editor, found):
    states = [world()]
    for exact in ("closed until spring", "We wait"):
        save_edit(uuid4(), found.statement, what=words(exact), by=editor)
        states.append(world())
    save_edit(uuid4(), found.statement, what=words("closed until spring"), by=editor)
    for expected in reversed(states):
        undo_last(editor)
        assert world() == expected
    assert last_action(editor) is None
    save_edit(uuid4(), found.statement, what=words("We wait"), by=editor)
    assert world()["statements"] == states[2]["statements"]


def test_a_withdrawal_and_a_return_are_undone(editor, found):
    before = world()
    save_withdrawal(found.statement, reason="A caption.", by=editor)
    withdrawn = world()
    assert found.claim.corroborations.get(basis="counted").outlet_count == 1
    save_restoration(found.statement, by=editor)
    undo_last(editor)
    assert world() == withdrawn
    undo_last(editor)
    assert world() == before
    assert found.claim.corroborations.get(basis="counted").outlet_count == 2
    # What was withdrawn already is not withdrawn again, and is nothing to undo.
    save_withdrawal(found.statement, reason="A caption.", by=editor)
    save_withdrawal(found.statement, reason="A caption.", by=editor)
    assert DeskAction.objects.filter(undone_at=None).count() == 1


def test_withdrawn_words_that_were_marked_again_are_withdrawn_again(editor, found):
    save_withdrawal(found.statement, reason="A caption.", by=make_user())
    before = world()
    save_annotation(uuid4(), found.statement.revision, what=asked(BRIDGE, speaker_name="Ana Silva"), by=editor)
    undo_last(editor)
    assert world() == before
    found.statement.refresh_from_db()
    assert found.statement.withdrawn_reason == "A caption."


def test_a_speaker_who_has_come_to_say_more_stays(editor):
    article, other = make_article(TEXT), make_article(TEXT)
    save_annotation(uuid4(), article.current_revision, what=asked(BRIDGE, speaker_name="Ana Silva"), by=editor)
    annotate(other.current_revision, **asked("We wait", speaker_name="Ana Silva"), by=make_user())
    undo_last(editor)
    assert Speaker.objects.get().statements.get().quote == "We wait"


def test_a_form_about_a_speaker_who_is_gone_again_is_refused(editor):
    save_annotation(uuid4(), make_article(TEXT).current_revision, what=asked(BRIDGE, speaker_name="X"), by=editor)
    gone = Speaker.objects.get()
    version = version_of(gone)
    undo_last(editor)
    with pytest.raises(DecisionConflict, match="not there any more"):
        edit_speaker(gone, version=version, name="Y", by=editor)
    with pytest.raises(DecisionConflict, match="choose another"):
        annotate(make_article(TEXT).current_revision, **asked(BRIDGE, speaker=gone), by=editor)
    for one, other in ((gone, make_speaker()), (make_speaker(), gone)):
        with pytest.raises(MergeConflict, match="not there any more"):
            merge_speakers(one, into=other, by=editor)


def test_a_speaker_who_was_merged_since_comes_back_as_the_other(editor, found):
    kept = make_speaker("John Lee")
    save_edit(uuid4(), found.statement, what={"speaker_name": "Ana Silva"}, by=editor)
    merge_speakers(Speaker.objects.get(name="Jon Lee"), into=kept, by=make_user())
    undo_last(editor)
    found.statement.refresh_from_db()
    assert found.statement.speaker == kept


def test_the_last_of_annotations_and_decisions_is_undone_first(client, editor, found):
    save_edit(uuid4(), found.statement, what={"kind": "mixed"}, by=editor)
    shown = desk.Shown("report", found.uid, found.claim.uid, found.stance)
    press(uuid4(), verb="confirm", shown=[shown], by=editor)
    save_withdrawal(found.statement, reason="A caption.", by=editor)
    told = []
    while (action := last_action(editor)) is not None:
        page = client.get(reverse("review")).content.decode()
        assert 'data-key="z"' in page
        assert str(action.token) in page
        told.append(action.kind)
        assert client.post(reverse("review_undo"), {"action": action.token}).status_code == 302
    assert told == ["withdraw", "confirm", "edit"]
    assert 'data-key="z"' not in client.get(reverse("review")).content.decode()
    # Annotating is no decision of the queue.
    assert desk.progress(editor).today == 0


# What cannot be undone any more


def test_what_another_changed_since_is_not_undone(editor, found):
    save_edit(uuid4(), found.statement, what={"kind": "mixed"}, by=editor)
    edit_statement(found.statement, kind="indirect", by=make_user("max"))
    with pytest.raises(DecisionConflict, match="changed again since, by max"):
        undo_last(editor)
    found.statement.refresh_from_db()
    assert (found.statement.kind, last_action(editor).kind) == ("indirect", "edit")


def test_what_a_machine_changed_since_is_not_undone(editor, found):
    save_edit(uuid4(), found.statement, what={"kind": "mixed"}, by=editor)
    Statement.objects.filter(pk=found.statement_id).update(heading="Another")
    with pytest.raises(DecisionConflict, match="look at its history"):
        undo_last(editor)


def test_a_statement_that_a_colleague_decided_on_is_not_unmade(editor):
    statement = save_annotation(uuid4(), make_article(TEXT).current_revision, what=asked(BRIDGE), by=editor).statement
    claim = make_claim(BRIDGE)
    colleague = make_user()
    report = Attribution.objects.create(
        uid=uuid4(), statement=statement, claim=claim, stance="affirms", status="proposed", score=0.9, method="test"
    )
    confirm_attribution(report, by=colleague)
    with pytest.raises(DecisionConflict, match="decided since"):
        undo_last(editor)
    report.refresh_from_db()
    statement.refresh_from_db()
    assert (report.status, statement.withdrawn_at) == ("confirmed", None)


def test_a_link_that_was_decided_anew_keeps_all_as_it_is(editor):
    article, claim = make_article(TEXT), make_claim(BRIDGE)
    save_annotation(uuid4(), article.current_revision, what=asked(BRIDGE), link=Link(claim), by=editor)
    confirm_attribution(Attribution.objects.get(), by=make_user())
    before = world()
    with pytest.raises(DecisionConflict, match="decided anew since"):
        undo_last(editor)
    assert world() == before


def test_words_whose_old_place_is_another_statement_stay_moved(editor, found):
    save_edit(uuid4(), found.statement, what=words("We wait"), by=editor)
    annotate(found.statement.revision, **asked(BRIDGE), by=make_user())
    with pytest.raises(DecisionConflict, match="another statement since"):
        undo_last(editor)


def test_words_that_were_moved_away_are_no_statement_to_edit(client, editor, found):
    save_edit(uuid4(), found.statement, what=words("We wait"), by=editor)
    [left] = Statement.objects.exclude(withdrawn_at=None)
    with pytest.raises(DecisionRefused, match="withdrawn: An editor gave"):
        edit_statement(left, kind="mixed", by=editor)
    assert client.get(reverse("statement_edit", args=[left.uid])).status_code < 500


def test_what_was_carried_to_a_new_text_is_not_undone_in_the_old_one(editor, found):
    save_edit(uuid4(), found.statement, what={"kind": "mixed"}, by=editor)
    revise(found.statement.revision.article, f"News. {TEXT}")
    with pytest.raises(DecisionConflict, match="new text since"):
        undo_last(editor)


# By pages


def test_the_article_offers_to_undo_what_was_done_in_it_and_no_other_does(client, editor):
    article, other = make_article(TEXT), make_article(TEXT)
    address, elsewhere = (reverse("article_detail", args=[each.uid]) for each in (article, other))
    assert "annotate-last" not in client.get(address).content.decode()
    sent = save_annotation(uuid4(), article.current_revision, what=asked(BRIDGE), by=editor)
    page = client.get(address).content.decode()
    assert "Last: statement marked by hand." in page
    assert "annotate-last" not in client.get(elsewhere).content.decode()
    action = last_annotation(editor, article)
    form = {"action": action.token, "from": "text"}
    # A panel is told where to go on; sent again, it is told the same.
    for answer in (client.post(reverse("review_undo"), form | {"panel": "1"}) for _ in range(2)):
        assert (answer.status_code, answer["Location"]) == (201, f"{address}?at={sent.statement.start}")
    page = client.get(address).content.decode()
    assert "Undone: statement marked by hand." in page
    assert "annotate-last" not in page
    save_edit(
        uuid4(), annotate(article.current_revision, **asked(BRIDGE), by=editor), what={"kind": "mixed"}, by=editor
    )
    answer = client.post(reverse("review_undo"), {"action": last_action(editor).token, "from": "text"})
    statement = Statement.objects.get()
    assert answer["Location"] == f"{address}?statement={statement.uid}#s-{statement.uid}"


def test_undone_at_the_desk_it_leads_to_the_article_and_a_refusal_says_why(client, editor, found):
    save_edit(uuid4(), found.statement, what={"kind": "mixed"}, by=editor)
    action = last_action(editor)
    edit_statement(found.statement, kind="indirect", by=make_user("max"))
    refused = client.post(reverse("review_undo"), {"action": action.token})
    assert refused.status_code == 409
    assert "changed again since, by max" in refused.content.decode()
    undone = StatementChange.objects.get(made_by__username="max")
    history = history_of(TRACKED["statement"], found.statement, for_editors=True)
    revert_change("statement", next(e for e in history if e.may_revert).event.pgh_id, by=editor)
    undone.refresh_from_db()
    assert undone.undone_by == editor
    answer = client.post(reverse("review_undo"), {"action": action.token}, follow=True)
    assert "Undone: statement edited." in answer.content.decode()
    assert found.statement.revision.article.get_absolute_url() in answer.content.decode()


def test_a_form_sent_again_after_its_undoing_does_nothing(editor):
    article, token = make_article(TEXT), uuid4()
    save_annotation(token, article.current_revision, what=asked(BRIDGE), link=Link(None), by=editor)
    undo_last(editor)
    before = world()
    assert save_annotation(token, article.current_revision, what=asked(BRIDGE), link=Link(None), by=editor).again
    assert world() == before


def test_of_two_texts_the_article_page_asks_as_often(client, editor):
    article = make_article(TEXT)
    address = reverse("article_detail", args=[article.uid])
    save_annotation(uuid4(), article.current_revision, what=asked("We wait"), by=editor)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for exact in ("The ferry is full", BRIDGE, "closed until spring"):
        save_annotation(uuid4(), article.current_revision, what=asked(exact), by=editor)
    assert queries() == few


# By the history


@pytest.mark.parametrize("what", ["annotate", "edit", "withdraw", "restore"])
def test_the_history_takes_back_all_that_one_form_did_whoever_sent_it(client, editor, found, what):
    other = make_user("max")
    if what == "restore":
        save_withdrawal(found.statement, reason="A caption.", by=other)
    before = world()
    if what == "annotate":
        statement = save_annotation(
            uuid4(), found.statement.revision, what=asked("We wait", speaker_name="X"), link=Link(None), by=other
        ).statement
    elif what == "edit":
        statement = save_edit(uuid4(), found.statement, what=words("closed until spring"), by=other).statement
    elif what == "withdraw":
        statement = save_withdrawal(found.statement, reason="A caption.", by=other)
    else:
        statement = save_restoration(found.statement, by=other)
    history = history_of(TRACKED["statement"], statement, for_editors=True)
    entry = next(entry for entry in history if entry.tracked.key == "statement" and entry.may_revert)
    client.post(reverse("change_revert", args=["statement", entry.event.pgh_id]), {"reason": "By mistake."})
    assert world() == before
    assert last_action(other).kind == "withdraw" if what == "restore" else last_action(other) is None
    history = history_of(TRACKED["statement"], statement, for_editors=True)
    assert not any(entry.may_revert for entry in history if entry.is_latest and entry.tracked.key == "statement")


def test_what_a_program_told_of_a_statement_is_taken_back_by_its_history_alone(editor, found):
    before = world()
    edit_statement(found.statement, **words("We wait"), by=editor)
    assert last_action(editor) is None
    history = history_of(TRACKED["statement"], found.statement, for_editors=True)
    # Of one transaction, so events of its pieces may come before it.
    entry = next(entry for entry in history if entry.tracked.key == "statement")
    revert_change("statement", entry.event.pgh_id, by=editor)
    assert world() == before


# Words that were moved away, and are brought back


@pytest.fixture
def moved(editor, found):
    """Return the row of the words that a statement had before an editor moved it; they were in two pieces."""
    start, end = found.statement.start, found.statement.end
    StatementSpan.objects.filter(statement=found.statement, role="content").delete()
    pieces = [(start, start + len("The old harbour")), (start + len("The old harbour bridge "), end)]
    StatementSpan.objects.bulk_create(
        StatementSpan(statement=found.statement, role="content", start=first, end=last) for first, last in pieces
    )
    key = ",".join(f"{first}-{last}" for first, last in pieces)
    quote = " … ".join(TEXT[first:last] for first, last in pieces)
    Statement.objects.filter(pk=found.statement.pk).update(
        content_key=key, quote=quote, hedged=True, speaker=make_speaker("Ana Silva"), speaker_name="Ana Silva"
    )
    save_edit(uuid4(), found.statement, what={**words("We wait"), "cue": "said", "relays": []}, by=editor)
    return Statement.objects.exclude(withdrawn_at=None).get()


def rows_of_statements():
    """Return all that is stored of statements, those that were withdrawn among them."""
    return [
        sorted(map(repr, model.objects.values())) for model in (Statement, StatementSpan, StatementRelay, Attribution)
    ]


def told_of(statement):
    """Return what a statement says, by whom and how, and where it stands."""
    names = ("kind", "act", "negated", "hedged", "denies", "speaker", "speaker_name", "source_text", "quote", "terms")
    return (
        Statement.objects.filter(pk=statement.pk).values(*names, "content_key", "heading", "said_on").get(),
        sorted(statement.spans.values_list("role", "start", "end")),
        sorted(statement.relays.values_list("outlet", "hop", "start", "end")),
    )


def test_words_that_were_moved_away_come_back_as_they_were(editor, found, moved):
    [change] = StatementChange.objects.all()
    after = told_of(found.statement)

    save_restoration(moved, by=editor)

    columns, spans, relays = told_of(moved)
    assert spans == sorted(map(tuple, change.before["spans"]))
    assert [role for role, _, _ in spans] == ["content", "content", "cue", "source"]
    assert relays == sorted(map(tuple, change.before["relays"]))
    assert len(relays) == 1
    before = change.before["columns"]
    assert columns.pop("speaker") == before["speaker_id"]
    assert columns.pop("terms") == sorted(set(terms(before["quote"])))
    assert columns == {name: before[name] for name in columns}
    assert (columns["negated"], columns["hedged"], columns["source_text"]) == (True, True, "Ana Silva")
    # Nothing is taken from the statement that has other words since.
    assert told_of(found.statement) == after
    assert moved.wording.code != found.statement.wording.code


def test_bringing_back_words_that_were_moved_away_is_undone_exactly(editor, found, moved):
    before = rows_of_statements()
    save_restoration(moved, by=editor)
    assert rows_of_statements() != before
    undo_last(editor)
    assert rows_of_statements() == before
    # As often as one likes, and then the move itself.
    save_restoration(moved, by=editor)
    save_edit(uuid4(), moved, what={"kind": "mixed"}, by=editor)
    for _ in range(2):
        undo_last(editor)
    assert rows_of_statements() == before
    undo_last(editor)
    assert not Statement.objects.filter(pk=moved.pk).exists()
    assert found.statement.spans.filter(role="content").count() == 2
    as_stored()


def test_brought_back_on_the_page_and_undone_by_the_key(client, editor, moved):
    before = rows_of_statements()
    assert client.post(reverse("statement_restore", args=[moved.uid])).status_code == 302
    article = client.get(moved.revision.article.get_absolute_url()).content.decode()
    assert "The old harbour" in article
    assert moved.spans.filter(role="content").count() == 2
    client.post(reverse("review_undo"), {"action": last_action(editor).token, "from": "text"})
    assert rows_of_statements() == before


def test_who_said_it_may_be_another_or_nobody_by_the_time_it_is_brought_back(editor, moved):
    speaker, kept = Speaker.objects.get(name="Ana Silva"), make_speaker("A. Silva")
    outlet, other = Outlet.objects.get(name="Courier"), make_outlet("The Courier")
    merge_speakers(speaker, into=kept, by=editor)
    merge_outlets(outlet, into=other, by=editor)
    restore_statement(moved, by=editor)
    moved.refresh_from_db()
    assert (moved.speaker, moved.speaker_name, moved.relays.get().outlet) == (kept, "Ana Silva", other)


def test_words_that_were_moved_back_meanwhile_are_not_brought_back(client, editor, moved):
    undo_change(StatementChange.objects.get(), by=make_user("max"))
    for refused in (restore_statement, save_restoration):
        with pytest.raises(DecisionConflict, match="not there any more"):
            refused(moved, by=editor)
    assert last_action(editor) is not None
    assert client.post(reverse("statement_restore", args=[moved.uid])).status_code == 404


def test_words_whose_moving_is_not_known_come_back_with_the_pieces_of_their_place(editor, moved):
    """As those that were moved in an earlier text of the article."""
    content = sorted(StatementChange.objects.get().before["spans"])[:2]
    StatementChange.objects.all().delete()
    restore_statement(moved, by=editor)
    assert sorted(map(list, moved.spans.values_list("role", "start", "end"))) == content
    moved.refresh_from_db()
    assert (moved.speaker, moved.withdrawn_at, moved.relays.count()) == (None, None, 0)


def test_words_that_stood_again_for_a_while_do_not_give_way_with_what_hangs_on_them(editor, found):
    """A claim, and so each decision about it, would go with their row."""
    statement = save_edit(uuid4(), found.statement, what=words("We wait"), by=editor).statement
    left = Statement.objects.exclude(withdrawn_at=None).get()
    save_restoration(left, by=editor)
    report = add_attribution(left, to=make_claim("Another thing."), by=editor)
    undo_change(StatementChange.objects.get(statement=left), by=editor)
    left.refresh_from_db()
    assert left.withdrawn_reason == MOVED
    other = annotate(statement.revision, **asked("The ferry is full"), by=editor)
    before = rows_of_statements()

    with pytest.raises(DecisionConflict, match="a statement of their own meanwhile"):
        undo_change(StatementChange.objects.get(statement=statement), by=editor)
    with pytest.raises(StatementExists):
        edit_statement(other, **words(BRIDGE), by=editor)

    assert rows_of_statements() == before
    assert report in Attribution.objects.filter(statement=left)


def test_a_row_that_gave_way_comes_back_with_its_pieces(editor, found, moved):
    """A machine's row has them where it was withdrawn as that of an earlier text was."""
    start = TEXT.index("The ferry is full")
    machines = make_statement("The ferry is full", article=found.statement.revision.article)
    StatementSpan.objects.create(statement=machines, role="cue", start=start - 5, end=start)
    Statement.objects.filter(pk=machines.pk).update(withdrawn_at=moved.withdrawn_at, withdrawn_reason=MOVED)
    before = rows_of_statements()
    save_edit(uuid4(), found.statement, what=words("The ferry is full"), by=editor)
    assert not Statement.objects.filter(pk=machines.pk).exists()
    undo_last(editor)
    assert len(machines.spans.all()) == 2
    without_ids = [re.sub(r"'id': \d+", "", row) for row in before[1]]
    assert sorted(re.sub(r"'id': \d+", "", row) for row in rows_of_statements()[1]) == sorted(without_ids)


def test_a_statement_that_stands_again_without_pieces_is_given_those_of_its_place(editor, found):
    """One that an earlier version brought back has none; it can be corrected like any other."""
    statement = found.statement
    StatementSpan.objects.filter(statement=statement).delete()
    edit_statement(statement, kind="direct", by=editor)
    pieces = StatementSpan.objects.filter(statement=statement, role="content")
    assert [(piece.start, piece.end) for piece in pieces] == [(statement.start, statement.end)]
