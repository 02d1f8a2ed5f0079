"""Copies among the stored articles: who has words of whom, kept as derivations with their passages."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Sum

from sources import copies
from sources.copies import Overlap, Side
from sources.identity import uid_for
from sources.models import Article, DecisionStatus, Derivation, DerivationSpan, Outlet, Revision

logger = logging.getLogger(__name__)

#: A fingerprint in more articles of one outlet than this is a line the outlet prints again and again.
BOILERPLATE = 10
#: Articles that one text is aligned with, those that share the most first.
MOST_ALIGNED = 50
#: Two articles share what they both have from a third, where it has this part of it or more.
SAME_WORDS = 0.9
#: One search at a time: of two copies that come in at once, each would miss the other.
SEARCH_LOCK = 0x5EC0_C09E


@dataclass(frozen=True)
class Text:
    """An article's text with its fingerprints."""

    revision: Revision
    printed: copies.Fingerprints

    @classmethod
    def of(cls, revision: Revision) -> "Text":
        return cls(revision, copies.winnow(copies.read_words(revision.text)))


@dataclass(frozen=True)
class Hit:
    """Another article's text that shares fingerprints, `quoted` of them in quotation marks in both."""

    article: int
    outlet: int
    shared: tuple[int, ...]
    quoted: int


def find_copies(*revisions: Revision) -> list[Derivation]:
    """Store who copied whom between articles' current texts and those of other outlets; return those derivations.

    Several texts, each of another article, give what they would give one after another. A derivation that an editor has
    decided stays as it is, and nothing more is proposed between its two articles. Run again on the same texts, nothing
    changes.
    """
    texts = [Text.of(revision) for revision in revisions if revision.article.current_revision_id == revision.pk]
    if not texts:
        return []
    with transaction.atomic(savepoint=False):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEARCH_LOCK])
        stored, recent = stored_hits(texts), _Recent()
        candidates = []
        for text in texts:
            hits = stored[text.revision.article_id] + recent.hits(text)
            boilerplate = _boilerplate(hits)
            recent.add(text, own_boilerplate=boilerplate[text.revision.article.outlet_id])
            candidates.append(_candidates(text, hits, ignored=frozenset().union(*boilerplate.values())))
        recent.store()
        found = []
        for text, shared in zip(texts, candidates, strict=True):
            edges = _compare(text.revision, shared) if shared else []
            found += _settle(edges) if edges else []
        return found


def stored_hits(texts: Sequence[Text]) -> dict[int, list[Hit]]:
    """Return, by article, the other articles that share fingerprints with it; none of `texts` is among them."""
    hits: dict[int, list[Hit]] = {text.revision.article_id: [] for text in texts}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT asked.article, article_id, outlet_id, shared, shared_in_quotations"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS asked(article, hashes, quoted),"
            " LATERAL sources_sharing_fingerprints(asked.hashes::int4[], asked.quoted::int4[])"
            " JOIN sources_article ON sources_article.id = article_id WHERE article_id <> ALL (%s::bigint[])",
            [
                list(hits),
                [_array(text.printed.hashes) for text in texts],
                [_array(text.printed.quoted) for text in texts],
                list(hits),
            ],
        )
        for asked, pk, outlet, shared, quoted in cursor:
            hits[asked].append(Hit(pk, outlet, tuple(shared), quoted))
    return hits


def _array(numbers: Iterable[int]) -> str:
    """Return PostgreSQL's notation of an array of numbers, which the driver would write one by one."""
    return f"{{{','.join(map(str, numbers))}}}"


def _boilerplate(hits: Iterable[Hit]) -> defaultdict[int, frozenset[int]]:
    """Return, by outlet, the fingerprints that many of its articles have."""
    seen: dict[int, Counter[int]] = defaultdict(Counter)
    for hit in hits:
        seen[hit.outlet].update(hit.shared)
    found: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    for outlet, counts in seen.items():
        found[outlet] = frozenset(fingerprint for fingerprint, articles in counts.items() if articles >= BOILERPLATE)
    return found


def _candidates(text: Text, hits: Iterable[Hit], *, ignored: frozenset[int]) -> dict[int, list[int]]:
    """Return where in a text the fingerprints are that it shares, by the articles of other outlets with enough."""
    outlet = text.revision.article.outlet_id
    hits = [hit for hit in hits if hit.outlet != outlet and len(hit.shared) >= copies.SHARED]
    if not hits:
        return {}
    positions = dict(zip(text.printed.hashes, text.printed.positions, strict=True))
    found = []
    for hit in hits:
        shared = [positions[fingerprint] for fingerprint in hit.shared if fingerprint not in ignored]
        if len(shared) >= copies.SHARED and len(shared) - hit.quoted >= copies.SHARED_PROSE:
            found.append((hit.article, shared))
    found.sort(key=lambda pair: (-len(pair[1]), pair[0]))
    return dict(found[:MOST_ALIGNED])


def _without(printed: copies.Fingerprints, left_out: frozenset[int]) -> copies.Fingerprints:
    pairs = zip(printed.hashes, printed.positions, strict=True)
    kept = [pair for pair in pairs if pair[0] not in left_out]
    return copies.Fingerprints(
        tuple(fingerprint for fingerprint, _ in kept),
        tuple(position for _, position in kept),
        tuple(fingerprint for fingerprint in printed.quoted if fingerprint not in left_out),
    )


class _Recent:
    """Texts whose fingerprints are about to be stored, and are searched as if they were."""

    def __init__(self) -> None:
        self._texts: list[Text] = []
        self._holders: dict[int, list[int]] = defaultdict(list)

    def add(self, text: Text, *, own_boilerplate: frozenset[int]) -> None:
        """Add a text without its outlet's boilerplate, which would else fill the index for nothing."""
        printed = text.printed
        if own_boilerplate:
            printed = _without(printed, own_boilerplate)
        for fingerprint in printed.hashes:
            self._holders[fingerprint].append(len(self._texts))
        self._texts.append(Text(text.revision, printed))

    def hits(self, text: Text) -> list[Hit]:
        shared: dict[int, list[int]] = defaultdict(list)
        for fingerprint in text.printed.hashes:
            for place in self._holders.get(fingerprint, ()):
                shared[place].append(fingerprint)
        asked = set(text.printed.quoted)
        found = []
        for place, fingerprints in shared.items():
            other = self._texts[place]
            article = other.revision.article
            quoted = len(asked.intersection(other.printed.quoted))
            found.append(Hit(article.pk, article.outlet_id, tuple(fingerprints), quoted))
        return found

    def store(self) -> None:
        # By hand, since the ORM looks at each number of an array by itself, which takes longer than all the rest.
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO sources_fingerprint (article_id, revision_id, hashes, positions, quoted, method)"
                " SELECT article, revision, hashes::int4[], positions::int4[], quoted::int4[], %s"
                " FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[])"
                " AS new(article, revision, hashes, positions, quoted)"
                " ON CONFLICT (article_id) DO UPDATE SET"
                " revision_id = EXCLUDED.revision_id, hashes = EXCLUDED.hashes, positions = EXCLUDED.positions,"
                " quoted = EXCLUDED.quoted, method = EXCLUDED.method",
                [
                    copies.METHOD,
                    [text.revision.article_id for text in self._texts],
                    [text.revision.pk for text in self._texts],
                    [_array(text.printed.hashes) for text in self._texts],
                    [_array(text.printed.positions) for text in self._texts],
                    [_array(text.printed.quoted) for text in self._texts],
                ],
            )


@dataclass(frozen=True)
class _Edge:
    """One text that has words of another."""

    derived: Revision
    upstream: Revision
    overlap: Overlap
    basis: str

    @property
    def pair(self) -> frozenset[int]:
        return frozenset({self.derived.article_id, self.upstream.article_id})


def _compare(revision: Revision, shared: dict[int, list[int]]) -> list[_Edge]:
    """Return who copied whom between an article's text and others' current texts.

    shared: where in the text the fingerprints are that it shares, by the other's article.
    """
    others = list(Revision.objects.filter(current_of__in=shared).select_related("article__outlet").order_by("pk"))
    words = copies.read_words(revision.text)
    sides = _sides([revision.article, *(other.article for other in others)])
    edges = []
    for other in others:
        theirs = copies.read_words(other.text)
        overlap = copies.align(words, theirs)
        if not overlap.is_reuse(shared[other.article_id]):
            continue
        found = copies.direction(sides[revision.article_id], sides[other.article_id])
        if found is None:
            continue
        other_is_upstream, basis = found
        if other_is_upstream:
            edges.append(_Edge(revision, other, overlap, basis))
        else:
            edges.append(_Edge(other, revision, copies.align(theirs, words), basis))
    return edges


def _sides(articles: list[Article]) -> dict[int, Side]:
    credited: dict[tuple[int, bool], set[int]] = defaultdict(set)
    for article_id, outlet_id, partial in (
        Derivation.objects.standing()
        .filter(article__in=articles, kind=Derivation.Kind.CREDIT)
        .values_list("article_id", "upstream_outlet_id", "partial")
    ):
        credited[article_id, partial].add(outlet_id)
    return {
        article.pk: Side(
            outlet=article.outlet_id,
            is_agency=article.outlet.kind == Outlet.Kind.AGENCY,
            credits=frozenset(credited[article.pk, False]),
            partial_credits=frozenset(credited[article.pk, True]),
            published_at=article.published_at,
            published_has_time=article.published_has_time,
            order=article.pk,
        )
        for article in articles
    }


def _settle(edges: list[_Edge]) -> list[Derivation]:
    """Bring the stored copies among some articles in line with `edges` and return those that now stand for them.

    Two reprints of one dispatch share it through the dispatch: between them nothing is kept.
    """
    articles = set().union(*(edge.pair for edge in edges))
    stored = {
        frozenset({row.article_id, row.upstream_article_id}): row
        for row in Derivation.objects.filter(
            kind=Derivation.Kind.COPY, article__in=articles, upstream_article__in=articles
        )
        .select_related("article")
        .annotate(words=Sum("spans__words", default=0))
    }
    decided = {pair for pair, row in stored.items() if row.status != DecisionStatus.PROPOSED}
    proposed = {edge.pair: edge for edge in edges if edge.pair not in decided}
    words = {
        (row.article_id, row.upstream_article_id): row.words
        for pair, row in stored.items()
        if row.upstream_article_id is not None and pair not in proposed and _stands(row)
    }
    words |= {(edge.derived.article_id, edge.upstream.article_id): edge.overlap.words for edge in proposed.values()}
    through = _explained(words)
    for pair in through:
        if pair in stored and pair not in decided:
            stored[pair].delete()
    return [
        _store(edge, stored.get(pair))
        for pair, edge in sorted(proposed.items(), key=lambda item: sorted(item[0]))
        if pair not in through
    ]


def _stands(row: Derivation) -> bool:
    return row.status == DecisionStatus.CONFIRMED or (
        row.status != DecisionStatus.REJECTED and row.revision_id == row.article.current_revision_id
    )


def _explained(words: dict[tuple[int, int], int]) -> set[frozenset[int]]:
    """Return the pairs (derived, upstream) that both have what they share from a third, given the words each shares."""
    sources: dict[int, set[int]] = defaultdict(set)
    for derived, upstream in words:
        sources[derived].add(upstream)
    return {
        frozenset({derived, upstream})
        for (derived, upstream), shared in words.items()
        if any(words[derived, root] >= shared * SAME_WORDS for root in sources[derived] & sources[upstream])
    }


def _store(edge: _Edge, stored: Derivation | None) -> Derivation:
    """Store an edge with its passages; a stored one that differs is replaced, so that its age is that of its words."""
    article, upstream = edge.derived.article, edge.upstream.article
    fields = {
        "article_id": article.pk,
        "upstream_article_id": upstream.pk,
        "upstream_outlet_id": upstream.outlet_id,
        "partial": edge.overlap.coverage < copies.COPY,
        "revision_id": edge.derived.pk,
        "score": round(edge.overlap.containment, 4),
        "method": f"{copies.METHOD}, direction by {edge.basis}",
    }
    spans = [
        {
            "start": passage.start,
            "end": passage.end,
            "upstream_revision_id": edge.upstream.pk,
            "upstream_start": passage.upstream_start,
            "upstream_end": passage.upstream_end,
            "words": passage.words,
        }
        for passage in edge.overlap.passages
    ]
    if stored is not None:
        same = all(getattr(stored, name) == value for name, value in fields.items())
        if same and list(stored.spans.order_by("start").values(*spans[0])) == spans:
            return stored
        stored.delete()
    derivation = Derivation.objects.create(
        uid=uid_for("derivation", str(article.uid), "copy", str(upstream.uid)),
        kind=Derivation.Kind.COPY,
        **fields,
    )
    DerivationSpan.objects.bulk_create(DerivationSpan(derivation=derivation, **span) for span in spans)
    logger.info(
        "copy found article=%s upstream=%s words=%d score=%.2f",
        article.uid,
        upstream.uid,
        edge.overlap.words,
        edge.overlap.containment,
    )
    return derivation
