"""The pages of one's own account and its tokens, of all people, and of an invitation."""

from typing import Any, cast
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from allauth.decorators import rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services, tokens
from accounts.access import RoleTooLow, requires
from accounts.errors import AccountError, AccountExists, InvitationUnusable, MailNotSent
from accounts.forms import InvitationRequest, NewAccount, NewToken, RoleRequest
from accounts.models import Invitation, Token
from accounts.roles import RIGHTS, Role, role_of

PEOPLE_PER_PAGE = 50
#: Answered invitations that the page still shows.
INVITATIONS_SHOWN = 50
TOKENS_PER_PAGE = 50

_NEW_ROLE: dict[Role | None, Promise] = {
    None: gettext_lazy("%(name)s is a reader now."),
    Role.EDITOR: gettext_lazy("%(name)s is an editor now."),
    Role.ADMINISTRATOR: gettext_lazy("%(name)s is an administrator now."),
}

MANAGE = "accounts.manage_people"
for_managers = requires(MANAGE)


@never_cache
@login_required
@require_safe
def account_home(request: HttpRequest) -> HttpResponse:
    """Show a person what the account may do, and where to change what guards it."""
    user = _person(request)
    role = role_of(user)
    return render(
        request,
        "accounts/account_home.html",
        {
            "role": role,
            "rights": RIGHTS[role] if role else (),
            "email": EmailAddress.objects.filter(user=user, primary=True).first(),
            "two_step": is_mfa_enabled(user),
            "tokens": Token.objects.usable().filter(user=user).count(),
        },
    )


# Tokens


@never_cache
@login_required
@require_safe
def token_list(request: HttpRequest) -> HttpResponse:
    """List one's own tokens, those that open something first."""
    found = Token.objects.filter(user=_person(request))
    return render(request, "accounts/token_list.html", {"page": _token_page(request, found)})


@never_cache
@for_managers
@require_safe
def token_list_all(request: HttpRequest) -> HttpResponse:
    """List everybody's tokens to those who may end them."""
    found = Token.objects.select_related("user")
    return render(request, "accounts/token_list.html", {"page": _token_page(request, found), "everybody": True})


def _token_page(request: HttpRequest, found: QuerySet[Token]) -> Page[Any]:
    usable = Q(revoked_at=None, expires_at__gt=timezone.now())
    ordered = found.select_related("revoked_by").alias(is_usable=usable).order_by("-is_usable", "-made_at", "-pk")
    return Paginator(ordered, TOKENS_PER_PAGE).get_page(request.GET.get("page"))


@never_cache
@login_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def token_create(request: HttpRequest) -> HttpResponse:
    """Make a token, and show it this once: its answer is kept nowhere."""
    user = _person(request)
    form = NewToken(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        token, secret = tokens.make_token(user, **form.cleaned_data)
        return render(request, "accounts/token_made.html", {"token": token, "secret": secret})
    return render(request, "accounts/token_create.html", {"form": form}, status=400 if form.errors else 200)


@never_cache
@login_required
@require_POST
def token_revoke(request: HttpRequest, uid: UUID) -> HttpResponse:
    """End a token of one's own; those who manage people may end anybody's."""
    user = _person(request)
    token = get_object_or_404(Token, uid=uid)
    if token.user_id != user.pk and not user.has_perm(MANAGE):
        raise RoleTooLow(MANAGE)
    tokens.revoke_token(token, by=user)
    messages.success(request, _("The token %(name)s opens nothing any more.") % {"name": token.name})
    return redirect("token_list" if token.user_id == user.pk else "token_list_all")


# People


@never_cache
@for_managers
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """List accounts and invitations; invite an address."""
    form = InvitationRequest(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = services.invite(
                form.cleaned_data["email"], role=Role(form.cleaned_data["role"]), by=_person(request)
            )
        except AccountError as refusal:
            form.add_error("email", str(refusal))
        else:
            _mail(request, invitation)
            return redirect(f"{reverse('people')}#invitations")
    accounts = _accounts().order_by("-is_active", "username", "pk")
    open_invitations = Invitation.objects.open().select_related("invited_by").order_by("-invited_at", "-pk")
    answered = Invitation.objects.exclude(pk__in=Invitation.objects.open().values("pk"))
    return render(
        request,
        "accounts/people.html",
        {
            "form": form,
            "page": Paginator(accounts, PEOPLE_PER_PAGE).get_page(request.GET.get("page")),
            "invitations": [(invitation, _link(request, invitation)) for invitation in open_invitations],
            "answered": answered.select_related("invited_by", "revoked_by", "account").order_by("-invited_at", "-pk")[
                :INVITATIONS_SHOWN
            ],
        },
        status=400 if form.errors else 200,
    )


def _accounts() -> QuerySet[User]:
    two_step = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return User.objects.annotate(two_step=Exists(two_step)).prefetch_related("groups")


def _person(request: HttpRequest) -> User:
    """Return who asks; only somebody signed in comes as far as this."""
    return cast(User, request.user)


def _link(request: HttpRequest, invitation: Invitation) -> str:
    return request.build_absolute_uri(reverse("invitation_accept", args=[services.token_of(invitation)]))


def _mail(request: HttpRequest, invitation: Invitation) -> None:
    try:
        services.mail_invitation(invitation, link=_link(request, invitation))
    except MailNotSent as failure:
        messages.warning(request, _("%(email)s is invited.") % {"email": invitation.email} + f" {failure}")
    else:
        messages.success(
            request,
            _("%(email)s is invited. Role: %(role)s.")
            % {"email": invitation.email, "role": invitation.get_role_display()},
        )


@never_cache
@for_managers
@require_POST
def invitation_revoke(request: HttpRequest, uid: UUID) -> HttpResponse:
    invitation = get_object_or_404(Invitation, uid=uid)
    services.revoke_invitation(invitation, by=_person(request))
    messages.success(
        request,
        _("The invitation of %(email)s is withdrawn; its link leads nowhere now.") % {"email": invitation.email},
    )
    return redirect("people")


@never_cache
@for_managers
@require_safe
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one account to those who may change its role."""
    person = get_object_or_404(_accounts(), pk=pk)
    role = role_of(person)
    return render(
        request,
        "accounts/person_detail.html",
        {
            "person": person,
            "role": role,
            "form": RoleRequest(initial={"role": role or ""}),
            "invitation": person.invitations.select_related("invited_by").first(),
        },
    )


@never_cache
@for_managers
@require_POST
def person_role(request: HttpRequest, pk: int) -> HttpResponse:
    form = RoleRequest(request.POST)
    person = get_object_or_404(User, pk=pk)
    if not form.is_valid():
        return render(request, "400.html", {"reasons": form.errors}, status=400)
    role = form.cleaned_data["role"]
    try:
        services.set_role(person, role, by=_person(request))
    except AccountError as refusal:
        return _refused(request, refusal)
    messages.success(request, _NEW_ROLE[role] % {"name": person})
    # Whoever gave up the right to see these pages is not sent to one of them.
    return redirect("person_detail", pk=pk) if person != request.user else redirect("account_home")


@never_cache
@for_managers
@require_POST
def person_close(request: HttpRequest, pk: int) -> HttpResponse:
    return _set_active(request, pk, active=False, done=_("The account %(name)s is closed: nobody can sign in with it."))


@never_cache
@for_managers
@require_POST
def person_open(request: HttpRequest, pk: int) -> HttpResponse:
    return _set_active(request, pk, active=True, done=_("The account %(name)s is open again."))


def _set_active(request: HttpRequest, pk: int, *, active: bool, done: str) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    try:
        services.set_active(person, active, by=_person(request))
    except AccountError as refusal:
        return _refused(request, refusal)
    messages.success(request, done % {"name": person})
    return redirect("person_detail", pk=pk)


@never_cache
@for_managers
@require_POST
def person_one_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take two-step sign-in off the account of somebody who lost telephone and recovery codes."""
    person = get_object_or_404(User, pk=pk)
    try:
        services.remove_two_step(person, by=_person(request))
    except AccountError as refusal:
        return _refused(request, refusal)
    messages.success(request, _("%(name)s signs in with the password alone now.") % {"name": person})
    return redirect("person_detail", pk=pk)


def _refused(request: HttpRequest, refusal: AccountError) -> HttpResponse:
    return render(request, "409.html", {"reason": str(refusal)}, status=409)


# An invitation


@never_cache
@sensitive_post_parameters("password1", "password2")
@rate_limit(action="signup")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Make the account that a link is good for, and sign its owner in."""
    try:
        invitation = services.find_invitation(token)
    except InvitationUnusable as refusal:
        return _unusable(request, refusal)
    form = NewAccount(request.POST if request.method == "POST" else None, email=invitation.email)
    if request.user.is_authenticated:
        # Two people on one computer: the account must not be made in the name of the wrong one.
        return render(request, "accounts/invitation_signed_in.html", {"invitation": invitation})
    if request.method == "POST" and form.is_valid():
        try:
            user = services.accept_invitation(
                token, name=form.cleaned_data["name"], password=form.cleaned_data["password1"]
            )
        except InvitationUnusable as refusal:
            return _unusable(request, refusal)
        except AccountExists as refusal:
            form.add_error(None, str(refusal))
        else:
            return perform_login(request, user, redirect_url=reverse("account_home"), email=user.email)
    return render(
        request,
        "accounts/invitation_accept.html",
        {"form": form, "invitation": invitation, "rights": RIGHTS[Role(invitation.role)]},
        status=400 if form.errors else 200,
    )


def _unusable(request: HttpRequest, refusal: InvitationUnusable) -> HttpResponse:
    return render(request, "accounts/invitation_unusable.html", {"reason": str(refusal)}, status=410)
