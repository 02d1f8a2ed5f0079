"""The statements of the seed articles that make their shared claims."""

from pathlib import Path

import pytest

from claims.extraction import extract

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def text_of(file: str) -> str:
    return (SEEDS / file).read_bytes().decode("utf-8")


@pytest.mark.parametrize(
    ("file", "words", "speaker"),
    [
        ("cgtn-2017-07-03.txt", "threat to strategic security interests", "Xi Jinping"),
        ("cgtn-2017-07-03.txt", "jointly or individually", "Xi Jinping"),
        ("cgtn-2017-07-03.txt", "a dual-track approach", "China"),
        ("cgtn-2017-07-03.txt", "best time in history,", "Xi Jinping"),
        ("cgtn-2017-07-03.txt", "most trustworthy strategic partners", "Xi Jinping"),
        ("cgtn-2017-07-03.txt", "good working relations", "Xi Jinping"),
        ("cgtn-2017-07-03.txt", "inject new impetus", "Xi Jinping"),
        ("cgtn-2017-07-03.txt", "alignment of the China-proposed", "Xi Jinping"),
        ("cgtn-2017-07-03.txt", "energy, trade, investment, high technology", "Xi Jinping"),
        ("eir-2017-07-03.txt", "does serious damage", "Xi Jinping"),
        ("eir-2017-07-03.txt", "on their own.", "Xi Jinping"),
        ("eir-2017-07-03.txt", "a two-track approach", "Xi Jinping"),
        ("eir-2017-07-03.txt", "the best time in their history", "Xi Jinping"),
        ("eir-2017-07-03.txt", "most trustworthy strategic partners", "Xi Jinping"),
        ("eir-2017-07-03.txt", "good working relations", "Xi Jinping"),
        ("eir-2017-07-03.txt", "inject new impetus", "Xi Jinping"),
        ("eir-2017-07-03.txt", "efforts are underway", "Xi Jinping"),
    ],
)
def test_shared_claims_have_their_statement_and_speaker(file, words, speaker):
    text = text_of(file)

    assert any(
        statement.speaker == speaker
        for statement in extract(text)
        if any(words in text[span.start : span.end] for span in statement.content)
    )


def test_relays_of_the_strategic_partners_are_the_three_outlets():
    text = text_of("eir-2017-07-03.txt")

    statement = next(s for s in extract(text) if "trustworthy" in text[s.content[0].start : s.content[-1].end])

    assert [relay.name for relay in statement.relays] == ["TASS", "Rossiyskya Gazeta", "Xinhua"]


@pytest.mark.parametrize("file", ["cgtn-2017-07-03.txt", "eir-2017-07-03.txt"])
def test_captions_and_credits_of_the_seeds_are_no_statements(file):
    text = text_of(file)

    for statement in extract(text):
        content = text[statement.content[0].start : statement.content[-1].end]
        assert "AFP Photo" not in content
        assert "inputs from" not in content
        assert "Subscribe" not in content
