"""What a word is compared by: its stem, in one spelling, and one of the words that translations differ in."""

import re
from functools import cache, lru_cache

from claims.matching.terms import rarity, stem, terms
from claims.stems import stemmed
from claims.wording.tables import group, rows

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
#: What a word of another script than the Latin weighs: its rarity was never counted.
FOREIGN_WEIGHT = 5.0
#: A Chinese word is about two characters long.
HAN_WEIGHT = 2.5

# British to American; a rule may change other words too, as long as it makes no two of them the same.
_SPELLING_RULES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^practis", "practic"),
        (r"(?<=[a-z]{2})is(e|ed|es|er|ers|ing|able|ation|ations|ational)$", r"iz\1"),
        (r"ys(e|ed|es|er|ers|ing)$", r"yz\1"),
        (r"(?<=[a-z]{2})our(?=$|s|ed|ing|able|abl|ably|ite|ites|al|er|ers|ful|hood|ly|less|ist)", "or"),
        (r"(?<=[a-z]{2}[tbh])re(s?)$", r"er\1"),
        (r"(?<=[a-z]{2}[tb])red$", "ered"),
        (r"ogue(s?)$", r"og\1"),
        (r"^(def|off|lic|pret)ence", r"\1ense"),
        (r"(?<=[a-z]{2}[aeiou])ll(ed|ing|er|ers|or|ors|ist)$", r"l\1"),
        (r"^(fulfi|enro|disti|insti)l(s|ment|ments)?$", r"\1ll\2"),
        (r"^(ski|wi)lful", r"\1llful"),
        (r"^insta(l)(ments?)$", r"install\2"),
        (r"^(judg|acknowledg)ement", r"\1ment"),
        (r"(arch|pal|p|orthop|encyclop|h|an|leuk|tox|gyn|medi|prim|f)ae(?=[dmsocv])", r"\1e"),
        (r"^oe(?=s|d)", "e"),
        (r"^foet", "fet"),
        (r"rrhoea", "rrhea"),
        (r"manoeuvr(e|es|ed|ing|able)$", r"maneuver\1"),
    )
]


@cache
def _spellings() -> dict[str, str]:
    return dict(rows("spellings.tsv"))


@cache
def _same_in_translation() -> dict[str, str]:
    """Return, by stem, the first of the words that it stands for."""
    found: dict[str, str] = {}
    for members, _ in rows("variants.tsv"):
        first, *others = (stem(american(member)) for member in members.split("|"))
        for member in (first, *others):
            found.setdefault(member, found.get(first, first))
    return found


def american(word: str) -> str:
    """Return a lower-cased word in American spelling."""
    if word in (table := _spellings()):
        return table[word]
    plural = word.removesuffix("s")
    if plural != word and plural in table:
        return f"{table[plural]}s"
    for pattern, replacement in _SPELLING_RULES:
        word = pattern.sub(replacement, word)
    return word


@lru_cache(maxsize=1 << 16)
def compared_by(key: str) -> str:
    """Return what words share that tell the same: inflections, spellings, and words that translations differ in."""
    key = re.sub(r"'s?$", "", key)
    if _CYRILLIC.search(key):
        return stemmed(key, "russian")
    if not key.isascii() or not key.isalpha():
        return key
    if key in ("a", "an"):
        return "a"
    if not weight(key):
        return key
    root = stem(american(key))
    return _same_in_translation().get(root, root)


@lru_cache(maxsize=1 << 16)
def weight(key: str) -> float:
    """Return how much a word tells: its rarity in news, 0.0 for mere grammar."""
    if key in group("grammar") or (len(key) == 1 and key.isascii()):
        return 0.0
    if not key.isascii() and not re.match(r"[\u00c0-\u024f]|[a-z]", key):
        # Cyrillic, Arabic and the like are words; Chinese and Japanese are single characters.
        return HAN_WEIGHT if len(key) == 1 else FOREIGN_WEIGHT * (len(key) > 3)
    return max((rarity(term) for term in terms(key)), default=0.0)
