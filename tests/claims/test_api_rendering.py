"""How answers are written: as the framework writes them, and moments alike wherever they come from."""

import decimal
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import DateTimeField
from rest_framework.renderers import JSONRenderer

from claims.api.formats import JsonRenderer
from claims.models import Corroboration
from tests.factories import make_article, make_claim, make_report

API = "/api/v1"


class Named(NamedTuple):
    name: str


@pytest.mark.parametrize(
    "value",
    [
        {"text": "“Düfte” 和平\n", "none": None, "yes": True, "number": 7, "share": 0.25, "rows": [{}, []]},
        {1: "a key that is a number"},
        [UUID(int=7), decimal.Decimal("0.5"), Named("as a row"), ("as", "a", "row")],
        [date(2020, 1, 31), datetime(2020, 1, 31, 12, 0, 0, 5, tzinfo=UTC), timedelta(seconds=90)],
        [datetime(2020, 1, 31, 12, tzinfo=timezone(timedelta(hours=8)))],
        [gettext_lazy("Claims"), ErrorDetail("Give a number.", code="invalid"), Corroboration.Level.SINGLE],
        "",
        None,
    ],
)
def test_json_is_written_as_the_framework_writes_it(value):
    assert JsonRenderer().render(value) == JSONRenderer().render(value)


def test_what_json_cannot_hold_is_a_fault_and_no_text():
    with pytest.raises(TypeError):
        JsonRenderer().render({"what": object()})


def test_spaces_come_where_they_are_asked_for(client, db):
    assert client.get(f"{API}/claims/").content.startswith(b'{"count":null,')
    assert client.get(f"{API}/claims/", headers={"Accept": "application/json; indent=2"}).content.startswith(
        b'{\n  "count": null,'
    )


@pytest.mark.parametrize("at", [{}, {"microsecond": 5}, {"microsecond": 120_000}, {"year": 801}])
def test_moments_of_lists_are_written_as_those_of_all_other_answers(client, db, at):
    claim = make_claim(said_on=date(801, 2, 3))
    published = datetime(2020, 1, 1, 12, 30, tzinfo=UTC).replace(**at)
    make_report(claim, article=make_article(f"It said: {claim.text}", published_at=published))
    stored = Corroboration.objects.get(claim=claim, basis="counted")

    [row] = client.get(f"{API}/claims/").json()["results"]

    assert row["first_published_at"] == DateTimeField().to_representation(published)
    assert row["computed_at"] == DateTimeField().to_representation(stored.computed_at)
    assert row["said_on"] == "0801-02-03"
