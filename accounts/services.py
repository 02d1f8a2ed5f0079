"""Accounts and invitations are made and changed here, each change by one transaction and with one log line."""

import logging
import smtplib
from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core import signing
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import tokens
from accounts.errors import (
    AccountExists,
    AddressHasAccount,
    InvitationUnusable,
    LastAdministrator,
    MailNotSent,
    OwnAccount,
)
from accounts.models import Invitation
from accounts.roles import Role

INVITATION_DAYS = 7
_signer = signing.Signer(salt="accounts.invitation")
logger = logging.getLogger(__name__)


def token_of(invitation: Invitation) -> str:
    """Return the part of the link that only we can make; the database does not hold it."""
    return _signer.sign(invitation.uid.hex)


def find_invitation(token: str) -> Invitation:
    """Return the open invitation that a link names.

    Raises InvitationUnusable, saying why, when there is none.
    """
    return _open_invitation(token, Invitation.objects.select_related("invited_by"))


def invite(email: str, *, role: Role, by: User | None, days: int = INVITATION_DAYS) -> Invitation:
    """Return a new invitation of an address; an earlier one that was not accepted is revoked.

    Raises AddressHasAccount when an account has the address.
    """
    email = email.strip().lower()
    now = timezone.now()
    with transaction.atomic():
        _lock()
        owner = _account_of(email)
        if owner is not None:
            raise AddressHasAccount(email, owner.get_username())
        Invitation.objects.unanswered().filter(email__iexact=email).update(revoked_at=now, revoked_by=by)
        invitation = Invitation.objects.create(
            email=email, role=role, invited_by=by, invited_at=now, expires_at=now + timedelta(days=days)
        )
    logger.info("invited invitation=%s role=%s by=%s", invitation.uid, role, _id(by))
    return invitation


def mail_invitation(invitation: Invitation, *, link: str) -> None:
    """Send the link of an invitation to its address.

    Raises MailNotSent when the mail server does not take it; the invitation stays.
    """
    context = {"invitation": invitation, "link": link}
    message = EmailMessage(
        render_to_string("accounts/email/invitation_subject.txt", context).strip(),
        render_to_string("accounts/email/invitation_message.txt", context).strip() + "\n",
        settings.DEFAULT_FROM_EMAIL,
        [invitation.email],
    )
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        logger.error("invitation not mailed invitation=%s error=%r", invitation.uid, error)
        raise MailNotSent(
            _("The mail to %(email)s could not be sent. Hand the link on yourself.") % {"email": invitation.email}
        ) from error


def revoke_invitation(invitation: Invitation, *, by: User) -> None:
    """Make the link of an invitation useless; one that was accepted or revoked before is left as it is."""
    changed = Invitation.objects.unanswered().filter(pk=invitation.pk).update(revoked_at=timezone.now(), revoked_by=by)
    if changed:
        logger.info("revoked invitation=%s by=%s", invitation.uid, _id(by))


def accept_invitation(token: str, *, name: str, password: str) -> User:
    """Return the account that an invitation's link was good for, once; its address counts as verified.

    Raises InvitationUnusable when the link is good for none, AccountExists when the name is taken meanwhile.
    """
    with transaction.atomic():
        _lock()
        invitation = _open_invitation(token, Invitation.objects.all())
        user = _make_account(name, email=invitation.email, password=password, role=Role(invitation.role))
        invitation.accepted_at, invitation.account = timezone.now(), user
        invitation.save(update_fields=["accepted_at", "account"])
    logger.info("accepted invitation=%s user=%d role=%s", invitation.uid, user.pk, invitation.role)
    return user


def create_administrator(name: str, *, email: str, password: str) -> User:
    """Return a new account of an administrator.

    Raises AccountExists when the name or the address is taken.
    """
    with transaction.atomic():
        _lock()
        user = _make_account(name, email=email.strip().lower(), password=password, role=Role.ADMINISTRATOR)
    logger.info("created administrator user=%d", user.pk)
    return user


def set_role(user: User, role: Role | None, *, by: User | None) -> None:
    """Give an account a role, and take its former one away; None leaves a reader.

    Raises LastAdministrator when nobody else could change roles any more.
    """
    with transaction.atomic():
        _lock()
        if role != Role.ADMINISTRATOR:
            _keep_one_administrator(without=user)
        # Read again under the lock: what the caller holds may be a superuser no more.
        _assign(User.objects.get(pk=user.pk), role)
    logger.info("role changed user=%d role=%s by=%s", user.pk, role or "none", _id(by))


def set_active(user: User, active: bool, *, by: User) -> None:
    """Close an account, which ends its sessions and tokens at once, or open it again.

    Raises OwnAccount for one's own, LastAdministrator for the last of them.
    """
    if user == by:
        raise OwnAccount
    with transaction.atomic():
        _lock()
        if not active:
            _keep_one_administrator(without=user)
            tokens.end_tokens(user, why="closed")
        User.objects.filter(pk=user.pk).update(is_active=active)
    logger.info("account %s user=%d by=%s", "opened" if active else "closed", user.pk, _id(by))


def remove_two_step(user: User, *, by: User) -> None:
    """Let somebody who lost telephone and recovery codes sign in with the password alone.

    Raises OwnAccount for one's own: that is done on one's own page, with a code.
    """
    if user == by:
        raise OwnAccount
    Authenticator.objects.filter(user=user).delete()
    logger.info("two-step sign-in removed user=%d by=%s", user.pk, _id(by))


def administrators() -> QuerySet[User]:
    """Return the accounts that can change roles now."""
    return User.objects.filter(
        Q(is_superuser=True) | Q(groups__name=Role.ADMINISTRATOR.group), is_active=True
    ).distinct()


def _lock() -> None:
    """Let one change of accounts follow the other: there are few, and each looks at what the last one left.

    The row is there since `migrate`, which also brings it back.
    """
    Group.objects.select_for_update().get(name=Role.ADMINISTRATOR.group)


def _keep_one_administrator(*, without: User) -> None:
    others = administrators().exclude(pk=without.pk)
    if administrators().filter(pk=without.pk).exists() and not others.exists():
        raise LastAdministrator


def _open_invitation(token: str, invitations: QuerySet[Invitation]) -> Invitation:
    try:
        uid = UUID(_signer.unsign(token))
    except (signing.BadSignature, ValueError):
        raise InvitationUnusable(
            _("This is not the whole link: copy it from the mail again, from its beginning to its end.")
        ) from None
    invitation = invitations.filter(uid=uid).first()
    if invitation is None or invitation.state == Invitation.State.REVOKED:
        raise InvitationUnusable(_("This invitation was withdrawn. Ask an administrator for another."))
    if invitation.state == Invitation.State.ACCEPTED:
        raise InvitationUnusable(_("This invitation was used already: its account is made. Sign in with it."))
    if invitation.state == Invitation.State.EXPIRED:
        raise InvitationUnusable(_("This invitation has expired. Ask an administrator for another."))
    return invitation


def _account_of(email: str) -> User | None:
    return User.objects.filter(
        Q(email__iexact=email) | Q(emailaddress__email__iexact=email, emailaddress__verified=True)
    ).first()


def _make_account(name: str, *, email: str, password: str, role: Role) -> User:
    if User.objects.filter(username__iexact=name).exists():
        raise AccountExists(_("The name %(name)s is taken. Choose another.") % {"name": name})
    if _account_of(email) is not None:
        raise AccountExists(
            _("There is an account with the address %(email)s. Sign in with it, or reset its password.")
            % {"email": email}
        )
    try:
        with transaction.atomic():
            user = User.objects.create_user(name, email=email, password=password)
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    except IntegrityError:
        # The administration pages do not take the lock.
        raise AccountExists(
            _("The name %(name)s or the address %(email)s was taken this moment. Try again.")
            % {"name": name, "email": email}
        ) from None
    _assign(user, role)
    return user


def _assign(user: User, role: Role | None) -> None:
    ours = Group.objects.filter(name__in=[each.group for each in Role])
    user.groups.remove(*ours)
    if role is not None:
        user.groups.add(Group.objects.get(name=role.group))
    user.is_staff = role == Role.ADMINISTRATOR
    user.is_superuser = user.is_superuser and role == Role.ADMINISTRATOR
    user.save(update_fields=["is_staff", "is_superuser"])


def _id(user: User | None) -> str:
    return str(user.pk) if user is not None else "command"
