"""The page that compares articles: what all report, what some leave out, what only one has, and in what words."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.presentation.comparison import CLAIMS_PER_PAGE, MOST_ARTICLES, Comparison
from tests.factories import make_article, make_claim, make_credit, make_outlet, make_report, make_speaker, make_user

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


def text_of(response) -> str:
    """Return a page's words without its elements, spaces evened out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def make_event(outlets: dict[str, list[str]], *, quotes: dict[tuple[str, str], str] | None = None):
    """Return articles by outlet, each of which carries the claims named; some in words of its own (`quotes`)."""
    speaker = make_speaker()
    claims = {text: make_claim(text, speaker=speaker) for texts in outlets.values() for text in texts}
    articles = {}
    for name, texts in outlets.items():
        printed = [(quotes or {}).get((name, text), text) for text in texts]
        articles[name] = make_article(
            "\n\n".join(f"Ms Ruiz said: {quote}" for quote in printed), outlet=make_outlet(name), title=f"By {name}"
        )
        for text, quote in zip(texts, printed, strict=True):
            make_report(claims[text], article=articles[name], quote=quote)
    return articles


def address_of(articles, **asked) -> str:
    pairs = [f"article={article.uid}" for article in articles]
    return "/compare/?" + "&".join([*pairs, *(f"{name}={value}" for name, value in asked.items())])


DAM, ROAD, SNOW, TAX = "The dam will hold.", "The road is open.", "Snow is coming.", "Taxes will rise in May."


@pytest.fixture
def event():
    return make_event({"Gazette": [DAM, ROAD, SNOW], "Review": [DAM, ROAD], "Herald": [TAX, DAM]})


def told(comparison: Comparison) -> dict[str, list[str]]:
    """Return the claims of each section by its heading's id."""
    return {section.anchor: [c.claim.text for c in section.claims] for section in comparison.sections}


def test_claims_are_parted_by_how_many_articles_have_them(client, event):
    response = client.get(address_of(event.values()))
    comparison = response.context["comparison"]
    words = text_of(response)

    assert told(comparison) == {"in-3": [DAM], "in-2": [ROAD], "only-1": [SNOW], "only-3": [TAX]}
    assert "Reported by all 3&nbsp;articles 1 claim" in words
    assert "Reported by 2 of 3&nbsp;articles 1 claim" in words
    assert "Reported only by Gazette 1" in words
    assert "Reported only by Herald 1" in words
    assert "Reported only by Review" not in words
    assert (comparison.in_all, comparison.in_some, comparison.in_one) == (1, 1, 2)


def test_what_each_leaves_out_is_counted_and_named(client, event):
    comparison = client.get(address_of(event.values())).context["comparison"]

    assert {c.label: (c.has, c.lacks, c.alone) for c in comparison.columns} == {
        "Gazette": (2, 0, 1),
        "Review": (2, 0, 0),
        "Herald": (1, 1, 1),
    }
    (road,) = next(section.claims for section in comparison.sections if section.anchor == "in-2")
    assert [column.label for column in road.lacking] == ["Herald"]
    words = text_of(client.get(address_of(event.values())))
    assert "Not found in: Herald" in words
    assert "Not found in: Gazette, Review" in words


def test_the_overview_tells_how_each_article_has_each_shared_claim(client, event):
    response = client.get(address_of(event.values()))
    rows = response.context["comparison"].overview

    assert [row.claim.text for row in rows] == [DAM, ROAD]
    assert [bool(cell.fact) for cell in rows[1].cells] == [True, True, False]
    table = re.search(r'<table class="table glance">.*?</table>', response.content.decode(), re.DOTALL)[0]
    assert table.count("not found") == 1 + 1  # a cell, and the row that counts them
    # A claim of the overview leads to its wordings on the page.
    for row in rows:
        assert f'href="#c-{row.claim.uid}"' in table
        assert f'id="c-{row.claim.uid}"' in response.content.decode()


def test_two_articles_are_compared_word_by_word_with_the_fuller_one(client):
    full = "We shall withdraw 12 battalions from the border by May."
    short = "We shall withdraw 14 battalions from the border."
    articles = make_event({"Gazette": [full], "Review": [full]}, quotes={("Review", full): short})

    response = client.get(address_of(articles.values()))
    page = response.content.decode()

    assert "What both report, and what only one does" in page
    assert "Reported by both" in text_of(response)
    assert re.search(r'<ins><span class="unseen">\[[^\]]*: </span>14', page)
    assert re.search(r'<del><span class="unseen">\[[^\]]*: </span>12', page)
    (compared,) = response.context["comparison"].sections[0].claims
    assert [(row.column.label, row.fullest) for row in compared.worded] == [("Gazette", True), ("Review", False)]
    statement = compared.worded[1].attribution.statement
    assert f'href="{articles["Review"].get_absolute_url()}?statement={statement.uid}#s-{statement.uid}"' in page


def test_a_denial_is_shown_as_one(client, event):
    snow = event["Gazette"].current_revision.statements.get(quote=SNOW).attributions.get().claim
    denying = make_article("Ms Ruiz denied it: no snow is coming.", outlet=make_outlet("Denier"))
    make_report(snow, article=denying, quote="no snow is coming", stance="denies")

    response = client.get(address_of([event["Gazette"], denying]))

    (compared,) = next(s.claims for s in response.context["comparison"].sections if s.count == 2)
    assert compared.denied
    assert [row.attribution.stance for row in compared.worded] == ["affirms", "denies"]
    assert "✕ denies it" in text_of(response)


def test_rejected_reports_and_earlier_texts_are_not_counted(client, event):
    event["Review"].current_revision.statements.get(quote=ROAD).attributions.update(
        status="rejected", decided_by=make_user(), decided_at="2020-01-01T00:00Z"
    )

    comparison = client.get(address_of(event.values())).context["comparison"]

    assert told(comparison) == {"in-3": [DAM], "only-1": [ROAD, SNOW], "only-3": [TAX]}


def test_each_article_says_when_it_came_and_from_where(client, event):
    make_credit(event["Review"], make_outlet("Agency"), start=0, end=7)
    response = client.get(address_of(event.values()))
    page = response.content.decode()

    assert text_of(response).count("Published 1 January 2020") == 3
    assert re.search(r'Credit line:</strong> from <a href="/outlets/agency/">', page)
    assert f'href="{event["Review"].get_absolute_url()}?revision=1#e-0-7"' in page
    assert "Compare without Review" in text_of(response)


def test_articles_of_one_outlet_are_told_apart_by_their_titles(client):
    outlet = make_outlet("Gazette")
    one = make_article("A.", outlet=outlet, title="Morning")
    other = make_article("B.", outlet=outlet, title="Evening")

    comparison = client.get(address_of([one, other])).context["comparison"]

    assert [column.label for column in comparison.columns] == ["Gazette: Morning", "Gazette: Evening"]


def test_articles_without_claims_say_so(client):
    words = text_of(client.get(address_of([make_article(), make_article()])))

    assert "Nothing to compare yet" in words


# Choosing


def test_one_article_offers_those_on_its_story_first(client, event):
    make_article("Elsewhere.", title="Another matter")
    response = client.get(address_of([event["Gazette"]]))

    assert [(row.article.title, row.shared) for row in response.context["offered"]] == [
        ("By Review", 2),
        ("By Herald", 1),
    ]
    assert address_of([event["Gazette"], event["Review"]]).replace("&", "&amp;") in response.content.decode()


def test_any_article_is_found_by_words_to_be_added(client, event):
    other = make_article("Elsewhere.", title="Another matter")
    response = client.get(address_of([event["Gazette"]], q="another"))

    assert [row.article for row in response.context["offered"]] == [other]
    empty = client.get("/compare/")
    assert empty.status_code == 200
    assert "Search for an article" in text_of(empty)


def test_an_article_named_twice_is_compared_once(client, event):
    comparison = client.get(address_of([event["Gazette"], event["Review"], event["Gazette"]])).context["comparison"]

    assert [column.label for column in comparison.columns] == ["Gazette", "Review"]


@pytest.mark.parametrize(
    ("asked", "status", "message"),
    [
        ("article=17", 400, "“17” is not the id of an article."),
        ("article=%00", 400, "is not the id of an article."),
        (f"article={uuid.UUID(int=1)}&article={uuid.UUID(int=2)}", 404, ""),
        ("&".join(f"article={uuid.UUID(int=n)}" for n in range(MOST_ARTICLES + 1)), 400, "At most 6 articles"),
    ],
)
def test_what_cannot_be_compared_is_named(client, asked, status, message):
    response = client.get(f"/compare/?{asked}")

    assert response.status_code == status
    assert message in text_of(response)


# Many claims


def test_a_comparison_takes_as_many_queries_for_a_hundred_claims_as_for_one(client):
    def queries(articles):
        with CaptureQueriesContext(connection) as found:
            assert client.get(address_of(articles)).status_code == 200
        return len(found)

    few = list(make_event({"A": ["One is so."], "B": ["One is so."]}).values())
    texts = [f"Thing number {n} is so." for n in range(100)]
    many = list(make_event({"C": texts, "D": texts[:60], "E": texts[:30], "F": texts[:10]}).values())

    assert queries(many) == queries(few) <= MOST_QUERIES


def test_pages_hold_all_claims_once(client):
    texts = [f"Thing number {n} is so." for n in range(CLAIMS_PER_PAGE + 10)]
    articles = make_event({"A": texts, "B": texts[:5]}).values()
    pages = [client.get(address_of(articles, page=n)).context["comparison"] for n in (1, 2)]

    found = [text for page in pages for texts in told(page).values() for text in texts]
    assert sorted(found) == sorted(texts)
    assert [section.total for section in pages[1].sections] == [CLAIMS_PER_PAGE + 5]
    for asked in (0, 99, "x", "9" * 30):
        assert client.get(address_of(articles, page=asked)).status_code == 200
