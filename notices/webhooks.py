"""Telling webhooks what happened: each event to whoever asked for it, tried again until it arrives or is given up.

Work is found in rows. A message may arrive twice, as when a worker dies between sending it and writing that down; it
has the same `webhook-id` then.
"""

import json
import logging
import random
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Claim, Speaker, Topic
from notices import signing
from notices.events import message, note
from notices.models import Delivery, Event, Webhook
from notices.triggers import OF_CLAIMS, PING, TYPES
from sources.fetch_errors import AddressRefused, FetchFailed
from sources.politeness import retry_after_s
from sources.posting import Posted, check_address, post

logger = logging.getLogger(__name__)

Post = Callable[..., Posted]

#: Seconds that a receiver has to answer in.
DEADLINE_S = 15.0
#: How long an attempt is its worker's own: longer than it may take.
LEASE = timedelta(seconds=DEADLINE_S + 15)
#: Waits after failures: 10 s, 40 s, … up to half a day; given up after the ninth attempt, about a day after the first.
FIRST_WAIT_S, WAIT_FACTOR, LONGEST_WAIT_S = 10.0, 4.0, 43_200.0
MAX_ATTEMPTS = 9
#: A receiver that answers so does not want to be told of anything any more.
GONE = 410
EVENTS_PER_LOOK = 200
MOST_WEBHOOKS = 50
#: How long the secret before is signed with, too.
ROTATION = timedelta(hours=24)

# Which webhooks an event is for.
_MEANT = """
    e.type = ANY(w.events) AND w.active
    AND (w.claim_id IS NULL OR w.claim_id = e.row_id)
    AND (w.speaker_id IS NULL OR EXISTS (
        SELECT FROM claims_claim c WHERE c.id = e.row_id AND c.speaker_id = w.speaker_id
    ))
    AND (w.topic_id IS NULL OR EXISTS (
        SELECT FROM claims_claimtopic t WHERE t.claim_id = e.row_id AND t.topic_id = w.topic_id
    ))
"""
_DELIVERIES = """
    INSERT INTO notices_delivery
        (uid, webhook_id, event_id, state, attempts, created_at, next_attempt_at, error, excerpt)
    SELECT gen_random_uuid(), w.id, e.id, 'waiting', 0, now(), now(), '', ''
    FROM notices_event e JOIN notices_webhook w ON """


class WebhookRefused(ValueError):
    """A webhook that cannot be as it is asked for; `field` names what is wrong."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


# What is done to webhooks


def create_webhook(owner: User, *, url: str, events: Collection[str], **fields: Any) -> Webhook:
    """Return a new webhook, to which a ping is on its way.

    Raises WebhookRefused.
    """
    if Webhook.objects.filter(owner=owner).count() >= MOST_WEBHOOKS:
        raise WebhookRefused(
            "url", _("An account has at most %(most)d webhooks; delete one first.") % {"most": MOST_WEBHOOKS}
        )
    webhook = Webhook(owner=owner, url=url, events=list(events), salt=signing.new_salt(), **fields)
    _check(webhook)
    with transaction.atomic():
        webhook.save()
        ping(webhook)
    logger.info("webhook created id=%s user=%d", webhook.uid, owner.pk)
    return webhook


def change_webhook(webhook: Webhook, **fields: Any) -> None:
    """Change what a webhook asks for. One that is made active, or has another address, is tried afresh.

    Raises WebhookRefused; nothing is stored then.
    """
    for name, value in fields.items():
        setattr(webhook, name, value)
    _check(webhook)
    afresh = _begin_afresh(webhook) if {"url", "active"} & fields.keys() else []
    webhook.save(update_fields=[*fields, *afresh])
    logger.info("webhook changed id=%s fields=%s", webhook.uid, ",".join(sorted(fields)))


def resume(webhook: Webhook) -> None:
    """Tell a paused webhook of events again; what waited for it is sent."""
    webhook.save(update_fields=_begin_afresh(webhook))
    logger.info("webhook resumed id=%s", webhook.uid)


def rotate_secret(webhook: Webhook) -> None:
    """Give a webhook another secret; messages are signed by the old one too until a day from now."""
    webhook.previous_salt, webhook.previous_until = webhook.salt, timezone.now() + ROTATION
    webhook.salt = signing.new_salt()
    webhook.save(update_fields=["salt", "previous_salt", "previous_until"])
    logger.info("webhook secret rotated id=%s", webhook.uid)


def delete_webhook(webhook: Webhook) -> None:
    """Tell an address of nothing any more, and forget what became of its deliveries."""
    logger.info("webhook deleted id=%s", webhook.uid)
    webhook.delete()


def ping(webhook: Webhook) -> Delivery:
    """Send a webhook a message that says nothing, and return its delivery."""
    with transaction.atomic():
        event = note(PING, webhook.pk, {"webhook": {"uid": str(webhook.uid), "events": webhook.events}})
        # For this webhook alone.
        Event.objects.filter(pk=event.pk).update(waiting=False)
        return Delivery.objects.create(webhook=webhook, event=event)


def replay(delivery: Delivery) -> None:
    """Send a delivery again, whatever became of it; it has the id that it had."""
    _send_again(Delivery.objects.filter(pk=delivery.pk))
    logger.info("delivery replayed id=%s webhook=%d", delivery.uid, delivery.webhook_id)


def replay_since(webhook: Webhook, since: datetime) -> int:
    """Send a webhook all that is kept and happened from a moment on, also while it was paused; return how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        _send_again(webhook.deliveries.filter(event__at__gte=since).exclude(event__type=PING))
        cursor.execute(
            f"{_DELIVERIES} {_MEANT} WHERE w.id = %s AND e.at >= %s ON CONFLICT DO NOTHING", [webhook.pk, since]
        )
        waiting = webhook.deliveries.filter(event__at__gte=since, state=Delivery.State.WAITING)
        count = waiting.exclude(event__type=PING).count()
    logger.info("events replayed webhook=%s since=%s count=%d", webhook.uid, since.isoformat(), count)
    return count


def _send_again(deliveries: QuerySet[Delivery]) -> None:
    deliveries.update(state=Delivery.State.WAITING, attempts=0, next_attempt_at=timezone.now(), error="", excerpt="")


def _begin_afresh(webhook: Webhook) -> list[str]:
    """Forget that a webhook failed, and return what that changes."""
    webhook.failures, webhook.failing_since, webhook.not_before = 0, None, None
    webhook.paused_at, webhook.paused_reason = None, ""
    return ["failures", "failing_since", "not_before", "paused_at", "paused_reason"]


def _check(webhook: Webhook) -> None:
    if not webhook.events:
        raise WebhookRefused("events", _("Name at least one of: %(known)s.") % {"known": ", ".join(TYPES)})
    if unknown := [name for name in webhook.events if name not in TYPES]:
        raise WebhookRefused(
            "events", _("“%(name)s” is not one of: %(known)s.") % {"name": unknown[0], "known": ", ".join(TYPES)}
        )
    webhook.events = [name for name in TYPES if name in webhook.events]
    filters: dict[str, Claim | Speaker | Topic | None] = {
        "claim": webhook.claim,
        "speaker": webhook.speaker,
        "topic": webhook.topic,
    }
    others = [name for name in webhook.events if name not in OF_CLAIMS]
    for name, asked in filters.items():
        if asked is not None and others:
            reason = _("Only events of claims have one, and “%(name)s” is none. Make two webhooks.")
            raise WebhookRefused(name, reason % {"name": others[0]})
    try:
        check_address(webhook.url)
    except AddressRefused as refused:
        raise WebhookRefused("url", str(refused)) from refused


# Work


def is_work_left() -> bool:
    """Whether an event has to be looked at, or a delivery is due."""
    return Event.objects.filter(waiting=True).exists() or due().exists()


def spread_events() -> int:
    """Make deliveries of events for the webhooks that they are meant for, and return how many events those were.

    For a paused webhook there are none: it is sent what it missed when somebody asks for it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        waiting = Event.objects.filter(waiting=True).order_by("pk").select_for_update(skip_locked=True)
        events = list(waiting.values_list("pk", flat=True)[:EVENTS_PER_LOOK])
        if not events:
            return 0
        cursor.execute(
            f"{_DELIVERIES} {_MEANT} AND w.paused_at IS NULL AND w.created_at <= e.at WHERE e.id = ANY(%s) "
            "ON CONFLICT DO NOTHING",
            [events],
        )
        Event.objects.filter(pk__in=events).update(waiting=False)
    return len(events)


def deliver_next(*, post: Post = post) -> bool:
    """Try the delivery that is due next, and return whether there was one.

    No transaction is open while the receiver is waited for. The attempt is counted before, so that a message by which
    a worker dies is given up too.
    """
    with transaction.atomic():
        found = due().select_for_update(skip_locked=True, of=("self", "webhook")).select_related("webhook", "event")
        delivery = found.first()
        if delivery is None:
            return False
        now = timezone.now()
        delivery.attempts += 1
        delivery.last_attempt_at, delivery.next_attempt_at = now, now + LEASE
        delivery.save(update_fields=["attempts", "last_attempt_at", "next_attempt_at"])
        # One at a time for a webhook that does not answer, lest it hold all workers up.
        if delivery.webhook.failures:
            Webhook.objects.filter(pk=delivery.webhook_id).update(not_before=now + LEASE)
    try:
        posted = _send(delivery, post)
    except FetchFailed as failed:
        _failed(delivery, str(failed), for_good=isinstance(failed, AddressRefused))
    else:
        if posted.accepted:
            _delivered(delivery, posted)
        else:
            _failed(
                delivery,
                f"It answered {posted.status}.",
                status=posted.status,
                excerpt=posted.excerpt[:1000],
                wait_s=retry_after_s(posted.headers.get("retry-after", "")),
                for_good=posted.status == GONE,
            )
    return True


def due() -> QuerySet[Delivery]:
    """Deliveries whose time has come, of webhooks that may be tried, the first due first."""
    now = timezone.now()
    ready = Q(webhook__not_before=None) | Q(webhook__not_before__lte=now)
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, next_attempt_at__lte=now)
    return waiting.filter(ready, webhook__active=True, webhook__paused_at=None).order_by("next_attempt_at", "pk")


def _send(delivery: Delivery, post: Post) -> Posted:
    told = message(delivery.event)
    body = json.dumps(
        {name: told[name] for name in ("type", "timestamp", "data")}, ensure_ascii=False, separators=(",", ":")
    ).encode()
    now = timezone.now()
    headers = signing.signature_headers(
        told["id"], body, at=int(now.timestamp()), salts=_salts(delivery.webhook, now=now)
    )
    return post(delivery.webhook.url, body, headers=headers, deadline_s=DEADLINE_S)


def _salts(webhook: Webhook, *, now: datetime) -> Iterable[str]:
    yield webhook.salt
    if webhook.previous_until is not None and webhook.previous_until > now:
        yield webhook.previous_salt


def _delivered(delivery: Delivery, posted: Posted) -> None:
    now = timezone.now()
    if not _mine(delivery).update(
        state=Delivery.State.DELIVERED, next_attempt_at=None, status=posted.status, error="", excerpt=""
    ):
        return
    Webhook.objects.filter(pk=delivery.webhook_id).update(
        last_success_at=now, failures=0, failing_since=None, not_before=None
    )
    logger.info(
        "delivered event=%s webhook=%d attempts=%d", delivery.event.type, delivery.webhook_id, delivery.attempts
    )


def _failed(
    delivery: Delivery,
    reason: str,
    *,
    status: int | None = None,
    excerpt: str = "",
    wait_s: float | None = None,
    for_good: bool,
) -> None:
    """Record why an attempt failed, and when the next one is; after the last one, or for good, give the delivery up.

    After as many failures in a row, whatever they were to deliver, the webhook is paused with the reason.
    """
    now = timezone.now()
    last = for_good or delivery.attempts >= MAX_ATTEMPTS
    with transaction.atomic():
        webhook = Webhook.objects.select_for_update().get(pk=delivery.webhook_id)
        wait = timedelta(seconds=min(max(_wait_s(delivery.attempts), wait_s or 0.0), LONGEST_WAIT_S))
        if not _mine(delivery).update(
            state=Delivery.State.FAILED if last else Delivery.State.WAITING,
            next_attempt_at=None if last else now + wait,
            status=status,
            error=reason,
            excerpt=excerpt,
        ):
            return
        webhook.failures += 1
        webhook.failing_since = webhook.failing_since or now
        webhook.not_before = now + timedelta(seconds=min(max(_wait_s(webhook.failures), wait_s or 0.0), LONGEST_WAIT_S))
        if for_good or webhook.failures >= MAX_ATTEMPTS:
            webhook.paused_at = now
            webhook.paused_reason = reason if for_good else f"It failed {webhook.failures} times in a row. {reason}"
            logger.warning("webhook paused id=%s failures=%d", webhook.uid, webhook.failures)
        webhook.save(update_fields=["failures", "failing_since", "not_before", "paused_at", "paused_reason"])
    logger.info(
        "delivery failed event=%s webhook=%d attempts=%d status=%s state=%s",
        delivery.event.type,
        delivery.webhook_id,
        delivery.attempts,
        status or "none",
        "given up" if last else "waiting",
    )


def _mine(delivery: Delivery) -> QuerySet[Delivery]:
    """The delivery, unless somebody else tries it by now, or asked for it to be sent again."""
    return Delivery.objects.filter(
        pk=delivery.pk, attempts=delivery.attempts, last_attempt_at=delivery.last_attempt_at, state="waiting"
    )


def _wait_s(failures: int) -> float:
    """Return how long to wait after so many failures: half of it is left to chance, so that not all come at once."""
    longest = min(FIRST_WAIT_S * WAIT_FACTOR ** (failures - 1), LONGEST_WAIT_S)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 (nothing secret)
