"""Reports joined from cues, quotation marks and layout: spans stay apart, whatever the text looks like."""

import random
import time
from itertools import pairwise

import pytest

from claims.extraction import extract, tagger
from claims.extraction.pieces import _pieces, pieces
from claims.extraction.reports import Page
from claims.extraction.transcripts import turns
from claims.extraction.windows import MAX_PIECES, windows


def cut(text, spans):
    return [text[span.start : span.end] for span in spans]


def touching(one, other):
    return one.start < other.end and other.start < one.end


def faults(text, **options):
    found: list[tuple[str, object]] = []
    statements = extract(text, **options)
    for statement in statements:
        for spans in (statement.content, statement.cue, statement.source):
            found += [("bounds", span) for span in spans if not 0 <= span.start < span.end <= len(text)]
            found += [("order", span) for before, span in pairwise(spans) if span.start < before.end]
        for part in statement.content:
            words = text[part.start : part.end]
            if words != words.strip() or not any(map(str.isalnum, words)):
                found.append(("no words", words))
            found += [("told within", words) for other in statement.cue + statement.source if touching(part, other)]
        if not statement.content:
            found.append(("empty", statement))
    starts = [statement.content[0].start for statement in statements]
    return found if starts == sorted(starts) else [*found, ("order", starts)]


PARTS = (
    *("“", "”", '"', "'", " said ", " Lopez ", " Reed ", "the dam broke", ", ", ". ", "\n", "\n\n", " that ", " she "),
    *(": ", "Q: ", "LOPEZ: ", "told Reuters ", " according to Reuters", "In addition, ", " — ", "(APPLAUSE)", "😀"),
    *("The mayor ", " denied ", "Lopez's statement ", " reported by AP ", " and that ", " talked with reporters "),
    *('6" ', "\u2028", "\r\n", "The river rose and the school was closed today"),
)


@pytest.mark.parametrize("split", [True, False])
@pytest.mark.parametrize("seed", [34, 101, 147, 155, 310, 362, 365, 642])
def test_spans_of_a_statement_hold_words_and_keep_apart_in_shuffled_text(seed, split):
    chance = random.Random(seed)
    text = "".join(chance.choice(PARTS) for _ in range(chance.randint(5, 60)))
    assert faults(text, split_sentences=split) == []


@pytest.mark.parametrize(
    "text",
    [
        '"The dam will break in the end," said "Fast" Eddie Lopez.',
        "“The dam will break in the end,” said “Fast Eddie” Lopez. “It is true.”",
    ],
)
def test_a_nickname_in_quotation_marks_is_not_what_was_said(text):
    statements = extract(text)
    assert "The dam will break in the end" in cut(text, statements[0].content)[0]
    assert faults(text) == []
    assert all("Fast" not in part for statement in statements for part in cut(text, statement.content))


# Transcripts

TALK = "WALLACE: Thank you.\nLOPEZ: I came at noon.\n(APPLAUSE)\nThe dam broke.\nWALLACE: You did.\nLOPEZ: Yes."


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028", "\u2029"])
def test_turns_are_told_whatever_ends_their_lines(line_end):
    text = TALK.replace("\n", line_end)
    assert [(cut(text, [turn.label]), cut(text, turn.content)) for turn in turns(text)] == [
        (["WALLACE"], ["Thank you."]),
        (["LOPEZ"], ["I came at noon.", "The dam broke."]),
        (["WALLACE"], ["You did."]),
        (["LOPEZ"], ["Yes."]),
    ]


def test_a_label_does_not_begin_in_the_line_above():
    text = "Dam Holds\nWALLACE: Thank you.\nLOPEZ: I came.\nSenate Floor\nWALLACE: You did.\nLOPEZ: Yes."
    assert [text[turn.label.start : turn.label.end] for turn in turns(text)] == ["WALLACE", "LOPEZ", "WALLACE", "LOPEZ"]


def test_a_turn_that_reads_as_a_headline_is_told_once():
    text = "MARIA LOPEZ: The dam broke\nTOM REED: It did not\nMARIA LOPEZ: It broke on Monday\nTOM REED: Never"
    assert [cut(text, statement.content) for statement in extract(text)] == [
        ["The dam broke"],
        ["It did not"],
        ["It broke on Monday"],
        ["Never"],
    ]


# Windows and pieces


def test_no_part_of_a_paragraph_exceeds_a_window():
    long_word = "antidisestablishmentarianistically"
    assert len(pieces(long_word)) > 4
    text = "Go. " + "dam " * (MAX_PIECES - 2 - 1) + f"{long_word} " + "dam " * 40
    found = list(windows(text))
    assert max(len(window.pieces) for window in found) <= MAX_PIECES + 2
    assert sum(len(window) for window in found) == len(text.split()) + 1


def test_words_too_long_to_be_words_are_not_kept():
    before = _pieces.cache_info().currsize
    assert pieces("x" * 100_000) == pieces("y" * 100_001)
    assert _pieces.cache_info().currsize == before


# Time


def turn_text(count):
    return "".join(f"{'LOPEZ' if number % 2 else 'REED'}: the dam {number} broke.\n" for number in range(count))


def connective_text(count):
    return "Lopez said the dam broke. The river rose.\n" + "In addition, the dam rose.\n" * count


def quotation_text(count):
    return "".join(f"“The dam number {number} broke today in the town.”\n" for number in range(count))


def one_line(count):
    return "The river rose high. " * count


@pytest.mark.parametrize(
    ("made", "count"), [(turn_text, 1000), (connective_text, 3000), (quotation_text, 2000), (one_line, 5000)]
)
def test_twice_the_text_takes_about_twice_the_time_beside_the_network(made, count, monkeypatch):
    real = tagger.tag

    def first_words(text, paragraphs=None):
        list(paragraphs or ())
        return real(text[:200])

    monkeypatch.setattr(tagger, "tag", first_words)
    extract(made(10))

    def seconds(size):
        text = made(size)
        start = time.process_time()
        extract(text)
        return time.process_time() - start

    small, large = (min(seconds(size) for _ in range(3)) for size in (count, 2 * count))
    assert large < 3.2 * small + 0.05


def test_paragraphs_of_one_long_line_hold_it_once_and_in_order():
    text = "The river rose high. " * 2000
    found = list(Page(text).paragraphs())
    assert found[0].start == 0
    assert found[-1].end == len(text.rstrip())
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(not text[before.end : after.start].strip() for before, after in pairwise(found))
