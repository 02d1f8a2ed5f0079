"""The topics, and of each the matrix of its claims and the outlets that have them."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest

from claims import querysets_coreporting
from claims.presentation import matrix
from claims.services.coverage import compare_wordings
from claims.services.merging import merge_claims
from claims.services.summaries import refresh_outdated
from claims.views import topics
from sources.identity import uid_for
from sources.models import Derivation
from tests.claims.pages import queries_of, report_all, text_of
from tests.factories import make_article, make_claim, make_outlet, make_report, make_speaker, make_topic, make_user

pytestmark = pytest.mark.django_db


def cells(response) -> dict[str, dict[str, list[str]]]:
    """Return what the cells of a matrix say, by claim and outlet; empty ones are left out."""
    names = [column.outlet.name for column in response.context["across"]]
    return {
        row.claim.text: {name: cell.words for name, cell in zip(names, row.cells, strict=True) if cell}
        for row in response.context["rows"]
    }


def claims_of(response) -> list[str]:
    return [row.claim.text for row in response.context["rows"]]


def test_topics_are_listed_with_their_reported_claims(client):
    weather = make_topic("Weather")
    make_topic("Trade")
    make_report(make_claim(topics=(weather,)))
    make_claim(topics=(weather,))

    response = client.get("/topics/")

    assert [(topic.name, count) for topic, count in response.context["rows"]] == [("Trade", 0), ("Weather", 1)]
    assert 'href="/topics/weather/"' in response.content.decode()
    assert [topic.name for topic in client.get("/topics/?q=weat").context["page"]] == ["Weather"]
    assert "No topic found" in text_of(client.get("/topics/?q=none"))


def test_a_cell_says_how_an_outlet_words_the_claim_and_where_it_has_it_from(client):
    quote = "The harbour will be closed to ships for two weeks in March."
    claim = make_claim(quote, topics=(make_topic("Trade"),))
    agency = make_outlet("Agency")
    original = make_report(claim, outlet=agency)
    make_report(claim, outlet=make_outlet("Cut"), quote="The harbour will be closed to ships")
    make_report(claim, outlet=make_outlet("Credited"), credit=agency)
    make_report(claim, outlet=make_outlet("Relayed"), relays=(agency,))
    copied = make_report(claim, outlet=make_outlet("Copied"))
    article = copied.statement.revision.article
    Derivation.objects.create(
        uid=uid_for("derivation", str(article.uid)),
        article=article,
        kind=Derivation.Kind.COPY,
        upstream_outlet=agency,
        upstream_article=original.statement.revision.article,
        revision=article.current_revision,
        score=0.9,
        method="test",
    )
    make_report(claim, outlet=make_outlet("Denies"), stance="denies")
    refresh_outdated()

    assert cells(client.get("/topics/trade/"))[quote]["Agency"] == ["affirms"]
    compare_wordings()
    response = client.get("/topics/trade/")
    assert cells(response) == {
        quote: {
            "Agency": ["fullest"],
            "Cut": ["truncated"],
            "Credited": ["verbatim", "credited"],
            "Relayed": ["verbatim", "relayed"],
            "Copied": ["verbatim", "copied"],
            "Denies": ["denies"],
        }
    }
    assert f'href="{claim.get_absolute_url()}#r-{original.uid}"' in response.content.decode()
    assert f'id="r-{original.uid}"' in client.get(claim.get_absolute_url()).content.decode()


def test_an_outlet_that_affirms_and_denies_says_both(client):
    claim = make_claim(topics=(make_topic("Trade"),))
    gazette = make_outlet("Gazette")
    make_report(claim, outlet=gazette)
    make_report(claim, outlet=gazette, stance="denies")
    compare_wordings()

    assert cells(client.get("/topics/trade/"))[claim.text]["Gazette"] == ["fullest", "denies"]


def test_claims_and_outlets_are_ordered_by_links(client):
    trade = make_topic("Trade")
    many = make_claim("Many.", topics=(trade,))
    zeta, agency = make_outlet("Zeta"), make_outlet("Agency")
    for outlet in (zeta, agency, make_outlet("Middle")):
        article = make_article("X said: Many.", outlet=outlet, published_at=datetime(2020, 1, 1, tzinfo=UTC))
        make_report(many, article=article)
    new = make_claim("New.", topics=(trade,))
    article = make_article("X said: New.", outlet=zeta, published_at=datetime(2020, 2, 1, tzinfo=UTC))
    make_report(new, article=article)
    repeated = make_claim("Repeated.", topics=(trade,))
    for outlet in (make_outlet("One"), make_outlet("Two"), zeta, make_outlet("Four")):
        article = make_article("X said: Repeated.", outlet=outlet, published_at=datetime(2019, 1, 1, tzinfo=UTC))
        make_report(repeated, article=article, credit=agency)

    orders = {order: claims_of(client.get(f"/topics/trade/?order={order}")) for order, _ in topics.MatrixOrder.ORDERS}
    assert orders == {
        "origins": ["Many.", "Repeated.", "New."],
        "outlets": ["Repeated.", "Many.", "New."],
        "newest": ["New.", "Many.", "Repeated."],
        "oldest": ["Repeated.", "Many.", "New."],
    }

    def outlets(query):
        return [column.outlet.name for column in client.get(f"/topics/trade/{query}").context["across"]]

    assert outlets("")[0] == "Zeta"
    assert outlets("?across=name") == ["Agency", "Four", "Middle", "One", "Two", "Zeta"]
    page = client.get("/topics/trade/?across=name").content.decode()
    assert 'href="?across=name&amp;order=newest"' in page
    assert client.get("/topics/trade/?order=sideways").status_code == 400


def test_claims_go_on_down_and_outlets_across_on_further_pages(client, monkeypatch):
    monkeypatch.setattr(topics, "CLAIMS_PER_PAGE", 2)
    monkeypatch.setattr(topics, "OUTLETS_PER_PAGE", 2)
    trade = make_topic("Trade")
    outlets = [make_outlet(name) for name in "ABC"]
    for number in range(3):
        claim = make_claim(f"Claim {number}.", topics=(trade,))
        for outlet in outlets[: number + 1]:
            make_report(claim, outlet=outlet)

    assert claims_of(client.get("/topics/trade/")) == ["Claim 2.", "Claim 1."]
    response = client.get("/topics/trade/?page=2&outlets=2")
    assert claims_of(response) == ["Claim 0."]
    assert [column.outlet.name for column in response.context["across"]] == ["C"]
    assert "Outlets 3 to 3 of 3" in text_of(response)


def test_a_large_topic_shows_the_claims_found_last_and_says_so(client, monkeypatch):
    monkeypatch.setattr(querysets_coreporting, "WINDOW", 2)
    monkeypatch.setattr(topics, "WINDOW", 2)
    trade = make_topic("Trade")
    for number in range(3):
        make_report(make_claim(f"Claim {number}.", topics=(trade,)))

    response = client.get("/topics/trade/?order=newest")

    assert sorted(claims_of(response)) == ["Claim 1.", "Claim 2."]
    assert "2 reported claims of the 2 that were found last on this topic" in text_of(response)


def test_the_matrix_is_exported_with_every_claim_and_outlet(client, monkeypatch):
    monkeypatch.setattr(matrix, "CLAIMS_PER_PAGE", 1)
    trade = make_topic("Trade")
    gazette = make_outlet("Gazette")
    formula = make_claim("=SUM(A1) will be paid.", speaker=make_speaker("Ana Ruiz"), topics=(trade,))
    make_report(formula, outlet=gazette)
    make_report(formula, outlet=make_outlet("Review"), credit=gazette)
    make_report(make_claim("Rain, they said.", topics=(trade,)), outlet=gazette)
    compare_wordings()

    response = client.get("/topics/trade/matrix.csv")
    rows = list(csv.DictReader(StringIO(b"".join(response.streaming_content).decode())))

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="trade.csv"' in response["Content-Disposition"]
    assert [row["Claim"] for row in rows] == ["'=SUM(A1) will be paid.", "Rain, they said."]
    assert (rows[0]["Gazette"], rows[0]["Review"]) == ("fullest", "verbatim; credited")
    assert (rows[0]["Level"], rows[0]["Speaker"], rows[0]["Origins"]) == ("repeated", "Ana Ruiz", "1")
    assert rows[0]["Address"] == f"http://testserver{formula.get_absolute_url()}"
    assert rows[1]["Review"] == ""
    assert client.get("/topics/none/matrix.csv").status_code == 404


def test_a_claim_that_was_merged_away_is_in_no_matrix(client):
    trade, speaker = make_topic("Trade"), make_speaker()
    kept = make_claim("Rain will fall.", speaker=speaker, topics=(trade,))
    gone = make_claim("It will rain.", speaker=speaker, topics=(trade,))
    gazette = make_outlet("Gazette")
    make_report(kept, outlet=gazette)
    make_report(gone, outlet=make_outlet("Review"))
    merge_claims(gone, into=kept, by=make_user())

    assert cells(client.get("/topics/trade/")).keys() == {"Rain will fall."}
    assert set(cells(client.get("/topics/trade/"))["Rain will fall."]) == {"Gazette", "Review"}


def test_html_in_names_is_shown_and_never_run(client):
    bad = "<script>alert(1)</script>"
    claim = make_claim(f"Rain {bad}", speaker=make_speaker(f"Ana {bad}"), topics=(make_topic(f"Trade {bad}"),))
    make_report(claim, outlet=make_outlet(f"Gazette {bad}"))

    page = client.get(claim.topics.get().get_absolute_url()).content.decode()

    assert bad not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4


def test_a_topic_without_claims_says_what_to_do(client):
    make_topic("Trade")

    assert "No claim on this topic yet" in text_of(client.get("/topics/trade/"))
    assert client.get("/topics/none/").status_code == 404


def test_the_matrix_takes_as_many_queries_for_a_hundred_claims_as_for_one(client):
    trade, speaker = make_topic("Trade"), make_speaker()
    outlets = [make_outlet() for _ in range(3)]

    def report_new(count):
        report_all([make_claim(speaker=speaker, topics=(trade,)) for _ in range(count)], *outlets)

    report_new(1)
    one, listed = queries_of(client, "/topics/trade/"), queries_of(client, "/topics/")
    report_new(99)
    for _ in range(30):
        make_topic()

    assert queries_of(client, "/topics/trade/") == one <= 12
    assert len(claims_of(client.get("/topics/trade/"))) == 100
    assert queries_of(client, "/topics/") == listed <= 12
