"""Which claims are found for a statement, and what that costs."""

import random
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.matching import terms
from claims.models import Attribution, Posting, Speaker, Wording
from claims.services import candidates
from claims.services.candidates import (
    MOST_HITS,
    MOST_IN_LEAF,
    MOST_WORDINGS,
    SAMPLE,
    find_claims,
    find_claims_abroad,
    index_statements,
    sample_reports,
    store_postings,
    wording_code,
)
from claims.services.locks import MATCHING_LOCK
from tests.factories import make_article, make_claim, make_report, make_speaker, make_statement, make_user

pytestmark = pytest.mark.django_db

DAY = date(2020, 1, 1)


def said(quote, *, speaker=None, day=DAY, article=None, language="en", **report):
    """Return a claim with one report of it that can be found."""
    claim = make_claim(quote, speaker=speaker)
    published = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) if day else None
    article = article or make_article(f"{claim.speaker.name} said: {quote}", published_at=published)
    statement = make_report(claim, article=article, **report).statement
    statement.terms = sorted(set(terms(quote)))
    statement.save()
    index_statements([statement], day, language)
    return claim


def stored():
    """Return all postings, leaf by leaf."""
    return [
        [
            (leaf.word, leaf.wording),
            *zip(
                leaf.further_words or [leaf.word] * len(leaf.further_wordings or []),
                leaf.further_wordings or [],
                strict=True,
            ),
        ]
        for leaf in Posting.objects.order_by("word", "wording")
    ]


def asked(quote, *, speaker=None):
    statement = make_statement(quote, speaker=speaker)
    statement.terms = sorted(set(terms(quote)))
    statement.save()
    return statement


def found(statement, day=DAY):
    return find_claims([statement], day)[statement.pk]


def test_claims_that_share_most_rare_words_come_first():
    people = said("the people want a new bridge")
    aqueduct = said("the aqueduct needs a new bridge")
    said("the ferry is late")
    assert found(asked("people say that the aqueduct needs repair")) == [aqueduct.pk, people.pk]


def test_only_claims_of_the_same_weeks_are_found():
    near, far = DAY + timedelta(days=30), DAY + timedelta(days=31)
    claims = [said("the aqueduct is leaking", day=day) for day in (near, far, DAY - timedelta(days=31))]
    undated = said("the aqueduct is leaking badly", day=None)
    assert set(found(asked("the aqueduct has leaked"))) == {claims[0].pk, undated.pk}
    assert set(found(asked("the aqueduct has leaked"), day=None)) == {undated.pk, *(claim.pk for claim in claims)}


@pytest.mark.parametrize("report", [{"status": "rejected"}, {"status": "unsure"}])
def test_reports_that_do_not_count_lead_to_no_claim(report):
    said("the aqueduct is leaking", **report)
    assert found(asked("the aqueduct has leaked")) == []


def test_merged_claims_and_withdrawn_statements_are_not_found():
    merged, withdrawn, standing = (said("the aqueduct is leaking") for _ in range(3))
    merged.merged_into = standing
    merged.save()
    withdrawn.attributions.get().statement.__class__.objects.filter(attributions__claim=withdrawn).update(
        withdrawn_at=datetime.now(UTC), withdrawn_reason="not said"
    )
    assert found(asked("the aqueduct has leaked")) == [standing.pk]


def test_a_common_word_finds_the_same_speaker_among_many_others(monkeypatch):
    monkeypatch.setattr(candidates, "MOST_HITS", 5)
    speaker = make_speaker("Ana Silva")
    own = said("the people won", speaker=speaker, day=DAY - timedelta(days=9))
    for _ in range(12):
        said("the people lost", day=DAY - timedelta(days=1))
    assert found(asked("people", speaker=speaker))[0] == own.pk
    assert own.pk not in found(asked("people"))


def test_what_a_speaker_said_before_a_merge_is_found_under_the_new_name():
    gone, kept = make_speaker("A. Silva"), make_speaker("Ana Silva")
    claim = said("the people won", speaker=gone)
    Speaker.objects.filter(pk=gone.pk).update(merged_into=kept)
    for _ in range(3):
        said("the people won", day=DAY + timedelta(days=1))
    assert found(asked("people", speaker=kept))[0] == claim.pk


def test_copies_of_one_day_have_one_wording_and_one_set_of_postings():
    speaker = make_speaker("Ana Silva")
    claim = said("the aqueduct is leaking", speaker=speaker)
    before = stored()
    copies = [make_report(claim, quote="The aqueduct is “leaking”!").statement for _ in range(5)]
    for copy in copies:
        copy.terms = terms(copy.quote)
    index_statements(copies, DAY, "en")
    assert stored() == before
    assert Wording.objects.values("code").distinct().count() == 1
    assert wording_code(1, "The dam holds.", DAY) == wording_code(1, "the dam “holds”", DAY)
    assert wording_code(1, "The dam holds.", DAY) != wording_code(2, "The dam holds.", DAY)
    assert wording_code(1, "The dam holds.", DAY) < wording_code(1, "A dam.", DAY + timedelta(days=1))


def test_a_flood_does_not_hide_what_else_has_its_words(monkeypatch):
    monkeypatch.setattr(candidates, "MOST_HITS", 10)
    flooded = said("the aqueduct is leaking", speaker=make_speaker("Bot"))
    copies = [make_report(flooded).statement for _ in range(30)]
    for copy in copies:
        copy.terms = terms(copy.quote)
    index_statements(copies, DAY, "en")
    other = said("the aqueduct is safe", day=DAY - timedelta(days=3))
    assert set(found(asked("safe is the aqueduct"))) == {flooded.pk, other.pk}


def test_a_search_reads_no_more_postings_than_its_bound():
    day = timedelta(days=1)
    for word in ("aqueduct", "bridge"):
        store_postings({(candidates._hashed(word), wording_code(n, "", DAY + n % 9 * day)) for n in range(2000)})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_posting")
    statement = asked("the aqueduct of the bridge")
    with CaptureQueriesContext(connection) as queries:
        find_claims([statement], DAY + 4 * day)
    [search] = [query["sql"] for query in queries if "claims_posting" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) " + search)
        [[[plan]]] = cursor.fetchall()
    scans = [node for node in nodes(plan["Plan"]) if node.get("Relation Name") == "claims_posting"]
    assert len(scans) == 4
    assert all("Index" in node["Node Type"] for node in scans)
    # The leaf in which each word's postings begin, the one of the day, and enough on either side of it.
    leaves = 2 + 2 * -(-2 * MOST_HITS // MOST_IN_LEAF)
    assert 0 < sum(node["Actual Rows"] for node in scans) <= leaves


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def test_postings_are_split_into_leaves_that_are_half_full_and_keep_their_order():
    chance = random.Random(1)
    postings = {(chance.randrange(40) - 20, chance.randrange(2**60)) for _ in range(3000)}
    left = sorted(postings, key=lambda posting: chance.random())
    while left:
        store_postings(left[:170])
        left = left[170:]
    store_postings(sorted(postings)[:500])
    leaves = stored()
    assert [posting for leaf in leaves for posting in leaf] == sorted(postings)
    assert max(map(len, leaves)) <= MOST_IN_LEAF
    # Leaves of postings that came before all others, which is ever rarer.
    assert sum(len(leaf) < MOST_IN_LEAF // 2 for leaf in leaves) <= 5
    of_one_word = Posting.objects.filter(further_words=None).count()
    assert of_one_word == sum(leaf[0][0] == leaf[-1][0] for leaf in leaves) > 0


def test_what_lies_nearest_to_the_day_is_found_in_whichever_leaves_it_is(monkeypatch):
    monkeypatch.setattr(candidates, "MOST_HITS", 5)
    monkeypatch.setattr(candidates, "MOST_IN_LEAF", 4)
    chance = random.Random(2)
    days = [None, *(DAY + timedelta(days=n) for n in range(-40, 41))]
    postings = {
        (chance.choice([-7, 3, 4, 5, 60]), wording_code(n, "", chance.choice(days[: chance.randrange(2, 82)])))
        for n in range(300)
    }
    for at in range(0, 300, 20):
        store_postings(sorted(postings)[at : at + 20])
    for published in (None, DAY, DAY - timedelta(days=33), DAY + timedelta(days=30)):
        day, earliest, latest = candidates._window(published)
        for word in (-7, 3, 4, 5, 60, 61):
            codes = sorted(code for of, code in postings if of == word)
            undated = [code for code in codes if code < wording_code(0, "", date.min)]
            before = [code for code in codes if earliest <= code < day]
            after = [code for code in codes if day <= code < latest]
            assert candidates._wordings([word], published).get(word, []) == undated[:5] + before[-5:] + after[:5]


def test_postings_that_stand_alone_are_found_and_packed_and_unpacked():
    # As the release before stored them.
    codes = [wording_code(n, "", DAY + timedelta(days=n % 50 - 25)) for n in range(500)]
    Posting.objects.bulk_create(Posting(word=word, wording=code) for word in (-5, 0, 7) for code in codes)
    alone = stored()
    packing = import_module("claims.migrations.0032_pack_postings")
    editor = SimpleNamespace(connection=connection)
    packing.in_batches(packing.PACK, 400)(None, editor)
    packed = stored()
    assert [posting for leaf in packed for posting in leaf] == [posting for leaf in alone for posting in leaf]
    assert len(packed) <= len(alone) / MOST_IN_LEAF * 2
    assert len(candidates._wordings([7], DAY)[7]) == 2 * MOST_HITS
    packing.in_batches(packing.PACK, 7)(None, editor)
    assert [posting for leaf in stored() for posting in leaf] == [posting for leaf in alone for posting in leaf]
    packing.in_batches(packing.UNPACK, 7)(None, editor)
    assert stored() == alone
    assert not Posting.objects.exclude(further_words=None, further_wordings=None).exists()


def test_who_stores_postings_waits_for_others_who_do():
    store_postings({(1, 1)})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [MATCHING_LOCK])
        assert cursor.fetchone() == (1,)


def test_a_statement_is_compared_with_a_bounded_number_of_wordings():
    for number in range(MOST_WORDINGS + 10):
        said(f"the aqueduct of pier {number} is leaking")
    assert len(found(asked("the aqueduct"))) == MOST_WORDINGS


def test_as_many_queries_find_the_claims_of_many_statements_as_of_one():
    said("the aqueduct is leaking")
    few, many = ([asked("the aqueduct of Rome") for _ in range(number)] for number in (1, 20))
    counts = []
    for statements in (few, many):
        with CaptureQueriesContext(connection) as queries:
            assert all(find_claims(statements, DAY).values())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 3


def test_a_claim_is_known_by_its_first_reports_in_different_words():
    claim = said("the aqueduct is leaking")
    statements = [make_report(claim).statement for _ in range(SAMPLE)]
    statements += [make_report(claim, quote=f"the aqueduct leaks at pier {n}").statement for n in range(SAMPLE)]
    index_statements(statements, DAY, "en")
    rejected = Attribution.objects.filter(claim=claim).order_by("pk")[2]
    Attribution.objects.filter(pk=rejected.pk).update(
        status="rejected", decided_by=make_user(), decided_at=datetime.now(UTC)
    )
    sample = sample_reports([claim.pk])
    assert len(sample) == SAMPLE
    assert rejected.statement_id not in {statement for _, statement in sample}
    assert sample_reports([]) == []


def test_empty_contents_find_nothing_and_have_no_words():
    for quote in ("…", "—!?", "“”", "١"):
        said("the aqueduct is leaking")
        assert found(asked(quote)) == []
    assert find_claims([], DAY) == {}
    assert index_statements([], DAY, "en") == {}


def test_claims_in_other_languages_are_found_by_who_speaks():
    speaker, body = make_speaker("Ana Silva"), make_speaker("Ruritania")
    spokesman = make_speaker("Jon Berg", represents=body)
    own = said("мост будет закрыт", speaker=speaker, language="ru")
    for_body = said("桥梁将会关闭到春天", speaker=spokesman, language="zh", day=DAY - timedelta(days=2))
    said("the bridge will close", speaker=speaker)
    said("мост открыт", speaker=make_speaker("Tom Lee"), language="ru")
    assert find_claims_abroad([asked("the bridge", speaker=speaker)], DAY, "en") == [own.pk]
    assert find_claims_abroad([asked("the bridge", speaker=body)], DAY, "en") == [for_body.pk]
    assert find_claims_abroad([asked("мост", speaker=speaker)], DAY, "ru") != [own.pk]


def test_running_characters_are_found_by_pairs():
    claim = said("双方将推动半岛核问题的对话谈判", language="zh")
    assert found(asked("半岛核问题必须通过谈判解决")) == [claim.pk]


def test_the_same_words_are_found_among_many_statements_of_one_frame():
    # As the articles of one day may be read in any order, each saying must find its own claim, not only the nearest.
    speaker = make_speaker("Ana Silva")
    things = "forge organ hammer furnace bridge clinic".split()
    sayings = [
        f"the {things[n % 6]} beside the {things[(n + 1 + n // 6) % 6]}{n} had been sold to the company"
        for n in range(3 * MOST_HITS)
    ]
    claims = [said(saying, speaker=speaker, day=None) for saying in sayings]
    for claim, saying in zip(claims, sayings, strict=True):
        assert claim.pk in found(asked(saying, speaker=speaker), None)
