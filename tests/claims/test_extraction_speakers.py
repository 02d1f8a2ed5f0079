"""Speakers: names, titles, pronouns, countries, relays."""

import pytest

from claims.extraction import countries, extract, lexicon

OPENING = "Ghanaian President Kofi Mensah opened the port on Monday. "


def speakers(text: str) -> list[str]:
    return [statement.speaker for statement in extract(text)]


def test_surname_is_resolved_to_the_fullest_name_in_the_article():
    assert speakers(OPENING + "Mensah said that trade would grow.") == ["Kofi Mensah"]


def test_name_may_come_fuller_later():
    text = "Lopez said that the dam was safe. Later Maria Lopez left for the coast."

    assert speakers(text) == ["Maria Lopez"]


def test_pronoun_is_the_last_subject():
    assert speakers(OPENING + "He said that trade would grow.") == ["Kofi Mensah"]


def test_pronoun_prefers_the_last_speaker_of_the_article():
    text = "Maria Lopez said that the dam was safe.\n\nShe added that the road was open."

    assert speakers(text) == ["Maria Lopez", "Maria Lopez"]


def test_titles_and_the_country_spoken_for_are_kept():
    statement = extract("Ghanaian President Kofi Mensah said that trade would grow.")[0]

    assert statement.speaker == "Kofi Mensah"
    assert statement.speaker_titles == ("Ghanaian President",)
    assert statement.represents == "Ghana"


def test_later_mention_without_a_title_still_represents_the_country():
    assert extract(OPENING + "Mensah said that trade would grow.")[0].represents == "Ghana"


@pytest.mark.parametrize(("capital", "country"), [("Accra", "Ghana"), ("Oslo", "Norway"), ("Tokyo", "Japan")])
def test_capital_speaks_for_its_country(capital, country):
    statement = extract(f"{capital} said that it would sign the treaty next year.")[0]

    assert (statement.speaker, statement.represents) == (country, country)


def test_country_speaks():
    assert extract("Norway has proposed a new treaty on fishing.")[0].speaker == "Norway"


def test_house_speaks_for_its_country_under_its_own_name():
    statement = extract("The White House said that the treaty was dead.")[0]

    assert (statement.speaker, statement.represents) == ("White House", "United States")


def test_ministry_and_officials_speak():
    assert speakers("The ministry said that the port was closed.") == ["ministry"]
    assert speakers("Officials said that the port was closed.") == ["Officials"]


@pytest.mark.parametrize("word", ["Some", "Many", "Others"])
def test_nobody_in_particular_is_unresolved(word):
    assert set(speakers(f"{word} said that the port was closed.")) <= {""}


# Relays


def relays(text: str) -> list[list[str]]:
    return [[relay.name for relay in statement.relays] for statement in extract(text)]


def test_outlets_that_carried_a_statement_are_relays_with_their_spans():
    text = "The remark by Kofi Mensah that trade would grow was quoted by Reuters and Kyodo."
    for statement in extract(text):
        for relay in statement.relays:
            assert text[relay.span.start : relay.span.end] == relay.name


def test_outlet_told_is_a_relay():
    assert relays("Kofi Mensah told CNN that trade would grow.") == [["CNN"]]


def test_interview_with_unnamed_media_is_no_relay():
    assert relays("In an interview with local media, Kofi Mensah said that trade would grow.") == [[]]


def test_outlet_that_only_passes_words_on_is_a_relay_not_the_speaker():
    text = OPENING + "Reuters reported that Mensah said trade would grow."

    statement = extract(text)[0]

    assert statement.speaker == "Kofi Mensah"
    assert [relay.name for relay in statement.relays] == ["Reuters"]


def test_agency_alone_is_the_speaker():
    statement = extract("Reuters reported that the plant had closed.")[0]

    assert (statement.speaker, statement.relays) == ("Reuters", ())


def hops(text: str) -> dict[str, dict[str, int]]:
    return {
        f"{statement.speaker}: {' | '.join(text[span.start : span.end] for span in statement.content)}": {
            relay.name: relay.hop for relay in statement.relays
        }
        for statement in extract(text)
    }


@pytest.mark.parametrize(
    "text",
    [
        "Xinhua, citing TASS, reported that Kofi Mensah said trade would grow.",
        "Citing TASS, Xinhua reported that Kofi Mensah said trade would grow.",
        "Kofi Mensah said trade would grow, Xinhua reported, citing TASS.",
        "Kofi Mensah said trade would grow, according to Xinhua, which cited TASS.",
    ],
)
def test_outlet_cited_by_an_outlet_is_a_hop_further(text):
    assert hops(text) == {"Kofi Mensah: trade would grow": {"Xinhua": 1, "TASS": 2}}


def test_agency_that_cites_another_passes_its_words_on():
    assert hops("Xinhua, citing TASS, reported that trade would grow.") == {
        "Xinhua: trade would grow": {"Xinhua": 1, "TASS": 2}
    }


@pytest.mark.parametrize(
    "trailer",
    [
        "Interfax reported",
        "Interfax reports",
        "Interfax reported on Monday",
        "the Interfax news agency reported",
        "according to Interfax",
        "according to an Interfax report",
        "according to a report by Interfax",
    ],
)
@pytest.mark.parametrize("clause", ["that trade would grow", "trade would grow"])
def test_outlet_named_after_another_speaker_is_a_relay_and_no_part_of_the_content(clause, trailer):
    assert hops(f"Kofi Mensah said {clause}, {trailer}.") == {"Kofi Mensah: trade would grow": {"Interfax": 1}}


@pytest.mark.parametrize("cue", ["Kofi Mensah said", "Kofi Mensah told reporters"])
def test_outlet_named_after_a_quotation_and_its_cue_is_a_relay(cue):
    assert hops(f'"Trade will grow," {cue}, Interfax reported.') == {'Kofi Mensah: "Trade will grow,"': {"Interfax": 1}}


def test_whom_an_outlet_quotes_is_the_speaker():
    assert hops("Interfax quoted Kofi Mensah as saying trade would grow.") == {
        "Kofi Mensah: trade would grow": {"Interfax": 1}
    }


# Countries


def test_demonym_and_capital_name_the_country():
    assert countries.country_in("the Ghanaian foreign minister") == "Ghana"
    assert countries.country("Oslo") == "Norway"
    assert countries.seat("the Kremlin") == "Russia"


def test_lower_case_words_are_no_countries():
    assert countries.country_in("a turkey and polish for us") == ""


def test_every_country_has_its_own_name():
    assert len({row[0] for row in lexicon.rows("countries.tsv")}) >= 193
