"""Stems of words, by Snowball: Porter 2 for English (Porter, 2001), as in PostgreSQL's dictionaries."""

import threading

import snowballstemmer

_OF_THIS_THREAD = threading.local()


def stemmed(word: str, language: str = "english") -> str:
    """Return the stem of a lower-case word; language: "english" or "russian"."""
    # A stemmer holds the word that it works on, so threads share none.
    stemmers: dict[str, snowballstemmer.stemmer] = _OF_THIS_THREAD.__dict__
    if language not in stemmers:
        stemmers[language] = snowballstemmer.stemmer(language)
    return str(stemmers[language].stemWord(word))
