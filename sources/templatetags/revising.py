"""What became of a paragraph, as HTML."""

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sources.revising import Paragraph, Piece, tokens

register = template.Library()


@register.simple_tag
def revised(paragraph: Paragraph) -> SafeString:
    """Return a paragraph with what is added and removed in it; what is said by colour and line is said in words too."""
    # Every piece is escaped below.
    return mark_safe("".join(map(_piece, paragraph.pieces)))  # noqa: S308


def _piece(piece: Piece) -> str:
    if piece.folded:
        count = len(tokens(piece.text))
        folded = ngettext("%(count)s unchanged word", "%(count)s unchanged words", count) % {"count": f"{count:,}"}
        return format_html('<details class="unchanged"><summary>{}</summary>{}</details>', folded, piece.text)
    if piece.change == "same":
        return escape(piece.text)
    element = "ins" if piece.change == "added" else "del"
    text = piece.text.rstrip()
    begins = _("[added: ") if piece.change == "added" else _("[removed: ")
    marked = f'<span class="unseen">{escape(begins)}</span>{escape(text)}<span class="unseen">]</span>'
    # The space after the words is the line's, not theirs.
    return f"<{element}>{marked}</{element}>{escape(piece.text[len(text) :])}"


@register.filter
def word_count(paragraphs: tuple[Paragraph, ...]) -> int:
    """Return how many words some paragraphs have."""
    return sum(len(piece.text.split()) for paragraph in paragraphs for piece in paragraph.pieces)
