"""What a query of claims means and finds."""

from datetime import UTC, date, datetime

import pytest

from claims import search
from claims.models import Claim, FacetChange, FacetCount, Listing, SpeakerAlias
from claims.search import ClaimQuery, Count, Place, PlaceUnusable, QueryTooLong, all_claims, find_claims, understood
from claims.services.coverage import compare_wordings
from claims.services.decisions import reject_attribution
from claims.services.listings import fold_changes
from claims.services.summaries import refresh_outdated
from claims.words import highlighted, parse, spread
from tests.factories import make_article, make_claim, make_outlet, make_report, make_speaker, make_topic, make_user

pytestmark = pytest.mark.django_db


def reported(text: str, **fields) -> Claim:
    claim = make_claim(text, **fields)
    make_report(claim)
    return claim


def texts(q: str = "", *, size: int = 20, **asked) -> list[str]:
    """Return the sentences that a query finds, in their order."""
    ids = find_claims(ClaimQuery(q=q, **asked), size=size).ids
    named = dict(Claim.objects.filter(pk__in=ids).values_list("pk", "text"))
    return [named[pk] for pk in ids]


# Words


@pytest.mark.parametrize(
    ("text", "language", "query"),
    [
        ("Negotiations were opened.", "en", "negotiation"),
        ("Переговоры завершились вчера.", "ru", "переговорами"),
        ("Die Verhandlungen beginnen.", "de", "verhandlungen"),
        ("两国领导人举行会谈。", "zh", "领导人"),
        ("两国领导人举行会谈。", "zh", "谈"),
        ("首脳会談が東京で開かれた。", "ja", "東京"),
        ("Rain at the café.", "en", "café"),
        ("They signed 1,200 pages.", "en", "1,200"),
    ],
)
def test_words_are_found_in_the_language_of_the_text(text, language, query):
    reported(text, language=language)
    reported("Something else happened.")

    assert texts(query) == [text]


def test_unspaced_characters_are_found_only_in_their_order():
    reported("两国举行会谈。", language="zh")

    assert texts("国两") == []
    assert spread("和平法") == " 和平 平法 法 "


def test_web_search_syntax_means_what_it_says():
    for text in ("Rain will fall.", "Snow will fall.", "Rain and snow will fall.", "Fall of rain."):
        reported(text)

    assert set(texts("rain")) == {"Rain will fall.", "Rain and snow will fall.", "Fall of rain."}
    assert set(texts("rain -snow")) == {"Rain will fall.", "Fall of rain."}
    assert set(texts("rain -snows")) == {"Rain will fall.", "Fall of rain."}
    assert set(texts("fall -rain or snow")) == {"Snow will fall.", "Rain and snow will fall."}
    assert texts('"rain and snow"') == ["Rain and snow will fall."]
    assert texts("“fall of rain”") == ["Fall of rain."]
    assert texts('"rain and snow') == ["Rain and snow will fall."]


def test_words_of_the_sentence_and_of_the_speaker_are_found_together():
    ruiz = make_speaker("Ana Ruiz")
    reported("Rain will fall.", speaker=ruiz)
    reported("Rain will stop.", speaker=make_speaker("Bo Li"))

    assert texts("ruiz rain") == ["Rain will fall."]


def test_a_name_given_later_is_found_once_it_is_counted():
    speaker = make_speaker("Ana Ruiz")
    reported("Rain will fall.", speaker=speaker)
    SpeakerAlias.objects.create(speaker=speaker, name="President Zapatera")
    assert texts("Zapatera") == []

    refresh_outdated()

    assert texts("Zapatera") == ["Rain will fall."]


def test_a_sentence_changed_by_an_editor_is_found_by_its_new_words():
    claim = reported("Rain will fall.")
    Claim.objects.filter(pk=claim.pk).update(text="Hail will fall.")
    refresh_outdated()

    assert (texts("rain"), texts("hail")) == ([], ["Hail will fall."])


@pytest.mark.parametrize(
    ("typed", "meant"), [("minster", "minister"), ("Lavrof", "lavrov"), ("negotations", "negotiations")]
)
def test_a_misspelt_word_is_mended_and_said(typed, meant):
    reported("The minister opened negotiations.", speaker=make_speaker("Sergey Lavrov"))

    assert texts(typed) == ["The minister opened negotiations."]
    assert [(c.typed, c.taken_for) for c in understood(typed).corrections] == [(typed, meant)]


def test_a_half_typed_word_is_found_by_its_beginning_but_a_whole_one_is_not():
    reported("The minister opened it.")
    reported("A ministry closed it.")

    assert len(texts("minis")) == 2
    assert texts("ministry") == ["A ministry closed it."]
    assert not understood("minis").corrections


def test_a_half_typed_name_is_found_where_its_beginning_is_the_stem_of_a_known_word():
    reported("Rain will fall.", speaker=make_speaker("The Minister"))
    reported("Snow will fall.", speaker=make_speaker("Ministry of Snow"))

    assert set(texts("minist")) == {"Snow will fall.", "Rain will fall."}
    assert texts("ministe") == texts("minister") == ["Rain will fall."]
    assert understood("minist").corrections == ()


def test_words_that_nobody_could_mean_are_left_alone():
    reported("The minister opened it.")

    assert texts("zzzzqqqq") == []
    assert not understood("zzzzqqqq").corrections


@pytest.mark.parametrize("typed", ["%", "_", "'", '"', "🙂", "-", "()&|!:*<->", '""', "\t\r\n", '-"', "\\"])
def test_what_holds_no_word_finds_nothing(typed):
    reported("100% of _it_ 'was' said.")

    assert parse(typed) == []
    assert texts(typed) == []


@pytest.mark.parametrize(
    "typed", ["a'b", "it's & | ! rain:*", "rain<->", "r%in", "rain\\", "(rain", "rain\U0001f600", "-or", "or"]
)
def test_signs_are_no_operators(typed):
    reported("Rain will fall.")

    texts(typed)


def test_a_common_word_is_left_out_and_named():
    reported("Rain will fall.")

    assert texts("the rain") == ["Rain will fall."]
    assert understood("the rain").common == ("the",)
    assert texts("the") == []


def test_too_many_words_are_refused():
    with pytest.raises(QueryTooLong):
        find_claims(ClaimQuery(q="a1 " * 100), size=20)


def test_found_words_are_marked_and_nothing_is_lost():
    def stem(word):
        return word.rstrip("s")

    def marked(text, query):
        pieces = highlighted(text, [term for group in parse(query) for term in group], stem=stem)
        assert "".join(piece.text for piece in pieces) == text
        return [piece.text for piece in pieces if piece.found]

    assert marked("Rains fell; rain fell. <b>", "rain") == ["Rains", "rain"]
    assert marked("两国领导人会谈", "领导人") == ["领导人"]
    assert marked("The ministry spoke", "minis") == ["ministry"]
    assert marked("Rain but no snow", "rain -snow") == ["Rain"]
    assert marked("Rain", "") == []


# Filters and facets


def test_every_filter_picks_its_claims():
    ana, weather = make_speaker("Ana Ruiz"), make_topic("Weather")
    gazette, review = make_outlet("Gazette"), make_outlet("Review")
    claim = make_claim("Rain will fall.", speaker=ana, topics=(weather,), language="en", said_on=date(2020, 5, 1))
    make_report(
        claim,
        outlet=gazette,
        article=make_article(
            "He said Rain will fall.", outlet=gazette, published_at=datetime(2020, 5, 2, 23, 59, tzinfo=UTC)
        ),
        status="confirmed",
    )
    make_report(claim, outlet=review)
    reported("税收会上涨。", language="zh")

    for asked in (
        {"speaker": ana},
        {"topic": weather},
        {"outlets": (gazette, review)},
        {"level": "corroborated"},
        {"language": "en"},
        {"status": "confirmed"},
        {"confirmed": True},
        {"said_from": date(2020, 5, 1), "said_to": date(2020, 5, 1)},
        {"confirmed": True, "published_from": date(2020, 5, 2), "published_to": date(2020, 5, 2)},
        {"confirmed": True, "year": 2020, "topic": weather, "q": "rain"},
        {"differs": False, "alarms": False, "language": "en"},
    ):
        assert texts(**asked) == ["Rain will fall."], asked
    for asked in (
        {"outlets": (gazette, make_outlet())},
        {"level": "repeated"},
        {"language": "en", "status": "proposed"},
        {"said_from": date(2020, 5, 2)},
        {"disputed": True},
        {"differs": True},
        {"alarms": True},
        {"confirmed": True, "published_to": date(2020, 5, 1)},
        {"confirmed": True, "published_to": date.max, "published_from": date(2020, 5, 3)},
    ):
        assert texts(**asked) == [], asked


def test_claims_whose_reports_differ_or_leave_out_what_matters_are_found_by_index():
    numbers, condition, same = (
        make_claim("The city spends 40 million crowns on the new bridge."),
        make_claim("The bridge may open in spring if the money comes from the state."),
        make_claim("Rain will fall on the old harbour."),
    )
    make_report(numbers)
    differing = make_report(numbers, quote="The city spends 14 million crowns on the new bridge.")
    make_report(condition)
    make_report(condition, quote="The bridge may open in spring")
    make_report(same)
    make_report(same)
    assert texts(differs=True) == []

    compare_wordings()

    assert texts(differs=True) == [numbers.text]
    assert texts(alarms=True) == [condition.text]
    assert set(texts(differs=False)) == {condition.text, same.text}
    assert texts(differs=False, alarms=False, q="bridge or rain") == [same.text]
    fold_changes()
    assert find_claims(ClaimQuery(differs=True), size=20).count == Count(1)
    reject_attribution(differing, by=make_user())
    assert numbers.text not in texts(differs=True)
    compare_wordings()
    assert not Listing.objects.filter(claim=numbers, facets__contains=["has:difference"]).exists()


def test_an_order_is_also_read_from_its_end():
    for day in (3, 1, 2):
        claim = make_claim(f"Rain will fall on day {day}.")
        for _ in range(day):
            make_report(claim, article=make_article(claim.text, published_at=datetime(2020, 5, day, tzinfo=UTC)))
    reported("Undated rain.", language="en")
    make_report(make_claim("Rain without a day."), article=make_article("Rain without a day.", published_at=None))
    for one, reversed_ in (("newest", "oldest"), ("origins", "fewest")):
        for asked in ({}, {"q": "rain"}, {"level": "single"}):
            forwards = [pk for page in all_claims(ClaimQuery(order=one, **asked), size=2) for pk in page]
            backwards = [pk for page in all_claims(ClaimQuery(order=reversed_, **asked), size=2) for pk in page]
            assert len(forwards) > 1
            assert backwards == forwards[::-1], (one, asked)
    first = find_claims(ClaimQuery(order="oldest"), size=2)
    second = find_claims(ClaimQuery(order="oldest"), size=2, place=first.next)
    assert find_claims(ClaimQuery(order="oldest"), size=2, place=second.previous).ids == first.ids


def facets(**asked) -> dict[str, list[tuple[str, Count]]]:
    return find_claims(ClaimQuery(**asked), size=20).facets


def test_facets_are_the_same_stored_or_counted():
    weather = make_topic("Weather")
    for _ in range(3):
        reported("Rain will fall.", topics=(weather,))
    both = make_claim("Rain in May.", language="ru")
    make_report(both)
    make_report(both)
    make_report(both, quote="It is not so.", stance="denies")

    stored = facets()
    assert stored["level"] == [("single", Count(3)), ("corroborated", Count(1))]
    assert stored["topic"] == [(str(weather.pk), Count(3))]
    assert stored["language"] == [("en", Count(3)), ("ru", Count(1))]
    assert stored["disputed"] == [("1", Count(1))]
    assert facets(q="rain") == stored
    fold_changes()
    assert not FacetChange.objects.exists()
    assert facets() == stored


def test_counts_follow_what_is_deleted_rejected_and_merged():
    first, second = reported("Rain will fall."), reported("Snow will fall.")
    fold_changes()
    first.attributions.all().delete()
    refresh_outdated()
    Claim.objects.filter(pk=second.pk).update(merged_into=first)
    refresh_outdated()

    assert find_claims(ClaimQuery(), size=20).count == Count(0)
    assert not any(facets().values())
    fold_changes()
    assert set(FacetCount.objects.values_list("claims", flat=True)) == {0}


# Orders and pages


def walk(query: ClaimQuery, size: int) -> list[list[int]]:
    """Return the pages of a list, forwards; each must lead back to the one before."""
    pages, place = [], None
    while True:
        found = find_claims(query, size=size, place=place)
        if pages and found.ids and not found.is_cut:
            assert found.previous is not None
            back = find_claims(query, size=size, place=Place.read(found.previous.written()))
            assert back.ids == pages[-1]
        pages.append(found.ids)
        if found.next is None:
            return pages
        place = Place.read(found.next.written())


@pytest.mark.parametrize("asked", [{}, {"order": "newest"}, {"q": "rain"}, {"q": "rain", "order": "origins"}])
@pytest.mark.parametrize("exact_most", [5000, 5])
def test_pages_hold_every_claim_once_in_both_directions(monkeypatch, asked, exact_most):
    monkeypatch.setattr(search, "EXACT_MOST", exact_most)
    for number in range(23):
        claim = make_claim(f"Rain will fall {'heavily ' * (number % 3)}.")
        for _ in range(1 + number % 2):
            published = None if number % 5 == 0 else datetime(2020, 1, 1 + number % 4, tzinfo=UTC)
            make_report(claim, article=make_article(f"He said {claim.text}", published_at=published))
    query = ClaimQuery(**asked)

    pages = walk(query, 10)

    assert [len(page) for page in pages] == [10, 10, 3]
    ids = [pk for page in pages for pk in page]
    assert len(set(ids)) == 23
    assert [pk for page in all_claims(query, size=7) for pk in page] == ids


def test_the_best_match_comes_first():
    reported("Rain, and much else that was said at length on another day about other matters.")
    reported("Rain, rain, rain.")

    assert texts("rain")[0] == "Rain, rain, rain."


def test_more_matches_than_can_be_ranked_are_shown_in_an_order_that_is_stated(monkeypatch):
    monkeypatch.setattr(search, "EXACT_MOST", 2)
    reported("Rain, rain, rain.")
    reported("Rain in a long sentence that says a good many other things.")
    both = make_claim("Rain by two who say it in a long sentence as well.")
    make_report(both)
    make_report(both)

    found = find_claims(ClaimQuery(q="rain"), size=20)

    assert found.order == "origins"
    assert found.count == Count(2, is_exact=False)
    assert found.ids[0] == both.pk
    assert all(not count.is_exact for _, count in found.facets["level"])


@pytest.mark.parametrize("first", [2000, 6])
@pytest.mark.parametrize(
    "asked", [{"order": "newest"}, {"order": "oldest"}, {"order": "origins"}, {"order": "fewest", "language": "ru"}]
)
def test_a_page_that_is_all_that_is_asked_for_is_the_same_one(monkeypatch, asked, first):
    monkeypatch.setattr(search, "WALK_FIRST", first)
    for number in range(12):
        claim = make_claim(f"Rain will fall on day {number}.", language="ru" if number % 3 else "en")
        for _ in range(1 + number % 4):
            published = datetime(2020, 1, 1 + number % 5, tzinfo=UTC)
            make_report(claim, article=make_article(f"He said {claim.text}", published_at=published))
    query = ClaimQuery(outlets_min=2, **asked)

    place = None
    for _ in range(3):
        whole, bare = (find_claims(query, size=2, place=place, bare=bare) for bare in (False, True))
        assert len(whole.ids) == 2
        assert (bare.ids, bare.order, bare.is_cut) == (whole.ids, whole.order, whole.is_cut)
        assert (bare.previous, bare.next) == (whole.previous, whole.next)
        place = whole.next


def test_a_total_that_is_stored_is_exact_however_large(monkeypatch):
    monkeypatch.setattr(search, "EXACT_MOST", 2)
    for _ in range(4):
        reported("Rain will fall.")

    assert find_claims(ClaimQuery(level="single"), size=2).count == Count(4)
    assert find_claims(ClaimQuery(level="single", language="en"), size=2).count == Count(2, is_exact=False)


def test_reading_stops_where_matches_lie_thin_and_goes_on_from_there(monkeypatch):
    monkeypatch.setattr(search, "EXACT_MOST", 1)
    monkeypatch.setattr(search, "WALK_MOST", 4)
    wanted = [reported("Rain will fall.").pk for _ in range(3)]
    for _ in range(9):
        reported("Snow will fall.")
    query = ClaimQuery(q="rain", order="newest")

    first = find_claims(query, size=2)

    assert (first.ids, first.is_cut) == ([], True)
    assert sorted(pk for page in all_claims(query, size=2) for pk in page) == wanted


def test_a_changed_place_is_refused():
    for _ in range(3):
        reported("Rain will fall.")
    place = find_claims(ClaimQuery(), size=1).next
    written = place.written()

    assert Place.read(written) == place
    for changed in (written[:-1], "x" + written, written.replace(":", "", 1), "", "a:b", "é:ü", "\x00"):
        with pytest.raises(PlaceUnusable):
            Place.read(changed)
    with pytest.raises(PlaceUnusable):
        find_claims(ClaimQuery(order="newest"), size=1, place=place)
