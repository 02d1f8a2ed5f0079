"""What pages of accounts say about the site, its people and their browsers."""

from django import template
from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from accounts.mail import CONSOLE
from accounts.roles import role_of

register = template.Library()

# Each names itself after those that it is made from, so the first one found is the one.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")


@register.simple_tag
def mail_is_logged() -> bool:
    """Return whether mail goes to the log instead of to people."""
    return settings.EMAIL_BACKEND == CONSOLE


@register.simple_tag
def reads_are_public() -> bool:
    """Return whether reading needs no account."""
    return settings.PUBLIC_READS


@register.filter
def role_name(user: User) -> str:
    role = role_of(user)
    return str(role.label) if role else _("Reader")


@register.filter
def browser(user_agent: str) -> str:
    """Return browser and system in words, as “Firefox on Linux”; what is not known as it names itself, cut off."""
    name = next((name for mark, name in _BROWSERS if mark in user_agent), None)
    system = next((system for system in _SYSTEMS if system in user_agent), None)
    if name is None:
        return user_agent[:60] or _("unknown browser")
    return _("%(browser)s on %(system)s") % {"browser": name, "system": system} if system else name
