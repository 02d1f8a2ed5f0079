"""What search engines are told: each page once in each language, in parts that stay small, and nothing that is gone."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.db import connection

from claims.models import Claim, Corroboration
from claims.services import merging, outlets
from claims.services.summaries import refresh_corroboration
from config import sitemaps
from tests.factories import make_article, make_claim, make_outlet, make_report, make_topic, make_user

pytestmark = pytest.mark.django_db
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
SITE = "http://testserver"


@pytest.fixture(autouse=True)
def first_part():
    """Number claims from 1, so that they are in the first part, however many other tests have made."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE claims_claim_id_seq RESTART")


def addresses(client, path):
    """Return [(address, lastmod)] of a sitemap or of an index of sitemaps."""
    response = client.get(path)
    assert response.status_code == 200
    entries = ElementTree.fromstring(response.content)  # noqa: S314 (it is our own)
    return [(entry.findtext("s:loc", "", NAMES), entry.findtext("s:lastmod", "", NAMES)) for entry in entries]


def reported(*arguments, **options) -> Claim:
    claim = make_claim(*arguments, **options)
    make_report(claim)
    refresh_corroboration([claim.pk])
    return claim


def test_a_claim_is_listed_in_each_language_with_its_time(client):
    claim = reported()
    at = datetime(2020, 3, 4, tzinfo=UTC)
    Corroboration.objects.filter(claim=claim).update(computed_at=at)

    path = f"/claims/{claim.uid}/"
    assert addresses(client, "/sitemap-claims.xml") == [
        (f"{SITE}{path}", "2020-03-04"),
        (f"{SITE}/zh-hans{path}", "2020-03-04"),
        (f"{SITE}/ru{path}", "2020-03-04"),
    ]


def test_each_address_names_its_versions_and_the_one_for_all_others(client):
    topic = make_topic("Rivers")
    root = ElementTree.fromstring(client.get("/sitemap-topics.xml").content)  # noqa: S314 (it is our own)
    for entry in root:
        versions = {link.get("hreflang"): link.get("href") for link in entry.findall("x:link", NAMES)}
        assert versions == {
            "en": f"{SITE}/topics/{topic.slug}/",
            "zh-Hans": f"{SITE}/zh-hans/topics/{topic.slug}/",
            "ru": f"{SITE}/ru/topics/{topic.slug}/",
            "x-default": f"{SITE}/topics/{topic.slug}/",
        }


def test_claims_that_nobody_reports_or_that_were_merged_are_left_out(client):
    kept, gone = reported(), reported()
    make_claim("Nobody reports this.")
    merging.merge_claims(gone, into=kept, by=make_user(editor=True))
    refresh_corroboration([kept.pk, gone.pk])

    assert {address for address, _ in addresses(client, "/sitemap-claims.xml")} == {
        f"{SITE}{prefix}/claims/{kept.uid}/" for prefix in ("", "/ru", "/zh-hans")
    }


def test_outlets_that_were_merged_are_left_out(client):
    kept, gone = make_outlet("Gazette"), make_outlet("Old Gazette")
    outlets.merge_outlets(gone, into=kept, by=make_user(editor=True))

    assert {row.slug for row in sitemaps.SECTIONS["outlets"]().items()} == {"gazette"}


def test_rows_are_parted_by_key_and_the_index_names_every_part(client, monkeypatch):
    articles = [make_article() for _ in range(5)]
    monkeypatch.setattr(sitemaps, "KEYS_PER_PART", 2)

    parts = [address for address, _ in addresses(client, "/sitemap.xml") if "articles" in address]
    last = -(-max(article.pk for article in articles) // 2)
    assert len(parts) == last
    assert parts[:2] == [f"{SITE}/sitemap-articles.xml", f"{SITE}/sitemap-articles.xml?p=2"]
    found = [address for part in parts for address, _ in addresses(client, part.removeprefix(SITE))]
    assert sorted(found) == sorted(
        f"{SITE}{prefix}{article.get_absolute_url()}" for article in articles for prefix in ("", "/ru", "/zh-hans")
    )
    assert client.get(f"/sitemap-articles.xml?p={last + 1}").status_code == 404
    assert client.get("/sitemap-articles.xml?p=x").status_code == 404
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_the_cost_of_a_part_does_not_grow_with_its_rows(client, django_assert_num_queries):
    reported()
    with django_assert_num_queries(2):
        client.get("/sitemap-claims.xml")
    for _ in range(20):
        reported()
    with django_assert_num_queries(2):
        assert len(addresses(client, "/sitemap-claims.xml")) == 63


def test_robots_are_told_where_the_sitemap_is_and_what_not_to_ask_for(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert f"Sitemap: {SITE}/sitemap.xml" in lines
    assert "Disallow: /accounts/" in lines
    assert "Disallow: /*?*q=" in lines
