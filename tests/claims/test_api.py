"""The REST API: what it answers, what it refuses, and that a longer list asks no more of the database."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import StatementSpan
from claims.services.coverage import compare_wordings
from claims.services.summaries import refresh_corroboration
from sources.models import Outlet, OutletDomain
from tests.claims.description import description
from tests.factories import (
    make_article,
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

API = "/api/v1"
ABSENT = "3f2f3c0e-8f57-4f0e-9d5c-2f6a8b1f0c11"
LISTS = ["outlets", "articles", "statements", "speakers", "topics", "claims", "attributions"]


@pytest.fixture
def get(client):
    def get(path, expected=200, /, **parameters):
        response = client.get(path if path.startswith("http") else f"{API}/{path}", parameters)
        assert response.status_code == expected, response.content[:2000]
        assert response["Content-Type"] == ("application/json" if expected < 400 else "application/problem+json")
        return response.json()

    return get


def names(rows):
    return [row["name"] for row in rows]


def texts(answer):
    return [row["text"] for row in answer["results"]]


def make_world(rows):
    """Make `rows` of everything, linked as in real use."""
    agency = make_outlet(f"Agency of {rows}", aliases=(f"A{rows}",))
    for number in range(rows):
        outlet = make_outlet(owner=agency)
        OutletDomain.objects.create(outlet=outlet, domain=f"n{rows}-{number}.example")
        speaker = make_speaker(represents=make_speaker())
        claim = make_claim(f"Claim {rows} {number} is about trade.", speaker=speaker, topics=(make_topic(),))
        make_report(claim, outlet=outlet, relays=(agency,))
        make_report(claim, outlet=make_outlet(), credit=agency, partial=True)
        make_report(claim, outlet=make_outlet(), stance="denies", relays=(agency,))


# Claims


def test_claims_that_two_outlets_report_are_listed_with_both_names(get):
    gazette, herald = make_outlet("Gazette"), make_outlet("Herald")
    shared, alone = make_claim("Taxes will rise."), make_claim("Taxes will fall.")
    make_report(shared, outlet=herald)
    make_report(shared, outlet=gazette)
    make_report(alone, outlet=gazette)

    answer = get("claims/", outlets_min=2, count="exact")

    assert answer["count"] == 1
    assert texts(answer) == ["Taxes will rise."]
    assert names(answer["results"][0]["outlets"]) == ["Gazette", "Herald"]
    assert answer["results"][0]["level"] == "corroborated"


def test_a_claim_row_says_who_reports_what_and_where_to_read_on(get):
    agency, speaker, topic = make_outlet("Agency"), make_speaker("The Minister"), make_topic("Trade")
    claim = make_claim("Taxes will rise.", speaker=speaker, topics=(topic,))
    make_report(claim, outlet=make_outlet("Gazette"), credit=agency)
    make_report(claim, outlet=agency)

    (row,) = get("claims/")["results"]

    assert row["uid"] == str(claim.uid)
    assert row["speaker"] == {"uid": str(speaker.uid), "name": "The Minister"}
    assert row["topics"] == [{"uid": str(topic.uid), "slug": "trade", "name": "Trade"}]
    assert (row["level"], row["disputed"], row["exact"]) == ("repeated", False, True)
    assert (row["report_count"], row["outlet_count"], row["origin_count"]) == (2, 2, 1)
    assert names(row["origins"]) == ["Agency"]
    assert row["first_published_at"] == row["last_published_at"] == "2020-01-01T12:00:00Z"
    assert row["url"] == f"http://testserver/claims/{claim.uid}/"
    assert get(row["links"]["self"]) == row
    assert get(row["links"]["corroboration"])["level"] == "repeated"


def test_claims_without_a_counted_report_are_not_listed_but_found(get):
    unreported, denied, rejected = make_claim(), make_claim(), make_claim()
    make_report(denied, stance="denies")
    make_report(rejected, status="rejected")

    assert [row["uid"] for row in get("claims/")["results"]] == [str(denied.uid)]
    for claim in (unreported, denied, rejected):
        assert get(f"claims/{claim.uid}/")["level"] == "unreported"


def test_a_claim_without_figures_yet_is_unreported(get):
    claim = make_claim()
    claim.corroborations.all().delete()

    assert get(f"claims/{claim.uid}/")["outlets"] == []


def test_a_merged_claim_answers_with_where_it_went(client):
    target = make_claim()
    merged = make_claim(merged_into=target)

    for suffix in ("", "corroboration/"):
        response = client.get(f"{API}/claims/{merged.uid}/{suffix}?confirmed=1")
        assert response.status_code == 301
        assert response["Location"] == f"http://testserver{API}/claims/{target.uid}/{suffix}?confirmed=1"


def test_a_merged_outlet_answers_with_where_it_went(client):
    target = make_outlet()
    merged = make_outlet()
    Outlet.objects.filter(pk=merged.pk).update(merged_into=target)

    response = client.get(f"{API}/outlets/{merged.uid}/")

    assert response.status_code == 301
    assert response.json()["uid"] == str(target.uid)
    assert response["Location"] == f"http://testserver{API}/outlets/{target.uid}/"
    assert [row["uid"] for row in client.get(f"{API}/outlets/").json()["results"]] == [str(target.uid)]


def test_a_merged_speaker_answers_with_where_it_went(client):
    target = make_speaker()
    merged = make_speaker(merged_into=target)

    response = client.get(f"{API}/speakers/{merged.uid}/")

    assert response.status_code == 301
    assert response["Location"] == f"http://testserver{API}/speakers/{target.uid}/"
    assert len(client.get(f"{API}/speakers/").json()["results"]) == 1


def test_the_newest_claim_comes_first_and_undated_ones_last(get):
    for days, text in ((1, "Second."), (2, "First."), (0, "Third.")):
        article = make_article(
            f"They said: {text}", published_at=datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=days)
        )
        make_report(make_claim(text), article=article)
    make_report(make_claim("Last."), article=make_article("They said: Last.", published_at=None))

    assert texts(get("claims/")) == ["First.", "Second.", "Third.", "Last."]


@pytest.fixture
def world(db):
    """Three claims that differ in everything one can ask for."""
    gazette, herald, agency = make_outlet("Gazette"), make_outlet("Herald"), make_outlet("Agency")
    minister, union = make_speaker("The Minister"), make_speaker("The Union")
    trade = make_topic("Trade")
    independent = make_claim("Exports grew in spring.", speaker=minister, topics=(trade,))
    make_report(independent, outlet=gazette, status="confirmed")
    make_report(independent, outlet=herald)
    repeated = make_claim("Imports fell in spring.", speaker=union)
    make_report(repeated, outlet=gazette, credit=agency)
    make_report(repeated, outlet=agency)
    make_report(repeated, outlet=herald, stance="denies")
    single = make_claim("Le printemps arrive.", speaker=union, language="fr")
    early = make_article("Le printemps arrive.", outlet=agency, published_at=datetime(2019, 5, 1, tzinfo=UTC))
    make_report(single, article=early)
    return {"independent": independent, "repeated": repeated, "single": single}


def test_claims_are_filtered(client, world):
    names = {str(claim.uid): name for name, claim in world.items()}
    meant = [
        ("outlets_min=2", {"independent", "repeated"}),
        ("origins_min=2", {"independent"}),
        ("level=repeated", {"repeated"}),
        ("disputed=1", {"repeated"}),
        ("disputed=false", {"independent", "single"}),
        ("topic=trade", {"independent"}),
        ("speaker=the minister", {"independent"}),
        ("outlet=gazette", {"independent", "repeated"}),
        ("outlet=gazette&outlet=herald", {"independent"}),
        ("language=FR", {"single"}),
        ("published_before=2020-01-01", {"single"}),
        ("published_after=2020-01-01T12:00:00Z", {"independent", "repeated"}),
        ("published_after=2020-01-01T12:00:00.000001Z", set()),
        ("published_after=2019-04-30&published_before=2019-05-02", {"single"}),
        ("not_outlet=gazette", {"single"}),
        ("not_outlet=agency&not_outlet=gazette", set()),
        ("outlet=gazette&not_outlet=agency", {"independent"}),
        ("stance=denies", {"repeated"}),
        ("status=confirmed", {"independent"}),
        ("status=rejected", set()),
        ("kind=direct&stance=affirms", {"independent", "repeated", "single"}),
        ("kind=indirect", set()),
        ("captured_after=2020-01-02", {"independent", "repeated", "single"}),
        ("captured_before=2020-01-02", set()),
        ("said_after=2020-01-01", set()),
        ("outlets_min=2&captured_after=2020-01-02&outlet=herald", {"independent"}),
        ("q=export", {"independent"}),
        ("q=spring -imports", {"independent"}),
        ("q=minister", {"independent"}),
        ("confirmed=1", {"independent"}),
        ("confirmed=1&outlets_min=2", set()),
        ("confirmed=1&outlet=herald", set()),
    ]
    answers = [client.get(f"{API}/claims/?{asked}&count=exact").json() for asked, _ in meant]

    got = [{names[row["uid"]] for row in answer["results"]} for answer in answers]
    assert list(zip([asked for asked, _ in meant], got, strict=True)) == meant
    assert [answer["count"] for answer in answers] == [len(found) for _, found in meant]


def test_confirmed_changes_the_figures_too(get, world):
    (row,) = get("claims/", confirmed=1)["results"]

    assert (row["level"], names(row["outlets"])) == ("single", ["Gazette"])
    assert get(f"claims/{row['uid']}/", confirmed=1) == row
    assert get(f"claims/{row['uid']}/")["level"] == "corroborated"


def test_a_speaker_is_named_by_uid_alias_or_what_was_merged_into_it(get):
    minister = make_speaker("The Minister")
    minister.aliases.create(name="Treasury chief")
    merged = make_speaker("M. Minister", merged_into=minister)
    make_report(make_claim("Taxes will rise.", speaker=minister))

    for name in (minister.uid, "treasury chief", merged.uid, "M. Minister"):
        assert get("claims/", speaker=name, count="exact")["count"] == 1


def test_the_best_match_comes_first(get):
    for text in ("Rates, rates, rates.", "Rates and other things and prices.", "Prices."):
        make_report(make_claim(text))

    assert texts(get("claims/", q="rates"))[0] == "Rates, rates, rates."
    assert texts(get("claims/", q="rates", ordering="-first_published_at"))[0] != "Rates, rates, rates."


def test_claims_are_ordered_by_origins(get, world):
    rows = get("claims/", ordering="-origin_count")["results"]

    assert all(earlier["origin_count"] >= later["origin_count"] for earlier, later in pairwise(rows))


# Corroboration


def test_corroboration_shows_each_report_with_its_words_and_possible_origins(get):
    agency, gazette, herald = make_outlet("Agency"), make_outlet("Gazette"), make_outlet("Herald")
    claim = make_claim("Taxes will rise by 5 percent.")
    credited = make_article("🙂 It said: Taxes will rise by 5 percent. (Agency)", outlet=gazette)
    make_credit(credited, agency, partial=True, start=42, end=48)
    full = make_report(claim, article=credited)
    short = make_report(claim, outlet=herald, relays=(agency,), quote="Taxes will rise")
    denial = make_report(claim, outlet=make_outlet("Courier"), stance="denies")
    make_report(claim, outlet=make_outlet("Rejected"), status="rejected")

    answer = get(f"claims/{claim.uid}/corroboration/")

    assert (answer["level"], answer["disputed"], answer["basis"], answer["by"]) == (
        "repeated",
        True,
        "counted",
        "outlet",
    )
    assert names(answer["outlets"]) == ["Gazette", "Herald"]
    assert names(answer["origins"]) == ["Agency"]
    assert (answer["origin_count"], answer["exact"], answer["origin_lower_bound"]) == (1, True, 1)
    assert "Agency" in answer["explanation"]
    assert datetime.fromisoformat(answer["as_of"]).year > 2020
    first, second = answer["reports"]
    assert first["attribution"] == str(full.uid)
    assert (first["start"], first["exact"]) == (11, "Taxes will rise by 5 percent.")
    assert first["article"]["uid"] == str(credited.uid)
    assert [(e["outlet"]["name"], e["kind"], e["start"], e["end"]) for e in first["origins"]] == [
        ("Agency", "credit", 42, 48),
        ("Gazette", "publisher", None, None),
    ]
    assert (first["fullest"], first["wording"]) == (True, None)
    assert second["statement"] == str(short.statement.uid)
    assert [(r["hop"], r["outlet"]["name"]) for r in second["relays"]] == [(1, "Agency")]
    assert second["wording"]["kind"] == "truncated"
    assert second["wording"]["pieces"] == [
        {"change": "same", "text": "Taxes will rise", "instead_of": ""},
        {"change": "missing", "text": "by 5 percent.", "instead_of": ""},
    ]
    assert [d["attribution"] for d in answer["denials"]] == [str(denial.uid)]


def test_corroboration_names_the_articles_of_the_story_that_lack_the_claim(get):
    both = make_article("One. Two.")
    other = make_article("Two.", outlet=make_outlet("Herald"))
    one, two = make_claim("One."), make_claim("Two.")
    make_report(one, article=both)
    make_report(two, article=both)
    make_report(two, article=other)

    lacking = get(f"claims/{one.uid}/corroboration/")["not_found_in"]

    assert (lacking["count"], lacking["of"]) == (1, 2)
    assert [article["outlet"]["name"] for article in lacking["articles"]] == ["Herald"]


def test_outlets_of_one_owner_count_as_one_where_asked(get):
    owner = make_outlet("Holding")
    claim = make_claim()
    make_report(claim, outlet=make_outlet("Gazette", owner=owner))
    make_report(claim, outlet=make_outlet("Herald", owner=owner))

    assert get(f"claims/{claim.uid}/corroboration/")["level"] == "corroborated"
    assert get(f"claims/{claim.uid}/corroboration/", by="owner")["level"] == "single"


def test_corroboration_counts_confirmed_reports_only_where_asked(get):
    claim = make_claim()
    make_report(claim, outlet=make_outlet("Gazette"), status="confirmed")
    make_report(claim, outlet=make_outlet("Herald"))

    answer = get(f"claims/{claim.uid}/corroboration/", confirmed=1)

    assert (answer["basis"], answer["level"], names(answer["outlets"])) == ("confirmed", "single", ["Gazette"])


# Other resources


def test_a_statement_shows_its_spans_by_role(get):
    agency = make_outlet("Agency")
    article = make_article("The Minister said taxes will rise.")
    statement = make_statement(
        "taxes will rise", article=article, speaker=make_speaker("The Minister"), relays=(agency,)
    )
    for role, start, end in ((StatementSpan.Role.CUE, 13, 17), (StatementSpan.Role.SOURCE, 0, 12)):
        statement.spans.create(role=role, start=start, end=end)

    answer = get(f"statements/{statement.uid}/")

    assert answer["spans"] == {
        "content": [{"start": 18, "end": 33}],
        "cue": [{"start": 13, "end": 17}],
        "source": [{"start": 0, "end": 12}],
    }
    text = get(f"articles/{answer['article']['uid']}/")["text"]
    assert text[answer["start"] : answer["end"]] == answer["quote"] == "taxes will rise"
    assert answer["revision"] == str(statement.revision.uid)
    assert [relay["outlet"]["name"] for relay in answer["relays"]] == ["Agency"]


def test_withdrawn_statements_are_not_listed_but_found(get):
    statement = make_statement(withdrawn_at=datetime(2020, 1, 1, tzinfo=UTC), withdrawn_reason="A caption.")

    assert get("statements/")["results"] == []
    assert get(f"statements/{statement.uid}/")["withdrawn_reason"] == "A caption."


def test_statements_are_filtered(get):
    attribution = make_report(make_claim(), outlet=make_outlet("Gazette"))
    make_statement(kind="indirect")
    statement = attribution.statement

    for question in (
        {"article": statement.revision.article.uid},
        {"outlet": "gazette"},
        {"speaker": statement.speaker.name},
        {"kind": "direct"},
        {"claim": attribution.claim.uid},
    ):
        assert [row["uid"] for row in get("statements/", **question)["results"]] == [str(statement.uid)]


def test_statements_of_one_article_come_in_its_order(get):
    article = make_article("One. Two. Three.")
    for quote in ("Two.", "Three.", "One."):
        make_statement(quote, article=article)

    assert [row["quote"] for row in get("statements/")["results"]] == ["One.", "Three.", "Two."]
    assert [row["quote"] for row in get("statements/", article=article.uid)["results"]] == ["One.", "Two.", "Three."]


def test_an_article_shows_where_it_comes_from_and_how_its_text_was_kept(get):
    agency = make_outlet("Agency")
    article = make_article("Text. (Agency)", outlet=make_outlet("Gazette"), url="https://gazette.example/1")
    make_credit(article, agency, start=7, end=13)

    (row,) = get("articles/", outlet="gazette", url="https://gazette.example/1")["results"]

    assert "text" not in row
    assert row["revision"]["length"] == 14
    assert row["snapshot"]["sha256"] == article.current_revision.snapshot.sha256
    (derivation,) = row["derivations"]
    assert (derivation["kind"], derivation["upstream_outlet"]["name"]) == ("credit", "Agency")
    detail = get(f"articles/{article.uid}/")
    assert [revision["number"] for revision in detail.pop("revisions")] == [1]
    assert detail == {**row, "text": "Text. (Agency)"}


def test_an_article_without_text_yet_is_shown(get):
    article = make_article()
    article.current_revision = None
    article.save()

    answer = get(f"articles/{article.uid}/")

    assert (answer["revision"], answer["snapshot"], answer["text"]) == (None, None, None)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("q=harvest", {"a"}),
        ("q=BODY TWO", {"b"}),
        ("outlet=herald", {"b"}),
        ("language=FR", {"b"}),
        ("external_id=a-1", {"a"}),
        ("published_after=2021-01-01", {"b"}),
        ("published_before=2021-01-01", {"a"}),
    ],
)
def test_articles_are_filtered(client, question, found):
    made = {
        "a": make_article("Body one.", title="Harvest", external_id="a-1"),
        "b": make_article(
            "Body two.",
            outlet=make_outlet("Herald"),
            language="fr",
            published_at=datetime(2021, 1, 1, tzinfo=UTC),
        ),
    }

    rows = client.get(f"{API}/articles/?{question}").json()["results"]

    assert {row["uid"] for row in rows} == {str(made[name].uid) for name in found}


def test_an_outlet_shows_its_names_and_counts(get):
    owner = make_outlet("Holding")
    outlet = make_outlet("Gazette", aliases=("GZT",), owner=owner)
    make_report(make_claim(), outlet=outlet)

    (row,) = get("outlets/", q="gzt")["results"]

    assert (row["aliases"], row["owner"]["name"]) == (["GZT"], "Holding")
    assert (row["article_count"], row["claim_count"], row["alone_count"]) == (1, 1, 1)
    assert names(get("outlets/", owner="holding")["results"]) == ["Gazette"]


def test_speakers_and_topics_count_the_claims_that_are_listed(get):
    speaker, topic = make_speaker("The Minister"), make_topic("Trade")
    make_report(make_claim(speaker=speaker, topics=(topic,)))
    make_claim(speaker=speaker, topics=(topic,))

    assert get(f"speakers/{speaker.uid}/")["claim_count"] == len(get("claims/", speaker="The Minister")["results"]) == 1
    assert get(f"topics/{topic.uid}/")["claim_count"] == len(get("claims/", topic="trade")["results"]) == 1


def test_attributions_show_decisions_but_not_who_made_them(get):
    attribution = make_report(make_claim(), status="rejected")

    (row,) = get("attributions/", status="rejected", claim=attribution.claim.uid)["results"]

    assert row["decided_at"] == "2020-02-01T00:00:00Z"
    assert attribution.decided_by.username not in str(row)
    assert row == get(f"attributions/{attribution.uid}/")


# Paging


def walk(get, path, **parameters):
    """Return the rows of all pages, and the addresses of these, from the first to the last."""
    page, rows, pages = get(path, **parameters), [], []
    while page:
        rows.append(page["results"])
        pages.append(page)
        page = get(page["next"]) if page["next"] else None
    return rows, pages


def test_pages_follow_each_other_without_loss_and_lead_back(get):
    for _ in range(5):
        make_report(make_claim())
    everything = get("claims/")["results"]

    rows, pages = walk(get, "claims/", limit=2, count="exact")

    assert [row for page in rows for row in page] == everything
    assert [len(page) for page in rows] == [2, 2, 1]
    assert (pages[0]["count"], pages[0]["count_kind"], pages[0]["previous"]) == (5, "exact", None)
    assert get(pages[2]["previous"])["results"] == rows[1]
    assert get(get(pages[2]["previous"])["previous"])["results"] == rows[0]
    assert get(get(pages[2]["previous"])["previous"])["previous"] is None


@pytest.mark.parametrize("ordering", ["-first_published_at", "-origin_count"])
def test_pages_of_every_order_meet_rows_without_a_date_last(get, ordering):
    for days in (1, None, 3, 3, None, 2):
        at = None if days is None else datetime(2020, 1, days, tzinfo=UTC)
        text = f"Claim of day {days}."
        make_report(make_claim(text), article=make_article(f"It said: {text}", published_at=at))
    everything = get("claims/", ordering=ordering)["results"]

    rows, pages = walk(get, "claims/", ordering=ordering, limit=1)

    assert [row for page in rows for row in page] == everything
    backwards = [pages[-1]]
    while backwards[-1]["previous"]:
        backwards.append(get(backwards[-1]["previous"]))
    assert [row for page in backwards for row in page["results"]] == everything[::-1]
    if "published" in ordering:
        assert [row["first_published_at"] is None for row in everything] == [False] * 4 + [True] * 2


def test_rows_that_come_or_go_meanwhile_move_no_page(get):
    claims = [make_claim() for _ in range(6)]
    for claim in claims:
        make_report(claim)
    first = get("claims/", limit=2)

    make_report(make_claim())
    claims[4].attributions.update(status="unsure", decided_by=make_user(), decided_at=datetime(2020, 1, 1, tzinfo=UTC))
    refresh_corroboration([claims[4].pk])

    assert [row["uid"] for row in get(first["next"])["results"]] == [str(claims[3].uid), str(claims[2].uid)]


def test_links_to_the_pages_beside_are_in_the_header_too(client):
    for _ in range(3):
        make_outlet()

    response = client.get(f"{API}/outlets/?limit=2")

    assert f'<{response.json()["next"]}>; rel="next"' in response["Link"]
    assert 'rel="prev"' not in response["Link"]
    assert 'rel="prev"' in client.get(response.json()["next"])["Link"]


def test_a_cursor_that_was_tampered_with_is_refused(get):
    for _ in range(3):
        make_outlet()
    cursor = parse_qs(urlsplit(get("outlets/", limit=2)["next"]).query)["cursor"][0]

    assert get("outlets/", cursor=cursor)["results"]
    for wrong in (cursor[:-1] + ("A" if cursor[-1] != "A" else "B"), "x", "a:b:c", "\x00", "x" * 3_000):
        assert "not given out here" in get("outlets/", 400, cursor=wrong)["parameters"]["cursor"][0]
    assert "another order" in get("outlets/", 400, cursor=cursor, ordering="-name")["parameters"]["cursor"][0]


@pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", "٣", "9" * 5000, "1\x00", "last"])
def test_a_limit_that_cannot_be_meant_is_refused(get, value):
    assert list(get("outlets/", 400, limit=value)["parameters"]) == ["limit"]


def test_a_page_is_at_most_200_rows(get):
    get("outlets/", limit=200)
    get("outlets/", 400, limit=201)
    assert "page" in get("outlets/", 400, page=2)["parameters"]


def test_rows_are_counted_only_on_request(get):
    for _ in range(3):
        make_outlet()

    assert (get("outlets/")["count"], get("outlets/")["count_kind"]) == (None, "none")
    assert get("outlets/", count="exact", limit=1)["count"] == 3
    assert isinstance(get("outlets/", count="estimated")["count"], int)
    assert "none, exact, estimated" in get("outlets/", 400, count="all")["parameters"]["count"][0]


# Parts of rows, and rows with others


def test_only_the_fields_that_are_asked_for_are_answered(get):
    claim = make_claim("Taxes will rise.")
    make_report(claim)

    assert get("claims/", fields="level,text")["results"] == [{"text": "Taxes will rise.", "level": "single"}]
    assert list(get(f"claims/{claim.uid}/", fields="uid")) == ["uid"]
    assert list(get("statements/", fields="quote,uid")["results"][0]) == ["uid", "quote"]
    assert "“colour” is not one of: uid, text" in get("claims/", 400, fields="colour")["parameters"]["fields"][0]


def test_whole_rows_of_other_kinds_come_along_where_asked(get):
    topic, agency = make_topic("Trade"), make_outlet("Agency")
    claim = make_claim("Taxes will rise.", speaker=make_speaker("The Minister"), topics=(topic,))
    report = make_report(claim, outlet=agency)
    asked = "speakers,topics,outlets,attributions,statements,articles"

    included = get("claims/", include=asked)["included"]

    assert list(included) == asked.split(",")
    assert included["attributions"] == [get(f"attributions/{report.uid}/")]
    assert included["statements"] == [get(f"statements/{report.statement.uid}/")]
    assert included["outlets"] == [get(f"outlets/{agency.uid}/")]
    assert included["topics"] == [get(f"topics/{topic.uid}/")]
    assert names(included["speakers"]) == ["The Minister"]
    assert included["articles"] == get("articles/")["results"]
    assert get(f"claims/{claim.uid}/", include="topics")["included"]["topics"] == included["topics"]
    assert "is not one of: speakers" in get("claims/", 400, include="prices")["parameters"]["include"][0]
    get("outlets/", 400, include="articles")


# What does not change is not sent again


def test_an_answer_that_the_asker_has_is_not_sent_again(client):
    claim = make_claim()
    make_report(claim)
    addresses = [f"{API}/claims/", f"{API}/claims/{claim.uid}/", f"{API}/claims/{claim.uid}/corroboration/"]
    tags = [client.get(address)["ETag"] for address in addresses]

    for address, tag in zip(addresses, tags, strict=True):
        again = client.get(address, headers={"if-none-match": tag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    make_report(claim)
    for address, tag in zip(addresses, tags, strict=True):
        assert client.get(address, headers={"if-none-match": tag}).status_code == 200


# What is refused


@pytest.mark.parametrize("path", [f"{name}/" for name in LISTS])
def test_an_unknown_parameter_is_refused_with_those_that_exist(get, path):
    answer = get(path, 400, colour="red")

    assert "limit" in answer["parameters"]["colour"][0]


def test_an_unknown_parameter_of_a_detail_is_refused(get):
    claim = make_claim()

    get(f"claims/{claim.uid}/", 400, by="owner")
    assert (
        "as_of, by, clock, confirmed, format"
        in get(f"claims/{claim.uid}/corroboration/", 400, to="x")["parameters"]["to"][0]
    )
    get(f"outlets/{make_outlet().uid}/", 400, confirmed=1)


@pytest.mark.parametrize(
    ("parameter", "value", "says"),
    [
        ("outlets_min", "", "leave the parameter out"),
        ("outlets_min", "two", "whole number"),
        ("outlets_min", "-1", "0"),
        ("origins_min", "9" * 400, "2147483647"),
        ("origins_min", "9" * 5000, "whole number"),
        ("level", "unsure", "single, repeated, corroborated"),
        ("disputed", "maybe", "1 (or true)"),
        ("confirmed", "2", "1 (or true)"),
        ("ordering", "text", "-first_published_at"),
        ("ordering", "relevance", "needs the parameter q"),
        ("topic", "nowhere", "no topic “nowhere”"),
        ("topic", "100%s", "no topic “100%s”"),
        ("speaker", "Nobody", "no speaker “Nobody”"),
        ("outlet", "nowhere", "no outlet “nowhere”"),
        ("published_after", "yesterday", "2020-12-31"),
        ("published_after", "2020-13-01", "2020-12-31"),
        ("published_before", "01/02/2020", "2020-12-31"),
        ("q", "x" * 3_000, "at most 300"),
        ("q", "a\x00b", "Null characters"),
        ("speaker", "a\x00b", "Null characters"),
        ("outlet", "a\x00b", "Null characters"),
        ("language", "\x00", "Null characters"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(get, parameter, value, says):
    answer = get("claims/", 400, **{parameter: value})

    assert list(answer) == ["type", "title", "status", "detail", "parameters"]
    assert (answer["type"], answer["title"], answer["status"]) == ("about:blank", "Bad Request", 400)
    assert says in answer["parameters"][parameter][0]


def test_an_address_that_is_too_long_is_refused_whatever_it_asks(get):
    answer = get("claims/", 414, q="x" * 10_000)

    assert (answer["status"], list(answer)) == (414, ["type", "title", "status", "detail"])
    assert "the limit is 8,000" in answer["detail"]


def test_a_parameter_given_twice_is_refused_where_one_is_meant(client):
    answer = client.get(f"{API}/claims/?level=single&level=repeated")

    assert answer.status_code == 400
    assert list(answer.json()["parameters"]) == ["level"]


def test_so_many_outlets_are_refused(get):
    slugs = [make_outlet().slug for _ in range(11)]

    assert "at most 10" in get("claims/", 400, outlet=slugs)["parameters"]["outlet"][0]


@pytest.mark.parametrize("extreme", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_the_ends_of_time_are_times(get, extreme):
    get("claims/", published_after=extreme)
    get("articles/", published_before=extreme)


@pytest.mark.parametrize(
    "q", ["'", "%", "_", "\\", '"', '"open', "-", "or", "a & b | !c", "🙂", "()", ":*", "<->", "\u202e", "x" * 300]
)
def test_any_words_may_be_searched(get, q):
    make_report(make_claim())

    get("claims/", q=q)
    get("articles/", q=q)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("uid", ["1", "x", "%00", "a%00b", ABSENT, "9" * 5000, "..%2f.."])
def test_a_row_that_does_not_exist_is_not_found(client, name, uid):
    response = client.get(f"{API}/{name}/{uid}/")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["title"] == "Not Found"


def test_an_address_that_does_not_exist_answers_in_json(get):
    assert "docs" in get("nothing/", 404)["detail"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_what_follows_from_other_rows_cannot_be_written(client, method):
    client.force_login(make_user(editor=True))

    for address in ("topics/", f"topics/{make_topic().uid}/", "outlets/", f"claims/{make_claim().uid}/reports/"):
        assert getattr(client, method)(f"{API}/{address}").status_code == 405


# Cost


def queries_of(client, path):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_a_list_of_twenty_costs_no_more_queries_than_one(client):
    make_world(1)
    # All three articles of a world, since not each of them is derived from another.
    one = {name: queries_of(client, f"{API}/{name}/?limit=3") for name in LISTS}
    make_world(20)

    for name in LISTS:
        assert len(client.get(f"{API}/{name}/?limit=20").json()["results"]) == 20
    for name in LISTS:
        assert queries_of(client, f"{API}/{name}/?limit=20") <= one[name]
    assert max(one.values()) <= 7


def test_a_claim_with_twenty_reports_costs_no_more_queries_than_one_with_two(client):
    agency, claim = make_outlet("Agency"), make_claim(topics=(make_topic(),))

    def report():
        make_report(claim, outlet=make_outlet(owner=make_outlet()), credit=agency, partial=True, relays=(agency,))
        make_report(claim, outlet=make_outlet(), stance="denies")

    report()
    paths = [f"{API}/claims/{claim.uid}/", f"{API}/claims/{claim.uid}/corroboration/?by=owner"]
    few = [queries_of(client, path) for path in paths]
    for _ in range(10):
        report()
    refresh_corroboration([claim.pk])

    assert [queries_of(client, path) for path in paths] == few
    assert few[1] <= 15


# Schema


def test_the_schema_is_complete(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_the_schema_describes_every_answer():
    schema = description()

    others = "imports feeds changes reconcile links flags annotations webhooks events tokens".split()
    assert {path.split("/")[3] for path in schema["paths"]} == {*LISTS, *others}
    for path, operations in schema["paths"].items():
        if "get" not in operations:
            continue
        assert operations["get"]["summary"]
        # The events are always there; of all else some part may be missing.
        missing = set() if path == f"{API}/events/" else {"404"}
        assert set(operations["get"]["responses"]) >= {"200", "400", "414", "429", "503"} | missing
        for parameter in operations["get"].get("parameters", []):
            assert parameter["in"] == "path" or parameter["description"], (path, parameter["name"])
    asked = schema["paths"][f"{API}/claims/{{uid}}/corroboration/"]["get"]["parameters"]
    assert {parameter["name"] for parameter in asked} == {"uid", "confirmed", "by", "as_of", "clock"}


def test_the_docs_load_nothing_from_elsewhere(client):
    page = client.get(f"{API}/docs/")

    assert page.status_code == 200
    assert "swagger-ui-bundle.js" in page.content.decode()
    assert "://" not in page.content.decode().replace("http://testserver", "")


def test_claims_are_asked_by_what_their_reports_say_and_read_from_either_end(get):
    numbers, same = make_claim("The city spends 40 million crowns on the bridge."), make_claim("Rain will fall.")
    make_report(numbers, status="confirmed")
    make_report(numbers, quote="The city spends 14 million crowns on the bridge.")
    make_report(same)
    denied = make_claim("Snow will fall.")
    make_report(denied, stance="denies")
    compare_wordings()

    def found(**asked):
        return [row["text"] for row in get("claims/", **asked)["results"]]

    assert found(has_difference=1) == found(has_confirmed=1) == [numbers.text]
    assert set(found(has_difference=0, has_alarm=0)) == set(found(has_confirmed=0)) == {same.text, denied.text}
    assert found(level="unreported") == [denied.text]
    assert found(ordering="origin_count", limit=200) == found(ordering="-origin_count", limit=200)[::-1]
    assert found(ordering="first_published_at") == found(ordering="-first_published_at")[::-1]
    assert get("claims/", 400, level="")["parameters"] == {"level": ["Give a value, or leave the parameter out."]}
