"""Query parameters of the lists. A value that cannot be meant is an error that says what can; none is ignored."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_aware
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ValidationError as Refused

from claims import search
from claims.api.pagination import Key
from claims.models import Attribution, Claim, Corroboration, Speaker, Statement, Topic
from sources.models import Article, DecisionStatus, Derivation, Outlet, Revision, Snapshot

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


def by_slug_or_uid(rows: QuerySet) -> Callable[[str], Model | None]:
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
        if not is_aware(moment):
            return moment.replace(tzinfo=UTC)
        try:
            # In UTC: PostgreSQL takes no offsets of 16 hours and more.
            return moment.astimezone(UTC)
        except OverflowError:
            return datetime.min.replace(tzinfo=UTC) if moment.year == 1 else datetime.max.replace(tzinfo=UTC)


class DayField(forms.CharField):
    """A day, or None where nothing was given."""

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            day = parse_date(text)
        except ValueError:
            day = None
        if day is None:
            raise ValidationError("Give a day as in 2020-12-31.")
        return day


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
    schema = {"type": "array", "items": {"type": "string"}, "maxItems": OUTLETS_MAX}


class Words(_Documented):
    field_class = forms.CharField

    def __init__(self, *args: Any, max_length: int = QUERY_MAX_CHARACTERS, **kwargs: Any) -> None:
        self.schema = {"type": "string", "maxLength": max_length}
        super().__init__(*args, max_length=max_length, **kwargs)


class AtLeast(_Documented):
    """A lower bound of a count."""

    field_class = forms.IntegerField
    schema = {"type": "integer", "minimum": 0, "maximum": COUNT_MAX}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=COUNT_MAX, **kwargs)


class Moment(_Documented):
    """A time; one without an offset is UTC, a day begins at 00:00."""

    field_class = MomentField
    schema = {"type": "string", "format": "date-time"}


class Day(_Documented):
    """A day, as in 2020-12-31."""

    field_class = DayField
    schema = {"type": "string", "format": "date"}


class Share(_Documented):
    """A number from 0 to 1."""

    field_class = forms.FloatField
    schema = {"type": "number", "minimum": 0, "maximum": 1}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=0, max_value=1, **kwargs)


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


def handed_on(parameter: type[_Documented], **options: Any) -> _Documented:
    """Return a parameter that does not filter rows itself: what asks for them is given its value."""
    return parameter(method="unfiltered", **options)


class Parameters(filters.FilterSet):
    """Filters of one list, and its orderings: the first one applies where `ordering` names none."""

    #: Values of `ordering`, and the columns that they sort by, of which the last is unique.
    orderings: dict[str, tuple[Key, ...]] = {}
    repeatable: frozenset[str] = frozenset()

    def order(self) -> tuple[str, tuple[Key, ...]]:
        """Return the name of the ordering that was asked for, and its columns."""
        name = self.form.cleaned_data.get("ordering") or next(iter(self.orderings))
        return name, self.orderings[name]

    def search(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.search(value)

    def unfiltered(self, queryset: Any, name: str, value: Any) -> Any:
        """Leave what is asked to `ordering` or `filter_queryset`, which look at several parameters."""
        return queryset


def by(*names: str, nullable: bool = False) -> tuple[Key, ...]:
    """Return keys, as of "-published_at"; `nullable`: rows without a first value come last."""
    first, *rest = (Key.of(name) for name in names)
    return (replace(first, nullable=nullable), *rest)


def choice_of(orderings: dict[str, Any], note: str = "") -> OneOf:
    text = f"What comes first, “{next(iter(orderings))}” unless given; a minus means the highest or newest. {note}"
    return OneOf(method="unfiltered", values=list(orderings), help_text=text.strip())


BY_NAME = {"name": by("name", "pk"), "-name": by("-name", "-pk")}
BY_AGE = {"-added": by("-pk"), "added": by("pk")}
BY_PUBLICATION = {
    "-published_at": by("-published_at", "-pk", nullable=True),
    "published_at": by("published_at", "pk", nullable=True),
}


class OutletParameters(Parameters):
    orderings = BY_NAME

    q = Words(method="search", help_text="Part of the name or of an alias.")
    kind = OneOf("kind", values=list(Outlet.Kind.values), help_text="What it is.")
    owner = Row("owner", find=by_slug_or_uid(Outlet.objects.all()), kind="outlet", help_text="Slug or uid.")
    domain = Words("domains__domain", lookup_expr="iexact", help_text="A domain of its pages.")
    reviewed = Flag("reviewed", help_text="1: those that an editor has looked at; 0: the others.")
    ordering = choice_of(orderings)

    class Meta:
        model = Outlet
        fields: list[str] = []


class ArticleParameters(Parameters):
    orderings = {**BY_PUBLICATION, **BY_AGE}

    q = Words(method="search", help_text="Part of the title or of the current text.")
    outlet = Row("outlet", find=by_slug_or_uid(Outlet.objects.all()), kind="outlet", help_text="Slug or uid.")
    language = Words("language", lookup_expr="iexact", help_text="Language tag, such as “en”.")
    url = Words("url", max_length=2000, help_text="Exactly this address.")
    external_id = Words("external_id", max_length=500, help_text="Exactly the id that it was imported under.")
    published_after = _after("published_at")
    published_before = _before("published_at")
    captured_after = Moment(
        "current_revision__snapshot__captured_at", lookup_expr="gte", help_text="Its present text was captured then."
    )
    captured_before = Moment(
        "current_revision__snapshot__captured_at", lookup_expr="lt", help_text="Its present text was captured before."
    )
    speaker = Row(method="said_by", find=_speaker, kind="speaker", help_text="Who is reported in it: uid or name.")
    claim = Row(method="with_claim", find=_by_uid(Claim.objects.all()), kind="claim", help_text="Uid of a claim in it.")
    ordering = choice_of(orderings)

    class Meta:
        model = Article
        fields: list[str] = []

    def said_by(self, queryset: Any, name: str, value: Speaker) -> Any:
        said = Statement.objects.filter(speaker=value, withdrawn_at=None, revision=OuterRef("current_revision"))
        return queryset.filter(Exists(said))

    def with_claim(self, queryset: Any, name: str, value: Claim) -> Any:
        reports = Attribution.objects.counted().filter(claim=value)
        return queryset.filter(pk__in=reports.values("statement__revision__article"))


class RevisionParameters(Parameters):
    orderings = {"number": by("number"), "-number": by("-number")}

    ordering = choice_of(orderings)

    class Meta:
        model = Revision
        fields: list[str] = []


class SnapshotParameters(Parameters):
    orderings = {"captured_at": by("captured_at", "pk"), "-captured_at": by("-captured_at", "-pk")}

    ordering = choice_of(orderings)

    class Meta:
        model = Snapshot
        fields: list[str] = []


class DerivationParameters(Parameters):
    orderings = {"added": by("pk"), "-added": by("-pk")}

    kind = OneOf("kind", values=list(Derivation.Kind.values), help_text="How it is known.")
    status = OneOf("status", values=list(DecisionStatus.values), help_text="What editors decided.")
    ordering = choice_of(orderings)

    class Meta:
        model = Derivation
        fields: list[str] = []


class SpeakerParameters(Parameters):
    orderings = BY_NAME

    q = Words(method="search", help_text="Part of the name or of an alias.")
    kind = OneOf("kind", values=list(Speaker.Kind.values), help_text="Person or body.")
    represents = Row("represents", find=_speaker, kind="speaker", help_text="Who speaks for this one: uid or name.")
    wikidata = Words("wikidata_id", lookup_expr="iexact", help_text="Its id at Wikidata, such as “Q42”.")
    ordering = choice_of(orderings)

    class Meta:
        model = Speaker
        fields: list[str] = []


class TopicParameters(Parameters):
    orderings = BY_NAME

    q = Words("name", lookup_expr="icontains", help_text="Part of the name.")
    ordering = choice_of(orderings)

    class Meta:
        model = Topic
        fields: list[str] = []


class StatementParameters(Parameters):
    orderings = {**BY_AGE, "start": by("start", "pk")}

    article = Row(
        "revision__article", find=_by_uid(Article.objects.all()), kind="article", help_text="Uid of an article."
    )
    outlet = Row(
        "revision__article__outlet",
        find=by_slug_or_uid(Outlet.objects.all()),
        kind="outlet",
        help_text="Slug or uid.",
    )
    speaker = Row("speaker", find=_speaker, kind="speaker", help_text="Uid, name or alias.")
    kind = OneOf("kind", values=list(Statement.Kind.values), help_text="How it is quoted.")
    act = OneOf("act", values=list(Statement.Act.values), help_text="Said, written or thought.")
    claim = Row(
        method="of_claim", find=_by_uid(Claim.objects.all()), kind="claim", help_text="Uid of a claim it carries."
    )
    topic = Row(method="about", find=by_slug_or_uid(Topic.objects.all()), kind="topic", help_text="Slug or uid.")
    language = Words("revision__article__language", lookup_expr="iexact", help_text="Of the article, such as “en”.")
    negated = Flag("negated", help_text="1: what they are said not to have said.")
    hedged = Flag("hedged", help_text="1: what they are only reportedly said to have said.")
    denies = Flag("denies", help_text="1: what they are said to deny.")
    said_after = Day("said_on", lookup_expr="gte", help_text="Said on this day or later.")
    said_before = Day("said_on", lookup_expr="lt", help_text="Said before this day.")
    published_after = _after("revision__article__published_at")
    published_before = _before("revision__article__published_at")
    captured_after = Moment(
        "revision__snapshot__captured_at", lookup_expr="gte", help_text="Captured at this time or later."
    )
    captured_before = Moment(
        "revision__snapshot__captured_at", lookup_expr="lt", help_text="Captured before this time."
    )
    orphaned = Flag(
        method="unfiltered",
        help_text="1: those of earlier texts that the present ones no longer have, instead of these.",
    )
    ordering = choice_of(orderings, "Those of one article come as they stand in it. “start” needs `article`.")

    class Meta:
        model = Statement
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        statements = super().filter_queryset(queryset)
        return statements.orphaned() if self.form.cleaned_data["orphaned"] else statements.standing()

    def order(self) -> tuple[str, tuple[Key, ...]]:
        name, keys = super().order()
        asked = self.form.cleaned_data
        return ("start", self.orderings["start"]) if asked["article"] and not asked["ordering"] else (name, keys)

    def get_form_class(self) -> type[forms.Form]:
        return _needing(super().get_form_class(), "start", "article")

    def of_claim(self, queryset: Any, name: str, value: Claim) -> Any:
        return queryset.filter(pk__in=Attribution.objects.filter(claim=value).values("statement"))

    def about(self, queryset: Any, name: str, value: Topic) -> Any:
        return queryset.filter(pk__in=Attribution.objects.filter(claim__topics=value).values("statement"))


class AttributionParameters(Parameters):
    orderings = BY_AGE

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
        find=by_slug_or_uid(Outlet.objects.all()),
        kind="outlet",
        help_text="Slug or uid.",
    )
    stance = OneOf("stance", values=list(Attribution.Stance.values), help_text="Affirms or denies the claim.")
    status = OneOf("status", values=list(Attribution.Status.values), help_text="What editors decided.")
    speaker = Row("claim__speaker", find=_speaker, kind="speaker", help_text="Of the claim: uid, name or alias.")
    topic = Row("claim__topics", find=by_slug_or_uid(Topic.objects.all()), kind="topic", help_text="Slug or uid.")
    kind = OneOf("statement__kind", values=list(Statement.Kind.values), help_text="How the statement is quoted.")
    score_min = Share("score", lookup_expr="gte", help_text="The matcher's score is at least this, 0 to 1.")
    decided_after = Moment("decided_at", lookup_expr="gte", help_text="Decided at this time or later.")
    decided_before = Moment("decided_at", lookup_expr="lt", help_text="Decided before this time.")
    ordering = choice_of(orderings)

    class Meta:
        model = Attribution
        fields: list[str] = []


def _tag(text: str) -> str:
    """Return a language tag in the usual case: “zh-Hans”, “pt-BR”."""
    first, *rest = text.split("-")
    cased = [part.title() if len(part) == 4 else part.upper() for part in rest]
    return "-".join([first.lower(), *cased])


def _needing(form_class: type[forms.Form], ordering: str, parameter: str) -> type[forms.Form]:
    """Return a form that refuses one ordering where a parameter is not given."""

    class Form(form_class):  # type: ignore[misc, valid-type]
        def clean(self) -> None:
            if self.cleaned_data.get("ordering") == ordering and not self.cleaned_data.get(parameter):
                self.add_error("ordering", f"“{ordering}” needs the parameter {parameter}.")

    return Form


_RELEVANCE = "relevance"


class ClaimParameters(Parameters):
    """What `claims.search` is asked: pages and API have one search."""

    #: By name in the API, the order's name in the search, which knows its columns.
    orders = {
        "-first_published_at": search.NEWEST,
        "first_published_at": search.OLDEST,
        "-origin_count": search.ORIGINS,
        "origin_count": search.FEWEST,
        "relevance": search.RELEVANCE,
    }
    repeatable = frozenset({"outlet", "not_outlet"})

    q = handed_on(
        Words,
        help_text=(
            "Words of the claim or of the speaker's names: “a phrase”, or, -without. A half-typed or misspelt word is "
            "taken for a known one. The best match comes first unless `ordering` is given; rows then have `relevance` "
            "and `highlights`."
        ),
    )
    outlets_min = handed_on(AtLeast, help_text="At least this many outlets report it.")
    origins_min = handed_on(AtLeast, help_text="At least this many independent origins.")
    level = handed_on(
        OneOf,
        values=list(Corroboration.Level.values),
        help_text="How well it is corroborated; “unreported”: some outlet denies it, and none reports it.",
    )
    disputed = handed_on(Flag, help_text="1: some outlet's report denies it; 0: none does.")
    topic = handed_on(Row, find=by_slug_or_uid(Topic.objects.all()), kind="topic", help_text="Slug or uid.")
    speaker = handed_on(Row, find=_speaker, kind="speaker", help_text="Uid, name or alias.")
    outlet = handed_on(
        Rows,
        find=by_slug_or_uid(Outlet.objects.all()),
        kind="outlet",
        help_text="Slug or uid of an outlet that reports it; repeated, all of them do.",
    )
    not_outlet = handed_on(
        Rows,
        find=by_slug_or_uid(Outlet.objects.all()),
        kind="outlet",
        help_text="Slug or uid of an outlet that does not report it; repeated, none of them does.",
    )
    has_difference = handed_on(
        Flag,
        help_text="1: some report says other things than the fullest one, such as other numbers; 0: none does.",
    )
    has_alarm = handed_on(
        Flag, help_text="1: some report leaves out words whose lack changes what it says; 0: none does."
    )
    has_confirmed = handed_on(Flag, help_text="1: an editor confirmed some report; 0: all are proposals only.")
    language = handed_on(Words, help_text="Language tag, such as “en”.")
    kind = handed_on(OneOf, values=list(Statement.Kind.values), help_text="Some report quotes it in this way.")
    stance = handed_on(OneOf, values=list(Attribution.Stance.values), help_text="Some report affirms, or denies, it.")
    status = handed_on(
        OneOf,
        values=list(Attribution.Status.values),
        help_text="Editors decided so of some report; with `kind` and `stance`, of the same one.",
    )
    said_after = handed_on(Day, help_text="Said on this day or later.")
    said_before = handed_on(Day, help_text="Said before this day.")
    published_after = handed_on(Moment, help_text="First reported at this time or later.")
    published_before = handed_on(Moment, help_text="First reported before this time.")
    captured_after = handed_on(Moment, help_text="Some report was captured at this time or later.")
    captured_before = handed_on(
        Moment, help_text="Some report was captured before this time; with `captured_after`, the same one."
    )
    confirmed = handed_on(Flag, help_text="1: only reports that an editor confirmed count, in all figures too.")
    ordering = choice_of(
        orders,
        "`relevance` needs `q`, and is what `q` gives anyway. Without a minus, the whole order is the other way round: "
        "claims without a date come first.",
    )

    class Meta:
        model = Claim
        fields: list[str] = []

    @classmethod
    def read(cls, given: QueryDict) -> search.ClaimQuery:
        """Return what is asked. Raises Refused with what is wrong, by parameter.

        The fields are read by themselves: to make a form, which copies them all, takes longer than to find claims.
        """
        asked = dict(_NOTHING_ASKED)
        errors: dict[str, list[str]] = {}
        for name in [name for name in _CLAIM_FIELDS if name in given]:
            try:
                asked[name] = _value(given, name)
            except ValidationError as error:
                errors[name] = error.messages
        if not errors and asked["ordering"] == "relevance" and not asked["q"]:
            errors["ordering"] = ["“relevance” needs the parameter q."]
        if errors:
            raise Refused(errors)
        return cls._query(asked)

    @classmethod
    def _query(cls, asked: dict[str, Any]) -> search.ClaimQuery:
        said_before = asked["said_before"]
        return search.ClaimQuery(
            q=asked["q"],
            topic=asked["topic"],
            speaker=asked["speaker"],
            outlets=tuple(asked["outlet"]),
            not_outlets=tuple(asked["not_outlet"]),
            outlets_min=asked["outlets_min"] or 0,
            origins_min=asked["origins_min"] or 0,
            report=search.SuchReport(
                kind=asked["kind"],
                stance=asked["stance"],
                status=asked["status"],
                captured_after=asked["captured_after"],
                captured_before=asked["captured_before"],
            ),
            level=asked["level"],
            language=_tag(asked["language"]),
            disputed=asked["disputed"],
            differs=asked["has_difference"],
            alarms=asked["has_alarm"],
            status={True: "confirmed", False: "proposed"}.get(asked["has_confirmed"], ""),
            confirmed=bool(asked["confirmed"]),
            said_from=asked["said_after"],
            # The search's range includes its last day.
            said_to=said_before and said_before - timedelta(days=1) if said_before != date.min else date.min,
            published_after=asked["published_after"],
            published_before=asked["published_before"],
            order=cls.orders.get(asked["ordering"], "" if asked["q"] else search.NEWEST),
        )


def _value(given: QueryDict, name: str) -> Any:
    field = _CLAIM_FIELDS[name]
    return field.clean(field.widget.value_from_datadict(given, {}, name))


_CLAIM_FIELDS: dict[str, forms.Field] = {
    name: parameter.field for name, parameter in ClaimParameters.base_filters.items()
}
#: What most requests leave most parameters at; to read an empty one takes as long as one that is given.
_NOTHING_ASKED = {name: _value(QueryDict(), name) for name in _CLAIM_FIELDS}
