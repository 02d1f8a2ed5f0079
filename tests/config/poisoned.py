"""The site's Celery application, with one text that ends the process that reads it, as a crash of a library would."""

import os
import signal
from typing import Any

from celery.signals import worker_process_init

from config import queues
from config.celery import app

POISON = "poisoned"

# Apart from what others put on the same broker.
app.conf.broker_transport_options = {
    **queues.broker_transport_options,
    "global_keyprefix": os.environ["TEST_KEY_PREFIX"],
}


@worker_process_init.connect(weak=False)
def poison(**told: Any) -> None:
    from claims.services import reading

    extract = reading.extract

    def extract_or_die(text, **options):
        if POISON in text:
            os.kill(os.getpid(), signal.SIGKILL)
        return extract(text, **options)

    reading.extract = extract_or_die
