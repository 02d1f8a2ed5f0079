"""Contradictions and denials as proposed from stored reports, shown, and decided on."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.matching.terms import terms
from claims.models import Attribution, ClaimLink
from claims.services import decisions, merging
from claims.services.candidates import index_statements
from claims.services.comparing import compare_next_revision
from claims.services.contradictions import propose_contradictions
from claims.services.summaries import refresh_corroboration
from tests.factories import make_article, make_claim, make_outlet, make_report, make_speaker, make_statement, make_user

pytestmark = pytest.mark.django_db
PUBLISHED = datetime(2020, 6, 1, 12, tzinfo=UTC)


def reported(claim, quote, *, days=0, article=None):
    """Return a report that matching can find by its words."""
    article = article or make_article(f"It is said: {quote}", published_at=PUBLISHED + timedelta(days))
    attribution = make_report(claim, quote=quote, article=article)
    index(attribution.statement)
    return attribution


def index(statement):
    statement.terms = terms(statement.quote)
    statement.save()
    article = statement.revision.article
    index_statements([statement], article.published_at.date(), article.language)


def publish(statement):
    statement.revision.article.published_at = PUBLISHED
    statement.revision.article.save()
    index(statement)


@pytest.fixture
def speaker():
    return make_speaker("Ana Ruiz", kind="person")


@pytest.fixture
def pair(speaker):
    """Two claims of one speaker that differ in a number."""
    claims = [make_claim(f"We will withdraw {n} battalions from the border.", speaker=speaker) for n in (12, 14)]
    for claim in claims:
        reported(claim, claim.text)
    return claims


def links():
    return list(ClaimLink.objects.filter(kind="contradicts"))


def test_claims_that_cannot_both_hold_are_linked_once(pair):
    assert propose_contradictions([pair[1].pk]) == 1
    assert propose_contradictions([claim.pk for claim in pair]) == 0

    (link,) = links()
    assert (link.claim, link.other, link.status) == (pair[0], pair[1], "proposed")
    assert "“12” against “14”" in link.reason
    assert link.sub_scores["in_common"] == pytest.approx(1)


def test_other_speakers_later_days_and_one_article_make_no_contradiction(speaker):
    ours = make_claim("We will withdraw 12 battalions from the border.", speaker=speaker)
    theirs = make_claim("We will withdraw 14 battalions from the border.")
    later = make_claim("We will withdraw 16 battalions from the border.", speaker=speaker)
    article = make_article(
        f"{ours.text} {theirs.text} We will withdraw 18 battalions from the border.", published_at=PUBLISHED
    )
    same = make_claim("We will withdraw 18 battalions from the border.", speaker=speaker)
    reported(ours, ours.text, article=article)
    reported(theirs, theirs.text)
    reported(later, later.text, days=9)
    reported(same, same.text, article=article)

    assert propose_contradictions([ours.pk, theirs.pk, later.pk, same.pk]) == 0
    assert links() == []


def test_what_an_editor_rejected_stays_rejected(pair):
    propose_contradictions([pair[0].pk])
    merging.decide_link(*pair, status="rejected", by=make_user(editor=True), kind="contradicts")

    assert propose_contradictions([claim.pk for claim in pair]) == 0
    assert [link.status for link in links()] == ["rejected"]


def test_a_proposal_that_no_longer_follows_goes(pair):
    propose_contradictions([pair[0].pk])
    report = pair[0].attributions.get()
    report.status, report.decided_by, report.decided_at = "rejected", make_user(), PUBLISHED
    report.save()

    propose_contradictions([pair[0].pk])

    assert links() == []


def test_a_decision_has_its_claim_compared_again(pair):
    propose_contradictions([pair[0].pk])
    decisions.reject_attribution(pair[0].attributions.get(), by=make_user(editor=True))
    assert [link.status for link in links()] == ["proposed"]

    while compare_next_revision():
        pass
    assert links() == []

    decisions.undo_decision(pair[0].attributions.get(), by=make_user(editor=True))
    while compare_next_revision():
        pass
    assert [(link.claim, link.other) for link in links()] == [tuple(pair)]


def test_words_that_somebody_did_not_say_deny_the_claim_whichever_came_first(speaker):
    claim = make_claim("The reservoir wall is safe for years.", speaker=speaker)
    before = make_statement("the reservoir wall is safe for years", speaker=speaker, negated=True)
    reported(claim, claim.text)
    publish(before)

    assert propose_contradictions([claim.pk]) == 1
    denial = Attribution.objects.get(statement=before)
    assert (denial.claim, denial.stance, denial.status) == (claim, "denies", "proposed")

    after = make_statement("the reservoir’s wall is safe for years", speaker=speaker, negated=True)
    publish(after)
    assert propose_contradictions([], revision_id=after.revision_id) == 1
    assert Attribution.objects.get(statement=after).stance == "denies"
    assert claim.corroborations.get(basis="counted").disputed


def test_words_are_denied_only_of_the_speaker_and_the_proposition(speaker):
    claim = make_claim("The reservoir wall is safe for years.", speaker=speaker)
    reported(claim, claim.text)
    others = make_statement("the reservoir wall is safe for years", negated=True)
    another = make_statement("the reservoir wall was inspected last autumn", speaker=speaker, negated=True)
    for statement in (others, another):
        publish(statement)
        propose_contradictions([claim.pk], revision_id=statement.revision_id)

    assert not Attribution.objects.filter(stance="denies").exists()


def test_claims_found_already_are_not_sought_again(pair):
    statement = pair[1].attributions.get().statement
    assert propose_contradictions([pair[1].pk], near={statement.pk: [pair[0].pk]}) == 1


def test_the_number_of_queries_does_not_depend_on_that_of_claims(pair, speaker, django_assert_num_queries):

    with CaptureQueriesContext(
        connection,
    ) as few:
        propose_contradictions([pair[0].pk])
    ClaimLink.objects.all().delete()
    more = [
        make_claim(f"We will move {n} brigades to the northern coast of town{n}.", speaker=speaker) for n in range(12)
    ]
    for claim in more:
        reported(claim, claim.text)
    with CaptureQueriesContext(connection) as many:
        propose_contradictions([pair[0].pk, *(claim.pk for claim in more)])

    assert len(many) <= len(few) + 1


# Shown and decided


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_both_claims_show_the_contradiction_and_its_reason(client, pair):
    propose_contradictions([pair[0].pk])

    for claim, other in (pair, pair[::-1]):
        page = client.get(claim.get_absolute_url())
        assert "What cannot hold beside it" in text_of(page)
        assert other.get_absolute_url() in page.content.decode()
        assert "“12” against “14”" in text_of(page)
        answer = client.get(reverse("api:claim-corroboration", args=[claim.uid])).json()
        (found,) = answer["contradictions"]
        assert (found["claim"]["uid"], found["status"]) == (str(other.uid), "proposed")
        assert "“12” against “14”" in found["reason"]


def test_an_editor_decides_on_a_contradiction_and_undoes_it(client, pair):
    propose_contradictions([pair[0].pk])
    editor = make_user(editor=True)
    client.force_login(editor)
    page = client.get(pair[1].get_absolute_url()).content.decode()
    assert "No contradiction" in page

    client.post(
        reverse("claim_link", args=[pair[1].uid]),
        {"other": str(pair[0].uid), "kind": "contradicts", "status": "confirmed"},
    )
    (link,) = links()
    assert (link.status, link.decided_by) == ("confirmed", editor)
    assert "contradicts, confirmed" in text_of(client.get(pair[0].get_absolute_url()))

    client.post(
        reverse("link_undo", args=[link.uid]), {"decided_at": link.decided_at.isoformat(), "at": str(pair[0].uid)}
    )
    assert [link.status for link in links()] == ["proposed"]


def test_alarms_and_differences_are_shown_with_their_words(client):
    claim = make_claim("We will not withdraw 12 battalions from the border unless the rain stops.")
    make_report(claim, outlet=make_outlet("Gazette"))
    make_report(claim, outlet=make_outlet("Herald"), quote="We will withdraw 14 battalions from the border")
    refresh_corroboration([claim.pk])

    page = text_of(client.get(claim.get_absolute_url()))
    assert "Missing words change the sense" in page
    assert "says the opposite of the fullest wording" in page
    assert "unless the rain stops" in page
    assert "truncated inside and at the end" in page
    assert "⚑ numbers differ" in page
    (_, report) = client.get(reverse("api:claim-corroboration", args=[claim.uid])).json()["reports"]
    assert {alarm["kind"] for alarm in report["wording"]["alarms"]} == {"negation", "condition"}
    assert {"kind": "numbers", "missing": ["12"], "added": ["14"]} in report["wording"]["differences"]
    assert report["wording"]["truncated"] == ["inside", "end"]
