"""Who was seen at work, and what tasks came to: written down by the workers as their tasks end.

Rows tell it, not messages: it is right whichever broker there is, and readable while the broker is away. A worker is
seen when a task of it has ended, which the sweeps see to every few seconds; the scheduler, when a task has ended that
it handed out. So what is seen did its work, which a process that merely runs may not.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error as DatabaseTrouble
from django.db import connection, transaction
from django.utils import timezone

from config.models import Sighting, TaskTotal

logger = logging.getLogger(__name__)

#: A process keeps what it did for so long before it writes it down; what kills it meanwhile takes that along.
WRITE_INTERVAL_S = 5.0
#: Workers and schedulers that have not been seen for so long are forgotten: machines come and go.
REMEMBERED = timedelta(days=1)


@dataclass
class _Total:
    ended_at: datetime
    runs: int = 0
    failures: int = 0
    seconds: float = 0.0
    done: int = 0


class Tally:
    """What one process has done since it last wrote it down."""

    def __init__(self, *, write_interval_s: float = WRITE_INTERVAL_S) -> None:
        self._write_interval_s = write_interval_s
        self._written_at = float("-inf")
        self._began: dict[str, float] = {}
        self._totals: dict[str, _Total] = {}
        self._seen: dict[tuple[str, str], datetime] = {}

    def begin(self, task_id: str) -> None:
        """Note that a task begins."""
        self._began[task_id] = time.monotonic()

    def end(self, task_id: str, task: str, *, done: int | None, worker: str, beat: str = "") -> None:
        """Note that a task has ended, and write all down if that was last done a while ago.

        done: what it returned; None where it ended with an error. beat: the scheduler that handed it out, if one did.
        """
        now, ended = timezone.now(), time.monotonic()
        total = self._totals.setdefault(task, _Total(now))
        total.runs += 1
        total.failures += done is None
        total.seconds += ended - self._began.pop(task_id, ended)
        total.done += done or 0
        total.ended_at = now
        self._seen[Sighting.Role.WORKER, worker] = now
        if beat:
            self._seen[Sighting.Role.BEAT, beat] = now
        if ended - self._written_at >= self._write_interval_s:
            self.write()

    def write(self) -> None:
        """Add what was done to the tables; where they cannot be written it is kept for the next time."""
        self._written_at = time.monotonic()
        if not self._totals:
            return
        try:
            with transaction.atomic():
                _add(self._totals)
                _see(self._seen)
        except DatabaseTrouble as error:
            logger.warning("tally not written reason=%s", str(error).splitlines()[0])
        else:
            self._totals, self._seen = {}, {}


def _add(totals: dict[str, _Total]) -> None:
    # In one order, so that two processes wait for each other rather than deadlock.
    rows = sorted(totals.items())
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO config_tasktotal AS stored (task, runs, failures, seconds, done, ended_at)
            SELECT * FROM unnest(
                %s::text[], %s::bigint[], %s::bigint[], %s::float8[], %s::bigint[], %s::timestamptz[]
            )
            ON CONFLICT (task) DO UPDATE SET
                runs = stored.runs + excluded.runs,
                failures = stored.failures + excluded.failures,
                seconds = stored.seconds + excluded.seconds,
                done = stored.done + excluded.done,
                ended_at = greatest(stored.ended_at, excluded.ended_at)
            """,
            [
                [task for task, _ in rows],
                *([getattr(total, name) for _, total in rows] for name in ("runs", "failures", "seconds", "done")),
                [total.ended_at for _, total in rows],
            ],
        )


def _see(seen: dict[tuple[str, str], datetime]) -> None:
    Sighting.objects.bulk_create(
        [Sighting(role=role, name=name[:300], seen_at=at) for (role, name), at in sorted(seen.items())],
        update_conflicts=True,
        unique_fields=["role", "name"],
        update_fields=["seen_at"],
    )


def note_backup(name: str) -> None:
    """Write down that a backup was made now, in place of the one before; where nothing can be written, leave it."""
    try:
        with transaction.atomic():
            Sighting.objects.filter(role=Sighting.Role.BACKUP).delete()
            Sighting.objects.create(role=Sighting.Role.BACKUP, name=name[-300:], seen_at=timezone.now())
    except DatabaseTrouble as error:
        # A copy that is only read from, for one.
        logger.warning("backup not noted reason=%s", str(error).splitlines()[0])


def forget_worker(name: str) -> None:
    """Forget a worker that ends because it was asked to, and whoever was not seen for a day."""
    programs = Sighting.objects.exclude(role=Sighting.Role.BACKUP)
    try:
        programs.filter(role=Sighting.Role.WORKER, name=name).delete()
        programs.filter(seen_at__lt=timezone.now() - REMEMBERED).delete()
    except DatabaseTrouble as error:
        logger.warning("worker not forgotten reason=%s", str(error).splitlines()[0])


def programs_seen() -> list[Sighting]:
    """Return the workers and schedulers that were seen within a day, by role and name."""
    seen = Sighting.objects.exclude(role=Sighting.Role.BACKUP).filter(seen_at__gte=timezone.now() - REMEMBERED)
    return list(seen.order_by("role", "name"))


def last_backup() -> Sighting | None:
    """Return the last backup that `manage.py backup` made of this database; others leave no trace in it."""
    return Sighting.objects.filter(role=Sighting.Role.BACKUP).order_by("-seen_at").first()


def task_totals() -> list[TaskTotal]:
    """Return what tasks came to, by name."""
    return list(TaskTotal.objects.order_by("task"))
