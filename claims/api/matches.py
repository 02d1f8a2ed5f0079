"""Where the words of a search stand in the claims that it found, and how well these match."""

from functools import lru_cache
from typing import Any

from claims import search, words
from claims.stems import stemmed


@lru_cache(maxsize=10_000)
def stem(word: str) -> str:
    """Return the stem of a lower-case word, by its letters as the search does."""
    return stemmed(word, "english" if word.isascii() else "russian")


def add_matches(query: search.ClaimQuery, pks: list[int], rows: list[dict[str, Any]]) -> None:
    """Give rows of these claims `relevance`, by which the best match comes first, and `highlights` in their texts."""
    relevances = search.relevances(query, pks)
    for row in rows:
        row["relevance"] = relevances.get(row["uid"], 0.0)
        row["highlights"] = highlights(row["text"], query)


def highlights(text: str, query: search.ClaimQuery) -> list[dict[str, int]]:
    """Return where a query's words stand in a text, as half-open ranges of code points."""
    found, place = [], 0
    for piece in words.highlighted(text, query.understood.terms, stem=stem):
        if piece.found:
            found.append({"start": place, "end": place + len(piece.text)})
        place += len(piece.text)
    return found
