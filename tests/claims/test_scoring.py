"""Scores of statement pairs: words first, then the network for what words leave open."""

import importlib
import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from django.conf import settings

from claims.matching import JOIN, PROPOSE, Candidate, Story, incompatible, meaning, score, score_pairs, terms
from claims.matching.meaning import MAX_SPEAKER, MAX_TEXT, Alike, ModelMissing, Said, encode
from claims.matching.regression import area, best_f1, fit, predict
from claims.matching.score import ASK_FROM, ASK_TO, READINGS, features, scored

# The package's `score` is its function.
score_module = importlib.import_module("claims.matching.score")

OTHERS = (
    "the harbour will be dredged",
    "the council met on Monday",
    "fishermen have lost their catch",
    "prices rose sharply last year",
    "the ferry needs a new engine",
    "the school roof was mended",
)
PUMPS = Candidate("the reactor must not restart before inspectors have checked the cooling pumps", "Ana Silva")
ALSO_PUMPS = Candidate("inspectors should look at the reactor's cooling pumps first", "Silva")
FERRY = Candidate("the ferry needs a new engine", "Ana Silva")


def story(*candidates):
    return Story([*(candidate.terms for candidate in candidates), *(terms(other) for other in OTHERS)])


def value(a, b):
    return score(a, b, story(a, b)).value


def part(name, a, b):
    return score(a, b, story(a, b)).parts[name]


@pytest.fixture
def asked(monkeypatch):
    """The pairs that the network is asked for; it finds them all quite unlike."""
    seen = []

    def unlike(pairs):
        seen.extend(pairs)
        return [Alike(-9.0, -9.0)] * len(pairs)

    monkeypatch.setattr(score_module, "alike", unlike)
    return seen


def test_many_pairs_are_scored_as_each_by_itself_and_in_their_order():
    pairs = [(a, b, story(PUMPS, FERRY)) for a in (PUMPS, ALSO_PUMPS, FERRY) for b in (FERRY, ALSO_PUMPS)]
    together = score_pairs(pairs)
    assert [found.value for found in together] == [score(*pair).value for pair in pairs]
    assert len({round(found.value, 6) for found in together}) > 3
    assert score_pairs([]) == []


def test_the_order_within_a_pair_does_not_matter():
    assert value(PUMPS, ALSO_PUMPS) == pytest.approx(value(ALSO_PUMPS, PUMPS), abs=1e-6)


def test_only_pairs_that_words_leave_open_are_read(asked):
    found = score_pairs([(PUMPS, FERRY, story(PUMPS, FERRY)), (PUMPS, ALSO_PUMPS, story(PUMPS, ALSO_PUMPS))])
    assert len(asked) == 1
    assert {said.text for said in asked[0]} == {PUMPS.quote, ALSO_PUMPS.quote}
    assert not set(READINGS) & set(found[0].parts)
    assert set(READINGS) <= set(found[1].parts)
    assert (
        found[0].value
        < ASK_FROM
        <= scored("words", features(PUMPS, ALSO_PUMPS, story(PUMPS, ALSO_PUMPS))).value
        <= ASK_TO
    )


def test_what_the_network_says_counts(asked):
    unlike = value(PUMPS, ALSO_PUMPS)
    assert asked
    assert unlike < PROPOSE


def test_a_paraphrase_is_joined_through_the_network():
    assert value(PUMPS, ALSO_PUMPS) >= JOIN


def test_a_clipped_quotation_is_part_of_the_long_content():
    speech = Candidate(
        "we have rebuilt the harbour wall, and the reactor restart is a reckless gamble with public safety, which no "
        "inspector has signed, while our neighbours across the border have been told nothing at all of the plans",
        "Ana Silva",
    )
    clip = Candidate("“a reckless gamble with public safety”", "Ana Silva")
    assert part("stretch", speech, clip) > 0.8
    assert part("overlap", speech, clip) < 0.5
    assert part("quotation", speech, clip) == 0.75
    assert value(speech, clip) >= JOIN


def test_a_short_quotation_counts():
    short = Candidate("“best catch in history”", "Ana Silva")
    full = Candidate("the fleet has had its best catch in history and the port knows it", "Ana Silva")
    assert value(short, full) >= JOIN


def test_the_same_words_after_many_days_are_less_likely_one_claim():
    early, late = (Candidate(PUMPS.quote, "Ana Silva", published=date(2020, 1, day)) for day in (1, 31))
    near = scored("words", features(early, early, story(early))).value
    assert scored("words", features(early, late, story(early))).value < near
    assert features(early, PUMPS, story(early))[-1] == 0.0


@pytest.mark.parametrize(
    ("name", "a", "b"),
    [
        ("numbers_differ", "the dam cost two million", "the dam cost 3 million and seven"),
        ("dates_differ", "the dam opens on Monday", "the dam opens on Friday"),
        ("negation_differs", "the dam will hold", "the dam will not hold"),
    ],
)
def test_what_differs_is_named(name, a, b):
    assert part(name, Candidate(a), Candidate(b)) == 1.0
    assert part(name, Candidate(a), Candidate(a)) == 0.0


@pytest.mark.parametrize("quote", ["", "…", "”“", "the", "?" * 5000, "dam " * 5000])
def test_any_text_can_be_scored(quote):
    for other in (PUMPS, Candidate(quote), Candidate("")):
        for among in (None, story(PUMPS), Story()):
            assert 0.0 <= score(Candidate(quote), other, among).value <= 1.0


def test_texts_alone_are_compared_whoever_said_them():
    a, b = "Profits rose 12 percent in the third quarter", "Third-quarter profits were up 12 percent"
    plain = score(Candidate(a), Candidate(b), None)
    assert plain.value == score(Candidate(a, "Ann Lee"), Candidate(b, "Bob Roe"), None).value
    assert plain.value > 0.5 > score(Candidate(a), Candidate("The museum reopens on Sunday"), None).value


def test_the_network_reads_both_texts_cut_to_a_bound_the_longer_first():
    short, long = Said("the dam holds", "Ann Lee"), Said("dam " * 500, "A" * 300 + " Lee " * 50)
    read = encode(short, long)
    assert read == encode(long, short)
    assert len(read.pieces) == len(read.sides) == len(read.shared) <= 2 * (MAX_TEXT + MAX_SPEAKER) + 5
    assert read.sides.count(0) == MAX_TEXT + MAX_SPEAKER + 3
    # "dam" is in both.
    assert set(read.shared) == {0, 1, 2}


def test_what_a_pair_is_read_with_changes_nothing():
    pairs = [(Said(PUMPS.quote), Said(ALSO_PUMPS.quote, "Silva")), (Said("dam " * 60), Said("the dam holds"))]
    assert meaning.alike(pairs) == [meaning.alike([pair])[0] for pair in pairs]
    assert meaning.alike([]) == []


def test_a_missing_network_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(meaning, "MODEL", tmp_path)
    monkeypatch.setattr(meaning, "_session", meaning._session.__wrapped__)
    with pytest.raises(ModelMissing, match=r"pairs\.onnx is missing: reinstall"):
        score(PUMPS, ALSO_PUMPS, story(PUMPS, ALSO_PUMPS))


def test_thresholds_stand_in_order_and_within_what_is_asked():
    assert ASK_FROM < PROPOSE < JOIN < ASK_TO
    assert score_module.MATCHER_VERSION


def test_a_regression_finds_the_weights_that_made_its_rows():
    chance = np.random.default_rng(1)
    x = chance.normal(size=(4000, 3))
    y = chance.random(4000) < 1 / (1 + np.exp(-(0.5 + x @ np.array([2.0, -1.0, 0.0]))))
    intercept, weights = fit(x, y)
    assert intercept == pytest.approx(0.5, abs=0.2)
    assert weights == pytest.approx([2.0, -1.0, 0.0], abs=0.2)
    assert area(predict((intercept, weights), x), y) > 0.85


def test_figures_of_a_ranking():
    y = np.array([True, False, True, False])
    assert area(np.array([0.9, 0.1, 0.8, 0.2]), y) == 1.0
    assert area(np.zeros(4), y) == 0.5
    f1, precision, recall, threshold = best_f1(np.array([0.9, 0.8, 0.7, 0.1]), y)
    assert (f1, precision, recall, threshold) == (0.8, pytest.approx(2 / 3), 1.0, 0.7)


def run(name, *arguments):
    command = [sys.executable, str(settings.BASE_DIR / "benchmarks" / name), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_sentence_pairs_are_measured_beside_baselines(tmp_path):
    table = tmp_path / "pairs.tsv"
    alike = "1\tProfits rose 12 percent in May, the bank said\tThe bank said profits were up 12 percent in May"
    apart = "0\tProfits rose 12 percent in May, the bank said\tThe museum reopens on Sunday"
    table.write_text("label\tfirst\tsecond\n" + "\n".join([alike, apart] * 6) + "\n", encoding="utf-8")
    done = run("paraphrase_pairs.py", "--pairs", table)
    assert done.returncode == 0, done.stderr
    rows = {line[:22].strip(): line[22:].split() for line in done.stdout.splitlines()[2:]}
    assert rows["ours"] == ["100.0", "100.0", "100.0"]
    assert rows["all alike"] == ["50.0", "66.7", "50.0"]


@pytest.mark.parametrize("content", ["label\tfirst\n", "label\tfirst\tsecond\nyes\ta\tb\n"])
def test_a_table_of_another_form_is_named(tmp_path, content):
    table = tmp_path / "pairs.tsv"
    table.write_text(content, encoding="utf-8")
    done = run("paraphrase_pairs.py", "--pairs", table)
    assert done.returncode != 0
    assert str(table) in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        ("the mill beside the chapel had been sold to the ferry company",
         "the barn beside the cinema had been sold to the coal company", True),
        ("the mill beside the chapel had been sold to the ferry company",
         "the mill beside the chapel was sold to a ferry company from Oslo", False),
        ("he would name Carla Ruiz to lead the harbor board soon",
         "he would pick Carla Ruiz to head the port authority soon", False),
    ],
    ids=["other things in the same words", "the same thing", "a shared name"],
)  # fmt: skip
def test_what_fills_the_same_words_must_be_the_same(a, b, apart):
    assert incompatible(Candidate(a, "Ana Silva"), Candidate(b, "Ana Silva")) is apart
