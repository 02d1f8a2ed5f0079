"""The list of claims: the page, what htmx swaps into it, and the same as files."""

import csv
import io
import re
import uuid
from datetime import UTC, date, datetime

import feedparser
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims import search
from claims.models import Corroboration
from claims.presentation.listing import timeline
from tests.factories import (
    make_article,
    make_claim,
    make_credit,
    make_outlet,
    make_report,
    make_speaker,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2020, 2, 1, tzinfo=UTC)


def text_of(response) -> str:
    """Return a page's words without its elements, spaces evened out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def listed(response) -> list[str]:
    return [row.claim.text for row in response.context["rows"]]


def links_of(response) -> dict[str, str]:
    """Return the addresses that a page links to, by their words."""
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', response.content.decode(), re.DOTALL)
    return {
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", words)).strip(): address.replace("&amp;", "&")
        for address, words in found
    }


# What it shows


def test_the_first_page_lists_claims(client):
    claim = make_claim("Rain will fall.", speaker=make_speaker("Ana Ruiz"), topics=(make_topic("Weather"),))
    make_report(claim, outlet=make_outlet("Gazette"))

    response = client.get("/")
    words = text_of(response)

    for shown in ("Rain will fall.", "Ana Ruiz", "1 outlet, 1 origin", "Reported by Gazette on", "Weather"):
        assert shown in words
    assert 'datetime="2020-01-01"' in response.content.decode()
    assert claim.get_absolute_url() in response.content.decode()


def test_the_list_takes_as_many_queries_for_a_hundred_claims_as_for_one(client, monkeypatch):
    monkeypatch.setattr("claims.views.listing.CLAIMS_PER_PAGE", 100)
    for _ in range(101):
        claim = make_claim("Rain will fall.", topics=(make_topic(),))
        make_report(claim, credit=make_outlet())
        make_report(claim)
    asked = "/claims/?q=rain&order=newest"
    hundred, hundred_listed = queries_of(client, asked), queries_of(client, "/claims/")
    assert len(client.get(asked).context["rows"]) == 100
    monkeypatch.setattr("claims.views.listing.CLAIMS_PER_PAGE", 1)

    assert queries_of(client, asked) == hundred <= 12
    assert queries_of(client, "/claims/") == hundred_listed <= 12


def test_every_filter_at_once_takes_no_more_than_twelve_queries(client, monkeypatch):
    # The longest way there is: more than can be ranked, and the walk along the order ends before the page is full.
    monkeypatch.setattr(search, "EXACT_MOST", 0)
    monkeypatch.setattr(search, "WALK_MOST", 1)
    ana, weather, gazette = make_speaker("Ana Ruiz"), make_topic("Weather"), make_outlet("Gazette")
    for _ in range(3):
        claim = make_claim("Rain will fall.", speaker=ana, topics=(weather, make_topic()))
        make_report(claim, outlet=gazette, credit=make_outlet())
        make_report(claim)
    asked = f"/claims/?q=rain&topic=weather&outlet=gazette&speaker={ana.uid}&language=en"

    assert queries_of(client, asked) <= 12
    assert queries_of(client, "/claims/?q=rain") <= 12


def test_a_claim_without_a_counted_report_is_not_listed(client):
    make_claim("Nobody reports this.")
    make_report(make_claim("Only rejected."), status="rejected")
    make_report(make_claim("Reported."))

    assert listed(client.get("/claims/")) == ["Reported."]


def test_found_words_are_marked_and_the_rest_is_escaped(client):
    make_report(make_claim("Rains <b>fell</b> & went."))

    page = client.get("/claims/?q=rain").content.decode()

    assert "<mark>Rains</mark> &lt;b&gt;fell&lt;/b&gt; &amp; went." in page


def test_the_days_of_a_claim_are_drawn_and_said():
    drawn = timeline([datetime(2020, 1, day, tzinfo=UTC).date() for day in (1, 2, 5)], reports=4)

    assert drawn is not None
    assert drawn.places == [5, 33, 115]
    assert drawn.label.startswith("4 reports, from 1 January 2020")
    assert timeline([datetime(2020, 1, 1, tzinfo=UTC).date()], reports=3) is None


def test_first_is_who_published_first_not_who_came_in_first(client):
    claim = make_claim("Rain will fall.")
    for name, day in (("Late", 9), ("Early", 2)):
        published = datetime(2020, 1, day, tzinfo=UTC)
        outlet = make_outlet(name)
        make_report(claim, article=make_article(f"He said {claim.text}", outlet=outlet, published_at=published))

    response = client.get("/claims/")

    assert "First reported by Early on" in text_of(response)
    assert 'aria-label="2 reports, from 2 January 2020 to 9 January 2020"' in response.content.decode()


def test_a_repeated_claim_names_what_it_could_trace_back_to(client):
    claim = make_claim("Rain will fall.")
    agency = make_outlet("Agency")
    make_report(claim, credit=agency)
    make_report(claim, credit=agency)

    words = text_of(client.get("/claims/"))

    assert "Repeated" in words
    assert "All of it could trace back to Agency." in words


# Filters, facets, orders


def test_levels_filter_and_are_counted(client):
    make_report(make_claim("Alone."))
    both = make_claim("By both.")
    make_report(both)
    make_report(both)

    everything = client.get("/claims/").context["levels"]
    response = client.get("/claims/?level=corroborated")

    assert {level.value: level.count.number for level in everything} == {
        "corroborated": 1,
        "repeated": 0,
        "single": 1,
    }
    assert listed(response) == ["By both."]
    assert [level.value for level in response.context["levels"] if level.chosen] == ["corroborated"]


def test_claims_are_found_by_word_speaker_topic_and_outlet(client):
    ana, gazette, weather = make_speaker("Ana Ruiz"), make_outlet("Gazette"), make_topic("Weather")
    make_report(make_claim("Rain will fall.", speaker=ana, topics=(weather,)), outlet=gazette)
    make_report(make_claim("Taxes will rise.", language="de"))

    for query in (
        *("q=rain", "q=Ana+Ruiz", f"speaker={ana.uid}", "outlet=gazette", "topic=weather", "language=en"),
        *("q=rain&speaker=", "published_from=2019-12-31&published_to=2020-01-01&topic=weather", "year=2020&q=rain"),
    ):
        assert listed(client.get(f"/claims/?{query}")) == ["Rain will fall."], query
    assert listed(client.get("/claims/?q=snow")) == []


def test_a_facet_leads_to_as_many_claims_as_it_counts_and_can_be_taken_away(client):
    topics = [make_topic("Topic 0"), make_topic("Topic 1")]
    for number in range(5):
        make_report(make_claim("Rain will fall.", topics=(topics[number % 2],)))
    start = client.get("/claims/?q=rain&order=newest")

    facet = next(facet for facet in start.context["facets"] if facet.kind == "topic")

    assert [(choice.name, choice.count.number) for choice in facet.choices] == [("Topic 0", 3), ("Topic 1", 2)]
    for choice in facet.choices:
        narrowed = client.get(choice.address)
        assert len(listed(narrowed)) == choice.count.number
        assert "topic" not in {facet.kind for facet in narrowed.context["facets"]}
        (picked,) = narrowed.context["picked"]
        assert (picked.name, picked.address) == (choice.name, "/claims/?q=rain&order=newest")


def test_what_links_have_chosen_is_handed_on_by_the_form(client):
    make_report(make_claim("Rain will fall.", topics=(make_topic("Weather"),)))

    page = client.get("/claims/?topic=weather&level=single").content.decode()

    assert '<input type="hidden" name="topic" value="weather">' in page
    assert '<input type="hidden" name="level" value="single">' in page


def test_disputed_claims_can_be_picked(client):
    make_report(make_claim("Agreed."))
    disputed = make_claim("Contested.")
    make_report(disputed)
    make_report(disputed, quote="It is not so.", stance="denies")

    response = client.get("/claims/?disputed=1")

    assert listed(response) == ["Contested."]
    assert "Disputed" in text_of(response)


def test_one_switch_counts_confirmed_reports_only(client):
    claim = make_claim("Half confirmed.")
    make_report(claim, status="confirmed")
    make_report(claim)
    make_report(make_claim("Proposed."))

    response = client.get("/claims/?confirmed=1")

    assert listed(response) == ["Half confirmed."]
    assert "1 outlet, 1 origin" in text_of(response)
    assert listed(client.get("/claims/?status=confirmed")) == ["Half confirmed."]
    assert "2 outlets, 2 origins" in text_of(client.get("/claims/?status=confirmed"))
    assert listed(client.get("/claims/?status=proposed")) == ["Proposed."]


def test_orders(client):
    old = make_claim("Old and shared.")
    for _ in range(2):
        make_report(old, article=make_article("He said Old and shared.", published_at=datetime(2019, 1, 1, tzinfo=UTC)))
    make_report(make_claim("New and alone."))
    make_report(make_claim("Without a date."), article=make_article("He said Without a date.", published_at=None))

    assert listed(client.get("/claims/"))[0] == "Old and shared."
    newest = ["New and alone.", "Old and shared.", "Without a date."]
    assert listed(client.get("/claims/?order=newest")) == newest


def test_a_search_that_cannot_be_ranked_says_how_it_is_ordered(client, monkeypatch):
    monkeypatch.setattr(search, "EXACT_MOST", 1)
    make_report(make_claim("Rain will fall."))
    make_report(make_claim("Rain has fallen."))

    words = text_of(client.get("/claims/?q=rain"))

    assert "More than 1 claims match. That is more than can be ranked: those with the most origins come first." in words


# Pages


def test_pages_are_walked_in_both_directions_without_overlap(client):
    for _ in range(45):
        make_report(make_claim())
    first = client.get("/claims/?order=newest")
    second = client.get(links_of(first)["Next →"].replace("?", "/claims/?", 1))
    third = client.get(links_of(second)["Next →"].replace("?", "/claims/?", 1))

    pages = [listed(response) for response in (first, second, third)]

    assert [len(page) for page in pages] == [20, 20, 5]
    assert len({text for page in pages for text in page}) == 45
    assert "Next →" not in links_of(third)
    assert listed(client.get(links_of(third)["← Previous"].replace("?", "/claims/?", 1))) == pages[1]
    assert links_of(third)["First page"] == "/claims/?order=newest"


def test_a_changed_or_foreign_place_is_refused_in_words(client):
    for _ in range(21):
        make_report(make_claim())
    following = links_of(client.get("/claims/?order=newest"))["Next →"].replace("?", "/claims/?", 1)

    for address in (following + "x", following.replace("order=newest", "order=origins"), "/claims/?place=17"):
        response = client.get(address)
        assert response.status_code == 400, address
        assert "This link into the list was changed or belongs to another list." in text_of(response)


def test_a_place_behind_which_nothing_is_left_leads_back(client):
    claims = [make_claim() for _ in range(21)]
    for claim in claims:
        make_report(claim)
    following = links_of(client.get("/claims/?order=newest"))["Next →"].replace("?", "/claims/?", 1)
    last = client.get(following).context["rows"][0].claim
    last.listings.all().delete()

    response = client.get(following)

    assert response.status_code == 200
    assert "The list ends here" in text_of(response)
    assert "← Previous" in links_of(response)


# What is wrong, and what is empty


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("level=certain", "There is no level “certain”"),
        ("topic=nope", "There is no topic of this name or id: “nope”"),
        ("speaker=17", "There is no speaker of this name or id: “17”"),
        (f"speaker={uuid.UUID(int=1)}", "There is no speaker"),
        ("outlet=nope", "There is no outlet"),
        ("outlet=a%00b", "There is no outlet"),
        ("order=random", "There is no order “random”"),
        ("confirmed=maybe", "This switch is 1 (on) or 0 (off), not “maybe”"),
        ("status=sure", "A claim is “proposed” or “confirmed”, not “sure”"),
        ("language=!", "A language is given by its tag"),
        ("year=soon", "Give a year as in 2020"),
        ("year=0", "greater than or equal to 1"),
        ("published_from=2020-02-31", "Give a day as in 2020-12-31, not “2020-02-31”"),
        ("said_from=2020-02-02&said_to=2020-01-01", "These days end before they begin"),
        ("q=a%00b", "Null characters are not allowed"),
        ("q=" + "x" * 3_000, "at most 300 characters (it has 3000)"),
        ("q=" + "+".join("abcdefghijklmnopqrstuvwxyz"), "Search for at most 24 words at once; these are 26"),
    ],
)
def test_an_unknown_filter_value_is_named(client, query, message):
    for headers in ({}, {"HX-Request": "true"}):
        response = client.get(f"/claims/?{query}", headers=headers)
        assert response.status_code == 400
        assert message in text_of(response)
    for address in ("/claims.csv", "/claims.atom"):
        response = client.get(f"{address}?{query}")
        assert response.status_code == 400
        assert message in text_of(response)


@pytest.mark.parametrize(
    "typed",
    ["%", "_", "'", '"', '"rain', "\x01\x02", "🙂", "会", "rain 🙂 %", "a' or '1", "((", "-rain", "\\", "rain:*"],
)
def test_whatever_is_typed_is_answered(client, typed):
    make_report(make_claim("Rain will fall."))

    for address in ("/claims/", "/claims.csv", "/claims.atom"):
        assert client.get(address, {"q": typed}).status_code == 200


def test_an_empty_result_says_what_to_do_next(client):
    assert "Nothing has been imported yet" in text_of(client.get("/claims/"))
    assert "Try fewer or other words" in text_of(client.get("/claims/?q=snow"))
    assert "There is no word to search for" in text_of(client.get("/claims/?q=%25"))
    assert "Count proposed reports too" in text_of(client.get("/claims/?confirmed=1"))


def test_a_misspelt_word_is_mended_and_can_be_had_as_typed(client):
    make_report(make_claim("The minister spoke."))

    response = client.get("/claims/?q=minster")

    assert listed(response) == ["The minister spoke."]
    assert "No claim has “minster”: searched for minister instead." in text_of(response)
    literally = client.get(links_of(response)["Search for “minster” all the same"])
    assert listed(literally) == []


def test_what_was_typed_is_shown_not_run(client):
    page = client.get("/claims/", {"q": '"><script>alert(1)</script>'}).content.decode()

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


# What htmx asks for


def test_htmx_gets_the_part_that_changes_and_the_address_without_empty_fields(client):
    make_report(make_claim("Rain will fall."))

    response = client.get("/claims/?q=rain&order=&published_from=&said_to=", headers={"HX-Request": "true"})
    page = response.content.decode()

    assert "<html" not in page
    assert "<mark>Rain</mark> will fall." in page
    assert response["HX-Push-Url"] == "/claims/?q=rain"
    assert "HX-Request" in response["Vary"]
    back = client.get("/claims/?q=rain", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in back.content.decode()


# The same as files


def test_the_same_query_is_one_click_away_in_other_forms(client):
    make_report(make_claim("Rain will fall."))
    make_report(make_claim("Snow will fall."))

    links = links_of(client.get("/claims/?q=rain&order=newest"))

    for name in ("CSV", "Atom"):
        assert links[name].endswith("?q=rain&order=newest"), name
    answer = client.get(links["JSON"]).json()
    assert [row["text"] for row in answer["results"]] == ["Rain will fall."]
    assert "Rain will fall." in client.get(links["CSV"]).getvalue().decode()
    assert "Snow" not in client.get(links["CSV"]).getvalue().decode()
    assert "Rain will fall." in client.get(links["Atom"]).content.decode()


def test_every_filter_is_handed_on_to_the_api(client):
    ana, gazette, weather = make_speaker("Ana Ruiz"), make_outlet("Gazette"), make_topic("Weather")
    claim = make_claim("Rain will fall.", speaker=ana, topics=(weather,), said_on=date(2020, 1, 1))
    make_report(claim, outlet=gazette, status="confirmed")
    make_report(make_claim("Taxes will rise.", language="de", said_on=date(2019, 1, 1)))

    for query in (
        *("q=rain", f"speaker={ana.uid}", "outlet=gazette", "topic=weather", "language=en", "confirmed=1"),
        *("status=confirmed", "said_from=2020-01-01&said_to=2020-01-01", "q=rain&order=origins&year=2020"),
        "published_from=2020-01-01&published_to=2020-01-01&q=rain&level=single",
    ):
        response = client.get(f"/claims/?{query}")
        answer = client.get(links_of(response)["JSON"])
        assert answer.status_code == 200, query
        assert [row["text"] for row in answer.json()["results"]] == listed(response) == ["Rain will fall."], query


def test_every_claim_is_in_the_table_once(client, monkeypatch):
    monkeypatch.setattr("claims.views.feeds.CLAIMS_AT_A_TIME", 3)
    weather, outlet, agency = make_topic("Weather"), make_outlet("=1+1"), make_outlet("Agency")
    for number in range(10):
        claim = make_claim(f"Claim, “number” {number}.", topics=(weather,))
        make_report(claim, outlet=outlet, credit=agency)

    response = client.get("/claims.csv?topic=weather")
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode())))

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert sorted(row["text"] for row in rows) == [f"Claim, “number” {number}." for number in range(10)]
    assert rows[0]["outlets"] == "'=1+1"
    assert rows[0]["origins"] == "Agency"
    assert rows[0]["first_published_at"].startswith("2020-01-01T")
    assert rows[0]["url"].startswith("http://testserver/claims/")


def test_the_feed_has_the_newest_first_and_no_more_than_fifty(client):
    ana = make_speaker("Ana <Ruiz>")
    for number in range(52):
        published = datetime(2020, 1, 1, 0, number, tzinfo=UTC)
        claim = make_claim(f"Claim {number}.", speaker=ana)
        make_report(claim, article=make_article(f"He said {claim.text}", published_at=published))

    response = client.get("/claims.atom?order=origins")
    feed = feedparser.parse(response.content)

    assert response["Content-Type"].startswith("application/atom+xml")
    assert [entry.title for entry in feed.entries] == [f"Ana <Ruiz>: Claim {n}." for n in range(51, 1, -1)]
    assert feed.entries[0].link.startswith("http://testserver/claims/")
    assert "single: 1 outlet, 1 origin" in feed.entries[0].summary
    assert feed.entries[0].id.startswith("urn:uuid:")


@pytest.mark.parametrize(("is_exact", "origins"), [(True, "2 origins"), (False, "at most 2 origins")])
def test_the_feed_and_the_matrix_count_origins_as_the_list_does(client, is_exact, origins):
    claim = make_claim("Rain will fall.", topics=(make_topic("Weather"),))
    outlets = [make_outlet(name) for name in ("Agency", "Gazette", "Review")]
    # Each may have it from the next, so that none could explain all, and any two could.
    for outlet, other in zip(outlets, [*outlets[1:], outlets[0]], strict=True):
        article = make_article("He said: Rain will fall.", outlet=outlet)
        make_credit(article, other, partial=True)
        make_credit(article, make_outlet(), partial=True, status="unsure", decided_by=make_user(), decided_at=NOW)
        make_report(claim, article=article, status="confirmed")
    make_report(claim, stance="denies")
    if not is_exact:
        Corroboration.objects.update(exact=False, origin_lower_bound=1)

    for query in ("", "?confirmed=1"):
        [row] = client.get(f"/claims/{query}").context["rows"]
        [entry] = feedparser.parse(client.get(f"/claims.atom{query}").content).entries
        assert row.figures == f"3 outlets, {origins}"
        assert row.figures in text_of(client.get(f"/claims/{query}"))
        assert entry.summary.endswith(f": {row.figures}")
        assert (", disputed:" in entry.summary) is row.summary.disputed is (query == "")
        assert entry.link == f"http://testserver{row.address}"
    assert origins in text_of(client.get("/topics/weather/"))
    [line] = csv.DictReader(io.StringIO(client.get("/topics/weather/matrix.csv").getvalue().decode()))
    assert line["Origins"] == ("2" if is_exact else "≤ 2")


def test_an_editor_sees_the_list_in_as_few_queries(client):
    make_report(make_claim("Rain will fall.", topics=(make_topic(),)))
    client.force_login(make_user("Ed", editor=True))

    assert queries_of(client, "/claims/?q=rain") <= 14
