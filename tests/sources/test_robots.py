"""robots.txt by RFC 9309: who may fetch what, and what holds where the file cannot be read."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from sources import fetch_errors as errors
from sources import robots as robots_txt
from sources.models import Host
from sources.politeness import HostRows
from sources.robots import Robots
from tests.sources.web import AGENT, Page, Unhurried, Web, drip, make_fetcher, raw, redirect

NOW = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def web():
    with Web({"/": Page(), "/a": Page(), "/b": Page()}) as site:
        yield site


def robots(body: str, *, status: int = 200) -> Robots:
    return Robots(status, body, NOW)


def allows(body: str, path: str = "/a/page") -> bool:
    return robots(body).allows(f"http://example.org{path}", user_agent=AGENT)


@pytest.mark.parametrize(
    ("body", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /a", "/b", True),
        # The longest rule wins, and Allow where two are as long.
        ("User-agent: *\nDisallow: /a\nAllow: /a/page", "/a/page", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a/page", "/a/page", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y", True),
        ("User-agent: *\nDisallow: /a?x=", "/a?x=1", False),
        ("User-agent: *\nDisallow: /caf%C3%A9", "/café", False),
        # Our own group alone counts where there is one, whatever its case.
        ("User-agent: *\nDisallow: /\n\nUser-agent: secondsource\nDisallow: /b", "/a", True),
        ("User-agent: SECONDSOURCE/2.0\nDisallow: /a", "/a", False),
        ("User-agent: other\nUser-agent: SecondSource\nDisallow: /a", "/a", False),
        (
            "User-agent: SecondSource\nDisallow: /a\n\nUser-agent: x\n\nUser-agent: SecondSource\nDisallow: /b",
            "/b",
            False,
        ),
        # A name is not ours because ours begins with it, or holds it.
        ("User-agent: Second\nDisallow: /", "/a", True),
        ("User-agent: SecondSourceImages\nDisallow: /", "/a", True),
        ("User-agent: source\nDisallow: /", "/a", True),
        # What sites get wrong.
        ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
        ("user-agent:*\ndisallow:/a # here", "/a", False),
        ("User-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("Disallow: /a", "/a", True),
        ("<html><body>Not found</body></html>", "/a", True),
        ("User-agent: *\nDisallow: /a\nSitemap: https://example.org/s.xml\nAllow: /b", "/a", False),
    ],
)
def test_rules_are_read_as_the_rfc_says(body, path, allowed):
    body = robots_txt.decode(body.encode())
    assert allows(body, path) is allowed


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        (200, False),
        (400, True),
        (401, True),
        (403, True),
        (404, True),
        (410, True),
        (429, False),
        (500, False),
        (0, False),
    ],
)
def test_a_missing_file_allows_all_and_an_unreachable_one_nothing(status, allowed):
    assert robots("User-agent: *\nDisallow: /", status=status).allows("http://a.test/a", user_agent=AGENT) is allowed


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("Crawl-delay: 10", 10.0),
        ("Crawl-delay: 0.5", 0.5),
        ("Request-rate: 1/5", 5.0),
        ("Crawl-delay: soon", None),
        ("Crawl-delay: -1", None),
        ("Crawl-delay: inf", None),
        ("Crawl-delay: nan", None),
        ("", None),
    ],
)
def test_a_crawl_delay_is_a_number_of_seconds(line, seconds):
    assert robots(f"User-agent: *\nDisallow: /x\n{line}").crawl_delay_s(user_agent=AGENT) == seconds


@pytest.mark.parametrize("other", ["Content-Signal: ai-train=no", "Noindex: /x", "Sitemap: https://example.org/s"])
def test_lines_of_other_protocols_do_not_part_the_names_of_a_group(other):
    name = robots_txt.product(AGENT)
    assert not allows(f"User-agent: {name}\n{other}\nUser-agent: other\nDisallow: /")


def test_a_file_is_read_up_to_its_limit_and_whole_lines_only():
    rule = "Disallow: /private\n"
    body = ("User-agent: *\n" + rule * (robots_txt.MAX_BYTES // len(rule) + 1)).encode()[: robots_txt.MAX_BYTES]
    assert set(robots_txt.decode(body).splitlines()) == {"User-agent: *", rule.strip()}


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"User-agent: a{number}\n" for number in range(15_000)) + "Disallow: /x\n" * 15_000,
        "User-agent: *\n" + "Disallow: /" + "*a" * 200_000,
        "User-agent: *\n" + "".join(f"Disallow: /*a{number}*b$\n" for number in range(5_000)),
        "User-agent: SecondSource\n" * 20_000,
    ],
    ids=["many names with many rules", "many stars", "many rules", "one name often"],
)
def test_a_hostile_file_is_read_in_no_time(body):
    began_at = time.process_time()
    assert allows(body[: robots_txt.MAX_BYTES], "/" + "a" * 1900)
    assert time.process_time() - began_at < 1.5


# Through the fetcher


def test_a_page_that_robots_txt_forbids_is_not_asked_for(web):
    web.pages["/robots.txt"] = Page(b"User-agent: secondsource\nDisallow: /a", media_type="text/plain")
    fetcher = make_fetcher(web)
    with pytest.raises(errors.RobotsDisallowed, match=f"{web.site} asks SecondSource .* not to fetch") as refused:
        fetcher.fetch(web.url("/a"))
    assert not refused.value.transient
    assert fetcher.fetch(web.url("/b")).status == 200
    assert [hit.path for hit in web.log] == ["/robots.txt", "/b"]


def test_each_redirect_is_held_against_the_rules_of_its_site(web):
    with Web({"/page": Page()}, robots="User-agent: *\nDisallow: /") as other:
        web.pages["/a"] = redirect(other.url("/page"))
        with pytest.raises(errors.RobotsDisallowed, match=other.site):
            make_fetcher(web, other).fetch(web.url("/a"))
        assert other.paths == []


def test_robots_txt_is_asked_for_as_politely_as_a_page(web):
    fetcher = make_fetcher(web)
    fetcher.fetch(web.url("/a"))
    assert web.log[0].headers["user-agent"] == AGENT
    assert [site for site, turn in fetcher.politeness.turns if turn.asked] == [web.site] * 2


@pytest.mark.parametrize("status", [500, 503, 429])
def test_while_robots_txt_answers_with_an_error_nothing_is_fetched(web, status):
    web.pages["/robots.txt"] = Page(b"", status)
    with pytest.raises(errors.RobotsUnreachable, match=f"tried again after .* status {status}") as refused:
        make_fetcher(web).fetch(web.url("/a"))
    assert refused.value.transient
    assert 0 < refused.value.retry_after_s <= robots_txt.UNREACHABLE_FOR.total_seconds()
    assert web.paths == []


@pytest.mark.parametrize("answer", [raw(b""), drip(b"HTTP/1.1 200 OK\r\nX: ")], ids=["broken", "slow"])
def test_a_robots_txt_that_cannot_be_read_counts_as_unreachable(web, answer):
    web.pages["/robots.txt"] = answer
    with pytest.raises(errors.RobotsUnreachable):
        make_fetcher(web).fetch(web.url("/a"))
    assert web.paths == []


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_missing_robots_txt_allows_all(web, status):
    web.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /", status)
    assert make_fetcher(web).fetch(web.url("/a")).status == 200


def test_a_soft_404_is_no_rule(web):
    web.pages["/robots.txt"] = Page(b"<html>Sorry: Disallow: /</html>")
    assert make_fetcher(web).fetch(web.url("/a")).status == 200


def test_five_redirects_of_robots_txt_are_followed_and_more_mean_there_is_none(web):
    web.pages |= {f"/r{number}": redirect(f"/r{number + 1}") for number in range(1, 9)}
    web.pages["/r6"] = Page(b"User-agent: *\nDisallow: /", media_type="text/plain")
    web.pages["/robots.txt"] = redirect("/r2")
    with pytest.raises(errors.RobotsDisallowed):
        make_fetcher(web).fetch(web.url("/a"))

    web.pages["/r6"] = redirect("/r7")
    assert make_fetcher(web).fetch(web.url("/a")).status == 200


def test_a_robots_txt_that_redirects_inside_is_refused(web):
    web.pages["/robots.txt"] = redirect("http://169.254.169.254/latest")
    with pytest.raises(errors.AddressRefused, match="metadata"):
        make_fetcher(web).fetch(web.url("/a"))


def test_only_the_beginning_of_a_huge_robots_txt_is_read(web):
    rules = b"User-agent: *\nDisallow: /a\n" + b"# x\n" * 400_000 + b"Disallow: /b\n"
    web.pages["/robots.txt"] = Page(rules, media_type="text/plain")
    fetcher = make_fetcher(web)
    assert fetcher.fetch(web.url("/b")).status == 200
    with pytest.raises(errors.RobotsDisallowed):
        fetcher.fetch(web.url("/a"))
    assert len(fetcher.politeness.kept[web.site].body) <= robots_txt.MAX_BYTES


def test_robots_txt_is_kept_for_a_day(web):
    fetcher = make_fetcher(web)
    fetcher.fetch(web.url("/a"))
    fetcher.fetch(web.url("/b"))
    assert len(web.asked("/robots.txt")) == 1

    age(fetcher.politeness, web, timedelta(hours=25))
    fetcher.fetch(web.url("/a"))
    assert len(web.asked("/robots.txt")) == 2


def test_an_unreachable_robots_txt_is_asked_for_again_soon(web):
    web.pages["/robots.txt"] = Page(b"", 500)
    fetcher = make_fetcher(web)
    with pytest.raises(errors.RobotsUnreachable):
        fetcher.fetch(web.url("/a"))
    age(fetcher.politeness, web, timedelta(minutes=11))
    web.pages["/robots.txt"] = Page(b"", 404)
    assert fetcher.fetch(web.url("/a")).status == 200


def test_what_was_read_before_holds_on_while_the_site_cannot_be_reached(web):
    web.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /a", media_type="text/plain")
    fetcher = make_fetcher(web)
    fetcher.fetch(web.url("/b"))
    age(fetcher.politeness, web, timedelta(hours=25))
    web.pages["/robots.txt"] = Page(b"", 503)

    assert fetcher.fetch(web.url("/b")).status == 200
    with pytest.raises(errors.RobotsDisallowed):
        fetcher.fetch(web.url("/a"))
    assert len(web.asked("/robots.txt")) == 2
    age(fetcher.politeness, web, timedelta(minutes=11))
    fetcher.fetch(web.url("/b"))
    assert len(web.asked("/robots.txt")) == 3


def age(politeness: Unhurried, web: Web, by: timedelta) -> None:
    kept = politeness.kept[web.site]
    politeness.kept[web.site] = Robots(kept.status, kept.body, kept.fetched_at - by, kept.error)


@pytest.mark.django_db
def test_the_file_is_shared_through_the_hosts_row(web):
    web.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /a\0\xff\nCrawl-delay: 2", media_type="text/plain")
    for _worker in range(2):
        make_fetcher(web, politeness=HostRows(min_interval_s=0, max_crawl_delay_s=0)).fetch(web.url("/b"))

    row = Host.objects.get()
    assert (row.robots_status, row.crawl_delay_s, row.robots_error) == (200, 2.0, "")
    assert "Disallow: /a" in row.robots_body
    assert len(web.asked("/robots.txt")) == 1
