"""Cut an article's text into passages: prose, headings, and asides such as captions and credit lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from claims.extraction import cues, lexicon
from claims.extraction.inflections import lemma

Role = Literal["prose", "heading", "aside"]

OPENING_MARKS = '"“„«‘「『〝'
CLOSING_MARKS = '"”“»’」』〞'

# A passage longer than this is parsed in pieces, so that one endless line costs no more memory than many short ones.
MAX_PASSAGE_CHARACTERS = 4000

# More quotation marks than these in one passage are no article: a test, a table or a fault. It is not read, because
# the time to tell what opens and what closes grows with them. Articles have up to 15.
MAX_PASSAGE_MARKS = 160

# Captions and calls to action are short.
MAX_ASIDE_CHARACTERS = 1000

# Quotation marks; apostrophes within a word are none.
_MARKS = re.compile(r"[\"“”„«»「」『』〝〞‹›]|''|``|(?<!\w)['‘’‚]|['’](?!\w)")
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_ENDS_SENTENCE = re.compile(r"(?:[.!?…:;。!?]|[.!?…。]\s*\))[\"”“»’'」』)\]\s]*$")
_ENDS_QUOTED_COMMA = re.compile(r",\s*(?:[\"”»’]|'')?\s*$")
_SENTENCE_END = re.compile(r"[.!?…。!?][\"”»’')\]]*\s+")

_ASIDE = re.compile(
    r"""^\W*(?:
        (?:subscribe|sign\s+up|follow\s+us|read\s+(?:more|also|next|the\s+rest)|click\s+here|see\s+also|share\s+this|
           advertisement|story\s+continues|caption|(?:all\s+)?rights\s+reserved|copyright|©|
           get\s+the\s+latest|download\s+(?:the|our)|listen\s+to|like\s+us|join\s+us|support\s+our|loading|
           continue\s+reading|more\s+from|recommended|this\s+story\s+(?:was|has\s+been)\s+(?:first|originally|updated|corrected))\b
        |(?:watch|related):
        |\(?\s*(?:with\s+(?:\w+\s+)?(?:inputs?|reporting|files|additional\s+reporting)\s+(?:from|by)|additional\s+reporting|reporting\s+by|
           (?:editing|edited|written|compiled)\s+by|source:|contributed\s+to\s+this\s+(?:report|story|article))
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# How captions begin: "Photo:", "(File photo)", "An undated handout picture shows", "FILE - In this".
_CAPTION_START = re.compile(
    r"""^\W*(?:(?:an?|the|this|in\s+this)\s+)?(?:undated\s+)?
        (?:(?:(?:file|handout)\)?\s+)*(?:photo(?:graph)?|image|picture|pic)s?\s*:
          |(?:file|handout)\)?\s+(?:photo(?:graph)?|image|picture|pic)s?\b
          |pictured:)""",
    re.IGNORECASE | re.VERBOSE,
)
_CAPTION_FILE = re.compile(r"^\W*FILE\s*[-–—:]")
# What may stand in brackets at the end of a line; the last bracket may be missing.
_CREDIT = re.compile(r"[(\[](?P<credit>[^()\[\]]{2,60})[)\]]?[\s.]*$")
_PICTURE_AGENCIES = lexicon.group("picture_agencies")
_PICTURE_WORDS = lexicon.group("picture_words")
# A line of one sentence that ends in an agency's name is a caption; longer ones are prose with a credit.
MAX_CREDITED_CAPTION_CHARACTERS = 200
_BYLINE = re.compile(r"^(?:By|BY)\s+[A-Z][\w.'’-]+(?:[\s,&]+(?:and\s+)?[A-Z][\w.'’-]*){0,8}$")
_CAPTION = re.compile(
    r"(?:/\s*(?:[A-Z][\w-]+\s+)?(?:AFP|AP|Reuters|Getty|EPA|VCG|CFP|Photo|Images?)[\w\s/]*\.?\s*$)"
    r"|(?:\((?:AP|AFP|Reuters|EPA|Getty)?\s*(?:File\s+)?(?:Photo|Image)s?\b[^)]*\)\s*$)"
    r"|(?:\bphoto(?:graph)?\s+(?:by|courtesy)\b[^.]{0,60}\.?$)"
    r"|(?:\b(?:Getty\s+Images|AP\s+Photo|AFP\s+Photo)\b.{0,60}$)",
    re.IGNORECASE,
)
# "MOSCOW, July 3 (Agency) —" opens a report without being part of its first sentence.
_DATELINE = re.compile(
    r"(?:[A-Z][\w.,’' ]{1,60}?)?\s*\((?:[A-Z][\w.-]*\s?){1,4}\)\s*(?:[—–―]|--?)\s*(?=\S)"
    r"|[A-Z][A-Z.' ]{2,30}(?:,\s*[A-Z][\w. ]{2,30}){0,2}\s*(?:[—–―]|--| - )\s*(?=\S)"
)
# "Name (R) and Name (L) wave": who stands where is told only under pictures. A lone "(R)" may be a party.
_POSITIONS = re.compile(r"\((?:L|left|right|cent(?:er|re)|2nd\s+[LR]|front|back|from\s+left)\)", re.IGNORECASE)
_PARTY_OR_POSITION = re.compile(r"\([RC]\)")
_CONTRIBUTORS = re.compile(
    r"\bcontributed\s+(?:to\s+this\s+(?:report|story|article)|reporting)\b.{0,40}$", re.IGNORECASE
)


@dataclass(frozen=True)
class Passage:
    """A stretch of text read as one: a paragraph, or paragraphs that one sentence runs across."""

    start: int
    end: int
    role: Role
    heading: str = ""


def passages(text: str) -> list[Passage]:
    """Return the passages of `text` in order; together they hold every line that is not blank, without datelines."""
    lines = [
        (match.start() + len(line) - len(line.lstrip()), match.start() + len(line.rstrip()))
        for match in _LINE.finditer(text)
        if (line := match.group()).strip()
    ]
    found: list[Passage] = []
    heading = ""
    prose_seen = False
    at = 0
    while at < len(lines):
        start, end = lines[at]
        at += 1
        line = text[start:end]
        if is_aside(line):
            found.append(Passage(start, end, "aside", heading))
            continue
        while at < len(lines) and _runs_on(text, start, end, lines[at]):
            end = lines[at][1]
            at += 1
        line = text[start:end]
        if is_heading(line):
            # What stands above the first paragraph names the article, not a section of it.
            if prose_seen:
                heading = line
            found.append(Passage(start, end, "heading", heading))
        else:
            prose_seen = True
            if dateline := _DATELINE.match(text, start, end):
                start = dateline.end()
            found.extend(Passage(s, e, "prose", heading) for s, e in _pieces(text, start, end))
    return found


def is_aside(line: str) -> bool:
    """Return whether a line is a caption, credit, byline, call to action or row of marks, not the article's prose."""
    if len(line) > MAX_ASIDE_CHARACTERS:
        return False
    if _ASIDE.match(line) and len(line) < 200:
        return True
    if sum(map(str.isalnum, line)) < len(line) / 4:
        return True
    return bool(_BYLINE.match(line) or _is_caption(line) or _tells_positions(line) or _CONTRIBUTORS.search(line))


def _tells_positions(line: str) -> bool:
    if _POSITIONS.search(line):
        return True
    if not _PARTY_OR_POSITION.search(line) or len(line) > MAX_CREDITED_CAPTION_CHARACTERS or _MARKS.search(line):
        return False
    return not any(word in cues.speech_verbs() for word in map(lemma, re.findall(r"\w+", line.lower())))


def _is_caption(line: str) -> bool:
    """Return whether a line is told to stand under a picture, by its first words or by the credit at its end."""
    if _CAPTION_START.match(line) or _CAPTION_FILE.match(line) or _CAPTION.search(line):
        return True
    match = _CREDIT.search(line)
    if match is None or match["credit"][:1].islower():
        return False
    words = set(re.findall(r"\w+", match["credit"].lower()))
    if words & _PICTURE_WORDS:
        return True
    if not words & _PICTURE_AGENCIES:
        return False
    before = line[: match.start()].rstrip()
    sentences = len(_SENTENCE_END.findall(before)) + 1
    return not _ENDS_SENTENCE.search(before) or (sentences == 1 and len(line) <= MAX_CREDITED_CAPTION_CHARACTERS)


def is_heading(line: str) -> bool:
    """Return whether a line reads as a title: short, one line, and without an end to its sentence."""
    if len(line) > 160 or "\n" in line or len(line.split()) > 24:
        return False
    return not _ENDS_SENTENCE.search(line) and not _ENDS_QUOTED_COMMA.search(line)


def _runs_on(text: str, start: int, end: int, following: tuple[int, int]) -> bool:
    """Return whether one line's sentence goes on in the next: a quotation set as a paragraph, or hard wrapping."""
    line, after = text[start:end], text[following[0] : following[1]]
    if end - start > MAX_PASSAGE_CHARACTERS or is_aside(after):
        return False
    if _ENDS_QUOTED_COMMA.search(line) and after[0].islower():
        return True
    if _ENDS_SENTENCE.search(line):
        # "X said:" and a quotation below it belong together.
        return line.endswith(":") and after[0] in OPENING_MARKS and len(line) < 400
    blank_between = text.count("\n", end, following[0]) > 1
    words = line.split()
    wrapped = not blank_between and len(line) >= 50
    prose = len(words) >= 5 and sum(word[:1].islower() for word in words) >= len(words) / 2
    if not prose:
        return False
    if after[0].islower() or wrapped:
        return True
    # A quotation set as its own paragraph completes a clause; after a name it is the next one in a list.
    quoted = after[0] in OPENING_MARKS or after.startswith("''")
    return quoted and (_leaves_clause_open(words) or words[-1][:1].islower())


def _leaves_clause_open(words: list[str]) -> bool:
    """Return whether the last word cannot end a sentence ("will", "and", "that", "said")."""
    return words[-1].lower().strip(",") in _OPEN_ENDED or words[-1].endswith(",")


_OPEN_ENDED = lexicon.group("open_ended")


def _readable(text: str) -> bool:
    """Return whether a stretch is text instead of a run of marks."""
    return 4 * sum(map(str.isalnum, text)) >= len(text) and len(_MARKS.findall(text)) <= MAX_PASSAGE_MARKS


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the passage whole, or cut at ends of sentences where it is too long to parse at once."""
    while end - start > MAX_PASSAGE_CHARACTERS:
        limit = start + MAX_PASSAGE_CHARACTERS
        cut = max((match.end() for match in _SENTENCE_END.finditer(text, start, limit)), default=0)
        if cut <= start:
            cut = max(text.rfind(" ", start, limit) + 1, start) or limit
            if cut <= start:
                cut = limit
        if _readable(text[start:cut]):
            yield start, cut
        start = cut
    if _readable(text[start:end]):
        yield start, end
