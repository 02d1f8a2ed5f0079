"""Corroboration as it was: by what had been captured and decided by a moment, or by what had been published."""

import time
from datetime import UTC, datetime, timedelta

import pgtrigger
import pytest
from django.utils import timezone

from claims.corroboration.moments import Clock, Moment, MomentRefused, read_moment
from claims.corroboration.reports import load_reports
from claims.corroboration.stories import load_stories
from claims.models import Attribution, Claim, Statement, StatementRelay
from claims.services import decisions
from sources.models import Article, Derivation, Snapshot
from tests.factories import (
    make_article,
    make_claim,
    make_credit,
    make_outlet,
    make_report,
    make_speaker,
    make_statement,
    make_user,
    revise,
)

#: The database tells the time by when a transaction began, so each step must be one of its own.
pytestmark = pytest.mark.django_db(transaction=True)


def mark():
    """Return a moment after all that has been done, and before all that is yet to be."""
    time.sleep(0.002)
    now = timezone.now()
    time.sleep(0.002)
    return now


def capture(article, at=None):
    """Let the latest snapshot of an article be captured at a time, now unless given."""
    with pgtrigger.ignore("sources.Snapshot:snapshot_frozen"):
        Snapshot.objects.filter(pk=article.snapshots.latest("pk").pk).update(captured_at=at or timezone.now())


def tell(claim, *, captured_at=None, **options):
    report = make_report(claim, **options)
    capture(report.statement.revision.article, captured_at)
    return report


def as_of(claim, at, clock=Clock.CAPTURED, **asked):
    return load_reports([claim], as_of=Moment(at, clock), **asked)[claim.pk]


def level(claim, at, clock=Clock.CAPTURED, **asked):
    finding = as_of(claim, at, clock, **asked).finding
    return f"{finding.level}, disputed" if finding.disputed else finding.level


def test_a_level_is_what_followed_from_what_was_captured_and_decided_by_then():
    agency, claim = make_outlet("Agency"), make_claim()
    nothing = mark()
    tell(claim, outlet=agency)
    one = mark()
    tell(claim, credit=agency)
    two = mark()
    own = tell(claim)
    three = mark()
    tell(claim, stance="denies")
    four = mark()
    decisions.reject_attribution(own, by=make_user(editor=True))
    now = mark()

    assert [level(claim, at) for at in (nothing, one, two, three, four, now)] == [
        "unreported",
        "single",
        "repeated",
        "corroborated",
        "corroborated, disputed",
        "repeated, disputed",
    ]
    assert as_of(claim, nothing).explanation == "No report of this claim counted then."


def test_what_a_report_was_is_shown_not_what_became_of_it():
    claim = make_claim()
    report = tell(claim)
    then = mark()
    decisions.set_stance(report, stance="denies", by=make_user(editor=True))

    [old] = as_of(claim, then).reports
    assert (old.denies, old.attribution.status, old.attribution.decided_by) == (False, "proposed", None)
    assert old.attribution.uid == report.uid
    assert level(claim, then, confirmed_only=True) == "unreported"
    assert level(claim, mark(), confirmed_only=True) == "unreported, disputed"


def test_an_article_counts_in_the_text_that_was_current():
    claim = make_claim()
    report = tell(claim)
    article = report.statement.revision.article
    then = mark()
    revise(article, "The article now says something else.")
    capture(article)

    assert [found.statement.revision_id for found in as_of(claim, then).reports] == [report.statement.revision_id]
    assert level(claim, mark()) == "unreported"


def test_an_article_that_went_back_to_a_text_counts_in_it_again():
    claim = make_claim()
    article = tell(claim).statement.revision.article
    first = article.current_revision
    revise(article, "Something else.")
    between = mark()
    article.current_revision = first
    article.save()

    assert level(claim, between) == "unreported"
    assert level(claim, mark()) == "single"


def test_relays_credits_speakers_and_withdrawals_count_as_they_stood():
    agency, wire, claim = make_outlet("Agency"), make_outlet("Wire"), make_claim()
    tell(claim, outlet=wire)
    relayed = tell(claim, outlet=make_outlet("Gazette"), relays=(wire,))
    credited = tell(claim, outlet=make_outlet("Herald"), credit=wire)
    then = mark()
    StatementRelay.objects.filter(statement=relayed.statement).delete()
    relays_gone = mark()
    Derivation.objects.filter(article=credited.statement.revision.article).update(upstream_outlet=agency)
    credit_moved = mark()
    Statement.objects.filter(pk=relayed.statement_id).update(withdrawn_at=timezone.now(), withdrawn_reason="gone")
    withdrawn = mark()

    def origins(at):
        return {outlet.name for outlet in as_of(claim, at).origins}

    assert [origins(at) for at in (then, relays_gone, credit_moved, withdrawn)] == [
        {"Wire"},
        {"Wire", "Gazette"},
        {"Wire", "Gazette", "Agency"},
        {"Wire", "Agency"},
    ]


def test_a_speaker_who_was_made_another_later_brought_no_relays_then():
    wire, claim, other = make_outlet("Wire"), make_claim("The bridge is open."), make_speaker()
    article = make_article("The road is closed. The bridge is open.")
    relayed = make_statement("The road is closed.", article=article, speaker=other, relays=(wire,))
    tell(claim, article=article)
    then = mark()
    Statement.objects.filter(pk=relayed.pk).update(speaker=claim.speaker)

    assert wire.pk not in as_of(claim, then).reports[0].origins
    assert wire.pk in as_of(claim, mark()).reports[0].origins


def test_a_merge_that_came_later_is_undone(client):
    kept, gone = make_claim(), make_claim()
    tell(kept)
    moved = tell(gone)
    then = mark()
    Attribution.objects.filter(pk=moved.pk).update(claim=kept)
    Claim.objects.filter(pk=gone.pk).update(merged_into=kept)
    gone.refresh_from_db()

    assert [found.attribution.uid for found in as_of(gone, then).reports] == [moved.uid]
    assert len(as_of(kept, then).reports) == 1
    assert len(as_of(kept, mark()).reports) == 2
    asked = {"as_of": then.isoformat()}
    assert client.get(gone.get_absolute_url(), asked).status_code == 200
    assert client.get(gone.get_absolute_url()).status_code == 301
    address = f"/api/v1/claims/{gone.uid}/corroboration/"
    assert client.get(address, asked).json()["level"] == "single"
    assert client.get(address, {**asked, "clock": "published"}).status_code == 301


def test_an_attribution_that_was_deleted_since_still_counted_then():
    claim = make_claim()
    tell(claim).delete()
    report = tell(claim)
    then = mark()
    report.delete()

    [old] = as_of(claim, then).reports
    assert old.statement == report.statement
    assert level(claim, mark()) == "unreported"


def test_a_text_from_an_archive_counts_as_it_was_first_read():
    claim = make_claim()
    archived = datetime(2018, 5, 1, tzinfo=UTC)
    report = tell(claim, captured_at=archived)
    tell(claim, captured_at=datetime(2019, 5, 1, tzinfo=UTC))
    time.sleep(0.01)
    decisions.reject_attribution(report, by=make_user(editor=True))

    assert level(claim, archived - timedelta(days=1)) == "unreported"
    assert level(claim, archived) == "single"
    assert level(claim, datetime(2020, 1, 1, tzinfo=UTC)) == "corroborated"


def test_by_publication_articles_count_from_when_they_were_out_as_they_are_read_today():
    claim = make_claim()
    agency = make_outlet("Agency")

    def published(day, **options):
        article = make_article(
            claim.text, published_at=datetime(2017, 7, day, 12, tzinfo=UTC), outlet=options.pop("outlet", None)
        )
        return make_report(claim, article=article, **options)

    published(1, outlet=agency)
    published(2, credit=agency)
    own = published(3)
    published(4, stance="denies")
    undated = make_article(claim.text, published_at=None)
    make_report(claim, article=undated)

    def levels():
        days = [datetime(2017, 7, day, 12, tzinfo=UTC) for day in (1, 2, 3, 4)]
        return [level(claim, at, Clock.PUBLISHED) for at in (days[0] - timedelta(seconds=1), *days)]

    assert levels() == ["unreported", "single", "repeated", "corroborated", "corroborated, disputed"]
    decisions.reject_attribution(own, by=make_user(editor=True))
    assert levels()[3:] == ["repeated", "repeated, disputed"]


def test_by_publication_a_changed_article_counts_in_the_text_captured_last_by_then_or_else_the_first():
    agency, claim = make_outlet("Agency"), make_claim()
    published = datetime(2017, 7, 1, tzinfo=UTC)
    article = make_article(claim.text, published_at=published)
    capture(article, published + timedelta(days=1))
    credit = make_credit(article, agency)
    make_report(claim, article=article)
    time.sleep(0.01)
    revise(article, "Something else.")
    Derivation.objects.filter(pk=credit.pk).update(revision=article.current_revision)

    reports = as_of(claim, published, Clock.PUBLISHED)
    assert reports.finding.level == "single"
    assert reports.origins == [agency]
    assert level(claim, mark(), Clock.PUBLISHED) == "unreported"


def test_an_article_upstream_that_was_not_captured_yet_explains_nothing():
    claim = make_claim()
    copy = tell(claim, outlet=make_outlet("Copier"))
    then = mark()
    dispatch = tell(claim, outlet=make_outlet("Agency")).statement.revision.article
    article = copy.statement.revision.article
    Derivation.objects.create(
        uid=article.uid,
        article=article,
        kind=Derivation.Kind.COPY,
        upstream_outlet=dispatch.outlet,
        upstream_article=dispatch,
        revision=article.current_revision,
        method="test",
    )

    assert [outlet.name for outlet in as_of(claim, then).origins] == ["Copier"]
    assert [outlet.name for outlet in as_of(claim, mark()).origins] == ["Agency"]


def test_by_publication_an_original_without_a_date_still_explains_its_copy():
    claim = make_claim()
    published = datetime(2017, 7, 1, tzinfo=UTC)
    original = make_article(published_at=None, outlet=make_outlet("Agency"))
    article = make_article(claim.text, published_at=published)
    make_report(claim, article=article)
    Derivation.objects.create(
        uid=article.uid,
        article=article,
        kind=Derivation.Kind.COPY,
        upstream_outlet=original.outlet,
        upstream_article=original,
        revision=article.current_revision,
        method="test",
    )

    assert [outlet.name for outlet in as_of(claim, published, Clock.PUBLISHED).origins] == ["Agency"]


def test_the_denominator_is_of_that_moment_too():
    claim, shared = make_claim(), make_claim()
    article = make_article(f"{claim.text} {shared.text}")
    make_report(shared, article=article)
    tell(claim, article=article)
    before = mark()
    tell(shared)
    then = mark()
    tell(shared)

    def counts(at):
        story = load_stories([as_of(claim, at)])[claim.pk]
        return story.missing_count, story.article_count

    assert [counts(at) for at in (before, then, mark())] == [(0, 1), (1, 2), (2, 3)]


def test_the_past_by_publication_of_today_is_the_present():
    agency, claim = make_outlet("Agency"), make_claim()
    for options in (
        {"outlet": agency},
        {"credit": agency, "partial": True},
        {"relays": (agency,)},
        {"stance": "denies"},
    ):
        make_report(claim, **options)
    then, now = as_of(claim, mark(), Clock.PUBLISHED), load_reports([claim])[claim.pk]

    assert then.finding == now.finding
    assert [(r.attribution.pk, r.origins, r.evidence) for r in then.reports] == [
        (r.attribution.pk, r.origins, r.evidence) for r in now.reports
    ]
    captured = as_of(claim, mark())
    assert captured.finding == now.finding


# Page and API


def test_page_and_api_answer_as_of_a_moment(client):
    claim = make_claim()
    tell(claim)
    then = mark()
    tell(claim)
    address, api = claim.get_absolute_url(), f"/api/v1/claims/{claim.uid}/corroboration/"

    page = client.get(address, {"as_of": then.isoformat(), "by": "owner"})
    assert page.context["reports"].finding.level == "single"
    assert "what this site had captured by then" in page.content.decode()
    assert client.get(address).context["reports"].finding.level == "corroborated"
    answer = client.get(api, {"as_of": then.isoformat()}).json()
    assert (answer["level"], answer["clock"], len(answer["reports"])) == ("single", "captured", 1)
    assert datetime.fromisoformat(answer["as_of"]) == then
    answer = client.get(api, {"as_of": "2019-12-31", "clock": "published"}).json()
    assert (answer["level"], answer["clock"], answer["as_of"]) == (
        "unreported",
        "published",
        "2019-12-31T23:59:59.999999Z",
    )
    assert client.get(api).json()["clock"] is None


def test_what_was_is_not_decided_on(client):
    claim = make_claim()
    tell(claim)
    client.force_login(make_user(editor=True))

    then = client.get(claim.get_absolute_url(), {"as_of": mark().isoformat()}).content.decode()

    assert "/confirm/" in client.get(claim.get_absolute_url()).content.decode()
    assert "/confirm/" not in then


@pytest.mark.parametrize(
    ("asked", "parameter", "says"),
    [
        ({"as_of": "yesterday"}, "as_of", "2017-07-03T12:00Z"),
        ({"as_of": "2017-02-30"}, "as_of", "is no time"),
        ({"as_of": "2017-07-03T25:00Z"}, "as_of", "is no time"),
        ({"as_of": "9999-12-31T23:59-12:00"}, "as_of", "is no time"),
        ({"as_of": "2999-01-01T00:00Z"}, "as_of", "lies ahead"),
        ({"as_of": "2017-07-03", "clock": "said"}, "clock", "“captured” or “published”"),
        ({"clock": "captured"}, "clock", "needs a moment"),
    ],
)
def test_a_moment_that_cannot_be_meant_is_refused(client, asked, parameter, says):
    claim = make_claim()
    page = client.get(claim.get_absolute_url(), asked)
    assert page.status_code == 400
    assert says in page.content.decode()
    answer = client.get(f"/api/v1/claims/{claim.uid}/corroboration/", asked)
    assert answer.status_code == 400
    assert says in answer.json()["parameters"][parameter][0]
    with pytest.raises(MomentRefused, match=says):
        read_moment(asked.get("as_of", ""), asked.get("clock", ""))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2017-07-03T12:00Z", datetime(2017, 7, 3, 12, tzinfo=UTC)),
        ("2017-07-03T12:00", datetime(2017, 7, 3, 12, tzinfo=UTC)),
        ("2017-07-03T12:00+03:00", datetime(2017, 7, 3, 9, tzinfo=UTC)),
        ("2017-07-03T12:00 03:00", datetime(2017, 7, 3, 9, tzinfo=UTC)),
        ("2017-07-03", datetime(2017, 7, 3, 23, 59, 59, 999_999, UTC)),
    ],
)
def test_a_moment_is_utc_unless_it_says_otherwise(text, at):
    assert read_moment(text, "") == Moment(at, Clock.CAPTURED)


def test_the_past_takes_the_same_queries_however_many_reports_there_are(django_assert_max_num_queries):
    agency, claim = make_outlet("Agency"), make_claim()
    for _ in range(12):
        tell(claim, credit=agency, relays=(agency,))
    at = mark()
    assert Article.objects.count() == 12
    with django_assert_max_num_queries(24):
        assert len(as_of(claim, at).reports) == 12
