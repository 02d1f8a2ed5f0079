"""What a cue tells: its head, its act, and whether it was said at all. Invented sentences."""

import time

import pytest

from claims.extraction import standing
from claims.extraction.inflections import forms, lemma
from claims.extraction.spans import Span


def tell(text: str, source: str, cue: str, content: str = "the dam") -> standing.Standing:
    """Return what the cue tells; parts of a cue are separated by "|", "" is no source."""
    spans = [Span(text.index(part), text.index(part) + len(part)) for part in cue.split("|")]
    sources = [Span(text.index(source), text.index(source) + len(source))] if source else []
    contents = [Span(text.index(content), len(text.rstrip(".?!")))] if content in text else []
    return standing.of(text, spans, sources, contents, 0)


def of_cue(cue: str) -> standing.Standing:
    return tell(f"Lopez {cue} the dam.", "Lopez", cue)


# Heads


@pytest.mark.parametrize(
    ("cue", "head"),
    [
        ("said", "say"),
        ("has repeatedly said", "say"),
        ("said in an interview", "say"),
        ("went on to say", "say"),
        ("continued", "continue"),
        ("told", "tell"),
        ("is denying", "deny"),
        ("implied", "imply"),
        ("noted", "note"),
        ("hoped", "hope"),
        ("argues", "argue"),
        ("stresses", "stress"),
        ("tweeted", "tweet"),
        ("wrote", "write"),
        ("according to", "according to"),
        ("expressed hope for", "hope"),
        ("issued a statement about", "statement"),
        ("declined to comment on", "comment"),
        ("doesn’t believe", "believe"),
        ("sharply criticized", "criticize"),
        ("have been calling for", "call"),
        (":", "say"),
    ],
)
def test_head_is_the_word_that_tells(cue, head):
    assert of_cue(cue).lemma == head


@pytest.mark.parametrize("verb", ["say", "tell", "deny", "argue", "admit", "stress", "cry", "quip", "note", "reply"])
def test_every_form_of_a_verb_has_its_lemma(verb):
    assert {lemma(form) for form in forms(verb)} == {verb}


@pytest.mark.parametrize(
    ("cue", "act"),
    [
        ("said", "speech"),
        ("tweeted", "writing"),
        ("wrote", "writing"),
        ("hopes", "attitude"),
        ("believes", "attitude"),
        ("expressed hope for", "speech"),
        ("voiced fear of", "speech"),
    ],
)
def test_act_follows_the_head(cue, act):
    assert of_cue(cue).act == act


@pytest.mark.parametrize("cue", ["denied", "has rejected", "is disputing", "dismissed"])
def test_denying_cue_turns_its_content_down(cue):
    found = of_cue(cue)

    assert (found.denies, found.told) == (True, "told")


def test_no_cue_is_plain_speech():
    assert standing.of("“Yes.”", []) == standing.Standing("say", "speech", "told", False, False, False)


# Open


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("If Maria Lopez says the dam is safe, the town will stay.", "Maria Lopez", "says"),
        ("The town will stay if Maria Lopez says that the dam is safe.", "Maria Lopez", "says"),
        ("The town will stay if the mayor says that the dam is safe.", "mayor", "says"),
        ("Unless Maria Lopez says the dam is safe, the town will leave.", "Maria Lopez", "says"),
        ("It is unclear whether Maria Lopez said the dam is safe.", "Maria Lopez", "said"),
        ("Had Maria Lopez said that the dam was safe, the town would have stayed.", "Maria Lopez", "said"),
        ('If Maria Lopez says "the dam is safe," the town will stay.', "Maria Lopez", "says"),
        ("Did Maria Lopez say the dam is safe?", "Maria Lopez", "say"),
        ("Did Maria Lopez say the dam is safe?", "Maria Lopez", "Did|say"),
        ("Why did Maria Lopez say the dam was safe?", "Maria Lopez", "say"),
        ("Has Maria Lopez ever said the dam is safe?", "Maria Lopez", "said"),
        ("Who said the dam is safe?", "Who", "said"),
        ("It is not true that Maria Lopez said the dam is safe.", "Maria Lopez", "said"),
        ("It is false that Maria Lopez said the dam is safe.", "Maria Lopez", "said"),
        ("It was untrue that Maria Lopez said the dam was safe.", "Maria Lopez", "said"),
        ("It isn't the case that Maria Lopez said the dam was safe.", "Maria Lopez", "said"),
        ("There is no evidence that Maria Lopez said the dam is safe.", "Maria Lopez", "said"),
        ("Dan Vega denied that Maria Lopez said the dam was safe.", "Maria Lopez", "said"),
        ("Dan Vega refused to say that Maria Lopez said the dam was safe.", "Maria Lopez", "said"),
        ("Dan Vega did not think that Maria Lopez said the dam was safe.", "Maria Lopez", "said"),
        ("Maria Lopez left without saying the dam was safe.", "Maria Lopez", "without saying"),
        ("Maria Lopez would say that the dam is safe.", "Maria Lopez", "would say"),
        ("Maria Lopez could say that the dam is safe.", "Maria Lopez", "say"),
        ("Maria Lopez might say that the dam is safe.", "Maria Lopez", "say"),
        ("Maria Lopez should say that the dam is safe.", "Maria Lopez", "should say"),
        ("She'd say the dam was safe.", "She", "say"),
    ],
)
def test_what_nobody_tells_was_said_is_open(text, source, cue):
    assert tell(text, source, cue).told == "open"


# Told


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("Maria Lopez said that the dam was safe.", "Maria Lopez", "said"),
        ("It is true that Maria Lopez said the dam was safe.", "Maria Lopez", "said"),
        ("Maria Lopez will say on Monday that the dam was safe.", "Maria Lopez", "will say"),
        ("Maria Lopez would later say that the dam was safe.", "Maria Lopez", "would later say"),
        ("Not only did Maria Lopez say that the dam was safe.", "Maria Lopez", "say"),
        ("If you ask Maria Lopez, she says the dam was safe.", "she", "says"),
        ("She'd said the dam was safe.", "She", "said"),
        ("I should say that the dam was safe.", "I", "should say"),
        ("Dan Vega said that Maria Lopez said the dam was safe.", "Maria Lopez", "said"),
        ("Maria Lopez told the town not to wait and said the dam was safe.", "Maria Lopez", "said"),
        ("Maria Lopez, who was not at home, said the dam was safe.", "Maria Lopez", "said"),
        ("Maria Lopez would like the dam.", "Maria Lopez", "would like"),
        ("On May 3 Maria Lopez said the dam was safe.", "Maria Lopez", "said"),
        ("Maria Lopez went on, as if she did not hear, the dam.", "Maria Lopez", "went on, as if she did not hear"),
    ],
)
def test_what_only_looks_like_a_condition_was_said(text, source, cue):
    found = tell(text, source, cue)

    assert (found.told, found.negated) == ("told", False)


def test_condition_in_the_content_bears_on_no_cue():
    text = "If the rain stops, Maria Lopez said, the dam will hold."
    content = [Span(0, 17), Span(37, 54)]

    assert standing.of(text, [Span(31, 35)], [Span(19, 30)], content, 0).told == "told"


# Untold


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("Maria Lopez did not say that the dam was safe.", "Maria Lopez", "did not say"),
        ("Maria Lopez did not say that the dam was safe.", "Maria Lopez", "say"),
        ("Maria Lopez didn’t say that the dam was safe.", "Maria Lopez", "didn’t say"),
        ("Maria Lopez never said that the dam was safe.", "Maria Lopez", "said"),
        ("Maria Lopez refused to say whether the dam was safe.", "Maria Lopez", "refused to say"),
        ("Maria Lopez declined to say whether the dam was safe.", "Maria Lopez", "declined"),
        ("Maria Lopez declined to comment on the dam.", "Maria Lopez", "declined to comment"),
        ("Maria Lopez failed to mention the dam.", "Maria Lopez", "failed to mention"),
        ("Maria Lopez would not say whether the dam was safe.", "Maria Lopez", "would not say"),
        ("Nor did Maria Lopez say that the dam was safe.", "Maria Lopez", "say"),
        ("Nobody said that the dam was safe.", "Nobody", "said"),
        ("No engineer said that the dam was safe.", "No engineer", "said"),
        ("None of the engineers said that the dam was safe.", "None of the engineers", "said"),
        ("Maria Lopez no longer says that the dam is safe.", "Maria Lopez", "says"),
    ],
)
def test_what_was_withheld_is_untold_and_negated(text, source, cue):
    found = tell(text, source, cue)

    assert (found.told, found.negated) == ("untold", True)


# Hedges


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("Maria Lopez reportedly said the dam was safe.", "said"),
        ("Maria Lopez reportedly said the dam was safe.", "reportedly said"),
        ("Maria Lopez said, allegedly, the dam was safe.", "said, allegedly"),
        ("Maria Lopez has supposedly called the dam safe.", "called"),
    ],
)
def test_article_keeps_its_distance(text, cue):
    assert tell(text, "Maria Lopez", cue).hedged


def test_plain_cue_is_not_hedged():
    assert not of_cue("said").hedged


# Size


@pytest.mark.parametrize("unit", ["not ", "a", "if ", ", and ", "X said ", "“"])
def test_endless_line_is_read_in_time(unit):
    text = unit * (1_000_000 // len(unit))
    middle, end = len(text) // 2, len(text)
    started = time.process_time()
    for _ in range(20):
        standing.of(text, [Span(middle, end)], [Span(0, middle)], [], 0)
        standing.of(text, [Span(middle, middle + 4)], [], [Span(middle + 5, end)], 0)

    assert time.process_time() - started < 2
