"""Which statements carry the same claim: the pure parts."""

import pytest

from claims.matching import JOIN, Candidate, Story, assign, incompatible, rarest, score, terms
from claims.matching.score import speaker_kinship
from claims.matching.sentences import as_sentence, clearest
from claims.topics import topics_in


def score_of(a: Candidate, b: Candidate, *others: str) -> float:
    return score(a, b, Story([a.terms, b.terms, *(terms(other) for other in others)])).value


def test_countries_count_as_one_word_by_name_capital_and_demonym():
    assert terms("Paris") == terms("French") == terms("France")
    assert terms("Franco-German")[0] == terms("France")[0]


def test_lower_case_words_are_not_countries():
    assert terms("let us polish the turkey") != terms("let US Polish the Turkey")


def test_numbers_and_hyphens_do_not_hide_the_same_thing():
    assert terms("a dual-use device") == terms("two use devices")


def test_rare_words_come_first():
    assert rarest(terms("people opposed the aqueduct"))[0] == "aqueduct"


STORY = (
    "the harbour will be dredged",
    "the council met on Monday",
    "fishermen have lost their catch",
    "prices rose sharply last year",
    "the ferry needs a new engine",
)


def test_the_same_quotation_by_one_speaker_joins():
    a = Candidate("the reactor restart is a reckless gamble with public safety", "Ana Silva")
    b = Candidate("“a reckless gamble with public safety”", "Ana Silva")
    assert score_of(a, b, *STORY) > 0.9


def test_a_paraphrase_joins_and_another_matter_does_not():
    a = Candidate("the reactor must not restart before inspectors have checked the cooling pumps", "Ana Silva")
    b = Candidate("inspectors should check the reactor's cooling pumps first", "Silva")
    c = Candidate("the ferry needs a new engine", "Ana Silva")
    assert score_of(a, b, *STORY) >= JOIN > score_of(a, c, *STORY)


def test_another_speaker_lowers_the_score():
    quote = "inspectors should check the cooling pumps"
    same = score_of(Candidate(quote, "Ana Silva"), Candidate(quote, "Ana Silva"), *STORY)
    other = score_of(Candidate(quote, "Ana Silva"), Candidate(quote, "Jon Berg"), *STORY)
    assert other < same


def test_negation_lowers_the_score():
    said = Candidate("the harbour dam will hold", "Jon Berg")
    assert score_of(said, Candidate("the harbour dam will not hold", "Jon Berg")) < score_of(said, said)


def test_a_word_that_the_whole_story_uses_counts_for_little():
    a, b = Candidate("the aqueduct is leaking", "A"), Candidate("the aqueduct is beautiful", "A")
    alone = score_of(a, b, *STORY)
    everywhere = score_of(a, b, *(f"aqueduct {words}" for words in STORY))
    assert everywhere < alone


@pytest.mark.parametrize(
    ("a", "b", "kinship"),
    [
        (Candidate("", "Angela Merkel"), Candidate("", "Merkel"), "same"),
        (Candidate("", "the White House"), Candidate("", "White House"), "same"),
        (Candidate("", "Angela Merkel", "Germany"), Candidate("", "Germany"), "kindred"),
        (Candidate("", "Angela Merkel"), Candidate("", ""), "kindred"),
        (Candidate("", "Angela Merkel"), Candidate("", "Theresa May"), "different"),
        (Candidate("", "Benjamin Todd Roe"), Candidate("", "Ben Roe"), "same"),
        (Candidate("", "Dick Roe"), Candidate("", "Richard Roe"), "same"),
        (Candidate("", "Tim Roe"), Candidate("", "Tom Roe"), "different"),
    ],
)
def test_speakers_are_compared_by_name_and_by_whom_they_speak_for(a, b, kinship):
    assert speaker_kinship(a, b) == speaker_kinship(b, a) == kinship


def test_what_only_names_a_subject_is_no_claim():
    assert Candidate("French relations").names_a_subject_only
    assert not Candidate("French relations have never been better").names_a_subject_only
    assert Candidate("to appear there").names_a_subject_only
    assert Candidate("They would.").names_a_subject_only
    assert not Candidate("“She is not welcome in France”").names_a_subject_only


def test_assignment_takes_what_is_likeliest_together_rather_than_the_nearest_pair():
    links = {(0, 0): 0.8, (0, 1): 0.7, (1, 0): 0.75}
    assert assign(links) == [(0, 1), (1, 0)]


def test_two_doubtful_pairs_do_not_break_up_one_that_is_sure():
    links = {(0, 0): 0.98, (0, 1): 0.6, (1, 0): 0.6}
    assert assign(links) == [(0, 0)]


def test_assignment_uses_only_pairs_that_are_linked():
    assert assign({(3, 5): 0.5}) == [(3, 5)]
    assert assign({}) == []


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        ("“the dam will hold,”", "The dam will hold."),
        ('"the dam will hold', "The dam will hold."),
        ('the dam is "a disgrace,"', 'The dam is "a disgrace".'),
        ("the dam\n\nwill hold;", "The dam will hold."),
        ("Will it hold?", "Will it hold?"),
        ("the dam will hold....", "The dam will hold."),
        ("the dam is a “disgrace”—i.e.", "The dam is a “disgrace”."),
        ("“", "“"),
    ],
)
def test_a_quote_becomes_a_sentence(quote, sentence):
    assert as_sentence(quote) == sentence


@pytest.mark.parametrize(
    ("quotes", "best"),
    [
        (["he is sure that it will", "the dam will hold"], 1),
        (["the dam will hold", "the dam will hold until spring"], 1),
        (["the dam … will hold until spring", "the dam will hold"], 1),
        (["will hold", "it will certainly hold"], 1),
    ],
)
def test_the_clearest_quote_is_the_fullest_that_needs_no_context(quotes, best):
    assert clearest(quotes) == best


def test_topics_are_found_by_whole_words_with_any_hyphen():
    keywords = {1: ["two-track"], 2: ["rail"], 3: ["", "Ölpreis"]}
    assert topics_in(["A two track plan", "der ölpreis", "derailed"], keywords) == {1: "two-track", 3: "Ölpreis"}


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        (Candidate("it is so", "Ann Lee"), Candidate("it is so", "Bob Roe"), True),
        (Candidate("it is so", "Ann Lee"), Candidate("it is so", "Tom Lee"), True),
        (Candidate("it is so", "Ann Lee"), Candidate("it is so", "Lee"), False),
        (Candidate("it is so", "Benjamin T. Roe"), Candidate("it is so", "Ben Roe"), False),
        (Candidate("it is so", "Bill Roe"), Candidate("it is so", "William Roe"), False),
        (Candidate("it is so", "J. Roe"), Candidate("it is so", "John Roe"), False),
        (Candidate("it is so", "Jo Roe"), Candidate("it is so", "John Roe"), True),
        (Candidate("it is so", "Bill Roe"), Candidate("it is so", "Bob Roe"), True),
        (Candidate("it is so", "harbour pilots"), Candidate("it is so", "harbour workers"), False),
        (Candidate("it is so", "Ministry of Health"), Candidate("it is so", "Ministry of Defence"), True),
        (Candidate("it is so", "Ann Lee"), Candidate("it is so", "Harbour Workers Union"), False),
        (Candidate("it is so", "Ann Lee"), Candidate("it is so", ""), False),
        (Candidate("it cost two million"), Candidate("it cost 1 million"), True),
        (Candidate("it cost two million"), Candidate("it cost 2 million and more"), False),
        (Candidate("it cost two million"), Candidate("it cost millions"), False),
    ],
)
def test_two_people_and_other_numbers_are_no_one_claim(a, b, apart):
    assert incompatible(a, b) is incompatible(b, a) is apart


def test_a_denied_sentence_says_so():
    assert as_sentence("The ship was overloaded", denied=True) == "Denies that the ship was overloaded."
    assert as_sentence("Ann Lee was aboard", denied=True) == "Denies that Ann Lee was aboard."
