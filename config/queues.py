"""Celery settings: what was measured to survive `kill -9` of a worker and of the broker."""

from typing import Any

from celery.schedules import crontab
from django.conf import settings
from kombu import Exchange, Queue

from config.embedded.workers import KINDS, SWEEP, queue

VISIBILITY_TIMEOUT_S = 3600
TASK_TIME_LIMIT_S = 600  # well below the visibility timeout, so that no task runs twice at once
SWEEP_INTERVAL_S = 10
WAKE_UP_EXPIRES_S = 60

broker_url = settings.CELERY_BROKER_URL
broker_connection_retry_on_startup = True
broker_connection_max_retries = None  # the supervisor, not a count, decides when to give up
timezone = "UTC"

# What a task did is in the rows it wrote.
task_ignore_result = True
task_acks_late = True
task_reject_on_worker_lost = True
task_time_limit = TASK_TIME_LIMIT_S
task_soft_time_limit = TASK_TIME_LIMIT_S - 30
worker_prefetch_multiplier = 1
# A process that a huge text has blown up is replaced after its task; KiB.
worker_max_memory_per_child = 700_000
worker_send_task_events = False
# SIGQUIT: seconds that running tasks get to end before they go back to the queue.
worker_soft_shutdown_timeout = 8
# An unfinished task is handed out again after the loss; going on with it would do it twice.
worker_cancel_long_running_tasks_on_connection_loss = True

# A task is a wake-up. One that waited so long has others behind it; a long import does not fill the broker with them.
task_annotations = {"*": {"expires": WAKE_UP_EXPIRES_S}}

beat_schedule = {
    "sweep-sources": {"task": "sources.sweep", "schedule": SWEEP_INTERVAL_S},
    "sweep-claims": {"task": "claims.sweep", "schedule": SWEEP_INTERVAL_S},
    "sweep-notices": {"task": "notices.sweep", "schedule": SWEEP_INTERVAL_S},
    "forget-answers": {"task": "claims.forget_answers", "schedule": crontab(minute=45)},
    "compact-changes": {"task": "claims.compact_changes", "schedule": crontab(hour=3, minute=30)},
    "forget-events": {"task": "notices.forget_events", "schedule": crontab(minute=20)},
}
if settings.PRUNE_NIGHTLY:
    beat_schedule["prune"] = {"task": "config.prune", "schedule": crontab(hour=4, minute=15)}

# A queue for each kind of work. A worker takes from its queues in turn: what is imported now does not wait until all
# that was imported before has been read, a long import does not keep what it brings from being read, and neither keeps
# feeds from being polled. Kinds may have workers of their own, in number as each needs.
FETCH, EXTRACT, MATCH, NOTIFY = (queue(kind) for kind in KINDS)
SWEEPS = queue(SWEEP)
QUEUES = (SWEEPS, FETCH, EXTRACT, MATCH, NOTIFY)
# The first pattern that fits a task's name counts; what else `claims` does follows from matching.
task_routes = {
    pattern: {"queue": name, "routing_key": name}
    for pattern, name in (
        ("*.sweep", SWEEPS),
        ("*.notify*", NOTIFY),
        ("*.send_*", NOTIFY),
        ("sources.*", FETCH),
        ("claims.extract_*", EXTRACT),
        ("claims.*", MATCH),
    )
}
task_default_queue = task_default_routing_key = NOTIFY
# A topic exchange is what Celery's delayed delivery (retries with a countdown) needs on RabbitMQ.
task_default_exchange, task_default_exchange_type = "second_source.tasks", "topic"
_EXCHANGE = Exchange(task_default_exchange, type=task_default_exchange_type)

_ARGUMENTS: dict[str, str] = {}
broker_transport_options: dict[str, Any]
if settings.CELERY_BROKER_URL.startswith(("amqp://", "amqps://")):
    # Quorum queues refuse a global prefetch count; Celery detects them and counts for each queue.
    _ARGUMENTS = {"x-queue-type": "quorum"}
    worker_detect_quorum_queues = True
    broker_transport_options = {"confirm_publish": True}
else:
    broker_transport_options = {
        "visibility_timeout": VISIBILITY_TIMEOUT_S,
        # Look for abandoned messages every 5 s; by default it is every tenth turn of 10 s.
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
    }
task_queues = [Queue(name, _EXCHANGE, routing_key=name, queue_arguments=_ARGUMENTS) for name in QUEUES]
