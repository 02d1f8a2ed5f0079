"""Credit lines."""

import pytest

from sources.credits import find_credits, shipped_outlets


def credits_of(text, byline="", **given):
    return [(c.name, c.partial) for c in find_credits(text, byline=byline, **given) if c.kind == "credit"]


def citations_of(text):
    return [c.name for c in find_credits(text) if c.kind == "citation"]


@pytest.mark.parametrize(
    ("text", "byline", "credits"),
    [
        ("The dam broke.\n\n(With inputs from Reuters)", "", [("Reuters", True)]),
        ("The dam broke.\n\n(With inputs from Hill News and AFP)", "", [("Hill News", True), ("AFP", True)]),
        ("The dam broke.\n\nWith reporting by Ana Silva, Reuters and AFP.", "", [("Reuters", True), ("AFP", True)]),
        ("The dam broke. The Associated Press contributed to this report.", "", [("Associated Press", True)]),
        (
            "The dam broke. Associated Press writers Jon Berg in Lima and Ana Silva contributed to this report.",
            "",
            [("Associated Press", True)],
        ),
        ("h/t: Reuters\n\nThe dam broke.", "", [("Reuters", True)]),
        ("LIMA, Peru (AP) — The dam broke.", "", [("AP", False)]),
        ("LONDON (Reuters) - The dam broke.", "", [("Reuters", False)]),
        ("Berlin (dpa/AFP) - Der Damm brach.", "", [("dpa", False), ("AFP", False)]),
        ("PARIS (afp) - La digue a cédé.", "", [("afp", False)]),
        ("New Delhi, Jan 5 (PTI) The dam broke.", "", [("PTI", False)]),
        ("MOSCOW, January 5. /TASS/. The dam broke.", "", [("TASS", False)]),
        ("МОСКВА, 5 янв - РИА Новости. Плотину прорвало.", "", [("РИА Новости", False)]),
        ("新华社北京1月5日电 大坝决口。", "", [("新华社", False)]),
        ("القاهرة (رويترز) - انهار السد.", "", [("رويترز", False)]),
        ("The dam broke.", "By Ana Silva, Associated Press", [("Associated Press", False)]),
        ("The dam broke.", "Reuters Staff", [("Reuters", False)]),
        ("Dam breaks\n\nBy Ana Silva, Associated Press\n\nThe dam broke.", "", [("Associated Press", False)]),
        ("The dam broke.\nSource: 新华社", "", [("新华社", False)]),
        ("The dam broke.\nSource: Xinhua | 2020-01-05", "", [("Xinhua", False)]),
        ("Der Damm brach.\nQuelle: dpa", "", [("dpa", False)]),
        ("Плотину прорвало.\nИсточник: ТАСС", "", [("ТАСС", False)]),
        ("انهار السد.\nالمصدر: رويترز", "", [("رويترز", False)]),
        ("The dam broke.\nCopyright 2020 The Associated Press.", "", [("Associated Press", False)]),
        ("Потоп. (ТАСС)", "", [("ТАСС", False)]),
        ("Der Damm brach.\n\ndpa/AFP", "", [("dpa", False), ("AFP", False)]),
        ("La digue a cédé (avec AFP).", "", [("AFP", True)]),
        ("La presa cedió. Con información de EFE", "", [("EFE", True)]),
        ("Плотину прорвало. По материалам ТАСС", "", [("ТАСС", True)]),
        # The house style of an agency says whose it is, without its name.
        ("The dam broke.\n\n(Reporting by Ana Silva; Editing by Jon Berg)", "", [("Reuters", False)]),
    ],
)
def test_credit_lines_name_outlets_and_say_whether_all_comes_from_there(text, byline, credits):
    assert credits_of(text, byline) == credits


@pytest.mark.parametrize(
    ("text", "byline"),
    [
        ("", ""),
        # People
        ("Jon Berg contributed to this report.", ""),
        ("The dam broke.\n\nAdditional reporting by Jon Berg and Ana Silva in Lima.", ""),
        ("The dam broke. Additional reporting from Jon Berg.", "By Ani Silva"),
        ("The dam broke.", "Ani"),
        # Places and asides
        ("The dam (built 1920) — the oldest — broke.", "By Ana Silva"),
        ("LIMA (Peru) — The dam broke.", ""),
        ("The dam broke, with inputs from agencies.", ""),
        ("The dam broke (as feared)", ""),
        # Photographs
        ("The dam, broken. (AP Photo/Jon Berg)", ""),
        ("The dam, broken.\n(REUTERS/Jon Berg)", ""),
        ("The dam broke.\n\nPhoto: AFP", ""),
        ("The dam broke.", "REUTERS/Jon Berg"),
        # Outlets that are only mentioned
        ("Reuters the cat ran away.", ""),
        ("The dam broke near the offices of the Associated Press in Lima.", ""),
    ],
)
def test_people_places_and_photographs_are_no_credits(text, byline):
    assert credits_of(text, byline) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The dam broke, according to the Associated Press, on Monday.", ["Associated Press"]),
        ("The dam broke, TASS reported.", ["TASS"]),
        ("The dam broke, the Xinhua news agency reported.", ["Xinhua"]),
        ("Der Damm brach, wie die dpa berichtet.", ["dpa"]),
        ("La digue a cédé, selon l’AFP.", ["AFP"]),
        ("Плотину прорвало, сообщает ТАСС.", ["ТАСС"]),
        ("据新华社报道，大坝决口。", ["新华社"]),
        ("The dam broke, witnesses reported.", []),
    ],
)
def test_another_outlets_report_is_cited_not_credited(text, names):
    assert citations_of(text) == names
    assert credits_of(text) == []


def test_a_credit_line_keeps_its_place_in_the_text():
    text = "😀 The dam broke.\n\n(With inputs from Reuters)"
    [credit] = find_credits(text)
    assert text[credit.start : credit.end] == "(With inputs from Reuters)"


def test_a_citation_keeps_its_place_in_the_text():
    text = "😀 The dam broke, TASS reported."
    [credit] = find_credits(text)
    assert text[credit.start : credit.end] == "TASS reported"


def test_known_outlets_are_taken_where_unknown_names_are_not():
    text = "Hill News contributed to this report."
    assert find_credits(text) == []
    assert [credit.name for credit in find_credits(text, known=["Hill News"])] == ["Hill News"]


def test_an_outlet_credited_twice_is_one_credit():
    assert len(find_credits("LIMA (AP) — The dam broke.\n\n(AP)")) == 1


def test_fields_beside_the_text_name_outlets():
    assert credits_of("The dam broke.", stated=["Ana Silva", "Associated Press"]) == [("Associated Press", False)]
    assert credits_of("The dam broke.", stated=["Gazette with information from AFP"]) == [("AFP", True)]
    assert credits_of("The dam broke.", stated=["© 2020 AFP", "AP Photo/Jon Berg"]) == [("AFP", False)]


def test_no_name_belongs_to_two_of_the_shipped_outlets():
    names = [name.casefold() for outlet in shipped_outlets() for name in {outlet.name, *outlet.aliases}]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("line", "name", "partial"),
    [
        ("Ana Silva Associated Press", "Associated Press", False),
        ("Jon Berg, AP Auto Writer", "AP", False),
        ("Associated Press writer Ana Silva contributed to this report.", "Associated Press", True),
        ("© 2020 AFP", "AFP", False),
        ("Source: Xinhua", "Xinhua", False),
    ],
)
def test_a_line_beside_the_text_names_its_agency(line, name, partial):
    [credit] = find_credits("The dam broke.", stated=[line])
    assert (credit.name, credit.partial, credit.start) == (name, partial, None)
