"""A text with its marks, as HTML."""

from collections.abc import Mapping
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.highlighting import Paragraph
from claims.models import Corroboration, Statement
from claims.presentation.articles import Note

register = template.Library()


@register.simple_tag
def level_mark(summary: Corroboration) -> SafeString:
    """Return a level as a word and a drawing, made once for each: a page may show hundreds."""
    return _level_mark(summary.level, summary.disputed, get_language())


@lru_cache(maxsize=64)
def _level_mark(level: str, disputed: bool, language: str) -> SafeString:
    # `language` is what the words follow, so that each language has its own.
    return mark_safe(render_to_string("claims/_level.html", {"level": level, "disputed": disputed}).strip())  # noqa: S308


@register.simple_tag
def marked(paragraph: Paragraph[str], notes: Mapping[str, Note], chosen: Statement | None) -> SafeString:
    """Return a paragraph's text with its marks; the chosen statement's are all pointed out.

    A mark has its id where it opens first, so that a link leads to its beginning; a statement's number follows its
    last one. The chosen statement takes the focus, so that a browser shows it even where the address has lost its
    fragment. The text itself is escaped.
    """
    chosen_mark = f"s-{chosen.uid}" if chosen else ""
    pieces: list[str] = []
    for token in paragraph.tokens:
        if token.kind == "text":
            pieces.append(format_html("{}", token.text))
            continue
        note = notes.get(token.key or "")
        if token.kind == "open":
            kind = "statement" if note else "evidence"
            emphasis = " chosen" if token.key == chosen_mark else ""
            element = format_html('<mark class="{}{}"', kind, emphasis)
            anchor = format_html(' id="{}"', token.key) if token.outermost else ""
            focus = ' tabindex="-1" autofocus' if emphasis and token.outermost else ""
            pieces.append(f"{element}{anchor}{focus}>")
            continue
        pieces.append("</mark>")
        if note and token.outermost:
            pieces.append(
                format_html(
                    '<sup><a href="#n-{}" aria-label="{}">{}</a></sup>',
                    note.statement.uid,
                    _("Note on statement %(number)s") % {"number": note.number},
                    note.number,
                )
            )
    # Every piece is either escaped above or a constant of this module.
    return mark_safe("".join(pieces))  # noqa: S308
