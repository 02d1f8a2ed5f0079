"""Decide which candidates are cues: a logistic regression over the cue's weight and the grammar around it.

Its coefficients are counted with the cue table by `python -m claims.extraction.weigh`; the outcome is a probability
and serves as the statement's confidence.
"""

import math
from collections.abc import Iterator
from functools import cache

from claims.extraction import cues, lexicon
from claims.extraction.clauses import Candidate

# A candidate less likely than this is dropped.
THRESHOLD = 0.48

_QUOTE_MARKS = frozenset(('"', "“", "”", "''", "``", "«", "»"))
_FIRST_PERSON = frozenset(("i", "we", "you", "me", "us"))
_NOBODY = frozenset(("it", "this", "that", "which", "there", "what", "these", "those"))


@cache
def coefficients() -> dict[str, float]:
    """Return the coefficient of each feature."""
    return {name: float(value) for name, value in lexicon.rows("gate.tsv")}


def confidence(candidate: Candidate) -> float:
    """Return the probability, 0.0 to 1.0, that a candidate is a cue with the content it claims."""
    table = coefficients()
    total = sum(table.get(name, 0.0) * value for name, value in features(candidate, cues.weight(candidate.key)))
    return 1 / (1 + math.exp(-total))


def features(candidate: Candidate, weight: float) -> Iterator[tuple[str, float]]:
    """Yield what speaks for or against a candidate; `weight` is that of its key."""
    head, doc = candidate.head, candidate.head.doc
    odds = math.log(max(weight, 0.005) / max(1 - weight, 0.005))
    yield "bias", 1.0
    yield "odds", odds
    yield f"odds:{_family(candidate.frame)}", odds
    yield f"frame:{candidate.frame}", 1.0
    yield f"tag:{head.tag_}", 1.0
    yield f"dep:{head.dep_}", 1.0
    yield f"tag:{head.tag_}:{_family(candidate.frame)}", 1.0
    speaker = _speaker_kind(candidate)
    yield f"speaker:{speaker}", 1.0
    yield f"speaker:{speaker}:{_family(candidate.frame)}", 1.0
    lemma = candidate.key.partition("|")[0]
    if lemma in cues.speech_verbs():
        yield "speech", 1.0
        yield f"speech:{_family(candidate.frame)}", 1.0
    act = cues.act(lemma)
    yield f"act:{act}", 1.0
    if candidate.negated:
        yield "negated", 1.0
        yield f"negated:{act}", 1.0
    for child in head.children:
        if child.dep_ in ("aux", "auxpass"):
            yield f"aux:{child.lower_}", 1.0
    if (
        head.dep_ in ("conj", "advcl", "xcomp", "ccomp", "acl", "relcl")
        and head.head.lemma_.lower() in cues.speech_verbs()
    ):
        yield f"under_speech:{head.dep_}", 1.0
    start, end = candidate.content[0][0], candidate.content[-1][1]
    words = sum(e - s for s, e in candidate.content)
    yield f"length:{min(words, 3) if words < 4 else 4 if words < 7 else 7 if words < 15 else 15}", 1.0
    if any(doc[i].text in _QUOTE_MARKS for i in range(max(start - 1, 0), min(end + 1, len(doc)))):
        yield "quoted", 1.0
        yield f"quoted:{_family(candidate.frame)}", 1.0
    if any(doc[i].tag_ in ("VBD", "VBZ", "VBP", "MD") for i in range(start, end)):
        yield "finite", 1.0
        yield f"finite:{_family(candidate.frame)}", 1.0
    first = doc[start]
    yield f"first:{first.tag_}", 1.0
    if first.ent_type_:
        yield f"entity:{first.ent_type_}", 1.0
    if not any(token.text in (".", "!", "?") for token in doc[-2:]):
        yield "title", 1.0
    if head.i + 1 < len(doc) and doc[head.i + 1].text == ":":
        yield "colon", 1.0


def _family(frame: str) -> str:
    for prefix, family in (
        ("passive:", "passive"),
        ("n:", "noun"),
        ("pn:", "noun"),
        ("vn:", "noun"),
        ("a:", "adjective"),
        ("obj", "obj"),
    ):
        if frame.startswith(prefix):
            return family
    return frame if frame in ("that", "bare", "paren", "to", "ing", "wh", "small") else "preposition"


def _speaker_kind(candidate: Candidate) -> str:
    speaker = candidate.speaker
    if speaker is None:
        return "none"
    if speaker.lower_ in _FIRST_PERSON:
        return "first"
    if speaker.lower_ in _NOBODY:
        return "thing"
    if speaker.pos_ == "PRON":
        return "pronoun"
    if speaker.ent_type_ in ("PERSON", "ORG", "GPE", "NORP"):
        return str(speaker.ent_type_)
    if speaker.tag_ == "NNS":
        return "plural"
    return str(speaker.pos_)
