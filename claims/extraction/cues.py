"""What kind of act a cue's lemma tells of, by the word lists."""

from claims.extraction import lexicon
from claims.extraction.spans import Act

_HEDGES = frozenset(["reportedly", "allegedly", "supposedly", "purportedly", "apparently"])


def speech_verbs() -> frozenset[str]:
    """Return lemmas that introduce what someone said."""
    return lexicon.words("speech_verbs.txt")


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
