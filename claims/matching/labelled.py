"""Pairs of texts that people labelled, and pairs that a corpus gives for free: what the scorer is fitted to."""

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise, product
from pathlib import Path
from typing import Literal

from claims.extraction import Span, extract
from claims.extraction.corpus import articles
from claims.matching.meaning import Said
from claims.matching.score import Candidate, Pair, Story

#: Whether statements are as people marked them, as the extractor found them, or of two events.
Kind = Literal["labelled", "extracted", "strange"]

#: Every so many texts are held back.
HELD_BACK = 5

_PRONOUNS = frozenset("he she it they we i who which that this these those his her their".split())
#: Words of a clipped quotation, and of the least content it is clipped from.
CLIP, CLIPPED_FROM = (4, 9), 14
MAX_CONTENT_WORDS = 60
#: For each statement of a claim so many of others that share rare words with the claim's sentence.
ALIKE_OTHERS = 2


class PairsMissing(Exception):
    """A file of labelled pairs is absent, or not in the form expected."""


@dataclass(frozen=True)
class Text:
    """Two texts and whether they are alike: in meaning, or by carrying the same claim."""

    a: Said
    b: Said
    alike: bool


@dataclass(frozen=True)
class Labelled:
    """Two statements of two outlets' articles. first, second: what tells them apart within the event."""

    event: str
    kind: Kind
    first: str
    second: str
    pair: Pair
    linked: bool


def paraphrases(path: Path) -> list[Text]:
    """Return the pairs of a table with the columns label ("1" for the same meaning), first, second.

    Raises PairsMissing when there is no such table.
    """
    if not path.is_file():
        raise PairsMissing(f"{path} is missing: it must be a table of label, first and second, parted by tabs.")
    # Quotation marks stand for themselves, so this is no CSV.
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    if header.split("\t") != ["label", "first", "second"]:
        raise PairsMissing(f"{path} begins with {header[:60]!r}, not with the columns label, first, second.")
    rows = [line.split("\t") for line in lines if line]
    if any(len(row) != 3 or row[0] not in ("0", "1") for row in rows):
        raise PairsMissing(f"{path} has a line that is not a label (0 or 1) and two texts, parted by tabs.")
    return [Text(Said(first), Said(second), label == "1") for label, first, second in rows]


def parted(texts: list[Text], chance: random.Random) -> tuple[list[Text], list[Text]]:
    """Return the texts in chance order: what is trained on, and the fifth that is held back."""
    order = list(texts)
    chance.shuffle(order)
    return [text for number, text in enumerate(order) if number % HELD_BACK], order[::HELD_BACK]


def clips(corpus: Path, chance: random.Random, *, limit: int) -> list[Text]:
    """Return contents that people marked in PolNeAR beside short runs of words: their own, or of a neighbour.

    What one outlet quotes in full another clips; a run of the same speaker's next statement is about the same matter
    and yet another claim. Half of the runs lose a word inside, so that the words alone do not give them away.
    """
    found = []
    for article in articles(corpus, "train"):
        contents = []
        for attribution in article.attributions:
            text = " ".join(article.text[span.start : span.end] for span in attribution.content)
            speaker = " ".join(article.text[span.start : span.end] for span in attribution.source)
            if CLIPPED_FROM <= len(text.split()) <= MAX_CONTENT_WORDS:
                contents.append(Said(" ".join(text.split()), speaker if _is_name(speaker) else ""))
        for one, other in pairwise(contents):
            if one.text in other.text or other.text in one.text:
                continue
            clip = _clip(one.text, chance)
            found += [Text(one, Said(clip, one.speaker), True), Text(other, Said(clip, one.speaker), False)]
    chance.shuffle(found)
    return found[:limit]


def _is_name(source: str) -> bool:
    words = source.split()
    return 1 <= len(words) <= 6 and any(word[0].isupper() for word in words) and words[0].lower() not in _PRONOUNS


def _clip(text: str, chance: random.Random) -> str:
    words = text.split()
    size = chance.randint(*CLIP)
    start = chance.randint(0, len(words) - size)
    clip = words[start : start + size]
    if chance.random() < 0.5:
        del clip[chance.randrange(1, size - 1)]
    return " ".join(clip).strip(' ,;:"“”')


@dataclass(frozen=True)
class _Row:
    key: str
    labels: frozenset[str]
    candidate: Candidate


def statement_pairs(events: Path, *, extracted: bool = True) -> Iterator[Labelled]:
    """Yield the pairs of statements of labelled events, as people marked them and as the extractor finds them.

    An extracted pair is linked when labelled statements that its two overlap are, so the weights learn to live with
    what the extractor gets wrong. Each event's first article is also paired with the next event's: none is linked.

    events: a folder with gold/ and events/. extracted: False for none but those that people marked.

    Raises PairsMissing when the folder holds none.
    """
    paths = sorted((events / "gold").glob("*.json"))
    if not paths:
        raise PairsMissing(f"{events} holds no gold/*.json: it must be a folder of labelled events.")
    firsts = []
    for path in paths:
        gold = json.loads(path.read_text(encoding="utf-8"))
        event = json.loads((events / "events" / path.name).read_text(encoding="utf-8"))
        same = {frozenset(pair) for claim in gold["claims"] for pair in combinations(claim["statements"], 2)}
        labels = defaultdict(list)
        for statement in gold["statements"]:
            labels[statement["article"]].append(statement)
        marked = {article["id"]: list(_marked(article, labels[article["id"]])) for article in event["articles"]}
        for first, second in combinations(marked, 2):
            yield from _pairs(gold["event"], "labelled", marked[first], marked[second], same)
        if not extracted:
            continue
        found = {article["id"]: list(_found(article, labels[article["id"]])) for article in event["articles"]}
        for first, second in combinations(found, 2):
            yield from _pairs(gold["event"], "extracted", found[first], found[second], same)
        firsts.append((gold["event"], next(iter(found.values()))))
    for (event, first), (_, second) in pairwise(firsts):
        yield from _pairs(event, "strange", first, second, set())


def claim_sentences(events: Path) -> Iterator[tuple[str, Text]]:
    """Yield (event, pair) of each labelled claim's sentence with its statements, and with those that look like it.

    People wrote the sentences in words of their own, so they are paraphrases of what each outlet reports. Statements
    that deny a claim are left out.
    """
    for path in sorted((events / "gold").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        statements = {label["id"]: Candidate(label["exact"], label["speaker"]) for label in gold["statements"]}
        story = Story(candidate.terms for candidate in statements.values())
        for claim in gold["claims"]:
            sentence = Candidate(claim["text"], claim["speaker"])
            own = set(claim["statements"])
            others = sorted(
                statements.keys() - own - set(claim.get("denials", ())),
                key=lambda name: -story.weight(statements[name].term_set & sentence.term_set),
            )
            for name in (*claim["statements"], *others[: ALIKE_OTHERS * len(own)]):
                said = statements[name]
                pair = Said(sentence.quote, sentence.speaker), Said(said.quote, said.speaker)
                yield gold["event"], Text(*pair, name in own)


def _pairs(
    event: str, kind: Kind, first: list[_Row], second: list[_Row], same: set[frozenset[str]]
) -> Iterator[Labelled]:
    story = Story(row.candidate.terms for row in (*first, *second))
    for a, b in product(first, second):
        linked = any(frozenset((x, y)) in same for x in a.labels for y in b.labels)
        yield Labelled(event, kind, a.key, b.key, (a.candidate, b.candidate, story), linked)


def _marked(article: dict[str, str], labels: list[dict[str, str]]) -> Iterator[_Row]:
    published = date.fromisoformat(article["date"])
    for label in labels:
        yield _Row(
            label["id"], frozenset([label["id"]]), Candidate(label["exact"], label["speaker"], published=published)
        )


def _found(article: dict[str, str], labels: list[dict[str, str]]) -> Iterator[_Row]:
    text, published = article["text"], date.fromisoformat(article["date"])
    spans = [(label["id"], place(text, label)) for label in labels]
    for statement in extract(text):
        whole = Span(statement.content[0].start, statement.content[-1].end)
        quote = " … ".join(text[piece.start : piece.end] for piece in statement.content)
        candidate = Candidate(quote, statement.speaker, statement.represents, published)
        if not candidate.names_a_subject_only:
            overlapped = frozenset(name for name, span in spans if overlap(whole, span))
            yield _Row(f"{article['id']}:{whole.start}-{whole.end}", overlapped, candidate)


def place(text: str, label: dict[str, str]) -> Span:
    """Return where a labelled statement stands in its article."""
    start = int(label.get("start", text.find(label["exact"])))
    return Span(start, start + len(label["exact"]))


def overlap(a: Span, b: Span) -> bool:
    """Return whether two spans share at least half of the shorter one."""
    common = min(a.end, b.end) - max(a.start, b.start)
    return common > 0 and common * 2 >= min(a.end - a.start, b.end - b.start)
