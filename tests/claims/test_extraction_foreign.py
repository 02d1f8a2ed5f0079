"""Statements in languages without a model: sentences as newspapers write them."""

import time

import pytest

from claims.extraction import foreign
from claims.extraction.quotes import quotations

# Text; then of each statement: its words, the speaker, the kind, the relays.
SENTENCES = {
    "zh": [
        (
            "外交部发言人孙琳3日在例行记者会上表示：“双方将继续推进港口建设合作。”",
            [("“双方将继续推进港口建设合作。”", "孙琳", "direct", "")],
        ),
        ("“大坝是安全的，请居民放心。”省长赵刚说。", [("“大坝是安全的，请居民放心。”", "赵刚", "direct", "")]),
        (
            "据新华社报道，加纳总统科菲·门萨表示，两国将在年底前签署渔业协定。",
            [("两国将在年底前签署渔业协定", "科菲·门萨", "indirect", "新华社")],
        ),
        (
            "交通部部长周明指出，新铁路将于明年通车。他强调，票价不会上涨。",
            [("新铁路将于明年通车", "周明", "indirect", ""), ("票价不会上涨", "周明", "indirect", "")],
        ),
        (
            "孙琳说：“我们反对任何形式的保护主义。”她还表示，谈判大门始终敞开。",
            [
                ("“我们反对任何形式的保护主义。”", "孙琳", "direct", ""),
                ("谈判大门始终敞开", "孙琳", "indirect", ""),
            ],
        ),
        (
            "世界卫生组织警告称，疫情“远未结束”。",
            [("疫情“远未结束”", "世界卫生组织", "mixed", "")],
        ),
        ("發言人林美否認，政府曾計劃提高水費。", [("政府曾計劃提高水費", "林美", "indirect", "")]),
        (
            "市长在接受采访时表示：「這座橋必須在冬天之前修好。」",
            [("「這座橋必須在冬天之前修好。」", "市长", "direct", "")],
        ),
    ],
    "ru": [
        (
            "«Мы готовы к переговорам без предварительных условий», — заявил президент Ганы Кофи Менса.",
            [("«Мы готовы к переговорам без предварительных условий»", "Кофи Менса", "direct", "")],
        ),
        (
            "Министр транспорта Анна Орлова заявила, что новая линия метро откроется в декабре, сообщает ТАСС.",
            [("новая линия метро откроется в декабре", "Анна Орлова", "indirect", "ТАСС")],
        ),
        (
            "«Плотина выдержит, — сказал губернатор Иван Лосев. — Жителям ничего не угрожает».",
            [("«Плотина выдержит … Жителям ничего не угрожает»", "Иван Лосев", "direct", "")],
        ),
        (
            "Губернатор Иван Лосев подчеркнул: «Дорогу откроют только весной».",
            [("«Дорогу откроют только весной»", "Иван Лосев", "direct", "")],
        ),
        (
            "Анна Орлова сообщила, что проезд подорожает. Она добавила, что льготы сохранятся.",
            [
                ("проезд подорожает", "Анна Орлова", "indirect", ""),
                ("льготы сохранятся", "Анна Орлова", "indirect", ""),
            ],
        ),
        (
            "«Никаких переговоров не было», — пояснил Лосев журналистам. До среды губернатор Иван Лосев был в отпуске.",
            [("«Никаких переговоров не было»", "Иван Лосев", "direct", "")],
        ),
        (
            "По словам Анны Орловой, «мост закроют на две недели».",
            [("«мост закроют на две недели»", "Анны Орловой", "direct", "")],
        ),
        (
            "Посольство опровергло, что переговоры сорваны. МИД не заявлял, что визит отменён.",
            [
                ("переговоры сорваны", "Посольство", "indirect", ""),
                ("визит отменён", "МИД", "indirect", ""),
            ],
        ),
    ],
    "fr": [
        (
            "« Le barrage tiendra tout l'hiver », a déclaré le ministre ghanéen Kofi Mensah.",
            [("« Le barrage tiendra tout l'hiver »", "Kofi Mensah", "direct", "")],
        ),
        (
            "La maire Claire Duval a annoncé que le pont serait fermé jusqu'au printemps, selon l'AFP.",
            [("le pont serait fermé jusqu'au printemps", "Claire Duval", "indirect", "AFP")],
        ),
        (
            "« Nous ne céderons pas, a prévenu Claire Duval, et la ville le sait. »",
            [("« Nous ne céderons pas … et la ville le sait. »", "Claire Duval", "direct", "")],
        ),
        (
            "Claire Duval a affirmé lundi : « Les travaux commenceront en mars. »",
            [("« Les travaux commenceront en mars. »", "Claire Duval", "direct", "")],
        ),
        (
            "Le porte-parole Marc Petit a assuré qu'aucune école ne fermerait. Il a ajouté que les cantines le "
            "resteraient aussi.",
            [
                ("aucune école ne fermerait", "Marc Petit", "indirect", ""),
                ("les cantines le resteraient aussi", "Marc Petit", "indirect", ""),
            ],
        ),
        (
            "Selon Marc Petit, « la situation est sous contrôle ».",
            [("« la situation est sous contrôle »", "Marc Petit", "direct", "")],
        ),
        (
            "Le ministre a démenti que des négociations aient eu lieu.",
            [("des négociations aient eu lieu", "ministre", "indirect", "")],
        ),
        (
            "« C'est une décision très difficile », a-t-elle reconnu après la réunion.",
            [("« C'est une décision très difficile »", "", "direct", "")],
        ),
    ],
    "de": [
        (
            "„Der Damm hält auch diesen Winter“, sagte Ministerpräsident Karl Lorenz am Montag.",
            [("„Der Damm hält auch diesen Winter“", "Karl Lorenz", "direct", "")],
        ),
        (
            "Bürgermeisterin Eva Kern erklärte, dass die Brücke bis zum Frühjahr gesperrt bleibe.",
            [("die Brücke bis zum Frühjahr gesperrt bleibe", "Eva Kern", "indirect", "")],
        ),
        (
            "»Wir geben nicht auf«, betonte Eva Kern. »Die Stadt braucht diese Brücke«, fügte sie hinzu.",
            [
                ("»Wir geben nicht auf«", "Eva Kern", "direct", ""),
                ("»Die Stadt braucht diese Brücke«", "Eva Kern", "direct", ""),
            ],
        ),
        (
            "Karl Lorenz warnte: „Ohne neue Schleusen droht im Mai Hochwasser.“",
            [("„Ohne neue Schleusen droht im Mai Hochwasser.“", "Karl Lorenz", "direct", "")],
        ),
        (
            "„Das ist ein guter Tag für den Hafen“, so Lorenz. Ministerpräsident Karl Lorenz ist seit 2015 im Amt.",
            [("„Das ist ein guter Tag für den Hafen“", "Karl Lorenz", "direct", "")],
        ),
        (
            "Der Sprecher Jan Vogt sagte laut dpa, dass niemand verletzt worden sei.",
            [("niemand verletzt worden sei", "Jan Vogt", "indirect", "dpa")],
        ),
        (
            "Laut Eva Kern ist „die Lage ernst, aber nicht hoffnungslos“.",
            [("„die Lage ernst, aber nicht hoffnungslos“", "Eva Kern", "direct", "")],
        ),
        (
            "Das Ministerium bestritt, dass es Verhandlungen gegeben habe.",
            [("es Verhandlungen gegeben habe", "Ministerium", "indirect", "")],
        ),
    ],
    "es": [
        (
            "“La presa resistirá todo el invierno”, dijo el presidente de Ghana, Kofi Mensah.",
            [("“La presa resistirá todo el invierno”", "Kofi Mensah", "direct", "")],
        ),
        (
            "La alcaldesa Ana Ruiz afirmó que el puente seguirá cerrado hasta la primavera, según EFE.",
            [("el puente seguirá cerrado hasta la primavera", "Ana Ruiz", "indirect", "EFE")],
        ),
        (
            "«No vamos a ceder —advirtió Ana Ruiz—, y la ciudad lo sabe».",
            [("«No vamos a ceder … y la ciudad lo sabe»", "Ana Ruiz", "direct", "")],
        ),
        (
            "Ana Ruiz declaró el lunes: «Las obras empezarán en marzo».",
            [("«Las obras empezarán en marzo»", "Ana Ruiz", "direct", "")],
        ),
        (
            "El ministro Luis Vega aseguró que no habrá recortes. Añadió que las escuelas seguirán abiertas.",
            [
                ("no habrá recortes", "Luis Vega", "indirect", ""),
                ("las escuelas seguirán abiertas", "Luis Vega", "indirect", ""),
            ],
        ),
        (
            "Según Luis Vega, «la situación está bajo control».",
            [("«la situación está bajo control»", "Luis Vega", "direct", "")],
        ),
        (
            "El portavoz Juan Mora negó que hubiera negociaciones en secreto.",
            [("hubiera negociaciones en secreto", "Juan Mora", "indirect", "")],
        ),
        (
            "La tregua terminará el domingo, anunció el general Pedro Salas.",
            [("La tregua terminará el domingo", "Pedro Salas", "indirect", "")],
        ),
    ],
    "ar": [
        (
            "قال وزير النقل سامي حداد إن الجسر سيبقى مغلقا حتى الربيع.",
            [("الجسر سيبقى مغلقا حتى الربيع", "سامي حداد", "indirect", "")],
        ),
        (
            "وأضاف سامي حداد: «لن نغامر بحياة أحد».",
            [("«لن نغامر بحياة أحد»", "سامي حداد", "direct", "")],
        ),
        (
            "وأكدت المتحدثة ليلى نصار أن المدارس ستبقى مفتوحة، بحسب وكالة رويترز.",
            [("المدارس ستبقى مفتوحة", "ليلى نصار", "indirect", "وكالة رويترز")],
        ),
        (
            "قال سامي حداد إن السد آمن. وأضاف أن السكان ليسوا في خطر.",
            [
                ("السد آمن", "سامي حداد", "indirect", ""),
                ("السكان ليسوا في خطر", "سامي حداد", "indirect", ""),
            ],
        ),
        (
            '"الهدنة ستنتهي يوم الأحد"، قالت ليلى نصار.',
            [('"الهدنة ستنتهي يوم الأحد"', "ليلى نصار", "direct", "")],
        ),
        (
            "ونفى الرئيس الغاني كوفي منساه أن تكون المحادثات قد فشلت.",
            [("تكون المحادثات قد فشلت", "كوفي منساه", "indirect", "")],
        ),
        (
            "أعلنت الحكومة أمس أن الانتخابات ستجرى في موعدها.",
            [("الانتخابات ستجرى في موعدها", "الحكومة", "indirect", "")],
        ),
        (
            "صرحت ليلى نصار للصحفيين قائلة: “المفاوضات مستمرة مع جميع الأطراف”.",
            [("“المفاوضات مستمرة مع جميع الأطراف”", "ليلى نصار", "direct", "")],
        ),
    ],
}


def words(text, statement):
    return " … ".join(text[span.start : span.end] for span in statement.content)


def told(text, statements):
    return [(words(text, s), s.speaker, s.kind, "|".join(relay.name for relay in s.relays)) for s in statements]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [(language, text, expected) for language, rows in SENTENCES.items() for text, expected in rows],
)
def test_a_sentence_as_newspapers_write_it_gives_its_statements(language, text, expected):
    found = foreign.read(text, language)
    assert told(text, found) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "МИД не заявлял, что визит отменён."),
        ("fr", "Le maire n'a pas dit que le pont fermerait."),
        ("es", "El ministro no dijo que habría recortes."),
        ("zh", "发言人孙琳没有说，谈判已经破裂。"),
        ("ar", "لم يقل سامي حداد إن السد آمن تماما."),
    ],
)
def test_what_was_not_said_is_marked_as_such(language, text):
    [statement] = foreign.read(text, language)
    assert statement.negated


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Посольство опровергло, что переговоры сорваны."),
        ("fr", "Le ministre a démenti que des négociations aient eu lieu."),
        ("de", "Das Ministerium bestritt, dass es Verhandlungen gegeben habe."),
        ("es", "El portavoz Juan Mora negó que hubiera negociaciones."),
        ("zh", "发言人孙琳否认，谈判已经破裂。"),
        ("ar", "ونفى سامي حداد أن تكون المحادثات قد فشلت."),
    ],
)
def test_a_denial_denies(language, text):
    [statement] = foreign.read(text, language)
    assert statement.denies


def test_what_was_said_is_no_denial():
    [statement] = foreign.read("Анна Орлова сообщила, что проезд подорожает.", "ru")
    assert not statement.denies
    assert not statement.negated


def test_the_surer_rule_has_the_higher_confidence_and_none_is_as_sure_as_a_model():
    [named] = foreign.read("« Le barrage tiendra », a déclaré Claire Duval.", "fr")
    [unnamed] = foreign.read("« Le barrage tiendra », a-t-elle déclaré.", "fr")
    [indirect] = foreign.read("Claire Duval a déclaré que le barrage tiendrait.", "fr")
    [alone] = foreign.read("「ダムは冬の間も持ちこたえるだろう」と市長は述べた。", "ja")
    assert 0.5 > named.confidence > indirect.confidence > unnamed.confidence > alone.confidence > 0


@pytest.mark.parametrize(
    ("language", "text", "quotation"),
    [
        ("ja", "市長は「橋は春まで閉鎖される」と述べた。", "「橋は春まで閉鎖される」"),
        ("ko", "시장은 “다리는 내년 봄까지 폐쇄될 것입니다”라고 말했다.", "“다리는 내년 봄까지 폐쇄될 것입니다”"),
        ("fi", "”Silta pysyy suljettuna koko talven ajan”, sanoi pormestari.", None),
        (
            "pt-BR",
            "“A ponte ficará fechada até a primavera”, disse a prefeita.",
            "“A ponte ficará fechada até a primavera”",
        ),
    ],
)
def test_in_other_languages_quotations_stand_as_they_are_and_are_nobodys(language, text, quotation):
    found = foreign.read(text, language)
    assert [(words(text, s), s.speaker, s.cue) for s in found] == ([(quotation, "", ())] if quotation else [])


@pytest.mark.parametrize("language", SENTENCES)
def test_the_language_is_told_from_the_text_where_it_is_not_given(language):
    text = " ".join(text for text, _ in SENTENCES[language])
    assert foreign.detect(text) == language
    assert foreign.read(text) == foreign.read(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "!!! ... ???",
        "😀😀 «🙂» — сказал 🙃",
        "«Плотина выдержит, — сказал",
        "„„„„ ““““ «»«»«» “” 「」",
        "قال: «",
        "他说：",
        "\u202bقال سامي «نعم\u202c",
        "Сказал said a dit dijo 表示 قال sagte: “one two three four five six”",
        "\x00\ufffc “a\ufffcb c d e f” \ud83d",
    ],
)
@pytest.mark.parametrize("language", [*SENTENCES, "ja", "xx", "", "zh-Hant-TW", "-", "😀"])
def test_no_text_and_no_language_crashes_it(text, language):
    for statement in foreign.read(text, language):
        for span in (*statement.content, *statement.cue, *statement.source):
            assert 0 <= span.start < span.end <= len(text)


@pytest.mark.parametrize(("language", "number"), [(language, n) for language in SENTENCES for n in range(8)])
def test_offsets_count_code_points_also_after_astral_and_directional_characters(language, number):
    text, expected = SENTENCES[language][number]
    shifted = f"😀😀 \u202b𝔸\u202c.\n\n{text}"
    assert told(shifted, foreign.read(shifted, language)) == expected


def test_spans_of_right_to_left_text_point_at_its_words():
    text = "قال وزير النقل سامي حداد إن الجسر سيبقى مغلقا حتى الربيع."
    [statement] = foreign.read(text, "ar")
    [cue], [source] = statement.cue, statement.source
    assert text[cue.start : cue.end] == "قال"
    assert text[source.start : source.end] == "وزير النقل سامي حداد"
    assert statement.speaker_titles == ("وزير النقل",)


def test_a_heading_stands_above_its_statements():
    text = "Einleitung zum Tag mit einem Satz.\n\nDie Brücke\n\nEva Kern erklärte, dass sie gesperrt bleibe."
    [statement] = foreign.read(text, "de")
    assert statement.heading == "Die Brücke"


@pytest.mark.parametrize("language", SENTENCES)
def test_time_grows_with_the_length_of_the_text(language):
    sentences = " ".join(text for text, _ in SENTENCES[language])

    def seconds(copies):
        text = "\n\n".join(sentences for _ in range(copies))
        start = time.process_time()
        found = foreign.read(text, language)
        assert len(found) >= copies
        return time.process_time() - start

    seconds(2)
    # The best of some: what else runs on a machine takes its caches.
    small, large = (min(seconds(copies) for _ in range(3)) for copies in (20, 80))
    # Four times the text takes four times as long; sixteen would be quadratic.
    assert large < 9 * max(small, 0.02)


@pytest.mark.parametrize("unit", ["«да, — сказал ", "a déclaré que ", "他说，", "قال إن ", "“", "TASS, сообщает "])
@pytest.mark.parametrize("language", ["ru", "fr", "zh", "ar"])
def test_one_endless_line_is_read_in_time(unit, language):
    start = time.process_time()
    foreign.read(unit * 20_000, language)
    assert time.process_time() - start < 20


def test_marks_are_found_as_elsewhere():
    text, _ = SENTENCES["de"][0]
    [quotation] = quotations(text, [(0, len(text))])
    [statement] = foreign.read(text, "de")
    assert (statement.content[0].start, statement.content[0].end) == (quotation.start, quotation.end)
