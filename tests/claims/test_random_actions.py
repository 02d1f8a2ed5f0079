"""Four editors and a machine at once, a thousand random actions on the real database: what holds however they fall."""

import random
import re
import threading
import time
import traceback
from collections import Counter, defaultdict
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Sum

from claims.extraction import ExtractedStatement, Span
from claims.models import (
    Attribution,
    Claim,
    ClaimConflict,
    ClaimLink,
    ClaimMerge,
    Coverage,
    Decision,
    Extraction,
    FacetChange,
    FacetCount,
    Listing,
    OutletPair,
    OutletTally,
    ReviewItem,
    Speaker,
    Statement,
    StatementChange,
)
from claims.services import desk, reading
from claims.services.annotating import MOVED, Link, save_annotation, save_edit, save_restoration, save_withdrawal
from claims.services.conflicts import reopen_conflict, settle_conflict
from claims.services.coverage import compare_wordings, fold_ledgers, is_uncompared, is_unfolded
from claims.services.decisions import (
    DecisionRefused,
    add_attribution,
    confirm_attribution,
    leave_unsure,
    move_attribution,
    reject_attribution,
    set_stance,
    standing_of,
    undo_decision,
)
from claims.services.history import TRACKED, revert_change
from claims.services.listings import fold_changes, store_listings
from claims.services.matching import is_work_left, match_next_revision
from claims.services.merging import decide_link, merge_claims, split_claim, undo_link, unmerge_claims
from claims.services.proposals import store_proposals
from claims.services.reading import extract_next_revision, unread
from claims.services.speakers import MergeRefused, merge_speakers, unmerge_speakers
from claims.services.summaries import check, has_outdated, refresh_outdated
from sources.models import Article, DecisionStatus
from tests.factories import make_article, make_credit, make_outlet, make_user, revise

pytestmark = pytest.mark.django_db(transaction=True)

#: Change it to try other orders; a failure prints it with the action that failed.
SEED = 20_200_101
EDITORS, ACTIONS = 4, 1000
#: A machine with much else to do takes minutes for what takes seconds on an idle one.
PATIENCE_S = 900

SPEAKERS = ("Ana Silva", "Ben Okoye", "Chen Wei")
#: What the articles have speakers say: by twos near enough to be joined, or to be proposed as the same.
SAID = (
    "the old harbour bridge stays closed until spring",
    "the harbour bridge will stay closed until the spring",
    "the new ferry sails on Sundays from the northern pier",
    "the ferry will sail each Sunday from the northern pier",
    "the city spends 40 million crowns on flood barriers",
    "the city spends 14 million crowns on flood barriers",
    "no school in the valley closes before the summer",
    "all schools in the valley close before the summer",
    "the tram line to the airport opens in May",
    "the airport tram line opens in May at the latest",
)


@pytest.fixture(autouse=True)
def much_read_twice(settings):
    settings.REVIEW_DOUBLE_PERCENT = 30


def written(dice):
    """Return a text of some sentences, each of which says what somebody said."""
    sentences = [f"{dice.choice(SPEAKERS)} said {words}." for words in dice.sample(SAID, 3)]
    return " ".join([f"Edition {dice.randrange(10**9)} of the day.", *sentences])


def find(text, version):
    """Find what `written` says; each version overlooks some of it, and another part than the one before."""
    number = int(version.rpartition("-")[2])
    return [
        ExtractedStatement(
            content=(Span(*found.span(2)),),
            cue=(Span(found.end(1) + 1, found.start(2) - 1),),
            source=(Span(*found.span(1)),),
            speaker=found[1],
            kind="indirect",
            confidence=0.6,
        )
        for found in re.finditer(r"(\w+ \w+) said ([^.]+)\.", text)
        if (len(found[2]) + found.start() + number) % 6
    ]


@pytest.fixture
def reader(monkeypatch):
    """An extractor whose version the machine raises while the editors decide."""
    monkeypatch.setattr(reading, "EXTRACTOR_VERSION", "reader-0")
    monkeypatch.setattr(reading, "extract", lambda text, language: find(text, reading.EXTRACTOR_VERSION))


def read_all():
    while extract_next_revision() or match_next_revision():
        pass


def sweep():
    refresh_outdated()
    compare_wordings()
    fold_ledgers()
    fold_changes()


class Machine:
    """What workers do beside the editors: new articles, new texts, another extractor, credits, the sweep."""

    def __init__(self, dice, outlets):
        self.dice, self.outlets = dice, outlets

    def act(self):
        self.dice.choice((self.publish, self.publish, self.revise, self.read_again, self.credit, self.propose, sweep))()

    def publish(self):
        make_article(written(self.dice), outlet=self.dice.choice(self.outlets))
        read_all()

    def revise(self):
        article = self.dice.choice(Article.objects.select_related("current_revision").order_by("pk"))
        sentences = article.current_revision.text.split(". ")
        sentences[self.dice.randrange(len(sentences))] = f"It rained on day {self.dice.randrange(10**9)}"
        self.dice.shuffle(sentences)
        text = ". ".join(sentence.rstrip(".") for sentence in sentences) + "."
        with transaction.atomic():
            revise(article, text)
        read_all()

    def read_again(self):
        number = int(reading.EXTRACTOR_VERSION.rpartition("-")[2])
        reading.EXTRACTOR_VERSION = f"reader-{number + 1}"
        read_all()

    def credit(self):
        article = self.dice.choice(Article.objects.order_by("pk"))
        upstream = self.dice.choice(self.outlets)
        if not article.derivations.filter(upstream_outlet=upstream).exists():
            make_credit(article, upstream, partial=self.dice.random() < 0.3)

    def propose(self):
        first, second = sorted(
            self.dice.sample(list(Claim.objects.standing().order_by("pk")), 2), key=lambda claim: claim.pk
        )
        kind = self.dice.choice(ClaimLink.Kind.values)
        link = ClaimLink(claim=first, other=second, kind=kind, score=0.5, method="test", reason="They share words.")
        with transaction.atomic():
            store_proposals([link])


class Editor:
    """Somebody who does one thing after the other, now and then with what they read a while ago."""

    def __init__(self, number, dice):
        self.dice = dice
        self.user = make_user(f"editor-{number}", editor=True)
        self.seen = []
        self.done = []

    def any_of(self, rows):
        found = list(rows.order_by("pk"))
        return self.dice.choice(found) if found else None

    def report(self):
        if self.seen and self.dice.random() < 0.2:
            return self.dice.choice(self.seen)
        report = self.any_of(Attribution.objects.select_related("claim", "statement"))
        self.seen = [*self.seen[-20:], report]
        return report

    def claim(self):
        return self.any_of(Claim.objects.all() if self.dice.random() < 0.1 else Claim.objects.standing().reported())

    def confirm(self):
        confirm_attribution(self.report(), by=self.user)

    def reject(self):
        reject_attribution(self.report(), by=self.user)

    def unsure(self):
        leave_unsure(self.report(), by=self.user)

    def stance(self):
        set_stance(self.report(), stance=self.dice.choice(Attribution.Stance.values), by=self.user)

    def move(self):
        move_attribution(self.report(), to=self.claim() if self.dice.random() < 0.7 else None, by=self.user)

    def add(self):
        add_attribution(self.any_of(Statement.objects.all()), to=self.claim(), by=self.user)

    def merge(self):
        merge_claims(self.claim(), into=self.claim(), by=self.user, overrule=self.dice.random() < 0.3)

    def unmerge(self):
        if (merge := self.any_of(ClaimMerge.objects.select_related("claim"))) is not None:
            unmerge_claims(merge.claim, by=self.user)

    def split(self):
        claim = self.claim()
        reports = list(Attribution.objects.counted().filter(claim=claim).order_by("pk"))
        chosen = self.dice.sample(reports, self.dice.randint(0, len(reports)))
        split_claim(claim, attributions=chosen, by=self.user)

    def link(self):
        status = self.dice.choice((DecisionStatus.REJECTED, DecisionStatus.UNSURE, DecisionStatus.CONFIRMED))
        kind = self.dice.choice(ClaimLink.Kind.values)
        decide_link(self.claim(), self.claim(), status=status, kind=kind, by=self.user)

    def unlink(self):
        if (link := self.any_of(ClaimLink.objects.exclude(decided_at=None))) is not None:
            undo_link(link, by=self.user)

    def settle(self):
        if (conflict := self.any_of(ClaimConflict.objects.all())) is not None:
            self.dice.choice((settle_conflict, reopen_conflict))(conflict, by=self.user)

    def annotate(self):
        """Mark some words of a text, and link them or not."""
        revision = self.any_of(Article.objects.select_related("current_revision")).current_revision
        words = [match.span() for match in re.finditer(r"\w+", revision.text)]
        first = self.dice.randrange(len(words))
        last = min(len(words) - 1, first + self.dice.randint(1, 8))
        start, end = words[first][0], words[last][1]
        name = self.dice.choice((*SPEAKERS, f"Somebody {self.dice.randrange(99)}", ""))
        link = self.dice.choice((None, Link(None), Link(self.claim(), stance=self.dice.choice(("affirms", "denies")))))
        what = {"start": start, "end": end, "exact": revision.text[start:end], "kind": "mixed", "speaker_name": name}
        self.done.append(token := uuid4())
        save_annotation(token, revision, what=what, link=link, by=self.user)

    def edit(self):
        """Correct a statement, in its words or who said it, or withdraw it."""
        statement = self.any_of(Statement.objects.filter(withdrawn_at=None).select_related("revision"))
        if self.dice.random() < 0.3:
            save_withdrawal(statement, reason="A caption.", by=self.user)
        else:
            what = {"kind": self.dice.choice(("direct", "mixed", "indirect"))}
            if self.dice.random() < 0.5:
                what["speaker_name"] = self.dice.choice((*SPEAKERS, f"Somebody {self.dice.randrange(99)}"))
            if self.dice.random() < 0.5 and " " in statement.quote:
                start = statement.start + statement.quote.index(" ") + 1
                exact = statement.revision.text[start : statement.end]
                what |= {"start": start, "end": statement.end, "exact": exact}
            self.done.append(token := uuid4())
            save_edit(token, statement, what=what, by=self.user)

    def bring_back(self):
        """Bring back a statement that was withdrawn, mostly one whose words an editor moved away."""
        withdrawn = Statement.objects.exclude(withdrawn_at=None).select_related("revision")
        moved = withdrawn.filter(withdrawn_reason=MOVED)
        statement = self.any_of(moved if self.dice.random() < 0.7 else withdrawn)
        if statement is not None:
            save_restoration(statement, by=self.user)
            if (action := desk.last_action(self.user)) is not None:
                self.done.append(action.token)

    def undo(self):
        if (report := self.any_of(Attribution.objects.exclude(decided_at=None))) is not None:
            undo_decision(report, by=self.user)

    def merge_speakers(self):
        merge_speakers(self.any_of(Speaker.objects.all()), into=self.any_of(Speaker.objects.all()), by=self.user)

    def unmerge_speakers(self):
        if (speaker := self.any_of(Speaker.objects.exclude(merged_into=None))) is not None:
            unmerge_speakers(speaker, by=self.user)

    def revert(self):
        key = self.dice.choice(("report", "claim", "link", "speaker", "statement"))
        events = TRACKED[key].events.objects.order_by("-pgh_id").values_list("pk", flat=True)[:30]
        if events:
            revert_change(key, self.dice.choice(list(events)), by=self.user)

    def press(self):
        """Decide at the desk, now and then with a form that is sent twice, or sent late."""
        item = desk.take_next(self.user, kind=self.dice.choice(("", *ReviewItem.Kind.values)))
        if item is None:
            return
        row = desk._model(item.kind).objects.select_related("claim").filter(pk=item.row_id).first()
        if row is None:
            return
        if self.dice.random() < 0.2:
            desk.pass_item(row.uid, kind=item.kind, by=self.user)
            return
        shown = [desk.Shown(item.kind, row.uid, row.claim.uid, getattr(row, "stance", ""))]
        verb = self.dice.choice(desk.VERBS[item.kind])
        if item.kind == ReviewItem.Kind.REPORT and verb == "confirm":
            rows = Attribution.objects.select_related("claim").in_bulk(
                other.row_id for other in desk.take_beside(item, self.user)
            )
            shown += [desk.Shown("report", row.uid, row.claim.uid, row.stance) for row in rows.values()]
        token = uuid4()
        action = desk.press(token, verb=verb, shown=shown, by=self.user).action
        self.done.append(token)
        if self.dice.random() < 0.3:
            again = desk.press(token, verb=verb, shown=shown, by=self.user)
            assert (again.again, again.action.pk) == (True, action.pk)

    def unpress(self):
        if self.done:
            desk.undo_action(self.dice.choice(self.done[-3:]), by=self.user)

    def act(self):
        """Do one thing; return what, and whether it was refused: by name, anything else is a fault."""
        [act] = self.dice.choices(list(ACTS), weights=list(ACTS.values()))
        try:
            getattr(self, act)()
        except (DecisionRefused, MergeRefused):
            return act, "refused"
        return act, "done"


#: What editors do, and how often one is done beside the others.
ACTS = {
    **dict.fromkeys(("confirm", "press"), 12),
    **dict.fromkeys(("reject", "move", "undo"), 9),
    **dict.fromkeys(("stance", "merge", "revert", "unpress"), 6),
    **dict.fromkeys(("unsure", "add", "unmerge", "split", "link", "annotate", "edit", "bring_back"), 5),
    **dict.fromkeys(("unlink", "settle"), 3),
    **dict.fromkeys(("merge_speakers", "unmerge_speakers"), 2),
}


def run(editors, machine):
    """Let all act at once; return how often what was done or refused, and what went wrong."""
    tally, wrong = Counter(), []
    ready, over = threading.Barrier(len(editors) + 1), threading.Event()

    def begin(work):
        try:
            ready.wait()
            work()
        except Exception:  # noqa: BLE001 (a thread's fault is told at the end)
            wrong.append(traceback.format_exc())
        finally:
            connection.close()

    def edit(editor):
        for _ in range(ACTIONS // EDITORS):
            tally[editor.act()] += 1
            if wrong or over.is_set():
                return

    def work():
        while not over.wait(0.2):
            machine.act()

    threads = [threading.Thread(target=begin, args=[lambda editor=editor: edit(editor)]) for editor in editors]
    beside = threading.Thread(target=begin, args=[work])
    for thread in (*threads, beside):
        thread.start()
    stop_at = time.monotonic() + PATIENCE_S
    for thread in threads:
        thread.join(timeout=max(1, stop_at - time.monotonic()))
    over.set()
    for thread in (*threads, beside):
        thread.join(timeout=60)
    stuck = [thread for thread in (*threads, beside) if thread.is_alive()]
    assert not stuck, f"seed {SEED}: stuck: {stuck}; so far {tally}"
    return tally, wrong


# What holds at the end


def rows_of(model):
    """Return the columns of each row of a tracked model that its history keeps, by id."""
    names = [
        column.attname
        for column in model._meta.concrete_fields
        if column.name in {c.name for c in events_of(model)._meta.fields}
    ]
    return {row["id"]: row for row in model._default_manager.values(*{*names, "id"})}


def events_of(model):
    return apps.get_model(model._meta.app_label, f"{model.__name__}Event")


def assert_history_replays():
    """Play the events of each tracked table from the beginning: what comes out is the table."""
    for tracked in TRACKED.values():
        present = rows_of(tracked.model)
        replayed = {}
        columns = next(iter(present.values()), {}).keys() - {"id"}
        for event in events_of(tracked.model).objects.order_by("pgh_id").values():
            pk, label = event["pgh_obj_id"], event["pgh_label"]
            assert (pk in replayed) == (label != "insert"), (tracked.key, pk, label)
            if label == "delete":
                # What was deleted is as it was last.
                assert replayed.pop(pk) == {name: event[name] for name in columns if name in event}
            else:
                replayed[pk] = {name: event[name] for name in columns if name in event}
        assert replayed == {pk: {name: row[name] for name in columns} for pk, row in present.items()}, tracked.key


SIGNED = ("status", "stance", "decided_by_id", "decided_at")


def assert_machines_left_decisions_alone():
    """No event without a person changed, or took away, what one had decided."""
    for model in (Attribution, ClaimLink):
        standing = {}
        for event in events_of(model).objects.select_related("pgh_context").order_by("pgh_id"):
            now = tuple(getattr(event, name, None) for name in SIGNED)
            person = (event.pgh_context.metadata if event.pgh_context else {}).get("user")
            before = standing.get(event.pgh_obj_id)
            decided = before is not None and before[3] is not None
            if not person and decided:
                assert event.pgh_label == "update", (model, event.pgh_obj_id, before, now)
                # Of two decisions about the same words in two texts, a machine lets the later one stand.
                later = now[3] is not None and now[2] is not None and now[3] > before[3]
                assert now == before or later, (model, event.pgh_obj_id, before, now)
            standing[event.pgh_obj_id] = None if event.pgh_label == "delete" else now


def assert_decisions_stand():
    """What each report says is what the last decision about it says that was not undone."""
    last = {}
    for decision in Decision.objects.filter(undone_at=None).order_by("decided_at", "pk"):
        for change in decision.changes:
            last[change["attribution"]] = change["after"]
    joined, given_up = set(), set()
    for merge in ClaimMerge.objects.all():
        for theirs, ours, _ in merge.doubles:
            joined |= {theirs["id"], ours["id"]}
            given_up |= {theirs["id"]} if merge.undone_at is None else set()
    elsewhere = set()
    for pk, after in last.items():
        report = Attribution.objects.filter(pk=pk).first()
        if report is None:
            assert pk in given_up, (pk, after)
        elif pk not in joined and (now := standing_of(report)) != after:
            # Decided later, about the same words in another text of the article.
            assert now["decided_at"] is not None, (pk, after, now)
            assert now["decided_at"] > after["decided_at"], (pk, after, now)
            elsewhere.add(now["decided_at"])
    assert len(last) > 100
    standing = Decision.objects.filter(undone_at=None).values_list("decided_at", flat=True)
    assert elsewhere <= {at.isoformat() for at in standing}


def assert_statements_have_their_words():
    """The pieces of a statement are those of its place, and say what it quotes; words moved away have none."""
    for statement in Statement.objects.select_related("revision").prefetch_related("spans"):
        content = sorted((span.start, span.end) for span in statement.spans.all() if span.role == "content")
        if not content:
            assert statement.withdrawn_reason == MOVED, (statement.pk, statement.withdrawn_reason)
            continue
        assert statement.content_key == ",".join(f"{start}-{end}" for start, end in content), statement.pk
        assert (statement.start, statement.end) == (content[0][0], content[-1][1]), statement.pk
        assert statement.quote == " … ".join(statement.revision.text[start:end] for start, end in content), statement.pk
    # Some were brought back.
    assert StatementChange.objects.filter(before__columns__withdrawn_reason=MOVED).exists()


def assert_what_is_stored_follows():
    assert [difference for _, found in check(Claim.objects.all()) for difference in found] == []
    columns = [field.attname for field in Listing._meta.concrete_fields if field.name != "id"]
    stored = sorted(Listing.objects.values_list(*columns), key=str)
    with transaction.atomic():
        Listing.objects.all().delete()
        store_listings(list(Claim.objects.values_list("pk", flat=True)))
        assert sorted(Listing.objects.values_list(*columns), key=str) == stored
        transaction.set_rollback(True)
    assert not FacetChange.objects.exists()
    listed = Listing.objects.values_list("basis", "facets")
    counts = Counter((basis, facet) for basis, facets in listed for facet in facets)
    kept = {(basis, facet): n for basis, facet, n in FacetCount.objects.values_list("basis", "facet", "claims") if n}
    assert kept == counts


def assert_ledgers_are_exact():
    by_claim = defaultdict(dict)
    for claim, outlet, origins in Coverage.objects.affirming().values_list("claim", "outlet", "origins"):
        by_claim[claim][outlet] = set(origins)
    claims, pairs = Counter(), Counter()
    for outlets in by_claim.values():
        claims.update(outlets.keys())
        pairs.update((one, two) for one in outlets for two in outlets if one < two)
    tallies = OutletTally.objects.order_by().values_list("outlet").annotate(n=Sum("claims"))
    assert {outlet: n for outlet, n in tallies if n} == claims
    shared = OutletPair.objects.order_by().values_list("outlet", "other").annotate(n=Sum("shared"))
    assert {(one, two): n for one, two, n in shared if n} == pairs


def waiting():
    """Return (kind, row) of what an editor should be asked."""
    reports = Attribution.objects.standing().filter(status="proposed", claim__merged_into=None)
    orphans = Attribution.objects.orphaned().filter(status="confirmed", claim__merged_into=None)
    links = ClaimLink.objects.standing().filter(status="proposed")
    return {
        *(("report", pk) for pk in reports.values_list("pk", flat=True)),
        *(("orphan", pk) for pk in orphans.values_list("pk", flat=True)),
        *(("conflict", pk) for pk in ClaimConflict.objects.open().values_list("pk", flat=True)),
        *links.values_list("kind", "pk"),
    }


def assert_the_queue_is_what_waits():
    """Somebody who goes through the whole queue is asked about all that waits, and about nothing else."""
    somebody, asked = make_user("somebody", editor=True), set()
    ReviewItem.objects.update(leased_by=None, leased_until=None)
    while (item := desk.take_next(somebody)) is not None:
        assert (item.kind, item.row_id) not in asked
        asked.add((item.kind, item.row_id))
        uid = desk._model(item.kind).objects.get(pk=item.row_id).uid
        desk.pass_item(uid, kind=item.kind, by=somebody)
    assert asked == waiting()


def assert_claims_are_whole():
    assert not Attribution.objects.filter(claim__merged_into__isnull=False).exists()
    assert not Claim.objects.filter(merged_into__merged_into__isnull=False).exists()
    pairs = Attribution.objects.values_list("statement", "claim")
    assert len(pairs) == len(set(pairs))
    # Who is not merged is not redirected, and the other way round, save for a claim whose making was undone.
    merged = set(ClaimMerge.objects.filter(undone_at=None).values_list("claim", flat=True))
    redirected = set(Claim.objects.exclude(merged_into=None).values_list("pk", flat=True))
    founded = {pk for ids in Decision.objects.exclude(undone_at=None).values_list("founded", flat=True) for pk in ids}
    assert merged <= redirected <= merged | founded


HOLD = (
    assert_claims_are_whole,
    assert_statements_have_their_words,
    assert_what_is_stored_follows,
    assert_ledgers_are_exact,
    assert_history_replays,
    assert_machines_left_decisions_alone,
    assert_decisions_stand,
    assert_the_queue_is_what_waits,
)


def test_whatever_four_editors_and_a_machine_do_at_once_nothing_is_lost(reader):
    dice = random.Random(SEED)
    outlets = [make_outlet() for _ in range(8)]
    for _ in range(14):
        make_article(written(dice), outlet=dice.choice(outlets))
    read_all()
    assert Claim.objects.standing().reported().count() > 5
    machine = Machine(random.Random(SEED + 1), outlets)
    editors = [Editor(number, random.Random(SEED + 2 + number)) for number in range(EDITORS)]

    tally, wrong = run(editors, machine)
    print(f"seed {SEED}: {dict(sorted(tally.items()))}")
    assert not wrong, f"seed {SEED}\n" + "\n".join(wrong)

    assert sum(tally.values()) == EDITORS * (ACTIONS // EDITORS)
    # Each was done, not only refused.
    assert set(ACTS) == {act for act, outcome in tally if outcome == "done"}
    read_all()
    while has_outdated() or is_unfolded() or is_uncompared():
        sweep()
    fold_changes()
    assert not unread().exists()
    assert not is_work_left()
    assert not Extraction.objects.exclude(reason="").exists()
    broken = []
    for holds in HOLD:
        try:
            holds()
        except AssertionError:
            broken.append(traceback.format_exc())
    assert not broken, f"seed {SEED}\n" + "\n".join(broken)
