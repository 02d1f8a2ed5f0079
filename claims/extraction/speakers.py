"""Give each report its speaker: the fullest name in the article, with titles and whom they speak for."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from claims.extraction import countries, lexicon
from claims.extraction.reports import Page, Report

_PERSONAL = frozenset(("he", "she", "him", "her", "his", "hers", "himself", "herself"))
_NEUTRAL = frozenset(("it", "its", "itself"))
_PLURAL = frozenset(("they", "them", "their", "theirs", "themselves"))
_NOBODY = lexicon.group("nobody")
_SPEAKING_ENTITIES = frozenset(("PERSON", "ORG", "GPE", "NORP", "FAC", "LOC"))
_HONORIFICS = lexicon.group("honorifics")
_OFFICES = lexicon.group("offices")
# What is written or said speaks for whoever's it is: "Lopez's letter said".
_PLURAL_OFFICES = lexicon.group("plural_offices")
_DOCUMENTS = lexicon.group("documents")
_HE = frozenset(("mr", "mr.", "sir", "king", "prince", "lord", "congressman", "chairman", "spokesman"))
_SHE = frozenset(
    (
        "mrs",
        "mrs.",
        "ms",
        "ms.",
        "miss",
        "queen",
        "princess",
        "lady",
        "dame",
        "congresswoman",
        "chairwoman",
        "spokeswoman",
    )
)


# How many mentions of people a pronoun looks back.
MENTIONS_BACK = 30


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
    gender: str = ""


class Cast:
    """The people and bodies of one article, and the means to tell which of them a phrase means."""

    def __init__(self, pages: Sequence[Page]):
        self._people: dict[str, _Person] = {}
        self._by_word: dict[str, list[str]] = defaultdict(list)
        self._bodies: set[str] = set()
        self._identities: dict[int, Identity] = {}
        self._holders: dict[str, str] = {}
        # By passage: where each person stands as a subject.
        self._subjects: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        self._mentions: list[tuple[int, str]] = []
        self._last_person = ""
        self._last_body: Identity = NOBODY
        self._last_group: Identity = NOBODY
        for page in pages:
            self._gather(page)
        for name in self._people:
            for word in set(name.split()):
                self._by_word[word.lower()].append(name)
        for page in pages:
            self._gather_subjects(page)

    # Gathering

    def _gather(self, page: Page) -> None:
        for entity in page.doc.ents:
            if entity.label_ in ("ORG", "GPE"):
                self._bodies.update(entity.text.lower().split())
            if entity.label_ != "PERSON":
                continue
            name = _clean(entity.text)
            if len(name.split()) < 2 or len(name.split()) > 5 or not _name_like(name):
                continue
            person = self._people.setdefault(name, _Person(first=page.offset + entity.start_char))
            person.mentions += 1
            title = _title_before(page.doc, entity.start)
            inside = _honorific_part(entity.text)
            if title or inside:
                person.titles[f"{title} {inside}".strip()] += 1
            after = _apposition(entity.root)
            if after and page.passage.role == "prose":
                person.titles[after] += 1
            previous = page.doc[entity.start - 1].lower_ if entity.start else ""
            if previous in _HE:
                person.gender = "he"
            elif previous in _SHE:
                person.gender = "she"
            elif not person.gender:
                person.gender = _genders().get(name.split()[0].lower(), "")

    def _gather_subjects(self, page: Page) -> None:
        for entity in page.doc.ents:
            if entity.label_ != "PERSON":
                continue
            at = page.offset + entity.start_char
            if page.quoted(at) is not None:
                continue
            name = self.fullest(_clean(entity.text))
            if not name:
                continue
            self._mentions.append((at, name))
            if entity.root.dep_ in ("nsubj", "nsubjpass"):
                self._subjects[page.passage.start].append((at, page.offset + entity.end_char, name))

    # Naming

    def words(self) -> frozenset[str]:
        """Return the lower-case words of all people's names in the article, and of bodies named in it."""
        return frozenset(self._by_word) | frozenset(self._bodies)

    def named(self, token: Any) -> Identity:
        """Return whom a noun phrase with head `token` names."""
        return self._named(token)

    def fullest(self, name: str) -> str:
        """Return the fullest name in the article that holds all words of `name`, or `name` itself."""
        words = name.lower().split()
        if not words or (name in self._people and len(words) > 2):
            return name
        options = [
            full
            for full in self._by_word.get(words[-1], ())
            if len(full.split()) > len(words)
            and set(words) <= set(full.lower().split())
            and words[-1] in (full.lower().split()[0], full.lower().split()[-1])
        ]
        if not options:
            return name
        return max(options, key=lambda full: (self._people[full].mentions, -self._people[full].first))

    def of(self, report: Report) -> Identity:
        """Return who speaks in a report; reports must be asked about in their order in the article."""
        if report.follows is not None:
            identity = self._identities.get(id(report.follows), NOBODY)
        else:
            identity = self._of_token(report.speaker, report)
        self._identities[id(report)] = identity
        if identity.name:
            if identity.person:
                self._last_person = identity.name
            else:
                self._last_body = identity
                if report.speaker is not None and report.speaker.tag_ in ("NNS", "NNPS"):
                    self._last_group = identity
        return identity

    def _of_token(self, token: Any, report: Report) -> Identity:
        if token is None:
            return NOBODY
        word = token.lower_
        if report.frame in ("led", "signed"):
            name = self.fullest(_clean(_source_text(report)))
            if name in self._people:
                return self._person(name)
        if word in _PERSONAL:
            return self._person(self._antecedent(token, report))
        if word in _NEUTRAL:
            return self._last_body
        if word in _PLURAL:
            return self._last_group if self._last_group.name else self._last_body
        if word in _NOBODY or token.pos_ in ("NUM", "DET"):
            return NOBODY
        partners = [child for child in token.children if child.dep_ == "conj" and child.pos_ in ("PROPN", "NOUN")]
        if partners and token.pos_ == "PROPN" and report.source and partners[0].pos_ == "PROPN":
            both = [self._named(token), *(self._named(partner) for partner in partners)]
            if all(each.name for each in both):
                return Identity(" and ".join(dict.fromkeys(each.name for each in both)))
        return self._named(token)

    def _named(self, token: Any) -> Identity:
        entity = _entity(token)
        if token.pos_ == "PROPN" or (
            entity is not None and entity.root.i == token.i and entity.label_ in _SPEAKING_ENTITIES
        ):
            text, start = _proper_name(token, entity)
            name = _clean(text)
            if not name:
                return NOBODY
            full = self.fullest(name)
            if full in self._people:
                return self._person(full, _title_before(token.doc, start), _apposition(token))
            place = countries.country(name)
            label = entity.label_ if entity is not None else ""
            if place and label != "PERSON":
                return Identity(place, (), place)
            body = countries.seat(name)
            title = _title_before(token.doc, start)
            titles = tuple(filter(None, (title, _apposition(token))))
            speaks_for = body or _spoken_for(titles) or (countries.country_in(name) if _official(name) else "")
            person = label == "PERSON"
            return Identity(full, titles, speaks_for, person)
        apposition = next(
            (child for child in token.children if child.dep_ == "appos" and child.ent_type_ == "PERSON"), None
        )
        if apposition is not None:
            found = self._named(apposition)
            title = _noun_phrase(token, until=apposition.left_edge.i)
            titles = tuple(dict.fromkeys((title, *found.titles)))
            return Identity(found.name, titles, found.represents or _spoken_for(titles), found.person)
        owner = next((child for child in token.children if child.dep_ == "poss"), None)
        if owner is not None and token.lower_ in _DOCUMENTS and owner.pos_ in ("PROPN", "NOUN"):
            return self._named(owner)
        phrase = _noun_phrase(token)
        holder = self._title_holder(phrase)
        if holder:
            return self._person(holder)
        lowered = phrase.lower()
        if not phrase or lowered in _NOBODY:
            return NOBODY
        return Identity(phrase, (), countries.country_in(phrase) if _official(phrase) else "")

    def _person(self, name: str, *here: str) -> Identity:
        if not name:
            return NOBODY
        known = self._people.get(name)
        gathered = [title for title, _ in known.titles.most_common(4)] if known else []
        titles = tuple(dict.fromkeys(filter(None, (*here, *gathered))))
        return Identity(name, titles, _spoken_for(titles), True)

    def _title_holder(self, phrase: str) -> str:
        """Return the one person whom "the president" can mean in this article, or ""."""
        words = phrase.lower().split()
        if len(words) > 4 or not words or words[-1] in _PLURAL_OFFICES:
            return ""
        # Found once a phrase: else thousands of reports would each look through thousands of people.
        key = " ".join(words)
        if key not in self._holders:
            holders = [
                name
                for name, person in self._people.items()
                if any(set(words) <= set(title.lower().split()) for title in person.titles)
            ]
            self._holders[key] = holders[0] if len(holders) == 1 else ""
        return self._holders[key]

    # Pronouns

    def _antecedent(self, token: Any, report: Report) -> str:
        """Return whom "he" means: the nearest subject before it in the passage, else the last person who spoke."""
        at = report.offset + token.idx
        gender = "he" if token.lower_ in ("he", "him", "his", "himself") else "she"
        inside = [
            name
            for start, end, name in self._subjects.get(report.passage.start, ())
            if end <= at
            and not any(span.start <= start < span.end for span in report.content)
            and self._may_be(name, gender)
        ]
        if inside:
            return inside[-1]
        if self._last_person and self._may_be(self._last_person, gender):
            return self._last_person
        latest = bisect_left(self._mentions, (at, ""))
        recent = reversed(self._mentions[max(latest - MENTIONS_BACK, 0) : latest])
        return next((name for _, name in recent if self._may_be(name, gender)), "")

    def _may_be(self, name: str, gender: str) -> bool:
        person = self._people.get(name)
        return person is None or person.gender in ("", gender)


@cache
def _genders() -> dict[str, str]:
    """Return "he" or "she" for first names that tell."""
    found: dict[str, str] = {}
    for pronoun, names in lexicon.rows("first_names.tsv"):
        found.update(dict.fromkeys(names.split(), pronoun))
    return found


# Phrases


def _entity(token: Any) -> Any:
    if not token.ent_type_:
        return None
    return next((entity for entity in token.doc.ents if entity.start <= token.i < entity.end), None)


def _proper_name(token: Any, entity: Any) -> tuple[str, int]:
    """Return the name that ends in or holds `token`, and the index of its first token."""
    if entity is not None and entity.label_ in _SPEAKING_ENTITIES:
        return entity.text, entity.start
    start, end = token.i, token.i + 1
    doc = token.doc
    while start > 0 and doc[start - 1].pos_ == "PROPN" and doc[start - 1].dep_ in ("compound", "nmod"):
        start -= 1
    while (
        end < len(doc)
        and doc[end].pos_ == "PROPN"
        and doc[end].dep_ in ("compound", "flat", "appos")
        and doc[end].head.i < end
    ):
        end += 1
    return doc[start:end].text, start


def _clean(name: str) -> str:
    """Return a name without honorifics, article, genitive and brackets."""
    name = re.sub(r"[\[\](){}“”\"«»]", " ", name)
    name = re.sub(r"['’]s?$", "", name.strip())
    words = name.split()
    while words and (
        words[0].lower() in ("the", "a", "an") or (len(words) > 1 and words[0].lower().rstrip(".") in _HONORIFICS)
    ):
        words = words[1:]
    return " ".join(words).strip(" ,;:-–—")


def _honorific_part(name: str) -> str:
    words = name.split()
    taken = []
    for word in words[:-1]:
        if word.lower().rstrip(".") not in _HONORIFICS:
            break
        taken.append(word)
    return " ".join(taken)


def _name_like(name: str) -> bool:
    return all(
        word[:1].isupper() or (word.islower() and len(word) <= 3) or not word[:1].isalpha() for word in name.split()
    )


def _title_before(doc: Any, start: int) -> str:
    """Return the words of the noun phrase that stand before a name: "Ghanaian President"."""
    begin = start
    while begin > 0 and start - begin < 10:
        token = doc[begin - 1]
        if (
            token.pos_ in ("PROPN", "NOUN", "ADJ")
            or token.text in ("-", "–")
            or token.tag_ in ("HYPH", "POS")
            or (
                token.lower_ in ("of", "and", "for")
                and begin > 1
                and doc[begin - 2].pos_ in ("PROPN", "NOUN")
                and begin < start
            )
        ):
            begin -= 1
        else:
            break
    while begin < start and doc[begin].lower_ in ("of", "and", "for", "'s", "’s", "-"):
        begin += 1
    words = doc[begin:start].text.strip()
    titled = any(word.lower().strip(".,") in _HONORIFICS | _OFFICES for word in re.split(r"[\s-]+", words))
    # "adviser", "founder": a common noun right before a name tells what the person is.
    return words if words and (titled or doc[start - 1].pos_ == "NOUN") else ""


def _source_text(report: Report) -> str:
    return " ".join(
        str(report.doc.text[span.start - report.offset : span.end - report.offset]) for span in report.source
    )


def _apposition(token: Any) -> str:
    """Return the description after a name: "a spokesman for the ministry"."""
    for child in token.children:
        if (
            child.dep_ == "appos"
            and child.i > token.i
            and child.pos_ in ("NOUN", "PROPN")
            and child.right_edge.i - child.left_edge.i < 15
        ):
            return re.sub(
                r"^(?:the|a|an)\s+",
                "",
                token.doc[child.left_edge.i : child.right_edge.i + 1].text.strip(" ,"),
                flags=re.I,
            )
    return ""


def _noun_phrase(token: Any, until: int | None = None) -> str:
    """Return a common noun with what specifies it, without article: "officials", "Foreign Ministry of Ghana"."""
    start = token.left_edge.i
    end = token.i + 1
    for child in token.rights:
        if (
            child.dep_ == "prep"
            and child.lower_ in ("of", "for", "from", "in", "at")
            and child.right_edge.i - child.i < 7
        ):
            end = child.right_edge.i + 1
        else:
            break
    if until is not None:
        end = min(end, until)
    words = token.doc[start:end].text.strip(' ,"“”')
    words = re.sub(
        r"^(?:the|a|an|some|many|several|his|her|their|its|our|my|these|those|other|another|one)\s+",
        "",
        words,
        flags=re.I,
    )
    return words if len(words) <= 120 else token.text


def _official(phrase: str) -> bool:
    return any(word.lower().strip(".,") in _OFFICES for word in re.split(r"[\s-]+", phrase))


def _spoken_for(titles: Sequence[str]) -> str:
    """Return the country that official titles name, or the body in "spokesman for …"."""
    for title in titles:
        if _official(title) and (place := countries.country_in(title)):
            return place
    for title in titles:
        match = re.search(
            r"(?:spokes\w+|lawyer|attorney|representative|director|head|chairman|chief|president)\s+(?:for|of)\s+(?:the\s+)?(.+)",
            title,
            re.I,
        )
        if match:
            return match.group(1).split(",")[0].strip()
    return ""
