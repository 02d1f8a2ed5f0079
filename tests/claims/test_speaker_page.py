"""The speakers, and of each the claims over time and who quotes them."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from claims import querysets_coreporting
from claims.models import ClaimLink, SpeakerAlias
from claims.presentation.timeline import timeline
from claims.querysets_coreporting import Standing
from claims.services.speakers import merge_speakers
from claims.views import speakers
from tests.claims.pages import queries_of, report_all, text_of
from tests.factories import make_article, make_claim, make_outlet, make_report, make_speaker, make_user

pytestmark = pytest.mark.django_db


def reported(text, speaker, *outlets, on=(2020, 1, 1), **report):
    """Return a claim that outlets report, published on a day."""
    claim = make_claim(text, speaker=speaker)
    for outlet in outlets:
        published_at = datetime(*on, tzinfo=UTC) if on else None
        make_report(claim, article=make_article(f"X said: {text}", outlet=outlet, published_at=published_at), **report)
    return claim


def standing(year, month, level="single"):
    return Standing(1, level, False, 1, 1, True, datetime(year, month, 15, tzinfo=UTC), "en")


def test_speakers_are_listed_and_found_by_any_name(client):
    ana = make_speaker("Ana Ruiz", represents=make_speaker("Spain"))
    SpeakerAlias.objects.create(speaker=ana, name="安娜")
    for _ in range(3):
        make_report(make_claim(speaker=ana))
    make_claim(speaker=ana)

    response = client.get("/speakers/")
    assert [(row.name, count) for row, count in response.context["rows"]] == [("Ana Ruiz", 3), ("Spain", 0)]
    assert [row.name for row in client.get("/speakers/?q=安娜").context["page"]] == ["Ana Ruiz"]
    assert "No speaker found" in text_of(client.get("/speakers/?q=nobody"))


def test_a_speaker_has_the_claims_by_month_and_who_quotes_them_at_what_level(client):
    ana = make_speaker("Ana Ruiz")
    SpeakerAlias.objects.create(speaker=ana, name="A. Ruiz")
    gazette, review, agency = make_outlet("Gazette"), make_outlet("Review"), make_outlet("Agency")
    reported("Rain will fall.", ana, gazette, on=(2020, 3, 5))
    reported("Snow will fall.", ana, gazette, review, on=(2020, 1, 31), credit=agency)
    reported("Hail will fall.", ana, gazette, review, on=None)

    response = client.get(ana.get_absolute_url())

    months = [(month.begins, [claim.text for claim, _ in month.claims]) for month in response.context["months"]]
    assert months == [
        (date(2020, 3, 1), ["Rain will fall."]),
        (date(2020, 1, 1), ["Snow will fall."]),
        (None, ["Hail will fall."]),
    ]
    quoting = [
        (row.outlet.name, row.total, row.corroborated, row.repeated, row.single) for row in response.context["quoting"]
    ]
    assert quoting == [("Gazette", 3, 1, 1, 1), ("Review", 2, 1, 1, 0)]
    words = text_of(response)
    assert "Also named" in words
    assert "A. Ruiz" in words
    assert "English 3" in words
    assert "March 2020: 1 single" in words
    assert "1 claim without a date is not drawn." in words


def test_a_bar_of_the_timeline_leads_to_the_claims_of_its_month(client):
    ana = make_speaker()
    gazette = make_outlet("Gazette")
    reported("Rain will fall.", ana, gazette, on=(2020, 3, 5))
    reported("Snow will fall.", ana, gazette, on=(2020, 1, 31))

    page = client.get(ana.get_absolute_url())
    assert 'href="?from=2020-01#claims"' in page.content.decode()
    january = client.get(f"{ana.get_absolute_url()}?from=2020-01")
    assert [claim.text for month in january.context["months"] for claim, _ in month.claims] == ["Snow will fall."]
    assert 'aria-current="true"><title>January 2020: 1 single' in january.content.decode()
    assert "Claims of January 2020" in text_of(january)
    assert "No claim was first published then." in text_of(client.get(f"{ana.get_absolute_url()}?from=2020-02"))
    unread = client.get(f"{ana.get_absolute_url()}?from=yesterday")
    assert len(unread.context["months"]) == 2


def test_a_timeline_has_a_place_for_each_month_between_the_first_and_the_last():
    drawn = timeline([standing(2020, 11), standing(2021, 2), standing(2021, 2), standing(2021, 2, "repeated")])

    assert (drawn.length, drawn.yearly, drawn.most) == (12, False, 2)
    assert (drawn.first, drawn.last) == (date(2020, 11, 1), date(2021, 10, 1))
    assert [(bar.place, bar.begins, bar.counts) for bar in drawn.bars] == [
        (0, date(2020, 11, 1), {"single": 1}),
        (3, date(2021, 2, 1), {"single": 2, "repeated": 1}),
    ]
    assert drawn.bars[1].parts == [("repeated", 1, 0.5, 0.5), ("single", 2, 0.0, 1.0)]


def test_a_long_timeline_is_of_years():
    drawn = timeline([standing(2010, 11), standing(2020, 2)])

    assert (drawn.length, drawn.yearly, drawn.last) == (12, True, date(2021, 1, 1))
    assert [bar.begins for bar in drawn.bars] == [date(2010, 1, 1), date(2020, 1, 1)]


def test_contradictions_of_the_same_speaker_are_listed_unless_rejected(client):
    ana, gazette = make_speaker(), make_outlet()
    one, two, three = (reported(text, ana, gazette) for text in ("Rain will fall.", "No rain will fall.", "Dry."))
    link = {"kind": ClaimLink.Kind.CONTRADICTS, "score": 0.9, "method": "test", "reason": "“no” is added"}
    ClaimLink.objects.create(claim=one, other=two, **link)
    rejected = {"status": "rejected", "decided_by": make_user(), "decided_at": datetime(2020, 1, 2, tzinfo=UTC)}
    ClaimLink.objects.create(claim=two, other=three, **link, **rejected)

    response = client.get(ana.get_absolute_url())

    assert [(found.claim, found.other) for found in response.context["contradictions"]] == [(one, two)]
    assert "“no” is added" in text_of(response)


def test_a_merged_speaker_leads_to_the_one_that_stands(client):
    ana, other = make_speaker("Ana Ruiz"), make_speaker("A. Ruiz")
    reported("Rain will fall.", other, make_outlet())
    merge_speakers(other, into=ana, by=make_user())

    response = client.get(other.get_absolute_url())

    assert (response.status_code, response.url) == (301, ana.get_absolute_url())
    assert response["Cache-Control"] == "no-cache"
    assert "Rain will fall." in text_of(client.get(ana.get_absolute_url()))
    assert "A. Ruiz" not in [row.name for row in client.get("/speakers/").context["page"]]


def test_a_speaker_of_whom_nothing_is_reported_says_what_to_do(client):
    ana = make_speaker()

    assert "No claim of this speaker is reported" in text_of(client.get(ana.get_absolute_url()))
    assert client.get("/speakers/00000000-0000-0000-0000-000000000000/").status_code == 404


def test_a_speaker_of_many_claims_shows_those_found_last_and_says_so(client, monkeypatch):
    monkeypatch.setattr(querysets_coreporting, "WINDOW", 2)
    monkeypatch.setattr(speakers, "WINDOW", 2)
    ana = make_speaker()
    for number in range(3):
        reported(f"Claim {number}.", ana, make_outlet())

    response = client.get(ana.get_absolute_url())

    assert [s.claim for s in response.context["latest"].claims] == list(
        ana.claims.order_by("-pk").values_list("pk", flat=True)[:2]
    )
    assert "2 reported claims of the 2 that were found last" in text_of(response)


def test_the_pages_of_speakers_take_as_many_queries_for_a_hundred_claims_as_for_one(client):
    ana, outlets = make_speaker(), [make_outlet() for _ in range(2)]

    def report_new(count):
        claims = [make_claim(speaker=ana) for _ in range(count)]
        report_all(claims, *outlets)
        return claims

    first, second = report_new(2)
    link = {"kind": ClaimLink.Kind.CONTRADICTS, "score": 0.9, "method": "test"}
    ClaimLink.objects.create(claim=first, other=second, **link)
    one, listed = queries_of(client, ana.get_absolute_url()), queries_of(client, "/speakers/")
    claims = report_new(98)
    for before, after in pairwise(claims[:10]):
        ClaimLink.objects.create(claim=before, other=after, **link)
    for _ in range(30):
        make_speaker(represents=ana)

    assert queries_of(client, ana.get_absolute_url()) == one <= 12
    assert queries_of(client, "/speakers/") == listed <= 12
