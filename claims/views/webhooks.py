"""Webhooks at the desk: who is told of what, what arrived and what did not, and having it sent again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.views.editing import for_editors
from notices import signing, webhooks
from notices.models import Delivery, Webhook
from notices.tasks import send_webhooks
from notices.triggers import (
    CORROBORATED,
    CORROBORATION_LOST,
    DISPUTE_ENDED,
    DISPUTED,
    FINISHED,
    PING,
    REVISED,
    TYPES,
)

WEBHOOKS_PER_PAGE = 20
DELIVERIES_PER_PAGE = 50
VERBS = frozenset({"ping", "resume", "rotate", "start", "stop", "delete"})
#: What is sent again by one button, in hours.
REPLAYS_HOURS = {
    1: gettext_lazy("Send all of the last hour again"),
    24: gettext_lazy("Send all of the last day again"),
    168: gettext_lazy("Send all of the last seven days again"),
}
NAMES = {
    CORROBORATED: gettext_lazy("A claim became corroborated"),
    CORROBORATION_LOST: gettext_lazy("A claim is not corroborated any more"),
    DISPUTED: gettext_lazy("A claim became disputed"),
    DISPUTE_ENDED: gettext_lazy("A claim is not disputed any more"),
    REVISED: gettext_lazy("An article has another text"),
    FINISHED: gettext_lazy("An import has ended"),
    PING: gettext_lazy("A test"),
}


class WebhookForm(forms.Form):
    """Who is to be told of what; by claim, speaker or topic it is narrowed over the API."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("http or https, of a public address."),
        max_length=2000,
        widget=forms.TextInput({"inputmode": "url"}),
    )
    description = forms.CharField(label=gettext_lazy("What it is for"), max_length=200, required=False)
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Tell it when"),
        choices=[(name, NAMES[name]) for name in TYPES],
        widget=forms.CheckboxSelectMultiple,
    )


class ReplayForm(forms.Form):
    hours = forms.TypedChoiceField(choices=list(REPLAYS_HOURS.items()), coerce=int)


def _visible(request: HttpRequest) -> Any:
    """Return the webhooks that an account sees: its own; an administrator sees all."""
    rows = Webhook.objects.select_related("owner", "claim", "speaker", "topic")
    return rows if request.user.has_perm("accounts.manage_people") else rows.filter(owner=request.user.pk)


@for_editors
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_list(request: HttpRequest) -> HttpResponse:
    """List webhooks, and make one."""
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = webhooks.create_webhook(request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except webhooks.WebhookRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            send_webhooks.delay()
            return _secret(request, made)
    counts = {
        f"{state}_count": Count("deliveries", filter=Q(deliveries__state=state)) for state in Delivery.State.values
    }
    page = Paginator(_visible(request).order_by("-pk"), WEBHOOKS_PER_PAGE).get_page(request.GET.get("page"))
    # Only those of the page are counted.
    found = _visible(request).annotate(**counts).in_bulk([webhook.pk for webhook in page])
    rows = [(found[webhook.pk], [NAMES[name] for name in webhook.events]) for webhook in page]
    return render(
        request,
        "desk/webhooks.html",
        {"page": page, "webhooks": rows, "form": form},
        status=400 if form.errors else 200,
    )


@for_editors
@require_safe
def webhook_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what became of each delivery of a webhook; `state` chooses some."""
    webhook = get_object_or_404(_visible(request), uid=uid)
    state = request.GET.get("state", "")
    deliveries = webhook.deliveries.select_related("event").defer("event__data").order_by("-pk")
    if state in Delivery.State.values:
        deliveries = deliveries.filter(state=state)
    page = Paginator(deliveries, DELIVERIES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "webhook": webhook,
        "names": [NAMES[name] for name in webhook.events],
        "page": page,
        "deliveries": [(delivery, NAMES[delivery.event.type]) for delivery in page],
        "state": state,
        "states": Delivery.State.choices,
        "replays": list(REPLAYS_HOURS.items()),
    }
    return render(request, "desk/webhook.html", context)


@for_editors
@never_cache
@require_POST
def webhook_act(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """Try, resume, stop, start or end a webhook, or give it another secret."""
    if verb not in VERBS:
        raise Http404
    webhook = get_object_or_404(_visible(request), uid=uid)
    if verb == "rotate":
        webhooks.rotate_secret(webhook)
        return _secret(request, webhook)
    if verb == "delete":
        webhooks.delete_webhook(webhook)
        messages.success(request, _("The webhook is deleted; nothing is sent there any more."))
        return redirect("webhook_list")
    if verb == "ping":
        webhooks.ping(webhook)
        messages.success(request, _("A test is on its way; reload the page to see whether it arrived."))
    elif verb == "resume":
        webhooks.resume(webhook)
        messages.success(request, _("It is told again. What happened meanwhile is sent when you ask for it below."))
    else:
        webhooks.change_webhook(webhook, active=verb == "start")
        messages.success(request, _("It is told again.") if verb == "start" else _("It is told of nothing."))
    send_webhooks.delay()
    return redirect("webhook_detail", uid=uid)


@for_editors
@require_POST
def webhook_replay(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Send a webhook again all of the last hours."""
    webhook = get_object_or_404(_visible(request), uid=uid)
    form = ReplayForm(request.POST)
    if not form.is_valid():
        return render(request, "400.html", {"reasons": form.errors}, status=400)
    count = webhooks.replay_since(webhook, timezone.now() - timedelta(hours=form.cleaned_data["hours"]))
    send_webhooks.delay()
    said = ngettext("%(count)d event is on its way.", "%(count)d events are on their way.", count)
    messages.success(request, said % {"count": count})
    return redirect("webhook_detail", uid=uid)


@for_editors
@require_POST
def delivery_replay(request: HttpRequest, uid: UUID, delivery: UUID) -> HttpResponse:
    """Send one delivery again."""
    webhook = get_object_or_404(_visible(request), uid=uid)
    webhooks.replay(get_object_or_404(webhook.deliveries, uid=delivery))
    send_webhooks.delay()
    messages.success(request, _("It is on its way again."))
    return redirect("webhook_detail", uid=uid)


def _secret(request: HttpRequest, webhook: Webhook) -> HttpResponse:
    """Show a webhook's secret, this once."""
    context = {"webhook": webhook, "secret": signing.secret_of(webhook.salt)}
    return render(request, "desk/webhook_secret.html", context)
