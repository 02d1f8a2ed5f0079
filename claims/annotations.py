"""Statements as W3C Web Annotations, and such annotations read back. Pure: plain values in and out.

The words are those of https://www.w3.org/TR/annotation-model/. A statement's body is what was said and by whom; its
target is the article, with the place of the words by position and by quotation. Positions count Unicode code points, as
the model asks for, and ranges are half-open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
#: Code points of the text before and after a quotation that are written with it.
AROUND = 32
#: Longer quotations than any statement are no quotations of one.
QUOTE_MAX_CHARACTERS = 100_000


# Writing


@dataclass(frozen=True)
class Quoted:
    """Words of a text, with what stands around them.

    start, end: half-open, in code points of the text.
    """

    start: int
    end: int
    exact: str
    prefix: str = ""
    suffix: str = ""

    @classmethod
    def of(cls, text: str, start: int, end: int) -> "Quoted":
        return cls(start, end, text[start:end], text[max(0, start - AROUND) : start], text[end : end + AROUND])


@dataclass(frozen=True)
class PlainStatement:
    """A statement with what is told of it.

    url: of the annotation. article: address of the article, as the outlet published it, or else of its page here.
    state: when the text was captured that the words were found in, and the address of that text here.
    pieces: its content, in the order of the text.
    """

    url: str
    article: str
    language: str
    quote: str
    speaker: str
    pieces: Sequence[Quoted]
    created_at: datetime
    captured_at: datetime
    text_url: str
    method: str
    claims: Sequence[str] = ()


def annotation(statement: PlainStatement) -> dict[str, Any]:
    """Return a statement as an annotation that describes the words of an article."""
    return {"@context": CONTEXT, **_annotation(statement)}


def _annotation(statement: PlainStatement) -> dict[str, Any]:
    by = f"{statement.speaker}: " if statement.speaker else ""
    bodies: list[dict[str, Any]] = [
        {
            "type": "TextualBody",
            "value": f"{by}{statement.quote}",
            "format": "text/plain",
            "language": statement.language,
            "purpose": "describing",
        }
    ]
    if statement.speaker:
        bodies.append({"type": "TextualBody", "value": statement.speaker, "format": "text/plain", "purpose": "tagging"})
    # What it says as a claim, by the claim's own address.
    bodies += [{"type": "SpecificResource", "source": claim, "purpose": "identifying"} for claim in statement.claims]
    return {
        "id": statement.url,
        "type": "Annotation",
        "motivation": "describing",
        "created": _moment(statement.created_at),
        "generator": {"type": "Software", "name": statement.method},
        "body": bodies,
        "target": [_target(statement, piece) for piece in statement.pieces],
    }


def _target(statement: PlainStatement, piece: Quoted) -> dict[str, Any]:
    quotation = {"type": "TextQuoteSelector", "exact": piece.exact, "prefix": piece.prefix, "suffix": piece.suffix}
    return {
        "type": "SpecificResource",
        "source": statement.article,
        "state": {
            "type": "TimeState",
            "sourceDate": _moment(statement.captured_at),
            "cached": statement.text_url,
        },
        "selector": [
            {"type": "TextPositionSelector", "start": piece.start, "end": piece.end},
            {name: value for name, value in quotation.items() if value},
        ],
    }


def collection(url: str, *, label: str, total: int, first: str, last: str) -> dict[str, Any]:
    """Return a collection of annotations by the addresses of its first and last page."""
    return {
        "@context": CONTEXT,
        "id": url,
        "type": "AnnotationCollection",
        "label": label,
        "total": total,
        "first": first,
        "last": last,
    }


def page(
    url: str,
    statements: Sequence[PlainStatement],
    *,
    part_of: str,
    total: int,
    start_index: int,
    next_url: str = "",
    prev_url: str = "",
) -> dict[str, Any]:
    """Return a page of a collection."""
    answer: dict[str, Any] = {
        "@context": CONTEXT,
        "id": url,
        "type": "AnnotationPage",
        "partOf": {"id": part_of, "type": "AnnotationCollection", "total": total},
        "startIndex": start_index,
        "items": [_annotation(statement) for statement in statements],
    }
    if next_url:
        answer["next"] = next_url
    if prev_url:
        answer["prev"] = prev_url
    return answer


def _moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


# Reading


class AnnotationRefused(ValueError):
    """An annotation cannot be read; `place` says where in it, as a path of names, and the message what is wrong."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.place = place
        self.message = message


@dataclass(frozen=True)
class ReadAnnotation:
    """What an annotation says: about words of which document, and in which words.

    id: its own address, or "". source: the address of the document. targets: one for each range of words; a range that
    only a quotation names has no position, one that only a position names no quotation. comment: the bodies that are
    text, joined by blank lines. tags: bodies that tag. claims: addresses that bodies identify it with.
    """

    id: str
    source: str
    targets: tuple["ReadTarget", ...]
    comment: str
    tags: tuple[str, ...]
    claims: tuple[str, ...]
    creator: str = ""


@dataclass(frozen=True)
class ReadTarget:
    start: int | None = None
    end: int | None = None
    exact: str = ""
    prefix: str = ""
    suffix: str = ""


def read_annotations(document: Any) -> list[ReadAnnotation]:
    """Return the annotations of a document, as `annotations_in` finds them.

    Raises AnnotationRefused for the first that cannot be read.
    """
    return [read_annotation(item, place=place) for place, item in annotations_in(document)]


def annotations_in(document: Any) -> list[tuple[str, Any]]:
    """Return what is to be an annotation in a document, and where: it is one, a list of them, a page, or a collection
    with its first page in it.

    Raises AnnotationRefused where it is none of these.
    """
    if isinstance(document, list):
        return [(f"[{number}]", item) for number, item in enumerate(document)]
    types = _types(_object(document, ""), "")
    if "AnnotationPage" in types:
        return _page_items(document, "")
    if "AnnotationCollection" in types:
        first = document.get("first")
        if not isinstance(first, Mapping):
            raise AnnotationRefused("first", "The first page is not in the collection; send that page instead.")
        return _page_items(first, "first.")
    return [("", document)]


def _page_items(found: Mapping[str, Any], place: str) -> list[tuple[str, Any]]:
    items = found.get("items")
    if not isinstance(items, list):
        raise AnnotationRefused(f"{place}items", "Give a list of annotations.")
    return [(f"{place}items[{number}]", item) for number, item in enumerate(items)]


def read_annotation(item: Any, *, place: str = "") -> ReadAnnotation:
    """Return what one annotation says; members that the model has and this site does not are passed over.

    Raises AnnotationRefused.
    """
    found = _object(item, place)
    if "Annotation" not in _types(found, place):
        raise AnnotationRefused(_at(place, "type"), "It is no Annotation.")
    sources, targets = set(), []
    for number, target in enumerate(_several(found.get("target"))):
        where = _at(place, f"target[{number}]")
        source, ranges = _read_target(target, where)
        sources.add(source)
        targets += ranges
    if not targets:
        raise AnnotationRefused(_at(place, "target"), "Give the document that it is about, with a selector.")
    if len(sources) > 1:
        raise AnnotationRefused(_at(place, "target"), "All targets must be of one document.")
    comments, tags, claims = _read_bodies(found, place)
    return ReadAnnotation(
        id=_text(found.get("id", ""), _at(place, "id")),
        source=sources.pop(),
        targets=tuple(targets),
        comment="\n\n".join(comments),
        tags=tuple(tags),
        claims=tuple(claims),
        creator=_creator(found.get("creator"), _at(place, "creator")),
    )


def _read_target(target: Any, place: str) -> tuple[str, list[ReadTarget]]:
    if isinstance(target, str):
        raise AnnotationRefused(place, "It is about a document as a whole; give a selector of the words.")
    found = _object(target, place)
    source = found.get("source")
    if isinstance(source, Mapping):
        source = source.get("id")
    if not isinstance(source, str) or not source:
        raise AnnotationRefused(_at(place, "source"), "Give the address of the document.")
    selectors = _several(found.get("selector"))
    if not selectors:
        raise AnnotationRefused(_at(place, "selector"), "Give a TextPositionSelector or a TextQuoteSelector.")
    # Several selectors of one target are ways to find the same words.
    position: dict[str, int] = {}
    quotation: dict[str, str] = {}
    for number, selector in enumerate(selectors):
        where = _at(place, f"selector[{number}]")
        kinds = _types(_object(selector, where), where)
        if "TextPositionSelector" in kinds and not position:
            position = _read_position(selector, where)
        elif "TextQuoteSelector" in kinds and not quotation:
            quotation = _read_quotation(selector, where)
    if not position and not quotation:
        raise AnnotationRefused(
            _at(place, "selector"), "None of them is a TextPositionSelector or a TextQuoteSelector."
        )
    return source, [
        ReadTarget(
            start=position.get("start"),
            end=position.get("end"),
            exact=quotation.get("exact", ""),
            prefix=quotation.get("prefix", ""),
            suffix=quotation.get("suffix", ""),
        )
    ]


def _read_position(selector: Mapping[str, Any], place: str) -> dict[str, int]:
    values = {}
    for name in ("start", "end"):
        value = selector.get(name)
        # True is an int to Python.
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
            raise AnnotationRefused(_at(place, name), "Give a whole number of code points, from 0.")
        values[name] = value
    if values["start"] >= values["end"]:
        raise AnnotationRefused(place, "The end must come after the start; it is not part of the range.")
    return values


def _read_quotation(selector: Mapping[str, Any], place: str) -> dict[str, str]:
    values = {name: _text(selector.get(name, ""), _at(place, name)) for name in ("exact", "prefix", "suffix")}
    if not values["exact"]:
        raise AnnotationRefused(_at(place, "exact"), "Give the words.")
    return values


def _read_bodies(found: Mapping[str, Any], place: str) -> tuple[list[str], list[str], list[str]]:
    comments: list[str] = []
    tags: list[str] = []
    claims: list[str] = []
    bodies = _several(found["body"]) if "body" in found else _several(found.get("bodyValue"))
    for number, body in enumerate(bodies):
        where = _at(place, f"body[{number}]")
        if isinstance(body, str):
            # A bodyValue is text; a body that is a string is an address.
            (claims if "body" in found else comments).append(_text(body, where))
            continue
        purposes = _several(_object(body, where).get("purpose"))
        if "value" in body:
            (tags if "tagging" in purposes else comments).append(_text(body["value"], _at(where, "value")))
        elif "identifying" in purposes and isinstance(body.get("source"), str):
            claims.append(body["source"])
    return comments, tags, claims


def _creator(creator: Any, place: str) -> str:
    first = _several(creator)[0] if _several(creator) else ""
    if isinstance(first, Mapping):
        first = first.get("name") or first.get("id") or ""
    return _text(first, place)


def _several(value: Any) -> list[Any]:
    """Return what may be one or several as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _object(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise AnnotationRefused(place, "Give a JSON object.")
    return value


def _types(found: Mapping[str, Any], place: str) -> set[str]:
    types = _several(found.get("type", found.get("@type")))
    # Written out in full by programs that resolve names.
    return {
        _text(name, _at(place, "type")).removeprefix("http://www.w3.org/ns/oa#").removeprefix("oa:") for name in types
    }


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise AnnotationRefused(place, "Give text.")
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise AnnotationRefused(place, "It has a character that no text can have (NUL or half of a surrogate pair).")
    if len(value) > QUOTE_MAX_CHARACTERS:
        raise AnnotationRefused(place, f"It has more than {QUOTE_MAX_CHARACTERS:,} characters.")
    return value


def _at(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


# Finding the words


@dataclass(frozen=True)
class Anchor:
    """Where in a text the words of a target stand, half-open, in code points."""

    start: int
    end: int


class WordsNotFound(AnnotationRefused):
    """The words of a target are not in the text, or in several places; the message shows both."""


def anchor(target: ReadTarget, text: str, *, place: str = "target") -> Anchor:
    """Return where a target's words stand in a text.

    By position where the words there are those of the quotation; else by the one place where quotation, prefix and
    suffix stand. Raises WordsNotFound.
    """
    if target.start is not None and target.end is not None:
        if target.end > len(text):
            if not target.exact:
                raise WordsNotFound(place, f"The text has {len(text):,} code points; the range ends at {target.end:,}.")
        elif not target.exact or text[target.start : target.end] == target.exact:
            return Anchor(target.start, target.end)
    around = f"{target.prefix}{target.exact}{target.suffix}"
    for words, before in ((around, len(target.prefix)), (target.exact, 0)):
        places = _places(text, words)
        if len(places) == 1:
            return Anchor(places[0] + before, places[0] + before + len(target.exact))
        if len(places) > 1 and words == target.exact:
            raise WordsNotFound(
                place, f"“{_shortened(target.exact)}” stands in several places; give a prefix, a suffix or a position."
            )
    there = ""
    if target.start is not None and target.end is not None:
        there = f" At {target.start}–{target.end} it has “{_shortened(text[target.start : target.end])}”."
    raise WordsNotFound(place, f"The text does not have “{_shortened(target.exact)}”.{there}")


def _places(text: str, words: str, most: int = 2) -> list[int]:
    places: list[int] = []
    place = text.find(words)
    while place >= 0 and len(places) < most:
        places.append(place)
        place = text.find(words, place + 1)
    return places


def _shortened(words: str) -> str:
    return words if len(words) <= 80 else f"{words[:79]}…"
