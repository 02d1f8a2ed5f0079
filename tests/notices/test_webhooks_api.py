"""Webhooks over REST: whose they are, what is refused, and that a secret is shown once."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker

from claims.api.views import webhooks as api
from notices import events as notices
from notices import webhooks
from notices.models import Delivery, Event, Webhook
from notices.triggers import PING, TYPES
from sources import importing
from sources.documents import Refusal
from tests.claims.description import description
from tests.claims.test_api_schema import strict, strict_description
from tests.factories import make_claim, make_report, make_speaker, make_topic, make_user, revise

pytestmark = pytest.mark.django_db

WEBHOOKS = "/api/v1/webhooks/"
GOOD = {"url": "https://hook.example/in", "events": ["claim.corroborated", "claim.disputed"]}


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    sent = []
    monkeypatch.setattr(api.send_webhooks, "delay", lambda: sent.append(1))
    return sent


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def eve():
    return signed_in(make_user("eve", editor=True))


@pytest.fixture
def boss():
    user = make_user("boss", editor=True)
    user.user_permissions.add(Permission.objects.get(codename="manage_people"))
    return signed_in(user)


def post(client, address, body=None, expected=200, *, method="post"):
    answer = getattr(client, method)(address, json.dumps(body or {}), content_type="application/json")
    assert answer.status_code == expected, answer.content
    return answer.json() if answer.content else None


def test_a_webhook_is_made_shown_changed_and_ended(eve, woken):
    made = post(eve, WEBHOOKS, {**GOOD, "description": "Newsroom"}, 201)
    assert made["secret"].startswith("whsec_")
    assert made["links"]["self"].endswith(f"{WEBHOOKS}{made['uid']}/")
    assert woken
    address = f"{WEBHOOKS}{made['uid']}/"
    shown = eve.get(address).json()
    assert "secret" not in shown
    assert shown == {name: value for name, value in made.items() if name != "secret"}
    assert eve.get(WEBHOOKS).json()["results"] == [shown]

    claim = make_claim()
    changed = post(eve, address, {"active": False, "claim": str(claim.uid)}, method="patch")
    assert (changed["active"], changed["claim"]["uid"]) == (False, str(claim.uid))
    rotated = post(eve, f"{address}rotate/")
    assert rotated["secret"] not in ("", made["secret"])
    assert eve.delete(address).status_code == 204
    assert eve.get(address).status_code == 404


def test_deliveries_are_listed_and_sent_again(eve):
    made = post(eve, WEBHOOKS, GOOD, 201)
    address = made["links"]["deliveries"]
    (ping,) = eve.get(address).json()["results"]
    assert (ping["type"], ping["state"], ping["attempts"]) == ("webhook.ping", "waiting", 0)
    Delivery.objects.update(state="failed", next_attempt_at=None, attempts=9)
    assert eve.get(f"{address}?state=waiting").json()["results"] == []

    again = post(eve, f"{address}{ping['uid']}/replay/", expected=202)
    assert (again["state"], again["attempts"], again["event"]) == ("waiting", 0, ping["event"])
    since = {"since": (timezone.now() - timedelta(days=1)).isoformat()}
    assert post(eve, f"{WEBHOOKS}{made['uid']}/replay/", since, 202) == {"waiting": 0}


def test_a_paused_one_goes_on(eve):
    made = post(eve, WEBHOOKS, GOOD, 201)
    Webhook.objects.update(paused_at=timezone.now(), paused_reason="It answered 410.", failures=3)
    resumed = post(eve, f"{WEBHOOKS}{made['uid']}/resume/")
    assert (resumed["paused_at"], resumed["paused_reason"], resumed["failures"]) == (None, "", 0)
    assert post(eve, f"{WEBHOOKS}{made['uid']}/resume/", {"now": True}, 400)


def test_a_webhook_is_its_owners_and_an_administrator_sees_all(eve, boss):
    made = post(eve, WEBHOOKS, GOOD, 201)
    address = f"{WEBHOOKS}{made['uid']}/"
    other = signed_in(make_user("oscar", editor=True))
    assert other.get(WEBHOOKS).json()["results"] == []
    assert other.get(address).status_code == 404
    assert other.get(f"{address}deliveries/").status_code == 404
    post(other, f"{address}rotate/", expected=404)
    post(other, f"{address}deliveries/{uuid4()}/replay/", expected=404)
    assert other.delete(address).status_code == 404
    assert [row["owner"] for row in boss.get(WEBHOOKS).json()["results"]] == ["eve"]


def test_who_may_not_decide_has_none(client):
    assert client.get(WEBHOOKS).status_code == 401
    post(client, WEBHOOKS, GOOD, 401)
    post(signed_in(make_user("rita")), WEBHOOKS, GOOD, 403)
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "http://127.0.0.1/"}, "url"),
        ({"url": "http://169.254.169.254/"}, "url"),
        ({"url": "x" * 3000}, "url"),
        ({"url": "https://hook.example/\x00"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["webhook.ping"]}, "events"),
        ({"events": "claim.disputed"}, "events"),
        ({"claim": str(uuid4())}, "claim"),
        ({"claim": 7}, "claim"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_meant_is_refused(eve, change, field):
    answer = post(eve, WEBHOOKS, {**GOOD, **change}, 400)
    assert list(answer["fields"]) == [field]
    assert not Webhook.objects.exists()


def test_only_events_of_claims_are_narrowed(eve):
    topic = {"topic": str(make_topic("Bridges").uid)}
    answer = post(eve, WEBHOOKS, {**GOOD, "events": ["import.finished"], **topic}, 400)
    assert "Make two webhooks" in answer["fields"]["topic"][0]
    made = post(eve, WEBHOOKS, {**GOOD, **topic}, 201)
    post(eve, f"{WEBHOOKS}{made['uid']}/", {"events": ["import.finished"]}, 400, method="patch")
    assert Webhook.objects.get().events == ["claim.corroborated", "claim.disputed"]


def test_lists_take_as_many_queries_for_many_rows(eve):
    post(eve, WEBHOOKS, {**GOOD, "claim": str(make_claim().uid)}, 201)
    webhook = Webhook.objects.get()

    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert eve.get(address).status_code == 200
        return len(captured)

    deliveries = f"{WEBHOOKS}{webhook.uid}/deliveries/"
    few = queries(WEBHOOKS), queries(deliveries)
    for number in range(5):
        other = webhooks.create_webhook(webhook.owner, **{**GOOD, "claim": make_claim()})
        Delivery.objects.filter(webhook=other).update(webhook=webhook)
        assert webhook.deliveries.count() == number + 2
    assert (queries(WEBHOOKS), queries(deliveries)) == few


def test_an_account_has_not_any_number_of_them(eve, monkeypatch):
    monkeypatch.setattr(webhooks, "MOST_WEBHOOKS", 1)
    post(eve, WEBHOOKS, GOOD, 201)
    assert "at most 1 webhooks" in post(eve, WEBHOOKS, GOOD, 400)["fields"]["url"][0]


# The description


@pytest.fixture
def schema():
    return description()


def test_the_description_has_all_that_is_sent_and_asked(schema):
    assert set(schema["webhooks"]) == {*TYPES, PING}
    assert f"{WEBHOOKS}{{uid}}/deliveries/{{delivery}}/replay/" in schema["paths"]
    assert "text/event-stream" in schema["paths"]["/api/v1/events/"]["get"]["responses"]["200"]["content"]


def test_what_is_sent_and_answered_is_as_described(eve, schema):
    claim = make_claim("The bridge is closed.", speaker=make_speaker(), topics=(make_topic("Bridges"),))
    article = make_report(claim).statement.revision.article
    made = post(eve, WEBHOOKS, {**GOOD, "events": list(TYPES)}, 201)
    make_report(claim)
    make_report(claim, stance="denies")
    revise(article, "It is open again.")
    importing.cancel_run(importing.request_import("Test", documents=[Refusal("1", "It is empty.")]))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    notices.note_finished_imports()

    told = {event.type: notices.message(event) for event in Event.objects.order_by("id")}
    assert set(told) == {"claim.corroborated", "claim.disputed", "article.revised", "import.finished", PING}
    for name, message in told.items():
        sent = schema["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]
        # As it travels, where times are texts.
        assert not wrong(sent, json.loads(json.dumps({n: message[n] for n in ("type", "timestamp", "data")})))

    answers = {
        WEBHOOKS: eve.get(WEBHOOKS),
        f"{WEBHOOKS}{{uid}}/": eve.get(f"{WEBHOOKS}{made['uid']}/"),
        f"{WEBHOOKS}{{uid}}/deliveries/": eve.get(made["links"]["deliveries"]),
        "/api/v1/events/": eve.get("/api/v1/events/"),
    }
    for path, answer in answers.items():
        shape = schema["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert not wrong(shape, answer.json()), path


def wrong(shape, value):
    components = strict_description()["components"]
    checker = Draft202012Validator({**strict(shape), "components": components}, format_checker=FormatChecker())
    return [f"{list(error.path)}: {error.message[:200]}" for error in checker.iter_errors(value)]
