"""Who said what: text in, attributed statements with exact spans out. No database, no network.

`extract` is the one public function. All offsets are half-open and count Unicode code points of the text
that was handed in.
"""

from claims.extraction.statements import ExtractedStatement, Relay, Span, extract

#: Raised whenever the output of `extract` may change; stored with every statement.
EXTRACTOR_VERSION = "tagger-2"

__all__ = ["EXTRACTOR_VERSION", "ExtractedStatement", "Relay", "Span", "extract"]
