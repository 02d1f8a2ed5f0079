"""Documents imported together: what comes of them is what comes of each by itself."""

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from sources import importing, reuse
from sources.documents import Document
from sources.errors import FAULT_OF_OURS
from sources.models import Article, Derivation, DerivationSpan, Fingerprint, ImportItem, Outlet, Revision, Snapshot
from sources.names import NameIndex
from sources.services import items
from tests.sources.test_copies import prose

pytestmark = pytest.mark.django_db

PAGES = Path(__file__).parent / "pages"


def document(text, **fields):
    record = {"outlet": "Gazette", "title": "Title", **fields}
    return Document(record.get("id", "doc"), text.encode(), "text/plain", {k: v for k, v in record.items() if v})


def mixed_documents():
    """Return documents of every fate: dispatches, copies, boilerplate, credits, repeats, changes and refusals."""
    dispatch, line = prose("dispatch", paragraphs=12), prose("subscribe", paragraphs=1, words=80)
    paragraphs = dispatch.split("\n\n")
    daily = [
        document(f"{prose(f'daily {n}')}\n\n{line}", id=f"d{n}", outlet="Daily", published_at="2020-01-05")
        for n in range(reuse.BOILERPLATE + 3)
    ]
    return [
        document(dispatch, id="a", outlet="AFP", published_at="2020-01-02"),
        document(f"By our staff.\n\n{dispatch}", id="b", outlet="Courier", published_at="2020-01-03"),
        *daily,
        document("\n\n".join(paragraphs[:4]), id="c", published_at="2020-01-03T10:00Z"),
        document(f"{prose('own', paragraphs=20)}\n\n{paragraphs[6]}\n\n{paragraphs[7]}", id="d", outlet="Herald"),
        document(f"{prose('credited')}\n\n(With inputs from Hill News and Reuters)", id="e"),
        document(f"{prose('citing')}\n\nHill News reported that the dam broke. (Gazette)", id="f", outlet="Post"),
        document(f"{prose('elsewhere')}\n\n{line}", id="g", outlet="Herald"),
        document(prose("first text"), id="h"),
        document(prose("first text"), id="h"),
        document(prose("second text"), id="h"),
        document("a\0b", id="nul"),
        document("No outlet at all.", outlet=""),
        document("No id at all."),
    ]


def everything_stored():
    """Return what an import stores, without what says only when and in which order."""
    shown: dict[Any, tuple[str, ...]] = {
        Outlet: ("name", "slug", "kind", "reviewed"),
        Article: ("uid", "outlet__name", "identity", "title", "published_at", "current_revision__uid"),
        Snapshot: ("uid", "article__uid", "sha256", "headers"),
        Revision: ("uid", "snapshot__uid", "number", "text", "method"),
        Derivation: ("uid", "kind", "upstream_article__uid", "partial", "revision__uid", "start", "score", "method"),
        DerivationSpan: ("derivation__uid", "start", "end", "upstream_revision__uid", "upstream_start", "words"),
        Fingerprint: ("article__uid", "revision__uid", "hashes", "positions", "quoted"),
        ImportItem: ("position", "state", "reason", "article__uid", "needs_look", "payload"),
    }
    return {
        model.__name__: sorted(map(repr, model.objects.order_by().values_list(*fields)))
        for model, fields in shown.items()
    }


def after_import(documents, *, most):
    """Return what is stored after an import, which is then undone."""
    with transaction.atomic():
        importing.request_import("test", documents=documents)
        tried = []
        while count := importing.import_next(most=most):
            tried.append(count)
        stored = everything_stored()
        transaction.set_rollback(True)
    return stored, tried


def test_together_gives_what_one_by_one_gives():
    documents = mixed_documents()
    together, tried = after_import(documents, most=len(documents))
    one_by_one, _ = after_import(documents, most=1)

    assert tried == [len(documents)]
    for name, rows in one_by_one.items():
        assert together[name] == rows, name
    kinds = [row.split(", ")[1].strip("'") for row in one_by_one["Derivation"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {"copy": 3, "credit": 3, "citation": 1}


def test_together_in_parts_gives_the_same():
    documents = mixed_documents()
    assert after_import(documents, most=7)[0] == after_import(documents, most=len(documents))[0]


def test_more_documents_take_no_more_queries():
    def queries(count):
        documents = [document(prose(f"{count} {n}"), id=f"{count}-{n}", outlet=f"Paper {n % 3}") for n in range(count)]
        importing.request_import("test", documents=documents)
        with CaptureQueriesContext(connection) as captured:
            assert importing.import_next(most=100) == count
        return len(captured)

    # The first ones make the outlets.
    queries(3)
    assert queries(5) == queries(40)


def test_a_document_that_the_database_refuses_harms_no_other():
    documents = [document("One.", id="1"), document("Two.", id="2", captured_at="soon"), document("Three.", id="3")]
    run = importing.request_import("test", documents=documents)
    assert importing.import_next(most=3) == 3
    assert list(run.items.order_by("position").values_list("state", flat=True)) == ["imported", "pending", "imported"]

    while importing.import_next(most=3):
        pass

    bad = run.items.get(position=2)
    assert (bad.state, bad.attempts) == ("failed", 3)
    assert bad.reason == f"Given up after 3 attempts. {FAULT_OF_OURS}"
    assert "ValidationError: " in bad.traceback
    assert "Traceback (most recent call last)" in bad.traceback
    assert Article.objects.count() == 2


def test_documents_whose_worker_died_are_tried_one_by_one(monkeypatch):
    read = items.read_content

    def die(payload, *args):
        if payload == b"Poison.":
            raise SystemExit(9)
        return read(payload, *args)

    monkeypatch.setattr(items, "read_content", die)
    run = importing.request_import("test", documents=[document("One."), document("Poison."), document("Three.")])
    deaths = 0
    while run.items.pending().exists():
        try:
            importing.import_next(most=3)
        except SystemExit:
            deaths += 1

    assert deaths == 3
    states = run.items.order_by("position").values_list("state", "attempts")
    assert list(states) == [("imported", 2), ("failed", 3), ("imported", 2)]
    poison = run.items.get(state="failed")
    assert poison.reason == "Given up after 3 attempts. The worker that read it stopped each time."
    assert poison.traceback.startswith("There is no traceback: the worker died each time")


def test_a_retry_forgets_the_traceback():
    run = importing.request_import("test", documents=[document("One.", captured_at="soon")])
    while importing.import_next():
        pass
    assert run.items.get().traceback
    assert importing.retry_items(run) == 1
    assert (run.items.get().traceback, run.items.get().reason) == ("", "")


def test_a_page_that_lost_a_quotation_needs_a_look_and_the_others_do_not():
    found = {"https://a.example/1": "lost_quote.html", "https://a.example/2": "graph.html"}
    pages = [Document(url, (PAGES / name).read_bytes(), "text/html", {"url": url}) for url, name in found.items()]
    run = importing.request_import("test", documents=pages)
    assert importing.import_next(most=2) == 2
    assert dict(run.items.values_list("label", "needs_look")) == dict(zip(found, (True, False), strict=True))
    assert set(run.items.values_list("state", flat=True)) == {"imported"}
    assert "Have a look: a quotation of the page is not in its text, “" in run.items.get(needs_look=True).reason


def test_what_is_imported_together_is_bounded_and_of_one_priority(monkeypatch):
    monkeypatch.setattr(importing, "TOGETHER_BYTES", 1000)
    archive = importing.request_import(
        "archive", documents=[document(f"{n} {'x' * 400}", id=str(n)) for n in range(5)], priority=0
    )
    pasted = importing.request_import("pasted", documents=[document("Pasted.")], priority=importing.PRIORITY_EDITOR)

    assert importing.import_next(most=100) == 1
    assert not pasted.items.pending().exists()
    assert [importing.import_next(most=100) for _ in range(3)] == [2, 2, 1]
    assert not archive.items.pending().exists()


def test_a_fetch_that_crashes_keeps_its_traceback():
    def fetch(*args, **kwargs):
        raise RuntimeError("the reader tripped")

    run = importing.request_import("test", addresses=["https://gazette.example/a"])
    assert importing.import_next(fetch=fetch) == 1
    item = run.items.get()
    assert (item.state, item.reason) == ("pending", FAULT_OF_OURS)
    assert 'raise RuntimeError("the reader tripped")' in item.traceback


def test_names_are_found_as_they_are_written():
    chance = random.Random(5)
    alphabet = "ab АБ法新é😀"
    names = {"".join(chance.choices(alphabet, k=chance.randint(1, 7))) for _ in range(300)}
    index = NameIndex(names)
    for _ in range(200):
        text = "".join(chance.choices(alphabet, k=chance.randint(0, 60)))
        assert sorted(index.found_in(text)) == sorted(name for name in names if name in text)


def test_no_names_are_found_where_there_are_none():
    assert NameIndex([]).found_in("Hill News reported") == []
    assert NameIndex(["Hill News"]).found_in("") == []


def test_several_texts_at_once_give_the_copies_of_one_after_another():
    texts = [
        document(prose("same"), id=f"{n}", outlet=f"Paper {n}", published_at=f"2020-01-0{4 - n}") for n in range(3)
    ]
    stored, _ = after_import(texts, most=3)
    earliest = datetime(2020, 1, 2, tzinfo=UTC)
    assert len(stored["Derivation"]) == 2
    importing.request_import("test", documents=texts)
    importing.import_next(most=3)
    assert set(Derivation.objects.values_list("upstream_article__published_at", flat=True)) == {earliest}
