"""What the article page shows: derivations, and the text with its statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims import highlighting
from claims.highlighting import Paragraph, Span
from claims.models import Attribution, Statement, StatementSpan
from claims.presentation.addresses import evidence_anchor
from sources.models import Article, Derivation, Revision

#: Of a copy, the passages that are shown; of each, characters of its words and of what surrounds them.
MOST_PASSAGES, LONGEST_PASSAGE, SURROUNDINGS = 10, 600, 60


@dataclass(frozen=True)
class SharedWords:
    """The words that two articles share as one of them has them, and where its page marks them."""

    before: str
    inside: str
    after: str
    address: str


@dataclass(frozen=True)
class SharedPassage:
    """A passage that two articles share, as each has it."""

    words: int
    here: SharedWords
    there: SharedWords


@dataclass(frozen=True)
class ShownDerivation:
    """Where an article comes from, or what comes from it: the words that say so, or the passages that both share."""

    derivation: Derivation
    exact: str
    address: str
    words: int
    passage_count: int
    passages: tuple[SharedPassage, ...]

    @property
    def more(self) -> int:
        """How many passages are not shown."""
        return self.passage_count - len(self.passages)


def shown_derivation(derivation: Derivation, shown: Revision | None, *, from_upstream: bool = False) -> ShownDerivation:
    """Return a derivation, read `with_evidence`, as the page of the revision `shown` shows it.

    from_upstream: the page is that of the article that was copied.
    """
    spans = sorted(derivation.spans.all(), key=lambda span: span.start)
    passages = []
    for span in spans[:MOST_PASSAGES]:
        upstream = span.upstream_revision
        here = _shared_words(derivation.article, derivation.revision, span.start, span.end, shown)
        there = _shared_words(upstream.article, upstream, span.upstream_start, span.upstream_end, shown)
        passages.append(SharedPassage(span.words, *((there, here) if from_upstream else (here, there))))
    exact = address = ""
    if derivation.start is not None and derivation.end is not None:
        exact = derivation.revision.text[derivation.start : derivation.end]
        address = _evidence_address(derivation.article, derivation.revision, derivation.start, derivation.end, shown)
    return ShownDerivation(derivation, exact, address, sum(span.words for span in spans), len(spans), tuple(passages))


def _shared_words(article: Article, revision: Revision, start: int, end: int, shown: Revision | None) -> SharedWords:
    around = highlighting.context(revision.text, start, end, margin=SURROUNDINGS)
    inside = around.inside
    if len(inside) > LONGEST_PASSAGE:
        inside = f"{inside[: LONGEST_PASSAGE * 2 // 3].rstrip()} […] {inside[-LONGEST_PASSAGE // 3 :].lstrip()}"
    return SharedWords(
        f"{'… ' if around.cut_before else ''}{around.before}",
        inside,
        f"{around.after}{' …' if around.cut_after else ''}",
        _evidence_address(article, revision, start, end, shown),
    )


def _evidence_address(article: Article, revision: Revision, start: int, end: int, shown: Revision | None) -> str:
    fragment = f"#{evidence_anchor(start, end)}"
    if shown is not None and revision.pk == shown.pk:
        return fragment
    return f"{article.get_absolute_url()}?revision={revision.number}{fragment}"


@dataclass(frozen=True)
class Note:
    """What stands beside the text about one statement; `number` counts through the article."""

    number: int
    statement: Statement
    attributions: list[Attribution]


@dataclass(frozen=True)
class ShownParagraph:
    """A paragraph with its marks, and the notes on the statements that begin in it."""

    paragraph: Paragraph[str]
    notes: list[Note]


def annotated(
    revision: Revision,
    statements: Sequence[Statement],
    derivations: Sequence[Derivation],
    copies: Sequence[Derivation],
    attributions: Mapping[int, list[Attribution]],
) -> tuple[list[ShownParagraph], dict[str, Note]]:
    """Return the text's paragraphs, and the notes by the id of their marks.

    Marks are named by the id they have on the page: “s-…” for statements, “e-…” for evidence of origins. Statements
    need spans and relays fetched, and come in the order of their numbers; derivations, and copies that others made of
    the article, need spans fetched; attributions are by statement id.
    """
    notes = {
        f"s-{statement.uid}": Note(number, statement, attributions.get(statement.pk, []))
        for number, statement in enumerate(statements, start=1)
    }
    spans = []
    for mark, note in notes.items():
        pieces = [s for s in note.statement.spans.all() if s.role == StatementSpan.Role.CONTENT]
        if not pieces:
            spans.append(Span(mark, note.statement.start, note.statement.end))
        spans += [Span(mark, piece.start, piece.end) for piece in sorted(pieces, key=lambda s: s.start)]
    evidence = {(relay.start, relay.end) for statement in statements for relay in statement.relays.all()}
    evidence |= {
        (derivation.start, derivation.end)
        for derivation in derivations
        if derivation.revision_id == revision.pk and derivation.start is not None and derivation.end is not None
    }
    evidence |= {
        (passage.start, passage.end)
        for derivation in derivations
        if derivation.revision_id == revision.pk
        for passage in derivation.spans.all()
    }
    evidence |= {
        (passage.upstream_start, passage.upstream_end)
        for copy in copies
        for passage in copy.spans.all()
        if passage.upstream_revision_id == revision.pk
    }
    spans += [Span(evidence_anchor(start, end), start, end) for start, end in sorted(evidence)]
    return [
        ShownParagraph(paragraph, [notes[mark] for mark in paragraph.begun if mark in notes])
        for paragraph in highlighting.paragraphs(revision.text, spans)
    ], notes
