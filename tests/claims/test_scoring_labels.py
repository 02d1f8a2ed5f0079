"""Labelled pairs, as the scorer is fitted to them and as benchmarks measure it."""

import json
import random

import pytest

from claims.matching.labelled import PairsMissing, clips, paraphrases, parted, statement_pairs

TEXTS = {
    "one": "“The dam will hold until spring,” said Ana Silva, the mayor.\n\nJon Berg said that the ferry was late.",
    "two": "Mayor Ana Silva said the dam would hold until spring.\n\nThe council has not met since Monday.",
}
MARKED = [
    ("one-1", "one", "“The dam will hold until spring,”", "Ana Silva"),
    ("one-2", "one", "the ferry was late", "Jon Berg"),
    ("two-1", "two", "the dam would hold until spring", "Ana Silva"),
]


def write_event(folder, name):
    articles = [{"id": key, "date": f"2020-01-0{n}", "text": text} for n, (key, text) in enumerate(TEXTS.items(), 1)]
    statements = [{"id": i, "article": a, "exact": exact, "speaker": who} for i, a, exact, who in MARKED]
    for part, content in (
        ("events", {"event": name, "articles": articles}),
        ("gold", {"event": name, "statements": statements, "claims": [{"statements": ["one-1", "two-1"]}]}),
    ):
        (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / part / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


def test_statements_are_paired_as_marked_and_as_found(tmp_path):
    write_event(tmp_path, "e1")
    write_event(tmp_path, "e2")
    rows = list(statement_pairs(tmp_path))
    marked = {(row.event, row.first, row.second): row.linked for row in rows if row.kind == "labelled"}
    assert marked == {(e, f"one-{n}", "two-1"): n == 1 for e in ("e1", "e2") for n in (1, 2)}
    found = [row for row in rows if row.kind == "extracted" and row.linked]
    assert [row.event for row in found] == ["e1", "e2"]
    for row in found:
        a, b, _ = row.pair
        assert "dam will hold" in a.quote
        assert "dam would hold" in b.quote
        assert (b.published - a.published).days == 1
    strange = [row for row in rows if row.kind == "strange"]
    assert strange
    assert not any(row.linked for row in strange)
    assert list(statement_pairs(tmp_path, extracted=False)) != rows
    assert {row.kind for row in statement_pairs(tmp_path, extracted=False)} == {"labelled"}


def test_a_folder_without_labels_is_named(tmp_path):
    with pytest.raises(PairsMissing, match=r"holds no gold/\*\.json"):
        list(statement_pairs(tmp_path))


def test_quotation_marks_in_a_table_stand_for_themselves(tmp_path):
    table = tmp_path / "pairs.tsv"
    table.write_text('label\tfirst\tsecond\n1\tHe said "no\tHe refused\n0\ta\tb\n', encoding="utf-8")
    [first, second] = paraphrases(table)
    assert (first.a.text, first.b.text, first.alike) == ('He said "no', "He refused", True)
    assert not second.alike
    with pytest.raises(PairsMissing, match="is missing"):
        paraphrases(tmp_path / "none.tsv")


def test_a_fifth_is_held_back_and_always_the_same(tmp_path):
    table = tmp_path / "pairs.tsv"
    table.write_text("label\tfirst\tsecond\n" + "".join(f"1\ta{n}\tb{n}\n" for n in range(50)), encoding="utf-8")
    texts = paraphrases(table)
    taught, held = parted(texts, random.Random(1))
    assert (len(taught), len(held)) == (40, 10)
    assert {text.a.text for text in taught} | {text.a.text for text in held} == {text.a.text for text in texts}
    assert parted(texts, random.Random(1)) == (taught, held)


def test_clipped_quotations_come_from_their_own_content_or_its_neighbour(tmp_path):
    speech = (
        "the harbour wall must be rebuilt before the winter storms arrive or the lower town will be lost again",
        "no money has been found for the schools although the council had promised it twice in the last budget",
    )
    text = f"Ana Silva said {speech[0]}. Ana Silva said {speech[1]}."
    part = tmp_path / "train"
    for folder in ("text", "attributions"):
        (part / folder).mkdir(parents=True)
    (tmp_path / "metadata.tsv").write_text("filename\tcompartment\tannotators\nstory\ttrain\tx1\n", encoding="utf-8")
    (part / "text" / "story.txt").write_text(text, encoding="utf-8")
    notes = []
    for n, content in enumerate(speech):
        start = text.index(content)
        speaker = start - len("Ana Silva said ")
        notes += [
            f"T{3 * n + 1}\tSource {speaker} {speaker + 9}\tAna Silva",
            f"T{3 * n + 2}\tCue {start - 5} {start - 1}\tsaid",
            f"T{3 * n + 3}\tContent {start} {start + len(content)}\t{content}",
            f"E{n}\tAttribution:T{3 * n + 2} Source:T{3 * n + 1} Cue:T{3 * n + 2} Content:T{3 * n + 3}",
        ]
    (part / "attributions" / "story_x1.ann").write_text("\n".join(notes) + "\n", encoding="utf-8")

    found = clips(tmp_path, random.Random(1), limit=10)

    assert {text.alike: text.a.text for text in found} == {True: speech[0], False: speech[1]}
    assert len({text.b for text in found}) == 1
    [clip] = {text.b.text for text in found}
    assert 3 <= len(clip.split()) <= 9
    assert set(clip.split()) <= set(speech[0].split())
    assert {text.b.speaker for text in found} == {"Ana Silva"}
