"""Pages of articles: the list, the text with its statements and the parts of a long one."""

import gzip
import re
import uuid
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.article_search import ARTICLES_PER_PAGE
from claims.highlighting import PART_CHARACTERS
from sources.identity import uid_for
from sources.models import Derivation, DerivationSpan
from tests.factories import (
    make_article,
    make_claim,
    make_credit,
    make_outlet,
    make_report,
    make_speaker,
    make_statement,
    revise,
)

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
MOST_BYTES = 100_000


def text_of(response) -> str:
    """Return a page's words without its elements, spaces evened out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def make_busy_article(statements: int, *, others: int = 1, gap: str = ""):
    """Return an article with as many statements of one claim each, which other articles carry too."""
    quotes = [f"Thing number {n} is so and not otherwise, said the board{gap}." for n in range(statements)]
    agency = make_outlet()
    article = make_article("\n\n".join(quotes))
    elsewhere = [make_article("\n\n".join(quotes)) for _ in range(others)]
    for quote in quotes:
        claim = make_claim(quote)
        make_report(claim, article=article, relays=(agency,))
        for other in elsewhere:
            make_report(claim, article=other)
    make_credit(article, agency, partial=True, start=0, end=5)
    return article


# The text with its statements


def test_statements_are_marked_and_lead_to_their_claims(client):
    claim = make_claim("Rain will fall.")
    attribution = make_report(claim)
    article = attribution.statement.revision.article

    page = client.get(article.get_absolute_url()).content.decode()

    assert f'<mark class="statement" id="s-{attribution.statement.uid}">Rain will fall.</mark>' in page
    assert f'href="{claim.get_absolute_url()}#r-{attribution.uid}"' in page
    assert 'class="level level-single"' in page


def test_crossing_and_nested_statements_can_all_be_reached(client):
    article = make_article("He said alpha beta gamma delta.")
    first = make_statement("alpha beta gamma", article=article)
    second = make_statement("beta gamma delta", article=article)
    inner = make_statement("gamma", article=article)

    page = client.get(article.get_absolute_url()).content.decode()

    for statement in (first, second, inner):
        assert page.count(f'id="s-{statement.uid}"') == 1
        assert page.count(f'id="n-{statement.uid}"') == 1
        assert f'href="#n-{statement.uid}"' in page
        assert f'href="#s-{statement.uid}"' in page


def test_a_statement_leads_to_its_place_in_the_article(client):
    statement = make_statement()
    response = client.get(statement.get_absolute_url())

    assert response.status_code == 302
    assert response.url.endswith(f"?statement={statement.uid}#s-{statement.uid}")
    page = client.get(response.url).content.decode()
    assert f'<mark class="statement chosen" id="s-{statement.uid}" tabindex="-1" autofocus>' in page


def test_a_statement_of_an_older_text_leads_to_that_text(client):
    statement = make_statement("Rain will fall.")
    article = statement.revision.article
    revise(article, "A new text.")

    page = client.get(client.get(statement.get_absolute_url()).url).content.decode()

    assert "This is revision 1 of the text, not the current one." in page
    assert f'id="s-{statement.uid}"' in page
    assert "A new text." in text_of(client.get(article.get_absolute_url()))
    assert client.get(f"{article.get_absolute_url()}?revision=9").status_code == 404


def test_an_id_in_the_address_that_names_nothing_shows_the_current_text(client):
    article = make_article("Nothing is said here.")
    for asked in ("statement=nonsense", f"statement={uuid.UUID(int=1)}", "at=x", "part=99", "part=-1", "at=999999"):
        response = client.get(f"{article.get_absolute_url()}?{asked}")
        assert "Nothing is said here." in text_of(response), asked


def test_a_withdrawn_statement_says_why_it_is_not_there(client):
    statement = make_statement(withdrawn_at=datetime(2020, 1, 3, tzinfo=UTC), withdrawn_reason="A headline.")
    response = client.get(statement.get_absolute_url(), follow=True)

    assert "The statement you followed was withdrawn: A headline." in text_of(response)
    assert f'id="s-{statement.uid}"' not in response.content.decode()


def test_a_rejected_attribution_is_not_shown_at_the_article(client):
    attribution = make_report(make_claim("Rain will fall."), status="rejected")
    article = attribution.statement.revision.article

    assert "Carries no claim yet." in text_of(client.get(article.get_absolute_url()))


def test_the_three_times_are_kept_apart(client):
    speaker = make_speaker()
    article = make_article("He said A is so. He said B is so.")
    make_statement("A is so.", article=article, speaker=speaker, said_on=date(2019, 12, 30))
    make_statement("B is so.", article=article, speaker=speaker, said_on=date(2019, 12, 31))

    words = text_of(client.get(article.get_absolute_url()))

    assert "Said30 December 2019 – 31 December 2019" in words
    assert "Published 1 January 2020" in words
    assert "Captured2 January 2020, 00:00 UTC" in words
    assert article.current_revision.snapshot.sha256 in words


def test_a_text_is_marked_by_code_points_in_any_script(client):
    text = "قال الوزير: «😀 سيهطل المطر غدا» ثم غادر 👩‍👩‍👧."
    article = make_article(text, language="ar")
    statement = make_statement("😀 سيهطل المطر غدا", article=article, speaker=make_speaker("الوزير"))

    page = client.get(article.get_absolute_url()).content.decode()

    assert f'id="s-{statement.uid}">😀 سيهطل المطر غدا</mark>' in page
    assert '<div class="text" lang="ar">' in page
    assert '<p dir="auto">قال الوزير' in page


def test_html_in_a_text_is_shown_not_run(client):
    bad = "<script>alert(1)</script>"
    article = make_article(f"He said {bad} is so.", title=bad, byline=bad)
    make_statement(f"{bad} is so", article=article, speaker=make_speaker(bad))
    for address in (article.get_absolute_url(), f"/compare/?article={article.uid}", f"/articles/?q={bad}"):
        page = client.get(address).content.decode()
        assert "<script" not in page, address
        assert "&lt;script&gt;" in page, address


# By speaker, and from one to the next


@pytest.fixture
def spoken():
    """Give an article in which A speaks twice and B once, and its statements in order."""
    a, b = make_speaker("Ana Ruiz"), make_speaker("Bo Lind")
    article = make_article("One is so.\n\nTwo is so.\n\nThree is so.\n\nFour is so.")
    statements = [
        make_statement(quote, article=article, speaker=speaker)
        for quote, speaker in (("One is so.", a), ("Two is so.", b), ("Three is so.", a))
    ]
    unnamed = make_statement("Four is so.", article=article)
    unnamed.speaker = None
    unnamed.save()
    return article, [*statements, unnamed]


def test_speakers_are_counted_and_their_statements_picked(client, spoken):
    article, statements = spoken
    words = text_of(client.get(article.get_absolute_url()))
    assert "All 4" in words
    assert "Ana Ruiz 2" in words
    assert "Bo Lind 1" in words
    assert "speaker unknown 1" in words

    page = client.get(f"{article.get_absolute_url()}?speaker={statements[0].speaker.uid}").content.decode()
    shown = [statement for statement in statements if f'id="s-{statement.uid}"' in page]
    assert shown == [statements[0], statements[2]]
    # Numbers stay those of the whole article.
    assert 'aria-label="To statement 3 in the text">3</a>' in page
    page = client.get(f"{article.get_absolute_url()}?speaker=unknown").content.decode()
    assert f'id="s-{statements[3].uid}"' in page
    assert f'id="s-{statements[0].uid}"' not in page


def test_a_statement_that_the_address_points_to_is_shown_whoever_is_picked(client, spoken):
    article, (first, second, *_) = spoken
    address = f"{article.get_absolute_url()}?speaker={first.speaker.uid}&statement={second.uid}"

    assert f'chosen" id="s-{second.uid}"' in client.get(address).content.decode()


def test_a_speaker_who_says_nothing_here_is_no_fault(client, spoken):
    article, _ = spoken
    for name in ("nobody", "", "%00", f"{uuid.UUID(int=1)}"):
        assert client.get(f"{article.get_absolute_url()}?speaker={name}").status_code == 200
    words = text_of(client.get(f"{article.get_absolute_url()}?speaker=nobody"))
    assert "Nobody of that name says anything in this text." in words


def test_steps_lead_through_the_statements_that_are_picked(client, spoken):
    article, (first, second, third, last) = spoken
    address = article.get_absolute_url()

    def steps(query):
        page = client.get(f"{address}?{query}").content.decode()
        found = re.findall(r'rel="(prev|next)" href="[^"]*statement=([0-9a-f-]+)[^"]*#s-([0-9a-f-]+)"', page)
        assert all(asked == fragment for _, asked, fragment in found)
        return {rel: asked for rel, asked, _ in found}

    assert steps("") == {"next": str(first.uid)}
    assert steps(f"statement={second.uid}") == {"prev": str(first.uid), "next": str(third.uid)}
    assert steps(f"statement={last.uid}") == {"prev": str(third.uid)}
    picked = f"speaker={first.speaker.uid}"
    assert steps(f"{picked}&statement={first.uid}") == {"next": str(third.uid)}
    assert "Statement 2 of 4" in text_of(client.get(f"{address}?statement={second.uid}"))


# Where it comes from


def test_a_credit_leads_to_the_words_that_say_so(client):
    article = make_article("Rain will fall. (With inputs from Agency)")
    make_credit(article, make_outlet("Agency"), partial=True, start=16, end=41)

    page = client.get(article.get_absolute_url()).content.decode()

    assert "partly from" in page
    assert '<a class="exact" href="#e-16-41" lang="en">“(With inputs from Agency)”</a>' in page
    assert '<mark class="evidence" id="e-16-41">(With inputs from Agency)</mark>' in page


def make_copy(copy, original, start, end, upstream_start, upstream_end):
    derivation = Derivation.objects.create(
        uid=uid_for("derivation", str(copy.uid), "copy", str(original.uid)),
        article=copy,
        kind=Derivation.Kind.COPY,
        upstream_outlet=original.outlet,
        upstream_article=original,
        revision=copy.current_revision,
        score=0.8,
        method="test",
    )
    DerivationSpan.objects.create(
        derivation=derivation,
        start=start,
        end=end,
        upstream_revision=original.current_revision,
        upstream_start=upstream_start,
        upstream_end=upstream_end,
        words=7,
    )


def test_a_copy_is_marked_in_both_texts_and_leads_to_both_side_by_side(client):
    original = make_article("It began. The dam broke at noon, officials said.", outlet=make_outlet("Agency"))
    copy = make_article("The dam broke at noon, officials said. So it was.", outlet=make_outlet("Gazette"))
    make_copy(copy, original, 0, 38, 10, 48)

    page = client.get(copy.get_absolute_url()).content.decode()
    assert '<mark class="evidence" id="e-0-38">' in page
    assert f"/compare/?article={copy.uid}&amp;article={original.uid}#copied" in page
    assert "7 words in 1 passage are the same" in text_of(client.get(copy.get_absolute_url()))
    page = client.get(original.get_absolute_url()).content.decode()
    assert '<mark class="evidence" id="e-10-48">' in page
    assert "Copied by" in page
    both = client.get(f"/compare/?article={copy.uid}&article={original.uid}")
    assert both.content.decode().count("<mark>The dam broke at noon, officials said.</mark>") == 2
    assert f'href="{original.get_absolute_url()}?revision=1#e-10-48"' in both.content.decode()


# The same story


def test_articles_on_the_same_story_come_by_how_much_they_share(client):
    speaker = make_speaker()
    claims = [make_claim(f"Thing {n} is so.", speaker=speaker) for n in range(3)]
    texts = {"Here": claims, "Much": claims[:2], "Little": claims[2:]}
    articles = {}
    for name, carried in texts.items():
        articles[name] = make_article(" ".join(c.text for c in carried), title=name, outlet=make_outlet(name))
        for claim in carried:
            make_report(claim, article=articles[name])

    response = client.get(articles["Here"].get_absolute_url())

    assert [(row.article.title, row.shared) for row in response.context["related"]] == [("Much", 2), ("Little", 1)]
    whole = response.context["whole_story"]
    assert [str(articles[name].uid) for name in ("Here", "Much", "Little")] == re.findall(r"article=([^&]+)", whole)
    assert client.get(whole).status_code == 200


# Long texts and many statements


@pytest.mark.parametrize("statements", [1, 100])
def test_the_article_page_takes_at_most_twelve_queries(client, statements):
    article = make_busy_article(statements)
    make_copy(make_article(article.current_revision.text), article, 0, 9, 0, 9)

    assert queries_of(client, article.get_absolute_url()) <= MOST_QUERIES


def test_the_article_page_takes_as_many_queries_for_a_hundred_statements_as_for_one(client):
    one, hundred = make_busy_article(1), make_busy_article(100, others=3)

    assert queries_of(client, one.get_absolute_url()) == queries_of(client, hundred.get_absolute_url())


def test_a_text_of_half_a_megabyte_is_shown_in_parts_with_the_chosen_statement_s_part(client):
    filler = " ".join(f"Word{n} stands here and says nothing at all of any weight." for n in range(15))
    paragraphs = [f"{filler} Thing number {n} is so." for n in range(600)]
    article = make_article("\n\n".join(paragraphs))
    assert len(article.current_revision.text) > 500_000
    speaker = make_speaker()
    statements = [make_statement(f"Thing number {n} is so.", article=article, speaker=speaker) for n in range(600)]

    first = client.get(article.get_absolute_url())
    deep = client.get(f"{article.get_absolute_url()}?statement={statements[431].uid}")

    for response in (first, deep):
        page = response.content.decode()
        assert len(gzip.compress(response.content)) < MOST_BYTES
        assert len("".join(re.findall(r'<p dir="auto">(.*?)</p>', page, re.DOTALL))) < PART_CHARACTERS * 2
        assert f"Part {response.context['reading'].part_number} of {len(response.context['reading'].parts)}" in page
    assert f'id="s-{statements[0].uid}"' in first.content.decode()
    assert f'id="s-{statements[431].uid}"' not in first.content.decode()
    assert f'chosen" id="s-{statements[431].uid}"' in deep.content.decode()
    assert "Statement 432 of 600" in text_of(deep)
    # Every statement is in a part, and no part has too many.
    parts = len(first.context["reading"].parts)
    found = [
        uid
        for number in range(1, parts + 1)
        for uid in re.findall(
            r'id="s-([0-9a-f-]+)"', client.get(f"{article.get_absolute_url()}?part={number}").content.decode()
        )
    ]
    assert found == [str(statement.uid) for statement in statements]
    assert queries_of(client, f"{article.get_absolute_url()}?statement={statements[431].uid}") <= MOST_QUERIES


def test_evidence_in_a_long_text_is_found_in_its_part(client):
    text = "\n\n".join("Nothing is said in this paragraph of words." * 20 for _ in range(60)) + "\n\n(AP)"
    article = make_article(text)
    make_credit(article, make_outlet("AP"), start=len(text) - 4, end=len(text))

    page = client.get(article.get_absolute_url()).content.decode()
    address = re.search(r'<a class="exact" href="([^"]+)"', page)[1].replace("&amp;", "&")

    assert f'id="e-{len(text) - 4}-{len(text)}"' not in page
    page = client.get(f"{article.get_absolute_url()}{address.partition('#')[0]}").content.decode()
    assert f'id="{address.partition("#")[2]}"' in page


# The list


def titles(response) -> list[str]:
    return [article.title for article in response.context["page"].articles]


def test_articles_are_found_by_title_and_by_words_of_their_text(client):
    make_article("Rain is falling.", title="Weather forecast")
    make_article("Taxes are rising.", title="Money")

    assert titles(client.get("/articles/?q=falling")) == ["Weather forecast"]
    assert titles(client.get("/articles/?q=eather+fore")) == ["Weather forecast"]
    assert titles(client.get("/articles/?q=rising+-taxes")) == []
    response = client.get("/articles/?q=snow")
    assert "No article found" in text_of(response)
    assert "Show all articles" in text_of(response)


@pytest.mark.parametrize("q", ["%", "'", '"', "\\", "a" * 300, "😀", "习近平", "&|!():*<->", " ", "_"])
def test_any_words_may_be_searched_for(client, q):
    make_article("Rain is falling.")

    assert client.get("/articles/", {"q": q}).status_code == 200


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("q=%00snow", "Null characters are not allowed"),
        ("outlet=nope", "There is no outlet of this name or id: “nope”."),
        ("since=yesterday", "yesterday"),
        ("after=17", "The page begins after no article."),
        (f"q={'a' * 301}", "at most 300 characters"),
    ],
)
def test_a_filter_that_cannot_be_meant_is_named(client, query, message):
    response = client.get(f"/articles/?{query}")

    assert response.status_code == 400
    assert message in text_of(response)


def test_articles_are_filtered_by_outlet_language_and_days(client):
    gazette = make_outlet("Gazette")
    at = datetime(2020, 3, 31, 23, 59, tzinfo=UTC)
    make_article("A.", title="Ours", outlet=gazette, language="ru", published_at=at)
    make_article("B.", title="Theirs")

    for query in ("outlet=gazette", "language=ru", "since=2020-03-31", "since=2020-03-31&until=2020-03-31"):
        assert titles(client.get(f"/articles/?{query}")) == ["Ours"], query
    assert titles(client.get("/articles/?until=2020-03-30")) == ["Theirs"]
    assert titles(client.get("/articles/?until=9999-12-31")) == ["Ours", "Theirs"]


def test_a_text_with_more_words_than_an_index_takes_is_stored_and_found_by_its_first(client):
    make_article(" ".join(f"word{n}" for n in range(250_000)), title="Huge")

    assert titles(client.get("/articles/?q=word7")) == ["Huge"]


def walk(client, address, name):
    """Return the titles of the pages from an address on, following its links."""
    found = []
    while address:
        response = client.get(address)
        found.append(titles(response))
        beside = getattr(response.context["page"], name)
        address = f"/articles/?{name}={beside.uid}" if beside else ""
    return found


def test_pages_of_articles_neither_overlap_nor_leave_any_out(client):
    same_day = datetime(2020, 5, 5, tzinfo=UTC)
    for n in range(ARTICLES_PER_PAGE):
        make_article(title=f"dated {n}", published_at=same_day)
    for n in range(ARTICLES_PER_PAGE + 5):
        make_article(title=f"undated {n}", published_at=None)
    make_article(title="newest", published_at=datetime(2021, 1, 1, tzinfo=UTC))

    forward = walk(client, "/articles/", "after")
    expected = ["newest", *(f"dated {n}" for n in reversed(range(ARTICLES_PER_PAGE)))]
    expected += [f"undated {n}" for n in reversed(range(ARTICLES_PER_PAGE + 5))]
    assert [title for page in forward for title in page] == expected
    assert [len(page) for page in forward] == [30, 30, 6]
    # And back again, from the last.
    last = client.get("/articles/")
    while last.context["page"].after:
        last = client.get(f"/articles/?after={last.context['page'].after.uid}")
    backward = walk(client, f"/articles/?before={last.context['page'].before.uid}", "before")
    assert backward == [forward[1], forward[0]]


def test_pages_of_a_search_follow_each_other_too(client):
    for n in range(ARTICLES_PER_PAGE + 3):
        make_article(f"Rain {n}.", title=f"Rain {n}" if n % 2 else f"Weather {n}")
    make_article("Snow.", title="Snow")
    first = client.get("/articles/?q=rain")
    second = client.get(f"/articles/?q=rain&after={first.context['page'].after.uid}")

    assert len(titles(first)) == ARTICLES_PER_PAGE
    assert titles(second) == ["Weather 2", "Rain 1", "Weather 0"]
    assert second.context["page"].after is None


@pytest.mark.parametrize("side", ["after", "before"])
def test_a_page_beside_an_article_that_is_gone_is_the_first(client, side):
    make_article(title="Later", published_at=datetime(2021, 1, 1, tzinfo=UTC))
    for _ in range(ARTICLES_PER_PAGE):
        make_article()

    assert titles(client.get(f"/articles/?{side}={uuid.UUID(int=1)}"))[0] == "Later"


def test_the_list_of_articles_takes_as_many_queries_for_a_hundred_as_for_one(client):
    make_statement()
    client.get("/articles/")
    one = queries_of(client, "/articles/")
    for _ in range(ARTICLES_PER_PAGE - 1):
        make_statement()
    whole = queries_of(client, "/articles/")
    for _ in range(70):
        make_article()

    assert whole == one
    # Where there are more than one page has, they are counted; the articles without a date are not asked for.
    assert queries_of(client, "/articles/") <= one + 1 <= MOST_QUERIES
