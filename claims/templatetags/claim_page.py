"""What the page of a claim needs that templates cannot say."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from claims.corroboration.reports import ClaimReport

register = template.Library()

#: What would end the element, or open another one, in a script's text.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@register.simple_tag(takes_context=True)
def report_address(context: template.Context, report: ClaimReport) -> str:
    """Return where a report is shown, on this page or another one; needs `address_of` in the context."""
    address: str = context["address_of"](report)
    return address


@register.simple_tag
def linked_data(described: dict[str, Any]) -> SafeString:
    """Return linked data for the head of a page, as a block of data that no browser runs."""
    body = json.dumps(described, ensure_ascii=False).translate(_ESCAPES)
    # What could leave the element is escaped above.
    return mark_safe(f'<script type="application/ld+json">{body}</script>')  # noqa: S308
