"""Every address of the site, asked by a stranger with what attackers send."""

import re
from urllib.parse import quote, urlencode
from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.claims.description import description
from tests.factories import make_claim, make_outlet, make_report, make_topic

MARKER = "<script>x9</script>"
HOSTILE = [
    "a\x00b",
    "x" * 10_000,
    "%s%n%00%",
    "' OR 1=1; DROP TABLE claims_claim; --",
    f"\"'>{MARKER}<b onmouseover=x9>",
    "-1",
    "99999999999999999999999999",
    "not-a-uuid",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "../../etc/passwd",
    "{{7*7}}${7*7}",
    "2020-02-31",
    "\u202e漢\U0001f600\n\r\t",
]
# Whatever a page takes, it is given: pages ignore what they do not know.
PAGE_PARAMETERS = """
    q page outlet speaker topic level sort since until from to stance by status state next old new id claim article
    statement with like basis confirmed position back other into order language wording
""".split()
UNKNOWN_UID = str(UUID(int=1))
# Its own views, most of which send a stranger to the sign-in page at once.
ADMIN = "admin/"


def routes(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route


def filled(route, value):
    """Return the address of a route, each of its parts being `value` where it may be anything."""
    # What routers and older packages write as expressions.
    route = re.sub(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)", lambda part: quote(value, safe=""), route)
    route = re.sub(r"<uuid:\w+>", UNKNOWN_UID, route)
    route = re.sub(r"<int:\w+>", "99999999999999999999", route)
    route = re.sub(r"<(?:\w+:)?\w+>", lambda part: quote(value, safe=""), route)
    return "/" + re.sub(r"[\^$?\\]|\(\?:|\)", "", route)


@pytest.fixture
def stranger(client, db):
    claim = make_claim()
    make_report(claim, outlet=make_outlet("Agency"))
    make_topic("Trade")
    client.raise_request_exception = False
    return client


def look_at(response, address):
    shown = address[:200]
    assert response.status_code < 500, f"{response.status_code} at {shown}"
    if response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
        assert MARKER.encode() not in response.content, f"reflected at {shown}"
        assert b"onmouseover=x9>" not in response.content.replace(b"&gt;", b""), f"reflected at {shown}"
        assert b"49$" not in response.content, f"evaluated at {shown}"


def test_no_address_fails_or_reflects_what_a_stranger_puts_into_it(stranger):
    known = sorted({route for route in routes() if not route.startswith(ADMIN)} | {ADMIN})
    assert len(known) > 50
    for route in known:
        takes_anything = filled(route, "a") != filled(route, "b")
        for value in HOSTILE if takes_anything else HOSTILE[:1]:
            address = filled(route, value)
            look_at(stranger.get(address), address)


def test_no_page_fails_or_reflects_what_a_stranger_asks_it_for(stranger):
    pages = sorted({filled(route, "x") for route in routes() if not route.startswith((ADMIN, "api/"))})
    slugs = [f"/topics/{'trade'}/", "/outlets/agency/"]
    claim = stranger.get("/claims/").context["rows"][0].claim
    for page in [*pages, *slugs, claim.get_absolute_url()]:
        for value in HOSTILE:
            address = f"{page}?{urlencode(dict.fromkeys(PAGE_PARAMETERS, value))}"
            look_at(stranger.get(address), address)


def test_no_endpoint_fails_on_what_a_stranger_filters_by(stranger):
    asked = 0
    for path, operations in description()["paths"].items():
        names = [p["name"] for p in operations.get("get", {}).get("parameters", []) if p["in"] == "query"]
        address = filled(path.replace("{", "<uuid:").replace("}", ">").lstrip("/"), "x")
        for value in HOSTILE:
            for name in names:
                stranger_asks = f"{address}?{urlencode({name: value})}"
                look_at(stranger.get(stranger_asks), stranger_asks)
                asked += 1
    assert asked > 100


def test_no_form_takes_what_a_stranger_sends(stranger):
    for route in sorted({route for route in routes() if not route.startswith(ADMIN)}):
        for value in (HOSTILE[0], HOSTILE[4]):
            address = filled(route, "x")
            response = stranger.post(address, dict.fromkeys([*PAGE_PARAMETERS, "text", "title", "urls"], value))
            look_at(response, address)
            assert response.status_code != 201, f"made by a stranger at {address}"


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[" * 100_000),
        ("application/json", b'{"documents": [{"text": 1e999}]}'),
        ("application/json", b'{"documents": "\\ud800", "addresses": {"a": []}}'),
        ("application/json", b"\xff\xfe"),
        ("application/json", b'{"documents": [' + b'{"text": "x"},' * 20_000 + b"{}]}"),
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=" + "b" * 5000, b"--x\r\n\r\n"),
        ("application/x-www-form-urlencoded", b"a=1&" * 5_000),
        ("application/x-www-form-urlencoded; charset=utf-99", b"q=%ff%fe"),
        ("text/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
        ("x/" * 500, b"\x00"),
    ],
)
def test_no_body_of_a_stranger_makes_the_site_fail(stranger, media_type, body):
    for address in ("/api/v1/imports/", "/accounts/login/", "/imports/new/", "/claims/"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            response = stranger.generic(method, address, body, content_type=media_type)
            look_at(response, f"{method} {address}")
            assert response.status_code not in {201, 202}, f"taken from a stranger: {method} {address}"


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "HEAD", "PROPFIND", "CONNECT", "x" * 300])
def test_no_method_makes_the_site_fail_or_answers_with_what_was_sent(stranger, method):
    for address in ("/claims/", "/api/v1/claims/", "/accounts/login/", "/healthz", "/nowhere"):
        response = stranger.generic(method, address, headers={"X-Seen": MARKER, "Cookie": f"a={MARKER}"})
        look_at(response, f"{method} {address}")
        assert MARKER.encode() not in b"".join(response)


@pytest.mark.parametrize(
    "path",
    [
        "/" + "a/" * 2000,
        "/claims/" + "%2e%2e/" * 20 + "etc/passwd",
        "//evil.example/claims/",
        "/\\evil.example/",
        "/static/../config/settings.py",
        "/static/%2e%2e/%2e%2e/config/settings.py",
        "/.env",
        "/.git/config",
        "/secrets/secret_key",
        "/ru/" * 50,
        "/xx-yy/claims/",
        "/claims/%00/",
        "/claims;jsessionid=1/",
        "/api/v1/claims.exe",
        "/api/v1/claims/?format=../../etc",
        "/admin/../accounts/people/",
    ],
)
def test_no_path_leads_out_of_the_site_or_makes_it_fail(stranger, path):
    response = stranger.get(path)
    look_at(response, path)
    shown = b"".join(response)
    assert b"SECRET_KEY" not in shown
    assert b"root:" not in shown
    assert not response.headers.get("Location", "").startswith(("//", "/\\", "http://evil", "https://evil"))


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "a\x00b"},
        {"X-Request-ID": MARKER},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Bearer " + "x" * 5000},
        {"Cookie": "sessionid='; DROP TABLE django_session; --"},
        {"Accept": "x/" * 1000},
        {"Accept-Language": "x" * 5000},
        {"Range": "bytes=9999999999999-"},
        {"HX-Request": MARKER, "X-Seen": MARKER},
        {"If-None-Match": "\x00"},
        {"If-Modified-Since": "Fri, 99 Foo 99999 99:99:99 GMT"},
        {"X-Forwarded-For": "x" * 5000, "X-Forwarded-Proto": "\x00", "X-Forwarded-Host": "evil.example"},
        {"Content-Type": "\x00", "Content-Length": "-1"},
        {"Referer": "javascript:alert(1)", "Origin": "null"},
        {"Cookie": "; ".join(f"c{n}=1" for n in range(1000))},
    ],
)
def test_no_header_of_a_stranger_makes_the_site_fail(stranger, headers):
    for address in ("/claims/", "/api/v1/claims/", "/metrics"):
        look_at(stranger.get(address, headers=headers), address)
