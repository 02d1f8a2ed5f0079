"""Words as the search of claims knows them: what a text is indexed by, and what a reader's query asks for. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

#: Runs of characters that are written without spaces: Han, kana, Hangul.
_UNSPACED = (
    r"[\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
_RUN = re.compile(f"{_UNSPACED}+")
_WORD = re.compile(rf"(?:(?!{_UNSPACED})[^\W_])+")
_TERM = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans("“”„«»「」『』", '"""""""""')

#: PostgreSQL's configuration for the words of a language; any other language's are taken as they are written.
CONFIGURATIONS = {"en": "english", "ru": "russian"}
PLAIN = "simple"
#: What a query's words are reduced by: this one stems words in Latin letters as English, Cyrillic ones as Russian.
STEMMING = "russian"


def configuration(language: str) -> str:
    """Return PostgreSQL's configuration for a text in the language of this tag."""
    return CONFIGURATIONS.get(re.split(r"[-_]", language.lower(), maxsplit=1)[0], PLAIN)


def spread(text: str) -> str:
    """Return `text` with each unspaced run as its pairs of characters and its last one: “和平法” is “和平 平法 法”."""
    return _RUN.sub(lambda run: f" {' '.join([*_pairs(run.group()), run.group()[-1]])} ", text)


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def spellings(texts: Iterable[str]) -> set[str]:
    """Return the words of texts, lower-cased, that a misspelt or half-typed word may have been meant for."""
    return {
        word
        for text in texts
        for word in map(str.lower, _WORD.findall(text))
        if 3 <= len(word) <= 40 and not any(character.isdigit() for character in word)
    }


@dataclass(frozen=True)
class Term:
    """A word, or words that follow each other, of a query.

    words: as PostgreSQL is to read them. typed: as they were typed. exact: they stood in quotation marks.
    unspaced: a run without spaces, whose pairs follow each other.
    """

    words: str
    typed: str
    excluded: bool = False
    exact: bool = False
    unspaced: bool = False

    @property
    def is_word(self) -> bool:
        """Whether this is one plain word, which may be misspelt or half typed."""
        return not (self.exact or self.unspaced) and bool(_WORD.fullmatch(self.words))


def parse(query: str) -> list[list[Term]]:
    """Return what a query asks for: terms that must all be met, in groups of which one must be.

    Web search syntax: “a phrase”, -without, or. What holds no letter or digit asks for nothing.
    """
    groups: list[list[Term]] = [[]]
    for match in _TERM.finditer(query.translate(_QUOTES)):
        word, excluded = match["word"], bool(match["minus"])
        if word is not None and word.lower() == "or" and not excluded:
            groups.append([])
        elif word is None:
            groups[-1] += _terms(match["phrase"], excluded=excluded, exact=True)
        else:
            groups[-1] += _terms(word, excluded=excluded, exact=False)
    return [group for group in groups if group]


def _terms(text: str, *, excluded: bool, exact: bool) -> list[Term]:
    if exact:
        found = " ".join([*_tokens(text)])
        return [Term(found, text.strip(), excluded, exact=True)] if found else []
    return [
        Term(" ".join(_pairs(piece)) or piece, piece, excluded, unspaced=True)
        if _RUN.fullmatch(piece)
        else Term(piece, piece, excluded)
        for piece in (match.group() for match in re.finditer(f"{_RUN.pattern}|{_WORD.pattern}", text))
    ]


def _tokens(text: str) -> list[str]:
    pieces = (match.group() for match in re.finditer(f"{_RUN.pattern}|{_WORD.pattern}", text))
    return [token for piece in pieces for token in ((_pairs(piece) or [piece]) if _RUN.fullmatch(piece) else [piece])]


@dataclass(frozen=True)
class Piece:
    """A part of a text, and whether a query asked for it."""

    text: str
    found: bool


def highlighted(text: str, terms: Iterable[Term], *, stem: Callable[[str], str]) -> list[Piece]:
    """Return `text` in pieces, those found that a term names: by the stem of a word, its beginning, or its characters.

    A prefix of three letters or more marks the word that it begins, since a last word may be half typed.
    """
    wanted = [term for term in terms if not term.excluded]
    runs = {run for term in wanted for run in _RUN.findall(term.typed)}
    typed = {word.lower() for term in wanted for word in _WORD.findall(term.typed)}
    stems = {stem(word) for word in typed}
    spans = [
        match.span()
        for match in _WORD.finditer(text)
        if (word := match.group().lower()) in typed or stem(word) in stems
    ]
    if not spans:
        beginnings = tuple(word for word in typed if len(word) >= 3)
        spans = [match.span() for match in _WORD.finditer(text) if match.group().lower().startswith(beginnings)]
    spans += [match.span() for run in runs for match in re.finditer(re.escape(run), text)]
    pieces: list[Piece] = []
    place = 0
    for start, end in sorted(spans):
        if start < place:
            continue
        pieces += [Piece(text[place:start], False), Piece(text[start:end], True)]
        place = end
    return [piece for piece in [*pieces, Piece(text[place:], False)] if piece.text]
