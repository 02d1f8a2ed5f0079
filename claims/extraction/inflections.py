"""Know the forms of English verbs and nouns: "said" is "say", "denying" is "deny". No parse, a table and rules."""

import re
from functools import cache, lru_cache

from claims.extraction import lexicon

_VOWELS = "aeiou"
# "hir-ed", "not-ed": after one short vowel the consonant would be doubled, were there no "e" ("plann-ed").
_UNDOUBLED = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")
_MUTE = (
    "at",
    "ng",
    "dg",
    "ed",
    "os",
    "ut",
    "ag",
    "rs",
    "ns",
    "is",
    "uk",
    "ak",
    "ok",
    "iz",
    "bl",
    "dl",
    "fl",
    "gl",
    "kl",
    "pl",
    "tl",
)
# Forms of more words than these are not kept: a text may hold any.
KEPT_FORMS = 20_000


@cache
def _irregular() -> dict[str, str]:
    found: dict[str, str] = {}
    for lemma, forms in lexicon.rows("inflections.tsv"):
        for form in (lemma, *forms.split()):
            found.setdefault(form, lemma)
    return found


@cache
def _known() -> frozenset[str]:
    """Return the lemmas that the word lists name, by which the rules choose between two lemmas of a form."""
    lists = (
        "speech_verbs.txt",
        "attitude_cues.txt",
        "writing_cues.txt",
        "denial_cues.txt",
        "speech_nouns.txt",
    )
    groups = ("light_verbs", "withholding", "clause_verbs", "cue_verbs", "truth", "untrue")
    return frozenset().union(
        *(lexicon.words(name) for name in lists), *(lexicon.group(name) for name in groups), _irregular().values()
    )


@lru_cache(maxsize=KEPT_FORMS)
def lemma(form: str) -> str:
    """Return the lemma of a word in lower case: from the table, else a listed one by rule, else the likeliest."""
    if form in _irregular():
        return _irregular()[form]
    if form in _known() and not (form.endswith("ing") and form[:-3] in lexicon.words("speech_verbs.txt")):
        return form
    candidates = list(_candidates(form))
    return next(
        (candidate for candidate in candidates if candidate in _known()), candidates[-1] if candidates else form
    )


def _candidates(form: str) -> list[str]:
    """Return the lemmas that a form may have, the likeliest last."""
    for ending in ("ing", "ed"):
        if form.endswith(ending) and len(form) > len(ending) + 2:
            stem = form[: -len(ending)]
            if stem.endswith("i") and ending == "ed":
                return [stem[:-1] + "y"]
            if stem[-1] == stem[-2] and stem[-1] not in "aeioulsz":
                return [stem, stem[:-1]]
            # "argu-ed", "announc-ed", "conced-ed": English words do not end in these without an "e".
            mute = stem[-1] in "vcuz" or stem.endswith(_MUTE) or _UNDOUBLED.fullmatch(stem) is not None
            return [stem, stem + "e"] if mute else [stem + "e", stem]
    if form.endswith("ies") and len(form) > 4:
        return [form[:-3] + "y"]
    if form.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return [form[:-2]]
    if form.endswith("s") and not form.endswith(("ss", "us", "is")) and len(form) > 3:
        return [form[:-1]]
    return []


def forms(lemma: str) -> tuple[str, ...]:
    """Return the inflected forms of a verb, itself included."""
    irregular = next((row[1].split() for row in lexicon.rows("inflections.tsv") if row[0] == lemma), None)
    if lemma.endswith("e"):
        regular = [lemma + "s", lemma + "d", lemma[:-1] + "ing"]
    elif lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        regular = [lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"]
    else:
        plural = "es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else "s"
        regular = [lemma + plural, lemma + "ed", lemma + "ing"]
    if irregular is None:
        return (lemma, *regular)
    # The table leaves out what follows the rule.
    present = [form for form in regular if form.endswith(("s", "ing"))]
    return tuple(dict.fromkeys((lemma, *irregular, *present)))


@cache
def speech_forms() -> frozenset[str]:
    """Return the inflected forms of verbs of speech, their bare forms left out."""
    return frozenset(form for verb in lexicon.words("speech_verbs.txt") for form in forms(verb) if form != verb)
