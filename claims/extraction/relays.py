"""Find the outlets through which a statement came: "reported by Reuters and AFP", "told CNN", "citing Reuters"."""

import re
from functools import cache

from claims.extraction import lexicon
from claims.extraction.spans import Relay, Span

_NAME = r"(?:[Tt]he\s+)?[A-Z][\w.&’'-]*(?:\s+(?:of\s+|de\s+|della\s+|la\s+)?[A-Z0-9][\w.&’'-]*)*"
_LIST = rf"{_NAME}(?:\s*,\s*(?:and\s+|or\s+)?{_NAME}|\s+and\s+{_NAME})*"
# Where a list of names after these words can only be outlets.
_CARRIED = re.compile(
    rf"\b(?:reported|carried|published|broadcast|aired|distributed|first\s+reported|quoted|cited)\s+by\s+({_LIST})"
)
_TOLD = re.compile(
    rf"\b(?:told|tells|telling|interview(?:ed)?\s+(?:with|by|on|to)|interviews\s+with|(?:speaking|spoke|speak|talking|talked)\s+(?:to|with|on)|"
    rf"(?:statement|comments?|remarks?|email|e-mail)\s+to|appear(?:ed|ing|ance)\s+on|(?:said|wrote)\s+(?:on|in)|article\s+(?:for|in)|op-ed\s+(?:for|in))\s+"
    rf"(?:[a-z]+(?:'s|’s)?\s+){{0,3}}?({_LIST})"
)
_CITING = re.compile(rf"\b(?:citing|quoting|cited|according\s+to(?:\s+a\s+report\s+(?:in|by|from))?)\s+({_LIST})")
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


def relays(text: str, start: int, end: int, apart: list[Span]) -> tuple[Relay, ...]:
    """Return the relays named in `text[start:end]` outside the spans `apart` (contents), in order.

    Names after "reported by" are taken as outlets even if unknown; elsewhere only names known as outlets are.
    """
    found: list[Relay] = []
    for pattern, trusted, hop in ((_CARRIED, True, 1), (_TOLD, False, 1), (_CITING, False, 1)):
        for match in pattern.finditer(text, start, end):
            if any(span.start <= match.start() < span.end for span in apart):
                continue
            names = _names(text, match.start(1), match.end(1))
            if trusted and not any(is_outlet(name) for name, _ in names):
                continue
            for name, span in names:
                if (trusted or is_outlet(name)) and all(relay.name != name for relay in found):
                    found.append(Relay(name, span, hop))
    return tuple(sorted(found, key=lambda relay: relay.span))


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
