"""The Celery application; its settings, in `config/queues.py`, are read when they are first needed."""

import os
from typing import Any

from celery import Celery
from celery.signals import before_task_publish, setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("second_source")
# Named, not imported: whoever imports `config` must not yet read the Django settings.
app.config_from_object("config.queues")
app.autodiscover_tasks()


@setup_logging.connect
def keep_logging(**signal: Any) -> None:
    """Leave logging as the Django settings have it: Celery sets up its own only where nobody answers this."""


@before_task_publish.connect
def name_request(headers: dict[str, Any] | None = None, **signal: Any) -> None:
    """Send the id of the request with each task that it queues, and on with each task that those queue."""
    from config.logs import current_ids

    if headers is not None and (request_id := current_ids().get("request_id")):
        headers.setdefault("request_id", request_id)
