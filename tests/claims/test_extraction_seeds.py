"""The two seed articles against what a careful reader marked in them (`seeds/annotations.json`)."""

import json
from pathlib import Path

import pytest

from claims.extraction import ExtractedStatement, extract

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
ANNOTATIONS = json.loads((SEEDS / "annotations.json").read_text(encoding="utf-8"))


def text_of(file: str) -> str:
    return (SEEDS / file).read_bytes().decode("utf-8")


def matches(statement: ExtractedStatement, start: int, end: int) -> bool:
    """Return whether a statement shares at least half of the shorter one's characters with a marked span."""
    first, last = statement.content[0].start, statement.content[-1].end
    common = min(last, end) - max(first, start)
    return common > 0 and 2 * common >= min(last - first, end - start)


def test_statements_of_the_seeds_are_found(capsys):
    marked = found = hit = right = named = 0
    for article in ANNOTATIONS:
        statements = extract(text_of(article["file"]))
        rows = [(row["start"], row["start"] + len(row["exact"]), row["speaker"]) for row in article["statements"]]
        marked += len(rows)
        found += len(statements)
        for start, end, speaker in rows:
            mine = [statement for statement in statements if matches(statement, start, end)]
            hit += bool(mine)
            named += any(statement.speaker == speaker for statement in mine)
        right += sum(any(matches(statement, start, end) for start, end, _ in rows) for statement in statements)
    with capsys.disabled():
        print(f"\nseeds: precision {right / found:.2f} recall {hit / marked:.2f} speaker {named / marked:.2f}")
    assert right / found >= 0.85
    assert hit / marked >= 0.85
    assert named / marked >= 0.85


def test_annotations_quote_the_seeds_exactly():
    for article in ANNOTATIONS:
        text = text_of(article["file"])
        for row in article["statements"]:
            assert text[row["start"] : row["start"] + len(row["exact"])] == row["exact"]


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


def test_captions_and_credits_of_the_seeds_are_no_statements():
    for article in ANNOTATIONS:
        text = text_of(article["file"])
        for statement in extract(text):
            content = text[statement.content[0].start : statement.content[-1].end]
            assert "AFP Photo" not in content
            assert "inputs from" not in content
            assert "Subscribe" not in content
