"""The stored corroboration: whatever changes is noticed, recounted, and what is stored equals what follows."""

import random
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from claims import tasks
from claims.models import Attribution, Claim, Corroboration, CorroborationDue, Coverage, Statement, StatementRelay
from claims.services import decisions, summaries
from claims.services.claims import add_reports, create_claims, report
from claims.services.summaries import check, has_outdated, refresh_corroboration, refresh_outdated
from sources.models import Article, DecisionStatus, Derivation, Outlet
from tests.factories import (
    make_article,
    make_claim,
    make_credit,
    make_outlet,
    make_report,
    make_speaker,
    make_statement,
    make_user,
    revise,
)


def differences():
    return [found for _, batch in check(Claim.objects.all()) for found in batch]


def level(claim):
    return Corroboration.objects.get(claim=claim, basis="counted").level


# Each kind of change


class World:
    """A claim that Agency reports, Gazette after Agency's copy, and Herald for itself; each change alters it."""

    def __init__(self) -> None:
        self.agency, self.wire = make_outlet("Agency"), make_outlet("Wire")
        self.claim = make_claim("The bridge is open.")
        self.dispatch = make_report(self.claim, outlet=self.agency)
        self.copy = make_report(self.claim, outlet=make_outlet("Gazette"))
        self.edge = copy_of(self.copy, self.dispatch)
        self.own = make_report(self.claim, article=make_article("The road is closed. The bridge is open."))
        self.beside = make_statement(
            "The road is closed.",
            article=self.own.statement.revision.article,
            speaker=make_speaker(),
            relays=(self.wire,),
        )
        self.user = make_user(editor=True)
        refresh_corroboration([self.claim.pk])
        refresh_outdated()
        assert not differences()
        assert not has_outdated()


def copy_of(copy, original):
    article, upstream = copy.statement.revision.article, original.statement.revision.article
    return Derivation.objects.create(
        uid=article.uid,
        article=article,
        kind=Derivation.Kind.COPY,
        upstream_outlet=upstream.outlet,
        upstream_article=upstream,
        revision=article.current_revision,
        method="test",
    )


def change_reports(**values: object) -> Callable[[World], object]:
    return lambda w: Attribution.objects.filter(pk=w.own.pk).update(**values)


def reject_edge(w: World) -> None:
    Derivation.objects.filter(pk=w.edge.pk).update(
        status=DecisionStatus.REJECTED, decided_by=w.user, decided_at=timezone.now()
    )


CHANGES: dict[str, Callable[[World], object]] = {
    "a report is added": lambda w: add_reports([report(w.claim, make_statement(w.claim.text), score=1.0)]),
    "a report is deleted": lambda w: w.own.delete(),
    "a report becomes a denial": change_reports(stance="denies"),
    "a report is moved": lambda w: Attribution.objects.filter(pk=w.own.pk).update(claim=make_claim()),
    "a report is confirmed": lambda w: Attribution.objects.filter(pk=w.own.pk).update(
        status="confirmed", decided_by=w.user, decided_at=timezone.now()
    ),
    "a report is left unsure": lambda w: Attribution.objects.filter(pk=w.own.pk).update(
        status="unsure", decided_by=w.user, decided_at=timezone.now()
    ),
    "a claim is made": lambda w: create_claims([make_statement()]),
    "a statement is withdrawn": lambda w: Statement.objects.filter(pk=w.own.statement_id).update(
        withdrawn_at=timezone.now(), withdrawn_reason="gone"
    ),
    "a statement gets a relay": lambda w: StatementRelay.objects.create(
        statement=w.own.statement, outlet=w.agency, start=0, end=1
    ),
    "a relay is another outlet": lambda w: (
        StatementRelay.objects.create(statement=w.own.statement, outlet=w.agency, start=0, end=1),
        refresh_outdated(),
        StatementRelay.objects.update(outlet=w.wire),
    ),
    "a relay is taken away": lambda w: (
        StatementRelay.objects.create(statement=w.own.statement, outlet=w.agency, start=0, end=1),
        refresh_outdated(),
        StatementRelay.objects.all().delete(),
    ),
    "another statement turns out to be the speaker's": lambda w: (
        make_credit(w.copy.statement.revision.article, w.wire),
        Derivation.objects.filter(pk=w.edge.pk).delete(),
        refresh_outdated(),
        Statement.objects.filter(pk=w.beside.pk).update(speaker=w.claim.speaker),
    ),
    "a credit is found": lambda w: make_credit(w.own.statement.revision.article, w.agency),
    "a copy is rejected": reject_edge,
    "a copy is deleted": lambda w: w.edge.delete(),
    "a copy is partial": lambda w: (
        Derivation.objects.filter(pk=w.edge.pk).update(upstream_outlet=w.wire, upstream_article=None),
        refresh_outdated(),
        Derivation.objects.filter(pk=w.edge.pk).update(partial=True),
    ),
    "an article upstream gets a credit": lambda w: make_credit(w.dispatch.statement.revision.article, w.wire),
    "an article changes its text": lambda w: revise(w.own.statement.revision.article, "Something else."),
    "an article is another outlet's": lambda w: Article.objects.filter(pk=w.own.statement.revision.article_id).update(
        outlet=w.agency
    ),
    "an article upstream is another outlet's": lambda w: Article.objects.filter(
        pk=w.dispatch.statement.revision.article_id
    ).update(outlet=w.wire),
    "an article is dated": lambda w: Article.objects.filter(pk=w.own.statement.revision.article_id).update(
        published_at="2019-01-01T00:00Z"
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_noticed_whoever_makes_it(change):
    world = World()

    change(world)

    # It is a change, so that a mark that was missed would be seen.
    assert differences()
    assert has_outdated()
    refresh_outdated()
    assert not differences()
    assert not has_outdated()


@pytest.mark.django_db
def test_what_does_not_matter_is_not_counted_again():
    world = World()
    Attribution.objects.update(score=0.5)
    Statement.objects.update(confidence=0.5)
    Outlet.objects.update(owner_name="Somebody")
    Article.objects.update(title="Another")
    Derivation.objects.create(
        uid=world.own.uid,
        article=world.own.statement.revision.article,
        kind=Derivation.Kind.CITATION,
        upstream_outlet=world.agency,
        revision=world.own.statement.revision,
        method="test",
    )
    make_article()

    assert not has_outdated()
    assert not differences()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_after_any_changes_what_is_stored_is_what_follows(seed):
    chance = random.Random(seed)
    outlets = [make_outlet() for _ in range(5)]
    claims = [make_claim() for _ in range(3)]
    user = make_user(editor=True)
    reports = [make_report(chance.choice(claims), outlet=chance.choice(outlets)) for _ in range(4)]

    def some_report():
        return Attribution.objects.select_related("statement__revision__article").get(
            pk=chance.choice(list(Attribution.objects.values_list("pk", flat=True)))
        )

    def some_article():
        return some_report().statement.revision.article

    def derive():
        one, other = some_report(), some_report()
        taken = Derivation.objects.filter(article=one.statement.revision.article_id).exists()
        if one.statement.revision.article_id != other.statement.revision.article_id and not taken:
            copy_of(one, other)

    def decide_on_derivation():
        Derivation.objects.filter(pk__in=list(Derivation.objects.values_list("pk", flat=True))[:1]).update(
            status=chance.choice(["confirmed", "rejected"]), decided_by=user, decided_at=timezone.now()
        )

    def decide(action):
        try:
            action()
        except decisions.DecisionRefused:
            return  # refused decisions change nothing

    steps = [
        lambda: make_report(chance.choice(claims), outlet=chance.choice(outlets), relays=(chance.choice(outlets),)),
        lambda: add_reports([report(chance.choice(claims), make_statement(), score=1.0)]),
        lambda: decide(lambda: decisions.confirm_attribution(some_report(), by=user)),
        lambda: decide(lambda: decisions.reject_attribution(some_report(), by=user)),
        lambda: decide(lambda: decisions.set_stance(some_report(), stance="denies", by=user)),
        lambda: decide(lambda: decisions.move_attribution(some_report(), to=chance.choice(claims), by=user)),
        derive,
        decide_on_derivation,
        lambda: Derivation.objects.filter(article=some_article()).delete(),
        lambda: Article.objects.filter(pk=some_article().pk).update(outlet=chance.choice(outlets)),
        lambda: revise(some_article(), f"Something else, {chance.random()}."),
        lambda: Article.objects.filter(pk=(article := some_article()).pk).update(
            current_revision=article.revisions.earliest("number")
        ),
        lambda: Statement.objects.filter(pk=some_report().statement_id).update(speaker=chance.choice(claims).speaker),
        lambda: Statement.objects.filter(pk=some_report().statement_id).update(
            withdrawn_at=timezone.now(), withdrawn_reason="gone"
        ),
        lambda: StatementRelay.objects.filter(statement=some_report().statement).delete(),
        refresh_outdated,
    ]
    assert reports
    for _ in range(40):
        chance.choice(steps)()
    refresh_outdated()

    assert differences() == []
    assert not has_outdated()


# Marks and workers


@pytest.mark.django_db
def test_a_refresh_takes_away_the_marks_of_its_claims_alone():
    one, other = make_claim(), make_claim()
    for claim in (one, other):
        add_reports([report(claim, make_statement(), score=1.0)])
    refresh_corroboration([one.pk])

    assert set(CorroborationDue.objects.filter(kind="claim").values_list("row_id", flat=True)) == {other.pk}


@pytest.mark.django_db
def test_marks_of_claims_that_are_no_more_go_away():
    CorroborationDue.objects.create(kind="claim", row_id=10**12)
    CorroborationDue.objects.create(kind="article", row_id=10**12)
    refresh_outdated()
    assert not has_outdated()


@pytest.mark.django_db
def test_a_claim_marked_a_thousand_times_is_counted_once():
    claim = make_claim()
    CorroborationDue.objects.bulk_create(CorroborationDue(kind="claim", row_id=claim.pk) for _ in range(1000))
    assert refresh_outdated() == 1


@pytest.mark.django_db
def test_more_claims_than_a_batch_are_all_counted(monkeypatch):
    monkeypatch.setattr(summaries, "CLAIMS_PER_REFRESH", 2)
    for _ in range(5):
        add_reports([report(make_claim(), make_statement(), score=1.0)])
    assert refresh_outdated() == 5
    assert differences() == []


@pytest.mark.django_db
def test_the_task_gives_way_and_wakes_its_successor(monkeypatch):
    woken = []
    monkeypatch.setattr(tasks.refresh_outdated, "delay", lambda: woken.append(1))
    monkeypatch.setattr(summaries, "CLAIMS_PER_REFRESH", 1)
    for _ in range(3):
        add_reports([report(make_claim(), make_statement(), score=1.0)])
    monkeypatch.setattr(tasks, "BUDGET_S", 1e-9)
    assert tasks.refresh_outdated() == 1
    assert woken == [1]


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_loses_nothing(monkeypatch):
    claim = make_claim()
    add_reports([report(claim, make_statement(), score=1.0)])

    def die(claims):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(summaries, "summarise", die)
        with pytest.raises(MemoryError):
            refresh_outdated()
    assert has_outdated()
    refresh_outdated()
    assert level(claim) == "single"


@pytest.mark.django_db(transaction=True)
def test_a_report_that_comes_while_its_article_turns_out_a_copy_is_counted_as_one():
    """One transaction gives the article's statement a claim, another finds that the article is a copy."""
    agency, claim = make_outlet("Agency"), make_claim()
    make_report(claim, outlet=agency)
    statement = make_statement(claim.text, speaker=claim.speaker)
    refresh_outdated()
    other = connections["default"].copy()
    try:
        with transaction.atomic():
            # Matching: counted without the credit, which does not exist yet, and not committed while that comes.
            add_reports([report(claim, statement, score=1.0)])
            refresh_corroboration([claim.pk])
            _credit_by(other, statement, agency)
            waiting = _outdated_of(other)
        assert waiting
        refresh_outdated()
    finally:
        other.close()

    assert level(claim) == "repeated"
    assert differences() == []


def _credit_by(other, statement, agency):
    """Store a credit, and look for what is out of date, in another connection."""
    article = statement.revision.article
    with other.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sources_derivation "
            "(uid, article_id, kind, upstream_outlet_id, partial, revision_id, method, status, created_at) "
            "VALUES (%s, %s, 'credit', %s, false, %s, 'test', 'proposed', now())",
            [article.uid, article.pk, agency.pk, statement.revision_id],
        )


def _outdated_of(other):
    """Do in another connection what a worker does with marks, and return how many are left."""
    mine = connections["default"]
    connections["default"] = other
    try:
        refresh_outdated()
        return CorroborationDue.objects.count()
    finally:
        connections["default"] = mine


@pytest.mark.django_db
def test_the_search_for_what_is_out_of_date_reads_marks_alone(django_assert_num_queries):
    World()
    with django_assert_num_queries(1):
        assert not has_outdated()
    # Are there wide marks? Are there any of claims, in a small transaction?
    with django_assert_num_queries(4):
        assert refresh_outdated() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 20])
def test_a_refresh_takes_the_same_queries_for_any_number(size, django_assert_num_queries):
    agency = make_outlet("Agency")
    claims = [make_claim() for _ in range(size)]
    for claim in claims:
        make_report(claim, credit=agency)
        make_report(claim, relays=(agency,))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM claims_corroborationdue")
    Corroboration.objects.all().delete()
    Coverage.objects.all().delete()
    # Savepoint and its end, lock, marks, reports, derivations, relays, rows with their links; for the lists what they
    # have of claims, and the listings; what waits for editors; coverage, read and written.
    with django_assert_num_queries(13):
        refresh_corroboration([claim.pk for claim in claims])


@pytest.mark.django_db
def test_a_large_claim_is_left_to_the_worker_so_that_a_flood_is_not_counted_again_with_each_report(monkeypatch):
    monkeypatch.setattr(summaries, "LARGE_CLAIM", 2)
    claim = make_claim()
    for _ in range(3):
        make_report(claim)
    refresh_outdated()
    add_reports([report(claim, make_statement(), score=1.0)])

    assert refresh_corroboration([claim.pk]) == 0
    assert Corroboration.objects.get(claim=claim, basis="counted").report_count == 3
    assert refresh_outdated() == 1
    assert Corroboration.objects.get(claim=claim, basis="counted").report_count == 4


# Commands


def run(command, *arguments):
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.django_db
def test_the_check_names_what_is_stored_otherwise_and_a_rebuild_mends_it():
    claim, other = make_claim(), make_claim()
    agency = make_outlet("Agency")
    make_report(claim, outlet=agency)
    make_report(other)
    refresh_outdated()
    assert "follows from their reports" in run("check_corroboration")
    row = Corroboration.objects.get(claim=claim, basis="counted")
    Corroboration.objects.filter(pk=row.pk).update(level="repeated")
    row.outlets.clear()
    Corroboration.objects.filter(claim=other, basis="confirmed").delete()

    out = StringIO()
    with pytest.raises(CommandError, match="3 values of 2 claims are stored otherwise") as failure:
        call_command("check_corroboration", stdout=out)
    assert failure.value.returncode == 1
    assert out.getvalue().splitlines() == [
        f"claim={claim.uid} basis=counted field=level stored=repeated recomputed=single",
        f"claim={claim.uid} basis=counted field=outlets stored= recomputed=agency",
        f"claim={other.uid} basis=confirmed field=level stored=None recomputed=unreported",
    ]
    assert "1 claims" in run("rebuild_corroboration", "--claim", str(claim.uid))
    with pytest.raises(CommandError, match="1 values"):
        run("check_corroboration")
    run("check_corroboration", "--claim", str(claim.uid))
    assert "2 claims" in run("rebuild_corroboration")
    assert "2 claims" in run("check_corroboration")


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["check_corroboration", "rebuild_corroboration"])
def test_a_claim_that_does_not_exist_is_named(command):
    with pytest.raises(CommandError, match="no claim’s id"):
        run(command, "--claim", "12")
    with pytest.raises(CommandError, match="There is no claim 00000000-0000-0000-0000-000000000000"):
        run(command, "--claim", "00000000-0000-0000-0000-000000000000")


@pytest.mark.django_db
def test_the_check_says_where_claims_wait_to_be_recounted():
    add_reports([report(make_claim(), make_statement(), score=1.0)])
    with pytest.raises(CommandError, match="wait to be recounted"):
        run("check_corroboration")


@pytest.mark.django_db
def test_commands_read_claims_in_batches(monkeypatch):
    monkeypatch.setattr(summaries, "CLAIMS_PER_REFRESH", 2)
    for _ in range(5):
        make_report(make_claim())
    Corroboration.objects.all().delete()
    assert "5 claims" in run("rebuild_corroboration")
    assert "5 claims" in run("check_corroboration")
