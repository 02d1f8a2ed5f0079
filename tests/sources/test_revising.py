"""How two texts of an article differ, word by word."""

import random
import time

import pytest

from sources import revising
from sources.revising import compare, folded, paragraph_bounds, tokens

SIGNS = {"same": "{}", "added": "+[{}]", "removed": "-[{}]"}


def told(old, new):
    return [
        "".join(SIGNS[piece.change].format(piece.text) for piece in paragraph.pieces)
        for paragraph in compare(old, new).paragraphs
    ]


def words_of(comparison, without):
    pieces = (piece for paragraph in comparison.paragraphs for piece in paragraph.pieces)
    return [word for piece in pieces if piece.change != without and piece.text != "¶" for word in tokens(piece.text)]


def test_a_changed_word_is_shown_in_its_sentence():
    assert told("She said: “The dam will hold.”", "She said: “The dam may hold.”") == [
        "She said: “The dam -[will ]+[may ]hold.”"
    ]


def test_paragraphs_that_stay_are_aligned_around_those_that_come_and_go():
    old = "The rain fell.\nThe mayor spoke.\nNobody left."
    new = "The rain fell.\nA bridge closed.\nThe mayor spoke."
    assert told(old, new) == ["The rain fell.", "+[A bridge closed.]", "The mayor spoke.", "-[Nobody left.]"]
    assert [paragraph.change for paragraph in compare(old, new).paragraphs] == ["same", "added", "same", "removed"]


def test_a_paragraph_added_after_a_changed_one_has_its_own_end():
    assert told("The dam will hold.\nEnd.", "The dam may hold.\nA new line.\nEnd.") == [
        "The dam -[will ]+[may ]hold.",
        "+[A new line.]",
        "End.",
    ]


def test_a_paragraph_that_is_broken_up_or_joined_keeps_its_words():
    whole, broken = "One two three. Four five six.", "One two three.\nFour five six."
    assert told(whole, broken) == ["One two three.+[¶]", "Four five six."]
    assert told(broken, whole) == ["One two three. -[¶]", "Four five six."]
    assert compare(whole, broken).added == 0


def test_spaces_and_line_ends_within_paragraphs_count_for_nothing():
    comparison = compare("One two\nthree.\n\nFour  five.", "One two three.\n\nFour five.\n")
    assert comparison.same
    assert (comparison.added, comparison.removed) == (0, 0)


def test_scripts_without_spaces_are_compared_by_character():
    assert told("今天天气很好。", "今天天气不好。") == ["今天天气-[很]+[不]好。"]


def test_stray_common_words_do_not_cut_up_a_new_sentence():
    old = "Officials in the capital refused to comment on Monday evening."
    new = "Rescue teams from Norway reached the village before anyone else."
    (line,) = told(old, new)
    assert line == f"-[{old[:-1]}]+[{new[:-1]}]."


@pytest.mark.parametrize(("old", "new"), [("", ""), ("", "New."), ("Old.", ""), ("\n \n", "A"), ("a\n\n\nb", "b\n\na")])
def test_texts_without_much_in_them_are_compared(old, new):
    comparison = compare(old, new)
    assert words_of(comparison, "added") == tokens(old)
    assert words_of(comparison, "removed") == tokens(new)


def test_paragraphs_are_parted_by_blank_lines_or_else_by_line_ends():
    def paragraphs(text):
        return [text[start:end] for start, end in paragraph_bounds(text)]

    assert paragraphs(" A\nb\n\n \n C ") == ["A\nb", "C"]
    assert paragraphs("A\nb\r\nC\n") == ["A", "b", "C"]
    assert paragraphs(" \n ") == []


def make_text(words, *, line, seed=1):
    source = random.Random(seed)
    written = [f"w{source.randrange(4000)}" for _ in range(words)]
    return "\n".join(" ".join(written[at : at + line]) + "." for at in range(0, words, line))


def changed(text, share, *, seed=2):
    source = random.Random(seed)
    return " ".join(f"x{n}" if source.random() < share else word for n, word in enumerate(text.split(" ")))


@pytest.mark.parametrize("line", [40, 3000])
@pytest.mark.parametrize("share", [0.02, 0.4])
def test_no_word_is_lost_whatever_changes(line, share, monkeypatch):
    # As small as this, tables are parted at runs that both texts have once.
    monkeypatch.setattr(revising, "MOST_CELLS", 10_000)
    old = make_text(3000, line=line)
    new = changed(old, share)
    comparison = compare(old, new)
    assert words_of(comparison, "added") == tokens(old)
    assert words_of(comparison, "removed") == tokens(new)
    assert comparison.added <= 3000 * share * 2.5


def test_a_small_change_in_a_long_text_is_all_that_is_marked():
    old = make_text(80_000, line=80_000)
    place = old.index(" ", len(old) // 2)
    comparison = compare(old, f"{old[:place]} indeed{old[place:]}")
    assert (comparison.added, comparison.removed) == (1, 0)


def test_half_a_megabyte_is_compared_in_about_the_time_of_reading_its_words_a_few_times():
    old = make_text(90_000, line=60)
    assert len(old) > 500_000
    new = changed(old, 0.02)
    began = time.process_time()
    for _ in range(5):
        tokens(old), tokens(new)
    reading = (time.process_time() - began) / 5
    began = time.process_time()
    comparison = compare(old, new)
    folded(comparison)
    # In the time of the same process, so that a busy machine changes nothing.
    assert time.process_time() - began < 15 * reading
    assert 1500 < comparison.added < 2500


def test_what_is_far_from_a_change_is_folded():
    lines = [f"Line {number} of a text that goes on and on without much news in it." for number in range(60)]
    old = "\n".join(lines)
    new = old.replace("Line 30 of", "Line thirty of")
    stretches = folded(compare(old, new))
    assert [(stretch.folded, len(stretch.paragraphs)) for stretch in stretches] == [
        (True, 29),
        (False, 1),
        (False, 1),
        (False, 1),
        (True, 28),
    ]


def test_a_long_paragraph_is_folded_between_its_changes_and_loses_nothing():
    middle = " ".join(f"word{number}" for number in range(800))
    old, new = f"One two. {middle} Three four.", f"One too. {middle} Three five."
    (stretch,) = folded(compare(old, new))
    (paragraph,) = stretch.paragraphs
    assert [piece.folded for piece in paragraph.pieces].count(True) == 1
    assert "".join(piece.text for piece in paragraph.pieces if piece.change != "removed") == new
    assert len("".join(piece.text for piece in paragraph.pieces if not piece.folded)) < 1000
