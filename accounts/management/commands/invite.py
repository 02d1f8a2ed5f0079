"""Invite an address from the command line, and print the link."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse

from accounts import services
from accounts.errors import AccountError
from accounts.roles import Role
from config.embedded.stack import Record


class Command(BaseCommand):
    help = "Invite an address to become an editor or an administrator. Prints the link, which is good once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", choices=Role.values, default=Role.EDITOR.value)
        parser.add_argument("--days", type=int, default=services.INVITATION_DAYS, help="how long the link is good")
        parser.add_argument("--mail", action="store_true", help="send the link to the address, too")

    def handle(self, *, email: str, role: str, days: int, mail: bool, **options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email!r} is no e-mail address.") from error
        if days < 1:
            raise CommandError("--days must be at least 1.")
        try:
            invitation = services.invite(email, role=Role(role), by=None, days=days)
            path = reverse("invitation_accept", args=[services.token_of(invitation)])
            link = f"{_site().rstrip('/')}{path}"
            self.stdout.write(link)
            if mail:
                services.mail_invitation(invitation, link=link)
        except AccountError as error:
            raise CommandError(str(error)) from error


def _site() -> str:
    """Return where the site is: as it was set, else where the stack of this home runs."""
    return settings.SITE_URL or Record.read(settings.HOME).address or "http://127.0.0.1:8000/"
