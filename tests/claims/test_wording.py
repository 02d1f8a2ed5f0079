"""How two wordings differ."""

import pytest

from claims.wording import Piece, compare, fullest, turned_round


@pytest.mark.parametrize(
    ("reference", "wording", "kind"),
    [
        ("We will build the bridge.", "we will build the bridge", "verbatim"),
        ("“We’ll build it,”", '"We\'ll build it"', "verbatim"),
        ("We will build the long bridge now", "We will build a long bridge now", "near-verbatim"),
        ("We will build the bridge if money comes", "We will build the bridge", "truncated"),
        ("We will certainly not build the bridge", "We will build the bridge", "truncated"),
        ("He promised the town that we will build the bridge soon", "“will build a bridge soon”", "truncated"),
        ("We will build the bridge", "A crossing is planned by the council", "paraphrase"),
    ],
)
def test_wordings_are_told_apart(reference, wording, kind):
    assert compare(reference, wording).kind == kind


def test_pieces_give_both_wordings_back():
    compared = compare("The old bridge is closed today", "The bridge is shut today")
    assert compared.pieces == (
        Piece("same", "The"),
        Piece("missing", "old"),
        Piece("same", "bridge is"),
        Piece("missing", "closed"),
        Piece("added", "shut"),
        Piece("same", "today"),
    )


@pytest.mark.parametrize(
    ("reference", "wording", "differences"),
    [
        ("It cost 30 million", "It cost 40 million", ("numbers",)),
        ("It opens on Monday", "It opens on Friday", ("dates",)),
        ("We will go", "We will not go", ("negation",)),
        ("We won't go", "We will go", ("negation",)),
        ("He met Mr Smith there", "He met Mr Jones there", ("names",)),
        ("It cost 30 million in all", "It cost 30 million", ()),
    ],
)
def test_differences_of_substance_are_named(reference, wording, differences):
    assert compare(reference, wording).differences == differences


def test_the_fullest_wording_is_the_first_of_the_longest():
    assert fullest(["one two", "one two three", "three two one"]) == 1


def test_empty_wordings_do_not_fail():
    assert compare("", "").kind == "verbatim"
    assert compare("…", "words").kind == "paraphrase"


@pytest.mark.parametrize(
    ("a", "b", "turned"),
    [
        ("the dam will hold", "the dam will not hold", True),
        ("inflation remains high", "I never said that inflation remains high", False),
        ("the hull was inspected in May", "the hull was inspected in May and no faults were found", False),
        ("it won't rain", "it will rain", True),
    ],
)
def test_words_and_their_negation_are_opposites(a, b, turned):
    assert turned_round(a, b) is turned_round(b, a) is turned
