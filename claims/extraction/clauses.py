"""Read who reports what off a dependency parse: every cue candidate with its content and source.

Nothing is decided here: each candidate carries the key (lemma and frame) by which `cues` weighs it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from claims.extraction import cues, lexicon

# spaCy's Token and Doc; the library has no type stubs of its own that mypy would read.
Token = Any
Doc = Any

_SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj"))
_COMPLEMENT_PREPOSITIONS = lexicon.group("prepositions")
_CLAUSE_ADVERBIALS = frozenset(("advmod", "npadvmod", "prep", "neg", "aux", "auxpass", "prt", "dative", "agent"))
_WH = frozenset(("WDT", "WP", "WP$", "WRB"))
_LIGHT_VERBS = lexicon.group("light_verbs")


@dataclass
class Candidate:
    """A cue with what it may govern, in token indices of one parsed passage."""

    key: str
    frame: str
    head: Token
    cue: list[int]
    content: list[tuple[int, int]]
    source: tuple[int, int] | None
    speaker: Token | None
    parenthetical: bool = False
    negated: bool = False


def candidates(doc: Doc) -> Iterator[Candidate]:
    """Yield every reading of a verb, noun, adjective or preposition in `doc` as a cue."""
    for token in doc:
        if token.pos_ in ("VERB", "AUX") and token.dep_ not in ("aux", "auxpass"):
            if token.lower_ == "according":
                yield from _according(token)
            else:
                yield from _verb(token)
        elif token.pos_ == "NOUN":
            yield from _noun(token)
        elif token.lower_ == "according":
            yield from _according(token)
        elif token.dep_ == "parataxis" and token.lower_.endswith("ed"):
            # The tagger takes a rare verb set between commas for an adjective.
            yield from _verb(token)


# Verbs


def _verb(verb: Token) -> Iterator[Candidate]:
    cue = _cue_tokens(verb)
    lemma = _lemma(verb)
    speaker, passive = subject(verb)
    voice = "passive:" if passive else ""
    source = phrase(speaker) if speaker is not None else None
    negated = any(child.dep_ == "neg" for child in verb.children)

    def candidate(frame: str, content: list[tuple[int, int]], extra: Iterable[int] = (), **more: Any) -> Candidate:
        return Candidate(
            f"{lemma}|{voice}{frame}",
            f"{voice}{frame}",
            verb,
            sorted({*cue, *extra}),
            content,
            source,
            speaker,
            negated=negated,
            **more,
        )

    rights = [child for child in verb.children if child.i > verb.i]
    clauses = [child for child in verb.children if child.dep_ == "ccomp"]
    clause_tokens = _cue_clause(verb)
    if _set_off(verb, clause_tokens):
        content = _around(verb, clause_tokens)
        if _says_something(verb.doc, content):
            yield candidate("paren", content, parenthetical=True)
            return
    if verb.lemma_ == "be":
        yield from _be(verb, speaker, source)
        return
    after = [child for child in clauses if child.i > verb.i]
    if after:
        clause = after[-1]
        start = min(child.left_edge.i for child in after)
        start = start if start > verb.i else verb.i + 1
        frame = "bare"
        first = verb.doc[start]
        opener = first
        if any(child.dep_ == "mark" and child.lower_ == "that" for child in clause.children):
            frame = "that"
            mark = next(child for child in clause.children if child.dep_ == "mark" and child.lower_ == "that")
            start = max(start, mark.i + 1) if mark.i > verb.i else start
        elif opener.tag_ in _WH or opener.lower_ in ("whether", "if"):
            frame = "wh"
        elif clause.tag_ == "VBG":
            frame = "ing"
        elif clause.pos_ not in ("VERB", "AUX"):
            frame = "small"
        for child in clause.children:
            if child.dep_ == "dobj" and child.i < verb.i:
                start = max(start, verb.i + 1)
        end = _right_edge(clause, verb)
        if frame == "that":
            end = _second_that(verb.doc, end)
        content = _trim(verb.doc, start, end)
        if content and verb.doc[content[0][0] - 1].text == ",":
            content = [*_condition_before(verb), *content]
        yield candidate(frame, content)
        return
    rest = _rest(verb, lemma)
    if rest:
        yield candidate("rest", rest)
        return
    objects = [child for child in rights if child.dep_ in ("dobj", "attr", "oprd")]
    infinitives = [child for child in rights if child.dep_ == "xcomp"]
    prepositions = [
        child
        for child in rights
        if child.dep_ in ("prep", "agent")
        and child.lower_ in _COMPLEMENT_PREPOSITIONS
        and not any(part.ent_type_ in ("DATE", "TIME") for part in child.children)
    ]
    gap = any(child.dep_ == "dobj" and child.i < verb.i for child in verb.children)
    if infinitives and not objects:
        clause = infinitives[0]
        start = max(clause.left_edge.i, verb.i + 1)
        frame = "to" if any(child.lower_ == "to" for child in clause.lefts) else "small"
        if clause.tag_ == "VBG":
            frame = "ing"
        yield candidate(frame, _trim(verb.doc, start, _right_edge(clause, verb)))
    elif objects:
        thing = objects[0]
        later = [child for child in (*infinitives, *objects[1:]) if child.i > thing.i]
        follow = [child for child in prepositions if child.i > thing.i]
        if later:
            end = later[-1]
            yield candidate("obj+to", _trim(verb.doc, thing.left_edge.i, _right_edge(end, verb)))
        elif follow and follow[0].lower_ in ("of", "for", "as", "to", "from", "with", "against", "over"):
            yield candidate(f"obj+{follow[0].lower_}", _trim(verb.doc, thing.left_edge.i, _right_edge(follow[0], verb)))
        elif not _says_that(thing):
            yield candidate("obj", _trim(verb.doc, thing.left_edge.i, _right_edge(thing, verb)))
    elif prepositions:
        preposition = prepositions[0]
        inner = [child for child in preposition.children if child.i > preposition.i]
        if inner:
            later = [
                child
                for child in rights
                if child.dep_ in ("advcl", "xcomp") and child.i > preposition.i and child.lefts and child.tag_ == "VB"
            ]
            end = _right_edge(later[-1] if later else preposition, verb)
            frame = f"on+{preposition.lower_}" if gap else preposition.lower_
            yield candidate(frame, _trim(verb.doc, inner[0].left_edge.i, end), [preposition.i])


def _condition_before(verb: Token) -> list[tuple[int, int]]:
    """Return the condition that opens what is said: "If it rains, he said, we stay". The parse hangs it on the cue."""
    for child in verb.lefts:
        if child.dep_ == "advcl" and any(
            part.dep_ == "mark" and part.lower_ in ("if", "unless") for part in child.children
        ):
            return _trim(verb.doc, child.left_edge.i, child.right_edge.i + 1)
    return []


def _rest(verb: Token, lemma: str) -> list[tuple[int, int]]:
    """Return the rest of the sentence after a verb that must report a clause, where the parse shows none."""
    doc = verb.doc
    if lemma not in cues.clause_verbs() or verb.tag_ not in ("VBD", "VBZ", "VBP", "VBN", "VBG"):
        return []
    at = verb.i + 1
    while at < len(doc) and (doc[at].ent_type_ in ("DATE", "TIME") or doc[at].tag_ == "RB"):
        at += 1
    if (
        at >= verb.sent.end
        or (doc[at].is_punct and doc[at].text not in _MARKS)
        or (doc[at].tag_ == "IN" and doc[at].lower_ != "that")
    ):
        return []
    stop = next(
        (
            i
            for i in range(at, verb.sent.end)
            if doc[i].text in (";", "—", "--") or (doc[i].text == "," and doc[i - 1].i > at)
        ),
        verb.sent.end,
    )
    start = at + (doc[at].lower_ == "that")
    if not any(doc[i].tag_ in ("VBD", "VBZ", "VBP", "MD") for i in range(start, stop)):
        return []
    return _trim(doc, start, stop)


def _says_that(noun: Token) -> bool:
    """Return whether a noun brings what is said itself: "his hope that …"."""
    return noun.head.lemma_ in _LIGHT_VERBS and any(
        child.dep_ in ("acl", "ccomp") and any(part.dep_ == "mark" and part.lower_ == "that" for part in child.children)
        for child in noun.rights
    )


def _be(verb: Token, speaker: Token | None, source: tuple[int, int] | None) -> Iterator[Candidate]:
    """Yield "is adamant that …", "is hopeful about …"."""
    for adjective in verb.children:
        if adjective.dep_ != "acomp" or adjective.i < verb.i:
            continue
        cue = sorted({*_cue_tokens(verb), adjective.i})
        for child in adjective.rights:
            if child.dep_ in ("ccomp", "xcomp"):
                start = child.left_edge.i
                frame = "a:to" if child.dep_ == "xcomp" else "a:that"
                if verb.doc[start].lower_ == "that":
                    start += 1
                content = _trim(verb.doc, start, _right_edge(child, verb))
            elif child.dep_ == "prep" and list(child.rights):
                frame = f"a:{child.lower_}"
                content = _trim(verb.doc, next(iter(child.rights)).left_edge.i, _right_edge(child, verb))
                cue = sorted({*cue, child.i})
            else:
                continue
            yield Candidate(f"{adjective.lemma_.lower()}|{frame}", frame, adjective, cue, content, source, speaker)
            break


# Nouns and prepositions


def _noun(noun: Token) -> Iterator[Candidate]:
    for child in noun.rights:
        if child.dep_ in ("acl", "ccomp", "relcl") and any(
            mark.dep_ == "mark" and mark.lower_ == "that" for mark in child.children
        ):
            frame, start = "n:that", child.left_edge.i
            mark = next(mark for mark in child.children if mark.dep_ == "mark")
            start = mark.i + 1
        elif child.dep_ == "acl" and any(part.lower_ == "to" and part.dep_ == "aux" for part in child.lefts):
            frame, start = "n:to", child.left_edge.i
        elif child.dep_ == "prep" and list(child.rights) and child.lower_ in _COMPLEMENT_PREPOSITIONS:
            frame, start = f"n:{child.lower_}", next(iter(child.rights)).left_edge.i
        else:
            continue
        cue = [noun.i] + ([child.i] if child.dep_ == "prep" else [])
        speaker = next((part for part in noun.lefts if part.dep_ == "poss"), None)
        verb = noun.head
        if noun.dep_ == "dobj" and verb.lemma_ in _LIGHT_VERBS:
            governor, _ = subject(verb)
            if governor is not None and (speaker is None or speaker.pos_ == "PRON"):
                speaker = governor
            cue = sorted({*_cue_tokens(verb), *cue})
            frame = f"v{frame}"
        elif speaker is None:
            by = next((part for part in noun.rights if part.dep_ == "prep" and part.lower_ in ("by", "from")), None)
            if by is not None and by is not child:
                speaker = next(iter(by.rights), None)
        elif speaker is not None:
            frame = f"p{frame}"
        end = _right_edge(child, noun)
        if frame.endswith("that"):
            end = _second_that(noun.doc, end)
        yield Candidate(
            f"{noun.lemma_.lower()}|{frame}",
            frame,
            noun,
            cue,
            _trim(noun.doc, start, end),
            phrase(speaker) if speaker is not None else None,
            speaker,
        )
        return
    yield from _noun_with_aside(noun)


def _noun_with_aside(noun: Token) -> Iterator[Candidate]:
    """Yield "X's statement, reported by …, that …": an aside parts the noun from what it says."""
    doc = noun.doc
    if noun.lemma_.lower() not in cues.speech_nouns() or noun.i + 1 >= len(doc) or doc[noun.i + 1].text != ",":
        return
    speaker = next((part for part in noun.lefts if part.dep_ == "poss"), None)
    stop = min(noun.sent.end, noun.i + 40)
    that = next((i for i in range(noun.i + 2, stop) if doc[i].lower_ == "that" and doc[i - 1].text == ","), None)
    if that is None or doc[that].tag_ in ("WDT", "DT"):
        return
    content = _trim(doc, that + 1, noun.sent.end)
    frame = "pn:that" if speaker is not None else "n:that"
    yield Candidate(
        f"{noun.lemma_.lower()}|{frame}",
        frame,
        noun,
        [noun.i],
        content,
        phrase(speaker) if speaker is not None else None,
        speaker,
    )


def _according(token: Token) -> Iterator[Candidate]:
    """Yield "according to X, …" and "…, according to X": the content is the clause that it modifies."""
    doc = token.doc
    to = next((child for child in token.children if child.lower_ == "to"), None)
    if to is None:
        if token.i + 1 >= len(doc) or doc[token.i + 1].lower_ != "to":
            return
        to = doc[token.i + 1]
    speaker = next((child for child in to.rights if child.dep_ in ("pobj", "pcomp")), None)
    if speaker is None:
        return
    taken = set(range(token.i, speaker.right_edge.i + 1))
    sentence = token.sent
    content = _runs(doc, [i for i in range(sentence.start, sentence.end) if i not in taken])
    if not _says_something(doc, content) and token.i == sentence.start:
        # The parse took the whole sentence for the speaker: he ends at the comma.
        comma = next((i for i in range(speaker.i, sentence.end) if doc[i].text == ","), sentence.end)
        content = _trim(doc, comma, sentence.end)
        speaker = doc[comma - 1] if comma < sentence.end and doc[comma - 1].pos_ == "PROPN" else speaker
    if _says_something(doc, content):
        yield Candidate(
            "according to|paren",
            "paren",
            token,
            [token.i, to.i],
            content,
            phrase(speaker) if speaker is not None else None,
            speaker,
            True,
        )


# Subjects


def subject(verb: Token) -> tuple[Token | None, bool]:
    """Return the token that speaks, and whether the verb is passive: its own subject, or the one it shares."""
    if _put_to(verb):
        return None, False
    seen = set()
    node = verb
    while node.i not in seen:
        seen.add(node.i)
        passive = any(child.dep_ == "auxpass" for child in node.children) and node is verb
        for child in node.children:
            if child.dep_ == "agent":
                agent = next((part for part in child.rights if part.dep_ == "pobj"), None)
                if agent is not None and passive:
                    return agent, True
        own = [child for child in node.children if child.dep_ in _SUBJECTS]
        if own:
            found = own[-1] if len(own) > 1 and own[-1].i > node.i else own[0]
            if found.tag_ in ("WDT", "WP") or found.lower_ == "that":
                return (node.head if node.dep_ == "relcl" else found), passive
            if found.dep_ == "nsubjpass" and passive:
                return None, True
            return found, False
        if passive:
            return None, True
        if node.dep_ == "pcomp" and node.head.lower_ == "as" and node.head.head.lemma_ in ("quote", "cite"):
            quoted = next((child for child in node.head.head.children if child.dep_ == "dobj"), None)
            if quoted is not None:
                # "Reuters quoted X as saying …": X speaks.
                return quoted, False
        if (
            node.dep_ in ("conj", "advcl", "xcomp", "ccomp", "pcomp", "prep", "parataxis", "dep")
            and node.head is not node
        ):
            node = node.head
            if node.pos_ in ("NOUN", "PROPN") and node.dep_ in _SUBJECTS:
                return node, False
        elif node.dep_ in ("acl", "relcl", "appos") and node.head is not node:
            if node.tag_ == "VBN":
                return None, True
            return node.head, False
        else:
            return None, False
    return None, False


def _put_to(verb: Token) -> bool:
    """Return whether a participle tells what someone was asked: "Asked whether the dam would hold, X said …"."""
    return (
        verb.tag_ in ("VBN", "VBD")
        and verb.dep_ in ("advcl", "acl")
        and verb.lemma_.lower() in ("ask", "question", "press")
        and not any(child.dep_ in _SUBJECTS or child.dep_ in ("aux", "agent") for child in verb.children)
    )


def phrase(token: Token) -> tuple[int, int]:
    """Return the token range of a speaker's noun phrase, without the relative clause after it."""
    start = token.left_edge.i
    end = token.i + 1
    for child in token.rights:
        if child.dep_ in ("relcl", "acl", "advcl", "punct") or child.pos_ == "VERB":
            if child.dep_ == "punct":
                continue
            break
        if child.dep_ in ("prep", "appos", "conj", "cc", "nmod", "amod", "flat", "case", "compound"):
            end = max(end, child.right_edge.i + 1)
    if token.dep_ == "poss":
        start, end = token.left_edge.i, token.i + 1
    trimmed = _trim(token.doc, start, end)
    return trimmed[0] if trimmed else (token.i, token.i + 1)


# Spans


def _lemma(verb: Token) -> str:
    particle = next((child.lower_ for child in verb.children if child.dep_ == "prt" and child.i > verb.i), "")
    lemma: str = verb.lemma_.lower()
    if verb.tag_ == "JJ" and lemma.endswith("ed"):
        lemma = next((form for form in (lemma[:-1], lemma[:-2]) if form in cues.speech_verbs()), lemma)
    return f"{lemma} {particle}".strip()


def _cue_tokens(verb: Token) -> list[int]:
    tokens = {verb.i}
    for child in verb.children:
        if child.dep_ in ("aux", "auxpass", "neg", "prt") and abs(child.i - verb.i) < 6:
            tokens.add(child.i)
    return sorted(tokens)


def _cue_clause(verb: Token) -> set[int]:
    """Return the tokens of "he said on Monday in a speech": the verb, its subject and its adverbials."""
    clause = set(_cue_tokens(verb))
    for child in verb.children:
        if child.dep_ in _SUBJECTS or child.dep_ in _CLAUSE_ADVERBIALS or child.dep_ in ("dobj", "mark", "cc"):
            span = range(child.left_edge.i, child.right_edge.i + 1)
            if verb.i not in span and len(span) < 40:
                clause.update(span)
    return clause


def _set_off(verb: Token, clause: set[int]) -> bool:
    """Return whether the cue's clause stands apart, by commas or quotation marks, inside or after what it reports."""
    doc = verb.doc
    if not any(child.dep_ in _SUBJECTS for child in verb.children):
        return False
    if any(child.dep_ == "dobj" and child.i > verb.i for child in verb.children) and verb.lemma_ != "tell":
        return False
    near = sorted(i for i in clause if _reaches(clause, i, verb.i))
    first, last = near[0], near[-1]
    before = doc[first - 1].text if first > verb.sent.start else ""
    while last + 1 < len(doc) and doc[last + 1].is_space:
        last += 1
    after = doc[last + 1].text if last + 1 < len(doc) else "."
    if before not in (",", "”", '"', "''", "’", "--", "—", "-", "–", "?", "!", "…", "..."):
        return False
    if after not in (",", ".", "--", "—", "–", ";", '"', "“", "!", "?", "”", ":") and last + 1 < verb.sent.end:
        return False
    leads_in = after if after != "," or last + 2 >= len(doc) else doc[last + 2].text
    if after == ":" or (leads_in in ('"', "“", "''", "``") and before == ","):
        return False
    head = next((child for child in verb.children if child.dep_ == "ccomp"), None)
    if head is not None and head.left_edge.i > last:
        return False
    if head is None and verb.dep_ in ("conj", "advcl", "relcl", "acl", "pcomp") and before == ",":
        return False
    return before != "," or verb.dep_ in ("ROOT", "parataxis", "ccomp") or head is not None


def _says_something(doc: Doc, content: list[tuple[int, int]]) -> bool:
    """Return whether content has a verb or a quotation mark: "In a letter," does not tell what was said."""
    return any(
        doc[i].pos_ in ("VERB", "AUX") or doc[i].text in _MARKS
        for start, end in content
        for i in range(start - (start > 0), end)
    )


_MARKS = frozenset(('"', "“", "”", "''", "``"))


def _reaches(clause: set[int], i: int, verb: int) -> bool:
    low, high = min(i, verb), max(i, verb)
    return all(k in clause for k in range(low, high))


def _around(verb: Token, clause: set[int]) -> list[tuple[int, int]]:
    """Return the sentence without the cue's clause."""
    sentence = verb.sent
    near = {i for i in clause if _reaches(clause, i, verb.i)}
    head = next((child for child in verb.children if child.dep_ == "ccomp"), None)
    start, end = sentence.start, sentence.end
    if head is not None and verb.dep_ != "parataxis":
        subtree = [token.i for token in head.subtree if token.i not in near]
        if subtree:
            start = min(subtree)
            end = max(*subtree, max(near), *_goes_on_after(verb, near)) + 1
    return _runs(verb.doc, [i for i in range(start, end) if i not in near])


def _goes_on_after(verb: Token, clause: set[int]) -> list[int]:
    """Return the last token of what the content says after its cue (", he said, but will …"), in a list, or [0]."""
    for child in verb.children:
        if child.dep_ != "conj" or child.i <= max(clause) or verb.doc[max(clause) + 1].text != ",":
            continue
        own = any(part.dep_ in _SUBJECTS for part in child.children)
        modal = any(part.tag_ == "MD" for part in child.children)
        if (own or modal) and _lemma(child) not in cues.speech_verbs():
            return [child.right_edge.i]
    return [0]


def _second_that(doc: Doc, end: int) -> int:
    """Return where content ends that goes on with "…, and that …", which the parse may hang elsewhere."""
    at = end
    while at < len(doc) and doc[at].is_punct and doc[at].text not in (".", "!", "?", ";"):
        at += 1
    if at + 2 < len(doc) and doc[at].lower_ in ("and", "but") and doc[at + 1].lower_ == "that":
        mark = doc[at + 1]
        if mark.dep_ == "mark" and mark.head.i > mark.i:
            return max(end, int(mark.head.right_edge.i) + 1)
    return end


def _right_edge(node: Token, cue: Token) -> int:
    """Return where content headed by `node` ends: before a reporting participle or a second cue set off by a comma."""
    end = node.right_edge.i + 1
    doc = node.doc
    for child in node.rights:
        # ", and Y warned that …" is another's report, not part of what X said.
        if (
            child.dep_ == "conj"
            and doc[child.left_edge.i - 1].lower_ in ("and", "but", "while")
            and doc[child.left_edge.i - 2].text == ","
            and any(part.dep_ in _SUBJECTS for part in child.children)
            and any(part.dep_ == "ccomp" and part.i > child.i for part in child.children)
            and _lemma(child) in cues.speech_verbs()
        ):
            end = child.left_edge.i - 2
            break
    for i in range(node.i + 1, end - 1):
        if doc[i].text in _MARKS:
            break
        if doc[i].text == "," and doc[i + 1].lower_ in ("which", "who"):
            # What a relative clause set off by a comma adds is mostly the article's own.
            return i
    for i in range(node.i + 1, end - 1):
        if (
            doc[i].text == ","
            and doc[i + 1].lower_ in _REPORTING_PARTICIPLES
            and doc[i + 1].dep_ in ("advcl", "acl", "conj", "prep")
        ):
            return i
        if doc[i + 1].lower_ == "according" and doc[i].text == ",":
            return i
    return end


_REPORTING_PARTICIPLES = lexicon.group("reporting_participles")


def _trim(doc: Doc, start: int, end: int) -> list[tuple[int, int]]:
    """Return the range without punctuation at its edges, as a list of one, or of none if nothing is left."""
    while start < end and (doc[start].is_space or doc[start].text in (",", ":", ";", "-", "–", "—", "--", ".")):
        start += 1
    while end > start and (doc[end - 1].is_space or doc[end - 1].text in (",", ";", ":", ".", "-", "–", "—", "--")):
        end -= 1
    return [(start, end)] if start < end else []


def _runs(doc: Doc, tokens: list[int]) -> list[tuple[int, int]]:
    """Return the contiguous ranges of `tokens`, each trimmed, those without a word left out."""
    runs: list[tuple[int, int]] = []
    for i in tokens:
        if runs and runs[-1][1] == i:
            runs[-1] = (runs[-1][0], i + 1)
        else:
            runs.append((i, i + 1))
    trimmed = (piece for start, end in runs for piece in _trim(doc, start, end))
    return [(s, e) for s, e in trimmed if any(doc[i].is_alpha or doc[i].like_num for i in range(s, e))]
