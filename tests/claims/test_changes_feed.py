"""Who or what changed what: the feed and its filters, the history of an object, and single changes taken back."""

import ast
from datetime import timedelta
from uuid import uuid4

import pghistory
import pytest
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from pghistory.models import Context

from claims.models import Attribution, Claim, ClaimLink, Decision, Speaker, SpeakerAlias, Topic
from claims.services import desk, history
from claims.services.decisions import DecisionConflict, DecisionRefused, confirm_attribution, reject_attribution
from claims.services.desk import Shown
from claims.services.history import TRACKED, Asked, history_of, recent_changes, revert_change
from claims.services.merging import decide_link, merge_claims
from claims.services.outlets import merge_outlets
from claims.services.speakers import merge_speakers
from claims.views.changes import DECISIONS
from sources.models import Outlet, OutletAlias
from sources.services import derivations
from tests.factories import make_claim, make_outlet, make_report, make_speaker, make_topic, make_user

pytestmark = pytest.mark.django_db

#: What decisions are that the code gives by a name, not by their words.
NAMED_ELSEWHERE = {
    "kind": Decision.Kind.values,
    "Kind.ADD": [Decision.Kind.ADD],
    "Decision.Kind.SPLIT": [Decision.Kind.SPLIT],
    # Of a link between claims; no editor makes one a proposal.
    "status": ["confirmed", "rejected", "unsure"],
    "_DECISIONS[DecisionStatus(status)]": derivations._DECISIONS.values(),
}


@pytest.fixture
def eve():
    return make_user("eve", editor=True)


def by(user, **told):
    return pghistory.context(user=user.pk, **told)


def a_minute_passes():
    """All that is done in one transaction, as a test is, has one time."""
    Context.objects.update(created_at=F("created_at") - timedelta(minutes=1))


def latest(key, row):
    return TRACKED[key].events.objects.filter(pgh_obj_id=row.pk).latest("pgh_id").pgh_id


def text_of(response):
    return response.content.decode()


# The feed


def test_a_decision_is_one_change_with_who_what_and_why(eve):
    report = make_report(make_claim("The bridge is closed."), outlet=make_outlet("Gazette"))
    make_report(report.claim)
    shown = [Shown("report", report.uid, report.claim.uid, "affirms")]
    desk.press(uuid4(), verb="confirm", shown=shown, by=eve, reason="Both say so.")

    changes, following = recent_changes(Asked())

    [change] = changes
    assert following is None
    assert (change.who, change.decision, change.reason) == ("eve", "confirm", "Both say so.")
    [entry] = change.entries
    assert entry.tracked.key == "report"
    assert [(each.name, each.before, each.after) for each in entry.fields] == [("status", "proposed", "confirmed")]


def test_what_machines_do_is_in_a_feed_of_its_own_and_in_the_history(client, eve):
    with pghistory.context(method="matcher 9"):
        report = make_report(make_claim())
    a_minute_passes()
    confirm_attribution(report, by=eve)
    assert [change.who for change in recent_changes(Asked())[0]] == ["eve"]
    [change] = recent_changes(Asked(machines=True, kind="report"))[0]
    assert (change.who, [entry.label for entry in change.entries]) == ("matcher 9", ["insert"])
    client.force_login(eve)
    page = client.get("/desk/changes/?by=machines")
    assert "matcher 9" in text_of(page)
    assert "Take back" not in text_of(page)
    assert client.get("/desk/changes/?by=machines&who=eve").status_code == 400
    entries = history_of(TRACKED["claim"], report.claim, for_editors=False)
    reports = [entry for entry in entries if entry.tracked.key == "report"]
    assert [(entry.who, entry.label) for entry in reports] == [("eve", "update"), ("matcher 9", "insert")]
    assert [entry.may_revert for entry in reports] == [True, False]


def test_the_feed_is_filtered(eve):
    ann = make_user("ann", editor=True)
    one, other = make_report(make_claim()), make_report(make_claim())
    confirm_attribution(one, by=eve)
    a_minute_passes()
    reject_attribution(other, by=ann)
    a_minute_passes()
    with by(ann):
        Outlet.objects.filter(pk=make_outlet("Post").pk).update(name="The Post")

    def found(**asked):
        return [(change.who, change.decision) for change in recent_changes(Asked(**asked))[0]]

    assert found() == [("ann", ""), ("ann", "reject"), ("eve", "confirm")]
    assert found(who=eve) == [("eve", "confirm")]
    assert found(kind="outlet") == [("ann", "")]
    assert found(decision="reject") == [("ann", "reject")]
    middle = Context.objects.get(metadata__decision="reject").created_at
    assert found(since=middle) == [("ann", ""), ("ann", "reject")]
    assert found(until=middle) == [("eve", "confirm")]


def test_a_rare_kind_is_found_over_pages_however_far_back_it_is(eve, monkeypatch):
    monkeypatch.setattr(history, "MOST_LOOKED", 3)
    post, reports = make_outlet("Post"), [make_report(make_claim()) for _ in range(7)]
    with by(eve):
        Outlet.objects.filter(pk=post.pk).update(name="The Post")
    a_minute_passes()
    for report in reports:
        confirm_attribution(report, by=eve)
        a_minute_passes()
    pages, before = [], None
    while True:
        changes, following = recent_changes(Asked(kind="outlet", before=before))
        pages.append(len(changes))
        if following is None:
            break
        before = (following.created_at, following.pk)
    assert pages == [0, 0, 1]


def test_pages_of_the_feed_follow_each_other_without_gaps(eve, monkeypatch):
    monkeypatch.setattr(history, "PER_PAGE", 2)
    reports = [make_report(make_claim()) for _ in range(5)]
    for report in reports:
        confirm_attribution(report, by=eve)
        a_minute_passes()
    seen, before = [], None
    while True:
        changes, following = recent_changes(Asked(before=before))
        seen += [entry.event.pgh_obj_id for change in changes for entry in change.entries]
        if following is None:
            break
        before = (following.created_at, following.pk)
    assert seen == [report.pk for report in reversed(reports)]


def test_the_feed_is_read_by_index():
    contexts = Context.objects.all()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM pghistory_context WHERE metadata ->> 'user' IS NOT NULL "
            "ORDER BY created_at DESC, id DESC LIMIT 20"
        )
        assert "pghistory_context_by_people" in str(cursor.fetchall())
        cursor.execute(
            "EXPLAIN SELECT id FROM pghistory_context WHERE metadata ->> 'user' IS NULL "
            "ORDER BY created_at DESC, id DESC LIMIT 20"
        )
        assert "pghistory_context_by_machines" in str(cursor.fetchall())
        cursor.execute(
            "EXPLAIN SELECT id FROM pghistory_context WHERE metadata ->> 'user' = '5' "
            "ORDER BY created_at DESC, id DESC LIMIT 20"
        )
        assert "pghistory_context_by_user" in str(cursor.fetchall())
    assert not contexts.exists()


def test_more_changes_cost_no_more_queries(client, eve):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/desk/changes/").status_code == 200
            assert client.get(f"/history/claim/{claim.uid}/").status_code == 200
        return len(captured)

    def change():
        confirm_attribution(make_report(claim), by=eve)
        decide_link(claim, make_claim(speaker=claim.speaker), status="rejected", by=eve)

    client.force_login(eve)
    claim = make_claim()
    for _ in range(3):
        change()
    queries()
    few = queries()
    for _ in range(8):
        change()
    assert queries() == few


# The pages


def test_readers_see_the_history_of_an_object_and_only_editors_the_feed(client, eve):
    report = confirm_attribution(make_report(make_claim()), by=eve)
    page = text_of(client.get(f"/history/report/{report.uid}/"))
    assert "<strong><bdi>eve</bdi></strong>" in page
    assert "Take back" not in page
    assert client.get("/desk/changes/")["Location"].startswith("/accounts/login/")
    event = latest("report", report)
    assert client.post(f"/desk/changes/report/{event}/revert/")["Location"].startswith("/accounts/login/")
    client.force_login(make_user())
    assert client.get("/desk/changes/").status_code == 403
    assert client.post(f"/desk/changes/report/{event}/revert/").status_code == 403
    assert client.get(f"/history/nothing/{report.uid}/").status_code == 404
    assert client.get(f"/history/report/{uuid4()}/").status_code == 404
    assert Attribution.objects.get(pk=report.pk).status == "confirmed"


@pytest.mark.parametrize("key", ["claim", "report", "statement", "speaker", "outlet", "topic", "article", "link"])
def test_every_object_has_its_history(client, key):
    topic = make_topic()
    claim = make_claim(topics=(topic,))
    report = make_report(claim)
    rows = {
        "claim": claim,
        "report": report,
        "statement": report.statement,
        "speaker": claim.speaker,
        "outlet": report.statement.revision.article.outlet,
        "topic": topic,
        "article": report.statement.revision.article,
        "link": ClaimLink.objects.create(claim=claim, other=make_claim(), kind="same", score=0.5, method="test"),
    }
    page = text_of(client.get(f"/history/{key}/{rows[key].uid}/"))
    assert "added" in page


def test_the_feed_shows_filters_refusals_and_what_may_be_taken_back(client, eve):
    client.force_login(eve)
    report = confirm_attribution(make_report(make_claim()), by=eve)
    page = text_of(client.get("/desk/changes/?who=eve&did=confirm&kind=report&since=2020-01-01"))
    assert f"/desk/changes/report/{latest('report', report)}/revert/" in page
    wrong = client.get("/desk/changes/?who=nobody&since=never")
    assert wrong.status_code == 400
    assert "Nobody here has this name." in text_of(wrong)
    assert client.get("/desk/changes/?before=nonsense").status_code == 200


def test_a_change_is_taken_back_by_its_button(client, eve):
    client.force_login(eve)
    report = confirm_attribution(make_report(make_claim()), by=eve)
    address = f"/desk/changes/report/{latest('report', report)}/revert/"
    answer = client.post(address, {"reason": "Too quick.", "next": f"/history/report/{report.uid}/"}, follow=True)
    assert answer.redirect_chain == [(f"/history/report/{report.uid}/", 302)]
    page = text_of(answer)
    assert "Taken back" in page
    assert "<q>Too quick.</q>" in page
    assert Attribution.objects.get(pk=report.pk).status == "proposed"
    assert client.post(address, {"next": "//evil.example"}).status_code == 409


# Taking back


def test_a_claims_sentence_a_speakers_name_and_an_outlets_kind_go_back(eve):
    claim, speaker, outlet, topic = make_claim("Before."), make_speaker("Ana"), make_outlet("Post"), make_topic("A")
    with by(eve):
        Claim.objects.filter(pk=claim.pk).update(text="After.", text_by=eve)
        Speaker.objects.filter(pk=speaker.pk).update(name="Anna")
        Outlet.objects.filter(pk=outlet.pk).update(kind="agency")
        Topic.objects.filter(pk=topic.pk).update(keywords=["b"])
    for key, row in (("claim", claim), ("speaker", speaker), ("outlet", outlet), ("topic", topic)):
        revert_change(key, latest(key, row), by=eve, reason="As it was.")
        row.refresh_from_db()
    assert (claim.text, claim.text_by, speaker.name, outlet.kind, topic.keywords) == (
        "Before.",
        None,
        "Ana",
        "unknown",
        [],
    )
    assert {change.decision for change in recent_changes(Asked(decision="revert"))[0]} == {"revert"}


def test_a_name_that_was_added_goes_and_one_that_was_deleted_comes_back(eve):
    outlet, speaker = make_outlet("Post"), make_speaker("Ana Silva")
    with by(eve):
        added = OutletAlias.objects.create(outlet=outlet, name="The Post")
        alias = speaker.aliases.get()
        kept = alias.pk
        alias.delete()
    revert_change("outlet-name", latest("outlet-name", added), by=eve)
    assert not outlet.aliases.exists()
    event = TRACKED["speaker-name"].events.objects.get(pgh_obj_id=kept, pgh_label="delete")
    revert_change("speaker-name", event.pgh_id, by=eve)
    back = SpeakerAlias.objects.get(pk=kept)
    assert (back.name, back.key, back.speaker) == ("Ana Silva", "ana silva", speaker)


def test_a_name_that_somebody_else_has_by_now_is_not_taken_back(eve):
    outlet = make_outlet("Post")
    with by(eve):
        Outlet.objects.filter(pk=outlet.pk).update(name="Gazette")
    make_outlet("P")
    Outlet.objects.filter(name="P").update(name="post")
    with pytest.raises(DecisionConflict, match="Something else needs this"):
        revert_change("outlet", latest("outlet", outlet), by=eve)
    outlet.refresh_from_db()
    assert outlet.name == "Gazette"


def test_merges_of_claims_and_speakers_and_what_is_said_of_links_are_taken_back(eve):
    speaker = make_speaker()
    one, other = make_claim("It is shut.", speaker=speaker), make_claim("It is closed.", speaker=speaker)
    for claim in (one, other):
        make_report(claim)
    merge_claims(one, into=other, by=eve)
    revert_change("claim", latest("claim", one), by=eve)
    one.refresh_from_db()
    assert one.merged_into is None
    assert one.attributions.count() == 1

    link = decide_link(one, other, status="rejected", by=eve)
    event = latest("link", link)
    revert_change("link", event, by=eve)
    assert not ClaimLink.objects.filter(status="rejected").exists()

    gone = make_speaker()
    merge_speakers(gone, into=speaker, by=eve)
    revert_change("speaker", latest("speaker", gone), by=eve)
    gone.refresh_from_db()
    assert gone.merged_into is None


def test_a_merge_of_outlets_is_taken_back_whole(eve):
    gone, kept, earlier = make_outlet("Old Gazette"), make_outlet("Gazette"), make_outlet("Gaz")
    report = make_report(make_claim(), outlet=gone)
    article = report.statement.revision.article
    merge_outlets(earlier, into=gone, by=eve)
    merge_outlets(gone, into=kept, by=eve)
    article.refresh_from_db()
    assert article.outlet == kept
    with pytest.raises(DecisionConflict, match="was merged into"):
        revert_change("outlet", latest("outlet", earlier), by=eve)

    merged = latest("outlet", gone)
    revert_change("outlet", merged, by=eve)
    for row in (gone, earlier, article):
        row.refresh_from_db()
    assert (gone.merged_into, earlier.merged_into, article.outlet) == (None, gone, gone)
    for row in (gone, earlier):
        with pytest.raises(DecisionRefused, match="came with another decision"):
            revert_change("outlet", latest("outlet", row), by=eve)


def test_who_chose_topics_or_edited_last_is_no_change_of_its_own(eve):
    claim, speaker = make_claim(), make_speaker("Ana")
    with by(eve):
        Claim.objects.filter(pk=claim.pk).update(topics_by=eve)
        Speaker.objects.filter(pk=speaker.pk).update(name="Anna", edited_by=eve)
    changes, _ = recent_changes(Asked(who=eve))
    assert [[field.name for field in entry.fields] for change in changes for entry in change.entries] == [["name"]]


def test_every_decision_that_is_written_down_has_a_name():
    """Read from the code: each call of pghistory.context, however the decision is given."""
    written = set()
    for app in ("accounts", "claims", "sources", "config"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text())):
                if not (isinstance(call, ast.Call) and ast.unparse(call.func) == "pghistory.context"):
                    continue
                for keyword in call.keywords:
                    if keyword.arg != "decision":
                        continue
                    if isinstance(keyword.value, ast.Constant):
                        written.add(keyword.value.value)
                        continue
                    words = ast.unparse(keyword.value)
                    assert words in NAMED_ELSEWHERE, f"{path.name}: {words}"
                    written |= {str(value) for value in NAMED_ELSEWHERE[words]}
    assert {"merge outlets", "annotate", "add claim", "confirm", "split"} <= written
    assert written - set(DECISIONS) == set()


def test_what_was_changed_since_is_not_taken_back(eve):
    report = confirm_attribution(make_report(make_claim()), by=eve)
    first = latest("report", report)
    reject_attribution(report, by=make_user("ann"))
    with pytest.raises(DecisionConflict, match="ann changed this since"):
        revert_change("report", first, by=eve)
    report.refresh_from_db()
    assert report.status == "rejected"


def test_what_came_with_a_merge_or_took_something_back_is_not_taken_for_a_decision(eve):
    speaker = make_speaker()
    one, other = make_claim("It is shut.", speaker=speaker), make_claim("It is closed.", speaker=speaker)
    report = confirm_attribution(make_report(one), by=eve)
    make_report(other)
    merge_claims(one, into=other, by=eve)
    with pytest.raises(DecisionRefused, match="came with another decision"):
        revert_change("report", latest("report", report), by=eve)
    revert_change("claim", latest("claim", one), by=eve)
    second = reject_attribution(report, by=make_user("ann"))
    revert_change("report", latest("report", second), by=eve)
    with pytest.raises(DecisionRefused, match="came with another decision"):
        revert_change("report", latest("report", report), by=eve)
    report.refresh_from_db()
    assert (report.status, report.decided_by) == ("confirmed", eve)
    [entry] = [e for e in history_of(TRACKED["report"], report, for_editors=True) if e.is_latest]
    assert not entry.may_revert


def test_what_a_machine_did_is_decided_on_and_not_taken_back(eve):
    report = make_report(make_claim())
    with pytest.raises(DecisionRefused, match="A machine did this"):
        revert_change("report", latest("report", report), by=eve)
    with pytest.raises(DecisionRefused, match="no such change"):
        revert_change("report", 10**12, by=eve)
    with by(eve):
        claim = make_claim()
    with pytest.raises(DecisionRefused, match="not taken away"):
        revert_change("claim", latest("claim", claim), by=eve)
