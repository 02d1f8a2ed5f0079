"""Query parameters of the lists. A value that cannot be meant is an error that says what can; none is ignored."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from claims.models import Attribution, Claim, Corroboration, Speaker, Statement, Topic
from sources.models import Article, Outlet

QUERY_MAX_CHARACTERS = 300
#: Counts are stored in PostgreSQL integers.
COUNT_MAX = 2_147_483_647
#: Each named outlet is one more condition.
OUTLETS_MAX = 10


# How rows are named in parameters.


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _by_uid(rows: QuerySet) -> Callable[[str], Model | None]:
    def find(text: str) -> Model | None:
        uid = _uuid(text)
        return rows.filter(uid=uid).first() if uid else None

    return find


def _by_slug_or_uid(rows: QuerySet) -> Callable[[str], Model | None]:
    def find(text: str) -> Model | None:
        uid = _uuid(text)
        return rows.filter(Q(uid=uid) if uid else Q(slug=text)).order_by("pk").first()

    return find


def _speaker(text: str) -> Speaker | None:
    """Return the speaker of this uid, name or alias; of a merged one, whom it was merged into."""
    uid = _uuid(text)
    named = Q(uid=uid) if uid else Q(name__iexact=text) | Q(aliases__name__iexact=text)
    speaker = (
        Speaker.objects.filter(named)
        .select_related("merged_into")
        .order_by(F("merged_into").asc(nulls_first=True), "pk")
        .first()
    )
    return speaker and (speaker.merged_into or speaker)


# Form fields and the filters that use them.


class FlagField(forms.CharField):
    """True, False, or None where nothing was given."""

    def clean(self, value: Any) -> bool | None:
        text = super().clean(value).lower()
        if text in ("1", "true"):
            return True
        if text in ("0", "false"):
            return False
        if text:
            raise ValidationError("Give 1 (or true), or 0 (or false).")
        return None


class MomentField(forms.CharField):
    """A time with its offset, or None where nothing was given."""

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None:
            raise ValidationError("Give a day or a time as in 2020-12-31 or 2020-12-31T18:00:00Z; write a + as %%2B.")
        return moment if is_aware(moment) else moment.replace(tzinfo=UTC)


class RowField(forms.CharField):
    """The row that a text names, or None where nothing was given."""

    def __init__(self, *, find: Callable[[str], Model | None], kind: str, **kwargs: Any) -> None:
        super().__init__(max_length=QUERY_MAX_CHARACTERS, **kwargs)
        self.find = find
        self.kind = kind

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        row = self.find(text)
        if row is None:
            raise ValidationError("There is no %(kind)s “%(text)s”.", params={"kind": self.kind, "text": text})
        return row


class RowsField(forms.Field):
    """The rows that the given texts name; the parameter may be repeated."""

    widget = forms.SelectMultiple

    def __init__(self, *, find: Callable[[str], Model | None], kind: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.one = RowField(find=find, kind=kind, required=False)

    def clean(self, value: Any) -> list[Any]:
        texts = list(dict.fromkeys(value or []))
        if len(texts) > OUTLETS_MAX:
            raise ValidationError(f"Give at most {OUTLETS_MAX} of them.")
        return [row for text in texts if (row := self.one.clean(text)) is not None]


class _Documented(filters.Filter):
    """A filter whose schema is stated rather than guessed."""

    schema: dict[str, Any] = {"type": "string"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        extend_schema_field({**self.schema, "description": self.extra["help_text"]})(self)


class Flag(_Documented):
    field_class = FlagField
    schema = {"type": "boolean"}


class Row(_Documented):
    field_class = RowField


class Rows(_Documented):
    field_class = RowsField
    schema = {"type": "array", "items": {"type": "string"}}


class Words(_Documented):
    field_class = forms.CharField

    def __init__(self, *args: Any, max_length: int = QUERY_MAX_CHARACTERS, **kwargs: Any) -> None:
        self.schema = {"type": "string", "maxLength": max_length}
        super().__init__(*args, max_length=max_length, **kwargs)


class AtLeast(_Documented):
    """A lower bound of a count."""

    field_class = forms.IntegerField
    schema = {"type": "integer", "minimum": 0, "maximum": COUNT_MAX}

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        super().__init__(field_name, lookup_expr="gte", min_value=0, max_value=COUNT_MAX, **kwargs)


class Moment(_Documented):
    """A time; one without an offset is UTC, a day begins at 00:00."""

    field_class = MomentField
    schema = {"type": "string", "format": "date-time"}


class OneOf(_Documented):
    field_class = forms.ChoiceField

    def __init__(self, *args: Any, values: list[str], **kwargs: Any) -> None:
        self.schema = {"type": "string", "enum": values}
        message = f"“%(value)s” is not one of: {', '.join(values)}."
        super().__init__(
            *args,
            choices=[("", ""), *((value, value) for value in values)],
            error_messages={"invalid_choice": message},
            **kwargs,
        )


def _after(field_name: str) -> Moment:
    return Moment(field_name, lookup_expr="gte", help_text="Published at this time or later.")


def _before(field_name: str) -> Moment:
    return Moment(field_name, lookup_expr="lt", help_text="Published before this time.")


class Parameters(filters.FilterSet):
    """Filters of one list; `default_ordering` applies unless `ordering` names another of `orderings`."""

    default_ordering: tuple[Any, ...] = ("pk",)
    #: Values of `ordering`, and what they sort by.
    orderings: dict[str, Any] = {}
    repeatable: frozenset[str] = frozenset()

    def filter_queryset(self, queryset: Any) -> Any:
        return super().filter_queryset(queryset).order_by(*self.default_ordering)

    def search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)


_newest_first = F("published_at").desc(nulls_last=True)


class OutletParameters(Parameters):
    default_ordering = ("name", "pk")

    q = Words(method="search", help_text="Part of the name or of an alias.")
    kind = OneOf("kind", values=list(Outlet.Kind.values), help_text="What it is.")
    owner = Row("owner", find=_by_slug_or_uid(Outlet.objects.all()), kind="outlet", help_text="Slug or uid.")
    domain = Words("domains__domain", lookup_expr="iexact", help_text="A domain of its pages.")

    class Meta:
        model = Outlet
        fields: list[str] = []


class ArticleParameters(Parameters):
    default_ordering = (_newest_first, "-pk")

    q = Words(method="search", help_text="Part of the title or of the current text.")
    outlet = Row("outlet", find=_by_slug_or_uid(Outlet.objects.all()), kind="outlet", help_text="Slug or uid.")
    language = Words("language", lookup_expr="iexact", help_text="Language tag, such as “en”.")
    url = Words("url", max_length=2000, help_text="Exactly this address.")
    external_id = Words("external_id", max_length=500, help_text="Exactly the id that it was imported under.")
    published_after = _after("published_at")
    published_before = _before("published_at")

    class Meta:
        model = Article
        fields: list[str] = []


class SpeakerParameters(Parameters):
    default_ordering = ("name", "pk")

    q = Words(method="search", help_text="Part of the name or of an alias.")
    kind = OneOf("kind", values=list(Speaker.Kind.values), help_text="Person or body.")
    represents = Row("represents", find=_speaker, kind="speaker", help_text="Who speaks for this one: uid or name.")

    class Meta:
        model = Speaker
        fields: list[str] = []


class TopicParameters(Parameters):
    default_ordering = ("name", "pk")

    q = Words("name", lookup_expr="icontains", help_text="Part of the name.")

    class Meta:
        model = Topic
        fields: list[str] = []


class StatementParameters(Parameters):
    default_ordering = ("-pk",)

    article = Row(
        "revision__article", find=_by_uid(Article.objects.all()), kind="article", help_text="Uid of an article."
    )
    outlet = Row(
        "revision__article__outlet",
        find=_by_slug_or_uid(Outlet.objects.all()),
        kind="outlet",
        help_text="Slug or uid.",
    )
    speaker = Row("speaker", find=_speaker, kind="speaker", help_text="Uid, name or alias.")
    kind = OneOf("kind", values=list(Statement.Kind.values), help_text="How it is quoted.")
    act = OneOf("act", values=list(Statement.Act.values), help_text="Said, written or thought.")
    claim = Row(
        method="of_claim", find=_by_uid(Claim.objects.all()), kind="claim", help_text="Uid of a claim it carries."
    )
    orphaned = Flag(
        method="of_texts", help_text="1: those of earlier texts that the present ones no longer have, instead of these."
    )

    class Meta:
        model = Statement
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        """Return the newest first, but those of one article as they stand in its text."""
        statements = super().filter_queryset(queryset)
        statements = statements.orphaned() if self.form.cleaned_data["orphaned"] else statements.standing()
        return statements.order_by("start", "pk") if self.form.cleaned_data["article"] else statements

    def of_claim(self, queryset: Any, name: str, value: Claim) -> Any:
        return queryset.filter(attributions__in=Attribution.objects.filter(claim=value))

    def of_texts(self, queryset: Any, name: str, value: bool) -> Any:
        """Leave the choice of texts to `filter_queryset`, which makes one where nothing is asked too."""
        return queryset


class AttributionParameters(Parameters):
    default_ordering = ("-pk",)

    claim = Row("claim", find=_by_uid(Claim.objects.all()), kind="claim", help_text="Uid of a claim.")
    statement = Row(
        "statement", find=_by_uid(Statement.objects.all()), kind="statement", help_text="Uid of a statement."
    )
    article = Row(
        "statement__revision__article",
        find=_by_uid(Article.objects.all()),
        kind="article",
        help_text="Uid of an article.",
    )
    outlet = Row(
        "statement__revision__article__outlet",
        find=_by_slug_or_uid(Outlet.objects.all()),
        kind="outlet",
        help_text="Slug or uid.",
    )
    stance = OneOf("stance", values=list(Attribution.Stance.values), help_text="Affirms or denies the claim.")
    status = OneOf("status", values=list(Attribution.Status.values), help_text="What editors decided.")

    class Meta:
        model = Attribution
        fields: list[str] = []


class ClaimParameters(Parameters):
    default_ordering = (F("first_published_at").desc(nulls_last=True), "-pk")
    orderings = {
        "-first_published_at": default_ordering,
        "first_published_at": (F("first_published_at").asc(nulls_last=True), "pk"),
        "-last_published_at": (F("last_published_at").desc(nulls_last=True), "-pk"),
        "last_published_at": (F("last_published_at").asc(nulls_last=True), "pk"),
        "-outlet_count": ("-outlet_count", "-origin_count", "pk"),
        "-origin_count": ("-origin_count", "-outlet_count", "pk"),
        "relevance": ("-relevance", "-origin_count", "pk"),
    }
    repeatable = frozenset({"outlet"})

    q = Words(
        method="search",
        help_text=(
            "Words of the claim or part of the speaker's name. Web search syntax: “a phrase”, or, -without. The best "
            "match comes first unless `ordering` is given."
        ),
    )
    outlets_min = AtLeast("outlet_count", help_text="At least this many outlets report it.")
    origins_min = AtLeast("origin_count", help_text="At least this many independent origins.")
    level = OneOf(
        "level",
        values=[value for value in Corroboration.Level.values if value != Corroboration.Level.UNREPORTED],
        help_text="How well it is corroborated.",
    )
    disputed = Flag("disputed", help_text="1: some outlet's report denies it; 0: none does.")
    topic = Row("topics", find=_by_slug_or_uid(Topic.objects.all()), kind="topic", help_text="Slug or uid.")
    speaker = Row("speaker", find=_speaker, kind="speaker", help_text="Uid, name or alias.")
    outlet = Rows(
        method="reported_by",
        find=_by_slug_or_uid(Outlet.objects.all()),
        kind="outlet",
        help_text="Slug or uid of an outlet that reports it; repeated, all of them do.",
    )
    language = Words("language", lookup_expr="iexact", help_text="Language tag, such as “en”.")
    published_after = Moment("first_published_at", lookup_expr="gte", help_text="First reported at this time or later.")
    published_before = Moment("first_published_at", lookup_expr="lt", help_text="First reported before this time.")
    confirmed = Flag(
        method="unfiltered", help_text="1: only reports that an editor confirmed count, in all figures too."
    )
    ordering = OneOf(
        method="unfiltered",
        values=list(orderings),
        help_text="What comes first; a minus means the highest or newest. `relevance` needs `q`.",
    )

    class Meta:
        model = Claim
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        """Return reported claims, with the figures that every other filter and the rows are about."""
        self.confirmed_only = bool(self.form.cleaned_data["confirmed"])
        claims = queryset.reported(confirmed_only=self.confirmed_only).with_summary(confirmed_only=self.confirmed_only)
        relevance = "relevance" if self.form.cleaned_data["q"] else "-first_published_at"
        ordering = self.form.cleaned_data["ordering"] or relevance
        return super().filter_queryset(claims).order_by(*self.orderings[ordering])

    def get_form_class(self) -> type[forms.Form]:
        form_class: type[forms.Form] = super().get_form_class()

        class ClaimForm(form_class):  # type: ignore[misc, valid-type]
            def clean(self) -> None:
                if self.cleaned_data.get("ordering") == "relevance" and not self.cleaned_data.get("q"):
                    self.add_error("ordering", "“relevance” needs the parameter q.")

        return ClaimForm

    def reported_by(self, queryset: Any, name: str, value: list[Outlet]) -> Any:
        return queryset.reported_by_all(*value, confirmed_only=self.confirmed_only)

    def unfiltered(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset
