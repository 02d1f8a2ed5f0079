"""How two reports of one claim differ, word by word. Pure: text in, differences out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel, Opcodes

WordingKind = Literal["verbatim", "near-verbatim", "truncated", "paraphrase"]
Change = Literal["same", "added", "missing"]

#: Share of words in common from which two wordings are near-verbatim.
NEAR_VERBATIM = 0.75
#: A truncated wording keeps at least this many words, all in order.
TRUNCATED_MIN_WORDS = 3

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*%?|\w+(?:['’]\w+)*|[^\w\s]")
_WORD = re.compile(r"\w")
_NEGATIONS = frozenset(
    "no not never none nobody nothing neither nor without cannot n't refuse refused refuses deny denied denies".split()
)
_MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
# "one" is left out: it counts less often than it stands for a person.
_SMALL_NUMBERS = "two three four five six seven eight nine ten eleven twelve".split()
_NUMBER_WORDS = {word: str(number) for number, word in enumerate(_SMALL_NUMBERS, start=2)} | {
    word: word for word in ("dozen", "hundred", "thousand", "million", "billion")
}


@dataclass(frozen=True)
class Piece:
    """A run of words that both wordings have, or only one of them."""

    change: Change
    text: str


@dataclass(frozen=True)
class Wording:
    """One wording compared with a reference.

    kind: "truncated" lacks words of the reference at an end or inside, and is near-verbatim otherwise.
    similarity: 0.0 to 1.0, words in common and in order (normalised insertion–deletion distance).
    pieces: the wording with what it adds to and lacks of the reference, in reading order.
    differences: what differs beyond words: "numbers", "dates", "negation", "names".
    """

    kind: WordingKind
    similarity: float
    pieces: tuple[Piece, ...]
    differences: tuple[str, ...]


def compare(reference: str, wording: str) -> Wording:
    """Return how `wording` differs from `reference`; case and punctuation do not count as differences."""
    old, new = _words(_tokens(reference)), _words(_tokens(wording))
    similarity = Indel.normalized_similarity(old, new) if old or new else 1.0
    return Wording(
        kind=_kind(old, new, similarity),
        similarity=similarity,
        pieces=tuple(_pieces(reference, wording)),
        differences=tuple(_differences(reference, wording)),
    )


def fullest(wordings: Sequence[str]) -> int:
    """Return the index of the wording with the most words; the first of equals."""
    return max(range(len(wordings)), key=lambda i: (len(_words(_tokens(wordings[i]))), -i))


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _words(tokens: list[str]) -> list[str]:
    return [token.lower().replace("’", "'") for token in tokens if _WORD.search(token)]


def _kind(old: list[str], new: list[str], similarity: float) -> WordingKind:
    if old == new:
        return "verbatim"
    if TRUNCATED_MIN_WORDS <= len(new) < len(old) and _is_subsequence(new, old):
        return "truncated"
    if similarity >= NEAR_VERBATIM:
        return "near-verbatim"
    if len(new) >= TRUNCATED_MIN_WORDS and Indel.normalized_similarity(_without_ends(old, new), new) >= NEAR_VERBATIM:
        return "truncated"
    return "paraphrase"


def _is_subsequence(short: list[str], long: list[str]) -> bool:
    remaining = iter(long)
    return all(word in remaining for word in short)


def _without_ends(old: list[str], new: list[str]) -> list[str]:
    """Return the part of `old` between the first and the last word that it has in common with `new`."""
    common = [op for op in Indel.opcodes(old, new) if op.tag == "equal"]
    return old[common[0].src_start : common[-1].src_end] if common else []


def _pieces(reference: str, wording: str) -> list[Piece]:
    """Align the words of both texts (longest common subsequence) and return runs with their original spelling."""
    old = [match for match in _TOKEN.finditer(reference) if _WORD.search(match.group())]
    new = [match for match in _TOKEN.finditer(wording) if _WORD.search(match.group())]
    operations = Indel.opcodes(
        [match.group().lower().replace("’", "'") for match in old],
        [match.group().lower().replace("’", "'") for match in new],
    )
    pieces: list[Piece] = []
    for operation in _merged(operations):
        tag, old_start, old_end, new_start, new_end = operation
        if tag == "equal":
            pieces.append(Piece("same", _cut(wording, new, new_start, new_end)))
            continue
        if old_end > old_start:
            pieces.append(Piece("missing", _cut(reference, old, old_start, old_end)))
        if new_end > new_start:
            pieces.append(Piece("added", _cut(wording, new, new_start, new_end)))
    return pieces


def _merged(operations: Opcodes) -> list[tuple[str, int, int, int, int]]:
    """Join neighbouring insertions and deletions into one replacement each."""
    merged: list[tuple[str, int, int, int, int]] = []
    for op in operations:
        row = (op.tag, op.src_start, op.src_end, op.dest_start, op.dest_end)
        if merged and row[0] != "equal" and merged[-1][0] != "equal":
            last = merged.pop()
            row = ("replace", last[1], row[2], last[3], row[4])
        merged.append(row)
    return merged


def _cut(text: str, tokens: list[re.Match[str]], start: int, end: int) -> str:
    """Return the text of words start to end with the punctuation that follows them up to the next word."""
    stop = tokens[end].start() if end < len(tokens) else len(text)
    return text[tokens[start].start() : stop].strip()


def _differences(reference: str, wording: str) -> list[str]:
    found = []
    for name, read in (("numbers", numbers), ("dates", _dates), ("negation", _negation), ("names", _names)):
        old, new = read(reference), read(wording)
        # A wording that leaves a number or a name out is shorter, not different; an odd negation always matters.
        differs = old != new if name == "negation" else bool(old - new) and bool(new - old)
        if differs:
            found.append(name)
    return found


def numbers(text: str) -> set[str]:
    """Return the numbers in a text, those up to twelve as digits however they are written."""
    words = {word.lower().rstrip("%") for word in _tokens(text)}
    return {word for word in words if word[:1].isdigit()} | {_NUMBER_WORDS[w] for w in words if w in _NUMBER_WORDS}


def turned_round(reference: str, wording: str) -> bool:
    """Return whether one wording negates what the other says.

    Only what stands between the first and the last common word counts: a further clause that is negated in itself
    ("…, and no faults were found") turns nothing round.
    """
    old, new = _words(_tokens(reference)), _words(_tokens(wording))
    return _negations(_without_ends(old, new)) != _negations(_without_ends(new, old))


def _dates(text: str) -> set[str]:
    return {word for token in _tokens(text) if (word := token.lower()) in _MONTHS and token[0].isupper()}


def _negation(text: str) -> set[str]:
    return {"negated"} if _negations(_words(_tokens(text))) else set()


def _negations(words: list[str]) -> bool:
    """Return whether words are negated, an odd number of times."""
    return sum(word in _NEGATIONS or word.endswith("n't") for word in words) % 2 == 1


def _names(text: str) -> set[str]:
    """Return capitalised words that do not begin a sentence, lower-cased, without a possessive ending."""
    names = set()
    for match in re.finditer(r"(?<![.!?…“\"‘]\s)(?<=\s)[A-Z]\w+", text):
        names.add(match.group().lower())
    return names - _MONTHS - {"i"}
