"""How two wordings differ."""

import string
import time
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claims.wording import Piece, compare, fullest, numbers, turned_round
from claims.wording.tokens import words
from claims.wording.variants import american


def kinds(compared):
    return {difference.kind for difference in compared.differences}


@pytest.mark.parametrize(
    ("reference", "wording", "kind", "truncated"),
    [
        ("We will build the bridge.", "we will build the bridge", "verbatim", ()),
        ("“We’ll build it,”", '"We\'ll build it"', "verbatim", ()),
        ("We will build the long bridge now", "We will build a long bridge now", "near-verbatim", ()),
        ("We won't build the bridge", "We will not build the bridge", "near-verbatim", ()),
        ("We will build the bridge if money comes", "We will build the bridge", "truncated", ("end",)),
        ("We will certainly not build the bridge", "We will build the bridge", "truncated", ("inside",)),
        ("In the end we will build a bridge", "we will build a bridge", "truncated", ("start",)),
        ("So we will surely build a bridge there", "we will build a bridge", "truncated", ("start", "inside", "end")),
        (
            "He promised the town that we will build the bridge soon",
            "“will build a bridge soon”",
            "truncated",
            ("start",),
        ),
        ("We will build the bridge", "A crossing is planned by the council", "paraphrase", ()),
    ],
)
def test_wordings_are_told_apart_and_where_they_are_cut(reference, wording, kind, truncated):
    compared = compare(reference, wording)
    assert (compared.kind, compared.truncated) == (kind, truncated)


def test_pieces_name_what_is_missing_and_added():
    compared = compare("The old bridge is closed today", "The bridge is shut today")
    assert compared.pieces == (
        Piece("same", "The"),
        Piece("missing", "old"),
        Piece("same", "bridge is"),
        Piece("missing", "closed"),
        Piece("added", "shut"),
        Piece("same", "today"),
    )


def test_a_contraction_is_shown_whole():
    assert compare("We won't go", "We will go").pieces == (
        Piece("same", "We"),
        Piece("missing", "won't"),
        Piece("added", "will"),
        Piece("same", "go"),
    )


# Differences


@pytest.mark.parametrize(
    ("reference", "wording", "kind", "missing", "added"),
    [
        ("It cost 30 million", "It cost 40 million", "numbers", "30 million", "40 million"),
        ("It cost $5 million", "It cost 5 million euros", "numbers", "$5 million", "5 million euros"),
        ("It rose by 5 percent", "It rose by 5 percentage points", "numbers", "5 percent", "5 percentage points"),
        ("It holds a dozen people", "It holds twenty-one people", "numbers", "a dozen", "twenty-one"),
        ("It opens on Monday", "It opens on Friday", "dates", "Monday", "Friday"),
        ("It opens on July 3, 2017", "It opens on July 5, 2017", "dates", "July 3, 2017", "July 5, 2017"),
        ("It opens in May", "It opens in June", "dates", "May", "June"),
        ("It opens next month", "It opens next year", "dates", "next month", "next year"),
        ("We will go", "We will not go", "negation", "", "not"),
        ("We won't go", "We will go", "negation", "won't", ""),
        ("The deal is legal", "The deal is illegal", "negation", "legal", "illegal"),
        ("We will attack the fort", "We may attack the fort", "modality", "will", "may"),
        ("We should attack the fort", "We could attack the fort", "modality", "should", "could"),
        ("They reportedly attacked the fort", "They attacked the fort", "modality", "reportedly", ""),
        ("He met Mr Smith there", "He met Mr Jones there", "names", "Smith", "Jones"),
        ("The talks in Berlin failed", "The talks in Paris failed", "names", "Berlin", "Paris"),
        ("中国不支持这一计划", "中国支持这一计划", "negation", "不", ""),
        ("Это решение не поддержат", "Это решение поддержат", "negation", "не", ""),
        ("Погибли 12 человек", "Погибли 14 человек", "numbers", "12", "14"),
        ("造成150万人受灾", "造成200万人受灾", "numbers", "150万", "200万"),
    ],
)
def test_differences_of_substance_are_named_with_their_words(reference, wording, kind, missing, added):
    (difference,) = compare(reference, wording).differences
    assert (difference.kind, " ".join(difference.missing), " ".join(difference.added)) == (kind, missing, added)


@pytest.mark.parametrize(
    ("reference", "wording"),
    [
        ("It cost 1.5 million dollars", "It cost $1,500,000"),
        ("Half a million people came", "500,000 people came"),
        ("Two thirds of it, about 30 percent", "2/3 of it, 30%"),
        ("It cost 30 million in all", "It cost 30 million"),
        ("About 1,490 people came", "1,500 people came"),
        ("It opens on Monday, July 3", "It opens on 3 July 2017"),
        ("a dual-track plan", "a two-track plan"),
        ("cooperation in the labour programme", "collaboration in the labor program"),
        ("The organisation has analysed defence", "The organization has analyzed defense"),
        ("We can't do it", "We cannot do it"),
        ("Beijing supports the U.S. president", "China supports the American president"),
        ("President Smith met Mr Jones", "Smith met Jones"),
        ("The World Health Organization warned them", "The WHO warned them"),
        ("We cannot deny that taxes will rise", "Taxes will rise"),
        ("Not only the town but the county paid", "The town and the county paid"),
        ("the hull was inspected in May", "the hull was inspected in May and no faults were found"),
        ("He may attack the fort", "He might attack the fort"),
        ("It could be abused by the council", "the cable could be “abused” by the council"),
        ("Мы поддержали решения", "Мы поддержим решение"),
    ],
)
def test_the_same_in_other_words_is_no_difference(reference, wording):
    assert compare(reference, wording).differences == ()


def test_other_content_in_the_same_place_is_a_difference_to_look_at():
    (difference,) = compare(
        "a two-track approach of closing the mines and founding a monitoring commission",
        "a dual-track approach of closing the mines and ending the naval blockade",
    ).differences
    assert difference.kind == "content"
    assert "monitoring commission" in difference.missing[0]
    assert "naval blockade" in difference.added[0]


def test_days_are_counted_from_publication():
    from datetime import date

    monday, tuesday = date(2020, 6, 1), date(2020, 6, 2)
    counted = {"on": tuesday, "reference_on": monday}
    assert not compare("It opens tomorrow", "It opens on Tuesday", **counted).differences
    assert kinds(compare("It opens tomorrow", "It opens on Friday", **counted)) == {"dates"}
    assert not compare("It opens tomorrow", "It opens on June 2", **counted).differences
    assert kinds(compare("It opens tomorrow", "It opens on June 9", **counted)) == {"dates"}


def test_numbers_are_read_by_value():
    assert numbers("1.5 million of two hundred and five thousand in 2017, and 3,5 Prozent") == {
        "1500000",
        "205000",
        "2017",
        "3.5",
    }
    assert numbers("dozens of people, one of them the first") == set()


def test_british_spelling_is_read_as_american():
    assert [american(word) for word in "colours organising theatre travelled defence paediatric tyres".split()] == (
        "colors organizing theater traveled defense pediatric tires".split()
    )
    assert [american(word) for word in "four hour rise called there".split()] == "four hour rise called there".split()


# Alarms


@pytest.mark.parametrize(
    ("reference", "wording", "kind", "missing"),
    [
        ("We will not leave the town this year", "We will leave the town this year", "negation", "not"),
        ("We will build the bridge if money comes", "We will build the bridge", "condition", "if money comes"),
        (
            "Unless it rains, the dam will hold for years",
            "the dam will hold for years",
            "condition",
            "Unless it rains",
        ),
        ("The dam will hold as long as it is dry", "The dam will hold", "condition", "as long as it is dry"),
        ("The army may attack the northern fort", "The army attacks the northern fort", "modality", "may"),
        ("The army allegedly attacked the fort", "The army attacked the fort", "modality", "allegedly"),
        ("I am told that the dam has broken", "the dam has broken", "attribution", "I am told that"),
        ("We hope that the dam will hold", "the dam will hold", "attribution", "We hope that"),
        ("除非下雨，大坝将坚持多年", "大坝将坚持多年", "condition", "除非下雨"),
        ("Мы построим мост, если придут деньги", "Мы построим мост", "condition", "если придут деньги"),
    ],
)
def test_missing_words_that_change_the_sense_raise_an_alarm(reference, wording, kind, missing):
    (alarm,) = compare(reference, wording).alarms
    assert (alarm.kind, alarm.missing) == (kind, missing)
    assert f"“{missing}”" in alarm.reason


@pytest.mark.parametrize(
    ("reference", "wording"),
    [
        ("We will build the bridge, and no house will be pulled down", "We will build the bridge"),
        ("We will build the bridge. If money comes, we will build a road", "We will build the bridge"),
        ("We will build the bridge even if it rains", "We will build the bridge"),
        ("We will build the bridge", "We will build the bridge if money comes"),
        ("We shall build the long bridge in May", "We will build the bridge in May"),
    ],
)
def test_clipping_that_leaves_the_sense_raises_none(reference, wording):
    assert compare(reference, wording).alarms == ()


# What holds for every pair

_WORDS = (
    "we will not won't build the bridge if money comes 30 million 1,500 two dual May 3 July tomorrow Smith China's "
    "U.S. may reportedly said . , — “ ” ? co - operation colour illegal legal 中国 不 支持 Россия не 5% $ never and of"
).split()
texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=string.ascii_letters + " .,'’-5", max_size=60),
    st.lists(st.sampled_from(_WORDS), max_size=25).map(" ".join),
)


def spelled(pieces, *sides):
    """Return the words of pieces as they stand on one side."""
    texts = [
        piece.instead_of if piece.change == "variant" and "missing" in sides else piece.text
        for piece in pieces
        if piece.change in ("same", "variant", *sides)
    ]
    return [word.key for text in texts for word in words(text)]


@given(texts, texts)
@example("I.A.B", "A.B")
def test_pieces_give_both_wordings_back(reference, wording):
    pieces = compare(reference, wording).pieces
    assert "".join(spelled(pieces, "missing")) == "".join(word.key for word in words(reference))
    assert "".join(spelled(pieces, "added")) == "".join(word.key for word in words(wording))


@given(texts)
def test_a_wording_does_not_differ_from_itself(text):
    compared = compare(text, text)
    assert (compared.kind, compared.differences, compared.alarms) == ("verbatim", (), ())
    assert not turned_round(text, text)


@given(texts, texts)
def test_differences_are_the_same_both_ways(reference, wording):
    there, back = compare(reference, wording), compare(wording, reference)
    assert Counter((d.kind, d.missing, d.added) for d in there.differences) == Counter(
        (d.kind, d.added, d.missing) for d in back.differences
    )
    assert turned_round(reference, wording) is turned_round(wording, reference)


@given(texts, texts)
def test_only_a_truncated_wording_says_where(reference, wording):
    compared = compare(reference, wording)
    assert bool(compared.truncated) is (compared.kind == "truncated")


def test_twice_the_words_take_about_twice_the_time():
    def seconds(count):
        reference = " ".join(
            f"The {n} bridge of town{n} will not hold if it rains in May {n % 28 + 1}." for n in range(count)
        )
        wording = " ".join(f"The {n} bridges of town{n} may hold in June {n % 28 + 1}." for n in range(count))
        started = time.process_time()
        compare(reference, wording)
        return time.process_time() - started

    seconds(20)
    small, large = (min(seconds(size) for _ in range(2)) for size in (180, 360))
    assert large < 3.5 * small + 0.05


# Choosing, and turning round


def test_the_fullest_wording_is_the_first_of_the_longest():
    assert fullest(["one two", "one two three", "three two one"]) == 1


def test_empty_wordings_do_not_fail():
    assert compare("", "").kind == "verbatim"
    assert compare("…", "words").kind == "paraphrase"


@pytest.mark.parametrize(
    ("a", "b", "turned"),
    [
        ("the dam will hold", "the dam will not hold", True),
        ("it won't rain", "it will rain", True),
        ("The plan is legal", "The plan is illegal", True),
        ("No rain will fall on the town", "Rain will fall on the town", True),
        ("I do not think that the dam is safe", "the dam is safe", True),
        ("inflation remains high", "I never said that inflation remains high", False),
        ("the hull was inspected in May", "the hull was inspected in May and no faults were found", False),
        ("He did not ask for the report", "She will ask for a larger army in spring", False),
        ("We cannot deny that taxes will rise", "Taxes will rise", False),
    ],
)
def test_words_and_their_negation_are_opposites(a, b, turned):
    assert turned_round(a, b) is turned_round(b, a) is turned
