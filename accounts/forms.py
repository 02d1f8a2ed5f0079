"""What is typed into the pages of accounts."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as two_step
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.scopes import Scope
from accounts.tokens import scopes_of

STRENGTH_HELP = _("At least eight characters, not only digits, and none of the common ones.")
ONCE_MORE = _("The new password once more")


class InOurWords:
    """A form of allauth with our labels and help; a label beside the field needs no placeholder within it."""

    labels: dict[str, Any] = {}
    help_texts: dict[str, Any] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")


class SignIn(InOurWords, account.LoginForm):
    labels = {"login": _("Name or e-mail address"), "remember": _("Keep me signed in on this device for two weeks")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs.update(autocomplete="username", autocapitalize="none", spellcheck="false")


class SamePerson(InOurWords, account.ReauthenticateForm):
    pass


class Address(InOurWords, account.AddEmailForm):
    labels = {"email": _("New address")}


class PasswordChange(InOurWords, account.ChangePasswordForm):
    labels = {"oldpassword": _("Present password"), "password1": _("New password"), "password2": ONCE_MORE}
    help_texts = {"password1": STRENGTH_HELP}


class FirstPassword(InOurWords, account.SetPasswordForm):
    labels = {"password1": _("New password"), "password2": ONCE_MORE}
    help_texts = {"password1": STRENGTH_HELP}


class ResetRequest(InOurWords, account.ResetPasswordForm):
    labels = {"email": _("E-mail address")}


class PasswordReset(InOurWords, account.ResetPasswordKeyForm):
    labels = {"password1": _("New password"), "password2": ONCE_MORE}
    help_texts = {"password1": STRENGTH_HELP}


class SecondStep(InOurWords, two_step.AuthenticateForm):
    pass


class SamePersonByCode(InOurWords, two_step.ReauthenticateForm):
    pass


class AppCode(InOurWords, totp.ActivateTOTPForm):
    labels = {"code": _("Code from the app")}


class InvitationRequest(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.EDITOR)


class RoleRequest(forms.Form):
    role = forms.TypedChoiceField(
        label=_("Role"), choices=[("", _("Reader")), *Role.choices], required=False, coerce=Role, empty_value=None
    )


class NewToken(forms.Form):
    """What a token is for, and how long; of the scopes those that its owner may give away."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("What will use it, so that you know it again."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.TypedMultipleChoiceField(
        label=_("What it may be used for"), coerce=Scope, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes: Any = self.fields["scopes"]
        scopes.choices = [(scope.value, scope.label) for scope in scopes_of(user)]
        scopes.error_messages["required"] = _("Choose at least one.")
        days: Any = self.fields["days"]
        days.initial, days.max_value = settings.TOKEN_DAYS, settings.TOKEN_MAX_DAYS
        days.help_text = _("At most %(most)d.") % {"most": settings.TOKEN_MAX_DAYS}
        days.validators.append(MaxValueValidator(settings.TOKEN_MAX_DAYS))
        days.widget.attrs["max"] = settings.TOKEN_MAX_DAYS


class NewAccount(forms.Form):
    """Name and password of the account that an invitation is good for."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        help_text=_("Everybody sees it beside what you decide. Letters, digits and @ . + - _ only."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        help_text=STRENGTH_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("The password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_name(self) -> str:
        return get_adapter().clean_username(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        password = given.get("password1")
        if password and "password2" in given and password != given["password2"]:
            self.add_error("password2", _("This is not the same password."))
        elif password:
            user = User(username=given.get("name", ""), email=self.email)
            try:
                password_validation.validate_password(password, user)
            except ValidationError as error:
                self.add_error("password1", error)
        return given
