"""What readers and editors may ask of the pages."""

import re
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims import search
from claims.models import Attribution, Claim, ClaimLink, Corroboration, Speaker, Topic
from claims.versions import version_of
from claims.words import parse
from sources.models import Outlet

#: Rows offered in a menu; any other row can still be reached by a link that names it.
MENU_LENGTH = 200


class Switch(forms.ChoiceField):
    """A box to tick, True or False: “1” is on, nothing or “0” is off, anything else is an error."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("", "no"), ("0", "no"), ("1", "yes")],
            required=False,
            error_messages={"invalid_choice": _("This switch is 1 (on) or 0 (off), not “%(value)s”.")},
            **options,
        )

    def clean(self, value: Any) -> bool:
        return bool(super().clean(value) == "1")


class Named(forms.ModelChoiceField):
    """A row chosen by its public name in the address; its menu is `MENU_LENGTH` rows long."""

    MISSING = {
        "topic": _("There is no topic of this name or id: “%(value)s”."),
        "speaker": _("There is no speaker of this name or id: “%(value)s”."),
        "outlet": _("There is no outlet of this name or id: “%(value)s”."),
        "article": _("There is no article of this name or id: “%(value)s”."),
        "claim": _("There is no claim of this name or id: “%(value)s”."),
    }

    def __init__(self, queryset: QuerySet[Any], *, what: str, to_field_name: str) -> None:
        super().__init__(
            queryset,
            to_field_name=to_field_name,
            required=False,
            error_messages={"invalid_choice": self.MISSING[what]},
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


class Day(forms.DateField):
    """A day, as the address and the browser's own picker write it."""

    def __init__(self) -> None:
        super().__init__(required=False, input_formats=["%Y-%m-%d"])

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            message = _("Give a day as in 2020-12-31, not “%(value)s”.")
            raise forms.ValidationError(message, code="invalid", params={"value": value}) from error


class Place(forms.CharField):
    """Where a page of a list begins, as a link of the page before it says."""

    def clean(self, value: Any) -> search.Place | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return search.Place.read(text)
        except search.PlaceUnusable as error:
            raise forms.ValidationError(PLACE_UNUSABLE, code="invalid") from error


PLACE_UNUSABLE = _("This link into the list was changed or belongs to another list. Begin at its first page.")


class ClaimFilter(forms.Form):
    """Which claims to list, in what order, and where in it to begin; `query` is what it asks of `claims.search`."""

    ORDERS = (
        (search.RELEVANCE, _("Best match")),
        (search.ORIGINS, _("Most origins")),
        (search.NEWEST, _("Newest")),
    )

    q = forms.CharField(required=False, max_length=300)
    level = forms.ChoiceField(
        required=False,
        choices=[("", ""), *Corroboration.Level.choices],
        error_messages={
            "invalid_choice": _("There is no level “%(value)s”; levels are single, repeated and corroborated.")
        },
    )
    topic = Named(Topic.objects.all(), what="topic", to_field_name="slug")
    speaker = Named(Speaker.objects.standing(), what="speaker", to_field_name="uid")
    outlet = Named(Outlet.objects.all(), what="outlet", to_field_name="slug")
    language = forms.RegexField(
        r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$",
        required=False,
        max_length=12,
        error_messages={"invalid": _("A language is given by its tag, such as “en” or “zh”.")},
    )
    year = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=9999,
        error_messages={"invalid": _("Give a year as in 2020.")},
    )
    status = forms.ChoiceField(
        required=False,
        choices=[("", ""), *((status, status) for status in search.STATUSES)],
        error_messages={"invalid_choice": _("A claim is “proposed” or “confirmed”, not “%(value)s”.")},
    )
    confirmed = Switch()
    disputed = Switch()
    differs = Switch()
    alarms = Switch()
    said_from = Day()
    said_to = Day()
    published_from = Day()
    published_to = Day()
    order = forms.ChoiceField(
        required=False,
        choices=[("", ""), *ORDERS],
        error_messages={
            "invalid_choice": _("There is no order “%(value)s”; orders are origins, newest and relevance.")
        },
    )
    place = Place(required=False, max_length=500)

    def clean_q(self) -> str:
        # Other control characters than NUL, which is refused, are as good as spaces.
        asked = re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", self.cleaned_data["q"]).strip()
        number = sum(len(group) for group in parse(asked))
        if number > search.TERMS_MOST:
            message = _("Search for at most %(most)d words at once; these are %(number)d.")
            raise forms.ValidationError(message, params={"most": search.TERMS_MOST, "number": number})
        return asked

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for first, last in (("said_from", "said_to"), ("published_from", "published_to")):
            if (start := cleaned.get(first)) and (end := cleaned.get(last)) and start > end:
                self.add_error(first, _("These days end before they begin."))
        return cleaned

    @property
    def query(self) -> search.ClaimQuery:
        """What is asked for; needs a valid form."""
        asked = {name: value for name, value in self.cleaned_data.items() if name not in ("outlet", "place")}
        outlet = self.cleaned_data["outlet"]
        # A box that is not ticked asks for nothing.
        asked |= {name: asked[name] or None for name in ("disputed", "differs", "alarms")}
        return search.ClaimQuery(**asked, outlets=(outlet,) if outlet else ())

    def given(self, *, place: bool = False) -> dict[str, str]:
        """Return the parameters that were given and say something; with `place` also where to begin."""
        given = {name: str(self.data.get(name, "")).strip() for name in self.fields if place or name != "place"}
        boxes = ("confirmed", "disputed", "differs", "alarms")
        return {name: value for name, value in given.items() if value and not (name in boxes and value == "0")}


class ReportSwitches(forms.Form):
    """Which reports of a claim count, and what counts as one outlet."""

    confirmed = Switch()
    by = forms.ChoiceField(
        required=False,
        choices=[("", "outlet"), ("outlet", "outlet"), ("owner", "owner")],
        error_messages={"invalid_choice": _("Reports are counted by “outlet” or by “owner”, not by “%(value)s”.")},
    )


class Correction(forms.Form):
    """What an editor changes about an attribution: its claim or its stance."""

    change = forms.ChoiceField(
        choices=[("move", "move"), ("add", "this claim too"), ("new", "new claim"), ("stance", "stance")],
        error_messages={
            "required": _("Choose what to correct."),
            "invalid_choice": _("Choose what to correct."),
        },
    )
    claim = Named(Claim.objects.standing(), what="claim", to_field_name="uid")
    stance = forms.ChoiceField(choices=Attribution.Stance.choices, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("change") in ("move", "add") and not cleaned.get("claim") and "claim" not in self.errors:
            self.add_error("claim", _("Choose the claim that the statement carries."))
        if cleaned.get("change") == "stance" and not cleaned.get("stance") and "stance" not in self.errors:
            self.add_error("stance", _("Choose whether the statement affirms or denies the claim."))
        return cleaned


class MergeForm(forms.Form):
    """The claim that another is to become part of."""

    into = Named(Claim.objects.standing(), what="claim", to_field_name="uid")
    overrule = Switch()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("into") and "into" not in self.errors:
            self.add_error("into", _("Choose the claim that this one is the same as."))
        return cleaned


class SplitForm(forms.Form):
    """The reports of a claim that carry another one."""

    reports = forms.ModelMultipleChoiceField(
        Attribution.objects.none(),
        to_field_name="uid",
        error_messages={
            "required": _("Choose the reports that carry another claim."),
            "invalid_choice": _("“%(value)s” is no report of this claim (any more)."),
            "invalid_pk_value": _("“%(pk)s” is no report of this claim."),
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
        error_messages={"invalid_choice": _("Say yes (confirmed), no (rejected) or unsure, not “%(value)s”.")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("other") and "other" not in self.errors:
            self.add_error("other", _("Choose the other claim."))
        return cleaned


# Editing


class EditForm(forms.Form):
    """What an editor changes of a row; fields have the names that `claims.versions` has for them.

    version: of the row as the editor saw it, which the form brings back.
    """

    version = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    reason = forms.CharField(required=False, max_length=500, label=_("Why"), help_text=_("Kept in the history."))

    @classmethod
    def data_of(cls, row: Any) -> dict[str, Any]:
        """Return what the form would hold if it were filled in as the row is."""
        raise NotImplementedError

    @classmethod
    def of(cls, row: Any) -> "EditForm":
        """Return the form, filled in as the row is."""
        return cls(initial={**cls.data_of(row), "version": version_of(row)})

    @classmethod
    def chosen(cls, sent: QueryDict, row: Any) -> "EditForm":
        """Return the form as it was sent; where `take-NAME` says “now”, with what stands in the row."""
        chosen = sent.copy()
        for name, value in cls.data_of(row).items():
            if sent.get(f"take-{name}") == "now":
                chosen.setlist(name, value if isinstance(value, list) else [value])
        return cls(chosen)

    @property
    def wanted(self) -> dict[str, Any]:
        """The values by field; needs a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "reason")}

    @property
    def sent(self) -> list[tuple[str, str]]:
        """What was sent of the row, to be sent again."""
        kept = [name for name in self.fields if name != "version"]
        data = cast(QueryDict, self.data)
        return [(name, value) for name in kept for value in data.getlist(name)]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class Lines(forms.CharField):
    """Names, one a line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False, max_length=20_000, widget=forms.Textarea({"rows": 6, "dir": "auto"}), **options
        )

    def clean(self, value: Any) -> Any:
        return _lines(super().clean(value))


class Called(forms.CharField):
    """A row that goes by a name, typed; None for nothing. `find` returns the rows of this name."""

    def __init__(self, find: Callable[[str], QuerySet[Any]], *, missing: Promise, **options: Any) -> None:
        super().__init__(required=False, max_length=300, **options)
        self._find, self._missing = find, missing

    def clean(self, value: Any) -> Any:
        name = " ".join(super().clean(value).split())
        if not name:
            return None
        found = self._find(name).first()
        if found is None:
            raise forms.ValidationError(str(self._missing), params={"name": name})
        return found


class ClaimEdit(EditForm):
    """A claim's sentence, day and topics."""

    text = forms.CharField(
        label=_("Sentence"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        help_text=_("Read after the speaker’s name. No machine changes it after you did."),
    )
    said_on = forms.DateField(
        label=_("Said on"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.all(),
        to_field_name="slug",
        required=False,
        label=_("Topics"),
        error_messages={"invalid_choice": _("There is no topic of this name or id: “%(value)s”.")},
    )
    another_topic = Called(
        lambda name: Topic.objects.filter(Q(name__iexact=name) | Q(slug=name)),
        missing=_("There is no topic named “%(name)s”."),
        label=_("One more topic, by its name"),
    )

    @classmethod
    def data_of(cls, row: Claim) -> dict[str, Any]:
        return {
            "text": row.text,
            "said_on": row.said_on.isoformat() if row.said_on else "",
            "topics": list(row.topics.values_list("slug", flat=True)),
            "another_topic": "",
        }

    @property
    def wanted(self) -> dict[str, Any]:
        wanted = super().wanted
        another = wanted.pop("another_topic")
        return {**wanted, "topics": {*wanted["topics"], *([another] if another else [])}}


def _speakers_called(name: str) -> QuerySet[Any]:
    named = Q(name__iexact=name) | Q(aliases__name__iexact=name)
    return Speaker.objects.standing().filter(named).order_by("pk").distinct()


class SpeakerEdit(EditForm):
    """What is known of a speaker."""

    name = forms.CharField(label=_("Name"), max_length=300, widget=forms.TextInput({"dir": "auto"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=Speaker.Kind.choices)
    represents = Called(
        _speakers_called,
        missing=_("There is no speaker named “%(name)s”."),
        label=_("Speaks for"),
        help_text=_("The country or organisation, by its name here; nothing for none."),
        widget=forms.TextInput({"list": "bodies", "dir": "auto"}),
    )
    wikidata_id = forms.RegexField(
        r"^Q[1-9][0-9]{0,18}$",
        required=False,
        label=_("Wikidata id"),
        error_messages={"invalid": _("An id of Wikidata is a Q and digits, as in Q42.")},
    )
    aliases = Lines(
        label=_("Names"),
        help_text=_("One a line: all names by which articles mean this speaker."),
    )

    @classmethod
    def data_of(cls, row: Speaker) -> dict[str, Any]:
        return {
            "name": row.name,
            "kind": row.kind,
            "represents": row.represents.name if row.represents else "",
            "wikidata_id": row.wikidata_id,
            "aliases": "\n".join(row.aliases.order_by("name").values_list("name", flat=True)),
        }


class OutletEdit(EditForm):
    """What is known of an outlet."""

    name = forms.CharField(label=_("Name"), max_length=200, widget=forms.TextInput({"dir": "auto"}))
    kind = forms.ChoiceField(label=_("Kind"), choices=Outlet.Kind.choices)
    owner = Called(
        lambda name: Outlet.objects.known_as(name).order_by("pk"),
        missing=_("There is no outlet named “%(name)s”; name it below if it publishes nothing itself."),
        label=_("Owned by this outlet"),
        help_text=_("Outlets of one owner count as one where a reader asks for it."),
        widget=forms.TextInput({"list": "owners", "dir": "auto"}),
    )
    owner_name = forms.CharField(
        required=False,
        max_length=200,
        label=_("Owned by one that publishes nothing itself"),
        help_text=_("Such as a ministry."),
        widget=forms.TextInput({"dir": "auto"}),
    )
    aliases = Lines(label=_("Other names"), help_text=_("One a line, in any language, as credit lines write it."))
    domains = Lines(
        label=_("Domains"), help_text=_("One a line, as in example.org. What is imported from there is its.")
    )

    @classmethod
    def data_of(cls, row: Outlet) -> dict[str, Any]:
        return {
            "name": row.name,
            "kind": row.kind,
            "owner": row.owner.name if row.owner else "",
            "owner_name": row.owner_name,
            "aliases": "\n".join(row.aliases.order_by("name").values_list("name", flat=True)),
            "domains": "\n".join(row.domains.order_by("domain").values_list("domain", flat=True)),
        }


class MergeSpeakersForm(forms.Form):
    """The speaker that another is to become part of."""

    into = Named(Speaker.objects.standing(), what="speaker", to_field_name="uid")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("into") and "into" not in self.errors:
            self.add_error("into", _("Choose the speaker that this one is the same as."))
        return cleaned


class MergeOutletsForm(forms.Form):
    """The outlet that another is to become part of."""

    into = Named(Outlet.objects.standing(), what="outlet", to_field_name="slug")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("into") and "into" not in self.errors:
            self.add_error("into", _("Choose the outlet that this one is the same as."))
        return cleaned
