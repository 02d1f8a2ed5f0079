"""The value types of extraction: spans, relays and statements."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["direct", "mixed", "indirect"]
Act = Literal["speech", "writing", "attitude"]


@dataclass(frozen=True, order=True)
class Span:
    """A half-open range of code points."""

    start: int
    end: int


@dataclass(frozen=True)
class Relay:
    """An outlet through which a statement reached the article ("reported by Reuters").

    `hop` counts from the article outwards: relays of one hop are alternatives ("Reuters and AFP"), a higher hop
    lies further upstream ("the Gazette, citing Reuters, which cited AFP").
    """

    name: str
    span: Span
    hop: int = 1


@dataclass(frozen=True)
class ExtractedStatement:
    """One attributed statement.

    content: one or more spans in order, without the quotation marks' surroundings ("he said") between them.
    speaker: the fullest name that the article gives ("Maria Lopez" for "Lopez" or "she"), "" when unresolved.
    speaker_titles: the article's descriptions of the speaker ("Ghanaian President").
    represents: the country or organisation that the titles say the speaker speaks for ("Ghana"), or "".
    negated: the cue says that it was not said ("did not say that …").
    hedged: the article distances itself ("reportedly", "allegedly").
    denies: the cue turns the content down ("denied", "rejected", "dismissed").
    confidence: 0.0 to 1.0, the share of statements found by the same rule that were right on labelled news.
    heading: the nearest section heading above the content, or "".
    """

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    kind: Kind
    speaker: str
    speaker_titles: tuple[str, ...] = ()
    represents: str = ""
    relays: tuple[Relay, ...] = ()
    act: Act = "speech"
    negated: bool = False
    hedged: bool = False
    denies: bool = False
    confidence: float = 0.5
    heading: str = field(default="", compare=False)
