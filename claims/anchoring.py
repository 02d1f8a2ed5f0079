"""Finding a quotation again in a changed text. Pure.

A quotation is anchored by its words and by what stands before and after it, as in the W3C Web Annotation Data Model's
TextQuoteSelector. It is found again only where one place is clearly the best: a look-alike sentence is no answer.
"""

from rapidfuzz.distance import Indel

#: Characters before and after the words that are compared.
CONTEXT = 64
#: By how much the best place must be more alike than the next one, where the words occur several times.
MARGIN = 0.2


def find_again(old_text: str, start: int, end: int, new_text: str) -> int | None:
    """Return where in `new_text` the words old_text[start:end] stand now; None where they do not, or it is unclear."""
    words = old_text[start:end]
    places = _places(words, new_text)
    if len(places) <= 1:
        return places[0] if places else None
    before, after = _context(old_text, start, end)
    ranked = sorted(
        ((_likeness(before, after, new_text, place, place + len(words)), place) for place in places), reverse=True
    )
    (best, place), (next_best, _) = ranked[0], ranked[1]
    return place if best - next_best >= MARGIN else None


def _places(words: str, text: str) -> list[int]:
    places, place = [], text.find(words)
    while place >= 0 and words:
        places.append(place)
        place = text.find(words, place + 1)
    return places


def _context(text: str, start: int, end: int) -> tuple[str, str]:
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def _likeness(before: str, after: str, text: str, start: int, end: int) -> float:
    new_before, new_after = _context(text, start, end)
    return (Indel.normalized_similarity(before, new_before) + Indel.normalized_similarity(after, new_after)) / 2
