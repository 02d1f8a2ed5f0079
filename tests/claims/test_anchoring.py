"""Finding words again in a changed text."""

from claims.anchoring import find_again

OLD = "The mayor spoke at noon. “The dam will hold.” The ferry sails on Sundays."
WORDS = "“The dam will hold.”"
START = OLD.index(WORDS)


def found_in(new):
    return find_again(OLD, START, START + len(WORDS), new)


def test_words_that_moved_are_found():
    assert found_in("😀 Updated. " + OLD) == START + len("😀 Updated. ")


def test_words_that_are_gone_or_changed_are_not_found():
    assert found_in("Nothing of it is left.") is None
    assert found_in(OLD.replace("will hold", "may hold")) is None


def test_of_several_places_the_one_with_the_same_context_is_taken():
    assert (
        found_in(f"A quiz asked who said {WORDS} and why. {OLD}")
        == len(f"A quiz asked who said {WORDS} and why. ") + START
    )


def test_of_several_alike_places_none_is_taken():
    assert found_in(f"{OLD} {OLD}") is None
