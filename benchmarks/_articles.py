"""Made-up English articles for benchmarks of the running stack: some 400 words, with five statements of named people.

Two statements in five repeat one of the last two hundred in the same words, so that claims get several outlets, as in
news; no other passage is long enough to count as copied.
"""

import random
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

STATEMENTS, SENTENCES, OUTLETS = 5, 28, 40
REPEATED, RECENT = 0.4, 200
FIRST_PUBLISHED = datetime(2026, 1, 5, tzinfo=UTC)

OFFICES = "Mayor Minister Senator Judge Professor Director Captain Councillor".split()
FIRST_NAMES = "Ana Boris Clara Daniel Elena Farid Grace Hugo Irina Jonas Karin Luis Maria Nadia Oskar Petra".split()
LAST_NAMES = "Silva Novak Berger Lindqvist Moreau Rossi Tanaka Okafor Haddad Ferreira Kowalski Jensen Murphy".split()
THINGS = "bridge ferry crane tunnel lighthouse orchard reservoir turbine furnace windmill pier foundry".split()
PLACES = "harbour valley old town northern shore railway yard market square river bend".split()
DONE = "repaired closed reopened inspected painted measured replaced extended sold flooded rented searched".split()
WHEN = "before dawn|at noon|on Monday|after the storm|last week|during the strike|twice|in spring|by night".split("|")


class Newsroom:
    """Writes articles; the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._chance = random.Random(seed)  # noqa: S311 (made-up text)
        self._said: deque[str] = deque(maxlen=RECENT)
        self._written = 0

    def articles(self, number: int) -> Iterator[dict[str, str]]:
        """Yield articles as the API and JSON Lines take them."""
        for _ in range(number):
            yield self._article()

    def _article(self) -> dict[str, str]:
        self._written += 1
        sentences = [self._plain() for _ in range(SENTENCES)]
        for _ in range(STATEMENTS):
            sentences.insert(self._chance.randint(1, len(sentences)), self._statement())
        paragraphs = [" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4)]
        return {
            "id": f"made-{self.seed}-{self._written}",
            "outlet": f"Made-up outlet {self._chance.randint(1, OUTLETS)}",
            "title": self._plain().rstrip("."),
            "language": "en",
            "published_at": (FIRST_PUBLISHED + timedelta(minutes=self._written)).isoformat(),
            "text": "\n\n".join(paragraphs),
        }

    def _plain(self) -> str:
        pick, number = self._chance.choice, self._chance.randint(100, 99_999)
        what = f"The {pick(THINGS)} near the {pick(PLACES)} was {pick(DONE)} {pick(WHEN)}"
        return f"{what}, under permit {number} of the {pick(PLACES)} office."

    def _statement(self) -> str:
        if self._said and self._chance.random() < REPEATED:
            return self._chance.choice(self._said)
        pick = self._chance.choice
        who = f"{pick(OFFICES)} {pick(FIRST_NAMES)} {pick(LAST_NAMES)}"
        number = self._chance.randint(1000, 99_999)
        what = (
            f"the {pick(THINGS)} at the {pick(PLACES)} had cost {number} crowns since it was {pick(DONE)} {pick(WHEN)}"
        )
        self._said.append(f"{who} said that {what}.")
        return self._said[-1]
