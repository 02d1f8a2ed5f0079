"""Credit lines."""

import pytest

from sources.derivations import find_credits


@pytest.mark.parametrize(
    ("text", "byline", "credits"),
    [
        ("The dam broke.\n\n(With inputs from Reuters)", "", [("Reuters", True)]),
        ("The dam broke.\n\n(With inputs from Hill News and AFP)", "", [("Hill News", True), ("AFP", True)]),
        ("LIMA, Peru (AP) — The dam broke.", "", [("AP", False)]),
        ("LONDON (Reuters) - The dam broke.", "", [("Reuters", False)]),
        ("The dam broke. The Associated Press contributed to this report.", "", [("Associated Press", True)]),
        ("The dam broke.", "By Ana Silva, Associated Press", [("Associated Press", False)]),
        ("The dam broke.\nSource: 新华社", "", [("新华社", False)]),
        ("The dam broke.\nCopyright 2020 The Associated Press.", "", [("Associated Press", False)]),
        ("Потоп. (ТАСС)", "", [("ТАСС", False)]),
        # People, places and asides are no outlets.
        ("Jon Berg contributed to this report.", "", []),
        ("The dam (built 1920) — the oldest — broke.", "By Ana Silva", []),
        ("Reuters the cat ran away.", "", []),
        ("", "", []),
    ],
)
def test_credit_lines_name_outlets_and_say_whether_all_comes_from_there(text, byline, credits):
    assert [(credit.name, credit.partial) for credit in find_credits(text, byline=byline)] == credits


def test_a_credit_line_keeps_its_place_in_the_text():
    text = "😀 The dam broke.\n\n(With inputs from Reuters)"
    [credit] = find_credits(text)
    assert text[credit.start : credit.end] == "(With inputs from Reuters)"


def test_known_outlets_are_taken_where_unknown_names_are_not():
    text = "Hill News contributed to this report."
    assert find_credits(text) == []
    assert [credit.name for credit in find_credits(text, known=["Hill News"])] == ["Hill News"]


def test_an_outlet_credited_twice_is_one_credit():
    assert len(find_credits("LIMA (AP) — The dam broke.\n\n(AP)")) == 1
