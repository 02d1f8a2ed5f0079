"""The denominator: which articles on the same story lack a claim, and whose they are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.corroboration import stories
from claims.corroboration.reports import load_reports
from claims.corroboration.stories import load_stories
from tests.factories import make_article, make_claim, make_outlet, make_report, revise

pytestmark = pytest.mark.django_db


def story_of(claim, **asked):
    return load_stories(load_reports([claim], **asked).values())[claim.pk]


def tell(*claims, outlet=None, status="proposed"):
    """Return an article that carries these claims."""
    article = make_article(" ".join(claim.text for claim in claims), outlet=outlet)
    for claim in claims:
        make_report(claim, article=article, status=status)
    return article


def gaps(story):
    return [(gap.outlet.name, gap.article_count, gap.reports_elsewhere) for gap in story.gaps]


def test_articles_that_share_another_claim_are_the_story():
    claim, shared = make_claim(), make_claim()
    tell(claim, shared)
    silent = tell(shared)
    tell(make_claim())

    story = story_of(claim)

    assert (story.article_count, story.missing_count, story.complete) == (2, 1, True)
    assert story.articles(10) == [silent]


def test_an_outlet_that_has_the_claim_elsewhere_is_told_apart_from_one_that_has_it_nowhere():
    claim, shared = make_claim(), make_claim()
    teller, silent = make_outlet("Teller"), make_outlet("Silent")
    tell(claim, shared, outlet=teller)
    tell(shared, outlet=teller)
    tell(shared, outlet=silent)
    tell(shared, outlet=silent)

    assert gaps(story_of(claim)) == [("Silent", 2, False), ("Teller", 1, True)]


def test_by_owner_a_sister_that_has_the_claim_is_another_of_the_same():
    claim, shared = make_claim(), make_claim()
    owner = make_outlet("Holding")
    tell(claim, shared, outlet=make_outlet("Morning", owner=owner))
    tell(shared, outlet=make_outlet("Evening", owner=owner))

    assert gaps(story_of(claim)) == [("Evening", 1, False)]
    assert gaps(story_of(claim, by_owner=True)) == [("Evening", 1, True)]


def test_a_denial_has_the_claim_too():
    claim, shared = make_claim(), make_claim()
    tell(claim, shared)
    denying = make_article(f"{claim.text} {shared.text}")
    make_report(shared, article=denying)
    make_report(claim, article=denying, stance="denies")

    assert story_of(claim).missing_count == 0


def test_what_was_rejected_withdrawn_or_revised_away_makes_no_story():
    claim, shared = make_claim(), make_claim()
    tell(claim, shared)
    make_report(shared, status="rejected")
    withdrawn = make_report(shared).statement
    withdrawn.withdrawn_at, withdrawn.withdrawn_reason = "2020-01-01T00:00Z", "a mistake"
    withdrawn.save()
    revise(tell(shared), "Something else now.")

    story = story_of(claim)

    assert (story.article_count, story.missing_count) == (1, 0)


def test_with_confirmed_reports_only_a_proposed_one_is_neither_found_nor_missing():
    claim, shared = make_claim(), make_claim()
    tell(claim, shared, status="confirmed")
    proposed = make_article(f"{claim.text} {shared.text}")
    make_report(shared, article=proposed, status="confirmed")
    make_report(claim, article=proposed)
    tell(shared, status="confirmed", outlet=make_outlet("Silent"))
    tell(shared)  # a proposed likeness makes no story here

    story = story_of(claim, confirmed_only=True)

    assert (story.article_count, story.missing_count, story.unconfirmed) == (3, 1, 1)
    assert gaps(story) == [("Silent", 1, False)]
    assert story_of(claim).article_count == 4


def test_a_huge_story_is_looked_at_within_bounds_and_says_so(monkeypatch):
    claim, shared = make_claim(), make_claim()
    tell(claim, shared)
    for _ in range(4):
        tell(shared)
    assert story_of(claim).complete

    monkeypatch.setattr(stories, "CARRIERS_MAX", 3)
    story = story_of(claim)
    assert not story.complete
    assert 2 <= story.missing_count <= 3

    monkeypatch.setattr(stories, "CARRIERS_MAX", 200)
    monkeypatch.setattr(stories, "ARTICLES_MAX", 2)
    assert (story_of(claim).missing_count, story_of(claim).complete) == (2, False)


@pytest.mark.parametrize("confirmed_only", [False, True])
def test_stories_of_many_claims_take_the_queries_of_one(confirmed_only):
    def cost(claims):
        loaded = load_reports(claims, confirmed_only=confirmed_only).values()
        with CaptureQueriesContext(connection) as captured:
            found = load_stories(loaded)
        assert all(story.missing_count == 1 for story in found.values())
        return len(captured)

    claims = []
    for _ in range(4):
        claim, shared = make_claim(), make_claim()
        tell(claim, shared, status="confirmed")
        tell(shared, status="confirmed")
        claims.append(claim)

    assert cost(claims[:1]) == cost(claims) == 3


def test_the_page_names_the_outlets_that_lack_the_claim(client):
    claim, shared = make_claim(), make_claim()
    teller = make_outlet("Teller")
    tell(claim, shared, outlet=teller)
    tell(shared, outlet=teller)
    tell(shared, outlet=make_outlet("Silent"))

    page = " ".join(client.get(claim.get_absolute_url()).content.decode().split())

    assert "Not found in 2 of 3 articles on the same story" in page
    assert "Silent</a>: 1 article without it, and none with it" in page
    assert "Teller</a>: 1 article without it; it has the claim in another article" in page


def test_the_api_and_the_export_name_them_too(client):
    from claims import exports

    claim, shared = make_claim(), make_claim()
    tell(claim, shared)
    tell(shared, outlet=make_outlet("Silent"))

    found = client.get(f"/api/v1/claims/{claim.uid}/corroboration/").json()["not_found_in"]
    assert (found["count"], found["of"], found["complete"], found["unconfirmed"]) == (1, 2, True, 0)
    [gap] = found["outlets"]
    assert (gap["outlet"]["name"], gap["count"], gap["reports_elsewhere"]) == ("Silent", 1, False)

    import json

    records = {record["id"]: record for record in map(json.loads, exports.claim_lines())}
    assert records[str(claim.uid)]["not_found_in"] == {
        "count": 1,
        "of": 2,
        "complete": True,
        "outlets": [{"outlet": "Silent", "count": 1, "reports_elsewhere": False}],
    }
