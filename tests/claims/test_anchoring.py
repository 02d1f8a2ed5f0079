"""Finding words again in a changed text, and refusing places that only look like theirs."""

import pytest

from claims.anchoring import NotFoundAgain, find_again

OLD = "The mayor spoke at noon. “The dam will hold.” The ferry sails on Sundays."
WORDS = "“The dam will hold.”"
START = OLD.index(WORDS)
FILLER = "Nobody in the valley had expected the harbour to freeze so early in the year. "


def found_in(new, *, old=OLD, words=WORDS):
    start = old.index(words)
    return find_again(old, start, start + len(words), new).start


def refused_in(new, *, old=OLD, words=WORDS):
    with pytest.raises(NotFoundAgain) as refused:
        found_in(new, old=old, words=words)
    return str(refused.value)


def test_words_that_moved_are_found():
    assert found_in("😀 Updated. " + OLD) == START + len("😀 Updated. ")
    assert found_in(FILLER * 50 + OLD + FILLER * 50) == START + len(FILLER) * 50


def test_words_that_are_gone_or_changed_are_not_found():
    assert "not in the new text" in refused_in("Nothing of it is left.")
    assert "not in the new text" in refused_in(OLD.replace("will hold", "may hold"))
    assert "not in the new text" in refused_in(OLD.replace("“The", "“the"))


def test_of_several_places_the_one_with_the_same_context_is_taken():
    quiz = f"A quiz asked who said {WORDS} and why. "
    assert found_in(quiz + OLD) == len(quiz) + START
    assert found_in(OLD + " " + quiz) == START


def test_of_several_alike_places_none_is_taken():
    assert "as likely" in refused_in(f"{OLD} {OLD}")


def test_short_words_are_not_moved_into_another_context():
    old = "Asked about the dam, Ruiz said: “No comment.” She then left for Lima with her aides."
    elsewhere = "Asked whether he had taken bribes, Lee told a court in Oslo: “No comment.” Jurors laughed at him."
    assert "another context" in refused_in(elsewhere, old=old, words="“No comment.”")


def test_one_side_of_the_context_is_enough_where_nothing_competes():
    new = "Hours later, after protests, she gave in. “The dam will hold.” The ferry sails on Sundays."
    assert found_in(new) == new.index(WORDS)


def test_many_words_are_found_though_all_around_them_changed():
    words = "“The dam will hold through the winter and the spring after it.”"
    old = OLD.replace(WORDS, words)
    new = f"{FILLER}{words} Prices of grain rose sharply."
    assert found_in(new, old=old, words=words) == len(FILLER)


def test_words_edited_where_they_stood_are_not_found_in_a_headline():
    # The sentence was softened in place; as it was, it stands in a pull quote only.
    words = "“The dam will hold through the winter and the spring after it.”"
    old = OLD.replace(WORDS, words)
    softened = old.replace("will hold through", "may hold through")
    assert "as likely" in refused_in(f"{words} {FILLER}{softened}", old=old, words=words)


def test_words_within_longer_words_are_others():
    old = "Would she stay? Yes, Ruiz said, and sat down again."
    new = "Would she stay? Yesterday, Ruiz said, and sat down again."
    assert "not in the new text" in refused_in(new, old=old, words="Yes")


def test_words_without_spaces_between_them_are_found():
    old = "市长周一表示，大坝会坚持住。渡轮周日开航。"
    assert found_in("更新：" + old, old=old, words="大坝会坚持住") == len("更新：") + old.index("大坝")


def test_a_text_that_is_all_one_quotation_is_found():
    assert found_in(WORDS, old=WORDS) == 0
    assert found_in(f"{FILLER}{WORDS}", old=WORDS) == len(FILLER)


@pytest.mark.parametrize("count", [2, 20])
def test_a_chorus_is_never_told_apart_by_nothing(count):
    refrain = "“Out with them,” the crowd shouted. "
    start = refrain.index("“Out with them,”")
    with pytest.raises(NotFoundAgain):
        find_again(refrain * count, start + len(refrain), start + len(refrain) + 16, refrain * (count + 1))
