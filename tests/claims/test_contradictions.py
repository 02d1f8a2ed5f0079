"""Which statements of one speaker cannot both hold."""

from datetime import date, timedelta

import pytest

from claims.contradictions import Said, contradiction, denies, opposed

DAY = date(2020, 6, 1)


def said(quote, *, days=0, **fields):
    return Said(quote, published=DAY + timedelta(days), **fields)


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ("We will withdraw 12 battalions from the border", "We will withdraw 14 battalions from the border", "numbers"),
        ("The harbour will open to ferries on Monday", "The harbor will open to ferries on Friday", "dates"),
        ("The reservoir will not be drained", "The reservoir will be drained", "polarity"),
        ("The ferry contract is legal", "The ferry contract is illegal", "polarity"),
    ],
)
def test_the_same_with_another_number_day_or_polarity_is_a_contradiction(a, b, kind):
    found, back = contradiction(said(a), said(b)), contradiction(said(b), said(a))
    assert found is not None
    assert back is not None
    assert (found.kind, back.kind) == (kind, kind)
    assert 0.7 <= found.score <= 1
    assert found.reason.endswith(".")


def test_a_reason_names_the_words():
    found = contradiction(said("The levy will be 12 percent in towns"), said("The levy will be 14% in towns"))
    assert found is not None
    assert found.reason == "They say the same but for the number: “12 percent” against “14%”."


def test_what_one_turns_down_the_other_says():
    quote = "the reservoir leaks at the northern wall"
    assert contradiction(said(quote, denies=True), said(quote)) is not None
    assert contradiction(said(quote, denies=True), said(quote, denies=True)) is None
    # Who denies that it does not leak says that it leaks.
    assert contradiction(said("the reservoir does not leak at the northern wall", denies=True), said(quote)) is None


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The levy rose by 12 percent in Leeds", "The levy rose by 14 percent in Derby"),
        ("Twelve ferries sank on Monday near the pier", "Fourteen ferries sank on Friday near the pier"),
        ("The levy will fall 12 percent this year", "The levy will fall 12 percent next year"),
        ("The reservoir may be drained", "The reservoir will not be drained"),
        ("The reservoir will be drained", "The reservoir will be drained, and no fish will die"),
        ("About 1,490 ferries crossed the strait", "1,500 ferries crossed the strait"),
        ("We will go", "We will not go"),
        (
            "The levy on ferries will be 12 percent",
            "The levy on ferries, with port fees and pilotage, will be 20 percent",
        ),
        ("I never said that the reservoir leaks", "the reservoir leaks"),
        ("Support for the levy among women is 12 percent", "Support for the levy among men is 14 percent"),
    ],
)
def test_what_may_both_hold_is_none(a, b):
    assert contradiction(said(a), said(b)) is None


def test_only_one_occasion_counts():
    a, later = "We will withdraw 12 battalions from the border", "We will withdraw 14 battalions from the border"
    same_day, next_day = contradiction(said(a), said(later)), contradiction(said(a), said(later, days=1))
    assert same_day is not None
    assert next_day is not None
    assert same_day.score > next_day.score
    assert contradiction(said(a), said(later, days=3)) is None
    assert contradiction(said(a), said(later, days=3), same_story=True) is not None
    assert contradiction(said(a), Said(later)) is None


def test_words_that_were_not_said_deny_the_claim_that_they_were():
    assert denies(said("the reservoir wall is safe"), said("The reservoir’s wall is safe.")) > 0.7
    assert denies(said("the reservoir wall is safe"), said("The reservoir's wall is not safe")) == 0
    assert denies(said("the reservoir wall is safe"), said("The wall of the old castle is safe for visitors")) == 0


@pytest.mark.parametrize(
    ("a", "b", "opposite"),
    [
        (Said("the wall leaks at the weir", denies=True), Said("the wall leaks at the weir"), True),
        (Said("the wall leaks at the weir", denies=True), Said("the wall leaks at the weir", denies=True), False),
        (Said("the wall leaks at the weir"), Said("the wall does not leak at the weir"), True),
        (Said("the wall does not leak at the weir"), Said("the wall leaks at the weir", denies=True), False),
        (Said("claims of corruption", denies=True), Said("corruption charges ruined the harbour company"), False),
    ],
)
def test_reports_of_one_claim_are_opposed_only_on_the_same_proposition(a, b, opposite):
    assert opposed(a, b) is opposed(b, a) is opposite
