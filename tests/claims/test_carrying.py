"""What becomes of statements and decisions when an article's text changes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Attribution, Statement
from claims.services import reading
from claims.services.annotating import MOVED, annotate, edit_statement, restore_statement, withdraw_statement
from claims.services.carrying import carry_decisions
from claims.services.decisions import confirm_attribution, leave_unsure, reject_attribution, undo_decision
from claims.services.matching import match_revision
from claims.services.merging import merge_claims, split_claim, unmerge_claims
from claims.services.reading import extract_revision
from tests.factories import make_article, make_claim, make_report, make_speaker, make_user, revise

pytestmark = pytest.mark.django_db

BRIDGE = (
    "Mayor Ana Silva said on Monday that the old harbour bridge would stay closed until spring. "
    "“We will not gamble with anybody's life,” Silva said."
)
FERRY = "The ferry operator, Jon Lee, was asked as well. “The boats are full on every single day,” Lee said."
TEXT = f"{BRIDGE}\n{FERRY}"
NAMES = ["Alder", "Birch", "Cedar", "Dogwood", "Elder", "Fir", "Gorse", "Hazel"]


def read(article):
    extract_revision(article.current_revision_id)
    match_revision(article.current_revision_id)
    return article


def decided(article, words, *, decide=confirm_attribution):
    attribution = Attribution.objects.get(statement__quote__contains=words)
    decide(attribution, by=make_user())
    return attribution


def orphans(article):
    return {
        statement.quote: (statement.revision.number, statement.orphaned_reason)
        for statement in Statement.objects.filter(revision__article=article, orphaned_at__isnull=False)
    }


def standing(words):
    return Attribution.objects.standing().filter(statement__quote__contains=words, status="confirmed")


def test_a_statement_that_a_new_text_leaves_out_is_marked_with_its_reason():
    article = read(make_article(TEXT))
    revise(article, BRIDGE)
    read(article)

    [(quote, (number, reason))] = orphans(article).items()
    assert "boats are full" in quote
    assert (number, reason) == (1, "Its words are not in the new text.")
    assert Statement.objects.get(orphaned_at__isnull=False).orphaned_at is not None


def test_a_statement_that_comes_back_is_unmarked():
    article = read(make_article(TEXT))
    revise(article, BRIDGE)
    read(article)
    revise(article, f"Corrected at noon.\n{TEXT}")
    read(article)
    assert orphans(article) == {}


def test_what_is_lost_in_the_third_text_is_marked_where_it_stood_last():
    article = read(make_article(TEXT))
    revise(article, f"{TEXT}\nMore follows.")
    read(article)
    revise(article, f"{BRIDGE}\nMore follows.")
    read(article)
    assert [number for number, _ in orphans(article).values()] == [2]


def test_reading_a_text_again_marks_nothing_anew():
    article = read(make_article(TEXT))
    revise(article, BRIDGE)
    read(article)
    before = Statement.objects.get(orphaned_at__isnull=False)
    article.current_revision.extractions.all().delete()
    read(article)
    assert Statement.objects.get(orphaned_at__isnull=False).orphaned_at == before.orphaned_at


def test_a_decision_is_not_moved_to_another_speaker_who_is_now_quoted_with_the_words():
    article = read(make_article(TEXT))
    decided(article, "boats are full")
    revise(article, TEXT.replace("Lee said.", "Silva said."))
    read(article)

    assert not standing("boats are full").exists()
    [(_, reason)] = orphans(article).values()
    assert reason == "Its words are attributed to somebody else now."


def test_a_decision_is_not_moved_to_words_that_are_now_denied():
    text = "Jon Lee, who runs the ferry, said that the boats are full on every single day of the week."
    article = read(make_article(text))
    decided(article, "boats are full")
    revise(article, text.replace("said that", "denied that"))
    read(article)

    assert not standing("boats are full").exists()
    [(_, reason)] = orphans(article).values()
    assert reason == "Its words are now denied that were affirmed, or the other way round."


def test_a_decision_stays_with_words_that_were_softened_where_they_stood():
    article = read(make_article(TEXT))
    decided(article, "boats are full")
    softened = TEXT.replace("are full", "are nearly full")
    pull_quote = "“The boats are full on every single day,”"
    revise(article, f"{pull_quote} read a banner in the square.\n{softened}")
    read(article)

    assert not standing("The boats are full").exists()
    assert [reason for quote, (_, reason) in orphans(article).items() if "boats are full" in quote] == [
        "Its words stand in a place that may be theirs, and another one is as likely."
    ]


def test_a_confirmed_statement_is_not_made_anew_for_another_speaker(monkeypatch):
    article = read(make_article(TEXT))
    decided(article, "boats are full")
    monkeypatch.setattr(reading, "extract", lambda text, **options: [])
    revision = revise(article, TEXT.replace("Lee said.", "Cruz said."))
    read(article)

    assert not revision.statements.exists()
    assert [reason for quote, (_, reason) in orphans(article).items() if "boats are full" in quote] == [
        "Its words are in the new text, but not clearly as this speaker's."
    ]


def test_an_unsure_decision_follows_its_words_and_is_undone_in_both_texts():
    article = read(make_article(TEXT))
    unsure = decided(article, "boats are full", decide=leave_unsure)
    revise(article, f"Corrected at noon.\n{TEXT}")
    read(article)
    carried = Attribution.objects.standing().get(statement__quote__contains="boats are full")
    assert (carried.claim, carried.status) == (unsure.claim, "unsure")
    undo_decision(carried, by=make_user())
    revise(article, f"Corrected at one.\n{TEXT}")
    read(article)
    assert set(Attribution.objects.values_list("status", flat=True)) == {"proposed"}


def test_a_decision_is_carried_to_the_claim_that_its_own_became_part_of():
    article = read(make_article(TEXT))
    attribution = decided(article, "boats are full")
    gone, kept, editor = attribution.claim, make_claim(), make_user()
    merge_claims(gone, into=kept, by=editor)
    revise(article, f"Corrected at noon.\n{TEXT}")
    read(article)
    assert standing("boats are full").get().claim == kept
    unmerge_claims(gone, by=editor)
    assert standing("boats are full").get().claim == gone
    assert not kept.attributions.exists()


def test_both_sides_of_a_split_are_carried():
    article = read(make_article(TEXT))
    chosen = Attribution.objects.get(statement__quote__contains="boats are full")
    claim = chosen.claim
    make_report(claim, quote="There is no room on any boat.")
    part = split_claim(claim, attributions=[chosen], by=make_user())
    revise(article, f"Corrected at noon.\n{TEXT}")
    read(article)
    carried = Attribution.objects.standing().filter(statement__quote__contains="boats are full")
    assert set(carried.values_list("claim", "status")) == {(claim.pk, "rejected"), (part.pk, "confirmed")}
    undo_decision(carried.get(claim=part), by=make_user())
    assert set(carried.values_list("claim", "status")) == {(claim.pk, "proposed")}


def test_a_rejection_follows_its_words_and_nothing_else():
    article = read(make_article(TEXT))
    rejected = decided(article, "boats are full", decide=reject_attribution)
    revise(article, f"{FERRY}\n{BRIDGE}\nMore follows.")
    read(article)
    again = Attribution.objects.standing().get(statement__quote__contains="boats are full", claim=rejected.claim)
    assert again.status == "rejected"
    assert orphans(article) == {}


@pytest.mark.parametrize("lost", [False, True])
def test_queries_do_not_grow_with_statements(lost):
    def queries(count):
        lines = [
            f"The boats of {name} are old. “{name} has full boats on every single day,” {name} said."
            for name in NAMES[:count]
        ]
        article = read(make_article("\n".join(lines)))
        revision = revise(article, "Nothing is left." if lost else "Updated.\n" + "\n".join(lines))
        extract_revision(revision.pk)
        assert len(orphans(article)) == (count if lost else 0)
        with CaptureQueriesContext(connection) as captured:
            carry_decisions(revision)
        return len(captured)

    assert queries(8) == queries(2)


# What editors made, corrected and withdrew

PLAN = "“Nobody can swim it,” read a note on the pier that the harbour’s keeper, Eva Kern, had signed."
MOVES = {
    "moved": lambda text: f"Corrected at noon.\n{text}\nMore follows.",
    "reordered": lambda text: "\n".join(reversed(text.split("\n"))),
}


def words(article, exact):
    text = article.current_revision.text
    start = text.index(exact)
    return {"start": start, "end": start + len(exact), "exact": exact}


def made(article, exact, **fields):
    return annotate(
        article.current_revision, **words(article, exact), **{"kind": "direct", "by": make_user(), **fields}
    )


def found(article, exact):
    return Statement.objects.get(revision=article.current_revision, quote__contains=exact, withdrawn_at=None)


def withdrawn(article, quote):
    return Statement.objects.get(revision=article.current_revision, quote=quote, withdrawn_at__isnull=False)


def pieces(statement):
    text = statement.revision.text
    return {(span.role, text[span.start : span.end]) for span in statement.spans.all()}


@pytest.mark.parametrize("move", MOVES)
def test_a_statement_that_an_editor_made_goes_with_its_words(move):
    article = read(make_article(f"{TEXT}\n{PLAN}"))
    told = {"speaker": make_speaker("Eva Kern"), "cue": "signed", "source": "Eva Kern"}
    old = made(article, "Nobody can swim it", relays=["pier"], **told)
    relay = old.relays.get().outlet
    revise(article, MOVES[move](f"{TEXT}\n{PLAN}"))
    read(article)

    new = found(article, "Nobody can swim it")
    assert new.pk != old.pk
    assert (new.method, new.speaker, new.kind, new.confidence) == ("editor", told["speaker"], "direct", 1.0)
    assert new.revision.text[new.start : new.end] == new.quote == old.quote
    assert (
        pieces(new)
        == pieces(old)
        == {
            ("content", "Nobody can swim it"),
            ("cue", "signed"),
            ("source", "Eva Kern"),
        }
    )
    [carried] = new.relays.all()
    assert (carried.outlet, carried.hop, new.revision.text[carried.start : carried.end]) == (relay, 1, "pier")
    assert orphans(article) == {}


@pytest.mark.parametrize("move", MOVES)
def test_a_correction_takes_the_place_of_what_is_found_there_anew(move):
    article = read(make_article(TEXT))
    kern = make_speaker("Eva Kern")
    old = edit_statement(found(article, "boats are full"), by=make_user(), speaker=kern, kind="mixed")
    revise(article, MOVES[move](TEXT))
    read(article)

    new = found(article, "boats are full")
    assert (new.method, new.speaker, new.kind) == ("editor", kern, "mixed")
    assert pieces(new) == pieces(old)
    assert orphans(article) == {}
    # The next version of the extractor does not change it either.
    article.current_revision.extractions.all().delete()
    read(article)
    assert found(article, "boats are full").speaker == kern


def test_words_that_an_editor_cut_are_not_found_anew_beside_what_is_left():
    article = read(make_article(TEXT))
    old = edit_statement(found(article, "boats are full"), by=make_user(), **words(article, "boats are full"))
    revise(article, f"Corrected at noon.\n{TEXT}")
    read(article)
    here = article.current_revision.statements.filter(quote__contains="boats are full")
    assert here.get(withdrawn_at=None).quote == old.quote == "boats are full"
    assert here.get(withdrawn_at__isnull=False).withdrawn_reason == MOVED


@pytest.mark.parametrize("move", MOVES)
def test_what_an_editor_withdrew_is_withdrawn_in_the_new_text_for_the_same_reason(move):
    article = read(make_article(TEXT))
    old = withdraw_statement(found(article, "boats are full"), reason="It is a slogan.", by=make_user())
    revise(article, MOVES[move](TEXT))
    read(article)

    new = withdrawn(article, old.quote)
    assert (new.withdrawn_reason, new.withdrawn_at) == ("It is a slogan.", old.withdrawn_at)
    assert not new.attributions.exists()
    assert new.events.latest("pgh_id").withdrawn_reason == "It is a slogan."
    # What an editor says of the new text holds from then on.
    restore_statement(new, by=make_user())
    article.current_revision.extractions.all().delete()
    read(article)
    revise(article, f"Corrected at one.\n{TEXT}")
    read(article)
    assert found(article, "boats are full").method == "editor"


def test_an_editors_statement_whose_words_are_gone_is_orphaned_and_a_withdrawal_withdraws_nothing_else():
    article = read(make_article(f"{TEXT}\n{PLAN}"))
    made(article, "Nobody can swim it")
    withdraw_statement(found(article, "boats are full"), reason="It is a slogan.", by=make_user())
    revise(article, TEXT.replace("are full on every", "are empty on any"))
    read(article)
    assert orphans(article)["Nobody can swim it"] == (1, "Its words are not in the new text.")
    assert not article.current_revision.statements.exclude(withdrawn_at=None).exists()
    assert found(article, "boats are empty").method != "editor"


@pytest.mark.parametrize("source", ["Lee", ""])
def test_an_editors_statement_is_not_given_to_somebody_else_who_says_its_words_now(source):
    article = read(make_article(TEXT))
    quote = "on every single day"
    made(article, quote, speaker_name="Jon Lee", source=source)
    withdraw_statement(found(article, "The boats are full"), reason="It is a slogan.", by=make_user())
    revise(article, TEXT.replace("Lee said.", "Silva said."))
    read(article)
    assert orphans(article) == {quote: (1, "Its words are in the new text, but not clearly as this speaker's.")}
    assert found(article, "The boats are full").speaker.name == "Ana Silva"


def test_the_latest_text_has_the_last_word():
    article = read(make_article(TEXT))
    edit_statement(found(article, "boats are full"), by=make_user(), kind="mixed")
    revise(article, f"Corrected at noon.\n{TEXT}")
    read(article)
    withdraw_statement(found(article, "boats are full"), reason="It is a slogan.", by=make_user())
    revise(article, f"Corrected at one.\n{TEXT}")
    read(article)
    [here] = article.current_revision.statements.filter(quote__contains="boats are full")
    assert here.withdrawn_reason == "It is a slogan."


def test_a_text_that_was_read_already_takes_corrections_over_where_no_editor_touched_it(monkeypatch):
    article = read(make_article(TEXT))
    first = article.current_revision
    revision = revise(article, f"Corrected at noon.\n{TEXT}")
    read(article)
    kern = make_speaker("Eva Kern")
    ours = edit_statement(found(article, "gamble"), by=make_user(), kind="mixed")
    # As if the earlier text had been corrected while nothing was carried yet.
    first.statements.filter(quote__contains="gamble").update(method="editor", speaker=kern)
    first.statements.filter(quote__contains="boats are full").update(method="editor", speaker=kern)
    revision.extractions.all().delete()
    machines = found(article, "boats are full")
    read(article)
    again = found(article, "boats are full")
    assert (again.pk, again.method, again.speaker) == (machines.pk, "editor", kern)
    assert found(article, "gamble").speaker == ours.speaker != kern


@pytest.mark.parametrize("touch", ["correct", "withdraw"])
def test_carrying_statements_costs_no_more_queries_with_more_of_them(touch):
    def queries(count):
        lines = [
            f"The boats of {name} are old. “{name} has full boats on every single day,” {name} said."
            for name in NAMES[:count]
        ]
        article, user = read(make_article("\n".join(lines))), make_user()
        for name in NAMES[:count]:
            statement = found(article, f"{name} has full boats")
            if touch == "correct":
                edit_statement(statement, by=user, kind="mixed", relays=[name])
            else:
                withdraw_statement(statement, reason="A slogan.", by=user)
        revision = revise(article, "Updated.\n" + "\n".join(lines))
        with CaptureQueriesContext(connection) as captured:
            extract_revision(revision.pk)
        touched = (
            revision.statements.filter(method="editor")
            if touch == "correct"
            else revision.statements.exclude(withdrawn_at=None)
        )
        assert touched.count() == count
        return len(captured)

    assert queries(8) == queries(2)


# Pages and API


@pytest.fixture
def lost():
    """Give a confirmed attribution whose words a new text left out."""
    article = read(make_article(TEXT, title="Ferry"))
    attribution = decided(article, "boats are full")
    revise(article, BRIDGE)
    read(article)
    return attribution


def test_what_is_no_longer_in_the_text_is_shown_with_a_way_to_where_it_stood(client, lost):
    statement = lost.statement
    article = statement.revision.article
    place = f"{article.get_absolute_url()}?statement={statement.uid}#s-{statement.uid}"

    page = client.get(article.get_absolute_url()).content.decode()
    section = page.split('id="orphans-title"')[1]
    assert place in section
    assert "Its words are not in the new text." in section
    assert f"/articles/{article.uid}/changes/?old=1" in section
    assert f'id="s-{statement.uid}"' in client.get(place).content.decode()
    assert "orphans-title" not in client.get(f"{article.get_absolute_url()}?revision=1").content.decode()
    assert place in client.get(lost.claim.get_absolute_url()).content.decode().split('id="orphaned-title"')[1]


def test_editors_have_a_list_of_decisions_without_their_words(client, lost):
    assert client.get("/statements/orphaned/").status_code == 302
    client.force_login(make_user())
    assert client.get("/statements/orphaned/").status_code == 403
    client.force_login(make_user(editor=True))
    page = client.get("/statements/orphaned/").content.decode()
    assert str(lost.statement.uid) in page
    assert lost.claim.get_absolute_url() in page


def test_the_api_lists_statements_without_their_words_apart(client, lost):
    (row,) = client.get("/api/v1/statements/?orphaned=1").json()["results"]
    assert (row["uid"], row["orphaned_reason"]) == (str(lost.statement.uid), "Its words are not in the new text.")
    present = client.get("/api/v1/statements/").json()["results"]
    assert row["uid"] not in [other["uid"] for other in present]
    assert {other["orphaned_at"] for other in present} == {None}


def test_more_that_is_lost_costs_no_more_queries(client, lost):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
            client.get("/statements/orphaned/")
        return len(captured)

    address = lost.statement.revision.article.get_absolute_url()
    client.force_login(make_user(editor=True))
    few = queries()
    now = lost.statement.revision.created_at
    for text in ("Boats sank.", "Nets tore.", "Ice came."):
        other = make_article(text)
        report = make_report(make_claim(text), article=other, quote=text, status="confirmed")
        Statement.objects.filter(pk=report.statement_id).update(orphaned_at=now, orphaned_reason="Gone.")
        revise(other, "New.")
    assert queries() == few
