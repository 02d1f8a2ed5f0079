"""Direct quotations in languages without a parser: quotation marks, a reporting verb beside them, the name next to it.

Only what marks and small tables can tell is returned, with low confidence.
"""

import re
from dataclasses import dataclass
from functools import cache

from claims.extraction.passages import passages
from claims.extraction.quotes import Quotation, quotations
from claims.extraction.spans import ExtractedStatement, Span

CONFIDENCE = 0.35
# How many characters a cue may stand from its quotation.
REACH = 60
_ENDS = "。！？.!?\n"


@dataclass(frozen=True)
class _Grammar:
    verbs: tuple[str, ...]
    name: str
    spaced: bool = True


_CAPITALISED = r"[A-ZÀ-ÞА-ЯЁ][\w.’'-]*(?:\s+(?:(?:de|du|von|van|der|la|le|el|al|y)\s+)?[A-ZÀ-ÞА-ЯЁ][\w.’'-]*){0,4}"
_GRAMMARS = {
    "fr": _Grammar(
        (
            "a déclaré",
            "a dit",
            "a affirmé",
            "a ajouté",
            "a expliqué",
            "a indiqué",
            "a souligné",
            "a estimé",
            "a précisé",
            "a annoncé",
            "a assuré",
            "a averti",
            "déclare",
            "dit",
            "affirme",
            "ajoute",
            "explique",
            "indique",
            "souligne",
            "estime",
            "précise",
            "annonce",
            "assure",
            "avertit",
            "selon",
        ),
        _CAPITALISED,
    ),
    "de": _Grammar(
        (
            "sagte",
            "sagt",
            "erklärte",
            "erklärt",
            "betonte",
            "betont",
            "warnte",
            "warnt",
            "teilte mit",
            "fügte hinzu",
            "kündigte an",
            "schrieb",
            "schreibt",
            "meinte",
            "meint",
            "forderte",
            "fordert",
            "so",
            "laut",
        ),
        _CAPITALISED,
    ),
    "es": _Grammar(
        (
            "dijo",
            "dice",
            "afirmó",
            "afirma",
            "declaró",
            "declara",
            "aseguró",
            "asegura",
            "añadió",
            "añade",
            "explicó",
            "explica",
            "señaló",
            "señala",
            "advirtió",
            "advierte",
            "sostuvo",
            "indicó",
            "subrayó",
            "anunció",
            "según",
        ),
        _CAPITALISED,
    ),
    "ru": _Grammar(
        (
            "сказал",
            "сказала",
            "заявил",
            "заявила",
            "заявили",
            "отметил",
            "отметила",
            "подчеркнул",
            "подчеркнула",
            "добавил",
            "добавила",
            "сообщил",
            "сообщила",
            "сообщили",
            "считает",
            "написал",
            "написала",
            "пояснил",
            "пояснила",
            "предупредил",
            "говорит",
            "по словам",
        ),
        _CAPITALISED,
    ),
    "zh": _Grammar(
        (
            "指出",
            "表示",
            "强调",
            "說",
            "说",
            "称",
            "稱",
            "认为",
            "認為",
            "宣布",
            "警告",
            "补充",
            "回应",
            "强調",
            "写道",
        ),
        r"[\u3400-\u9fff·]{2,12}",
        spaced=False,
    ),
    "ar": _Grammar(
        (
            "قال",
            "قالت",
            "صرح",
            "صرحت",
            "أكد",
            "أكدت",
            "أضاف",
            "أضافت",
            "أعلن",
            "أعلنت",
            "أوضح",
            "أوضحت",
            "حذر",
            "ذكر",
            "أشار",
        ),
        r"[\u0620-\u064a]{2,}(?:\s+[\u0620-\u064a]{2,}){0,3}",
    ),
}


@cache
def _verbs(language: str) -> re.Pattern[str]:
    grammar = _GRAMMARS[language]
    words = "|".join(re.escape(verb) for verb in sorted(grammar.verbs, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)" if grammar.spaced else words, re.IGNORECASE)


def read(text: str, language: str) -> list[ExtractedStatement]:
    """Return the direct quotations of `text` that stand beside a reporting verb of `language`; [] for one unknown."""
    code = language.partition("-")[0].lower()
    if code not in _GRAMMARS:
        return []
    found: list[ExtractedStatement] = []
    kept = [passage for passage in passages(text) if passage.role != "aside"]
    heading = {(passage.start, passage.end): passage.heading for passage in kept}
    for start, end in heading:
        for quotation in quotations(text, [(start, end)]):
            if len(re.findall(r"\w", text[quotation.inner.start : quotation.inner.end])) < 4:
                continue
            beside = _beside(text, quotation, start, end, code)
            if beside is None:
                continue
            cue, name = beside
            found.append(
                ExtractedStatement(
                    content=(Span(quotation.start, quotation.end),),
                    cue=(cue,),
                    source=(name,) if name else (),
                    kind="direct",
                    speaker=text[name.start : name.end] if name else "",
                    confidence=CONFIDENCE,
                    heading=heading[start, end],
                )
            )
    return found


def _beside(text: str, quotation: Quotation, start: int, end: int, code: str) -> tuple[Span, Span | None] | None:
    """Return the cue nearest to a quotation in its sentence, with the name next to it."""
    low = max(start, quotation.start - REACH)
    low = max([low, *(text.rfind(mark, low, quotation.start) + 1 for mark in _ENDS)])
    high = min(end, quotation.end + REACH)
    stops = [place for mark in _ENDS if (place := text.find(mark, quotation.end, high)) >= 0]
    high = min([high, *stops])
    after = next(_verbs(code).finditer(text, quotation.end, high), None)
    before = None
    for before in _verbs(code).finditer(text, low, quotation.start):  # noqa: B007
        pass
    cue = after or before
    if after is not None and before is not None and quotation.start - before.end() < after.start() - quotation.end:
        cue = before
    if cue is None:
        return None
    zone = (quotation.end, high) if cue is after else (low, quotation.start)
    return Span(cue.start(), cue.end()), _name(text, cue, zone, code)


def _name(text: str, cue: re.Match[str], zone: tuple[int, int], code: str) -> Span | None:
    pattern = re.compile(_GRAMMARS[code].name)
    if code == "zh":
        before = re.search(r"([\u3400-\u9fff·]{2,12})$", text[zone[0] : cue.start()])
        if before is None:
            return None
        return Span(zone[0] + before.start(1), zone[0] + before.end(1))
    following = pattern.search(text, cue.end(), zone[1])
    leading = None
    for leading in pattern.finditer(text, zone[0], cue.start()):  # noqa: B007
        pass
    options = [match for match in (following, leading) if match is not None]
    if not options:
        return None
    nearest = min(options, key=lambda match: max(match.start() - cue.end(), cue.start() - match.end()))
    return Span(nearest.start(), nearest.end())
