"""A text with its marks, as HTML."""

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from claims.highlighting import Paragraph
from claims.models import Statement
from claims.presentation.articles import Note

register = template.Library()


@register.simple_tag
def marked(paragraph: Paragraph[str], notes: Mapping[str, Note], chosen: Statement | None) -> SafeString:
    """Return a paragraph's text with its marks; the chosen statement's are all pointed out.

    A mark has its id where it opens first, so that a link leads to its beginning; a statement's number follows its
    last one. The text itself is escaped.
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
            anchor = format_html(' id="{}">', token.key) if token.outermost else ">"
            pieces.append(f"{element}{anchor}")
            continue
        pieces.append("</mark>")
        if note and token.outermost:
            pieces.append(
                format_html(
                    '<sup><a href="#n-{}"><span class="unseen">statement </span>{}</a></sup>',
                    note.statement.uid,
                    note.number,
                )
            )
    # Every piece is either escaped above or a constant of this module.
    return mark_safe("".join(pieces))  # noqa: S308
