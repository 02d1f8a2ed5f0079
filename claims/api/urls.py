"""Addresses of the API, to be included at `/api/v1/`."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import DefaultRouter

from claims.api import imports
from claims.api.views import annotations, articles, claims, flags, links, reconcile, statements, tokens, webhooks
from claims.api.views.changes import ChangesViewSet
from claims.api.views.events import EventsViewSet
from claims.api.views.missing import NOT_FOUND, NotFoundView

app_name = "api"

router = DefaultRouter()
router.include_format_suffixes = False
router.register("outlets", articles.OutletViewSet, basename="outlet")
router.register("articles", articles.ArticleViewSet, basename="article")
router.register("statements", statements.StatementViewSet, basename="statement")
router.register("speakers", statements.SpeakerViewSet, basename="speaker")
router.register("topics", statements.TopicViewSet, basename="topic")
router.register("claims", claims.ClaimViewSet, basename="claim")
router.register("attributions", statements.AttributionViewSet, basename="attribution")
router.register("changes", ChangesViewSet, basename="change")
router.register("imports", imports.ImportViewSet, basename="import")
router.register("feeds", imports.FeedViewSet, basename="feed")
router.register("events", EventsViewSet, basename="event")
router.register("webhooks", webhooks.WebhookViewSet, basename="webhook")
router.register("links", links.LinkViewSet, basename="link")
router.register("flags", flags.FlagViewSet, basename="flag")
router.register("tokens", tokens.TokenViewSet, basename="token")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    *router.urls,
    path("imports/<uuid:uid>/items/", imports.ImportItemViewSet.as_view({"get": "list"}), name="import-items"),
    path(
        "articles/<uuid:uid>/revisions/",
        articles.ArticleRevisionViewSet.as_view({"get": "list"}),
        name="article-revisions",
    ),
    path(
        "articles/<uuid:uid>/snapshots/",
        articles.ArticleSnapshotViewSet.as_view({"get": "list"}),
        name="article-snapshots",
    ),
    path(
        "articles/<uuid:uid>/derivations/",
        articles.ArticleDerivationViewSet.as_view({"get": "list"}),
        name="article-derivations",
    ),
    path(
        "articles/<uuid:uid>/annotations/",
        annotations.ArticleAnnotationViewSet.as_view({"get": "retrieve", "post": "create"}),
        name="article-annotations",
    ),
    path("annotations/", annotations.AnnotationImportViewSet.as_view({"post": "create"}), name="annotation-import"),
    path(
        "statements/<uuid:uid>/annotation/",
        annotations.StatementAnnotationViewSet.as_view({"get": "retrieve"}),
        name="statement-annotation",
    ),
    path(
        "webhooks/<uuid:uid>/deliveries/",
        webhooks.DeliveryViewSet.as_view({"get": "list"}),
        name="webhook-deliveries",
    ),
    path(
        "webhooks/<uuid:uid>/deliveries/<uuid:delivery>/replay/",
        webhooks.DeliveryViewSet.as_view({"post": "deliver"}),
        name="webhook-deliver",
    ),
    path("reconcile/<str:kind>/", reconcile.ServiceView.as_view(), name="reconcile"),
    path("reconcile/<str:kind>/suggest/", reconcile.SuggestView.as_view(), name="reconcile-suggest"),
    path("reconcile/<str:kind>/preview/", reconcile.PreviewView.as_view(), name="reconcile-preview"),
    path("reconcile/<str:kind>/properties/", reconcile.PropertiesView.as_view(), name="reconcile-properties"),
    path(
        "reconcile/<str:kind>/properties/suggest/",
        reconcile.SuggestPropertiesView.as_view(),
        name="reconcile-suggest-properties",
    ),
    re_path(r"^(?P<path>[\s\S]+)$", NotFoundView.as_view(), name=NOT_FOUND),
]
