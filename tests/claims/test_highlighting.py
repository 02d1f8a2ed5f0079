"""Marks cover exactly their characters, however spans nest and cross."""

import random

from claims.highlighting import Paragraph, Span, context, paragraphs, parts


def written(found: list[Paragraph[str]]) -> str:
    """Return paragraphs as text: [A marks an opened mark, ] a closed one, upper case and ! where outermost."""
    lines = []
    for paragraph in found:
        line = ""
        for token in paragraph.tokens:
            if token.kind == "text":
                line += token.text
            elif token.kind == "open":
                line += f"[{token.key}{'!' if token.outermost else ''}:"
            else:
                line += "!]" if token.outermost else "]"
        lines.append(line)
    return "\n".join(lines)


def test_text_without_spans_is_its_paragraphs():
    found = paragraphs("\n\nOne line\nand another.\n \n\nTwo.\n", [])

    assert [[token.text for token in p.tokens] for p in found] == [["One line\nand another."], ["Two."]]


def test_an_empty_text_has_no_paragraphs():
    assert paragraphs(" \n\n ", []) == []


def test_nested_spans_become_nested_marks():
    assert written(paragraphs("abcdef", [Span("in", 2, 4), Span("out", 0, 6)])) == "[out!:ab[in!:cd!]ef!]"


def test_crossing_spans_are_cut_where_they_cross():
    assert written(paragraphs("abcdef", [Span("a", 0, 4), Span("b", 2, 6)])) == "[a!:ab[b!:cd]!][b:ef!]"


def test_spans_of_the_same_characters_are_both_there():
    assert written(paragraphs("abc", [Span("a", 0, 3), Span("b", 0, 3)])) == "[a!:[b!:abc!]!]"


def test_a_span_over_a_paragraph_end_goes_on_in_the_next():
    found = paragraphs("say\n\nit now", [Span("a", 1, 7)])

    assert written(found) == "s[a!:ay]\n[a:it!] now"
    assert [p.begun for p in found] == [("a",), ()]


def test_the_pieces_of_a_split_quotation_share_one_key():
    found = paragraphs("“We will,” she said, “go.”", [Span("a", 0, 10), Span("a", 21, 26)])

    assert written(found) == "[a!:“We will,”] she said, [a:“go.”!]"


def test_offsets_count_code_points():
    assert written(paragraphs("😀习近平说好", [Span("a", 1, 4)])) == "😀[a!:习近平!]说好"


def test_any_spans_give_well_formed_marks_over_exactly_their_characters():
    chance = random.Random(7)
    for _ in range(300):
        text = "".join(chance.choices("ab \n", weights=[5, 5, 2, 2], k=40))
        spans = []
        for number in range(chance.randint(0, 6)):
            start = chance.randrange(39)
            spans.append(Span(number, start, chance.randint(start + 1, 40)))
        covered: dict[int, str] = {}
        for paragraph in paragraphs(text, spans):
            stack, printed = [], ""
            for token in paragraph.tokens:
                if token.kind == "open":
                    assert token.key not in stack
                    stack.append(token.key)
                elif token.kind == "close":
                    assert stack.pop() == token.key
                else:
                    printed += token.text
                    for key in stack:
                        covered[key] = covered.get(key, "") + token.text
            assert stack == []
            assert printed == text[paragraph.start : paragraph.end]
        for span in spans:
            expected = text[span.start : span.end]
            assert "".join(covered.get(span.key, "").split()) == "".join(expected.split())


def test_every_key_opens_once_and_closes_once():
    found = paragraphs("ab\n\ncd ef", [Span("a", 0, 6), Span("b", 1, 9)])
    tokens = [token for paragraph in found for token in paragraph.tokens if token.outermost]

    assert sorted((token.kind, token.key) for token in tokens) == [
        ("close", "a"),
        ("close", "b"),
        ("open", "a"),
        ("open", "b"),
    ]


def test_context_stays_in_the_paragraph():
    text = "Before that.\n\nHe said it is so, twice.\n\nAfter that."
    start = text.index("it is so")
    found = context(text, start, start + len("it is so"))

    assert (found.before, found.inside, found.after) == ("He said ", "it is so", ", twice.")
    assert not found.cut_before
    assert not found.cut_after


def test_context_is_cut_between_words():
    text = "alpha beta gamma SAID delta epsilon zeta"
    start = text.index("SAID")
    found = context(text, start, start + 4, margin=9)

    assert (found.before, found.after) == ("gamma ", " delta")
    assert found.cut_before
    assert found.cut_after


# Parts of a long text


def test_a_short_text_is_one_part():
    assert [part.bounds for part in parts("One.\n\nTwo.", [0])] == [((0, 4), (6, 10))]


def test_parts_are_of_whole_paragraphs_as_long_as_they_fit():
    text = "aaaa\n\nbbbb\n\ncccc"

    assert [(part.start, part.end) for part in parts(text, [], most_characters=8)] == [(0, 10), (12, 16)]


def test_a_paragraph_that_is_too_long_is_cut_between_words():
    text = "one two three four"
    found = parts(text, [], most_characters=10)

    assert [text[part.start : part.end] for part in found] == ["one two ", "three four"]


def test_a_text_without_spaces_is_cut_anywhere():
    assert [(part.start, part.end) for part in parts("习近平说好", [], most_characters=2)] == [(0, 2), (2, 4), (4, 5)]


def test_no_part_has_too_many_marks_unless_they_begin_at_one_place():
    text = "a b c d"

    assert [(part.start, part.end) for part in parts(text, [0, 2, 4, 6], most_marks=2)] == [(0, 4), (4, 7)]
    assert [(part.start, part.end) for part in parts(text, [0, 0, 0], most_marks=2)] == [(0, 7)]


def test_parts_cover_every_paragraph_once():
    text = "\n\n".join("word " * (n % 17 + 1) for n in range(200))
    bounds = [
        bound for part in parts(text, list(range(0, len(text), 50)), most_characters=300) for bound in part.bounds
    ]

    assert [text[start:end] for start, end in bounds] == [line.strip() for line in text.split("\n\n")]


def test_a_span_that_began_in_an_earlier_part_is_marked_in_this_one():
    text = "say\n\nit now"
    part = parts(text, [], most_characters=6)[1]

    assert written(paragraphs(text, [Span("a", 1, 7)], part.bounds)) == "[a!:it!] now"
