"""What can go wrong with a document; each message tells a person what to do."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.models import Article


class DocumentRefused(Exception):
    """A document cannot be imported as it is; nothing of it was stored."""


class DocumentUnchanged(Exception):
    """A document was imported before as `article`, and its text is the same."""

    def __init__(self, article: "Article") -> None:
        super().__init__(f"It is imported already, with the same text: {article.title} ({article.uid}).")
        self.article = article
