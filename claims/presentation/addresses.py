"""Where pages show a span."""

from django.urls import reverse

from claims.models import Statement


def evidence_anchor(start: int, end: int) -> str:
    """Return the fragment of the article page that marks these characters as evidence."""
    return f"e-{start}-{end}"


def statement_address(statement: Statement) -> str:
    """Return the address of a statement's span in its article; needs revision and article selected."""
    article = reverse("article_detail", args=[statement.revision.article.uid])
    return f"{article}?statement={statement.uid}#s-{statement.uid}"
