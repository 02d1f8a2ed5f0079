"""The page of a claim: what a reader sees of its reports, origins and wordings, and how others refer to it."""

import itertools
import json
import re
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims import highlighting
from claims.corroboration.excerpts import Excerpt, read_excerpts
from claims.linked_data import Appearance, Author, PlainClaim, claim_linked_data
from claims.models import ClaimLink
from claims.presentation.diagrams import Link, Node, layered, shortened
from claims.presentation.reports import MARGIN
from claims.services.merging import merge_claims
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

FULL = "We will not reopen the bridge before May if the river stays high."


def text_of(response) -> str:
    """Return a page's words without its elements, spaces evened out."""
    page = re.sub(r"<(script|title|desc)[^>]*>.*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def linked_data_of(response) -> dict:
    [block] = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', response.content.decode(), flags=re.DOTALL
    )
    return json.loads(block)


def add_reports(claim, count, **options):
    """Give a claim reports of one outlet each, an hour apart."""
    reports = []
    for number in range(count):
        published = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=number)
        article = make_article(f"“{claim.text}” {number}", published_at=published, published_has_time=True)
        reports.append(make_report(claim, article=article, **options))
    return reports


# Queries


@pytest.mark.django_db
def test_a_claim_takes_as_many_queries_at_a_hundred_reports_as_at_one_and_no_more_than_twelve(client):
    claim, other = make_claim("Rain will fall."), make_claim("Snow will fall.")
    # Another claim in the same articles, and an article without this one: all that is asked for is there.
    article = make_article("Rain will fall. Snow will fall.")
    make_report(claim, article=article, credit=make_outlet())
    make_report(other, article=article)
    make_report(other)
    client.get(claim.get_absolute_url())
    one = queries_of(client, claim.get_absolute_url())
    agency = make_outlet("Agency")
    for _ in range(99):
        make_report(claim, credit=agency, relays=(agency,))

    assert queries_of(client, claim.get_absolute_url()) == one
    assert one <= 12


@pytest.mark.django_db
def test_owners_denials_and_copies_cost_no_more_at_twenty_reports(client):
    claim = make_claim("Rain will fall.")

    def add():
        holding = make_outlet()
        original = make_article(outlet=make_outlet(owner=make_outlet(owner=holding)))
        report = make_report(claim, outlet=make_outlet(owner=holding))
        make_credit(report.statement.revision.article, original.outlet, upstream_article=original)
        make_report(claim, quote="No rain will fall.", stance="denies")
        make_report(claim, status="rejected")

    add()
    address = f"{claim.get_absolute_url()}?by=owner"
    one = queries_of(client, address)
    for _ in range(19):
        add()

    assert queries_of(client, address) == one


# Excerpts


@pytest.mark.django_db
def test_an_excerpt_shows_the_same_context_as_the_whole_text():
    text = "First one.\n\n" + "Ω and 新华社 said so again. " * 60 + "\n\nLast one."
    for quote in ("First one.", "Ω and 新华社 said so again. Ω and", "Last one."):
        statement = make_statement(quote, article=make_article(text))
        margin = MARGIN + 2
        start = max(0, statement.start - margin)
        place = Excerpt(statement.revision_id, start, statement.end + margin)
        [window] = read_excerpts([place]).values()

        assert highlighting.context(
            window, statement.start - start, statement.end - start, margin=MARGIN
        ) == highlighting.context(text, statement.start, statement.end, margin=MARGIN)


@pytest.mark.django_db
def test_no_excerpt_is_asked_for_without_a_question(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert read_excerpts([]) == {}


# Levels, origins and denials


@pytest.mark.django_db
def test_a_claim_shows_its_level_and_the_origin_that_explains_it(client):
    agency, relay = make_outlet("Agency"), make_outlet("Relay")
    claim = make_claim("Rain will fall.", speaker=make_speaker("Ana Ruiz"))
    make_report(claim, outlet=make_outlet("Gazette"), credit=agency, partial=True)
    make_report(claim, outlet=make_outlet("Review"), relays=(agency, relay))

    response = client.get(claim.get_absolute_url())
    words = text_of(response)

    assert "Repeated" in words
    assert "Gazette and Review report this, but all of it could trace back to Agency: one origin." in words
    first, *others = response.context["origins"]
    assert (first.name, first.chosen, first.explained) == ("Agency", True, 2)
    assert {(origin.name, origin.chosen) for origin in others} == {("Gazette", False), ("Relay", False)}
    assert "Review ← from Agency or Relay ← from Ana Ruiz" in words


@pytest.mark.django_db
def test_every_possible_origin_links_to_the_words_that_say_so(client):
    agency = make_outlet("Agency")
    claim = make_claim("Rain will fall.")
    article = make_article("He said: Rain will fall. (With inputs from Agency)")
    make_credit(article, agency, partial=True, start=25, end=50)
    make_report(claim, article=article)

    page = client.get(claim.get_absolute_url()).content.decode()
    target = f"{article.get_absolute_url()}?at=25#e-25-50"

    assert f'href="{target}"' in page
    assert "“(With inputs from Agency)”" in page
    assert 'id="e-25-50"' in client.get(article.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_an_article_made_of_another_outlets_text_is_shown_as_a_chain(client):
    claim = make_claim(speaker=make_speaker("Ana Ruiz"))
    make_report(claim, outlet=make_outlet("Gazette"), credit=make_outlet("Agency"))

    assert "Gazette ← from Agency ← from Ana Ruiz" in text_of(client.get(claim.get_absolute_url()))


@pytest.mark.django_db
def test_wordings_are_compared_word_by_word(client):
    claim = make_claim("We shall withdraw 12 battalions from the border by May.")
    make_report(claim, quote="We shall withdraw 12 battalions from the border by May.")
    make_report(claim, quote="We shall withdraw 14 battalions from the border.")

    page = client.get(claim.get_absolute_url()).content.decode()

    assert re.search(r'<ins><span class="unseen">\[added: </span>14', page)
    assert re.search(r'<del><span class="unseen">\[missing: </span>12', page)
    assert "⚑ numbers differ" in page


@pytest.mark.django_db
def test_switches_count_confirmed_reports_and_owners(client):
    owner = make_outlet("Holding")
    claim = make_claim()
    make_report(claim, outlet=make_outlet("Gazette", owner=owner), status="confirmed")
    make_report(claim, outlet=make_outlet("Review", owner=owner))
    address = claim.get_absolute_url()

    assert client.get(address).context["reports"].finding.level == "corroborated"
    confirmed = client.get(f"{address}?confirmed=1")
    assert confirmed.context["reports"].finding.level == "single"
    assert "1 proposed report not counted here" in text_of(confirmed)
    by_owner = client.get(f"{address}?by=owner")
    assert by_owner.context["reports"].finding.level == "single"
    assert [(origin.name, origin.explained) for origin in by_owner.context["origins"]] == [("Holding", 2)]
    assert "Gazette, of the same owner," in text_of(by_owner)


@pytest.mark.django_db
def test_an_unknown_switch_is_named(client):
    response = client.get(f"{make_claim().get_absolute_url()}?by=moon")

    assert response.status_code == 400
    assert "not by “moon”" in text_of(response)


@pytest.mark.django_db
def test_denials_stand_apart(client):
    claim = make_claim("Rain will fall.")
    make_report(claim, outlet=make_outlet("Gazette"))
    make_report(claim, outlet=make_outlet("Review"), quote="No rain will fall.", stance="denies")

    response = client.get(claim.get_absolute_url())

    assert [group.outlet.name for group in response.context["report_groups"]] == ["Gazette"]
    assert [group.outlet.name for group in response.context["denials"]] == ["Review"]
    assert "1 report denies it" in text_of(response)


@pytest.mark.django_db
def test_the_articles_on_the_same_story_that_lack_the_claim_are_named(client):
    speaker = make_speaker()
    shared, claim = make_claim("Rain will fall.", speaker=speaker), make_claim("Snow too.", speaker=speaker)
    both = make_article("He said: Rain will fall. Snow too.")
    lacking = make_article("He said: Rain will fall.", title="Nothing on snow")
    make_report(shared, article=both)
    make_report(shared, article=lacking)
    make_report(claim, article=both)

    words = text_of(client.get(claim.get_absolute_url()))

    assert "Not found in 1 of 2 articles on the same story" in words
    assert "Nothing on snow" in words


@pytest.mark.django_db
def test_the_history_names_who_decided_what(client):
    editor = make_user("Ed", editor=True)
    attribution = make_report(make_claim())
    client.force_login(editor)
    client.post(reverse("attribution_confirm", args=[attribution.uid]))

    history = client.get(attribution.claim.get_absolute_url()).context["history"]

    assert [(decision.who, decision.what) for decision in history] == [
        ("test", "proposed: affirms the claim (score 1.00)"),
        ("Ed", "confirmed"),
    ]


@pytest.mark.django_db
def test_a_merged_claim_leads_to_the_one_it_was_merged_into(client):
    target = make_claim()
    between = make_claim(merged_into=target)
    merged = make_claim(merged_into=between)

    response = client.get(f"{merged.get_absolute_url()}?confirmed=1")

    assert response.status_code == 301
    # The merge may be undone.
    assert response["Cache-Control"] == "no-cache"
    assert response.url == f"{target.get_absolute_url()}?confirmed=1"


@pytest.mark.django_db
def test_a_claim_whose_reports_were_all_rejected_is_still_readable(client):
    attribution = make_report(make_claim(), status="rejected")

    words = text_of(client.get(attribution.claim.get_absolute_url()))

    assert "No report of this claim counts at present." in words
    assert "Rejected by editors" in words


# Many reports


@pytest.mark.django_db
def test_reports_beyond_the_first_page_are_a_link_away(client):
    claim = make_claim("Rain will fall.")
    reports = add_reports(claim, 30)
    address = claim.get_absolute_url()

    first = client.get(address)
    page = first.content.decode()
    assert len(re.findall(r'<article class="report"', page)) == 25
    assert "Page 1 of 2" in text_of(first)
    last = reports[-1].uid
    assert f'id="r-{last}"' not in page
    assert f'id="r-{last}"' in client.get(f"{address}?page=2").content.decode()
    # Whoever is led to a report comes to the page that it is on.
    assert f'id="r-{last}"' in client.get(f"{address}?report={last}").content.decode()
    assert f'id="r-{reports[0].uid}"' in client.get(f"{address}?report=nonsense&page=junk").content.decode()


@pytest.mark.django_db
def test_what_is_not_drawn_or_listed_is_counted(client):
    claim = make_claim("Rain will fall.")
    add_reports(claim, 40)

    response = client.get(claim.get_absolute_url())
    diagram = response.context["diagram"]
    words = text_of(response)

    assert [len(column.nodes) for column in diagram.columns] == [14, 14, 14]
    assert "and 27 more origins" in words
    assert "and 27 more outlets" in words
    assert "and 27 more reports" in words
    # Two days of reports: each names the first eight of its outlets.
    assert [(day.count, day.more) for day in response.context["timeline"].days] == [(24, 16), (16, 8)]
    assert [len(response.context[name]) for name in ("origins", "more_origins")] == [30, 10]


@pytest.mark.django_db
def test_one_origin_of_many_reports_shows_the_first_of_its_evidence(client):
    claim, agency = make_claim("Rain will fall."), make_outlet("Agency")
    add_reports(claim, 12, credit=agency)

    [origin] = client.get(claim.get_absolute_url()).context["origins"]

    assert (origin.explained, len(origin.evidence), origin.more) == (12, 10, 2)


# The diagram


@pytest.mark.django_db
def test_the_diagram_marks_the_set_that_explains_all_by_shape_and_words(client):
    agency, claim = make_outlet("Agency"), make_claim("Rain will fall.")
    make_report(claim, outlet=make_outlet("Gazette"), credit=agency, partial=True)
    report = make_report(claim, outlet=make_outlet("Review"), credit=agency)

    page = client.get(claim.get_absolute_url()).content.decode()
    drawing = page.split('<svg viewBox="-2')[1].split("</svg>")[0]

    assert 'aria-labelledby="diagram-title diagram-desc"' in drawing
    assert '<desc id="diagram-desc">Gazette and Review report this' in drawing
    assert 'href="#o-agency" aria-label="Agency, could explain every report" class="node node-origin-chosen"' in drawing
    assert 'aria-label="Gazette, possible: 1 of 2" class="node node-origin"' in drawing
    assert f'href="#r-{report.uid}"' in drawing
    assert 'id="o-agency"' in page.split('id="origins-list"')[1]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 2, 12])
def test_each_report_has_a_node_while_they_are_few(client, count):
    claim = make_claim("Rain will fall.")
    reports = add_reports(claim, count)

    diagram = client.get(claim.get_absolute_url()).context["diagram"]

    drawn = {placed.node.address for placed in diagram.columns[2].nodes}
    assert drawn == {f"#r-{report.uid}" for report in reports}


def drawing(columns, links):
    nodes = [[Node(key, "outlet", key, "", key, "#") for key in column] for column in columns]
    return layered(["x"] * len(columns), nodes, [Link(start, end, "told") for start, end in links])


def crossings(drawn):
    places = {placed.node.key: placed.middle for column in drawn.columns for placed in column.nodes}
    columns = {placed.node.key: column.x for column in drawn.columns for placed in column.nodes}
    return sum(
        columns[a.link.start] == columns[b.link.start]
        and (places[a.link.start] - places[b.link.start]) * (places[a.link.end] - places[b.link.end]) < 0
        for a, b in itertools.combinations(drawn.links, 2)
    )


def test_a_drawing_that_can_do_without_crossings_has_none():
    columns = [["o1", "o2", "o3"], ["a", "b", "c", "d"], ["1", "2", "3", "4", "5"]]
    links = [("o1", "d"), ("o2", "b"), ("o2", "c"), ("o3", "a"), ("a", "5"), ("b", "4"), ("c", "3"), ("d", "1")]
    drawn = drawing(columns, [*links, ("d", "2")])

    assert crossings(drawn) == 0
    assert drawn == drawing(columns, [*links, ("d", "2")])


def test_a_drawing_keeps_its_nodes_apart_and_inside():
    keys = [[f"{column}{number}" for number in range(size)] for column, size in enumerate((5, 14, 14))]
    links = [(a, b) for left, right in itertools.pairwise(keys) for n, a in enumerate(left) for b in right[n::5]]
    drawn = drawing(keys, links)

    for column in drawn.columns:
        tops = [placed.y for placed in column.nodes]
        assert all(below - above >= 46 for above, below in itertools.pairwise(tops))
        assert tops[0] >= 0
        assert tops[-1] + 46 <= drawn.height
    assert len(drawn.links) == len(links)
    unordered = sum(a[0] < b[0] and a[1] > b[1] for a, b in itertools.permutations(links, 2))
    assert crossings(drawn) <= unordered


def test_labels_are_cut_to_what_fits_in_any_script():
    assert shortened("Gazette", 7) == "Gazette"
    assert shortened("Gazette and Review", 8) == "Gazette…"
    assert shortened("新华社通讯", 6) == "新华…"


# Wordings


@pytest.mark.django_db
def test_clipped_words_are_shown_missing_and_alarm_where_they_change_the_sense(client):
    claim = make_claim(FULL)
    make_report(claim, outlet=make_outlet("Gazette"), quote=FULL)
    make_report(claim, outlet=make_outlet("Herald"), quote=FULL)
    make_report(claim, outlet=make_outlet("Late Post"), quote="We will not reopen the bridge before May.")
    make_report(
        claim, outlet=make_outlet("Review"), quote="We will reopen the bridge before May if the river stays high."
    )

    response = client.get(claim.get_absolute_url())
    table = response.content.decode().split('<table class="table wordings">')[1].split("</table>")[0]
    rows = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in table.split("<tr")[2:]]

    assert "Gazette , Herald" in rows[0]
    assert "fullest wording" in rows[0]
    assert "Without “not” it says the opposite of the fullest wording." in table
    assert any("Review truncated inside We will [missing: not ] reopen the bridge" in row for row in rows)
    assert "under a condition or limit: “if the river stays high”" in table
    assert table.count('class="alarming"') == 2


@pytest.mark.django_db
def test_wordings_with_alarms_come_before_the_others(client):
    claim = make_claim(FULL)
    make_report(claim, quote=FULL)
    make_report(
        claim, outlet=make_outlet("Mild"), quote="We won’t reopen the bridge before May if the river stays high."
    )
    make_report(
        claim, outlet=make_outlet("Wild"), quote="We will reopen the bridge before May if the river stays high."
    )

    rows = client.get(claim.get_absolute_url()).context["wordings"]

    assert [row.reports[0].outlet.name for row in rows[1:]] == ["Wild", "Mild"]


@pytest.mark.django_db
def test_a_lone_report_needs_no_table(client):
    report = make_report(make_claim("Rain will fall."))

    assert "wordings-title" not in client.get(report.claim.get_absolute_url()).content.decode()


# Dates and figures


@pytest.mark.django_db
def test_said_published_and_captured_are_told_apart(client):
    claim = make_claim("Rain will fall.", said_on=date(2019, 12, 31))
    report = make_report(claim)
    report.statement.said_on = date(2019, 12, 31)
    report.statement.save()

    words = text_of(client.get(claim.get_absolute_url()))

    assert "Said 31 December 2019 Published 1 January 2020 Captured 2 January 2020" in words


@pytest.mark.django_db
def test_each_figure_opens_what_it_counts(client):
    claim = make_claim("Rain will fall.")
    add_reports(claim, 3)

    page = client.get(claim.get_absolute_url()).content.decode()

    figures = page.split('<dl class="figures">')[1].split("</dl>")[0]
    for anchor, figure in re.findall(r'<a href="#([a-z-]+)">([^<]+)</a>', figures):
        assert f'id="{anchor}"' in page, figure
    assert re.findall(r">([^<]+)</a>", figures) == ["3", "3", "3", "0 of 3"]


# What does not count


@pytest.mark.django_db
def test_of_many_rejected_reports_the_latest_are_listed(client, monkeypatch):
    from claims.views import claims as view

    monkeypatch.setattr(view, "LIST_LENGTH", 2)
    claim = make_claim("Rain will fall.")
    for _ in range(3):
        make_report(claim, status="rejected")
    make_report(claim, status="unsure")

    response = client.get(claim.get_absolute_url())

    assert (len(response.context["rejected"]), len(response.context["unsure"])) == (2, 1)
    assert "The latest 2 of 3 are listed." in text_of(response)
    assert 'content="noindex"' in response.content.decode()


@pytest.mark.django_db
def test_contradicting_and_likely_claims_are_kept_apart(client):
    claim, against, like = make_claim("Five boats sank."), make_claim("No boats sank."), make_claim("5 boats sank.")
    for other, kind in ((against, "contradicts"), (like, "same")):
        ClaimLink.objects.create(claim=claim, other=other, kind=kind, score=0.5, method="test", reason="a reason")

    context = client.get(claim.get_absolute_url()).context

    assert [shown.other for shown in context["contradictions"]] == [against]
    assert [link.other for link in context["links"]] == [like]


@pytest.mark.django_db
def test_a_merged_claim_leads_on_in_each_of_its_forms(client):
    gone, kept = make_claim("Rain will fall."), make_claim("It will rain.")
    make_report(gone)
    merge_claims(gone, into=kept, by=make_user(editor=True))

    for name in ("claim_detail", "claim_evidence", "claim_bibtex", "claim_csl"):
        response = client.get(f"{reverse(name, args=[gone.uid])}?by=owner")
        assert (response.status_code, response["Location"]) == (301, f"{reverse(name, args=[kept.uid])}?by=owner")
        assert client.get(reverse(name, args=[uuid.UUID(int=1)])).status_code == 404
        assert client.get(f"{reverse(name, args=[kept.uid])}?by=moon").status_code == 400


# How others refer to it


@pytest.mark.django_db
def test_the_head_holds_linked_data_that_nothing_can_break_out_of(client):
    bad = "</script><script>alert(1)</script>"
    claim = make_claim(f"Rain {bad}", speaker=make_speaker("Ana Ruiz", kind="person", wikidata_id="Q7"))
    report = make_report(claim, outlet=make_outlet("Gazette"))
    article = report.statement.revision.article

    response = client.get(claim.get_absolute_url())
    told = linked_data_of(response)

    assert told["text"] == claim.text
    assert told["author"] == {
        "@type": "Person",
        "name": "Ana Ruiz",
        "sameAs": "https://www.wikidata.org/entity/Q7",
    }
    assert told["firstAppearance"] == told["appearance"][0]
    assert told["appearance"][0]["@id"] == f"http://testserver{article.get_absolute_url()}"
    assert told["appearance"][0]["datePublished"] == "2020-01-01"
    assert "alert(1)</script>" not in response.content.decode()


def test_linked_data_leaves_out_what_is_not_known():
    plain = PlainClaim("https://x.example/c", "Rain.", "en", None, None, [], [])

    assert claim_linked_data(plain) == {
        "@context": "https://schema.org",
        "@type": "Claim",
        "@id": "https://x.example/c",
        "url": "https://x.example/c",
        "name": "Rain.",
        "text": "Rain.",
        "inLanguage": "en",
    }


def test_the_first_appearance_has_a_date():
    undated = Appearance("No date", "Gazette", "https://x.example/1")
    dated = Appearance("Dated", "Review", "https://x.example/2", published_at=datetime(2020, 1, 2, 3, tzinfo=UTC))
    told = claim_linked_data(
        PlainClaim(
            "https://x.example/c", "Rain.", "en", Author("A Ministry", "body"), None, ["Weather"], [dated, undated]
        )
    )

    assert told["firstAppearance"]["headline"] == "Dated"
    assert told["author"]["@type"] == "Organization"
    assert "datePublished" not in told["appearance"][1]
    assert told["about"] == [{"@type": "Thing", "name": "Weather"}]


@pytest.mark.django_db
def test_a_citation_leads_to_the_page_as_it_was(client):
    claim = make_claim("Rain will fall.", speaker=make_speaker("Ana Ruiz"))
    make_report(claim)
    before = datetime.now(UTC)
    citation = client.get(claim.get_absolute_url()).context["citation"]
    after = datetime.now(UTC)
    make_report(claim)

    assert citation.text.startswith("Ana Ruiz, as reported: “Rain will fall”. Second Source: single, 1 outlet, 1 ")
    assert any(f"accessed {moment.day} " in citation.text for moment in (before, after))
    path = citation.url.removeprefix("http://testserver")
    assert path.startswith(f"{claim.get_absolute_url()}?as_of=2")
    assert client.get(claim.get_absolute_url()).context["reports"].finding.level == "corroborated"


@pytest.mark.django_db
def test_citations_come_for_programs_that_keep_them(client):
    claim = make_claim("Rain {will} fall & 100% so.", speaker=make_speaker("Ana Ruíz"), said_on=date(2019, 5, 4))
    make_report(claim)

    bibtex = client.get(reverse("claim_bibtex", args=[claim.uid]))
    csl = client.get(f"{reverse('claim_csl', args=[claim.uid])}?confirmed=1")

    assert bibtex["Content-Type"].startswith("application/x-bibtex")
    body = bibtex.content.decode()
    assert body.startswith(f"@misc{{ruiz-{str(claim.uid)[:8]},\n")
    assert r"title = {{“Rain \{will\} fall \& 100\% so”}}" in body
    assert body.count("{") - body.count("\\{") == body.count("}") - body.count("\\}")
    [item] = json.loads(csl.content)
    assert item["author"] == [{"literal": "Ana Ruíz"}]
    assert item["issued"] == {"date-parts": [[2019, 5, 4]]}
    assert "?confirmed=1&as_of=" in item["URL"]


@pytest.mark.django_db
def test_the_page_says_where_it_belongs_and_what_it_is(client):
    topic = make_topic("Weather")
    claim = make_claim("Rain will fall.", topics=(topic,))
    make_report(claim, outlet=make_outlet("Gazette"))

    page = client.get(claim.get_absolute_url()).content.decode()

    crumbs = page.split('class="breadcrumbs"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', crumbs) == [reverse("claim_list"), reverse("topic_detail", args=["weather"])]
    assert '<meta property="og:description" content="Only Gazette reports this.">' in page
    assert f'<link rel="canonical" href="http://testserver{claim.get_absolute_url()}">' in page


@pytest.mark.django_db
def test_html_in_what_outlets_wrote_is_shown_not_run(client):
    bad = "<img src=x onerror=alert(1)>"
    claim = make_claim(f"Rain {bad}", speaker=make_speaker(f"Ana {bad}"), topics=(make_topic(f"T {bad}"),))
    make_report(claim, outlet=make_outlet(f"Gazette {bad}"), credit=make_outlet(f"Agency {bad}"))
    make_report(claim, article=make_article(f"x {bad} snow", title=f"Title {bad}"), quote=f"{bad} snow")

    page = client.get(claim.get_absolute_url()).content.decode()

    assert "<img" not in page
    assert not re.search(r"<style|\sstyle=|\son\w+=\"", page)
    # Data and one file: no script stands in the page itself.
    assert re.findall(r"<script ?([^>]*)>", page) == [
        'type="application/ld+json"',
        'src="/static/claim.js" defer',
    ]
    assert "&lt;img" in page
