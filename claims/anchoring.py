"""Finding a quotation again in a changed text. Pure.

A quotation is anchored by its words and by what stands before and after it, as in the W3C Web Annotation Data Model's
TextQuoteSelector. It is found again only where one place is clearly the best: a look-alike sentence is no answer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from sources.revising import tokens

#: Words before and after that are compared, and the characters that hold as many.
CONTEXT, CONTEXT_CHARACTERS = 12, 240
#: How much of the context must be the same, 0 to 1; unrelated sentences share a tenth or two.
ALIKE = 0.5
#: By how much the best place must be more alike than the runner-up.
MARGIN = 0.2
#: As many words in a row are hardly ever the same by chance: where they stand once, their context may have changed.
LONG = 8
#: Characters right before or after the words by which the place is found where they stood, if others stand there now.
EDGE = 24


class NotFoundAgain(Exception):
    """The words do not stand in the new text, or not clearly; the message says which."""


@dataclass(frozen=True)
class Place:
    """Where the words stand now, and how alike their context is, 0 to 1."""

    start: int
    likeness: float


def find_again(old_text: str, start: int, end: int, new_text: str) -> Place:
    """Return where in `new_text` the words old_text[start:end] stand now.

    Among the runners-up is the place where the old context stands around similar words: there the words were edited,
    and where they stand as they were, somebody else may be quoted.

    Raises NotFoundAgain where they are gone, stand in another context, or in several places that are alike.
    """
    words = old_text[start:end]
    before, after = _context(old_text, start, end)

    def likeness(here: int, there: int) -> float:
        new_before, new_after = _context(new_text, here, there)
        size = len(before) + len(after)
        shared = _share(before, new_before[-len(before) :]) + _share(after, new_after[: len(after)])
        return shared / size if size else 1.0

    places = [Place(place, likeness(place, place + len(words))) for place in _places(words, new_text)]
    if not places:
        raise NotFoundAgain("Its words are not in the new text.")
    enough = ALIKE if len(tokens(words)) >= LONG else 0.0
    scores = sorted((max(place.likeness, enough) for place in places), reverse=True)
    best = max(places, key=lambda place: place.likeness)
    if scores[0] < ALIKE:
        raise NotFoundAgain("Its words stand in another context now.")
    taken = {place.start for place in places}
    edited = (
        likeness(here, there) * _similarity(words, new_text[here:there])
        for here, there in _edited(old_text, start, end, new_text)
        if here not in taken
    )
    if scores[0] - max([*scores[1:2], *edited], default=0.0) < MARGIN:
        raise NotFoundAgain("Its words stand in a place that may be theirs, and another one is as likely.")
    return best


def _places(words: str, text: str) -> Iterator[int]:
    """Yield where the words stand in the text, not within longer words."""
    place = text.find(words)
    while place >= 0:
        if _parted(text, place) and _parted(text, place + len(words)):
            yield place
        place = text.find(words, place + 1)


def _parted(text: str, at: int) -> bool:
    """Return whether no word goes on across a place of the text."""
    around = text[at - 1 : at + 1] if at else ""
    return len(around.strip()) < 2 or len(tokens(around)) > 1


def _context(text: str, start: int, end: int) -> tuple[list[str], list[str]]:
    before = tokens(text[max(0, start - CONTEXT_CHARACTERS) : start].lower())
    return before[-CONTEXT:], tokens(text[end : end + CONTEXT_CHARACTERS].lower())[:CONTEXT]


def _share(old: list[str], new: list[str]) -> float:
    """Return how many words' worth of `old` there is in `new`."""
    return len(old) * Indel.normalized_similarity(old, new) if old else 0.0


def _similarity(words: str, others: str) -> float:
    return Indel.normalized_similarity(tokens(words.lower()), tokens(others.lower()))


def _edited(old_text: str, start: int, end: int, new_text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of what stands now right after what was before the words, or right before what was after."""
    lead, trail = old_text[max(0, start - EDGE) : start], old_text[end : end + EDGE]
    length = end - start
    if len(lead.strip()) >= EDGE // 3:
        for match in re.finditer(re.escape(lead), new_text):
            stop = new_text.find(trail, match.end(), match.end() + 2 * length + EDGE) if trail.strip() else -1
            yield match.end(), stop if stop >= 0 else min(len(new_text), match.end() + length)
    if len(trail.strip()) >= EDGE // 3:
        for match in re.finditer(re.escape(trail), new_text):
            yield max(0, match.start() - length), match.start()
