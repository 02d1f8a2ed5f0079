"""What several pages share."""

from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from claims.models import (
    Statement,
)

#: Outlets named in one list of an outlet's page.
LIST_LENGTH = 100
ARTICLES_PER_PAGE = 30


def searched(request: HttpRequest) -> str:
    """Return the words to search for; PostgreSQL's text holds no NUL."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:300]


def newest_articles(articles: QuerySet[Any]) -> QuerySet[Any]:
    """Return articles with outlet and `statement_count`, the newest first."""
    statements = Statement.objects.filter(revision=OuterRef("current_revision"), withdrawn_at=None)
    counted = statements.order_by().values("revision").annotate(n=Count("pk")).values("n")
    return (
        articles.select_related("outlet")
        .annotate(statement_count=Coalesce(Subquery(counted), 0))
        .order_by(F("published_at").desc(nulls_last=True), "-pk")
    )
