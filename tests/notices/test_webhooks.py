"""Webhooks: signed, tried again until they arrive, sent to nobody whom we may not ask, and by one worker at a time."""

import base64
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notices import events, signing, tasks, webhooks
from notices.models import Delivery, Event, Webhook
from notices.webhooks import MAX_ATTEMPTS, WebhookRefused
from sources.fetch_errors import ConnectionFailed
from sources.posting import post
from tests.factories import make_claim, make_report, make_speaker, make_topic, make_user
from tests.notices.receiver import Receiver
from tests.sources.web import Names, Unhurried, make_fetcher

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(settings):
    with Receiver() as receiver:
        settings.FETCH_ALLOWED_PRIVATE_HOSTS = [receiver.site]
        yield receiver


def make_webhook(url, *, asked=("claim.corroborated",), **fields):
    """Return a webhook that has had its ping."""
    webhook = webhooks.create_webhook(make_user(), url=url, events=asked, **fields)
    webhook.deliveries.all().delete()
    Event.objects.all().delete()
    return webhook


def happens(claim=None):
    """Let a claim become corroborated, as seen by others, and return it."""
    claim = claim or make_claim()
    make_report(claim)
    make_report(claim)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return claim


def time_passes():
    Delivery.objects.filter(state="waiting").update(next_attempt_at=timezone.now())
    Webhook.objects.update(not_before=None)


def deliver(post=post):
    webhooks.spread_events()
    return webhooks.deliver_next(post=post)


def test_a_webhook_is_tried_by_a_ping(receiver):
    webhook = webhooks.create_webhook(make_user(), url=receiver.url, events=["claim.corroborated"])
    assert deliver()

    (ping,) = receiver.received
    assert ping.message["type"] == "webhook.ping"
    assert ping.message["data"]["webhook"]["uid"] == str(webhook.uid)
    assert ping.is_signed_by(signing.secret_of(webhook.salt))
    assert webhook.deliveries.get().state == "delivered"


def test_what_happens_is_sent_once_with_a_signature_that_others_can_check(receiver):
    webhook = make_webhook(receiver.url)
    claim = happens()
    while deliver():
        pass

    (sent,) = receiver.received
    event = Event.objects.get()
    assert sent.path == "/hook"
    assert sent.headers["content-type"] == "application/json"
    assert sent.id == event.message_id
    assert sent.message["type"] == "claim.corroborated"
    assert sent.message["timestamp"] == events.message(event)["timestamp"]
    assert sent.message["data"]["claim"]["uid"] == str(claim.uid)
    assert sent.message["data"]["counted"]["level"] == "corroborated"
    assert sent.is_signed_by(signing.secret_of(webhook.salt))
    assert not sent.is_signed_by(signing.secret_of(signing.new_salt()))


def test_signatures_are_as_the_specification_computes_them(monkeypatch):
    # The example of the specification's own libraries.
    key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    monkeypatch.setattr(signing, "_key", lambda salt: base64.b64decode(key))
    headers = signing.signature_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', at=1614265330, salts=["any"]
    )

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_both_secrets_sign_for_a_day_after_one_was_rotated(receiver):
    webhook = make_webhook(receiver.url)
    old = signing.secret_of(webhook.salt)
    webhooks.rotate_secret(webhook)
    new = signing.secret_of(webhook.salt)
    happens()
    deliver()
    Webhook.objects.update(previous_until=timezone.now())
    happens()
    deliver()

    during, after = receiver.received
    assert old != new
    assert during.is_signed_by(old)
    assert during.is_signed_by(new)
    assert not after.is_signed_by(old)
    assert after.is_signed_by(new)


def test_while_a_receiver_is_down_it_is_tried_later_and_told_once_it_is_up(settings):
    receiver = Receiver()
    with receiver:
        settings.FETCH_ALLOWED_PRIVATE_HOSTS = [receiver.site]
        webhook = make_webhook(receiver.url)
    happens()
    assert deliver()
    delivery = Delivery.objects.get()
    assert delivery.state == "waiting"
    assert "could not be reached" in delivery.error
    assert timedelta(seconds=4) < delivery.next_attempt_at - timezone.now() < timedelta(seconds=11)
    assert not deliver()

    with receiver:
        time_passes()
        assert deliver()
        time_passes()
        assert not deliver()
    assert len(receiver.received) == 1
    delivery.refresh_from_db()
    webhook.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.status) == ("delivered", 2, 204)
    assert (webhook.failures, webhook.failing_since) == (0, None)


def test_a_message_whose_worker_was_killed_comes_again_with_its_id(receiver):
    make_webhook(receiver.url)
    happens()

    def killed(*args, **kwargs):
        post(*args, **kwargs)
        raise SystemExit

    with pytest.raises(SystemExit):
        deliver(killed)
    assert not deliver()
    time_passes()
    assert deliver()

    first, second = receiver.received
    assert first.id == second.id
    assert first.body == second.body
    assert Delivery.objects.get().attempts == 2
    assert Delivery.objects.get().state == "delivered"


def test_what_a_receiver_answers_is_kept_and_its_wish_to_wait_is_respected(receiver):
    receiver.answers = [(503, {"Retry-After": "600"}, b"Closed\0 for repairs"), (204, {}, b"")]
    make_webhook(receiver.url)
    happens()
    deliver()

    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.error) == (503, "It answered 503.")
    assert delivery.excerpt == "Closed\ufffd for repairs"
    assert delivery.next_attempt_at - timezone.now() > timedelta(seconds=590)


def test_of_a_long_answer_only_the_beginning_is_read(receiver):
    receiver.answers = [(500, {}, b"x" * 1_000_000)]
    make_webhook(receiver.url)
    happens()
    deliver()

    assert len(Delivery.objects.get().excerpt) == 1000


def test_after_so_many_failures_a_delivery_is_given_up_and_the_webhook_paused(receiver):
    receiver.answers = [(500, {}, b"")]
    webhook = make_webhook(receiver.url)
    happens()
    for _ in range(MAX_ATTEMPTS):
        time_passes()
        assert deliver()
    time_passes()
    assert not deliver()

    webhook.refresh_from_db()
    assert len(receiver.received) == MAX_ATTEMPTS
    assert Delivery.objects.get().state == "failed"
    assert webhook.paused_reason == "It failed 9 times in a row. It answered 500."
    happens()
    webhooks.spread_events()
    assert Delivery.objects.count() == 1

    receiver.answers = [(204, {}, b"")]
    webhooks.resume(webhook)
    assert webhooks.replay_since(webhook, timezone.now() - timedelta(hours=1)) == 2
    while deliver():
        pass
    assert len(receiver.received) == MAX_ATTEMPTS + 2
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


def test_one_refused_event_among_others_that_arrive_pauses_nothing(receiver):
    receiver.answers = [(400, {}, b""), (204, {}, b"")] * MAX_ATTEMPTS
    webhook = make_webhook(receiver.url)
    happens()
    deliver()
    webhooks.ping(webhook)
    time_passes()
    Delivery.objects.filter(event__type="claim.corroborated").update(next_attempt_at=timezone.now() + timedelta(days=1))
    assert deliver()

    webhook.refresh_from_db()
    assert (webhook.failures, webhook.paused_at) == (0, None)


def test_a_receiver_that_is_gone_is_not_asked_again(receiver):
    receiver.answers = [(410, {}, b"")]
    webhook = make_webhook(receiver.url)
    happens()
    deliver()

    webhook.refresh_from_db()
    assert webhook.paused_reason == "It answered 410."
    time_passes()
    assert not deliver()


def test_a_delivery_is_sent_again_when_somebody_asks(receiver):
    make_webhook(receiver.url)
    happens()
    deliver()
    webhooks.replay(Delivery.objects.get())
    deliver()

    first, again = receiver.received
    assert first.id == again.id


def test_a_receiver_that_does_not_answer_is_asked_by_one_message_at_a_time(settings):
    receiver = Receiver()
    with receiver:
        settings.FETCH_ALLOWED_PRIVATE_HOSTS = [receiver.site]
        make_webhook(receiver.url)
    for _ in range(3):
        happens()
    assert deliver()
    assert not deliver()


@pytest.mark.parametrize(
    ("asked", "hears"),
    [
        ({}, 2),
        ({"asked": ["claim.disputed"]}, 0),
        ({"narrow": "speaker"}, 1),
        ({"narrow": "topic"}, 1),
        ({"narrow": "claim"}, 1),
        ({"active": False}, 0),
    ],
)
def test_a_webhook_hears_what_it_asked_for(receiver, asked, hears):
    claim = make_claim(speaker=make_speaker(), topics=(make_topic("Bridges"),))
    rows = {"speaker": claim.speaker, "topic": claim.topics.get(), "claim": claim}
    if narrow := asked.pop("narrow", None):
        asked[narrow] = rows[narrow]
    make_webhook(receiver.url, **asked)
    # Somebody else listens, so that there is something to hear.
    events.listen()
    happens(claim)
    happens()
    while deliver():
        pass

    assert len(receiver.received) == hears


# Whom we do not tell


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/hook",
        "http://10.0.0.1/hook",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/hook",
        "http://2130706433/hook",
        "ftp://example.org/hook",
        "https://example.org:8443/hook",
        "file:///etc/passwd",
        "http://user:secret@127.0.0.1/hook",
        "",
    ],
)
def test_an_address_that_may_not_be_asked_is_refused_at_once(url):
    with pytest.raises(WebhookRefused) as refused:
        webhooks.create_webhook(make_user(), url=url, events=["claim.disputed"])
    assert refused.value.field == "url"
    assert not Webhook.objects.exists()


def refused_post(names, **options):
    fetcher = make_fetcher(resolver=Names(names), politeness=Unhurried(), **options)
    return lambda *args, **kwargs: post(*args, **kwargs, fetcher=fetcher)


def test_a_name_of_a_private_address_is_refused_when_it_is_looked_up():
    webhook = make_webhook("http://hook.example/")
    webhooks.ping(webhook)
    deliver(refused_post({"hook.example": [["10.1.2.3"]]}))

    delivery = Delivery.objects.get()
    webhook.refresh_from_db()
    assert delivery.state == "failed"
    assert "10.1.2.3 is refused" in delivery.error
    assert webhook.paused_reason == delivery.error


def test_a_name_that_changes_its_mind_changes_nothing(receiver):
    names = Names({"hook.example": [["127.0.0.1"], ["127.0.0.1"]]})
    webhook = make_webhook("http://hook.example/")
    webhooks.ping(webhook)
    fetcher = make_fetcher(resolver=names)
    deliver(lambda *args, **kwargs: post(*args, **kwargs, fetcher=fetcher))

    assert receiver.received == []
    assert names.lookups == ["hook.example"]
    assert "127.0.0.1 is refused" in Delivery.objects.get().error


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver, status):
    with Receiver() as other:
        receiver.answers = [(status, {"Location": other.url}, b"")]
        make_webhook(receiver.url)
        happens()
        deliver()

        assert other.received == []
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status) == ("waiting", status)


# Several workers


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_have_the_same_delivery(receiver):
    webhook = make_webhook(receiver.url)
    for _ in range(12):
        webhooks.ping(webhook)
    receiver.answer_s = 0.05

    def work():
        try:
            idle = 0
            while idle < 3:
                idle = 0 if webhooks.deliver_next() else idle + 1
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    while webhooks.deliver_next():
        pass

    assert len(receiver.received) == 12
    assert len({received.id for received in receiver.received}) == 12
    assert set(Delivery.objects.values_list("state", "attempts")) == {("delivered", 1)}


def test_work_is_found_by_the_sweep(receiver, monkeypatch):
    woken = []
    monkeypatch.setattr(tasks.send_webhooks, "delay", lambda: woken.append(1))
    make_webhook(receiver.url)
    assert tasks.sweep() == 0
    happens()
    assert tasks.sweep() == 1
    assert tasks.send_webhooks() == 1
    assert tasks.sweep() == 0
    assert len(woken) == 1


def test_an_outcome_that_comes_late_is_not_taken_for_that_of_a_later_attempt(receiver):
    webhook = make_webhook(receiver.url)
    webhooks.ping(webhook)

    def overtaken(*args, **kwargs):
        time_passes()
        assert webhooks.deliver_next()
        raise ConnectionFailed("It broke off.")

    deliver(overtaken)

    assert (Delivery.objects.get().state, Delivery.objects.get().attempts) == ("delivered", 2)
