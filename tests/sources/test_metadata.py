"""What pages say of themselves."""

import pytest
from lxml import html

from sources.metadata import clean_author, iso_date, language_code, read_metadata, without_site


def read(head="", body="", *, url="", attributes=""):
    return read_metadata(
        html.document_fromstring(f"<html{attributes}><head>{head}</head><body>{body}</body></html>"), url=url
    )


def json_ld(text):
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("2021-05-04T18:30:00+02:00", "2021-05-04T18:30:00+02:00"),
        ("2021-05-04T18:30:00.123Z", "2021-05-04T18:30:00+00:00"),
        ("2021-05-04 18:30 +0200", "2021-05-04T18:30:00+02:00"),
        ("2021-05-04T18:30", "2021-05-04T18:30:00"),
        ("2021-05-04 18:30:00 UTC", "2021-05-04T18:30:00+00:00"),
        ("2021/05/04", "2021-05-04"),
        ("20210504T183000Z", "2021-05-04T18:30:00+00:00"),
        ("1620145800", "2021-05-04T16:30:00+00:00"),
        ("1620145800000", "2021-05-04T16:30:00+00:00"),
        ("Tue, 04 May 2021 18:30:00 +0200", "2021-05-04T18:30:00+02:00"),
        ("Tue May 04 2021 18:30:00 GMT+0200 (CEST)", "2021-05-04T18:30:00+02:00"),
        ("May 4, 2021 6:30 PM EDT", "2021-05-04T18:30:00-04:00"),
        ("4 May 2021", "2021-05-04"),
        # Midnight is how programs write a day.
        ("2021-05-04T00:00:00Z", "2021-05-04"),
        # India, Israel or Ireland: the time is unknown.
        ("May 4, 2021 6:30 PM IST", "2021-05-04"),
        ("04/05/2021", ""),
        ("May 2021", ""),
        ("3021-05-04", ""),
        ("0021-05-04", ""),
        ("2021-02-30", ""),
        ("yesterday", ""),
        ("", ""),
        ("May 99999999999999, 2021", ""),
    ],
)
def test_dates_keep_their_time_and_offset_where_they_have_one(raw, found):
    assert iso_date(raw) == found


def test_a_later_place_completes_the_day_with_its_time_but_never_changes_it():
    day = '<meta property="article:published_time" content="2021-05-04">'
    assert (
        read(day + '<meta name="pubdate" content="2021-05-04T18:30+02:00">').published_at == "2021-05-04T18:30:00+02:00"
    )
    assert read(day + '<meta name="pubdate" content="2021-05-05T18:30+02:00">').published_at == "2021-05-04"


def test_an_invalid_date_gives_way_to_the_next():
    page = read(json_ld('{"@type": "Article", "datePublished": "soon"}') + '<meta name="date" content="2021-05-04">')
    assert page.published_at == "2021-05-04"


def test_times_of_changes_and_of_other_articles_are_not_the_date():
    page = read(
        body="""<aside><time datetime="2001-01-01T01:00Z">old</time></aside>
        <article><h1>Dam</h1><time class="updated" datetime="2021-05-06T09:00Z">later</time>
        <time datetime="2021-05-04T18:30Z">then</time></article>
        <div class="related-stories"><time class="published" datetime="2002-02-02T02:00Z">old</time></div>"""
    )
    assert page.published_at == "2021-05-04T18:30:00+00:00"


@pytest.mark.parametrize(
    "text",
    [
        '<!-- {"@type": "NewsArticle", "headline": "Dam breaks"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Dam breaks"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Dam breaks",}',
        '{"@type": "NewsArticle", "headline": "Dam\nbreaks"};',
        '[{"@type": "BreadcrumbList"}, {"@type": "http://schema.org/ReportageNewsArticle", "headline": "Dam breaks"}]',
        '{"@type": "WebPage", "mainEntity": {"@type": ["Article"], "headline": "<b>Dam</b> breaks"}}',
        '{"@type": "NewsArticle", "headline": "Dam&amp;nbsp;breaks"}',
    ],
)
def test_json_ld_is_read_as_pages_write_it(text):
    assert read(json_ld(text)).title == "Dam breaks"


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 100_000, '{"@type": "Article"', "null", "7", '{"@type": 7, "author": 8}']
)
def test_broken_json_ld_is_passed_over(text):
    assert read(json_ld(text) + '<meta property="og:title" content="Dam breaks">').title == "Dam breaks"


def test_of_several_articles_the_page_is_about_the_one_with_its_address():
    text = """[
        {"@type": "NewsArticle", "headline": "Other", "url": "https://example.org/2", "datePublished": "2020-01-01"},
        {"@type": "NewsArticle", "headline": "Own", "url": "https://example.org/1?utm_source=x"}
    ]"""
    assert read(json_ld(text), url="https://example.org/1").title == "Own"


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ('"By Ada Quill"', "Ada Quill"),
        ('{"name": ["Ada Quill", "Tom Reed", "Ada Quill"]}', "Ada Quill; Tom Reed"),
        ('[{"@type": "Person", "name": "Ada Quill"}, {"@type": "Organization", "name": "Gazette"}]', "Ada Quill"),
        ('{"@type": "Organization", "name": "Gazette"}', "Gazette"),
        ('"https://social.example/ada"', ""),
        ('"admin"', ""),
    ],
)
def test_the_byline_names_people_before_the_site(author, byline):
    page = read(json_ld(f'{{"@type": "Article", "author": {author}, "publisher": {{"name": "Gazette"}}}}'))
    assert page.byline == byline


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("by Ada Quill, May 4, 2021", "Ada Quill"),
        ("Ada Quill Published 4 hours ago", "Ada Quill"),
        ("Текст: Анна Лис", "Анна Лис"),
        ("April May", "April May"),
        ("June Byron", "June Byron"),
        ("@ada", ""),
        ("desk@example.org", ""),
    ],
)
def test_names_lose_what_pages_print_around_them(printed, name):
    assert clean_author(printed) == name


def test_titles_lose_the_name_of_their_site_and_nothing_else():
    assert without_site("Dam breaks | The Gazette", "Gazette") == "Dam breaks"
    assert without_site("Dam breaks - Gazette.com", "Gazette.com") == "Dam breaks"
    assert without_site("Dam breaks – what we know", "Gazette") == "Dam breaks – what we know"
    assert without_site("Gazette", "Gazette") == "Gazette"


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en-GB", "en"), ("pt_BR", "pt"), ("ZH-Hant-TW", "zh"), ("iw", "he"), ("und", ""), ("English", ""), ("", "")],
)
def test_languages_are_codes_without_region(tag, code):
    assert language_code(tag) == code


def test_a_page_that_contradicts_itself_says_no_language():
    locale = '<meta property="og:locale" content="{}">'
    assert read(locale.format("en_US"), attributes=' lang="en-US"').language == "en"
    assert read(locale.format("ru_RU"), attributes=' lang="en"').language == ""


@pytest.mark.parametrize(
    ("claim", "url", "believed"),
    [
        ("https://www.example.org/a?utm_source=x", "https://m.example.org/a", "https://www.example.org/a"),
        ("/a", "https://example.org/a?x=1", "https://example.org/a"),
        ("https://other.example/a", "https://example.org/a", ""),
        ("https://example.org/", "https://example.org/a", ""),
        ("javascript:void(0)", "https://example.org/a", ""),
        ("https://example.org/a", "", "https://example.org/a"),
        ("/a", "", ""),
    ],
)
def test_a_canonical_link_is_believed_on_the_same_site_only(claim, url, believed):
    assert read(f'<link rel="canonical" href="{claim}">', url=url).canonical_url == believed


def test_sources_named_in_metadata_are_kept_for_credits():
    text = '{"@type": "Article", "provider": {"name": "River Press"}, "creditText": "River Press"}'
    assert read(json_ld(text) + '<meta name="source" content="Hill Wire">').credits == ("River Press", "Hill Wire")
