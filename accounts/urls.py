"""Addresses under /accounts/: ours first, then those of allauth, whose sign-up stays closed."""

from allauth.mfa.recovery_codes.views import view_recovery_codes
from allauth.mfa.totp.views import activate_totp
from django.urls import include, path
from django.views.decorators.cache import never_cache

from accounts import views

urlpatterns = [
    path("", views.account_home, name="account_home"),
    path("tokens/", views.token_list, name="token_list"),
    path("tokens/new/", views.token_create, name="token_create"),
    path("tokens/all/", views.token_list_all, name="token_list_all"),
    path("tokens/<uuid:uid>/revoke/", views.token_revoke, name="token_revoke"),
    path("people/", views.people, name="people"),
    path("people/<int:pk>/", views.person_detail, name="person_detail"),
    path("people/<int:pk>/role/", views.person_role, name="person_role"),
    path("people/<int:pk>/close/", views.person_close, name="person_close"),
    path("people/<int:pk>/open/", views.person_open, name="person_open"),
    path("people/<int:pk>/one-step/", views.person_one_step, name="person_one_step"),
    path("invitations/<uuid:uid>/revoke/", views.invitation_revoke, name="invitation_revoke"),
    path("invitations/<str:token>/", views.invitation_accept, name="invitation_accept"),
    # Secrets, of which no browser is to keep a copy.
    path("2fa/recovery-codes/", never_cache(view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/totp/activate/", never_cache(activate_totp), name="mfa_activate_totp"),
    path("", include("allauth.urls")),
]
