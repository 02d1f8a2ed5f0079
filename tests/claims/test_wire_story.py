"""A wire story from import to page: reprints are one origin, own reports are others, a denial disputes."""

import pytest

from claims.models import Claim, Corroboration
from claims.services import matching, reading
from claims.services.summaries import check, refresh_outdated
from sources import importing
from sources.documents import Document
from sources.models import Derivation, Outlet
from tests.factories import make_outlet

pytestmark = pytest.mark.django_db

SAID = "Finance Minister Ana Silva said that the harbour tunnel will open to lorries in October."
#: What the agency sent out: reprints have it word for word.
DISPATCH = f"""{SAID}

Silva spoke after a meeting with engineers in Port Amber, where the two tubes were inspected on Tuesday morning. The
tunnel was dug over six years and cost nearly twice what had been planned, according to the public works register. Its
ventilation shafts were rebuilt after a fire in the northern tube, and the signals were tested through the winter.

Drivers will pay a toll at both portals. The ferry, which has crossed the bay since before the war, is to be kept for
walkers and bicycles, and its landing stage will be repaired next spring with money left over from the second bridge."""
OWN = (
    f"""{SAID} A reporter of this newspaper asked her on the quay, between two showers. Fishermen mended nets behind her
and nobody else held out a microphone. She left by car soon afterwards.""",
    f"""The mood at the chamber of commerce was cheerful on Tuesday evening, with wine from the hills on every table.
{SAID} Members applauded, and the band played on until midnight in the old customs hall.""",
)
DENIAL = """The road hauliers' weekly has learned of second thoughts in the ministry. Finance Minister Ana Silva denied
that the harbour tunnel will open to lorries in October. Unions had asked for a date before the harvest."""


REPRINTS = [f"Reprint {number}" for number in range(1, 7)]
REPORTERS = ["Morning Quay", "Chamber News"]
DENYING = "Hauliers Weekly"


@pytest.fixture
def story():
    """Import the story as clients hand it in, and read, match and count it as the workers do."""
    make_outlet("Northwire", kind=Outlet.Kind.AGENCY, reviewed=True)
    holding = make_outlet("Quay Holding", reviewed=True)
    for name in REPORTERS:
        make_outlet(name, owner=holding, reviewed=True)
    documents = [("Northwire", DISPATCH, "2024-03-05T09:00:00Z")]
    # Three credit the agency, three copy it without a word.
    documents += [(name, f"{DISPATCH}\n\n(Northwire)", "2024-03-05T11:00:00Z") for name in REPRINTS[:3]]
    documents += [(name, DISPATCH, "2024-03-05T12:00:00Z") for name in REPRINTS[3:]]
    documents += [(name, text, "2024-03-05T13:00:00Z") for name, text in zip(REPORTERS, OWN, strict=True)]
    documents += [(DENYING, DENIAL, "2024-03-06T08:00:00Z")]
    importing.request_import(
        "the story",
        documents=[
            Document(
                str(number),
                text.encode(),
                "text/plain",
                {"outlet": name, "title": f"Tunnel {number}", "id": f"tunnel/{number}", "published_at": published_at},
            )
            for number, (name, text, published_at) in enumerate(documents)
        ],
    )
    while importing.import_next():
        pass
    while reading.extract_next_revision():
        pass
    while matching.match_next_revision():
        pass
    refresh_outdated()
    [claim] = Claim.objects.standing().filter(text__contains="tunnel will open", corroborations__basis="counted")
    return claim


def test_reprints_are_one_origin_own_reports_are_others_and_a_denial_disputes(story, client):
    stored = Corroboration.objects.get(claim=story, basis="counted")
    assert (stored.level, stored.disputed, stored.origin_count, stored.exact) == ("corroborated", True, 3, True)
    assert {outlet.name for outlet in stored.origins.all()} == {"Northwire", *REPORTERS}
    assert {outlet.name for outlet in stored.outlets.all()} == {"Northwire", *REPRINTS, *REPORTERS}
    kinds = Derivation.objects.standing().filter(article__outlet__name__in=REPRINTS)
    assert set(kinds.values_list("kind", flat=True)) == {"credit", "copy"}

    page = " ".join(client.get(story.get_absolute_url()).content.decode().split())
    assert "3 independent origins" in page
    assert "1 report denies it" in page
    assert DENYING in page
    answer = client.get(f"/api/v1/claims/{story.uid}/corroboration/").json()
    assert (answer["level"], answer["disputed"], answer["origin_count"]) == ("corroborated", True, 3)
    assert [report["outlet"]["name"] for report in answer["denials"]] == [DENYING]
    assert [found for _, batch in check(Claim.objects.all()) for found in batch] == []


def test_by_owner_there_are_two_origins(story, client):
    answer = client.get(f"/api/v1/claims/{story.uid}/corroboration/", {"by": "owner"}).json()
    assert (answer["level"], answer["origin_count"]) == ("corroborated", 2)
    assert {outlet["name"] for outlet in answer["origins"]} == {"Northwire", "Quay Holding"}
    page = client.get(story.get_absolute_url(), {"by": "owner"}).content.decode()
    assert "2 independent origins" in " ".join(page.split())


def test_by_publication_it_was_repeated_before_it_was_corroborated_and_then_disputed(story, client):
    def found(at):
        asked = {"as_of": f"2024-03-{at}Z", "clock": "published"}
        answer = client.get(f"/api/v1/claims/{story.uid}/corroboration/", asked).json()
        return answer["level"], answer["origin_count"], answer["disputed"]

    assert [found(at) for at in ("05T08:59", "05T09:00", "05T12:30", "05T13:00", "06T08:00")] == [
        ("unreported", 0, False),
        ("single", 1, False),
        ("repeated", 1, False),
        ("corroborated", 3, False),
        ("corroborated", 3, True),
    ]
