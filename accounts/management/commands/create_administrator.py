"""Make an administrator: the first one, or another when nobody can sign in."""

import getpass
import sys
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts import services
from accounts.errors import AccountError
from config import env


class Command(BaseCommand):
    help = "Make an administrator. Asks for what is not given; the password may be in ADMINISTRATOR_PASSWORD."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name")
        parser.add_argument("--email")

    def handle(self, *, name: str | None, email: str | None, **options: Any) -> None:
        try:
            name = name or self._ask("Name")
            email = email or self._ask("E-mail address")
            get_adapter().clean_username(name)
            validate_email(email)
            password = env.secret("ADMINISTRATOR_PASSWORD") or self._ask_password()
            validate_password(password, User(username=name, email=email))
            user = services.create_administrator(name, email=email, password=password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except AccountError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user} can sign in now, and invite others under /accounts/people/.")

    def _ask(self, what: str) -> str:
        self._require_terminal()
        return input(f"{what}: ").strip()

    def _ask_password(self) -> str:
        self._require_terminal()
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("The password once more: "):
            raise CommandError("The passwords differ; nobody was made administrator.")
        return password

    def _require_terminal(self) -> None:
        if not sys.stdin.isatty():
            raise CommandError("Nobody is there to be asked: give --name, --email and ADMINISTRATOR_PASSWORD.")
