"""Matching an article's statements: bounded work, one founder, proposals for editors."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from claims.extraction import EXTRACTOR_VERSION
from claims.matching import JOIN, PROPOSE, terms
from claims.models import Attribution, Claim, ClaimLink, ComparisonDue, Corroboration, Extraction, Sentence, Statement
from claims.services import comparing, joining, renewing, translations
from claims.services.decisions import reject_attribution
from claims.services.matching import match_next_revision, match_revision
from claims.services.summaries import refresh_outdated
from sources.identity import uid_for
from tests.claims.matched import match_and_renew
from tests.factories import make_article, make_outlet, make_speaker, make_user

QUOTE = "the old harbour bridge would stay closed until spring"


def read_article(*quotes, speaker=None, outlet=None, language="en", published_at=datetime(2020, 1, 1, 12, tzinfo=UTC)):
    """Return the revision of an article in which the extractor has found these statements."""
    text = "\n".join(quotes)
    article = make_article(text, outlet=outlet, language=language, published_at=published_at)
    revision = article.current_revision
    rows, start = [], 0
    for number, quote in enumerate(quotes):
        start = text.index(quote, start)
        rows.append(
            Statement(
                uid=uid_for("statement", str(revision.uid), str(number)),
                revision=revision,
                speaker=speaker,
                kind=Statement.Kind.INDIRECT,
                start=start,
                end=start + len(quote),
                content_key=f"{start}-{start + len(quote)}",
                quote=quote,
                terms=sorted(set(terms(quote))),
                confidence=0.9,
                method="test",
            )
        )
        start += len(quote)
    Statement.objects.bulk_create(rows)
    Extraction.objects.create(revision=revision, version=EXTRACTOR_VERSION, state=Extraction.State.EXTRACTED)
    return revision


@pytest.fixture
def ana():
    return make_speaker("Ana Silva")


@pytest.mark.django_db
def test_ten_thousand_identical_statements_of_an_article_make_one_claim_in_linear_time(ana, monkeypatch):
    pairs = []
    monkeypatch.setattr(joining, "score_pairs", lambda rows: pairs.extend(rows) or [])
    revision = read_article(*[QUOTE] * 10_000, speaker=ana)
    match_revision(revision.pk)
    claim = Claim.objects.get()
    assert claim.attributions.count() == 10_000
    assert pairs == []


@pytest.mark.django_db
def test_a_claim_of_ten_thousand_reports_costs_a_new_article_no_more(ana, monkeypatch):
    match_revision(read_article(QUOTE, speaker=ana).pk)
    [small] = figures(ana, monkeypatch, articles=1)
    match_revision(read_article(*[QUOTE] * 10_000, speaker=ana).pk)
    [large] = figures(ana, monkeypatch, articles=1)
    assert Claim.objects.get().attributions.count() == 10_003
    assert large["queries"] <= small["queries"]
    assert large["pairs"] == small["pairs"] == 1
    assert large["rows"] <= small["rows"] + 5


def figures(speaker, monkeypatch, *, articles):
    """Match new articles with QUOTE and return, for each, its queries, scored pairs and rows that were read."""
    scored = joining.score_pairs
    found = []
    for _ in range(articles):
        revision = read_article(QUOTE, speaker=speaker, outlet=make_outlet())
        pairs, rows = [], [0]
        monkeypatch.setattr(joining, "score_pairs", lambda given, pairs=pairs: pairs.extend(given) or scored(given))

        def count(execute, sql, params, many, context, rows=rows):
            result = execute(sql, params, many, context)
            rows[0] += max(context["cursor"].rowcount, 0)
            return result

        with CaptureQueriesContext(connection) as queries, connection.execute_wrapper(count):
            match_revision(revision.pk)
        monkeypatch.setattr(joining, "score_pairs", scored)
        found.append({"queries": len(queries), "pairs": len(pairs), "rows": rows[0]})
    return found


@pytest.mark.django_db
def test_a_large_claim_is_counted_later(ana, monkeypatch):
    monkeypatch.setattr(renewing, "LARGE_CLAIM", 2)
    for _ in range(4):
        match_and_renew(read_article(QUOTE, speaker=ana, outlet=make_outlet()).pk)
    counted = Corroboration.objects.get(basis="counted")
    assert counted.report_count == 3
    assert counted.claim.attributions.count() == 4


@pytest.mark.django_db
@pytest.mark.parametrize("quote", ["…", "—!?", "“”", "()", "\u200b"])
def test_contents_without_words_found_no_claim(quote, ana):
    revision = read_article(quote, QUOTE, speaker=ana)
    match_revision(revision.pk)
    assert [claim.attributions.get().statement.quote for claim in Claim.objects.all()] == [QUOTE]
    assert Extraction.objects.get(revision=revision).state == Extraction.State.MATCHED


@pytest.mark.django_db
def test_queries_grow_neither_with_statements_nor_with_what_is_stored(ana):
    def queries(number, of):
        quotes = [f"pier {of} {n} of the aqueduct was made of granite and oak in 18{n:02}" for n in range(number)]
        revision = read_article(*quotes, speaker=ana)
        with CaptureQueriesContext(connection) as captured:
            match_revision(revision.pk)
        return len(captured)

    queries(2, "north")
    few = queries(4, "north")  # two that are known and two that are not
    for place in ("east", "west", "south"):
        queries(20, place)
    assert queries(40, "north") <= few


@pytest.mark.django_db(transaction=True)
def test_two_articles_with_the_same_new_claim_matched_at_once_found_it_once():
    ana = make_speaker("Ana Silva")
    revisions = [read_article(QUOTE, speaker=ana, outlet=make_outlet()) for _ in range(4)]
    together = threading.Barrier(len(revisions))

    def match(revision):
        try:
            together.wait(timeout=30)
            return match_revision(revision.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(revisions)) as pool:
        changed = list(pool.map(match, revisions))
    assert [len(claims) for claims in changed] == [1, 1, 1, 1]
    assert Claim.objects.get().attributions.count() == 4


@pytest.mark.django_db
def test_a_pair_that_is_not_sure_enough_is_proposed_and_does_not_count(ana, monkeypatch):
    first, second = "the harbour bridge will be painted green", "the harbour bridge will be rebuilt in granite"
    match_revision(read_article(first, speaker=ana).pk)
    unsure = (JOIN + PROPOSE) / 2
    monkeypatch.setattr(joining, "score_pairs", lambda pairs: [joining.Score(unsure, {"overlap": 0.4}) for _ in pairs])
    match_revision(read_article(second, speaker=ana).pk)
    link = ClaimLink.objects.get()
    assert (link.kind, link.status, link.score, link.sub_scores) == ("same", "proposed", unsure, {"overlap": 0.4})
    assert link.claim_id < link.other_id
    assert [claim.attributions.count() for claim in Claim.objects.all()] == [1, 1]


@pytest.mark.django_db
def test_a_decided_link_is_not_proposed_again(ana, monkeypatch):
    monkeypatch.setattr(joining, "score_pairs", lambda pairs: [joining.Score((JOIN + PROPOSE) / 2, {}) for _ in pairs])
    match_revision(read_article("the harbour bridge will be painted green", speaker=ana).pk)
    revision = read_article("the harbour bridge will be rebuilt in granite", speaker=ana)
    match_revision(revision.pk)
    decided = {"status": "rejected", "decided_by": make_user(), "decided_at": datetime.now(UTC)}
    ClaimLink.objects.update(**decided)
    Extraction.objects.update(state=Extraction.State.EXTRACTED)
    match_revision(revision.pk)
    assert ClaimLink.objects.get().status == "rejected"


@pytest.mark.django_db
def test_words_that_an_editor_parted_from_a_claim_do_not_join_it_again(ana):
    match_revision(read_article(QUOTE, speaker=ana).pk)
    clipped = "the harbour bridge would stay closed until spring"
    match_revision(read_article(clipped, speaker=ana).pk)
    claim = Claim.objects.get()
    reject_attribution(Attribution.objects.get(statement__quote=clipped), by=make_user())
    match_revision(read_article(clipped, speaker=ana, outlet=make_outlet()).pk)
    assert set(claim.attributions.counted().values_list("statement__quote", flat=True)) == {QUOTE}
    [other] = Claim.objects.exclude(pk=claim.pk)
    assert other.attributions.count() == 2


TRANSLATED = [
    (
        "ties between China and Russia were at their best time in history",
        "中俄关系处于历史最好时期",
        "Отношения Китая и России находятся на лучшем уровне в истории",
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
]


@pytest.mark.django_db
def test_one_claim_in_three_languages_is_proposed_to_be_one():
    speaker = make_speaker("Xi Jinping")
    for language, quotes in zip(("en", "zh-CN", "ru"), zip(*TRANSLATED, strict=True), strict=True):
        read_article(*quotes, speaker=speaker, outlet=make_outlet(), language=language)
    while match_next_revision():
        pass
    quotes = {claim.pk: claim.attributions.get().statement.quote for claim in Claim.objects.all()}
    assert len(quotes) == 9
    links = ClaimLink.objects.filter(kind="same")
    proposed = {frozenset((quotes[link.claim_id], quotes[link.other_id])) for link in links}
    wanted = {frozenset(pair) for en, zh, ru in TRANSLATED for pair in ((en, zh), (en, ru), (zh, ru))}
    assert proposed == wanted
    assert links.filter(method=translations.METHOD).exists()
    assert all(link.status == "proposed" and PROPOSE <= link.score < JOIN for link in links)
    assert not ComparisonDue.objects.exists()


@pytest.mark.django_db
def test_other_figures_are_not_proposed_across_languages(ana):
    read_article(TRANSLATED[2][0], speaker=ana)
    read_article(TRANSLATED[2][2].replace("26", "31"), speaker=ana, language="ru")
    while match_next_revision():
        pass
    assert Sentence.objects.count() == 2
    assert not ClaimLink.objects.exists()


@pytest.mark.django_db
def test_a_site_in_one_language_reads_no_sentence(ana):
    for quote in (TRANSLATED[0][0], TRANSLATED[1][0]):
        read_article(quote, speaker=ana)
    while match_next_revision():
        pass
    assert not Sentence.objects.exists()
    assert not ComparisonDue.objects.exists()


@pytest.mark.django_db
def test_nothing_is_compared_where_the_setting_says_so(ana, settings):
    settings.SENTENCE_EMBEDDINGS = "none"
    read_article(TRANSLATED[0][0], speaker=ana)
    read_article(TRANSLATED[0][2], speaker=ana, language="ru")
    while match_next_revision():
        pass
    assert Claim.objects.count() == 2
    assert not ClaimLink.objects.exists()


@pytest.mark.django_db
def test_a_comparison_that_kills_its_worker_is_given_up(ana, settings, monkeypatch):
    settings.IMPORT_MAX_ATTEMPTS = 2

    def stop(revision_id):
        raise KeyboardInterrupt

    read_article(TRANSLATED[0][0], speaker=ana)
    read_article(TRANSLATED[0][2], speaker=ana, language="ru")
    monkeypatch.setattr(comparing, "compare_revision", stop)
    assert [match_next_revision() for _ in range(3)] == [True, True, True]  # matched one by one, renewed together
    for _ in range(2 * settings.IMPORT_MAX_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            match_next_revision()
    assert [match_next_revision() for _ in range(3)] == [True, True, False]
    assert not ComparisonDue.objects.exists()


@pytest.mark.django_db
def test_claims_of_several_articles_are_renewed_together_before_more_are_matched(ana, monkeypatch):
    renewed = []
    renew = renewing.renew_claims
    monkeypatch.setattr(renewing, "renew_claims", lambda found: renewed.append(len(found)) or renew(found))
    for _ in range(renewing.AT_ONCE + 1):
        read_article(QUOTE, speaker=ana, outlet=make_outlet())
    while match_next_revision():
        pass
    assert renewed == [renewing.AT_ONCE, 1]
    assert Corroboration.objects.get(basis="counted").outlet_count == renewing.AT_ONCE + 1
    assert not ComparisonDue.objects.exists()


@pytest.mark.django_db
def test_claims_whose_renewal_kills_its_worker_are_given_up_alone(ana, settings, monkeypatch):
    settings.IMPORT_MAX_ATTEMPTS = 2
    renew = renewing.renew_claims
    good = read_article(QUOTE, speaker=ana)
    poison = read_article("eleven sacks of poison went missing from the mill", speaker=ana)

    def stop(revisions):
        if poison.pk in revisions:
            raise KeyboardInterrupt
        renew(revisions)

    monkeypatch.setattr(renewing, "renew_claims", stop)
    killed = 0
    while True:
        try:
            if not match_next_revision():
                break
        except KeyboardInterrupt:
            killed += 1
    assert killed == settings.IMPORT_MAX_ATTEMPTS
    counted = Corroboration.objects.filter(basis="counted").values_list("claim__attributions__statement__revision")
    assert set(counted) == {(good.pk,)}
    # What is left to hands is still known to be uncounted, and counted by whoever looks for that.
    assert not ComparisonDue.objects.exists()
    assert refresh_outdated()
    assert Corroboration.objects.filter(basis="counted").count() == 2
