"""Names of speakers made comparable, and the list of speakers that is shipped."""

import json
from collections import defaultdict
from datetime import date
from itertools import pairwise

import pytest

from claims import naming


def known(name, **described):
    found = (naming.known_as(name_key) for name_key in naming.keys(name, **described))
    return next((speaker.name for speaker in found if speaker is not None), None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Recep Tayyip Erdoğan", "recep tayyip erdogan"),
        ("The White House", "White House"),
        ("Kim Jong-un", "Kim Jong Un"),
        ("J. K. Rowling", "J.K. Rowling"),
        ("U.S. Steel", "US Steel"),
        ("O’Brien", "O'Brien"),
        ("Sergey Petrov", "Sergei Petrov"),
        ("Mohammed Karim", "Muhammad Karim"),
        ("Ivan Lunskyy", "Ivan Lunskiy"),
        ("Weiß", "Weiss"),
        ("科菲·门萨", "科菲门萨"),
        ("أحمد حدّاد", "احمد حداد"),
        ("Ghana's Ministry of Foreign Affairs", "Ghanaian Foreign Ministry"),
        ("Ministry of Foreign Affairs of Ghana", "the Ghanaian foreign ministry"),
        ("China's Ministry of Foreign Affairs", "中国外交部"),
        ("МИД Китая", "ministère chinois des Affaires étrangères"),
        ("Norwegian government", "government of Norway"),
        ("US Department of Defence Ministry", "US Department of Defence Ministry"),
    ],
)
def test_spellings_of_one_name_have_one_key(one, other):
    assert naming.key(one) == naming.key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Donald Trump", "Donald Trump Jr."),
        ("Ana Silva", "Ana Silveira"),
        ("Ghanaian Foreign Ministry", "Kenyan Foreign Ministry"),
        ("Chinese Foreign Ministry", "Chinese Defence Ministry"),
        ("Foreign Ministry", "Ghanaian Foreign Ministry"),
        ("London police", "British police"),
        ("习近平", "习远平"),
    ],
)
def test_other_names_have_other_keys(one, other):
    assert naming.key(one) != naming.key(other)


@pytest.mark.parametrize(
    "name",
    [
        "Xi",
        "President Xi",
        "Chinese President Xi Jinping",
        "Xi Jinping",
        "习近平",
        "国家主席习近平",
        "习主席",
        "Си Цзиньпин",
        "президент КНР Си Цзиньпин",
    ],
)
def test_names_titles_and_scripts_lead_to_one_speaker(name):
    assert known(name) == "Xi Jinping"


@pytest.mark.parametrize(
    ("name", "speaker"),
    [
        ("Donald J. Trump", "Donald Trump"),
        ("Mr. Trump", "Donald Trump"),
        ("Sergej Lawrow", "Sergey Lavrov"),
        ("министр иностранных дел России Сергей Лавров", "Sergey Lavrov"),
        ("le président russe Vladimir Poutine", "Vladimir Putin"),
        ("US-Präsident Donald Trump", "Donald Trump"),
        ("الرئيس الأمريكي دونالد ترامب", "Donald Trump"),
        ("the White House", "White House"),
        ("Chinese Foreign Ministry", "Chinese Foreign Ministry"),
        ("China's Ministry of Foreign Affairs", "Chinese Foreign Ministry"),
        ("外交部", "Chinese Foreign Ministry"),
        ("Beijing", "China"),
        ("Organisation mondiale de la santé", "World Health Organization"),
        ("Donald Trump Jr.", None),
        ("Margaret Trudeau", None),
        ("President Margaret Trudeau", None),
        ("Johnson", None),
        ("Wang", None),
        ("Smith", None),
    ],
)
def test_a_name_is_known_or_left_alone(name, speaker):
    assert known(name) == speaker


def test_the_family_name_may_come_first_where_a_country_writes_so():
    assert naming.key("Haruki Tanaka") in naming.keys("Tanaka Haruki", represents="Japan")
    assert naming.key("Haruki Tanaka") not in naming.keys("Tanaka Haruki", represents="Ghana")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Chinese President Xi Jinping", ("Chinese President", "Xi Jinping")),
        ("Sen. Elizabeth Warren", ("Sen.", "Elizabeth Warren")),
        ("Ursula von der Leyen", ("", "Ursula von der Leyen")),
        ("President van der Berg", ("President", "van der Berg")),
        ("Pope Francis", ("", "Pope Francis")),
        ("Prime Minister", ("", "Prime Minister")),
        ("外交部发言人孙琳", ("外交部发言人", "孙琳")),
        ("王毅外长", ("外长", "王毅")),
        ("", ("", "")),
    ],
)
def test_a_title_is_parted_from_the_name(name, parts):
    assert naming.untitled(name) == parts


@pytest.mark.parametrize(
    ("phrase", "on", "holder"),
    [
        ("the US president", date(2016, 5, 1), "Barack Obama"),
        ("the US president", date(2018, 5, 1), "Donald Trump"),
        ("the US president", date(2022, 5, 1), "Joe Biden"),
        ("the US president", date(2026, 5, 1), "Donald Trump"),
        ("president of the United States", date(2022, 5, 1), "Joe Biden"),
        ("Chinese foreign minister", date(2023, 5, 1), "Qin Gang"),
        ("Chinese foreign minister", date(2023, 9, 1), "Wang Yi"),
        ("美国总统", date(2016, 5, 1), "Barack Obama"),
        ("президент России", date(2009, 5, 1), "Dmitry Medvedev"),
        ("le président américain", date(2016, 5, 1), "Barack Obama"),
        ("deutsche Bundeskanzlerin", date(2016, 5, 1), "Angela Merkel"),
        ("presidente del Gobierno español", date(2020, 5, 1), "Pedro Sánchez"),
        ("الرئيس الروسي", date(2016, 5, 1), "Vladimir Putin"),
        ("UN secretary-general", date(2016, 5, 1), "Ban Ki-moon"),
        # Nobody, or nobody for certain.
        ("the US president", None, None),
        ("the US president", date(2017, 1, 20), None),
        ("the president", date(2016, 5, 1), None),
        ("former US president", date(2016, 5, 1), None),
        ("US officials", date(2016, 5, 1), None),
        ("US president", date(1950, 5, 1), None),
        ("German chancellor", date(2040, 5, 1), None),
    ],
)
def test_a_title_alone_means_who_held_the_office_on_the_day(phrase, on, holder):
    found = naming.holder([phrase], on)
    assert (found and found.name) == holder


def test_a_family_name_with_an_office_means_its_holder():
    def of(family, on):
        found = naming.holder(["Foreign Minister"], on, country="China", family=family)
        return found and found.name

    assert of("Wang", date(2017, 5, 1)) == "Wang Yi"
    assert of("Qin", date(2023, 5, 1)) == "Qin Gang"
    assert of("Wang", date(2023, 5, 1)) is None


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("J. Smith", "John Smith", True),
        ("John A. Smith", "John Smith", True),
        ("Jane Smith", "John Smith", False),
        ("Smith", "John Smith", False),
        ("", "", False),
    ],
)
def test_editors_are_shown_names_that_may_be_one(a, b, alike):
    assert naming.same_name(a, b) is alike


# The list itself


def test_no_name_of_the_list_means_two_speakers():
    bearers = defaultdict(set)
    for speaker in naming.shipped_speakers():
        for name in speaker.names:
            bearers[naming.key(name)].add(speaker.name)
    assert {name: found for name, found in bearers.items() if len(found) > 1} == {}
    assert "" not in bearers


def test_the_list_refers_to_itself_and_its_dates_are_in_order():
    speakers = naming.shipped_speakers()
    names = {speaker.name for speaker in speakers}
    ids = [speaker.wikidata_id for speaker in speakers if speaker.wikidata_id]
    assert len(ids) == len(set(ids))
    for speaker in speakers:
        assert speaker.kind in ("person", "body")
        assert not speaker.represents or speaker.represents in names
        for office in speaker.offices:
            assert office.of in names
            assert office.until is None or office.since < office.until


def test_two_people_hold_one_office_only_on_the_day_of_a_change():
    held = defaultdict(list)
    for speaker in naming.shipped_speakers():
        for office in speaker.offices:
            held[office.of, office.name].append((office.since, office.until or date.max, speaker.name))
    for terms in held.values():
        terms.sort()
        for (_, until, _), (since, _, _) in pairwise(terms):
            assert until <= since


def test_the_list_has_one_speaker_a_line():
    lines = naming.SHIPPED.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line.rstrip(",")) for line in lines if line.startswith("  {")]
    assert len(rows) == len(naming.shipped_speakers()) > 200
