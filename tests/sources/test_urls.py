"""Canonical addresses, sites and outlets' domains."""

import pytest

from sources.errors import DocumentRefused
from sources.urls import canonicalize, join, outlet_domain, same_site


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("HTTPS://User:secret@News.Example.ORG:443/a/../b#part", "https://news.example.org/b"),
        ("http://example.org:80", "http://example.org/"),
        ("http://example.org:8080/", "http://example.org:8080/"),
        ("https://example.org./news/?", "https://example.org/news/"),
        ("https://example.org/?b=2&a=1&b=3", "https://example.org/?b=2&a=1&b=3"),
        ("https://example.org/n?utm_source=x&id=7&fbclid=Iw&UTM_medium=y&gclid=1", "https://example.org/n?id=7"),
        ("https://example.org/n?utm_source=x", "https://example.org/n"),
        ("https://example.org/n?ref=7&source=wire&page=2", "https://example.org/n?ref=7&source=wire&page=2"),
        ("https://Bücher.example/Straße", "https://xn--bcher-kva.example/Stra%C3%9Fe"),
        ("https://example.org/%7euser/%e6%97%a5?q=%c3%a9%2f", "https://example.org/~user/%E6%97%A5?q=%C3%A9%2F"),
        ("https://example.org/日?q=日", "https://example.org/%E6%97%A5?q=%E6%97%A5"),
        (" https://example.org/a b\n", "https://example.org/a%20b"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://[2001:DB8:0:0::1]/", "http://[2001:db8::1]/"),
    ],
)
def test_an_address_has_one_form(written, canonical):
    assert canonicalize(written) == canonical
    assert canonicalize(canonical) == canonical


@pytest.mark.parametrize(
    "written", ["", "news", "/news/1", "http://", "https://exa mple.org/", "ftp://example.org/", "javascript:alert(1)"]
)
def test_what_is_no_web_address_is_refused(written):
    with pytest.raises(DocumentRefused, match="address"):
        canonicalize(written)


def test_addresses_are_read_as_the_page_means_them():
    assert join("https://example.org/news/1", "../about?utm_source=x") == "https://example.org/about"
    assert join("https://example.org/news/1", "//other.example/a") == "https://other.example/a"
    assert join("", "https://example.org/a") == "https://example.org/a"
    assert join("", "/a") == join("https://example.org", "mailto:desk@example.org") == ""


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("https://news.example.co.uk/1", "http://www.example.co.uk/2", True),
        ("https://one.co.uk/", "https://two.co.uk/", False),
        ("https://one.github.io/", "https://two.github.io/", False),
        ("http://10.0.0.1/", "http://10.0.0.1:81/", True),
        ("http://10.0.0.1/", "http://10.0.0.2/", False),
        ("https://example.org.evil.example/", "https://example.org/", False),
        ("https://example.org/", "not an address", False),
    ],
)
def test_sites_are_told_by_public_suffix(a, b, same):
    assert same_site(a, b) is same


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("News.Example.co.uk", "example.co.uk"),
        ("example.co.uk.", "example.co.uk"),
        ("bücher.de", "xn--bcher-kva.de"),
        ("blog.someone.github.io", "someone.github.io"),
        ("www.city.kobe.jp", "city.kobe.jp"),
        ("co.uk", ""),
        ("localhost", ""),
        ("192.0.2.1", ""),
        ("[2001:db8::1]", ""),
        ("no host", ""),
        ("", ""),
    ],
)
def test_an_outlet_is_known_by_its_registrable_domain(host, domain):
    assert outlet_domain(host) == domain
