"""The value types of extraction and its one entry point."""

from claims.extraction.spans import Act, ExtractedStatement, Kind, Relay, Span

__all__ = ["Act", "ExtractedStatement", "Kind", "Relay", "Span", "extract"]


def extract(text: str, *, language: str = "en", split_sentences: bool = True) -> list[ExtractedStatement]:
    """Return the attributed statements of `text`, in order of their content.

    Offsets are half-open code points of `text`. With `split_sentences` every sentence of a long quotation is a
    statement of its own with the same cue and speaker, and what nobody tells to have been said ("if X says that …") is
    left out; without, a quotation is one statement however long and such statements are given, as corpora mark them.
    """
    # Imported when first needed: it loads the network's libraries, which other commands do without.
    from claims.extraction import reading

    return reading.read(text, language=language, split_sentences=split_sentences)
