"""The seed articles as a careful reader marked them (`seeds/annotations.json`), against what the extractor finds."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from claims.extraction import ExtractedStatement, extract
from sources import tasks
from sources.importing import import_next
from sources.models import Revision

SEEDS = settings.BASE_DIR / "seeds"
ARTICLES = json.loads((SEEDS / "annotations.json").read_text(encoding="utf-8"))["articles"]
FILES = [article["file"] for article in ARTICLES]

each_article = pytest.mark.parametrize("article", ARTICLES, ids=FILES)

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")


def text_of(article: dict[str, Any]) -> str:
    return (SEEDS / article["file"]).read_bytes().decode("utf-8")


def words_in(text: str, spans: list[tuple[int, int]]) -> frozenset[int]:
    """Return the starts of the words that the spans touch: quotation marks and full stops at an edge do not matter."""
    return frozenset(
        word.start()
        for word in _WORD.finditer(text)
        if any(start < word.end() and word.start() < end for start, end in spans)
    )


@dataclass
class Comparison:
    """What was marked beside what was found, paired one to one where their words overlap by half (Jaccard).

    A mark that only names a topic is left out of the figures, and so is the statement found for it.
    """

    marked: list[dict[str, Any]]
    found: list[ExtractedStatement]
    pairs: list[tuple[dict[str, Any], ExtractedStatement]]

    @property
    def statements(self) -> list[tuple[dict[str, Any], ExtractedStatement]]:
        return [(mark, statement) for mark, statement in self.pairs if mark["reports"] == "statement"]

    @property
    def precision(self) -> float:
        topics = len(self.pairs) - len(self.statements)
        return share(len(self.statements), len(self.found) - topics)

    @property
    def recall(self) -> float:
        return share(len(self.statements), sum(mark["reports"] == "statement" for mark in self.marked))

    @property
    def speakers(self) -> float:
        return share(sum(mark["speaker"] == found.speaker for mark, found in self.statements), len(self.statements))

    @property
    def kinds(self) -> float:
        return share(sum(mark["kind"] == found.kind for mark, found in self.statements), len(self.statements))


def share(part: int, whole: int) -> float:
    """Return a share of 0.0 to 1.0; 0.0 of nothing."""
    return part / whole if whole else 0.0


def compare(article: dict[str, Any]) -> Comparison:
    text = text_of(article)
    marked = article["statements"]
    found = extract(text, split_sentences=False)
    marked_words = [words_in(text, mark["content"]) for mark in marked]
    found_words = [words_in(text, [(span.start, span.end) for span in each.content]) for each in found]
    overlaps = sorted(
        (
            (len(mine & theirs) / len(mine | theirs), i, j)
            for i, mine in enumerate(marked_words)
            for j, theirs in enumerate(found_words)
            if mine & theirs
        ),
        key=lambda overlap: -overlap[0],
    )
    pairs: dict[int, int] = {}
    for overlap, i, j in overlaps:
        if overlap >= 0.5 and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return Comparison(marked, found, [(marked[i], found[j]) for i, j in sorted(pairs.items())])


@pytest.mark.django_db
def test_annotations_stand_in_the_text_that_the_import_stores(monkeypatch):
    monkeypatch.setattr(tasks.import_items, "delay", lambda: None)
    call_command("load_seeds")
    while import_next():
        pass
    stored = {
        hashlib.sha256(text.encode()).hexdigest(): text for text in Revision.objects.values_list("text", flat=True)
    }

    assert sorted(stored) == sorted(article["sha256"] for article in ARTICLES)
    for article in ARTICLES:
        text = stored[article["sha256"]]
        assert text == text_of(article)
        for mark in article["statements"]:
            assert [text[start:end] for start, end in mark["content"]] == mark["exact"]
            assert mark["content"] == sorted(mark["content"])
            edges = [text[start] + text[end - 1] for role in ("content", "cue", "source") for start, end in mark[role]]
            assert not any(character.isspace() for edge in edges for character in edge)
            assert bool(mark["cue"]) == bool(mark["source"])
            assert mark["speaker"] in text


@each_article
def test_kinds_follow_from_the_quotation_marks(article):
    for mark in article["statements"]:
        exact = " ".join(mark["exact"])
        quoted = any(character in exact for character in '"‘')
        assert quoted == (mark["kind"] != "indirect"), exact


@each_article
def test_statements_are_found_and_no_others(article, record_property):
    comparison = compare(article)
    figures = {name: getattr(comparison, name) for name in ("precision", "recall", "speakers", "kinds")}
    figures["recall with topics"] = len(comparison.pairs) / len(comparison.marked)
    for name, figure in figures.items():
        record_property(name, round(figure, 3))
    print(article["file"], *(f"{name} {figure:.3f}" for name, figure in figures.items()))

    assert comparison.recall >= 0.9, missed(comparison)
    assert comparison.precision >= 0.9, false_alarms(article, comparison)


def test_speakers_and_kinds_of_what_is_found_are_right():
    pairs = [pair for article in ARTICLES for pair in compare(article).statements]

    assert share(sum(mark["speaker"] == found.speaker for mark, found in pairs), len(pairs)) >= 0.9
    assert share(sum(mark["kind"] == found.kind for mark, found in pairs), len(pairs)) >= 0.9


def missed(comparison: Comparison) -> list[str]:
    paired = [mark for mark, _ in comparison.pairs]
    return [
        " … ".join(mark["exact"]) for mark in comparison.marked if mark not in paired and mark["reports"] == "statement"
    ]


def false_alarms(article: dict[str, Any], comparison: Comparison) -> list[str]:
    paired = [statement for _, statement in comparison.pairs]
    text = text_of(article)
    return [
        " … ".join(text[span.start : span.end] for span in statement.content)
        for statement in comparison.found
        if statement not in paired
    ]


def test_the_relayed_statement_names_who_passed_it_on():
    relayed = [
        (mark["relays"], [relay.name for relay in statement.relays])
        for article in ARTICLES
        for mark, statement in compare(article).statements
        if mark["relays"]
    ]

    assert relayed
    for marked, found in relayed:
        assert found == marked
