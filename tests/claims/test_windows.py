"""Windows of words: each word once, in order, with the pieces of the encoder's vocabulary."""

import time

import pytest

from claims.extraction.pieces import FIRST, LAST, UNKNOWN, pieces, vocabulary
from claims.extraction.windows import MAX_PIECES, windows


def words(text):
    return [text[word.start : word.end] for window in windows(text) for word in window.words]


def spelled(word):
    names = {number: piece for piece, number in vocabulary().items()}
    return [names[number] for number in pieces(word)]


def test_pieces_are_the_longest_from_the_left_in_lower_case_without_accents():
    assert spelled("Embeddings") == ["em", "##bed", "##ding", "##s"]
    assert spelled("Café") == ["cafe"]


def test_all_styles_of_marks_are_read_as_typewriter_marks():
    assert pieces("“") == pieces("”") == pieces("«") == pieces('"')
    assert pieces("don’t") == pieces("don't")
    assert spelled("don’t") == ["don", "'", "t"]


@pytest.mark.parametrize("word", ["😀", "x" * 101, "\u0378"])
def test_word_that_the_vocabulary_cannot_spell_is_one_unknown_piece(word):
    assert pieces(word) == (UNKNOWN,)


def test_word_of_very_many_pieces_is_cut():
    assert 1 <= len(pieces("qzx" * 30)) <= 8


def test_windows_hold_every_word_once_and_in_order():
    paragraph = "“The dam isn’t safe,” said Maria Lopez. " * 9
    text = "\r\n\r\n".join(paragraph.strip() for _ in range(12))

    assert words(text) == [
        word
        for _ in range(12 * 9)
        for word in ["“", "The", "dam", "isn’t", "safe", ",", "”", "said", "Maria", "Lopez", "."]
    ]
    for window in windows(text):
        assert window.pieces[0] == FIRST
        assert window.pieces[-1] == LAST
        assert len(window.pieces) == len(window.shapes) == len(window.places) <= MAX_PIECES + 2
        assert len(window.words) == len(window.starts) == len(window.paragraphs)


def test_paragraph_too_long_for_a_window_is_cut_after_a_sentence():
    text = "The water rose again by night in the old town. " * 40

    found = list(windows(text))

    assert len(found) > 1
    for window in found:
        assert text[window.words[-1].start : window.words[-1].end] == "."


def test_sentence_too_long_for_a_window_is_cut_anywhere():
    text = "water and " * 1000

    assert len(words(text)) == 2000


def test_capitals_digits_and_marks_are_told_apart():
    [window] = windows("Xi met NATO in 2017 .")

    assert [window.shapes[start] for start in window.starts] == [2, 1, 3, 1, 4, 5]


def test_words_within_double_marks_are_told_and_marks_end_with_their_paragraph():
    [window] = windows('He said "it is over and left.\nThen " rain " fell.')

    places = [window.places[start] for start in window.starts]

    assert places == [0, 0, 2, 1, 1, 1, 1, 1, 1, 0, 2, 1, 3, 0, 0]


def test_offsets_are_code_points_after_emoji():
    text = "🚨🚨 Lopez said 👍🏽 no."
    [window] = windows(text)

    assert text[window.words[2].start : window.words[2].end] == "Lopez"


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u200b", "…"])
def test_text_without_words_has_no_window_or_only_marks(text):
    assert words(text) in ([], ["…"], ["\u200b"])


def test_time_grows_with_the_text():
    def seconds(length):
        started = time.process_time()
        for _ in windows("He said no, " * length):
            pass
        return time.process_time() - started

    seconds(1000)
    # The best of some: what else runs on a machine takes its caches.
    small, large = (min(seconds(length) for _ in range(3)) for length in (10_000, 40_000))

    assert large < 12 * small
