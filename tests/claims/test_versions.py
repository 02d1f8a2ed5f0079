"""Versions of rows: what an editor saw, what changed since, and by whom."""

from datetime import date

import pghistory
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, ClaimTopic, Speaker, SpeakerAlias
from claims.services.speakers import merge_speakers, unmerge_speakers
from claims.versions import EDITABLE, VersionConflict, check_version, version_of, versions_of
from sources.models import Outlet, OutletAlias
from tests.factories import (
    make_claim,
    make_credit,
    make_outlet,
    make_report,
    make_speaker,
    make_statement,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


def conflict_of(row, seen, **wanted):
    row.refresh_from_db()
    with pytest.raises(VersionConflict) as raised:
        check_version(row, seen, wanted)
    return raised.value


def test_each_kind_of_row_has_a_version_from_its_first_moment():
    claim = make_claim()
    report = make_report(claim)
    credit = make_credit(report.statement.revision.article, make_outlet())
    rows = [claim, report, report.statement, claim.speaker, make_outlet(), make_topic(), credit]
    assert {type(row) for row in rows} <= set(EDITABLE)
    for row in rows:
        seen = version_of(row)
        # As an entity tag it needs no escapes.
        assert set(seen) <= set("0123456789.x")
        assert int(seen.split(".")[0]) > 0
        check_version(row, seen, {})


def test_what_machines_write_at_once_has_versions_too():
    Claim.objects.bulk_create(
        [Claim(uid=f"00000000-0000-4000-8000-00000000000{n}", text=f"Text {n}", method="m") for n in range(3)]
    )
    claims = list(Claim.objects.filter(method="m"))
    before = versions_of(claims)
    assert all(not version.startswith("0.") for version in before.values())
    Claim.objects.filter(method="m").update(text="Rewritten")
    after = versions_of(claims)
    assert all(after[pk] != before[pk] for pk in before)


@pytest.mark.parametrize("many", [1, 20])
def test_versions_of_many_rows_are_one_query(many):
    claims = [make_claim() for _ in range(many)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = versions_of(claims)
    assert len(queries) == 1
    assert found == {claim.pk: version_of(claim) for claim in claims}


def test_a_row_that_stands_as_it_was_seen_is_no_conflict():
    claim = make_claim("The bridge is closed.")
    seen = version_of(claim)
    claim.save(update_fields=["updated_at"])
    assert version_of(claim) != seen
    check_version(claim, seen, {"text": "The bridge is open."})


def test_a_changed_row_is_told_field_by_field():
    ann = make_user("ann")
    claim = make_claim("The bridge is closed.", said_on=date(2020, 1, 1))
    seen = version_of(claim)
    with pghistory.context(user=ann.pk):
        Claim.objects.filter(pk=claim.pk).update(text="The bridge is shut.")
    conflict = conflict_of(claim, seen, text="The bridge is barred.", said_on=date(2020, 1, 2))
    text, day = conflict.fields
    assert (text.name, str(text.label)) == ("text", "sentence")
    assert (text.seen, text.current, text.wanted) == (
        "The bridge is closed.",
        "The bridge is shut.",
        "The bridge is barred.",
    )
    assert (text.by, text.clashes) == ("ann", True)
    assert text.at is not None
    assert (day.seen, day.current, day.wanted) == ("2020-01-01", "2020-01-01", "2020-01-02")
    assert (day.by, day.at, day.clashes) == ("", None, False)
    assert (conflict.by, conflict.at, conflict.version) == ("ann", text.at, version_of(claim))
    assert "changed meanwhile by ann" in str(conflict)


def test_a_field_that_only_the_other_changed_is_told_too():
    claim = make_claim("The bridge is closed.")
    seen = version_of(claim)
    Claim.objects.filter(pk=claim.pk).update(text="The bridge is shut.")
    conflict = conflict_of(claim, seen, said_on=date(2020, 1, 2))
    assert {field.name: (field.changed, field.edited, field.clashes) for field in conflict.fields} == {
        "text": (True, False, False),
        "said_on": (False, True, False),
    }
    assert conflict.fields[0].wanted == conflict.fields[0].seen
    assert conflict.by == "a machine"


def test_the_same_edit_sent_twice_is_done_once():
    claim = make_claim("The bridge is closed.")
    seen = version_of(claim)
    claim.text = "The bridge is shut."
    claim.save()
    check_version(claim, seen, {"text": "The bridge is shut.", "said_on": None})


def test_what_was_changed_and_changed_back_is_no_conflict():
    claim = make_claim("The bridge is closed.")
    seen = version_of(claim)
    for text in ("The bridge is shut.", "The bridge is closed."):
        Claim.objects.filter(pk=claim.pk).update(text=text)
    claim.refresh_from_db()
    check_version(claim, seen, {"text": "The bridge is open."})


def test_the_topics_of_a_claim_are_a_field_of_it():
    traffic, weather = make_topic("Traffic"), make_topic("Weather")
    claim = make_claim(topics=(traffic,))
    seen = version_of(claim)
    with pghistory.context(method="matcher 9"):
        ClaimTopic.objects.create(claim=claim, topic=weather, method="keyword: rain")
    assert version_of(claim) != seen
    [field] = conflict_of(claim, seen, topics=[]).fields
    assert (field.seen, field.current, field.wanted) == (["Traffic"], ["Traffic", "Weather"], [])
    assert (field.by, field.clashes) == ("matcher 9", True)
    seen = version_of(claim)
    ClaimTopic.objects.filter(claim=claim, topic=traffic).delete()
    assert conflict_of(claim, seen).fields[0].current == ["Weather"]


def test_a_name_that_is_given_to_another_speaker_changes_both():
    one, other = make_speaker("Ana Silva"), make_speaker("Ana Souza")
    alias = SpeakerAlias.objects.create(speaker=one, name="A. S.")
    before = versions_of([one, other])
    SpeakerAlias.objects.filter(pk=alias.pk).update(speaker=other)
    after = versions_of([one, other])
    assert before[one.pk] != after[one.pk]
    assert before[other.pk] != after[other.pk]
    assert conflict_of(one, before[one.pk]).fields[0].current == ["Ana Silva"]
    assert conflict_of(other, before[other.pk]).fields[0].current == ["A. S.", "Ana Souza"]


def test_a_topic_that_was_being_added_as_an_editor_looked_is_noticed():
    traffic, weather = make_topic("Traffic"), make_topic("Weather")
    claim = make_claim(topics=(traffic, weather))
    newest, events = version_of(claim).split(".")[1].split("x")
    # Its event is older than the newest, but was not to be seen yet.
    seen = f"{version_of(claim).split('.')[0]}.{newest}x{int(events) - 1}"
    [field] = conflict_of(claim, seen, topics=[weather]).fields
    assert (field.seen, field.current, field.wanted) == (None, ["Traffic", "Weather"], ["Weather"])


def test_a_merge_and_its_undoing_change_the_names_of_who_stays():
    one, other, eve = make_speaker("Ana Silva"), make_speaker("Silva, Ana"), make_user("eve")
    seen = version_of(other)
    merge_speakers(one, into=other, by=eve)
    merged = version_of(other)
    [field] = conflict_of(other, seen, name="Ana de Silva").fields[1:]
    assert (field.seen, field.current, field.by) == (["Silva, Ana"], ["Ana Silva", "Silva, Ana"], "eve")
    unmerge_speakers(one, by=eve)
    assert conflict_of(other, merged).fields[0].current == ["Silva, Ana"]
    check_version(other, seen, {"name": "Ana de Silva"})


def test_references_are_told_by_name():
    owner = make_outlet("The Group")
    outlet = make_outlet("Gazette", aliases=("The Gazette",))
    seen = version_of(outlet)
    Outlet.objects.filter(pk=outlet.pk).update(owner=owner, kind="newspaper")
    OutletAlias.objects.create(outlet=outlet, name="Gaz")
    fields = {field.name: field for field in conflict_of(outlet, seen, owner=None, reviewed=True).fields}
    assert set(fields) == {"owner", "kind", "aliases", "reviewed"}
    assert (fields["owner"].seen, fields["owner"].current) == ("", "The Group")
    assert (fields["kind"].seen, fields["kind"].current) == ("unknown", "newspaper")
    assert (fields["reviewed"].current, fields["reviewed"].wanted) == ("no", "yes")
    assert fields["aliases"].current == ["Gaz", "The Gazette"]


@pytest.mark.parametrize("seen", ["", "W/1", "1", "1.2x1.3x1", "999999999.0x0", "-1.0x0", "1.1", "１.０x０"])
def test_a_version_of_nothing_writes_nothing(seen):
    # In a new database, the version 1 would be that of the first claim.
    make_claim()
    claim = make_claim("The bridge is closed.")
    conflict = conflict_of(claim, seen, text="The bridge is open.")
    [text] = conflict.fields
    assert (text.seen, text.current, text.wanted) == (None, "The bridge is closed.", "The bridge is open.")
    assert "not known what you saw" in str(conflict)


def test_the_version_of_another_row_is_none_of_this_one():
    claim, other = make_claim("The bridge is closed."), make_claim("The bridge is open.")
    assert conflict_of(claim, version_of(other), text="The bridge is shut.").fields[0].seen is None


def test_the_place_of_a_statement_is_part_of_its_version():
    statement = make_statement()
    seen = version_of(statement)
    statement.denies = True
    statement.save()
    [field] = conflict_of(statement, seen, denies=False).fields
    assert (field.current, field.wanted) == ("yes", "no")


def test_checking_takes_as_many_queries_however_much_happened():
    counts = []
    for changes in (1, 20):
        claim = make_claim()
        seen = version_of(claim)
        for n in range(changes):
            with pghistory.context(user=make_user().pk):
                Claim.objects.filter(pk=claim.pk).update(text=f"Text {n}", speaker=make_speaker())
            ClaimTopic.objects.create(claim=claim, topic=make_topic(), method="m")
        claim.refresh_from_db()
        with CaptureQueriesContext(connection) as queries, pytest.raises(VersionConflict):
            check_version(claim, seen, {"text": "Other", "topics": []})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


def test_a_row_that_was_read_in_part_has_the_same_version():
    speaker = make_speaker()
    assert version_of(Speaker.objects.only("name").get(pk=speaker.pk)) == version_of(speaker)
