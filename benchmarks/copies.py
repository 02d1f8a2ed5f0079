"""Print how well and how fast copied text is found: `benchmarks/copies.py [--articles N]`.

Generates N articles (5,000) of 50 outlets and stores them with their fingerprints. Texts are drawn from sentences whose
words are as frequent as in English (Zipf 1949), so that chance meetings of common words occur; the articles of one
event share its names, figures and a minister's quotation of 60 words. Then reprints of a hundred articles are searched
for: whole, cut to a third, padded to twice the length, lightly edited (one word in fifteen), and three of their
paragraphs in an article twice as long. Printed are the part found, how many unrelated articles of one event were taken
for copies, and the milliseconds of a search for an article like the stored ones, which copies nothing. The baseline is
MinHash over the same runs of words (Broder 1997) at its usual threshold, a Jaccard similarity of 0.5.
"""

import argparse
import os
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._figures import note

OUTLETS, EVENTS_EVERY, PROBES = 50, 10, 100
#: Articles stored and searched at once, as an import does.
TOGETHER = 250
SYLLABLES = "ba de co fi du ga hi ro ja lu ke mo li na pe ru sa to vi we".split()
MOST_WORDS = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--data", type=Path, help="not needed")
    number = parser.parse_args().articles
    import tests.services  # noqa: F401 (starts a throwaway database before settings are read)

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    measure(number)


class Writer:
    """Writes articles; the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 (made up text)
        names = [a + b for a in SYLLABLES for b in SYLLABLES] + [
            a + b + c for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES
        ]
        self.words = (names * 3)[:MOST_WORDS]
        self.weights = [1 / rank for rank in range(1, len(self.words) + 1)]
        self.cumulative = [sum(self.weights[:1])]
        for weight in self.weights[1:]:
            self.cumulative.append(self.cumulative[-1] + weight)

    def run(self, words: int) -> list[str]:
        return self.chance.choices(self.words, cum_weights=self.cumulative, k=words)

    def sentence(self, names: list[str]) -> str:
        words = self.run(self.chance.randint(10, 28))
        if names and self.chance.random() < 0.6:
            words.insert(self.chance.randrange(len(words)), self.chance.choice(names))
        return " ".join(words).capitalize() + "."

    def article(self, event: tuple[list[str], str], paragraphs: int = 14) -> str:
        names, quotation = event
        written = [" ".join(self.sentence(names) for _ in range(2)) for _ in range(paragraphs)]
        written.insert(paragraphs // 2, f"“{quotation},” {names[0]} said on Monday.")
        return "\n\n".join(written)

    def event(self) -> tuple[list[str], str]:
        names = [" ".join(word.capitalize() for word in self.run(3)) for _ in range(6)]
        return names, " ".join(self.run(60)).capitalize()


def variants(writer: Writer, text: str) -> dict[str, str]:
    paragraphs = text.split("\n\n")
    other = writer.event()
    edited = [writer.run(1)[0] if writer.chance.random() < 1 / 15 else word for word in text.split(" ")]
    return {
        "whole": text,
        "cut to a third": "\n\n".join(paragraphs[: len(paragraphs) // 3]),
        "padded to twice": f"{writer.article(other, len(paragraphs) // 2)}\n\n{text}\n\n{writer.article(other, 7)}",
        "lightly edited": " ".join(edited),
        "three paragraphs": "\n\n".join([writer.article(other), *paragraphs[2:5], writer.article(other)]),
    }


def measure(number: int) -> None:
    from django.db import connection

    from sources import reuse
    from sources.models import Derivation

    writer = Writer(7)
    outlets = make_outlets()
    events = [writer.event() for _ in range(max(1, number // EVENTS_EVERY))]
    texts = [writer.article(events[i % len(events)]) for i in range(number)]
    started = time.perf_counter()
    store(texts, outlets)
    seconds = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE sources_fingerprint")
        cursor.execute("SELECT pg_relation_size('fingerprint_hashes')")
        [index_bytes] = cursor.fetchone()
    print(
        f"copies: {number:,} articles of {sum(len(text.split()) for text in texts) // number} words stored and searched"
        f" in {seconds:.0f} s; index {index_bytes / 1e6:.0f} MB"
    )
    false = Derivation.objects.filter(kind="copy").count()
    note(f"copies, {number:,} articles: unrelated ones taken for copies", false)
    print(f"  unrelated articles of one event taken for copies: {false} of {number:,}")

    chosen = writer.chance.sample(range(number), min(PROBES, number))
    found: dict[str, list[bool]] = {}
    baseline: dict[str, list[bool]] = {}
    for position in chosen:
        for name, text in variants(writer, texts[position]).items():
            article = add(text, outlets[(position + 1) % OUTLETS])
            derivations = reuse.find_copies(article.current_revision)
            identity = f"id:{position}"
            hit = any(identity in (d.article.identity, d.upstream_article.identity) for d in derivations)
            found.setdefault(name, []).append(hit)
            baseline.setdefault(name, []).append(jaccard_estimate(text, texts[position]) >= 0.5)
            forget(article)
    for name, hits in found.items():
        recall, by_minhash = sum(hits) / len(hits), sum(baseline[name]) / len(hits)
        print(f"  {name:18} recall {recall:.2f}   MinHash {by_minhash:.2f}")
        note(f"copies, {number:,} articles: recall of {name}", recall, baseline=by_minhash, against="MinHash")

    searches, alone = [], []
    for _ in range(200):
        article = add(writer.article(writer.chance.choice(events)), outlets[0])
        probe = reuse.Text.of(article.current_revision)
        started = time.perf_counter()
        reuse.stored_hits([probe])
        alone.append(1000 * (time.perf_counter() - started))
        started = time.perf_counter()
        reuse.find_copies(article.current_revision)
        searches.append(1000 * (time.perf_counter() - started))
        forget(article)
    print(
        f"  search: median {statistics.median(alone):.2f} ms the query alone, {statistics.median(searches):.2f} ms with"
        f" reading the text and storing its fingerprints (95 %: {sorted(searches)[190]:.2f} ms)"
    )
    note(f"copies, {number:,} articles: search for one, median", statistics.median(alone), "ms")


def make_outlets() -> list:
    from sources.services.outlets import store_outlet

    return [store_outlet(f"Bench outlet {n}", kind="agency" if n == 0 else "newspaper") for n in range(OUTLETS)]


def store(texts: list[str], outlets: list) -> None:
    from sources import reuse

    for first in range(0, len(texts), TOGETHER):
        chunk = enumerate(texts[first : first + TOGETHER], first)
        added = [add(text, outlets[position % OUTLETS], identity=f"id:{position}") for position, text in chunk]
        reuse.find_copies(*(article.current_revision for article in added))


def add(text: str, outlet: Any, *, identity: str = "id:probe") -> Any:
    """Store an article by hand, without the import around it."""
    from datetime import UTC, datetime

    from sources.identity import sha256_hex, uid_for
    from sources.models import Article, Revision, Snapshot

    digest = sha256_hex(text.encode())
    article = Article.objects.create(
        uid=uid_for("article", outlet.slug, identity, digest),
        outlet=outlet,
        identity=identity,
        title=identity,
        published_at=datetime(2020, 1, 2 if identity == "id:probe" else 1, tzinfo=UTC),
    )
    snapshot = Snapshot.objects.create(
        article=article, body=b"", media_type="text/plain", sha256=digest, captured_at=datetime(2020, 1, 2, tzinfo=UTC)
    )
    article.current_revision = Revision.objects.create(
        uid=uid_for("revision", str(article.uid), digest),
        article=article,
        snapshot=snapshot,
        number=1,
        text=text,
        sha256=digest,
        method="bench",
    )
    article.save(update_fields=["current_revision"])
    return article


def forget(article: Any) -> None:
    """Take a probe out of the search; snapshots and revisions stay, as they always do."""
    from django.db.models import Q

    from sources.models import Derivation, Fingerprint

    Derivation.objects.filter(Q(article=article) | Q(upstream_article=article)).delete()
    Fingerprint.objects.filter(article=article).delete()
    article.identity = f"forgotten:{article.uid}"
    article.save(update_fields=["identity"])


def jaccard_estimate(one: str, other: str, functions: int = 128) -> float:
    """Return the Jaccard similarity of two texts' runs of words as MinHash estimates it."""
    import numpy as np

    from sources.copies import read_words

    seeds = np.random.default_rng(1).integers(1, 2**63, size=functions, dtype=np.uint64) | np.uint64(1)
    lowest = [(read_words(text).hashes[:, None] * seeds).min(axis=0) for text in (one, other)]
    return float((lowest[0] == lowest[1]).mean())


if __name__ == "__main__":
    main()
