"""Parts of the list of claims that stand on it many times; as filters, since a template for each takes far longer."""

from collections.abc import Iterable

from django import template
from django.utils.formats import date_format, number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from claims.presentation.listing import ClaimRow, Timeline
from claims.search import Count
from claims.words import Piece

register = template.Library()


@register.filter
def marked_words(pieces: Iterable[Piece]) -> SafeString:
    """Return the pieces of a text, escaped, those that were searched for as marks."""
    parts = (f"<mark>{escape(piece.text)}</mark>" if piece.found else escape(piece.text) for piece in pieces)
    # Every piece is escaped above.
    return mark_safe("".join(parts))  # noqa: S308


@register.filter
def counted(count: Count) -> SafeString:
    """Return a count; one that is not exact is “at least” to those who hear it, and has a + for those who see it."""
    number = number_format(count.number, force_grouping=True)
    if count.is_exact:
        return format_html('<span class="count">{}</span>', number)
    return format_html(
        '<span class="count"><span class="unseen">{} </span>{}<span aria-hidden="true">+</span></span>',
        _("at least"),
        number,
    )


@register.filter
def drawn(timeline: Timeline) -> SafeString:
    """Return the days on which a claim was reported as a picture of them on a line."""
    places = "".join(f'<circle cx="{place}" cy="7" r="3.5" fill="currentColor"/>' for place in timeline.places)
    line = '<path d="M5 7h110" fill="none" stroke="currentColor" stroke-width="1"/>'
    return format_html(
        '<svg viewBox="0 0 120 14" width="120" height="14" role="img" aria-label="{}">{}</svg>',
        timeline.label,
        # Numbers of ours alone.
        mark_safe(line + places),  # noqa: S308
    )


@register.filter
def first_report(row: ClaimRow) -> SafeString | str:
    """Return who reported a claim first and when, as a sentence; nothing where that is not known."""
    outlet, published = row.first_outlet, row.summary.first_published_at
    if outlet is None or published is None:
        return ""
    if row.summary.report_count == 1:
        sentence = _(
            'Reported by <a href="%(address)s" dir="auto">%(outlet)s</a> on '
            '<time datetime="%(machine)s">%(shown)s</time>'
        )
    else:
        sentence = _(
            'First reported by <a href="%(address)s" dir="auto">%(outlet)s</a> on '
            '<time datetime="%(machine)s">%(shown)s</time>'
        )
    shown = {
        "address": escape(outlet.get_absolute_url()),
        "outlet": escape(outlet.name),
        "machine": date_format(published, "Y-m-d"),
        "shown": escape(date_format(published, "DATE_FORMAT")),
    }
    return mark_safe(sentence % shown)  # noqa: S308 (each value is escaped above)


@register.filter
def reporting_outlets(row: ClaimRow, rest: str) -> SafeString:
    """Return the outlets of a row as links; those that it does not name as one link to `rest`."""
    links = [format_html('<a href="{}" dir="auto">{}</a>', outlet.address, outlet.name) for outlet in row.outlets]
    if row.unnamed:
        more = ngettext("%(number)s more outlet", "%(number)s more outlets", row.unnamed) % {"number": row.unnamed}
        links.append(format_html('<a href="{}">{}</a>', rest, more))
    return mark_safe(pgettext("between the names of a list", ", ").join(links))  # noqa: S308 (escaped above)
