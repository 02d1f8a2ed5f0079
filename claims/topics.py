"""Which topics a text is about, by keyword. Pure."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache


@lru_cache(maxsize=4096)
def _pattern(keyword: str) -> re.Pattern[str]:
    """Match a keyword as whole words, whatever its case, with hyphens and spaces alike."""
    words = [re.escape(word) for word in re.split(r"[\s\-‐-―]+", keyword.strip()) if word]
    return re.compile(r"(?<!\w)" + r"[\s\-‐-―]+".join(words) + r"(?!\w)", re.IGNORECASE)


def topics_in(texts: Iterable[str], keywords: Mapping[int, Iterable[str]]) -> dict[int, str]:
    """Return the keyword that was found, by topic, for each topic of which one occurs in `texts`.

    keywords: those of each topic, by any key.
    """
    text = "\n".join(texts)
    found = {}
    for topic, words in keywords.items():
        for keyword in words:
            if keyword.strip() and _pattern(keyword).search(text):
                found[topic] = keyword
                break
    return found
