"""How much one asker may ask for: counted by each process, and from time to time by all of them together.

An asker is a token, an account, or an address (of IPv6 its /64). A process counts by itself, and each time a twentieth
of a limit is used up it adds what it counted to a row that all share: most askers cost the database nothing, and a
limit is overrun by at most a twentieth for each process beyond the first. Who is over it is refused without the
database until the window ends. Windows are fixed, so twice the limit can pass around an end.
"""

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.http import HttpRequest

from config.callers import is_of_this_machine, network_of
from config.replicas import PRIMARY, is_reading_from_replica

MINUTE, HOUR = 60, 3600
#: A process tells the others of what it counted when it has counted this part of a limit.
_PARTS = 20
#: Askers that one process remembers; of more, those that asked longest ago are forgotten.
_REMEMBERED = 50_000
#: Where a request keeps how its asker stands, for the headers of its answer.
_STANDINGS = "limit_standings"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """So many requests of one kind in so many seconds."""

    name: str
    quota: int
    window_s: int


@dataclass(frozen=True)
class Standing:
    """How an asker stands with a limit after a request."""

    limit: Limit
    remaining: int
    reset_s: int
    passed: bool


class Limited(Exception):
    """Somebody asked for too much in too short a time."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(f"More than {standing.limit.quota:,} requests of the kind “{standing.limit.name}”.")
        self.standing = standing


# Which limits there are; a setting of 0 is none


def reads(*, known: bool) -> Limit:
    """Reading the API: with an account more than without."""
    quota = settings.RATE_READS_KNOWN if known else settings.RATE_READS
    return Limit("reads", quota, MINUTE)


def writes() -> Limit:
    return Limit("writes", settings.RATE_WRITES, MINUTE)


def searches() -> Limit:
    return Limit("searches", settings.RATE_SEARCHES, MINUTE)


def exports() -> Limit:
    return Limit("exports", settings.RATE_EXPORTS, HOUR)


def wrong_tokens() -> Limit:
    return Limit("wrong-tokens", settings.RATE_WRONG_TOKENS, MINUTE)


# Counting


@dataclass
class _Count:
    window: int
    #: What all processes had counted when it was last asked, with what this one has told them.
    told: int = 0
    #: What this process has counted since.
    untold: int = 0


_counts: OrderedDict[bytes, _Count] = OrderedDict()
_counting = threading.Lock()
_swept_at = 0.0


def spend(limit: Limit, asker: str, *, now: float | None = None) -> Standing | None:
    """Count a request of an asker, and return how they stand; None where nothing limits them."""
    if not limit.quota:
        return None
    now = time.time() if now is None else now
    window, key = int(now // limit.window_s), _key(limit, asker)
    reset_s = int((window + 1) * limit.window_s - now) + 1
    with _counting:
        count = _counts.setdefault(key, _Count(window))
        _counts.move_to_end(key)
        if len(_counts) > _REMEMBERED:
            _counts.popitem(last=False)
        if count.window != window:
            count.window, count.told, count.untold = window, 0, 0
        if count.told + count.untold >= limit.quota:
            return Standing(limit, 0, reset_s, passed=False)
        count.untold += 1
        telling = count.untold if count.untold >= max(1, limit.quota // _PARTS) else 0
        count.told += telling
        count.untold -= telling
        total = count.told + count.untold
    if telling:
        total = max(total, _tell(key, telling, ends_at=(window + 1) * limit.window_s, now=now))
        with _counting:
            if count.window == window:
                count.told = max(count.told, total - count.untold)
    return Standing(limit, max(0, limit.quota - total), reset_s, passed=total <= limit.quota)


def forget() -> None:
    """Forget what this process has counted."""
    with _counting:
        _counts.clear()


def _key(limit: Limit, asker: str) -> bytes:
    # Who reads the table learns no addresses from it.
    said = f"{limit.name} {limit.window_s} {asker}".encode()
    return hashlib.blake2b(said, key=settings.SECRET_KEY.encode()[:64], digest_size=16).digest()


_ADD = """
    insert into request_counts as counted (key, ends_at, count) values (%s, %s, %s)
    on conflict (key) do update set
        count = case when counted.ends_at = excluded.ends_at then counted.count else 0 end + excluded.count,
        ends_at = excluded.ends_at
    returning count
"""


def _tell(key: bytes, counted: int, *, ends_at: int, now: float) -> int:
    """Add to what all processes counted, and return the sum; 0 where the database does not answer."""
    global _swept_at
    connection = connections[PRIMARY if is_reading_from_replica() else DEFAULT_DB_ALIAS]
    try:
        with connection.cursor() as cursor:
            if now - _swept_at > HOUR:
                _swept_at = now
                cursor.execute("delete from request_counts where ends_at < %s", [int(now)])
            cursor.execute(_ADD, [key, ends_at, counted])
            return int(cursor.fetchone()[0])
    except (OperationalError, InterfaceError) as error:
        # Reading goes on from a replica while the primary database is away: each process then counts for itself.
        logger.warning("requests not counted together reason=%s", str(error).splitlines()[0])
        return 0


# Who asks


def address_asker(request: HttpRequest) -> str | None:
    """Return what a request without an account is counted for; None for a program of this machine: it has no limits."""
    return None if is_of_this_machine(request) else f"address {network_of(request)}"


def limit_request(request: HttpRequest, asker: str | None, limits: Iterable[Limit]) -> None:
    """Count a request under each of some limits, and note them on it for the headers of its answer.

    Raises Limited for the first that is used up.
    """
    if asker is None:
        return
    standings: list[Standing] = request.__dict__.setdefault(_STANDINGS, [])
    for limit in limits:
        standing = spend(limit, asker)
        if standing is None:
            continue
        standings.append(standing)
        if not standing.passed:
            logger.warning("limited asker=%s limit=%s", asker.partition(" ")[0], limit.name)
            raise Limited(standing)


def headers(request: HttpRequest) -> dict[str, str]:
    """Return the headers that say how who asked stands (draft-ietf-httpapi-ratelimit-headers-10); {} without limits."""
    stood: list[Standing] = request.__dict__.get(_STANDINGS, [])
    if not stood:
        return {}
    said = {
        "RateLimit-Policy": ", ".join(f'"{it.limit.name}";q={it.limit.quota};w={it.limit.window_s}' for it in stood),
        "RateLimit": ", ".join(f'"{it.limit.name}";r={it.remaining};t={it.reset_s}' for it in stood),
    }
    if refused := [it.reset_s for it in stood if not it.passed]:
        said["Retry-After"] = str(max(refused))
    return said
