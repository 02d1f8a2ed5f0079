"""Addresses of the site."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path

from claims import views as claims
from config.health import healthz
from sources import views as sources

urlpatterns = [
    path("", claims.claim_list, name="home"),
    path("claims/", claims.claim_list, name="claim_list"),
    path("claims/<uuid:uid>/", claims.claim_detail, name="claim_detail"),
    path("statements/orphaned/", claims.orphan_list, name="orphan_list"),
    path("statements/<uuid:uid>/", claims.statement_detail, name="statement_detail"),
    path("attributions/<uuid:uid>/confirm/", claims.attribution_confirm, name="attribution_confirm"),
    path("attributions/<uuid:uid>/reject/", claims.attribution_reject, name="attribution_reject"),
    path("attributions/<uuid:uid>/correct/", claims.attribution_correct, name="attribution_correct"),
    path("topics/<slug:slug>/", claims.topic_detail, name="topic_detail"),
    path("articles/", claims.article_list, name="article_list"),
    path("articles/<uuid:uid>/", claims.article_detail, name="article_detail"),
    path("articles/<uuid:uid>/revisions/", sources.revision_list, name="revision_list"),
    path("articles/<uuid:uid>/changes/", sources.revision_changes, name="revision_changes"),
    path("outlets/", claims.outlet_list, name="outlet_list"),
    path("outlets/<slug:slug>/", claims.outlet_detail, name="outlet_detail"),
    path("snapshots/<uuid:uid>/", sources.snapshot_download, name="snapshot_download"),
    path("imports/", sources.import_list, name="import_list"),
    path("imports/new/", sources.import_create, name="import_create"),
    path("imports/to-look-at/", sources.look_list, name="look_list"),
    path("imports/<uuid:uid>/", sources.import_detail, name="import_detail"),
    path("imports/<uuid:uid>/cancel/", sources.import_cancel, name="import_cancel"),
    path("imports/<uuid:uid>/retry/", sources.import_retry, name="import_retry"),
    path("imports/<uuid:uid>/looked/", sources.import_looked, name="import_looked"),
    path("imports/<uuid:uid>/failures.jsonl", sources.import_failures, name="import_failures"),
    path("feeds/", sources.feed_list, name="feed_list"),
    path("feeds/<uuid:uid>/pause/", sources.feed_pause, name="feed_pause"),
    path("feeds/<uuid:uid>/resume/", sources.feed_resume, name="feed_resume"),
    path("feeds/<uuid:uid>/poll/", sources.feed_poll, name="feed_poll"),
    path("accounts/login/", LoginView.as_view(), name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("claims.api.urls")),
    path("healthz", healthz, name="healthz"),
]
