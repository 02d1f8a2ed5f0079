"""Addresses of the site."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from claims.views import (
    agreement,
    annotating,
    articles,
    changes,
    claims,
    compare,
    editing,
    feeds,
    flags,
    listing,
    orphans,
    outlets,
    overview,
    review,
    speakers,
    topics,
    webhooks,
)
from config import metrics, operations, sitemaps
from config.health import healthz, readyz
from sources import views as sources

# One page to sign in, with its limits and its second step.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
handler400 = "config.refusals.bad"
handler403 = "accounts.access.refused"
handler429 = "accounts.access.too_many"
handler500 = "config.unavailable.broken"

# What people read and do, in every language of the site: English as it stands here, others under their prefix.
pages: list[URLPattern | URLResolver] = [
    path("", listing.claim_list, name="home"),
    path("claims/", listing.claim_list, name="claim_list"),
    path("claims/conflicts/", editing.conflict_list, name="conflict_list"),
    path("claims/<uuid:uid>/", claims.claim_detail, name="claim_detail"),
    path("claims/<uuid:uid>/edit/", editing.claim_edit, name="claim_edit"),
    path("claims/<uuid:uid>/merge/", editing.claim_merge, name="claim_merge"),
    path("claims/<uuid:uid>/unmerge/", editing.claim_unmerge, name="claim_unmerge"),
    path("claims/<uuid:uid>/split/", editing.claim_split, name="claim_split"),
    path("claims/<uuid:uid>/link/", editing.claim_link, name="claim_link"),
    path("links/<uuid:uid>/undo/", editing.link_undo, name="link_undo"),
    path("conflicts/<uuid:uid>/settle/", editing.conflict_settle, name="conflict_settle"),
    path("statements/orphaned/", orphans.orphan_list, name="orphan_list"),
    path("statements/<uuid:uid>/", articles.statement_detail, name="statement_detail"),
    path("statements/<uuid:uid>/edit/", annotating.statement_edit, name="statement_edit"),
    path("statements/<uuid:uid>/withdraw/", annotating.statement_withdraw, name="statement_withdraw"),
    path("statements/<uuid:uid>/restore/", annotating.statement_restore, name="statement_restore"),
    path("attributions/<uuid:uid>/confirm/", editing.attribution_confirm, name="attribution_confirm"),
    path("attributions/<uuid:uid>/reject/", editing.attribution_reject, name="attribution_reject"),
    path("attributions/<uuid:uid>/unsure/", editing.attribution_unsure, name="attribution_unsure"),
    path("attributions/<uuid:uid>/undo/", editing.attribution_undo, name="attribution_undo"),
    path("attributions/<uuid:uid>/correct/", editing.attribution_correct, name="attribution_correct"),
    path("desk/review/", review.review, name="review"),
    path("desk/review/decide/", review.review_decide, name="review_decide"),
    path("desk/review/undo/", review.review_undo, name="review_undo"),
    path("desk/changes/", changes.change_list, name="change_list"),
    path("desk/changes/<slug:key>/<int:event>/revert/", changes.change_revert, name="change_revert"),
    path("desk/second/", agreement.second_reading, name="second_reading"),
    path("desk/second/<int:pk>/", agreement.second_judge, name="second_judge"),
    path("desk/agreement/", agreement.agreement_page, name="agreement"),
    path("desk/agreement/<int:pk>/", agreement.agreement_adjudicate, name="agreement_adjudicate"),
    path("precision/", agreement.precision, name="precision"),
    path("desk/flags/", flags.flag_list, name="flag_list"),
    path("desk/flags/<uuid:uid>/settle/", flags.flag_settle, name="flag_settle"),
    path("desk/webhooks/", webhooks.webhook_list, name="webhook_list"),
    path("desk/webhooks/<uuid:uid>/", webhooks.webhook_detail, name="webhook_detail"),
    path("desk/webhooks/<uuid:uid>/replay/", webhooks.webhook_replay, name="webhook_replay"),
    path("desk/webhooks/<uuid:uid>/<slug:verb>/", webhooks.webhook_act, name="webhook_act"),
    path(
        "desk/webhooks/<uuid:uid>/deliveries/<uuid:delivery>/replay/",
        webhooks.delivery_replay,
        name="delivery_replay",
    ),
    path("desk/notes/<uuid:uid>/withdraw/", flags.note_withdraw, name="note_withdraw"),
    path("desk/notes/<slug:key>/<uuid:uid>/", flags.note_write, name="note_write"),
    path("flag/<slug:key>/<uuid:uid>/", flags.flag_create, name="flag_create"),
    path("flags/<uuid:uid>/", flags.flag_detail, name="flag_detail"),
    path("history/<slug:key>/<uuid:uid>/", changes.object_history, name="object_history"),
    path("topics/", topics.topic_list, name="topic_list"),
    path("topics/<slug:slug>/", topics.topic_detail, name="topic_detail"),
    path("speakers/", speakers.speaker_list, name="speaker_list"),
    path("speakers/<uuid:uid>/", speakers.speaker_detail, name="speaker_detail"),
    path("speakers/<uuid:uid>/edit/", speakers.speaker_edit, name="speaker_edit"),
    path("speakers/<uuid:uid>/merge/", speakers.speaker_merge, name="speaker_merge"),
    path("speakers/<uuid:uid>/unmerge/", speakers.speaker_unmerge, name="speaker_unmerge"),
    path("overview/", overview.overview, name="overview"),
    path("articles/", articles.article_list, name="article_list"),
    path("articles/<uuid:uid>/", articles.article_detail, name="article_detail"),
    path("articles/<uuid:uid>/annotate/", annotating.article_annotate, name="article_annotate"),
    path("articles/<uuid:uid>/annotate/speakers/", annotating.annotate_speakers, name="annotate_speakers"),
    path("articles/<uuid:uid>/annotate/claims/", annotating.annotate_claims, name="annotate_claims"),
    path("derivations/<uuid:uid>/decide/", sources.derivation_decide, name="derivation_decide"),
    path("articles/<uuid:uid>/revisions/", sources.revision_list, name="revision_list"),
    path("articles/<uuid:uid>/changes/", sources.revision_changes, name="revision_changes"),
    path("compare/", compare.article_compare, name="article_compare"),
    path("outlets/", outlets.outlet_list, name="outlet_list"),
    path("outlets/<slug:slug>/", outlets.outlet_detail, name="outlet_detail"),
    path("outlets/<slug:slug>/edit/", outlets.outlet_edit, name="outlet_edit"),
    path("outlets/<slug:slug>/merge/", outlets.outlet_merge, name="outlet_merge"),
    path("outlets/<slug:slug>/unmerge/", outlets.outlet_unmerge, name="outlet_unmerge"),
    path("outlets/<slug:slug>/shared/<slug:other>/", outlets.outlet_shared, name="outlet_shared"),
    path("imports/", sources.import_list, name="import_list"),
    path("imports/new/", sources.import_create, name="import_create"),
    path("imports/to-look-at/", sources.look_list, name="look_list"),
    path("imports/<uuid:uid>/", sources.import_detail, name="import_detail"),
    path("imports/<uuid:uid>/cancel/", sources.import_cancel, name="import_cancel"),
    path("imports/<uuid:uid>/retry/", sources.import_retry, name="import_retry"),
    path("imports/<uuid:uid>/looked/", sources.import_looked, name="import_looked"),
    path("feeds/", sources.feed_list, name="feed_list"),
    path("feeds/<uuid:uid>/pause/", sources.feed_pause, name="feed_pause"),
    path("feeds/<uuid:uid>/resume/", sources.feed_resume, name="feed_resume"),
    path("feeds/<uuid:uid>/poll/", sources.feed_poll, name="feed_poll"),
    path("operations/", operations.operations, name="operations"),
    path("operations/readings/<int:pk>/retry/", operations.reading_retry, name="reading_retry"),
    path("accounts/", include("accounts.urls")),
]

# What is the same in every language, and what programs ask for.
urlpatterns = [
    # First, as programs ask most: they do not wait until all pages have been gone through.
    path("api/v1/", include("claims.api.urls")),
    *i18n_patterns(*pages, prefix_default_language=False),
    path("snapshots/<uuid:uid>/", sources.snapshot_download, name="snapshot_download"),
    path("claims/<uuid:uid>/evidence.zip", claims.claim_evidence, name="claim_evidence"),
    path("claims/<uuid:uid>/citation.bib", claims.claim_citation, {"form": "bib"}, name="claim_bibtex"),
    path("claims/<uuid:uid>/citation.json", claims.claim_citation, {"form": "json"}, name="claim_csl"),
    path("imports/<uuid:uid>/failures.jsonl", sources.import_failures, name="import_failures"),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
    path("topics/<slug:slug>/matrix.csv", topics.topic_matrix, name="topic_matrix"),
    path("claims.csv", feeds.claims_csv, name="claims_csv"),
    path("claims.atom", feeds.claims_atom, name="claims_atom"),
    path(
        "sitemap.xml",
        sitemap_views.index,
        {"sitemaps": sitemaps.SECTIONS, "sitemap_url_name": "sitemap_part"},
        name="sitemap_index",
    ),
    path("sitemap-<section>.xml", sitemap_views.sitemap, {"sitemaps": sitemaps.SECTIONS}, name="sitemap_part"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics.view, name="metrics"),
]
