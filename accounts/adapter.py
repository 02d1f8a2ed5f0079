"""What allauth is told to do otherwise: no self-registration, plain words, mail that may fail."""

import logging
import smtplib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

LOCKED = _(
    "Too many failed attempts. Wait a quarter of an hour and try again, or set a new password by mail, which opens "
    "your account at once."
)
WRONG_CODE = _("This code is not, or no longer, right. Codes of an app change twice a minute.")
MISMATCH = _("This name or address and this password do not belong together.")
logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": LOCKED,
        "rate_limited": LOCKED,
        "email_password_mismatch": MISMATCH,
        "username_password_mismatch": MISMATCH,
        "incorrect_password": _("This is not your password."),
        "incorrect_code": WRONG_CODE,
        "enter_current_password": _("This is not your present password."),
        "username_taken": _("This name is taken. Choose another."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: accounts are made by invitation."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            logger.warning("sign-in locked ip=%s", self.get_client_ip(request))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        # The name is left out: people type passwords into the wrong field.
        logger.info("sign-in failed ip=%s", self.get_client_ip(request))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail; what fails is logged, and said to whoever is signed in.

        To strangers nothing is said: it would tell them which addresses have an account.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException) as error:
            logger.error("mail not sent kind=%s error=%r", template_prefix.rsplit("/", 1)[-1], error)
            if self.request.user.is_authenticated:
                messages.error(
                    self.request,
                    gettext("The mail to %(email)s could not be sent. Tell an administrator, then try again.")
                    % {"email": email},
                )


class TwoStepAdapter(DefaultMFAAdapter):
    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code as an element to be put into a page."""
        svg = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]
