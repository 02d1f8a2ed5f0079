"""What the article page shows: derivations, and a part of the text with its statements beside it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims import highlighting
from claims.highlighting import Paragraph, Part, Span
from claims.models import Attribution, Speaker, Statement
from claims.presentation.addresses import evidence_anchor
from sources.models import Article, Derivation, Revision

#: Of a copy, the passages that are shown; of each, characters of its words and of what surrounds them.
MOST_PASSAGES, LONGEST_PASSAGE, SURROUNDINGS = 10, 600, 60
#: Speakers named in sight above the text, and those that open with a click; a list of names has thousands.
SPEAKERS_IN_SIGHT, SPEAKERS_FOLDED = 6, 100
FORMS: dict[str, Promise] = {
    "direct": _("quoted"),
    "mixed": _("partly quoted"),
    "indirect": _("in the outlet’s words"),
}
#: What the address says for statements whose speaker is not known.
NOBODY = "unknown"
#: Where a page goes on that shows other statements of the text.
_TOP = "text-title"


# Derivations


@dataclass(frozen=True)
class SharedWords:
    """The words that two articles share as one of them has them, and where its page marks them."""

    before: str
    inside: str
    after: str
    address: str


@dataclass(frozen=True)
class SharedPassage:
    """A passage that two articles share, as the copy (`here`) and the copied article (`there`) have it."""

    words: int
    here: SharedWords
    there: SharedWords


@dataclass(frozen=True)
class Place:
    """A passage in the article that is shown: how many words, and where its page marks them."""

    words: int
    address: str


@dataclass(frozen=True)
class ShownDerivation:
    """Where an article comes from, or what comes from it: the words that say so, or the passages that both share."""

    derivation: Derivation
    address: str
    words: int
    passage_count: int
    places: tuple[Place, ...]

    @property
    def more(self) -> int:
        """How many passages are not shown."""
        return self.passage_count - len(self.places)


def shown_derivation(derivation: Derivation, shown: Revision | None, *, from_upstream: bool = False) -> ShownDerivation:
    """Return a derivation, read `with_evidence`, as the page of the revision `shown` shows it.

    from_upstream: the page is that of the article that was copied.
    """
    spans = sorted(derivation.spans.all(), key=lambda span: span.start)
    places = []
    for span in spans:
        revision = span.upstream_revision_id if from_upstream else derivation.revision_id
        start, end = (span.upstream_start, span.upstream_end) if from_upstream else (span.start, span.end)
        # Of a text that is not the one shown, nothing is marked on the page.
        if shown is not None and revision == shown.pk:
            places.append(Place(span.words, _address_within(shown, start, end)))
    address = ""
    if derivation.start is not None and derivation.end is not None:
        address = evidence_address(
            derivation.article, derivation.revision, derivation.start, derivation.end, shown=shown
        )
    words = sum(span.words for span in spans)
    return ShownDerivation(derivation, address, words, len(spans), tuple(places[:MOST_PASSAGES]))


def shared_passages(derivation: Derivation, revisions: Mapping[int, Revision]) -> list[SharedPassage]:
    """Return the first passages of a copy, read `with_evidence`, as either article has them.

    revisions: the texts that they are in by id, each with its article.
    """
    spans = sorted(derivation.spans.all(), key=lambda span: span.start)
    return [
        SharedPassage(
            span.words,
            _shared_words(revisions[derivation.revision_id], span.start, span.end),
            _shared_words(revisions[span.upstream_revision_id], span.upstream_start, span.upstream_end),
        )
        for span in spans[:MOST_PASSAGES]
    ]


def _shared_words(revision: Revision, start: int, end: int) -> SharedWords:
    around = highlighting.context(revision.text, start, end, margin=SURROUNDINGS)
    inside = around.inside
    if len(inside) > LONGEST_PASSAGE:
        inside = f"{inside[: LONGEST_PASSAGE * 2 // 3].rstrip()} […] {inside[-LONGEST_PASSAGE // 3 :].lstrip()}"
    return SharedWords(
        f"{'… ' if around.cut_before else ''}{around.before}",
        inside,
        f"{around.after}{' …' if around.cut_after else ''}",
        evidence_address(revision.article, revision, start, end),
    )


def evidence_address(
    article: Article, revision: Revision, start: int, end: int, *, shown: Revision | None = None
) -> str:
    """Return the address of the page that marks these characters as evidence; `shown` is the revision it is asked on.

    A long text is shown in parts, so its address says in which part they are.
    """
    if shown is not None and revision.pk == shown.pk:
        return _address_within(shown, start, end)
    place = f"&at={start}" if revision.length > highlighting.PART_CHARACTERS else ""
    return f"{article.get_absolute_url()}?revision={revision.number}{place}#{evidence_anchor(start, end)}"


def _address_within(shown: Revision, start: int, end: int) -> str:
    if shown.length <= highlighting.PART_CHARACTERS:
        return f"#{evidence_anchor(start, end)}"
    return f"?revision={shown.number}&at={start}#{evidence_anchor(start, end)}"


# The text


@dataclass(frozen=True)
class Note:
    """What stands beside the text about one statement; `number` counts through the article.

    attributions: with claim, and with the claim's `level` and `disputed`. relayed_by: the outlets through which the
    statement came, as far as the article names them with it.
    """

    number: int
    statement: Statement
    attributions: list[Attribution]
    relayed_by: tuple[str, ...] = ()

    @property
    def form(self) -> str | Promise:
        """Whether the article quotes it, in words."""
        return FORMS[self.statement.kind]


@dataclass(frozen=True)
class ShownParagraph:
    """A paragraph with its marks, and the notes on the statements that begin in it."""

    paragraph: Paragraph[str]
    notes: list[Note]


@dataclass(frozen=True)
class SpeakerCount:
    """A speaker of the article, None where unknown, with the number of statements and the address that picks them."""

    speaker: Speaker | None
    count: int
    chosen: bool
    address: str


@dataclass(frozen=True)
class PartLink:
    """A part of a long text: its number, and the numbers of the first and last statements that begin in it, or 0."""

    number: int
    first: int
    last: int
    chosen: bool
    address: str


class Reading:
    """How an article is read: which statements a reader asks for, and which part of the text has the one chosen.

    statements: all that the revision has, in reading order. speaker: the name in the address of whose statements are
    asked for, "" for everybody's. chosen: the statement to be shown, whoever's. at: an offset to be shown. part: the
    number of the part to be shown where neither says so. current: the revision is the one that the article has now.
    """

    def __init__(
        self,
        revision: Revision,
        statements: Sequence[Statement],
        *,
        speaker: str = "",
        chosen: Statement | None = None,
        at: int | None = None,
        part: int = 1,
        current: bool = True,
    ) -> None:
        self.revision = revision
        self.statements = statements
        self.chosen = chosen
        self.speaker = speaker
        self._at = chosen.start if chosen is not None else at
        self._part = part
        self._kept = {} if current else {"revision": str(revision.number)}

    def address(self, *, speaker: str, fragment: str, **asked: str) -> str:
        """Return the address of this text with other statements, or another part of it, asked for."""
        query = self._kept | ({"speaker": speaker} if speaker else {}) | asked
        return f"?{urlencode(query)}#{fragment}"

    @cached_property
    def asked(self) -> list[tuple[int, Statement]]:
        """The statements that are asked for with their numbers; the chosen one always."""
        return [
            (number, statement)
            for number, statement in enumerate(self.statements, start=1)
            if not self.speaker or _name(statement) == self.speaker or statement == self.chosen
        ]

    @cached_property
    def parts(self) -> list[Part]:
        return highlighting.parts(self.revision.text, [statement.start for statement in self.statements])

    @cached_property
    def part_number(self) -> int:
        """The number of the part that is shown, from 1."""
        if self._at is None:
            return min(max(self._part, 1), len(self.parts))
        return next((n for n, part in enumerate(self.parts, start=1) if self._at < part.end), len(self.parts))

    @cached_property
    def part(self) -> Part:
        """The part of the text that is shown; a text has at least one."""
        return self.parts[self.part_number - 1]

    @cached_property
    def shown(self) -> list[tuple[int, Statement]]:
        """The statements asked for of which the part shows something, with their numbers."""
        return [(n, s) for n, s in self.asked if s.start < self.part.end and s.end > self.part.start]

    @property
    def links(self) -> list[PartLink]:
        """The parts to choose from; none where there is only one."""
        if len(self.parts) == 1:
            return []
        found = []
        for number, part in enumerate(self.parts, start=1):
            inside = [n for n, s in self.asked if part.start <= s.start < part.end]
            first, last = (inside[0], inside[-1]) if inside else (0, 0)
            address = self.address(speaker=self.speaker, part=str(number), fragment=_TOP)
            found.append(PartLink(number, first, last, number == self.part_number, address))
        return found

    @cached_property
    def speakers(self) -> list[SpeakerCount]:
        """Everybody who says something in the article, those with the most statements first."""
        counts = Counter(map(_name, self.statements))
        speakers = {_name(statement): statement.speaker for statement in self.statements}
        rows = [
            SpeakerCount(speakers[name], n, name == self.speaker, self.address(speaker=name, fragment=_TOP))
            for name, n in counts.items()
        ]
        return sorted(rows, key=lambda row: (row.speaker is None, -row.count, str(row.speaker)))

    @property
    def everybody(self) -> str:
        """The address that shows everybody's statements."""
        return self.address(speaker="", fragment=_TOP)

    @property
    def speakers_in_sight(self) -> list[SpeakerCount]:
        """The first speakers, and the one that was asked for."""
        return [row for n, row in enumerate(self.speakers) if n < SPEAKERS_IN_SIGHT or row.chosen]

    @property
    def speakers_folded(self) -> list[SpeakerCount]:
        """The next speakers, those with the most statements first."""
        return [row for row in self.speakers[SPEAKERS_IN_SIGHT:] if not row.chosen][:SPEAKERS_FOLDED]

    @property
    def speakers_beyond(self) -> int:
        """How many speakers are not named: those with the fewest statements."""
        return len(self.speakers) - len(self.speakers_in_sight) - len(self.speakers_folded)

    @property
    def asked_speaker(self) -> SpeakerCount | None:
        """The speaker whose statements are asked for; None for everybody, or for one who says nothing here."""
        return next((row for row in self.speakers if row.chosen), None)

    # Steps

    @cached_property
    def _place(self) -> int | None:
        """Where among the statements asked for the chosen one is, or None."""
        return next((i for i, row in enumerate(self.asked) if row[1] == self.chosen), None)

    @property
    def position(self) -> int:
        """The number of the chosen statement among those asked for, from 1; 0 where none is chosen."""
        return 0 if self._place is None else self._place + 1

    @property
    def previous(self) -> str:
        """The address of the statement before the chosen one, "" where there is none."""
        return self._step(self.asked[self._place - 1][1]) if self._place else ""

    @property
    def next(self) -> str:
        """The address of the statement after the chosen one, or of the first from the part on where none is chosen."""
        if self._place is None:
            following = (row[1] for row in self.asked if row[1].start >= self.part.start)
        else:
            following = (row[1] for row in self.asked[self._place + 1 :])
        return self._step(next(following, None))

    def _step(self, statement: Statement | None) -> str:
        if statement is None:
            return ""
        return self.address(speaker=self.speaker, statement=str(statement.uid), fragment=f"s-{statement.uid}")


def _name(statement: Statement) -> str:
    return str(statement.speaker.uid) if statement.speaker is not None else NOBODY


@dataclass(frozen=True)
class Relay:
    """An outlet by way of which a statement came, and the words that say so."""

    outlet: str
    start: int
    end: int


@dataclass(frozen=True)
class Pieces:
    """Where statements are in the text, by statement id: their content, as (start, end), and their relays."""

    content: Mapping[int, Sequence[tuple[int, int]]]
    relays: Mapping[int, Sequence[Relay]]


def annotated(
    reading: Reading,
    pieces: Pieces,
    derivations: Iterable[Derivation],
    copies: Iterable[Derivation],
    attributions: Mapping[int, list[Attribution]],
) -> tuple[list[ShownParagraph], dict[str, Note]]:
    """Return the paragraphs of the part that is shown, and the notes by the id of their marks.

    Marks are named by the id they have on the page: “s-…” for statements, “e-…” for evidence of origins. pieces: of the
    statements that the part shows. Derivations, and copies that others made of the article, need spans fetched;
    attributions are by statement id.
    """
    notes = {}
    spans = []
    for number, statement in reading.shown:
        mark = f"s-{statement.uid}"
        relayed_by = sorted({relay.outlet for relay in pieces.relays.get(statement.pk, ())})
        notes[mark] = Note(number, statement, attributions.get(statement.pk, []), tuple(relayed_by))
        content = pieces.content.get(statement.pk) or [(statement.start, statement.end)]
        spans += [Span(mark, start, end) for start, end in sorted(content)]
    evidence = {(relay.start, relay.end) for relays in pieces.relays.values() for relay in relays}
    evidence |= _evidence(reading.revision, derivations, copies)
    part = reading.part
    spans += [
        Span(evidence_anchor(start, end), start, end)
        for start, end in sorted(evidence)
        if start < part.end and end > part.start
    ]
    return [
        ShownParagraph(paragraph, [notes[mark] for mark in paragraph.begun if mark in notes])
        for paragraph in highlighting.paragraphs(reading.revision.text, spans, part.bounds)
    ], notes


def _evidence(
    revision: Revision, derivations: Iterable[Derivation], copies: Iterable[Derivation]
) -> set[tuple[int, int]]:
    """Return where the text says, by credits or by passages that it shares, what comes from where."""
    own = [derivation for derivation in derivations if derivation.revision_id == revision.pk]
    credited = {(d.start, d.end) for d in own if d.start is not None and d.end is not None}
    copied = {(passage.start, passage.end) for derivation in own for passage in derivation.spans.all()}
    given = {
        (passage.upstream_start, passage.upstream_end)
        for passage in chain.from_iterable(copy.spans.all() for copy in copies)
        if passage.upstream_revision_id == revision.pk
    }
    return credited | copied | given
