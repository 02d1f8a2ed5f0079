"""Names in articles become speakers, and editors merge and part them."""

import threading
from datetime import date

import pghistory.models
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from claims.extraction import ExtractedStatement, Span
from claims.models import Claim, Speaker, SpeakerAlias, SpeakerMerge, Statement
from claims.services import reading
from claims.services.speakers import (
    Mention,
    MergeConflict,
    MergeRefused,
    merge_speakers,
    possible_duplicates,
    resolve_speakers,
    store_shipped_speakers,
    unmerge_speakers,
)
from claims.services.summaries import refresh_corroboration
from tests.factories import make_article, make_claim, make_outlet, make_report, make_speaker, make_statement, make_user

pytestmark = pytest.mark.django_db


def resolve(*names, on=None, **described):
    found = resolve_speakers([Mention(name, **described) for name in names], on=on)
    return [found[name] for name in names]


def test_names_of_one_person_in_many_articles_are_one_speaker():
    names = ("Xi", "President Xi", "Chinese President Xi Jinping", "习近平", "Си Цзиньпин")
    speakers = {resolve(name)[0] for name in names}
    [speaker] = speakers
    assert (speaker.name, speaker.kind, speaker.represents.name) == ("Xi Jinping", "person", "China")
    assert speaker.wikidata_id == "Q15031"
    assert Speaker.objects.filter(name__in=names).count() == 0


def test_bodies_speak_under_all_their_names():
    [speaker] = set(resolve("Chinese Foreign Ministry", "China's Ministry of Foreign Affairs", "外交部"))
    assert (speaker.kind, speaker.represents.name) == ("body", "China")
    assert resolve("the White House") == resolve("White House")


def test_a_ministry_that_no_list_has_is_one_speaker_too():
    one, other = resolve("Ghanaian Foreign Ministry"), resolve("Ghana's Ministry of Foreign Affairs")
    assert one == other
    assert one[0].represents.name == "Ghana"


def test_another_spelling_of_a_known_name_is_the_same_speaker():
    [silva] = resolve("Sergey Núñez")
    assert resolve("Sergei Nunez", "Mr. Sergei Nunez") == [silva, silva]


def test_a_family_name_alone_stays_apart():
    ana, john = resolve("Ana Wang", "John Wang")
    [bare] = resolve("Wang")
    [titled] = resolve("Mr. Wang")
    assert len({ana, john, bare, titled}) == 4


def test_a_spelling_that_two_speakers_share_is_neither_of_theirs():
    first, second = make_speaker("Sergey Petrov"), make_speaker("Sergei Petrov")
    [other] = resolve("Sergej Petrov")
    assert other not in (first, second)


def test_a_family_name_with_its_office_is_the_holder_of_the_day():
    def minister(on):
        return resolve("Wang", on=on, titles=("Chinese Foreign Minister",), represents="China")[0].name

    assert minister(date(2017, 5, 1)) == "Wang Yi"
    assert minister(date(2023, 5, 1)) == "Wang"
    assert minister(None) == "Wang"


def test_a_title_alone_is_the_holder_of_the_day():
    assert resolve("US president", on=date(2016, 5, 1))[0].name == "Barack Obama"
    assert resolve("US president", on=date(2026, 5, 1))[0].name == "Donald Trump"
    assert resolve("US president")[0].name == "US president"
    # A row that was made for the bare title does not take the place of its holders.
    assert resolve("US president", on=date(2016, 5, 1))[0].name == "Barack Obama"


def test_an_editors_alias_comes_before_the_list():
    other = make_speaker("Xi Other")
    SpeakerAlias.objects.create(speaker=other, name="Xi")
    assert resolve("Xi") == [other]
    assert resolve("Xi Jinping")[0] != other


def test_a_speaker_made_before_the_list_knew_it_takes_what_the_list_says():
    [merkel] = resolve("Angela Merkel")
    Speaker.objects.filter(pk=merkel.pk).update(wikidata_id="", kind="unknown", represents=None)
    SpeakerAlias.objects.filter(speaker=merkel).exclude(name="Angela Merkel").delete()
    [again] = resolve("Bundeskanzlerin Merkel")
    assert (again, again.wikidata_id, again.represents.name) == (merkel, "Q567", "Germany")


def test_what_a_speaker_represents_is_filled_in_once():
    [speaker] = resolve("Kofi Mensah", represents="Ghana")
    assert speaker.represents.name == "Ghana"
    resolve("Kofi Mensah", represents="Kenya")
    speaker.refresh_from_db()
    assert speaker.represents.name == "Ghana"


def test_the_number_of_queries_does_not_depend_on_the_number_of_names(django_assert_num_queries):
    def mentions(count):
        return [Mention(f"Ana Silva{'x' * n}", represents="Ghana") for n in range(1, count + 1)]

    resolve_speakers(mentions(40))
    for count in (1, 40):
        # The lock, and one look.
        with django_assert_num_queries(2):
            resolve_speakers(mentions(count))


def test_the_number_of_queries_to_store_names_is_bounded(django_assert_max_num_queries):
    names = [f"Bo Lind{'x' * n}" for n in range(40)]
    with django_assert_max_num_queries(12):
        resolve_speakers([Mention(name, represents="Norway") for name in (*names, "Xi", "Putin", "the Kremlin")])


def test_names_without_letters_and_endless_names_are_resolved():
    [dots, endless] = resolve("…", "x" * 1000)
    assert dots.name == "…"
    assert len(endless.name) == 300
    assert resolve_speakers([Mention(" ")]) == {}


def test_the_whole_list_is_stored_at_once(capsys):
    call_command("load_speakers")
    assert int(capsys.readouterr().out.split()[1]) > 200
    assert Speaker.objects.filter(wikidata_id="Q7747").get().name == "Vladimir Putin"
    before = Speaker.objects.count()
    store_shipped_speakers()
    assert Speaker.objects.count() == before


def test_an_articles_statements_get_the_speaker_of_the_list(monkeypatch):
    text = "The US president said on Monday that the bridge would stay closed."
    content = (Span(text.index("the bridge"), len(text) - 1),)
    found = ExtractedStatement(content, (), (Span(0, 16),), "indirect", "US president", represents="United States")
    monkeypatch.setattr(reading, "extract", lambda text, **options: [found])
    [then] = reading.extract_revision(make_article(text, published_at="2016-05-01T12:00Z").current_revision_id)
    [later] = reading.extract_revision(make_article(text, published_at="2026-05-01T12:00Z").current_revision_id)
    assert (then.speaker.name, later.speaker.name) == ("Barack Obama", "Donald Trump")
    assert then.speaker_name == "US president"


def test_a_wrong_key_is_never_stored():
    alias = SpeakerAlias.objects.create(speaker=make_speaker(), name="Ana Núñez")
    assert alias.key == "ana nunez"


# Merging


@pytest.fixture
def editor():
    return make_user("eve", editor=True)


def snapshot():
    """Return all that a merge may change."""
    return {
        model.__name__: sorted(model.objects.values_list("pk", *fields))
        for model, fields in (
            (Speaker, ("name", "kind", "wikidata_id", "represents", "merged_into")),
            (SpeakerAlias, ("speaker", "name")),
            (Statement, ("speaker",)),
            (Claim, ("speaker", "text")),
        )
    }


def test_a_merge_moves_all_and_leaves_a_redirect(editor):
    report = make_report(make_claim())
    gone, kept = report.claim.speaker, make_speaker("Kept")
    spokesman = make_speaker(represents=gone)
    merge_speakers(gone, into=kept, by=editor)

    assert Statement.objects.get(pk=report.statement_id).speaker == kept
    assert Claim.objects.get(pk=report.claim_id).speaker == kept
    assert set(kept.aliases.values_list("name", flat=True)) == {"Kept", gone.name}
    gone.refresh_from_db()
    spokesman.refresh_from_db()
    assert (gone.merged_into, spokesman.represents) == (kept, kept)
    assert resolve(gone.name) == [kept]


def test_a_merge_is_undone_exactly(editor):
    report = make_report(make_claim())
    gone, kept = report.claim.speaker, make_speaker("Kept")
    Speaker.objects.filter(pk=gone.pk).update(wikidata_id="Q1", kind="person", represents=make_speaker("Ghana"))
    make_speaker(represents=gone)
    make_report(make_claim(speaker=kept))
    before = snapshot()
    merge_speakers(gone, into=kept, by=editor)
    kept.refresh_from_db()
    assert (kept.wikidata_id, kept.kind, kept.represents.name) == ("Q1", "person", "Ghana")
    assert snapshot() != before
    unmerge_speakers(gone, by=editor)
    assert snapshot() == before


def test_what_was_merged_into_a_merged_speaker_follows_and_comes_back(editor):
    first, second, third = make_speaker("First"), make_speaker("Second"), make_speaker("Third")
    merge_speakers(first, into=second, by=editor)
    before = snapshot()
    merge_speakers(second, into=third, by=editor)
    assert resolve("First", "Second") == [third, third]
    with pytest.raises(MergeRefused, match="“Second” was merged into “Third” since; undo that first"):
        unmerge_speakers(first, by=editor)
    unmerge_speakers(second, by=editor)
    assert snapshot() == before
    unmerge_speakers(first, by=editor)
    assert resolve("First", "Second", "Third") == [first, second, third]


def test_statements_read_since_go_back_by_their_name(editor, monkeypatch):
    def extract(text, **options):
        name, _ = text.split(" said ")
        content = (Span(len(name) + 6, len(text) - 1),)
        return [ExtractedStatement(content, (), (Span(0, len(name)),), "indirect", name)]

    monkeypatch.setattr(reading, "extract", extract)
    gone, kept = make_speaker("Ana Silva"), make_speaker("Ana Silva Costa")
    merge_speakers(gone, into=kept, by=editor)
    for text in (
        "Ana Silva said the ferry will sail.",
        "Mayor Ana Silva said the tram is late.",
        "Ana Silva Costa said the bus will run.",
    ):
        reading.extract_revision(make_article(text).current_revision_id)
    assert set(Statement.objects.values_list("speaker", flat=True)) == {kept.pk}
    unmerge_speakers(gone, by=editor)
    assert {s.speaker_name: s.speaker for s in Statement.objects.all()} == {
        "Ana Silva": gone,
        "Mayor Ana Silva": gone,
        "Ana Silva Costa": kept,
    }


def test_what_an_editor_changed_since_stays(editor):
    statement = make_statement()
    gone, kept, third = statement.speaker, make_speaker("Kept"), make_speaker("Third")
    merge_speakers(gone, into=kept, by=editor)
    Statement.objects.filter(pk=statement.pk).update(speaker=third)
    unmerge_speakers(gone, by=editor)
    statement.refresh_from_db()
    assert statement.speaker == third


def test_corroboration_follows_who_is_who(editor):
    # In one article a speaker's words are relayed by a wire; so may be those of the same speaker beside them.
    wire = make_outlet("Wire")
    text = "Ana Silva said: The road is closed.\n\nSilva said: The bridge is closed."
    article = make_article(text)
    full, short = make_speaker("Ana Silva"), make_speaker("Silva")
    relayed = make_claim("The road is closed.", speaker=full)
    make_report(relayed, article=article, relays=(wire,))
    beside = make_claim("The bridge is closed.", speaker=short)
    make_report(beside, article=article)
    make_report(beside, outlet=wire)
    refresh_corroboration([beside.pk])
    assert beside.corroborations.get(basis="counted").origin_count == 2

    merge_speakers(short, into=full, by=editor)
    assert beside.corroborations.get(basis="counted").origin_count == 1
    unmerge_speakers(short, by=editor)
    assert beside.corroborations.get(basis="counted").origin_count == 2


def test_impossible_merges_are_refused_and_change_nothing(editor):
    one, other = make_speaker("One", wikidata_id="Q1"), make_speaker("Other", wikidata_id="Q2")
    before = snapshot()
    with pytest.raises(MergeRefused, match="not merged into itself"):
        merge_speakers(one, into=one, by=editor)
    with pytest.raises(MergeRefused, match="Q1 in Wikidata"):
        merge_speakers(one, into=other, by=editor)
    with pytest.raises(MergeRefused, match="“One” is not merged"):
        unmerge_speakers(one, by=editor)
    assert snapshot() == before
    assert not SpeakerMerge.objects.exists()


def test_a_body_merged_into_who_speaks_for_it_does_not_represent_itself(editor):
    country = make_speaker("Ghana")
    house = make_speaker("House", represents=country)
    before = snapshot()
    merge_speakers(country, into=house, by=editor)
    house.refresh_from_db()
    assert house.represents is None
    unmerge_speakers(country, by=editor)
    assert snapshot() == before


def test_history_tells_who_merged(editor):
    statement = make_statement()
    merge_speakers(statement.speaker, into=make_speaker(), by=editor)
    event = pghistory.models.Events.objects.tracks(statement).filter(pgh_label="update").get()
    assert event.pgh_context["user"] == editor.pk
    assert event.pgh_context["decision"] == "merge speakers"


def test_the_number_of_queries_to_merge_does_not_grow(django_assert_max_num_queries, editor):
    gone, kept = make_speaker(), make_speaker()
    for _ in range(20):
        make_report(make_claim(speaker=gone))
    with django_assert_max_num_queries(60):
        merge_speakers(gone, into=kept, by=editor)
    with django_assert_max_num_queries(70):
        unmerge_speakers(gone, by=editor)


def test_likely_duplicates_are_named_but_never_joined():
    john, initial, other = make_speaker("John Smith"), make_speaker("J. Smith"), make_speaker("Jane Smith")
    make_speaker("Smith")
    assert possible_duplicates(john) == [initial]
    assert set(possible_duplicates(initial)) == {john, other}


@pytest.fixture
def staff(client):
    user = User.objects.create_superuser("admin", password="correct horse battery staple")
    client.force_login(user)
    return user


def act(client, action, *speakers):
    form = {"action": action, "_selected_action": [speaker.pk for speaker in speakers]}
    response = client.post(reverse("admin:claims_speaker_changelist"), form, follow=True)
    return [str(message) for message in response.context["messages"]]


def test_editors_merge_and_part_speakers_in_the_admin(client, staff):
    statement = make_statement(speaker=make_speaker("Ana Silva"))
    kept, gone = statement.speaker, make_speaker("A. Silva")
    assert act(client, "merge", kept, gone) == ["“A. Silva” merged into “Ana Silva”."]
    gone.refresh_from_db()
    assert gone.merged_into == kept
    assert SpeakerMerge.objects.get().merged_by == staff
    assert act(client, "unmerge", gone) == ["“A. Silva” is apart from “Ana Silva” again."]
    assert act(client, "unmerge", gone) == ["“A. Silva” is not merged into another speaker."]
    gone.refresh_from_db()
    assert gone.merged_into is None


def test_the_admin_says_why_it_does_not_merge(client, staff):
    one, other = make_speaker("One", wikidata_id="Q1"), make_speaker("Other", wikidata_id="Q2")
    [refused] = act(client, "merge", one, other)
    assert "two speakers. Correct one of the ids first" in refused
    assert act(client, "merge", one) == ["Select the two or more speakers that are one."]


def test_the_admin_names_likely_duplicates(client, staff):
    initial, full = make_speaker("A. Silva"), make_speaker("Ana Silva")
    page = client.get(reverse("admin:claims_speaker_change", args=[full.pk])).content.decode()
    assert reverse("admin:claims_speaker_change", args=[initial.pk]) in page
    assert client.get(reverse("admin:claims_speakermerge_changelist")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_in_opposite_directions_one_wins_and_the_other_is_told():
    one, other, editor = make_speaker("One"), make_speaker("Other"), make_user()
    ready = threading.Barrier(2)
    outcomes = []

    def merge(speaker, into):
        ready.wait()
        try:
            merge_speakers(speaker, into=into, by=editor)
            outcomes.append(None)
        except MergeConflict as conflict:
            outcomes.append(str(conflict))
        finally:
            connection.close()

    threads = [threading.Thread(target=merge, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(None) == 1
    [told] = [outcome for outcome in outcomes if outcome]
    assert "was merged into" in told
    assert "meanwhile" in told
    assert Speaker.objects.filter(merged_into=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_names_resolved_during_a_merge_go_to_whom_it_leaves():
    gone, kept, editor = make_speaker("Gone"), make_speaker("Kept"), make_user()
    resolved = threading.Event()
    found = []

    def read():
        resolved.wait()
        with transaction.atomic():
            found.extend(resolve("Gone"))
        connection.close()

    thread = threading.Thread(target=read)
    thread.start()
    with transaction.atomic():
        merge_speakers(gone, into=kept, by=editor)
        resolved.set()
        thread.join(timeout=0.3)
        # It waits until the merge is settled.
        assert found == []
    thread.join()
    assert found == [kept]
