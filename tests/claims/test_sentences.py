"""A claim's sentence: of the clearest report, in the speaker's name, to be read after it."""

import pytest

from claims.matching.sentences import LONGEST, as_sentence, clearest
from claims.models import StatementSpan
from claims.services.claims import create_claims, refresh_sentences
from tests.factories import make_article, make_claim, make_report, make_speaker, make_statement


@pytest.mark.parametrize(
    ("quotes", "best"),
    [
        # What points elsewhere, begins in the middle, or is of a few words gives way to what stands by itself.
        (["This is certainly not what the chairman was hoping to get", "The chairman hoped for more"], 1),
        (["They are behind the piece in the morning paper", "the rival campaign is behind it"], 1),
        (["to smear the attorney general before the vote", "the rival smears the attorney general"], 1),
        (["of confidence in the attorney general and his staff", "the attorney general has support"], 1),
        (["outrageous distortion", "the report is an outrageous distortion"], 1),
        # Of equals the fullest; of what is in pieces or over-long, the other.
        (["the dam will hold", "the dam will hold until spring"], 1),
        (["the dam … will certainly hold until spring", "the dam will hold"], 1),
        ([f"the dam will hold {'and hold ' * 60}", "the dam will hold"], 1),
        (["It is so.", "He will."], 0),
    ],
)
def test_the_clearest_report_gives_the_sentence(quotes, best):
    assert clearest(quotes) == best


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        ("that the dam will hold", "The dam will hold."),
        ("And the dam will hold,", "The dam will hold."),
        ("So far, the dam holds", "So far, the dam holds."),
        ("That is all", "That is all."),
        ("the words were hurtful. .", "The words were hurtful."),
        ("“there was no proof” of it", "“There was no proof” of it."),
        ("people are somehow 'false.'", "People are somehow 'false.'"),
        ("don't tolerate it among their members,'", "Don't tolerate it among their members'."),
        ('the dam holds," … "and will hold', "The dam holds … and will hold."),
        ("Is this final?", "Is this final?"),
        ("大坝会挺住", "大坝会挺住."),
    ],
)
def test_a_quote_reads_as_a_sentence(quote, sentence):
    assert as_sentence(quote) == sentence


@pytest.mark.parametrize(
    ("cue", "quote", "sentence"),
    [
        ("accused", "The council of neglect", "Accused the council of neglect."),
        ("called on", "Ghana to stay", "Called on Ghana to stay."),
        ("refused", "to resign", "Refused to resign."),
        ("said", "the dam holds", "The dam holds."),
        ("told reporters", "the dam holds", "The dam holds."),
    ],
)
def test_a_cue_that_does_more_than_say_begins_the_sentence(cue, quote, sentence):
    assert as_sentence(quote, cue=cue) == sentence


def test_what_was_denied_reads_so_with_and_without_its_verb():
    assert as_sentence("the ship was overloaded", denied=True) == "Denies that the ship was overloaded."
    assert as_sentence("charges of neglect", denied=True, cue="rejected") == "Rejected charges of neglect."


def test_an_over_long_text_is_cut_where_a_sentence_ends():
    first = "Mr. J. Roe of the U.S. Senate said that the dam would hold until the end of spring."
    text = " ".join([first, *(f"Sentence number {n} goes on about it." for n in range(40))])
    cut = as_sentence(text)
    assert cut.startswith(first)
    assert len(cut) <= LONGEST
    assert cut.endswith("goes on about it.")
    endless = "the dam holds, " * 40
    assert as_sentence(endless) == f"T{endless[1:].strip(' ,')}."


def test_marks_that_a_cut_leaves_open_are_closed():
    text = f"“The dam holds. {'It holds very well indeed. ' * 20}” he said"
    assert as_sentence(text).count("“") == as_sentence(text).count("”")


@pytest.fixture
def accusing(db):
    """Return a statement of which the article says more than its content: who is accused of what."""
    text = "Ana Silva accused the council of neglecting the dam."
    speaker = make_speaker("Ana Silva")
    statement = make_statement(
        "the council of neglecting the dam", article=make_article(text), speaker=speaker, kind="indirect"
    )
    StatementSpan.objects.create(statement=statement, role="cue", start=10, end=17)
    return statement


def test_a_claim_is_founded_and_kept_with_its_verb(accusing):
    [claim] = create_claims([accusing])
    assert claim.text == "Accused the council of neglecting the dam."
    refresh_sentences([claim])
    assert claim.text == "Accused the council of neglecting the dam."


def test_a_claim_page_reads_speaker_and_sentence(client, accusing):
    [claim] = create_claims([accusing])
    page = client.get(claim.get_absolute_url()).content.decode()
    assert "<title>Ana Silva: Accused the council of neglecting the dam." in page


def test_the_number_of_queries_for_sentences_does_not_grow(django_assert_num_queries, db):
    claims = [make_claim() for _ in range(6)]
    for claim in claims:
        make_report(claim, quote=f"Nobody doubts it. {claim.text}")
    with django_assert_num_queries(3):
        refresh_sentences(claims)
    assert all(claim.text.startswith("Nobody doubts it.") for claim in claims)
