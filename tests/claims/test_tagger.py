"""The tagger: tag sequences, and what the shipped network finds in plain sentences."""

import itertools

import numpy as np
import pytest

from claims.extraction import tagger
from claims.extraction.tagger import tag, viterbi
from claims.extraction.threads import threads


def barred(tags):
    return any(
        inner and inner % 2 == 0 and before not in (inner - 1, inner)
        for before, inner in itertools.pairwise([0, *tags])
    )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("tags", [tagger.CUE_TAGS, tagger.ROLE_TAGS])
def test_viterbi_finds_the_best_of_all_allowed_sequences(seed, tags):
    scores = np.random.default_rng(seed).normal(size=(3, 5, tags)).astype(np.float32)
    lengths = np.array([5, 3, 1])

    for row, found in enumerate(viterbi(scores, lengths)):
        options = [o for o in itertools.product(range(tags), repeat=int(lengths[row])) if not barred(o)]
        best = max(options, key=lambda option: sum(scores[row, word, t] for word, t in enumerate(option)))
        assert found == list(best)


def spans(text, found):
    return [
        {role: [text[s.start : s.end] for s in getattr(each, role)] for role in ("source", "cue", "content")}
        for each in found
    ]


def test_plain_report_is_found_with_its_source():
    text = "Maria Lopez said the dam would hold through the winter."

    assert spans(text, tag(text)) == [
        {"source": ["Maria Lopez"], "cue": ["said"], "content": ["the dam would hold through the winter"]}
    ]


def test_quotation_broken_by_its_cue_is_one_attribution_of_two_spans():
    text = "“If the rain goes on,” Maria Lopez said, “we will have to leave.”"

    [found] = spans(text, tag(text))

    assert found["cue"] == ["said"]
    assert len(found["content"]) == 2


def test_two_reports_in_a_sentence_keep_their_own_source_and_content():
    text = "Maria Lopez said the dam would hold, but Tom Reed warned that the bridge could fall."

    found = spans(text, tag(text))

    assert [(row["source"], row["cue"]) for row in found] == [(["Maria Lopez"], ["said"]), (["Tom Reed"], ["warned"])]
    assert "dam" in found[0]["content"][0]
    assert "bridge" in found[1]["content"][0]


def test_confidence_is_a_probability_and_higher_for_plain_speech():
    sure = tag("The minister said that the port would reopen on Monday.")[0].confidence

    assert 0.5 < sure <= 1.0


@pytest.mark.parametrize("text", ["", "\n\n", "…", "😀" * 500, '"' * 2000, "x" * 200_000])
def test_text_that_says_nothing_gives_nothing_and_does_not_crash(text):
    assert tag(text) == []


def test_text_in_many_windows_is_read_whole_and_in_order():
    text = "\n".join(f"Maria Lopez said road number {number} was closed to all traffic." for number in range(150))

    found = tag(text)

    assert len(found) >= 145
    assert [each.cue for each in found] == sorted(each.cue for each in found)


def test_missing_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(tagger, "MODEL", tmp_path)
    tagger._session.cache_clear()

    with pytest.raises(tagger.ModelMissing, match=r"words\.onnx is missing"):
        tag("Maria Lopez said no.")

    monkeypatch.undo()
    tagger._session.cache_clear()


def test_a_process_reads_by_so_many_threads_as_it_is_told_and_finds_the_same(monkeypatch):
    text = "\n\n".join(f"Mayor Ana Silva said that bridge {number} would be closed." for number in range(40))
    monkeypatch.delenv("NETWORK_THREADS", raising=False)
    assert 1 <= threads() <= 2
    found = tag(text)
    assert len(found) >= 40

    monkeypatch.setenv("NETWORK_THREADS", "1")
    assert threads() == 1
    assert tag(text) == found
