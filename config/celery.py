"""The Celery application; its settings, in `config/queues.py`, are read when they are first needed."""

import os
import socket
from typing import Any

from celery import Celery
from celery.signals import (
    beat_init,
    before_task_publish,
    setup_logging,
    task_postrun,
    task_prerun,
    worker_init,
    worker_process_init,
    worker_process_shutdown,
    worker_shutdown,
)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("second_source")
# Named, not imported: whoever imports `config` must not yet read the Django settings.
app.config_from_object("config.queues")
app.autodiscover_tasks()

#: The name of this process where it is a scheduler.
_beat = ""
#: What this process has done, where it is one of a worker's.
_tally: Any = None


@setup_logging.connect
def keep_logging(**signal: Any) -> None:
    """Leave logging as the Django settings have it: Celery sets up its own only where nobody answers this."""


@before_task_publish.connect
def name_sender(headers: dict[str, Any] | None = None, **signal: Any) -> None:
    """Send the id of the request with each task that it queues, and on with each that those queue; or the scheduler."""
    from config.logs import current_ids

    if headers is not None and (request_id := current_ids().get("request_id")):
        headers.setdefault("request_id", request_id)
    if headers is not None and _beat:
        headers["beat"] = _beat


@beat_init.connect
def name_beat(**signal: Any) -> None:
    """Have the tasks that this process hands out tell so."""
    global _beat
    _beat = f"beat@{socket.gethostname()}"


@worker_init.connect
def give_way(**signal: Any) -> None:
    """Let who serves readers have the processors first, where both share them; a worker's processes inherit it.

    Each of these takes one processor: more of them, not more threads, are what makes work faster.
    """
    from django.conf import settings

    os.nice(settings.WORKER_NICENESS)
    os.environ["NETWORK_THREADS"] = str(settings.NETWORK_THREADS)


@worker_process_init.connect
def open_tally(**signal: Any) -> None:
    """Count what this process of a worker does."""
    from config.sightings import Tally

    global _tally
    _tally = Tally()


@task_prerun.connect
def begin_task(task_id: str, task: Any, **signal: Any) -> None:
    if _tally is not None and task.app.main == app.main:
        _tally.begin(task_id)


@task_postrun.connect
def end_task(task_id: str, task: Any, retval: Any = None, state: str | None = None, **signal: Any) -> None:
    if _tally is not None and task.app.main == app.main:
        # Tasks return counts.
        done = (retval if isinstance(retval, int) else 0) if state == "SUCCESS" else None
        _tally.end(
            task_id, task.name, done=done, worker=task.request.hostname, beat=getattr(task.request, "beat", "") or ""
        )


@worker_process_shutdown.connect
def close_tally(**signal: Any) -> None:
    if _tally is not None:
        _tally.write()


@worker_shutdown.connect
def forget(sender: Any, **signal: Any) -> None:
    """Forget a worker that was asked to end; one that is killed stays known, and is missed."""
    from config.sightings import forget_worker

    forget_worker(sender.hostname)
