"""Which workers run, and which kinds of work each takes: what `up --workers` says."""

import re
from dataclasses import dataclass

#: Kinds of work that have a queue of their own, in the order in which an article meets them (see config/queues.py).
KINDS = ("fetch", "extract", "match", "notify")
#: Short and for everybody: whichever worker is there looks what waits.
SWEEP = "sweep"


def queue(kind: str) -> str:
    """Return the name of a kind's queue."""
    return f"second_source.{kind}"


@dataclass(frozen=True)
class Worker:
    """A Celery worker: how many tasks it does at the same time, and of which kinds."""

    kinds: tuple[str, ...]
    concurrency: int

    @property
    def name(self) -> str:
        return "worker" if self.kinds == KINDS else f"worker-{'+'.join(self.kinds)}"

    @property
    def queues(self) -> str:
        """The queues as Celery takes them."""
        return ",".join(queue(kind) for kind in (*self.kinds, SWEEP))


def parse_workers(words: str) -> list[Worker]:
    """Return the workers that `2` (one for all kinds) or `fetch=4,extract=2,match+notify=1` asks for.

    Raises ValueError where it is neither, or where a kind has no worker, or two.
    """
    if re.fullmatch(r"[1-9]\d{0,3}", words):
        return [Worker(KINDS, int(words))]
    workers = []
    for part in words.split(","):
        kinds, _, number = part.strip().partition("=")
        if not re.fullmatch(r"[1-9]\d{0,3}", number):
            raise ValueError(f"{part.strip()!r} is not a number of at least 1, nor like fetch=4 or match+notify=1")
        workers.append(Worker(tuple(kinds.split("+")), int(number)))
    named = [kind for worker in workers for kind in worker.kinds]
    if unknown := sorted(set(named) - set(KINDS)):
        raise ValueError(f"there is no kind of work {', '.join(unknown)}; there are {', '.join(KINDS)}")
    if missing := [kind for kind in KINDS if kind not in named]:
        raise ValueError(f"nobody would do {', '.join(missing)}")
    if len(named) > len(KINDS):
        raise ValueError("each kind of work is named once")
    return workers
