"""Statements: cues, contents, kinds and confidence. One rule a test, in invented sentences."""

import resource
import time

import pytest

from claims.extraction import ExtractedStatement, Span, extract
from claims.extraction.propositions import propositions


def said(text: str, statement: ExtractedStatement) -> str:
    return " | ".join(text[span.start : span.end] for span in statement.content)


def contents(text: str, **options: object) -> list[str]:
    return [said(text, statement) for statement in extract(text, **options)]


def only(text: str, **options: object) -> ExtractedStatement:
    found = extract(text, **options)
    assert len(found) == 1, contents(text, **options)
    return found[0]


# Forms of attribution


def test_quotation_before_its_cue_is_direct():
    text = '"The dam will hold through the winter," said Maria Lopez.'

    statement = only(text)

    assert said(text, statement) == '"The dam will hold through the winter,"'
    assert (statement.kind, statement.speaker) == ("direct", "Maria Lopez")
    assert [text[cue.start : cue.end] for cue in statement.cue] == ["said"]


def test_quotation_after_a_colon_is_direct():
    text = 'Maria Lopez said: "The dam will hold through the winter."'

    assert said(text, only(text)) == '"The dam will hold through the winter."'


def test_quoted_words_in_a_reported_clause_make_it_mixed():
    text = 'Maria Lopez said the dam is "a danger to every village" in the valley.'

    statement = only(text)

    assert said(text, statement) == 'the dam is "a danger to every village" in the valley'
    assert statement.kind == "mixed"


@pytest.mark.parametrize("verb", ["said", "warned", "insisted", "predicted", "emphasized"])
def test_reported_clause_is_indirect_and_starts_after_that(verb):
    text = f"Maria Lopez {verb} that the dam would fail."

    statement = only(text)

    assert said(text, statement) == "the dam would fail"
    assert statement.kind == "indirect"


def test_according_to_reports_the_rest_of_its_sentence():
    text = "The dam was built without a permit, according to Maria Lopez."

    statement = only(text)

    assert said(text, statement) == "The dam was built without a permit"
    assert statement.speaker == "Maria Lopez"


def test_call_for_something_is_a_statement():
    text = "Maria Lopez called for an independent inquiry into the accident."

    assert said(text, only(text)) == "an independent inquiry into the accident"


def test_cue_between_commas_parts_the_content_in_two_spans():
    text = "The dam, Maria Lopez said, was built without a permit."

    statement = only(text)

    assert said(text, statement) == "The dam | was built without a permit"


def test_participle_takes_the_subject_of_its_clause():
    text = "Maria Lopez praised the engineers on Monday, saying they had saved the town."

    found = {said(text, statement): statement.speaker for statement in extract(text)}

    assert found["they had saved the town"] == "Maria Lopez"


def test_relative_clause_with_a_speaker_is_a_statement():
    text = "Maria Lopez opened the bridge, which she said would bring new trade to the region."

    statement = next(s for s in extract(text) if "new trade" in said(text, s))

    assert said(text, statement) == "would bring new trade to the region"
    assert statement.speaker == "Maria Lopez"


def test_noun_with_an_aside_reports_both_clauses_with_its_relays():
    text = (
        "Most striking was Lopez's statement, reported by Reuters, Valley Gazette, and Interfax, among others, that "
        '"the two towns are close friends," and that they have signed a treaty. Maria Lopez left early.'
    )

    found = extract(text)

    assert [said(text, statement) for statement in found] == [
        '"the two towns are close friends,"',
        "they have signed a treaty",
    ]
    assert {statement.speaker for statement in found} == {"Maria Lopez"}
    assert all(
        [relay.name for relay in statement.relays] == ["Reuters", "Valley Gazette", "Interfax"] for statement in found
    )


def test_headline_with_a_known_name_and_colon_is_a_statement():
    text = "Maria Lopez: The Dam Is Safe\n\nMaria Lopez spoke in the town hall on Monday evening."

    statement = extract(text)[0]

    assert (said(text, statement), statement.speaker) == ("The Dam Is Safe", "Maria Lopez")


def test_label_with_a_colon_is_not_a_speaker():
    assert extract("Update: The Dam Is Safe\n\nThe water fell overnight.") == []


def test_transcript_turn_is_a_statement_of_the_name_in_capitals():
    text = "WALKER: We never saw the report before it was printed."

    statement = extract(text)[0]

    assert said(text, statement) == "We never saw the report before it was printed."
    assert statement.source == (Span(0, 6),)


# Quotations


def test_quotation_broken_by_its_cue_is_one_statement_in_two_spans():
    text = '"If the rain goes on," Maria Lopez said, "we will have to leave."'

    assert said(text, only(text)) == '"If the rain goes on," | "we will have to leave."'


def test_sentence_after_the_cue_belongs_to_the_same_quotation():
    text = '"The dam will hold," Maria Lopez said. "We tested it twice."'

    assert contents(text, split_sentences=False) == ['"The dam will hold," | "We tested it twice."']


def test_each_sentence_of_a_long_quotation_is_a_statement_of_the_same_speaker():
    text = '"The dam will hold. We tested it twice. Nobody has to leave," Maria Lopez said.'

    found = extract(text)

    assert [said(text, statement) for statement in found] == [
        '"The dam will hold.',
        "We tested it twice.",
        'Nobody has to leave,"',
    ]
    assert {statement.speaker for statement in found} == {"Maria Lopez"}


def test_quotation_over_paragraphs_keeps_its_speaker():
    text = (
        '"The dam will hold," Maria Lopez said. "We tested it twice.\n\n'
        '"The villages below are not in danger.\n\n'
        '"Nobody has to leave."\n\nThe town hall was full.'
    )

    found = extract(text)

    assert [said(text, s) for s in found][-2:] == [
        '"The villages below are not in danger.',
        '"Nobody has to leave."',
    ]
    assert {statement.speaker for statement in found} == {"Maria Lopez"}


def test_quotation_set_as_its_own_paragraph_joins_the_clause_before_it():
    text = (
        "Maria Lopez visited the site and predicted that the new bridge will\n\n"
        '"bring prosperity to both banks of the river,"\n\nshe added.'
    )

    found = [statement for statement in extract(text) if "prosperity" in said(text, statement)]

    assert len(found) == 1
    assert said(text, found[0]).startswith("the new bridge will")
    assert found[0].speaker == "Maria Lopez"


def test_unclosed_quotation_ends_with_its_paragraph():
    text = (
        '"The dam will hold, Maria Lopez said on Monday.\n\n'
        "The weather office expects rain for the rest of the week.\n\nThe road is closed."
    )

    assert not any("\n" in content for content in contents(text))


def test_reopened_quotation_bounds_the_unclosed_one():
    text = 'The mayor called it "a disgrace and the plan "a step forward" in a letter.'

    assert all("step forward" not in content or "disgrace" in content for content in contents(text))


def test_scare_quotes_and_titles_without_a_speaker_are_no_statements():
    assert extract('The "smart" meter was the subject of "The Long Winter" at the fair.') == []


def test_curly_low_and_angle_marks_are_quotation_marks():
    for opening, closing in ("“”", "„“", "«»"):
        text = f"{opening}The dam will hold through the winter,{closing} said Maria Lopez."
        assert only(text).kind == "direct", opening


def test_apostrophes_are_never_quotation_marks():
    text = "The workers' union didn't say that the dam's owners weren't at the engineers' meeting."

    assert all(statement.kind == "indirect" for statement in extract(text))


def test_quotation_within_a_quotation_stays_part_of_it():
    text = "“She told me ‘never again’ before she left the valley,” said Maria Lopez."

    assert said(text, only(text)) == "“She told me ‘never again’ before she left the valley,”"


# Propositions


def test_second_that_clause_is_a_statement_of_its_own():
    text = "Maria Lopez said that the dam was safe, and that the road would open on Friday."

    assert contents(text) == ["the dam was safe", "the road would open on Friday"]


def test_relative_pronoun_apart_is_no_part_of_the_proposition():
    text = "the bridge, which she said would bring new trade"
    pronoun, rest = Span(12, 17), Span(27, len(text))

    assert text[pronoun.start : pronoun.end] == "which"
    assert propositions(text, [pronoun, rest], []) == [[rest]]


def test_two_verbs_of_one_subject_stay_one_statement():
    text = "Maria Lopez said that the towns share a river and will go to court."

    assert contents(text) == ["the towns share a river and will go to court"]


def test_abbreviations_do_not_end_a_sentence():
    text = '"I met Mr. Walker in the U.S. last year," Maria Lopez said.'

    assert len(extract(text)) == 1


# What a cue tells


def test_denial_is_marked():
    assert only("Maria Lopez denied that the dam was unsafe.").denies


def test_negated_cue_is_marked():
    assert only("Maria Lopez did not say whether the dam was unsafe.").negated


def test_hedged_cue_is_marked():
    text = "Maria Lopez reportedly said that the dam was unsafe."

    assert only(text).hedged


def test_acts_are_told_apart():
    assert only("Maria Lopez wrote that the dam was unsafe.").act == "writing"
    assert {s.act for s in extract("Maria Lopez believes that the dam is unsafe.")} == {"attitude"}


def test_connective_without_a_cue_continues_the_speaker_with_low_confidence():
    text = "Maria Lopez said that the dam was safe.\n\nAlong with that, the two towns share a hospital in the valley."

    statement = extract(text)[-1]

    assert said(text, statement) == "the two towns share a hospital in the valley"
    assert (statement.speaker, statement.confidence) == ("Maria Lopez", 0.3)


def test_sentence_without_cue_or_connective_is_no_statement():
    assert len(extract("Maria Lopez said that the dam was safe. The two towns share a hospital.")) == 1


# What is not a statement


@pytest.mark.parametrize(
    "line",
    [
        "(With inputs from Reuters)",
        "Subscribe to our newsletter and say what you think",
        "Read more: Mayor says dam is safe",
        "Follow us on Twitter for what officials say",
        "By Maria Lopez",
        "Mayor Maria Lopez (R) tells Carl Walker (L) that the dam is safe, May 5, 2015. /AFP Photo",
        "Maria Lopez says that the dam is safe. (AP Photo/Carl Walker)",
    ],
)
def test_lines_around_the_article_are_no_statements(line):
    assert extract(f"The town hall was full on Monday evening.\n\n{line}\n\nThe road is closed.") == []


# Headings


def test_statement_carries_the_heading_above_it():
    text = "Town in fear\n\nThe river rose.\n\nThe dam\n\nMaria Lopez said that the dam was safe."

    assert only(text).heading == "The dam"


# Bad input


def test_offsets_count_code_points_after_emoji():
    text = "🌊🌊 Floods 🏞️ everywhere! “The dam 🧱 will hold,” Maria Lopez said."

    statement = only(text)

    assert said(text, statement) == "“The dam 🧱 will hold,”"
    assert text[statement.source[0].start : statement.source[0].end] == "Maria Lopez"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n\n",
        '"',
        "“”",
        '""""',
        "‘",
        "''",
        ":",
        "said",
        "— ",
        "\u202e\u200f قال",
        "🙂" * 500,
        "A: ",
        '"\n"\n"',
    ],
)
def test_degenerate_text_gives_no_statements(text):
    assert extract(text) == []


def test_right_to_left_text_is_read_without_error():
    text = "قال الوزير: «السد آمن تماما ولن يسقط» في المؤتمر."

    statement = only(text, language="ar")

    assert said(text, statement) == "«السد آمن تماما ولن يسقط»"


def test_endless_line_is_read_in_pieces():
    text = "The river rose again. " * 1500 + "Maria Lopez said that the dam was safe. " + "word" * 3000

    assert "the dam was safe" in contents(text)


@pytest.mark.parametrize(
    ("language", "text", "speaker"),
    [
        ("fr", "« Le barrage tiendra tout l'hiver », a déclaré Marie Dupont.", "Marie Dupont"),
        ("de", "„Der Damm wird den Winter überstehen“, sagte Anna Schmidt.", "Anna Schmidt"),
        ("es", "«La presa aguantará todo el invierno», dijo María López.", "María López"),
        ("ru", "«Плотина выдержит всю зиму», — заявил Иван Петров.", "Иван Петров"),
        ("zh", "王小明表示：“大坝能撑过整个冬天。”", "王小明"),
    ],
)
def test_direct_quotations_are_found_in_other_languages_with_low_confidence(language, text, speaker):
    statement = only(text, language=language)

    assert (statement.kind, statement.speaker) == ("direct", speaker)
    assert statement.confidence < 0.5


def test_unknown_language_gives_no_statements():
    assert extract("“Pato i te ika,” ko te kī a Mere.", language="mi") == []


def test_same_text_gives_the_same_statements():
    text = '"The dam will hold," Maria Lopez said. She warned that the road might not.'

    assert extract(text) == extract(text)


def test_spans_lie_inside_the_text_in_order():
    text = '"The dam," Maria Lopez said, "will hold. It is new." Walker, she added, was wrong about it.'

    for statement in extract(text):
        spans = [*statement.content]
        assert all(0 <= span.start < span.end <= len(text) for span in (*spans, *statement.cue, *statement.source))
        assert spans == sorted(spans)
        assert 0.0 <= statement.confidence <= 1.0


def test_a_noun_beside_a_verb_of_speech_tells_what_was_spoken_of():
    text = "Ana Silva came on Monday. In her description of the fire, Silva said the doors were locked."
    found = {text[s.content[0].start : s.content[0].end]: s.speaker for s in extract(text)}
    assert found == {"the fire": "Ana Silva", "the doors were locked": "Ana Silva"}


@pytest.mark.parametrize("unit", ['"a" ', 'He said "no" ', "'a' ", "“a", "« a » "])
def test_endless_line_of_quotation_marks_is_not_parsed(unit):
    started = time.process_time()

    # Only what is left at the end of the line is short enough to be read.
    assert len(extract(unit * (1_000_000 // len(unit)))) < 50
    assert time.process_time() - started < 20


def test_thousands_of_statements_take_bounded_memory():
    text = "".join(f"Maria Lopez said the dam number {number} was safe. " for number in range(2000))
    extract(text[:20_000])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert len(extract(text)) == 2000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
