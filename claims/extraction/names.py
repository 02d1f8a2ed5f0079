"""Find the names in a text by their capitals: people with the titles around them, bodies and places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from claims.extraction import countries, lexicon
from claims.extraction.inflections import speech_forms

#: `person`: a title, a first name or an apposition says so. `single`: one word, a surname or anything else.
#: `office`: nothing but a title ("the Secretary"). `open`: several words of which nothing is known.
NameKind = Literal["person", "body", "place", "group", "office", "single", "open"]

# How far before a name its titles may begin, and how far behind it an apposition may end, in characters.
TITLE_REACH = 90
APPOSITION_REACH = 160
MAX_TITLE_WORDS = 8
MAX_APPOSITION_WORDS = 15
MAX_PERSON_WORDS = 5
# A longer run of capitals is no name but a heading, and is read in pieces.
MAX_RUN_WORDS = 30
# Acronyms longer than this are words in capitals.
MAX_ACRONYM_LETTERS = 6

_UPPER = "".join(chr(code) for code in range(0x41, 0x250) if chr(code).isupper())
_ABBREVIATIONS = (
    r"(?:Mr|Mrs|Ms|Mx|Dr|Prof|Gov|Sens?|Reps?|Gen|Col|Lt|Capt|Maj|Sgt|Adm|Rev|Hon|Jr|Sr|Pres|Amb|Atty|Supt|Messrs|Det|Cmdr|"
    r"Brig|Fr|St)\."
)
_WORD = (
    rf"(?:(?:[ae]l|ul|ad|an)-|[dDOL]['’])?(?:{_ABBREVIATIONS}|(?:[{_UPPER}]\.)+(?!\w)|"
    rf"[{_UPPER}]\w*+(?:(?:['’](?![sS]\b)|-)\w++){{0,4}})"
)
_PARTICLES = "|".join(sorted(lexicon.group("name_particles"), key=len, reverse=True))
_LED_WORD = rf"(?:(?:{_PARTICLES})[ \u00a0]){{0,2}}{_WORD}"
_RUN = re.compile(rf"(?<![\w@#/'’])(?<!\w-){_WORD}(?:[ \u00a0]{{1,2}}{_LED_WORD}){{0,{MAX_RUN_WORDS}}}+")
_PART = re.compile(_LED_WORD)
# "Secretary of State John Kerry": what the office is of stands in capitals before the name.
_OFFICE_OF = re.compile(
    r"\b(?:Secretary|Speaker|Minister|Chief|Director|Attorney|Chancellor|President|Chair|Chairman|Ministry)"
    r"\s(?:of|for)\s(?:the\s)?$"
)
_JOINED = re.compile(r"[ \u00a0](?:of|for|on)[ \u00a0](?:the[ \u00a0])?|[ \u00a0]and[ \u00a0]")
_APPOSITION = re.compile(
    r"(?:,?\s?\([^()\n]{1,30}\))?\s?(?:,|[–—])\s(?:\d{1,3},\s)?"
    r"(?P<words>(?:[^\s,;:()“”\"\n–—]*[^\s,.;:()“”\"\n–—](?:\.(?=\s[a-z]))?\s?){1,15})"
)
_DETERMINER = re.compile(r"(?:then\s+)?(?:the|an?|his|her|its|their|our|my|another|one|also)\s+", re.IGNORECASE)
_DETERMINERS = frozenset(("the", "a", "an", "his", "her", "its", "their", "our", "my"))
_HEAD_ENDS = re.compile(
    r"\s(?:of|for|at|in|with|from|to|on|by|who|whose|whom|which|that|and|or|as|representing|based|working|known|running|"
    r"now|he|she|they|it|we|you|is|was|has|had|will|would)\b"
)
_RELATIVE = re.compile(r"\s(?:who|whose|whom|which|that|he|she|they|we|you|is|was|has|had|will|would)\b.*", re.DOTALL)
_ADJECTIVE_ENDINGS = (
    "al",
    "ic",
    "ive",
    "ary",
    "ous",
    "ish",
    "ian",
    "ese",
    "able",
    "less",
    "'s",
    "’s",
    "-based",
    "-old",
)
_PERSON_ENDINGS = ("er", "or", "ist", "ian", "ee", "man", "woman", "person", "ologist", "iatrist", "ant")
_CONTRACTION = re.compile(r"[’'](?:t|m|d|re|ve|ll)$|^I$", re.IGNORECASE)
# Marks at which a description before a name can only begin.
_ENDING = frozenset(',;:.!?)”"—–')
_OPENING = frozenset("(“\"‘'")
_SENTENCE_ENDS = ".!?:;…\n\r\u2028\u2029—–"
_BEFORE_SENTENCE = " \u00a0\t\"“‘'([«"


@dataclass(slots=True)
class Name:
    """A name in the text, without its titles: offsets, words, what stands before and after it, what it names.

    definite: "the" stands before it, as before bodies. gender: "he", "she" or "" by an honorific before it.
    """

    start: int
    end: int
    text: str
    words: tuple[str, ...]  # in lower case
    kind: NameKind
    title: str = ""
    title_start: int = 0
    apposition: str = ""
    gender: str = ""
    definite: bool = False


@cache
def titles() -> frozenset[str]:
    """Return the words that tell what a person is, right before a name: honorifics, offices, occupations."""
    adjectives = {
        "former",
        "acting",
        "deputy",
        "foreign",
        "defense",
        "defence",
        "interior",
        "finance",
        "vice",
        "central",
    }
    bodies = {"government", "ministry", "embassy", "army", "parliament", "police", "administration", "authorities"}
    plain = lexicon.group("plain_honorifics")
    offices = lexicon.group("honorifics") | lexicon.group("offices")
    return (offices | plain | lexicon.words("roles.txt") | lexicon.group("plural_titles")) - adjectives - bodies


@cache
def _modifiers() -> frozenset[str]:
    return lexicon.group("title_modifiers") | lexicon.group("honorifics") | lexicon.group("offices")


@cache
def first_names() -> dict[str, str]:
    """Return "he" or "she" for first names that tell, "" for those of both."""
    found = dict.fromkeys(lexicon.group("unisex_names"), "")
    for pronoun, names in lexicon.rows("first_names.tsv"):
        found.update(dict.fromkeys(names.split(), pronoun))
    return found


@cache
def _outlets() -> frozenset[str]:
    return frozenset(name.lower() for name in lexicon.words("outlets.txt"))


@cache
def _body_words() -> frozenset[str]:
    return lexicon.group("body_words") | lexicon.group("body_surnames")


@cache
def _stops() -> frozenset[str]:
    return lexicon.group("openers") | speech_forms()


def plain(word: str) -> str:
    """Return a word in lower case without its full stop."""
    return word.lower().rstrip(".,")


def is_role(word: str) -> bool:
    """Return whether a common noun tells what a person is ("adviser", "spokeswoman")."""
    low = plain(word)
    if low in titles():
        return True
    # "ex-aide", "co-founder", "vice-president"
    return "-" in low and low.rsplit("-", 1)[1] in titles()


def find(text: str) -> list[Name]:
    """Return the names in a text in order. Takes time linear in its length."""
    lower = frozenset(text.split())
    found: list[Name] = []
    for run in _RUN.finditer(text):
        found.extend(_names(text, run, lower))
    return _joined(text, found)


# Runs of capitals


def _names(text: str, run: re.Match[str], lower: frozenset[str]) -> Iterator[Name]:
    """Yield the names in a run of capitalised words: cut where verbs, articles and the like stand in capitals."""
    parts: list[tuple[str, int, int]] = []
    start = run.start()
    initial = _opens_sentence(text, start)
    for match in _PART.finditer(text, start, run.end()):
        word = match.group()
        low = plain(word)
        cut = low in _stops() or _CONTRACTION.search(word) is not None
        if cut and parts and low in lexicon.group("opener_names"):
            # "Theresa May", "Mr. Will"
            before = plain(parts[-1][0])
            cut = before not in first_names() and before not in _honorific_genders()
        if not cut and not parts and initial and match.start() == start and low not in first_names():
            cut = (low in lower and low not in titles() and low not in _modifiers()) or (
                low.endswith("ly") and len(low) > 4
            )
        if cut:
            if parts:
                yield _name(text, parts)
            parts = []
        else:
            parts.append((word, match.start(), match.end()))
            if len(parts) > 1 and low in lexicon.group("name_suffixes"):
                yield _name(text, parts)
                parts = []
    if len(parts) == 1 and initial and parts[0][1] == start and plain(parts[0][0]) in lower:
        return
    if parts:
        yield _name(text, parts)


def _opens_sentence(text: str, at: int) -> bool:
    at -= 1
    floor = at - 6
    while at > floor and at >= 0 and text[at] in _BEFORE_SENTENCE:
        at -= 1
    return at < 0 or text[at] in _SENTENCE_ENDS


@cache
def _honorific_genders() -> dict[str, str]:
    return dict.fromkeys(lexicon.group("plain_honorifics"), "") | {
        word: gender
        for gender, group in (("he", "gendered_he"), ("she", "gendered_she"))
        for word in lexicon.group(group)
    }


def _name(text: str, parts: list[tuple[str, int, int]]) -> Name:
    lows = [plain(word) for word, _, _ in parts]
    titled, begin = _titled(text, parts, lows)
    rest = parts[titled:]
    start, end = rest[0][1], rest[-1][2]
    if text[end - 1] == "." and lows[-1] not in lexicon.group("name_suffixes") and "." not in lows[-1][:-1]:
        end -= 1
    name = Name(start, end, text[start:end], tuple(lows[titled:]), "single", title_start=begin)
    name.definite = text[max(begin - 4, 0) : begin].lower() == "the "
    name.gender = next((gender for low in reversed(lows[:titled]) if (gender := _honorific_genders().get(low, ""))), "")
    name.title = _without_plain(text[begin:start]) if titled else ""
    name.kind = _kind(name, " ".join(lows), bool(titled))
    _look_around(text, name)
    return name


def _titled(text: str, parts: list[tuple[str, int, int]], lows: list[str]) -> tuple[int, int]:
    """Return how many words at the start of a run of capitals are titles, and where in the text these begin."""
    begin = parts[0][1]
    if len(parts) == 1:
        return 0, begin
    firsts = first_names()
    before = text[max(begin - 32, 0) : begin]
    if before.endswith((" of ", " for ", " the ")) and (office := _OFFICE_OF.search(before)):
        named = next((k for k in range(1, len(lows)) if lows[k] in firsts), 0)
        if named or (len(lows) == 2 and lows[0] in lexicon.group("office_objects")):
            return named or 1, begin - len(before) + office.start()
    if lows[0] in firsts and lows[0] not in titles():
        return 0, begin
    last = max((k for k in range(len(lows) - 1) if is_role(lows[k])), default=-1)
    if last >= 0:
        rest = lows[last + 1 :]
        bodily = rest[0] in lexicon.group("name_suffixes") or any(low in lexicon.group("body_words") for low in rest)
        # "Dean Smith", "Earl Jones": a first name that is also a title.
        forename = lows[0] in firsts and last == 0 and len(lows) == 2
        return (0 if bodily or forename else last + 1), begin
    if len(lows) == 2 and lows[0] in lexicon.group("regions") and lows[1] not in _body_words():
        # "in Ohio Vega said": no name, a place before one.
        return 1, parts[1][1]
    leading = 0
    while leading < len(lows) - 2 and _leads(lows[leading]):
        leading += 1
    return (leading if leading and lows[leading] in firsts else 0), begin


def _leads(low: str) -> bool:
    return low in _modifiers() or low in lexicon.group("parties") or countries.is_demonym(low)


def _kind(name: Name, whole: str, titled: bool) -> NameKind:
    words = name.words
    low = " ".join(words)
    body_words, weak = lexicon.group("body_words"), lexicon.group("body_surnames")
    if titled and words[-1] not in titles() and len(words) <= MAX_PERSON_WORDS:
        return "place" if countries.country(low) else "person"
    if countries.is_demonym(low) or low in lexicon.group("parties"):
        return "group"
    if countries.country(low):
        return "place"
    if countries.seat(low) or low in _outlets() or whole in _outlets():
        return "body"
    first = words[0] in first_names()
    if not first and words[-1] in titles():
        return "office"
    if any(word in body_words for word in words) or (len(words) > 1 and not first and any(w in weak for w in words)):
        return "body"
    if len(words) == 1:
        acronym = name.text.isupper() and 2 <= len(name.text.replace(".", "")) <= MAX_ACRONYM_LETTERS
        return "body" if acronym or "." in name.text[:-1] else "single"
    if len(words) > MAX_PERSON_WORDS:
        return "body"
    if first:
        return "person"
    return "body" if name.definite else "open"


# Titles


def _look_around(text: str, name: Name) -> None:
    """Give a name the description before it in lower case and the one behind it."""
    if name.kind in ("group", "place", "body", "office"):
        return
    if name.title_start and text[name.title_start - 1] in " \u00a0":
        begin = _title_start(text, name.title_start, bool(name.title))
        if begin < name.title_start:
            name.title = _without_plain(text[begin : name.start])
            name.title_start = begin
            words = name.title.split()
            name.gender = name.gender or next(
                (g for word in reversed(words) if (g := _honorific_genders().get(plain(word), ""))), ""
            )
            name.definite = False
            if name.kind == "open" or (name.kind == "single" and is_role(words[-1])):
                name.kind = "person"
    if len(name.words) > 1:
        name.apposition = apposition(text, name.end)
        if name.apposition:
            if name.kind == "open":
                name.kind = "person"
            name.gender = name.gender or _head_gender(name.apposition)


def _head_gender(description: str) -> str:
    cut = _HEAD_ENDS.search(description)
    words = (description[: cut.start()] if cut else description).split()
    return _honorific_genders().get(plain(words[-1]), "") if words else ""


def _title_start(text: str, at: int, titled: bool) -> int:
    """Return where the description before a name begins, or `at` when none stands there.

    titled: the name has a title in capitals already, so that adjectives alone may stand before it.
    """
    begin = max(at - TITLE_REACH, 0)
    words = text[begin:at].split(" ")[-MAX_TITLE_WORDS - 1 : -1]
    if begin and len(words) < MAX_TITLE_WORDS:
        words = words[1:]
    if not words:
        return at
    nearest = words[-1]
    if not (is_role(nearest) and nearest[-1:].isalnum()) and not (titled and _modifies(nearest)):
        return at
    accepted = 0
    for index, word in enumerate(reversed(words)):
        low = word.lower()
        if low in _DETERMINERS:
            # All words up to an article belong to the description.
            accepted = index
            break
        ended = word[-1:] in _ENDING and not (word[-1:] == "." and is_role(word))
        if not word or ended or low in _stops() or word[0] in _OPENING or "\n" in word:
            break
        if accepted == index and (is_role(word) or _modifies(word)):
            accepted = index + 1
    if not accepted:
        return at
    return at - sum(len(word) + 1 for word in words[-accepted:])


def _modifies(word: str) -> bool:
    low = plain(word)
    return (
        low in _modifiers()
        or word[:1].isupper()
        or ("-" in low and len(low) > 4)
        or (len(low) > 4 and low.endswith(_ADJECTIVE_ENDINGS))
    )


def _without_plain(title: str) -> str:
    """Return a title without "Mr.", "Mrs." and without an article before it."""
    words = title.replace("\u00a0", " ").split()
    while words and words[0].lower() in _DETERMINERS:
        words = words[1:]
    return " ".join(word for word in words if plain(word) not in lexicon.group("plain_honorifics"))


def apposition(text: str, at: int) -> str:
    """Return the description of a person that stands between commas at `at`: "spokesman for the ministry", or ""."""
    if text[at : at + 1] not in (",", " ", "(", "–", "—"):
        return ""
    match = _APPOSITION.match(text, at, at + APPOSITION_REACH)
    return described(match["words"]) if match else ""


def described(words: str) -> str:
    """Return a description without its article when its head noun tells what a person is, else ""."""
    started = _DETERMINER.match(words)
    rest = _RELATIVE.sub("", words[started.end() if started else 0 :]).strip(" .")
    cut = _HEAD_ENDS.search(rest)
    base = (rest[: cut.start()] if cut else rest).split()
    for index, word in enumerate(base):
        if index and word.lower() in speech_forms() and not is_role(word):
            base = base[:index]
            rest = " ".join(base)
            break
    if not base or len(base) > MAX_TITLE_WORDS:
        return ""
    head = base[-1].rstrip("'’")
    low = plain(head)
    known = is_role(head)
    guessed = (
        started is not None
        and head.islower()
        and len(low) > 4
        and low.endswith(_PERSON_ENDINGS)
        and low not in lexicon.group("not_roles")
    )
    if not known and not guessed:
        return ""
    kept = rest.split()[:MAX_APPOSITION_WORDS]
    # "a spokeswoman for the town said": the comma that should end the description is missing.
    verb = next((at for at, word in enumerate(kept) if at >= len(base) and word in speech_forms()), len(kept))
    return " ".join(kept[:verb])


def _joined(text: str, found: list[Name]) -> list[Name]:
    """Return the names with those put together that "of" makes one: "Department of Justice"."""
    kept: list[Name] = []
    heads = lexicon.group("body_heads")
    for name in found:
        last = kept[-1] if kept else None
        if (
            last is not None
            and 4 <= name.title_start - last.end <= 9
            and last.kind in ("body", "single", "open")
            and (last.words[-1] in heads or last.words[0] in ("university", "college", "bank", "institute", "republic"))
            and len(last.words) < MAX_TITLE_WORDS
            and name.kind in ("body", "single", "open", "place", "office")
            and (match := _JOINED.fullmatch(text, last.end, name.title_start))
            and (" and" not in match.group() or " of " in last.text)
        ):
            start = last.start
            kept[-1] = Name(
                start,
                name.end,
                text[start : name.end],
                tuple(text[start : name.end].lower().split()),
                "body",
                title_start=last.title_start,
                definite=last.definite,
            )
        else:
            kept.append(name)
    return kept
