"""What readers and editors may ask of the pages."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from claims.models import Attribution, Claim, ClaimLink, Corroboration, Speaker, Topic
from claims.querysets import ClaimQuerySet
from sources.models import Outlet

#: Rows offered in a menu; any other row can still be reached by a link that names it.
MENU_LENGTH = 200


class Switch(forms.ChoiceField):
    """A box to tick, True or False: “1” is on, nothing or “0” is off, anything else is an error."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("", "no"), ("0", "no"), ("1", "yes")],
            required=False,
            error_messages={"invalid_choice": "This switch is 1 (on) or 0 (off), not “%(value)s”."},
            **options,
        )

    def clean(self, value: Any) -> bool:
        return bool(super().clean(value) == "1")


class Named(forms.ModelChoiceField):
    """A row chosen by its public name in the address; its menu is `MENU_LENGTH` rows long."""

    def __init__(self, queryset: QuerySet[Any], *, what: str, to_field_name: str) -> None:
        super().__init__(
            queryset,
            to_field_name=to_field_name,
            required=False,
            error_messages={"invalid_choice": f"There is no {what} of this name or id: “%(value)s”."},
        )
        self.rows = queryset
        self.public_name = to_field_name

    def to_python(self, value: Any) -> Any:
        # PostgreSQL's text holds no NUL, so no row can have such a name.
        if "\x00" in str(value):
            raise self._unknown(str(value).replace("\x00", "�"))
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            raise self._unknown(value) from error

    def _unknown(self, value: Any) -> forms.ValidationError:
        message = self.error_messages["invalid_choice"]
        return forms.ValidationError(message, code="invalid_choice", params={"value": value})

    def menu(self) -> list[tuple[str, str]]:
        """Return (name in the address, name to read) of the first rows."""
        rows = self.rows.order_by("name", "pk")[:MENU_LENGTH]
        return [(str(value), name) for value, name in rows.values_list(self.public_name, "name")]


class ClaimFilter(forms.Form):
    """Which claims to list, and in what order."""

    ORDERS = (("origins", "Most origins"), ("newest", "Newest"), ("relevance", "Best match"))

    q = forms.CharField(required=False, max_length=300)
    level = forms.ChoiceField(
        required=False,
        choices=[("", "Any level"), *((v, n.capitalize()) for v, n in Corroboration.Level.choices[1:])],
        error_messages={
            "invalid_choice": "There is no level “%(value)s”; levels are single, repeated and corroborated."
        },
    )
    topic = Named(Topic.objects.all(), what="topic", to_field_name="slug")
    speaker = Named(Speaker.objects.standing(), what="speaker", to_field_name="uid")
    outlet = Named(Outlet.objects.all(), what="outlet", to_field_name="slug")
    confirmed = Switch()
    disputed = Switch()
    order = forms.ChoiceField(
        required=False,
        choices=[("", ""), *ORDERS],
        error_messages={"invalid_choice": "There is no order “%(value)s”; orders are origins, newest and relevance."},
    )

    def claims(self) -> ClaimQuerySet:
        """Return the claims that were asked for, of any level, in no order yet; needs a valid form."""
        asked = self.cleaned_data
        claims: ClaimQuerySet = Claim.objects.standing().reported(confirmed_only=asked["confirmed"])
        if asked["q"]:
            claims = claims.search(asked["q"])
        if asked["topic"]:
            claims = claims.filter(topics=asked["topic"])
        if asked["speaker"]:
            claims = claims.filter(speaker=asked["speaker"])
        if asked["outlet"]:
            claims = claims.reported_by_all(asked["outlet"], confirmed_only=asked["confirmed"])
        if asked["disputed"]:
            claims = claims.filter(disputed=True)
        return claims

    def menus(self) -> list[dict[str, Any]]:
        """Return the menus of the form: name, label, options as (value, words), and the chosen value."""
        menus = [self._menu(name) for name in ("topic", "speaker", "outlet")]
        order = self.order_by if self.is_valid() else ""
        return [
            *menus,
            {"name": "order", "label": "Order", "options": list(self.ORDERS), "chosen": order},
        ]

    def _menu(self, name: str) -> dict[str, Any]:
        field = cast(Named, self.fields[name])
        options = [("", f"Any {name}"), *field.menu()]
        row = getattr(self, "cleaned_data", {}).get(name)
        chosen = str(getattr(row, field.public_name)) if row else ""
        # A row beyond the menu's length stays chosen when the form is sent again.
        if row and chosen not in dict(options):
            options.append((chosen, row.name))
        return {"name": name, "label": name.capitalize(), "options": options, "chosen": chosen}

    @property
    def order_by(self) -> str:
        """The order in force: the one asked for, else the best match of a search, else most origins."""
        order: str = self.cleaned_data["order"]
        searched = bool(self.cleaned_data["q"])
        if order and (order != "relevance" or searched):
            return order
        return "relevance" if searched else "origins"


class ReportSwitches(forms.Form):
    """Which reports of a claim count, and what counts as one outlet."""

    confirmed = Switch()
    by = forms.ChoiceField(
        required=False,
        choices=[("", "outlet"), ("outlet", "outlet"), ("owner", "owner")],
        error_messages={"invalid_choice": "Reports are counted by “outlet” or by “owner”, not by “%(value)s”."},
    )


class Correction(forms.Form):
    """What an editor changes about an attribution: its claim or its stance."""

    change = forms.ChoiceField(
        choices=[("move", "move"), ("add", "this claim too"), ("new", "new claim"), ("stance", "stance")],
        error_messages={"required": "Choose what to correct.", "invalid_choice": "Choose what to correct."},
    )
    claim = Named(Claim.objects.standing(), what="claim", to_field_name="uid")
    stance = forms.ChoiceField(choices=Attribution.Stance.choices, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("change") in ("move", "add") and not cleaned.get("claim") and "claim" not in self.errors:
            self.add_error("claim", "Choose the claim that the statement carries.")
        if cleaned.get("change") == "stance" and not cleaned.get("stance") and "stance" not in self.errors:
            self.add_error("stance", "Choose whether the statement affirms or denies the claim.")
        return cleaned


class MergeForm(forms.Form):
    """The claim that another is to become part of."""

    into = Named(Claim.objects.standing(), what="claim", to_field_name="uid")
    overrule = Switch()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("into") and "into" not in self.errors:
            self.add_error("into", "Choose the claim that this one is the same as.")
        return cleaned


class SplitForm(forms.Form):
    """The reports of a claim that carry another one."""

    reports = forms.ModelMultipleChoiceField(
        Attribution.objects.none(),
        to_field_name="uid",
        error_messages={
            "required": "Choose the reports that carry another claim.",
            "invalid_choice": "“%(value)s” is no report of this claim (any more).",
            "invalid_pk_value": "“%(pk)s” is no report of this claim.",
        },
    )

    def __init__(self, *args: Any, reports: QuerySet[Attribution], **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ModelMultipleChoiceField, self.fields["reports"]).queryset = reports


class LinkDecision(forms.Form):
    """What an editor says of two claims, short of merging them."""

    other = Named(Claim.objects.standing(), what="claim", to_field_name="uid")
    kind = forms.ChoiceField(choices=ClaimLink.Kind.choices)
    status = forms.ChoiceField(
        choices=[("confirmed", "yes"), ("rejected", "no"), ("unsure", "unsure")],
        error_messages={"invalid_choice": "Say yes (confirmed), no (rejected) or unsure, not “%(value)s”."},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("other") and "other" not in self.errors:
            self.add_error("other", "Choose the other claim.")
        return cleaned
