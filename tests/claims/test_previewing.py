"""Which claims would have another level if two outlets or two speakers were one: as merging them then shows."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, Corroboration, StatementRelay
from claims.services import previewing
from claims.services.outlets import merge_outlets
from claims.services.previewing import levels_as_one_outlet, levels_as_one_speaker
from claims.services.speakers import merge_speakers
from claims.services.summaries import refresh_corroboration, refresh_outdated
from sources.models import Article, Derivation
from tests.factories import (
    make_article,
    make_claim,
    make_credit,
    make_outlet,
    make_report,
    make_speaker,
    make_statement,
    make_user,
)

pytestmark = pytest.mark.django_db


def levels():
    stored = Corroboration.objects.filter(basis="counted")
    return dict(stored.values_list("claim", "level"))


def told(changes):
    assert not changes.is_more
    assert changes.count >= len(changes.named)
    return {change.claim.pk: (change.before, change.after) for change in changes.named}


def happened(merge):
    """Return (level before, level after) of the claims that a merge changed, by id."""
    before = levels()
    merge()
    refresh_outdated()
    after = levels()
    return {claim: (before[claim], after[claim]) for claim in before if before[claim] != after[claim]}


def test_a_claim_that_two_outlets_report_is_named_with_both_levels():
    gone, kept, third = (make_outlet(name) for name in ("Gazette", "The Gazette", "Post"))
    both, all_three, other = make_claim(), make_claim(), make_claim()
    for claim, outlets in ((both, (gone, kept)), (all_three, (gone, kept, third)), (other, (gone, third))):
        for outlet in outlets:
            make_report(claim, outlet=outlet)
    changes = levels_as_one_outlet(gone, kept)
    assert told(changes) == {both.pk: ("corroborated", "single")}
    assert (changes.count, changes.unnamed, changes.looked_at) == (1, 0, 3)
    assert happened(lambda: merge_outlets(gone, into=kept, by=make_user())) == told(changes)


def test_nothing_is_merged_or_locked_by_looking():
    gone, kept = make_outlet(), make_outlet()
    make_report(make_claim(), outlet=gone)
    with CaptureQueriesContext(connection) as captured:
        levels_as_one_outlet(gone, kept)
        levels_as_one_speaker(make_speaker(), make_speaker())
    written = [query["sql"] for query in captured if query["sql"].split()[0] in ("UPDATE", "DELETE", "INSERT")]
    assert [sql for sql in written if "speaker" not in sql] == []
    assert not any("advisory" in query["sql"] or "FOR UPDATE" in query["sql"] for query in captured)


@pytest.mark.parametrize("seed", range(12))
def test_the_preview_of_outlets_is_what_merging_does(seed, monkeypatch):
    monkeypatch.setattr(previewing, "MOST_NAMED", 100)
    dice = random.Random(seed)
    outlets = [make_outlet() for _ in range(6)]
    articles: list[Article] = []
    for _ in range(12):
        claim = make_claim()
        for _ in range(dice.randint(1, 4)):
            relays = tuple(dice.sample(outlets, dice.choice((0, 0, 1, 2))))
            report = make_report(claim, outlet=dice.choice(outlets), relays=relays)
            article = report.statement.revision.article
            for upstream in dice.sample(outlets, dice.choice((0, 0, 1, 2))):
                credit = make_credit(article, upstream, partial=dice.random() < 0.4)
                if dice.random() < 0.4:
                    status = dice.choice(("confirmed", "rejected"))
                    decided = {"status": status, "decided_by": make_user(), "decided_at": article.published_at}
                    Derivation.objects.filter(pk=credit.pk).update(**decided)
            if articles and dice.random() < 0.3:
                source = dice.choice(articles)
                make_credit_of(article, source)
            articles.append(article)
    refresh_corroboration(Claim.objects.values_list("pk", flat=True))
    gone, kept = dice.sample(outlets, 2)
    expected = told(levels_as_one_outlet(gone, kept))
    assert happened(lambda: merge_outlets(gone, into=kept, by=make_user())) == expected


def make_credit_of(article, source):
    """Say that an article is a copy of another one."""
    copy = make_credit(article, make_outlet(), start=0, end=1)
    Derivation.objects.filter(pk=copy.pk).update(kind="copy", upstream_outlet=source.outlet, upstream_article=source)


@pytest.mark.parametrize("seed", range(8))
def test_the_preview_of_speakers_is_what_merging_does(seed, monkeypatch):
    monkeypatch.setattr(previewing, "MOST_NAMED", 100)
    dice = random.Random(seed)
    speakers, outlets = [make_speaker() for _ in range(3)], [make_outlet() for _ in range(4)]
    quotes = [f"The thing number {number} is so and not otherwise." for number in range(8)]
    articles = [make_article("\n\n".join(quotes), outlet=dice.choice(outlets)) for _ in range(6)]
    claims = [make_claim(quote, speaker=dice.choice(speakers)) for quote in quotes]
    for claim, quote in zip(claims, quotes, strict=True):
        for article in dice.sample(articles, dice.randint(1, 4)):
            make_report(claim, article=article, quote=quote)
            relayed = article.current_revision.statements.get(quote=quote)
            if dice.random() < 0.3:
                StatementRelay.objects.create(statement=relayed, outlet=dice.choice(outlets), start=0, end=1)
    refresh_corroboration(Claim.objects.values_list("pk", flat=True))
    gone, kept = dice.sample(speakers, 2)
    expected = told(levels_as_one_speaker(gone, kept))
    assert happened(lambda: merge_speakers(gone, into=kept, by=make_user())) == expected


def test_some_merges_of_the_random_ones_change_something():
    gone, kept, agency = make_speaker(), make_speaker(), make_outlet()
    claim = make_claim("It is shut.", speaker=gone)
    for _ in range(2):
        article = make_article("It is shut. It rains.")
        make_report(claim, article=article)
        make_statement("It rains.", article=article, speaker=kept, relays=(agency,))
    changes = levels_as_one_speaker(gone, kept)
    assert told(changes) == {claim.pk: ("corroborated", "repeated")}
    assert happened(lambda: merge_speakers(gone, into=kept, by=make_user())) == told(changes)


def test_beyond_the_bounds_it_says_so(monkeypatch):
    gone, kept = make_outlet(), make_outlet()
    for _ in range(4):
        claim = make_claim()
        for outlet in (gone, kept):
            make_report(claim, outlet=outlet)
    monkeypatch.setattr(previewing, "MOST_NAMED", 2)
    changes = levels_as_one_outlet(gone, kept)
    assert (changes.count, len(changes.named), changes.unnamed, changes.is_more) == (4, 2, 2, False)
    for name, most, looked_at in (("MOST_CLAIMS", 3, 3), ("MOST_REPORTS", 5, 2), ("MOST_ARTICLES", 1, 1)):
        with monkeypatch.context() as bounded:
            bounded.setattr(previewing, name, most)
            changes = levels_as_one_outlet(gone, kept)
        assert (changes.looked_at, changes.is_more) == (looked_at, True), name


def test_more_claims_cost_no_more_queries():
    gone, kept = make_outlet(), make_outlet()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            levels_as_one_outlet(gone, kept)
        return len(captured)

    def grow(claims):
        for _ in range(claims):
            claim = make_claim()
            for outlet in (gone, kept):
                make_report(claim, outlet=outlet)

    grow(1)
    few = queries()
    grow(20)
    assert queries() == few <= 16


def test_the_pages_say_which_levels_change(client):
    editor = make_user(editor=True)
    client.force_login(editor)
    editor.is_superuser = True
    editor.save()
    gone, kept = make_outlet("Gazette"), make_outlet("The Gazette")
    claim = make_claim("The bridge is shut.")
    for outlet in (gone, kept):
        make_report(claim, outlet=outlet)
    page = client.get(f"/outlets/{gone.slug}/merge/?with={kept.slug}").content.decode()
    preview = page.split('class="preview-levels"')[1]
    assert "1 claim gets another level" in preview
    assert f'href="{claim.get_absolute_url()}"' in preview
    assert preview.index("Corroborated") < preview.index("becomes") < preview.index("Single")
    one, other = make_speaker("Ana Silva"), make_speaker("A. Silva")
    page = client.get(f"/speakers/{one.uid}/merge/?with={other.uid}").content.decode()
    assert "No claim gets another level" in page
