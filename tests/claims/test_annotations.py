"""Web Annotations made elsewhere, as they are read: what they say, where their words stand, what is wrong."""

import pytest

from claims.annotations import AnnotationRefused, ReadTarget, WordsNotFound, anchor, read_annotation, read_annotations

SOURCE = "https://gazette.example/1"


def made(**members):
    """Return an annotation as a browser extension makes one."""
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "https://notes.example/a1",
        "type": "Annotation",
        "creator": {"type": "Person", "name": "ed"},
        "body": [
            {"type": "TextualBody", "value": "Who says so?", "purpose": "commenting"},
            {"type": "TextualBody", "value": "taxes", "purpose": "tagging"},
        ],
        "target": {"source": SOURCE, "selector": selectors()},
        **members,
    }


def selectors(**position):
    return [
        {"type": "RangeSelector", "startSelector": {}},
        {"type": "TextPositionSelector", "start": 4, "end": 9, **position},
        {"type": "TextQuoteSelector", "exact": "taxes", "prefix": "The ", "suffix": " rise"},
    ]


def test_an_annotation_says_about_which_words_what_is_said():
    read = read_annotation(made())

    assert (read.id, read.source, read.creator) == ("https://notes.example/a1", SOURCE, "ed")
    assert (read.comment, read.tags) == ("Who says so?", ("taxes",))
    assert read.targets == (ReadTarget(4, 9, "taxes", "The ", " rise"),)


@pytest.mark.parametrize(
    ("members", "comment"),
    [
        ({"body": {"type": "TextualBody", "value": "One."}}, "One."),
        ({"body": None, "bodyValue": "Plain."}, ""),
        ({"type": ["Annotation", "Note"]}, "Who says so?"),
        ({"type": "http://www.w3.org/ns/oa#Annotation"}, "Who says so?"),
        ({"target": [{"source": {"id": SOURCE}, "selector": selectors()}]}, "Who says so?"),
    ],
)
def test_what_the_model_allows_is_read(members, comment):
    assert read_annotation(made(**members)).comment == comment


def test_a_body_value_is_a_comment():
    annotation = made(bodyValue="Plain.")
    del annotation["body"]

    assert read_annotation(annotation).comment == "Plain."


def test_lists_pages_and_collections_are_read():
    page = {"type": "AnnotationPage", "items": [made(), made()]}

    assert len(read_annotations([made()])) == 1
    assert len(read_annotations(page)) == 2
    assert len(read_annotations({"type": "AnnotationCollection", "first": page})) == 2


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (1, ""),
        ({"type": "Note"}, "type"),
        (made(target=None), "target"),
        (made(target=SOURCE), "target[0]"),
        (made(target={"source": SOURCE}), "target[0].selector"),
        (made(target={"selector": selectors()}), "target[0].source"),
        (made(target={"source": SOURCE, "selector": [{"type": "SvgSelector"}]}), "target[0].selector"),
        (made(target={"source": SOURCE, "selector": selectors(start=9)}), "target[0].selector[1]"),
        (made(target={"source": SOURCE, "selector": selectors(start=-1)}), "target[0].selector[1].start"),
        (made(target={"source": SOURCE, "selector": selectors(end="9")}), "target[0].selector[1].end"),
        (made(target={"source": SOURCE, "selector": selectors(end=True)}), "target[0].selector[1].end"),
        (made(target={"source": SOURCE, "selector": selectors(end=10**400)}), "target[0].selector[1].end"),
        (made(target={"source": SOURCE, "selector": {"type": "TextQuoteSelector"}}), "target[0].selector[0].exact"),
        (made(target=[{"source": a, "selector": selectors()} for a in ("a", "b")]), "target"),
        (made(body=[{"type": "TextualBody", "value": "\x00"}]), "body[0].value"),
        (made(body=[{"type": "TextualBody", "value": "\ud83d"}]), "body[0].value"),
        (made(body=[1]), "body[0]"),
        (made(id=3), "id"),
        ([made(), {"type": "Note"}], "[1].type"),
        ({"type": "AnnotationPage", "items": [{}]}, "items[0].type"),
        ({"type": "AnnotationCollection", "first": "https://notes.example/p1"}, "first"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(document, place):
    with pytest.raises(AnnotationRefused) as refused:
        read_annotations(document)

    assert refused.value.place == place


TEXT = "🙂 The taxes rise. Then the taxes fall. The end."


@pytest.mark.parametrize(
    ("target", "words_at"),
    [
        (ReadTarget(6, 11, "taxes"), 6),
        (ReadTarget(6, 11), 6),
        # The position is that of another text, or counts other units: the words decide.
        (ReadTarget(7, 12, "taxes", "The ", " rise"), 6),
        (ReadTarget(exact="taxes", suffix=" fall"), 27),
        (ReadTarget(900, 905, "taxes", suffix=" fall"), 27),
        (ReadTarget(exact="The end.", prefix="edited meanwhile "), 39),
    ],
)
def test_words_are_found_by_position_where_they_are_there_else_by_quotation(target, words_at):
    place = anchor(target, TEXT)

    assert place.start == words_at
    assert not target.exact or TEXT[place.start : place.end] == target.exact


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (ReadTarget(exact="taxes"), "several places"),
        (ReadTarget(exact="prices"), "does not have “prices”"),
        (ReadTarget(2, 5, "prices"), "At 2–5 it has “The”"),
        (ReadTarget(2, 900), "ends at 900"),
    ],
)
def test_words_that_are_not_there_or_in_several_places_are_refused(target, says):
    with pytest.raises(WordsNotFound, match=says):
        anchor(target, TEXT)
