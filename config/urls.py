"""Addresses of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from claims.views import articles, claims, editing, listing, orphans, outlets, topics
from config import metrics
from config.health import healthz, readyz
from sources import views as sources

# One page to sign in, with its limits and its second step.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
handler403 = "accounts.access.refused"

urlpatterns = [
    path("", listing.claim_list, name="home"),
    path("claims/", listing.claim_list, name="claim_list"),
    path("claims/conflicts/", editing.conflict_list, name="conflict_list"),
    path("claims/<uuid:uid>/", claims.claim_detail, name="claim_detail"),
    path("claims/<uuid:uid>/merge/", editing.claim_merge, name="claim_merge"),
    path("claims/<uuid:uid>/unmerge/", editing.claim_unmerge, name="claim_unmerge"),
    path("claims/<uuid:uid>/split/", editing.claim_split, name="claim_split"),
    path("claims/<uuid:uid>/link/", editing.claim_link, name="claim_link"),
    path("links/<uuid:uid>/undo/", editing.link_undo, name="link_undo"),
    path("conflicts/<uuid:uid>/settle/", editing.conflict_settle, name="conflict_settle"),
    path("statements/orphaned/", orphans.orphan_list, name="orphan_list"),
    path("statements/<uuid:uid>/", articles.statement_detail, name="statement_detail"),
    path("attributions/<uuid:uid>/confirm/", editing.attribution_confirm, name="attribution_confirm"),
    path("attributions/<uuid:uid>/reject/", editing.attribution_reject, name="attribution_reject"),
    path("attributions/<uuid:uid>/unsure/", editing.attribution_unsure, name="attribution_unsure"),
    path("attributions/<uuid:uid>/undo/", editing.attribution_undo, name="attribution_undo"),
    path("attributions/<uuid:uid>/correct/", editing.attribution_correct, name="attribution_correct"),
    path("topics/<slug:slug>/", topics.topic_detail, name="topic_detail"),
    path("articles/", articles.article_list, name="article_list"),
    path("articles/<uuid:uid>/", articles.article_detail, name="article_detail"),
    path("articles/<uuid:uid>/revisions/", sources.revision_list, name="revision_list"),
    path("articles/<uuid:uid>/changes/", sources.revision_changes, name="revision_changes"),
    path("outlets/", outlets.outlet_list, name="outlet_list"),
    path("outlets/<slug:slug>/", outlets.outlet_detail, name="outlet_detail"),
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
    path("accounts/", include("accounts.urls")),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("claims.api.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics.view, name="metrics"),
]
