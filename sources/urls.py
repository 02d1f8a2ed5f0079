"""Web addresses: one form for each, the site that it belongs to, and the domain that names its outlet. No network."""

import re
from functools import cache

from ada_url import URL, HostType
from publicsuffixlist import PublicSuffixList

from sources.errors import DocumentRefused

# Parameters that say how a reader came to a page, never which page it is. What may select a page somewhere
# ("ref", "source", "id") is not among them.
_TRACKER = re.compile(
    r"""utm_\w*|at_(?:medium|campaign|link\w*|custom\d|format|creation|ptr_name|bbc_team)|pk_(?:campaign|kwd|source|medium)
    |mtm_\w+|[dgtwy]clid|gclsrc|[gw]braid|(?:fb|ms|ig|tt|tw|li_fat_)clid|fb_(?:action_ids|action_types|source|ref)
    |li_fat_id|igshi?d?|mc_[ce]id|mkt_tok|_hs(?:enc|mi|fp)|__hs\w+|hsctatracking|vero_(?:id|conv)|oly_(?:anon|enc)_id
    |__twitter_impression|_ga|_gl|__s|xtor|wt[._](?:mc|zmc)\w*|s_cid|s_kwcid|icid|ncid|cmpid|cmp|ito|smid|sref
    |guccounter|guce_referrer(?:_sig)?|gaa_\w+|ftag|ss_(?:source|campaign_id|email_id)|_openstat|sharetype""",
    re.IGNORECASE | re.VERBOSE,
)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def canonicalize(url: str) -> str:
    """Return the one form of a web address under which it is kept.

    Beyond the WHATWG URL standard (host in lower case and ASCII, no default port, no dot segments): no user name or
    password, no fragment, no tracker parameters, percent escapes as RFC 3986 section 6.2.2 has them. The query keeps
    its order.

    Raises DocumentRefused for what is not an http or https address.
    """
    parsed = _parse(url)
    # A WHATWG URL of http or https always has a host; one of dots only would become empty below.
    parsed.hostname = parsed.hostname.rstrip(".") or parsed.hostname
    parsed.username = parsed.password = parsed.hash = ""
    parsed.pathname = _plain_escapes(parsed.pathname)
    kept = [
        part
        for part in parsed.search.removeprefix("?").split("&")
        if part and not _TRACKER.fullmatch(part.partition("=")[0])
    ]
    parsed.search = _plain_escapes("&".join(kept))
    return parsed.href


def join(base: str, address: str) -> str:
    """Return `address` as a page at `base` means it, in canonical form; "" when that is no web address."""
    try:
        return canonicalize(URL(address.strip(), base=base or None).href)
    except (ValueError, DocumentRefused):
        return ""


def same_site(a: str, b: str) -> bool:
    """Return whether two addresses belong to one registrable domain, or to one host where there is none."""
    try:
        hosts = [_parse(url).hostname.rstrip(".") for url in (a, b)]
    except DocumentRefused:
        return False
    domains = [outlet_domain(host) or host for host in hosts]
    return domains[0] == domains[1]


def outlet_domain(host: str) -> str:
    """Return the registrable domain of a host, in lower case and ASCII; "" for an IP address or a public suffix.

    By the Public Suffix List with its private part, so that each blog of a blog host is an outlet of its own.
    """
    try:
        parsed = URL(f"http://{host.strip()}/")
    except ValueError:
        return ""
    if parsed.host_type != HostType.DEFAULT:
        return ""
    return _suffixes().privatesuffix(parsed.hostname.rstrip(".")) or ""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _parse(url: str) -> URL:
    try:
        parsed = URL(url.strip())
    except ValueError as error:
        raise DocumentRefused(f"{url[:200]!r} is not a web address such as https://example.org/news/1.") from error
    if parsed.protocol not in ("http:", "https:"):
        raise DocumentRefused(f"The address must begin with http:// or https://, not {url[:60]!r}.")
    return parsed


def _plain_escapes(part: str) -> str:
    """Return a path or query with escapes in upper case, and none for a character that needs none."""

    def plain(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(plain, part)
