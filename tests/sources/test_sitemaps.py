"""Reading sitemaps: pages with what the news extension says."""

import gzip
from pathlib import Path

import pytest

from sources.errors import DocumentRefused
from sources.sitemaps import MAX_SITEMAP_BYTES, SitemapEntry, SitemapLink, SitemapProblem, read_sitemap

SAMPLE = (Path(__file__).parent / "samples" / "sitemap.xml").read_bytes()
HOST = "https://gazette.example"


def index(*addresses):
    names = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return f"<sitemapindex>{names}</sitemapindex>".encode()


def urlset(*addresses):
    names = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    return f"<urlset>{names}</urlset>".encode()


def problems(found):
    return [item.reason for item in found if isinstance(item, SitemapProblem)]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_news_sitemap_gives_each_page_once_with_what_it_says(pack):
    news, plain, problem = read_sitemap(pack(SAMPLE), url=f"{HOST}/sitemap.xml")
    assert news == SitemapEntry(
        url=f"{HOST}/a?x=1&y=2",
        modified_at="2020-02-01",
        title="Harbour & ferries",
        publication="The Gazette",
        language="en",
        published_at="2020-01-31T11:00:00+00:00",
    )
    assert plain == SitemapEntry(f"{HOST}/b")
    assert "no usable address" in problem.reason


def test_a_text_sitemap_is_one_address_a_line():
    first, problem, second = read_sitemap(f"{HOST}/1\nnonsense\n{HOST}/2\n".encode(), url=HOST)
    assert (first.url, second.url) == (f"{HOST}/1", f"{HOST}/2")
    assert "Line 2 is no address" in problem.reason


def test_a_truncated_gzip_gives_what_came_before_and_says_so():
    packed = gzip.compress(urlset(*(f"{HOST}/{n * 7919}" for n in range(2_000))), mtime=0)
    *entries, broken, ends_early = read_sitemap(packed[: len(packed) // 2], url=HOST)
    assert len(entries) > 500
    assert "The sitemap is damaged (its XML is broken at about line 1)" in broken.reason
    assert "ends early" in ends_early.reason


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b'<!DOCTYPE u [<!ENTITY a "b">]><urlset/>', "declares XML entities"),
        (gzip.compress(b"<urlset>" + b" " * (MAX_SITEMAP_BYTES + 1), mtime=0), "unpacked, which is the limit"),
        (b"", "is empty"),
        (b"\x1f\x8bnonsense", "gzip of the sitemap is damaged"),
        (b"<html></html>", "neither <urlset> nor <sitemapindex>"),
    ],
)
def test_what_is_no_sitemap_is_refused_with_its_reason(payload, reason):
    with pytest.raises(DocumentRefused, match=reason):
        list(read_sitemap(payload))


def test_a_namespace_that_is_none_does_not_stop_the_reading():
    entry, _ = read_sitemap(f'<urlset xmlns="no }} name"><url><loc>{HOST}/1</loc></url></urlset>'.encode())
    assert entry.url == f"{HOST}/1"


def test_an_index_names_sitemaps():
    assert list(read_sitemap(index("/a.xml"), url=f"{HOST}/i.xml")) == [SitemapLink(f"{HOST}/a.xml")]
