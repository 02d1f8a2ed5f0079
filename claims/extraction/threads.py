"""How many things a process reads side by side with its networks."""

import os


def threads() -> int:
    """Return how many: NETWORK_THREADS of the environment, else two where there are two processors.

    A worker has one (config/celery.py): others read beside it, and each takes one processor, as it is reckoned with.
    """
    return int(os.environ.get("NETWORK_THREADS") or min(2, os.cpu_count() or 1))
