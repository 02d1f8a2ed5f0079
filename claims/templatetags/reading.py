"""A text with its marks, as HTML."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from claims.highlighting import Paragraph
from claims.models import Attribution, Statement
from claims.presentation.articles import Note
from claims.templatetags.levels import level_mark

register = template.Library()

#: Characters of a claim that a note beside the text has.
_CLAIM_SHOWN = 100
_SEPARATOR = mark_safe(' <span class="sep">·</span> ')


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


@register.simple_tag
def noted(note: Note, chosen: Statement | None, *, editable: bool) -> SafeString:
    """Return the note on a statement as an item of a list; made here, since a hundred by a template take far longer."""
    statement = note.statement
    number = format_html(
        '<a class="number" href="#s-{}" aria-label="{}">{}</a>',
        statement.uid,
        _("To statement %(number)s in the text") % {"number": note.number},
        note.number,
    )
    claims = [_claim_of_note(attribution) for attribution in note.attributions]
    return format_html(
        '<li id="n-{}"{}>{}<div>{}<p class="small">{}</p></div></li>',
        statement.uid,
        mark_safe(' class="chosen-note"') if statement == chosen else "",
        number,
        # Made of what is escaped already.
        mark_safe("".join(claims))  # noqa: S308
        if claims
        else format_html('<p class="small">{}</p>', _("Carries no claim yet.")),
        mark_safe(_SEPARATOR.join(_about_statement(note, editable=editable))),  # noqa: S308
    )


def _claim_of_note(attribution: Any) -> SafeString:
    """Return the claim that a statement carries as a link, with its level."""
    claim, level = attribution.claim, attribution.level
    denies = attribution.stance == Attribution.Stance.DENIES
    text = claim.text if len(claim.text) <= _CLAIM_SHOWN else Truncator(claim.text).chars(_CLAIM_SHOWN)
    return format_html(
        '<p class="note-claim">{}<a href="{}#r-{}" lang="{}" dir="auto">{}</a></p>{}',
        format_html("<strong>{}</strong> ", _("Denies:")) if denies else "",
        claim.get_absolute_url(),
        attribution.uid,
        claim.language,
        text,
        format_html('<p class="small">{}</p>', level_mark(level, attribution.disputed)) if level else "",
    )


def _about_statement(note: Note, *, editable: bool) -> list[SafeString]:
    """Return who said it and in which form, by whose way, when, and the way to edit it."""
    statement = note.statement
    speaker = statement.speaker.name if statement.speaker else statement.source_text or _("Speaker unknown")
    parts = [format_html("<bdi>{}</bdi>, {}", speaker, note.form)]
    if note.relayed_by:
        parts.append(format_html("{}", _("by way of %(outlets)s") % {"outlets": ", ".join(note.relayed_by)}))
    if statement.said_on:
        parts.append(format_html("{}", _("said %(day)s") % {"day": date_format(statement.said_on, "DATE_FORMAT")}))
    if editable:
        label = _("Edit statement %(number)s") % {"number": note.number}
        address = reverse("statement_edit", args=[statement.uid])
        parts.append(format_html('<a href="{}" data-edit aria-label="{}">{}</a>', address, label, _("Edit")))
    return parts
