"""The main parts of the site, and which of them the page that is shown belongs to."""

from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()


@dataclass(frozen=True)
class Section:
    """One entry: `current` is what aria-current says, "page" for the page itself, "true" for one below it, else ""."""

    name: str | Promise
    address: str
    current: str


#: Name, page, what the names of its pages begin with, and the permission that one needs to be led there.
_SECTIONS: list[tuple[Promise, str, tuple[str, ...], str]] = [
    (_("Claims"), "claim_list", ("claim_", "home", "statement_"), ""),
    (_("Topics"), "topic_list", ("topic_",), ""),
    (_("Speakers"), "speaker_list", ("speaker_",), ""),
    (_("Articles"), "article_list", ("article_", "revision_"), ""),
    (_("Outlets"), "outlet_list", ("outlet_",), ""),
    (_("Overview"), "overview", ("overview",), ""),
    (_("Imports"), "import_list", ("import_", "feed_", "look_"), "sources.add_importrun"),
    (
        _("Desk"),
        "review",
        ("review", "change_", "conflict_", "flag_", "orphan_", "reconcile_", "second_", "agreement", "webhook_"),
        "claims.change_attribution",
    ),
]


@register.simple_tag(takes_context=True)
def sections(context: template.Context) -> list[Section]:
    """Return the entries of the main navigation for whoever looks at the page."""
    request, user = context.get("request"), context.get("user")
    match = request.resolver_match if request else None
    here = (match.url_name or "") if match else ""
    shown = []
    for name, page, beginnings, permission in _SECTIONS:
        if permission and not (user and user.has_perm(permission)):
            continue
        current = "page" if here in (page, "home") and here.startswith(beginnings) else ""
        shown.append(Section(name, reverse(page), current or ("true" if here.startswith(beginnings) else "")))
    return shown
