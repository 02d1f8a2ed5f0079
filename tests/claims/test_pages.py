"""Pages of claims, and of outlets and articles where they show claims."""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Attribution, Claim, Corroboration
from claims.services.summaries import refresh_corroboration
from tests.factories import (
    make_claim,
    make_outlet,
    make_report,
    make_speaker,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    """Return a page's words without its elements, spaces evened out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


# Every page


def test_html_in_imported_text_is_shown_not_run(client):
    bad = "<script>alert(1)</script>"
    claim = make_claim(f"Rain {bad}", speaker=make_speaker(f"Ana {bad}"), topics=(make_topic(f"Topic {bad}"),))
    attribution = make_report(claim, outlet=make_outlet(f"Gazette {bad}"), credit=make_outlet(f"Agency {bad}"))
    article = attribution.statement.revision.article
    make_report(claim, quote="Snow <img src=x onerror=alert(1)>")

    for address in (
        "/",
        claim.get_absolute_url(),
        article.get_absolute_url(),
        article.outlet.get_absolute_url(),
        "/outlets/",
        "/articles/",
    ):
        page = client.get(address).content.decode()
        assert bad not in page, address
        assert "<img" not in page, address
        assert "&lt;script&gt;" in page, address


@pytest.mark.parametrize("kind", ["claims", "statements", "articles", "snapshots", "imports"])
def test_an_unknown_id_is_not_found(client, kind):
    response = client.get(f"/{kind}/{uuid.UUID(int=1)}/")

    assert response.status_code == 404
    assert "There is no such page" in text_of(response)


def test_pages_may_be_only_read(client):
    assert client.post("/claims/").status_code == 405
    assert client.post(make_claim().get_absolute_url()).status_code == 405


# Editors


@pytest.fixture
def report() -> Attribution:
    return make_report(make_claim("Rain will fall."), outlet=make_outlet("Gazette"))


ACTIONS = ["attribution_confirm", "attribution_reject", "attribution_correct"]


@pytest.mark.parametrize("action", ACTIONS)
def test_a_stranger_is_asked_to_sign_in(client, report, action):
    response = client.post(reverse(action, args=[report.uid]))

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=")
    report.refresh_from_db()
    assert report.status == "proposed"


@pytest.mark.parametrize("action", ACTIONS)
def test_a_user_without_the_permission_may_not_decide(client, report, action):
    client.force_login(make_user())
    response = client.post(reverse(action, args=[report.uid]), {"change": "new"})

    assert response.status_code == 403
    assert "Your account may not do this" in text_of(response)
    report.refresh_from_db()
    assert report.status == "proposed"


@pytest.mark.parametrize("action", ACTIONS)
def test_an_unknown_attribution_cannot_be_decided(client, action):
    client.force_login(make_user(editor=True))

    assert client.post(reverse(action, args=[uuid.UUID(int=1)])).status_code == 404


def test_only_editors_see_the_buttons(client, report):
    address = reverse("attribution_confirm", args=[report.uid])

    assert address not in client.get(report.claim.get_absolute_url()).content.decode()
    client.force_login(make_user(editor=True))
    assert address in client.get(report.claim.get_absolute_url()).content.decode()


def test_a_form_from_elsewhere_is_refused(report):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(editor=True))
    response = client.post(reverse("attribution_confirm", args=[report.uid]))

    assert response.status_code == 403
    assert "The form has expired" in text_of(response)


def test_an_editor_confirms(client, report):
    client.force_login(editor := make_user(editor=True))
    response = client.post(reverse("attribution_confirm", args=[report.uid]), follow=True)

    report.refresh_from_db()
    assert (report.status, report.decided_by) == ("confirmed", editor)
    assert response.redirect_chain == [(f"{report.claim.get_absolute_url()}#r-{report.uid}", 302)]
    assert "Confirmed: the statement carries this claim." in text_of(response)


def test_an_editor_rejects_and_the_level_follows(client, report):
    make_report(report.claim)
    client.force_login(make_user(editor=True))
    response = client.post(reverse("attribution_reject", args=[report.uid]), follow=True)

    report.refresh_from_db()
    assert report.status == "rejected"
    assert response.context["reports"].finding.level == "single"
    assert Corroboration.objects.get(claim=report.claim, basis="counted").level == "single"


def test_an_editor_moves_a_statement_to_another_claim(client, report):
    other = make_claim("It will rain.", speaker=report.claim.speaker)
    client.force_login(make_user(editor=True))
    address = reverse("attribution_correct", args=[report.uid])
    assert "It will rain." in text_of(client.get(address))

    response = client.post(address, {"change": "move", "claim": str(other.uid)}, follow=True)

    assert other.attributions.get().status == "confirmed"
    assert "Corrected: the statement is at “It will rain.”" in text_of(response)


def test_an_editor_gives_a_statement_a_claim_of_its_own(client, report):
    make_report(report.claim)
    client.force_login(make_user(editor=True))
    client.post(reverse("attribution_correct", args=[report.uid]), {"change": "new"})

    new = Claim.objects.exclude(pk=report.claim_id).get()
    assert new.attributions.get().statement == report.statement


def test_an_editor_corrects_the_stance(client, report):
    client.force_login(make_user(editor=True))
    address = reverse("attribution_correct", args=[report.uid])
    client.post(address, {"change": "stance", "stance": "denies"})

    report.refresh_from_db()
    assert (report.stance, report.status) == ("denies", "confirmed")


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Choose what to correct."),
        ({"change": "burn"}, "Choose what to correct."),
        ({"change": "move"}, "Choose the claim that the statement carries."),
        ({"change": "move", "claim": "x"}, "There is no claim of this name or id: “x”."),
        ({"change": "move", "claim": str(uuid.UUID(int=1))}, "There is no claim"),
        ({"change": "stance"}, "Choose whether the statement affirms or denies the claim."),
        ({"change": "stance", "stance": "maybe"}, "Select a valid choice."),
    ],
)
def test_an_incomplete_correction_is_explained(client, report, sent, message):
    client.force_login(make_user(editor=True))
    response = client.post(reverse("attribution_correct", args=[report.uid]), sent)

    assert response.status_code == 400
    assert message in text_of(response)
    report.refresh_from_db()
    assert report.status == "proposed"


def test_a_decision_on_a_merged_claim_is_refused_with_a_reason(client, report):
    report.claim.merged_into = make_claim()
    report.claim.save()
    client.force_login(make_user(editor=True))
    response = client.post(reverse("attribution_confirm", args=[report.uid]))

    assert response.status_code == 409
    assert "merged" in text_of(response)


def test_the_likest_claims_of_the_speaker_are_offered_first(client, report):
    for text in ("Taxes may change.", "Some rain will fall.", "Roads are built."):
        make_claim(text, speaker=report.claim.speaker)
    client.force_login(make_user(editor=True))
    response = client.get(reverse("attribution_correct", args=[report.uid]))

    offered = [claim.text for claim in response.context["candidates"]]
    assert offered[0] == "Some rain will fall."
    assert report.claim.text not in offered


def test_candidates_are_searched(client, report):
    snow = make_report(make_claim("Snow will fall in June."))
    refresh_corroboration([snow.claim_id])
    client.force_login(make_user(editor=True))
    address = reverse("attribution_correct", args=[report.uid])

    assert "Snow will fall in June." in text_of(client.get(f"{address}?q=snow"))
    assert "No other claim was found for “hail”" in text_of(client.get(f"{address}?q=hail"))


# The whole site


def test_no_page_runs_or_styles_inline_or_asks_another_host(client, report):
    client.force_login(make_user(editor=True))
    refresh_corroboration([report.claim_id])
    for address in (
        "/",
        report.claim.get_absolute_url(),
        report.statement.revision.article.get_absolute_url(),
        "/outlets/",
        "/imports/",
        "/accounts/login/",
        reverse("attribution_correct", args=[report.uid]),
        "/nothing-here/",
    ):
        page = client.get(address).content.decode()
        # A script is a file of the site; data for search engines is none.
        scripts = re.findall(r"<script ?([^>]*)>", page)
        assert all(re.match(r'src="/static/|type="application/ld\+json"', script) for script in scripts), address
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page), address
        assert not re.search(r'(?:src|<link(?! rel="(?:canonical|alternate)")[^>]+href)="(?:https?:)?//', page), address


def test_every_page_has_a_title_a_language_and_a_way_past_the_header(client, report):
    titles = set()
    for address in ("/", report.claim.get_absolute_url(), "/articles/", "/outlets/", "/imports/"):
        page = client.get(address).content.decode()
        assert '<html lang="en" dir="ltr">' in page
        assert '<a class="skip" href="#main">' in page
        assert len(re.findall(r"<h1[ >]", page)) == 1, address
        titles.update(re.findall(r"<title>(.+?)</title>", page.split("</head>")[0]))
    assert len(titles) == 5
