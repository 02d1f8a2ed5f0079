"""What counts as said: conditions, questions, denied reports and captions make no statements. Invented sentences."""

import pytest

from claims.extraction import extract

PLAIN = "Maria Lopez said that the dam was safe."


def contents(text: str) -> list[str]:
    return [" | ".join(text[span.start : span.end] for span in statement.content) for statement in extract(text)]


@pytest.mark.parametrize(
    "text",
    [
        "If Maria Lopez says the dam is safe, the town will stay.",
        "The town will stay if Maria Lopez says that the dam is safe.",
        "Unless Maria Lopez says the dam is safe, the town will leave.",
        "It is unclear whether Maria Lopez said the dam is safe.",
        "Had Maria Lopez said that the dam was safe, the town would have stayed.",
        'If Maria Lopez says "the dam is safe," the town will stay.',
    ],
)
def test_what_stands_under_a_condition_was_not_said(text):
    assert contents(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Did Maria Lopez say the dam is safe?",
        "Why did Maria Lopez say the dam was safe?",
        "Has Maria Lopez ever said the dam is safe?",
        'Did Maria Lopez say "the dam is safe and sound for a century"?',
    ],
)
def test_what_is_asked_was_not_said(text):
    assert contents(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "It is not true that Maria Lopez said the dam is safe.",
        "It is false that Maria Lopez said the dam is safe.",
        "It was untrue that Maria Lopez said the dam was safe.",
        "It isn't the case that Maria Lopez said the dam was safe.",
        "There is no evidence that Maria Lopez said the dam is safe.",
        'It is not true that Maria Lopez said "the dam is safe and sound for a century."',
    ],
)
def test_what_the_article_calls_untrue_was_not_said(text):
    assert contents(text) == []


@pytest.mark.parametrize("modal", ["would", "could", "might", "should"])
def test_what_someone_would_say_was_not_said(modal):
    assert contents(f"Maria Lopez {modal} say that the dam is safe.") == []


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "It is true that Maria Lopez said the dam was safe.",
        "Maria Lopez will say on Monday that the dam was safe.",
        "Maria Lopez would later say that the dam was safe.",
        "Not only did Maria Lopez say that the dam was safe.",
        "If you ask Maria Lopez, she says the dam was safe.",
    ],
)
def test_what_only_looks_like_a_condition_was_said(text):
    statements = extract(text)

    assert [text[s.content[0].start : s.content[-1].end] for s in statements] == ["the dam was safe"]
    assert not statements[0].negated


@pytest.mark.parametrize(
    "text",
    [
        "Maria Lopez refused to say whether the dam was safe.",
        "Maria Lopez declined to say whether the dam was safe.",
        "Maria Lopez would not say whether the dam was safe.",
        "Nor did Maria Lopez say that the dam was safe.",
        "Nobody said that the dam was safe.",
    ],
)
def test_what_was_withheld_is_negated(text):
    statements = extract(text)

    assert [statement.negated for statement in statements] == [True]


def test_condition_before_a_cue_between_commas_is_part_of_what_was_said():
    assert contents("If the rain stops, Maria Lopez said, the dam will hold.") == [
        "If the rain stops | the dam will hold"
    ]


def test_what_someone_was_asked_is_not_theirs():
    text = "When asked if the dam was safe, Maria Lopez said it would hold."

    assert {s.speaker for s in extract(text) if "if the dam" in text[s.content[0].start : s.content[0].end]} <= {""}


@pytest.mark.parametrize(
    "caption",
    [
        'Photo: Maria Lopez says "Goodbye" (AFP.',
        "Maria Lopez says the dam is safe (AFP)",
        "Maria Lopez says the dam is safe. (Reuters)",
        "File photo: Maria Lopez says the dam is safe.",
        "(File) Photo: Maria Lopez says the dam is safe.",
        "Picture: Maria Lopez says the dam is safe.",
        "Image: Maria Lopez says the dam is safe.",
        "Maria Lopez says the dam is safe. /AFP Photo",
        "Maria Lopez says the dam is safe. (AP Photo/Jane Doe)",
        "Maria Lopez says the dam is safe. Jane Doe/Getty Images",
    ],
)
def test_captions_make_no_statements(caption):
    assert contents(f"{PLAIN}\n\n{caption}") == ["the dam was safe"]


def test_paragraph_with_an_agency_at_its_end_is_prose():
    assert len(contents(f"{PLAIN} The town will stay, she said. (AFP)")) == 2


def test_company_of_pictures_may_be_spoken_of():
    text = (
        "Maria Lopez said Getty Images had sued the valley over its pictures, and would lose in the courts of the land."
    )

    assert contents(text)
