"""What can go wrong with accounts; each message says to the person before the screen what to do."""

from django.utils.translation import gettext as _


class AccountError(Exception):
    """Something about accounts was refused; nothing was changed."""


class AddressHasAccount(AccountError):
    def __init__(self, email: str, name: str) -> None:
        super().__init__(
            _("%(email)s has an account already, %(name)s. Change its role instead.") % {"email": email, "name": name}
        )


class AccountExists(AccountError):
    """The name or the address is taken."""


class InvitationUnusable(AccountError):
    """The link of an invitation leads nowhere: it was used, revoked, expired, or is no link of ours."""


class LastAdministrator(AccountError):
    def __init__(self) -> None:
        super().__init__(_("This is the last administrator. Make somebody else administrator first."))


class OwnAccount(AccountError):
    def __init__(self) -> None:
        super().__init__(_("You cannot do this to your own account. Ask another administrator."))


class MailNotSent(AccountError):
    """The mail server refused or did not answer."""
