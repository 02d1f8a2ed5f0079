"""What the list of claims shows: its rows with the words that were searched for, its facets, what was picked."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache, partial
from typing import Any, Protocol
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_info, ngettext
from django.utils.translation import gettext as _

from claims.compiled import Compiled, IsAny
from claims.models import Claim, ClaimTopic, Corroboration, Speaker, Topic
from claims.search import ClaimQuery, Count, Found
from claims.stems import stemmed
from claims.words import Piece, highlighted
from sources.models import Outlet

#: What the picture of a claim's days is drawn in.
TIMELINE_WIDTH = 120
_EDGE = 5


# Rows


@dataclass(frozen=True)
class Timeline:
    """The days on which a claim was reported, as places along a line, and the same in words."""

    label: str
    places: list[int]


@dataclass(frozen=True)
class NamedOutlet:
    """An outlet as far as a list shows it."""

    slug: str
    name: str

    @property
    def address(self) -> str:
        return _outlet_address(self.slug, get_language())


@lru_cache(maxsize=20_000)
def _outlet_address(slug: str, language: str) -> str:
    # Addresses begin with the language that is active, which `language` keeps apart.
    return reverse("outlet_detail", args=[slug])


@dataclass(frozen=True)
class ClaimRow:
    """A claim in a list; `sentence` and `speaker_name` are in pieces, of which those searched for are `found`.

    confirmed: only reports that an editor confirmed are counted.
    """

    claim: Claim
    topics: list[Topic]
    summary: Corroboration
    outlets: list[NamedOutlet]
    origins: list[NamedOutlet]
    sentence: list[Piece]
    speaker_name: list[Piece]
    confirmed: bool = False

    @property
    def address(self) -> str:
        """Of the claim's page, which counts what the list counts."""
        return self.claim.get_absolute_url() + ("?confirmed=1" if self.confirmed else "")

    @property
    def first_outlet(self) -> Outlet | None:
        """The outlet whose report was published first."""
        return self.summary.first_outlet

    @property
    def figures(self) -> str:
        """“4 outlets, 2 origins”."""
        outlets, origins = figures_of(self.summary)
        return _("%(outlets)s, %(origins)s") % {"outlets": outlets, "origins": origins}

    @property
    def unnamed(self) -> int:
        """How many outlets report it beside those of the row."""
        return self.summary.outlet_count - len(self.outlets)

    @cached_property
    def timeline(self) -> Timeline | None:
        """Its days in a picture; none where there is but one."""
        return timeline(self.summary.report_days, self.summary.report_count)


class Counted(Protocol):
    """How a claim is counted: its stored corroboration, or what a matrix knows of it."""

    @property
    def outlet_count(self) -> int: ...
    @property
    def origin_count(self) -> int: ...
    @property
    def exact(self) -> bool: ...


def figures_of(counted: Counted) -> tuple[str, str]:
    """Return how many outlets have a claim, and how many origins could explain it: “4 outlets”, “at most 2 origins”."""
    outlets = ngettext("%(number)s outlet", "%(number)s outlets", counted.outlet_count)
    if counted.exact:
        origins = ngettext("%(number)s origin", "%(number)s origins", counted.origin_count)
    else:
        origins = ngettext("at most %(number)s origin", "at most %(number)s origins", counted.origin_count)
    return outlets % {"number": counted.outlet_count}, origins % {"number": counted.origin_count}


def timeline(days: Sequence[date], reports: int) -> Timeline | None:
    """Return the days of some reports as places along a line; None where there are fewer than two days."""
    if len(days) < 2:
        return None
    first, last = days[0], days[-1]
    length = (last - first).days
    wide = TIMELINE_WIDTH - 2 * _EDGE
    places = sorted({_EDGE + round(wide * (day - first).days / length) for day in days})
    label = ngettext(
        "%(reports)d report, from %(first)s to %(last)s",
        "%(reports)d reports, from %(first)s to %(last)s",
        reports,
    ) % {
        "reports": reports,
        "first": date_format(first, "DATE_FORMAT"),
        "last": date_format(last, "DATE_FORMAT"),
    }
    return Timeline(label, places)


def claim_rows(found: Found, query: ClaimQuery, *, most_outlets: int | None = None) -> list[ClaimRow]:
    """Return the rows of a page in its order; in a fixed number of queries, however many they are.

    most_outlets: outlets and origins that a row names at most.
    """
    claims = {claim.pk: claim for claim in _CLAIMS(found.ids)}
    counted = Corroboration.Basis.CONFIRMED if query.confirmed else Corroboration.Basis.COUNTED
    summaries = {summary.claim_id: summary for summary in _summaries(counted, most_outlets)(found.ids)}
    topics: dict[int, list[Topic]] = defaultdict(list)
    for topic in _TOPICS(found.ids):
        topics[topic.claim_id].append(topic.topic)
    terms = query.understood.terms if query.q else ()
    rows = []
    for pk in found.ids:
        claim, summary = claims.get(pk), summaries.get(pk)
        # One that was merged or lost its reports between the two readings is shown no more.
        if claim is None or summary is None:
            continue
        rows.append(
            ClaimRow(
                claim=claim,
                topics=topics[pk],
                summary=summary,
                outlets=[NamedOutlet(**outlet) for outlet in summary.outlet_names],
                origins=[NamedOutlet(**outlet) for outlet in summary.origin_names],
                sentence=highlighted(claim.text, terms, stem=_stem(claim.language)),
                speaker_name=highlighted(claim.speaker.name, terms, stem=_stem("")) if claim.speaker else [],
                confirmed=query.confirmed,
            )
        )
    return rows


_CLAIMS = Compiled(lambda ids: Claim.objects.filter(IsAny("pk", ids)).select_related("speaker"), list)
_TOPICS = Compiled(
    lambda ids: ClaimTopic.objects.filter(IsAny("claim", ids)).select_related("topic").order_by("topic__name"), list
)


@cache
def _summaries(basis: str, most: int | None) -> Compiled[Any]:
    """Return what gives the corroboration of claims, with slug and name of `most` outlets and origins, by name.

    They are no models: to make hundreds of the same few takes longer than to read them.
    """

    def names(through: type[Model]) -> ArraySubquery:
        outlets = through._default_manager.filter(corroboration=OuterRef("pk")).order_by("outlet__name")[:most]
        return ArraySubquery(outlets.values(json=JSONObject(slug="outlet__slug", name="outlet__name")))

    return Compiled(
        lambda claims: (
            Corroboration.objects.filter(IsAny("claim", claims), basis=basis)
            .select_related("first_outlet")
            .annotate(
                outlet_names=names(Corroboration.outlets.through), origin_names=names(Corroboration.origins.through)
            )
        ),
        list,
    )


# Words come again and again, and a stem takes as long as all the rest of showing one.
@lru_cache(maxsize=50_000)
def _stemmed(word: str, language: str) -> str:
    return stemmed(word, {"en": "english", "ru": "russian"}[language])


def _stem(language: str) -> Callable[[str], str]:
    """Return what reduces the words of a language as the search does."""
    known = language[:2].lower()
    return partial(_stemmed, language=known) if known in ("en", "ru") else str


# Facets


@dataclass(frozen=True)
class Choice:
    """A value of a facet: how it is read, where a click leads, and how many claims have it."""

    value: str
    name: str
    address: str
    count: Count | None = None
    chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """What a list can be narrowed by: the values that most of its claims have."""

    kind: str
    title: str
    choices: list[Choice]


@dataclass(frozen=True)
class Asked:
    """The parameters of a list as they were given, from which the addresses of its like are made."""

    parameters: Mapping[str, str]

    def address(self, **changed: str | None) -> str:
        """Return the address of the list with some parameters changed, or taken away where None."""
        parameters = {name: value for name, value in {**self.parameters, **changed}.items() if value}
        return f"{self.path}?{urlencode(parameters)}" if parameters else self.path

    @cached_property
    def path(self) -> str:
        return reverse("claim_list")


def facets_of(found: Found, query: ClaimQuery, asked: Asked) -> list[Facet]:
    """Return by what the list can be narrowed: the kinds of facets of which none is picked and several are there."""
    shown = [
        ("topic", _("Topic"), _named(_TOPIC_NAMES)),
        ("speaker", _("Speaker"), _named(_SPEAKER_NAMES)),
        ("outlet", _("Outlet"), _named(_OUTLET_NAMES)),
        ("language", _("Language"), _read(language_name)),
        ("year", _("First reported in"), _read(str)),
        ("status", _("Checked by an editor"), _read(status_name)),
    ]
    facets = []
    for kind, title, named in shown:
        counts = found.facets.get(kind, [])
        # What all of them have narrows nothing.
        if asked.parameters.get(kind) or len(counts) < 2 or all(count == found.count for _value, count in counts):
            continue
        names = named([value for value, _count in counts])
        choices = [
            Choice(names[value][0], names[value][1], asked.address(**{kind: names[value][0]}), count)
            for value, count in (sorted(counts, reverse=True) if kind == "year" else counts)
            if value in names
        ]
        facets.append(Facet(kind, title, choices))
    return facets


_TOPIC_NAMES = Compiled(lambda ids: Topic.objects.filter(IsAny("pk", ids)).values_list("pk", "slug", "name"), list)
_SPEAKER_NAMES = Compiled(lambda ids: Speaker.objects.filter(IsAny("pk", ids)).values_list("pk", "uid", "name"), list)
_OUTLET_NAMES = Compiled(
    lambda ids: Outlet.objects.standing().filter(IsAny("pk", ids)).values_list("pk", "slug", "name"), list
)


def _named(rows: Compiled[tuple[Any, ...]]) -> Callable[[list[str]], dict[str, tuple[str, str]]]:
    """Return what gives the rows of some ids as (name in the address, name to read)."""
    return lambda values: {str(pk): (str(value), name) for pk, value, name in rows(list(map(int, values)))}


def _read(name: Callable[[str], str]) -> Callable[[list[str]], dict[str, tuple[str, str]]]:
    return lambda values: {value: (value, name(value)) for value in values}


def levels_of(found: Found, query: ClaimQuery, asked: Asked) -> list[Choice]:
    """Return the levels, the strongest first; without a count where the list is of another one."""
    counts = dict(found.facets.get("level", []))
    known = ["corroborated", "repeated", "single"]
    if "unreported" in counts or query.level == "unreported":
        known.append("unreported")  # only denied
    none = Count(0, found.count.is_exact)
    return [
        Choice(
            level,
            level,
            asked.address(level=level),
            found.count if level == query.level else None if query.level else counts.get(level, none),
            level == query.level,
        )
        for level in known
    ]


def picked_of(query: ClaimQuery, asked: Asked) -> list[Choice]:
    """Return what the list was narrowed by; each leads to the list without it."""
    by_name = [
        ("speaker", query.speaker and query.speaker.name),
        ("topic", query.topic and query.topic.name),
        ("outlet", query.outlets and query.outlets[0].name),
        ("language", query.language and language_name(query.language)),
        ("year", query.year and str(query.year)),
        ("status", query.status and status_name(query.status)),
        ("disputed", query.disputed and _("Disputed")),
        ("differs", query.differs and _("Reports differ")),
        ("alarms", query.alarms and _("Clipped so that the sense changes")),
        ("confirmed", query.confirmed and _("Confirmed reports only")),
        ("published_from", _day(_("First reported from %(day)s"), query.published_from)),
        ("published_to", _day(_("First reported until %(day)s"), query.published_to)),
        ("said_from", _day(_("Said from %(day)s"), query.said_from)),
        ("said_to", _day(_("Said until %(day)s"), query.said_to)),
    ]
    return [Choice(kind, str(name), asked.address(**{kind: None})) for kind, name in by_name if name]


def _day(words: str, day: date | None) -> str:
    return words % {"day": date_format(day, "DATE_FORMAT")} if day else ""


def status_name(status: str) -> str:
    """Return in words whether an editor confirmed a report of a claim."""
    return _("A report is confirmed") if status == "confirmed" else _("All only proposed")


def language_name(tag: str) -> str:
    """Return the name of a language in the language of the page, or its tag where it is not a known one."""
    try:
        return str(get_language_info(tag.lower())["name_translated"]).capitalize()
    except KeyError:
        return tag
