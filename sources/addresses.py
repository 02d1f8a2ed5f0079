"""Which addresses may be fetched: http(s) on ports 80 and 443 of the public internet, and hosts an operator names.

`ssrfguard` decides by the IANA registries what is public, and connects to the very address that was decided on. The
policies here narrow it where a publisher cannot be, and widen it for hosts that are named, one by one.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from ssrfguard import DEFAULT_DENIED, AddressTable, Block, BlockedAddressError, Policy, Reach, SSRFGuardError, Target

from sources.fetch_errors import AddressRefused

logger = logging.getLogger(__name__)

WEB_PORTS = frozenset({80, 443})
MAX_URL_CHARACTERS = 2_000
#: How many of a name's addresses are tried, one after the other.
MAX_ATTEMPTS = 2
_USERINFO = re.compile(r"//[^/?#]*@")
_ANY_USERINFO = re.compile(r"[^\s@]+@")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

# Metadata services of clouds that do not lie in a block that is closed in any case, or lie in one that an operator
# may open for a named host.
_METADATA = {
    "168.63.129.16/32": "Azure platform services",
    "fd20:ce::254/128": "Cloud metadata (Google Cloud over IPv6)",
}
# IPv4 tunnelled in IPv6 by means that no site uses any more (RFC 4291, 7526, 8190): what cannot be a publisher need
# not be decoded. Mapped and NAT64 addresses are what an IPv6-only machine sees of any IPv4 site, so they are decoded.
_OBSOLETE_TUNNELS = {ip_network(network) for network in ("::/96", "2001::/32", "2002::/16")}
# What an operator opens by naming a host; its link-local and metadata addresses stay closed.
_PRIVATE = {
    ip_network(network)
    for network in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
    )
}


def _public_block(block: Block) -> Block | None:
    if block.network in _OBSOLETE_TUNNELS:
        return replace(block, reach=Reach.DENIED)
    # Exceptions within closed blocks are anycast services of routers (RFC 7723, 8155), never sites.
    return None if block.reach is Reach.PERMITTED else block


_PUBLIC_TABLE = AddressTable(
    (
        *filter(None, map(_public_block, DEFAULT_DENIED.blocks)),
        *(Block(ip_network(network), name, "vendor", Reach.DENIED) for network, name in _METADATA.items()),
    )
)
_NAMED_TABLE = AddressTable(
    tuple(
        replace(block, reach=Reach.PERMITTED) if block.network in _PRIVATE else block for block in _PUBLIC_TABLE.blocks
    )
)


@dataclass(frozen=True)
class NamedHost:
    """A private host that an operator allows, with its port, or on ports 80 and 443 where `port` is None."""

    host: str
    port: int | None = None

    @classmethod
    def parse(cls, entry: str) -> "NamedHost":
        """Return the host of `host`, `host:port`, `address:port` or `[IPv6]:port`; ValueError for anything else."""
        parts = urlsplit(f"//{entry}")
        if not parts.hostname or parts.netloc != entry or "@" in entry or "*" in entry:
            raise ValueError(f"{entry!r} is not a host or host:port")
        return cls(_name(parts.hostname), parts.port)

    def policy(self) -> Policy:
        return Policy(
            allowed_hosts=frozenset({self.host}),
            allowed_ports=WEB_PORTS if self.port is None else frozenset({self.port}),
            denied_networks=_NAMED_TABLE,
            max_connection_attempts=MAX_ATTEMPTS,
            max_url_length=MAX_URL_CHARACTERS,
        )


_PUBLIC = Policy(
    allowed_ports=WEB_PORTS,
    denied_networks=_PUBLIC_TABLE,
    max_connection_attempts=MAX_ATTEMPTS,
    max_url_length=MAX_URL_CHARACTERS,
)


@dataclass(frozen=True)
class Permission:
    """That a URL may be asked, and under which policy its host's addresses are checked when it is."""

    target: Target
    policy: Policy

    @property
    def site(self) -> str:
        """The host, with its port where that is not 80 or 443: what is asked politely as one."""
        host = _name(self.target.host)
        if self.target.port in WEB_PORTS:
            return host
        return f"[{host}]:{self.target.port}" if ":" in host else f"{host}:{self.target.port}"


def permit(url: str, *, named: Iterable[NamedHost] = ()) -> Permission:
    """Return the permission to ask `url`, as far as can be said without looking up its host.

    Raises AddressRefused with the rule that refuses it.
    """
    policy = _policy_for(url, tuple(named))
    try:
        return Permission(policy.check_url(url), policy)
    except SSRFGuardError as refused:
        raise refusal(url, refused) from refused


def refusal(url: str, refused: SSRFGuardError) -> AddressRefused:
    """Return the refusal of `url` in words for the person who gave it."""
    # A password is not repeated: reasons are stored and shown.
    logger.info("address refused reason=%r", _ANY_USERINFO.sub("…@", str(getattr(refused, "reason", refused))))
    shown = _USERINFO.sub("//…@", url)
    shown = shown if len(shown) <= 200 else f"{shown[:200]}…"
    # Of an address within the URL it is the cause.
    blocked = next((error for error in (refused, refused.__cause__) if isinstance(error, BlockedAddressError)), None)
    what = _wrong_with_url(url) if blocked is None else _wrong_with_address(blocked.address)
    return AddressRefused(f"{shown} is not fetched: {what}")


def _wrong_with_url(url: str) -> str:
    """Return what is wrong with a URL that is refused as it is written, and what may be done."""
    if len(url) > MAX_URL_CHARACTERS:
        return f"it has {len(url):,} characters, and the limit is {MAX_URL_CHARACTERS:,}. Give a shorter one."
    if _CONTROL.search(url):
        return "it holds a control character, such as a line break or a tab. Remove it."
    try:
        parts = urlsplit(url)
    except ValueError:
        return "it is not written as addresses are. Copy it from the address line of a browser."
    if parts.scheme not in ("http", "https"):
        return "it does not begin with http:// or https://. Only such addresses are fetched."
    if "@" in parts.netloc:
        return "it holds the name of a user, or a password, before the host. Leave them out."
    if not parts.hostname:
        return "it names no host. Give the whole address, such as https://example.org/news/1."
    try:
        port = parts.port
    except ValueError:
        return "its port is not a number from 0 to 65535. Leave it out."
    if port is not None and port not in WEB_PORTS:
        return (
            f"it goes to port {port}, and only 80 and 443 are asked. Leave the port out, or have an operator name the "
            "host with this port in FETCH_ALLOWED_PRIVATE_HOSTS."
        )
    return "its host is not one that can be looked up. Check its spelling."


def _wrong_with_address(address: str) -> str:
    """Return why nothing is asked of an address, or of a name with several of which not all may be asked."""
    public = "Only sites of the public internet are fetched"
    try:
        found = _PUBLIC_TABLE.classify(ip_address(address))
    except ValueError:
        return f"its name leads to several addresses, of which not all are public. {public}."
    block = found.block
    if block is None:
        return f"{address} is refused because it is no public address. {public}."
    carried = f"stands for {found.chain[-1][1]}, which " if found.chain else ""
    what = f"{address} is refused because it {carried}is no public address, but reserved for “{block.name}”. {public}"
    if block.network in _PRIVATE:
        return f"{what}; an operator may name a private one in FETCH_ALLOWED_PRIVATE_HOSTS."
    return f"{what}."


@lru_cache(maxsize=256)
def _named_policy(named: NamedHost) -> Policy:
    return named.policy()


def _policy_for(url: str, named: tuple[NamedHost, ...]) -> Policy:
    """Return the policy of the named host that `url` goes to, else the public one."""
    if not named or len(url) > MAX_URL_CHARACTERS:
        return _PUBLIC
    try:
        parts = urlsplit(url)
        host, port = _name(parts.hostname or ""), parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return _PUBLIC  # which says what is wrong with it
    for entry in named:
        if entry.host == host and (port == entry.port or (entry.port is None and port in WEB_PORTS)):
            return _named_policy(entry)
    return _PUBLIC


def _name(host: str) -> str:
    return host.rstrip(".").lower()
