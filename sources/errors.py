"""What can go wrong with a document; each message tells a person what to do."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.models import Article

#: The reason of what failed in a way that nobody foresaw; where that was is kept beside it, and logged, for operators.
FAULT_OF_OURS = "By a fault of this site it could not be read. Ask its operators: they see where the fault is."


class DocumentRefused(Exception):
    """A document cannot be imported as it is; nothing of it was stored."""


class DocumentUnchanged(Exception):
    """A document was imported before as `article`, and its text is the same."""

    def __init__(self, article: "Article") -> None:
        super().__init__(f"It is imported already, with the same text: {article.title} ({article.uid}).")
        self.article = article
