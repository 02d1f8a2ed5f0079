"""Stems of words, by Snowball: Porter 2 for English (Porter, 2001), as in PostgreSQL's dictionaries."""

import threading
from typing import Any

_OF_THIS_THREAD = threading.local()


def stemmed(word: str, language: str = "english") -> str:
    """Return the stem of a lower-case word; language: "english" or "russian"."""
    # A stemmer holds the word that it works on, so threads share none.
    stemmers: dict[str, Any] = _OF_THIS_THREAD.__dict__
    if language not in stemmers:
        # Imported where it is used: it brings some thirty languages along.
        import snowballstemmer

        stemmers[language] = snowballstemmer.stemmer(language)
    return str(stemmers[language].stemWord(word))
