"""When outlets published what, by how long they were ahead, and lists of their names."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django import template
from django.template.defaultfilters import date as shown_date
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from claims.coreporting import Lead, Published
from sources.models import Outlet

register = template.Library()


@register.filter
def moment(published: Published | None) -> SafeString | str:
    """Return when something came out as a time element; the day alone where only that is known."""
    if published is None:
        return _("date unknown")
    if published.has_time:
        shown = _("%(moment)s UTC") % {"moment": shown_date(published.at, "DATETIME_FORMAT")}
        return format_html('<time datetime="{}">{}</time>', shown_date(published.at, "c"), shown)
    return format_html(
        '<time datetime="{}">{}</time>', shown_date(published.at, "Y-m-d"), shown_date(published.at, "DATE_FORMAT")
    )


@register.filter
def when(coverage: Any) -> SafeString | str:
    """Return when an outlet first published what it has of a claim."""
    return moment(Published(coverage.published_at, coverage.has_time) if coverage.published_at else None)


@register.filter
def ahead(lead: Lead[int]) -> str:
    """Return by how long the first was ahead, as “2 days” or “3 hours, 20 minutes”."""
    if lead.in_days:
        return ngettext("%(number)d day", "%(number)d days", lead.by.days) % {"number": lead.by.days}
    start = datetime(2000, 1, 1, tzinfo=UTC)
    return timesince(start, start + lead.by)


@register.filter
def named(outlets: Iterable[Outlet], joined_by: str = "and") -> SafeString:
    """Return outlets as links in one list, the last joined by “and”, or by “or” where that is asked for."""
    links = [format_html('<a href="{}">{}</a>', outlet.get_absolute_url(), outlet.name) for outlet in outlets]
    if len(links) < 2:
        return mark_safe("".join(links))  # noqa: S308 (each is escaped above)
    pattern = _("%(names)s or %(last)s") if joined_by == "or" else _("%(names)s and %(last)s")
    return mark_safe(pattern % {"names": ", ".join(links[:-1]), "last": links[-1]})  # noqa: S308 (as above)


@register.filter
def language_in_words(code: str) -> str:
    """Return a language by its name in the page's language; its code where the name is not known."""
    # Django's own language_name, which `load i18n` brings, is not translated.
    for known in (code, code.split("-")[0]):
        try:
            return str(get_language_info(known)["name_translated"])
        except KeyError:
            continue
    return code


@register.filter
def at_level(count: int, level: str) -> str:
    """Return a number of claims with their level, as “3 corroborated”."""
    patterns = {
        "corroborated": ngettext("%(number)d corroborated", "%(number)d corroborated", count),
        "repeated": ngettext("%(number)d repeated", "%(number)d repeated", count),
        "single": ngettext("%(number)d single", "%(number)d single", count),
    }
    return patterns[level] % {"number": count}
