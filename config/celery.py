"""The Celery application; its settings, in `config/queues.py`, are read when they are first needed."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("second_source")
# Named, not imported: whoever imports `config` must not yet read the Django settings.
app.config_from_object("config.queues")
app.autodiscover_tasks()
