"""Tell whether a cue says that something was said: not under "if", not as a question, not where it is untrue."""

from collections.abc import Iterator
from typing import Any, Literal

from claims.extraction import cues, lexicon

# spaCy's Token; the library has no type stubs of its own that mypy would read.
Token = Any

#: `told`: it was said. `untold`: it was not said, by the article's own account. `open`: nobody tells whether it was.
Standing = Literal["told", "untold", "open"]

_CONDITIONS = frozenset(("if", "unless", "whether"))
_HYPOTHETICAL = frozenset(("would", "could", "might", "may", "should", "must", "'d", "’d"))
# "would later say" looks ahead from a past moment: it was said.
_LATER = frozenset(("later", "eventually", "subsequently", "soon", "afterwards", "afterward", "then", "ultimately"))
_SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "expl"))
_GOVERNED = frozenset(("ccomp", "xcomp", "csubj", "csubjpass", "acl", "pcomp", "prep", "acomp", "attr", "dobj"))
_NOBODY = frozenset(("nobody", "none", "neither", "no-one"))
# "did not think that X said": what stands under these, negated, is open; under "did not know" it was said.
_BELIEFS = frozenset(("think", "believe", "suppose", "suggest", "imply", "prove"))


def standing(cue: Token, *, set_off: bool = False) -> Standing:
    """Return whether the words that a verb or noun governs were said.

    set_off: the cue stands apart between commas, so that no clause around it bears on it.
    """
    if cue.pos_ not in ("VERB", "AUX"):
        return "told"
    if _conditional(cue) or _asked(cue) or _hypothetical(cue):
        return "open"
    if not set_off and any(_leaves_open(clause, below) for clause, below in _above(cue)):
        return "open"
    return "untold" if _negated(cue) or _withheld(cue) else "told"


def _above(cue: Token) -> Iterator[tuple[Token, Token]]:
    """Yield each clause, noun or adjective that governs a cue, with the word of it that leads down to the cue."""
    below = cue
    while below.head is not below and (below.dep_ in _GOVERNED or below.dep_ == "conj"):
        above = below.head
        # "He came, and X said …": what is joined is not governed, but shares what governs the first.
        if below.dep_ != "conj" or _conditional(above) or above.dep_ in _GOVERNED:
            yield above, below
        below = above


def _leaves_open(clause: Token, below: Token) -> bool:
    """Return whether a governing word leaves it open, or denies, that what stands under it was said."""
    lemma = clause.lemma_.lower()
    if lemma == "without":
        return True
    if clause.pos_ in ("NOUN", "ADJ"):
        if lemma in lexicon.group("untrue"):
            return True
        return lemma in lexicon.group("truth") and (
            any(child.lower_ == "no" for child in clause.children) or _negated(clause.head)
        )
    if clause.pos_ not in ("VERB", "AUX"):
        return False
    if below.dep_ == "conj":
        return _conditional(clause)
    if _conditional(clause) or _asked(clause):
        return True
    if lemma == "be":
        predicate = next((child for child in clause.children if child.dep_ in ("acomp", "attr")), None)
        return (
            predicate is not None
            and predicate is not below
            and (
                predicate.lemma_.lower() in lexicon.group("untrue")
                or (predicate.lemma_.lower() in lexicon.group("truth") and _negated(clause))
            )
        )
    if lemma in lexicon.group("withholding") or cues.denies(lemma):
        return True
    return (lemma in _BELIEFS or lemma in cues.speech_verbs()) and _negated(clause)


def _conditional(verb: Token) -> bool:
    """Return whether a clause is opened by "if", "unless" or "whether"."""
    return any(child.dep_ == "mark" and child.lower_ in _CONDITIONS for child in verb.children)


def _asked(verb: Token) -> bool:
    """Return whether a clause asks ("Did X say …?") or supposes ("Had X said …") by an auxiliary before its subject."""
    subject = next((child for child in verb.children if child.dep_ in _SUBJECTS), None)
    if subject is None or (subject.i > verb.i + 1 and verb.lemma_ != "be"):
        return False
    if subject.tag_ in ("WP", "WP$") and subject.i < verb.i and verb.dep_ == "ROOT":
        return _question(verb)
    turned = next(
        (child for child in verb.children if child.dep_ in ("aux", "auxpass") and child.i < subject.i),
        verb if verb.lemma_ == "be" and verb.i < subject.i else None,
    )
    if turned is None:
        return False
    if turned.i == verb.left_edge.i and turned is not verb:
        return True
    return _question(verb)


def _question(verb: Token) -> bool:
    return any(token.text == "?" for token in verb.doc[max(verb.sent.end - 3, verb.i) : verb.sent.end + 1])


def _hypothetical(verb: Token) -> bool:
    """Return whether a verb of speech stands under "would", "could", "might": nobody said it yet."""
    if verb.lemma_.lower() not in cues.speech_verbs() or _negated(verb):
        return False
    if any(child.dep_ in _SUBJECTS and child.lower_ in ("i", "we") for child in verb.children):
        # "I should say that …" says it.
        return False
    node = verb
    while node.dep_ == "conj" and node.tag_ == "VB" and not any(child.dep_ == "aux" for child in node.children):
        node = node.head
    return any(child.dep_ == "aux" and child.lower_ in _HYPOTHETICAL for child in node.children) and not any(
        child.lower_ in _LATER for child in verb.children
    )


def _negated(verb: Token) -> bool:
    """Return whether a verb or its subject is negated: "did not say", "nor did X say", "nobody said"."""
    for child in verb.children:
        if child.dep_ == "neg" and not _not_only(child):
            return True
        if child.i < verb.i and child.lower_ in ("nor", "neither", "never"):
            return True
        if child.dep_ in _SUBJECTS and (
            child.lower_ in _NOBODY or any(part.lower_ == "no" for part in child.children if part.i < child.i)
        ):
            return True
    return False


def _not_only(negation: Token) -> bool:
    following = negation.i + 1
    return following < len(negation.doc) and negation.doc[following].lower_ in ("only", "just")


def _withheld(verb: Token) -> bool:
    """Return whether someone kept from speaking: "declined to say", "refused to comment"."""
    return verb.lemma_.lower() in lexicon.group("withholding") and any(
        child.dep_ == "xcomp" and child.lemma_.lower() in cues.speech_verbs() for child in verb.children
    )
