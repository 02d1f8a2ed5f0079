"""Tell who speaks: the fullest name in the article, with titles and whom they speak for. No parse, no model."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from claims.extraction import countries, lexicon, names
from claims.extraction.inflections import speech_forms
from claims.extraction.names import Name
from claims.extraction.spans import Span

_PERSONAL = {
    **dict.fromkeys(("he", "him", "his", "himself"), "he"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "she"),
}
_NEUTRAL = frozenset(("it", "its", "itself"))
_PLURAL = frozenset(("they", "them", "their", "theirs", "themselves"))
_RELATIVE = frozenset(("who", "whom", "whose", "which", "that"))
# Whose words a document in someone's hand are: "his statement".
_OWNERS = frozenset(("his", "her", "its", "their"))

# How many mentions of people a pronoun looks back.
MENTIONS_BACK = 30
# How many contents of reports before a pronoun are looked at for whom they mention.
RECENT_CONTENTS = 12
# How far back a relative pronoun looks for what it stands for, and a pronoun for the start of its paragraph.
ANTECEDENT_REACH = 90
PARAGRAPH_REACH = 4000
# A phrase of more words is no short name for someone whose title the article gave.
MAX_HOLDER_WORDS = 5
# More people than this share a title that so tells nobody apart.
MAX_HOLDERS = 50
# How many mentions of people back one of several holders of a title must have been named.
HOLDERS_BACK = 8
# Of more people with one surname, those named first are looked at.
MAX_NAMESAKES = 200
MAX_TITLES = 4
MAX_INITIALS = 3
MAX_PHRASE_CHARACTERS = 120
# Who is meant by a source stands at its beginning.
SOURCE_REACH = 400
MAX_PREPOSITION_WORDS = 7

_LEAD = re.compile(
    r"(?:[\s\"“”‘'(\[,;:–—-]|(?:and|but|both(?!\s+of)|even|then|when|as|by|according\s+to)\s)+", re.IGNORECASE
)
_TAIL = ' \t\n\u00a0,;:“”"‘([–—-'
_DETERMINERS = re.compile(
    r"(?:the|an?|some|many|several|his|her|their|its|our|my|these|those|other|another|one)\s+", re.IGNORECASE
)
_INDEFINITE = re.compile(r"(?:an?|some|many|several|other|another|one|two|three|most|few)\s", re.IGNORECASE)
# What ends a noun phrase before its complements and clauses.
_BREAK = re.compile(
    r"(?P<mark>[,;:()\[\]“”\"–—]|''|``|\s-{1,2}\s)"
    r"|\s(?P<preposition>of|for|from|in|at)\s(?!\d)"
    r"|\s(?:who|whom|whose|which|that|where|when|to|on|with|by|about|against|near|around|inside|outside|among|"
    r"between|under|over|as|behind|after|before|during|since|like|than|including|is|are|was|were|has|have|had|will|"
    r"would|released|conducted|published|written|familiar(?=\swith)|involved(?=\sin)|close(?=\sto)|interviewed|"
    r"called|named|dubbed|headed|led|briefed|chosen|elected|appointed|hired|attending|seeking|working|"
    r"supporting|backing|opposed|aligned|affiliated|speaking|seen|issued|posted|obtained|surveyed|polled|"
    r"and(?=\s(?:others?|his|her|their|its)\b))\b"
)
# "Reyes (Ill.) and Vega of Ohio": what may stand behind each of several names.
_PLACED = re.compile(r"(?:\s?\([^()\n]{1,20}\)|\sof\s[A-Z]\w+(?:\s[A-Z]\w+)?)?")
_CONJOINED = re.compile(_PLACED.pattern + r"(?:\s?,?\s(?:and|or|as\s+well\s+as|&)\s(?:the\s)?|,\s(?:the\s)?)")
# "the ministry’s report", "an article in the Courier": whose it is.
_OWNED = re.compile(r"(?P<owner>[^’'\n]+?)[’']s?\s")
_BY = re.compile(r"\s(?:by|from|in)\s(?:the\s)?", re.IGNORECASE)
# "Dana Ross, R-Ohio": a party and a place are no second person.
_PARTY = re.compile(r"[RDI]-(?=[A-Z])")
_REFLEXIVE = re.compile(r"\s(?:himself|herself|itself|themselves)$", re.IGNORECASE)
_POSSESSIVE = re.compile(r"[’']s?$", re.IGNORECASE)
_CONTRACTED = re.compile(r"(?<=\w)[’'](?:s|d|ll|ve|re|m)$")
_TITLE_BODY = re.compile(
    r"(?:spokes\w+|lawyer|attorney|representative|director|head|chairman|chief|president)\s+(?:for|of)\s+(?:the\s+)?(.+)",
    re.IGNORECASE,
)
# What stands after a subject: a verb, perhaps behind an aside.
_AUXILIARIES = frozenset(
    (
        "is was has had will would can could may might must should does did do are were have also later then now never "
        "not himself herself first once who went came took made got gave left began won lost ran met won't didn't "
        "doesn't isn't wasn't hasn't hadn't"
    ).split()
)
_ASIDE = re.compile(
    r"\s?(?:\([^()\n]{1,40}\)\s?)?(?:,[^,.;\n“”\"]{1,120},|[–—][^–—.\n]{1,120}[–—])?\s?(?P<word>[a-z’']+)"
)
# Before an object of a preposition no subject stands.
_PREPOSITION_BEFORE = re.compile(
    r"\b(?:of|for|from|in|at|to|on|with|by|about|against|like|than|behind|over)\s(?:the\s)?$"
)
# "the spokeswoman, Maria Lopez", "a conservative — radio host Dan Vega —": what stands between the two.
_ASIDE_MARK = re.compile(r"\s?[,–—]")
_APPOSED = re.compile(r"\s?[,–—]\s(?:[^\s,;:“”\"]+\s){0,8}")
_CLAUSE_BREAK = re.compile(r"[.;:!?“”\"\n]\s?")


@dataclass(frozen=True)
class Identity:
    """Who speaks: the name as given most fully, the titles, and the country or body spoken for."""

    name: str = ""
    titles: tuple[str, ...] = ()
    represents: str = ""
    person: bool = False


NOBODY = Identity()


@dataclass
class _Person:
    mentions: int = 0
    first: int = 0
    titles: Counter[str] = field(default_factory=Counter)
    genders: Counter[str] = field(default_factory=Counter)

    @property
    def gender(self) -> str:
        return self.genders.most_common(1)[0][0] if self.genders else ""


@dataclass(frozen=True)
class _Mention:
    start: int
    end: int
    name: str
    subject: bool


class Cast:
    """The people and bodies of one article, and the means to tell which of them a phrase means.

    quoted: the quotations of the article, in order; whom they mention is no antecedent of a pronoun outside.
    Reports must be asked about in their order in the article, because "he" may be whoever spoke last.
    """

    def __init__(self, text: str, quoted: Sequence[Span] = ()):
        self._text = text
        self._names = names.find(text)
        self._starts = [name.start for name in self._names]
        self._people: dict[str, _Person] = {}
        self._canonical: dict[str, str] = {}
        self._by_word: dict[str, list[str]] = defaultdict(list)
        self._by_initials: dict[str, list[str]] = defaultdict(list)
        self._titled: dict[str, set[str]] = defaultdict(set)
        self._bodies: set[str] = set()
        self._fullest: dict[tuple[str, str], str] = {}
        self._holders: dict[str, tuple[str, ...]] = {}
        self._last_person = ""
        # What was said of late: who is mentioned there is less likely meant by "he" than who said it.
        self._said: deque[Span] = deque(maxlen=RECENT_CONTENTS)
        self._last_body = NOBODY
        self._last_group = NOBODY
        self._gather()
        self._mentions = list(self._mentioned(quoted))
        self._mention_starts = [mention.start for mention in self._mentions]

    # Gathering

    def _gather(self) -> None:
        alone = {name.words[0] for name in self._names if name.kind == "single" and not name.definite}
        for name in self._names:
            if name.kind == "open" and name.words[-1] in alone and name.text.replace(" ", "").isalpha():
                name.kind = "person"
            if name.kind == "body":
                self._bodies.update(name.words)
        full = [name for name in self._names if name.kind == "person" and len(name.words) > 1]
        self._merge(full)
        for name in full:
            self._add(self._canonical[name.text], name)
        for canonical in self._people:
            words = _core(canonical)
            for word in {words[0], words[-1]}:
                self._by_word[word].append(canonical)
        for name in self._names:
            # "King said": a surname that is also an office.
            if name.kind == "office" and len(name.words) == 1 and name.words[0] in self._by_word:
                name.kind = "single"
        # "President Obama", "Mr. Smith": titles of whom the article may name more fully elsewhere.
        for name in self._names:
            if len(name.words) == 1 and name.kind in ("person", "single") and (name.title or name.gender):
                known = self.fullest(name.text, name.gender)
                if known not in self._people:
                    self._by_word[known.lower()].append(known)
                self._add(known, name)
        self._fullest.clear()
        for canonical, person in self._people.items():
            for title in person.titles:
                for word in _words(title):
                    self._titled[word].add(canonical)

    def _merge(self, full: Sequence[Name]) -> None:
        """Give all names of one person the same form: "Donald Trump" is "Donald J. Trump" where only one is named."""
        same: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
        for name in full:
            words = _core(name.text)
            same[(words[0], words[-1], *name.words[len(words) :])][name.text] = None
        for forms in same.values():
            middles = {tuple(_core(form)[1:-1]) for form in forms} - {()}
            longest = max(forms, key=len)
            for form in forms:
                self._canonical[form] = longest if len(middles) <= 1 else form
        # "Nieto Vega" is "Elena Nieto Vega", where no other name ends so.
        tails: dict[str, dict[str, None]] = defaultdict(dict)
        for form in dict.fromkeys(self._canonical.values()):
            if len(_core(form)) == 3:
                tails[" ".join(_core(form)[1:])][form] = None
        for form, canonical in self._canonical.items():
            longer = tails.get(" ".join(_core(canonical)), {})
            if len(longer) == 1:
                self._canonical[form] = next(iter(longer))

    def _add(self, canonical: str, name: Name) -> None:
        person = self._people.setdefault(canonical, _Person(first=name.start))
        person.mentions += 1
        if name.title:
            person.titles[name.title] += 1
        if name.apposition:
            person.titles[name.apposition] += 1
        if name.gender:
            # What an honorific says outweighs what a first name lets expect.
            person.genders[name.gender] += 10
        elif gender := names.first_names().get(name.words[0], "") if len(name.words) > 1 else "":
            person.genders[gender] += 1

    def _mentioned(self, quoted: Sequence[Span]) -> Iterator[_Mention]:
        at = 0
        for name in self._names:
            while at < len(quoted) and quoted[at].end <= name.start:
                at += 1
            if at < len(quoted) and quoted[at].start <= name.start:
                continue
            if name.kind not in ("person", "single", "body", "open"):
                continue
            known = self.fullest(name.text, name.gender)
            if known in self._people:
                yield _Mention(name.start, name.end, known, self._is_subject(name))

    def _is_subject(self, name: Name) -> bool:
        """Return whether a verb seems to follow a name that no preposition governs."""
        match = _ASIDE.match(self._text, name.end, name.end + 180)
        if match is None:
            return False
        word = match["word"].replace("’", "'")
        if word in ("'s", "'") and _opens(self._text, name.title_start):
            return True
        verbal = word in _AUXILIARIES or word in speech_forms() or (len(word) > 3 and word.endswith("ed"))
        if not verbal:
            return False
        return not _PREPOSITION_BEFORE.search(self._text, max(name.title_start - 16, 0), name.title_start)

    # Naming

    def words(self) -> frozenset[str]:
        """Return the lower-case words of all people's names in the article, and of bodies named in it."""
        return frozenset(self._by_word) | frozenset(self._bodies)

    def fullest(self, name: str, gender: str = "") -> str:
        """Return the fullest name in the article that holds all words of `name`, or `name` itself.

        gender: "he" or "she" where an honorific tells, so that "Mrs. Reyes" is not her husband.
        """
        key = (name, gender)
        if key not in self._fullest:
            self._fullest[key] = self._find_fullest(name, gender)
        return self._fullest[key]

    def _find_fullest(self, name: str, gender: str) -> str:
        if name in self._canonical:
            return self._canonical[name]
        words = _core(name)
        if not words:
            return name
        options = [
            full
            for full in self._by_word.get(words[-1], ())[:MAX_NAMESAKES]
            if len(_core(full)) > len(words) and set(words) <= set(_core(full))
        ]
        options = [full for full in options if not gender or self._may_be(full, gender)]
        if not options:
            return next(
                (full for full in self._by_word.get(words[-1], ())[:MAX_NAMESAKES] if full.lower() == name.lower()),
                name,
            )
        # A surname alone counts before a first name alone.
        return max(
            options,
            key=lambda full: (
                _core(full)[-1] == words[-1],
                self._people[full].mentions,
                -self._people[full].first,
            ),
        )

    def named(self, source: Span) -> Identity:
        """Return whom a noun phrase names, without taking it for a speaker ("citing X")."""
        return self._phrase(source.start, source.end, ())

    def labelled(self, label: Span) -> Identity:
        """Return whom a label in a transcript means: a name, a surname in capitals, initials, "Q" or "A".

        "A" is who is interviewed, taken to be the person named most often; who asks is not told.
        """
        written = self._text[label.start : label.end].strip()
        if written.lower() in ("q", "question"):
            return NOBODY
        if written.lower() in ("a", "answer"):
            return self._person(max(self._people, key=lambda name: self._people[name].mentions, default=""))
        if written.isupper() and len(written) <= MAX_INITIALS and written.lower() not in self._by_word:
            bearers = self._bearers(written)
            if len(bearers) == 1:
                return self._person(bearers[0])
        return self._phrase(label.start, label.end, ())

    def _bearers(self, initials: str) -> list[str]:
        if not self._by_initials:
            for name in self._people:
                self._by_initials["".join(word[0] for word in name.split()).upper()].append(name)
        return self._by_initials.get(initials, [])

    def of(
        self,
        source: Sequence[Span],
        cue: Sequence[Span] = (),
        content: Sequence[Span] = (),
        follows: Identity | None = None,
    ) -> Identity:
        """Return who speaks in a report; reports must be asked about in their order in the article.

        follows: the speaker of the quotation that this one goes on from, taken where no source is named.
        """
        if source:
            identity = self._phrase(source[0].start, source[0].end, content)
            for span in source[1:]:
                identity = identity if identity.name else self._phrase(span.start, span.end, content)
        else:
            identity = follows or NOBODY
        self._said.extend(content)
        if identity.person:
            self._last_person = identity.name or self._last_person
        elif identity.name:
            if not names.is_role(identity.name.split()[-1]):
                self._last_body = identity
            if _plural(identity.name):
                self._last_group = identity
        return identity

    def _phrase(self, start: int, end: int, content: Sequence[Span]) -> Identity:
        text = self._text
        lead = _LEAD.match(text, start, end)
        if lead is not None and lead.end() < end:
            start = lead.end()
        end = min(end, start + SOURCE_REACH)
        while end > start and text[end - 1] in _TAIL:
            end -= 1
        if (reflexive := _REFLEXIVE.search(text, start, end)) is not None:
            end = reflexive.start()
        phrase = text[start:end]
        low = _CONTRACTED.sub("", phrase.lower())
        if low in _PERSONAL:
            return self._person(self._antecedent(start, _PERSONAL[low], content))
        if low in _NEUTRAL:
            return self._last_body
        if low in _PLURAL:
            return self._last_group if self._last_group.name else self._last_body
        if low in _RELATIVE:
            return self._relative(start)
        if not low or low.rstrip(".") in lexicon.group("nobody"):
            return NOBODY
        inner = self._within(start, end)
        together = self._together(inner, start, end)
        if together is not None:
            return together
        return self._noun_phrase(start, end, inner, content)

    def _within(self, start: int, end: int) -> list[Name]:
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end)
        return [name for name in self._names[first:last] if name.end <= end]

    def _together(self, inner: Sequence[Name], start: int, end: int) -> Identity | None:
        """Return "X and Y" where a phrase is nothing but two or more names."""
        inner = [name for name in inner if not _PARTY.match(name.text)]
        people = [name for name in inner if name.kind == "person"]
        for members in (inner, people):
            if len(members) < 2 or members[0].title_start > start + 4:
                continue
            ends = [*(max(name.title_start, 0) for name in members[1:]), end]
            gaps = [self._text[name.end : max(name.end, stop)] for name, stop in zip(members, ends, strict=True)]
            if all(map(_CONJOINED.fullmatch, gaps[:-1])) and _PLACED.fullmatch(gaps[-1]):
                each = [self._proper(name).name for name in members]
                return Identity(" and ".join(dict.fromkeys(each)))
        return None

    def _noun_phrase(self, start: int, end: int, inner: Sequence[Name], content: Sequence[Span]) -> Identity:
        text = self._text
        stop, following = self._base_end(start, end, inner)
        stop = start + len(text[start:stop].rstrip())
        base = text[start:stop]
        owned = _POSSESSIVE.search(base)
        bare = stop - (len(owned.group()) if owned else 0)
        head = next((name for name in inner if name.end in (bare, stop)), None)
        if head is not None:
            return self._proper(head)
        words = base.split()
        if not any(map(str.isalnum, base)):
            return NOBODY
        full = self.fullest(base[: bare - start]) if base[:1].isupper() else ""
        if full in self._people:
            # A name cut out of a run of capitals.
            return self._person(full)
        last = words[-1].lower().strip("’'.\"”")
        if last in lexicon.group("nobody") or (words[0].lower() in _RELATIVE and len(words) == 1) or last.isdigit():
            return NOBODY
        if last in lexicon.group("documents") or last in lexicon.group("things"):
            owner = self._owner(start, stop, inner, content)
            # Two reports are not one speaker, but "the Harlow report" is told from others by its name.
            if owner.name or (last in lexicon.group("things") and not any(name.end < stop for name in inner)):
                return owner
        apart = _ASIDE_MARK.search(text, stop, end)
        apposed = next((name for name in inner if apart and self._apposed(apart.start(), name)), None)
        title = self._described(start, stop, following, end)
        if apposed is not None and names.is_role(words[-1]):
            found = self._proper(apposed)
            titles = tuple(dict.fromkeys((title, *found.titles)))
            return Identity(found.name, titles, found.represents or _spoken_for(titles), True)
        if not title or title.lower() in lexicon.group("nobody"):
            return NOBODY
        if not _INDEFINITE.match(base):
            holder = self._holder(title, start)
            if holder:
                return self._person(holder)
        return Identity(title, (), countries.country_in(title) if _official(title) else "")

    def _owner(self, start: int, stop: int, inner: Sequence[Name], content: Sequence[Span]) -> Identity:
        """Return whose an article, a poll or a letter is, as far as the phrase says so."""
        text = self._text
        words = text[start:stop].split()
        owner = next((name for name in reversed(inner) if _owns(text, name.end) and name.end < stop), None)
        if owner is None and (by := _BY.match(text, stop)) is not None:
            owner = next((name for name in inner if by.end() in (name.start, name.title_start)), None)
        if owner is not None:
            return self._proper(owner)
        if words[0].lower() == "whose":
            return self._relative(start)
        if words[0].lower() in _OWNERS and len(words) <= 3:
            return self._phrase(start, start + len(words[0]), content)
        owned = _OWNED.match(text, start, stop)
        return self._phrase(start, owned.end("owner"), content) if owned is not None else NOBODY

    def _base_end(self, start: int, end: int, inner: Sequence[Name]) -> tuple[int, str]:
        """Return where the noun phrase ends that opens a source, and the preposition after it, if any."""
        for match in _BREAK.finditer(self._text, start, end):
            at = match.start()
            if at > start and not any(name.title_start <= at < name.end for name in inner):
                return at, match["preposition"] or ""
        return end, ""

    def _described(self, start: int, stop: int, preposition: str, end: int) -> str:
        """Return a common noun with what specifies it, without article: "officials", "Foreign Ministry of Ghana"."""
        after = stop
        while preposition:
            begin = after + len(preposition) + 2
            after, preposition = self._base_end(begin, end, self._within(begin, end))
            if len(self._text[stop:after].split()) > MAX_PREPOSITION_WORDS:
                break
            stop = after
            if preposition != "of":
                break
        words = self._text[start:stop].strip(' ,"“”')
        words = _DETERMINERS.sub("", words, count=1) if _DETERMINERS.match(words) else words
        return words if len(words) <= MAX_PHRASE_CHARACTERS else words[:MAX_PHRASE_CHARACTERS].rsplit(" ", 1)[0]

    def _apposed(self, stop: int, name: Name) -> bool:
        """Return whether a name stands behind the comma at `stop`, as who is described before it."""
        if name.kind not in ("person", "single", "open") or name.definite or _owns(self._text, name.end):
            return False
        return bool(_APPOSED.fullmatch(self._text, stop, name.start))

    def _proper(self, name: Name) -> Identity:
        """Return whom a name in the text names."""
        full = self.fullest(name.text, name.gender)
        if full in self._people:
            return self._person(full, name.title, name.apposition)
        place = countries.country(name.text)
        if place:
            return Identity(place, (), place)
        titles = tuple(filter(None, (name.title, name.apposition)))
        speaks_for = (
            countries.seat(name.text)
            or _spoken_for(titles)
            or (countries.country_in(name.text) if _official(name.text) else "")
        )
        person = name.kind in ("person", "open") or (name.kind == "single" and not name.definite)
        return Identity(full, titles, speaks_for, person)

    def _person(self, name: str, *here: str) -> Identity:
        if not name:
            return NOBODY
        known = self._people.get(name)
        gathered = [title for title, _ in known.titles.most_common(MAX_TITLES)] if known else []
        titles = tuple(dict.fromkeys(filter(None, (*here, *gathered))))
        return Identity(name, titles, _spoken_for(titles), True)

    def _holder(self, phrase: str, at: int) -> str:
        """Return the person whom "the president" can mean at a place in this article, or ""."""
        words = [word for word in _words(phrase, owned=True) if not word.endswith("-year-old")]
        owned = any(word.endswith(("'s", "’s", "s’", "s'")) for word in words)
        if (
            not words
            or len(words) > MAX_HOLDER_WORDS
            or words[-1] in lexicon.group("plural_offices")
            or _plural(words[-1])
        ):
            return ""
        key = " ".join(words)
        if key not in self._holders:
            holders = min((self._titled.get(word, set()) for word in words), key=len)
            self._holders[key] = tuple(
                name
                for name in (holders if len(holders) <= MAX_HOLDERS else ())
                if any(set(words) <= set(_words(title, owned=owned)) for title in self._people[name].titles)
            )
        found = self._holders[key]
        if len(found) < 2:
            return found[0] if found else ""
        latest = bisect_left(self._mention_starts, at)
        # Of several presidents, the one spoken of last.
        near = reversed(self._mentions[max(latest - HOLDERS_BACK, 0) : latest])
        return next((mention.name for mention in near if mention.name in found), "")

    # Pronouns

    def _relative(self, at: int) -> Identity:
        """Return what "who" or "which" stands for: the name or noun phrase right before it."""
        text = self._text
        before = text[max(at - ANTECEDENT_REACH, 0) : at].rstrip(" ,–—-")
        stop = max(at - ANTECEDENT_REACH, 0) + len(before)
        breaks = [match.end() for match in _CLAUSE_BREAK.finditer(before)]
        start = stop - len(before) + (breaks[-1] if breaks else 0)
        inner = self._within(start, stop)
        if not inner or inner[-1].end != stop:
            # "Lopez, a lawyer for the town, who said": the description of a name ends here.
            described = next((name for name in reversed(inner) if name.apposition), None)
            told = described is not None and text[start:stop].endswith(described.apposition)
            return self._proper(described) if described is not None and told else NOBODY
        person = next((name for name in reversed(inner) if name.kind in ("person", "single")), inner[-1])
        return self._proper(person if text[at : at + 3].lower() == "who" else inner[-1])

    def _antecedent(self, at: int, gender: str, content: Sequence[Span]) -> str:
        """Return whom "he" means: the nearest subject before it in the passage, else the last person who spoke."""
        latest = bisect_left(self._mention_starts, at)
        ended = max(self._text.rfind(mark, max(at - PARAGRAPH_REACH, 0), at) for mark in (". ", "? ", "! ", "” ", '" '))
        apart = [*content, *(span for span in self._said if span.end <= ended + 1)]
        opening = self._text.rfind("\n", max(at - PARAGRAPH_REACH, 0), at)
        recent = [
            mention
            for mention in reversed(self._mentions[max(latest - MENTIONS_BACK, 0) : latest])
            if self._may_be(mention.name, gender) and not any(span.start <= mention.start < span.end for span in apart)
        ]
        here = [mention for mention in recent if mention.start > opening]
        subject = next((mention for mention in here if mention.subject), None)
        if subject is not None:
            return subject.name
        if self._last_person and self._may_be(self._last_person, gender):
            return self._last_person
        return next((mention.name for mention in (*here, *recent)), "")

    def _may_be(self, name: str, gender: str) -> bool:
        person = self._people.get(name)
        return person is None or person.gender in ("", gender)


def _core(name: str) -> list[str]:
    """Return the words of a name in lower case without "Jr." and the like."""
    words = name.lower().replace("\u00a0", " ").split()
    while len(words) > 1 and words[-1].strip(".,") in lexicon.group("name_suffixes"):
        words = words[:-1]
    return words


def _words(title: str, *, owned: bool = True) -> list[str]:
    """Return the words of a title in lower case; unless `owned`, without whose it is ("the president's daughter")."""
    words = [word.strip(".,") for word in title.lower().split()]
    if not owned:
        owner = max((at for at, word in enumerate(words) if word.endswith(("'s", "’s", "s’", "s'"))), default=-1)
        words = words[owner + 1 :]
    return words


def _opens(text: str, at: int) -> bool:
    """Return whether a sentence opens at a place."""
    return at < 2 or text[at - 1] in "\n\r" or (text[at - 1] in " \u00a0" and text[at - 2] in '.!?”"')


def _owns(text: str, at: int) -> bool:
    return text[at : at + 2] in ("’s", "'s", "’ ", "' ", "’S", "'S")


def _plural(phrase: str) -> bool:
    """Return whether a noun phrase names several people."""
    head = re.split(r"\s(?:of|for|from|in|at)\s", phrase.lower())[0].split()
    if not head:
        return False
    return head[-1] in lexicon.group("plural_people") or (
        head[-1].endswith("s") and not head[-1].endswith(("ss", "us", "’s", "'s"))
    )


def _official(phrase: str) -> bool:
    return any(word.lower().strip(".,") in lexicon.group("offices") for word in re.split(r"[\s-]+", phrase))


def _spoken_for(titles: Sequence[str]) -> str:
    """Return the country that official titles name, or the body in "spokesman for …"."""
    for title in titles:
        if _official(title) and (place := countries.country_in(title)):
            return place
    for title in titles:
        match = _TITLE_BODY.search(title)
        if match:
            return match.group(1).split(",")[0].strip()
    return ""
