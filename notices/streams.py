"""Server-sent events: what happened, as it happens, over connections that do not hold up the pages.

A stream occupies a thread of the web server for its short life. So there are few of them in a process; whoever comes
when all are taken gets what there is, and an end: a browser's EventSource asks again by itself, which is polling then.
All streams of a process share one look at the database a second.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator

from django.conf import settings
from django.db import close_old_connections

from notices.events import START, Happening, Page, Position, events_after, watermark
from notices.triggers import TYPES

LOOK_EVERY_S = 1.0
HEARTBEAT_S = 15.0
#: Milliseconds after which a browser comes back: where it had a stream, and where there was none for it.
RETRY_MS, RETRY_POLLING_MS = 1_000, 5_000
EVENTS_PER_LOOK = 500
#: After a pause so long, what came meanwhile is not kept for all.
STALE_S = 10.0
#: Of the newest events, so many are kept for all streams; who is further behind reads for itself.
KEPT = 1_000


class Tail:
    """The newest events of all types, looked for at most once a second however many wait for them."""

    def __init__(
        self,
        *,
        look: Callable[..., Page] = events_after,
        now: Callable[[], Position] = watermark,
        every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._look, self._now, self._every_s = look, now, every_s
        self._lock = threading.Lock()
        self._events: deque[Happening] = deque(maxlen=KEPT)
        self._looked_at = float("-inf")
        #: From here on, up to there, all events are kept.
        self._begins = self._ends = START

    def after(self, position: Position) -> Page:
        """Return what happened after a position, as far as it is known of by the last look."""
        with self._lock:
            if time.monotonic() - self._looked_at >= self._every_s:
                self._refresh()
            if position > self._ends:
                return Page([], position, more=False)
            if position >= self._begins:
                return Page([event for event in self._events if event.position > position], self._ends, more=False)
        return self._look(position, limit=EVENTS_PER_LOOK)

    def _refresh(self) -> None:
        page = None
        if time.monotonic() - self._looked_at < STALE_S:
            page = self._look(self._ends, limit=EVENTS_PER_LOOK)
        if page is None or page.more:
            # Too much since the last look to keep it all for everybody.
            self._events.clear()
            self._begins = self._ends = self._now()
        else:
            for event in page.events:
                if len(self._events) == KEPT:
                    self._begins = self._events[0].position
                self._events.append(event)
            self._ends = page.position
        self._looked_at = time.monotonic()


class Streams:
    """The streams of a process."""

    def __init__(self, most: int, *, tail: Tail | None = None) -> None:
        self._free = threading.BoundedSemaphore(most) if most else None
        self._tail = tail or Tail()

    def open(self, position: Position, *, types: Collection[str] = TYPES, life_s: float) -> Iterator[bytes]:
        """Yield what happened after a position, as server-sent events, until `life_s` is over or nobody reads on.

        Where all streams are taken: what there is by now.
        """
        taken = self._free is not None and self._free.acquire(blocking=False)
        try:
            yield f"retry: {RETRY_MS if taken else RETRY_POLLING_MS}\n\n".encode()
            # A browser without a place to go on from would miss what happens between two streams.
            yield _place(position)
            yield from self._told(position, types, life_s if taken else 0.0)
        finally:
            if taken and self._free is not None:
                self._free.release()

    def _told(self, position: Position, types: Collection[str], life_s: float) -> Iterator[bytes]:
        ends = time.monotonic() + life_s
        beats = time.monotonic() + HEARTBEAT_S
        while True:
            page = self._tail.after(position)
            # No connection is kept from others while nothing happens.
            close_old_connections()
            position = page.position
            if told := [event for event in page.events if event.type in types]:
                yield b"".join(map(_written, told))
            if page.more:
                continue
            now = time.monotonic()
            if now >= ends:
                # Past all that was of other types.
                yield _place(position)
                return
            if now >= beats:
                yield b": still here\n" + _place(position)
                beats = now + HEARTBEAT_S
            time.sleep(min(LOOK_EVERY_S, max(ends - now, 0.0)))


def _place(position: Position) -> bytes:
    """Return what sets a client's last event id, and is no event."""
    return f"id: {position}\n\n".encode()


def _written(event: Happening) -> bytes:
    body = json.dumps(event.message, ensure_ascii=False, separators=(",", ":"))
    return f"id: {event.position}\nevent: {event.type}\ndata: {body}\n\n".encode()


#: This process's. Made after a server has forked its processes, since locks are not shared with those.
_streams: Streams | None = None
_making = threading.Lock()


def streams() -> Streams:
    """Return the streams of this process."""
    global _streams
    with _making:
        if _streams is None:
            _streams = Streams(settings.EVENT_STREAMS)
        return _streams
