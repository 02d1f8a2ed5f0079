"""Names of speakers: the form in which spellings agree, titles and offices, and the speakers known from the start."""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from claims.extraction import lexicon

SHIPPED = Path(__file__).parent / "speakers.json"
MOST_CHARACTERS = 300

# Spellings

# Marks that tell spellings of a name apart, not names: Latin and Cyrillic accents, Arabic vowel signs and hamza.
_MARKS = re.compile(r"[\u0300-\u036f\u064b-\u065f\u0670\u0640]")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ى": "ي", "ة": "ه", "ئ": "ي"}
)
_GENITIVE = re.compile(r"(?<=\w)['’]s?(?!\w)")
_WITHIN_WORD = re.compile(r"(?<=\w)['’ʼ`ʻ](?=\w)")
_WORD = re.compile(r"\w+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Given names that newspapers transliterate each in its own way, and endings that they do.
_SPELLINGS = {
    spelling: spellings.split()[0]
    for spellings in (
        "mohammed muhammad mohamed mohammad muhammed mohamad mahomed mohamud",
        "sergei sergey sergej serguei serghei",
        "dmitry dmitri dmitriy dmitrij dimitri dimitry",
        "alexei aleksei alexey aleksey alexej",
        "alexander aleksandr alexandr aleksander alexandre",
        "vladimir wladimir",
        "yuri yury jurij iouri juri yuriy",
        "andrei andrey andrej andrii andriy",
        "nikolai nikolay nikolaj",
        "mikhail michail mikhael",
        "yevgeny evgeny yevgeni evgeni jewgeni evgueni",
        "hussein hussain husein husayn hossein",
        "hassan hasan hassen",
        "ahmed ahmad ahmet",
        "yusuf youssef yousef yousuf yusef",
        "abdullah abdallah abdulla",
        "ibrahim ebrahim",
        "al el",
        "bin ben ibn",
    )
    for spelling in spellings.split()
}
_ENDING = re.compile(r"(?<=\w\w\w)(?:skyy|skiy|skyi|skij|skii|skyj|ski)$")


@lru_cache(maxsize=20_000)
def _words(name: str) -> tuple[str, ...]:
    """Return the words of a name without accents, case and signs; names in Chinese characters are one word."""
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name).casefold().translate(_LETTERS))
    text = unicodedata.normalize("NFC", _MARKS.sub("", text))
    text = _WITHIN_WORD.sub("", _GENITIVE.sub("", text))
    words: list[str] = []
    initials = False
    for word in _WORD.findall(text):
        initial = len(word) == 1 and not _CJK.match(word)
        if words and ((initial and initials) or (_CJK.match(word) and _CJK.match(words[-1]))):
            words[-1] += word
        else:
            words.append(_ENDING.sub("sky", _SPELLINGS.get(word, word)))
        initials = initial
    return tuple(words)


# What speaks for a country under a common name: "the Chinese Foreign Ministry", "China's Ministry of Foreign Affairs"

_INSTITUTIONS = {
    "foreign ministry": "foreign ministry|ministry foreign affairs|foreign affairs ministry|ministry external affairs|"
    "department foreign affairs|foreign affairs department|мид|министерство иностранных дел|"
    "ministere affaires etrangeres|aussenministerium|auswartiges amt|ministerio exteriores|"
    "ministerio asuntos exteriores|"
    "ministerio relaciones exteriores|cancilleria|外交部|外务省|外務省|وزاره الخارجيه",
    "defence ministry": "defence ministry|defense ministry|ministry defence|ministry defense|ministry national defence|"
    "ministry national defense|national defence ministry|national defense ministry|минобороны|министерство обороны|"
    "ministere defense|ministere armees|verteidigungsministerium|ministerio defensa|国防部|國防部|وزاره الدفاع",
    "finance ministry": "finance ministry|ministry finance|минфин|министерство финансов|ministere finances|"
    "finanzministerium|ministerio hacienda|ministerio finanzas|财政部|財政部|وزاره الماليه",
    "interior ministry": "interior ministry|ministry interior|ministry internal affairs|мвд|"
    "министерство внутренних дел|"
    "ministere interieur|innenministerium|ministerio interior|内政部|وزاره الداخليه",
    "health ministry": "health ministry|ministry health|минздрав|министерство здравоохранения|ministere sante|"
    "gesundheitsministerium|ministerio salud|ministerio sanidad|卫生部|وزاره الصحه",
    "commerce ministry": "commerce ministry|ministry commerce|trade ministry|ministry trade|"
    "商务部|商務部|وزاره التجاره",
    "justice ministry": "justice ministry|ministry justice|минюст|ministere justice|justizministerium|"
    "ministerio justicia|司法部|وزاره العدل",
    "government": "government|central government|federal government|правительство|gouvernement|regierung|"
    "bundesregierung|gobierno|政府|الحكومه|حكومه",
    "parliament": "parliament|парламент|parlement|parlament|parlamento|议会|國會|国会|البرلمان|برلمان",
    "army": "army|armed forces|армия|armee|streitkrafte|ejercito|军方|الجيش|جيش",
    "military": "military",
    "embassy": "embassy|посольство|ambassade|botschaft|embajada|大使馆|大使館|سفاره|السفاره",
    "central bank": "central bank|центробанк|banque centrale|zentralbank|banco central|央行|中央银行|البنك المركزي",
    "police": "police|national police|полиция|polizei|policia|警方|الشرطه",
}
_OFFICES = {
    "president": "president|presidente|presidenta|prasident|prasidentin|bundesprasident|президент|总统|總統|国家主席|"
    "國家主席|主席|الرييس|رييس|ريئيس",
    "vice president": "vice president|vicepresident|vice presidente|vizeprasident|vizeprasidentin|вице президент|"
    "副总统|副總統|نايب الرييس",
    "prime minister": "prime minister|premier|premier ministre|premiere ministre|premierminister|premierministerin|"
    "ministerprasident|primer ministro|primera ministra|presidente gobierno|presidente consejo|премьер|премьер министр|"
    "总理|總理|首相|رييس الوزراء",
    "chancellor": "chancellor|chancelier|chanceliere|kanzler|kanzlerin|bundeskanzler|bundeskanzlerin|canciller|канцлер",
    "foreign minister": "foreign minister|minister foreign affairs|foreign affairs minister|foreign secretary|"
    "minister external affairs|external affairs minister|secretary state|ministre affaires etrangeres|"
    "secretaire etat|chef diplomatie|cheffe diplomatie|aussenminister|aussenministerin|bundesaussenminister|"
    "bundesaussenministerin|ministro exteriores|ministro asuntos exteriores|ministro relaciones exteriores|"
    "ministra exteriores|secretario estado|"
    "министр иностранных дел|глава мид|госсекретарь|外长|外長|外交部长|外交部長|外相|国务卿|國務卿|"
    "وزير الخارجيه|وزير خارجيه",
    "monarch": "king|queen|monarch|roi|reine|konig|konigin|rey|reina|король|королева|国王|女王|الملك|ملك",
    "leader": "leader|supreme leader|最高领导人|лидер",
    "supreme leader": "supreme leader|最高领袖|верховный лидер",
    "crown prince": "crown prince|王储|наследный принц|ولي العهد",
    "secretary-general": "secretary general|chief|генсек|генеральный секретарь|secretaire general|generalsekretar|"
    "secretario general|秘书长|秘書長|الامين العام",
    "high representative": "high representative|foreign policy chief|foreign policy head|top diplomat",
    "managing director": "managing director|chief|总裁",
    "director-general": "director general|chief|总干事|總幹事|генеральный директор",
    "pope": "pope|pontiff|教宗|папа римский|pape|papst|papa",
}
# "The Chinese Foreign Ministry" and "the Foreign Ministry of China" differ in these alone.
_SMALL = frozenset(
    "the of for in and a an le la les de des du d l der die das dem den el los las del y e et und".split()
)


def _meanings(table: dict[str, str]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return, by the words of each phrase, what it may mean."""
    meanings: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for meaning, phrases in table.items():
        for phrase in phrases.split("|"):
            meanings[_bare(_words(phrase))].append(meaning)
    return {words: tuple(found) for words, found in meanings.items()}


def _bare(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in _SMALL)


@cache
def _institutions() -> dict[tuple[str, ...], tuple[str, ...]]:
    return _meanings(_INSTITUTIONS)


@cache
def _offices() -> dict[tuple[str, ...], tuple[str, ...]]:
    return _meanings(_OFFICES)


@cache
def _countries() -> dict[tuple[str, ...], str]:
    """Return, by words, the countries and bodies that a phrase may name, in any of the shipped languages.

    Capitals are left out: the London police are no country's.
    """
    found: dict[tuple[str, ...], str] = {}
    for country, _, demonyms, others in lexicon.rows("countries.tsv"):
        for name in (country, *filter(None, (*demonyms.split("|"), *others.split("|")))):
            found.setdefault(_bare(_words(name)), country)
    led = {office.of for known in shipped_speakers() for office in known.offices}
    for known in shipped_speakers():
        if known.forms or known.name in led:
            for name in (known.name, *known.aliases, *known.forms):
                found.setdefault(_bare(_words(name)), known.name)
    return found


def _parted(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each country that a phrase names, with the words that are left without it, the longest names first."""
    words = _bare(_words(name))
    if len(words) == 1 and _CJK.match(words[0]):
        for size in range(len(words[0]) - 1, 0, -1):
            if country := _countries().get((words[0][:size],)):
                yield country, (words[0][size:].removeprefix("的"),)
        return
    for size in range(min(4, len(words) - 1), 0, -1):
        for start in range(len(words) - size + 1):
            if country := _countries().get(words[start : start + size]):
                yield country, words[:start] + words[start + size :]


@lru_cache(maxsize=20_000)
def institution(name: str) -> tuple[str, str]:
    """Return (country, institution) that a name describes: ("China", "foreign ministry"); ("", "") if none."""
    return next(
        ((country, found[0]) for country, rest in _parted(name) if (found := _institutions().get(rest))), ("", "")
    )


@lru_cache(maxsize=20_000)
def offices(name: str) -> tuple[tuple[str, str], ...]:
    """Return the (country or body, office) that a title without a name may mean: "the US president"; () if none."""
    return tuple((country, office) for country, rest in _parted(name) for office in _offices().get(rest, ()))


@lru_cache(maxsize=20_000)
def key(name: str) -> str:
    """Return the form in which spellings of one name agree, also those of "the Chinese Foreign Ministry".

    At most 300 characters; "" for a name without letters.
    """
    country, kind = institution(name)
    words = _words(f"{country} {kind}") if country else _words(name)
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words)[:MOST_CHARACTERS]


# Titles

# Where these stand before a name they are a part of it: "Pope Francis", "King Charles III".
_PART_OF_NAME = frozenset(("pope", "king", "queen", "prince", "princess", "sheikh", "saint", "sister", "brother"))
_FOREIGN_TITLES = frozenset(
    _words(
        "президент премьер премьер-министр вице-премьер министр глава канцлер господин г госпожа посол представитель "
        "пресс-секретарь спикер лидер губернатор мэр генерал депутат сенатор советник директор эксперт адвокат "
        "président présidente ministre premier première monsieur madame mme chancelier chancelière porte-parole chef "
        "cheffe maire gouverneur gouverneure général député députée sénateur sénatrice directeur directrice "
        "präsident präsidentin bundespräsident kanzler kanzlerin bundeskanzler bundeskanzlerin ministerin sprecher "
        "sprecherin regierungssprecher regierungssprecherin außenminister außenministerin innenminister "
        "ambassadeur innenministerin verteidigungsminister finanzminister herr frau "
        "ministerpräsident ministerpräsidentin premierminister "
        "bürgermeister bürgermeisterin oberbürgermeister generalsekretär vorsitzende vorsitzender chefin "
        "presidente presidenta ministro ministra primer primera canciller señor señora portavoz secretario secretaria "
        "don alcalde alcaldesa gobernador gobernadora diputado diputada director directora embajador "
        "الرئيس رئيس رئيسة وزير وزيرة السيد السيدة المتحدث المتحدثة الناطق الناطقة باسم نائب مدير محافظ السفير المبعوث "
        "الأمير الشيخ الأمين العام الخارجية الدفاع الداخلية النقل الصحة المالية الوزراء الجمهورية"
    )
)
_PARTICLES = frozenset("de du von van der den di da dos la le al el bin ibn ben ter ten abu y".split())
_TITLE = (
    r"(?:国家主席|國家主席|总书记|總書記|主席|总统|總統|总理|總理|首相|国务卿|國務卿|外交部长|外长|外長|外相|部长|部長|"
    r"发言人|發言人|秘书长|秘書長|大使|议长|議長|先生|女士|总干事|總幹事|国王|女王|"
    r"省长|省長|市长|市長|州长|州長|书记|書記|局长|局長|院长|院長|教授|将军|將軍|司令)"
)
# "The Ghanaian president": Arabic puts what tells of which country behind the title.
_ARABIC_ADJECTIVE = re.compile(r"ال\w+ي(?:ة)?$")
_CHINESE_TITLE_BEFORE = re.compile(rf"^.{{0,20}}{_TITLE}(?P<name>[\u3400-\u9fff·]{{2,12}})$")
_CHINESE_TITLE_AFTER = re.compile(rf"^(?P<name>[\u3400-\u9fff·]{{2,12}}?){_TITLE}$")


@cache
def _titles() -> frozenset[str]:
    """Return the words that make up titles, as `_words` gives them."""
    english = lexicon.group("honorifics") | lexicon.group("offices")
    return frozenset(word for title in english for word in _words(title)) - _PART_OF_NAME | _FOREIGN_TITLES


def untitled(name: str) -> tuple[str, str]:
    """Return (title, name): ("Chinese President", "Xi Jinping"); the title is "" where there is none."""
    if _CJK.search(name):
        match = _CHINESE_TITLE_BEFORE.match(name) or _CHINESE_TITLE_AFTER.match(name)
        if match is None:
            return "", name
        at, end = match.span("name")
        return (name[:at] + name[end:]), match["name"]
    words = name.split()
    taken, titled, at = 0, False, 0
    while at < len(words) - 1:
        size, title = _title_at(words, at)
        if not size and titled and _ARABIC_ADJECTIVE.match(words[at]):
            size = 1
        if not size:
            break
        titled, at = titled or title, at + size
        taken = at
    while taken and _words(words[taken - 1])[-1:] and _words(words[taken - 1])[-1] in _PARTICLES:
        taken -= 1
    if not titled or all(word in _titles() for word in _words(" ".join(words[taken:]))):
        return "", name
    return " ".join(words[:taken]), " ".join(words[taken:])


def _title_at(words: list[str], at: int) -> tuple[int, bool]:
    """Return how many words from `at` on may stand before a name, 0 if none, and whether they are a title."""
    parts = _words(words[at])
    if not parts:
        return 1, False
    # "US-Präsident" is two.
    if all(part in _titles() or _countries().get((part,)) for part in parts):
        return 1, any(part in _titles() for part in parts)
    for size in (3, 2):
        if at + size < len(words) and _countries().get(_bare(_words(" ".join(words[at : at + size])))):
            return size, False
    return (1, False) if words[at][0].islower() or parts[0] in _SMALL else (0, False)


# Family name first, where the article's country writes so.
_FAMILY_FIRST = frozenset(("China", "Japan", "South Korea", "North Korea", "Hungary", "Vietnam", "Taiwan", "Singapore"))


def keys(name: str, *, represents: str = "") -> list[str]:
    """Return the keys under which a name may be known, the surest first.

    As it stands; without its title; without middle initials; and, where it belongs to a country that puts the family
    name first, the other way round.
    """
    found = [key(name)]
    if institution(name)[0]:
        return found
    _, plain = untitled(name)
    found.append(key(plain))
    words = _words(plain)
    if len(words) > 2 and not _CJK.match(words[0]):
        middle = [word for word in words[1:-1] if len(word) > 2 or word in _PARTICLES]
        found.append(" ".join((words[0], *middle, words[-1])))
    if represents in _FAMILY_FIRST and len(words) in (2, 3):
        found += [" ".join((words[-1], *words[:-1])), " ".join((*words[1:], words[0]))]
    return list(dict.fromkeys(filter(None, found)))


def is_single(name_key: str) -> bool:
    """Return whether a key is one word, or so few Chinese characters that it can only be a family name."""
    return " " not in name_key and (len(name_key) < 2 or not _CJK.match(name_key))


def same_name(a: str, b: str) -> bool:
    """Return whether two names may well be one person's or body's: equal keys, or initials that fit the other's names.

    For proposals to editors: a machine never joins speakers by it.
    """
    keys_a, keys_b = keys(a), keys(b)
    if set(keys_a) & set(keys_b):
        return True
    words_a, words_b = ((found or [""])[-1].split() for found in (keys_a, keys_b))
    if len(words_a) < 2 or len(words_b) < 2 or words_a[-1] != words_b[-1]:
        return False
    first_a, first_b = words_a[0], words_b[0]
    return first_a[0] == first_b[0] and 1 in (len(first_a), len(first_b))


# Speakers known from the start


@dataclass(frozen=True)
class Office:
    """An office held from a day (inclusive) until a day (exclusive); None: it was held when the list was made."""

    name: str
    of: str
    since: date
    until: date | None


@dataclass(frozen=True)
class KnownSpeaker:
    """A speaker of the shipped list.

    aliases: other names. capitals: cities that stand for a country. forms: how its name occurs inside phrases.
    """

    name: str
    kind: str
    represents: str
    wikidata_id: str
    aliases: tuple[str, ...]
    capitals: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    offices: tuple[Office, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases, *self.capitals)


@cache
def _shipped() -> tuple[date, tuple[KnownSpeaker, ...]]:
    rows = json.loads(SHIPPED.read_text(encoding="utf-8"))
    speakers = tuple(
        KnownSpeaker(
            row["name"],
            row["kind"],
            row.get("represents", ""),
            row.get("wikidata", ""),
            tuple(row["aliases"]),
            tuple(row.get("capitals", ())),
            tuple(row.get("forms", ())),
            tuple(
                Office(
                    office["office"],
                    office["of"],
                    date.fromisoformat(office["from"]),
                    date.fromisoformat(office["until"]) if "until" in office else None,
                )
                for office in row.get("offices", ())
            ),
        )
        for row in rows["speakers"]
    )
    return date.fromisoformat(rows["as_of"]), speakers


def shipped_speakers() -> tuple[KnownSpeaker, ...]:
    """Return states, their leaders and ministries, and international bodies, with their names in 7 languages."""
    return _shipped()[1]


@cache
def _by_key() -> dict[str, KnownSpeaker]:
    """Return the shipped speakers by key; a key that several of them bear is left out."""
    found: dict[str, set[KnownSpeaker]] = defaultdict(set)
    for known in shipped_speakers():
        for name in known.names:
            found[key(name)].add(known)
    return {name_key: next(iter(speakers)) for name_key, speakers in found.items() if len(speakers) == 1}


def known_as(name_key: str) -> KnownSpeaker | None:
    """Return the shipped speaker that goes by a key."""
    return _by_key().get(name_key)


@cache
def _named() -> dict[str, KnownSpeaker]:
    return {known.name: known for known in shipped_speakers()}


def known_speaker(name: str) -> KnownSpeaker | None:
    """Return the shipped speaker whose chief name this is."""
    return _named().get(name)


def holder(phrases: Iterable[str], on: date | None, *, country: str = "", family: str = "") -> KnownSpeaker | None:
    """Return who held the office that one of `phrases` names on a day, or None where that is not certain.

    country: whose office it is where the phrase does not say. family: a word that the holder's name must have.
    On the day of a change nobody is certain.
    """
    if on is None:
        return None
    for phrase in phrases:
        meant = set(offices(phrase))
        if country and not meant:
            meant = {(country, office) for office in _offices().get(_bare(_words(phrase)), ())}
        holders = {known for of, office in meant for known in _holders(of, office, on)}
        if family:
            holders = {known for known in holders if set(_words(family)) <= set(_words(known.name))}
        if len(holders) == 1:
            return holders.pop()
    return None


def _holders(of: str, office: str, on: date) -> Iterator[KnownSpeaker]:
    as_of = _shipped()[0]
    for known in _office_holders().get((of, office), ()):
        if any(
            held.since <= on and on <= (held.until or as_of)
            for held in known.offices
            if (held.of, held.name) == (of, office)
        ):
            yield known


@cache
def _office_holders() -> dict[tuple[str, str], list[KnownSpeaker]]:
    found: dict[tuple[str, str], list[KnownSpeaker]] = defaultdict(list)
    for known in shipped_speakers():
        for of, name in dict.fromkeys((office.of, office.name) for office in known.offices):
            found[of, name].append(known)
    return dict(found)
