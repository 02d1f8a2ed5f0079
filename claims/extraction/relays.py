"""Find the outlets through which a statement came: "reported by Reuters and AFP", "told CNN", "citing Reuters"."""

import re
from collections.abc import Iterable
from functools import cache

from claims.extraction import lexicon
from claims.extraction.spans import Relay, Span

_NAME = r"(?:[Tt]he\s+)?[A-Z][\w.&’'-]*(?:\s+(?:of\s+|de\s+|della\s+|la\s+)?[A-Z0-9][\w.&’'-]*)*"
_LIST = rf"{_NAME}(?:\s*,\s*(?:and\s+|or\s+)?{_NAME}|\s+and\s+{_NAME})*"
# Where a list of names after these words can only be outlets.
_CARRIED = re.compile(
    rf"\b(?:reported|carried|published|broadcast|aired|distributed|first\s+reported|quoted|cited|quoted\s+as\s+saying)\s+by\s+({_LIST})"
)
_TOLD = re.compile(
    rf"\b(?:told|tells|telling|interview(?:ed)?\s+(?:with|by|on|to)|interviews\s+with|(?:speaking|spoke|speak|talking|talked)\s+(?:to|with|on)|"
    rf"(?:statement|comments?|remarks?|email|e-mail)\s+to|appear(?:ed|ing|ance)\s+on|(?:said|wrote)\s+(?:on|in)|article\s+(?:for|in)|op-ed\s+(?:for|in))\s+"
    rf"(?:[a-z]+(?:'s|’s)?\s+){{0,3}}?({_LIST})"
)
_ACCORDING = re.compile(rf"\b[Aa]ccording\s+to(?:\s+an?\s+report\s+(?:in|by|from|of))?(?:\s+an?)?\s+({_LIST})")
# What stands upstream of the outlet that passes a statement on.
_CITING = re.compile(rf"\b(?:[Cc]iting|[Qq]uoting|(?:which|who|that)\s+(?:cited|quoted))\s+({_LIST})")
# "…, he told reporters, Reuters reported."
_REPORTED = re.compile(rf",\s+(?:[Tt]he\s+)?({_LIST})\s+(?:has\s+|have\s+)?report(?:ed|s)?\b")
# "…, Reuters reported on Monday": who passed the words before it on.
_DAY = r"(?:(?:early|late|earlier|later|on|in|this|last|again)\s+)*(?:[A-Z]\w+day|today|week|month|[A-Z]\w+\s+\d{1,2})?"
_PASSED_ON = re.compile(
    rf"(?:^|[,;–—-]\s*|\s)(?:[Tt]he\s+)?(?:news\s+agency\s+)?(?P<names>{_LIST})"
    rf"(?:\s+(?:state\s+)?(?:news\s+)?(?:agency|agencies|newspaper|daily|channel|website))?"
    rf"\s+(?:has\s+|have\s+)?(?:reported|reports|report)(?:\s+{_DAY})?\s*[.,]?$"
    rf"|(?:^|[,;–—-]\s*)(?:reported|reports)\s+(?P<after>{_LIST})[.,]?$"
    rf"|(?:^|[,;–—-]\s*)according\s+to\s+(?:an?\s+|the\s+)?(?:report\s+(?:in|by|from|of)\s+)?(?P<according>{_LIST})"
    rf"(?:\s+(?:report|dispatch|story|article|news\s+agency|newspaper))?[.,]?$"
)
# "a Reuters report", "the Interfax news agency", "a report by Reuters": what is not part of the outlet's name.
_AROUND_NAME = re.compile(
    rf"(?:by\s+)?(?:(?:an?|the)\s+)?(?:(?:\w+\s+)?(?:report|dispatch|story|article)\s+(?:by|from|in|of)\s+(?:the\s+)?|(?:news\s+)?agency\s+)?"
    rf"(?P<names>{_LIST})(?:\s+(?:state\s+)?(?:news\s+)?(?:agency|agencies|newspaper|daily|report|reports|dispatch|story|article))?\s*,?$"
)
_CITES = re.compile(r",\s+(?:citing|quoting)\b")
# How much of the end of a content may name who passed it on.
MAX_TRAILER_CHARACTERS = 120
_SEPARATOR = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+and\s+")
_OUTLET_WORDS = re.compile(
    r"\b(?:News|Times|Post|Gazette|Gazeta|Gazetta|Herald|Tribune|Journal|Daily|Agency|Radio|Television|TV|Broadcasting|"
    r"Chronicle|Observer|Magazine|Newspaper|Zeitung|Press|Sun|Globe|Inquirer|Examiner|Register|Dispatch|Courier|Telegraph|Wire)\b"
)


@cache
def _outlets() -> frozenset[str]:
    return frozenset(name.lower() for name in lexicon.words("outlets.txt"))


def is_outlet(name: str) -> bool:
    """Return whether a name is an outlet's: listed, or with a word that papers and agencies bear."""
    plain = re.sub(r"^(?:the|a|an)\s+|['’]s?$", "", name.strip(), flags=re.IGNORECASE)
    return plain.lower() in _outlets() or bool(_OUTLET_WORDS.search(plain) and plain[:1].isupper())


def messengers(text: str, source: Span) -> list[Relay]:
    """Return the outlets that a source consists of ("a Reuters report", "Xinhua and TASS"); none if anyone else is."""
    cites = _CITES.search(text, source.start, source.end)
    match = _AROUND_NAME.match(text, source.start, cites.start() if cites else source.end)
    if match is None:
        return []
    names = _names(text, match.start("names"), match.end("names"))
    return [Relay(name, span) for name, span in names] if all(is_outlet(name) for name, _ in names) else []


def passed_on(text: str, span: Span) -> tuple[Span, list[Relay]] | None:
    """Return the content less the outlets named at its end as having passed it on, and these; None if none are."""
    start = max(span.start, span.end - MAX_TRAILER_CHARACTERS)
    for match in _PASSED_ON.finditer(text[start : span.end]):
        group = match.lastgroup or ""
        names = _names(text, start + match.start(group), start + match.end(group))
        if all(is_outlet(name) for name, _ in names):
            return Span(span.start, start + match.start()), [Relay(name, at) for name, at in names]
    return None


def relays(text: str, start: int, end: int, apart: list[Span]) -> tuple[Relay, ...]:
    """Return the relays named in `text[start:end]` outside the spans `apart` (contents), in order.

    Names after "reported by" are taken as outlets even if unknown; elsewhere only names known as outlets are. What is
    cited lies a hop behind the outlet that cites it; where nothing else is named, `levelled` makes it the first.
    """
    found: list[Relay] = []
    for pattern, trusted in (
        (_CARRIED, True),
        (_TOLD, False),
        (_ACCORDING, False),
        (_REPORTED, False),
        (_CITING, False),
    ):
        hop = 1
        for match in pattern.finditer(text, start, end):
            if any(span.start <= match.start() < span.end for span in apart):
                continue
            names = _names(text, match.start(1), match.end(1))
            if trusted and not any(is_outlet(name) for name, _ in names):
                continue
            hop += pattern is _CITING
            for name, span in names:
                if (trusted or is_outlet(name)) and all(relay.name != name for relay in found):
                    found.append(Relay(name, span, hop))
    return tuple(sorted(found, key=lambda relay: relay.span))


def levelled(found: Iterable[Relay]) -> tuple[Relay, ...]:
    """Return relays with their hops counted from 1 without a gap, in the order of the text, each name once."""
    kept: dict[str, Relay] = {}
    for relay in found:
        if relay.name not in kept or relay.hop < kept[relay.name].hop:
            kept[relay.name] = relay
    hops = {hop: number for number, hop in enumerate(sorted({relay.hop for relay in kept.values()}), start=1)}
    return tuple(
        Relay(relay.name, relay.span, hops[relay.hop]) for relay in sorted(kept.values(), key=lambda relay: relay.span)
    )


def _names(text: str, start: int, end: int) -> list[tuple[str, Span]]:
    names = []
    at = start
    for separator in [*_SEPARATOR.finditer(text, start, end), None]:
        stop = separator.start() if separator else end
        raw = text[at:stop]
        lead = len(raw) - len(re.sub(r"^\s*(?:[Tt]he\s+)?", "", raw))
        name = re.sub(r"['’]s?$", "", raw[lead:].rstrip(" .,"))
        if name:
            names.append((name, Span(at + lead, at + lead + len(name))))
        at = separator.end() if separator else end
    return names
