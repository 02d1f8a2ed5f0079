"""Editing of claims and speakers: what is written, what machines leave alone after it, and what is refused."""

from datetime import date

import pytest

from claims.models import Attribution, Claim, ClaimLink, ClaimTopic, Speaker, SpeakerAlias
from claims.services.claims import refresh_sentences
from claims.services.decisions import DecisionConflict, DecisionRefused, refresh
from claims.services.editing import edit_claim, edit_speaker
from claims.services.history import TRACKED, history_of
from claims.services.merging import merge_claims, preview_merge
from claims.services.speakers import Mention, merge_speakers, resolve_speakers
from claims.services.topics import assign_topics
from claims.versions import VersionConflict, version_of
from sources.identity import uid_for
from tests.factories import make_claim, make_outlet, make_report, make_speaker, make_topic, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def eve():
    return make_user("eve", editor=True)


@pytest.fixture
def bridge():
    claim = make_claim("The bridge is closed.", topics=(make_topic("Traffic", keywords=("bridge",)),))
    make_report(claim)
    return claim


# Claims


def test_a_sentence_that_an_editor_wrote_is_never_a_machines_again(eve, bridge):
    edited = edit_claim(
        bridge, text="  The old\nbridge is closed. ", version=version_of(bridge), by=eve, reason="clearer"
    )
    assert (edited.text, edited.text_by) == ("The old bridge is closed.", eve)
    make_report(bridge, quote="The bridge over the river was closed for good by the city.")
    refresh([bridge.pk])
    refresh_sentences([Claim.objects.get(pk=bridge.pk)])
    bridge.refresh_from_db()
    assert bridge.text == "The old bridge is closed."


def test_topics_that_an_editor_chose_are_never_added_to_by_a_machine(eve, bridge):
    make_topic("Works", keywords=("closed",))
    chosen = make_topic("City")
    edit_claim(bridge, topics=[chosen], version=version_of(bridge), by=eve)
    assert assign_topics([bridge.pk]) == 0
    refresh([bridge.pk])
    assert list(ClaimTopic.objects.filter(claim=bridge).values_list("topic", "method")) == [(chosen.pk, "editor")]


def test_a_claim_whose_sentence_alone_was_edited_gets_topics_still(eve, bridge):
    works = make_topic("Works", keywords=("closed",))
    edit_claim(bridge, text="The old bridge is closed.", version=version_of(bridge), by=eve)
    assert works in bridge.topics.all()


def test_an_edit_is_told_in_the_history_with_its_reason(eve, bridge):
    edit_claim(bridge, said_on=date(2020, 1, 2), version=version_of(bridge), by=eve, reason="as the speech is dated")
    # One transaction is one moment, in which no event is the later one.
    [entry] = [entry for entry in history_of(TRACKED["claim"], bridge, for_editors=True) if entry.decision]
    assert (entry.who, entry.reason, entry.decision) == ("eve", "as the speech is dated", "edit")
    assert [(field.before, field.after) for field in entry.fields] == [("", "2020-01-02")]


def test_an_edit_of_what_changed_meanwhile_writes_nothing(eve, bridge):
    seen = version_of(bridge)
    edit_claim(bridge, text="The old bridge is closed.", version=seen, by=make_user("ann"))
    with pytest.raises(VersionConflict) as conflict:
        edit_claim(bridge, text="The new bridge is closed.", said_on=date(2020, 1, 2), topics=[], version=seen, by=eve)
    assert {field.name for field in conflict.value.fields if field.clashes} == {"text"}
    bridge.refresh_from_db()
    assert (bridge.text, bridge.said_on, bridge.topics.count()) == ("The old bridge is closed.", None, 1)


def test_the_same_edit_sent_again_is_done_once(eve, bridge):
    seen = version_of(bridge)
    for _ in range(2):
        edit_claim(bridge, text="The old bridge is closed.", version=seen, by=eve)
    assert len([entry for entry in history_of(TRACKED["claim"], bridge, for_editors=True) if entry.by_person]) == 1


@pytest.mark.parametrize("text", ["", " \n\t ", "x" * 2001])
def test_a_sentence_that_is_none_is_refused(eve, bridge, text):
    with pytest.raises(DecisionRefused):
        edit_claim(bridge, text=text, version=version_of(bridge), by=eve)


def test_a_claim_that_was_merged_meanwhile_is_not_edited(eve, bridge):
    seen = version_of(bridge)
    merge_claims(bridge, into=make_claim(speaker=bridge.speaker), by=eve)
    with pytest.raises(DecisionConflict, match="decide there"):
        edit_claim(bridge, text="The old bridge is closed.", version=seen, by=eve)


# What a merge would change


def test_a_preview_tells_what_the_merge_then_does_and_leaves_all_as_it_was(eve):
    speaker = make_speaker("Ana Silva")
    gone, kept = (make_claim(text, speaker=speaker) for text in ("The bridge is closed.", "The bridge stays shut."))
    other = make_claim(speaker=speaker)
    gone.topics.add(make_topic("Traffic"), through_defaults={"method": "test"})
    ClaimLink.objects.create(claim=gone, other=other, kind="contradicts", score=0.5, method="test")
    report = make_report(gone, outlet=make_outlet("Gazette"))
    double = make_report(kept, outlet=make_outlet("Herald"))
    Attribution.objects.create(
        uid=uid_for("attribution", "double"),
        statement=double.statement,
        claim=gone,
        score=0.5,
        method="test",
    )
    before = list(Attribution.objects.order_by("pk").values())
    preview = preview_merge(gone, into=kept, by=eve)
    assert list(Attribution.objects.order_by("pk").values()) == before
    assert Claim.objects.get(pk=gone.pk).merged_into is None
    assert (preview.kept.level, preview.kept.outlet_count) == ("single", 1)
    assert (preview.after.level, preview.after.outlet_count, preview.after.origin_count) == ("corroborated", 2, 2)
    assert (preview.reports, preview.doubles, preview.topics) == (1, 1, ["Traffic"])
    assert (preview.links, preview.dropped_links) == (1, 0)
    merge = merge_claims(gone, into=kept, by=eve)
    kept.refresh_from_db()
    assert merge.attributions == [report.pk]
    assert (preview.sentence, preview.speaker) == (kept.text, "Ana Silva")
    stored = kept.corroborations.get(basis="counted")
    assert (stored.level, stored.origin_count) == (preview.after.level, preview.after.origin_count)


def test_a_preview_of_what_would_be_refused_says_why(eve):
    claim = make_claim()
    with pytest.raises(DecisionRefused, match="not merged into itself"):
        preview_merge(claim, into=claim, by=eve)


# Speakers


def test_a_speaker_is_edited_and_known_by_its_names(eve):
    speaker, union = make_speaker("Ana Silva"), make_speaker("The Union", kind="body")
    edited = edit_speaker(
        speaker,
        name="Ana de Silva",
        kind="person",
        represents=union,
        wikidata_id="Q42",
        aliases=["Ana Silva", " A.  Silva", ""],
        version=version_of(speaker),
        by=eve,
    )
    assert (edited.name, edited.kind, edited.represents, edited.wikidata_id) == ("Ana de Silva", "person", union, "Q42")
    assert set(speaker.aliases.values_list("name", flat=True)) == {"Ana de Silva", "Ana Silva", "A. Silva"}
    assert resolve_speakers([Mention("A. Silva")])["A. Silva"] == speaker


def test_no_machine_fills_in_what_an_editor_left_out(eve):
    [speaker] = resolve_speakers([Mention("Kwesi Quartey", represents="Ghana")]).values()
    assert str(speaker.represents) == "Ghana"
    edit_speaker(speaker, represents=None, version=version_of(speaker), by=eve)
    resolve_speakers([Mention("Kwesi Quartey", represents="Ghana")])
    speaker.refresh_from_db()
    assert speaker.represents is None


def test_a_listed_name_that_an_editor_took_away_stays_away(eve):
    [speaker] = resolve_speakers([Mention("Vladimir Putin")]).values()
    names = set(speaker.aliases.values_list("name", flat=True))
    taken = sorted(names - {speaker.name})[0]
    edit_speaker(speaker, aliases=names - {taken}, version=version_of(speaker), by=eve)
    assert resolve_speakers([Mention("Vladimir Putin")])["Vladimir Putin"] == speaker
    assert not SpeakerAlias.objects.filter(name=taken).exists()
    assert resolve_speakers([Mention(speaker.name)])[speaker.name] == speaker


def test_a_name_of_another_speaker_is_refused_by_name(eve):
    speaker, other = make_speaker("Ana Silva"), make_speaker("Ana Souza")
    for wanted in ({"aliases": ["ANA SOUZA"]}, {"name": "ana souza"}):
        with pytest.raises(DecisionRefused, match="is a name of Ana Souza already"):
            edit_speaker(speaker, **wanted, version=version_of(speaker), by=eve)
    assert set(other.aliases.values_list("name", flat=True)) == {"Ana Souza"}


def test_a_name_that_is_too_long_is_refused(eve):
    speaker = make_speaker()
    with pytest.raises(DecisionRefused, match="at most 300 characters"):
        edit_speaker(speaker, aliases=["x" * 301], version=version_of(speaker), by=eve)


def test_a_speaker_speaks_for_nobody_that_it_is_itself(eve):
    speaker = make_speaker()
    with pytest.raises(DecisionRefused, match="speaks for another"):
        edit_speaker(speaker, represents=speaker, version=version_of(speaker), by=eve)


def test_an_edit_of_a_speaker_that_changed_or_was_merged_writes_nothing(eve):
    speaker, seen = (made := make_speaker("Ana Silva")), version_of(made)
    edit_speaker(speaker, name="Ana de Silva", version=seen, by=make_user("ann"))
    with pytest.raises(VersionConflict) as conflict:
        edit_speaker(speaker, name="A. Silva", version=seen, by=eve)
    assert {field.name: field.clashes for field in conflict.value.fields}["name"]
    assert Speaker.objects.get(pk=speaker.pk).name == "Ana de Silva"
    merge_speakers(speaker, into=make_speaker(), by=eve)
    with pytest.raises(DecisionConflict, match="edit that one"):
        edit_speaker(speaker, name="A. Silva", version=version_of(speaker), by=eve)
