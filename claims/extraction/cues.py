"""Weigh cues: how often a word in a given frame was one on labelled news, and what kind of act it tells of."""

from functools import cache

from claims.extraction import lexicon
from claims.extraction.spans import Act

# How many imagined sightings the average of a frame counts for against what was seen of one lemma in it.
PRIOR_WEIGHT = 3.0
# The same for the average of all lemmas against one lemma in any frame.
LEMMA_WEIGHT = 6.0
_HEDGES = frozenset(["reportedly", "allegedly", "supposedly", "purportedly", "apparently"])


@cache
def _weights() -> tuple[dict[str, tuple[int, int]], dict[str, float]]:
    seen: dict[str, tuple[int, int]] = {}
    priors: dict[str, float] = {}
    for key, total, right in lexicon.rows("cues.tsv"):
        if key.startswith("*|"):
            priors[key[2:]] = int(right) / int(total)
        else:
            seen[key] = (int(total), int(right))
    return seen, priors


@cache
def weight(key: str, *, without: bool | None = None) -> float:
    """Return the share of sightings of `key` ("say|that") that were cues, smoothed towards lemma and frame.

    without: leave one sighting with this outcome out of the counts, to judge that sighting by the others.
    """
    seen, priors = _weights()
    lemma, _, frame = key.partition("|")
    total, right = seen.get(key, (0, 0))
    by_lemma = seen.get(f"{lemma}|*", (0, 0))
    if without is not None:
        total, right = max(total - 1, 0), max(right - without, 0)
        by_lemma = max(by_lemma[0] - 1, 0), max(by_lemma[1] - without, 0)
    return (right + PRIOR_WEIGHT * _prior(lemma, frame, by_lemma, priors)) / (total + PRIOR_WEIGHT)


def forget() -> None:
    """Read the tables anew when next asked."""
    weight.cache_clear()
    _weights.cache_clear()
    lexicon.rows.cache_clear()


def _prior(lemma: str, frame: str, seen: tuple[int, int], priors: dict[str, float]) -> float:
    """Return what a frame and a lemma, each on its own, let expect of the two together.

    Their log odds are added, as if they were independent given that it is a cue (naive Bayes).
    """
    if lemma in speech_verbs() and frame in ("paren", "that", "bare", "ing", "wh", "quote", "passive:that"):
        return max(0.8, priors.get(frame, 0.0))
    average = priors["*"]
    total, right = seen
    by_lemma = (right + LEMMA_WEIGHT * priors["rare"]) / (total + LEMMA_WEIGHT)
    by_frame = min(max(priors.get(frame, 0.0), 0.005), 0.995)
    odds = _odds(by_frame) * _odds(min(by_lemma, 0.995)) / _odds(average)
    return odds / (1 + odds)


def _odds(share: float) -> float:
    return share / (1 - share)


def speech_verbs() -> frozenset[str]:
    """Return lemmas that introduce what someone said."""
    return lexicon.words("speech_verbs.txt")


def clause_verbs() -> frozenset[str]:
    """Return lemmas of verbs that hardly do without what was said."""
    return lexicon.group("clause_verbs")


def speech_nouns() -> frozenset[str]:
    """Return lemmas of nouns for what someone said."""
    return lexicon.words("speech_nouns.txt")


def act(lemma: str) -> Act:
    """Return whether a cue tells of speech, writing, or only of an attitude."""
    if lemma in lexicon.words("writing_cues.txt"):
        return "writing"
    if lemma in lexicon.words("attitude_cues.txt"):
        return "attitude"
    return "speech"


def denies(lemma: str) -> bool:
    """Return whether a cue turns its content down ("denied", "rejected")."""
    return lemma in lexicon.words("denial_cues.txt")


def hedges(word: str) -> bool:
    """Return whether a word keeps the article at a distance from what it reports."""
    return word.lower() in _HEDGES
