"""What a site's robots.txt asks of us, by RFC 9309."""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from protego import Protego

# RFC 9309: at least 500 KiB are read (2.5), at most 24 hours are cached (2.4), five redirects followed (2.3.1.2).
MAX_BYTES = 500 * 1024
FRESH_FOR = timedelta(hours=24)
MAX_REDIRECTS = 5
#: A site that could not be reached is asked again sooner; until then it counts as closed.
UNREACHABLE_FOR = timedelta(minutes=10)
UNREACHABLE = 0

_AGENT_LINE = re.compile(r"\s*user[ -]?agent\s*[:\s]\s*([^#]*)", re.IGNORECASE)
# Lines of other protocols, such as "Content-Signal:". What the parser knows, also misspelt, begins with one of these.
_OTHER_LINE = re.compile(r"\s*(?!user|allow|d|crawl|request)[a-z-]+\s*:", re.IGNORECASE)
_PRODUCT = re.compile(r"[A-Za-z_-]+")


@dataclass(frozen=True)
class Robots:
    """A robots.txt as it was read: `status` is 0 where the site could not be reached, which `error` explains."""

    status: int
    body: str
    fetched_at: datetime
    error: str = ""

    @property
    def reachable(self) -> bool:
        # "Too many requests" says nothing about what is allowed, though its number is in the 400s.
        return self.status != UNREACHABLE and self.status < 500 and self.status != 429

    def fresh(self, now: datetime) -> bool:
        return now - self.fetched_at < (FRESH_FOR if self.reachable else UNREACHABLE_FOR)

    def allows(self, url: str, *, user_agent: str) -> bool:
        """Return whether `url` may be fetched; where the file could not be read, nothing may."""
        if not self.reachable:
            return False
        return self.status >= 400 or _rules(self.body, product(user_agent)).can_fetch(url, product(user_agent))

    def crawl_delay_s(self, *, user_agent: str) -> float | None:
        """Return the seconds between requests that the site asks for, if it does."""
        if not self.reachable or self.status >= 400:
            return None
        rules = _rules(self.body, product(user_agent))
        delay = rules.crawl_delay(product(user_agent))
        if delay is None and (rate := rules.request_rate(product(user_agent))) is not None and rate.requests > 0:
            delay = rate.seconds / rate.requests
        return delay if delay is not None and math.isfinite(delay) and delay >= 0 else None


def decode(body: bytes) -> str:
    """Return the text of a robots.txt; a last line that was cut by the limit is left away, for it may say too much."""
    text = body.decode("utf-8", errors="replace").replace("\0", "\ufffd").removeprefix("\ufeff")
    if len(body) < MAX_BYTES:
        return text
    return text[: max(text.rfind("\n"), text.rfind("\r")) + 1]


def product(user_agent: str) -> str:
    """Return the name that robots.txt files know a User-Agent by (RFC 9309, 2.2.1)."""
    found = _PRODUCT.match(user_agent)
    return found.group() if found else user_agent


@lru_cache(maxsize=16)
def _rules(body: str, name: str) -> Protego:
    """Return the rules for `name` and for everybody.

    Names of others are made one: the parser gives each name its own copy of the rules after it, which half a megabyte
    of names and rules turns into gigabytes; and it takes a name that ours begins with for ours, which the RFC does not.
    Lines of other protocols are left away: between two names they would end the group, which they must not (2.2.4).
    """

    def one_name(line: str) -> str:
        found = _AGENT_LINE.match(line)
        if not found:
            return line
        named = found.group(1).strip()
        if named == "*":
            return line
        return f"User-agent: {name if product(named).lower() == name.lower() else f'not-{name}'}"

    lines = (line for line in body.splitlines() if not _OTHER_LINE.match(line))
    return Protego.parse("\n".join(map(one_name, lines)))
