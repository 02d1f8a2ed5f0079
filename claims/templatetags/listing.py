"""Parts of the list of claims that stand on it many times; as filters, since a template for each takes far longer."""

from collections.abc import Iterable

from django import template
from django.utils.formats import number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

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
