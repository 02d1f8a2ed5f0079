"""Addresses of the API, to be included at `/api/v1/`."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import DefaultRouter

from claims.api import imports, views

app_name = "api"

router = DefaultRouter()
router.include_format_suffixes = False
router.register("outlets", views.OutletViewSet, basename="outlet")
router.register("articles", views.ArticleViewSet, basename="article")
router.register("statements", views.StatementViewSet, basename="statement")
router.register("speakers", views.SpeakerViewSet, basename="speaker")
router.register("topics", views.TopicViewSet, basename="topic")
router.register("claims", views.ClaimViewSet, basename="claim")
router.register("attributions", views.AttributionViewSet, basename="attribution")
router.register("imports", imports.ImportViewSet, basename="import")
router.register("feeds", imports.FeedViewSet, basename="feed")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    *router.urls,
    path("imports/<uuid:uid>/items/", imports.ImportItemViewSet.as_view({"get": "list"}), name="import-items"),
    # Only what ends in a slash, so that Django still adds a missing one.
    re_path(r"^(?P<path>.*)/$", views.NotFoundView.as_view(), name="not_found"),
]
