"""Webhooks at the desk: made, looked at, tried, sent again and ended without JavaScript."""

import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from claims.views import webhooks as pages
from notices import signing, webhooks
from notices.models import Delivery, Webhook
from tests.factories import make_claim, make_user

pytestmark = pytest.mark.django_db

GOOD = {"url": "https://hook.example/in", "description": "Newsroom", "events": ["claim.corroborated"]}


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    sent = []
    monkeypatch.setattr(pages.send_webhooks, "delay", lambda: sent.append(1))
    return sent


@pytest.fixture
def eve():
    return make_user("eve", editor=True)


@pytest.fixture
def desk(eve):
    client = Client()
    client.force_login(eve)
    return client


def make_webhook(owner, **fields):
    return webhooks.create_webhook(owner, **{**GOOD, **fields})


def text_of(response):
    return response.content.decode()


def test_an_editor_makes_one_and_sees_its_secret_once(desk, woken):
    made = desk.post("/desk/webhooks/", GOOD)
    webhook = Webhook.objects.get()
    assert signing.secret_of(webhook.salt) in text_of(made)
    assert "no-store" in made.headers["Cache-Control"]
    assert woken
    for address in ("/desk/webhooks/", f"/desk/webhooks/{webhook.uid}/"):
        page = text_of(desk.get(address))
        assert "Newsroom" in page
        assert "A claim became corroborated" in page
        assert "whsec_" not in page


def test_what_deletes_it_for_good_is_folded_away_from_what_does_not(desk, eve):
    page = text_of(desk.get(f"/desk/webhooks/{make_webhook(eve).uid}/"))
    [folded] = re.findall(r"<details.*?</details>", page, re.DOTALL)
    assert "This cannot be undone" in folded
    assert re.findall(r"<button[^>]*>(.*?)</button>", folded) == ["Delete it"]
    assert page.count("/delete/") == 1


def test_what_cannot_be_told_is_refused_with_the_reason(desk):
    answer = desk.post("/desk/webhooks/", {**GOOD, "url": "http://127.0.0.1/"})
    assert answer.status_code == 400
    assert "http://127.0.0.1/ is not fetched" in text_of(answer)
    assert desk.post("/desk/webhooks/", {**GOOD, "events": []}).status_code == 400
    assert not Webhook.objects.exists()


def test_a_failed_delivery_shows_why_and_is_sent_again(desk, eve):
    webhook = make_webhook(eve)
    Delivery.objects.update(
        state="failed", next_attempt_at=None, attempts=9, status=500, error="It answered 500.", excerpt="<b>Oops"
    )
    Webhook.objects.update(paused_at=timezone.now(), paused_reason="It failed 9 times in a row.", failures=9)
    address = f"/desk/webhooks/{webhook.uid}/"
    page = text_of(desk.get(address))
    assert "It answered 500." in page
    assert "&lt;b&gt;Oops" in page
    assert "It failed 9 times in a row." in page
    assert "9 attempts" in page
    assert "It answered 500." not in text_of(desk.get(f"{address}?state=delivered"))

    desk.post(f"{address}deliveries/{webhook.deliveries.get().uid}/replay/")
    desk.post(f"{address}resume/")
    assert (webhook.deliveries.get().state, webhook.deliveries.get().attempts) == ("waiting", 0)
    assert Webhook.objects.get().paused_at is None


def test_each_button_does_what_it_says(desk, eve):
    webhook = make_webhook(eve)
    address = f"/desk/webhooks/{webhook.uid}/"
    page = text_of(desk.get(address))
    verbs = set(re.findall(rf'action="{address}(\w+)/"', page))
    assert verbs == {"ping", "rotate", "stop", "delete", "replay"}

    desk.post(f"{address}stop/")
    assert Webhook.objects.get().active is False
    desk.post(f"{address}start/")
    assert Webhook.objects.get().active is True
    assert signing.secret_of(webhook.salt) not in text_of(desk.post(f"{address}rotate/"))
    assert "are on their way" in text_of(desk.post(f"{address}replay/", {"hours": 24}, follow=True))
    assert desk.post(f"{address}replay/", {"hours": 5}).status_code == 400
    assert desk.post(f"{address}wrong/").status_code == 404
    desk.post(f"{address}delete/")
    assert not Webhook.objects.exists()


def test_others_do_not_see_it_but_administrators_do(desk, eve):
    webhook = make_webhook(make_user("oscar", editor=True))
    address = f"/desk/webhooks/{webhook.uid}/"
    assert "Newsroom" not in text_of(desk.get("/desk/webhooks/"))
    assert desk.get(address).status_code == 404
    assert desk.post(f"{address}delete/").status_code == 404
    assert desk.post(f"{address}deliveries/{uuid4()}/replay/").status_code == 404
    eve.user_permissions.add(Permission.objects.get(codename="manage_people"))
    assert "oscar" in text_of(desk.get("/desk/webhooks/"))
    assert desk.get(address).status_code == 200


def test_readers_are_asked_to_sign_in(client):
    assert client.get("/desk/webhooks/").status_code == 302
    client.force_login(make_user("rita"))
    assert client.get("/desk/webhooks/").status_code == 403


def test_pages_take_as_many_queries_for_many_rows(desk, eve):
    webhook = make_webhook(eve, claim=make_claim())

    def queries():
        found = []
        for address in ("/desk/webhooks/", f"/desk/webhooks/{webhook.uid}/"):
            with CaptureQueriesContext(connection) as captured:
                assert desk.get(address).status_code == 200
            found.append(len(captured))
        return found

    few = queries()
    for _ in range(5):
        other = make_webhook(eve, claim=make_claim())
        Delivery.objects.filter(webhook=other).update(webhook=webhook)
    assert queries() == few


def test_pages_are_there_in_other_languages(desk, eve):
    webhook = make_webhook(eve)
    # A page leaves its language active, for the tests that come after.
    with translation.override("en"):
        for prefix in ("/zh-hans", "/ru"):
            assert desk.get(f"{prefix}/desk/webhooks/").status_code == 200
            assert desk.get(f"{prefix}/desk/webhooks/{webhook.uid}/").status_code == 200
