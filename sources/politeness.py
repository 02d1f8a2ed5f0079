"""One request at a time to a site, and pauses between them, across all workers.

The state is a row for each site. A turn is a lease in that row, taken and given back in statements of their own: no
transaction is open while a site is asked, and what a killed worker held runs out. The database's clock is everyone's.
"""

import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from sources.fetch_errors import HostBusy, clock
from sources.models import Host
from sources.robots import Robots

logger = logging.getLogger(__name__)

#: Seconds between two looks at a turn that another worker holds.
LOOK_AGAIN_S = 0.1
# A first failure costs this many seconds, each further one twice as many.
BACKOFF_S = 5.0
BACKOFF_ASKED_FOR_S = 60.0
MAX_GROWTH = 16


@dataclass
class Turn:
    """One request to a site, and what came of it; a turn in which nothing was asked costs no pause."""

    asked: bool = False
    failed: bool = False
    overloaded: bool = False
    error: str = ""
    retry_after_s: float | None = None

    def succeeded(self) -> None:
        self.asked = True

    def fails(self, error: str, *, overloaded: bool = False, retry_after_s: float | None = None) -> None:
        """Note that the site could not answer, and how long it wants to be left alone, where it said so."""
        self.asked = self.failed = True
        self.overloaded, self.error, self.retry_after_s = overloaded, error, retry_after_s


class Politeness(Protocol):
    """Who may ask which site when, and what is known of its robots.txt."""

    def turn(self, site: str, *, wait_s: float, lease_s: float) -> AbstractContextManager[Turn]: ...

    def pause_s(self, site: str) -> float: ...

    def robots(self, site: str) -> Robots | None: ...

    def keep_robots(self, site: str, robots: Robots, *, crawl_delay_s: float | None) -> None: ...


@dataclass(frozen=True)
class HostRows:
    """Politeness kept in the table of hosts, for all processes that share a database."""

    min_interval_s: float = 1.0
    max_crawl_delay_s: float = 30.0
    max_backoff_s: float = 86_400.0

    @contextmanager
    def turn(self, site: str, *, wait_s: float, lease_s: float) -> Iterator[Turn]:
        """Wait for the turn at `site`, at most `wait_s` seconds, and hold it at most `lease_s` seconds.

        Raises HostBusy, with the seconds to come back after, where it does not come in time. Must not be used inside
        a transaction: others could not see that the site is taken.
        """
        lease = self._take(site, wait_s=wait_s, lease_s=lease_s)
        turn = Turn()
        try:
            yield turn
        finally:
            self._give_back(site, lease, turn)

    def pause_s(self, site: str) -> float:
        """Return the seconds between two requests to `site`."""
        row = Host.objects.filter(name=site).first()
        return self.min_interval_s if row is None else self.interval_s(row)

    def robots(self, site: str) -> Robots | None:
        row = Host.objects.filter(name=site, robots_fetched_at__isnull=False).first()
        if row is None or row.robots_fetched_at is None:
            return None
        return Robots(row.robots_status or 0, row.robots_body, row.robots_fetched_at, row.robots_error)

    def keep_robots(self, site: str, robots: Robots, *, crawl_delay_s: float | None) -> None:
        Host.objects.filter(name=site).update(
            robots_status=robots.status,
            robots_body=robots.body,
            robots_fetched_at=robots.fetched_at,
            robots_error=robots.error,
            crawl_delay_s=crawl_delay_s,
        )

    def _take(self, site: str, *, wait_s: float, lease_s: float) -> uuid.UUID:
        """Return the lease of a turn at `site` that is now ours."""
        lease, patience_ends = uuid.uuid4(), time.monotonic() + wait_s
        while True:
            with transaction.atomic(durable=True):
                if self._free(site).update(lease=lease, leased_until=Now() + timedelta(seconds=lease_s)):
                    return lease
            time.sleep(self._left_s(site, patience_s=patience_ends - time.monotonic()))

    def _free(self, site: str) -> QuerySet[Host]:
        """The row of `site` where it may be asked now."""
        return (
            Host.objects.filter(name=site)
            .filter(Q(leased_until=None) | Q(leased_until__lte=Now()))
            .filter(Q(next_allowed_at=None) | Q(next_allowed_at__lte=Now()))
            .filter(Q(backoff_until=None) | Q(backoff_until__lte=Now()))
        )

    def _left_s(self, site: str, *, patience_s: float) -> float:
        """Return the seconds until it makes sense to try again; raises HostBusy where that is too long."""
        # The row comes with the clock that its times were written by.
        row = Host.objects.filter(name=site).annotate(now=Now()).first()
        if row is None:
            Host.objects.bulk_create([Host(name=site)], ignore_conflicts=True)
            return 0.0
        moments = [moment for moment in (row.next_allowed_at, row.backoff_until) if moment is not None]
        pause_s = max(((moment - row.now).total_seconds() for moment in moments), default=0.0)
        leased = row.leased_until is not None and row.leased_until > row.now
        if leased:
            pause_s = max(pause_s, LOOK_AGAIN_S)
        if pause_s <= patience_s:
            return max(pause_s, 0.0)
        if row.backoff_until is not None and row.backoff_until > row.now:
            raise HostBusy(
                f"{site} is left alone until {clock(row.backoff_until)}: {row.last_error}", retry_after_s=pause_s
            )
        # A lease says nothing of its end; most are short.
        pause_s = max(pause_s, 1.0)
        raise HostBusy(
            f"{site} is asked one request at a time, and others were first. Try again in {pause_s:.0f} seconds.",
            retry_after_s=pause_s,
        )

    def _give_back(self, site: str, lease: uuid.UUID, turn: Turn) -> None:
        """Free the turn and set the pause that follows from it; a lease that has run out changes nothing."""
        with transaction.atomic(durable=True):
            row = Host.objects.select_for_update().annotate(now=Now()).filter(name=site, lease=lease).first()
            if row is None:
                logger.warning("lease ran out host=%s", site)
                return
            row.lease = row.leased_until = None
            if turn.asked:
                row.next_allowed_at = row.now + timedelta(seconds=self.interval_s(row))
                row.failures = row.failures + 1 if turn.failed else 0
                row.last_error = turn.error
                row.backoff_until = row.now + timedelta(seconds=self.backoff_s(row, turn)) if turn.failed else None
            row.save(
                update_fields=["lease", "leased_until", "next_allowed_at", "failures", "last_error", "backoff_until"]
            )

    def interval_s(self, row: Host) -> float:
        """Return the seconds between two requests: ours, or longer where the operator or the site wants it."""
        if row.min_interval_s is not None:
            return row.min_interval_s
        return max(self.min_interval_s, min(row.crawl_delay_s or 0.0, self.max_crawl_delay_s))

    def backoff_s(self, row: Host, turn: Turn) -> float:
        """Return the seconds to leave a failing site alone: what it asks for, else twice as long each time."""
        growing = (BACKOFF_ASKED_FOR_S if turn.overloaded else BACKOFF_S) * 2 ** min(row.failures - 1, MAX_GROWTH)
        wanted = turn.retry_after_s if turn.retry_after_s is not None else growing
        return min(wanted, self.max_backoff_s)


def retry_after_s(header: str, *, now: datetime | None = None) -> float | None:
    """Return the seconds that a Retry-After header asks for, 0 for a moment gone by; None where it cannot be read."""
    header = header.strip()
    if header.isascii() and header.isdecimal():
        return float(header[:12])
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - (now or datetime.now(UTC))).total_seconds(), 0.0)
